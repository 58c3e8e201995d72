"""What is due under operation contracts: overdue, or due within some days; and contracts that run out.

Receipts count against the oldest due of their kind first. RF12: rent unpaid for more days than the rule pack grants;
RF09: rent came after the last day of a contract that nobody renewed; RF13: a debt or equity contract past its last day
whose principal is not paid back. Source: assets.md 4.1, 7.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from ledger.dates import days_between
from ledger.errors import ValueRefusedError
from projections.contracts import Contract, Due, contracts_of
from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Engine

    from ledger.rules.model import Parameter

__all__ = ["ContractsDueRow", "contracts_due"]

_MOST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class ContractsDueRow:
    """The dues of one place in fen: ``overdue`` ones fell due before the day asked about, ``coming`` ones from then.

    ``expiring`` counts contracts that run out within the days or ran out and were neither ended nor renewed.
    """

    place: Place
    dues: int
    due_fen: int
    received_fen: int
    left_fen: int
    overdue: int
    overdue_fen: int
    coming: int
    coming_fen: int
    expiring: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Open(NamedTuple):
    """A due that is not met in full; ``late`` is the verdict of RF12, None without a rule."""

    contract: Contract
    due: Due
    days_late: int
    late: bool | None

    def as_json(self) -> dict[str, object]:
        amounts = {"due_fen": self.due.due_fen, "received_fen": self.due.received_fen, "left_fen": self.due.left_fen}
        said = {"what": self.due.what, "due_on": self.due.on.isoformat(), **amounts}
        return {**_contract(self.contract), **said, "days_late": self.days_late, "late": self.late}


def contracts_due(engine: Engine, question: Question, days: int = 30) -> Answer[ContractsDueRow]:
    """Return what is overdue or falls due within so many days, by county and in total.

    The answer's ``dues`` lists them, the oldest first; ``expiring`` lists the contracts that run out or ran out;
    ``grace`` is the rule by which rent counts as late. No rule pack is needed.

    Raises:
        ValueRefusedError: the days are negative or more than ten years, or the question cannot be answered as put.
    """
    if not 0 <= days <= _MOST_DAYS:
        raise ValueRefusedError("report.days", f"天数 {days} 不在 0 至 {_MOST_DAYS} 之间", hint="请核对 --days")
    with open_scope(engine, question) as scope:
        only_areas(scope)
        until = scope.as_of + timedelta(days=days)
        grace = scope.pack.find("rent_grace_days", scope.area, scope.as_of) if scope.pack else None
        contracts = contracts_of(scope)
        opened = sorted(_open(scope, contracts, until, grace), key=lambda each: (each.due.on, each.contract.contract))
        expiring = [each for each in contracts if _runs_out(scope, each, until)]
        found: defaultdict[str, tuple[list[_Open], list[Contract]]] = defaultdict(lambda: ([], []))
        for each in opened:
            found[scope.current(each.contract.area)][0].append(each)
        for contract in expiring:
            found[scope.current(contract.area)][1].append(contract)
        rows = tuple(
            _row(place, *((opened, expiring) if part is None else found[part]))
            for part, place in scope.places(found, str)
        )
        more: dict[str, object] = {
            "days": days,
            "grace": {"id": "RF12", "days": grace.value, "source": grace.source} if grace else None,
            "dues": [each.as_json() for each in opened],
            "expiring": [_expiring(scope, each) for each in sorted(expiring, key=lambda each: each.to_on)],
        }
        return Answer("contracts_due", scope, rows, more)


def _row(place: Place, opened: list[_Open], expiring: list[Contract]) -> ContractsDueRow:
    overdue = [each.due for each in opened if each.days_late]
    coming = [each.due for each in opened if not each.days_late]
    return ContractsDueRow(
        place=place,
        dues=len(opened),
        due_fen=sum(each.due.due_fen for each in opened),
        received_fen=sum(each.due.received_fen for each in opened),
        left_fen=sum(each.due.left_fen for each in opened),
        overdue=len(overdue),
        overdue_fen=sum(each.left_fen for each in overdue),
        coming=len(coming),
        coming_fen=sum(each.left_fen for each in coming),
        expiring=len(expiring),
    )


def _open(scope: Scope, contracts: list[Contract], until: date, grace: Parameter | None) -> Iterable[_Open]:
    for contract in contracts:
        for due in contract.dues:
            if due.left_fen > 0 and due.on <= until:
                days_late = max(0, days_between(due.on, scope.as_of))
                late = days_late > int(grace.value) if grace else None
                yield _Open(contract, due, days_late, late)


def _runs_out(scope: Scope, contract: Contract, until: date) -> bool:
    """Say whether it runs out within the days, or ran out with something left open (RF09, RF13)."""
    if contract.renewed or contract.why == "void" or contract.to_on > until:
        return False
    return contract.ended_on is None or bool(_flags(scope, contract))


def _flags(scope: Scope, contract: Contract) -> list[str]:
    over = scope.as_of > contract.to_on
    found = {"RF09": contract.rent_after_fen > 0, "RF13": contract.principal_left_fen > 0}
    return [flag for flag, fires in found.items() if fires and over and not contract.renewed]


def _expiring(scope: Scope, contract: Contract) -> dict[str, object]:
    return {
        **_contract(contract),
        "to_on": contract.to_on.isoformat(),
        "days_left": days_between(scope.as_of, contract.to_on),
        "ended_on": contract.ended_on.isoformat() if contract.ended_on else None,
        "rent_after_fen": contract.rent_after_fen,
        "principal_left_fen": contract.principal_left_fen,
        "flags": _flags(scope, contract),
    }


def _contract(contract: Contract) -> dict[str, object]:
    names = ("contract", "area", "mode", "operator", "operator_name")
    return {**{name: getattr(contract, name) for name in names}, "assets": list(contract.assets)}
