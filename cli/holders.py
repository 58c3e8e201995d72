"""Holders as people type them: ``编号:类别:份额[:名称]``."""

from __future__ import annotations

import re

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError

__all__ = ["parse_holder", "parse_owner", "parse_owners"]

_PARTS = ("holder", "kind", "share", "name")
_HINT = "请写成 编号:类别:份额[:名称],如 V520203101201:村集体:1/3"


def parse_holder(text: str) -> dict[str, str]:
    """Return the parts of one holder; what they mean is checked by the command.

    Raises:
        ValueRefusedError: fewer than three parts.
    """
    return _parts(text, fewest=3)


def parse_owner(text: str) -> dict[str, str]:
    """Return the parts of one holder whose share may be left out, where it follows from figures.

    Raises:
        ValueRefusedError: fewer than two parts.
    """
    return _parts(text, fewest=2)


def parse_owners(text: str) -> tuple[dict[str, str], ...]:
    """Return the owners of one cell, parted by semicolons or line breaks. Raises ValueRefusedError."""
    return tuple(parse_owner(part) for part in re.split(r"[;\n]", half_width(text)) if part.strip())


def _parts(text: str, fewest: int) -> dict[str, str]:
    parts = [part.strip() for part in half_width(text).split(":", len(_PARTS) - 1)]
    if len(parts) < fewest or not all(parts[:fewest]):
        raise ValueRefusedError("holder.malformed", f"权利人{quoted(text)}写法不对", hint=_HINT)
    return dict(zip(_PARTS, parts, strict=False))
