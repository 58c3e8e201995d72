"""Flags of how income is divided: floors, rules, votes before payments, promises kept. Source: assets.md 4.4, 7."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.money import format_yuan
from projections.flags.model import Hit, check, day, fen, hit, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.flags.model import Terms
    from projections.flags.pictures import Scheme

__all__: list[str] = []


@check("R30", "scheme", "分配方案 + 天数 < 截至日,应发放 > 已发放", "发放收益,或说明原因")
def dividend_unpaid(scheme: Scheme, terms: Terms) -> Iterator[Hit]:
    """Find where what a plan promises was not paid for long."""
    for plan in scheme.plans.values():
        planned, paid = sum(plan.planned.values()), plan.paid.fen if plan.paid else 0
        if plan.on and planned > paid and terms.since(plan.on) > terms.number("days"):
            side = fen(f"方案 {plan.plan} 定后 {terms.since(plan.on)} 天已发放", paid)
            yield hit(scheme.subject, side, "少于", fen("应发放", planned), plan.position, plan.paid)


@check("RF15", "scheme", "下限受益方的分配 < 下限 × 基数;光伏账户公益岗位分配 < 比例 × 基数", "调整分配方案")
def floor_missed(scheme: Scheme, terms: Terms) -> Iterator[Hit]:
    """Find where a payee with a floor gets less than it, or public posts too little of a power station's income."""
    for plan in scheme.plans.values():
        lines = scheme.rules.get(plan.version, [])
        for _, position, payee, name, share, floor, _ in lines:
            given = plan.planned.get(payee, 0)
            if floor and given < share * plan.base_fen:
                allowed = fen(f"{share} × 基数 {format_yuan(plan.base_fen)} 元", int(share * plan.base_fen))
                yield hit(
                    scheme.subject, fen(f"方案 {plan.plan} 分给{name}", given), "少于", allowed, plan.position, position
                )
        posts = {each[2] for each in lines if any(word in each[3] for word in terms.words("payee_words"))}
        if not any(word in scheme.about for word in terms.words("asset_words")) or not plan.base_fen:
            continue
        given, least = sum(plan.planned.get(each, 0) for each in posts), terms.number("percent")
        if given * 100 < least * plan.base_fen:
            allowed = fen(f"{least}% × 基数 {format_yuan(plan.base_fen)} 元", least * plan.base_fen // 100)
            yield hit(scheme.subject, fen(f"方案 {plan.plan} 分给公益岗位", given), "少于", allowed, plan.position)


@check("RF16", "scheme", "方案所依办法 ≠ 方案日有效的办法;或某受益方的分配与办法相差超过容差", "按有效的办法重定方案")
def rule_not_followed(scheme: Scheme, terms: Terms) -> Iterator[Hit]:
    """Find where a plan stands on a rule that was not in force, or does not divide as it says."""
    for plan in scheme.plans.values():
        in_force = scheme.version_on(plan.on) if plan.on else ""
        if in_force and plan.version != in_force:
            sides = words(f"方案 {plan.plan} 依据", plan.version), words(f"{plan.on} 有效的办法", in_force)
            yield hit(scheme.subject, sides[0], "不同于", sides[1], plan.position, scheme.rules[in_force][0][1])
            continue
        for _, position, payee, name, share, floor, _ in scheme.rules.get(plan.version, []):
            given, wanted = plan.planned.get(payee, 0), share * plan.base_fen
            if not floor and abs(given - wanted) > terms.number("tolerance_fen"):
                allowed = fen(f"办法 {plan.version}:{share} × 基数 {format_yuan(plan.base_fen)} 元", int(wanted))
                yield hit(
                    scheme.subject,
                    fen(f"方案 {plan.plan} 分给{name}", given),
                    "不等于",
                    allowed,
                    plan.position,
                    position,
                )


@check("RF17", "scheme", "首次发放早于审议,或早于公示期满", "停止发放,补办审议、公示")
def paid_before_resolved(scheme: Scheme, _terms: Terms) -> Iterator[Hit]:
    """Find where money was paid before the plan was resolved, or before its notice ended."""
    for plan in scheme.plans.values():
        if plan.paid is None or not plan.paid.fen:
            continue
        if not plan.resolved:
            sides = day(f"方案 {plan.plan} 首次发放", plan.paid.first), day("审议", "")
            yield hit(scheme.subject, sides[0], "早于", sides[1], plan.paid, plan.position)
            continue
        last = max(plan.resolved, key=lambda each: max(each.on, each.deadline))
        ready = max(last.on, last.deadline)
        if plan.paid.first < ready:
            sides = day(f"方案 {plan.plan} 首次发放", plan.paid.first), day("审议、公示完成", ready)
            yield hit(scheme.subject, sides[0], "早于", sides[1], plan.paid, last.position)
