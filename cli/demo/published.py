"""The published figures through the real ledger: recorded, reported, compared."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cli.demo.batches import Batch, opening
from cli.demo.cases import dachuan, fengquan, kezhou, yanjin
from cli.demo.figures import list_areas

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cli.demo.checks import Check

__all__ = ["ORIGIN", "batches", "checks"]

ORIGIN = "published.demo.xianjie.example/ledger"
_CASES = (dachuan, kezhou, yanjin, fengquan)
_OPENED = date(2021, 12, 1)


def batches() -> list[Batch]:
    """Return everything that is recorded: the opening, the areas, and each case."""
    # The program ships only 六盘水, so the ledger is opened there and the other counties are listed in it.
    first = opening("520200", "公布数字核对账本(演示)", ORIGIN, _OPENED, date(2012, 1, 1))
    areas = Batch("areas", "area load", "", (list_areas(_OPENED),))
    return [first, areas, *(batch for case in _CASES for batch in case.batches())]


def checks(engine: Engine) -> list[Check]:
    """Return the comparison of every published figure with the one that comes out of the ledger."""
    return [check for case in _CASES for check in case.checks(engine)]
