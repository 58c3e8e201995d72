"""A pack that extends a shipped one: what replaces what, what is added, and what is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.errors import ValueRefusedError
from ledger.rules import base_text, parse_pack, shipped_packs

BASE = shipped_packs()["base"]
DAY = date(2024, 3, 4)


def extending(tables: str = "", name: str = "base") -> str:
    """Return a pack of 贵州 that extends a shipped one; its first table stands on line 8."""
    head = f'pack = "p"\nversion = "1"\ntitle = "t"\nsource = "s"\njurisdiction = "520000"\nextends = "{name}"\n'
    return f"{head}\n{tables}"


def quantity(name: str, definition: str) -> str:
    return f'[[quantity]]\nid = "{name}"\nname = "n"\nsource = "s"\n{definition}\n'


def parameter(name: str, value: int, more: str = "") -> str:
    where = 'unit = "日"\njurisdiction = "000000"\nsource = "s"'
    return f'[[parameter]]\nname = "{name}"\nvalue = {value}\n{where}\n{more}\n'


def refusal(text: str, base: str = "") -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as caught:
        parse_pack(text, base)
    return caught.value


class TestExtending:
    def test_a_pack_that_says_nothing_says_what_its_base_says(self) -> None:
        base, pack = parse_pack(BASE), parse_pack(extending())
        assert (pack.pack, pack.jurisdiction, pack.extends) == ("p", "520000", "base")
        assert (pack.all_rates, pack.parameters, pack.disclosures) == (
            base.all_rates,
            base.parameters,
            base.disclosures,
        )
        assert (base_text(pack), base_text(base)) == (BASE, "")

    def test_an_item_of_the_same_identity_replaces_and_another_is_added(self) -> None:
        pack = parse_pack(extending(parameter("ownership_notice_days", 15) + parameter("n", 1)))
        assert pack.parameter("ownership_notice_days", "520201", DAY).value == 15
        assert pack.parameter("n", "520201", DAY).value == 1
        assert len(pack.parameters) == len(parse_pack(BASE).parameters) + 1

    def test_what_refers_to_a_replaced_quantity_finds_the_new_one(self) -> None:
        replaced = quantity("D2", 'terms = [{ measures = { issued = 1 }, levels = ["central"] }]')
        pair = next(pair for pair in parse_pack(extending(replaced)).share_pairs if pair.id == "N1/D3")
        assert [term.measures for term in pair.denominator.terms] == [(("issued", 1),), (("allocated", -1),)]

    def test_a_default_of_the_pack_takes_the_place_of_the_default_of_the_base(self) -> None:
        rates = (
            '[[rate_set]]\nid = "own"\nname = "n"\ndefault = true\nsource = "s"\n'
            '[[rate]]\nset = "own"\nid = "r"\nname = "n"\nunit = "fen"\nnumerator = "paid"\ndenominator = "arrived"\n'
            'source = "s"\n'
        )
        pack = parse_pack(extending(rates))
        assert [each.id for each in pack.rate_sets if each.default] == ["own"]
        assert [each.id for each in pack.rates()] == ["r"]
        assert len(pack.rates("gz-silv-default")) == 4

    def test_the_stored_base_counts_and_not_the_one_shipped_today(self) -> None:
        old = BASE.replace('name = "ownership_notice_days"\nvalue = 7', 'name = "ownership_notice_days"\nvalue = 3')
        assert parse_pack(extending(), old).parameter("ownership_notice_days", "520201", DAY).value == 3
        assert parse_pack(extending()).parameter("ownership_notice_days", "520201", DAY).value == 7

    def test_a_fault_of_the_pack_is_named_by_its_own_line(self) -> None:
        error = refusal(extending(parameter("n", 1).replace('unit = "日"\n', "")))
        assert (error.code, error.where) == ("rule.missing", "[[parameter]] 第 1 项“n”")
        assert "第 8 行" in error.message

    def test_a_replacement_that_breaks_an_item_of_the_base_names_that_item(self) -> None:
        error = refusal(extending(quantity("paid", 'count = "projects"\nhaving = ["started"]')))
        assert "所扩展的 base 的[[rate]]" in error.message

    def test_days_that_overlap_those_of_the_base_are_refused(self) -> None:
        error = refusal(extending(parameter("ownership_notice_days", 9, "valid_from = 2024-01-01")))
        assert error.code == "rule.overlap"
        assert "所扩展的 base 的[[parameter]]" in error.message

    @pytest.mark.parametrize(
        ("text", "base"),
        [
            (extending(name="no-such-pack"), ""),
            (extending(), extending()),
            (extending(), BASE.replace('pack = "base"', 'pack = "other"')),
            (extending(), BASE.replace('pack = "base"', 'pack = "base"\nextends = "base"')),
        ],
        ids=["unknown", "not that pack", "another name", "two levels"],
    )
    def test_only_one_shipped_pack_can_be_extended(self, text: str, base: str) -> None:
        assert refusal(text, base).code == "rule.unknown_base"


class TestComposedQuantities:
    def test_signs_multiply_through(self) -> None:
        pack = parse_pack(
            extending(
                quantity("x", "of = { y = -1, paid = 1 }")
                + quantity("y", "of = { reimbursed = -1, released = 1 }")
                + '[[share_pair]]\nid = "p"\nname = "n"\nsource = "s"\n'
                'numerator = "x"\ndenominator = "y"\nremainder = "y"\n'
            )
        )
        pair = next(pair for pair in pack.share_pairs if pair.id == "p")
        assert [term.measures[0] for term in pair.numerator.terms] == [("reimbursed", 1), ("released", -1), ("paid", 1)]

    def test_the_shipped_d3_is_the_main_task_less_fees(self) -> None:
        pair = next(pair for pair in parse_pack(BASE).share_pairs if pair.id == "N1/D3")
        main, fees = pair.denominator.terms
        assert dict(main.measures)["issued"] == 1
        assert fees.measures == (("allocated", -1),)
        assert fees.types == {"management_fee"}

    @pytest.mark.parametrize(
        ("definition", "code", "words"),
        [
            ("of = { x = 1 }", "rule.cycle", "x → x"),
            ("of = { nothing = 1 }", "rule.unknown_word", "“nothing”"),
            ("of = { projects_planned = 1 }", "rule.bad_value", "“projects_planned”是计数"),
            ("of = { paid = 2 }", "rule.bad_value", "1 或 -1"),
            ("of = {}", "rule.bad_value", "应为表"),
            ("of = { paid = 1 }\nterms = []", "rule.unknown_key", "terms"),
        ],
    )
    def test_a_wrong_composition_is_refused_with_its_line(self, definition: str, code: str, words: str) -> None:
        error = refusal(extending(quantity("x", definition)))
        assert error.code == code
        assert "第 8 行 [[quantity]] 第 1 项“x”" in error.message
        assert words in error.message

    def test_a_longer_circle_is_named_in_full(self) -> None:
        circle = quantity("a", "of = { b = 1 }") + quantity("b", "of = { c = 1 }") + quantity("c", "of = { a = -1 }")
        error = refusal(extending(circle))
        assert error.code == "rule.cycle"
        assert "a → b → c → a" in error.message

    def test_definitions_that_grow_without_end_are_refused(self) -> None:
        doubling = quantity("q0", "of = { paid = 1, released = 1 }") + "".join(
            quantity(f"q{n}", f"of = {{ q{n - 1} = 1, r{n - 1} = 1 }}")
            + quantity(f"r{n - 1}", f"of = {{ q{n - 1} = 1 }}")
            for n in range(1, 12)
        )
        chain = "".join(quantity(f"q{n}", f"of = {{ q{n + 1} = 1 }}") for n in range(2_000))
        for text in (doubling, chain + quantity("q2000", "of = { paid = 1 }")):
            assert refusal(extending(text)).code == "rule.too_composed"


class TestThresholds:
    THRESHOLD = """[[threshold]]
