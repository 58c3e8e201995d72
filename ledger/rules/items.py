"""Reading the items of a pack that concern money and projects: one function per kind, one value from one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast

from ledger.codes import AssetClass, AssetCondition, AssetForm, FundKind, FundLevel, TaskDirection
from ledger.rules.compose import Composed
from ledger.rules.model import Forbidden, Parameter, ProjectType, Rate, RateSet, SharePair, Threshold
from ledger.rules.quantities import (
    FLOWS,
    MEASURES,
    MILESTONES,
    STATES,
    SUMS,
    AssetTest,
    CountQuantity,
    IncomeQuantity,
    MoneyQuantity,
    MoneyTerm,
    Quantity,
)
from ledger.rules.table import Table

__all__ = [
    "read_forbidden",
    "read_parameter",
    "read_project_type",
    "read_quantity",
    "read_rate",
    "read_rate_set",
    "read_share_pair",
    "read_threshold",
]

_UNITS = ("projects", "assets", "fen")
_ROUNDINGS = ("half_up", "truncate")
_MOST_DIGITS = 6


def read_quantity(table: Table, types: frozenset[str]) -> Quantity | Composed:
    """Read a quantity: a count, income, a sum of terms, or a sum of other quantities."""
    name = {"id": table.text("id"), "name": table.text("name"), "source": table.text("source")}
    if table.has("of"):
        return Composed(**name, parts=table.signs("of"), table=table)
    if table.has("count"):
        return _count(table, name, types)
    if table.has("flows"):
        return IncomeQuantity(**name, flows=table.signs("flows", FLOWS))
    terms = tuple(_term(Table(values, table.where, table.line), types) for values in table.tables("terms"))
    if not terms:
        raise table.refused("rule.missing", "缺少 count(计数)、terms(金额)、flows(收益)或 of(由其他金额相加减)")
    return MoneyQuantity(**name, terms=terms)


def _count(table: Table, name: dict[str, str], types: frozenset[str]) -> CountQuantity:
    count = cast("Literal['projects', 'assets']", table.choice("count", MILESTONES))
    quantity = CountQuantity(
        id=name["id"],
        name=name["name"],
        source=name["source"],
        count=count,
        having=table.words("having", MILESTONES[count]),
        without=table.words("without", MILESTONES[count]),
        sum=table.choice("sum", SUMS[count]) if table.has("sum") else "",
    )
    if not quantity.having:
        raise table.refused("rule.missing", "的 having 为空:至少要有一个状态")
    if count == "assets":
        return replace(quantity, assets=_asset_test(table))
    return replace(
        quantity,
        in_rates=table.flag("in_rates", default=False),
        forms_asset=table.flag("forms_asset", default=False),
        types=table.words("types", types),
        exclude_types=table.words("exclude_types", types),
        levels=table.codes("levels", FundLevel),
        fund_kinds=table.codes("fund_kinds", FundKind),
        directions=table.codes("directions", TaskDirection),
    )


def _asset_test(table: Table) -> AssetTest:
    return AssetTest(
        classes=table.codes("classes", AssetClass),
        forms=table.codes("forms", AssetForm),
        conditions=table.codes("conditions", AssetCondition),
        exclude_conditions=table.codes("exclude_conditions", AssetCondition),
        ever_conditions=table.codes("ever_conditions", AssetCondition),
        states=table.words("states", STATES),
        exclude_states=table.words("exclude_states", STATES),
    )


def _term(table: Table, types: frozenset[str]) -> MoneyTerm:
    term = MoneyTerm(
        measures=table.signs("measures", MEASURES),
        levels=table.codes("levels", FundLevel),
        fund_kinds=table.codes("fund_kinds", FundKind),
        directions=table.codes("directions", TaskDirection),
        types=table.words("types", types),
        exclude_types=table.words("exclude_types", types),
        industry=table.flag("industry") if table.has("industry") else None,
    )
    table.done()
    return term


def read_threshold(table: Table) -> Threshold:
    """Read a threshold of the industry share, for one level or for several together."""
    percent, share = table.percent("percent")
    if table.has("level") == table.has("levels"):
        raise table.refused("rule.missing", "应写 level(一个级次)或 levels(几个级次合计)中的一项")
    levels = (
        frozenset({table.choice("level", list(FundLevel))}) if table.has("level") else table.codes("levels", FundLevel)
    )
    if not levels:
        raise table.refused("rule.missing", "的 levels 为空:至少要有一个级次")
    plan_year = table.year("plan_year")
    base_year = table.year("not_below_year") if table.has("not_below_year") else None
    if base_year is not None and base_year >= plan_year:
        raise table.refused("rule.bad_value", f"的 not_below_year 为 {base_year},应早于 plan_year {plan_year}")
    return Threshold(
        id=table.text("id"),
        jurisdiction=table.jurisdiction(),
        fund_kind=table.choice("fund_kind", list(FundKind)),
        levels=levels,
        plan_year=plan_year,
        share=share,
        percent=percent,
        firm=table.flag("firm"),
        base_year=base_year,
        source=table.text("source"),
    )


def read_share_pair(table: Table, quantities: Mapping[str, Quantity]) -> SharePair:
    """Read a pair of money quantities."""
    return SharePair(
        id=table.text("id"),
        name=table.text("name"),
        default=table.flag("default", default=False),
        numerator=_money(table, "numerator", quantities),
        denominator=_money(table, "denominator", quantities),
        remainder=_money(table, "remainder", quantities),
        source=table.text("source"),
    )


def _money(table: Table, key: str, quantities: Mapping[str, Quantity]) -> MoneyQuantity:
    quantity = quantities[table.choice(key, quantities)]
    if not isinstance(quantity, MoneyQuantity):
        raise table.refused("rule.bad_value", f"的 {key}“{quantity.id}”不是金额")
    return quantity


def read_rate_set(table: Table) -> RateSet:
    """Read the name of a collection of rates."""
    return RateSet(
        id=table.text("id"),
        name=table.text("name"),
        default=table.flag("default", default=False),
        source=table.text("source"),
    )


def read_rate(table: Table, quantities: Mapping[str, Quantity], sets: frozenset[str]) -> Rate:
    """Read a rate of two quantities of one unit.

    ``empty`` and ``as_of`` may be written out, but there is one answer to each: nothing over zero is null, and what
    happened up to the day T of the question counts.
    """
    unit = table.choice("unit", _UNITS)
    table.choice("empty", ("null",), "null")
    table.choice("as_of", ("T",), "T")
    rate = Rate(
        set=table.choice("set", sets),
        id=table.text("id"),
        name=table.text("name"),
        unit=cast("Literal['projects', 'assets', 'fen']", unit),
        numerator=quantities[table.choice("numerator", quantities)],
        denominator=quantities[table.choice("denominator", quantities)],
        rounding=cast("Literal['half_up', 'truncate']", table.choice("rounding", _ROUNDINGS, "half_up")),
        digits=table.whole("digits", 0, _MOST_DIGITS, 2),
        source=table.text("source"),
    )
    _check_sides(table, rate)
    return rate


def _check_sides(table: Table, rate: Rate) -> None:
    """Refuse a rate whose sides are no numbers of its unit, or of things that cannot be set against each other."""
    sides = (rate.numerator, rate.denominator)
    for quantity in sides:
        if (quantity.unit if isinstance(quantity, CountQuantity) else "fen") != rate.unit:
            raise table.refused("rule.bad_value", f"的 unit 为 {rate.unit},而“{quantity.id}”的单位不同")
    kinds = [each.count if isinstance(each, CountQuantity) else type(each) for each in sides]
    if kinds[0] != kinds[1] and kinds != [IncomeQuantity, "assets"]:
        raise table.refused(
            "rule.bad_value", f"的“{sides[0].id}”和“{sides[1].id}”不能相比:除收益比资产外,两边应为同一类数量"
        )


def read_parameter(table: Table) -> Parameter:
    """Read a single number or word."""
    return Parameter(
        name=table.text("name"),
        value=table.number_or_text("value"),
        unit=table.text("unit"),
        jurisdiction=table.jurisdiction(),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        source=table.text("source"),
    )


def read_project_type(table: Table) -> ProjectType:
    """Read a type of project."""
    return ProjectType(
        code=table.text("code"),
        class_name=table.text("class"),
        name=table.text("name"),
        industry=table.flag("industry"),
        forms_asset=table.flag("forms_asset"),
        in_rates=table.flag("in_rates"),
        is_fee=table.flag("fee", default=False),
        to_household=table.flag("household", default=False),
        directions=table.codes("directions", TaskDirection),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        source=table.text("source"),
    )


def read_forbidden(table: Table, types: frozenset[str]) -> Forbidden:
    """Read an item of the negative list."""
    item = Forbidden(
        id=table.text("id"),
        name=table.text("name"),
        words=table.texts("words"),
        types=table.words("types", types),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        source=table.text("source"),
    )
    if not item.words and not item.types:
        raise table.refused("rule.missing", "的 words 和 types 都为空:至少要有一个词或一类项目")
    return item
