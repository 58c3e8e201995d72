"""The card of an asset on a day in the past is the same to the byte, whatever the ledger has learned since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.test_asset_changes import WRITE_OFF

if TYPE_CHECKING:
    from tests.cli.conftest import Program

FORMATS = ("table", "json", "csv")
BY_THE_DAY = (
    "upkeep assign A1 --by 某村 --yearly 6000 --times 4 --date 2022-07-01",
    "condition assess A1 --condition 良好 --date 2022-08-01",
    "income open S1 --name 大棚收益 --asset A1 --date 2022-07-01",
    "income post S1 --period 2022H2 --amount 1.2万元 --asset A1 --date 2022-12-30",
)
LATE = (
    "condition assess A1 --condition 停用 --date 2022-09-01",
    "income post S1 --period 2022Q3 --amount 300 --asset A1 --date 2022-11-30",
    "right set A1 --right 收益权 --holder V1:村集体:1 --date 2022-12-01",
)


def cards(program: Program, known_at: str) -> dict[str, bytes]:
    asked = ("report", "card", "A1", "--as-of", "2022-12-31", "--known-at", known_at)
    return {form: program.ok("-f", form, *asked).encode() for form in FORMATS}


def test_a_card_of_2022_is_the_same_to_the_byte_when_it_is_replayed(year: Program) -> None:
    for command in BY_THE_DAY:
        year.ok(*command.split())
    known_at = str(year.position())
    before = cards(year, known_at)
    assert all(before.values())
    for command in (*LATE, *WRITE_OFF):
        year.ok(*command.split())
    assert cards(year, known_at) == before
    now = cards(year, str(year.position()))
    assert all(now[form] != before[form] for form in FORMATS)
    year.ok("db", "rebuild")
    assert cards(year, known_at) == before
