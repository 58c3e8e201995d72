"""``xianjie income``: what assets earn and cost, and who gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of, history_table
from cli.output import Table, fields_table, show
from cli.params import AMOUNT_LINE, DATE, SHARE_LINE, TEXT, WHOLE, Choice, money_option
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, register, show_rows
from cli.words import code_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from ledger.domain.scheme import Plan, Scheme
    from projections.scope import Scope

__all__ = ["income"]

_BASES: Final = {"gross": "总收益", "net": "净收益"}
_MEASURES: Final = ("income", "cost", "planned", "paid")

_scheme_argument = click.argument("scheme", metavar="账户编号")
_plan_argument = click.argument("plan", metavar="方案编号")


@click.group(cls=Noun, help="收益:设立账户、收支入账、分配办法、方案、审议、发放、查看")
def income() -> None:
    """Income."""


@income.command("open", help="为一项或几项资产设立收益账户")
@_scheme_argument
@click.option("--name", type=TEXT, required=True, help="账户名称")
@click.option("--asset", "assets", type=TEXT, multiple=True, required=True, help="资产编号,可重复")
@click.option("--area", type=TEXT, help="地区,六位代码;资产都在一个县的可不填")
@write_options
def open_(entry: Entry, **values: object) -> None:
    """Open an income account."""
    from ledger.domain.income import OpenScheme

    entry.record(OpenScheme, values)


@income.command(help="登记一个期间的收益")
@_scheme_argument
@click.option("--period", type=TEXT, required=True, help="期间:2022、2022H1、2022Q1、2022-03")
@money_option("--amount", "amount_fen", "收益")
@click.option("--asset", type=TEXT, help="产生收益的资产;属于整个账户的不填")
@click.option("--contract", type=TEXT, help="经营合同编号;没有合同的不填")
@click.option("--voucher", type=TEXT, help="凭证号")
@write_options
def post(entry: Entry, **values: object) -> None:
    """Post income."""
    from ledger.domain.income import PostIncome

    entry.record(PostIncome, values)


@income.command(help="登记一个期间的成本")
@_scheme_argument
@click.option("--period", type=TEXT, required=True, help="期间:2022、2022H1、2022Q1、2022-03")
@click.option("--cost", type=TEXT, required=True, help="成本类别,如 运维费(om)、场地占用费(site);本地可用规则包另设")
@money_option("--amount", "amount_fen", "成本")
@click.option("--asset", type=TEXT, help="发生成本的资产;属于整个账户的不填")
@click.option("--voucher", type=TEXT, help="凭证号")
@write_options
def cost(entry: Entry, **values: object) -> None:
    """Post a cost."""
    from ledger.domain.income import PostCost

    entry.record(PostCost, values)


@income.command(help="登记分配办法,自业务日期起适用")
@_scheme_argument
@click.option("--version", type=TEXT, required=True, help="办法的版本,如 2022-1")
@click.option("--base", type=Choice(_BASES), required=True, help="基数:gross(总收益)、net(扣除所列成本的净收益)")
@click.option("--cost", "costs", type=TEXT, multiple=True, help="净收益扣除的成本类别,可重复")
@click.option(
    "--line",
    "lines",
    type=SHARE_LINE,
    multiple=True,
    required=True,
    help="受益方和份额,可重复,如 posts:公益岗位:至少80%;合计不足 1 的部分不分配",
)
@click.option(
    "--approval", "approvals", type=TEXT, multiple=True, help="方案的审批环节,按次序重复;以 vote 或“表决”结尾的为表决"
)
@write_options
def rule(entry: Entry, **values: object) -> None:
    """Set how income is distributed."""
    from ledger.domain.distribution import SetIncomeRule

    entry.record(SetIncomeRule, values)


@income.command(help="登记一个期间的分配方案;不写 --line 即按现行办法计算")
@_scheme_argument
@_plan_argument
@click.option("--period", type=TEXT, required=True, help="期间:2022、2022H1、2022Q1、2022-03")
@click.option("--line", "lines", type=AMOUNT_LINE, multiple=True, help="受益方和金额,可重复,如 posts:8万元")
@write_options
def plan(entry: Entry, **values: object) -> None:
    """Plan a distribution."""
    from ledger.domain.distribution import PlanDistribution

    entry.record(PlanDistribution, values)


@income.command(help="登记方案的下一个审批环节")
@_scheme_argument
@_plan_argument
@click.option("--step", type=TEXT, required=True, help="环节,与分配办法一致,如 village_vote")
@click.option("--body", type=TEXT, required=True, help="审议机构,如某村成员代表会议")
@click.option("--members", type=WHOLE, help="全体成员(代表)人数,表决必填")
@click.option("--in-favour", "in_favour", type=WHOLE, help="赞成人数,表决必填")
@click.option("--notice-to", "notice_to_on", type=DATE, help="方案或结果公示的截止日(含)")
@write_options
def resolve(entry: Entry, **values: object) -> None:
    """Take a step of a plan's approval."""
    from ledger.domain.payout import ResolveDistribution

    entry.record(ResolveDistribution, values)


