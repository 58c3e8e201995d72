"""Key files: a signing key, sealed under a passphrase (``ledger.sealing``).

The open part says whose key it is, its name, and its public half.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from ledger.errors import ProofError, ValueRefusedError
from ledger.sealing import SECRET_SIZE, USUAL, Hardness, Sealed, check_passphrase, malformed, read_sealed, seal, unseal
from ledger.signing import SeedSigner, check_key_name
from ledger.transparency.note import Key, decode_exactly

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Hardness", "KeyHeader", "check_passphrase", "create_key_file", "read_key_header", "unlock"]

_FORMAT: Final = "xianjie.key.1"
_OPEN: Final = ("name", "person", "public_key")
_PUBLIC_KEY_SIZE: Final = 32
_LONGEST_PERSON: Final = 100


@dataclass(frozen=True, slots=True)
class KeyHeader:
    """The open part of a key file. ``raw`` is the line as it stands in the file."""

    person: str
    key: Key
    hardness: Hardness
    salt: bytes
    raw: bytes


def create_key_file(
    path: Path, name: str, person: str, passphrase: str, *, hardness: Hardness = USUAL, seed: bytes | None = None
) -> SeedSigner:
    """Make a key (or take ``seed``, 32 bytes), seal it into a new file of mode 0600, and return its signer.

    Raises ValueRefusedError (name, person or passphrase cannot be used), StorageError (the file exists or cannot be
    written; an existing file is never replaced).
    """
    check_passphrase(passphrase)
    if not 0 < len(person) <= _LONGEST_PERSON or not person.isprintable():
        raise ValueRefusedError("key.bad_person", f"人员编号不能用:{person[:40]!r}", hint="请填写人员编号,如 P-0001。")
    secret = token_bytes(SECRET_SIZE) if seed is None else seed
    signer = SeedSigner(name, person, secret)
    said = {"name": name, "person": person, "public_key": b64encode(signer.public_key).decode()}
    seal(path, _FORMAT, said, secret, passphrase, hardness)
    return signer


def read_key_header(path: Path) -> KeyHeader:
    """Read whose key a file holds, without its passphrase: to choose among several, or to enrol one.

    Raises NotFoundError, StorageError, ValueRefusedError (``key.exposed``, ``key.malformed_file``).
    """
    return _header(read_sealed(path, _FORMAT, _OPEN))


def unlock(path: Path, passphrase: str) -> SeedSigner:
    """Open a key file. Raises as :func:`read_key_header`, and ValueRefusedError ``key.wrong_passphrase``."""
    sealed = read_sealed(path, _FORMAT, _OPEN)
    header = _header(sealed)
    signer = SeedSigner(header.key.name, header.person, unseal(sealed, passphrase))
    if signer.public_key != header.key.public_key:
        raise malformed("公钥与私钥不成对")
    return signer


def _header(sealed: Sealed) -> KeyHeader:
    public_key = decode_exactly(sealed.fields["public_key"])
    if len(public_key) != _PUBLIC_KEY_SIZE:
        raise malformed("长度不对")
    try:
        check_key_name(sealed.fields["name"])
        key = Key.parse(str(Key(sealed.fields["name"], public_key)))
    except (ProofError, ValueRefusedError, UnicodeEncodeError) as error:
        raise malformed("密钥名称不能用") from error
    return KeyHeader(sealed.fields["person"], key, sealed.hardness, sealed.salt, sealed.raw)
