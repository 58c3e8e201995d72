"""An operation contract (经营合同): its terms as they stand, what was received under it, and how it ended.

The decisions are in ``contracting`` and ``rent``. Source: assets.md 4.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Self

from ledger.codes import ContractEnding
from ledger.domain.history import misplaced
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import ContractAmended, ContractBoughtBack, ContractEnded, ContractSigned, Due, Event, RentReceived
from ledger.money import format_yuan

__all__ = ["Contract", "Terms", "contract_contradiction", "evolve_contract"]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a contract; the fields are those of the events that state them, amounts in fen."""

    assets: tuple[str, ...]
    mode: str
    operator: str
    operator_kind: str
    from_on: date
    to_on: date
    return_kind: str
    operator_name: str = ""
    return_fen: int = 0
    return_numerator: int = 0
    return_denominator: int = 1
    base_fen: int = 0
    base: str = ""
    dues: tuple[Due, ...] = ()
    deposit_fen: int = 0
    guarantee: str = ""
    procurement: str = ""
    clauses: tuple[str, ...] = ()

    @classmethod
    def of(cls, event: ContractSigned | ContractAmended) -> Self:
        """Return the terms that the event states."""
        return cls(**{each.name: getattr(event, each.name) for each in fields(cls)})

    def stated(self) -> dict[str, Any]:
        """Return the fields as an event writes them down."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def share(self) -> Fraction:
        """Return the part of the base or of the profit that is due, 0 where none is agreed."""
        return Fraction(self.return_numerator, self.return_denominator)

    @property
    def yearly_fen(self) -> int | None:
        """Return what is due for a year, a half fen rounded up; None where only the year itself will tell."""
        if self.return_kind == "fixed":
            return self.return_fen
        if self.return_kind == "percent" and self.base_fen:
            exact = self.base_fen * self.share
            return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        return None

    def due_fen(self, what: str) -> int:
        """Return what is due of one kind over the whole term."""
        if what == "deposit":
            return self.deposit_fen
        return sum(due.amount_fen for due in self.dues if due.what == what)

    @property
    def open_ended(self) -> bool:
        """Say whether the return is known only year by year, so that no plan of dues limits it."""
        return self.return_kind in {"profit", "per_unit"}


@dataclass(frozen=True, slots=True)
class Contract:
    """What is known of a contract."""

    contract: str = ""
    area: str = ""
    signed_on: date | None = None
    terms: Terms | None = None
    renews: str = ""
    changed_on: date | None = None
    """The day of the last amendment."""
    received: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Fen received of each kind of money."""
    bought: Fraction = Fraction(0)
    """The part of the asset that the operator bought back, and ``bought_fen`` for how much."""
    bought_fen: int = 0
    ended_on: date | None = None
    ended_why: str = ""

    @property
    def exists(self) -> bool:
        """Say whether it was ever signed."""
        return self.signed_on is not None

    def runs(self, day: date) -> bool:
        """Say whether it is in force on a day: in its term and not ended before."""
        if self.terms is None or (self.ended_on is not None and self.ended_on < day):
            return False
        return self.terms.from_on <= day <= self.terms.to_on

    @property
    def standing(self) -> str:
        """Return in Chinese how it stands."""
        return ContractEnding(self.ended_why).zh if self.ended_why else "履行中"

    def running(self, code: str, doing: str) -> Terms:
        """Return the terms of a contract that was signed and has not been ended.

        Raises:
            NotFoundError: it was never signed.
            RuleRefusedError: it was ended.
        """
        terms = self.must_exist(code)
        if self.ended_why:
            raise RuleRefusedError(
                "contract.ended_already",
                f"合同“{code}”已于 {self.ended_on} {self.standing},不能{doing}",
                hint="请核对合同编号;登记有误的用 xianjie correct 更正",
            )
        return terms

    def must_exist(self, code: str) -> Terms:
        """Return the terms as they stand. Raises NotFoundError when the contract was never signed."""
        if self.terms is None or self.signed_on is None:
            raise NotFoundError(
                "contract.unknown",
                f"没有编号为“{code}”的经营合同",
                hint="请核对合同编号,或先用 xianjie contract sign 登记合同",
                rule="没有合同不收款;出处 assets.md 7 RF08",
            )
        return self.terms


def evolve_contract(state: Contract, event: Event) -> Contract:
    """Return the state after one more event."""
    match event:
        case ContractSigned():
            return replace(
                state,
                contract=event.contract,
                area=event.area,
                signed_on=event.effective_on,
                terms=Terms.of(event),
                renews=event.renews,
            )
        case ContractAmended():
            return replace(state, terms=Terms.of(event), changed_on=event.effective_on)
        case RentReceived():
            total = state.received.get(event.what, 0) + event.amount_fen
            return replace(state, received=MappingProxyType({**state.received, event.what: total}))
        case ContractBoughtBack():
            bought = state.bought + Fraction(event.numerator, event.denominator)
            return replace(state, bought=bought, bought_fen=state.bought_fen + event.price_fen)
        case ContractEnded():
            return replace(state, ended_on=event.effective_on, ended_why=event.why)
        case _:
            raise misplaced(event)


def contract_contradiction(code: str, state: Contract) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    if state.exists:
        return ""
    if state.received:
        return f"合同“{code}”已收款 {format_yuan(sum(state.received.values()))} 元"
    if state.bought:
        return f"合同“{code}”的回购仍在账上,签订却没有了"
    if state.changed_on or state.ended_why:
        return f"合同“{code}”的变更或终止仍在账上,签订却没有了"
    return ""
