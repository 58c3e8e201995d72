"""``xianjie audit explain``: what stands behind one number of a report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from cli.audit.entries import ENTRY_HEADS, amount_or_count, entry_cells, entry_json
from cli.help import Verb
from cli.output import Table, fields_table, show
from cli.params import TEXT, WHOLE
from cli.reports.asking import Asked, answering, asset_report_options, source_words, title
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from projections.catalogue import Report
    from projections.explain import Explanation
    from projections.scope import Answer, Scope
    from projections.timelines import Entry

__all__ = ["explain"]

_KEYS: Final = {
    "pair": "口径,如 N1/D1",
    "rate": "比率,如 spending",
    "level": "资金级次,如 central",
    "tranche": "资金批次编号",
    "project": "项目编号",
    "asset": "资产编号",
    "right": "权利,如 ownership",
}
_WAYS: Final = {"facts": "逐条相加", "steps": "逐条重算:每条记录使这个数变动多少"}
_WITH_SET: Final = frozenset({"rates", "asset_rates", "progress"})


def _key_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, help_ in reversed(_KEYS.items()):
        command = click.option(f"--{name}", name, type=TEXT, help=f"行的键:{help_}")(command)
    return command


@click.command(
    cls=Verb, help="解释报表中的一个数:背后的每一条记录、文号和规则,合计必须等于这个数;不写列时逐一验算整张报表"
)
@click.argument("report", metavar="报表")
@click.argument("column", metavar="[列]", required=False)
@_key_options
@click.option("--key", "more", type=TEXT, multiple=True, help="行的其他键,写成 名=值,可重复")
@click.option("--table", default="rows", type=TEXT, help="报表 JSON 中的哪个列表,默认 rows")
@click.option("--set", "rate_set", type=TEXT, help="比率组,同 report rates --set")
@click.option("--quarter", type=WHOLE, help="季度,同 report quarterly --quarter")
@asset_report_options
def explain(
    asked: Asked,
    *,
    report: str,
    column: str | None,
    more: tuple[str, ...],
    table: str,
    rate_set: str | None,
    quarter: int | None,
    **keys: str | None,
) -> None:
    """Explain one number."""
    from projections.catalogue import report_named
    from projections.explain import explain as explain_number
    from projections.explain import explain_all
    from projections.figures import Address, find_row
    from projections.scope import open_scope
    from projections.timelines import entry_at

    wanted = {name: value for name, value in keys.items() if value is not None} | dict(map(_pair, more))
    asking: Report = report_named(report)
    if rate_set and report.replace("-", "_") in _WITH_SET:
        asking = partial(asking, rate_set=rate_set)
    if quarter:
        asking = partial(asking, quarter=quarter)
    with answering(asked) as (engine, question), open_scope(engine, question) as scope:
        answer = asking(scope, question)
        if column is None:
            _show_all(asked, answer, list(explain_all(asking, scope, question)))
            return
        address, row = find_row(answer, table, wanted)
        found = explain_number(asking, scope, question, Address(table, address, _column(row, column)))
        entries = [entry_at(scope, addend.position) for addend in found.addends]
    _show(asked, answer, found, entries, _definition(answer, row))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise ValueRefusedError(
            "explain.key", f"“{text[:60]}”不是 名=值 的写法", hint="如 --key fund_kind=transition"
        ).at("--key")
    return name, value


def _column(row: Mapping[str, Any], column: str) -> str:
    """Return the full name of a column of the row; what is derived names the columns that it follows from.

    Raises ValueRefusedError: the row has no such number, or it is derived.
    """
    from projections.figures import DERIVED, LABELS

    flat = _flat(row)
    numbers = [name for name, value in flat.items() if isinstance(value, int) and not isinstance(value, bool)]
    sums = [name for name in numbers if name.rpartition(".")[2] not in LABELS.union(DERIVED)]
    for name in (column, f"{column}_fen"):
        if name in sums:
            return name
        if name in flat:
            how = DERIVED.get(name.rpartition(".")[2], "分子 ÷ 分母,各为整数,只在显示时舍入一次")
            raise ValueRefusedError(
                "explain.derived",
                f"“{name}”(为 {flat[name]})不是合计,由其他数算出:{how}",
                hint=f"请解释它所依据的数:{'、'.join(sums)}" if sums else "用 -f json 看报表写明的出处",
            )
    raise ValueRefusedError(
        "explain.no_column", f"这一行没有名为“{column[:60]}”的数", hint=f"可解释的列:{'、'.join(sums)}"
    )


def _flat(row: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        found |= _flat(value, f"{within}{name}.") if isinstance(value, dict) else {f"{within}{name}": value}
    return found


def _definition(answer: Answer[Any], row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the rule pack's definition of the row's pair or rate, None where the report needs none."""
    defined: Any = answer.more.get("definitions", [])
    names = [name for name in ("pair", "rate", "set") if name in row]
    for each in defined:
        if names and all(each.get(name) in {row[name], None} for name in names):
            definition: dict[str, Any] = each
            return definition
    return None


