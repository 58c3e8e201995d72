"""``xianjie export``: read only; the ledger in the formats of other programs."""

from __future__ import annotations

from typing import Final

import click

from cli.help import LazyNoun

__all__ = ["export"]

_FORMATS: Final = {
    "journal": ("cli.exports.files:journal", "日记账:交给 Beancount 或 hledger 独立复算,含月末余额核对"),
    "events": ("cli.exports.files:events", "流水原文(JSONL),每行一条事件"),
    "sqlite": ("cli.exports.files:sqlite", "SQLite 数据库,含中文只读视图"),
    "xlsx": ("cli.exports.files:xlsx", "Excel 工作簿,每类数据一张平表,附数据字典"),
    "oc4ids": ("cli.exports.files:oc4ids", "OC4IDS 0.9.5,工程类项目"),
}


@click.group(cls=LazyNoun, lazy=_FORMATS, help="导出:日记账、流水、SQLite、Excel、OC4IDS(只读)")
def export() -> None:
    """Group the exports."""
