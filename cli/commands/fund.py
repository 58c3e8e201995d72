"""``xianjie fund``: money on its way from the document that issues it to a project, from one to another, and back."""

from __future__ import annotations

import click

from cli.context import Settings, answer_options, open_facts, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of, history_table
from cli.output import Table, fields_table, show
from cli.params import DATE, TEXT, YEAR, code_option, money_option
from cli.recording import Entry, write_options
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["fund"]


@click.group(cls=Noun, help="资金:下达、分解、安排、调整、收回、结余、结转、查看")
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
@click.option("--direct", is_flag=True, help="直达资金(01中央直达资金)")
@click.option("--incentive", is_flag=True, help="激励资金")
@click.option("--project-code", "project_code", type=TEXT, help="预算项目代码,如 Z155110000004")
@click.option("--income-item", "income_item", type=TEXT, help="收入科目,如 1100231")
@click.option("--expenditure-item", "expenditure_item", type=TEXT, help="支出科目,如 21305")
@write_options
def issue(entry: Entry, **values: object) -> None:
    """Record money issued to an area."""
    from ledger.domain.tranche import IssueTranche

    entry.record(IssueTranche, values)


@fund.command(help="把资金分解到下级地区,或本县的乡镇、单位")
@click.option("--tranche", type=TEXT, required=True, help="被分解的资金批次")
@click.option("--child", type=TEXT, required=True, help="下级资金批次编号(自编)")
@click.option(
    "--child-area", "child_area", type=TEXT, required=True, help="下级地区,六位代码;分解给本县乡镇或单位时写本县"
)
@click.option("--child-town", "child_town", type=TEXT, help="下级乡镇,九位代码")
@click.option("--child-unit", "child_unit", type=TEXT, help="下级单位名称")
@money_option("--amount", "amount_fen", "分解金额")
@write_options
def distribute(entry: Entry, **values: object) -> None:
    """Distribute money to a lower area, a town or a unit."""
    from ledger.domain.tranche import DistributeTranche

    entry.record(DistributeTranche, values)


@fund.command(help="收回尚未安排的资金,或用 --project 收回项目未支付的资金")
@click.option("--tranche", type=TEXT, help="被收回的资金批次;项目只有一个批次时可省略")
@click.option("--project", type=TEXT, help="从这个项目收回,退回其资金批次")
@money_option("--amount", "amount_fen", "收回金额")
@click.option("--by", "recovered_by", type=TEXT, required=True, help="收回单位")
@write_options
def recover(entry: Entry, project: str | None, **values: object) -> None:
    """Recover money that is not allocated, or not paid out."""
    from ledger.domain.adjustment import RecoverFromProject
    from ledger.domain.tranche import RecoverTranche

    if project is not None:
        entry.record(RecoverFromProject, {**values, "project": project})
    else:
        entry.record(RecoverTranche, values)


@fund.command(help="把资金安排到项目")
@click.option("--tranche", type=TEXT, required=True, help="资金批次")
@click.option("--project", type=TEXT, required=True, help="项目编号")
@money_option("--amount", "amount_fen", "安排金额")
@code_option("--cause", "cause", "再次安排的原因:结余、收回后再安排;第一次安排的不写")
@write_options
def allocate(entry: Entry, **values: object) -> None:
    """Allocate money to a project."""
    from ledger.domain.allocation import AllocateMoney

    entry.record(AllocateMoney, values)


@fund.command(help="提取项目管理费(上限见规则包)")
@click.option("--tranche", type=TEXT, required=True, help="资金批次")
@click.option("--project", type=TEXT, required=True, help="类型为项目管理费的项目编号")
@money_option("--amount", "amount_fen", "提取金额")
@write_options
def fee(entry: Entry, **values: object) -> None:
    """Take the management fee out of a tranche."""
    from ledger.domain.allocation import ExtractFee

    entry.record(ExtractFee, values)


@fund.command(help="把已安排的资金从一个项目调整到另一个(须写 --doc 批准文号)")
@click.option("--from", "from_project", type=TEXT, required=True, help="调出项目")
@click.option("--to", "to_project", type=TEXT, required=True, help="调入项目")
@click.option("--tranche", type=TEXT, help="资金批次;调出项目只有一个批次时可省略")
@money_option("--amount", "amount_fen", "调整金额")
@code_option("--cause", "cause", "调整原因:计划调整(默认)、项目替换")
@write_options
def adjust(entry: Entry, **values: object) -> None:
    """Move allocated money from one project to another."""
    from ledger.domain.adjustment import AdjustMoney

    entry.record(AdjustMoney, values)


