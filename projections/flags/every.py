"""All checks, and the one way in which they are asked: every subject of a kind by every check about that kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from projections.flags import agreements, dividing, funds, holdings, openness, ownership, payment, works
from projections.flags.model import CHECKS, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.rules.flags import FlagRule
    from projections.flags.model import Check, Hit
    from projections.flags.pictures import Asset, Contract, Project, Scheme, Tranche, World
    from projections.scope import Scope

__all__ = ["Raised", "checks_by_flag", "raised", "sorted_flags"]

_ROOMS = (agreements, dividing, funds, holdings, openness, ownership, payment, works)  # importing them fills CHECKS
_ID = re.compile(r"([A-Z]+)([0-9]+)")


class Raised(NamedTuple):
    """A hit with the check that made it and the flag as it is set where it was made."""

    check: Check
    rule: FlagRule
    hit: Hit


def checks_by_flag() -> dict[str, list[Check]]:
    """Return the checks of each flag, in the order of the flags."""
    found: dict[str, list[Check]] = {}
    for each in sorted(CHECKS, key=lambda each: sorted_flags(each.flag)):
        found.setdefault(each.flag, []).append(each)
    return found


def sorted_flags(flag: str) -> tuple[str, int]:
    """Return the key by which flags are ordered: R1, R2, … R34, RF01, …."""
    match = _ID.fullmatch(flag)
    return (match[1], int(match[2])) if match else (flag, 0)


def raised(scope: Scope, world: World, wanted: Iterable[Check]) -> Iterator[Raised]:
    """Yield the hits of the checks, as far as the rules of each subject's area set the flag and do not switch it off.

    A check of the whole is asked once for each way in which the flag is set in the areas, and keeps the hits of those.
    """
    subjects: dict[str, Iterable[Tranche | Project | Asset | Contract | Scheme]] = {
        "tranche": world.tranches.values(),
        "project": world.projects.values(),
        "asset": world.assets.values(),
        "contract": world.contracts.values(),
        "scheme": world.schemes.values(),
    }
    areas = {subject.subject.area for group in subjects.values() for subject in group}
    areas |= {finding.subject.area for finding in world.findings}
    for each in wanted:
        terms = _Asked(scope, each.flag)
        if each.about == "all":
            yield from _of_the_whole(each, world, terms, {scope.area, *areas})
            continue
        for subject in subjects[each.about]:
            if asked := terms.of(subject.subject.area):
                for found in each.look(subject, asked):
                    yield Raised(each, asked.rule, found)


def _of_the_whole(check: Check, world: World, terms: _Asked, areas: Iterable[str]) -> Iterator[Raised]:
    by_rule = {asked.rule: asked for area in sorted(areas, reverse=True) if (asked := terms.of(area))}
    for rule, asked in by_rule.items():
        for found in check.look(world, asked):
            own = terms.of(found.subject.area)
            if own is not None and own.rule == rule:
                yield Raised(check, rule, found)


class _Asked:
    """The terms of one flag in each area, made once."""

    def __init__(self, scope: Scope, flag: str) -> None:
        self._scope = scope
        self._flag = flag
        self._found: dict[str, Terms | None] = {}

    def of(self, area: str) -> Terms | None:
        """Return the terms in an area; None where the rules do not set the flag or switch it off."""
        if area not in self._found:
            rules = self._scope.rules
            rule = rules.flag(self._flag, area)
            on = rule is not None and rule.on
            as_of = self._scope.as_of.isoformat()
            self._found[area] = Terms(as_of, area, rules, rule) if rule and on else None
        return self._found[area]
