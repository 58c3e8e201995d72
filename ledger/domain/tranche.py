"""A tranche: money that arrived, and how much of it is still free.

Invariants (funds.md 7.2): distributed + allocated + recovered ≤ issued + received + returned, where what came back
from projects lowers ``allocated``; and no more is given out again for a cause than came back for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Final

from ledger.areas import AreaList
from ledger.codes import FundKind, FundLevel, MoveCause, TaskDirection, check_fund_kind, name_of
from ledger.domain.command import AreaRef, Command, Day, Fen, Filled, Flag, Ident, Line, TownRef, Year, coded
from ledger.domain.history import misplaced, not_before
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import (
    Event,
    MoneyAllocated,
    MoneyRegained,
    TrancheCarriedOver,
    TrancheDistributed,
    TrancheIssued,
    TrancheReceived,
    TrancheRecovered,
    TrancheReturned,
)
from ledger.money import format_yuan
from ledger.rules import covers

__all__ = [
    "DRAWS_ON",
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


DRAWS_ON: Final = {
    MoveCause.SURPLUS: MoveCause.SURPLUS,
    MoveCause.REALLOCATED: MoveCause.RECOVERED,
    MoveCause.ADJUSTED: MoveCause.ADJUSTED,
    MoveCause.REPLACED: MoveCause.REPLACED,
}
"""Money given out for a cause is money that came back for this one."""


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
    direct: Flag = False
    incentive: Flag = False
    project_code: Line = ""
    income_item: Line = ""
    expenditure_item: Line = ""


class DistributeTranche(Command):
    """Distribute part of a tranche to a tranche of a lower area, or of a town or unit within the area."""

    tranche: Ident
    child: Ident
    child_area: AreaRef
    child_town: TownRef = ""
    child_unit: Line = ""
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
    town: str = ""
    unit: str = ""
    """Who holds the money where it is below the county."""
    parent: str = ""
    document: str = ""
    first_on: date | None = None
    arrived_fen: int = 0
    returned_fen: int = 0
    distributed_fen: int = 0
    allocated_fen: int = 0
    recovered_fen: int = 0
    by_type: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Money allocated, by type of project."""
    regained: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Money that came back from projects and was not given out again, by cause."""
    carried_years: frozenset[int] = frozenset()
    """The years at whose end the balance was carried over."""

    @property
    def exists(self) -> bool:
        """Say whether money ever arrived."""
        return self.first_on is not None

    @property
    def net_fen(self) -> int:
        """Return the money that arrived and stayed: neither distributed nor recovered."""
        return self.arrived_fen + self.returned_fen - self.distributed_fen - self.recovered_fen

    @property
    def available_fen(self) -> int:
        """Return the money that is neither distributed, allocated nor recovered."""
        return self.net_fen - self.allocated_fen

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
                rule="R14 分解+安排+收回≤下达;出处 funds.md 8.2(延津 2022 [S46])",
            )


def evolve_tranche(state: Tranche, event: Event) -> Tranche:
    """Return the state after one more event."""
    match event:
        case TrancheIssued() | TrancheReceived():
            arrived = replace(
                state,
                tranche=event.tranche,
                area=event.area,
                plan_year=event.plan_year,
                fund_kind=event.fund_kind,
                level=event.level,
                direction=event.direction,
                document=state.document or event.document,
                first_on=min(state.first_on or event.effective_on, event.effective_on),
                arrived_fen=state.arrived_fen + event.amount_fen,
            )
            if isinstance(event, TrancheIssued):
                return arrived
            return replace(arrived, parent=event.parent, town=event.town, unit=event.unit)
        case TrancheReturned():
            return replace(state, returned_fen=state.returned_fen + event.amount_fen)
        case TrancheDistributed():
            return replace(state, distributed_fen=state.distributed_fen + event.amount_fen)
        case MoneyAllocated():
            drawn = DRAWS_ON[MoveCause(event.cause)] if event.cause else ""
            return _into_projects(state, event, event.amount_fen, drawn)
        case MoneyRegained():
            return _into_projects(state, event, -event.amount_fen, event.cause)
        case TrancheCarriedOver():
            return replace(state, carried_years=state.carried_years | {event.from_year})
        case TrancheRecovered():
            return replace(state, recovered_fen=state.recovered_fen + event.amount_fen)
        case _:
            raise misplaced(event)


def _into_projects(state: Tranche, event: MoneyAllocated | MoneyRegained, fen: int, cause: str) -> Tranche:
    by_type = {**state.by_type, event.project_type: state.by_type.get(event.project_type, 0) + fen}
    moved = replace(state, allocated_fen=state.allocated_fen + fen, by_type=MappingProxyType(by_type))
    if not cause:
        return moved
    regained = {**state.regained, cause: state.regained.get(cause, 0) - fen}
    return replace(moved, regained=MappingProxyType(regained))


def tranche_contradiction(code: str, state: Tranche) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    if state.available_fen < 0:
        return f"资金批次“{code}”的余额将变为 {format_yuan(state.available_fen)} 元"
    for cause, fen in state.regained.items():
        if fen < 0:
            name = name_of(MoveCause, cause)
            return f"资金批次“{code}”因“{name}”退回而未再安排的资金将变为 {format_yuan(fen)} 元"
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
            direct=command.direct,
            incentive=command.incentive,
            project_code=command.project_code,
            income_item=command.income_item,
            expenditure_item=command.expenditure_item,
        )
    ]


def decide_distribute(
    parent: Tranche, child: Tranche, command: DistributeTranche, areas: AreaList, transfer_id: str
) -> list[Event]:
    """Distribute money to a lower area, or to a town or unit within the area: two legs, one movement.

    Raises:
        RuleRefusedError: more than is left, a place that is not below, or a child tranche that belongs elsewhere.
        ValueRefusedError: the area or town is unknown, or the town lies elsewhere.
    """
    parent.must_exist(command.tranche)
    town = _town_below(parent, command, areas)
    place = (parent.tranche, command.child_area, town, command.child_unit)
    if child.exists and (child.parent, child.area, child.town, child.unit) != place:
        raise RuleRefusedError(
            "tranche.exists",
            f"资金批次“{command.child}”已存在,不是由本批次分解给该地区或单位的",
            hint="请换一个批次编号",
        )
    parent.must_afford(command.amount_fen, "分解")
    not_before(command.on, parent.first_on, what="分解", cause="资金到账", reason=command.reason)
    common: dict[str, Any] = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    shared: dict[str, Any] = {**common, "transfer_id": transfer_id, "amount_fen": command.amount_fen}
    return [
        TrancheDistributed(
            **parent.dimensions(),
            **shared,
            child=command.child,
            child_area=command.child_area,
            child_town=town,
            child_unit=command.child_unit,
        ),
        TrancheReceived(
            **{**parent.dimensions(), "tranche": command.child, "area": command.child_area},
            **shared,
            parent=parent.tranche,
            town=town,
            unit=command.child_unit,
        ),
    ]


def _town_below(parent: Tranche, command: DistributeTranche, areas: AreaList) -> str:
    """Return the town that the child belongs to, where the child is below the parent: area, town, unit."""
    areas.get(command.child_area, command.on)
    if command.child_town:
        areas.get(command.child_town, command.on)
        if not command.child_town.startswith(command.child_area):
            raise ValueRefusedError(
                "area.outside", f"{command.child_town} 不在 {command.child_area} 之内", hint="请核对乡镇的区划代码"
            )
    town = command.child_town
    if command.child_area != parent.area:
        below = covers(parent.area, command.child_area) and not parent.town and not parent.unit
    elif parent.town:
        town = town or parent.town
        below = town == parent.town and bool(command.child_unit) and not parent.unit
    else:
        below = bool(town or command.child_unit) and not parent.unit
    if not below:
        holder = parent.unit or parent.town or areas.name(parent.area)
        raise RuleRefusedError(
            "tranche.not_below",
            f"{areas.name(command.child_area)}({command.child_area})"
            f"不在资金批次“{parent.tranche}”的持有者{holder}({parent.area})之下,不能向其分解资金",
            hint="请核对下级区划代码;分解给本县乡镇或单位的,请写明乡镇代码或单位名称",
            rule="逐级分解;出处 funds.md 7.2",
        )
    return town


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
