"""An import taken back as a whole: in one batch, only while nothing rests on it, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Program
from tests.cli.test_import_files import ALLOCATION, YEAR, write

if TYPE_CHECKING:
    from pathlib import Path

WHY = ("--reason", "重复导入", "--doc", "市财更〔2022〕8号")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Where a file of a test goes."""
    return tmp_path / "office.csv"


def allocated_fen(program: Program) -> int:
    found: int = program.json("fund", "show", "T2")["allocated_fen"]
    return found


def test_an_undone_import_leaves_the_ledger_as_before_in_one_batch(funded: Program, sheet: Path) -> None:
    before = allocated_fen(funded)
    file = write(sheet, ALLOCATION, ALLOCATION | {"金额(元)": "2"}, ALLOCATION)
    applied = funded.json("import", "apply", file, "--kind", "allocations")
    assert allocated_fen(funded) == before + 400
    undone = funded.json("import", "undo", str(applied["batch"]), *WHY)
    reversed_ = [event["data"]["reversed_position"] for event in undone["events"]]
    assert reversed_ == sorted(reversed_, reverse=True)
    assert len(reversed_) == 7  # two legs of each allocation, and the note of the import
    assert allocated_fen(funded) == before
    assert funded.json("audit", "verify")["ok"]


def test_undoing_again_records_nothing_and_the_file_may_then_come_once_more(funded: Program, sheet: Path) -> None:
    before = allocated_fen(funded)
    file = write(sheet, ALLOCATION)
    for _ in range(2):
        applied = funded.json("import", "apply", file, "--kind", "allocations")
        assert (applied["repeated"], allocated_fen(funded)) == (False, before + 100)
        assert funded.json("import", "apply", file, "--kind", "allocations")["repeated"]
        undone = funded.json("import", "undo", str(applied["batch"]), *WHY)
        again = funded.json("import", "undo", str(applied["batch"]), *WHY)
        assert (undone["repeated"], again["repeated"], again["batch"]) == (False, True, undone["batch"])
        assert allocated_fen(funded) == before


def test_an_import_on_which_later_entries_rest_is_kept_and_they_are_named(built: Program, sheet: Path) -> None:
    release = {"类型": "核拨", "项目编号": "P1", "金额(元)": "500000", "日期": "2022-06-03"}
    applied = built.json("import", "apply", write(sheet, release, release), "--kind", "payments")
    paid = built.json("payment", "pay", "P1", "--amount", "1200000", "--date", "2022-06-04")["first"]
    exit_code, error = built.refused("import", "undo", str(applied["batch"]), *WHY)
    assert (exit_code, error["code"]) == (1, "correction.needed_later")
    assert error["hint"].endswith(f"第 {paid} 号 资金支付(2022-06-04)")
    built.ok("correct", "undo", str(paid), *WHY)
    built.ok("import", "undo", str(applied["batch"]), *WHY)


def test_rows_that_rest_on_one_another_go_together_and_documents_stay(program: Program, sheet: Path) -> None:
    applied = program.json("import", "apply", write(sheet, *YEAR["tranches"]), "--kind", "tranches")
    program.ok("import", "undo", str(applied["batch"]), *WHY)
    assert program.run("fund", "show", "T8").exit_code == 3
    assert program.json("doc", "show", "黔8号")["issuer"] == "省财政厅"
    program.ok("import", "apply", str(sheet), "--kind", "tranches")
    assert program.json("fund", "show", "T8")["available_fen"] == 1_000_000_55


def test_what_was_reversed_one_by_one_is_not_reversed_again(funded: Program, sheet: Path) -> None:
    applied = funded.json("import", "apply", write(sheet, ALLOCATION, ALLOCATION), "--kind", "allocations")
    funded.ok("correct", "undo", str(applied["first"]), *WHY)
    assert len(funded.json("import", "undo", str(applied["batch"]), *WHY)["events"]) == 3
    assert funded.refused("import", "undo", str(applied["batch"]), *WHY, "--key", "k")[1]["code"] == (
        "correction.nothing_left"
    )


def test_an_import_is_undone_and_repeated_on_either_database(database_url: str, sheet: Path) -> None:
    program = Program(database_url)
    program.ok("init", "--date", "2022-01-01")
    file = write(sheet, *YEAR["projects"])
    applied = program.json("import", "apply", file, "--kind", "projects")
    program.ok("import", "undo", str(applied["batch"]), *WHY)
    assert program.json("project", "list") == []
    assert not program.json("import", "apply", file, "--kind", "projects")["repeated"]
    assert len(program.json("project", "list")) == 2


@pytest.mark.parametrize(
    ("batch", "why", "refusal"),
    [
        ("1", WHY, (1, "import.not_an_import")),
        ("999", WHY, (3, "log.no_such_batch")),
        ("", WHY[:2], (1, "correction.unfounded")),
    ],
)
def test_only_an_import_is_undone_and_never_without_reason_and_document(
    funded: Program, sheet: Path, batch: str, why: tuple[str, ...], refusal: tuple[int, str]
) -> None:
    applied = funded.json("import", "apply", write(sheet, ALLOCATION), "--kind", "allocations")
    exit_code, error = funded.refused("import", "undo", batch or str(applied["batch"]), *why)
    assert (exit_code, error["code"]) == refusal
