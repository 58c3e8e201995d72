"""What is accepted, what is refused, and the money of it equal the truth, whatever dirt a county's workbook has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from cli.intake.heads.profiles import Profile
from cli.intake.kinds import KINDS
from cli.intake.reading import Defaults, Reading
from cli.intake.source import Source
from tests.cli.intake.messy import FAULTS, GOOD_AMOUNTS, GOOD_CODES, GOOD_DAYS, TABLE_DIRT, Messy, messy

if TYPE_CHECKING:
    from cli.intake.problems import Problem
    from ledger.domain.allocation import AllocateMoney


def read(made: Messy) -> tuple[Reading, list[Any], list[Problem]]:
    problems: list[Problem] = []
    profile = Profile(**cast("Any", made.flags))
    source = Source("安排.xlsx", made.content)
    reading = Reading(
        source, KINDS["allocations"], None, Defaults(), lambda problem, _: problems.append(problem), profile
    )
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


@pytest.mark.parametrize("dirt", TABLE_DIRT)
def test_each_kind_of_dirt_alone_is_seen_through(dirt: str) -> None:
    agrees(messy(1000, {dirt}, ()))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_kind_of_fault_is_refused_at_its_row_and_column(fault: str) -> None:
    made = messy(2000, set(), (fault,))
    assert [code for _, _, code in made.refused] == [FAULTS[fault][1]]
    agrees(made)
