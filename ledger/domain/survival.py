"""Decisions about copies of the ledger. What a backup holds was measured (``ledger.log.backup``), not typed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ledger.domain.command import Command, FileHash, Flag
from ledger.errors import RuleRefusedError
from ledger.events import BackupRestored, BackupVerified, Event

__all__ = ["RecordBackup", "RecordRestore", "decide_backup", "decide_restore"]

Size = Annotated[int, Field(ge=0, strict=True)]


class RecordBackup(Command):
    """Record that a backup was restored into a scratch place and verified there."""

    size: Size
    root: FileHash
    file_hash: FileHash
    file_bytes: Size
    with_vault: Flag = False


class RecordRestore(Command):
    """Record that the ledger goes on from an older backup, and what is lost by it."""

    size: Size
    root: FileHash
    lost_size: Size
    lost_root: FileHash


def decide_backup(command: RecordBackup, position: int) -> list[Event]:
    """Record a verified backup.

    Raises:
        RuleRefusedError: it holds more than the ledger does, so it is not a backup of this history.
    """
    if command.size > position:
        raise RuleRefusedError(
            "backup.ahead",
            f"备份到第 {command.size} 号,账本只到第 {position} 号",
            hint="请核对这是不是同一本账的备份;账本变短了的,先查明原因",
        )
    return [
        BackupVerified(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            size=command.size,
            root=command.root,
            file_hash=command.file_hash,
            file_bytes=command.file_bytes,
            with_vault=command.with_vault,
        )
    ]


def decide_restore(command: RecordRestore) -> list[Event]:
    """Record what a restore has lost.

    Raises:
        RuleRefusedError: without a reason.
    """
    if not command.reason:
        raise RuleRefusedError(
            "backup.loss_unfounded",
            f"恢复会丢失第 {command.size + 1} 至 {command.lost_size} 号,须说明原因",
            hint="请用 --reason 写明为什么只能用这份旧备份",
        )
    return [
        BackupRestored(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            size=command.size,
            root=command.root,
            lost_size=command.lost_size,
            lost_root=command.lost_root,
        )
    ]
