"""The last published checkpoint, kept outside the database: what was shown to others is never signed away.

A log that signs two histories has lied to somebody. So before anything is recorded, the checkpoint that was last
published (``xianjie audit checkpoint --publish``, with the signatures of witnesses under it) must be proved to be the
beginning of the log; otherwise nothing is written and nothing is signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import ProofError, StorageError, TamperedError, system_reason
from ledger.log.outside import outside_file, replace_file
from ledger.log.proving import begins_with
from ledger.log.signatures import signed_note
from ledger.transparency.checkpoint import Checkpoint

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from ledger.log.reading import Head
    from ledger.transparency.note import Note

__all__ = ["Published", "refuse_foreign"]


class Published:
    """The file ``<database>.published`` (PostgreSQL: in ``XIANJIE_HOME`` or ``~/.xianjie``)."""

    def __init__(self, engine: Engine, origin: str) -> None:
        self.origin = origin
        self.path = outside_file(engine, origin, "published")
        self._proved = ("", b"")  # what was proved last, and the root that it was proved against

    def read(self) -> str | None:
        """Return the text that was last published, a checkpoint or signed note; None if nothing was.

        Raises TamperedError ``log.published_damaged``.
        """
        try:
            content = self.path.read_text(encoding="utf-8")
            Checkpoint.parse(content)
        except FileNotFoundError:
            return None
        except (ProofError, UnicodeDecodeError) as error:
            raise TamperedError(
                "log.published_damaged",
                f"已公布检查点的文件已损坏:{self.path}",
                hint="请用已公布的检查点(公告、见证单位留存)恢复此文件,不要直接删除。",
            ) from error
        return content

    def check(self, connection: Connection, now: Head, saved: str | None) -> None:
        """Make sure that the log still begins with what was published. Raises TamperedError ``log.fork``.

        ``saved`` must have been read before ``now``, or under the write lock: else somebody may publish in between. A
        head that this process has itself appended to a proved one needs no further proof: call :meth:`follow`.
        """
        if saved is None or self._proved == (saved, now.root):
            return
        checkpoint = Checkpoint.parse(saved)
        if checkpoint.origin != self.origin or not begins_with(connection, checkpoint, now):
            raise TamperedError(
                "log.fork",
                f"账本与已公布的检查点({checkpoint.origin},第 {checkpoint.size} 号)不符:"
                f"现有 {now.position} 条,历史被改写或截短,拒绝继续签发。",
                hint="什么也没有记入。请停止使用,保留现状,从备份恢复或查明原因。",
            )
        self._proved = saved, now.root

    def follow(self, root: bytes) -> None:
        """Note that the log now has this root, reached by appending to what was proved."""
        self._proved = self._proved[0], root

    def publish(self, connection: Connection, now: Head, note: str) -> None:
        """Keep ``note``, a checkpoint of this log, as the one that was shown to others.

        Raises TamperedError ``log.fork`` (the log does not begin with what was published before, or with ``note``),
        StorageError. Signatures of the same checkpoint that were kept before stay under it.
        """
        refuse_foreign(connection, now, note)
        checkpoint, saved = Checkpoint.parse(note), self.read()
        kept = Checkpoint.parse(saved) if saved else None
        if kept is not None and kept.size > checkpoint.size:
            return
        self.check(connection, now, saved)
        if saved is not None and kept == checkpoint:
            note = str(_merged(saved, note))
        try:
            replace_file(self.path, note)
        except OSError as error:
            raise StorageError(
                "storage.published_not_saved",
                f"已公布检查点的文件写不进:{self.path}({system_reason(error)})",
                hint="请修好该目录的权限或空间后重试。",
            ) from error


def refuse_foreign(connection: Connection, now: Head, note: str) -> None:
    """Refuse a checkpoint that the log did not grow out of. Raises TamperedError ``log.foreign_checkpoint``."""
    checkpoint, here = Checkpoint.parse(note), Checkpoint.parse(now.checkpoint)
    if checkpoint.origin != here.origin or not begins_with(connection, checkpoint, now):
        raise TamperedError(
            "log.foreign_checkpoint",
            f"检查点({checkpoint.origin},第 {checkpoint.size} 号)不是这本账的,或者历史被改写过。",
            hint="没有签名,也没有公布。请核对文件;确是这本账的,请停止使用并查明原因。",
        )


def _merged(saved: str, fresh: str) -> Note:
    """Return the note with the signatures of both."""
    merged = signed_note(saved)
    for signature in signed_note(fresh).signatures:
        merged = merged.with_signature(signature)
    return merged
