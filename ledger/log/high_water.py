"""The high-water file: the last acknowledged checkpoint, kept outside the database.

One flipped bit in a write-ahead log makes SQLite drop every later commit without a word, and a restored backup looks
as healthy as the original. Only a note outside the database can tell that a log has become shorter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.database import read_transaction
from ledger.errors import ProofError, StorageError, TamperedError, system_reason
from ledger.log.outside import outside_file, replace_file
from ledger.log.proving import begins_with
from ledger.log.reading import head
from ledger.log.schema import origin_of
from ledger.transparency.checkpoint import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from ledger.log.reading import Head

__all__ = ["HighWater", "check_head", "contradiction", "has_note", "read_head_file"]


class HighWater:
    """The file beside a SQLite database (``<database>.head``), or in ``XIANJIE_HOME`` (``~/.xianjie``) otherwise."""

    def __init__(self, engine: Engine, origin: str) -> None:
        self.origin = origin
        self.path = outside_file(engine, origin, "head")

    def read(self) -> Checkpoint | None:
        """Return what was last acknowledged from this machine; None if nothing was. Raises TamperedError."""
        return read_head_file(self.path)

    def check(self, connection: Connection, now: Head, saved: Checkpoint | None) -> None:
        """Compare the log's head with what was acknowledged. Raises TamperedError if they contradict each other.

        ``saved`` must have been read before ``now``, or under the write lock: else somebody may append in between.
        """
        here = Checkpoint(self.origin, now.position, now.root)
        if saved is None or saved == here:
            return
        wrong = contradiction(saved, here, lambda: begins_with(connection, saved, now))
        if wrong:
            raise TamperedError("log.history_changed", f"{wrong}。", hint="请停止记账,从备份恢复或查明原因。")

    def raise_to(self, checkpoint: Checkpoint) -> None:
        """Replace the note, once the database has committed. Raises StorageError if it cannot be kept.

        Two processes may come here in the other order than they committed; the larger note stays.
        """
        saved = self.read()
        if saved is not None and saved.size >= checkpoint.size:
            return
        try:
            replace_file(self.path, str(checkpoint))
        except OSError as error:
            raise StorageError(
                "storage.head_not_saved",
                f"已记入账本(到第 {checkpoint.size} 号),但高水位文件写不进:{self.path}({system_reason(error)})",
                hint="不要换键重录;请修好该目录的权限或空间,再用同一个 --key 重试一次。",
            ) from error


def read_head_file(path: Path) -> Checkpoint | None:
    """Return the checkpoint in a high-water file; None if there is no such file. Raises TamperedError."""
    try:
        return Checkpoint.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ProofError, UnicodeDecodeError) as error:
        raise TamperedError(
            "log.head_file_damaged",
            f"高水位文件已损坏:{path}",
            hint="请运行 xianjie audit verify 核对账本与手中的检查点,确认无误后删除此文件。",
        ) from error


def has_note(engine: Engine) -> bool:
    """Tell whether anything was noted here of what was acknowledged; else an older ledger looks like a shorter one."""
    with read_transaction(engine) as connection:
        return HighWater(engine, origin_of(connection)).path.exists()


def check_head(engine: Engine) -> None:
    """Refuse to read on from a log that is shorter than, or other than, what was acknowledged. Raises TamperedError."""
    with read_transaction(engine) as connection:
        water = HighWater(engine, origin_of(connection))
    saved = water.read()
    with read_transaction(engine) as connection:
        water.check(connection, head(connection), saved)


def contradiction(saved: Checkpoint, now: Checkpoint, is_beginning: Callable[[], bool]) -> str:
    """Say (in Chinese) how the log ``now`` contradicts what was acknowledged before; empty if it does not."""
    if saved.origin != now.origin:
        return f"高水位文件属于另一本账({saved.origin}),本账是 {now.origin}"
    if now.size < saved.size:
        return f"账本变短了:曾确认到第 {saved.size} 号,现在只到第 {now.size} 号"
    if not is_beginning():
        return f"历史被改写:第 {saved.size} 号处的根值与当时确认的不同"
    return ""
