"""From money to assets: what an accepted project formed, that it formed none, and what stock-taking found.

Source: assets.md 0, 1.2, 3.1 and 7 (RF01, RF04, RF26); 行政事业性国有资产管理条例 第三十一条 for provisional values.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from ledger.areas import AreaList
from ledger.codes import AssetClass, AssetForm, FundKind, check_fund_kind
from ledger.domain.asset import Asset
from ledger.domain.command import AreaRef, Command, Fen, Filled, Flag, Ident, Line, TownRef, VillageRef, Year, coded
from ledger.domain.history import not_before
from ledger.domain.places import check_place
from ledger.domain.project import Project
from ledger.domain.record import FinancingPart
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import AssetIdentified, Event, FundSource, ProjectFormedAsset, ProjectFormedNone
from ledger.money import apportion, format_yuan
from ledger.rules import RulePack

__all__ = [
    "NONE_REASONS",
    "FormNoAsset",
    "IdentifyAsset",
    "TakeStock",
    "check_formed",
    "decide_identify",
    "decide_none",
    "decide_stock",
    "must_form_assets",
    "own_money",
    "sources_of",
    "stated_sources",
]

NONE_REASONS = {
    "consumed": "消耗灭失",
    "operating_cost": "运行费用",
    "service": "服务",
    "wages": "工资劳务",
    "other": "其他",
}


class IdentifyAsset(Command):
    """Record that an accepted project formed an asset; without sources they follow from the project's money."""

    asset: Ident
    project: Ident
    name: Filled
    asset_class: Annotated[str, coded(AssetClass)]
    asset_form: Annotated[str, coded(AssetForm)] = "fixed"
    subclass: Line = ""
    value_fen: Fen
    quantity: Line = ""
    place: Line = ""
    provisional: Flag = False
    sources: tuple[FinancingPart, ...] = ()


class TakeStock(Command):
    """Record an asset older than the ledger: found by stock-taking, its origin in words."""

    asset: Ident
    origin: Filled
    name: Filled
    area: AreaRef
    town: TownRef = ""
    village: VillageRef = ""
    project_year: Year
    asset_class: Annotated[str, coded(AssetClass)]
    asset_form: Annotated[str, coded(AssetForm)] = "fixed"
    subclass: Line = ""
    value_fen: Fen
    quantity: Line = ""
    place: Line = ""
    provisional: Flag = False
    sources: tuple[FinancingPart, ...] = ()


class FormNoAsset(Command):
    """Decide that an accepted project forms no asset; the reason says why in words."""

    project: Ident
    why: Literal["consumed", "operating_cost", "service", "wages", "other"]


def decide_identify(
    state: Asset,
    project: Project,
    siblings: Sequence[Asset],
    command: IdentifyAsset,
    rules: RulePack,
    *,
    formation_id: str,
) -> list[Event]:
    """Identify an asset of an accepted project: one half for the asset, one for the project.

    ``siblings`` are the assets that the project formed already.

    Raises:
        RuleRefusedError: the code is taken, the project is not accepted or was decided to form no asset; or, without
            a reason, its type forms none, it formed the same thing already, or its assets are worth more than its
            money.
        ValueRefusedError: sources that do not add up to the value.
    """
    _must_be_new(state, command.asset)
    must_form_assets(project, command.project, "登记其形成的资产")
    if not command.reason:
        _check_plausible(project, siblings, command, rules)
    not_before(command.on, project.reached["accepted"], what="资产登记", cause="验收", reason=command.reason)
    check_formed(project, sum(each.formed_fen for each in siblings) + command.value_fen, command)
    sources = stated_sources(command.sources, command.value_fen) or sources_of(project, command.value_fen)
    place = project.dimensions()
    return [
        AssetIdentified(
            **_why(command),
            **{name: place[name] for name in ("area", "town", "village", "project_year")},
            **command.model_dump(exclude={"on", "document", "reason", "sources"}),
            sources=sources,
            formation_id=formation_id,
        ),
        ProjectFormedAsset(
            **_why(command), **place, asset=command.asset, value_fen=command.value_fen, formation_id=formation_id
        ),
    ]


def decide_stock(state: Asset, command: TakeStock, areas: AreaList, subclass: str) -> list[Event]:
    """Take an older asset into the register; ``subclass`` is the code of what the command names.

    Raises:
        RuleRefusedError: the code is taken.
        ValueRefusedError: a place that does not exist, a year to come, or sources that do not add up to the value.
    """
    _must_be_new(state, command.asset)
    check_place(areas, command.on, command.area, command.town, command.village)
    if command.project_year > command.on.year:
        raise ValueRefusedError(
            "asset.year_to_come",
            f"形成年度 {command.project_year} 晚于登记日期 {command.on}",
            hint="请核对 --year 和 --date",
        )
    for part in command.sources:
        check_fund_kind(FundKind(part.fund_kind), command.project_year)
    sources = stated_sources(command.sources, command.value_fen)
    stated = {**vars(command), "subclass": subclass, "sources": sources}
    return [AssetIdentified(effective_on=stated.pop("on"), **stated)]


