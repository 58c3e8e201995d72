"""Facts of assets and of the rights to them."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from ledger import events as e
from projections.mapping.rows import FactRow, Mapping, Stamp, at_line

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

__all__ = ["MAPPINGS"]

_REACHED = attrgetter("asset", "area", "town", "village", "project_year", "asset_class", "document")
_ASSET = attrgetter(
    "asset", "project", "area", "town", "village", "project_year", "asset_class", "value_fen", "document"
)


def _reached(milestone: str) -> Mapping:
    """Return the mapping of an event that says no more than that an asset reached a milestone."""

    def rows(event: e.AssetConfirmed, stamp: Stamp) -> list[FactRow]:
        return [("fact_milestone", (*stamp, "asset", milestone, *_REACHED(event)))]

    return rows


def _identified(event: e.AssetIdentified, stamp: Stamp) -> list[FactRow]:
    words = (event.asset_form, event.name, event.quantity, int(event.provisional))
    more = (event.place, event.subclass, event.origin, "")
    return [
        *_reached("identified")(event, stamp),
        ("fact_asset", (*stamp, *_ASSET(event), *words, *more)),
    ]


def _right_set(event: e.RightSet, stamp: Stamp) -> list[FactRow]:
    due_on = event.due_on.isoformat() if event.due_on else ""
    setting = (*_ASSET(event), event.right, event.status, event.basis or "", due_on)
    holders = [(each.holder, each.kind, each.name, each.numerator, each.denominator) for each in event.holdings]
    return [
        ("fact_holding", (*at_line(stamp, line), *setting, *holder))
        for line, holder in enumerate(holders or [("", "", "", 0, 1)])
    ]


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.AssetIdentified: _identified,
    e.OwnershipNoticed: _reached("noticed"),
    e.AssetConfirmed: _reached("confirmed"),
    e.AssetCertified: _reached("certified"),
    e.AssetHandedOver: _reached("handed_over"),
    e.AssetBooked: _reached("booked"),
    e.RightSet: _right_set,
}
