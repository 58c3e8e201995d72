"""Every report by its name, so that what holds for all of them (explaining, replaying, comparing) can ask each.

Imported one by one when asked for: a name that stands here is the only text that ever leads to an import.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final, TypeAlias

from ledger.errors import NotFoundError
from projections.scope import Answer

__all__ = ["REPORTS", "Report", "report_named"]

Report: TypeAlias = Callable[..., Answer[Any]]
"""Takes an engine, or a scope that is open already, and a question."""

REPORTS: Final = (
    *("share", "rates", "rights", "balance", "flow", "aging", "own_input", "execution", "tilt", "relocation"),
    *("pipeline", "progress", "performance", "findings", "arrears", "targets", "quarterly", "assets", "formation"),
    *("asset_rates", "income", "contracts_due", "upkeep_due", "idle", "discrepancies"),
)
"""All but the card of one asset, whose rows are the events themselves, each with its position."""


@cache
def report_named(name: str) -> Report:
    """Return the report of this name, written with ``-`` or ``_``. Raises NotFoundError."""
    plain = name.replace("-", "_")
    if plain not in REPORTS:
        known = "、".join(each.replace("_", "-") for each in REPORTS)
        raise NotFoundError("report.unknown", f"没有名为“{name[:40]}”的报表", hint=f"可用:{known}")
    found: Report = getattr(import_module(f"projections.reports.{plain}"), plain)
    return found
