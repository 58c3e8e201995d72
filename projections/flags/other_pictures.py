"""The pictures of everything else: notices, findings, documents, reports, adjustments, late entries, the share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, func, or_, select

from projections.assets import standing
from projections.flags.model import Subject
from projections.flags.pictures import Document, FindingState, Notice
from projections.flags.selecting import here, trace, traced
from projections.quotients import pair_cells, share_rows
from projections.tables import (
    fact_document,
    fact_finding,
    fact_money,
    fact_notice,
    fact_reason,
    fact_submission,
    fact_tranche,
    fact_year,
)

if TYPE_CHECKING:
    from projections.flags.pictures import World
    from projections.scope import Scope

__all__ = ["look_at_affairs"]

_PUBLISHED_MEASURES: Final = {"allocation": "funded", "adjustment": "funded", "plan": "planned", "completion": "paid"}
"""What a notice of each template says of a project in money."""


def look_at_affairs(scope: Scope, world: World) -> None:
    """Add what is known besides money and assets."""
    _notices(scope, world)
    _republished(scope, world)
    _findings(scope, world)
    _documents(scope, world)
    _submitted(scope, world)
    _adjusted(scope, world)
    _late(scope, world)
    _shares(scope, world)


def _notices(scope: Scope, world: World) -> None:
    facts = fact_notice.c
    names = ("template", "channel", "from_on", "to_on", "content_hash", "cut_from", "position")
    wanted = select(facts.kind, facts.subject, *(facts[name] for name in names)).where(standing(scope, fact_notice))
    for kind, code, *row in scope.connection.execute(wanted.order_by(facts.from_on, facts.position)):
        subjects = world.projects if kind == "project" else world.assets if kind == "asset" else {}
        if found := subjects.get(code):
            found.notices.append(Notice(*row))


def _republished(scope: Scope, world: World) -> None:
    """Add notices of projects whose money, for the day of publication, is another now than the notice was cut from."""
    notice, money = fact_notice.c, fact_money.c
    said = func.sum(case((money.position <= notice.cut_from, money.amount_fen), else_=0))
    now = func.sum(money.amount_fen)
    positions = func.max(money.position)
    wanted = (
        select(notice.subject, notice.position, said, now, positions, notice.template)
        .join(
            fact_money,
            and_(
                money.project == notice.subject,
                money.effective_on <= notice.from_on,
                or_(
                    *(
                        and_(notice.template == template, money.measure == measure)
                        for template, measure in _PUBLISHED_MEASURES.items()
                    )
                ),
            ),
        )
        .where(notice.kind == "project", standing(scope, fact_notice), scope.inside(fact_notice))
        .where(scope.happened(fact_money))
        .group_by(notice.subject, notice.position, notice.template)
        .having(said != now)
    )
    for code, position, before, after, last, template in scope.connection.execute(wanted):
        if project := world.projects.get(code):
            world.republished.append((project.subject, template, int(before), int(after), (position, last)))


def _findings(scope: Scope, world: World) -> None:
    facts = fact_finding.c
    names = ("finding", "step", "area", "town", "deadline", "title", "evidence", "document", "effective_on", "position")
    wanted = select(*(facts[name] for name in names)).order_by(facts.finding, facts.effective_on, facts.position)
    states: dict[str, FindingState] = {}
    for code, step, area, town, deadline, title, evidence, document, on, position in scope.connection.execute(
        here(scope, fact_finding, wanted)
    ):
        state = states.get(code)
        if state is None:
            state = states[code] = FindingState(
                Subject("finding", code, title or code, area, town, int(on[:4])), step, deadline, (), evidence=False
            )
        proved = bool(evidence) or (step in {"submitted", "closed"} and bool(document))
        state.step, state.deadline = step, deadline
        state.positions += (position,)
        state.evidence = step != "reopened" and (state.evidence or proved)
    world.findings = list(states.values())


def _documents(scope: Scope, world: World) -> None:
    """Add the documents by which money of several kinds was issued."""
    facts = fact_tranche.c
    keys = (facts.document, facts.fund_kind)
    wanted = (
        select(*keys, func.max(facts.area), func.max(facts.plan_year), *traced(fact_tranche, facts.amount_fen))
        .where(facts.document != "", facts.parent == "")
        .group_by(*keys)
        .order_by(*keys)
    )
    found: dict[str, Document] = {}
    for number, kind, area, year, *row in scope.connection.execute(here(scope, fact_tranche, wanted)):
        document = found.setdefault(number, Document(Subject("document", number, number, area, "", year), {}))
        document.kinds[kind] = trace(row)
    world.documents = [each for each in found.values() if len(each.kinds) > 1]


def _submitted(scope: Scope, world: World) -> None:
    facts = fact_submission.c
    wanted = (
        select(facts.area, facts.period, *traced(fact_submission))
        .where(facts.report == "quarterly")
        .group_by(facts.area, facts.period)
    )
    for area, period, *row in scope.connection.execute(here(scope, fact_submission, wanted)):
        world.submitted[area, period] = trace(row)


def _adjusted(scope: Scope, world: World) -> None:
    """Add each adjustment with its document, that document's date, and the first payment of the projects it funded."""
    facts = fact_money.c
    moved = select(facts.project, facts.document, facts.effective_on, facts.position).where(facts.measure == "adjusted")
    rows = list(scope.connection.execute(here(scope, fact_money, moved)))
    numbers = sorted({document for _, document, _, _ in rows if document})
    if not rows:
        return
    described = fact_document.c
    known = select(described.number, described.dated).where(
        described.number.in_(numbers), standing(scope, fact_document)
    )
    dated = {number: on for number, on in scope.connection.execute(known.order_by(described.position))}  # noqa: C416 - rows are no pairs
    into = select(facts.document, facts.project).where(facts.measure == "funded", facts.document.in_(numbers))
    funded: defaultdict[str, set[str]] = defaultdict(set)
    for document, project in scope.connection.execute(here(scope, fact_money, into)):
        funded[document].add(project)
    for code, document, on, position in rows:
        paid = [
            other.money["paid"]
            for other in (world.projects[each] for each in funded[document] - {code})
            if "paid" in other.money and other.first("funded") >= on
        ]
        first = min((each.first for each in paid), default="")
        stands_on = (position, *(each.at()[0] for each in paid if each.first == first))
        subject = world.projects[code].subject
        world.adjusted.append((subject, document, dated.get(document, ""), first, stands_on))


