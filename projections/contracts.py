"""Operation contracts as they stood: what is due when, and how much of it was met, the oldest due first.

What was received counts against dues of its own kind (rent, principal, buy-back); a deposit meets none. A contract that
ended early or was renewed owes what had fallen due by then, and after an early end still its principal; a void one owes
nothing. Source: assets.md 4.1, 7 RF09, RF12, RF13.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from projections.latest import latest, written_by
from projections.tables import fact_contract, fact_contract_end, fact_due, fact_income

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.scope import Scope

__all__ = ["Contract", "Due", "contracts_of"]

_LENDING: Final = frozenset({"debt", "share_in"})
_TERMS: Final = ("contract", "area", "mode", "operator", "operator_name", "from_on", "to_on", "renews", "base_fen")


class Due(NamedTuple):
    """So many fen that fall due on a day, and how many of them were met."""

    on: date
    what: str
    due_fen: int
    received_fen: int

    @property
    def left_fen(self) -> int:
        """Return what is still owed, in fen."""
        return self.due_fen - self.received_fen


class _Receipt(NamedTuple):
    on: date
    what: str
    fen: int


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract as it stood; ``dues`` in the order of their days, ``principal_fen`` what has to be paid back.

    ``rent_after_fen`` is the rent that came after its last day, ``renewed`` says whether another contract took over.
    """

    contract: str
    area: str
    assets: tuple[str, ...]
    mode: str
    operator: str
    operator_name: str
    from_on: date
    to_on: date
    ended_on: date | None
    why: str
    renewed: bool
    dues: tuple[Due, ...]
    principal_fen: int
    principal_received_fen: int
    rent_after_fen: int

    @property
    def principal_left_fen(self) -> int:
        """Return the principal not paid back, in fen; none where another contract took over."""
        gone = self.renewed or self.why == "void"
        return 0 if gone else max(0, self.principal_fen - self.principal_received_fen)


def contracts_of(scope: Scope) -> list[Contract]:
    """Return the contracts of the area by code, ended ones included."""
    newest = latest(scope, fact_contract, ("contract",))
    terms = fact_contract.c
    wanted = (
        select(*(terms[name] for name in _TERMS), terms.asset)
        .join_from(newest, fact_contract, written_by(newest, fact_contract))
        .order_by(terms.contract, terms.line)
    )
    assets: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, dict[str, str]] = {}
    for *words, asset in scope.connection.execute(wanted):
        each = dict(zip(_TERMS, words, strict=True))
        found[each["contract"]] = each
        assets[each["contract"]].append(asset)
    planned = select(fact_due.c.contract, fact_due.c.due_on, fact_due.c.what, fact_due.c.amount_fen)
    dues: defaultdict[str, list[Due]] = defaultdict(list)
    for contract, due_on, what, fen in scope.connection.execute(
        planned.join_from(newest, fact_due, written_by(newest, fact_due)).order_by(fact_due.c.due_on, fact_due.c.line)
    ):
        dues[contract].append(Due(date.fromisoformat(due_on), what, fen, 0))
    renewed = {each["renews"] for each in found.values() if each["renews"]}
    receipts, ends = _receipts(scope), _ends(scope)
    return [
        _contract(
            each,
            assets[code],
            end=ends.get(code),
            renewed=code in renewed,
            dues=dues[code],
            receipts=receipts[code],
        )
        for code, each in found.items()
    ]


def _contract(
    terms: dict[str, str],
    assets: Iterable[str],
    *,
    end: tuple[date, str] | None,
    renewed: bool,
    dues: list[Due],
    receipts: list[_Receipt],
) -> Contract:
    ended_on, why = end or (None, "")
    to_on = date.fromisoformat(terms["to_on"])
    principal = sum(due.due_fen for due in dues if due.what == "principal")
    if not principal and terms["mode"] in _LENDING:
        principal = int(terms["base_fen"])
    received: defaultdict[str, int] = defaultdict(int)
    for receipt in receipts:
        received[receipt.what] += receipt.fen
    return Contract(
        contract=terms["contract"],
        area=terms["area"],
        assets=tuple(assets),
        mode=terms["mode"],
        operator=terms["operator"],
        operator_name=terms["operator_name"],
        from_on=date.fromisoformat(terms["from_on"]),
        to_on=to_on,
        ended_on=ended_on,
        why=why,
        renewed=renewed or why == "renewed",
        dues=tuple(_met(_owed(dues, ended_on, why), received)),
        principal_fen=principal,
        principal_received_fen=received["principal"],
        rent_after_fen=sum(each.fen for each in receipts if each.what == "rent" and each.on > to_on),
    )


def _owed(dues: list[Due], ended_on: date | None, why: str) -> list[Due]:
    """Return the dues that the end of the contract left standing."""
    if ended_on is None or why == "expired":
        return dues
    if why == "void":
        return []
    return [due for due in dues if due.on <= ended_on or (why == "early" and due.what == "principal")]


def _met(dues: list[Due], received: dict[str, int]) -> Iterator[Due]:
    left = dict(received)
    for due in dues:
        fen = max(0, min(due.due_fen, left.get(due.what, 0)))
        left[due.what] = left.get(due.what, 0) - fen
        yield due._replace(received_fen=fen)


def _receipts(scope: Scope) -> defaultdict[str, list[_Receipt]]:
    facts = fact_income.c
    keys = (facts.contract, facts.effective_on, facts.what)
    summed = (
        select(*keys, func.sum(facts.amount_fen))
        .where(facts.measure == "received", scope.within(fact_income))
        .group_by(*keys)
    )
    found: defaultdict[str, list[_Receipt]] = defaultdict(list)
    for contract, on, what, fen in scope.connection.execute(summed):
        found[contract].append(_Receipt(date.fromisoformat(on), what, int(fen)))
    return found


def _ends(scope: Scope) -> dict[str, tuple[date, str]]:
    facts = fact_contract_end.c
    keys = (facts.contract, facts.effective_on, facts.why, facts.origin)
    living = (
        select(*keys)
        .where(scope.within(fact_contract_end))
        .group_by(*keys)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.origin)
    )
    return {contract: (date.fromisoformat(on), why) for contract, on, why, _ in scope.connection.execute(living)}
