"""Decisions on money that a tranche gives to a project: allocated for the first time, again, or as a management fee.

Sources: funds.md 7.2 (Allocated, FeeExtracted) and 8.2 (R14, R15, R22, R23).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from ledger.codes import FundLevel, MoveCause, TaskDirection, name_of
from ledger.domain.caps import number, source_of
from ledger.domain.command import Command, Fen, Ident, coded
from ledger.domain.history import not_before
from ledger.domain.project import Project
from ledger.domain.tranche import DRAWS_ON, Tranche
from ledger.errors import RuleRefusedError
from ledger.events import Event, MoneyAllocated, ProjectFunded
from ledger.money import format_yuan
from ledger.rules import ProjectType, RulePack

__all__ = ["AllocateMoney", "ExtractFee", "allocate_to", "decide_allocate", "decide_fee"]

_MAIN_TASK: Final = "main_task"
_AGAIN: Final = (MoveCause.SURPLUS, MoveCause.REALLOCATED)


class AllocateMoney(Command):
    """Allocate money of a tranche to a project; ``cause`` says from where money that is given out again came back."""

    tranche: Ident
    project: Ident
    amount_fen: Fen
    cause: Annotated[str, coded(MoveCause)] | None = None


class ExtractFee(AllocateMoney):
    """Take the management fee out of a tranche: allocate it to the project that stands for the fee."""


@dataclass(frozen=True, slots=True)
class _Fee:
    """What a management fee is taken from, and how much of it the rule allows."""

    base_fen: int = 0
    percent: str = ""


def decide_allocate(
    tranche: Tranche, project: Project, command: AllocateMoney, rules: RulePack, transfer_id: str
) -> list[Event]:
    """Allocate money: two legs, one movement.

    Raises:
        NotFoundError: the tranche or the project is unknown.
        RuleRefusedError: as ``allocate_to``; or a cause that only an adjustment can have.
    """
    if command.cause and command.cause not in _AGAIN:
        names = "、".join(cause.zh for cause in _AGAIN)
        raise RuleRefusedError(
            "allocation.cause",
            f"安排资金的原因不能是“{name_of(MoveCause, command.cause)}”,只能是:{names}",
            hint="在项目之间调整资金用 xianjie fund adjust",
            rule="资金调整有出有进;出处 funds.md 7.2",
        )
    return allocate_to(tranche, project, command, rules, transfer_id)


def decide_fee(
    tranche: Tranche, project: Project, command: ExtractFee, rules: RulePack, transfer_id: str
) -> list[Event]:
    """Take the management fee: an allocation to a project whose type is a fee.

    Raises:
        NotFoundError, RuleRefusedError: as ``decide_allocate``; or the project is none that stands for a fee.
    """
    project.must_exist(command.project)
    kind = rules.project_type(project.project_type, command.on)
    if kind is None or not kind.is_fee:
        fees = "、".join(each.name for each in rules.project_types if each.is_fee)
        raise RuleRefusedError(
            "fee.other_type",
            f"项目“{project.project}”的类型是“{rules.type_name(project.project_type)}”,不是项目管理费",
            hint=f"先用 xianjie project add 登记一个类型为“{fees}”的项目,或改用 xianjie fund allocate",
            rule=f"R22 项目管理费单独列项;出处 达川 [S4]({rules.pack} {rules.version})",
        )
    return decide_allocate(tranche, project, command, rules, transfer_id)


def allocate_to(
    tranche: Tranche, project: Project, command: AllocateMoney, rules: RulePack, transfer_id: str
) -> list[Event]:
    """Allocate money for any cause: every check on the receiving project.

    Raises:
        NotFoundError: the tranche or the project is unknown.
        RuleRefusedError: not in the library, ended, another place, a direction that does not fit, more than the
            tranche has left, more than came back for the cause, a fee above its cap, or no performance goal.
    """
    tranche.must_exist(command.tranche)
    project.must_exist(command.project)
    project.must_live()
    _check_place(tranche, project)
    kind = rules.project_type(project.project_type, command.on)
    _check_direction(tranche, kind, rules)
    tranche.must_afford(command.amount_fen, "安排")
    _check_cause(tranche, command)
    fee = _Fee()
    if kind is not None and kind.is_fee:
        fee = _checked_fee(tranche, command, rules)
    else:
        _check_goal(project, command, rules)
    not_before(command.on, tranche.first_on, what="安排", cause="资金到账", reason=command.reason)
    not_before(command.on, project.reached["listed"], what="安排", cause="项目入库", reason=command.reason)
    common: dict[str, Any] = {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        "amount_fen": command.amount_fen,
        "transfer_id": transfer_id,
        **project.dimensions(),
        **tranche.dimensions(),
    }
    more: dict[str, Any] = {
        "cause": command.cause or "",
        "fee_base_fen": fee.base_fen,
        "fee_percent": fee.percent,
    }
    return [MoneyAllocated(**common, **more), ProjectFunded(**common)]


def _check_place(tranche: Tranche, project: Project) -> None:
    if tranche.area != project.area:
        raise RuleRefusedError(
            "allocation.other_area",
            f"资金批次“{tranche.tranche}”属于 {tranche.area},项目“{project.project}”属于 {project.area}",
            hint="请先把资金分解到项目所在县:xianjie fund distribute",
            rule="资金先分解到县再安排;出处 funds.md 7.2",
        )
    if tranche.town and tranche.town != project.town:
        raise RuleRefusedError(
            "allocation.other_town",
            f"资金批次“{tranche.tranche}”属于乡镇 {tranche.town},项目“{project.project}”属于 {project.town or '全县'}",
            hint="请选用县级或项目所在乡镇的资金批次",
            rule="分解到乡镇的资金用于本乡镇;出处 funds.md 7.2",
        )


def _check_direction(tranche: Tranche, kind: ProjectType | None, rules: RulePack) -> None:
    if kind is not None and kind.directions and tranche.direction not in kind.directions:
        fitting = "、".join(name_of(TaskDirection, each) for each in sorted(kind.directions))
        raise RuleRefusedError(
            "allocation.wrong_direction",
            f"资金任务方向“{name_of(TaskDirection, tranche.direction)}”不能用于“{kind.name}”类项目(可用:{fitting})",
            hint="请选用任务方向相符的资金批次",
            rule=f"R23 任务方向相符;出处 {kind.source}({rules.pack} {rules.version})",
        )


def _check_cause(tranche: Tranche, command: AllocateMoney) -> None:
    if not command.cause:
        return
    source = DRAWS_ON[MoveCause(command.cause)]
    left = tranche.regained.get(source, 0)
    if command.amount_fen > left:
        raise RuleRefusedError(
            "allocation.cause_exceeds",
            f"因“{name_of(MoveCause, command.cause)}”安排 {format_yuan(command.amount_fen)} 元,超过资金批次"
            f"“{tranche.tranche}”因“{source.zh}”退回而未再安排的 {format_yuan(left)} 元",
            hint="请核对金额和原因;第一次安排的资金不写原因",
            rule="再安排不超过退回;出处 funds.md 7.2(恒口 [S7])",
        )


def _checked_fee(tranche: Tranche, command: AllocateMoney, rules: RulePack) -> _Fee:
    level = tranche.level
    cap = rules.find(f"fee_cap_percent_{level}", tranche.area, command.on)
    if cap is None:
        raise RuleRefusedError(
            "fee.no_cap",
            f"规则包“{rules.pack}”{rules.version} 没有规定 {tranche.area} 的{name_of(FundLevel, level)}资金"
            f"可提取多少项目管理费,不能提取 {format_yuan(command.amount_fen)} 元",
            hint=f"采用规定了参数 fee_cap_percent_{level} 的规则包:xianjie rule adopt",
            rule="R22 项目管理费不超过上限;出处 财农〔2021〕19号(未复核)",
        )
    word = rules.find(f"fee_cap_base_{level}", tranche.area, command.on)
    main_task_only = word is not None and word.value == _MAIN_TASK
    has_base = not main_task_only or tranche.direction == TaskDirection.CONSOLIDATION
    base = tranche.net_fen if has_base else 0
    fees = {each.code for each in rules.project_types if each.is_fee}
    taken = sum(fen for code, fen in tranche.by_type.items() if code in fees) + command.amount_fen
    if taken * 100 > number(cap) * base and not command.reason:
        raise RuleRefusedError(
            "fee.above_cap",
            f"资金批次“{tranche.tranche}”连同本次提取项目管理费 {format_yuan(taken)} 元,超过基数 {format_yuan(base)} 元"
            f"的 {cap.value}%,即 {format_yuan(int(number(cap) * base / 100))} 元",
            hint="请核对金额;几个批次的管理费合并从一个批次提取的,用 --reason 说明",
            rule=source_of("R22 项目管理费不超过上限", cap),
        )
    return _Fee(base, str(cap.value))


def _check_goal(project: Project, command: AllocateMoney, rules: RulePack) -> None:
    needed = rules.find("allocation_needs_goal", project.area, command.on)
    if needed is not None and needed.value == 1 and not project.has_goal and not command.reason:
        raise RuleRefusedError(
            "allocation.no_goal",
            f"项目“{project.project}”没有绩效目标,不能安排 {format_yuan(command.amount_fen)} 元",
            hint="请先用 xianjie project amend 补充绩效目标,或用 --reason 说明原因",
            rule=source_of("R15 没有绩效目标不安排资金", needed),
        )