def _late(scope: Scope, world: World) -> None:
    """Add money dated in a year that had been closed when it was entered, and that states no reason."""
    closed, facts, told = fact_year.c, fact_money.c, fact_reason.c
    years = here(scope, fact_year, select(closed.area, closed.year, closed.position))
    for area, year, position in scope.connection.execute(years).all():
        wanted = select(facts.position, func.max(facts.tranche), func.max(facts.project), func.max(facts.effective_on))
        wanted = wanted.where(
            facts.area == area,
            facts.position > position,
            facts.effective_on.between(f"{year}-01-01", f"{year}-12-31"),
            facts.position.not_in(select(told.position)),
        ).group_by(facts.position)
        for late, tranche, project, on in scope.connection.execute(here(scope, fact_money, wanted)):
            code, kind = (project, "project") if project else (tranche, "tranche")
            known = world.projects.get(code)
            name = known.subject.name if known else code
            world.late.append((Subject(kind, code, name, area, "", year), year, on, late, position))


def _shares(scope: Scope, world: World) -> None:
    """Add the share of each area of the plan year asked about that a threshold judges, by the default pair."""
    scope = replace(scope, by="area")
    for row in share_rows(scope, pair_cells(scope)):
        single = row.place.row == "part" or not world.areas - {scope.area}
        if not row.default or not single or row.met is None:
            continue
        sides = (row.place.area, row.numerator_fen)
        if row.met is False:
            needed = _part(Fraction(str(row.threshold_percent)) / 100, row.denominator_fen)
            world.shares.append((*sides, needed, row.denominator_fen, f"{row.threshold_percent}%"))
        if row.base_met is False and row.base_denominator_fen:
            before = Fraction(row.base_numerator_fen or 0, row.base_denominator_fen)
            needed = _part(before, row.denominator_fen)
            world.shares.append((*sides, needed, row.denominator_fen, f"{row.base_year} 年占比"))


def _part(share: Fraction, fen: int) -> int:
    """Return the least whole number of fen that is not below the share of an amount."""
    return -(-share.numerator * fen // share.denominator)
