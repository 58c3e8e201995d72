"""Reading a rule pack: TOML text in, checked values out, or one error that names table, item and line.

A pack's text is stored in an event, so this reads text that may come from a database: nothing in it is trusted before
it is checked here. The format is described in ``docs/reference/rules.md``.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import combinations
from typing import Literal, TypeVar, cast

from ledger.rules import dated_items as dated
from ledger.rules import duties, items
from ledger.rules.compose import resolved
from ledger.rules.flags import read_flag
from ledger.rules.model import Rate, RateSet, RulePack, SharePair, Target
from ledger.rules.reader import Reader, Source
from ledger.workdays import WorkCalendar

__all__ = ["RulePack", "base_text", "parse_pack", "shipped_packs"]

Choice = TypeVar("Choice", SharePair, RateSet)


@cache
def shipped_packs() -> dict[str, str]:
    """Return the texts of the packs that come with the program, by name."""
    folder = files("ledger.rules")
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def base_text(pack: RulePack) -> str:
    """Return the text of the shipped pack that a pack extends; empty where it extends none."""
    return shipped_packs()[pack.extends] if pack.extends else ""


@lru_cache(maxsize=32)
def parse_pack(text: str, base: str = "") -> RulePack:
    """Read a rule pack; ``base`` is the text of the pack it extends, by default the shipped one of that name.

    Raises:
        ValueRefusedError: the text is not TOML, a key is unknown or missing (``source`` above all), a word is outside
            the vocabulary, or two items contradict each other; code ``rule.*``, the message names item and line.
    """
    own = Source.of(text)
    top = own.top
    head = {key: top.text(key) for key in ("pack", "version", "title", "source")}
    jurisdiction = top.jurisdiction()
    purpose = cast("Literal['rules', 'targets']", top.choice("purpose", ("rules", "targets"), "rules"))
    extends = top.optional_text("extends")
    _check_purpose(own, purpose, extends)
    reader = Reader(own, _base(own, extends, base) if extends else None)
    types = reader.each("project_type", items.read_project_type)
    known_types = frozenset(each.code for each in types)
    quantities = resolved(reader.each("quantity", partial(items.read_quantity, types=known_types)))
    pairs = reader.each("share_pair", partial(items.read_share_pair, quantities=quantities))
    sets = reader.each("rate_set", items.read_rate_set)
    rates = reader.each(
        "rate", partial(items.read_rate, quantities=quantities, sets=frozenset(each.id for each in sets))
    )
    pack = RulePack(
        **head,
        jurisdiction=jurisdiction,
        purpose=purpose,
        extends=extends,
        thresholds=reader.each("threshold", items.read_threshold),
        quantities=tuple(quantities.values()),
        share_pairs=_with_one_default(reader, "share_pair", pairs),
        rate_sets=_with_one_default(reader, "rate_set", sets),
        all_rates=rates,
        parameters=reader.each("parameter", items.read_parameter),
        project_types=types,
        forbidden=reader.each("forbidden", partial(items.read_forbidden, types=known_types)),
        targets=reader.each("target", partial(dated.read_target, rates={(each.set, each.id) for each in rates})),
        deadlines=reader.each("deadline", dated.read_deadline),
        dues=reader.each("due", dated.read_due_days),
        key_areas=reader.each("key_area", dated.read_key_area),
        disclosures=reader.each("disclosure", dated.read_disclosure),
        indicators=reader.each("indicator", dated.read_indicator),
        flags=reader.each("flag", read_flag),
        duties=reader.each("duty", duties.read_duty),
        incompatible=reader.each("incompatible", duties.read_incompatible),
        approvals=reader.each("approval", duties.read_approval),
        calendar=WorkCalendar(reader.each("calendar", dated.read_calendar_year)),
    )
    top.done()
    _check_sets(reader, sets, rates)
    _check_targets(reader, pack.targets)
    return pack


def _base(own: Source, name: str, text: str) -> Source:
    """Return the pack that is extended, once it is known to be one that can be."""
    if not text and name not in shipped_packs():
        known = "、".join(shipped_packs())
        raise own.place("extends").refused("rule.unknown_base", f"“{name}”不是随程序提供的规则包;可用:{known}")
    text = text or shipped_packs()[name]
    base = parse_pack(text)
    if base.pack != name or base.extends or base.purpose != "rules":
        raise own.place("extends").refused(
            "rule.unknown_base", f"“{name}”与所附的规则包“{base.pack}”不符,或它本身又扩展别的规则包:只能扩展一层"
        )
    return Source.of(text, f"所扩展的 {name} 的")


def _with_one_default(reader: Reader, kind: str, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return the choices with exactly one default: the pack's own where it names one, else that of the base."""
    own = [each for each in reader.own_items(kind, choices) if each.default]
    defaults = own or [each for each in choices if each.default]
    if choices and len(defaults) != 1:
        where = reader.table(kind, defaults[-1] if defaults else choices[0])
        raise where.refused("rule.no_default", f"有误:[[{kind}]] 应恰有一项 default = true,现有 {len(defaults)} 项")
    return tuple(replace(each, default=each in defaults) for each in choices)


def _check_purpose(own: Source, purpose: str, extends: str) -> None:
    """Refuse rules among targets, and targets among rules: the two are adopted and replaced apart."""
    kinds = own.top.keys
    if purpose == "targets" and extends:
        raise own.place("extends").refused("rule.other_purpose", '不能写在 purpose = "targets" 的规则包里')
    if purpose == "targets" and "indicator" not in kinds:
        raise own.place("purpose").refused("rule.missing", '为 "targets",却没有一个 [[indicator]]')
    for kind in sorted(kinds - {"indicator"} if purpose == "targets" else kinds & {"indicator"}):
        raise own.place(kind).refused(
            "rule.other_purpose", '写错了地方:purpose = "targets" 的规则包只有 [[indicator]],其他规则包没有'
        )


def _check_sets(reader: Reader, sets: tuple[RateSet, ...], rates: tuple[Rate, ...]) -> None:
    used = {each.set for each in rates}
    for each in sets:
        if each.id not in used:
            raise reader.table("rate_set", each).refused("rule.empty_set", "没有一个比率,请加入比率,或删去这一组")


def _check_targets(reader: Reader, targets: tuple[Target, ...]) -> None:
    """Refuse two targets of one duty that are asked of the same place in the same year."""

    def duty(target: Target) -> Hashable:
        return target.id, target.set, target.rate, target.jurisdiction

    for one, other in combinations(targets, 2):
        years = not one.years or not other.years or one.years & other.years
        areas = one.areas & other.areas or one.areas == other.areas
        if duty(one) == duty(other) and years and areas:
            earlier = reader.table("target", one)
            raise reader.table("target", other).refused(
                "rule.overlap", f"与第 {earlier.line} 行 {earlier.where} 的年度和地区重叠,请用 years、areas 分开"
            )
