"""Rule packs: what ships, what is refused, and how the narrowest rule wins."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.errors import NotFoundError, ValueRefusedError
from ledger.rules.model import covers, specificity
from ledger.rules.pack import RulePack, parse_pack, shipped_packs

DAY = date(2024, 3, 4)
BASE = shipped_packs()["base"]
TRANSITION, CENTRAL = frozenset({"transition", "regular"}), frozenset({"central"})


@pytest.fixture(scope="module")
def base() -> RulePack:
    return parse_pack(BASE)


def pack_with(tables: str) -> str:
    """Return a small valid pack with these tables at its end."""
    return f'pack = "p"\nversion = "1"\ntitle = "t"\nsource = "s"\njurisdiction = "520200"\n{tables}'


def refusal(text: str) -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as caught:
        parse_pack(text)
    assert caught.value.hint
    return caught.value


class TestTheShippedPack:
    def test_the_55_percent_of_2022_hold_in_the_city_and_its_counties_only(self, base: RulePack) -> None:
        found = base.threshold("520204", TRANSITION, CENTRAL, 2022)
        assert found is not None
        assert (found.percent, found.share, found.firm) == ("55", Fraction(55, 100), True)
        assert "2022-04-08" in found.source
        assert base.threshold("520100", TRANSITION, CENTRAL, 2022) is None

    def test_the_60_percent_of_2023_are_wished_for_nationwide(self, base: RulePack) -> None:
        found = base.threshold("653000", TRANSITION, CENTRAL, 2023)
        assert found is not None
        assert (found.percent, found.firm) == ("60", False)

    def test_no_other_threshold_has_a_source_so_none_is_shipped(self, base: RulePack) -> None:
        assert len(base.thresholds) == 3
        assert base.threshold("520201", TRANSITION, frozenset({"provincial"}), 2022) is None
        assert base.threshold("520201", frozenset({"regular"}), CENTRAL, 2026) is None

    def test_the_pairs_begin_with_all_central_money(self, base: RulePack) -> None:
        assert [(pair.id, pair.default) for pair in base.share_pairs] == [
            ("N1/D1", True),
            ("N1/D2", False),
            ("N1/D3", False),
            ("N2/D1", False),
        ]

    def test_the_default_rates_say_that_they_are_assumed(self, base: RulePack) -> None:
        assert [rate.id for rate in base.rates()] == ["start", "completion", "spending", "reimbursement"]
        assert {rate.source for rate in base.rates()} == {"assumed; no Guizhou definition found"}

    def test_the_prefecture_counts_acceptance_over_completion(self, base: RulePack) -> None:
        rate = next(rate for rate in base.rates("kezhou-2021") if rate.id == "acceptance")
        assert (rate.numerator.id, rate.denominator.id) == ("projects_accepted", "projects_completed")
        assert "克州" in rate.source

    def test_deadlines_and_caps_have_units_and_sources(self, base: RulePack) -> None:
        notice = base.parameter("ownership_notice_days", "520201", DAY)
        assert (notice.value, notice.unit, notice.source) == (7, "日", "assumed")
        assert base.parameter("fee_cap_percent_central", "520201", DAY).value == 1
        assert base.parameter("fee_cap_percent_provincial", "230102", DAY).value == 3

    def test_a_parameter_that_no_source_sets_for_the_place_is_not_invented(self, base: RulePack) -> None:
        with pytest.raises(NotFoundError) as caught:
            base.parameter("fee_cap_percent_provincial", "520201", DAY)
        assert caught.value.code == "rule.no_parameter"

    @pytest.mark.parametrize(
        ("published", "code", "industry"),
        [
            ("支持产业发展", "industry_other", True),
            ("易地扶贫搬迁后续扶持项目", "relocation_service", False),
            ("支持数字乡村建设项目", "digital_village", False),
            ("支持乡村建设行动项目", "construction_other", False),
            ("支持以工代赈任务", "work_relief", False),
            ("支持欠发达国有林场提升任务", "forest_farm", False),
            ("按1%提取项目管理费", "management_fee", False),
            ("支持巩固脱贫攻坚成果项目", "consolidation_other", False),
            ("支持乡村治理项目", "rural_governance", False),
            ("“雨露计划”职业教育助学工程", "education_support", False),
            ("“雨露计划”短期技能培训", "training", False),
            ("金融扶贫户贷户用贴息", "loan_interest", True),
            ("支持脱贫户种植优质花生奖补", "grant_to_household", False),
            ("支持脱贫户自主创业", "startup_grant", False),
            ("与“龙头企业”合作发展村集体经济项目", "collective_economy", True),
            ("农村村组道路项目", "village_road", False),
            ("标准化厂房建设项目", "industry_park", True),
            ("现代牧场建设项目", "breeding_base", True),
            ("村级光伏电站", "pv_station", True),
        ],
    )
    def test_every_published_use_finds_its_type(
        self, base: RulePack, published: str, code: str, *, industry: bool
    ) -> None:
        found = base.project_type(code, DAY)
        assert found is not None, published
        assert found.industry is industry
        assert (code in base.industry_types(DAY)) is industry

    def test_only_the_management_fee_is_not_a_project(self, base: RulePack) -> None:
        assert base.uncounted_types(DAY) == {"management_fee"}

    def test_an_unknown_type_is_none_and_keeps_its_code_as_name(self, base: RulePack) -> None:
        assert base.project_type("moon_base", DAY) is None
        assert base.type_name("moon_base") == "moon_base"
        assert base.type_name("pv_station") == "光伏电站"

    def test_types_bound_to_a_direction_say_so(self, base: RulePack) -> None:
        relief, crops = base.project_type("work_relief", DAY), base.project_type("crop_base", DAY)
        assert relief is not None
        assert crops is not None
        assert (relief.directions, crops.directions) == (frozenset({"work_relief"}), frozenset())

    def test_an_unknown_set_names_the_known_ones(self, base: RulePack) -> None:
        with pytest.raises(NotFoundError) as caught:
            base.rates("six-rates")
        assert "gz-silv-default" in caught.value.hint


PARAMETER = '[[parameter]]\nname = "n"\nvalue = 1\nunit = "日"\njurisdiction = "{0}"\nsource = "s"\n{1}\n'


class TestValidity:
    def test_the_narrowest_jurisdiction_wins_and_days_are_included(self) -> None:
        text = pack_with(
            PARAMETER.format("000000", "valid_to = 2023-12-31").replace("value = 1", "value = 10")
            + PARAMETER.format("000000", "valid_from = 2024-01-01").replace("value = 1", "value = 20")
            + PARAMETER.format("520000", "valid_from = 2025-01-01").replace("value = 1", "value = 30")
        )
        pack = parse_pack(text)
        days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
        assert [pack.parameter("n", "520201", day).value for day in days] == [10, 20, 20, 30]
        assert pack.parameter("n", "110101", date(2025, 1, 1)).value == 20

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("valid_to = 2024-01-01", "valid_from = 2024-01-01"),
            ("", "valid_from = 2024-01-01"),
            ("valid_from = 2024-01-01", "valid_from = 2025-01-01"),
        ],
    )
    def test_two_values_on_one_day_are_refused(self, first: str, second: str) -> None:
        text = pack_with(PARAMETER.format("000000", first) + PARAMETER.format("000000", second))
        error = refusal(text)
        assert error.code == "rule.overlap"
        assert "“n”" in error.message

    def test_jurisdictions_nest_by_their_digits(self) -> None:
        assert [covers(code, "520201") for code in ("000000", "520000", "520200", "520201", "520100", "110000")] == [
            *(True, True, True, True),
            *(False, False),
        ]
        assert [specificity(code) for code in ("000000", "520000", "520200", "520201")] == [0, 2, 4, 6]


THRESHOLD = """[[threshold]]
id = "x"
jurisdiction = "520200"
fund_kind = "transition"
level = "central"
plan_year = 2022
percent = "55"
firm = true
source = "s"
"""
QUANTITIES = """[[quantity]]
id = "m"
name = "n"
source = "s"
terms = [{ measures = { paid = 1 } }]
[[quantity]]
id = "c"
name = "n"
source = "s"
count = "projects"
having = ["planned"]
[[rate_set]]
id = "r"
name = "n"
default = true
source = "s"
"""
RATE = """[[rate]]
set = "r"
id = "x"
name = "n"
unit = "fen"
numerator = "m"
denominator = "m"
source = "s"
"""


class TestRefusals:
    def test_the_pieces_of_these_tests_are_valid_by_themselves(self) -> None:
        pack = parse_pack(pack_with(THRESHOLD + QUANTITIES + RATE))
        assert (len(pack.thresholds), len(pack.rates())) == (1, 1)

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ('source = "s"\n', "", "rule.no_source"),
            ('id = "x"\n', "", "rule.missing"),
            ('id = "x"', 'id = " "', "rule.missing"),
            ("firm = true", 'firm = true\nfrim = "typo"', "rule.unknown_key"),
            ("firm = true", 'firm = "true"', "rule.bad_value"),
            ("plan_year = 2022", "plan_year = true", "rule.bad_value"),
            ("plan_year = 2022", 'plan_year = "2022"', "rule.bad_value"),
            ('percent = "55"', "percent = 55.0", "rule.bad_value"),
            ('percent = "55"', 'percent = "5/9"', "rule.bad_value"),
            ('level = "central"', 'level = "federal"', "rule.unknown_word"),
            ('jurisdiction = "520200"', 'jurisdiction = "六盘水"', "rule.bad_value"),
        ],
    )
    def test_a_wrong_threshold_is_refused_with_its_line(self, old: str, new: str, code: str) -> None:
        error = refusal(pack_with("\n" + THRESHOLD.replace(old, new, 1)))
        assert error.code == code
        assert "第 7 行 [[threshold]] 第 1 项" in error.message

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("measures = { paid = 1 }", "measures = { stolen = 1 }", "rule.unknown_word"),
            ("measures = { paid = 1 }", "measures = { paid = 2 }", "rule.bad_value"),
            ("measures = { paid = 1 }", "measures = {}", "rule.bad_value"),
            ("measures = { paid = 1 }", 'measures = { paid = 1 }, types = ["unlisted"]', "rule.unknown_word"),
            ("measures = { paid = 1 }", 'measures = { paid = 1 }, levels = "central"', "rule.bad_value"),
            ("terms = [{ measures = { paid = 1 } }]", "terms = []", "rule.missing"),
            ('having = ["planned"]', 'having = ["confirmed"]', "rule.unknown_word"),
            ('having = ["planned"]', "having = []", "rule.missing"),
            ('count = "projects"', 'count = "assets"\nin_rates = true', "rule.unknown_word"),
            ('id = "c"', 'id = "m"', "rule.repeated"),
            ("default = true", "default = false", "rule.no_default"),
            ('unit = "fen"', 'unit = "projects"', "rule.bad_value"),
            ('numerator = "m"', 'numerator = "c"', "rule.bad_value"),
            ('denominator = "m"', 'denominator = "z"', "rule.unknown_word"),
            ('set = "r"', 'set = "s"', "rule.unknown_word"),
            ('unit = "fen"', 'unit = "fen"\nrounding = "up"', "rule.unknown_word"),
        ],
    )
    def test_a_wrong_quantity_or_rate_is_refused(self, old: str, new: str, code: str) -> None:
        assert refusal(pack_with(QUANTITIES + RATE).replace(old, new, 1)).code == code

    def test_a_share_needs_money(self) -> None:
        pair = '[[share_pair]]\nid = "p"\nname = "n"\ndefault = true\nsource = "s"\n'
        pair += 'numerator = "m"\ndenominator = "c"\nremainder = "m"\n'
        assert refusal(pack_with(QUANTITIES + RATE + pair)).code == "rule.bad_value"

    def test_a_set_without_rates_is_refused(self) -> None:
        assert refusal(pack_with(QUANTITIES)).code == "rule.empty_set"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("这不是 TOML", "rule.not_toml"),
            ("pack = ", "rule.not_toml"),
            ("a = " + "[" * 5000, "rule.not_toml"),
            ("", "rule.missing"),
            (pack_with("surprise = 1\n"), "rule.unknown_key"),
            (pack_with('threshold = "none"\n'), "rule.bad_value"),
            (pack_with("threshold = [1]\n"), "rule.not_a_table"),
            ("#" * 1_000_001, "rule.too_long"),
        ],
    )
    def test_what_is_no_pack_is_refused(self, text: str, code: str) -> None:
        assert refusal(text).code == code

    def test_an_item_written_on_one_line_is_named_by_that_line(self) -> None:
        broken = BASE.replace('code = "pasture"', 'code = "pasture", colour = "green"')
        line = BASE[: BASE.index('code = "pasture"')].count("\n") + 1
        assert f"第 {line} 行 [[project_type]]" in refusal(broken).message

    def test_every_item_of_the_shipped_pack_needs_its_source(self) -> None:
        for position in range(BASE.count('source = "')):
            parts = BASE.split('source = "')
            broken = 'source = "'.join(parts[: position + 1]) + 'origin = "' + 'source = "'.join(parts[position + 1 :])
            assert refusal(broken).code in {"rule.no_source", "rule.missing"}