def decide_none(project: Project, command: FormNoAsset) -> list[Event]:
    """Decide that the project forms no asset.

    Raises:
        RuleRefusedError: not accepted, it formed assets already, decided already, or no reason given.
    """
    must_form_assets(project, command.project, "再认定不形成资产")
    if project.assets:
        raise RuleRefusedError(
            "asset.formed_some",
            f"项目“{command.project}”已登记资产{'、'.join(sorted(project.assets))},不能认定不形成资产",
            hint="登记有误的,先用 xianjie correct 冲销资产登记",
        )
    if not command.reason:
        raise RuleRefusedError(
            "asset.none_reason",
            f"认定项目“{command.project}”不形成资产须说明理由",
            hint="请用 --reason 说明资金用在何处、为何没有形成资产",
            rule="不形成资产须写明原因;出处 assets.md 0 第3条 [A19]",
        )
    not_before(command.on, project.reached["accepted"], what="认定", cause="验收", reason="")
    return [ProjectFormedNone(**_why(command), **project.dimensions(), why=command.why)]


def must_form_assets(project: Project, code: str, doing: str) -> None:
    """Raise unless the project exists, is accepted, and was not decided to form no asset."""
    project.must_exist(code)
    if "accepted" not in project.reached:
        raise RuleRefusedError("asset.not_accepted", f"项目“{code}”尚未验收,不能{doing}", hint="请先登记验收")
    if project.formed_none:
        raise RuleRefusedError(
            "asset.formed_none",
            f"项目“{code}”已认定不形成资产({NONE_REASONS[project.formed_none]}),不能{doing}",
            hint="认定有误的,先用 xianjie correct 冲销认定",
            rule="不形成资产的项目不登记资产;出处 assets.md 8",
        )


def check_formed(project: Project, formed_fen: int, command: Command) -> None:
    """Refuse assets worth more than the money that went into the project, unless a reason is given.

    Raises:
        RuleRefusedError: ``formed_fen`` exceeds money allocated and own contribution.
    """
    own = own_money(project)
    if formed_fen > project.allocated_fen + own and not command.reason:
        raise RuleRefusedError(
            "asset.worth_more",
            f"项目“{project.project}”形成的资产合计 {format_yuan(formed_fen)} 元,多于安排的资金"
            f" {format_yuan(project.allocated_fen)} 元与自筹 {format_yuan(own)} 元之和",
            hint="请核对原值;确有其他投入的,用 --reason 说明来源",
            rule="RF04 资产价值不超过资金投入;出处 assets.md 7",
        )


def own_money(project: Project) -> int:
    """Return the project's own contribution in fen, as its record states it."""
    return sum(part.amount_fen for part in project.record.financing if part.fund_kind == FundKind.SELF_RAISED)


def sources_of(project: Project, value_fen: int) -> tuple[FundSource, ...]:
    """Return from which money a value came, to the fen; nothing where the project has no money.

    Each kind and level has its part of the money allocated, in proportion to what was paid where anything was paid;
    the project's own contribution stands beside it.
    """
    paid = project.paid_fen
    weights: dict[tuple[str, str], Fraction] = {}
    for line in project.funding.values():
        part = Fraction(line.paid_fen * project.allocated_fen, paid) if paid else Fraction(line.allocated_fen)
        weights[line.fund_kind, line.level] = weights.get((line.fund_kind, line.level), Fraction(0)) + part
    for own in project.record.financing:
        if own.fund_kind == FundKind.SELF_RAISED:
            weights[own.fund_kind, own.level] = weights.get((own.fund_kind, own.level), Fraction(0)) + own.amount_fen
    if not weights:
        return ()
    parts = apportion(value_fen, list(weights.values()))
    return tuple(
        FundSource(fund_kind=kind, level=level, amount_fen=fen)
        for (kind, level), fen in zip(weights, parts, strict=True)
        if fen
    )


def stated_sources(sources: Sequence[FinancingPart], value_fen: int) -> tuple[FundSource, ...]:
    """Return the sources as stated. Raises ValueRefusedError when there are some and they are not the whole value."""
    total = sum(part.amount_fen for part in sources)
    if sources and total != value_fen:
        raise ValueRefusedError(
            "asset.sources_differ",
            f"资金来源合计 {format_yuan(total)} 元,与原值 {format_yuan(value_fen)} 元不等",
            hint="请核对 --source;各来源合计须正好等于原值",
        )
    kinds = [(part.fund_kind, part.level) for part in sources]
    if len(set(kinds)) < len(kinds):
        raise ValueRefusedError("asset.source_repeated", "同一类别、同一级次的资金来源写了两次", hint="请合并为一项")
    return tuple(FundSource(**part.model_dump()) for part in sources)


def _must_be_new(state: Asset, code: str) -> None:
    if state.exists:
        raise RuleRefusedError("asset.exists", f"资产编号“{code}”已用于“{state.name}”", hint="请换一个资产编号")


def _why(command: Command) -> dict[str, Any]:
    return {"effective_on": command.on, "document": command.document, "reason": command.reason}


def _check_plausible(project: Project, siblings: Sequence[Asset], command: IdentifyAsset, rules: RulePack) -> None:
    kind = rules.project_type(project.project_type, command.on)
    if kind is not None and not kind.forms_asset:
        raise RuleRefusedError(
            "asset.type_forms_none",
            f"“{kind.name}”类项目一般不形成资产",
            hint="确已形成资产的,请用 --reason 说明",
            rule=f"{rules.pack} {rules.version}",
        )
    same = (command.name, command.place, command.asset_form)
    for each in siblings:
        if each.life == "live" and (each.name, each.place, each.asset_form) == same:
            raise RuleRefusedError(
                "asset.registered_twice",
                f"项目“{command.project}”已登记名称、地点、形态相同的资产“{each.asset}”({each.name})",
                hint="请核对是否重复登记;确是两项资产的,写明不同的 --place,或用 --reason 说明",
                rule="RF26 不得重复登记;出处 assets.md 7",
            )
