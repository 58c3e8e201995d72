"""The split of the five rights: five panels over one population, by kind of holder.

Ownership, operation, income and disposal are additive: each asset's value is apportioned to its holders by their exact
shares, so that a panel adds up to the whole to the fen. Supervision is coverage: an asset under two supervisors counts
with each (assets.md 2.4). What nobody decided is a row, not a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from ledger.codes import AssetClass, HolderKind, Right
from ledger.money import apportion, percent
from projections.latest import latest, written_by
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_asset, fact_holding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, Select, Subquery

__all__ = ["RightRow", "rights"]

NONE, UNSETTLED, UNCOVERED = "none", "unsettled", "uncovered"
_STATE_NAMES = {NONE: "无(依性质)", UNSETTLED: "未明确", UNCOVERED: "未覆盖"}
_KIND_NAMES = {**{str(kind): kind.zh for kind in HolderKind}, **_STATE_NAMES}
_CLASS_NAMES = {str(code): code.zh for code in AssetClass}
_ORDER = {kind: number for number, kind in enumerate(_KIND_NAMES)}
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class RightRow:
    """What one kind of holder has of one right in one place.

    ``assets`` counts an asset once, with its main holder; ``assets_touched`` with every kind that has a share in it.
    ``whole_assets`` and ``whole_value_fen`` are the population; ``percent`` is the share of value.
    """

    place: Place
    right: str
    right_name: str
    holder_kind: str
    holder_kind_name: str
    assets: int
    assets_touched: int
    value_fen: int
    whole_assets: int
    whole_value_fen: int
    percent: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Held(NamedTuple):
    """One row of the select: an asset, and one holding of one of its rights (all empty where nothing is recorded)."""

    part: str
    asset: str
    value_fen: int
    right: str | None
    status: str | None
    holder_kind: str | None
    numerator: int | None
    denominator: int | None


@dataclass(slots=True)
class _Sum:
    assets: int = 0
    touched: int = 0
    value_fen: int = 0

    def add(self, other: _Sum) -> None:
        self.assets += other.assets
        self.touched += other.touched
        self.value_fen += other.value_fen


def rights(engine: Engine, question: Question) -> Answer[RightRow]:
    """Return the split of the five rights over the assets of an area, by county, town or asset class, and in total.

    ``question.year`` limits the population to assets of projects of one plan year. No rule pack is needed. Raises
    ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        panels: dict[tuple[str | None, str, str], _Sum] = {}
        population: dict[str | None, _Sum] = {}
        for part, value_fen, split in _assets(scope):
            for key in (part, None):
                population.setdefault(key, _Sum()).add(_Sum(1, 1, value_fen))
                for (right, kind), piece in split.items():
                    panels.setdefault((key, right, kind), _Sum()).add(piece)
        places = scope.places(
            (part for part in population if part is not None), lambda code: _CLASS_NAMES.get(code, code)
        )
        rows = tuple(
            _row(place, right, kind, panels[key, right, kind], population[key])
            for key, place in places
            for right in Right
            for kind in _ORDER
            if (key, right, kind) in panels
        )
        return Answer("rights", scope, rows, {"supervision": "coverage"})


def _row(place: Place, right: Right, kind: str, held: _Sum, whole: _Sum) -> RightRow:
    return RightRow(
        place=place,
        right=str(right),
        right_name=right.zh,
        holder_kind=kind,
        holder_kind_name=_KIND_NAMES[kind],
        assets=held.assets,
        assets_touched=held.touched,
        value_fen=held.value_fen,
        whole_assets=whole.assets,
        whole_value_fen=whole.value_fen,
        percent=percent(held.value_fen, whole.value_fen),
    )


def _assets(scope: Scope) -> Iterator[tuple[str, int, dict[tuple[str, str], _Sum]]]:
    """Yield every asset's part, value and split: one asset in memory at a time."""
    streamed = scope.connection.execution_options(yield_per=_BATCH).execute(_select(scope))
    for _, group in groupby(map(_Held._make, streamed), key=lambda row: row.asset):
        rows = list(group)
        split: dict[tuple[str, str], _Sum] = {}
        for right in Right:
            held = [row for row in rows if row.right == right]
            pieces = _supervised if right is Right.SUPERVISION else _split
            for kind, piece in pieces(rows[0].value_fen, held).items():
                split[str(right), kind] = piece
        yield scope.current(rows[0].part), rows[0].value_fen, split


def _split(value_fen: int, held: list[_Held]) -> dict[str, _Sum]:
    """Return what each kind has of one right of one asset; the values add up to the asset's."""
    if not held or held[0].status != "held":
        state = NONE if held and held[0].status == NONE else UNSETTLED
        return {state: _Sum(1, 1, value_fen)}
    shares = [(row.holder_kind or "", Fraction(row.numerator or 0, row.denominator or 1)) for row in held]
    rest = 1 - sum((share for _, share in shares), Fraction(0))
    if rest > 0:
        shares.append((UNSETTLED, rest))
    values = apportion(value_fen, [share for _, share in shares])
    main = max(range(len(shares)), key=lambda index: shares[index][1])
    split: dict[str, _Sum] = {}
    for index, (kind, _) in enumerate(shares):
        already = split.setdefault(kind, _Sum(0, 1, 0))
        already.add(_Sum(int(index == main), 0, values[index]))
    return split


def _supervised(value_fen: int, held: list[_Held]) -> dict[str, _Sum]:
    """Return the kinds that supervise one asset, each with all of it."""
    kinds = {row.holder_kind or "" for row in held if row.status == "held"}
    return {kind: _Sum(1, 1, value_fen) for kind in kinds or {UNCOVERED}}


def _select(scope: Scope) -> Select[tuple[str, str, int, str, str, str, int, int]]:
    assets, last_set, rows = _living_assets(scope), latest(scope, fact_holding, ("asset", "right")), fact_holding
    settings = last_set.join(rows, written_by(last_set, rows))
    return (
        select(
            assets.c.part,
            assets.c.asset,
            assets.c.value_fen,
            *(rows.c[name] for name in ("right", "status", "holder_kind", "numerator", "denominator")),
        )
        .select_from(assets.outerjoin(settings, last_set.c.asset == assets.c.asset))
        .order_by(assets.c.asset, rows.c.right, rows.c.line)
    )


def _living_assets(scope: Scope) -> Subquery:
    """Return a select of the assets that were identified and not taken back."""
    facts = fact_asset.c
    part = {"area": facts.area, "town": facts.town, "type": facts.asset_class}[scope.by].label("part")
    found = (
        select(facts.asset, facts.value_fen, part)
        .where(scope.within(fact_asset))
        .group_by(facts.origin, facts.asset, facts.value_fen, part)
        .having(func.sum(facts.sign) > 0)
    )
    return (found if scope.year is None else found.where(facts.year == scope.year)).subquery()
