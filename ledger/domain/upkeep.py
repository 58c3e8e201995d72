"""How an asset runs and who cares for it: running condition, yearly four-batch class (四个一批), upkeep (管护), visits.

A dispute blocks none of it. Source: assets.md 4.2, 4.3 and 7 (RF18, RF20, RF21).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from ledger.codes import AssetClass, AssetCondition, FourBatch
from ledger.dates import months_after
from ledger.domain.asset import Asset
from ledger.domain.caps import number, source_of
from ledger.domain.care import IN_USE
from ledger.domain.command import Amount, Command, Filled, Ident, Line, Year, coded
from ledger.domain.contract import Contract
from ledger.domain.history import not_before
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import BatchClassified, ConditionAssessed, Event, UpkeepAssigned, UpkeepVisited
from ledger.money import format_yuan
from ledger.rules import RulePack

__all__ = [
    "AssessCondition",
    "AssignUpkeep",
    "ClassifyBatch",
    "VisitAsset",
    "decide_assess",
    "decide_assign",
    "decide_batch",
    "decide_visit",
]

_BATCHES = "四个一批只分经营性资产,每年一次;出处 农规发〔2024〕26号 [P36]、平江 [A07][A08]"
_UPKEEP = "公益性资产须落实管护单位;出处 行政事业性国有资产管理条例 §29 [L3]、assets.md 7 RF20"

Visits = Annotated[int, Field(ge=0, le=366, strict=True)]


class AssessCondition(Command):
    """Assess how the asset runs; ``note`` says what was seen."""

    asset: Ident
    condition: Annotated[str, coded(AssetCondition)]
    note: Line = ""


class ClassifyBatch(Command):
    """Put an operating asset into one of the four batches for a year."""

    asset: Ident
    year: Year
    batch: Annotated[str, coded(FourBatch)]


class AssignUpkeep(Command):
    """Say which unit and post answer for the upkeep, with what money and how many visits a year."""

    asset: Ident
    unit: Filled
    post: Line = ""
    money_from: Line = ""
    yearly_fen: Amount = 0
    times_per_year: Visits = 0


class VisitAsset(Command):
    """Record a visit: the defects found, the repairs done and their cost."""

    asset: Ident
    defects: Line = ""
    repairs: Line = ""
    cost_fen: Amount = 0


def decide_assess(
    state: Asset, command: AssessCondition, rules: RulePack, contracts: Iterable[Contract] = ()
) -> list[Event]:
    """Assess the running condition; idle only on evidence and after the months that the rules ask.

    ``contracts`` are those that conveyed the operation right of the asset.

    Raises:
        NotFoundError: the asset is unknown.
        RuleRefusedError: the asset ended; it is called idle without a note or a document, or, without a reason, sooner
            than ``idle_months`` after it was registered or last assessed as in use, or while it is let; or a day before
            the last one.
    """
    state.must_live(command.asset, "评定运行状况")
    cause = "上一次评定"
    not_before(command.on, state.care.condition_on, what="本次评定", cause=cause, reason=command.reason)
    if command.condition == AssetCondition.IDLE:
        _check_idle(state, command, rules)
        _check_not_let(command, contracts)
    return [ConditionAssessed(**_common(command), **state.dimensions(), condition=command.condition, note=command.note)]


def _check_idle(state: Asset, command: AssessCondition, rules: RulePack) -> None:
    if not (command.note or command.document):
        raise RuleRefusedError(
            "condition.no_evidence",
            f"资产“{command.asset}”评定为“闲置”,没有写明依据",
            hint="请用 --note 写明现场所见,或用 --doc 写明核查文件的文号",
            rule="闲置须有依据;出处 assets.md 4.3",
        )
    months = rules.find("idle_months", state.area, command.on)
    if months is None or command.reason:
        return
    used = max(state.reached["identified"], state.care.used_on or date.min)
    since = months_after(used, int(number(months)))
    if command.on < since:
        what = "评定为在用" if used == state.care.used_on else "登记"
        raise RuleRefusedError(
            "condition.not_idle_yet",
            f"资产“{command.asset}”{used} {what},到 {command.on} 不满 {months.value} 个月,不能评定为“闲置”",
            hint="请评定为“停用”或“低效”;此前早已闲置的,用 --reason 写明自何时起",
            rule=source_of("RF18 闲置须满规定月数", months),
        )


def _check_not_let(command: AssessCondition, contracts: Iterable[Contract]) -> None:
    running = [each.contract for each in contracts if each.runs(command.on)]
    if running and not command.reason:
        raise RuleRefusedError(
            "condition.idle_but_let",
            f"资产“{command.asset}”评定为“闲置”,合同“{running[0]}”却在履行中",
            hint="请核对;合同已不履行的,先用 xianjie contract end 终止;承租后闲置的,用 --reason 说明",
            rule="RF37 状态矛盾:闲置而有租金;出处 assets.md 7",
        )


def decide_batch(state: Asset, command: ClassifyBatch) -> list[Event]:
    """Classify an operating asset for a year; the classes of other years stay.

    Raises:
        NotFoundError: the asset is unknown.
        RuleRefusedError: the asset ended or is not operating; without a reason, classified for the year already, or
            consolidated although it does not run well.
        ValueRefusedError: the year has not begun, or lies before the asset was formed.
    """
    state.must_live(command.asset, "四个一批分类")
    if state.asset_class != AssetClass.OPERATING:
        raise RuleRefusedError(
            "batch.not_operating",
            f"资产“{command.asset}”是{AssetClass(state.asset_class).zh}资产,不作四个一批分类",
            hint="请核对资产编号;类别有误的,先用 xianjie asset classify 重新分类",
            rule=_BATCHES,
        )
    check_year(state, command.year, command.on, "分类")
    earlier = state.care.batches.get(command.year)
    if earlier is not None and not command.reason:
        raise RuleRefusedError(
            "batch.repeated",
            f"资产“{command.asset}”{command.year} 年度已分为“{FourBatch(earlier).zh}”",
            hint="确需重新分类的,用 --reason 说明原因",
            rule=_BATCHES,
        )
    runs = not state.condition or state.condition in IN_USE
    if command.batch == FourBatch.CONSOLIDATE and not runs and not command.reason:
        raise RuleRefusedError(
            "batch.does_not_run",
            f"资产“{command.asset}”运行状况为“{AssetCondition(state.condition).zh}”"
            f"({state.care.condition_on} 评定),不能列入“巩固一批”",
            hint="请改列盘活或调整一批,或先用 xianjie condition assess 重新评定;确有依据的,用 --reason 说明",
            rule=_BATCHES,
        )
    return [BatchClassified(**_common(command), **state.dimensions(), year=command.year, batch=command.batch)]


def check_year(state: Asset, year: int, on: date, what: str) -> None:
    """Refuse a year that has not begun on the day, or that lies before the asset was formed.

    Raises:
        ValueRefusedError: as said.
    """
    if not state.project_year <= year <= on.year:
        raise ValueRefusedError(
            "asset.year_out_of_range",
            f"{what}年度 {year} 不在资产形成年度 {state.project_year} 至办理年度 {on.year} 之间",
            hint="请核对年度和业务日期",
        )


def decide_assign(state: Asset, command: AssignUpkeep) -> list[Event]:
    """Say who answers for the upkeep from this day; a later assignment takes its place.

    Raises:
        NotFoundError: the asset is unknown.
        RuleRefusedError: the asset ended, a day before the current assignment, or money for a household asset and no
            reason given.
    """
    state.must_live(command.asset, "落实管护")
    if command.yearly_fen and state.asset_class == AssetClass.HOUSEHOLD and not command.reason:
        raise RuleRefusedError(
            "upkeep.household_money",
            f"资产“{command.asset}”是到户类资产,却安排管护经费每年 {format_yuan(command.yearly_fen)} 元",
            hint="到户类资产由农户自管;确需补助的,用 --reason 说明依据",
            rule="RF21 管护经费不用于农户和私人资产;出处 assets.md 7",
        )
    care = state.care
    not_before(command.on, care.upkeep_since, what="落实管护", cause="现行管护的起始", reason=command.reason)
    given = command.model_dump(include={"unit", "post", "money_from", "yearly_fen", "times_per_year"})
    return [UpkeepAssigned(**_common(command), **state.dimensions(), **given)]


def decide_visit(state: Asset, command: VisitAsset) -> list[Event]:
    """Record a visit to an asset that somebody answers for; households are visited without that.

    Raises:
        NotFoundError: the asset is unknown.
        RuleRefusedError: the asset ended, or nobody answers for it and no reason is given.
        ValueRefusedError: a cost without a repair.
    """
    state.must_live(command.asset, "登记巡查")
    if command.cost_fen and not command.repairs:
        raise ValueRefusedError(
            "upkeep.cost_without_repair",
            f"写了维修费用 {format_yuan(command.cost_fen)} 元,没有写维修内容",
            hint="请用 --repairs 写明维修了什么",
        )
    care = state.care
    if not care.upkeep_unit and state.asset_class != AssetClass.HOUSEHOLD and not command.reason:
        raise RuleRefusedError(
            "upkeep.nobody",
            f"资产“{command.asset}”尚未落实管护单位",
            hint="请先用 xianjie upkeep assign 落实管护;由他方代为巡查的,用 --reason 说明",
            rule=_UPKEEP,
        )
    not_before(command.on, state.reached["identified"], what="巡查", cause="资产登记", reason=command.reason)
    given = command.model_dump(include={"defects", "repairs", "cost_fen"})
    return [UpkeepVisited(**_common(command), **state.dimensions(), **given)]


def _common(command: Command) -> dict[str, Any]:
    return {"effective_on": command.on, "document": command.document, "reason": command.reason}
