"""What an asset is and what it is worth: class, form and sub-class decided anew, final accounts, additions.

Class is a decision with an authority and not a property of the thing (assets.md 1.3); a provisional value becomes
final by final accounts (行政事业性国有资产管理条例 第三十一条, RF05); what another project adds joins the value and its
sources (assets.md 3.4). Holdings stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from ledger.codes import AssetClass, AssetForm, HolderKind
from ledger.domain.asset import Asset, asset_fields
from ledger.domain.backing import share_of_change
from ledger.domain.command import Command, Fen, Ident, Line, coded
from ledger.domain.formation import check_formed, must_form_assets, sources_of, stated_sources
from ledger.domain.history import not_before
from ledger.domain.project import Project
from ledger.domain.record import FinancingPart
from ledger.errors import RuleRefusedError
from ledger.events import AssetClassified, Event, ValueAdded, ValueFinalised
from ledger.money import format_yuan

__all__ = ["AddValue", "ClassifyAsset", "FinaliseValue", "decide_add_value", "decide_classify", "decide_finalise"]


class ClassifyAsset(Command):
    """Decide the class, form or sub-class anew; what is None stays what it was."""

    asset: Ident
    authority: Line = ""
    asset_class: Annotated[str, coded(AssetClass)] | None = None
    asset_form: Annotated[str, coded(AssetForm)] | None = None
    subclass: Line | None = None


class FinaliseValue(Command):
    """State the value that final accounts fixed."""

    asset: Ident
    value_fen: Fen


class AddValue(Command):
    """Add what another accepted project, or a continuation, put into the asset."""

    asset: Ident
    added_by: Ident
    amount_fen: Fen
    sources: tuple[FinancingPart, ...] = ()


def decide_classify(state: Asset, command: ClassifyAsset) -> list[Event]:
    """Classify the asset anew.

    Raises:
        RuleRefusedError: no authority or reason, nothing changed, or a household would own a collective asset.
    """
    state.must_live(command.asset, "重新分类")
    if not command.authority or not command.reason:
        raise RuleRefusedError(
            "asset.classified_unfounded",
            f"资产“{command.asset}”重新分类须写明认定单位和理由",
            hint="请用 --authority 写明认定单位,用 --reason 说明理由",
            rule="资产分类由主管单位认定并说明理由;出处 assets.md 1.3",
        )
    new = {
        "asset_class": command.asset_class or state.asset_class,
        "asset_form": command.asset_form or state.asset_form,
        "subclass": state.subclass if command.subclass is None else command.subclass,
    }
    if new == {name: getattr(state, name) for name in new}:
        raise RuleRefusedError(
            "asset.classified_same",
            f"资产“{command.asset}”的类别、形态、细类与现有登记相同",
            hint="请用 --class、--form 或 --subclass 写明新的分类",
        )
    holders = state.owners or state.proposed
    if new["asset_class"] != AssetClass.HOUSEHOLD and any(each.kind == HolderKind.HOUSEHOLD for each in holders):
        raise RuleRefusedError(
            "asset.household_owned",
            f"资产“{command.asset}”的所有权人是农户,不能改为{AssetClass(new['asset_class']).zh}资产",
            hint="请先按新的类别重新公示或变更所有权人",
            rule="RF28 集体资产不得由农户所有;农村集体经济组织法 第三十六条",
        )
    not_before(command.on, state.reached["identified"], what="重新分类", cause="资产登记", reason="")
    return [
        AssetClassified(
            **asset_fields(state, command, **new),
            authority=command.authority,
            former_class=state.asset_class,
            former_form=state.asset_form,
        )
    ]


def decide_finalise(state: Asset, project: Project, siblings: Sequence[Asset], command: FinaliseValue) -> list[Event]:
    """Fix the value by final accounts.

    ``siblings`` are the other assets that the project formed; an asset older than the ledger has no project.

    Raises:
        RuleRefusedError: the value is final already; or, without a reason, the project's assets become worth more than
            its money.
    """
    state.must_live(command.asset, "核定原值")
    if not state.provisional:
        raise RuleRefusedError(
            "asset.value_final",
            f"资产“{command.asset}”的原值 {format_yuan(state.value_fen)} 元不是暂估值",
            hint="续建增值用 xianjie asset add-value 登记;原值登记有误的用 xianjie correct 更正",
            rule="RF05 只有暂估的原值待决算核定;行政事业性国有资产管理条例 第三十一条",
        )
    not_before(command.on, state.reached["identified"], what="核定原值", cause="资产登记", reason=command.reason)
    change = command.value_fen - state.value_fen
    if project.exists and change > 0:
        formed = sum(each.formed_fen for each in siblings) + state.formed_fen
        check_formed(project, formed + change, command)
    return [
        ValueFinalised(
            **asset_fields(state, command, value_fen=command.value_fen),
            change_fen=change,
            sources=share_of_change(state, change),
        )
    ]


def decide_add_value(state: Asset, project: Project, siblings: Sequence[Asset], command: AddValue) -> list[Event]:
    """Add value that a project put into the asset; ``siblings`` are the assets which that project formed itself.

    Raises:
        RuleRefusedError: the project is not accepted or forms no asset; or, without a reason, more than its money.
        ValueRefusedError: sources that do not add up to the amount.
    """
    state.must_live(command.asset, "登记增值")
    must_form_assets(project, command.added_by, "登记其形成的增值")
    for earlier, cause in ((state.reached["identified"], "资产登记"), (project.reached["accepted"], "验收")):
        not_before(command.on, earlier, what="增值登记", cause=cause, reason=command.reason)
    before = state.added.get(command.added_by, 0) if command.added_by != state.project else 0
    formed = sum(each.formed_fen for each in siblings) + before
    check_formed(project, formed + command.amount_fen, command)
    amount = command.amount_fen
    return [
        ValueAdded(
            **asset_fields(state, command, value_fen=state.value_fen + amount),
            change_fen=amount,
            added_by=command.added_by,
            sources=stated_sources(command.sources, amount) or sources_of(project, amount),
        )
    ]
