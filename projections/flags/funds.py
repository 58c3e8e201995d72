"""Flags of tranches and of a county's money as a whole. Source: funds.md 8.2."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.money import format_yuan
from projections.flags.model import Hit, Subject, Trace, check, costliest_run, count, day, fen, hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.flags.model import Terms
    from projections.flags.pictures import Piece, Project, Tranche, World

__all__: list[str] = []

_TRANSITION: Final = frozenset({"transition", "regular"})
_MOVED: Final = {"allocated": "安排", "released": "核拨", "paid": "支付"}
_OWN: Final = {"city": "own_input_kept_city", "county": "own_input_kept_county"}


@check(
    "R1",
    "tranche",
    "首次分解日(未分解的取截至日)晚于 收到日 + 分解期限",
    "尽快分解下达;已分解的,查明迟延原因",
    "deadline distribution",
)
def distributed_late(tranche: Tranche, terms: Terms) -> Iterator[Hit]:
    """Find where a tranche to be distributed was passed on late; one for a county itself need not be."""
    on, start = tranche.first("distributed"), tranche.arrived_on
    waiting = tranche.subject.area.endswith("00") and not tranche.fen("allocated") and tranche.arrived_fen > 0
    if not start or not (on or waiting):
        return
    deadline = terms.rules.deadline("distribution", terms.area, date.fromisoformat(start), tranche.level)
    if deadline is None:
        return
    due = deadline.due(date.fromisoformat(start), terms.rules.calendar).day.isoformat()
    if (on or terms.as_of) > due:
        came = tranche.money.get("issued") or tranche.money.get("received")
        yield hit(
            tranche.subject,
            day("首次分解" if on else "至今未分解,截至", on or terms.as_of),
            "晚于",
            day("期限", due),
            came,
            tranche.money.get("distributed"),
        )


@check("R2", "tranche", "截至日 - 到账日 > 天数,且已安排 < 到账", "将未安排的资金安排到项目,或按规定收回")
def idle_in_the_bureau(tranche: Tranche, terms: Terms) -> Iterator[Hit]:
    """Find where money that arrived long ago is not all allocated."""
    arrived, start = tranche.arrived_fen, tranche.arrived_on
    waited = terms.since(start) if start else 0
    if waited > terms.number("days") and tranche.fen("allocated") < arrived:
        side = fen(f"到账 {waited} 天(限 {terms.number('days')} 天)后已安排", tranche.fen("allocated"))
        yield hit(
            tranche.subject, side, "少于", fen("到账净额", arrived), *tranche.came, tranche.money.get("allocated")
        )


@check(
    "R3",
    "all",
    "已支付 ÷ 到账 < 已过月数 ÷ 12 - 容许差(百分点)",
    "加快支付,使支出不低于序时进度",
    "time_progress_month",
)
def behind_time(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where spending of this plan year in a county is behind the months that have passed."""
    today = date.fromisoformat(terms.as_of)
    ended = (today + timedelta(days=1)).month != today.month
    months = today.month if ended or terms.general("time_progress_month") == "begun" else today.month - 1
    for (area, year), tranches in _by_county(world).items():
        if year != today.year:
            continue
        arrived, paid = sum(each.arrived_fen for each in tranches), sum(each.fen("paid") for each in tranches)
        wanted = Fraction(months, 12) - Fraction(terms.number("margin_points"), 100)
        if arrived > 0 and paid < wanted * arrived:
            needed = -(-wanted.numerator * arrived // wanted.denominator)
            name = f"到账 {format_yuan(arrived)} 元 ×(已过 {months}/12 - {terms.number('margin_points')} 个百分点)"
            traces = [
                each.money[name] for each in tranches for name in ("issued", "received", "paid") if name in each.money
            ]
            yield hit(_county(area, year), fen("已支付", paid), "少于", fen(name, needed), *traces)


@check("R6", "tranche", "截至日 > 预算年度末 + 年数,且 到账 - 支付 > 0", "按规定收回同级财政统筹使用", "idle_years")
def idle_for_years(tranche: Tranche, terms: Terms) -> Iterator[Hit]:
    """Find where money is unspent years after its budget year."""
    years, left = terms.general("idle_years"), tranche.arrived_fen - tranche.fen("paid")
    if years is None or left <= 0:
        return
    last = f"{tranche.subject.year + int(years)}-12-31"
    if terms.as_of > last:
        side = fen(f"预算年度 {tranche.subject.year},{last} 期满后未支付", left)
        yield hit(tranche.subject, side, "多于", fen("应余", 0), *tranche.came, tranche.money.get("paid"))


@check("R14", "tranche", "已安排 > 到账净额", "收回超出的安排,或补录缺少的下达")
def allocated_too_much(tranche: Tranche, _terms: Terms) -> Iterator[Hit]:
    """Find where more of a tranche is allocated than arrived: no command allows it, an imported log can hold it."""
    if (allocated := tranche.fen("allocated")) > tranche.arrived_fen:
        sides = fen("已安排", allocated), fen("到账净额", tranche.arrived_fen)
        yield hit(tranche.subject, sides[0], "多于", sides[1], *tranche.came, tranche.money["allocated"])


@check(
    "R22",
    "all",
    "安排的项目管理费 > 比例 × 基数",
    "退回超出的管理费",
    "fee_cap_percent_*",
    "fee_cap_base_*",
)
def fee_too_high(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where the management fee of a county, year and level is above the cap."""
    for (area, year, level), fee in world.fees.items():
        cap = terms.rules.find(f"fee_cap_percent_{level}", area, date.fromisoformat(terms.as_of))
        if cap is None:
            continue
        word = terms.rules.find(f"fee_cap_base_{level}", area, date.fromisoformat(terms.as_of))
        main = word is not None and word.value == "main_task"
        base = sum(
            each.arrived_fen
            for each in world.tranches.values()
            if (each.subject.area, each.subject.year, each.level) == (area, year, level)
            and each.fund_kind in _TRANSITION
            and (not main or each.direction == "consolidation")
        )
        allowed = int(Fraction(str(cap.value)) * base / 100)
        if fee.fen > allowed:
            yield hit(
                _county(area, year),
                fen("安排管理费", fee.fen),
                "多于",
                fen(f"{cap.value}% × 基数 {format_yuan(base)} 元", allowed),
                fee,
            )


@check("R23", "project", "资金的任务方向不在项目类型允许的方向内", "调整资金或更正项目类型", "project_type directions")
def wrong_direction(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where money of a task direction went to a project whose type that direction does not fund."""
    kind = terms.rules.project_type(project.type, date(project.subject.year, 12, 31))
    allowed = kind.directions if kind else frozenset()
    wrong = {each: found for each, found in project.directions.items() if allowed and each not in allowed and found.fen}
    if wrong:
        total = sum(each.fen for each in wrong.values())
        yield hit(
            project.subject,
            fen("安排自任务方向 " + "、".join(sorted(wrong)), total),
            "多于",
            fen("允许的方向(" + "、".join(sorted(allowed)) + ")以外应为", 0),
            *wrong.values(),
        )


@check(
    "R24",
    "all",
    "产业资金 < 门槛 × 分母;或占比低于基年",
    "增加产业项目安排,可用 report share --plan 试算",
    "threshold",
    "share_pair",
)
def share_missed(world: World, _terms: Terms) -> Iterator[Hit]:
    """Find where the industry share of a county misses its threshold or is below that of the base year."""
    for area, numerator, needed, denominator, label in world.shares:
        tranches = [each for each in world.tranches.values() if each.subject[3:6:2] == (area, world.year)]
        traces = [
            each.money[name] for each in tranches for name in ("issued", "received", "allocated") if name in each.money
        ]
        name = f"{label} × 分母 {format_yuan(denominator)} 元"
        yield hit(_county(area, world.year), fen("产业资金", numerator), "少于", fen(name, needed), *traces)


@check("R25", "all", "本级投入(本年) < 本级投入(上年)", "补足本级投入", "own_input_kept_city", "own_input_kept_county")
def own_input_falls(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where a city or county put in less of its own money than in the year before."""
    sums: defaultdict[tuple[str, str, int], list[Trace]] = defaultdict(list)
    for each in world.tranches.values():
        if each.level in _OWN and each.fund_kind in _TRANSITION and "issued" in each.money:
            sums[each.subject.area, each.level, each.subject.year].append(each.money["issued"])
    for area, level in sorted({key[:2] for key in sums}):
        kept = terms.rules.find(_OWN[level], area, date.fromisoformat(terms.as_of))
        now, before = sums.get((area, level, world.year), []), sums.get((area, level, world.year - 1), [])
        fens = sum(each.fen for each in now), sum(each.fen for each in before)
        if kept is not None and kept.value == 1 and fens[0] < fens[1]:
            name = "市级" if level == "city" else "县级"
            yield hit(
                _county(area, world.year),
                fen(f"{world.year} 年{name}投入", fens[0]),
                "少于",
                fen(f"{world.year - 1} 年{name}投入", fens[1]),
                *now,
                *before,
            )


@check("R33", "all", "同一指标文件下达衔接资金和其他资金", "请上级单独下达衔接资金指标文件")
def mixed_document(world: World, _terms: Terms) -> Iterator[Hit]:
    """Find where one indicator document carries transition money and money of another kind."""
    for document in world.documents:
        ours = [each for kind, each in document.kinds.items() if kind in _TRANSITION]
        others = [each for kind, each in document.kinds.items() if kind not in _TRANSITION]
        if ours and others:
            sides = fen("衔接资金", sum(each.fen for each in ours)), fen("其他资金", sum(each.fen for each in others))
            yield hit(document.subject, sides[0], "同文下达", sides[1], *ours, *others)


@check("R34", "all", "12 月支付 ÷ 全年支付 > 比例", "核对年底支付的依据和工程进度")
def year_end_rush(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where much of the year's payments were made in December."""
    paid: defaultdict[tuple[str, str], list[Trace]] = defaultdict(list)
    december: defaultdict[tuple[str, str], list[Trace]] = defaultdict(list)
    for each in world.months:
        key = each.area, each.month[:4]
        paid[key].append(each.paid)
        if each.month.endswith("-12"):
            december[key].append(each.paid)
    most = terms.number("percent")
    for (area, year), traces in december.items():
        rush, whole = sum(each.fen for each in traces), sum(each.fen for each in paid[area, year])
        if rush * 100 > most * whole:
            name = f"{most}% × 全年支付 {format_yuan(whole)} 元"
            yield hit(_county(area, int(year)), fen("12 月支付", rush), "多于", fen(name, whole * most // 100), *traces)


@check("R34", "all", "同日有多个项目一次付清全部安排", "核对是否以拨代支")
def paid_whole_on_one_day(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where many projects were paid all their money at once on one day."""
    days_found: defaultdict[tuple[str, str], list[Trace]] = defaultdict(list)
    for project in world.projects.values():
        paid = project.money.get("paid")
        if paid and paid.first == paid.last and paid.fen == project.fen("funded"):
            days_found[project.subject.area, paid.first].append(paid)
    least = terms.number("whole_payments")
    for (area, on), traces in days_found.items():
        if len(traces) >= least:
            name = f"{on} 一次付清的项目"
            yield hit(_county(area, int(on[:4])), count(name, len(traces)), "达到", count("界限", least), *traces)


@check(
    "R35",
    "all",
    "同一批次对同一项目在天数内 2 笔以上,每笔 < 审核起点,合计 ≥ 审核起点",
    "核对是否一事拆开办理;是的补办审核",
)
def split_below_the_check(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where money went to a project in pieces so small that no checker was asked."""
    found: defaultdict[tuple[str, str, str], list[Piece]] = defaultdict(list)
    for each in world.pieces:
        found[each.tranche, each.project, each.measure].append(each)
    period = terms.number("days")
    for (tranche, code, measure), pieces in found.items():
        together = costliest_run(pieces, period)
        total, line = sum(each.fen for each in together), pieces[0].line_fen
        if len(together) > 1 and total >= line and code in world.projects:
            side = fen(f"批次 {tranche} {period} 天内 {len(together)} 笔{_MOVED[measure]}合计", total)
            positions = (each.position for each in together)
            yield hit(world.projects[code].subject, side, "达到", fen("审核起点", line), *positions)


def _by_county(world: World) -> dict[tuple[str, int], list[Tranche]]:
    found: defaultdict[tuple[str, int], list[Tranche]] = defaultdict(list)
    for each in world.tranches.values():
        if each.fund_kind in _TRANSITION:
            found[each.subject.area, each.subject.year].append(each)
    return found


def _county(area: str, year: int) -> Subject:
    return Subject("area", area, area, area, "", year)
