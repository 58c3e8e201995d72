"""What became of the money of tranches, summed under any dimensions: the figures that several reports begin with."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from ledger.codes import FundKind, FundLevel, TaskDirection
from projections.tables import fact_money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Table

    from projections.scope import Scope

__all__ = ["LEGS", "Movements", "in_order", "movements", "of_year"]

LEGS: Final = ("received", "distributed", "recovered", "returned")
"""Measures of money that moves from one tranche to another, or is taken back."""

_PLACES: Final = {str(code): n for codes in (FundKind, FundLevel, TaskDirection) for n, code in enumerate(codes, 1)}
_ASKED: Final = ("issued", *LEGS, "allocated", "released", "paid")


class Movements(Counter[str]):
    """Fen by measure, and what follows from them without any rule."""

    @property
    def stayed(self) -> int:
        """What arrived and was neither handed down nor taken back."""
        return self["issued"] + self["received"] + self["returned"] - self["distributed"] - self["recovered"]

    @property
    def came(self) -> int:
        """What arrived and was not taken back, handed down or not."""
        return self["issued"] + self["received"] - self["recovered"]

    @property
    def handed_down(self) -> int:
        """What was distributed and did not come back."""
        return self["distributed"] - self["returned"]

    @property
    def unallocated(self) -> int:
        """What stayed and is in no project."""
        return self.stayed - self["allocated"]

    @property
    def unreleased(self) -> int:
        """What is in a project and was not released."""
        return self["allocated"] - self["released"]

    @property
    def unpaid(self) -> int:
        """What was released and not paid."""
        return self["released"] - self["paid"]


def movements(scope: Scope, keys: Sequence[str], year: int | None) -> dict[tuple[Any, ...], Movements]:
    """Return the sums under each combination of the keys (columns of ``fact_money``), of one plan year or of all."""
    columns = [fact_money.c[key] for key in keys]
    summed = (
        select(*columns, fact_money.c.measure, func.sum(fact_money.c.amount_fen))
        .where(fact_money.c.measure.in_(_ASKED), scope.within(fact_money), *of_year(fact_money, year))
        .group_by(*columns, fact_money.c.measure)
    )
    found: dict[tuple[Any, ...], Movements] = {}
    for *key, measure, fen in scope.connection.execute(summed):
        found.setdefault(tuple(key), Movements())[measure] = int(fen)
    return found


def of_year(facts: Table, year: int | None) -> list[ColumnElement[bool]]:
    """Return the condition for facts of a plan year; none for all years."""
    return [] if year is None else [facts.c.plan_year == year]


def in_order(codes: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Return the key that sorts kinds, levels and task directions as their lists do; an empty one comes first."""
    return tuple((_PLACES.get(code, len(_PLACES)) if code else 0, code) for code in codes)
