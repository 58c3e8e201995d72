"""The small files that proofs travel in: checkpoints, public keys, proofs. Read with a limit, never overwritten."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from ledger.errors import NotFoundError, ProofError, StorageError, system_reason
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_checkpoint", "read_keys", "read_text", "write_new"]

_LONGEST: Final = 64_000_000


def read_text(path: Path) -> str:
    """Return the text of a file. Raises NotFoundError, StorageError, ProofError ``proof.not_text``."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LONGEST + 1)
    except FileNotFoundError as error:
        raise NotFoundError("proof.no_file", f"没有找到文件:{path}", hint="请核对路径。") from error
    except OSError as error:
        raise _failed(path, error) from error
    try:
        if len(raw) <= _LONGEST:
            return raw.decode()
    except UnicodeDecodeError:
        pass
    raise ProofError("proof.not_text", "不是 UTF-8 文字,或者太大", hint="请使用出具单位给的原文件。", where=str(path))


def read_checkpoint(path: Path) -> tuple[Checkpoint, str]:
    """Return the checkpoint that a file holds, and the text with its signatures. Raises as :func:`read_text`."""
    content = read_text(path)
    try:
        return Checkpoint.parse(content), content
    except ProofError as error:
        raise error.at(str(path)) from None


def read_keys(path: Path) -> list[Key]:
    """Return the public keys of a file, one a line; empty lines and those that begin with ``#`` are remarks."""
    lines = (line.strip() for line in read_text(path).splitlines())
    try:
        keys = [Key.parse(line) for line in lines if line and not line.startswith("#")]
    except ProofError as error:
        raise error.at(str(path)) from None
    if not keys:
        raise ProofError("key.none", "公钥文件里没有公钥", hint="每行一把:名称+八位散列+Base64。", where=str(path))
    return keys


def write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet, all or nothing. Raises StorageError.

    A checkpoint or proof that somebody keeps is evidence: it is never overwritten.
    """
    try:
        file = path.open("xb")
    except FileExistsError as error:
        raise StorageError(
            "storage.file_exists", f"文件已经存在,没有改动它:{path}", hint="请换一个文件名;旧文件是证据,不要覆盖。"
        ) from error
    except OSError as error:
        raise _failed(path, error) from error
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> StorageError:
    return StorageError(
        "storage.file", f"文件读写失败:{path}({system_reason(error)})", hint="请核对路径、权限和磁盘空间。"
    )
