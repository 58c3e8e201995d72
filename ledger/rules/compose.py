"""Quantities composed of other quantities: resolved into plain sums of money when a pack is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ledger.rules.quantities import MoneyQuantity, MoneyTerm, Quantity
from ledger.rules.table import Table

__all__ = ["Composed", "resolved"]

_MOST_TERMS = 200
_MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Composed:
    """A quantity written as the sum of others with their signs, not yet looked up."""

    id: str
    name: str
    source: str
    parts: tuple[tuple[str, int], ...]
    table: Table


def resolved(quantities: Iterable[Quantity | Composed]) -> dict[str, Quantity]:
    """Return the quantities by id, the composed ones with the terms of what they are composed of.

    Raises:
        ValueRefusedError: a part is unknown or not money, or a quantity is composed of itself; the item is named.
    """
    drafts = {each.id: each for each in quantities}
    done: dict[str, Quantity] = {}
    for each in drafts.values():
        if each.id not in done:
            done[each.id] = _money(each, drafts, done, ()) if isinstance(each, Composed) else each
    return done


def _money(
    composed: Composed, drafts: Mapping[str, Quantity | Composed], done: dict[str, Quantity], path: tuple[str, ...]
) -> MoneyQuantity:
    path = (*path, composed.id)
    if len(path) > _MOST_STEPS:
        raise composed.table.refused("rule.too_composed", f"的 of 一环套一环,超过 {_MOST_STEPS} 层")
    terms: list[MoneyTerm] = []
    for name, sign in composed.parts:
        if name in path:
            circle = " → ".join((*path[path.index(name) :], name))
            raise composed.table.refused("rule.cycle", f"的 of 循环定义:{circle}")
        part = done.get(name) or drafts.get(name)
        if part is None:
            raise composed.table.refused("rule.unknown_word", f"的 of 含有不认识的“{name}”,规则包里没有这个 quantity")
        if isinstance(part, Composed):
            part = done[name] = _money(part, drafts, done, path)
        if not isinstance(part, MoneyQuantity):
            raise composed.table.refused("rule.bad_value", f"的 of 中“{name}”是计数,不是金额")
        terms += [replace(term, measures=tuple((m, own * sign) for m, own in term.measures)) for term in part.terms]
        if len(terms) > _MOST_TERMS:
            raise composed.table.refused("rule.too_composed", f"的 of 展开后超过 {_MOST_TERMS} 项")
    return MoneyQuantity(composed.id, composed.name, composed.source, tuple(terms))
