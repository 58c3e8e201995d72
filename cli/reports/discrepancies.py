"""``xianjie report``: published figures beside those that come out of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, report_options, show_answer, title
from ledger.codes import FigureUnit, name_of
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.reports.discrepancies import DiscrepancyRow
    from projections.scope import Answer

__all__ = ["discrepancies"]

_VERDICTS: Final = {
    "match": "一致",
    "rounded": "舍入后一致",
    "truncated": "截去了尾数",
    "inconsistent": "不一致",
    "no_base": "分母为零",
    "undefined": "规则包未定义",
}


@click.command(cls=Verb, help="公布数核对:公布的数与账本重算的数,相差多少,是否一致;公布数只作证据,不入账")
@report_options
def discrepancies(asked: Asked) -> None:
    """Show every published figure beside the recomputed one."""
    from projections.reports.discrepancies import discrepancies as discrepancies_report

    with answering(asked) as (engine, question):
        answer = discrepancies_report(engine, question)
    heads = (
        "地区",
        "指标",
        "单位",
        ">公布数",
        ">重算数",
        ">相差",
        "结论",
        ">分子",
        ">分母",
        "截至",
        "序号",
    )
    rows = [_row(row) for row in answer.rows]
    show_answer(asked, answer, Table(heads, rows, title("公布数核对", answer), _notes(answer)))


def _row(row: DiscrepancyRow) -> list[str]:
    return [
        row.place.area_name,
        row.name,
        name_of(FigureUnit, row.unit),
        row.published,
        row.recomputed or "—",
        row.difference or "",
        _VERDICTS[row.verdict],
        _integer(row, row.recomputed_numerator),
        _integer(row, row.recomputed_denominator),
        row.as_of,
        str(row.figure),
    ]


def _integer(row: DiscrepancyRow, number: int | None) -> str:
    if number is None:
        return ""
    return format_yuan(number) if row.counted_in == "fen" else str(number)


def _notes(answer: Answer[DiscrepancyRow]) -> list[str]:
    if not answer.rows:
        return ["还没有登记公布数;登记:xianjie import apply 文件 --kind published(或 published_table)"]
    counts = [sum(row.verdict == verdict for row in answer.rows) for verdict in _VERDICTS]
    said = [f"{name} {count} 个" for name, count in zip(_VERDICTS.values(), counts, strict=True) if count]
    documents = dict.fromkeys(f"{row.document}{f'({row.issuer})' if row.issuer else ''}" for row in answer.rows)
    return [
        f"共 {len(answer.rows)} 个:{'、'.join(said)};按原件的小数位比较,四舍五入后相等为舍入后一致",
        *(f"出处:{each}" for each in documents),
    ]
