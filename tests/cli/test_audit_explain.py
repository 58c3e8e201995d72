"""Every number of every report is the sum of the events behind it, and each is named with its document."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.database import open_database
from projections.catalogue import REPORTS, report_named
from projections.catch_up import catch_up
from projections.explain import explain_all
from projections.figures import DERIVED, figures_of
from projections.scope import Question, open_scope
from tests.cli.conftest import HANDED_OVER, Program
from tests.projections.test_replayed_reports import IN_2022, LATE, entered

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2022, 12, 31)
AT = ("--year", "2022", "--as-of", "2022-12-31")


@pytest.fixture(scope="module")
def lived(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A ledger with something in every report, and with vouchers that were taken back; it is only read."""
    path = tmp_path_factory.mktemp("lived") / "ledger.db"
    for suffix in ("", ".head"):
        shutil.copy(prepared / f"built.db{suffix}", f"{path}{suffix}")
    built = Program(str(path))
    entered(built, (*HANDED_OVER, *IN_2022, *LATE))
    position = next(row["position"] for row in log(built) if row["topic"] == "project.reimbursed")
    built.ok(*f"correct undo {position} --reason 记错 --doc 更正1号 --date 2022-12-30".split())
    return built


def log(program: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = program.json("audit", "log", "--from", "1", "--limit", "1000")
    return rows


def test_every_number_of_every_report_adds_up_to_its_events(lived: Program) -> None:
    engine = open_database(lived.url)
    catch_up(engine)
    question = Question("520200", 2022, as_of=AS_OF)
    reports_with_numbers = set()
    for name in REPORTS:
        with open_scope(engine, question) as scope:
            report = report_named(name)
            explained = {each.address: each for each in explain_all(report, scope, question)}
            figures = figures_of(report(scope, question))
        assert explained.keys() == figures.keys()
        for address, each in explained.items():
            assert each.value == figures[address] == sum(addend.change for addend in each.addends), address
            assert address.column not in DERIVED
        if any(figures.values()):
            reports_with_numbers.add(name)
    engine.dispose()
    # What is published is compared with numbers of other reports, which explain them.
    assert reports_with_numbers == set(REPORTS) - {"discrepancies"}


def test_a_sum_of_money_is_explained_by_exactly_the_facts_that_a_hand_written_select_finds(lived: Program) -> None:
    told = lived.json("audit", "explain", "balance", "paid", "--tranche", "T2", *AT)

    with closing(sqlite3.connect(lived.url)) as database:
        by_hand = database.execute(
            "SELECT position, sum(amount_fen) FROM fact_money WHERE tranche = 'T2' AND measure = 'paid'"
            " AND effective_on <= '2022-12-31' GROUP BY position ORDER BY position"
        ).fetchall()
    assert told["way"] == "facts"
    assert [(each["position"], each["change"]) for each in told["entries"]] == by_hand
    assert told["value"] == told["sum"] == sum(fen for _, fen in by_hand) > 0


def test_a_reversed_entry_is_named_with_what_took_it_back(lived: Program) -> None:
    told = lived.json("audit", "explain", "balance", "reimbursed_fen", "--tranche", "T2", *AT)

    assert [each["topic"] for each in told["entries"]] == ["project.reimbursed", "event.reversed"]
    assert [each["change"] for each in told["entries"]] == [100_000_000, -100_000_000]
    assert (told["value"], told["sum"]) == (0, 0)


def test_the_share_is_explained_with_its_rule_its_sources_and_its_documents(lived: Program) -> None:
    told = lived.json("audit", "explain", "share", "--area", "520203", *AT, "--pair", "N1D1", "numerator")
    reported = lived.json("report", "share", "--area", "520203", *AT)["rows"]

    assert told["value"] == next(row["numerator_fen"] for row in reported if row["pair"] == "N1/D1")
    assert told["rule"]["id"] == "base"
    assert told["definition"]["numerator"]["source"]
    assert {each["topic"] for each in told["entries"]} == {"tranche.allocated"}
    assert told["entries"][0]["document"] == ""  # the allocation named none: the line says so, nothing is made up


def test_a_count_is_explained_by_the_events_that_moved_it(lived: Program) -> None:
    told = lived.json("audit", "explain", "rates", "--area", "520203", *AT, "--rate", "start", "numerator")

    assert told["way"] == "steps"
    assert [(each["topic"], each["stream"], each["change"]) for each in told["entries"]] == [
        ("project.started", "project:P1", 1),
        ("project.started", "project:P2", 1),
    ]


def test_a_percentage_is_refused_with_the_two_integers_it_is_made_of(lived: Program) -> None:
    code, error = lived.refused("audit", "explain", "share", "percent", "--area", "520203", *AT, "--pair", "N1/D1")

    assert (code, error["code"]) == (1, "explain.derived")
    assert "numerator_fen、denominator_fen" in error["hint"]


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (("nothing", "fen"), 3, "report.unknown"),
        (("share", "nothing", "--pair", "N1/D1"), 1, "explain.no_column"),
        (("share", "numerator", "--pair", "N9/D9"), 3, "explain.no_row"),
        (("share", "numerator"), 1, "explain.several_rows"),
        (("share", "numerator", "--key", "pair"), 1, "explain.key"),
    ],
)
def test_an_address_that_names_no_number_is_refused_with_what_would(
    lived: Program, words: tuple[str, ...], code: int, kind: str
) -> None:
    exit_code, error = lived.refused("audit", "explain", *words, *AT)
    assert (exit_code, error["code"]) == (code, kind)
    assert error["hint"]


def test_a_whole_report_is_checked_when_no_column_is_named(lived: Program) -> None:
    told = lived.json("audit", "explain", "flow", *AT)

    assert told["figures"] == sum(each["figures"] for each in told["columns"])
    assert all(each["facts"] + each["steps"] == each["figures"] for each in told["columns"])


@pytest.mark.soak
def test_every_number_of_the_demonstration_county_adds_up(tmp_path: Path) -> None:
    program = Program(str(tmp_path / "liupanshui.db"))
    program.ok("demo", "--dir", str(tmp_path), "--projects", "20")
    reports = [
        *((name,) for name in REPORTS),
        *(("rates", "--set", each) for each in ("lifecycle", "relocation", "all")),
        *(("quarterly", "--quarter", str(quarter)) for quarter in range(1, 5)),
    ]
    # Without a column every number is added up from its events; one that does not come out is an error.
    told = [program.json("audit", "explain", *words, "--year", "2022", "--as-of", "2023-03-31") for words in reports]
    assert sum(each["figures"] for each in told) > 1_000
    assert all(each["facts"] + each["steps"] == each["figures"] for one in told for each in one["columns"])
