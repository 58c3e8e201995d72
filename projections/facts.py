"""From one event to its facts: a stateless map that looks at nothing but the event.

``facts_of`` returns rows as ``(table name, values in column order)``; the order is that of ``projections.tables``. A
topic that gives rise to no fact is listed with ``_nothing``; an event class that is not listed is an error.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from ledger import events as e
from ledger.errors import TamperedError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FactRow", "facts_of"]

FactRow: TypeAlias = tuple[str, tuple[Any, ...]]
"""A table's name and the values of one row, in the order of its columns."""

Stamp: TypeAlias = tuple[Any, ...]
"""The six values with which every row begins (``tables.STAMP``)."""

_AMOUNT = 6  # where fact_money keeps the amount, right after the stamp

# Dimensions in column order. One C call fetches them all, which is what keeps the map fast.
_FUND = attrgetter("area", "plan_year", "level", "fund_kind", "direction", "tranche")
_NO_FUND = ("", "", "", "")
_PROJECT = attrgetter("town", "village", "project", "project_year", "project_type")
_NO_PROJECT = ("", "", "", 0, "", None)
_PROJECT_REACHED = attrgetter("project", "area", "town", "village", "project_year", "project_type", "document")
_ASSET_REACHED = attrgetter("asset", "area", "town", "village", "project_year", "asset_class", "document")


def facts_of(event: e.Event, position: int, recorded_at: str) -> list[FactRow]:
    """Return the facts of the event at this position, none for topics that state none.

    Raises:
        TamperedError: the event, or one that it reverses, is of a kind this program does not know.
    """
    if type(event) is e.EventReversed:
        return _cancelled(event, position, recorded_at)
    mapping = _MAPPINGS.get(type(event))
    if mapping is None:
        raise TamperedError(
            "facts.unmapped", f"没有规定事件类型“{event.TOPIC}”如何入表", hint="请升级程序后重建:xianjie db rebuild"
        )
    return mapping(event, (position, 0, position, 1, event.effective_on.isoformat(), recorded_at))


def _cancelled(event: e.EventReversed, position: int, recorded_at: str) -> list[FactRow]:
    """Return the facts of the reversed event with the opposite sign; they keep its business date and its origin."""
    reversed_event = e.registry.decode(event.reversed_topic, event.reversed_state.encode())
    rows: list[FactRow] = []
    for table, row in facts_of(reversed_event, event.reversed_position, recorded_at):
        rest = (-row[_AMOUNT], *row[_AMOUNT + 1 :]) if table == "fact_money" else row[_AMOUNT:]
        rows.append((table, (position, row[1], row[2], -row[3], row[4], recorded_at, *rest)))
    return rows


def _at_line(stamp: Stamp, line: int) -> Stamp:
    return (stamp[0], line, *stamp[2:])


def _project(event: Any) -> tuple[Any, ...]:  # noqa: ANN401 - several classes lend the same fields
    """Return the dimensions of the event's project; its override of ``industry`` as 0, 1 or None."""
    return (*_PROJECT(event), None if event.industry is None else int(event.industry))


def _nothing(_event: e.Event, _stamp: Stamp) -> list[FactRow]:
    return []


# ── Money ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _issued(event: e.TrancheIssued, stamp: Stamp) -> list[FactRow]:
    origin = (event.issuer, "", event.document, int(event.advance), event.amount_fen)
    marks = (int(event.direct), int(event.incentive), event.project_code, event.income_item, event.expenditure_item)
    return [
        ("fact_money", (*stamp, event.amount_fen, "issued", *_FUND(event), *_NO_PROJECT, "", event.document)),
        ("fact_tranche", (*_at_line(stamp, 1), *_FUND(event), *origin, *marks, "", "")),
    ]


def _received(event: e.TrancheReceived, stamp: Stamp) -> list[FactRow]:
    origin = ("", event.parent, event.document, 0, event.amount_fen)
    holder = (0, 0, "", "", "", event.town, event.unit)
    return [*_moved("received")(event, stamp), ("fact_tranche", (*_at_line(stamp, 1), *_FUND(event), *origin, *holder))]


def _moved(measure: str) -> Callable[[Any, Stamp], list[FactRow]]:
    """Return the mapping of an event that moves money of a tranche without a project."""

    def rows(event: e.TrancheDistributed, stamp: Stamp) -> list[FactRow]:
        link = (event.transfer_id, event.document)
        return [("fact_money", (*stamp, event.amount_fen, measure, *_FUND(event), *_NO_PROJECT, *link))]

    return rows


