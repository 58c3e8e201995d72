"""Which rights an asset has: the five, and those that a county's rules add (one template has a sixth, 分配权).

Source: assets.md 2. The parameter ``more_rights`` lists the added ones as ``code:name``, parted by semicolons.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from ledger.characters import half_width, quoted
from ledger.codes import Right
from ledger.errors import ValueRefusedError
from ledger.rules.model import RulePack

__all__ = ["NamedRight", "find_right", "named_rights"]

_ADDED = re.compile(r"([a-z][a-z0-9_]{0,39}):([^\s:;]{1,20})")


class NamedRight(NamedTuple):
    """A right as it is stored and as people call it."""

    code: str
    zh: str


def named_rights(rules: RulePack, area: str, on: date) -> tuple[NamedRight, ...]:
    """Return the rights that assets of the area have on that day, in the order of the panels of a report.

    Raises:
        ValueRefusedError: the parameter ``more_rights`` cannot be read.
    """
    five = tuple(NamedRight(right.value, right.zh) for right in Right)
    added = rules.find("more_rights", area, on)
    if added is None:
        return five
    more = [_ADDED.fullmatch(part.strip()) for part in half_width(str(added.value)).split(";")]
    rights = (*five, *(NamedRight(each[1], each[2]) for each in more if each is not None))
    if None in more or len({each.code for each in rights}) < len(rights):
        raise ValueRefusedError(
            "rule.bad_rights",
            f"规则包“{rules.pack}”的参数 more_rights 为{quoted(str(added.value))},读不懂",
            hint="请写成 代码:名称,几项之间用分号隔开,如 distribution:分配权;不要重复五权",
            rule=added.source,
        )
    return rights


def find_right(text: str, rules: RulePack, area: str, on: date) -> NamedRight:
    """Return the right that ``text`` names, by its code or its Chinese name.

    Raises:
        ValueRefusedError: no such right in the area on that day, or ``more_rights`` cannot be read.
    """
    rights = named_rights(rules, area, on)
    plain = half_width(text)
    for each in rights:
        if plain in each:
            return each
    accepted = "、".join(f"{each.zh}({each.code})" for each in rights)
    raise ValueRefusedError(
        "right.unknown",
        f"{quoted(text)}不是 {area} 在 {on} 设立的权利",
        hint=f"可填:{accepted};另设权利用规则包的参数 more_rights",
        rule=f"{rules.pack} {rules.version}",
    )
