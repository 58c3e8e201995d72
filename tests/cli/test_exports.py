"""Exports are read by the programs they are for, and what those add up is what the reports say."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from projections.exports import dictionary
from projections.exports.views import VIEWS, columns_of
from tests.cli.conftest import HANDED_OVER, Program

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = ("--year", "2022", "--as-of", "2022-12-31")
MORE = (
    *HANDED_OVER,
    "income open S1 --name 大棚收益 --asset A1 --date 2022-09-01",
    "income post S1 --period 2022 --amount 1万元 --date 2022-12-31",
    "fund recover --tranche T1 --amount 10万元 --by 省财政厅 --doc 黔财农〔2022〕8号 --date 2022-12-20",
)
BEAN_CHECK = Path(sys.executable).with_name("bean-check")
needs_hledger = pytest.mark.skipif(
    not shutil.which("hledger"), reason="hledger is not installed (apt-get install hledger)"
)


@pytest.fixture(scope="module")
def lived(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A ledger with money that came, moved, was paid, taken back, became an asset and earned; it is only read."""
    path = tmp_path_factory.mktemp("exported") / "ledger.db"
    for suffix in ("", ".head"):
        shutil.copy(prepared / f"built.db{suffix}", f"{path}{suffix}")
    program = Program(str(path))
    for line in MORE:
        program.ok(*line.split())
    reimbursed = next(
        row["position"]
        for row in program.json("audit", "log", "--from", "1", "--limit", "99")
        if row["topic"] == "project.reimbursed"
    )
    program.ok(*f"correct undo {reimbursed} --reason 记错 --doc 更正1号 --date 2022-12-30".split())
    return program


def said_by(command: Sequence[str | Path]) -> tuple[int, str]:
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, text=True)
    return done.returncode, done.stdout + done.stderr


def beancount(program: Program, folder: Path) -> tuple[Path, dict[str, dict[str, int]]]:
    out, expected = folder / "a.beancount", folder / "a.json"
    program.ok("export", "journal", "-o", str(out), "--expected", str(expected), "--force", *AT)
    return out, json.loads(expected.read_text("utf-8"))


def test_bean_check_accepts_the_journal_with_every_balance(lived: Program, tmp_path: Path) -> None:
    journal, expected = beancount(lived, tmp_path)

    assert said_by([BEAN_CHECK, journal]) == (0, "")
    assert journal.read_text("utf-8").count(" balance ") == sum(len(days) for days in expected.values()) > 0


def test_bean_check_finds_a_fact_that_is_one_fen_off(lived: Program, tmp_path: Path) -> None:
    for suffix in ("", ".head"):
        shutil.copy(f"{lived.url}{suffix}", f"{tmp_path / 'off.db'}{suffix}")
    with closing(sqlite3.connect(tmp_path / "off.db")) as database:
        database.execute("UPDATE fact_money SET amount_fen = amount_fen + 1 WHERE measure = 'paid'")
        database.commit()
    journal, _ = beancount(Program(str(tmp_path / "off.db")), tmp_path)

    code, said = said_by([BEAN_CHECK, journal])
    assert code == 1
    assert "Balance failed for 'Expenses:Paid:PP1:TT2'" in said


def test_the_expected_balances_are_those_of_the_reports(lived: Program, tmp_path: Path) -> None:
    _, expected = beancount(lived, tmp_path)
    must_be_the_reports(lived, expected)
    last = {account: days[max(days)] for account, days in expected.items()}
    assert last["Assets:Memo:Reimbursed:PP1:TT2"] == 0
    assert last["Assets:VillageIncome:SS1"] == 1_000_000


def must_be_the_reports(program: Program, expected: dict[str, dict[str, int]]) -> None:
    """Compare the last balance of every account with what the reports say of its money."""

    def last(account_part: str) -> dict[str, int]:
        return {name: days[max(days)] for name, days in expected.items() if account_part in name}

    tranches = {row["tranche"]: row for row in program.json("report", "balance", *AT)["rows"] if row["tranche"]}
    assert {name.rsplit(":T", 1)[1]: fen for name, fen in last("Assets:Quota:").items()} == {
        code: row["unallocated_fen"] for code, row in tranches.items()
    }
    (total,) = [
        row for row in program.json("report", "flow", *AT)["rows"] if row["row"] == "total" and not row["fund_kind"]
    ]
    for root, column in (("Allocated", "unreleased"), ("Released", "unpaid"), ("Paid", "paid")):
        assert sum(last(f":{root}:").values()) == total[f"{column}_fen"]
    assert sum(last("Assets:Fixed:").values()) == sum(
        row["value_fen"] for row in program.json("report", "assets", *AT)["rows"]
    )
    assert set(last("Assets:Transit").values()) <= {0}


