"""``xianjie export``: the ledger as files of other programs."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from cli.help import Verb
from cli.output import fields_table, show
from cli.params import FILE, TEXT, Choice
from cli.reports.asking import Asked, answering, question_options
from cli.words import topic_name
from cli.writing import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from projections.scope import Scope

__all__ = ["events", "journal", "oc4ids", "sqlite", "xlsx"]

_PROGRAMS: Final = {"beancount": "Beancount", "hledger": "hledger(ledger 也能读)"}


@dataclass(slots=True)
class _Target:
    """The open scope, where to write, and what to say about it afterwards."""

    scope: Scope
    path: Path
    about: dict[str, Any]


def _to_file(command: Callable[..., None]) -> Callable[..., None]:
    command = question_options(command)
    command = click.option("--force", is_flag=True, help="文件已存在时覆盖")(command)
    return click.option("-o", "--out", type=FILE, required=True, help="写到哪个文件")(command)


@contextmanager
def _exporting(asked: Asked, out: Path, name: str, *, force: bool) -> Iterator[_Target]:
    """Open the scope and the file; say what was written once it is in its place. Raises LedgerError."""
    from projections.scope import open_scope

    with answering(asked) as (engine, question), open_scope(engine, question) as scope:
        with written(out, force=force) as path:
            target = _Target(scope, path, {})
            yield target
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        stands = {"as_of": scope.as_of.isoformat(), "position": scope.position, "root": scope.root}
    data = {"file": str(out), "sha256": digest, **stands, **target.about}
    pairs = [
        ("文件", str(out)),
        ("SHA-256", digest),
        ("截至", f"{scope.as_of},账本第 {scope.position} 号"),
        *((_ABOUT[key], str(value)) for key, value in target.about.items() if key in _ABOUT),
    ]
    show(asked.settings.format, data, fields_table(name, pairs))


_ABOUT: Final = {
    "events": "事件",
    "entries": "分录",
    "accounts": "科目",
    "balances": "核对余额",
    "expected": "余额文件",
    "projects": "项目",
    "lines": "行数",
}


def _write(path: Path, pieces: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for count, piece in enumerate(pieces, 1):  # noqa: B007 - how many there were is the answer
            file.write(piece)
    return count


@click.command(
    cls=Verb, help="复式记账的日记账:分录由事件产生,月末余额由报表数据产生,交给 Beancount 或 hledger 独立复算"
)
@click.option("--program", type=Choice(_PROGRAMS), default="beancount", help="哪个程序,默认 beancount")
@click.option("--expected", type=FILE, help="另把应有的月末余额(分)写成 JSON")
@_to_file
def journal(asked: Asked, program: str, expected: Path | None, out: Path, *, force: bool) -> None:
    """Write a journal."""
    import json

    from projections.exports.journal import expected_json, journal_of
    from projections.exports.journal_text import beancount_lines, hledger_lines

    with _exporting(asked, out, "日记账", force=force) as target:
        made = journal_of(target.scope)
        lines = beancount_lines if program == "beancount" else hledger_lines
        heading = f"{target.scope.name(target.scope.area)} 截至 {target.scope.as_of} 账本第 {target.scope.position} 号"
        _write(target.path, (f"{line}\n" for line in lines(made, heading, topic_name)))
        target.about |= {
            "entries": len(made.entries),
            "accounts": len(made.accounts),
            "balances": len(made.balances),
        }
        if expected:
            with written(expected, force=force) as path:
                _write(path, [json.dumps(expected_json(made), ensure_ascii=False, indent=1) + "\n"])
            target.about["expected"] = str(expected)


@click.command(cls=Verb, help="流水原文(JSONL):每行一条事件,内容一字不改")
@_to_file
def events(asked: Asked, out: Path, *, force: bool) -> None:
    """Write the events."""
    from projections.exports.events import event_lines

    with _exporting(asked, out, "流水", force=force) as target:
        target.about["events"] = _write(target.path, event_lines(target.scope.connection, target.scope.position))


@click.command(cls=Verb, help="SQLite 数据库:报表数据的表和中文只读视图")
@_to_file
def sqlite(asked: Asked, out: Path, *, force: bool) -> None:
    """Write a database."""
    from projections.exports.sqlite_file import write_sqlite

    with _exporting(asked, out, "SQLite 数据库", force=force) as target:
        target.about["lines"] = sum(write_sqlite(target.scope, target.path).values())


@click.command(cls=Verb, help="Excel 工作簿:每类数据一张平表,附数据字典")
@_to_file
def xlsx(asked: Asked, out: Path, *, force: bool) -> None:
    """Write a workbook."""
    from projections.exports.workbook import write_workbook

    with _exporting(asked, out, "Excel 工作簿", force=force) as target:
        target.about["lines"] = sum(write_workbook(target.scope, target.path).values())


@click.command(cls=Verb, help="OC4IDS 0.9.5(基础设施开放合同数据标准):形成资产的工程类项目")
@click.option("--prefix", type=TEXT, help="OCP 分配的前缀,如 oc4ids-abc123;不填时用临时前缀 oc4ids-xxxxxx")
@click.option("--publisher", type=TEXT, help="发布单位,默认为账本所属地区")
@_to_file
def oc4ids(asked: Asked, prefix: str | None, publisher: str | None, out: Path, *, force: bool) -> None:
    """Write the projects of a plan year."""
    from projections.exports.oc4ids import PROVISIONAL, as_text, package

    with _exporting(asked, out, "OC4IDS", force=force) as target:
        made = package(target.scope, prefix or PROVISIONAL, publisher or target.scope.name(target.scope.area))
        _write(target.path, [as_text(made)])
        target.about["projects"] = len(made["projects"])
