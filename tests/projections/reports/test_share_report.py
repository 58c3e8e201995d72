"""The industry share, from events to percentages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import NotFoundError, ValueRefusedError
from ledger.rules.pack import shipped_packs
from projections.reports.share import ShareRow, share
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

WAN = 1_000_000
EXAMPLES = Path(__file__).parents[3] / "examples" / "packs"


def total(history: History, pair: str = "N1/D1", **question: object) -> ShareRow:
    asked: dict[str, Any] = {"area": "520201", "year": 2024, "as_of": date(2024, 12, 31), **question}
    answer = share(history.engine, Question(**asked))
    return next(row for row in answer.rows if row.pair == pair and row.place.row == "total")


def test_dachuan_2024_gives_three_shares_by_three_denominators(history: History) -> None:
    history.adopt()
    history.issue("MAIN", 4630 * WAN)
    history.issue("RELIEF", 385 * WAN, direction="work_relief")
    history.issue("FOREST", 258 * WAN, direction="forest_farm")
    for tranche, kind, fen in (
        ("MAIN", "industry_other", 2993_700_000),
        ("MAIN", "relocation_service", 1050 * WAN),
        ("MAIN", "digital_village", 60 * WAN),
        ("MAIN", "construction_other", 480 * WAN),
        ("RELIEF", "work_relief", 385 * WAN),
        ("FOREST", "forest_farm", 258 * WAN),
        ("MAIN", "management_fee", 46_300_000),
    ):
        history.project(kind, project_type=kind)
        history.allocate(tranche, kind, fen)

    assert total(history, "N1/D1").percent == "56.77"
    assert total(history, "N1/D2").percent == "64.66"
    assert total(history, "N1/D3").percent == "65.31"
    assert total(history, "N1/D1").denominator_fen == 5273 * WAN
    assert [total(history, pair).unallocated_fen for pair in ("N1/D1", "N1/D2", "N1/D3")] == [0, 0, 0]
    assert total(history, "N2/D1").percent == "0.00"


def test_provincial_money_is_in_neither_side(history: History) -> None:
    history.adopt()
    history.issue("C", 100)
    history.issue("P", 900, level="provincial")
    history.project("A")
    history.allocate("C", "A", 40)
    history.allocate("P", "A", 900)

    assert (total(history).numerator_fen, total(history).denominator_fen) == (40, 100)


def test_a_project_may_override_whether_it_counts_as_industry(history: History) -> None:
    history.adopt()
    history.issue("T", 100)
    history.project("ROAD", project_type="village_road", industry=True)
    history.project("FARM", industry=False)
    history.allocate("T", "ROAD", 30)
    history.allocate("T", "FARM", 20)

    assert total(history).numerator_fen == 30


@pytest.mark.parametrize(
    ("allocated", "met", "short"), [(549_999_999, False, 1), (550_000_000, True, 0), (550_000_001, True, 0)]
)
def test_a_share_one_fen_short_is_not_met_though_it_shows_55_percent(
    history: History, allocated: int, *, met: bool, short: int
) -> None:
    history.adopt()
    history.issue("T", 1_000_000_000, plan_year=2022)
    history.project("A", project_year=2022)
    history.allocate("T", "A", allocated)

    row = total(history, year=2022)
    assert (row.percent, row.threshold_percent, row.met, row.short_fen) == ("55.00", "55", met, short)
    assert row.unallocated_fen == 1_000_000_000 - allocated


def test_a_wished_for_threshold_says_that_it_is_not_firm(history: History) -> None:
    history.adopt()
    history.issue("T", 100, plan_year=2023)

    row = total(history, year=2023)
    assert (row.threshold_percent, row.threshold_firm, row.met, row.short_fen) == ("60", False, False, 60)


def test_no_money_gives_no_percentage_and_no_verdict(history: History) -> None:
    history.adopt()

    row = total(history, year=2022)
    assert (row.numerator_fen, row.denominator_fen, row.percent, row.met, row.short_fen) == (0, 0, None, None, None)


def test_without_a_rule_pack_the_answer_names_the_command_to_run(history: History) -> None:
    history.adopt(on=date(2025, 1, 1))

    with pytest.raises(NotFoundError) as caught:
        total(history)
    assert caught.value.code == "rule.none_in_force"
    assert "xianjie rule adopt base" in caught.value.hint


def test_a_pack_of_the_city_goes_before_that_of_the_nation(history: History) -> None:
    history.adopt()
    text = shipped_packs()["base"].replace('jurisdiction = "000000"', 'jurisdiction = "520200"', 1)
    history.adopt(text.replace('percent = "55"', 'percent = "50"').replace('pack = "base"', 'pack = "city"'))
    history.issue("T", 100, plan_year=2022)

    answer = share(history.engine, Question("520201", 2022))
    assert answer.as_json()["rule"] == {"id": "city", "version": "2026.1", "source": "各条分别注明出处"}
    assert answer.rows[0].threshold_percent == "50"


def city(history: History) -> None:
    history.adopt()
    history.issue("CITY", 1000, area="520200")
    history.distribute("CITY", "A", 300, "520201")
    history.distribute("CITY", "B", 500, "520204")
    history.project("PA", town="520201001", project_type="crop_base")
    history.project("PB", area="520204", project_type="village_road")
    history.allocate("A", "PA", 200)
    history.allocate("B", "PB", 100)
    history.recover("B", 50)


def test_the_city_is_the_sum_of_numerators_over_the_sum_of_denominators(history: History) -> None:
    city(history)

    answer = share(history.engine, Question("520200", 2024, as_of=date(2024, 12, 31)))
    rows = [row for row in answer.rows if row.pair == "N1/D1"]
    assert [(row.place.area, row.place.area_name, row.numerator_fen, row.denominator_fen) for row in rows] == [
        ("520200", "六盘水市本级", 0, 200),
        ("520201", "钟山区", 200, 300),
        ("520204", "水城区", 0, 450),
        ("520200", "六盘水市", 200, 950),
    ]
    assert [row.place.row for row in rows] == ["part", "part", "part", "total"]
    assert [row.unallocated_fen for row in rows] == [200, 100, 350, 650]


def test_parts_by_town_and_type_are_measured_against_the_whole_area(history: History) -> None:
    city(history)

    by_town = share(history.engine, Question("520201", 2024, by="town", as_of=date(2024, 12, 31))).rows
    town = next(row for row in by_town if row.place.town == "520201001" and row.default)
    assert (town.numerator_fen, town.denominator_fen, town.denominator_of, town.met) == (200, 300, "total", None)

    by_type = share(history.engine, Question("520200", 2024, by="type", as_of=date(2024, 12, 31))).rows
    crop = next(row for row in by_type if row.place.type == "crop_base" and row.default)
    assert (crop.place.type_name, crop.numerator_fen, crop.denominator_fen) == ("种植业基地", 200, 950)


def test_a_county_finds_the_entries_under_its_old_code(history: History) -> None:
    history.adopt(on=date(2019, 1, 1))
    history.issue("OLD", 70, area="520221", plan_year=2019, on=date(2019, 5, 1))

    assert total(history, area="520204", year=2019).denominator_fen == 70
    assert [row.place.area for row in share(history.engine, Question("520200", 2019)).rows if row.default] == [
        "520204",
        "520200",
    ]
    assert total(history, area="520221", year=2019).denominator_fen == 70


def test_as_of_an_earlier_day_only_what_had_happened_counts(history: History) -> None:
    history.adopt()
    history.issue("T", 100, on=date(2024, 3, 1))
    history.project("A")
    history.allocate("T", "A", 60, on=date(2024, 6, 1))

    assert total(history, as_of=date(2024, 5, 31)).numerator_fen == 0
    assert total(history, as_of=date(2024, 6, 1)).numerator_fen == 60


def test_a_reversed_allocation_is_gone_now_and_still_there_as_known_then(history: History) -> None:
    history.adopt()
    history.issue("T", 100)
    history.project("A")
    legs = history.allocate("T", "A", 60)
    then = share(history.engine, Question("520201", 2024, as_of=date(2024, 12, 31))).as_json()
    history.reverse(legs)
    corrected = history.reverse(legs - 1)

    assert total(history).numerator_fen == 0
    again = share(history.engine, Question("520201", 2024, as_of=date(2024, 12, 31), known_at=legs)).as_json()
    assert again == then
    assert total(history, known_at=corrected).numerator_fen == 0


def test_a_moment_stands_for_the_last_position_recorded_by_then(history: History) -> None:
    from ledger.dates import parse_moment  # noqa: PLC0415 - only this test asks by moment

    position = history.adopt()

    early = share(history.engine, Question("520201", 2024, known_at=parse_moment("2100-01-01")))
    assert early.scope.position == position
    with pytest.raises(NotFoundError):
        share(history.engine, Question("520201", 2024, known_at=parse_moment("2020-01-01")))


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (Question("999999", 2024), "area.unknown"),
        (Question("520201", 2024, known_at=99), "report.position_unknown"),
        (Question("520201", 2024, known_at=-1), "report.position_unknown"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(sqlite_history: History, question: Question, code: str) -> None:
    sqlite_history.adopt()

    with pytest.raises(ValueRefusedError) as caught:
        share(sqlite_history.engine, question)
    assert caught.value.code == code


def test_both_databases_answer_alike(both_histories: tuple[History, History]) -> None:
    answers = []
    for history in both_histories:
        city(history)
        history.spend(e.MoneyPaid, "A", "PA", 33)
        answer = share(history.engine, Question("520200", 2024, by="type", as_of=date(2024, 12, 31))).as_json()
        answers.append({key: value for key, value in answer.items() if key != "root"})
    assert answers[0] == answers[1]


BASE_YEAR = 'percent = "55"\n', 'percent = "55"\nnot_below_year = 2021\n'


def county_of_two_years(history: History, earlier: tuple[int, int], now: tuple[int, int]) -> ShareRow:
    """Allocate (industry, issued) in 2021 and 2022 under a rule that asks for no less than in 2021."""
    history.adopt(shipped_packs()["base"].replace(*BASE_YEAR, 1))
    for year, (industry, issued) in ((2021, earlier), (2022, now)):
        if issued:
            history.issue(f"T{year}", issued, plan_year=year, on=date(year, 3, 1))
            history.project(f"P{year}", project_year=year, on=date(year, 3, 1))
            history.allocate(f"T{year}", f"P{year}", industry, on=date(year, 4, 1))
    return total(history, year=2022, as_of=date(2022, 12, 31))


@pytest.mark.parametrize(("now", "base_met"), [((7_000, 10_000), True), ((6_999, 10_000), False)])
def test_the_second_test_compares_with_the_base_year_to_the_fen(
    history: History, now: tuple[int, int], *, base_met: bool
) -> None:
    row = county_of_two_years(history, (70, 100), now)

    assert (row.base_year, row.base_numerator_fen, row.base_denominator_fen) == (2021, 70, 100)
    assert (row.base_percent, row.base_met, row.met, row.short_fen) == ("70.00", base_met, True, 0)


def test_a_base_year_without_money_gives_no_verdict(sqlite_history: History) -> None:
    row = county_of_two_years(sqlite_history, (0, 0), (60, 100))

    assert (row.base_year, row.base_numerator_fen, row.base_denominator_fen) == (2021, 0, 0)
    assert (row.base_percent, row.base_met, row.met) == (None, None, True)


def test_the_base_year_ends_with_its_december(sqlite_history: History) -> None:
    county_of_two_years(sqlite_history, (70, 100), (60, 100))
    sqlite_history.allocate("T2021", "P2021", 30, on=date(2022, 1, 5))

    assert total(sqlite_history, year=2022, as_of=date(2022, 12, 31)).base_percent == "70.00"


def test_a_rule_for_two_levels_of_money_judges_the_pair_of_both(sqlite_history: History) -> None:
    text = (EXAMPLES / "xizang-2023.toml").read_text(encoding="utf-8").replace('"54', '"52')
    sqlite_history.adopt(text)
    sqlite_history.issue("C", 100, plan_year=2023, on=date(2023, 1, 5))
    sqlite_history.issue("R", 100, plan_year=2023, on=date(2023, 1, 5), level="provincial")
    sqlite_history.project("A", project_year=2023, on=date(2023, 1, 5))
    sqlite_history.allocate("R", "A", 100, on=date(2023, 2, 1))
    sqlite_history.allocate("C", "A", 19, on=date(2023, 2, 1))

    both = total(sqlite_history, "N1/D1-region", year=2023)
    assert both.default
    assert (both.numerator_fen, both.denominator_fen, both.threshold_percent, both.threshold_firm) == (
        119,
        200,
        "60",
        True,
    )
    assert (both.met, both.short_fen) == (False, 1)
    central = total(sqlite_history, "N1/D1", year=2023)
    assert (central.numerator_fen, central.denominator_fen, central.threshold_firm) == (19, 100, False)


def test_what_is_missing_could_come_from_industry_projects_with_room(history: History) -> None:
    history.adopt()
    early = date(2022, 2, 1)
    history.issue("T", 1_000, plan_year=2022, on=early)
    for name, planned in (("FULL", 50), ("PLANNED", 300), ("OTHER", 900), ("DONE", 900), ("GONE", 900), ("PAUSED", 9)):
        kind = "village_road" if name == "OTHER" else "crop_base"
        history.project(name, planned_fen=planned, project_year=2022, project_type=kind, on=early)
    history.project("ESTIMATED", record={"estimate_fen": 40}, project_year=2022, on=early)
    history.project("NEXT", planned_fen=500, project_year=2023, on=early)
    history.allocate("T", "FULL", 50, on=early)
    history.allocate("T", "PLANNED", 100, on=early)
    history.reach(e.ProjectCompleted, "DONE", on=early)
    history.reach(e.ProjectCancelled, "GONE", on=early)
    history.reach(e.ProjectSuspended, "PAUSED", on=early)

    row = total(history, year=2022)
    assert (row.short_fen, row.adjustable_projects, row.adjustable_fen) == (400, 2, 240)
    history.reach(e.ProjectResumed, "PAUSED", on=early)
    assert total(history, year=2022).adjustable_fen == 249
    assert total(history, year=2022, as_of=date(2022, 1, 31)).adjustable_projects is None


def test_rooms_are_counted_in_their_own_county_and_only_where_money_is_missing(sqlite_history: History) -> None:
    history = sqlite_history
    history.adopt()
    for area, planned in (("520201", 100), ("520204", 300)):
        history.issue(area, 100, area=area, plan_year=2022)
        history.project(f"P{area}", planned_fen=planned, area=area, project_year=2022)
    history.allocate("520201", "P520201", 60)

    answer = share(history.engine, Question("520200", 2022, as_of=date(2024, 12, 31)))
    rows = [(row.place.area, row.adjustable_projects, row.adjustable_fen) for row in answer.rows if row.default]
    assert rows == [("520201", None, None), ("520204", 1, 300), ("520200", 2, 340)]
