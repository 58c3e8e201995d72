"""From an operator's command to decided events: load, decide, record."""

from __future__ import annotations

# Importing them registers their handlers.
from ledger.commands import (
    affairs,
    asset_changes,
    assets,
    care,
    contracts,
    custody,
    income,
    ledger_itself,
    money,
    notices,
    people,
    projects,
)
from ledger.commands.dispatch import body_of, commands_in, handle
from ledger.commands.work import Kind, Work

__all__ = [
    "Kind",
    "Work",
    "affairs",
    "asset_changes",
    "assets",
    "body_of",
    "care",
    "commands_in",
    "contracts",
    "custody",
    "handle",
    "income",
    "ledger_itself",
    "money",
    "notices",
    "people",
    "projects",
]
