"""Sealed files: a secret of 32 bytes under a passphrase. Key files are made of them, and the key of the vault.

Two lines. The first is a JSON header that anybody may read: what the file is, whatever it says about itself, and how
the passphrase is hardened (Argon2id, 64 MiB, 3 passes: about a third of a second for each guess). The second is Base64
of nonce and sealed secret: AES-256-GCM, with the exact bytes of the header as associated data, so that a header cannot
be exchanged. The file belongs to one person: it is written with mode 0600 and refused when others can read it.
"""

from __future__ import annotations

import json
import os
import stat
from base64 import b64encode
from dataclasses import dataclass
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import LedgerError, NotFoundError, StorageError, ValueRefusedError, system_reason
from ledger.transparency.note import decode_exactly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = [
    "SECRET_SIZE",
    "USUAL",
    "Hardness",
    "Sealed",
    "check_passphrase",
    "malformed",
    "read_sealed",
    "seal",
    "unseal",
]

SECRET_SIZE: Final = 32
_SHORTEST_PASSPHRASE: Final = 12
_SALT_SIZE: Final = 16
_NONCE_SIZE: Final = 12
_TAG_SIZE: Final = 16
_LONGEST_FILE: Final = 4_096
_NUMBERS: Final = ("memory_kib", "passes", "lanes")
# A hostile file must not be able to eat the memory or the afternoon of whoever tries to open it.
_MOST_MEMORY_KIB: Final = 262_144
_MOST_PASSES: Final = 16
_MOST_LANES: Final = 16
_LEAST_MEMORY_OF_A_LANE_KIB: Final = 8


@dataclass(frozen=True, slots=True)
class Hardness:
    """What one guess at the passphrase costs: Argon2id's memory in KiB, passes and lanes (RFC 9106)."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


USUAL: Final = Hardness()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file as read: ``fields`` are what it says openly, ``raw`` is its header line as it stands."""

    fields: Mapping[str, str]
    hardness: Hardness
    salt: bytes
    box: bytes
    raw: bytes


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short to protect anything. Raises ValueRefusedError ``key.short_passphrase``."""
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise ValueRefusedError(
            "key.short_passphrase",
            f"口令太短:至少 {_SHORTEST_PASSPHRASE} 个字符",
            hint="可以用几个不相干的词连成一句话,好记又难猜。",
        )


def seal(path: Path, form: str, fields: Mapping[str, str], secret: bytes, passphrase: str, hardness: Hardness) -> None:  # noqa: PLR0917 - each is part of the file
    """Seal a secret into a new file of mode 0600. Raises ValueRefusedError, StorageError (it exists, is unwritable)."""
    check_passphrase(passphrase)
    salt, nonce = token_bytes(_SALT_SIZE), token_bytes(_NONCE_SIZE)
    header = json.dumps(
        {
            "format": form,
            **fields,
            "kdf": "argon2id",
            "memory_kib": hardness.memory_kib,
            "passes": hardness.passes,
            "lanes": hardness.lanes,
            "salt": b64encode(salt).decode(),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    box = nonce + _cipher(passphrase, salt, hardness).encrypt(nonce, secret, header)
    _write_new(path, header + b"\n" + b64encode(box) + b"\n")


def read_sealed(path: Path, form: str, names: Sequence[str]) -> Sealed:
    """Read a sealed file of one format, which says openly what ``names`` lists, without its passphrase.

    Raises NotFoundError, StorageError, ValueRefusedError (``key.exposed``, ``key.malformed_file``).
    """
    line, _, rest = _read_private(path).partition(b"\n")
    try:
        fields = json.loads(line)
        encoded = rest.decode()
    except (ValueError, RecursionError) as error:
        raise malformed("不是密钥文件的写法") from error
    texts = ("format", "kdf", "salt", *names)
    if (
        not isinstance(fields, dict)
        or fields.keys() != {*texts, *_NUMBERS}
        or not all(type(fields[name]) is str for name in texts)
        or not all(type(fields[name]) is int for name in _NUMBERS)
        or fields["format"] != form
        or fields["kdf"] != "argon2id"
    ):
        raise malformed("不是本程序认识的密钥文件")
    hardness = Hardness(*(fields[name] for name in _NUMBERS))
    if (
        not 1 <= hardness.lanes <= _MOST_LANES
        or not 1 <= hardness.passes <= _MOST_PASSES
        or not _LEAST_MEMORY_OF_A_LANE_KIB * hardness.lanes <= hardness.memory_kib <= _MOST_MEMORY_KIB
    ):
        raise malformed("口令参数超出允许的范围")
    salt, box = decode_exactly(fields["salt"]), decode_exactly(encoded.removesuffix("\n"))
    sizes = (len(salt), len(box))
    if sizes != (_SALT_SIZE, _NONCE_SIZE + SECRET_SIZE + _TAG_SIZE) or not encoded.endswith("\n"):
        raise malformed("长度不对")
    return Sealed({name: fields[name] for name in names}, hardness, salt, box, line)


def unseal(sealed: Sealed, passphrase: str) -> bytes:
    """Return the secret. Raises ValueRefusedError ``key.wrong_passphrase``."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - who does not sign does not pay for OpenSSL

    cipher = _cipher(passphrase, sealed.salt, sealed.hardness)
    try:
        secret: bytes = cipher.decrypt(sealed.box[:_NONCE_SIZE], sealed.box[_NONCE_SIZE:], sealed.raw)
    except InvalidTag as error:
        raise ValueRefusedError(
            "key.wrong_passphrase",
            "口令不对,或密钥文件被改动过",
            hint="请重新输入;仍然不行就用备份的密钥文件,或吊销这把钥匙另发一把。",
        ) from error
    return secret


def malformed(why: str) -> ValueRefusedError:
    """Return the refusal of a file that is not a sealed file of ours."""
    return ValueRefusedError(
        "key.malformed_file", f"密钥文件不能用:{why}", hint="请用备份的密钥文件,或吊销这把钥匙另发一把。"
    )


def _cipher(passphrase: str, salt: bytes, hardness: Hardness) -> Any:  # noqa: ANN401 - AESGCM, imported only when used
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see unlock
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - see unlock

    kdf = Argon2id(
        salt=salt, length=32, iterations=hardness.passes, lanes=hardness.lanes, memory_cost=hardness.memory_kib
    )
    return AESGCM(kdf.derive(passphrase.encode(errors="surrogatepass")))


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if os.name == "posix" and stat.S_IMODE(about.st_mode) & 0o077:
                raise ValueRefusedError(
                    "key.exposed",
                    f"密钥文件别人也能读:{path}",
                    hint=f"请运行 chmod 600 {path};若可能已被复制,请吊销这把钥匙。",
                )
            raw = file.read(_LONGEST_FILE + 1)
    except FileNotFoundError as error:
        raise NotFoundError("key.missing", f"没有找到密钥文件:{path}", hint="请核对路径。") from error
    except OSError as error:
        raise _unusable(path, error) from error
    if len(raw) > _LONGEST_FILE:
        raise malformed("文件太大")
    return raw


def _write_new(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise StorageError(
            "key.exists", f"密钥文件已经存在,没有改动它:{path}", hint="请换一个文件名;旧钥匙不要覆盖。"
        ) from error
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> LedgerError:
    return StorageError(
        "key.unusable_file", f"密钥文件读写失败:{path}({system_reason(error)})", hint="请核对路径、权限和磁盘空间。"
    )
