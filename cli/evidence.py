"""A file that stands behind an entry: the ledger keeps its hash, the office keeps the file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.params import FILE
from cli.recording import Entry, show_outcome
from ledger.characters import quoted
from ledger.errors import StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ledger.domain.command import Command

__all__ = ["file_hash", "file_option", "record_with_file"]

F = TypeVar("F", bound="Callable[..., Any]")


def file_option(command: F) -> F:
    """Add ``--file``."""
    return click.option("--file", "file", type=FILE, help="文件或扫描件:只记它的 SHA-256,不存文件")(command)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex, whatever its size.

    Raises:
        StorageError: the file cannot be read.
        ValueRefusedError: it is empty, and so would be like every other empty file.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            empty = file.tell() == 0
    except OSError as error:
        message = f"读不到文件{quoted(path)}:{system_reason(error)}"
        raise StorageError("document.file_unreadable", message, hint="请核对路径和权限", where="--file") from None
    if empty:
        message = f"文件{quoted(path.name)}是空的"
        raise ValueRefusedError("document.file_empty", message, hint="请核对文件", where="--file")
    return digest


def record_with_file(
    entry: Entry, kind: type[Command], values: Mapping[str, Any], field: str, file: Path | None
) -> None:
    """Record one command with the hash of the file in its field, and say which file that was. Raises LedgerError."""
    found = {} if file is None else {field: file_hash(file)}
    outcome = entry.submit([entry.build(kind, {**values, **found})])
    notes = [f"文件{quoted(file.name)}的 SHA-256 为 {found[field]};账本不存文件,请另行保管"] if file else []
    show_outcome(entry, outcome, notes)
