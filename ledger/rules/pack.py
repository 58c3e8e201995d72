"""Reading a rule pack: TOML text in, checked values out, or one error that names table, item and line.

A pack's text is stored in an event, so this reads text that may come from a database: nothing in it is trusted before
it is checked here. The format is described in ``docs/reference/rules.md``.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, TypeVar, cast

from ledger.codes import FundKind, FundLevel, TaskDirection
from ledger.errors import ValueRefusedError
from ledger.rules.model import (
    MEASURES,
    MILESTONES,
    CountQuantity,
    Forbidden,
    MoneyQuantity,
    MoneyTerm,
    Parameter,
    ProjectType,
    Quantity,
    Rate,
    RateSet,
    RulePack,
    SharePair,
    Threshold,
    overlapping,
)
from ledger.rules.table import Table, headers

__all__ = ["RulePack", "parse_pack", "shipped_packs"]

MAX_CHARACTERS = 1_000_000
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_UNITS = ("projects", "assets", "fen")
_ROUNDINGS = ("half_up", "truncate")

Item = TypeVar("Item")


@cache
def shipped_packs() -> dict[str, str]:
    """Return the texts of the packs that come with the program, by name."""
    folder = files("ledger.rules")
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


@lru_cache(maxsize=8)
def parse_pack(text: str) -> RulePack:
    """Read a rule pack.

    Raises:
        ValueRefusedError: the text is not TOML, a key is unknown or missing (``source`` above all), a word is outside
            the vocabulary, or two items contradict each other; code ``rule.*``, the message names item and line.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueRefusedError("rule.too_long", "规则包超过一百万字", hint="请删去与规则无关的内容")
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueRefusedError(
            "rule.not_toml", f"规则包不是有效的 TOML:{error}", hint="请检查所指的行;格式见 docs/reference/rules.md"
        ) from None
    top = Table(values, "开头")
    lines = headers(text)

    def each(kind: str, read: Callable[[Table], Item]) -> tuple[Item, ...]:
        return _read_all(top, kind, lines.get(kind, []), read)

    types = each("project_type", _project_type)
    known_types = frozenset(item.code for item in types)
    quantities = {item.id: item for item in each("quantity", lambda table: _quantity(table, known_types))}
    sets = each("rate_set", _rate_set)
    pack = RulePack(
        pack=top.text("pack"),
        version=top.text("version"),
        title=top.text("title"),
        source=top.text("source"),
        jurisdiction=top.jurisdiction(),
        thresholds=each("threshold", _threshold),
        share_pairs=each("share_pair", lambda table: _share_pair(table, quantities)),
        rate_sets=sets,
        all_rates=each("rate", lambda table: _rate(table, quantities, frozenset(item.id for item in sets))),
        parameters=each("parameter", _parameter),
        project_types=types,
        forbidden=each("forbidden", lambda table: _forbidden(table, known_types)),
    )
    top.done()
    _check_whole(pack)
    return pack


def _read_all(top: Table, kind: str, lines: list[int], read: Callable[[Table], Item]) -> tuple[Item, ...]:
    items: list[Item] = []
    identities: set[Hashable] = set()
    for number, values in enumerate(top.tables(kind)):
        line = f"第 {lines[number]} 行 " if number < len(lines) else ""
        names = [values[key] for key in ("id", "code", "name") if key in values] if isinstance(values, dict) else []
        table = Table(values, f"{line}[[{kind}]] 第 {number + 1} 项{f'“{names[0]}”' if names else ''}")
        item = read(table)
        table.done()
        identity = _identity(item)
        if identity in identities:
            raise table.refused("rule.repeated", "与前面的一项重复")
        identities.add(identity)
        items.append(item)
    return tuple(items)


def _identity(item: object) -> Hashable:
    """Return what must be unique among the items of its kind."""
    match item:
        case Rate():
            return item.set, item.id
        case Threshold():
            return item.jurisdiction, item.fund_kind, item.level, item.plan_year
        case Parameter():
            return item.name, item.jurisdiction, item.valid_from
        case ProjectType():
            return item.code, item.valid_from
        case _:
            return str(getattr(item, "id", item))


def _quantity(table: Table, types: frozenset[str]) -> Quantity:
    name = {"id": table.text("id"), "name": table.text("name"), "source": table.text("source")}
    if not table.has("count"):
        terms = tuple(_term(Table(values, table.where), types) for values in table.tables("terms"))
        if not terms:
            raise table.refused("rule.missing", "缺少 count(计数)或 terms(金额)")
        return MoneyQuantity(**name, terms=terms)
    count = cast("Literal['projects', 'assets']", table.choice("count", MILESTONES))
    having = table.words("having", MILESTONES[count])
    if not having:
        raise table.refused("rule.missing", "的 having 为空:至少要有一个状态")
    without = table.words("without", MILESTONES[count])
    in_rates = table.flag("in_rates", default=False)
    if in_rates and count == "assets":
        raise table.refused("rule.bad_value", "的 in_rates 只用于项目")
    return CountQuantity(**name, count=count, having=having, without=without, in_rates=in_rates)


