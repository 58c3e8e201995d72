"""The same rows again: known by what they say and how often, so that every file adds exactly what is new."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.intake.known import Comparison, content_of
from ledger.events import ImportedRow, ImportRecorded
from tests.cli.test_import_files import ALLOCATION, YEAR, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

WHY = ("--reason", "导错文件", "--doc", "市财更〔2022〕8号")
TWO = ALLOCATION | {"金额(元)": "2"}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Where a file of a test goes."""
    return tmp_path / "office.csv"


def apply(program: Program, file: str, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = program.json("import", "apply", file, "--kind", "allocations", *more)
    return found


def check(program: Program, file: str) -> dict[str, Any]:
    found: dict[str, Any] = program.json("import", "check", file, "--kind", "allocations")
    return found


def allocated_fen(program: Program) -> int:
    found: int = program.json("fund", "show", "T2")["allocated_fen"]
    return found


def test_a_file_with_three_added_rows_records_three(funded: Program, sheet: Path) -> None:
    before = allocated_fen(funded)
    apply(funded, write(sheet, ALLOCATION, TWO))
    file = write(sheet, TWO, ALLOCATION | {"日期": "2022-02-05"}, TWO | {"日期": "2022-02-04"}, ALLOCATION, TWO)
    said = check(funded, file)
    assert (said["new"], said["same"], said["changed"], said["missing_count"]) == (3, 2, [], 0)
    assert apply(funded, file)["amounts_fen"] == {"金额": 500}
    assert allocated_fen(funded) == before + 800
    said = check(funded, file)
    assert (said["new"], said["same"], said["already_applied"]) == (0, 5, True)


def test_the_same_rows_in_another_file_and_form_record_nothing(funded: Program, sheet: Path) -> None:
    before = allocated_fen(funded)
    apply(funded, write(sheet, ALLOCATION, TWO))
    position = funded.position()
    again = write(
        sheet,
        {"项目编号": "P1", "批次编号": "T2", "金额(万元)": "0.0002", "日期": "2022年2月3日"},
        {"项目编号": "P1", "批次编号": "T2", "金额(万元)": "0.0001", "日期": "2022/2/3"},
    )
    done = apply(funded, again)
    assert (done["events"], done["same"], funded.position(), allocated_fen(funded)) == ([], 2, position, before + 300)
    assert "其中 2 行此前已导入" in funded.ok("import", "apply", again, "--kind", "allocations")


def test_a_check_says_the_money_of_each_level_before_and_after_as_it_then_is(funded: Program, sheet: Path) -> None:
    file = write(sheet, ALLOCATION, TWO, ALLOCATION | {"金额(元)": "9000000"})
    done = funded.run("-f", "json", "import", "check", file, "--kind", "allocations")
    foreseen = json.loads(done.stdout)["money"]
    assert [(each["level"], each["measure"], each["after_fen"] - each["before_fen"]) for each in foreseen] == [
        ("central", "allocated", 300),
        ("central", "funded", 300),
    ]
    funded.run("import", "apply", file, "--kind", "allocations", "--partial")
    again = funded.run("-f", "json", "import", "check", write(sheet, TWO, TWO), "--kind", "allocations")
    now = {each["measure"]: each["before_fen"] for each in json.loads(again.stdout)["money"]}
    assert now == {each["measure"]: each["after_fen"] for each in foreseen}
    told = funded.ok("import", "check", str(sheet), "--kind", "allocations", "--changed")
    assert re.search(r"中央 +安排 +3,000,003\.00 +3,000,005\.00", told)


def test_two_equal_rows_are_two_entries(funded: Program, sheet: Path) -> None:
    before = allocated_fen(funded)
    apply(funded, write(sheet, ALLOCATION, ALLOCATION))
    assert allocated_fen(funded) == before + 200
    assert apply(funded, write(sheet, ALLOCATION, ALLOCATION, ALLOCATION))["same"] == 2
    assert allocated_fen(funded) == before + 300


def test_rows_of_another_day_or_document_by_default_are_other_rows(funded: Program, sheet: Path) -> None:
    before = allocated_fen(funded)
    file = write(sheet, ALLOCATION)
    for document in ("黔财农〔2022〕9号", "黔财农〔2022〕10号", "黔财农〔2022〕9号"):
        apply(funded, file, "--doc", document)
    assert allocated_fen(funded) == before + 200


def test_a_row_whose_content_changed_is_named_and_recorded_only_when_asked(funded: Program, sheet: Path) -> None:
    apply(funded, write(sheet, ALLOCATION, TWO | {"日期": "2022-02-05"}))
    file = write(sheet, ALLOCATION | {"金额(元)": "9"}, TWO | {"日期": "2022-02-05"})
    done = funded.run("-f", "json", "import", "check", file, "--kind", "allocations")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["new"], said["same"]) == (1, 1, 1)
    assert [(each["row"], each["was"]["number"]) for each in said["changed"]] == [(2, 2)]
    assert [each["code"] for each in said["problems"]] == ["import.changed"]
    exit_code, error = funded.refused("import", "apply", file, "--kind", "allocations")
    assert (exit_code, error["code"], error["where"]) == (1, "import.changed", "office.csv,第 2 行")
    assert apply(funded, file, "--changed")["amounts_fen"] == {"金额": 900}


