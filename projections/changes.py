"""The share before and after hypothetical allocations, pair by pair, with both integers of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from projections.quotients import share_rows
from projections.scope import Place, Scope, as_fields

if TYPE_CHECKING:
    from projections.hypothesis import Hypothesis
    from projections.money import Cell
    from projections.quotients import ShareRow

__all__ = ["ChangeRow", "what_if_of"]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One pair in one place: as it stands, and as it would stand (``…_after…``)."""

    place: Place
    pair: str
    default: bool
    numerator_fen: int
    denominator_fen: int
    percent: str | None
    numerator_after_fen: int
    denominator_after_fen: int
    percent_after: str | None
    threshold_percent: str | None
    met: bool | None
    met_after: bool | None
    short_fen: int | None
    short_after_fen: int | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def what_if_of(scope: Scope, cells: list[Cell], hypothesis: Hypothesis) -> dict[str, object]:
    """Return the allocations and what they would change, as ``docs/reference/json.md`` says.

    ``cells`` are those of the report as it stands; the same quantities are computed over them and those that the
    allocations add.
    """
    after = {(row.place, row.pair): row for row in share_rows(scope, [*cells, *hypothesis.cells()])}
    # An allocation can bring in a part that had no money: as it stands it is all zero.
    parts = {cell.part for cell in hypothesis.cells()} - {cell.part for cell in cells}
    before = share_rows(scope, [*cells, *(cell._replace(fen=0) for cell in hypothesis.cells() if cell.part in parts)])
    return {
        "allocations": [
            {
                "tranche": event.tranche,
                "project": event.project,
                "area": event.area,
                "project_type": event.project_type,
                "amount_fen": event.amount_fen,
            }
            for event in hypothesis.allocated
        ],
        "rows": [_change(row, after[row.place, row.pair]).as_json() for row in before],
    }


def _change(before: ShareRow, after: ShareRow) -> ChangeRow:
    return ChangeRow(
        place=before.place,
        pair=before.pair,
        default=before.default,
        numerator_fen=before.numerator_fen,
        denominator_fen=before.denominator_fen,
        percent=before.percent,
        numerator_after_fen=after.numerator_fen,
        denominator_after_fen=after.denominator_fen,
        percent_after=after.percent,
        threshold_percent=before.threshold_percent,
        met=before.met,
        met_after=after.met,
        short_fen=before.short_fen,
        short_after_fen=after.short_fen,
    )