def _show(
    asked: Asked, answer: Answer[Any], found: Explanation, entries: list[Entry], definition: dict[str, Any] | None
) -> None:
    scope, address = answer.scope, found.address
    data = {
        "report": answer.report,
        "as_of": scope.as_of.isoformat(),
        "position": scope.position,
        "root": scope.root,
        "rule": _rule(scope),
        "definition": definition,
        "table": address.table,
        "keys": dict(address.keys),
        "column": address.column,
        "value": found.value,
        "way": found.way,
        "exhaustive": found.exhaustive,
        "sum": sum(addend.change for addend in found.addends),
        "entries": [
            {**entry_json(entry), "change": addend.change} for addend, entry in zip(found.addends, entries, strict=True)
        ],
    }
    where = " ".join(f"{name}={value}" for name, value in address.keys if value)
    number = amount_or_count(address.column, found.value)
    about = [
        ("数", f"{where} {address.column}"),
        ("数值", number),
        (
            "规则包",
            f"{scope.pack.pack} {scope.pack.version}({source_words(scope.pack.source)})" if scope.pack else "无",
        ),
        *_definition_lines(definition),
        ("方法", _WAYS[found.way] + ("" if found.exhaustive else ";记录太多,互相抵消的可能没有列出")),
    ]
    rows = [
        [*entry_cells(entry), amount_or_count(address.column, addend.change)]
        for addend, entry in zip(found.addends, entries, strict=True)
    ]
    unit = "元" if address.column.endswith("_fen") else "个"
    notes = [f"{len(rows)} 条记录合计 {amount_or_count(address.column, int(str(data['sum'])))},等于报表中的数"]
    listed = Table((*ENTRY_HEADS, f">增减({unit})"), rows, "各条记录", notes)
    # CSV is of the entries, which is what one goes on with; people read first what the number is.
    tables = [fields_table(title("解释", answer), about), listed]
    show(asked.settings.format, data, *(tables[::-1] if asked.settings.format == "csv" else tables))


def _show_all(asked: Asked, answer: Answer[Any], found: list[Explanation]) -> None:
    """Show that every number of the report adds up, column by column."""
    columns: dict[tuple[str, str], list[Explanation]] = {}
    for each in found:
        columns.setdefault((each.address.table, each.address.column), []).append(each)
    summed = [
        {
            "table": table,
            "column": column,
            "figures": len(of_column),
            "facts": len([each for each in of_column if each.way == "facts"]),
            "steps": len([each for each in of_column if each.way == "steps"]),
            "entries": len({addend.position for each in of_column for addend in each.addends}),
        }
        for (table, column), of_column in columns.items()
    ]
    data = {"report": answer.report, "position": answer.scope.position, "figures": len(found), "columns": summed}
    rows = [[str(value) for value in each.values()] for each in summed]
    notes = [f"{len(found)} 个数全部等于各条记录的合计"]
    heads = ("列表", "列", ">个数", ">逐条相加", ">逐条重算", ">涉及记录")
    show(asked.settings.format, data, Table(heads, rows, title(f"解释 {answer.report}", answer), notes))


def _rule(scope: Scope) -> dict[str, str] | None:
    pack = scope.pack
    return None if pack is None else {"id": pack.pack, "version": pack.version, "source": pack.source}


def _definition_lines(definition: dict[str, Any] | None) -> list[tuple[str, str]]:
    if definition is None:
        return []
    named = f"{definition.get('pair') or definition.get('rate')} {definition['name']}"
    lines = [("规则", f"{named}(出处:{source_words(definition['source'])})")]
    for key, name in (("numerator", "分子"), ("denominator", "分母")):
        if side := definition.get(key):
            lines.append((name, f"{side['id']} {side['name']}(出处:{source_words(side['source'])})"))
    return lines
