"""Targets, deadlines, due days, calendars, disclosure duties and key counties: what they answer, what is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.errors import ValueRefusedError
from ledger.rules import RulePack, parse_pack, shipped_packs
from ledger.workdays import Due

BASE = shipped_packs()["base"]
DAY = date(2024, 3, 4)

TARGET = """[[target]]
id = "start"
set = "gz-silv-default"
rate = "start"
by = "04-01"
percent = "100"
years = [2023]
areas = []
jurisdiction = "520000"
source = "s"
"""
DEADLINE = """[[deadline]]
id = "confirmation"
name = "n"
start = "accepted"
end = "confirmed"
days = 20
unit = "working"
jurisdiction = "520000"
source = "s"
"""
CALENDAR = """[[calendar]]
year = 2024
off = [2024-03-05]
work = [2024-03-09]
source = "s"
"""
DUE = """[[due]]
id = "monthly"
name = "n"
dates = ["02-10", "01-10"]
jurisdiction = "520000"
source = "s"
"""
KEY_AREA = """[[key_area]]
area = "520203"
grade = "national"
source = "s"
"""
DISCLOSURE = """[[disclosure]]
id = "d"
template = "plan"
by = "county"
after = "planned"
within_days = 15
unit = "working"
channels = ["website"]
fields = ["项目名称"]
jurisdiction = "520000"
source = "s"
"""


def extending(tables: str) -> str:
    """Return a pack of 贵州 that extends the shipped one; its first table stands on line 7."""
    return f'pack = "p"\nversion = "1"\ntitle = "t"\nsource = "s"\njurisdiction = "520000"\nextends = "base"\n{tables}'


def read(*tables: str) -> RulePack:
    return parse_pack(extending("".join(tables)))


def refusal(tables: str) -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as caught:
        parse_pack(extending(tables))
    return caught.value


class TestTargets:
    def test_a_target_holds_in_its_years_and_its_jurisdiction(self) -> None:
        pack = read(TARGET)
        (target,) = pack.targets_of("gz-silv-default", "start", "520201", 2023)
        assert (target.by_day(2023), target.percent, target.share) == (date(2023, 4, 1), "100", Fraction(1))
        assert pack.targets_of("gz-silv-default", "start", "520201", 2022) == ()
        assert pack.targets_of("gz-silv-default", "start", "110101", 2023) == ()
        assert pack.targets_of("gz-silv-default", "completion", "520201", 2023) == ()
        assert pack.targets_of("kezhou-2021", "start", "520201", 2023) == ()

    def test_one_that_names_areas_wins_for_them_and_only_for_them(self) -> None:
        highland = TARGET.replace("areas = []", 'areas = ["520600"]').replace("04-01", "05-20")
        pack = read(TARGET, highland)

        def days(area: str) -> list[date]:
            return [each.by_day(2023) for each in pack.targets_of("gz-silv-default", "start", area, 2023)]

        assert days("520621") == [date(2023, 5, 20)]
        assert days("520201") == [date(2023, 4, 1)]

    def test_the_narrower_jurisdiction_wins_and_several_duties_stand_by_day(self) -> None:
        city = TARGET.replace("520000", "520200").replace("04-01", "03-15")
        half = TARGET.replace('id = "start"', 'id = "half"').replace("04-01", "02-01").replace('"100"', '"50"')
        found = read(TARGET, city, half).targets_of("gz-silv-default", "start", "520201", 2023)
        assert [(each.id, each.by, each.percent) for each in found] == [
            ("half", "02-01", "50"),
            ("start", "03-15", "100"),
        ]

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("04-01", "02-29", "rule.bad_value"),
            ("04-01", "4-1", "rule.bad_value"),
            ("04-01", "13-01", "rule.bad_value"),
            ('"100"', "100", "rule.bad_value"),
            ("[2023]", '["2023"]', "rule.bad_value"),
            ("[2023]", "[1023]", "rule.bad_value"),
            ("areas = []", 'areas = ["110101"]', "rule.bad_value"),
            ("areas = []", 'areas = ["52"]', "rule.bad_value"),
            ('rate = "start"', 'rate = "stop"', "rule.unknown_word"),
            ('set = "gz-silv-default"', 'set = "none"', "rule.unknown_word"),
            ('source = "s"', "", "rule.no_source"),
        ],
    )
    def test_a_wrong_target_is_refused_with_its_line(self, old: str, new: str, code: str) -> None:
        error = refusal(TARGET.replace(old, new, 1))
        assert error.code == code
        assert "第 7 行 [[target]] 第 1 项“start”" in error.message

    @pytest.mark.parametrize("years", ["[2023, 2024]", "[]"])
    def test_two_targets_of_one_duty_in_one_year_are_refused(self, years: str) -> None:
        error = refusal(TARGET + TARGET.replace("[2023]", years))
        assert error.code == "rule.overlap"
        assert "第 17 行 [[target]] 第 2 项" in error.message
        assert "第 7 行" in error.message.removeprefix("规则包有误:第 17 行")


class TestDeadlines:
    def test_money_is_to_be_distributed_within_30_days_unless_a_level_has_its_own(self) -> None:
        own = DEADLINE.replace('"confirmation"', '"distribution"').replace("days = 20", 'days = 10\nlevel = "central"')
        pack = read(own)
        general, central = (pack.deadline("distribution", "520201", DAY, level) for level in ("", "central"))
        assert general is not None
        assert central is not None
        assert (general.days, general.unit, general.due(DAY, pack.calendar)) == (
            30,
            "calendar",
            Due(date(2024, 4, 3), provisional=False),
        )
        assert (central.days, central.level) == (10, "central")
        assert pack.deadline("distribution", "110101", DAY, "central") == general
        assert pack.deadline("nothing", "520201", DAY) is None

    def test_working_days_follow_the_calendar_of_the_pack(self) -> None:
        for calendar, day in (("", date(2024, 3, 7)), (CALENDAR, date(2024, 3, 8))):
            pack = read(DEADLINE.replace("days = 20", "days = 3"), calendar)
            deadline = pack.deadline("confirmation", "520201", DAY)
            assert deadline is not None
            assert deadline.due(DAY, pack.calendar).day == day

    def test_a_deadline_holds_on_its_days(self) -> None:
        pack = read(f"{DEADLINE}valid_from = 2024-03-04\nvalid_to = 2024-03-05\n")
        days = [date(2024, 3, day) for day in (3, 4, 5, 6)]
        assert [pack.deadline("confirmation", "520201", day) is not None for day in days] == [False, True, True, False]

    def test_two_deadlines_on_one_day_are_refused(self) -> None:
        error = refusal(f"{DEADLINE}valid_from = 2024-01-01\n{DEADLINE}valid_to = 2024-01-01\n")
        assert error.code == "rule.overlap"
        assert "[[deadline]] 第" in error.message

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ('end = "confirmed"', 'end = "tomorrow"', "rule.unknown_word"),
            ('unit = "working"', 'unit = "lunar"', "rule.unknown_word"),
            ("days = 20", "days = 0", "rule.bad_value"),
            ("days = 20", "days = 20.5", "rule.bad_value"),
            ("days = 20", 'days = 20\nlevel = "village"', "rule.unknown_word"),
            ('source = "s"', "", "rule.no_source"),
        ],
    )
    def test_a_wrong_deadline_is_refused(self, old: str, new: str, code: str) -> None:
        assert refusal(DEADLINE.replace(old, new, 1)).code == code


class TestCalendars:
    def test_a_pack_overrides_single_days(self) -> None:
        calendar = read(CALENDAR).calendar
        assert not calendar.is_workday(date(2024, 3, 5))
        assert calendar.is_workday(date(2024, 3, 9))

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("off = [2024-03-05]", "off = [2025-03-05]", "rule.bad_value"),
            ("off = [2024-03-05]", "off = [2024-03-09]", "rule.bad_value"),
            ("off = [2024-03-05]", 'off = ["2024-03-05"]', "rule.bad_value"),
            ("off = [2024-03-05]", "off = [2024-03-05T08:00:00]", "rule.bad_value"),
            ("year = 2024", "", "rule.missing"),
            ('source = "s"', "", "rule.no_source"),
        ],
    )
    def test_a_wrong_calendar_is_refused(self, old: str, new: str, code: str) -> None:
        assert refusal(CALENDAR.replace(old, new, 1)).code == code

    def test_a_year_is_written_once(self) -> None:
        assert refusal(CALENDAR + CALENDAR).code == "rule.repeated"


class TestDueDays:
    def test_the_quarterly_report_is_due_on_the_25th(self) -> None:
        days = parse_pack(BASE).due_days("quarterly", "520201", 2022)
        assert [(day.month, day.day) for day in days] == [(3, 25), (6, 25), (9, 25), (12, 25)]
        assert parse_pack(BASE).due_days("weekly", "520201", 2022) == ()

    def test_they_stand_in_order_and_a_narrower_jurisdiction_wins(self) -> None:
        pack = read(DUE, DUE.replace("520000", "520200").replace('"01-10"', '"01-20"'))
        assert pack.due_days("monthly", "520100", 2023) == (date(2023, 1, 10), date(2023, 2, 10))
        assert pack.due_days("monthly", "520200", 2023) == (date(2023, 1, 20), date(2023, 2, 10))

    @pytest.mark.parametrize(
        ("dates", "code"),
        [("[]", "rule.missing"), ('["0110"]', "rule.bad_value"), ('"01-10"', "rule.bad_value")],
    )
    def test_wrong_days_are_refused(self, dates: str, code: str) -> None:
        assert refusal(DUE.replace('["02-10", "01-10"]', dates)).code == code


class TestPlacesAndDuties:
    def test_the_key_counties_of_the_seed(self) -> None:
        found = {each.area: each.grade for each in parse_pack(BASE).key_areas}
        assert found == {"520204": "national", "520203": "provincial"}
        assert {each.area: each.grade for each in read(KEY_AREA).key_areas}["520203"] == "national"

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [('"national"', '"world"', "rule.unknown_word"), ("520203", "六枝", "rule.bad_value")],
    )
    def test_a_wrong_key_county_is_refused(self, old: str, new: str, code: str) -> None:
        assert refusal(KEY_AREA.replace(old, new)).code == code

    def test_duties_to_publish_name_their_source(self) -> None:
        duties = {(each.id, each.jurisdiction): each for each in parse_pack(BASE).disclosures}
        county, wuchuan = duties["allocation-county", "000000"], duties["allocation-county", "440883"]
        assert (county.within_days, wuchuan.within_days, county.unit) == (20, 15, "working")
        village = duties["before-start-village", "000000"]
        assert (village.min_days, village.unit, "[S33]" in village.source) == (10, "calendar", True)
        assert duties["before-start-village", "431227"].unit == "working"

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ('template = "plan"', 'template = "secret"', "rule.unknown_word"),
            ('by = "county"', 'by = "nobody"', "rule.unknown_word"),
            ('after = "planned"', 'after = "someday"', "rule.unknown_word"),
            ('channels = ["website"]', 'channels = ["radio"]', "rule.unknown_word"),
            ("within_days = 15\n", "", "rule.missing"),
            ('fields = ["项目名称"]', 'fields = [" "]', "rule.bad_value"),
            ('source = "s"', "", "rule.no_source"),
        ],
    )
    def test_a_wrong_duty_is_refused(self, old: str, new: str, code: str) -> None:
        assert refusal(DISCLOSURE.replace(old, new, 1)).code == code


def test_rates_take_digits_and_the_only_words_of_empty_and_as_of() -> None:
    rate = (
        '[[rate]]\nset = "gz-silv-default"\nid = "x"\nname = "n"\nunit = "fen"\nnumerator = "paid"\n'
        'denominator = "arrived"\ndigits = 4\nrounding = "truncate"\nempty = "null"\nas_of = "T"\nsource = "s"\n'
    )
    found = next(each for each in read(rate).rates() if each.id == "x")
    assert (found.digits, found.rounding) == (4, "truncate")
    assert {each.digits for each in read().rates()} == {2}
    for old, new, code in (
        ("digits = 4", "digits = 7", "rule.bad_value"),
        ('empty = "null"', 'empty = "0"', "rule.unknown_word"),
        ('as_of = "T"', 'as_of = "year_end"', "rule.unknown_word"),
    ):
        assert refusal(rate.replace(old, new)).code == code


def test_counts_can_be_limited_to_types() -> None:
    counted = '[[quantity]]\nid = "q"\nname = "n"\ncount = "projects"\nhaving = ["started"]\nsource = "s"\n'
    rate = (
        '[[rate]]\nset = "gz-silv-default"\nid = "x"\nname = "n"\nunit = "projects"\nnumerator = "q"\n'
        'denominator = "q"\nsource = "s"\n'
    )
    pack = read(f'{counted}types = ["crop_base"]\nexclude_types = ["toilet"]\n{rate}')
    quantity = next(each for each in pack.rates() if each.id == "x").numerator
    assert not hasattr(quantity, "terms")
    assert (getattr(quantity, "types", None), getattr(quantity, "exclude_types", None)) == ({"crop_base"}, {"toilet"})
    assert refusal(f'{counted}types = ["castle"]\n{rate}').code == "rule.unknown_word"
