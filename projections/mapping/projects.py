"""Facts of projects: the library's record, the stages reached, estimates, plans, contracts, work done, performance."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from ledger import events as e
from projections.mapping.rows import (
    NO_FUND,
    PLACED_PROJECT,
    PROJECT_REACHED,
    FactRow,
    Mapping,
    Stamp,
    at_line,
    of_project,
)

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from ledger.events.dimensions import ProjectEvent

__all__ = ["MAPPINGS"]

_WORDS = attrgetter("name", "unit", "content", "goal", "estimate_fen", "document")
_PEOPLE = attrgetter("households", "persons", "poor_households", "poor_persons", "linkage", "participation")


def _money(event: ProjectEvent, stamp: Stamp, measure: str, fen: int) -> list[FactRow]:
    """Return the row of an estimate, a plan, a contract, work done or a settlement: money of no tranche."""
    if not fen:
        return []
    dimensions = (event.area, event.project_year, *NO_FUND, *of_project(event), "", event.document)
    return [("fact_money", (*stamp, fen, measure, *dimensions))]


def _reached(milestone: str) -> Mapping:
    """Return the mapping of an event that says no more than that a project reached a milestone."""

    def rows(event: e.ProjectStarted, stamp: Stamp) -> list[FactRow]:
        return [("fact_milestone", (*stamp, "project", milestone, *PROJECT_REACHED(event)))]

    return rows


def _described(event: e.ProjectDeclared | e.ProjectListed | e.ProjectAmended, stamp: Stamp) -> list[FactRow]:
    """Return the whole record as it stands from now on, with its sources of money and its performance targets."""
    state = "declared" if type(event) is e.ProjectDeclared else "listed"
    term = [each.isoformat() if each else "" for each in (event.begin_on, event.finish_on)]
    more = (state, event.build_kind, event.place, *term, *_PEOPLE(event))
    rows: list[FactRow] = [("fact_project", (*stamp, event.area, *of_project(event), *_WORDS(event), *more))]
    if event.financing or event.goals:
        here = (event.area, event.project)
        for line, money in enumerate(event.financing):
            source = (money.fund_kind, money.level, money.amount_fen, event.document)
            rows.append(("fact_financing", (*at_line(stamp, line), *here, *source)))
        for line, goal in enumerate(event.goals):
            rows.append(("fact_goal", (*at_line(stamp, line), *here, goal.indicator, goal.unit, goal.target)))
    return rows


def _declared(event: e.ProjectDeclared, stamp: Stamp) -> list[FactRow]:
    return [*_reached("declared")(event, stamp), *_described(event, stamp)]


def _listed(event: e.ProjectListed, stamp: Stamp) -> list[FactRow]:
    return [
        *_reached("listed")(event, stamp),
        *_described(event, stamp),
        *_money(event, stamp, "estimated", event.estimate_fen),
    ]


def _amended(event: e.ProjectAmended, stamp: Stamp) -> list[FactRow]:
    return [*_described(event, stamp), *_money(event, stamp, "estimated", event.estimate_change_fen)]


def _planned(event: e.ProjectPlanned, stamp: Stamp) -> list[FactRow]:
    return [*_reached("planned")(event, stamp), *_money(event, stamp, "planned", event.planned_fen)]


def _contracted(event: e.ProjectContracted, stamp: Stamp) -> list[FactRow]:
    signed = (event.area, event.project, event.contract, event.contractor, event.contract_fen, event.document)
    return [
        *_reached("contracted")(event, stamp),
        *_money(event, stamp, "contracted", event.contract_fen),
        ("fact_works_contract", (*stamp, *signed)),
    ]


def _progressed(event: e.ProjectProgressed, stamp: Stamp) -> list[FactRow]:
    rows = _money(event, stamp, "invested", event.invested_fen)
    if event.percent is not None:
        rows.append(("fact_progress", (*stamp, *PLACED_PROJECT(event), event.percent, event.document)))
    return rows


def _settled(event: e.ProjectSettled, stamp: Stamp) -> list[FactRow]:
    return [*_reached("settled")(event, stamp), *_money(event, stamp, "settled", event.settled_fen)]


def _given_up(milestone: str) -> Mapping:
    """Return the mapping of an event by which a project is planned no longer."""

    def rows(event: e.ProjectCancelled | e.ProjectReplaced, stamp: Stamp) -> list[FactRow]:
        return [*_reached(milestone)(event, stamp), *_money(event, stamp, "planned", -event.planned_fen)]

    return rows


def _monitored(event: e.PerformanceMonitored, stamp: Stamp) -> list[FactRow]:
    found = ("monitored", int(event.on_track), None, "", "", event.note, event.document)
    return [*_reached("monitored")(event, stamp), ("fact_performance", (*stamp, *PLACED_PROJECT(event), *found))]


def _evaluated(event: e.PerformanceEvaluated, stamp: Stamp) -> list[FactRow]:
    found = ("evaluated", None, event.score_hundredths, event.grade, event.evaluator, "", event.document)
    return [*_reached("evaluated")(event, stamp), ("fact_performance", (*stamp, *PLACED_PROJECT(event), *found))]


def _formed_none(event: e.ProjectFormedNone, stamp: Stamp) -> list[FactRow]:
    decided = (*PLACED_PROJECT(event), event.why, event.document)
    return [*_reached("formed_none")(event, stamp), ("fact_formed_none", (*stamp, *decided))]


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.ProjectDeclared: _declared,
    e.ProjectReviewed: _reached("reviewed"),
    e.ProjectAppraised: _reached("appraised"),
    e.ProjectListed: _listed,
    e.ProjectAmended: _amended,
    e.ProjectApproved: _reached("approved"),
    e.ProjectPlanned: _planned,
    e.ProjectContracted: _contracted,
    e.ProjectStarted: _reached("started"),
    e.ProjectProgressed: _progressed,
    e.ProjectSuspended: _reached("suspended"),
    e.ProjectResumed: _reached("resumed"),
    e.ProjectCompleted: _reached("completed"),
    e.ProjectAccepted: _reached("accepted"),
    e.ProjectSettled: _settled,
    e.ProjectConcluded: _reached("concluded"),
    e.ProjectHandedOver: _reached("handed_over"),
    e.ProjectRemoved: _reached("removed"),
    e.ProjectCancelled: _given_up("cancelled"),
    e.ProjectReplaced: _given_up("replaced"),
    e.ProjectFormedAsset: _reached("formed_asset"),
    e.ProjectFormedNone: _formed_none,
    e.PerformanceMonitored: _monitored,
    e.PerformanceEvaluated: _evaluated,
}
