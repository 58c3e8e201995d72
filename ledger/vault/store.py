"""What the vault keeps, once its key is unlocked: subjects in, fields out, and erasure for good.

Every value is encrypted with AES-256-GCM under the data key of its subject, bound to subject and field; the data key is
wrapped by the key of the vault, which lives in a sealed file elsewhere. Losing the one without the other tells nothing.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import dataclass
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import NotFoundError, StorageError, TamperedError, ValueRefusedError
from ledger.sealing import SECRET_SIZE, USUAL, Hardness, read_sealed, seal, unseal
from ledger.vault.commitment import SALT_SIZE, commitment, new_salt
from ledger.vault.file import connect_vault, create_vault_file, transaction, translated
from ledger.vault.values import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ledger.events import PrivateField

__all__ = ["Entered", "Vault", "create_vault", "new_reference"]

_KEY_FORMAT: Final = "xianjie.vault-key.1"
_NONCE_SIZE: Final = 12
_TAG: Final = b"xianjie.vault.1\0"
_CHECK: Final = b"this is the key of this vault"
_REFERENCE_BYTES: Final = 17
_REFERENCE_LETTERS: Final = 26  # 130 random bits


@dataclass(frozen=True, slots=True)
class Entered:
    """A subject in the vault: its reference, kind, whether the log has it too, and its fields (never their values)."""

    ref: str
    kind: str
    kept: bool
    fields: tuple[str, ...]


def new_reference() -> str:
    """Return a random reference: ``H-`` and 26 letters of Base32, derived from nothing."""
    return "H-" + b32encode(token_bytes(_REFERENCE_BYTES)).decode()[:_REFERENCE_LETTERS]


def create_vault(path: Path, key_file: Path, origin: str, passphrase: str, *, hardness: Hardness = USUAL) -> None:
    """Make an empty vault for a ledger and its key in a sealed file elsewhere.

    Raises ValueRefusedError (passphrase too short), StorageError (a file exists or cannot be written).
    """
    if path.exists():
        raise StorageError("vault.exists", f"保密库已经存在,没有改动它:{path}", hint="请换一个文件名")
    key = token_bytes(SECRET_SIZE)
    seal(key_file, _KEY_FORMAT, {"origin": origin}, key, passphrase, hardness)
    cipher = _cipher(key)
    secrets = {"check": _CHECK, "lookup_key": token_bytes(SECRET_SIZE)}
    sealed = {name: _sealed(cipher, value, _aad(origin, name)) for name, value in secrets.items()}
    try:
        create_vault_file(path, {"origin": origin.encode(), **sealed})
    except BaseException:
        key_file.unlink(missing_ok=True)
        raise


class Vault:
    """An open vault. Without ``unlock`` it only tells references."""

    def __init__(self, path: Path, origin: str) -> None:
        """Open the vault of a ledger. Raises StorageError, TamperedError (damaged, or another ledger's)."""
        self.path = path
        self.origin = origin
        self._raw = connect_vault(path)
        self._key: Any = None
        self._lookup_key = b""
        try:
            self._check_origin()
        except BaseException:
            self._raw.close()
            raise

    def close(self) -> None:
        """Close the file and forget the key."""
        self._raw.close()
        self._key, self._lookup_key = None, b""

    def unlock(self, key_file: Path, passphrase: str) -> None:
        """Take the key out of its sealed file. Raises ValueRefusedError, NotFoundError, StorageError, TamperedError."""
        cipher = _cipher(unseal(read_sealed(key_file, _KEY_FORMAT, ("origin",)), passphrase))
        if _opened(cipher, self._info("check"), _aad(self.origin, "check")) != _CHECK:
            raise ValueRefusedError(
                "vault.wrong_key", f"密钥文件 {key_file} 不是这个保密库的", hint="请核对密钥文件和保密库的路径"
            )
        lookup_key = _opened(cipher, self._info("lookup_key"), _aad(self.origin, "lookup_key"))
        if lookup_key is None:
            raise _damaged("查重密钥")
        self._key, self._lookup_key = cipher, lookup_key

    def subjects(self) -> list[Entered]:
        """Return every subject, by reference; needs no key."""
        with translated(self.path):
            rows = self._raw.execute(
                "SELECT s.ref, s.kind, s.state = 'kept', coalesce(group_concat(f.name), '') FROM subject s"
                " LEFT JOIN field f ON f.ref = s.ref GROUP BY s.ref ORDER BY s.ref"
            ).fetchall()
        order: dict[str, int] = {name: number for number, name in enumerate(FIELDS)}
        return [
            Entered(ref, kind, bool(kept), tuple(sorted(filter(None, names.split(",")), key=lambda n: order.get(n, 9))))
            for ref, kind, kept, names in rows
        ]

    def holder_of(self, identity: str) -> str | None:
        """Return the reference under which a canonical identity number is entered, or None."""
        with translated(self.path):
            row = self._raw.execute("SELECT ref FROM lookup WHERE tag = ?", (self._lookup_tag(identity),)).fetchone()
        return None if row is None else str(row[0])

    def enter(self, ref: str, kind: str, values: Mapping[PrivateField, str]) -> dict[PrivateField, str]:
        """Enter a subject, pending until ``keep``, and return the commitment to each of its canonical values."""
        data_key = token_bytes(SECRET_SIZE)
        cipher = _cipher(data_key)
        said: dict[PrivateField, str] = {}
        with transaction(self._raw, self.path):
            self._raw.execute(
                "INSERT INTO subject VALUES (?, ?, 'pending', ?)",
                (ref, kind, _sealed(self._unlocked, data_key, _aad(ref))),
            )
            for name, value in values.items():
                salt = new_salt()
                said[name] = commitment(name, salt, value)
                sealed = _sealed(cipher, salt + value.encode(), _aad(ref, name))
                self._raw.execute("INSERT INTO field VALUES (?, ?, ?)", (ref, name, sealed))
            if "identity" in values:
                self._raw.execute("INSERT INTO lookup VALUES (?, ?)", (self._lookup_tag(values["identity"]), ref))
        return said

    def keep(self, refs: list[str]) -> None:
        """Note that the log has these subjects too."""
        with transaction(self._raw, self.path):
            self._raw.executemany("UPDATE subject SET state = 'kept' WHERE ref = ?", [(ref,) for ref in refs])

    def erase(self, ref: str) -> None:
        """Delete values, salts and data key of a subject, overwriting where they stood; nothing if it is not there."""
        with transaction(self._raw, self.path):
            self._raw.execute("DELETE FROM subject WHERE ref = ?", (ref,))

    def read(self, ref: str) -> dict[str, tuple[bytes, str]]:
        """Return salt and value of every field of a subject. Raises NotFoundError, TamperedError (damaged)."""
        with translated(self.path):
            row = self._raw.execute("SELECT data_key FROM subject WHERE ref = ?", (ref,)).fetchone()
            fields = self._raw.execute("SELECT name, sealed FROM field WHERE ref = ?", (ref,)).fetchall()
        if row is None:
            raise NotFoundError("vault.unknown", f"保密库中没有 {ref}", hint="用 xianjie vault list 查看编号")
        data_key = _opened(self._unlocked, row[0], _aad(ref))
        if data_key is None:
            raise _damaged(f"{ref} 的密钥")
        return dict(self._fields(ref, _cipher(data_key), fields))

    def integrity(self) -> list[str]:
        """Return what SQLite finds wrong with the file."""
        with translated(self.path):
            return [str(line) for (line,) in self._raw.execute("PRAGMA integrity_check(20)") if line != "ok"]

    def _fields(self, ref: str, cipher: Any, rows: list[tuple[Any, Any]]) -> Iterator[tuple[str, tuple[bytes, str]]]:  # noqa: ANN401 - AESGCM, imported only when used
        for name, sealed in rows:
            plain = _opened(cipher, sealed, _aad(ref, name)) if isinstance(name, str) else None
            if plain is None:
                raise _damaged(f"{ref} 的 {name}")
            yield name, (plain[:SALT_SIZE], plain[SALT_SIZE:].decode())

    @property
    def _unlocked(self) -> Any:  # noqa: ANN401 - as above
        if self._key is None:
            message = "the vault is locked"
            raise RuntimeError(message)
        return self._key

    def _lookup_tag(self, identity: str) -> bytes:
        _ = self._unlocked
        return hmac.digest(self._lookup_key, b"identity\0" + identity.encode(), "sha256")

    def _check_origin(self) -> None:
        found = self._info("origin").decode(errors="replace")
        if found != self.origin:
            raise TamperedError(
                "vault.other_ledger",
                f"保密库 {self.path} 属于另一本账({found}),本账是 {self.origin}。",
                hint="请核对路径;若它被人换过,请由备份恢复",
            )

    def _info(self, name: str) -> bytes:
        with translated(self.path):
            row = self._raw.execute("SELECT value FROM vault_info WHERE name = ?", (name,)).fetchone()
        if row is None or not isinstance(row[0], bytes):
            raise _damaged(name)
        return row[0]


def _cipher(key: bytes) -> Any:  # noqa: ANN401 - AESGCM, imported only when used
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - listing needs no OpenSSL

    return AESGCM(key)


def _sealed(cipher: Any, plain: bytes, aad: bytes) -> bytes:  # noqa: ANN401 - as above
    nonce = token_bytes(_NONCE_SIZE)
    return nonce + bytes(cipher.encrypt(nonce, plain, aad))


def _opened(cipher: Any, sealed: bytes, aad: bytes) -> bytes | None:  # noqa: ANN401 - as above
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see _cipher

    try:
        return bytes(cipher.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], aad))
    except (InvalidTag, ValueError, TypeError):
        return None


def _aad(*parts: str) -> bytes:
    return _TAG + b"\0".join(part.encode() for part in parts)


def _damaged(what: str) -> TamperedError:
    return TamperedError(
        "vault.damaged",
        f"保密库的内容被改动或损坏:{what}",
        hint="请保留保密库文件,由备份恢复,运行 xianjie vault verify",
    )