@income.command(help="登记发放;只记受益方类别,不记个人")
@_scheme_argument
@_plan_argument
@click.option("--payee", type=TEXT, required=True, help="受益方编号")
@money_option("--amount", "amount_fen", "发放金额")
@click.option("--voucher", type=TEXT, help="凭证号")
@write_options
def pay(entry: Entry, **values: object) -> None:
    """Pay money of a plan."""
    from ledger.domain.payout import PayDistribution

    entry.record(PayDistribution, values)


@income.command("list", help="列出收益账户;--year 只计该年度各期间的收支和方案")
@list_options
@answer_options
@with_settings
def list_(settings: Settings, area: str | None, year: int | None, limit: int) -> None:
    """List the income accounts."""
    listing = Listing(settings, area, year, limit)
    with register(listing) as scope:
        records = _schemes(scope, limit + 1)
    heads = ("账户编号", "名称", "地区", ">资产数", ">收益(元)", ">成本(元)", ">方案(元)", ">已发放(元)")
    show_rows(listing, records, heads, _row)


def _row(record: dict[str, Any]) -> list[str]:
    amounts = [format_yuan(record[f"{measure}_fen"]) for measure in _MEASURES]
    return [record["scheme"], record["name"], record["area_name"], str(record["assets"]), *amounts]


def _schemes(scope: Scope, limit: int) -> list[dict[str, Any]]:
    from sqlalchemy import case, exists, func, select

    from projections.tables import fact_income, fact_scheme

    facts, money = fact_scheme.c, fact_income.c
    words = (facts.scheme, facts.name, facts.area)
    living = (
        select(*words, func.sum(facts.sign).label("assets"))
        .where(scope.within(fact_scheme))
        .group_by(*words)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.scheme)
        .limit(limit)
        .cte("living")
    )
    sums = [
        func.sum(case((money.measure == measure, money.amount_fen), else_=0)).label(measure) for measure in _MEASURES
    ]
    posted = select(money.scheme, *sums).where(scope.within(fact_income)).group_by(money.scheme)
    if scope.year is not None:
        year, base = str(scope.year), fact_income.alias()
        planned = exists().where(base.c.scheme == money.scheme, base.c.plan == money.plan, base.c.measure == "base")
        posted = posted.where(money.period.startswith(year) | planned.where(base.c.period.startswith(year)))
    totals = posted.subquery()
    wanted = (
        select(living, *(func.coalesce(totals.c[measure], 0).label(f"{measure}_fen") for measure in _MEASURES))
        .select_from(living.outerjoin(totals, totals.c.scheme == living.c.scheme))
        .order_by(living.c.scheme)
    )
    rows = scope.connection.execute(wanted).mappings()
    return [
        {name: int(value) if name.endswith("_fen") or name == "assets" else value for name, value in row.items()}
        | {"area_name": scope.name(row["area"])}
        for row in rows
    ]


