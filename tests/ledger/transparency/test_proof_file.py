"""Proof files: read exactly or not at all, and nothing but the true file holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.signing import SeedSigner, sign_text
from ledger.transparency import proof_file
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import leaf_hash, root_of
from ledger.transparency.proof_file import EntryProof, GrowthProof, parse_proof
from ledger.transparency.tree_proof import consistency_path, inclusion_path

RECORDS = [b"record %d" % number for number in range(21)]
LEAVES = list(map(leaf_hash, RECORDS))


def _hash_of(first: int, end: int) -> bytes:
    return root_of(LEAVES[first:end])


def _head(size: int) -> Checkpoint:
    return Checkpoint("520200.example/ledger", size, root_of(LEAVES[:size]))


ENTRY = EntryProof(13, tuple(inclusion_path(13, 21, _hash_of)), str(_head(21)), RECORDS[13])
GROWTH = GrowthProof(13, tuple(consistency_path(13, 21, _hash_of)), str(_head(21)))


def test_a_proof_of_an_entry_has_the_form_that_c2sp_gives_it() -> None:
    lines = str(ENTRY).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra cmVjb3JkIDEz", "index 13"]
    assert lines[3 + len(ENTRY.path)] == ""
    assert "\n".join(lines[4 + len(ENTRY.path) :]) == str(_head(21))


def test_what_was_written_is_read_back_and_holds() -> None:
    assert EntryProof.parse(str(ENTRY)) == ENTRY
    assert GrowthProof.parse(str(GROWTH)) == GROWTH
    assert ENTRY.verify() == GROWTH.verify(_head(13)) == _head(21)
    assert parse_proof(str(ENTRY)) == ENTRY
    assert parse_proof(str(GROWTH)) == GROWTH
    assert parse_proof(str(_head(21))) is None


def test_a_signed_checkpoint_and_an_entry_without_a_record_travel_too() -> None:
    signed = str(sign_text(SeedSigner("520200.example/op", "P-0001", bytes(32)), str(_head(21))))
    for proof in (EntryProof(13, ENTRY.path, signed, RECORDS[13]), GrowthProof(13, GROWTH.path, signed)):
        assert parse_proof(str(proof)) == proof
    bare = EntryProof(13, ENTRY.path, str(_head(21)), b"")
    assert str(bare).split("\n")[1] == "index 13"
    assert EntryProof.parse(str(bare)) == bare


def test_as_many_hashes_as_a_tree_can_need_and_no_more() -> None:
    for many in (0, 64):
        proof = GrowthProof(13, (LEAVES[0],) * many, str(_head(21)))
        assert GrowthProof.parse(str(proof)) == proof
    with pytest.raises(ProofError):
        GrowthProof.parse(str(GrowthProof(13, (LEAVES[0],) * 65, str(_head(21)))))


def test_a_file_is_read_up_to_its_longest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_file, "_LONGEST", len(str(ENTRY)))
    assert EntryProof.parse(str(ENTRY)) == ENTRY
    monkeypatch.setattr(proof_file, "_LONGEST", len(str(ENTRY)) - 1)
    with pytest.raises(ProofError) as caught:
        EntryProof.parse(str(ENTRY))
    assert caught.value.code == "proof.malformed"


def test_a_proof_of_growth_begins_where_the_older_checkpoint_is() -> None:
    for other in (_head(12), _head(21), Checkpoint("another.example/ledger", 13, _head(13).root)):
        with pytest.raises(ProofError) as caught:
            GROWTH.verify(other)
        assert caught.value.code == "proof.other_ledger"
    with pytest.raises(ProofError) as caught:
        GROWTH.verify(Checkpoint("520200.example/ledger", 13, _head(12).root))
    assert caught.value.code == "proof.wrong"


def test_no_flipped_bit_of_a_proof_holds() -> None:
    # An unsigned checkpoint's origin is not protected by anything: the caller compares it, or asks for signatures.
    for proof, older in ((ENTRY, None), (GROWTH, _head(13))):
        whole = str(proof).encode()
        for index in range(len(whole)):
            for bit in range(8):
                damaged = bytearray(whole)
                damaged[index] ^= 1 << bit
                try:
                    found = parse_proof(damaged.decode())
                    assert found is not None
                    head = found.verify(older) if isinstance(found, GrowthProof) and older else None
                    head = found.verify() if isinstance(found, EntryProof) else head
                except (ProofError, UnicodeDecodeError, AssertionError):
                    continue
                assert head != _head(21)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        str(ENTRY)[:-1],
        f"{ENTRY}\n",
        str(ENTRY).replace("@v1", "@v2"),
        str(ENTRY).replace("index 13", "index 013"),
        str(ENTRY).replace("index 13", "index -1"),
        str(ENTRY).replace("index 13\n", ""),
        str(ENTRY).replace("extra cmVjb3JkIDEz", "extra cmVjb3JkIDE"),
        str(ENTRY).replace("extra cmVjb3JkIDEz", "extra "),
        str(ENTRY).replace("extra cmVjb3JkIDEz", "extra cmVjb3JkIDF="),  # stray bits in the last letter
        f"c2sp.org/tlog-proof@v1\nextra cmVjb3JkIDEz\n\n{_head(21)}",
        f"c2sp.org/tlog-proof@v1\n\n{_head(21)}",
        str(ENTRY).replace("\n\n", "\nAAAA\n\n"),
        str(ENTRY).replace("\n\n", "\n" + "".join(["A" * 43 + "=\n"] * 65) + "\n"),
        str(ENTRY).replace("\n", "\r\n"),
        str(GROWTH).replace("old 13", "old 0x13"),
        str(GROWTH).replace("old 13", "new 13"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    for read in (EntryProof.parse, GrowthProof.parse):
        with pytest.raises(ProofError) as caught:
            read(text)
        assert caught.value.code in {"proof.malformed", "checkpoint.malformed", "note.malformed"}
        assert caught.value.message
        assert caught.value.hint


@given(st.text(max_size=300) | st.just(str(ENTRY)) | st.just(str(GROWTH)), st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_only_the_declared_error_comes_out(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    text = text[:start] + data.draw(st.text(max_size=20)) + text[start + data.draw(st.integers(0, 20)) :]
    for read in (EntryProof.parse, GrowthProof.parse):
        try:
            proof = read(text)
        except ProofError:
            continue
        assert str(proof) == text
