"""Flags of what assets are and how they are kept: registered, booked, valued, handed over, cared for. assets.md 7."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final

from ledger.codes import AssetCondition
from ledger.domain.care import IN_USE, UNUSED
from projections.flags.model import Hit, after, apart, check, count, day, days, fen, hit, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.flags.model import Terms
    from projections.flags.pictures import Asset, Project, World

__all__: list[str] = []

_BOOKED: Final = frozenset({"operating", "public"})
_PRIVATE: Final = frozenset({"household", "company", "cooperative"})


@check(
    "RF01",
    "project",
    "验收 + 天数 < 截至日,没有登记资产,也没有认定不形成资产",
    "登记资产,或认定不形成资产",
    "project_type forms_asset",
)
def not_registered(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where long after acceptance no asset is in the register, and nobody said that there is none."""
    accepted = project.reached.get("accepted")
    if accepted is None or project.assets or not project.reached.keys().isdisjoint(("formed_asset", "formed_none")):
        return
    if project.type in terms.rules.assetless_types(date.fromisoformat(terms.as_of)):
        return
    if (waited := terms.since(accepted.first)) > terms.number("days"):
        yield hit(
            project.subject, days("验收后未登记资产", waited), "超过", days("期限", terms.number("days")), accepted
        )


@check("RF02", "asset", "验收(没有的取登记)+ 天数 < 截至日,未入账", "登记入账:xianjie asset book")
def not_booked(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where an asset of the state or a collective is in nobody's books, or came there late."""
    start, booked = asset.accepted_on or asset.registered_on, asset.reached.get("booked")
    if asset.asset_class not in _BOOKED or not (asset.live or booked):
        return
    waited = days("验收后入账" if booked else "验收后未入账", apart(start, booked.first if booked else terms.as_of))
    if int(waited.value) > terms.number("days"):
        yield hit(
            asset.subject, waited, "超过", days("期限", terms.number("days")), asset.position, asset.accepted, booked
        )


@check("RF04", "project", "登记资产价值合计 > 投入 ×(1 + 容差)", "核对决算;自筹、新增投入的补录来源")
def worth_more_than_paid(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where the assets of a project were registered at more than was put into it."""
    put_in, share = max(project.fen("funded"), project.fen("settled")), 100 + terms.number("tolerance_percent")
    formed = project.formed_fen
    if put_in > 0 and formed * 100 > share * put_in:
        allowed = fen(f"投入 × {share}%", share * put_in // 100)
        traces = [project.money[each] for each in ("funded", "settled") if each in project.money]
        yield hit(project.subject, fen("形成资产", formed), "多于", allowed, *traces, *project.formed_at)


@check("RF05", "asset", "移交(没有的取验收、登记)+ 月数 < 截至日,价值仍为暂估", "办理决算转正:xianjie asset finalise")
def provisional_too_long(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where the value of an asset is still provisional long after it was delivered."""
    start = asset.on("handed_over") or asset.accepted_on or asset.registered_on
    due = after(start, months=terms.number("months"))
    if asset.live and asset.provisional and terms.as_of > due:
        yield hit(
            asset.subject, day("仍为暂估,截至", terms.as_of), "晚于", day("期限", due), asset.position, asset.accepted
        )


@check("RF06", "asset", "移交没有清单,或移交、接收、监交不是三方", "补办移交手续")
def handover_incomplete(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where a hand-over had no list of papers, or not three different parties, or came before confirmation."""
    step = asset.last("handed_over")
    if step is None:
        return
    parties = len({step.unit, step.receiver, step.by} - {""})
    if parties < 3:  # noqa: PLR2004 - giver, receiver and supervisor
        yield hit(asset.subject, count("移交、接收、监交单位", parties), "少于", count("应有", 3), step.position)
    elif not step.note:
        yield hit(asset.subject, count("移交清单", 0), "少于", count("应有", 1), step.position)
    elif (confirmed := asset.on("confirmed")) == "" or step.on < confirmed:
        sides = day("移交", step.on), day("确权", confirmed)
        yield hit(asset.subject, sides[0], "早于", sides[1], step.position, asset.reached.get("confirmed"))


@check("RF18", "asset", "闲置 ≥ idle_months 且没有盘活;或盘活逾期未销号", "立项盘活,或恢复使用后评定", "idle_months")
def idle_too_long(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where an idle asset has no plan of revival, or one past its deadline."""
    assessed, months = asset.last("condition_assessed"), terms.general("idle_months")
    if assessed is None or assessed.what not in UNUSED or not asset.live:
        return
    plan = asset.last("revival_opened")
    closed = plan is not None and any(each.code == plan.code for each in asset.steps.get("revival_closed", ()))
    if plan is not None and not closed:
        if plan.deadline and terms.as_of > plan.deadline:
            sides = day("盘活未销号,截至", terms.as_of), day("盘活期限", plan.deadline)
            yield hit(asset.subject, sides[0], "晚于", sides[1], assessed.position, plan.position)
    elif months is not None and assessed.what == AssetCondition.IDLE:
        since = _idle_since(asset)
        if terms.as_of >= after(since, months=int(months)):
            sides = days(f"自 {since} 闲置", terms.since(since)), count("界限(月)", int(months))
            yield hit(asset.subject, sides[0], "达到", sides[1], assessed.position, plan.position if plan else None)


@check("RF19", "asset", "运行状况记载改变用途,其后没有重新认定类别", "按程序重新认定:xianjie asset classify")
def used_otherwise(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where the use of an asset was changed and nobody decided so."""
    for step in asset.steps.get("condition_assessed", ()):
        word = next((each for each in terms.words("words") if each in step.detail), "")
        decided = any(each.on >= step.on for each in asset.steps.get("classified", ()))
        if word and not decided:
            sides = words(f"{step.on} 运行状况记载", word), words("重新认定", "没有")
            yield hit(asset.subject, sides[0], "而", sides[1], step.position)
            return


@check("R20", "asset", "闲置 ≥ 月数;或没有管护单位;或经营性资产连续月数没有收益", "盘活、落实管护或收取收益")
def not_at_work(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where an asset is idle, has no custodian, or earns nothing though it is meant to."""
    if not asset.live:
        return
    assessed, months = asset.last("condition_assessed"), terms.number("months")
    line = count("界限(月)", months)
    if assessed is not None and assessed.what == AssetCondition.IDLE:
        since = _idle_since(asset)
        if terms.as_of >= after(since, months=months):
            yield hit(asset.subject, days(f"自 {since} 闲置", terms.since(since)), "达到", line, assessed.position)
        return
    handed_over = asset.reached.get("handed_over")
    if handed_over is None or terms.as_of < after(handed_over.first, months=months):
        return
    if asset.asset_class == "public" and asset.last("upkeep_assigned") is None:
        yield hit(asset.subject, count("管护单位", 0), "少于", count("应有", 1), handed_over)
    elif asset.asset_class == "operating":
        last = max(asset.income.last if asset.income else "", handed_over.first)
        if terms.as_of >= after(last, months=months):
            yield hit(
                asset.subject, days(f"自 {last} 没有收益", terms.since(last)), "达到", line, handed_over, asset.income
            )


@check("RF20", "asset", "在用公益性资产没有管护单位,或月数内没有巡查记录", "落实管护、登记巡查", "upkeep_record_months")
def public_without_care(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where nobody answers for a public asset, or nobody looked after it for long."""
    months, assessed = terms.general("upkeep_record_months"), asset.last("condition_assessed")
    unused = assessed is not None and assessed.what not in IN_USE
    if asset.asset_class != "public" or not asset.live or unused or months is None:
        return
    assigned = asset.last("upkeep_assigned")
    if assigned is None:
        yield hit(asset.subject, count("管护单位", 0), "少于", count("应有", 1), asset.position)
        return
    visited = asset.last("upkeep_visited")
    last = max(assigned.on, visited.on if visited else "")
    if terms.as_of > after(last, months=int(months)):
        sides = days(f"自 {last} 没有管护记录", terms.since(last)), count("界限(月)", int(months))
        yield hit(asset.subject, sides[0], "超过", sides[1], assigned.position, visited.position if visited else None)


@check("RF21", "asset", "到户类资产或私有资产发生管护经费", "退回经费,由所有人自行管护")
def care_money_elsewhere(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where money for upkeep went to an asset of a household or a firm."""
    owners = asset.right("ownership")
    private = owners is not None and bool(owners.holders) and {each.kind for each in owners.holders} <= _PRIVATE
    steps = [each for name in ("upkeep_assigned", "upkeep_visited") for each in asset.steps.get(name, ()) if each.fen]
    if steps and (private or asset.asset_class == "household"):
        spent = fen("管护经费", sum(each.fen for each in steps))
        stands_on = [each.position for each in steps]
        yield hit(
            asset.subject, spent, "多于", fen("到户、私有资产应为", 0), *stands_on, owners.position if owners else None
        )


@check("RF26", "all", "两项资产同村、同形态、同年度、同名;或同一项目两项资产同名同数量", "核对实物;重复的销户或并入")
def registered_twice(world: World, _terms: Terms) -> Iterator[Hit]:
    """Find where the same thing seems to be in the register twice."""
    alike: defaultdict[tuple[str, ...], list[Asset]] = defaultdict(list)
    for asset in world.assets.values():
        place = asset.village or asset.place or asset.project
        if asset.live and place:
            alike[place, asset.form, str(asset.subject.year), asset.subject.name, asset.quantity].append(asset)
    for (place, *_), assets in alike.items():
        if len(assets) > 1:
            others = "、".join(each.subject.code for each in assets[1:])
            side = count(f"{place} 同名资产(另有 {others})", len(assets))
            yield hit(assets[0].subject, side, "多于", count("应为", 1), *(each.position for each in assets))


@check("RF33", "asset", "再投资去向不在册;或再投资的价款多于入账的价款", "登记去向资产,更正再投资金额")
def lineage_broken(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where money of an asset went into one that is not known, or more went than came."""
    moved = asset.steps.get("reinvested", [])
    for step in moved:
        if step.code in asset.unknown:
            sides = words("再投资去向", step.code), words("资产台账", "没有这项资产")
            yield hit(asset.subject, sides[0], "而", sides[1], step.position)
    proceeds = [each for each in moved if each.what == "proceeds"]
    booked = asset.steps.get("proceeds_booked", [])
    if sum(each.fen for each in proceeds) > sum(each.fen for each in booked):
        sides = fen("价款再投资", sum(each.fen for each in proceeds)), fen("价款入账", sum(each.fen for each in booked))
        yield hit(asset.subject, sides[0], "多于", sides[1], *(each.position for each in (*proceeds, *booked)))


@check("RF37", "asset", "已处置仍有收益;闲置、停用后仍收租;到户类资产有经营合同", "更正状态或合同")
def contradicting_asset(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where what is said of an asset does not go together."""
    ended = asset.last("disposed", "closed", "merged_into")
    assessed = asset.last("condition_assessed")
    income = asset.income
    if ended and income and income.last > ended.on:
        yield hit(
            asset.subject, day("最近收益", income.last), "晚于", day("资产终止", ended.on), ended.position, income
        )
    elif income and assessed and assessed.what in {"idle", "stopped", "lost"} and income.last > assessed.on:
        name = f"评定为{AssetCondition(assessed.what).zh}"
        yield hit(
            asset.subject, day("最近收益", income.last), "晚于", day(name, assessed.on), assessed.position, income
        )
    elif asset.asset_class == "household" and any(each.runs(terms.as_of) for each in asset.contracts):
        running = [each.position for each in asset.contracts if each.runs(terms.as_of)]
        yield hit(asset.subject, count("到户类资产的经营合同", len(running)), "多于", count("应为", 0), *running)


def _idle_since(asset: Asset) -> str:
    """Return the last day on which the asset was assessed as in use, or that of its registration."""
    used = [each.on for each in asset.steps.get("condition_assessed", ()) if each.what in IN_USE]
    return used[-1] if used else asset.registered_on