@fund.command(help="确认项目结余,退回资金批次(须写 --doc 审计或决算文号)")
@click.option("--project", type=TEXT, required=True, help="已决算的项目")
@click.option("--tranche", type=TEXT, help="资金批次;项目只有一个批次时可省略")
@money_option("--amount", "amount_fen", "结余金额")
@write_options
def surplus(entry: Entry, **values: object) -> None:
    """Confirm what is left over after settlement."""
    from ledger.domain.adjustment import ConfirmSurplus

    entry.record(ConfirmSurplus, values)


@fund.command("carry-over", help="结转一个资金批次的年末余额")
@click.option("--tranche", type=TEXT, required=True, help="资金批次")
@click.option("--year", "from_year", type=YEAR, required=True, help="结转哪一年年末的余额")
@write_options
def carry_over(entry: Entry, **values: object) -> None:
    """Carry over what a tranche had left at the end of a year."""
    from ledger.domain.closing import CarryOverTranche

    entry.record(CarryOverTranche, values)


@fund.command("close-year", help="年度结账:结转该地区全部有余额的批次,此后补记须写 --reason")
@click.option("--area", type=TEXT, required=True, help="地区,六位代码")
@click.option("--year", type=YEAR, required=True, help="结账年度")
@write_options
def close_year(entry: Entry, area: str, year: int) -> None:
    """Close the books of an area for a year, and carry over what its tranches have left."""
    from ledger.domain.closing import CarryOverTranche, CloseYear

    close = entry.build(CloseYear, {"area": area, "year": year})
    left = _left_at_end(entry.settings, area, year)
    carry = [entry.build(CarryOverTranche, {"tranche": tranche, "from_year": year}) for tranche in left]
    entry.record_asking([*carry, close], f"{year} 年度结账后,补记须写明原因。确认结账?", typed=str(year))


def _left_at_end(settings: Settings, area: str, year: int) -> list[str]:
    """Return the tranches of the area that had money left on the last day of the year and were not carried over."""
    from ledger.commands.work import TRANCHE
    from ledger.domain.closing import last_day
    from projections.reports.balance import balance
    from projections.scope import Question

    with open_facts(settings) as engine:
        rows = balance(engine, Question(area, as_of=last_day(year))).rows
        left = [row.tranche for row in rows if row.place.area == area and row.unallocated_fen > 0]
        states = {tranche: history_of(engine, TRANCHE.stream(tranche)).state(TRANCHE) for tranche in left}
    return [tranche for tranche, state in states.items() if year not in state.carried_years]


@fund.command("list", help="列出资金批次及其余额")
@click.option("--year", type=YEAR, help="只看这个计划年度")
@click.option("--area", type=TEXT, help="只看这个地区及其下级,默认为账本所属地区")
@answer_options
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
@click.argument("tranche", metavar="批次", type=TEXT)
@answer_options
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
        **{f"{code_name('cause', cause)}退回待再安排": fen for cause, fen in state.regained.items() if fen},
    }
    pairs = [
        ("批次", state.tranche),
        ("地区", state.area),
        ("计划年度", str(state.plan_year)),
        ("资金级次", code_name("level", state.level)),
        ("资金类别", code_name("fund_kind", state.fund_kind)),
        ("任务方向", code_name("direction", state.direction)),
        ("乡镇", state.town),
        ("单位", state.unit),
        ("文号", state.document),
        *((f"{label}(元)", format_yuan(fen)) for label, fen in amounts.items()),
    ]
    data = {
        **state.dimensions(),
        "document": state.document,
        "parent": state.parent,
        "town": state.town,
        "unit": state.unit,
        "arrived_fen": amounts["到账"],
        "distributed_fen": state.distributed_fen,
        "allocated_fen": state.allocated_fen,
        "recovered_fen": state.recovered_fen,
        "available_fen": state.available_fen,
        "regained": [{"cause": cause, "amount_fen": fen} for cause, fen in state.regained.items() if fen],
        "carried_years": sorted(state.carried_years),
        "events": history.as_json(),
    }
    show(settings.format, data, fields_table(f"资金批次 {tranche}", pairs), history_table(history))
