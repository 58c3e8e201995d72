"""Taking in a workbook: ours against the sum of its two parts done bare, reading and appending.

One workbook of 50,000 rows and 12 columns becomes one batch of 50,000 assets. The peer reads the same bytes with
calamine alone, every cell as a Python value, and then appends the identical events, ready as topic and JSON, in one
batch. Ours is what ``xianjie import apply`` does: it looks through the file, finds head and unit, reads and checks each
cell, compares each row with what earlier imports recorded, decides each command, and records them and the note of rows.
"""

from __future__ import annotations

import io
import itertools
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from python_calamine import CalamineWorkbook

from benchmarks.append import append_batch, new_ledger
from benchmarks.measure import Goal, alternate
from cli.intake.kinds import KINDS
from cli.intake.known import Comparison
from cli.intake.reading import Defaults, Reading
from cli.intake.source import Source
from ledger.application import Ledger, Submission
from ledger.domain.control import AdoptRules, OpenLedger
from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from pathlib import Path

    from cli.intake.problems import Problem
    from ledger.application import Outcome
    from ledger.errors import LedgerError

__all__ = ["intake_goal"]

_HEADS = (
    *("序号", "资产编号", "日期", "资产名称", "地区代码", "形成年度", "资产类别", "原值", "来由", "细类"),
    *("地点", "备注"),
)
_LEAST = 0.25


def intake_goal(folder: Path, rows: int, rounds: int) -> Goal:
    """Measure reading, checking and recording a workbook against calamine plus a bare append."""
    source = Source("台账.xlsx", _workbook(rows))
    opened = folder / "opened.db"
    _open(opened)
    events = _events(folder / "once.db", opened, source)
    numbers = itertools.count()

    def fresh() -> Ledger:
        path = folder / f"{next(numbers)}.db"
        _copy(opened, path)
        return _ledger(path)

    def ours() -> int:
        ledger = fresh()
        _import(ledger, source)
        ledger.close()
        return rows

    def bare() -> int:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(source.content)).get_sheet_by_index(0)
        assert sum(1 for _ in sheet.to_python(skip_empty_area=False)) == rows + 3
        ledger = fresh()
        append_batch(ledger, events)
        ledger.close()
        return rows

    result = alternate({"ours": ours, "bare": bare}, rounds)
    speeds = ", ".join(f"{case} {result.rate(case)}" for case in result.seconds)
    return Goal(f"import {rows:,} rows / calamine and append", result.ratio("ours", "bare"), _LEAST, True, speeds)


def _workbook(rows: int) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, len(_HEADS) - 1, "资产清产核资台账")
        sheet.write(1, len(_HEADS) - 1, "单位:元")
        sheet.write_row(2, 0, _HEADS)
        for number in range(rows):
            line = (
                *(number + 1, f"Z{number:05d}", "2021-06-01", f"产业基地{number}", "520203", 2013 + number % 8),
                *("经营性", (number * 7919 % 10_000_000 + 1) / 100, "清产核资", "光伏电站", f"某村{number % 97}组", ""),
            )
            sheet.write_row(3 + number, 0, line)
    return buffer.getvalue()


def _ledger(path: Path) -> Ledger:
    return Ledger(f"sqlite:///{path}")


def _open(path: Path) -> None:
    ledger = new_ledger(path)
    opening = OpenLedger.of(on=date(2012, 1, 1), area="520200", name="六盘水市", origin="xianjie.example/bench")
    rules = AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"])
    ledger.execute([opening, rules], Submission("bench", "init"))
    ledger.close()


def _import(ledger: Ledger, source: Source) -> Outcome:
    reading = Reading(source, KINDS["stocktake"], None, Defaults(), _refuse)
    commands = Comparison([], allow_changed=False).commands(reading)
    return ledger.execute(commands, Submission("bench", "import apply", key="import", input_hash="bench"))


def _refuse(_problem: Problem, error: LedgerError) -> None:
    raise error


def _events(path: Path, opened: Path, source: Source) -> list[tuple[str, bytes]]:
    """Return the events of the import as the bulk append takes them, topic and JSON."""
    _copy(opened, path)
    ledger = _ledger(path)
    receipt = _import(ledger, source).receipt
    ledger.close()
    with closing(sqlite3.connect(path)) as connection:
        select = (
            "SELECT t.name, e.state FROM event e JOIN topic t ON t.id = e.topic WHERE position >= ? ORDER BY position"
        )
        return connection.execute(select, (receipt.first,)).fetchall()


def _copy(opened: Path, path: Path) -> None:
    for suffix in ("", ".head"):
        shutil.copy(f"{opened}{suffix}", f"{path}{suffix}")