def _allocated(event: e.MoneyAllocated, stamp: Stamp) -> list[FactRow]:
    link = (event.transfer_id, event.document)
    return [("fact_money", (*stamp, event.amount_fen, "allocated", *_FUND(event), *_project(event), *link))]


def _funded(event: e.ProjectFunded, stamp: Stamp) -> list[FactRow]:
    link = (event.transfer_id, event.document)
    return [
        ("fact_money", (*stamp, event.amount_fen, "funded", *_FUND(event), *_project(event), *link)),
        ("fact_milestone", (*_at_line(stamp, 1), "project", "allocated", *_PROJECT_REACHED(event))),
    ]


def _spent(measure: str) -> Callable[[Any, Stamp], list[FactRow]]:
    """Return the mapping of an event about allocated money that went one step further."""

    def rows(event: e.MoneyPaid, stamp: Stamp) -> list[FactRow]:
        dimensions = (*_FUND(event), *_project(event), "", event.document)
        return [("fact_money", (*stamp, event.amount_fen, measure, *dimensions))]

    return rows


def _without_tranche(
    event: e.ProjectListed | e.ProjectPlanned | e.ProjectCancelled | e.ProjectProgressed, measure: str
) -> tuple[Any, ...]:
    """Return the dimensions of an estimate, a plan or work done: money of a project and of no tranche."""
    return (measure, event.area, event.project_year, *_NO_FUND, *_project(event), "", event.document)


# ── Projects ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _project_reached(milestone: str) -> Callable[[Any, Stamp], list[FactRow]]:
    """Return the mapping of an event that says no more than that a project reached a milestone."""

    def rows(event: e.ProjectStarted, stamp: Stamp) -> list[FactRow]:
        return [("fact_milestone", (*stamp, "project", milestone, *_PROJECT_REACHED(event)))]

    return rows


def _listed(event: e.ProjectListed, stamp: Stamp) -> list[FactRow]:
    words = (event.name, event.unit, event.content, event.goal, event.estimate_fen, event.document, "listed")
    term = [each.isoformat() if each else "" for each in (event.begin_on, event.finish_on)]
    people = (event.households, event.persons, event.poor_households, event.poor_persons)
    more = (event.build_kind, event.place, *term, *people, event.linkage, event.participation)
    rows = [
        ("fact_milestone", (*stamp, "project", "listed", *_PROJECT_REACHED(event))),
        ("fact_project", (*_at_line(stamp, 1), event.area, *_project(event), *words, *more)),
    ]
    if event.estimate_fen:
        money = (event.estimate_fen, *_without_tranche(event, "estimated"))
        rows.append(("fact_money", (*_at_line(stamp, 2), *money)))
    return rows


def _planned(event: e.ProjectPlanned, stamp: Stamp) -> list[FactRow]:
    rows = [("fact_milestone", (*stamp, "project", "planned", *_PROJECT_REACHED(event)))]
    if event.planned_fen:
        money = (event.planned_fen, *_without_tranche(event, "planned"))
        rows.append(("fact_money", (*_at_line(stamp, 1), *money)))
    return rows


def _project_cancelled(event: e.ProjectCancelled, stamp: Stamp) -> list[FactRow]:
    rows = _project_reached("cancelled")(event, stamp)
    if event.planned_fen:
        money = (-event.planned_fen, *_without_tranche(event, "planned"))
        rows.append(("fact_money", (*_at_line(stamp, 1), *money)))
    return rows


def _progressed(event: e.ProjectProgressed, stamp: Stamp) -> list[FactRow]:
    return [("fact_money", (*stamp, event.invested_fen, *_without_tranche(event, "invested")))]


# ── Assets and rights ───────────────────────────────────────────────────────────────────────────────────────────────


def _asset_reached(milestone: str) -> Callable[[Any, Stamp], list[FactRow]]:
    """Return the mapping of an event that says no more than that an asset reached a milestone."""

    def rows(event: e.AssetConfirmed, stamp: Stamp) -> list[FactRow]:
        return [("fact_milestone", (*stamp, "asset", milestone, *_ASSET_REACHED(event)))]

    return rows


