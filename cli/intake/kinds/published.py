"""Sheets of figures that offices published, as evidence: one figure in a row, or a table with an area in a row."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import as_text
from cli.intake.columns import Column
from cli.intake.kind import (
    Across,
    Group,
    Kind,
    Step,
    code_column,
    day_column,
    line_column,
    typed,
    whole_column,
    year_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from ledger.codes import FigureUnit, NoticeChannel
from ledger.domain.command import Line
from ledger.domain.figure import ReportFigures, parse_printed, split_printed
from ledger.money import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.intake.cells import Cell

__all__ = ["PUBLISHED"]

_UNITS: Final = {Unit.YUAN: FigureUnit.YUAN, Unit.WAN: FigureUnit.WAN, Unit.YI: FigureUnit.YI}


def _printed(cell: Cell) -> str:
    """Return a number with the digits that the cell has. Raises ValueRefusedError."""
    return parse_printed(f"{cell:f}" if isinstance(cell, Decimal) else as_text(cell))


def _figure(cell: Cell, unit: FigureUnit) -> dict[str, str]:
    """Return a figure as it is printed: in the unit that stands behind the number, or that of its column."""
    own = None
    if isinstance(cell, str):
        cell, own = split_printed(as_text(cell))
    return {"value": _printed(cell), "unit": (own or unit).value}


def _in(unit: FigureUnit) -> Callable[[Cell, Unit], dict[str, str]]:
    return lambda cell, _unit: _figure(cell, unit)


def _amount(cell: Cell, unit: Unit) -> dict[str, str]:
    return _figure(cell, _UNITS[unit])


_AREA: Final = Column("地区", "area", typed(Line), required=True, code=True, note="六位区划代码,或区划表里的名称")
_AS_OF: Final = day_column("截至日期", "as_of", note="这些数是截至哪一天的,如 2022-04-30")
_YEAR: Final = year_column("计划年度", "year", required=False)
_DECIMALS: Final = whole_column("小数位数", "decimals", note="原件印几位小数;表格丢掉末尾的零时填写")
_ORIGIN: Final = (
    line_column("比率组", "rate_set", note="比率按哪一组,如 kezhou-2021;只有一组有这个比率的不必填"),
    line_column("公布单位", "issuer"),
    code_column("渠道", "channel", NoticeChannel),
    whole_column("账本位置", "cut_from", note="原件写明取自账本第几号的填写,按当时所知重算"),
    day_column("公布日期", required=False, note="不填为导入命令的 --date"),
    DOCUMENT,
    REASON,
)
_NOTE: Final = "公布数照原件填写,只作证据,不入账;与账本重算数的差异见 xianjie report discrepancies"

_MEMBERS: Final = ("measure", "value", "unit", "decimals")
_FIGURES = Kind(
    "published",
    "公布数",
    (
        _AREA,
        _AS_OF,
        _YEAR,
        line_column("指标", "measure", required=True, note="规则包的数量、比率或口径,如 paid、kezhou-2021/start"),
        Column("公布数", "value", lambda cell, _unit: _printed(cell), required=True, note="照原件的数字,小数位也照写"),
        code_column("单位", "unit", FigureUnit, required=True),
        _DECIMALS,
        *_ORIGIN,
    ),
    {"": Step(ReportFigures)},
    group=Group(by=(), into="figures", members={name: name for name in _MEMBERS}, most=1),
    known_by=("figures", "measure"),
    totals=False,
    notes=(_NOTE,),
)


def _column(head: str, measure: str, unit: FigureUnit | None) -> Column:
    """Return the column of a measure; an amount (unit None) has its unit in its head."""
    read: Callable[[Cell, Unit], Any] = _in(unit) if unit else _amount
    return Column(head, f"figures.{measure}", read, money=unit is None, sparse=True)


_TABLE = Kind(
    "published_table",
    "公布的进度表",
    (
        _AREA,
        _column("计划项目数", "projects_planned", FigureUnit.COUNT),
        _column("开工项目数", "projects_started", FigureUnit.COUNT),
        _column("未开工项目数", "rest:start", FigureUnit.COUNT),
        _column("开工率", "start", FigureUnit.PERCENT),
        _column("完工项目数", "projects_completed", FigureUnit.COUNT),
        _column("完工率", "completion", FigureUnit.PERCENT),
        _column("验收项目数", "projects_accepted", FigureUnit.COUNT),
        _column("验收率", "acceptance", FigureUnit.PERCENT),
        _column("计划投资", "planned", None),
        _column("完成投资", "invested", None),
        _column("投资完成率", "investment", FigureUnit.PERCENT),
        _column("到位资金", "arrived", None),
        _column("安排资金", "allocated", None),
        _column("核拨资金", "released", None),
        _column("核拨率", "release", FigureUnit.PERCENT),
        _column("支付资金", "paid", None),
        _column("资金支付率", "payment", FigureUnit.PERCENT),
        _column("资金支出率", "spending", FigureUnit.PERCENT),
        _column("报账资金", "reimbursed", None),
        _column("报账率", "reimbursement", FigureUnit.PERCENT),
        _AS_OF,
        _YEAR,
        _DECIMALS,
        *_ORIGIN,
    ),
    {"": Step(ReportFigures)},
    across=Across("figures", "measure", each=("decimals",)),
    known_by=("figures", "measure"),
    totals=False,
    notes=(_NOTE, "一行一个地区,没有公布的格子留空;全市、合计的行也照填,地区写它的代码"),
)

PUBLISHED: Final = (_FIGURES, _TABLE)
