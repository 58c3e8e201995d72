"""Which field a refusal of the rules is about, where the rules do not say: one table for flags and for columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.errors import LedgerError

__all__ = ["field_of"]

_FIELDS: Final = {
    "area.": "area",
    "code.unknown_type": "project_type",
    "date.before_cause": "on",
    "date.future": "on",
    "document.": "document",
    "tranche.overdrawn": "amount_fen",
    "tranche.exists": "tranche",
    "tranche.unknown": "tranche",
    "project.overpaid": "amount_fen",
    "project.exists": "project",
    "project.unknown_type": "project_type",
    "project.unknown": "project",
    "project.not_listed": "project",
    "asset.exists": "asset",
    "asset.unknown": "asset",
    "right.share_differs": "holders",
    "share.": "holders",
}
"""By the code of the error, or how it begins: what is named there is what people must change."""


def field_of(error: LedgerError) -> str:
    """Return the field of the command that an error is about: the one it names, else by its code; empty if unknown."""
    if error.where:
        return error.where
    return next((field for code, field in _FIELDS.items() if error.code.startswith(code)), "")
