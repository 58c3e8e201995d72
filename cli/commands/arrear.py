"""``xianjie arrear``: what is owed to enterprises and workers and overdue, until it is paid."""

from __future__ import annotations

from typing import Any, cast

import click

from cli.context import Settings, answer_options, open_facts, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of, history_table
from cli.output import fields_table, show
from cli.params import DATE, TEXT, code_option, money_option
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, show_rows
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["arrear"]

_arrear_argument = click.argument("arrear", metavar="拖欠编号")


@click.group(cls=Noun, help="拖欠(两拖欠):登记、清偿、查看")
def arrear() -> None:
    """Arrears."""


@arrear.command(help="登记一笔拖欠;债权人只记类别,不记姓名")
@_arrear_argument
@click.option("--area", type=TEXT, required=True, help="欠款单位所在地区,六位代码")
@click.option("--town", type=TEXT, help="乡镇,九位代码")
@click.option("--debtor", type=TEXT, required=True, help="欠款单位")
@code_option("--creditor", "creditor_kind", "债权人类别:企业、农民工", required=True)
@money_option("--amount", "amount_fen", "拖欠金额")
@click.option("--project", type=TEXT, help="涉及的项目")
@click.option("--due", "due_on", type=DATE, help="应付日期")
@write_options
def add(entry: Entry, **values: object) -> None:
    """Enter a debt."""
    from ledger.domain.arrear import RecordArrear

    entry.record(RecordArrear, values)


@arrear.command(help="登记清偿,全部或一部分")
@_arrear_argument
@money_option("--amount", "amount_fen", "清偿金额")
@click.option("--voucher", type=TEXT, help="凭证号")
@write_options
def settle(entry: Entry, **values: object) -> None:
    """Settle part or all of a debt."""
    from ledger.domain.arrear import SettleArrear

    entry.record(SettleArrear, values)


@arrear.command("list", help="列出拖欠和尚欠的金额")
@list_options
@answer_options
@with_settings
def list_(settings: Settings, area: str | None, year: int | None, limit: int) -> None:
    """List the debts with what is left of each."""
    from projections.reports.arrears import arrears
    from projections.scope import Question, home_area

    with open_facts(settings) as engine:
        answer = arrears(engine, Question(area or home_area(engine) or "", year))
    records = cast("list[dict[str, Any]]", answer.more["arrears"])
    heads = ("拖欠编号", "欠款单位", "债权人", "项目", "登记日期", ">登记(元)", ">已清偿(元)", ">尚欠(元)")
    show_rows(Listing(settings, area, year, limit), records, heads, _row)


def _row(record: dict[str, Any]) -> list[str]:
    words = [record["arrear"], record["debtor"], code_name("creditor_kind", record["creditor_kind"])]
    amounts = [format_yuan(record[f"{name}_fen"]) for name in ("recorded", "settled", "left")]
    return [*words, record["project"], record["since"], *amounts]


@arrear.command("show", help="查看一笔拖欠和每一次清偿")
@_arrear_argument
@answer_options
@with_settings
def show_(settings: Settings, arrear: str) -> None:
    """Show one debt and all that happened to it."""
    from ledger.commands.work import ARREAR

    with open_log(settings) as engine:
        history = history_of(engine, ARREAR.stream(arrear))
    state = history.state(ARREAR)
    state.must_exist(arrear)
    amounts = {"登记": state.owed_fen, "已清偿": state.settled_fen, "尚欠": state.left_fen}
    pairs = [
        ("欠款单位", state.debtor),
        ("债权人", code_name("creditor_kind", state.creditor_kind)),
        ("地区", state.town or state.area),
        ("项目", state.project),
        ("应付日期", str(state.due_on or "")),
        *((f"{label}(元)", format_yuan(fen)) for label, fen in amounts.items()),
    ]
    data = {
        **state.dimensions(),
        "debtor": state.debtor,
        "due_on": state.due_on.isoformat() if state.due_on else None,
        "recorded_fen": state.owed_fen,
        "settled_fen": state.settled_fen,
        "left_fen": state.left_fen,
        "events": history.as_json(),
    }
    show(settings.format, data, fields_table(f"拖欠 {arrear}", pairs), history_table(history))