_ASSET = attrgetter(
    "asset", "project", "area", "town", "village", "project_year", "asset_class", "value_fen", "document"
)


def _identified(event: e.AssetIdentified, stamp: Stamp) -> list[FactRow]:
    words = (event.asset_form, event.name, event.quantity, int(event.provisional))
    return [
        ("fact_milestone", (*stamp, "asset", "identified", *_ASSET_REACHED(event))),
        ("fact_asset", (*_at_line(stamp, 1), *_ASSET(event), *words)),
    ]


def _right_set(event: e.RightSet, stamp: Stamp) -> list[FactRow]:
    due_on = event.due_on.isoformat() if event.due_on else ""
    setting = (*_ASSET(event), event.right, event.status, event.basis or "", due_on)
    holders = [(each.holder, each.kind, each.name, each.numerator, each.denominator) for each in event.holdings]
    return [
        ("fact_holding", (*_at_line(stamp, line), *setting, *holder))
        for line, holder in enumerate(holders or [("", "", "", 0, 1)])
    ]


# ── Notices, areas, rules ───────────────────────────────────────────────────────────────────────────────────────────


def _published(event: e.NoticePublished, stamp: Stamp) -> list[FactRow]:
    to_on = event.to_on.isoformat() if event.to_on else ""
    notice = (event.notice, event.template, event.title, event.channel, event.from_on.isoformat(), to_on)
    rows: list[FactRow] = []
    for number, each in enumerate(event.subjects):
        subject = (each.code, each.area, each.town, each.village, each.year, each.type, event.document)
        shown = (*_at_line(stamp, 2 * number + 1), each.kind, *subject, *notice, event.content_hash, event.position)
        rows.append(("fact_milestone", (*_at_line(stamp, 2 * number), each.kind, "published", *subject)))
        rows.append(("fact_notice", shown))
    return rows


def _areas_listed(event: e.AreasListed, stamp: Stamp) -> list[FactRow]:
    rows: list[FactRow] = []
    for line, area in enumerate(event.areas):
        days = (area.valid_from.isoformat(), area.valid_to.isoformat() if area.valid_to else "")
        rows.append(("fact_area", (*_at_line(stamp, line), area.code, area.name, *days, area.successor)))
    return rows


def _rule_adopted(event: e.RulePackAdopted, stamp: Stamp) -> list[FactRow]:
    return [("fact_rule", (*stamp, event.pack, event.version, event.text, event.base))]


def _opened(event: e.LedgerOpened, stamp: Stamp) -> list[FactRow]:
    return [("fact_ledger", (*stamp, event.area, event.name, event.origin))]


_MAPPINGS: dict[type[e.Event], Callable[[Any, Stamp], list[FactRow]]] = {
    e.TrancheIssued: _issued,
    e.TrancheReceived: _received,
    e.TrancheDistributed: _moved("distributed"),
    e.TrancheRecovered: _moved("recovered"),
    e.TrancheReturned: _moved("returned"),
    e.MoneyAllocated: _allocated,
    e.ProjectFunded: _funded,
    e.MoneyReleased: _spent("released"),
    e.MoneyPaid: _spent("paid"),
    e.MoneyReimbursed: _spent("reimbursed"),
    e.ProjectListed: _listed,
    e.ProjectApproved: _project_reached("approved"),
    e.ProjectPlanned: _planned,
    e.ProjectStarted: _project_reached("started"),
    e.ProjectProgressed: _progressed,
    e.ProjectFormedAsset: _nothing,  # its other half, asset.identified, states the facts
    e.ProjectCompleted: _project_reached("completed"),
    e.ProjectAccepted: _project_reached("accepted"),
    e.ProjectCancelled: _project_cancelled,
    e.AssetIdentified: _identified,
    e.OwnershipNoticed: _asset_reached("noticed"),
    e.AssetConfirmed: _asset_reached("confirmed"),
    e.AssetCertified: _asset_reached("certified"),
    e.AssetHandedOver: _asset_reached("handed_over"),
    e.AssetBooked: _asset_reached("booked"),
    e.RightSet: _right_set,
    e.NoticePublished: _published,
    e.AreasListed: _areas_listed,
    e.RulePackAdopted: _rule_adopted,
    e.LedgerOpened: _opened,
    e.DocumentRegistered: _nothing,
    e.DocumentUsed: _nothing,
}