def test_rows_that_a_later_file_lacks_are_named_and_nothing_is_done_about_them(funded: Program, sheet: Path) -> None:
    apply(funded, write(sheet, ALLOCATION, TWO | {"日期": "2022-02-05"}))
    said = check(funded, write(sheet, ALLOCATION))
    assert (said["ok"], said["missing_count"], said["already_applied"]) == (True, 1, True)
    assert said["missing"] == [{"file": "office.csv", "number": 3, "key": "T2 P1 2022-02-05"}]
    assert "上次有、这次没有的 1 行" in funded.ok("import", "check", str(sheet), "--kind", "allocations")


def test_rows_of_an_undone_import_are_new_again(funded: Program, sheet: Path) -> None:
    done = apply(funded, write(sheet, ALLOCATION))
    funded.ok("import", "undo", str(done["batch"]), *WHY)
    assert apply(funded, write(sheet, TWO, ALLOCATION))["amounts_fen"] == {"金额": 300}


def test_in_part_the_good_rows_are_recorded_and_the_mended_file_adds_the_rest(funded: Program, sheet: Path) -> None:
    before = allocated_fen(funded)
    file = write(sheet, ALLOCATION, ALLOCATION | {"金额(元)": "9000000"}, TWO | {"日期": "昨天"}, TWO)
    done = funded.run("-f", "json", "import", "apply", file, "--kind", "allocations", "--partial")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (1, "import.partly_refused")
    said = json.loads(done.stdout)
    assert (said["amounts_fen"], said["problem_count"], allocated_fen(funded)) == ({"金额": 300}, 2, before + 300)
    assert [path.name for path in sheet.parent.glob("*.xlsx")] == ["office.问题.xlsx"]
    again = funded.run("-f", "json", "import", "apply", file, "--kind", "allocations", "--partial")
    assert (json.loads(again.stdout)["events"], allocated_fen(funded)) == ([], before + 300)
    mended = write(sheet, ALLOCATION, ALLOCATION | {"金额(元)": "90"}, TWO | {"日期": "2022-02-06"}, TWO)
    assert (apply(funded, mended, "--changed")["same"], allocated_fen(funded)) == (2, before + 9_500)
    assert funded.json("audit", "verify")["ok"]


def test_without_partial_one_bad_row_keeps_all_out(funded: Program, sheet: Path) -> None:
    file = write(sheet, ALLOCATION, ALLOCATION | {"金额(元)": "9000000"}, TWO)
    assert funded.refused("import", "apply", file, "--kind", "allocations")[1]["code"] == "tranche.overdrawn"


def test_the_note_of_an_import_is_not_reversed_alone(funded: Program, sheet: Path) -> None:
    done = apply(funded, write(sheet, ALLOCATION))
    assert done["events"][-1]["topic"] == "import.recorded"
    assert re.search(r"行 +1 行", funded.ok("audit", "show", str(done["last"])))
    exit_code, error = funded.refused("correct", "undo", str(done["last"]), *WHY)
    assert (exit_code, error["code"]) == (1, "correction.import_alone")


def test_a_file_with_somebodys_number_in_its_name_is_noted_without_it(funded: Program, tmp_path: Path) -> None:
    done = apply(funded, write(tmp_path / "安排 13912345678.csv", ALLOCATION))
    assert done["events"][-1]["data"]["file"] == "(文件名含个人信息)"


def test_documents_imported_are_not_undone(program: Program, sheet: Path) -> None:
    file = write(sheet, *[row for row in YEAR["documents"] if row["类型"] == "登记"])
    done = program.json("import", "apply", file, "--kind", "documents")
    exit_code, error = program.refused("import", "undo", str(done["batch"]), *WHY)
    assert (exit_code, error["code"]) == (1, "correction.nothing_left")


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), max_size=5))
def test_each_content_is_recorded_as_often_as_in_the_file_that_has_most_of_it(files: list[list[str]]) -> None:
    events: list[ImportRecorded] = []
    for contents in files:
        found = Comparison(events, allow_changed=True)
        rows = [ImportedRow(number=n, key=each, content=content_of(each)) for n, each in enumerate(contents, start=1)]
        new = [row for row in rows if found.is_new(row)]
        assert found.new == new
        assert [row.number for row in found.rows] == [*range(1, len(rows) + 1)]
        events.append(
            ImportRecorded(
                effective_on=date(2022, 1, 1), kind="payments", file="表", file_hash="0" * 64, rows=found.rows
            )
        )
    recorded = Counter(row.key for event in events for row in event.rows if row.new)
    most = Counter[str]()
    for contents in files:
        most |= Counter(contents)
    assert recorded == most
