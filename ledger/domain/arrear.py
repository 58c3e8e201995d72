"""A debt in arrears (两拖欠): what is owed to enterprises or workers and overdue, and how much of it was paid.

Invariant: settled ≤ recorded. Source: seed clause (六), which asks to go on dissolving arrears in order (有序化解).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from ledger.areas import AreaList
from ledger.codes import CreditorKind
from ledger.domain.command import AreaRef, Command, Day, Fen, Filled, Ident, Line, TownRef, coded
from ledger.domain.history import misplaced, not_before
from ledger.domain.places import check_place
from ledger.domain.project import Project
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import ArrearRecorded, ArrearSettled, Event
from ledger.money import format_yuan

__all__ = [
    "Arrear",
    "RecordArrear",
    "SettleArrear",
    "arrear_contradiction",
    "decide_record",
    "decide_settle",
    "evolve_arrear",
]


class RecordArrear(Command):
    """Enter money that is owed and overdue; ``creditor_kind`` says to whom, never by name."""

    arrear: Ident
    area: AreaRef
    town: TownRef = ""
    project: Line = ""
    creditor_kind: Annotated[str, coded(CreditorKind)]
    amount_fen: Fen
    debtor: Filled
    due_on: Day | None = None


class SettleArrear(Command):
    """Record that part or all of it was paid."""

    arrear: Ident
    amount_fen: Fen
    voucher: Line = ""


@dataclass(frozen=True, slots=True)
class Arrear:
    """What is known of a debt in arrears; amounts in fen."""

    arrear: str = ""
    area: str = ""
    town: str = ""
    project: str = ""
    creditor_kind: str = ""
    debtor: str = ""
    due_on: date | None = None
    since: date | None = None
    owed_fen: int = 0
    settled_fen: int = 0

    @property
    def exists(self) -> bool:
        """Say whether it was ever entered."""
        return self.since is not None

    @property
    def left_fen(self) -> int:
        """Return what is still owed."""
        return self.owed_fen - self.settled_fen

    def dimensions(self) -> dict[str, Any]:
        """Return what each event of the debt writes down beside its amount."""
        return {
            "arrear": self.arrear,
            "area": self.area,
            "town": self.town,
            "project": self.project,
            "creditor_kind": self.creditor_kind,
        }

    def must_exist(self, code: str) -> None:
        """Raise NotFoundError when the debt is unknown."""
        if not self.exists:
            raise NotFoundError(
                "arrear.unknown", f"没有编号为“{code}”的拖欠", hint="用 xianjie arrear list 查看已登记的拖欠"
            )


def evolve_arrear(state: Arrear, event: Event) -> Arrear:
    """Return the state after one more event."""
    match event:
        case ArrearRecorded():
            return replace(
                state,
                arrear=event.arrear,
                area=event.area,
                town=event.town,
                project=event.project,
                creditor_kind=event.creditor_kind,
                debtor=event.debtor,
                due_on=event.due_on,
                since=event.effective_on,
                owed_fen=event.amount_fen,
            )
        case ArrearSettled():
            return replace(state, settled_fen=state.settled_fen + event.amount_fen)
        case _:
            raise misplaced(event)


def arrear_contradiction(code: str, state: Arrear) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    if state.left_fen < 0:
        return f"拖欠“{code}”登记 {format_yuan(state.owed_fen)} 元,已清偿 {format_yuan(state.settled_fen)} 元"
    return ""


def decide_record(state: Arrear, project: Project | None, command: RecordArrear, areas: AreaList) -> list[Event]:
    """Enter a debt: a new code, a known place, overdue; ``project`` is the one it names.

    Raises:
        RuleRefusedError: the code is taken, or the debt is not due yet and no reason was given.
        ValueRefusedError: unknown area.
        NotFoundError: the project is unknown.
    """
    check_place(areas, command.on, command.area, command.town)
    if state.exists:
        raise RuleRefusedError(
            "arrear.exists",
            f"拖欠编号“{command.arrear}”已登记:{state.debtor} {format_yuan(state.owed_fen)} 元,"
            f"本次 {command.debtor} {format_yuan(command.amount_fen)} 元",
            hint="若是另一笔,请换一个编号;若上次记错,用 xianjie correct 更正",
        )
    if project is not None:
        project.must_exist(command.project)
    not_before(command.on, command.due_on, what="拖欠登记", cause="应付", reason=command.reason)
    return [ArrearRecorded(effective_on=command.on, **command.model_dump(exclude={"on"}))]


def decide_settle(state: Arrear, command: SettleArrear) -> list[Event]:
    """Settle part or all of a debt, never more than is left.

    Raises:
        NotFoundError: the debt is unknown.
        RuleRefusedError: more than is left, or on a day before it was entered.
    """
    state.must_exist(command.arrear)
    if command.amount_fen > state.left_fen:
        raise RuleRefusedError(
            "arrear.exceeds",
            f"清偿 {format_yuan(command.amount_fen)} 元,超过拖欠“{state.arrear}”尚欠的 {format_yuan(state.left_fen)} 元"
            f"(登记 {format_yuan(state.owed_fen)},已清偿 {format_yuan(state.settled_fen)})",
            hint="请核对金额;用 xianjie arrear show 查看每一笔",
            rule="清偿≤拖欠",
        )
    not_before(command.on, state.since, what="清偿", cause="拖欠登记", reason=command.reason)
    return [
        ArrearSettled(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **state.dimensions(),
            amount_fen=command.amount_fen,
            voucher=command.voucher,
        )
    ]
