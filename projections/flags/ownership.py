"""Flags of rights and of disposal: shares, votes, appraisal, proceeds, write-off. Source: assets.md 2, 4.6, 7."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.shares import format_share, parse_share
from projections.flags.model import Hit, check, count, days, fen, hit, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.flags.model import Terms
    from projections.flags.pictures import Asset, Setting, Step

__all__: list[str] = []

_COLLECTIVE: Final = frozenset({"town_collective", "village_collective", "group_collective", "village_committee"})
_WRITTEN_OFF: Final = frozenset({"write_off", "scrap", "demolition"})
_INVESTED: Final = frozenset({"equity", "debt_claim"})
_LENDING: Final = frozenset({"share_in", "debt"})
_CHAIN_STEP: Final = re.compile(r"[^:;]+:([0-9]+)")


@check("RF03", "asset", "所有权份额之和 ≠ 1", "重新确权,份额合计应为 1")
def shares_do_not_sum(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where ownership does not add up to the whole: no command allows it, an imported log can hold it."""
    setting = asset.right("ownership")
    if setting is None or setting.status != "held":
        return
    total = sum((each.share for each in setting.holders), Fraction(0))
    if total != 1:
        sides = words("所有权份额合计", str(total)), words("应为", "1")
        yield hit(asset.subject, sides[0], "不等于", sides[1], setting.position)


