"""Flags of projects: library, start, progress, tendering, acceptance, benefit to farmers. Source: funds.md 8.2."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Final

from projections.flags.model import (
    Hit,
    Subject,
    Trace,
    check,
    costliest_run,
    count,
    day,
    days,
    fen,
    hit,
    percent,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.flags.model import Terms
    from projections.flags.pictures import Project, Works, World

__all__: list[str] = []

_YEAR: Final = re.compile(r"20[0-9]{2}年?度?")
_NUMBERS: Final = re.compile(r"[0-9]+|[一二三四五六七八九十]+期")


@check(
    "R4",
    "project",
    "有资金、未开工,截至日晚于 计划开工日(没有的取首次安排日)+ 天数,且未收回",
    "开工,或收回资金另行安排",
)
def not_started(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where a funded project was not started in time and its money was not taken back."""
    funded, start = project.fen("funded"), project.begin_on or project.first("funded")
    kind = terms.kind(project.type)
    if kind is not None and not kind.in_rates:
        return  # nothing is built with a management fee: it never starts
    if project.on("started") or funded <= 0 or project.fen("reclaimed") or not start:
        return
    if (waited := terms.since(start)) > terms.number("days"):
        what = "计划开工" if project.begin_on else "安排资金"
        sides = days(f"{what}({start})后未开工", waited), days("期限", terms.number("days"))
        yield hit(project.subject, sides[0], "超过", sides[1], project.money["funded"], project.described or None)


