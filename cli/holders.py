"""Holders as people type them: ``编号:类别:份额[:名称]``."""

from __future__ import annotations

import re

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError

__all__ = ["parse_holder", "parse_holders"]

_FEWEST_PARTS, _MOST_PARTS = 3, 4
_HINT = "请写成 编号:类别:份额[:名称],如 V520203101201:村集体:1/3"


def parse_holder(text: str) -> dict[str, str]:
    """Return the parts of one holder; what they mean is checked by the command.

    Raises:
        ValueRefusedError: fewer than three parts.
    """
    parts = [part.strip() for part in half_width(text).split(":", _MOST_PARTS - 1)]
    if len(parts) < _FEWEST_PARTS or not all(parts[:_FEWEST_PARTS]):
        raise ValueRefusedError("holder.malformed", f"权利人{quoted(text)}写法不对", hint=_HINT)
    return dict(zip(("holder", "kind", "share", "name"), parts, strict=False))


def parse_holders(text: str) -> tuple[dict[str, str], ...]:
    """Return the holders of one cell, parted by semicolons or line breaks. Raises ValueRefusedError."""
    return tuple(parse_holder(part) for part in re.split(r"[;\n]", half_width(text)) if part.strip())
