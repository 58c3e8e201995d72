"""``xianjie report``: the card of one asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.help import Verb
from cli.named_codes import name_in
from cli.output import Table, fields_table
from cli.params import TEXT
from cli.reports.asking import Asked, answering, report_options, show_answer, title
from cli.reports.card_tables import card_tables
from cli.words import LIVES, STAGES, code_name, field_text, topic_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.reports.card import StepRow
    from projections.scope import Scope

__all__ = ["card"]

_WHAT: Final = {
    "booked": "books",
    "batch_classified": "batch",
    "classified": "asset_class",
    "condition_assessed": "condition",
    "counted": "outcome",
    "disposal_proposed": "way",
    "disposal_voted": "body",
    "disposed": "way",
    "objection_resolved": "outcome",
    "ownership_noticed": "channel",
    "proceeds_booked": "destination",
    "reinvested": "money",
    "transferred": "way",
}
"""Of which code list the coded value of a step is."""

_YEARS: Final = frozenset({"batch_classified", "counted", "difference_approved", "depreciation_posted"})
_NUMBERS: Final = {"upkeep_assigned": "每年 {} 次", "disposal_voted": "赞成 {}", "disposal_approved": "第 {} 步"}


@click.command(cls=Verb, help="资产卡片:一项资产截至某日的全部情况,每一步带文号和账本序号")
@click.argument("asset", metavar="资产编号", type=TEXT)
@report_options
def card(asked: Asked, asset: str) -> None:
    """Show everything that is known of one asset."""
    from projections.reports.card import card as card_report

    with answering(asked) as (engine, question):
        answer = card_report(engine, question, asset)
    steps = [
        [
            row.on,
            topic_name(f"asset.{row.step}"),
            _words(row),
            format_yuan(row.amount_fen) if row.amount_fen else "",
            row.document,
            str(row.position),
        ]
        for row in answer.rows
    ]
    more: Any = answer.more
    first = _identity(title("资产卡片", answer), more["identity"], answer.scope)
    passed = Table(("日期", "事项", "内容", ">金额(元)", "文号", ">序号"), steps, "经过")
    show_answer(asked, answer, first, *card_tables(more), passed)


def _identity(heading: str, known: Any, scope: Scope) -> Table:  # noqa: ANN401 - what only this report has
    pairs = [
        ("资产编号", known["asset"]),
        ("名称", known["name"]),
        ("类别", code_name("asset_class", known["asset_class"])),
        ("细类", name_in(scope, "subclass", known["subclass"]) if known["subclass"] else ""),
        ("形态", code_name("asset_form", known["asset_form"])),
        ("数量", known["quantity"]),
        ("地区", known["area_name"]),
        ("乡镇", known["town_name"]),
        ("村", known["village_name"]),
        ("坐落", known["site"]),
        ("项目", known["project"]),
        ("来源", known["source"]),
        ("拆分自", known["parent"]),
        ("形成年度", str(known["year"])),
        ("登记日期", known["registered_on"]),
        ("原值(元)", format_yuan(known["value_fen"]) + ("(暂估)" if known["provisional"] else "")),
        ("累计折旧(元)", format_yuan(known["depreciation_fen"]) if known["depreciation_fen"] else ""),
        ("净值(元)", format_yuan(known["net_fen"])),
        ("环节", STAGES[known["stage"]]),
        ("证书号", known["certificate"]),
        ("异议", "有未处理的异议" if known["disputed"] else ""),
        ("状态", LIVES[known["life"]]),
        ("运行状况", code_name("condition", known["condition"] or "")),
        ("管护单位", known["upkeep_unit"]),
        ("管护岗位", known["upkeep_post"]),
        ("最近清查", field_text("counted_year", known["counted_year"])),
    ]
    return fields_table(heading, pairs)


def _words(row: StepRow) -> str:
    """Return the words of a step, as far as there are any."""
    coded = {"disposal_proposed": "why", "classified": "subclass"}
    detail = code_name(coded[row.step], row.detail) if row.step in coded else row.detail
    note = f"原为{code_name('asset_class', row.note)}" if row.step == "classified" else row.note
    between = f"{row.unit} → {row.receiver}" if row.unit and row.receiver else row.unit
    until = f"{row.from_on or ''} 至 {row.deadline}" if row.deadline else ""
    words = [row.code, code_name(_WHAT.get(row.step, ""), row.what), detail, note, between, row.by, until.strip()]
    if row.number:
        words.append(f"{row.number} 年" if row.step in _YEARS else _NUMBERS.get(row.step, "{}").format(row.number))
    if row.days:
        words.append(f"公示 {row.days} 天")
    return ";".join(word for word in words if word)
