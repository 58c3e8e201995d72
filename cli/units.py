"""Amounts of a table in 万元 or 亿元: shifted digit by digit, never rounded, and the unit named where 元 was."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output import Table

__all__ = ["FIELD_HEADS", "UNITS", "in_unit"]

FIELD_HEADS: Final = ("项目", "内容")
"""The heads of a table of labels and values."""

UNITS: Final = {"yuan": "元", "wan": "万元", "yi": "亿元"}
_PLACES: Final = {"yuan": 0, "wan": 4, "yi": 8}
_YUAN: Final = re.compile(r"(-?)([\d,]+)\.(\d\d)")
_NAMED: Final = re.compile(r"(?<=单位:)元|(?<=\()元(?=\))")


def in_unit(table: Table, unit: str) -> Table:
    """Return the table with its amounts in ``unit``, a key of ``UNITS``; a column that is not in 元 stays as it is.

    A column is in 元 where its head says so, or where the title says so of the whole table and the column holds
    right-aligned amounts. A line of labels and values is where its label says so.
    """
    if unit != "yuan" and tuple(table.heads) == FIELD_HEADS:
        return replace(table, rows=[_field_in(row, unit) for row in table.rows])
    whole = bool(_NAMED.search(table.title))
    of_money = [head.startswith(">") and (whole or bool(_NAMED.search(head))) for head in table.heads]
    if unit == "yuan" or not any(of_money):
        return table
    rows = [
        [_shifted(cell, _PLACES[unit]) if money else cell for cell, money in zip(row, of_money, strict=True)]
        for row in table.rows
    ]
    name = UNITS[unit]
    return replace(
        table, heads=[_NAMED.sub(name, head) for head in table.heads], rows=rows, title=_NAMED.sub(name, table.title)
    )


def _field_in(row: Sequence[str], unit: str) -> Sequence[str]:
    label, value = row
    shifted = _shifted(value, _PLACES[unit])
    return row if shifted == value or not _NAMED.search(label) else (_NAMED.sub(UNITS[unit], label), shifted)


def _shifted(cell: str, places: int) -> str:
    """Return an amount of yuan with its point moved to the left; at least two decimals remain, and none is lost."""
    found = _YUAN.fullmatch(cell)
    if found is None:
        return cell
    sign, yuan, fen = found.groups()
    digits = yuan.replace(",", "").rjust(places + 1, "0")
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :] + fen
    return f"{sign}{int(whole):,}.{decimals.rstrip('0').ljust(2, '0')}"
