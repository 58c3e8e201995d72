"""``xianjie report``: what is due under contracts, and contracts that run out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.params import WHOLE
from cli.reports.asking import Asked, answering, place_name, report_options, show_answer, source_words, title
from cli.words import code_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.reports.contracts_due import ContractsDueRow
    from projections.scope import Answer

__all__ = ["contracts_due"]

_FLAGS: Final = {"RF09": "到期后仍收租", "RF13": "到期本金未收回"}
_DUE: Final = ("due_fen", "received_fen", "left_fen")


@click.command(cls=Verb, help="合同到期:逾期和若干日内到期的应收款,将到期或已到期未办结的合同")
@click.option("--days", type=WHOLE, default=30, help="看截至日之后多少日内到期的,默认 30")
@report_options
def contracts_due(asked: Asked, days: int) -> None:
    """Show what is due under contracts."""
    from projections.reports.contracts_due import contracts_due as contracts_due_report

    with answering(asked) as (engine, question):
        answer = contracts_due_report(engine, question, days)
    rows = [
        [
            place_name(row.place),
            *(str(number) for number in (row.overdue, row.coming, row.expiring)),
            *(format_yuan(fen) for fen in (row.due_fen, row.received_fen, row.left_fen, row.overdue_fen)),
        ]
        for row in answer.rows
    ]
    heads = ("范围", ">逾期笔数", ">将到期笔数", ">到期合同数", ">应收", ">已收", ">未收", ">其中逾期")
    heading = f"{title('合同到期', answer)}\n截至日及其后 {days} 日;单位:元"
    shown = Table(heads, rows, heading, ["收款先抵最早到期的同类应收款"])
    show_answer(asked, answer, shown, _dues(answer), _expiring(answer))


def _dues(answer: Answer[ContractsDueRow]) -> Table:
    listed: Any = answer.more["dues"]
    rows = [
        [
            each["contract"],
            each["operator_name"] or each["operator"],
            "、".join(each["assets"]),
            code_name("what", each["what"]),
            each["due_on"],
            *(format_yuan(each[name]) for name in _DUE),
            f"{each['days_late']} 天" if each["days_late"] else "",
            "拖欠" if each["late"] else "",
        ]
        for each in listed
    ]
    rule: Any = answer.more["grace"]
    notes = [f"拖欠(RF12):逾期超过 {rule['days']} 日;出处:{source_words(rule['source'])}"] if rule else []
    heads = ("合同编号", "经营者", "资产", "款项", "应收日期", ">应收", ">已收", ">未收", ">逾期", "结论")
    return Table(heads, rows, "未收齐的应收款(单位:元)", notes if rows else [])


def _expiring(answer: Answer[ContractsDueRow]) -> Table:
    listed: Any = answer.more["expiring"]
    rows = [
        [
            each["contract"],
            each["operator_name"] or each["operator"],
            "、".join(each["assets"]),
            code_name("mode", each["mode"]),
            each["to_on"],
            f"剩 {each['days_left']} 天" if each["days_left"] >= 0 else f"已过 {-each['days_left']} 天",
            format_yuan(each["rent_after_fen"]),
            format_yuan(each["principal_left_fen"]),
            "、".join(f"{_FLAGS[flag]}({flag})" for flag in each["flags"]),
        ]
        for each in listed
    ]
    heads = ("合同编号", "经营者", "资产", "方式", "到期日", ">期限", ">到期后收租", ">未收回本金", "问题")
    return Table(heads, rows, "将到期和已到期未办结的合同(单位:元)")
