"""Quantities of assets and of income: what a pack may say, and what is refused."""

from __future__ import annotations

import pytest

from ledger.errors import ValueRefusedError
from ledger.rules.model import CountQuantity, IncomeQuantity
from ledger.rules.pack import parse_pack, shipped_packs

HEAD = 'pack = "p"\nversion = "1"\ntitle = "t"\nsource = "s"\njurisdiction = "520200"\n'
RATE_SET = '[[rate_set]]\nid = "mine"\nname = "n"\ndefault = true\nsource = "s"\n'
ASSETS = 'count = "assets"\nhaving = ["identified"]'
EARNED = "flows = { income = 1, cost = -1 }"


def quantity(name: str, body: str) -> str:
    return f'[[quantity]]\nid = "{name}"\nname = "n"\nsource = "s"\n{body}\n'


def rate(unit: str, numerator: str, denominator: str) -> str:
    sides = f'numerator = "{numerator}"\ndenominator = "{denominator}"\n'
    return f'{RATE_SET}[[rate]]\nset = "mine"\nid = "r"\nname = "n"\nunit = "{unit}"\n{sides}source = "s"\n'


def refusal(text: str) -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as caught:
        parse_pack(HEAD + text)
    return caught.value


def test_the_shipped_rates_of_assets_all_say_that_they_are_assumed() -> None:
    rates = parse_pack(shipped_packs()["base"]).rates("assets")
    assert {rate.subject for rate in rates} == {"projects", "assets", "income"}
    for each in rates:
        assert each.source.startswith("assumed"), each.id
        assert each.numerator.source.startswith("assumed"), each.numerator.id
        assert each.denominator.source.startswith("assumed"), each.denominator.id


def test_every_rate_by_number_has_one_by_value_over_the_same_assets() -> None:
    rates = {rate.id: rate for rate in parse_pack(shipped_packs()["base"]).rates("assets")}
    by_number = [rate for rate in rates.values() if rate.unit == "assets"]
    assert len(by_number) == 9
    for each in by_number:
        by_value = rates[f"{each.id}_value"]
        for one, other in ((each.numerator, by_value.numerator), (each.denominator, by_value.denominator)):
            assert isinstance(one, CountQuantity)
            assert isinstance(other, CountQuantity)
            assert (one.sum, other.sum) == ("", "value")
            assert (one.having, one.assets) == (other.having, other.assets)


def test_income_may_be_set_against_the_value_of_assets() -> None:
    value = quantity("v", f'{ASSETS}\nsum = "value_months"\nclasses = ["operating"]\nstates = ["live"]')
    (read,) = parse_pack(HEAD + quantity("i", EARNED) + value + rate("fen", "i", "v")).rates()
    assert isinstance(read.numerator, IncomeQuantity)
    assert isinstance(read.denominator, CountQuantity)
    assert read.numerator.flows == (("income", 1), ("cost", -1))
    assert (read.denominator.unit, read.denominator.assets.classes) == ("fen", frozenset({"operating"}))


@pytest.mark.parametrize(
    ("body", "code", "word"),
    [
        (f'{ASSETS}\nclasses = ["private"]', "rule.unknown_word", "private"),
        (f'{ASSETS}\nconditions = ["broken"]', "rule.unknown_word", "broken"),
        (f'{ASSETS}\nstates = ["happy"]', "rule.unknown_word", "happy"),
        (f'{ASSETS}\nsum = "paid"', "rule.unknown_word", "paid"),
        (f'{ASSETS}\ntypes = ["crop_base"]', "rule.unknown_key", "types"),
        (f"{ASSETS}\nin_rates = true", "rule.unknown_key", "in_rates"),
        ('count = "projects"\nhaving = ["accepted"]\nstates = ["live"]', "rule.unknown_key", "states"),
        ('count = "projects"\nhaving = ["accepted"]\nsum = "value"', "rule.unknown_word", "value"),
        ("flows = { planned = 1 }", "rule.unknown_word", "planned"),
        (f"{EARNED}\nstates = []", "rule.unknown_key", "states"),
    ],
)
def test_words_outside_the_vocabulary_are_refused_by_name(body: str, code: str, word: str) -> None:
    error = refusal(quantity("q", body))
    assert error.code == code
    assert word in error.message


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator"),
    [("fen", "value", "income"), ("fen", "value", "paid"), ("fen", "income", "paid"), ("assets", "value", "value")],
)
def test_sides_that_cannot_be_set_against_each_other_are_refused(unit: str, numerator: str, denominator: str) -> None:
    quantities = (
        quantity("value", f'{ASSETS}\nsum = "value"')
        + quantity("income", EARNED)
        + quantity("paid", 'count = "projects"\nsum = "paid"\nhaving = ["accepted"]')
    )
    assert refusal(quantities + rate(unit, numerator, denominator)).code == "rule.bad_value"