@income.command("show", help="查看一个收益账户:收支、办法、方案和每一笔")
@_scheme_argument
@answer_options
@with_settings
def show_(settings: Settings, scheme: str) -> None:
    """Show one account and all that happened to it."""
    from ledger.commands.work import SCHEME

    with open_log(settings) as engine:
        history = history_of(engine, SCHEME.stream(scheme))
    state = history.state(SCHEME)
    state.must_exist(scheme)
    pairs = [
        ("名称", state.name),
        ("地区", state.area),
        ("资产", ";".join(state.assets)),
        ("设立", str(state.opened_on)),
    ]
    about = fields_table(f"收益账户 {scheme}", pairs)
    data = _as_json(state)
    tables = (about, _accounts_table(state), _rules_table(data), _plans_table(state), history_table(history))
    show(settings.format, {**data, "events": history.as_json()}, *tables)


def _accounts_table(state: Scheme) -> Table:
    postings = sorted(state.postings.values(), key=lambda each: (each.period, each.cost))
    rows = [
        [
            each.period,
            code_name("cost", each.cost) if each.cost else "收益",
            format_yuan(each.amount_fen),
            str(each.on),
        ]
        for each in postings
    ]
    return Table(("期间", "收支", ">金额(元)", "末次入账"), rows, "收支")


def _rules_table(data: dict[str, Any]) -> Table:
    rows = [
        [
            rule["version"],
            rule["from_on"],
            _BASES[rule["base"]] + "".join(f" − {code_name('cost', cost)}" for cost in rule["costs"]),
            ";".join(f"{each['name']} {'至少 ' if each['floor'] else ''}{_share(each)}" for each in rule["lines"]),
            "、".join(rule["approvals"]),
        ]
        for rule in data["rules"]
    ]
    return Table(("版本", "起始", "基数", "份额", "审批环节"), rows, "分配办法")


def _share(line: dict[str, Any]) -> str:
    return f"{line['numerator']}/{line['denominator']}"


def _plans_table(state: Scheme) -> Table:
    rows = [
        [
            plan.plan,
            plan.period,
            plan.rule_version,
            format_yuan(plan.base_fen),
            payee,
            format_yuan(fen),
            format_yuan(plan.paid.get(payee, 0)),
            "、".join(f"{step} {on}" for step, on in plan.steps),
        ]
        for plan in state.plans.values()
        for payee, fen in plan.lines.items()
    ]
    heads = ("方案", "期间", "办法", ">基数(元)", "受益方", ">方案(元)", ">已发放(元)", "已经过")
    return Table(heads, rows, "分配方案")


def _as_json(state: Scheme) -> dict[str, Any]:
    postings = sorted(state.postings.values(), key=lambda each: (each.period, each.cost))
    return {
        "scheme": state.scheme,
        "name": state.name,
        "area": state.area,
        "assets": list(state.assets),
        "opened_on": str(state.opened_on),
        "accounts": [
            {"period": each.period, "cost": each.cost or None, "amount_fen": each.amount_fen} for each in postings
        ],
        "rules": [
            {
                "version": each.version,
                "from_on": str(each.on),
                "base": each.base,
                "costs": list(each.costs),
                "lines": [line.model_dump() for line in each.lines],
                "approvals": list(each.approvals),
            }
            for each in state.rules
        ],
        "plans": [_plan_as_json(each) for each in state.plans.values()],
    }


def _plan_as_json(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan.plan,
        "period": plan.period,
        "rule_version": plan.rule_version,
        "base_fen": plan.base_fen,
        "planned_on": str(plan.on),
        "steps": [{"step": step, "on": str(on)} for step, on in plan.steps],
        "notice_to_on": None if plan.notice_to_on is None else str(plan.notice_to_on),
        "lines": [
            {"payee": payee, "planned_fen": fen, "paid_fen": plan.paid.get(payee, 0)}
            for payee, fen in plan.lines.items()
        ],
        "undistributed_fen": plan.base_fen - sum(plan.lines.values()),
    }
