"""Signed notes: read exactly or not at all; strangers' lines are ignored, a known key's false line is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.signing import SeedSigner, cosign, sign_text
from ledger.transparency import note as note_module
from ledger.transparency.note import COSIGNATURE, ED25519, Key, Note, Signature

# The example of Go's golang.org/x/mod/sumdb/note, whose format C2SP describes.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

TEXT = "520200.example/ledger\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
LI = SeedSigner("520200.example/ledger/op/李-1", "P-0001", bytes(range(32)))
WANG = SeedSigner("520200.example/ledger/op/P-0002-1", "P-0002", bytes(range(1, 33)))
WITNESS = SeedSigner("audit.example/w1", "", bytes(range(2, 34)))
LI_KEY, WANG_KEY = Key(LI.name, LI.public_key), Key(WANG.name, WANG.public_key)
WITNESS_KEY = Key(WITNESS.name, WITNESS.public_key, COSIGNATURE)
SIGNED = sign_text(LI, TEXT)
COSIGNED = cosign(WITNESS, SIGNED, 1_700_000_000)


def _refused(raw: str | bytes) -> str:
    with pytest.raises(ProofError) as caught:
        Note.parse(raw)
    return caught.value.code


def test_the_worked_example_is_read_verified_and_written_back() -> None:
    key = Key.parse(GO_KEY)
    note = Note.parse(GO_NOTE)
    assert (str(key), str(note)) == (GO_KEY, GO_NOTE)
    assert [name.name for name, _ in note.verify([key])] == ["PeterNeumann"]


def test_no_flipped_bit_of_the_worked_example_is_accepted() -> None:
    key, whole = Key.parse(GO_KEY), GO_NOTE.encode()
    for index in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[index] ^= 1 << bit
            with pytest.raises(ProofError):
                Note.parse(bytes(damaged)).verify([key])


def test_every_known_signer_is_named_in_the_order_of_the_lines() -> None:
    note = Note.parse(str(COSIGNED))
    assert [key for key, _ in note.verify([WITNESS_KEY, WANG_KEY, LI_KEY])] == [LI_KEY, WITNESS_KEY]
    assert note.verify([WITNESS_KEY])[0][1].moment == 1_700_000_000


def test_a_note_that_nobody_known_signed_is_refused() -> None:
    with pytest.raises(ProofError) as caught:
        SIGNED.verify([WANG_KEY])
    assert caught.value.code == "note.unsigned"


def test_a_line_that_shares_only_name_or_only_hash_with_a_known_key_is_a_strangers() -> None:
    (own,) = SIGNED.signatures
    same_name = Signature(own.name, b"\x00\x01\x02\x03", own.data)
    same_hash = Signature("somebody.else/1", own.key_id, own.data)
    note = Note.parse(str(Note(TEXT, (same_name, same_hash, own))))
    assert [key for key, _ in note.verify([LI_KEY])] == [LI_KEY]
    for stranger in (same_name, same_hash):
        with pytest.raises(ProofError) as caught:
            Note(TEXT, (stranger,)).verify([LI_KEY])
        assert caught.value.code == "note.unsigned"


def test_unknown_kinds_of_signature_are_ignored_whatever_their_length() -> None:
    later = Signature("future.example/ml-dsa", b"\xaa\xbb\xcc\xdd", bytes(2_428))
    assert Note.parse(str(SIGNED.with_signature(later))).verify([LI_KEY])


def test_one_false_line_of_a_known_key_spoils_the_note() -> None:
    false = Signature(WANG.name, WANG.key_id, bytes(64))
    with pytest.raises(ProofError) as caught:
        SIGNED.with_signature(false).verify([LI_KEY, WANG_KEY])
    assert caught.value.code == "note.bad_signature"


def test_a_repeated_line_of_one_key_is_checked_like_the_first() -> None:
    (own,) = SIGNED.signatures
    with pytest.raises(ProofError):
        Note(TEXT, (own, Signature(own.name, own.key_id, bytes(64)))).verify([LI_KEY])


def test_a_signature_does_not_hold_for_another_text_or_another_moment() -> None:
    other = Note(TEXT.replace("\n3\n", "\n4\n"), COSIGNED.signatures)
    for key in (LI_KEY, WITNESS_KEY):
        with pytest.raises(ProofError):
            other.verify([key])
    (_, line) = COSIGNED.signatures
    later = Signature(line.name, line.key_id, (line.moment + 1).to_bytes(8) + line.data[8:])
    with pytest.raises(ProofError):
        Note(TEXT, (later,)).verify([WITNESS_KEY])


def test_a_plain_signature_is_no_cosignature_and_the_other_way_round() -> None:
    plain, cosigned = Key(WITNESS.name, WITNESS.public_key), WITNESS_KEY
    assert plain.key_id != cosigned.key_id
    with pytest.raises(ProofError):
        COSIGNED.verify([plain])
    moved = Signature(WITNESS.name, cosigned.key_id, WITNESS.sign(TEXT.encode()))
    with pytest.raises(ProofError):
        Note(TEXT, (moved,)).verify([cosigned])


def test_a_moment_that_no_clock_shows_is_refused_though_truly_signed() -> None:
    assert cosign(WITNESS, SIGNED, (1 << 63) - 1).verify([WITNESS_KEY])
    for moment in (1 << 63, (1 << 63) + 1, (1 << 64) - 1):
        with pytest.raises(ProofError):
            cosign(WITNESS, SIGNED, moment).verify([WITNESS_KEY])


def test_a_text_may_hold_empty_lines_and_a_note_a_hundred_signatures() -> None:
    many = tuple(Signature(f"{LI.name}-{number}", LI.key_id, bytes(64)) for number in range(100))
    for note in (Note(f"first\n\n{TEXT}", SIGNED.signatures), Note(TEXT, many)):
        assert Note.parse(str(note)) == note


def test_a_note_is_read_up_to_its_longest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_module, "_LONGEST", len(str(SIGNED)))
    assert Note.parse(str(SIGNED)) == SIGNED
    monkeypatch.setattr(note_module, "_LONGEST", len(str(SIGNED)) - 1)
    assert _refused(str(SIGNED)) == "note.malformed"


def test_a_note_that_nobody_signed_is_its_text() -> None:
    assert str(Note(TEXT)) == TEXT


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE])
@pytest.mark.parametrize("public_key", [bytes(32), b"\xfb\xef" * 16])  # the second has plus signs in its Base64
def test_a_public_key_is_read_back(kind: int, public_key: bytes) -> None:
    key = Key("520200.example/w1", public_key, kind)
    assert Key.parse(str(key)) == key


@pytest.mark.parametrize(("kind", "size"), [(ED25519, 31), (ED25519, 33), (COSIGNATURE, 0), (2, 32), (0, 32)])
def test_a_key_of_another_kind_or_length_is_refused_though_its_hash_is_right(kind: int, size: int) -> None:
    with pytest.raises(ProofError) as caught:
        Key.parse(str(Key("520200.example/w1", bytes(size), kind)))
    assert caught.value.code == "key.malformed"


def test_signing_again_replaces_the_line_of_the_same_key() -> None:
    again = cosign(WITNESS, COSIGNED, 1_800_000_000)
    assert [signature.name for signature in again.signatures] == [LI.name, WITNESS.name]
    assert again.verify([WITNESS_KEY])[0][1].moment == 1_800_000_000


WHOLE = str(SIGNED)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        WHOLE[:-1],
        f"{WHOLE}\n",
        f"{WHOLE} ",
        WHOLE.replace("\n", "\r\n"),
        WHOLE.replace("— ", "- "),
        WHOLE.replace("— ", "—  "),
        WHOLE.replace("op/李-1 ", "op/李 1 "),
        WHOLE.replace("op/李-1 ", "op/李+1 "),
        WHOLE.replace("op/李-1 ", "op/李\u00a01 "),
        WHOLE.replace("520200.example/ledger/op/李-1 ", ""),
        WHOLE.replace("520200.example/ledger/op/李-1", ""),
        f"{TEXT}\n— {LI.name} AAAA\n",
        f"{TEXT}\n— {LI.name} AAAAAA==\n",  # whose, but no signature
        f"{TEXT}\n— {LI.name} \n",
        f"{WHOLE}— {LI.name} A A\n",
        f"{TEXT}\x07\n{WHOLE.removeprefix(TEXT)}",
        WHOLE + str(SIGNED.signatures[0]) * 100,
        f"{TEXT}\ud800{WHOLE.removeprefix(TEXT)}",
        f"\ud800{WHOLE}",
        "x" * 1_000_001 + WHOLE,
        b"\xff" + WHOLE.encode(),
    ],
)
def test_anything_else_is_refused(raw: str | bytes) -> None:
    assert _refused(raw) == "note.malformed"


@given(st.text(max_size=300) | st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_only_the_declared_error_comes_out(raw: str | bytes) -> None:
    try:
        note = Note.parse(raw)
    except ProofError:
        return
    assert str(note).encode() == (raw.encode() if isinstance(raw, str) else raw)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_no_changed_note_is_both_read_and_believed(data: st.DataObject) -> None:
    raw = bytearray(str(COSIGNED).encode())
    start = data.draw(st.integers(0, len(raw)))
    raw[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    try:
        note = Note.parse(bytes(raw))
        signers = note.verify([LI_KEY, WITNESS_KEY])
    except ProofError:
        return
    assert note.text == TEXT
    assert all(signature in COSIGNED.signatures for _, signature in signers)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "++",
        "a+b+c",
        GO_KEY[:-1],
        f"{GO_KEY}=",
        GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("PeterNeumann", "Peter Neumann"),
        GO_KEY.replace("+ARpc", "+BRpc"),
        GO_KEY.replace("+ARpc", "+ABpc"),
        f"\ud800{GO_KEY}",
    ],
)
def test_a_public_key_is_read_exactly_or_not_at_all(text: str) -> None:
    with pytest.raises(ProofError) as caught:
        Key.parse(text)
    assert caught.value.code == "key.malformed"


# Wycheproof-style cases for Ed25519 (RFC 8032 section 5.1.7): a signature has one form, and only that is accepted.
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:32] + (int.from_bytes(data[32:], "little") + ORDER).to_bytes(32, "little"),
        lambda data: data[:63],
        lambda data: data + b"\x00",
        lambda data: data[:0] + bytes(64),
        lambda data: data[:32] + bytes(32),
        lambda data: bytes(32) + data[32:],
        lambda data: data[32:] + data[:32],
        lambda data: data[:63] + bytes([data[63] | 0x80]),
        lambda data: data[:31] + bytes([data[31] ^ 0x80]) + data[32:],
        lambda data: data[:0] + b"\xff" * 64,
    ],
)
def test_a_second_form_of_a_signature_is_refused(change: object) -> None:
    (own,) = SIGNED.signatures
    assert callable(change)
    assert not LI_KEY.verify(TEXT, Signature(own.name, own.key_id, change(own.data)))


def test_a_key_that_is_no_point_of_the_curve_verifies_nothing() -> None:
    (own,) = SIGNED.signatures
    assert not Key(own.name, b"\x02" + bytes(31)).verify(TEXT, own)
    assert not Key(own.name, b"short").verify(TEXT, own)
