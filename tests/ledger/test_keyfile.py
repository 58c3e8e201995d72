"""Key files: opened with the passphrase alone, by nobody but their owner; every other file is refused in one way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, NotFoundError, StorageError, ValueRefusedError
from ledger.keyfile import Hardness, create_key_file, read_key_header, unlock
from ledger.signing import SeedSigner
from ledger.transparency.note import Key, Note, Signature

if TYPE_CHECKING:
    from pathlib import Path

NAME, PASSPHRASE = "520200.example/ledger/op/P-0001-1", "春天 在哪里 correct horse"
QUICK = Hardness(memory_kib=32, passes=1, lanes=1)  # hardness is what is not tested here


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "li.key"
    create_key_file(path, NAME, "P-0001", PASSPHRASE, hardness=QUICK, seed=bytes(range(32)))
    return path


def test_a_key_file_opens_with_its_passphrase_and_signs_as_before(tmp_path: Path) -> None:
    path = tmp_path / "li.key"
    made = create_key_file(path, NAME, "P-0001", PASSPHRASE)
    opened = unlock(path, PASSPHRASE)
    assert (opened.name, opened.person, opened.public_key) == (NAME, "P-0001", made.public_key)
    assert opened.sign(b"text") == made.sign(b"text")
    assert read_key_header(path).hardness == Hardness(65_536, 3, 4)


def test_the_file_is_private_and_shows_no_secret(key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert bytes(range(32)) not in key_file.read_bytes()
    header = read_key_header(key_file)
    signer = unlock(key_file, PASSPHRASE)
    assert header.key == Key(NAME, signer.public_key)
    assert signer.key_id == header.key.key_id
    assert str(bytes(range(8)).hex()) not in repr(signer)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(ValueRefusedError) as caught:
        unlock(key_file, PASSPHRASE)
    assert caught.value.code == "key.exposed"


def test_a_wrong_passphrase_is_refused(key_file: Path) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        unlock(key_file, f"{PASSPHRASE}!")
    assert caught.value.code == "key.wrong_passphrase"


def test_a_header_cannot_be_exchanged(key_file: Path) -> None:
    key_file.write_bytes(key_file.read_bytes().replace(b"P-0001-1", b"P-0002-1"))
    with pytest.raises(ValueRefusedError) as caught:
        unlock(key_file, PASSPHRASE)
    assert caught.value.code == "key.wrong_passphrase"


def test_an_existing_key_file_is_never_replaced(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(StorageError) as caught:
        create_key_file(key_file, NAME, "P-0001", PASSPHRASE, hardness=QUICK)
    assert caught.value.code == "key.exists"
    assert key_file.read_bytes() == before


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        create_key_file(tmp_path / "k", NAME, "P-0001", "eleven char", hardness=QUICK)
    assert caught.value.code == "key.short_passphrase"
    assert not (tmp_path / "k").exists()


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b", "x" * 201, "a\ud800"])
def test_a_name_that_a_signature_line_cannot_carry_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        create_key_file(tmp_path / "k", name, "P-0001", PASSPHRASE, hardness=QUICK)
    assert caught.value.code == "key.bad_name"


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        unlock(tmp_path / "none", PASSPHRASE)
    with pytest.raises(LedgerError):
        unlock(tmp_path, PASSPHRASE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("memory_kib", 1 << 40),
        ("memory_kib", 0),
        ("passes", 1 << 40),
        ("passes", 0),
        ("lanes", 1 << 20),
        ("lanes", 0),
        ("lanes", True),
        ("passes", 1.0),
        ("format", "xianjie.key.2"),
        ("kdf", "pbkdf2"),
        ("name", "a b"),
        ("public_key", "AAAA"),
        ("salt", "AAAA"),
        ("person", None),
    ],
)
def test_a_hostile_header_is_refused_before_any_memory_is_spent(key_file: Path, field: str, value: object) -> None:
    line, _, rest = key_file.read_bytes().partition(b"\n")
    header = json.loads(line) | {field: value}
    key_file.write_bytes(json.dumps(header).encode() + b"\n" + rest)
    with pytest.raises(ValueRefusedError) as caught:
        unlock(key_file, PASSPHRASE)
    assert caught.value.code == "key.malformed_file"


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damaged_file_does_more_than_raise_the_declared_error(key_file: Path, data: st.DataObject) -> None:
    whole = key_file.read_bytes()
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    cut = data.draw(st.sampled_from([None, None, 10, len(whole) - 1]))
    key_file.write_bytes(damaged[:cut])
    try:
        if bytes(damaged[:cut]) != whole:
            with pytest.raises(ValueRefusedError):
                unlock(key_file, PASSPHRASE)
    finally:
        key_file.write_bytes(whole)


@given(st.binary(max_size=5_000))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_at_all_are_refused_as_a_key_file(key_file: Path, content: bytes) -> None:
    whole = key_file.read_bytes()
    key_file.write_bytes(content)
    with pytest.raises(ValueRefusedError):
        read_key_header(key_file)
    key_file.write_bytes(whole)


def test_the_worked_example_of_rfc_8032_is_signed_as_printed_there() -> None:
    # RFC 8032 section 7.1, test 2: the secret key, the public key and the signature of the one byte 72.
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    signer = SeedSigner("example", "", seed)
    assert signer.public_key.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signer.sign(b"r").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    note = Note("r\n", (Signature("example", signer.key_id, signer.sign(b"r\n")),))
    assert note.verify([Key("example", signer.public_key)])
