"""Who held which right of which asset on a day: of several settings of one right the newest counts, as a whole."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, func, or_, select

from ledger.codes import Right
from ledger.rules.rights import NamedRight, named_rights
from projections.assets import standing
from projections.tables import fact_holding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select, Subquery

    from projections.scope import Scope

__all__ = [
    "Held",
    "assets_of_holder",
    "assets_of_villages",
    "held",
    "held_at",
    "newest_settings",
    "one_holder",
    "rights_of_day",
]

_SETTING: Final = ("asset", "right", "position", "status", "holder_kind", "holders", "numerator", "denominator")
_BATCH: Final = 2_000


class Held(NamedTuple):
    """One holder's share of one right of an asset; without a holder where ``status`` is not ``held``.

    ``right`` is empty where nothing was ever said about the rights of the asset.
    """

    right: str
    status: str
    holder: str
    kind: str
    name: str
    village: str
    share: Fraction
    basis: str
    since: str
    due_on: str
    document: str
    position: int

    def as_json(self) -> dict[str, object]:
        """Return the holding with its share as two integers, 0 of 1 where nobody holds."""
        names = ("status", "holder", "kind", "name", "village")
        return {
            **{name: getattr(self, name) for name in names},
            "numerator": self.share.numerator,
            "denominator": self.share.denominator,
            "basis": self.basis or None,
            "since": self.since,
            "due_on": self.due_on or None,
            "document": self.document,
            "position": self.position,
        }


def newest_settings(scope: Scope) -> Subquery:
    """Return a select of the newest setting of each right of each asset, wherever: its first row stands for it."""
    facts = fact_holding.c
    newest_first = (facts.effective_on.desc(), facts.origin.desc())
    order = func.row_number().over(partition_by=(facts.asset, facts.right), order_by=newest_first).label("nth")
    ranked = (
        select(*(facts[name] for name in _SETTING), order)
        .where(facts.line == 0, standing(scope, fact_holding))
        .subquery()
    )
    return select(*(ranked.c[name] for name in _SETTING)).where(ranked.c.nth == 1).subquery()


def one_holder(settings: Subquery) -> ColumnElement[bool]:
    """Return the condition for settings by which one holder has the whole right, or nobody has it."""
    whole = and_(settings.c.holders == 1, settings.c.numerator == settings.c.denominator)
    return or_(settings.c.holders == 0, whole)


def assets_of_holder(scope: Scope, holder: str) -> Select[tuple[str]]:
    """Return a select of the assets in which the holder has a share of some right."""
    settings, facts = newest_settings(scope), fact_holding.c
    named = select(facts.position).where(facts.holder == holder, scope.happened(fact_holding))
    return select(settings.c.asset).where(settings.c.position.in_(named))


def assets_of_villages(scope: Scope) -> Select[tuple[str]]:
    """Return a select of the assets whose owners belong to several villages."""
    settings, facts = newest_settings(scope), fact_holding.c
    return (
        select(settings.c.asset)
        .join(fact_holding, facts.position == settings.c.position)
        .where(settings.c.right == Right.OWNERSHIP, settings.c.holders > 1, facts.holder_village != "")
        .group_by(settings.c.asset)
        .having(func.count(facts.holder_village.distinct()) > 1)
    )


def held(scope: Scope, assets: Subquery, settings: Subquery) -> Iterator[tuple[Any, list[Held]]]:
    """Yield each asset's row, and the holdings of its rights, those of one right in the order of recording.

    ``assets`` has a column ``asset``, ``settings`` are those of ``newest_settings``. One asset is in memory at a time.
    """
    every = assets.outerjoin(settings, settings.c.asset == assets.c.asset)
    wanted = (
        select(*assets.c, *_columns())
        .select_from(every.outerjoin(fact_holding, fact_holding.c.position == settings.c.position))
        .order_by(assets.c.asset, fact_holding.c.right, fact_holding.c.line)
    )
    width = len(assets.c)
    streamed = scope.connection.execution_options(yield_per=_BATCH).execute(wanted)
    for _, group in groupby(streamed, key=lambda row: row.asset):
        rows = list(group)
        yield rows[0], [_held(row[width:]) for row in rows if row[width] is not None]


def held_at(scope: Scope, positions: Sequence[int]) -> Iterator[list[Held]]:
    """Yield the holdings that each of the positions set, in their order."""
    for start in range(0, len(positions), _BATCH):
        batch = positions[start : start + _BATCH]
        wanted = select(*_columns()).where(fact_holding.c.position.in_(batch)).order_by(fact_holding.c.line)
        found: dict[int, list[Held]] = {}
        for row in scope.connection.execute(wanted):
            holding = _held(row)
            found.setdefault(holding.position, []).append(holding)
        yield from (found[position] for position in batch)


def _columns() -> list[ColumnElement[Any]]:
    facts = fact_holding.c
    words = (facts.holder, facts.holder_kind, facts.holder_name, facts.holder_village)
    about = (facts.basis, facts.effective_on, facts.due_on, facts.document, facts.position)
    return [facts.right, facts.status, *words, facts.numerator, facts.denominator, *about]


def _held(row: Sequence[Any]) -> Held:
    right, status, holder, kind, name, village, numerator, denominator, *about = row
    return Held(right, status, holder, kind, name, village, _share(numerator, denominator), *about)


@lru_cache(maxsize=1_000)
def _share(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)


def rights_of_day(scope: Scope) -> tuple[NamedRight, ...]:
    """Return the rights that the rules of the day know, the five where no pack is in force."""
    if scope.pack is None:
        return tuple(NamedRight(right.value, right.zh) for right in Right)
    return named_rights(scope.pack, scope.area, scope.as_of)
