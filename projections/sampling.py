"""A sample of entries of money for an auditor: reproducible by anyone who has the ledger and the seed.

Which entries are drawn depends on the seed and the position of each entry only: not on the program's
version, the database or the order of rows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from ledger.money import apportion
from projections.tables import fact_money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.scope import Scope

__all__ = ["STRATA", "Drawn", "Stratum", "sample"]

STRATA: Final = ("level", "area", "type", "amount")
_COLUMNS: Final = {"level": "level", "area": "area", "type": "project_type"}
_QUARTERS: Final = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn entry: its position, its money in fen, and the dimensions it has."""

    position: int
    effective_on: str
    amount_fen: int
    stratum: str
    area: str
    project: str
    level: str
    project_type: str
    document: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """One class of the population: how many entries and how much money it holds, and how many were drawn."""

    stratum: str
    entries: int
    amount_fen: int
    drawn: int


def sample(scope: Scope, measure: str, n: int, seed: str, stratify: str | None) -> tuple[list[Drawn], list[Stratum]]:
    """Draw ``n`` entries of a measure of the plan year that stand, in proportion to the strata by number of entries.

    Every stratum gives at least one where ``n`` allows it. ``amount`` makes four strata of equal numbers of entries, by
    rank of amount.
    """
    population = _population(scope, measure, stratify)
    strata: dict[str, list[Drawn]] = {}
    for each in population:
        strata.setdefault(each.stratum, []).append(each)
    names = sorted(strata)
    drawn: list[Drawn] = []
    summary: list[Stratum] = []
    for name, number in zip(names, _numbers([len(strata[name]) for name in names], n), strict=True):
        ranked = sorted(strata[name], key=lambda each: _lot(seed, each.position))
        drawn += ranked[:number]
        summary.append(Stratum(name, len(ranked), sum(each.amount_fen for each in ranked), number))
    return sorted(drawn, key=lambda each: each.position), summary


def _population(scope: Scope, measure: str, stratify: str | None) -> list[Drawn]:
    facts = fact_money.c
    dimensions = (facts.area, facts.project, facts.level, facts.project_type, facts.document)
    # The entry and its reversal share their origin and make nothing: what is left stands.
    standing = (
        select(facts.origin, facts.effective_on, func.sum(facts.amount_fen), *dimensions)
        .where(facts.measure == measure, facts.plan_year == scope.plan_year, scope.within(fact_money))
        .group_by(facts.origin, facts.effective_on, *dimensions)
        .having(func.sum(facts.amount_fen) != 0)
        .order_by(facts.origin)
    )
    found: list[dict[str, Any]] = []
    for origin, on, fen, area, project, level, project_type, document in scope.connection.execute(standing):
        found.append(
            {
                "position": origin,
                "effective_on": on,
                "amount_fen": int(fen),
                "area": area,
                "project": project,
                "level": level,
                "project_type": project_type,
                "document": document,
            }
        )
    if stratify == "amount":
        by_amount = sorted(found, key=lambda each: (each["amount_fen"], each["position"]))
        for rank, each in enumerate(by_amount):
            each["stratum"] = f"{rank * _QUARTERS // len(by_amount) + 1}/{_QUARTERS}"
    else:
        for each in found:
            each["stratum"] = each[_COLUMNS[stratify]] if stratify else ""
    return [Drawn(**each) for each in found]


def _numbers(sizes: Sequence[int], n: int) -> list[int]:
    """Return how many to draw from each stratum: all of them where there are no more than ``n``."""
    if sum(sizes) <= n:
        return list(sizes)
    if not sizes:
        return []
    floor = 1 if n >= len(sizes) else 0
    rest = [size - floor for size in sizes]
    more = apportion(n - floor * len(sizes), rest) if any(rest) else [0] * len(sizes)
    return [floor + each for each in more]


def _lot(seed: str, position: int) -> bytes:
    return hashlib.sha256(f"{seed}\n{position}".encode()).digest()
