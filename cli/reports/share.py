"""``xianjie report``: the industry share, what would change it, and what would meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.params import FILE
from cli.reports.asking import (
    Asked,
    answering,
    definitions,
    of_total,
    percent_words,
    place_name,
    report_options,
    show_answer,
    title,
)
from ledger.dates import today
from ledger.money import format_yuan

if TYPE_CHECKING:
    from pathlib import Path

    from projections.quotients import ShareRow
    from projections.scope import Answer

__all__ = ["share"]

_MET: Final = {True: "达标", False: "未达标", None: ""}
_LACKING: Final = {
    "money": "未安排的资金不够",
    "projects": "可调项目不够",
    "fit": "资金和项目都有,但对不上:资金还在上级、地区或任务方向不符,或项目暂不能安排",
}


@click.command(cls=Verb, help="产业占比:安排到产业项目的资金占多少;可试算(--what-if)、可拟方案(--plan),都不记账")
@click.option("--what-if", "what_if", type=FILE, help="试算:文件(CSV、XLSX)有批次编号、项目编号、金额三列,不记账")
@click.option("--plan", is_flag=True, help="拟方案:把未安排的资金安排到最少的产业项目,使默认口径达标,不记账")
@click.option("--out", type=FILE, help="把 --plan 的方案另存为 CSV,可用 xianjie import 导入(--kind allocations)")
@report_options
def share(asked: Asked, what_if: Path | None, out: Path | None, *, plan: bool) -> None:
    """Show the industry share by every pair of numerator and denominator."""
    if what_if and plan:
        raise _misused("--what-if", "不能和 --plan 同时使用")
    if out and not plan:
        raise _misused("--out", "只能和 --plan 一起使用")
    if what_if:
        _show_what_if(asked, what_if)
    elif plan:
        _show_plan(asked, out)
    else:
        _show_share(asked)


def _show_share(asked: Asked) -> None:
    from projections.reports.share import share as share_report

    with answering(asked) as (engine, question):
        answer = share_report(engine, question)
    rows = [
        [
            place_name(row.place),
            _pair(row.pair, default=row.default),
            format_yuan(row.numerator_fen),
            format_yuan(row.denominator_fen) + of_total(row.denominator_of),
            percent_words(row.percent),
            "" if row.threshold_percent is None else f"{'' if row.threshold_firm else '力争 '}{row.threshold_percent}%",
            _MET[row.met],
            "" if row.short_fen is None else format_yuan(row.short_fen),
            "" if row.unallocated_fen is None else format_yuan(row.unallocated_fen),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "口径", ">分子(元)", ">分母(元)", ">占比", ">目标", "结论", ">尚差(元)", ">未安排(元)")
    sources = dict.fromkeys(row.threshold_source for row in answer.rows if row.threshold_source)
    notes = [
        *(_base_words(row) for row in answer.rows if row.base_year is not None),
        *(_missing_words(row) for row in answer.rows if row.default and row.adjustable_projects is not None),
        *definitions(answer, "pair"),
        *(f"目标出处:{source}" for source in sources),
    ]
    show_answer(asked, answer, Table(heads, rows, title("产业占比", answer), notes))


def _show_what_if(asked: Asked, path: Path) -> None:
    from cli.intake.allocations import read_allocations
    from projections.reports.what_if import what_if

    with answering(asked) as (engine, question):
        answer = what_if(engine, question, read_allocations(path, asked.as_of or today()))
    tried: Any = answer.more["what_if"]
    total = format_yuan(sum(each["amount_fen"] for each in tried["allocations"]))
    heading = f"{title('产业占比试算', answer)}\n{path.name}:{len(tried['allocations'])} 笔,{total} 元;只试算,没有记账"
    show_answer(asked, answer, _changes(answer, heading))


def _show_plan(asked: Asked, out: Path | None) -> None:
    from projections.reports.plan import plan

    with answering(asked) as (engine, question):
        answer = plan(engine, question)
    found: Any = answer.more["plan"]
    moves = found["moves"]
    if out and moves:
        from cli.intake.allocations import write_allocations

        lines = [(each["tranche"], each["project"], each["amount_fen"]) for each in moves]
        write_allocations(out, lines, answer.scope.as_of)
    rows = [
        [
            each["tranche"],
            answer.scope.name(each["area"]),
            each["project"],
            each["name"],
            format_yuan(each["amount_fen"]),
        ]
        for each in moves
    ]
    notes = _plan_notes(found)
    if out and moves:
        notes.append(f"方案已存入 {out};核对后导入:xianjie import check {out} --kind allocations")
    heading = f"{title('产业占比方案', answer)}\n口径 {found['pair']},目标 {found['threshold_percent']}%;没有记账"
    proposed = Table(("批次", "地区", "项目", "项目名称", ">拟安排(元)"), rows, heading, notes)
    show_answer(asked, answer, proposed, _changes(answer, "按此安排后"))


def _plan_notes(found: Any) -> list[str]:  # noqa: ANN401 - the plan of docs/reference/json.md
    need, moved = format_yuan(found["need_fen"]), format_yuan(found["moved_fen"])
    if not found["need_fen"]:
        return ["已经达标,不需要另作安排"]
    projects = len({each["project"] for each in found["moves"]})
    if found["meets"]:
        proven = "再少则不能达标" if found["smallest"] else "未能逐一验证,或有更少的办法"
        notes = [f"还差 {need} 元,安排到 {projects} 个项目即达标;{proven}"]
    else:
        lacking = _LACKING[found["lacking"]]
        money, room = format_yuan(found["unallocated_fen"]), format_yuan(found["room_fen"])
        notes = [f"还差 {need} 元,最多只能安排 {moved} 元({projects} 个项目),不能达标:{lacking}"]
        notes.append(f"未安排资金 {money} 元,可调项目还可安排 {room} 元")
    return [*notes, *(f"未列入 {each['name']}:{each['message']}" for each in found["refused"])]


def _changes(answer: Answer[ShareRow], heading: str) -> Table:
    """Return the table of what is and what would be, pair by pair."""
    from projections.scope import Place

    tried: Any = answer.more["what_if"]
    rows = []
    for row in tried["rows"]:
        place = Place(*(row[name] for name in Place._fields))
        short = row["short_after_fen"]
        rows.append(
            [
                place_name(place),
                _pair(row["pair"], default=row["default"]),
                *(format_yuan(row[name]) for name in ("numerator_fen", "numerator_after_fen")),
                *(format_yuan(row[name]) for name in ("denominator_fen", "denominator_after_fen")),
                *(percent_words(row[name]) for name in ("percent", "percent_after")),
                percent_words(row["threshold_percent"]),
                _MET[row["met"]],
                _MET[row["met_after"]],
                "" if short is None else format_yuan(short),
            ]
        )
    after = ">安排后"
    heads = (
        "范围",
        "口径",
        ">分子(元)",
        after,
        ">分母(元)",
        after,
        ">占比",
        after,
        ">目标",
        "结论",
        "安排后",
        ">仍差(元)",
    )
    return Table(heads, rows, heading, definitions(answer, "pair"))


def _pair(pair: str, *, default: bool) -> str:
    return f"{pair}{'(默认)' if default else ''}"


def _base_words(row: ShareRow) -> str:
    """Say how the second test, not below the base year, came out."""
    where = f"{place_name(row.place)} {row.pair} 不低于 {row.base_year} 年:"
    if row.base_percent is None or row.base_numerator_fen is None or row.base_denominator_fen is None:
        return f"{where}基年无数据"
    sides = f"{format_yuan(row.base_numerator_fen)} ÷ {format_yuan(row.base_denominator_fen)}"
    return f"{where}基年 {row.base_percent}%({sides}),{_MET[row.base_met] or '本年无数据'}"


def _missing_words(row: ShareRow) -> str:
    return (
        f"{place_name(row.place)} {row.pair} 还差 {format_yuan(row.short_fen or 0)} 元;"
        f"{row.adjustable_projects} 个项目可调,还可安排 {format_yuan(row.adjustable_fen or 0)} 元"
    )


def _misused(flag: str, message: str) -> click.BadParameter:
    ctx = click.get_current_context()
    return click.BadParameter(message, ctx, next(each for each in ctx.command.params if flag in each.opts))