id = "x"
jurisdiction = "520000"
fund_kind = "transition"
levels = ["central", "provincial"]
plan_year = 2023
percent = "60"
firm = true
source = "s"
"""

    def test_levels_together_are_another_threshold_than_one_level_alone(self) -> None:
        pack = parse_pack(extending(self.THRESHOLD))
        kinds = frozenset({"transition"})
        both = pack.threshold("520201", kinds, frozenset({"central", "provincial"}), 2023)
        central = pack.threshold("520201", kinds, frozenset({"central"}), 2023)
        assert both is not None
        assert central is not None
        assert (both.id, both.share, central.id) == ("x", Fraction(3, 5), "nation-2023")
        assert pack.threshold("520201", kinds, frozenset({"provincial"}), 2023) is None

    def test_the_second_test_names_its_base_year(self) -> None:
        found = parse_pack(BASE).threshold("150102", frozenset({"transition"}), frozenset({"central"}), 2022)
        assert found is not None
        assert (found.percent, found.base_year) == ("55", 2021)
        assert "[S15]" in found.source

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ('levels = ["central", "provincial"]', "", "rule.missing"),
            ('levels = ["central", "provincial"]', "levels = []", "rule.missing"),
            ("firm", 'level = "central"\nfirm', "rule.missing"),
            ("firm", "not_below_year = 2023\nfirm", "rule.bad_value"),
            ("firm", "not_below_year = 23\nfirm", "rule.bad_value"),
            ("plan_year = 2023", "plan_year = 1999", "rule.bad_value"),
        ],
    )
    def test_a_wrong_threshold_is_refused(self, old: str, new: str, code: str) -> None:
        assert refusal(extending(self.THRESHOLD.replace(old, new, 1))).code == code
