"""``xianjie report``: the register of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, report_options, show_answer, title
from cli.words import LIVES, STAGES, code_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.reports.assets import AssetRow

__all__ = ["assets"]

_HEADS = (
    *("资产编号", "名称", "类别", "形态", "地区", "乡镇", "村", ">年度", ">原值(元)", ">净值(元)", "暂估", "环节"),
    *("证书号", "争议", "所有权", "经营权", "收益权", "监督权", "处置权", "合同", "经营者", "合同到期", "管护单位"),
    *("运行状况", "四个一批", "状态"),
)
_RIGHTS = ("ownership", "operation", "income", "supervision", "disposal")
_VALUE, _NET = _HEADS.index(">原值(元)"), _HEADS.index(">净值(元)")


@click.command(cls=Verb, help="资产台账:每项在册资产的原值、五权、合同、管护、状况,附合计")
@click.option("--ended", is_flag=True, help="已处置、已并入、已销户的资产也列出")
@report_options
def assets(asked: Asked, *, ended: bool) -> None:
    """Show the register of assets with its totals."""
    from projections.reports.assets import assets as assets_report

    with answering(asked) as (engine, question):
        answer = assets_report(engine, question, ended=ended)
    totals: Any = answer.more["totals"]
    rows = [_row(row) for row in answer.rows]
    rows += [_sums(each) for each in totals if each["asset_class"] is None and answer.rows]
    by_class = [
        [
            code_name("asset_class", each["asset_class"]) if each["asset_class"] else "合计",
            str(each["assets"]),
            *(format_yuan(each[name]) for name in ("value_fen", "depreciation_fen", "net_fen")),
        ]
        for each in totals
    ]
    below = Table(("类别", ">资产数", ">原值(元)", ">折旧(元)", ">净值(元)"), by_class, "按类别合计")
    show_answer(asked, answer, Table(_HEADS, rows, title("资产台账", answer)), below)


def _sums(total: dict[str, Any]) -> list[str]:
    cells = [""] * len(_HEADS)
    cells[0], cells[1] = "合计", f"{total['assets']} 项"
    cells[_VALUE], cells[_NET] = format_yuan(total["value_fen"]), format_yuan(total["net_fen"])
    return cells


def _row(row: AssetRow) -> list[str]:
    return [
        row.asset,
        row.name,
        code_name("asset_class", row.asset_class),
        code_name("asset_form", row.asset_form),
        row.place.area_name,
        row.place.town_name or "",
        row.village_name,
        str(row.year),
        format_yuan(row.value_fen),
        format_yuan(row.net_fen),
        "暂估" if row.provisional else "",
        STAGES[row.stage],
        row.certificate,
        "有" if row.disputed else "",
        *(_holders(row.rights[right]) for right in _RIGHTS),
        row.contract or "",
        row.operator or "",
        row.contract_to_on or "",
        row.upkeep_unit,
        code_name("condition", row.condition or ""),
        f"{row.batch_year} {code_name('batch', row.batch)}" if row.batch else "",
        LIVES[row.life],
    ]


def _holders(right: dict[str, Any]) -> str:
    """Return who has a right: each with its share, where there are several."""
    holders = right["holders"]
    if not holders:
        return code_name("status", right["status"] or "unsettled")
    several = len(holders) > 1
    return ";".join(
        f"{each['name'] or each['holder']}{' {numerator}/{denominator}'.format(**each) if several else ''}"
        for each in holders
    )
