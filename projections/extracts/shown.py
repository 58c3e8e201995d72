"""How the values of an extract are shown: one spelling for every writer, so that no two of them can differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.codes import FundLevel
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.extracts.extract import Column, Extract

__all__ = ["FOOT", "by_level", "cell", "foot", "numeric", "table", "total_row"]

FOOT: Final = "监督电话:12317(全国防止返贫监测和乡村振兴咨询服务平台)"
"""The national telephone for hints, which real notices carry (funds.md 5)."""

_NUMERIC: Final = frozenset({"fen", "count", "percent"})


def numeric(column: Column) -> bool:
    """Say whether a column is aligned to the right."""
    return column.kind in _NUMERIC


def cell(column: Column, value: str | int | None) -> str:
    """Return a value as it is printed; money as yuan with two decimals, nothing as nothing."""
    if value is None:
        return ""
    return format_yuan(int(value)) if column.kind == "fen" else str(value)


def table(extract: Extract) -> Iterator[list[str]]:
    """Yield the printed cells of each line."""
    for line in extract.lines:
        yield [cell(column, line.values[column.key]) for column in extract.columns]


def total_row(extract: Extract) -> list[str] | None:
    """Return the printed row of sums, or None where nothing adds up."""
    totals = extract.totals
    if not totals:
        return None
    sums = [cell(column, totals[column.key]) if column.key in totals else "" for column in extract.columns]
    return ["合计", *sums[1:]] if not sums[0] else sums


def by_level(extract: Extract) -> str:
    """Return the sentence that adds up the amounts of each level of money, empty where the lines have none."""
    if "amount_fen" not in extract.totals or "level" not in {column.key for column in extract.columns}:
        return ""
    sums: dict[str, int] = {}
    for line in extract.lines:
        level = str(line.values["level"] or "")
        sums[level] = sums.get(level, 0) + int(line.values["amount_fen"] or 0)
    order = [each.zh for each in FundLevel]
    told = [f"{level} {format_yuan(sums[level])} 元" for level in order if level in sums]
    return f"分级次金额:{'、'.join(told)}" if told else ""


def foot(extract: Extract) -> list[str]:
    """Return the sentences under the table: notes, telephone, and what the notice was cut from."""
    about, rule = extract.about, extract.about["rule"]
    stands_on = f"截至 {about['as_of']};账本 {about['origin']} 第 {about['position']} 号"
    levels = by_level(extract)
    return [
        *extract.notes,
        *([levels] if levels else ()),
        FOOT,
        stands_on + (f";规则包 {rule['id']} {rule['version']}" if rule else ""),
        f"账本根值 {about['root']}",
        f"内容指纹 {extract.content_hash}",
    ]
