"""The industry share by every pair of a rule pack, from one set of money cells.

The report, its what-if and the quarterly figures all go through here, so that one place decides what a share is. The
verdict compares integers, never the rounded percentage.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from ledger.money import meets, percent
from projections.money import amount, cells_of, of_projects
from projections.scope import Place, Scope, as_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.rules.model import MoneyQuantity, RulePack, SharePair, Threshold
    from projections.money import Cell

__all__ = ["ShareRow", "Sums", "default_pair", "pair_cells", "pair_definitions", "share_rows", "threshold_of"]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One pair in one place. Threshold and verdict are None where no rule sets one or nothing was issued.

    ``short_fen`` is the money missing to the threshold, ``unallocated_fen`` the money of the denominator that is not
    yet in projects. ``denominator_of`` says whether the denominator is the row's own or the whole area's. ``base_met``
    is the second test, not below the share of ``base_year``: None without such a rule, or without money in that year.
    ``adjustable_projects`` could take ``adjustable_fen`` more; only asked where money is missing.
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
    base_year: int | None = None
    base_numerator_fen: int | None = None
    base_denominator_fen: int | None = None
    base_percent: str | None = None
    base_met: bool | None = None
    adjustable_projects: int | None = None
    adjustable_fen: int | None = None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class Sums:
    """Money quantities in fen over the cells of an area: of one of its parts, or of the whole (part None)."""

    def __init__(self, scope: Scope, cells: Iterable[Cell]) -> None:
        self._industry_types = scope.rules.industry_types(scope.rule_day)
        self._whole = list(cells)
        self._by_part: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell in self._whole:
            self._by_part[cell.part].append(cell)
        self._summed: dict[tuple[str, str | None], int] = {}  # pairs share their quantities; a pack names each once

    @property
    def parts(self) -> set[str]:
        """The parts in which any money lies."""
        return set(self._by_part)

    def fen(self, quantity: MoneyQuantity, part: str | None) -> int:
        """Return the quantity in fen."""
        key = quantity.id, part
        if key not in self._summed:
            within = self._whole if part is None else self._by_part.get(part, [])
            self._summed[key] = amount(quantity, within, self._industry_types)
        return self._summed[key]

    def quotient(
        self, scope: Scope, part: str | None, numerator: MoneyQuantity, denominator: MoneyQuantity
    ) -> tuple[int, int, str]:
        """Return both sides, and whether the denominator is the ``row``'s own or the ``total``'s.

        Money issued to an area has neither town nor type: such a part is measured against the whole area's money.
        """
        own = part is None or scope.by == "area" or of_projects(denominator)
        sides = self.fen(numerator, part), self.fen(denominator, part if own else None)
        return (*sides, "row" if own else "total")


def default_pair(pack: RulePack) -> SharePair:
    """Return the pair to quote when no other is named."""
    return next(pair for pair in pack.share_pairs if pair.default)


def pair_cells(scope: Scope) -> list[Cell]:
    """Return the cells that the pairs of the pack need. Raises NotFoundError when no pack was in force."""
    pairs = scope.rules.share_pairs
    return cells_of(scope, [each for pair in pairs for each in (pair.numerator, pair.denominator, pair.remainder)])


def share_rows(scope: Scope, cells: list[Cell]) -> tuple[ShareRow, ...]:
    """Return one row for each part and pair over ``pair_cells``, the default pair first and the total last."""
    pack = scope.rules
    sums = Sums(scope, cells)
    pairs = sorted(pack.share_pairs, key=lambda pair: not pair.default)

    @cache
    def base(year: int) -> Sums:
        then = replace(scope, year=year, as_of=min(scope.as_of, date(year, 12, 31)))
        return Sums(then, pair_cells(then))

    return tuple(
        _row(scope, pair, place, part=part, sums=sums, base=base)
        for part, place in scope.places(sums.parts, pack.type_name)
        for pair in pairs
    )


def _row(
    scope: Scope, pair: SharePair, place: Place, *, part: str | None, sums: Sums, base: Callable[[int], Sums]
) -> ShareRow:
    numerator, denominator, denominator_of = sums.quotient(scope, part, pair.numerator, pair.denominator)
    judged = scope.by == "area" or part is None
    threshold = threshold_of(scope.rules, pair, place.area, scope.plan_year) if judged else None
    met = meets(numerator, denominator, threshold.share) if threshold else None
    row = ShareRow(
        place=place,
        year=scope.plan_year,
        pair=pair.id,
        default=pair.default,
        numerator_fen=numerator,
        denominator_fen=denominator,
        denominator_of=denominator_of,
        percent=percent(numerator, denominator),
        threshold_percent=threshold.percent if threshold else None,
        threshold_firm=threshold.firm if threshold else None,
        threshold_source=threshold.source if threshold else None,
        met=met,
        short_fen=_short(numerator, denominator, threshold) if threshold and met is not None else None,
        unallocated_fen=sums.fen(pair.remainder, part) if judged else None,
    )
    if threshold is None or threshold.base_year is None:
        return row
    before, whole, _ = base(threshold.base_year).quotient(scope, part, pair.numerator, pair.denominator)
    return replace(
        row,
        base_year=threshold.base_year,
        base_numerator_fen=before,
        base_denominator_fen=whole,
        base_percent=percent(before, whole),
        base_met=meets(numerator, denominator, Fraction(before, whole)) if whole else None,
    )


def threshold_of(pack: RulePack, pair: SharePair, area: str, year: int) -> Threshold | None:
    """Return the threshold set for exactly the levels of money that the pair's numerator asks about, or None."""
    terms = pair.numerator.terms
    kinds = frozenset(kind for term in terms for kind in term.fund_kinds)
    return pack.threshold(area, kinds, frozenset(level for term in terms for level in term.levels), year)


def _short(numerator: int, denominator: int, threshold: Threshold) -> int:
    required = -(-threshold.share.numerator * denominator // threshold.share.denominator)
    return max(0, required - numerator)


def pair_definitions(pack: RulePack) -> list[dict[str, object]]:
    """Return what each pair is, in words and with its source, as ``docs/reference/json.md`` says."""
    return [_definition(pair) for pair in pack.share_pairs]


def _definition(pair: SharePair) -> dict[str, object]:
    named = {"numerator": pair.numerator, "denominator": pair.denominator, "unallocated": pair.remainder}
    return {
        "pair": pair.id,
        "name": pair.name,
        "source": pair.source,
        **{key: {"id": each.id, "name": each.name, "source": each.source} for key, each in named.items()},
    }
