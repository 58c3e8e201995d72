"""A tranche: money that arrived, and how much of it is still free.

Invariant (funds.md 7.2): distributed + allocated + recovered ≤ issued + received + returned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from ledger.areas import AreaList
from ledger.codes import FundKind, FundLevel, TaskDirection, check_fund_kind
from ledger.domain.command import AreaRef, Command, Day, Fen, Filled, Flag, Ident, Year, coded
from ledger.domain.history import misplaced, not_before
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import (
    Event,
    MoneyAllocated,
    TrancheDistributed,
    TrancheIssued,
    TrancheReceived,
    TrancheRecovered,
    TrancheReturned,
)
from ledger.money import format_yuan
from ledger.rules import covers

__all__ = [
    "DistributeTranche",
    "IssueTranche",
    "RecoverTranche",
    "Tranche",
    "decide_distribute",
    "decide_issue",
    "decide_recover",
    "evolve_tranche",
    "tranche_contradiction",
]


class IssueTranche(Command):
    """Record money issued to the area from outside this ledger."""

    tranche: Ident
    area: AreaRef
    plan_year: Year
    fund_kind: Annotated[str, coded(FundKind)] = "transition"
    level: Annotated[str, coded(FundLevel)]
    direction: Annotated[str, coded(TaskDirection)] = "consolidation"
    amount_fen: Fen
    issuer: Filled
    issued_on: Day | None = None
    """The date printed on the document, where it differs from the day the money counted."""
    advance: Flag = False


class DistributeTranche(Command):
    """Distribute part of a tranche to a tranche of a lower area."""

    tranche: Ident
    child: Ident
    child_area: AreaRef
    amount_fen: Fen


class RecoverTranche(Command):
    """Recover unallocated money of a tranche, upwards."""

    tranche: Ident
    amount_fen: Fen
    recovered_by: Filled


@dataclass(frozen=True, slots=True)
class Tranche:
    """What is known of a tranche; amounts in fen."""

    tranche: str = ""
    area: str = ""
    plan_year: int = 0
    fund_kind: str = ""
    level: str = ""
    direction: str = ""
    parent: str = ""
    document: str = ""
    first_on: date | None = None
    arrived_fen: int = 0
    returned_fen: int = 0
    distributed_fen: int = 0
    allocated_fen: int = 0
    recovered_fen: int = 0

    @property
    def exists(self) -> bool:
        """Say whether money ever arrived."""
        return self.first_on is not None

    @property
    def available_fen(self) -> int:
        """Return the money that is neither distributed, allocated nor recovered."""
        return self.arrived_fen + self.returned_fen - self.distributed_fen - self.allocated_fen - self.recovered_fen

    def dimensions(self) -> dict[str, Any]:
        """Return the dimensions that each event of the tranche writes down."""
        return {
            "tranche": self.tranche,
            "area": self.area,
            "plan_year": self.plan_year,
            "fund_kind": self.fund_kind,
            "level": self.level,
            "direction": self.direction,
        }

    def must_exist(self, code: str) -> None:
        """Raise NotFoundError when the tranche is unknown."""
        if not self.exists:
            raise NotFoundError(
                "tranche.unknown", f"没有编号为“{code}”的资金批次", hint="用 xianjie fund list 查看已登记的资金批次"
            )

    def must_afford(self, amount_fen: int, verb: str) -> None:
        """Raise RuleRefusedError when the tranche has less than the amount left."""
        if amount_fen > self.available_fen:
            raise RuleRefusedError(
                "tranche.overdrawn",
                f"{verb} {format_yuan(amount_fen)} 元,"
                f"超过资金批次“{self.tranche}”的余额 {format_yuan(self.available_fen)} 元"
                f"(到账 {format_yuan(self.arrived_fen + self.returned_fen)},已分解 {format_yuan(self.distributed_fen)},"
                f"已安排 {format_yuan(self.allocated_fen)},已收回 {format_yuan(self.recovered_fen)})",
                hint="请核对金额,或先登记新到的资金批次",
                rule="分解+安排+收回≤下达",
            )


def evolve_tranche(state: Tranche, event: Event) -> Tranche:
    """Return the state after one more event."""
    match event:
        case TrancheIssued() | TrancheReceived():
            return replace(
                state,
                tranche=event.tranche,
                area=event.area,
                plan_year=event.plan_year,
                fund_kind=event.fund_kind,
                level=event.level,
                direction=event.direction,
                parent=event.parent if isinstance(event, TrancheReceived) else "",
                document=state.document or event.document,
                first_on=min(state.first_on or event.effective_on, event.effective_on),
                arrived_fen=state.arrived_fen + event.amount_fen,
            )
        case TrancheReturned():
            return replace(state, returned_fen=state.returned_fen + event.amount_fen)
        case TrancheDistributed():
            return replace(state, distributed_fen=state.distributed_fen + event.amount_fen)
        case MoneyAllocated():
            return replace(state, allocated_fen=state.allocated_fen + event.amount_fen)
        case TrancheRecovered():
            return replace(state, recovered_fen=state.recovered_fen + event.amount_fen)
        case _:
            raise misplaced(event)


def tranche_contradiction(code: str, state: Tranche) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    if state.available_fen < 0:
        return f"资金批次“{code}”的余额将变为 {format_yuan(state.available_fen)} 元"
    return ""


def decide_issue(state: Tranche, command: IssueTranche, areas: AreaList) -> list[Event]:
    """Issue a tranche: its code, document, area and direction must be new and known.

    Raises:
        RuleRefusedError: the tranche was issued before, or no document is named.
        ValueRefusedError: the area or a code is unknown, or not valid on that day.
    """
    areas.get(command.area, command.on)
    check_fund_kind(FundKind(command.fund_kind), command.plan_year)
    if state.exists:
        raise RuleRefusedError(
            "tranche.exists",
            f"资金批次“{command.tranche}”已登记:{state.document},{format_yuan(state.arrived_fen)} 元;"
            f"本次 {command.document},{format_yuan(command.amount_fen)} 元",
            hint="若是另一笔资金,请换一个批次编号;若上次记错,用 xianjie correct 更正",
        )
    if not command.document:
        raise RuleRefusedError("tranche.no_document", "下达资金必须注明指标文件文号", hint="请用 --doc 写明文号")
    return [
        TrancheIssued(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            tranche=command.tranche,
            area=command.area,
            plan_year=command.plan_year,
            fund_kind=command.fund_kind,
            level=command.level,
            direction=command.direction,
            amount_fen=command.amount_fen,
            issuer=command.issuer,
            advance=command.advance,
        )
    ]


def decide_distribute(
    parent: Tranche, child: Tranche, command: DistributeTranche, areas: AreaList, transfer_id: str
) -> list[Event]:
    """Distribute money to a lower area: two legs, one movement.

    Raises:
        RuleRefusedError: more than is left, an area that is not below, or a child tranche that belongs elsewhere.
    """
    parent.must_exist(command.tranche)
    areas.get(command.child_area, command.on)
    if command.child_area == parent.area or not covers(parent.area, command.child_area):
        raise RuleRefusedError(
            "tranche.not_below",
            f"{areas.name(command.child_area)}({command.child_area})不在{areas.name(parent.area)}({parent.area})之下,不能向其分解资金",
            hint="请核对下级区划代码",
        )
    if child.exists and (child.parent != parent.tranche or child.area != command.child_area):
        raise RuleRefusedError(
            "tranche.exists", f"资金批次“{command.child}”已存在,不是由本批次分解给该地区的", hint="请换一个批次编号"
        )
    parent.must_afford(command.amount_fen, "分解")
    not_before(command.on, parent.first_on, what="分解", cause="资金到账", reason=command.reason)
    common: dict[str, Any] = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    shared: dict[str, Any] = {**common, "transfer_id": transfer_id, "amount_fen": command.amount_fen}
    return [
        TrancheDistributed(**parent.dimensions(), **shared, child=command.child, child_area=command.child_area),
        TrancheReceived(
            **{**parent.dimensions(), "tranche": command.child, "area": command.child_area},
            **shared,
            parent=parent.tranche,
        ),
    ]


def decide_recover(state: Tranche, parent: Tranche, command: RecoverTranche, transfer_id: str) -> list[Event]:
    """Recover unallocated money: back to the parent tranche where there is one, else out of this ledger.

    Raises:
        RuleRefusedError: more than is left, or a date before the money arrived.
    """
    state.must_exist(command.tranche)
    state.must_afford(command.amount_fen, "收回")
    not_before(command.on, state.first_on, what="收回", cause="资金到账", reason=command.reason)
    common: dict[str, Any] = {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        "amount_fen": command.amount_fen,
        "transfer_id": transfer_id if state.parent else "",
    }
    recovered = TrancheRecovered(**state.dimensions(), **common, recovered_by=command.recovered_by, parent=state.parent)
    if not state.parent:
        return [recovered]
    return [recovered, TrancheReturned(**parent.dimensions(), **common, child=state.tranche)]
