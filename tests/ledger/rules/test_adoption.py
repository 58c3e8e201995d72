"""Which adopted packs are in force: rules one at a time, targets side by side; and the packs in examples/."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ledger.errors import NotFoundError, ValueRefusedError
from ledger.rules import Adoption, in_force, parse_pack, replaced_by, shipped_packs, targets_in_force

EXAMPLES = Path(__file__).parents[3] / "examples" / "packs"
BASE = shipped_packs()["base"]
DAY = date(2022, 4, 8)


def targets(pack: str = "t", target: str = "60", jurisdiction: str = "520200", indicator: str = "i") -> str:
    return f"""pack = "{pack}"
version = "1"
title = "t"
purpose = "targets"
source = "s"
jurisdiction = "{jurisdiction}"
[[indicator]]
id = "{indicator}"
name = "n"
unit = "%"
direction = "at_least"
target = "{target}"
by = 2022-12-31
jurisdiction = "{jurisdiction}"
clause = "c"
source = "s"
"""


def adopted(*texts: str, on: date = DAY) -> list[Adoption]:
    return [Adoption(parse_pack(text), on, position) for position, text in enumerate(texts, start=1)]


class TestTargetsInForce:
    def test_targets_do_not_take_the_place_of_rules(self) -> None:
        adoptions = adopted(BASE, targets(jurisdiction="520203"))
        assert in_force(adoptions, "520203", DAY).pack == "base"
        with pytest.raises(NotFoundError):
            in_force(adoptions[1:], "520203", DAY)

    def test_packs_of_targets_stand_side_by_side(self) -> None:
        adoptions = adopted(targets("a", indicator="x"), targets("b", indicator="y"), BASE)
        assert set(targets_in_force(adoptions, "520203", DAY)) == {"x", "y"}
        assert set(targets_in_force(adoptions, "520100", DAY)) == set()
        assert set(targets_in_force(adoptions, "520203", date(2022, 4, 7))) == set()

    def test_the_latest_of_one_name_counts_and_what_it_left_out_is_gone(self) -> None:
        found = targets_in_force(adopted(targets(indicator="x"), targets(indicator="y")), "520203", DAY)
        assert set(found) == {"y"}

    def test_the_narrower_jurisdiction_wins_for_one_indicator(self) -> None:
        adoptions = adopted(targets("county", "70", "520203"), targets("city", "60"))
        assert targets_in_force(adoptions, "520203", DAY)["i"].target == 70
        assert targets_in_force(adoptions, "520204", DAY)["i"].target == 60

    def test_a_pack_replaces_what_was_in_force_there(self) -> None:
        base, first, second, county = adopted(BASE, targets(), targets(), BASE.replace('"000000"', '"520203"', 1))
        assert replaced_by(base, []) is None
        assert replaced_by(first, [base]) is None
        assert replaced_by(second, [base, first]) == first.pack
        assert replaced_by(county, [base, first, second]) == base.pack

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ('target = "60"', "target = 60", "rule.bad_value"),
            ('target = "60"', 'target = "-1"', "rule.bad_value"),
            ('"at_least"', '"about"', "rule.unknown_word"),
            ("by = 2022-12-31\n", "", "rule.missing"),
            ("by = 2022-12-31", 'by = "2022-12-31"', "rule.bad_value"),
            ('clause = "c"\n', "", "rule.missing"),
            ('purpose = "targets"', 'purpose = "wishes"', "rule.unknown_word"),
            ('purpose = "targets"', 'purpose = "rules"', "rule.other_purpose"),
            ('purpose = "targets"', 'purpose = "targets"\nextends = "base"', "rule.other_purpose"),
            ("[[indicator]]", "[[wish]]", "rule.missing"),
            ("[[indicator]]", '[[key_area]]\narea = "520203"\n[[indicator]]', "rule.other_purpose"),
        ],
    )
    def test_a_wrong_pack_of_targets_is_refused(self, old: str, new: str, code: str) -> None:
        with pytest.raises(ValueRefusedError) as caught:
            parse_pack(targets().replace(old, new, 1))
        assert caught.value.code == code


class TestExamples:
    def test_tibet_2023_moves_its_dates_for_high_places(self) -> None:
        pack = parse_pack((EXAMPLES / "xizang-2023.toml").read_text("utf-8"))

        def start(area: str) -> list[date]:
            return [target.by_day(2023) for target in pack.targets_of("xizang-2023", "start", area, 2023)]

        assert start("540102") == [date(2023, 4, 1)]
        assert start("540602") == [date(2023, 5, 20)]
        (quarter,) = pack.targets_of("xizang-2023", "spending", "540102", 2023)
        assert (quarter.share, quarter.by_day(2023)) == (Fraction(3, 10), date(2023, 3, 31))
        both = frozenset({"central", "provincial"})
        threshold = pack.threshold("540102", frozenset({"transition"}), both, 2023)
        assert threshold is not None
        assert (threshold.percent, threshold.firm) == ("60", True)

    def test_luanchuan_pays_by_its_own_caps(self) -> None:
        pack = parse_pack((EXAMPLES / "luanchuan.toml").read_text("utf-8"))
        caps = ("payment_progress_margin_points", "payment_before_settlement_percent", "retention_percent")
        assert [pack.parameter(name, "410324", DAY).value for name in caps] == [10, 80, 3]
        assert [parse_pack(BASE).find(name, "410324", DAY) for name in caps] == [None, None, None]

    def test_xuanhan_2022_dates_each_step(self) -> None:
        pack = parse_pack((EXAMPLES / "xuanhan-2022.toml").read_text("utf-8"))
        days = [pack.targets_of("xuanhan-2022", rate.id, "511722", 2022)[0].by for rate in pack.rates()]
        assert days == ["07-31", "08-31", "11-30"]

    def test_the_opinion_of_2022_with_all_its_numbers(self) -> None:
        found = targets_in_force(adopted((EXAMPLES / "liupanshui-2022-targets.toml").read_text("utf-8")), "520204", DAY)
        asked = {each.id: (each.target_text, each.unit) for each in found.values()}
        assert asked["household_toilets"] == ("27000", "户")
        assert asked["sewage_treated"] == ("16", "%")
        assert asked["central_water_supply"] == ("98.3", "%")
        assert asked["tap_water"] == ("92.4", "%")
        assert asked["pilot_villages_progress"] == ("60", "%")
        assert asked["zhongshan_private_firms"] == ("3", "家")
        assert len(asked) == 23
        assert found["central_water_supply"].target == Fraction(983, 10)

    @pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
    def test_every_item_of_an_example_names_the_seed_a_source_or_says_assumed(self, path: Path) -> None:
        pack = parse_pack(path.read_text("utf-8"))
        assert pack.pack == path.stem
        sources = [line for line in path.read_text("utf-8").splitlines() if line.startswith("source = ")]
        assert [line for line in sources if "[S" not in line and "assumed" not in line] == []
