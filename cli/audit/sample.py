"""``xianjie audit sample``: entries of money drawn by lot, the same for everybody who knows the seed."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Final

import click

from cli.help import Verb
from cli.output import Table, show
from cli.params import TEXT, WHOLE, Choice
from cli.reports.asking import Asked, answering, report_options
from cli.words import code_name
from ledger.errors import ValueRefusedError
from ledger.money import format_yuan

__all__ = ["sample"]

_MEASURES: Final = {
    "issued": "下达",
    "allocated": "安排",
    "released": "核拨",
    "paid": "支付",
    "reimbursed": "报账",
}
_STRATA: Final = {"level": "资金级次", "area": "地区", "type": "项目类型", "amount": "金额(从小到大四等分)"}
_MOST: Final = 10_000


@click.command(cls=Verb, help="抽样:按种子抽取资金记录,同一账本、同一种子抽到同样的记录")
@click.option("--n", "number", type=WHOLE, required=True, help="抽多少条")
@click.option("--seed", type=TEXT, help="种子,任意文字;不填时随机产生并印出")
@click.option("--stratify", type=Choice(_STRATA), help="分层:level、area、type、amount")
@click.option("--measure", type=Choice(_MEASURES), default="paid", help="抽哪一类记录,默认 paid(支付)")
@report_options
def sample(asked: Asked, number: int, seed: str | None, stratify: str | None, measure: str) -> None:
    """Draw a sample."""
    from projections.sampling import sample as draw
    from projections.scope import open_scope

    if not 1 <= number <= _MOST:
        raise ValueRefusedError("sample.size", f"不能抽 {number} 条:应为 1 至 {_MOST}", hint="请核对 --n").at("--n")
    seed = seed or secrets.token_hex(8)
    with answering(asked) as (engine, question), open_scope(engine, question) as scope:
        drawn, strata = draw(scope, measure, number, seed, stratify)
    data = {
        "seed": seed,
        "stratify": stratify,
        "measure": measure,
        "area": scope.area,
        "year": scope.plan_year,
        "as_of": scope.as_of.isoformat(),
        "position": scope.position,
        "root": scope.root,
        "strata": [asdict(each) for each in strata],
        "drawn": [asdict(each) for each in drawn],
    }

    def name(stratum: str) -> str:
        match stratify:
            case "level":
                return code_name("level", stratum)
            case "area":
                return scope.name(stratum)
            case "type":
                return code_name("project_type", stratum)
            case _:
                return stratum

    rows = [
        [
            str(each.position),
            each.effective_on,
            name(each.stratum),
            scope.name(each.area),
            each.project,
            code_name("level", each.level),
            format_yuan(each.amount_fen),
            each.document,
        ]
        for each in drawn
    ]
    heading = (
        f"抽样 {scope.name(scope.area)} {scope.plan_year} 年度{_MEASURES[measure]}记录"
        f"(截至 {scope.as_of},账本第 {scope.position} 号)\n种子 {seed}"
    )
    heads = ("序号", "业务日期", "层", "地区", "项目", "级次", ">金额(元)", "文号")
    classes = [
        [name(each.stratum), str(each.entries), format_yuan(each.amount_fen), str(each.drawn)] for each in strata
    ]
    show(
        asked.settings.format,
        data,
        Table(heads, rows, heading, [f"用同一种子重抽:--n {number} --seed {seed}"]),
        Table(("层", ">总体(条)", ">总体(元)", ">抽取(条)"), classes, "各层"),
    )
