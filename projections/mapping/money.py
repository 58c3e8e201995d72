"""Facts of money: tranches, and the money of projects tranche by tranche."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger import events as e
from projections.mapping.rows import FUND, NO_PROJECT, PROJECT_REACHED, FactRow, Mapping, Stamp, at_line, of_project

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

__all__ = ["CAUSES", "MAPPINGS"]

CAUSES: Final = {
    "surplus": "surplus",
    "recovered": "reclaimed",
    "adjusted": "adjusted",
    "replaced": "adjusted",
    "reallocated": "adjusted",
}
"""What money that left a project counts as, by its cause."""


def _issued(event: e.TrancheIssued, stamp: Stamp) -> list[FactRow]:
    origin = (event.issuer, "", event.document, int(event.advance), event.amount_fen)
    marks = (int(event.direct), int(event.incentive), event.project_code, event.income_item, event.expenditure_item)
    return [
        ("fact_money", (*stamp, event.amount_fen, "issued", *FUND(event), *NO_PROJECT, "", event.document)),
        ("fact_tranche", (*stamp, *FUND(event), *origin, *marks, "", "")),
    ]


def _received(event: e.TrancheReceived, stamp: Stamp) -> list[FactRow]:
    origin = ("", event.parent, event.document, 0, event.amount_fen)
    holder = (0, 0, "", "", "", event.town, event.unit)
    return [*_moved("received")(event, stamp), ("fact_tranche", (*stamp, *FUND(event), *origin, *holder))]


def _moved(measure: str) -> Mapping:
    """Return the mapping of an event that moves money of a tranche without a project."""

    def rows(event: e.TrancheDistributed, stamp: Stamp) -> list[FactRow]:
        link = (event.transfer_id, event.document)
        return [("fact_money", (*stamp, event.amount_fen, measure, *FUND(event), *NO_PROJECT, *link))]

    return rows


def _carried_over(event: e.TrancheCarriedOver, stamp: Stamp) -> list[FactRow]:
    link = ("", event.document)
    return [("fact_money", (*stamp, event.balance_fen, "carried_over", *FUND(event), *NO_PROJECT, *link))]


def _between(measure: str, sign: int) -> Mapping:
    """Return the mapping of the tranche's leg of a movement between it and a project."""

    def rows(event: e.MoneyAllocated, stamp: Stamp) -> list[FactRow]:
        link = (event.transfer_id, event.document)
        return [("fact_money", (*stamp, sign * event.amount_fen, measure, *FUND(event), *of_project(event), *link))]

    return rows


def _funded(event: e.ProjectFunded, stamp: Stamp) -> list[FactRow]:
    return [
        *_between("funded", 1)(event, stamp),
        ("fact_milestone", (*stamp, "project", "allocated", *PROJECT_REACHED(event))),
    ]


def _withdrawn(event: e.MoneyWithdrawn, stamp: Stamp) -> list[FactRow]:
    return [
        *_between("funded", -1)(event, stamp),
        *_between(CAUSES[event.cause], 1)(event, at_line(stamp, 1)),
    ]


def _spent(measure: str, sign: int = 1) -> Mapping:
    """Return the mapping of an event about allocated money that went one step further, or (-1) one step back."""

    def rows(event: e.MoneyPaid, stamp: Stamp) -> list[FactRow]:
        dimensions = (*FUND(event), *of_project(event), "", event.document)
        return [("fact_money", (*stamp, sign * event.amount_fen, measure, *dimensions))]

    return rows


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.TrancheIssued: _issued,
    e.TrancheReceived: _received,
    e.TrancheDistributed: _moved("distributed"),
    e.TrancheRecovered: _moved("recovered"),
    e.TrancheReturned: _moved("returned"),
    e.TrancheCarriedOver: _carried_over,
    e.MoneyAllocated: _between("allocated", 1),
    e.MoneyRegained: _between("allocated", -1),
    e.ProjectFunded: _funded,
    e.MoneyWithdrawn: _withdrawn,
    e.MoneyReleased: _spent("released"),
    e.ReleaseReturned: _spent("released", -1),
    e.MoneyPaid: _spent("paid"),
    e.PaymentRefunded: _spent("paid", -1),
    e.MoneyReimbursed: _spent("reimbursed"),
    e.RetentionHeld: _spent("retained"),
    e.RetentionReleased: _spent("retained", -1),
}
