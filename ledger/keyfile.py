"""Key files: a signing key, sealed under a passphrase.

Two lines. The first is a JSON header that anybody may read: whose key, its name, its public half, and how the
passphrase is hardened (Argon2id, 64 MiB, 3 passes: about a third of a second for each guess). The second is Base64 of
nonce and sealed seed: AES-256-GCM, with the exact bytes of the header as associated data, so that a header cannot be
exchanged. The file belongs to one person: it is written with mode 0600 and refused when others can read it.
"""

from __future__ import annotations

import json
import os
import stat
from base64 import b64encode
from dataclasses import dataclass
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import LedgerError, NotFoundError, ProofError, StorageError, ValueRefusedError
from ledger.signing import SEED_SIZE, SeedSigner, check_key_name
from ledger.transparency.note import Key, decode_exactly

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Hardness", "KeyHeader", "check_passphrase", "create_key_file", "read_key_header", "unlock"]

_FORMAT: Final = "xianjie.key.1"
_SHORTEST_PASSPHRASE: Final = 12
_SALT_SIZE: Final = 16
_NONCE_SIZE: Final = 12
_TAG_SIZE: Final = 16
_LONGEST_FILE: Final = 4_096
_LONGEST_PERSON: Final = 100
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


_USUAL: Final = Hardness()


@dataclass(frozen=True, slots=True)
class KeyHeader:
    """The open part of a key file. ``raw`` is the line as it stands in the file."""

    person: str
    key: Key
    hardness: Hardness
    salt: bytes
    raw: bytes


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short to protect anything. Raises ValueRefusedError ``key.short_passphrase``."""
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise ValueRefusedError(
            "key.short_passphrase",
            f"口令太短:至少 {_SHORTEST_PASSPHRASE} 个字符",
            hint="可以用几个不相干的词连成一句话,好记又难猜。",
        )


def create_key_file(
    path: Path, name: str, person: str, passphrase: str, *, hardness: Hardness = _USUAL, seed: bytes | None = None
) -> SeedSigner:
    """Make a key (or take ``seed``, 32 bytes), seal it into a new file of mode 0600, and return its signer.

    Raises ValueRefusedError (name, person or passphrase cannot be used), StorageError (the file exists or cannot be
    written; an existing file is never replaced).
    """
    check_passphrase(passphrase)
    if not 0 < len(person) <= _LONGEST_PERSON or not person.isprintable():
        raise ValueRefusedError("key.bad_person", f"人员编号不能用:{person[:40]!r}", hint="请填写人员编号,如 P-0001。")
    secret = token_bytes(SEED_SIZE) if seed is None else seed
    signer = SeedSigner(name, person, secret)
    salt, nonce = token_bytes(_SALT_SIZE), token_bytes(_NONCE_SIZE)
    fields = {
        "format": _FORMAT,
        "name": name,
        "person": person,
        "public_key": b64encode(signer.public_key).decode(),
        "kdf": "argon2id",
        "memory_kib": hardness.memory_kib,
        "passes": hardness.passes,
        "lanes": hardness.lanes,
        "salt": b64encode(salt).decode(),
    }
    header = _header_line(fields)
    sealed = nonce + _cipher(passphrase, salt, hardness).encrypt(nonce, secret, header)
    _write_new(path, header + b"\n" + b64encode(sealed) + b"\n")
    return signer


def read_key_header(path: Path) -> KeyHeader:
    """Read whose key a file holds, without its passphrase: to choose among several, or to enrol one.

    Raises NotFoundError, StorageError, ValueRefusedError (``key.exposed``, ``key.malformed``).
    """
    return _parse(_read_private(path))[0]


def unlock(path: Path, passphrase: str) -> SeedSigner:
    """Open a key file. Raises as :func:`read_key_header`, and ValueRefusedError ``key.wrong_passphrase``."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - who does not sign does not pay for OpenSSL

    header, sealed = _parse(_read_private(path))
    cipher = _cipher(passphrase, header.salt, header.hardness)
    try:
        seed = cipher.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], header.raw)
    except InvalidTag as error:
        raise ValueRefusedError(
            "key.wrong_passphrase",
            "口令不对,或密钥文件被改动过",
            hint="请重新输入;仍然不行就用备份的密钥文件,或吊销这把钥匙另发一把。",
        ) from error
    signer = SeedSigner(header.key.name, header.person, seed)
    if signer.public_key != header.key.public_key:
        raise _malformed("公钥与私钥不成对")
    return signer


def _cipher(passphrase: str, salt: bytes, hardness: Hardness) -> Any:  # noqa: ANN401 - AESGCM, imported only when used
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see unlock
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - see unlock

    kdf = Argon2id(
        salt=salt, length=32, iterations=hardness.passes, lanes=hardness.lanes, memory_cost=hardness.memory_kib
    )
    return AESGCM(kdf.derive(passphrase.encode(errors="surrogatepass")))


def _header_line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _parse(raw: bytes) -> tuple[KeyHeader, bytes]:
    line, _, rest = raw.partition(b"\n")
    try:
        fields = json.loads(line)
        encoded = rest.decode()
    except (ValueError, RecursionError) as error:
        raise _malformed("不是密钥文件的写法") from error
    texts, numbers = ("format", "name", "person", "public_key", "kdf", "salt"), ("memory_kib", "passes", "lanes")
    if (
        not isinstance(fields, dict)
        or fields.keys() != {*texts, *numbers}
        or not all(type(fields[name]) is str for name in texts)
        or not all(type(fields[name]) is int for name in numbers)
        or fields["format"] != _FORMAT
        or fields["kdf"] != "argon2id"
    ):
        raise _malformed("不是本程序认识的密钥文件")
    hardness = Hardness(*(fields[name] for name in numbers))
    if (
        not 1 <= hardness.lanes <= _MOST_LANES
        or not 1 <= hardness.passes <= _MOST_PASSES
        or not _LEAST_MEMORY_OF_A_LANE_KIB * hardness.lanes <= hardness.memory_kib <= _MOST_MEMORY_KIB
    ):
        raise _malformed("口令参数超出允许的范围")
    salt, public_key = decode_exactly(fields["salt"]), decode_exactly(fields["public_key"])
    sealed = decode_exactly(encoded.removesuffix("\n"))
    sizes = (len(salt), len(public_key), len(sealed))
    if sizes != (_SALT_SIZE, 32, _NONCE_SIZE + SEED_SIZE + _TAG_SIZE) or not encoded.endswith("\n"):
        raise _malformed("长度不对")
    try:
        check_key_name(fields["name"])
        key = Key.parse(str(Key(fields["name"], public_key)))
    except (ProofError, ValueRefusedError, UnicodeEncodeError) as error:
        raise _malformed("密钥名称不能用") from error
    return KeyHeader(fields["person"], key, hardness, salt, line), sealed


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
        raise _malformed("文件太大")
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
        "key.unusable_file", f"密钥文件读写失败:{path}({error.strerror})", hint="请核对路径、权限和磁盘空间。"
    )


def _malformed(why: str) -> ValueRefusedError:
    return ValueRefusedError(
        "key.malformed_file", f"密钥文件不能用:{why}", hint="请用备份的密钥文件,或吊销这把钥匙另发一把。"
    )