def _term(table: Table, types: frozenset[str]) -> MoneyTerm:
    term = MoneyTerm(
        measures=table.signed("measures", MEASURES),
        levels=table.codes("levels", FundLevel),
        fund_kinds=table.codes("fund_kinds", FundKind),
        directions=table.codes("directions", TaskDirection),
        types=table.words("types", types),
        exclude_types=table.words("exclude_types", types),
        industry=table.flag("industry") if table.has("industry") else None,
    )
    table.done()
    return term


def _threshold(table: Table) -> Threshold:
    percent = table.text("percent")
    if not _PERCENT.fullmatch(percent):
        raise table.refused("rule.bad_value", '的 percent 应为加引号的百分数,如 "55"')
    return Threshold(
        id=table.text("id"),
        jurisdiction=table.jurisdiction(),
        fund_kind=table.choice("fund_kind", list(FundKind)),
        level=table.choice("level", list(FundLevel)),
        plan_year=table.whole("plan_year"),
        share=Fraction(percent) / 100,
        percent=percent,
        firm=table.flag("firm"),
        source=table.text("source"),
    )


def _share_pair(table: Table, quantities: dict[str, Quantity]) -> SharePair:
    return SharePair(
        id=table.text("id"),
        name=table.text("name"),
        default=table.flag("default", default=False),
        numerator=_money(table, "numerator", quantities),
        denominator=_money(table, "denominator", quantities),
        remainder=_money(table, "remainder", quantities),
        source=table.text("source"),
    )


def _money(table: Table, key: str, quantities: dict[str, Quantity]) -> MoneyQuantity:
    quantity = quantities[table.choice(key, quantities)]
    if not isinstance(quantity, MoneyQuantity):
        raise table.refused("rule.bad_value", f"的 {key}“{quantity.id}”不是金额")
    return quantity


def _rate_set(table: Table) -> RateSet:
    return RateSet(
        id=table.text("id"),
        name=table.text("name"),
        default=table.flag("default", default=False),
        source=table.text("source"),
    )


def _rate(table: Table, quantities: dict[str, Quantity], sets: frozenset[str]) -> Rate:
    unit = table.choice("unit", _UNITS)
    rate = Rate(
        set=table.choice("set", sets),
        id=table.text("id"),
        name=table.text("name"),
        unit=cast("Literal['projects', 'assets', 'fen']", unit),
        numerator=quantities[table.choice("numerator", quantities)],
        denominator=quantities[table.choice("denominator", quantities)],
        rounding=cast("Literal['half_up', 'truncate']", table.choice("rounding", _ROUNDINGS, "half_up")),
        source=table.text("source"),
    )
    for quantity in (rate.numerator, rate.denominator):
        if (quantity.count if isinstance(quantity, CountQuantity) else "fen") != unit:
            raise table.refused("rule.bad_value", f"的 unit 为 {unit},而“{quantity.id}”的单位不同")
    return rate


def _parameter(table: Table) -> Parameter:
    return Parameter(
        name=table.text("name"),
        value=table.number_or_text("value"),
        unit=table.text("unit"),
        jurisdiction=table.jurisdiction(),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        source=table.text("source"),
    )


def _project_type(table: Table) -> ProjectType:
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


def _forbidden(table: Table, types: frozenset[str]) -> Forbidden:
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


def _check_whole(pack: RulePack) -> None:
    """Refuse a pack whose items contradict one another."""
    by_name: defaultdict[str, list[Parameter | ProjectType]] = defaultdict(list)
    for parameter in pack.parameters:
        by_name[f"[[parameter]]“{parameter.name}”({parameter.jurisdiction})"].append(parameter)
    for kind in pack.project_types:
        by_name[f"[[project_type]]“{kind.code}”"].append(kind)
    for where, items in by_name.items():
        if overlapping(items):
            raise ValueRefusedError(
                "rule.overlap", f"规则包有误:{where} 的有效期重叠", hint="请用 valid_from、valid_to 分开", where=where
            )
    defaults: Iterable[tuple[str, tuple[SharePair | RateSet, ...]]] = (
        ("share_pair", pack.share_pairs),
        ("rate_set", pack.rate_sets),
    )
    for table, choices in defaults:
        if choices and sum(choice.default for choice in choices) != 1:
            raise ValueRefusedError(
                "rule.no_default", f"规则包有误:[[{table}]] 应恰有一项 default = true", hint="请指定默认的一项"
            )
    for rate_set in pack.rate_sets:
        if not pack.rates(rate_set.id):
            where = f"[[rate_set]]“{rate_set.id}”"
            raise ValueRefusedError(
                "rule.empty_set", f"规则包有误:{where} 没有一个比率", hint="请加入比率,或删去这一组", where=where
            )
