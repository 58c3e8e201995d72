"""What to allocate so that the industry share is met: the fewest library projects that unallocated money can fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from ledger.domain.allocation import AllocateMoney
from ledger.errors import RuleRefusedError
from projections.adjustable import Room, adjustable
from projections.changes import what_if_of
from projections.hypothesis import Hypothesis
from projections.money import Cell
from projections.plan import Proposal, Taker, propose
from projections.quotients import ShareRow, Sums, default_pair, pair_cells, pair_definitions, share_rows
from projections.scope import Answer, Question, Scope, open_scope
from projections.tables import fact_tranche

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.domain.tranche import Tranche
    from ledger.rules.model import SharePair

__all__ = ["plan"]


class _Market(NamedTuple):
    """What is left of each tranche that can raise the share, who can take it, and why others cannot take any."""

    left: dict[str, int]
    takers: list[Taker]
    refused: list[dict[str, object]]


def plan(engine: Engine, question: Question) -> Answer[ShareRow]:
    """Return the share as it stands, under ``plan`` the allocations that would meet it, under ``what_if`` their effect.

    The default pair is to reach its threshold for the whole area asked about. Only money that is in no project moves,
    within its own county, only to projects to which the ledger would let it be allocated, and not a fen more than is
    needed. Where that is not enough it says how far it goes and what is lacking. Records nothing.

    Raises:
        RuleRefusedError: no threshold is set for the area and year, or no money was issued.
        NotFoundError: no rule pack was in force.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        cells = pair_cells(scope)
        rows = share_rows(scope, cells)
        total = next(row for row in rows if row.default and row.place.row == "total")
        if total.short_fen is None:
            raise RuleRefusedError(
                "plan.no_threshold",
                f"{scope.name(scope.area)} {scope.plan_year} 年度口径 {total.pair} "
                + ("没有规定产业占比目标" if total.threshold_percent is None else "还没有下达资金")
                + ",无法拟定安排",
                hint="用 xianjie report share 查看各年度的目标;目标由规则包规定:xianjie rule show",
            )
        hypothesis = Hypothesis(scope)
        rooms = {room.project: room for room in adjustable(scope)} if total.short_fen else {}
        market = _market(scope, hypothesis, default_pair(scope.rules), list(rooms.values()))
        proposal = propose(total.short_fen, market.left, market.takers)
        for tranche, project, fen in proposal.moves:
            hypothesis.allocate(_allocation(scope, tranche, project, fen))
        more: dict[str, object] = {
            "definitions": pair_definitions(scope.rules),
            "plan": _plan(total, total.short_fen, market, proposal, rooms=rooms),
            "what_if": what_if_of(scope, cells, hypothesis),
        }
        return Answer("share", scope, rows, more)


def _market(scope: Scope, hypothesis: Hypothesis, pair: SharePair, rooms: list[Room]) -> _Market:
    facts = fact_tranche.c
    codes = select(facts.tranche).where(facts.plan_year == scope.plan_year, scope.within(fact_tranche)).distinct()
    found = [hypothesis.tranche(code) for code in scope.connection.execute(codes.order_by(facts.tranche)).scalars()]
    tranches = [each for each in found if each.available_fen > 0 and _raises(scope, pair, each, ("", 1))]
    takers: list[Taker] = []
    refused: list[dict[str, object]] = []
    for room in rooms:
        counted = room.project_type, room.industry
        near = [each for each in tranches if each.area == room.area and _raises(scope, pair, each, counted)]
        errors = {
            each.tranche: hypothesis.refusal(
                _allocation(scope, each.tranche, room.project, min(room.room_fen, each.available_fen))
            )
            for each in near
        }
        fitting = frozenset(code for code, error in errors.items() if error is None)
        if fitting:
            takers.append(Taker(room.project, room.room_fen, fitting))
        elif error := next(iter(errors.values()), None):
            refused.append({"project": room.project, "name": room.name, "code": error.code, "message": error.message})
    return _Market({each.tranche: each.available_fen for each in tranches}, takers, refused)


def _raises(scope: Scope, pair: SharePair, tranche: Tranche, counted: tuple[str, int | None]) -> bool:
    """Say whether a fen of the tranche would count in the numerator and leave the denominator alone.

    ``counted`` is a project's type and its override of whether that is industry.
    """
    fund = (tranche.level, tranche.fund_kind, tranche.direction)
    cells = [Cell("", measure, *fund, *counted, 1) for measure in ("allocated", "funded")]
    sums = Sums(scope, cells)
    return (sums.fen(pair.numerator, None), sums.fen(pair.denominator, None)) == (1, 0)


def _allocation(scope: Scope, tranche: str, project: str, fen: int) -> AllocateMoney:
    return AllocateMoney.of(on=scope.as_of, tranche=tranche, project=project, amount_fen=fen)


def _plan(
    total: ShareRow, need_fen: int, market: _Market, proposal: Proposal, *, rooms: dict[str, Room]
) -> dict[str, object]:
    """Return the plan as ``docs/reference/json.md`` says."""
    unallocated, room = sum(market.left.values()), sum(room.room_fen for room in rooms.values())
    lacking = None
    if proposal.moved_fen < need_fen:
        lacking = "money" if unallocated < need_fen else "projects" if room < need_fen else "fit"
    moves = [
        {
            "tranche": tranche,
            "project": project,
            "name": rooms[project].name,
            "area": rooms[project].area,
            "amount_fen": fen,
        }
        for tranche, project, fen in proposal.moves
    ]
    return {
        "pair": total.pair,
        "threshold_percent": total.threshold_percent,
        "need_fen": need_fen,
        "moved_fen": proposal.moved_fen,
        "meets": proposal.moved_fen == need_fen,
        "smallest": proposal.smallest,
        "lacking": lacking,
        "unallocated_fen": unallocated,
        "room_fen": room,
        "moves": moves,
        "refused": market.refused,
    }
