"""The values of the vault, to be looked for in what leaves: compared here, never shown, named or kept.

Numbers are compared by their digits, however they are grouped; names by their letters, however they are spaced. A name
that is part of the longer name of a place (和平 in 和平村) is the place where the whole of it stands. Names of one
sign, and short ones in Latin letters, are in every text; addresses are those of projects too: neither is looked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from projections.extracts.numbers import rows_of_groups
from projections.extracts.readings import BORDER, folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from projections.extracts.readings import Reading

__all__ = ["People"]

_SHORTEST_NAME: Final = 2
_SHORTEST_LATIN: Final = 6
_SHORTEST_NUMBER: Final = 7
_LONG: Final = 11
_LONGEST: Final = 30
_SPACED: Final = re.compile(rf"(?<=[^\W\d_])(?:[^\w{BORDER},;:。、]|_){{1,3}}(?=[^\W\d_])")
_KINDS: Final = {"identity": "vault_identity", "phone": "vault_phone", "account": "vault_account"}


class People:
    """Names and numbers that must not be met; ``places`` are names of places that may contain the name of a person."""

    def __init__(self, values: Iterable[tuple[str, str]], places: Collection[str] = ()) -> None:
        self._numbers: dict[str, str] = {}
        self._names: dict[str, list[str]] = {}
        names: set[str] = set()
        for field, value in values:
            if field == "name":
                names.add(_letters(folded(value)).casefold())
            elif field in _KINDS:
                self._numbers[value] = _KINDS[field]
        names = {name for name in names if len(name) >= (_SHORTEST_LATIN if name.isascii() else _SHORTEST_NAME)}
        for name in sorted(names):
            self._names.setdefault(name[:_SHORTEST_NAME], []).append(name)
        self._places = [place for place in map(folded, places) if any(name in place != name for name in names)]
        first = "".join(sorted({re.escape(name[0]) for name in names}))
        self._first = re.compile(f"[{first}]") if first else None
        shortest = min(map(len, self._numbers), default=_LONG)
        self._least: Literal[7, 11] = _SHORTEST_NUMBER if shortest < _LONG else _LONG

    def kinds_of(self, reading: Reading) -> Iterator[str]:
        """Yield each kind of value of the vault that the reading carries, perhaps more than once."""
        if self._numbers:
            yield from self._numbers_in(reading.text)
        if self._first and self._has_name(_letters(reading.text).casefold()):
            yield "vault_name"

    def _numbers_in(self, text: str) -> Iterator[str]:
        for row in rows_of_groups(text, self._is_known, self._least, _LONGEST):
            if row.is_whole or row.is_thin or row.is_even:
                yield self._numbers[row.digits + "X" * (row.digits not in self._numbers)]

    def _is_known(self, digits: str) -> bool:
        # The check letter X is no digit: 17 digits of a known number are found where it stands, with or without it.
        return digits in self._numbers or f"{digits}X" in self._numbers

    def _has_name(self, text: str) -> bool:
        assert self._first is not None  # noqa: S101 - asked for only where there are names
        for start in (found.start() for found in self._first.finditer(text)):
            for name in self._names.get(text[start : start + _SHORTEST_NAME], ()):
                if text.startswith(name, start) and not self._in_place(text, start, name):
                    return True
        return False

    def _in_place(self, text: str, start: int, name: str) -> bool:
        return any(
            text.startswith(place, start - at)
            for place in self._places
            if (at := place.find(name)) >= 0 and start >= at
        )


def _letters(text: str) -> str:
    """Close the gaps between letters: 王 小 明 is read as it is written without them."""
    return _SPACED.sub("", text)
