"""``xianjie report``: red flags, one of them explained, and the list of all there are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from cli.help import Verb
from cli.output import Table, fields_table
from cli.params import TEXT, Choice
from cli.reports.asking import Asked, answering, flag_report_options, show_answer, source_words, title
from cli.words import SEVERITIES, topic_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.scope import Answer

__all__ = ["flags"]

_STATES: Final = {"on": "启用", "off": "停用", "not_set": "规则包未规定"}
_ABOUT: Final = {
    "tranche": "批次",
    "project": "项目",
    "asset": "资产",
    "contract": "合同",
    "scheme": "收益账户",
    "finding": "整改问题",
    "document": "文件",
    "area": "地区",
    "all": "全区域",
}
_UNITS: Final = {"days": " 天", "count": "", "percent": "%", "words": "", "day": ""}
_HEADS: Final = ("编号", "疑点", "程度", "对象", "名称", "说明", "依据(账本序号)")
_SHOWN_POSITIONS: Final = 6


@click.command(cls=Verb, help="疑点:R1-R35(资金)、RF01-RF37(资产);每条附两边的数、规则和所依据的记录")
@click.option("--id", "ids", type=TEXT, multiple=True, help="只看这个疑点,如 R6,可重复")
@click.option("--severity", "severities", type=Choice(SEVERITIES), multiple=True, help="只看这种程度,可重复")
@click.option("--subject", type=TEXT, help="只看这个对象:项目、批次、资产、合同等的编号")
@click.option(
    "--explain", type=(str, str), metavar="疑点 对象", help="说明一条疑点:两边的数、算法、规则、每条记录、如何消除"
)
@click.option("--list", "list_all", is_flag=True, help="列出全部疑点:程度、参数、算法、出处")
@click.option("--check", is_flag=True, help="有严重疑点时退出码为 1")
@flag_report_options
def flags(
    asked: Asked,
    *,
    ids: tuple[str, ...],
    severities: tuple[str, ...],
    subject: str | None,
    explain: tuple[str, str] | None,
    list_all: bool,
    check: bool,
) -> None:
    """Show the red flags."""
    from projections.reports.flags import FlagFilter, explain_flag, list_flags
    from projections.reports.flags import flags as flag_report

    by: Any = asked.by
    with answering(replace(asked, by="area")) as (engine, question):
        if list_all:
            answer = list_flags(engine, question)
            show_answer(asked, answer, _catalogue(answer))
            return
        if explain is not None:
            answer = explain_flag(engine, question, *explain)
            show_answer(asked, answer, *_explained(answer))
            return
        wanted = FlagFilter(frozenset(ids), frozenset(severities), subject or "")
        answer = flag_report(engine, question, wanted, by)
    show_answer(asked, answer, *_tables(answer))
    if check and answer.rows[-1].serious:
        raise click.exceptions.Exit(1)


def _tables(answer: Answer[Any]) -> list[Table]:
    rows = [
        [
            f"{row.name} 合计"
            if row.part is None
            else f"{row.part} {row.name}"
            if answer.more["by"] == "id"
            else row.name,
            *(str(each) for each in (row.serious, row.attention, row.hint, row.subjects)),
        ]
        for row in answer.rows
    ]
    heads = ("范围", ">严重", ">关注", ">提示", ">涉及对象")
    notes = ["疑点由账本记录算出,不改账,不是结论;说明一条疑点:xianjie report flags --explain 疑点 对象"]
    not_set: Any = answer.more["not_set"]
    if not_set:
        notes.append(f"规则包没有规定或已停用:{'、'.join(not_set)}")
    found: Any = answer.more["flags"]
    listed = [
        [
            each["id"],
            each["name"],
            SEVERITIES[each["severity"]],
            each["subject"],
            each["subject_name"],
            _sentence(each),
            _positions(each["positions"]),
        ]
        for each in found
    ]
    return [Table(heads, rows, title("疑点", answer), notes), Table(_HEADS, listed, "疑点清单")]


def _explained(answer: Answer[Any]) -> list[Table]:
    hits: Any = answer.more["flags"]
    tables: list[Table] = []
    for each in hits:
        about = f"{_ABOUT[each['subject_kind']]} {each['subject']}"
        named = "" if each["subject_name"] == each["subject"] else f" {each['subject_name']}"
        parameters = "、".join(f"{name}={value}" for name, value in each["parameters"].items())
        pairs = [
            ("对象", about + named),
            ("程度", SEVERITIES[each["severity"]]),
            ("说明", _sentence(each)),
            (each["left"]["name"], _value(each["left"])),
            (each["right"]["name"], _value(each["right"])),
            ("算法", each["formula"]),
            ("参数", parameters),
            ("另用规则", "、".join(each["uses"])),
            ("规则", f"{each['id']},规则包 {each['version']}"),
            ("出处", source_words(each["source"])),
            ("如何消除", each["clear"]),
        ]
        tables.append(fields_table(title(f"{each['id']} {each['name']}", answer), pairs))
        events = [
            [str(event["position"]), topic_name(event["topic"]), event["stream"], event["recorded_at"]]
            for event in each["events"]
        ]
        tables.append(Table((">序号", "事件", "对象", "记账时间"), events, "所依据的记录"))
    return tables


def _catalogue(answer: Answer[Any]) -> Table:
    catalogue: Any = answer.more["catalogue"]
    rows = [
        [
            each["id"],
            each["name"],
            _STATES[each["status"]],
            SEVERITIES.get(each["severity"], ""),
            _ABOUT[check["about"]],
            check["formula"],
            "、".join([*(f"{name}={value}" for name, value in each["parameters"].items()), *check["uses"]]),
            check["clear"],
            source_words(each["source"] or ""),
        ]
        for each in catalogue
        for check in each["checks"]
    ]
    heads = ("编号", "疑点", "状态", "程度", "对象", "算法", "参数和另用规则", "如何消除", "出处")
    return Table(heads, rows, title("疑点规则", answer))


def _sentence(each: dict[str, Any]) -> str:
    left, right = each["left"], each["right"]
    return f"{left['name']} {_value(left)} {each['relation']} {right['name']} {_value(right)}"


def _value(side: dict[str, Any]) -> str:
    if side["unit"] == "fen":
        return f"{format_yuan(side['value'])} 元"
    if side["unit"] == "day" and not side["value"]:
        return "无"
    return f"{side['value']}{_UNITS[side['unit']]}"


def _positions(positions: list[int]) -> str:
    more = len(positions) - _SHOWN_POSITIONS
    shown = "、".join(map(str, positions[:_SHOWN_POSITIONS]))
    return f"{shown} 等 {len(positions)} 条" if more > 0 else shown
