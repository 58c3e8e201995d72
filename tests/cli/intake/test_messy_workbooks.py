"""What is accepted, what is refused, and the money of it equal the truth, whatever dirt a county's workbook has."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

import pytest

from cli.intake.heads.profiles import Profile
from cli.intake.kinds import KINDS
from cli.intake.known import Comparison
from cli.intake.reading import Defaults, Reading
from cli.intake.source import Source
from ledger.events import ImportRecorded
from tests.cli.intake.messy import FAULTS, GOOD_AMOUNTS, GOOD_CODES, GOOD_DAYS, TABLE_DIRT, Messy, messy

if TYPE_CHECKING:
    from cli.intake.problems import Problem
    from ledger.domain.allocation import AllocateMoney
    from ledger.events import Event


def reading_of(made: Messy, problems: list[Problem]) -> Reading:
    profile = Profile(**cast("Any", made.flags))
    source = Source("安排.xlsx", made.content)
    return Reading(source, KINDS["allocations"], None, Defaults(), lambda found, _: problems.append(found), profile)


def read(made: Messy) -> tuple[Reading, list[Any], list[Problem]]:
    problems: list[Problem] = []
    reading = reading_of(made, problems)
    accepted = []
    for command in reading.commands():
        told = cast("AllocateMoney", command)
        accepted.append((int(reading.where.split("第 ")[1].split(" ")[0]), told.project, told.amount_fen, told.on))
    return reading, accepted, problems


def agrees(made: Messy) -> None:
    reading, accepted, problems = read(made)
    assert accepted == made.accepted
    assert [(each.row, each.column.split(" ")[0], each.code) for each in problems] == made.refused
    assert reading.amounts_fen.get("金额", 0) == made.total
    assert [(each.row, each.what) for each in reading.skipped] == made.skipped
    assert reading.open().facts.hidden_rows == frozenset(made.hidden)


def test_there_are_more_than_thirty_kinds_of_dirt() -> None:
    assert len({*TABLE_DIRT, *GOOD_AMOUNTS, *GOOD_DAYS, *GOOD_CODES, *FAULTS}) > 60


@pytest.mark.parametrize("seed", range(80))
def test_a_messy_workbook_is_read_as_its_truth_says(seed: int) -> None:
    agrees(messy(seed))


@pytest.mark.parametrize("seed", range(50))
def test_a_messy_workbook_that_comes_again_has_nothing_new(seed: int) -> None:
    made = messy(seed)
    first = compared([], made)
    noted = ImportRecorded(
        effective_on=date(2022, 1, 1), kind="allocations", file="a", file_hash="0" * 64, rows=tuple(first.new)
    )
    again = compared([noted], made)
    assert (len(first.new), len(first.same)) == (len(made.accepted), 0)
    assert (len(again.new), len(again.same), again.missing) == (0, len(made.accepted), [])


def compared(noted: list[Event], made: Messy) -> Comparison:
    """Go through the rows of the workbook as an import does."""
    comparison, reading = Comparison(noted, allow_changed=False), reading_of(made, [])
    for _ in reading.commands():
        comparison.is_new(reading.last_row)
    return comparison


@pytest.mark.parametrize("dirt", TABLE_DIRT)
def test_each_kind_of_dirt_alone_is_seen_through(dirt: str) -> None:
    agrees(messy(1000, {dirt}, ()))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_kind_of_fault_is_refused_at_its_row_and_column(fault: str) -> None:
    made = messy(2000, set(), (fault,))
    assert [code for _, _, code in made.refused] == [FAULTS[fault][1]]
    agrees(made)