@needs_hledger
def test_hledger_checks_the_journal_strictly_and_adds_up_the_same(lived: Program, tmp_path: Path) -> None:
    journal = tmp_path / "a.journal"
    lived.ok("export", "journal", "--program", "hledger", "-o", str(journal), *AT)
    _, expected = beancount(lived, tmp_path)

    assert said_by(["hledger", "-f", journal, "check", "--strict"]) == (0, "")
    assert added_up(journal, "Quota", "Paid") == {
        account: days[max(days)] for account, days in expected.items() if ":Quota:" in account or ":Paid:" in account
    }
    journal.write_text(journal.read_text("utf-8").replace("1500000.01 CNY", "1500000.02 CNY", 1), encoding="utf-8")
    assert said_by(["hledger", "-f", journal, "check", "--strict"])[0] != 0


def added_up(journal: Path, *accounts: str) -> dict[str, int]:
    """What hledger adds up, in fen by account."""
    _, said = said_by(["hledger", "-f", journal, "balance", "--flat", "-E", "-N", "-O", "csv", *accounts])
    added = {}
    for line in said.splitlines()[1:]:
        account, amount = (cell.strip('"') for cell in line.split(",", 1))
        added[account] = int(Decimal(amount.split()[0]) * 100)
    return added


@pytest.mark.parametrize("form", ["sqlite", "xlsx", "events", "oc4ids", "journal"])
def test_the_same_ledger_gives_the_same_bytes(lived: Program, tmp_path: Path, form: str) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    told = [lived.json("export", form, "-o", str(file), *AT) for file in files]

    assert files[0].read_bytes() == files[1].read_bytes()
    assert told[0]["sha256"] == told[1]["sha256"]
    assert lived.refused("export", form, "-o", str(files[0]), *AT)[1]["code"] == "export.exists"
    assert [path.name for path in tmp_path.iterdir() if path not in files] == []


def test_the_events_are_the_stored_bytes(lived: Program, tmp_path: Path) -> None:
    lived.ok("export", "events", "-o", str(tmp_path / "e.jsonl"), *AT)

    lines = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text("utf-8").splitlines()]
    with closing(sqlite3.connect(lived.url)) as database:
        stored = [state.decode() for (state,) in database.execute("SELECT state FROM event ORDER BY position")]
    assert [line["state"] for line in lines] == stored
    assert [line["position"] for line in lines] == list(range(1, len(stored) + 1))


