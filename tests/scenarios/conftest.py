"""The words in which the real chains are told: what an office does on a day, what it may not do, what is reported.

Each scenario runs the program itself over a database of its own. Sources are the pages of ``funds.md`` section 10; what
they do not give is made up, and the scenario's docstring says what.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.cli.conftest import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AREAS = Path(__file__).with_name("areas.csv")
_COUNTED = ("arrived", "unallocated", "allocated", "released", "paid")


class Sums(NamedTuple):
    """Where a county's money stands, in fen."""

    arrived: int
    unallocated: int
    allocated: int
    released: int
    paid: int


@dataclass(frozen=True)
class County:
    """One county's ledger, and the people who work with it."""

    program: Program
    area: str
    year: int
    folder: Path

    def does(self, on: str, command: str, doc: str = "", reason: str = "") -> list[str]:
        """Enter a command on a day, by a document; return what was recorded."""
        return _topics(self.program.json(*_typed(on, command, doc, reason)))

    def refuses(self, on: str, command: str, doc: str = "", *, code: str) -> str:
        """Enter what must be refused with the code; return the message and its rule."""
        exit_code, error = self.program.refused(*_typed(on, command, doc, ""))
        assert (exit_code in {1, 3}, error["code"]) == (True, code)
        return f"{error['message']} {error.get('rule', '')}"

    def files(self, kind: str, heads: str, rows: Sequence[str]) -> list[str]:
        """Import a sheet of that kind; return what was recorded."""
        sheet = self._sheet(kind, heads, rows)
        return _topics(self.program.json("import", "apply", str(sheet), "--kind", kind))

    def may_not_file(self, kind: str, heads: str, rows: Sequence[str]) -> str:
        """Import a sheet that must be refused whole; return the code."""
        return self.program.refused("import", "apply", str(self._sheet(kind, heads, rows)), "--kind", kind)[1]["code"]

    def report(self, name: str, *options: str) -> Any:  # noqa: ANN401 - whatever the report says
        """Return the rows of a report for the county and the plan year."""
        return self.program.json("report", name, "--area", self.area, "--year", str(self.year), *options)["rows"]

    def money(self, *options: str) -> Sums:
        """Return the county's money of the plan year as the flow of funds has it."""
        (whole,) = [row for row in self.report("flow", *options) if row["row"] == "total" and not row["fund_kind"]]
        return Sums(*(whole[f"{name}_fen"] for name in _COUNTED))

    def stages(self, *options: str) -> dict[str, int]:
        """Return how many projects stand at each stage, without the empty ones."""
        rows = [row for row in self.report("pipeline", *options) if row["row"] == "total"]
        return {row["stage"]: row["projects"] for row in rows if row["projects"]}

    def cites(self, document: str) -> list[tuple[str, str, int | None]]:
        """Return every act that stands on the document: what, whose, and how much in fen."""
        cited = self.program.json("doc", "show", document)["citations"]
        return [(each["topic"], each["subject"], each["amount_fen"]) for each in cited]

    def _sheet(self, kind: str, heads: str, rows: Sequence[str]) -> Path:
        sheet = self.folder / f"{kind}.csv"
        with sheet.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heads.split(), *(row.split() for row in rows)])
        return sheet


def _typed(on: str, command: str, doc: str, reason: str) -> list[str]:
    given = {"--date": on, "--doc": doc, "--reason": reason}
    return [*command.split(), *(word for flag, value in given.items() if value for word in (flag, value))]


def _topics(recorded: Any) -> list[str]:  # noqa: ANN401 - what the program prints
    return [event["topic"] for event in recorded["events"]]


def _open(url: str, area: str, year: int, folder: Path) -> County:
    program = Program(url)
    program.ok("init", "--area", area, "--areas", str(AREAS), "--date", "2021-01-01")
    return County(program, area, year, folder)


@pytest.fixture
def county(sqlite_url: str, tmp_path: Path) -> Callable[[str, int], County]:
    """Open the ledger of a county for a plan year, on SQLite."""
    return lambda area, year: _open(sqlite_url, area, year, tmp_path)


@pytest.fixture
def county_on_each(database_url: str, tmp_path: Path) -> Callable[[str, int], County]:
    """Open the ledger of a county for a plan year, on each kind of database."""
    return lambda area, year: _open(database_url, area, year, tmp_path)


def wan(amount: int) -> int:
    """Return so many 万元 in fen."""
    return amount * 1_000_000
