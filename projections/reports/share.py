"""The industry share: how much of the money went to industry, by every pair of numerator and denominator.

The pair decides the answer (funds.md 2.4: one real notice gives 56.77, 64.66 or 65.31 per cent), so all pairs of the
rule pack are shown, each with both integers. The verdict compares integers, never the rounded percentage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.money import meets, percent
from projections.money import amount, cells_of, of_projects
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.rules.model import MoneyQuantity, RulePack, SharePair, Threshold
    from projections.money import Cell

__all__ = ["ShareRow", "share"]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One pair in one place. Threshold and verdict are None where no rule sets one or nothing was issued.

    ``short_fen`` is the money missing to the threshold, ``unallocated_fen`` the money of the denominator that is not
    yet in projects. ``denominator_of`` says whether the denominator is the row's own or the whole area's.
    """

    place: Place
    year: int
    pair: str
    default: bool
    numerator_fen: int
    denominator_fen: int
    denominator_of: str
    percent: str | None
    threshold_percent: str | None
    threshold_firm: bool | None
    threshold_source: str | None
    met: bool | None
    short_fen: int | None
    unallocated_fen: int | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def share(engine: Engine, question: Question) -> Answer[ShareRow]:
    """Return the industry share of an area and plan year, by county, town or project type, and in total.

    Raises:
        NotFoundError: no rule pack was in force.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        pack = scope.rules
        quantities = {
            each.id: each for pair in pack.share_pairs for each in (pair.numerator, pair.denominator, pair.remainder)
        }
        cells = cells_of(scope, quantities.values())
        industry_types = pack.industry_types(scope.rule_day)
        places = scope.places((cell.part for cell in cells), pack.type_name)
        rows = tuple(
            _row(scope, pair, place, _Amounts(key, cells, industry_types))
            for key, place in places
            for pair in sorted(pack.share_pairs, key=lambda pair: not pair.default)
        )
        return Answer("share", scope, rows, {"definitions": [_definition(pair) for pair in pack.share_pairs]})


class _Amounts:
    """The quantities of one place and of the whole area."""

    def __init__(self, part: str | None, cells: list[Cell], industry_types: frozenset[str]) -> None:
        self.is_total = part is None
        self._whole = cells
        self._here = cells if part is None else [cell for cell in cells if cell.part == part]
        self._industry_types = industry_types

    def here(self, quantity: MoneyQuantity) -> int:
        return amount(quantity, self._here, self._industry_types)

    def whole(self, quantity: MoneyQuantity) -> int:
        return amount(quantity, self._whole, self._industry_types)


def _row(scope: Scope, pair: SharePair, place: Place, amounts: _Amounts) -> ShareRow:
    # Money issued to an area has neither town nor type: such a part is measured against the whole area's money.
    own = scope.by == "area" or amounts.is_total or of_projects(pair.denominator)
    numerator = amounts.here(pair.numerator)
    denominator = amounts.here(pair.denominator) if own else amounts.whole(pair.denominator)
    judged = scope.by == "area" or amounts.is_total
    threshold = _threshold(scope.rules, pair, place.area, scope.plan_year) if judged else None
    met = meets(numerator, denominator, threshold.share) if threshold else None
    return ShareRow(
        place=place,
        year=scope.plan_year,
        pair=pair.id,
        default=pair.default,
        numerator_fen=numerator,
        denominator_fen=denominator,
        denominator_of="row" if own else "total",
        percent=percent(numerator, denominator),
        threshold_percent=threshold.percent if threshold else None,
        threshold_firm=threshold.firm if threshold else None,
        threshold_source=threshold.source if threshold else None,
        met=met,
        short_fen=_short(numerator, denominator, threshold) if threshold and met is not None else None,
        unallocated_fen=amounts.here(pair.remainder) if judged else None,
    )


def _short(numerator: int, denominator: int, threshold: Threshold) -> int:
    required = -(-threshold.share.numerator * denominator // threshold.share.denominator)
    return max(0, required - numerator)


def _threshold(pack: RulePack, pair: SharePair, area: str, year: int) -> Threshold | None:
    """Return the first threshold set for a kind and level of money that the pair's numerator asks about."""
    found = [pack.threshold(area, kind, level, year) for kind, level in sorted(pair.numerator.scopes)]
    return next((threshold for threshold in found if threshold is not None), None)


def _definition(pair: SharePair) -> dict[str, object]:
    named = {"numerator": pair.numerator, "denominator": pair.denominator, "unallocated": pair.remainder}
    return {
        "pair": pair.id,
        "name": pair.name,
        "source": pair.source,
        **{key: {"id": each.id, "name": each.name, "source": each.source} for key, each in named.items()},
    }
