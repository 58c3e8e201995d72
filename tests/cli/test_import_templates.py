"""Templates: what stands in them, and that every example in them is one that the program reads."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from cli.intake.kinds import KINDS
from cli.intake.reading import Defaults, Reading
from cli.intake.source import Source
from cli.intake.template import examples_of, write_template

if TYPE_CHECKING:
    from pathlib import Path

    from cli.intake.problems import Problem
    from ledger.errors import LedgerError
    from tests.cli.conftest import Program

kinds = pytest.mark.parametrize("name", KINDS)


@kinds
def test_every_example_is_read_as_it_stands(name: str) -> None:
    kind, buffer = KINDS[name], io.StringIO(newline="")
    rows = examples_of(kind)
    writer = csv.DictWriter(buffer, [column.template_head for column in kind.columns])
    writer.writeheader()
    writer.writerows(rows)
    wrong: list[Problem] = []

    def refuse(problem: Problem, _error: LedgerError) -> None:
        wrong.append(problem)

    reading = Reading(Source("示例.csv", buffer.getvalue().encode()), kind, None, Defaults(date(2022, 1, 1)), refuse)
    assert [*reading.commands()]
    assert (wrong, reading.rows) == ([], len(rows))


@kinds
def test_a_template_has_a_frozen_head_text_columns_choices_an_example_and_notes(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    write_template(kind, tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == [kind.zh, "示例", "填写说明", "选项"]
    sheet = book[kind.zh]
    assert (sheet.freeze_panes, sheet.max_row) == ("A2", 1)
    assert [cell.value for cell in sheet[1]] == [column.template_head for column in kind.columns]
    # Columns of one format that stand side by side are written as one range.
    texts = {
        number
        for each in sheet.column_dimensions.values()
        if each.number_format == "@"
        for number in range(each.min or 0, (each.max or 0) + 1)
    }
    assert {number for number, column in enumerate(kind.columns, start=1) if column.code} <= texts
    assert all("(元)" in column.template_head for column in kind.columns if column.money)
    assert len(sheet.data_validations.dataValidation) == sum(bool(column.choices) for column in kind.columns)
    shown = [cell.value for row in book["示例"].iter_rows(min_row=2) for cell in row if cell.value]
    assert shown == [
        row[column.template_head] for row in examples_of(kind) for column in kind.columns if column.template_head in row
    ]


def test_the_examples_in_a_filled_template_are_not_imported(funded: Program, tmp_path: Path) -> None:
    path = tmp_path / "allocations.xlsx"
    write_template(KINDS["allocations"], path)
    book = load_workbook(path)
    book["资金安排"].append(["T2", "P1", 1, "2022-02-03"])
    book.save(path)
    told = funded.json("import", "apply", str(path), "--kind", "allocations")
    assert (told["rows"], told["amounts_fen"]) == (1, {"金额": 100})