def test_the_views_of_the_database_show_what_stands_and_cannot_be_written(lived: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    lived.ok("export", "sqlite", "-o", str(path), *AT)

    with closing(sqlite3.connect(path)) as database:
        paid = database.execute(
            'SELECT "金额(元)[amount_fen]" FROM 资金 WHERE "措施代码[measure]" = \'paid\''
        ).fetchall()
        taken_back = database.execute("SELECT count(*) FROM fact_money WHERE measure = 'reimbursed'").fetchone()
        with pytest.raises(sqlite3.OperationalError, match="cannot modify 资金"):
            database.execute("DELETE FROM 资金")
    assert (paid, taken_back) == ([("1500000.01",)], (0,))
    assert path.stat().st_mode & 0o222 == 0


def test_the_workbook_has_flat_sheets_with_exact_money_and_a_dictionary(lived: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    lived.ok("export", "xlsx", "-o", str(path), *AT)

    book = load_workbook(path)
    heads, *rows = book["资金"].iter_rows(values_only=True)
    money = [dict(zip(heads, row, strict=True)) for row in rows]
    listed = {(row[0], row[2]) for row in book["数据字典"].iter_rows(min_row=2, values_only=True) if row[0]}
    assert [row["金额(元)[amount_fen]"] for row in money if row["措施代码[measure]"] == "paid"] == [1500000.01]
    assert {sheet for sheet, _ in listed} == set(book.sheetnames) - {"数据字典"}
    assert ("资金", "amount_fen") in listed
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_dictionary_has_a_name_and_a_sentence_of_its_own_for_every_column(lived: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    lived.ok("export", "xlsx", "-o", str(path), *AT)
    book = load_workbook(path)
    rows = [row for row in book["数据字典"].iter_rows(min_row=2, values_only=True) if row[0] and row[2]]
    told = {(sheet, field): (label, says) for sheet, label, field, _, says in rows}
    for sheet in book.sheetnames[1:]:
        columns = [field for name, field in told if name == sheet]
        assert [cell.value for cell in book[sheet][1]] == [told[sheet, field][0] for field in columns]
        labels, sentences = zip(*(told[sheet, field] for field in columns), strict=True)
        assert len(set(labels)) == len(set(sentences)) == len(columns), sheet
        assert all(
            label.endswith(f"[{field}]") and "一" <= label[0] <= "鿿"
            for label, field in zip(labels, columns, strict=True)
        )
    assert told["经营合同", "base"][0] == "计算基础[base]"
    assert told["资产", "parent"][0] == "拆分自[parent]"
    assert told["资金批次", "parent"][0] == "上级批次[parent]"
    assert told["拖欠", "due_on"][0] == "应付日期[due_on]"
    assert told["权利", "due_on"][0] == "应明确期限[due_on]"
    assert told["权利", "holder_village"][0] == "权利人所在村[holder_village]"
    assert told["资产变动", "depreciation_fen"][0] == "折旧(元)[depreciation_fen]"


def test_the_dictionary_describes_no_column_that_no_view_has() -> None:
    shown = {(view.table, name) for view in VIEWS for name in columns_of(view)}
    assert {(table, name) for table, known in dictionary._OWN.items() for name in known} <= shown
    assert set(dictionary._EVERYWHERE) <= {name for _, name in shown}


def test_oc4ids_has_the_works_projects_without_any_receiver(lived: Program, tmp_path: Path) -> None:
    path = tmp_path / "o.json"
    lived.ok("export", "oc4ids", "-o", str(path), "--prefix", "oc4ids-abc123", *AT)

    (project,) = json.loads(path.read_text("utf-8"))["projects"]
    parties = {party["id"] for party in project["parties"]}
    assert (project["id"], project["status"]) == ("oc4ids-abc123-P1", "completion")
    assert project["budget"]["amount"] == {"amount": 3000000, "currency": "CNY"}
    assert [each["value"]["amount"] for each in project["transactions"]] == [1500000.01]
    assert {reference["id"] for reference in references(project)} <= parties
    assert project["locations"][0]["gazetteer"] == {"scheme": "CN-GB2260", "identifiers": ["520203"]}


def references(project: dict[str, Any]) -> list[dict[str, Any]]:
    lines = project.get("budget", {}).get("budgetBreakdowns", [])
    return [
        project["publicAuthority"],
        *(each[side] for each in project["transactions"] for side in ("payer", "payee")),
        *(line["sourceParty"] for breakdown in lines for line in breakdown["budgetBreakdown"]),
    ]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The demonstration: a whole city, a year of 300 projects from money to assets."""
    folder = tmp_path_factory.mktemp("city")
    program = Program(str(folder / "liupanshui.db"))
    program.ok("demo", "--dir", str(folder))
    return program


@pytest.mark.soak
def test_bean_check_accepts_the_journal_of_a_city_and_its_balances_are_those_of_the_reports(
    city: Program, tmp_path: Path
) -> None:
    journal, expected = beancount(city, tmp_path)
    assert said_by([BEAN_CHECK, journal]) == (0, "")
    assert len(expected) > 1_000
    must_be_the_reports(city, expected)


@pytest.mark.soak
@needs_hledger
def test_hledger_accepts_the_journal_of_a_city_and_adds_every_account_up_the_same(
    city: Program, tmp_path: Path
) -> None:
    journal = tmp_path / "a.journal"
    city.ok("export", "journal", "--program", "hledger", "-o", str(journal), *AT)
    _, expected = beancount(city, tmp_path)
    assert said_by(["hledger", "-f", journal, "check", "--strict"]) == (0, "")
    last = {account: days[max(days)] for account, days in expected.items()}
    added = added_up(journal)
    assert {account: added.get(account, 0) for account in last} == last
