"""Events about copies of the ledger: a backup was proved by restoring it; an older backup was put in its place."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Event

__all__ = ["BackupRestored", "BackupVerified"]

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""

Size = Annotated[int, Field(ge=0, strict=True)]
"""A number of events, or of bytes."""


class BackupVerified(Event):
    """A backup was restored into a scratch place and its whole log verified there, up to ``size`` and ``root``.

    ``file_hash`` and ``file_bytes`` are of the ledger file in it; ``with_vault`` tells whether it holds the vault too.
    """

    TOPIC: ClassVar[str] = "backup.verified"

    size: Size
    root: Hash
    file_hash: Hash
    file_bytes: Size
    with_vault: bool = False

    @property
    @override
    def stream(self) -> str:
        return streams.BACKUPS


class BackupRestored(Event):
    """The ledger goes on from a backup of ``size`` events that is older than what had been acknowledged.

    What was recorded after ``size`` up to ``lost_size`` (its root then was ``lost_root``) is lost and must be entered
    again; ``reason`` says why nothing better was there.
    """

    TOPIC: ClassVar[str] = "backup.restored"

    size: Size
    root: Hash
    lost_size: Size
    lost_root: Hash

    @property
    @override
    def stream(self) -> str:
        return streams.BACKUPS