@check(
    "RF22",
    "asset",
    "集体资产已处置:同意 < 全体 × 比例,或会议通知天数不足,或未先经党组织讨论",
    "补办表决;无效的撤销处置",
    "disposal_vote_members",
    "disposal_notice_days",
)
def disposed_without_vote(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where a collective's asset was disposed of without the vote that the law wants."""
    for done in asset.steps.get("disposed", ()):
        if not _owned_by(asset, done, _COLLECTIVE):
            continue
        votes = [
            each for each in asset.steps.get("disposal_voted", ()) if each.code == done.code and each.what != "unit"
        ]
        if not votes:
            yield hit(asset.subject, count("表决", 0), "少于", count("应有", 1), done.position)
            continue
        best = max(votes, key=lambda each: Fraction(each.number, each.fen) if each.fen else Fraction(0))
        share = parse_share(str(terms.general("disposal_vote_members") or "2/3"))
        notice = int(terms.general("disposal_notice_days") or 0)
        needed = -(-share.numerator * best.fen // share.denominator)
        if best.number < needed or not best.fen:
            sides = count("同意", best.number), count(f"应到 {best.fen} 人 × {format_share(share)}", needed)
            yield hit(asset.subject, sides[0], "少于", sides[1], best.position, done.position)
        elif best.days < notice:
            sides = days("会议提前通知", best.days), days("最少", notice)
            yield hit(asset.subject, sides[0], "少于", sides[1], best.position, done.position)
        elif best.note != "party":
            sides = count("党组织先行讨论", 0), count("应有", 1)
            yield hit(asset.subject, sides[0], "少于", sides[1], best.position, done.position)


@check(
    "RF23",
    "asset",
    "须评估的方式处置而没有评估,或价款 < 评估价",
    "补评估;说明低于评估价的依据",
    "disposal_appraised_ways",
)
def disposed_without_appraisal(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where an asset was sold or swapped without appraisal, or below what it was appraised at."""
    ways = str(terms.general("disposal_appraised_ways") or "").replace(";", ";").split(";")
    for done in asset.steps.get("disposed", ()):
        if done.what not in ways:
            continue
        appraised = [each for each in asset.steps.get("disposal_appraised", ()) if each.code == done.code]
        if not appraised:
            yield hit(asset.subject, count("评估", 0), "少于", count("应有", 1), done.position)
        elif done.fen < appraised[-1].fen:
            sides = fen("处置价款", done.fen), fen("评估价", appraised[-1].fen)
            yield hit(asset.subject, sides[0], "少于", sides[1], done.position, appraised[-1].position)


@check(
    "RF24",
    "asset",
    "处置价款 > 0,天数后入账 < 价款;或国有资产价款未缴国库、集体资产价款缴国库",
    "登记入账:xianjie disposal proceeds",
)
def proceeds_missing(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where the price of an asset is not booked, or went where it does not belong."""
    for done in asset.steps.get("disposed", ()):
        booked = [each for each in asset.steps.get("proceeds_booked", ()) if each.code == done.code]
        total = sum(each.fen for each in booked)
        if total < done.fen and terms.since(done.on) > terms.number("days"):
            name = f"处置 {terms.since(done.on)} 天后已入账"
            yield hit(asset.subject, fen(name, total), "少于", fen("价款", done.fen), done.position, *_at(booked))
        of_state = _owned_by(asset, done, frozenset({"state_unit"}))
        single = of_state or _owned_by(asset, done, _COLLECTIVE, only=True)
        wrong = [each for each in booked if (each.what == "treasury") != of_state]
        if wrong and single:
            sides = (
                fen("价款归入其他去处", sum(each.fen for each in wrong)),
                fen("应归入国库" if of_state else "应归入集体,其余应为", 0),
            )
            yield hit(asset.subject, sides[0], "多于", sides[1], done.position, *_at(wrong))


@check(
    "RF25",
    "asset",
    "核销、报废、拆除的审批环节少于规定,次序颠倒,或公示天数不足",
    "补办审批、公示",
    "disposal_chain_steps",
)
def chain_broken(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where a write-off misses a step of its chain, has one out of order, or one with too short a notice."""
    wanted = [int(each) for each in _CHAIN_STEP.findall(_half(str(terms.general("disposal_chain_steps") or "")))]
    for done in asset.steps.get("disposed", ()):
        if done.what not in _WRITTEN_OFF:
            continue
        approved = [each for each in asset.steps.get("disposal_approved", ()) if each.code == done.code]
        in_order = [each.number for each in approved] == sorted({each.number for each in approved})
        short = [(each, least) for each, least in zip(approved, wanted, strict=False) if each.days < least]
        stands_on = (done.position, *_at(approved))
        if len(approved) < len(wanted):
            yield hit(asset.subject, count("审批环节", len(approved)), "少于", count("应有", len(wanted)), *stands_on)
        elif not in_order:
            sides = words("审批次序", "、".join(str(each.number) for each in approved)), words("应为", "先后相接")
            yield hit(asset.subject, sides[0], "而", sides[1], *stands_on)
        elif short:
            step, least = short[0]
            sides = days(f"第 {step.number} 环节公示", step.days), days("最少", least)
            yield hit(asset.subject, sides[0], "少于", sides[1], *stands_on)


@check("RF28", "asset", "集体或国有资产的所有权由农户持有", "所有权归还集体;只可量化收益权")
def given_to_members(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where a natural person owns part of what belongs to the collective."""
    setting = asset.right("ownership")
    members = [each for each in setting.holders if each.kind == "household"] if setting else []
    if setting and members and asset.asset_class != "household":
        total = sum((each.share for each in members), Fraction(0))
        sides = words(f"{sum(each.number for each in members)} 户持有所有权", str(total)), words("应为", "0")
        yield hit(asset.subject, sides[0], "多于", sides[1], setting.position)


@check("RF29", "asset", "非经营性资产的收益权由农户持有,且本省不允许", "收回量化的收益权", "quantify_non_operating")
def quantified_non_operating(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where the income right of an asset that does not operate was put into shares of households."""
    setting = asset.right("income")
    members = [each for each in setting.holders if each.kind == "household"] if setting else []
    if setting and members and asset.asset_class == "public" and terms.general("quantify_non_operating") != 1:
        total = sum((each.share for each in members), Fraction(0))
        sides = words(f"{sum(each.number for each in members)} 户持有收益权", str(total)), words("应为", "0")
        yield hit(asset.subject, sides[0], "多于", sides[1], setting.position)


@check("RF31", "asset", "共有资产的所有权后来由较少的人持有,其间没有公示、转让、处置", "恢复共有,或补办公示和转让手续")
def co_owner_left_out(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where what several owned was registered anew for fewer, and nothing says that the others agreed."""
    settings = [each for each in asset.rights.get("ownership", ()) if each.status == "held"]
    for before, now in itertools.pairwise(settings):
        many, few = _holders(before), _holders(now)
        agreed = [
            each
            for name in ("ownership_noticed", "transferred", "disposed", "split", "merged_from")
            for each in asset.steps.get(name, ())
            if before.on < each.on <= now.on or before.position < each.position <= now.position + 1
        ]
        if 1 < many > few and not agreed:
            sides = count(f"{now.on} 起所有权人", few), count(f"{before.on} 起", many)
            yield hit(asset.subject, sides[0], "少于", sides[1], before.position, now.position)


@check("RF35", "asset", "行政单位持有股权、债权类资产", "核对法律依据;没有的按程序退出")
def unit_invests(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where a state unit holds equity or lends: it needs a basis in law, and is not always wrong."""
    setting = asset.right("ownership")
    units = [each for each in setting.holders if each.kind == "state_unit"] if setting else []
    lent = [each for each in asset.contracts if each.mode in _LENDING]
    if setting and units and asset.live and (asset.form in _INVESTED or lent):
        total = sum((each.share for each in units), Fraction(0))
        sides = words("行政单位持有股权、债权的份额", str(total)), words("一般应为", "0")
        yield hit(asset.subject, sides[0], "多于", sides[1], setting.position, *(each.position for each in lent))


@check("RF36", "asset", "收益权量化到户由成员代表会议或理事会决定", "提交成员大会表决")
def wrong_meeting(asset: Asset, _terms: Terms) -> Iterator[Hit]:
    """Find where income rights were put into shares by a meeting to which the law does not leave it."""
    names = {"representatives": "成员代表大会", "council": "理事会"}
    for setting in asset.rights.get("income", ()):
        if setting.body in names and any(each.kind == "household" for each in setting.holders):
            sides = words("量化方案决定机构", names[setting.body]), words("应为", "成员大会")
            yield hit(asset.subject, sides[0], "不同于", sides[1], setting.position)


def _owned_by(asset: Asset, done: Step, kinds: frozenset[str], *, only: bool = False) -> bool:
    """Say whether an owner at the time of the disposal was of these kinds, or with ``only`` every one."""
    held = [each for each in asset.rights.get("ownership", ()) if each.status == "held" and each.on <= done.on]
    if not held:
        return False
    found = [each.kind in kinds for each in held[-1].holders]
    return all(found) if only else any(found)


def _holders(setting: Setting) -> int:
    return sum(each.number for each in setting.holders)


def _at(steps: list[Step]) -> tuple[int, ...]:
    return tuple(each.position for each in steps)


def _half(text: str) -> str:
    return text.replace(":", ":").replace(";", ";")
