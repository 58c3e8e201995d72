"""The numbers of a report, each under an address: the table of the answer, the row's keys, the column.

A report's JSON is what is published, so its addresses are those of the JSON: ``rows`` and the further lists beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from ledger.errors import NotFoundError, ValueRefusedError

if TYPE_CHECKING:
    from projections.scope import Answer

__all__ = ["DERIVED", "LABELS", "Address", "Figures", "figures_of", "find_row", "rows_of"]

_THINGS: Final = (
    *("tranche", "project", "asset", "arrear", "finding", "contract", "indicator", "scheme", "period", "figure"),
    *("right", "holder", "due_on", "what"),
)
_KEYS: Final = (
    *("row", "area", "town", "type", "part", "year", "pair", "set", "rate", "right", "holder_kind", "level"),
    *("fund_kind", "direction", "stage", "outcome", "up_to_days", "creditor_kind", "source", "kind", "unit"),
    *("condition", "grade", "asset_class", "period", "indicator", "money_of"),
)
LABELS: Final = frozenset(
    {
        *("year", "up_to_days", "base_year", "batch_year", "counted_year", "position", "line", "digits"),
        *("figure", "cut_from"),
    }
)
"""Columns of whole numbers that name something: nothing adds up to them."""
DERIVED: Final[Mapping[str, str]] = {
    "short_fen": "分母 × 目标(进位到分) - 分子",
    "over_fen": "计划 - 到账,不足零时为零",
    "days": "截至日 - 起算日",
    "days_overdue": "截至日 - 到期日",
    "days_late": "报送日 - 期限",
    "days_to_distribution": "首次分解日 - 到账日",
    "days_to_allocation": "首次安排日 - 到账日",
    "months": "截至日所在月份",
    "recomputed_numerator": "公布数所指的分子,按其截至日和账本位置重算;逐条解释请对原报表",
    "recomputed_denominator": "公布数所指的分母,同上",
    "adjustable_projects": "可调项目:由规则包和项目状态判定",
    "adjustable_fen": "可调项目的概算或计划(取大) - 已安排",
}
"""Columns that follow from others, from dates or from a rule, and what from: no event adds to them by itself."""


class Address(NamedTuple):
    """Where a number stands: the list of the answer, the keys of its row, the column (nested ones with dots)."""

    table: str
    keys: tuple[tuple[str, str], ...]
    column: str


Figures: TypeAlias = dict[Address, int]


def figures_of(answer: Answer[Any]) -> Figures:
    """Return every number of the answer that is a sum or a count; what is derived (``DERIVED``, percentages) is not."""
    return {
        Address(table, keys, column): number
        for table, keys, row in rows_of(answer)
        for column, number in _numbers(row)
        if column.rpartition(".")[2] not in DERIVED
    }


def rows_of(answer: Answer[Any]) -> Iterator[tuple[str, tuple[tuple[str, str], ...], Mapping[str, Any]]]:
    """Yield the table, the keys and the row itself of every row of the answer that has keys."""
    for table, rows in answer.as_json().items():
        if not isinstance(rows, list) or table == "definitions":
            continue
        for row in rows:
            if isinstance(row, dict) and (keys := _keys(row)):
                yield table, keys, row


def find_row(
    answer: Answer[Any], table: str, wanted: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], Mapping[str, Any]]:
    """Return the keys and the row that ``wanted`` means; of several the total.

    Raises:
        NotFoundError: no row is so.
        ValueRefusedError: several rows are, and none of them alone is the total.
    """
    found = [(keys, row) for name, keys, row in rows_of(answer) if name == table and _is(row, wanted)]
    if len(found) > 1:
        found = [each for each in found if each[1].get("row") == "total"] if _one_total(found) else found
    if len(found) == 1:
        return found[0]
    asked = "、".join(f"{name}={value}" for name, value in wanted.items()) or "(未给条件)"
    if not found:
        raise NotFoundError("explain.no_row", f"报表 {answer.report} 的 {table} 中没有这一行:{asked}", hint=_HINT)
    few = ";".join(" ".join(f"{name}={value}" for name, value in keys if value) for keys, _ in found[:4])
    raise ValueRefusedError(
        "explain.several_rows",
        f"报表 {answer.report} 的 {table} 中有 {len(found)} 行符合:{asked}",
        hint=f"请再加条件,如:{few}",
    )


_HINT: Final = "先看报表本身(-f json),用其中的键作条件,如 --pair N1/D1、--key level=central"


def _one_total(found: list[tuple[tuple[tuple[str, str], ...], Mapping[str, Any]]]) -> bool:
    return len([row for _, row in found if row.get("row") == "total"]) == 1


def _keys(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    # A row about one thing is that thing's row whatever else is said of it: its stage or class may have changed.
    things = [name for name in _THINGS if row.get(name)]
    names = ["row", *things] if {*things} - {"right", "what"} else list(_KEYS)
    return tuple((name, _text(row[name])) for name in dict.fromkeys(names) if name in row)


def _numbers(row: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, int]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{within}{name}.")
        elif isinstance(value, int) and not isinstance(value, bool) and name not in LABELS:
            yield f"{within}{name}", value


def _is(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(name in row and _plain(_text(row[name])) == _plain(value) for name, value in wanted.items())


def _plain(text: str) -> str:
    """Return the text without what people leave out: N1/D1 is typed as N1D1."""
    return "".join(sign for sign in text if sign.isalnum()).lower()


def _text(value: object) -> str:
    return "" if value is None else str(value)
