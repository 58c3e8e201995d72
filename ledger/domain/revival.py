"""Reviving an asset that stands (盘活): opened, handed in as done, struck off by a second person.

Source: assets.md 4.3 (revive record; 黔东南 strikes off after review [P7]) and 7 RF18.
"""

from __future__ import annotations

from datetime import date

from ledger.codes import AssetCondition
from ledger.domain.asset import Asset
from ledger.domain.care import UNUSED, Revival
from ledger.domain.command import Amount, Command, Day, Filled, Ident, Line
from ledger.domain.history import not_before
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import Event, RevivalClosed, RevivalOpened, RevivalSubmitted

__all__ = [
    "CloseRevival",
    "OpenRevival",
    "SubmitRevival",
    "decide_close_revival",
    "decide_open_revival",
    "decide_submit_revival",
]

_LONGEST_NAME = 200
_SECOND_PERSON = "盘活须另一人审核销号并有佐证;出处 黔东南 闲置低效资产盘活专项行动 [P7](assets.md 4.3)"


class OpenRevival(Command):
    """Open a plan to revive an asset that stands: the measure, who answers for it, and until when."""

    asset: Ident
    revival: Ident
    measure: Filled
    unit: Filled
    deadline: Day


class SubmitRevival(Command):
    """Say that the asset is revived, with the result, and ask to strike the plan off."""

    asset: Ident
    revival: Ident
    result: Filled
    cost_fen: Amount = 0


class CloseRevival(Command):
    """Strike the plan off, having examined the result; by another person than asked for it."""

    asset: Ident
    revival: Ident
    note: Line = ""


def decide_open_revival(state: Asset, command: OpenRevival) -> list[Event]:
    """Open a plan for an asset assessed as of low efficiency, idle or stopped; one plan at a time.

    Raises:
        NotFoundError: the asset is unknown.
        RuleRefusedError: the asset ended, is not assessed as standing, or has an open plan or one of this id.
        ValueRefusedError: the deadline lies before the day.
    """
    state.must_live(command.asset, "盘活立项")
    care = state.care
    if care.condition not in UNUSED:
        now = f"现为“{AssetCondition(care.condition).zh}”" if care.condition else "尚未评定运行状况"
        raise RuleRefusedError(
            "revival.not_idle",
            f"资产“{command.asset}”{now},不需要盘活",
            hint="低效、闲置或停用的,先用 xianjie condition assess 评定",
            rule="盘活低效、闲置、停用的资产;出处 assets.md 4.3",
        )
    if command.revival in care.revivals:
        raise RuleRefusedError(
            "revival.exists",
            f"资产“{command.asset}”已有编号为“{command.revival}”的盘活",
            hint="再次盘活的,请换一个编号",
        )
    if care.open_revival:
        raise RuleRefusedError(
            "revival.open_already",
            f"资产“{command.asset}”的盘活“{care.open_revival}”尚未销号",
            hint="请先用 xianjie revival submit 和 close 办结",
        )
    if command.deadline < command.on:
        raise ValueRefusedError(
            "revival.deadline", f"盘活期限 {command.deadline} 早于立项日期 {command.on}", hint="请核对期限和业务日期"
        )
    not_before(command.on, care.condition_on, what="盘活立项", cause="运行状况评定", reason=command.reason)
    return [
        RevivalOpened(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **state.dimensions(),
            revival=command.revival,
            measure=command.measure,
            unit=command.unit,
            deadline=command.deadline,
        )
    ]


def decide_submit_revival(state: Asset, command: SubmitRevival, actor: str) -> list[Event]:
    """Hand the plan in as done; ``actor`` is who does.

    Raises:
        NotFoundError: the asset or the plan is unknown.
        RuleRefusedError: struck off already, nobody is named as the actor, or the asset ended.
    """
    _open_plan(state, command.asset, command.revival, command.on, command.reason)
    return [
        RevivalSubmitted(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **state.dimensions(),
            revival=command.revival,
            result=command.result,
            cost_fen=command.cost_fen,
            by=_person(actor),
        )
    ]


def decide_close_revival(state: Asset, command: CloseRevival, actor: str) -> list[Event]:
    """Strike the plan off: by another person than handed it in, on a document, with the asset assessed anew.

    Raises:
        NotFoundError: the asset or the plan is unknown.
        RuleRefusedError: not handed in, handed in by the same person, without a document, or the asset still stands
            and no reason is given.
    """
    plan = _open_plan(state, command.asset, command.revival, command.on, command.reason)
    by = _person(actor)
    if not plan.submitters:
        raise RuleRefusedError(
            "revival.not_submitted",
            f"盘活“{command.revival}”尚未申请销号",
            hint="请先由责任单位用 xianjie revival submit 申请销号",
            rule=_SECOND_PERSON,
        )
    if by in plan.submitters:
        raise RuleRefusedError(
            "revival.same_person",
            f"盘活“{command.revival}”由 {'、'.join(sorted(plan.submitters))} 申请销号,不能再由 {by} 本人销号",
            hint="请由另一人核实后销号:xianjie --as 姓名 revival close …",
            rule=_SECOND_PERSON,
        )
    if not (plan.evidenced or command.document):
        raise RuleRefusedError(
            "revival.no_evidence",
            f"盘活“{command.revival}”没有佐证:申请时没有文号,销号时也没有",
            hint="请用 --doc 写明核实报告或合同的文号",
            rule=_SECOND_PERSON,
        )
    if state.condition in UNUSED and not command.reason:
        raise RuleRefusedError(
            "revival.still_idle",
            f"资产“{command.asset}”自 {state.care.condition_on} 起仍为“{AssetCondition(state.condition).zh}”",
            hint="请先用 xianjie condition assess 重新评定;未能盘活而销号的,用 --reason 说明去向",
            rule=_SECOND_PERSON,
        )
    return [
        RevivalClosed(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **state.dimensions(),
            revival=command.revival,
            by=by,
            note=command.note,
        )
    ]


def _open_plan(state: Asset, asset: str, code: str, on: date, reason: str) -> Revival:
    state.must_live(asset, "登记盘活")
    plan = state.care.revivals.get(code)
    if plan is None:
        raise NotFoundError(
            "revival.unknown",
            f"资产“{asset}”没有编号为“{code}”的盘活",
            hint="请核对编号,或先用 xianjie revival open 立项",
        )
    if plan.closed_by:
        raise RuleRefusedError(
            "revival.closed",
            f"盘活“{code}”已于 {plan.last_on} 由 {plan.closed_by} 销号",
            hint="又闲置的,重新评定运行状况后另行立项",
        )
    not_before(on, plan.last_on, what="本环节", cause="盘活的上一环节", reason=reason)
    return plan


def _person(actor: str) -> str:
    name = actor.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise RuleRefusedError(
            "revival.no_actor",
            f"申请和销号须写明经办人,1至{_LONGEST_NAME}个字",
            hint="请用 xianjie --as 姓名 写明经办人",
        )
    return name
