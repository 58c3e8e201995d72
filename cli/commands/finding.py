"""``xianjie finding``: faults that were found, until a second person strikes them off."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.evidence import file_option, record_with_file
from cli.help import Noun
from cli.histories import History, history_of
from cli.output import Table, fields_table, show
from cli.params import DATE, TEXT, Choice, code_option
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, register, show_rows
from cli.words import code_name, topic_name
from ledger.codes import FindingKind, FindingSource
from ledger.dates import today

if TYPE_CHECKING:
    from pathlib import Path

    from projections.rectification import Finding

__all__ = ["finding"]

_SOURCES: Final = "问题来源层级:" + "、".join(each.zh for each in FindingSource)
_KINDS: Final = "问题来源:" + "、".join(each.zh for each in FindingKind)
_SHOWN_HASH: Final = 12

_finding_argument = click.argument("finding", metavar="问题编号")
_note_option = click.option("--note", type=TEXT, required=True, help="说明")


@click.group(cls=Noun, help="整改问题:登记、进展、申请销号、销号、反弹、查看")
def finding() -> None:
    """Faults that were found."""


@finding.command("open", help="登记一个问题,列入整改销号台账")
@_finding_argument
@click.option("--area", type=TEXT, required=True, help="问题所在地区,六位代码")
@click.option("--town", type=TEXT, help="乡镇,九位代码")
@code_option("--source", "source", _SOURCES, required=True)
@code_option("--kind", "kind", _KINDS, required=True)
@click.option("--unit", type=TEXT, required=True, help="责任单位")
@click.option("--deadline", type=DATE, required=True, help="整改期限")
@click.option("--title", type=TEXT, required=True, help="问题")
@click.option("--detail", type=TEXT, help="问题的具体内容")
@click.option("--measures", type=TEXT, help="整改措施")
@click.option("--project", type=TEXT, help="涉及的项目")
@write_options
def open_(entry: Entry, **values: object) -> None:
    """Enter a finding."""
    from ledger.domain.finding import OpenFinding

    entry.record(OpenFinding, values)


@finding.command(help="登记整改进展,或补充佐证")
@_finding_argument
@_note_option
@file_option
@write_options
def progress(entry: Entry, file: Path | None, **values: object) -> None:
    """Report work on a finding."""
    from ledger.domain.finding import ProgressFinding

    record_with_file(entry, ProgressFinding, values, "evidence", file)


@finding.command(help="责任单位申请销号,附佐证文件或写 --doc 文号")
@_finding_argument
@_note_option
@file_option
@write_options
def submit(entry: Entry, file: Path | None, **values: object) -> None:
    """Hand a finding in as mended."""
    from ledger.domain.finding import SubmitFinding

    record_with_file(entry, SubmitFinding, values, "evidence", file)


@finding.command(help="核实后销号,须由申请人以外的人办理")
@_finding_argument
@_note_option
@write_options
def close(entry: Entry, **values: object) -> None:
    """Strike a finding off."""
    from ledger.domain.finding import CloseFinding

    entry.record(CloseFinding, values)


@finding.command(help="已销号的问题反弹,重新整改(须写 --reason)")
@_finding_argument
@click.option("--deadline", type=DATE, required=True, help="新的整改期限")
@write_options
def reopen(entry: Entry, **values: object) -> None:
    """Take a finding that came back into work again."""
    from ledger.domain.finding import ReopenFinding

    entry.record(ReopenFinding, values)


@finding.command("list", help="列出整改销号台账")
@click.option("--open", "only_open", is_flag=True, help="只看没有销号的")
@click.option("--overdue", is_flag=True, help="只看今天已过期限而没有销号的")
@click.option("--by", type=Choice({"unit": "责任单位", "source": "来源层级"}), help="按责任单位或来源层级合计")
@list_options
@answer_options
@with_settings
def list_(
    settings: Settings,
    area: str | None,
    year: int | None,
    limit: int,
    *,
    only_open: bool,
    overdue: bool,
    by: str | None,
) -> None:
    """List the findings, or count them by who answers or who found them."""
    from projections.rectification import findings_of

    listing = Listing(settings, area, year, limit)
    with register(listing, as_of=today()) as scope:
        found = [
            each
            for each in findings_of(scope)
            if not (only_open and each.closed) and not (overdue and not each.overdue)
        ]
    if by is not None:
        first = "责任单位" if by == "unit" else "来源层级"
        show_rows(listing, _counts(found, by), (first, ">问题", ">已销号", ">未销号", ">其中逾期"), _count_row)
        return
    heads = ("问题编号", "问题", "来源", "责任单位", "期限", "状态", ">逾期(天)")
    show_rows(listing, [_as_json(each) for each in found[: limit + 1]], heads, _row)


def _as_json(each: Finding) -> dict[str, Any]:
    from projections.rectification import STATES

    days = {
        "opened_on": each.opened_on.isoformat(),
        "deadline": each.deadline.isoformat(),
        "closed_on": each.closed_on.isoformat() if each.closed_on else None,
    }
    return {**asdict(each), **days, "state_name": STATES[each.state], "overdue": each.overdue}


def _row(record: dict[str, Any]) -> list[str]:
    source = f"{code_name('source', record['source'])}{code_name('finding_kind', record['kind'])}"
    words = [record["finding"], record["title"], source, record["unit"], record["deadline"], record["state_name"]]
    return [*words, str(record["days_overdue"] or "")]


def _counts(found: list[Finding], by: str) -> list[dict[str, Any]]:
    groups: dict[str, list[Finding]] = {}
    for each in found:
        groups.setdefault(each.unit if by == "unit" else each.source, []).append(each)
    return [
        {
            by: name,
            "findings": len(group),
            "closed": sum(each.closed for each in group),
            "open": sum(not each.closed for each in group),
            "overdue": sum(each.overdue for each in group),
        }
        for name, group in sorted(groups.items())
    ]


def _count_row(record: dict[str, Any]) -> list[str]:
    name = record["unit"] if "unit" in record else code_name("source", record["source"])
    return [name, *(str(record[key]) for key in ("findings", "closed", "open", "overdue"))]


@finding.command("show", help="查看一个问题和它的每一步")
@_finding_argument
@answer_options
@with_settings
def show_(settings: Settings, finding: str) -> None:
    """Show one finding and all that happened to it."""
    from ledger.commands.work import FINDING

    with open_log(settings) as engine:
        history = history_of(engine, FINDING.stream(finding))
    state = history.state(FINDING)
    state.must_exist(finding)
    pairs = [
        ("问题", state.title),
        ("具体内容", state.detail),
        ("整改措施", state.measures),
        ("来源", f"{code_name('source', state.source)}{code_name('finding_kind', state.kind)}"),
        ("地区", state.town or state.area),
        ("项目", state.project),
        ("责任单位", state.unit),
        ("整改期限", str(state.deadline)),
        ("状态", state.standing),
    ]
    data = {
        **{name: value for name, value in asdict(state).items() if name not in {"steps", "submitters"}},
        "deadline": str(state.deadline),
        "state": state.stage,
        "submitters": sorted(state.submitters),
        "events": history.as_json(),
    }
    show(settings.format, data, fields_table(f"问题 {finding}", pairs), _steps_table(history))


def _steps_table(history: History) -> Table:
    undone = history.reversed_positions
    rows = []
    for each in history.recorded:
        fields = each.event.model_dump(mode="json")
        evidence = fields.get("evidence", "")[:_SHOWN_HASH]
        note = fields.get("note") or fields["reason"]
        words = [note, fields.get("by", ""), fields.get("deadline", ""), evidence, fields["document"]]
        gone = f"已由第 {undone[each.position]} 号冲销" if each.position in undone else ""
        rows.append([str(each.position), fields["effective_on"], topic_name(each.event.TOPIC), *words, gone])
    return Table(("序号", "业务日期", "环节", "说明", "办理人", "期限", "佐证散列", "文号", "冲销"), rows, title="经过")
