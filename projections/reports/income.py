"""Income of assets: what each account earned and cost in a period, who was to get it, what was paid, what is left.

A floor is the least part of the base that the rule in force gives a payee; where a plan gives less it is not met (RF15:
the national photovoltaic rule of 2020 asked for 80 % to public posts and labour). Source: assets.md 4.4, 6, 7.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.money import percent
from projections.contracts import contracts_of
from projections.parts import only_areas
from projections.schemes import Account, Floor, accounts_of
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

__all__ = ["IncomeRow", "income"]


@dataclass(frozen=True, slots=True)
class IncomeRow:
    """One period of one income account in fen, or (``scheme`` None) all of a place; net is gross less all costs.

    ``base_fen`` is what plans distribute, None without a plan; ``undistributed_fen`` what of it no plan gives to
    anybody, or all of the net where nothing is planned. ``floors_met`` is None where no rule sets a least part, or
    nothing is planned.
    """

    place: Place
    scheme: str | None
    name: str | None
    period: str | None
    gross_fen: int
    costs: dict[str, int]
    cost_fen: int
    net_fen: int
    rules: list[str]
    base_fen: int | None
    planned_fen: int
    undistributed_fen: int
    paid_fen: int
    unpaid_fen: int
    floors: list[dict[str, object]]
    floors_met: bool | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def income(engine: Engine, question: Question) -> Answer[IncomeRow]:
    """Return the income accounts of an area by period, and their sum in each county and in total.

    ``question.year`` limits them to the periods of one year. The answer's ``collection`` sets the rent that fell due
    in that year (without one, in that of ``as_of``) against what was received of it. No rule pack is needed. Raises
    ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        found: defaultdict[str, list[Account]] = defaultdict(list)
        for account in accounts_of(scope):
            found[scope.current(account.area)].append(account)
        every = [account for accounts in found.values() for account in accounts]
        places = scope.places(found, str)
        rows: list[IncomeRow] = []
        for part, place in places:
            here = every if part is None else found[part]
            listed = here if part is not None or len(places) == 1 else []
            rows += [_row(place, account) for account in listed]
            rows.append(_sum(place, here))
        return Answer("income", scope, tuple(rows), {"collection": _collection(scope)})


def _row(place: Place, account: Account) -> IncomeRow:
    net = account.gross_fen - account.costs.total()
    floors = [_floor(each, account.base_fen) for each in account.floors]
    return IncomeRow(
        place=place,
        scheme=account.scheme,
        name=account.name,
        period=account.period,
        gross_fen=account.gross_fen,
        costs=dict(sorted(account.costs.items())),
        cost_fen=account.costs.total(),
        net_fen=net,
        rules=account.rules,
        base_fen=account.base_fen if account.plans else None,
        planned_fen=account.planned_fen,
        undistributed_fen=account.undistributed_fen if account.plans else net,
        paid_fen=account.paid_fen,
        unpaid_fen=account.planned_fen - account.paid_fen,
        floors=floors,
        floors_met=all(each["met"] for each in floors) if floors else None,
    )


def _floor(floor: Floor, base_fen: int) -> dict[str, object]:
    met = floor.planned_fen * floor.denominator >= base_fen * floor.numerator
    return {**floor._asdict(), "base_fen": base_fen, "percent": percent(floor.planned_fen, base_fen), "met": met}


def _sum(place: Place, accounts: Sequence[Account]) -> IncomeRow:
    rows = [_row(place, account) for account in accounts]
    costs: Counter[str] = Counter()
    for account in accounts:
        costs += account.costs
    judged = [row.floors_met for row in rows if row.floors_met is not None]
    bases = [row.base_fen for row in rows if row.base_fen is not None]
    return IncomeRow(
        place=place,
        scheme=None,
        name=None,
        period=None,
        gross_fen=sum(row.gross_fen for row in rows),
        costs=dict(sorted(costs.items())),
        cost_fen=sum(row.cost_fen for row in rows),
        net_fen=sum(row.net_fen for row in rows),
        rules=[],
        base_fen=sum(bases) if bases else None,
        planned_fen=sum(row.planned_fen for row in rows),
        undistributed_fen=sum(row.undistributed_fen for row in rows),
        paid_fen=sum(row.paid_fen for row in rows),
        unpaid_fen=sum(row.unpaid_fen for row in rows),
        floors=[],
        floors_met=all(judged) if judged else None,
    )


def _collection(scope: Scope) -> list[dict[str, object]]:
    """Return for each part and the total what rent fell due in the year by the day, and what of it came."""
    fen: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for contract in contracts_of(scope):
        for due in contract.dues:
            if due.what == "rent" and due.on.year == scope.plan_year and due.on <= scope.as_of:
                for part in (scope.current(contract.area), None):
                    fen[part][0] += due.due_fen
                    fen[part][1] += due.received_fen
    return [
        {
            **place._asdict(),
            "year": scope.plan_year,
            "due_fen": fen[part][0],
            "received_fen": fen[part][1],
            "left_fen": fen[part][0] - fen[part][1],
            "percent": percent(fen[part][1], fen[part][0]),
        }
        for part, place in scope.places((part for part in fen if part is not None), str)
    ]
