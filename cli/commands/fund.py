"""``xianjie fund``: money on its way from the document that issues it to a project."""

from __future__ import annotations

import click

from cli.context import Settings, format_option, open_facts, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of, history_table
from cli.output import Table, fields_table, show
from cli.params import DATE, TEXT, YEAR, code_option, money_option
from cli.recording import Entry, write_options
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["fund"]


@click.group(cls=Noun, help="资金:下达、分解、安排、收回、查看")
def fund() -> None:
    """Money on its way to projects."""


@fund.command(help="登记资金下达(须写 --doc 文号)")
@click.option("--tranche", type=TEXT, required=True, help="资金批次编号(自编)")
@click.option("--area", type=TEXT, required=True, help="资金下达到的地区,六位代码")
@click.option("--year", "plan_year", type=YEAR, required=True, help="计划年度")
@code_option("--level", "level", "资金级次:中央、省级、市级、县级、其他", required=True)
@code_option("--kind", "fund_kind", "资金类别,默认为衔接资金")
@code_option("--direction", "direction", "资金任务方向,默认为巩固拓展脱贫攻坚成果和乡村振兴")
@money_option("--amount", "amount_fen", "下达金额")
@click.option("--issuer", type=TEXT, required=True, help="发文单位")
@click.option("--issued-on", "issued_on", type=DATE, help="文件上的日期,与业务日期不同时填写")
@click.option("--advance", is_flag=True, help="提前下达")
@write_options
def issue(entry: Entry, **values: object) -> None:
    """Record money issued to an area."""
    from ledger.domain.tranche import IssueTranche

    entry.record(IssueTranche, values)


@fund.command(help="把资金分解到下级地区")
@click.option("--tranche", type=TEXT, required=True, help="被分解的资金批次")
@click.option("--child", type=TEXT, required=True, help="下级资金批次编号(自编)")
@click.option("--child-area", "child_area", type=TEXT, required=True, help="下级地区,六位代码")
@money_option("--amount", "amount_fen", "分解金额")
@write_options
def distribute(entry: Entry, **values: object) -> None:
    """Distribute money to a lower area."""
    from ledger.domain.tranche import DistributeTranche

    entry.record(DistributeTranche, values)


@fund.command(help="收回尚未安排的资金")
@click.option("--tranche", type=TEXT, required=True, help="被收回的资金批次")
@money_option("--amount", "amount_fen", "收回金额")
@click.option("--by", "recovered_by", type=TEXT, required=True, help="收回单位")
@write_options
def recover(entry: Entry, **values: object) -> None:
    """Recover money that is not allocated."""
    from ledger.domain.tranche import RecoverTranche

    entry.record(RecoverTranche, values)


@fund.command(help="把资金安排到项目")
@click.option("--tranche", type=TEXT, required=True, help="资金批次")
@click.option("--project", type=TEXT, required=True, help="项目编号")
@money_option("--amount", "amount_fen", "安排金额")
@write_options
def allocate(entry: Entry, **values: object) -> None:
    """Allocate money to a project."""
    from ledger.domain.payment import AllocateMoney

    entry.record(AllocateMoney, values)


@fund.command("list", help="列出资金批次及其余额")
@click.option("--year", type=YEAR, help="只看这个计划年度")
@click.option("--area", type=TEXT, help="只看这个地区及其下级,默认为账本所属地区")
@format_option
@with_settings
def list_(settings: Settings, year: int | None, area: str | None) -> None:
    """List the tranches with what is left of them."""
    from projections.reports.balance import balance
    from projections.scope import Question, home_area

    with open_facts(settings) as engine:
        answer = balance(engine, Question(area or home_area(engine) or "", year))
    rows = [
        [
            row.tranche,
            f"{row.place.area_name}({row.place.area})",
            str(row.year),
            code_name("level", row.level),
            format_yuan(row.issued_fen + row.received_fen),
            format_yuan(row.unallocated_fen),
            row.document,
        ]
        for row in answer.rows
    ]
    heads = ("批次", "地区", "年度", "级次", ">下达(元)", ">未安排(元)", "文号")
    show(settings.format, answer.as_json()["rows"], Table(heads, rows))


@fund.command("show", help="查看一个资金批次:余额和每一笔")
@click.argument("tranche", metavar="批次")
@format_option
@with_settings
def show_(settings: Settings, tranche: str) -> None:
    """Show one tranche and all that happened to it."""
    from ledger.commands.work import TRANCHE

    with open_log(settings) as engine:
        history = history_of(engine, TRANCHE.stream(tranche))
    state = history.state(TRANCHE)
    state.must_exist(tranche)
    amounts = {
        "到账": state.arrived_fen + state.returned_fen,
        "已分解": state.distributed_fen,
        "已安排": state.allocated_fen,
        "已收回": state.recovered_fen,
        "余额": state.available_fen,
    }
    pairs = [
        ("批次", state.tranche),
        ("地区", state.area),
        ("计划年度", str(state.plan_year)),
        ("资金级次", code_name("level", state.level)),
        ("资金类别", code_name("fund_kind", state.fund_kind)),
        ("任务方向", code_name("direction", state.direction)),
        ("文号", state.document),
        *((f"{label}(元)", format_yuan(fen)) for label, fen in amounts.items()),
    ]
    data = {
        **state.dimensions(),
        "document": state.document,
        "parent": state.parent,
        "arrived_fen": amounts["到账"],
        "distributed_fen": state.distributed_fen,
        "allocated_fen": state.allocated_fen,
        "recovered_fen": state.recovered_fen,
        "available_fen": state.available_fen,
        "events": history.as_json(),
    }
    show(settings.format, data, fields_table(f"资金批次 {tranche}", pairs), history_table(history))
