"""Flags of publication, findings and reports: missing, late, too short, changed since. funds.md 8.2, assets.md 7."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ledger.codes import NoticeTemplate
from projections.flags.model import Hit, Subject, Trace, apart, check, count, day, days, fen, hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.rules.dated import Disclosure
    from ledger.workdays import WorkCalendar
    from projections.flags.model import Terms
    from projections.flags.pictures import Asset, Notice, Project, World

__all__: list[str] = []

_OF_PROJECTS: Final = frozenset({"allocated", "planned", "listed", "completed", "approved"})
_QUARTERS: Final = 4


@check(
    "R26",
    "project",
    "没有公开,或公开日晚于期限,或公示天数 < 最少天数",
    "补公开并足期公示:xianjie notice publish",
    "disclosure",
)
def not_published(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where a duty to publish something of the project was not met; only the first one is raised."""
    for duty in terms.duties(project.on("listed") or terms.as_of):
        moment = project.reached.get(duty.after) or (project.money.get("funded") if duty.after == "allocated" else None)
        if moment is None or duty.after not in _OF_PROJECTS:
            continue
        shown = [
            each
            for each in project.notices
            if each.template == duty.template and (not duty.channels or each.channel in duty.channels)
        ]
        if broken := _broken(duty, moment, shown, project, terms):
            yield broken
            return


def _broken(duty: Disclosure, moment: Trace, shown: list[Notice], project: Project, terms: Terms) -> Hit | None:
    name = f"{NoticeTemplate(duty.template).zh}({duty.id})"
    within = duty.within_days if duty.within_days is not None else terms.number("grace_days")
    due = _due(moment.first, within, duty.unit, terms.rules.calendar)
    first = min(shown, key=lambda each: each.from_on, default=None)
    if first is None:
        if terms.as_of <= due:
            return None
        return hit(project.subject, day(f"{name}未公开,截至", terms.as_of), "晚于", day("期限", due), moment)
    if duty.within_days is not None and first.from_on > due:
        return hit(project.subject, day(f"{name}公开", first.from_on), "晚于", day("期限", due), moment, first.position)
    least = duty.min_days
    lengths = [_shown_days(each, duty, terms) for each in shown]
    if least is not None and lengths and max(lengths) < least:
        sides = days(f"{name}公示", max(lengths)), days("最少", least)
        return hit(project.subject, sides[0], "少于", sides[1], moment, *(each.position for each in shown))
    return None


def _shown_days(notice: Notice, duty: Disclosure, terms: Terms) -> int:
    """Return how many days a notice was shown: one kept for good, as long as asked."""
    if not notice.to_on:
        return duty.min_days or 0
    if duty.unit == "working":
        eve = date.fromordinal(date.fromisoformat(notice.from_on).toordinal() - 1)  # the first day counts here
        return terms.rules.calendar.working_days(eve, date.fromisoformat(notice.to_on))[0]
    return apart(notice.from_on, notice.to_on) + 1


@lru_cache(maxsize=65536)
def _due(start: str, within: int, unit: str, calendar: WorkCalendar) -> str:
    first = date.fromisoformat(start)
    if unit == "working":
        return calendar.add_working_days(first, within).day.isoformat()
    return date.fromordinal(first.toordinal() + within).isoformat()


@check("R27", "all", "公开时取数位置的金额 ≠ 账面现在对公开日的金额", "更正公开内容并说明原因")
def published_otherwise(world: World, _terms: Terms) -> Iterator[Hit]:
    """Find where what was published of a project is not what the ledger says today of that day."""
    for subject, template, said, now, positions in world.republished:
        sides = fen(f"公开的{NoticeTemplate(template).zh}", said), fen("账面", now)
        yield hit(subject, sides[0], "不等于", sides[1], *positions)


@check("R31", "all", "未销号且截至日 > 整改期限;或已销号没有佐证", "完成整改、附佐证、由第二人销号")
def finding_overdue(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where a finding is open past its deadline, or was closed without evidence."""
    for finding in world.findings:
        if finding.step != "closed" and terms.as_of > finding.deadline:
            sides = day("未销号,截至", terms.as_of), day("期限", finding.deadline)
            yield hit(finding.subject, sides[0], "晚于", sides[1], *finding.positions)
        elif finding.step == "closed" and not finding.evidence:
            yield hit(finding.subject, count("佐证", 0), "少于", count("应有", 1), *finding.positions)


@check("R32", "all", "季度报告没有报送,或报送日晚于报送期限", "补报:xianjie submission add", "due quarterly")
def report_late(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where a county's quarterly report was handed in late or not at all."""
    for area in sorted(world.areas):
        for quarter, due in enumerate(terms.rules.due_days("quarterly", area, world.year)[:_QUARTERS], start=1):
            period, last = f"{world.year}Q{quarter}", due.isoformat()
            handed_in = world.submitted.get((area, period))
            on = handed_in.first if handed_in else terms.as_of
            if on > last:
                name = f"{period} 报送" if handed_in else f"{period} 未报送,截至"
                subject = Subject("area", area, area, area, "", world.year)
                yield hit(subject, day(name, on), "晚于", day("期限", last), handed_in)


@check("RF32", "asset", "确权、移交或处置后,超过工作日数没有公开", "公开资产变动:xianjie notice publish", "calendar")
def change_not_published(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where something changed of an asset and nothing was published in time."""
    ended = asset.last("disposed")
    changes = [(each.first, each.at()[0]) for name in ("confirmed", "handed_over") if (each := asset.reached.get(name))]
    changes += [(ended.on, ended.position)] if ended else []
    for on, position in sorted(changes):
        due = _due(on, terms.number("days"), "working", terms.rules.calendar)
        shown = min((each.from_on for each in asset.notices if each.from_on >= on), default="")
        if (shown or terms.as_of) > due:
            name = f"{on} 变动后公开" if shown else f"{on} 变动后未公开,截至"
            yield hit(asset.subject, day(name, shown or terms.as_of), "晚于", day("期限", due), position)
            return
