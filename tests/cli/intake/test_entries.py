"""Rows are made entries ahead of being asked for; whoever asks cannot tell."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.intake.kinds import KINDS
from cli.intake.known import content_of
from cli.intake.reading import Defaults, Reading
from cli.intake.source import Source
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from cli.intake.problems import Problem

HEADS = "资产编号,日期,资产名称,地区代码,形成年度,资产类别,原值(元),来由"
VALUES = st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-(10**15), 10**15) | st.booleans() | st.dates()


def sheet(*values: str) -> Source:
    lines = [f"Z{number},2021-06-01,大棚,520203,2013,经营性,{value},清查" for number, value in enumerate(values, 1)]
    return Source("台账.csv", "\n".join([HEADS, *lines, ""]).encode())


def reading(source: Source, met: list[str]) -> Reading:
    def on_problem(problem: Problem, error: LedgerError) -> None:
        met.append(problem.where)
        raise error

    return Reading(source, KINDS["stocktake"], None, Defaults(), on_problem)


def test_where_is_the_row_of_the_command_that_was_given_out_and_amounts_are_of_those_alone() -> None:
    each = reading(sheet("1", "2", "3"), [])
    commands = each.commands()
    next(commands)
    next(commands)
    assert (each.where, each.last_row.number, each.amounts_fen) == ("台账.csv,第 3 行", 3, {"金额": 300})
    each.take_back()
    assert each.amounts_fen == {"金额": 100}


@pytest.mark.parametrize("before", [0, 3, 249, 250, 251, 600])
def test_what_is_wrong_with_a_row_comes_in_its_turn_however_far_ahead_it_is_known(before: int) -> None:
    met: list[str] = []
    commands = reading(sheet(*["1"] * before, "一百", "1"), met).commands()
    waiting = min(before, 1)  # the row just above: the next might have belonged to it
    given = [next(commands) for _ in range(before - waiting)]
    assert (len(given), met) == (before - waiting, [])
    with pytest.raises(LedgerError):
        next(commands)
    assert met == [f"台账.csv,第 {before + 2} 行,G 列“原值(元)”"]


@pytest.mark.parametrize("before", [0, 249, 250, 251])
def test_what_the_whole_file_lacks_is_said_in_its_turn(before: int) -> None:
    lines = ["Z1,2021-06-01,大棚,520203,2013,经营性,1元,清查"] * before
    lines.append("Z2,2021-06-01,大棚,520203,2013,经营性,1,清查")
    content = "\n".join([HEADS.replace("(元)", ""), *lines, ""]).encode()
    commands = reading(Source("台账.csv", content), []).commands()
    waiting = min(before, 1)
    assert len([next(commands) for _ in range(before - waiting)]) == before - waiting
    with pytest.raises(LedgerError) as refused:
        next(commands)
    assert refused.value.code == "import.no_unit"


@settings(deadline=None)
@given(st.dictionaries(st.text("abcdef_", min_size=1, max_size=8), VALUES, max_size=8))
def test_the_hash_of_a_row_is_that_of_its_sorted_json(values: dict[str, Any]) -> None:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    assert content_of(values) == sha256(text.encode()).hexdigest()[:32]


def test_the_hash_of_a_row_never_changes() -> None:
    said = {"asset": "Z1", "on": date(2021, 6, 1), "value_fen": 100, "name": "大棚\t“1”\x7f", "provisional": True}
    assert content_of(said) == "bca1a75bb2a3c2a1a327d67048e0c535"
