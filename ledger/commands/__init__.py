"""From an operator's command to decided events: load, decide, record."""

from __future__ import annotations

from ledger.commands.handlers import handle
from ledger.commands.work import Kind, Work

__all__ = ["Kind", "Work", "handle"]
