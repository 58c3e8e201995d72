"""Characters as people type them: full-width forms made plain, and foreign text quoted safely in messages.

Only forms that are the same sign in another width are folded. Unicode's NFKC folds more than that: it would turn
``1²`` into ``12`` and so let a footnote mark change an amount.
"""

from __future__ import annotations

import re

__all__ = ["half_width", "quoted"]

_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST, _OFFSET = 0xFF01, 0xFF5E, 0xFEE0
_FOLD = {code: code - _OFFSET for code in range(_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST + 1)} | {
    0x00A0: " ",  # no-break space
    0x3000: " ",  # ideographic space
    0x2212: "-",  # minus sign
    0xFFE5: "¥",  # full-width yuan sign
}
_WIDE = re.compile(f"[{''.join(map(chr, _FOLD))}]")  # most texts have none, and translating takes five times as long
_QUOTED_CHARACTERS = 40


def half_width(text: str) -> str:
    """Return ``text`` with full-width letters, digits, punctuation and spaces made ASCII and its ends stripped."""
    return text.translate(_FOLD).strip() if _WIDE.search(text) else text.strip()


def quoted(value: object) -> str:
    """Return ``value`` in Chinese quotation marks, at most 40 characters, with nothing a terminal would obey."""
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(value)[:400])
    if len(text) > _QUOTED_CHARACTERS:
        text = text[: _QUOTED_CHARACTERS - 1] + "…"
    return f"“{text}”"