@check("R5", "project", "已开工未完工,截至日 - 最近一次进展 > stalled_days", "报告进展,或登记停工原因", "stalled_days")
def stalled(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where nothing was heard of the work for long."""
    most = terms.general("stalled_days")
    if most is None or not project.on("started") or project.on("completed") or project.gone:
        return
    news = [each for each in (project.progress, project.money.get("invested")) if each]
    news += [project.reached[each] for each in ("started", "resumed") if each in project.reached]
    last = max(news, key=lambda each: each.last)
    if (still := terms.since(last.last)) > int(most):
        yield hit(project.subject, days(f"{last.last} 后没有进展", still), "超过", days("界限", int(most)), last)


@check("R15", "project", "安排资金早于入库,或没有绩效目标", "补办入库、补报绩效目标", "allocation_needs_goal")
def outside_the_library(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where money went to a project before it was in the library, or without a performance goal."""
    funded = project.money.get("funded")
    if funded is None or funded.fen <= 0:
        return
    listed = project.on("listed")
    if not listed or funded.first < listed:
        library = project.reached.get("listed")
        yield hit(project.subject, day("首次安排", funded.first), "早于", day("入库", listed), funded, library)
    kind = terms.kind(project.type)
    if terms.general("allocation_needs_goal") == 1 and not project.goal.strip() and not (kind and kind.is_fee):
        sides = count("绩效目标", 0), count("应有", 1)
        yield hit(project.subject, sides[0], "少于", sides[1], funded, project.described or None)


@check("R16", "all", "同村同类型、名称相似度 ≥ 界限、年度相差不超过年数", "核对是否同一建设内容;不是的说明理由")
def declared_twice(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where two projects of one village, type and nearly one name: perhaps one object paid twice."""
    places: defaultdict[tuple[str, ...], list[tuple[Project, str, frozenset[str]]]] = defaultdict(list)
    for project in world.projects.values():
        place = project.village or project.subject.town
        if place and not project.gone and project.subject.name:
            plain = _YEAR.sub("", project.subject.name)
            key = (place, project.type, " ".join(_NUMBERS.findall(plain)))
            places[key].append((project, plain, _pairs(plain)))
    least, years = terms.number("similar_percent"), terms.number("years")
    for alike in places.values():
        for (one, _, pairs), (other, _, more) in combinations(alike, 2):
            same, whole = len(pairs & more), len(pairs | more)
            if same * 100 >= least * whole and abs(one.subject.year - other.subject.year) <= years:
                side = percent(f"与 {other.subject.code}“{other.subject.name}”名称相似", same * 100 // max(whole, 1))
                stands_on = [each.described or None for each in (one, other)]
                yield hit(one.subject, side, "达到", percent("界限", least), *stands_on)


@check("R17", "all", "同一承包单位在天数内有 2 份以上合同,每份 < 限额,合计 ≥ 限额", "核对是否同一工程;是的应合并招标")
def split_works(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where one firm got several contracts, each just below the line of tendering."""
    firms: defaultdict[tuple[str, str], list[Works]] = defaultdict(list)
    for project in world.projects.values():
        for each in project.works:
            firms[project.subject.area, each.contractor].append(each)
    line, period = terms.number("line_fen"), terms.number("days")
    for (area, firm), contracts in firms.items():
        together = costliest_run([each for each in contracts if each.fen < line], period)
        total = sum(each.fen for each in together)
        if len(together) > 1 and total >= line:
            first = world.projects[together[0].project].subject
            side = fen(f"“{firm}” {period} 天内 {len(together)} 份合同合计", total)
            subject = Subject("project", first.code, first.name, area, first.town, first.year)
            yield hit(subject, side, "达到", fen("限额", line), *(each.position for each in together))


@check("R18", "project", "验收早于完工,或验收时形象进度 < 100%", "核对完工、验收日期和进度;不实的撤销验收")
def sham_acceptance(project: Project, _terms: Terms) -> Iterator[Hit]:
    """Find where a project was accepted before it was completed, or while its progress says it was not."""
    accepted = project.reached.get("accepted")
    if accepted is None:
        return
    completed = project.reached.get("completed")
    if completed is None or accepted.first < completed.first:
        sides = day("验收", accepted.first), day("完工", completed.first if completed else "")
        yield hit(project.subject, sides[0], "早于", sides[1], accepted, completed)
    elif project.percent is not None and project.percent < 100:  # noqa: PLR2004 - the whole of the work
        side = percent(f"验收({accepted.first})时形象进度", project.percent)
        yield hit(project.subject, side, "少于", percent("应为", 100), accepted, project.progress)


@check("R18", "all", "同一非工作日验收的项目 ≥ 个数", "核对验收记录", "calendar")
def accepted_in_bulk(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where many projects of a county were accepted on one day on which nobody works."""
    found: defaultdict[tuple[str, str], list[Trace]] = defaultdict(list)
    for project in world.projects.values():
        if "accepted" in project.reached:
            found[project.subject.area, project.on("accepted")].append(project.reached["accepted"])
    least = terms.number("bulk")
    for (area, on), traces in found.items():
        if len(traces) >= least and not terms.rules.calendar.is_workday(date.fromisoformat(on)):
            subject = Subject("area", area, area, area, "", int(on[:4]))
            side = count(f"非工作日 {on} 验收的项目", len(traces))
            yield hit(subject, side, "达到", count("界限", least), *traces)


@check(
    "R19", "project", "验收 + 天数 < 截至日,类型形成资产,没有资产已确权", "登记资产并确权", "project_type forms_asset"
)
def not_confirmed(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where long after acceptance nobody owns what was built."""
    accepted = project.reached.get("accepted")
    kind = terms.kind(project.type)
    if accepted is None or "formed_none" in project.reached or not (kind and kind.forms_asset):
        return
    waited = terms.since(accepted.first)
    if waited > terms.number("days") and not project.confirmed:
        yield hit(project.subject, days("验收后未确权", waited), "超过", days("期限", terms.number("days")), accepted)


@check("R21", "project", "项目类型或名称、内容含负面清单词语", "核对内容;属负面清单的取消项目、收回资金", "forbidden")
def on_the_negative_list(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where the project is something these funds must not pay for."""
    found = terms.rules.forbids(project.type, project.told, date.fromisoformat(terms.as_of))
    if found is not None and not project.gone and project.described:
        word = next((each for each in found.words if each in project.told), project.type)
        sides = words("名称或内容含", word), words("负面清单", found.name)
        yield hit(project.subject, sides[0], "属于", sides[1], project.described, project.money.get("funded"))


@check("R30", "project", "产业项目已批复或已安排,没有联农带农机制", "补报联农带农机制:xianjie project amend")
def without_linkage(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where an industry project does not say how farmers share in it."""
    kinds = terms.industry(project.subject.year)
    industry = project.type in kinds if project.industry is None else bool(project.industry)
    begun = project.reached.get("approved") or project.money.get("funded")
    if industry and begun and project.described and not project.linkage.strip() and not project.gone:
        sides = count("联农带农机制", 0), count("应有", 1)
        yield hit(project.subject, sides[0], "少于", sides[1], project.described, begun)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(max(1, len(text) - 1)))
