"""The text of heads: one plain form for what people write in many, and the unit that stands in it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from ledger.money import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["UNIT_WORDS", "other_unit", "other_unit_in", "plain", "split_unit", "unit_in", "words"]

UNIT_WORDS: Final = {"元": Unit.YUAN, "万元": Unit.WAN, "亿元": Unit.YI}
_INVISIBLE: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_IN_HEAD: Final = re.compile(
    r"(?P<name>.+?)(?:\((?:单位[:为]?)?(?:人民币)?(?P<unit>[万亿]?元)\)|[/,、](?P<last>[万亿]?元))"
)
_OVER: Final = re.compile(r"(?P<over>.+?)\((?:单位[:为]?)?(?:人民币)?(?P<unit>[万亿]?元)\)/(?P<under>.+)")
_MONEY: Final = "[十百千万亿美欧港日]{0,3}元"
_OTHER_IN_HEAD: Final = re.compile(
    rf"\((?:单位[:为]?)?(?:人民币)?(?P<unit>{_MONEY})\)(?=/|$)|[/,、](?P<last>{_MONEY})$"
)
_OTHER_ABOVE: Final = re.compile(rf"单位[:为]?(?:人民币)?(?P<unit>{_MONEY})(?![\u4e00-\u9fff])")
_COUNTED: Final = re.compile(r"\((?:单位[:为]?)?[个项%]\)(?=/|$)")
_ABOVE: Final = re.compile(r"(?:金额)?单位[:为]?(?:人民币)?(?P<unit>[万亿]?元)(?![\u4e00-\u9fff])")
_MARKS: Final = re.compile(r"^\*+|\*+$|\((?:必填|选填)\)$")


def plain(text: str) -> str:
    """Return a head without its blanks, invisible signs and marks, full-width forms made plain (NFKC)."""
    return _MARKS.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def split_unit(head: str) -> tuple[str, Unit | None]:
    """Return a plain head without its unit, and the unit where it is one of money.

    ``金额(万元)``, ``金额(单位:元)``, ``金额/亿元``, ``投资(亿元)/计划``; ``开工率(%)``.
    """
    own = bool(_COUNTED.search(head.rpartition("/")[2]))  # 投资(亿元)/完成率(%) is no amount
    head = _COUNTED.sub("", head)
    if over := _OVER.fullmatch(head):
        return f"{over['over']}/{over['under']}", None if own else UNIT_WORDS[over["unit"]]
    found = _IN_HEAD.fullmatch(head)
    if found is None:
        return head, None
    return found["name"], UNIT_WORDS[found["unit"] or found["last"]]


def unit_in(text: str) -> Unit | None:
    """Return the unit that a title or a note states: ``单位:万元``. Amounts within a sentence state none."""
    found = _ABOVE.search(plain(text))
    return UNIT_WORDS[found["unit"]] if found else None


def other_unit(head: str) -> str:
    """Return the unit of money in a plain head where it is none that is counted in, as 千元; else nothing."""
    found = _OTHER_IN_HEAD.search(head)
    return "" if found is None else _other(found["unit"] or found["last"])


def other_unit_in(text: str) -> str:
    """Return the same of a title or a note."""
    found = _OTHER_ABOVE.search(plain(text))
    return "" if found is None else _other(found["unit"])


def _other(unit: str) -> str:
    return "" if unit in UNIT_WORDS else unit


@cache
def words() -> Mapping[str, Any]:
    """Return the words of county tables: data, in ``words.toml``."""
    return tomllib.loads(files("cli.intake.heads").joinpath("words.toml").read_text(encoding="utf-8"))
