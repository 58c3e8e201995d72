"""Lists of coded names that a county may lengthen: cost codes, and the sub-classes of each asset class.

A list is a parameter whose value is ``code:name`` several times, parted by semicolons, dated and sourced like any
other; a county adds its own in ``more_<list>``. A pack without the list leaves the words free, as they once were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError
from ledger.rules.model import RulePack

__all__ = ["code_named", "named_codes"]

_ENTRY = re.compile(r"([a-z][a-z0-9_]{0,39}):([^\s:;]{1,20})")


@lru_cache(maxsize=256)
def named_codes(rules: RulePack, listed: str, area: str, on: date) -> Mapping[str, str]:
    """Return the names by code that hold in the area on the day, the county's own last.

    Raises:
        ValueRefusedError: the parameter cannot be read, or names a code twice.
    """
    names: dict[str, str] = {}
    for parameter in (rules.find(listed, area, on), rules.find(f"more_{listed}", area, on)):
        if parameter is None:
            continue
        entries = [_ENTRY.fullmatch(part.strip()) for part in half_width(str(parameter.value)).split(";")]
        read = [(each[1], each[2]) for each in entries if each is not None]
        if len(read) < len(entries) or len({*names, *(code for code, _ in read)}) < len(names) + len(read):
            raise ValueRefusedError(
                "rule.bad_names",
                f"规则包“{rules.pack}”的参数 {parameter.name} 为{quoted(str(parameter.value)[:80])},读不懂或代码重复",
                hint="请写成 代码:名称,几项之间用分号隔开,如 om:运维费;insurance:保险费",
                rule=parameter.source,
            )
        names.update(read)
    return MappingProxyType(names)


def code_named(text: str, listed: str, what: str, rules: RulePack, area: str, on: date) -> str:  # noqa: PLR0917 - where and when a list holds belong to the question
    """Return the code that ``text`` names, by code or name; an empty text, and any text without a list, as it is.

    Raises:
        ValueRefusedError: no such code in the area on the day, or the list cannot be read.
    """
    names = named_codes(rules, listed, area, on)
    plain = half_width(text)
    if not names or not plain:
        return text
    for code, name in names.items():
        if plain in (code, name):
            return code
    accepted = "、".join(f"{name}({code})" for code, name in names.items())
    raise ValueRefusedError(
        "code.unknown",
        f"{quoted(text)}不是 {area} 在 {on} 已知的{what}",
        hint=f"可填:{accepted};本地另设的,采用写有参数 more_{listed} 的规则包",
        rule=f"{rules.pack} {rules.version}",
    )
