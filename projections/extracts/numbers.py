"""Numbers of persons in a reading: identity numbers, mobiles, bank cards, whole or in groups, and no amounts.

A *run* is digits with little between them; its *groups* are the digits that stand together. Every row of neighbouring
groups that has the right count of digits is looked at: how it begins, its check digit, and whether people group such
a number that way. Columns of a table, thousands, dates and coordinates are rows of groups too, and nobody's number.
Sources: GB 11643-1999 (identity number), the Luhn digit of ISO/IEC 7812-1 (cards).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ledger.privacy import is_identity_number
from projections.extracts.readings import BORDER, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from projections.extracts.readings import Reading

__all__ = ["Codes", "Row", "kinds_of", "rows_of_groups"]

_GAP: Final = rf"(?:[^\w{BORDER}]|_)"
_RUNS: Final = {least: re.compile(rf"[0-9](?:{_GAP}{{0,6}}+[0-9]){{{least - 1},}}+") for least in (7, 11)}
_GROUP: Final = re.compile("[0-9]+")
_TENTH: Final = re.compile(rf"{_GAP}{{0,6}}[XxХхΧχ×](?![0-9])")
_THIN: Final = re.compile(r"[^\S\t]{1,6}|(?:[^\S\t]|[-\u2010-\u2015\u2212_·•~()]){1,3}")
_SINGLE: Final = frozenset("/.|*、\\+")
_LISTING: Final = re.compile("[,;:\t\"']")
_NEAR: Final = re.compile(r"[\s.\-_·/:]{1,6}")
_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_HEXADECIMAL: Final = frozenset("abcdefABCDEF")
_MOBILE: Final = re.compile("(?:00)?(?:86)?1[3-9][0-9]{9}")
_COUNTRY: Final = frozenset({"86", "0086"})
_SHORTEST_CARD: Final = 16
_CARD: Final = re.compile("(?:62|[45])[0-9]{14,17}")
_PERSONAL: Final = re.compile(f"{_MOBILE.pattern}|{_CARD.pattern}|[1-9][0-9]{{5}}(?:19|20)[0-9]{{9,10}}")
_LONGEST: Final = 19
_IDENTITY_SHAPES: Final = frozenset(
    {(6, 8, 4), (6, 8, 3), (6, 4, 4, 4), (6, 4, 4, 3), (3, 3, 4, 4, 4), (6, 4, 2, 2, 4), (6, 4, 2, 2, 3)}
)
_MOBILE_SHAPE: Final = (3, 4, 4)
_MOST_LETTERS: Final = 12
_WORD: Final = 3
_MOST_GROUPS: Final = 6
_FOUR: Final = 4
_SIX: Final = 6


class Codes:
    """Codes of the ledger's things that look like bank cards: they are none where they stand whole."""

    def __init__(self, codes: Collection[str] = ()) -> None:
        self._at: dict[str, list[tuple[str, int]]] = {}
        for code in {folded(each) for each in codes if len(each) >= _SHORTEST_CARD}:
            for found in _GROUP.finditer(code):
                if _CARD.fullmatch(found[0]):
                    self._at.setdefault(found[0], []).append((code, found.start()))

    def has(self, text: str, digits: str, start: int) -> bool:
        """Say whether these digits of the text are part of a code that stands there from its beginning to its end."""
        known = self._at.get(digits, ())
        return any(start >= at and text.startswith(code, start - at) for code, at in known)


class Row(NamedTuple):
    """Neighbouring groups of digits: where in the text, their sizes, what stands between them and around them.

    ``before`` and ``after`` are the gaps to the groups next to it, empty where there is none; ``tenth`` says that the
    letter X follows, which ends an identity number.
    """

    text: str
    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]
    gaps: tuple[str, ...]
    before: str
    after: str
    previous: str
    following: str
    tenth: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing stands between the digits."""
        return not self.gaps

    @property
    def is_thin(self) -> bool:
        """Whether only blanks, line breaks and strokes stand between the groups."""
        return all(map(_THIN.fullmatch, self.gaps))

    @property
    def is_even(self) -> bool:
        """Whether the same thing stands between all groups, and one that people put into a number."""
        gap = self.gaps[0]
        return len(set(self.gaps)) == 1 and (gap in _SINGLE or _THIN.fullmatch(gap) is not None)

    @property
    def is_alone(self) -> bool:
        """Whether the numbers beside it are not next to it, as they are in a date, a list or a column."""
        left = self.previous in _COUNTRY or not _NEAR.fullmatch(self.before)
        return left and not _NEAR.fullmatch(self.after)

    @property
    def is_decimal(self) -> bool:
        """Whether it is part of a number with decimals; Excel's ``13800138000.0`` is none."""
        return self.before == "." or (self.after == "." and self.following != "0")


def kinds_of(reading: Reading, codes: Codes) -> Iterator[str]:
    """Yield each kind of personal number that the reading carries, perhaps more than once."""
    for row in rows_of_groups(reading.text, lambda digits: _PERSONAL.fullmatch(digits) is not None):
        if _is_identity(row):
            yield "identity_number"
        if _MOBILE.fullmatch(row.digits) and _is_mobile(row, close=reading.close):
            yield "mobile_number"
        if _CARD.fullmatch(row.digits) and _luhn(row.digits) and _is_card(row, codes, close=reading.close):
            yield "bank_card"


def rows_of_groups(
    text: str, wanted: Callable[[str], bool], least: Literal[7, 11] = 11, most: int = _LONGEST
) -> Iterator[Row]:
    """Yield every row of neighbouring groups whose digits are wanted: 11 to 19 of them, or as many as is said."""
    for run in _RUNS[least].finditer(text):
        groups = [found.span() for found in _GROUP.finditer(text, *run.span())]
        tenth = _TENTH.match(text, run.end()) is not None
        for first in range(len(groups)):
            digits = ""
            for last in range(first, len(groups)):
                digits += text[slice(*groups[last])]
                if len(digits) > most:
                    break
                if len(digits) >= least and wanted(digits):
                    yield _row(text, groups, first, last, tenth=tenth and last == len(groups) - 1)


def _row(text: str, groups: list[tuple[int, int]], first: int, last: int, *, tenth: bool) -> Row:
    here = groups[first : last + 1]
    previous, following = groups[first - 1] if first else None, groups[last + 1] if last + 1 < len(groups) else None
    return Row(
        text,
        here[0][0],
        here[-1][1],
        "".join(text[start:end] for start, end in here),
        tuple(end - start for start, end in here),
        tuple(text[here[at][1] : here[at + 1][0]] for at in range(len(here) - 1)),
        text[previous[1] : here[0][0]] if previous else "",
        text[here[-1][1] : following[0]] if following else "",
        text[slice(*previous)] if previous else "",
        text[slice(*following)] if following else "",
        tenth,
    )


def _is_identity(row: Row) -> bool:
    number = row.digits + "X" * row.tenth
    if not is_identity_number(number) and not is_identity_number(number := row.digits):
        return False
    if row.is_whole or row.is_thin or row.sizes in _IDENTITY_SHAPES:
        return True
    return len(set(row.gaps)) == 1 and (set(row.sizes) == {1} or not _LISTING.search(row.gaps[0]))


def _is_mobile(row: Row, *, close: bool) -> bool:
    if row.is_decimal:
        return False
    if row.is_whole:
        return _letters_are_words(row, 1)
    if row.sizes[-3:] == _MOBILE_SHAPE and (row.is_thin or row.is_even):
        return True
    return close and _is_grouped(row)


def _is_card(row: Row, codes: Codes, *, close: bool) -> bool:
    if row.is_decimal:
        return False
    if row.is_whole:
        return _letters_are_words(row, _WORD) and not codes.has(row.text, row.digits, row.start)
    if set(row.sizes[:-1]) == {_FOUR} and row.sizes[-1] <= _FOUR and row.is_even:
        return row.gaps[0] not in {row.before, row.after}
    return row.digits.startswith("62") and close and _is_grouped(row)


def _is_grouped(row: Row) -> bool:
    """Say whether these groups, of whatever sizes, are one number to whoever reads them."""
    if not row.is_alone:
        return False
    if set(row.sizes) == {1}:
        return row.is_even
    sizes = row.sizes[1:]
    if not row.is_thin or len(row.sizes) > _MOST_GROUPS or min(row.sizes) == 1 or set(sizes) == {3}:
        return False  # thousands stand in threes
    if any("\n" in gap for gap in row.gaps) and _is_listed(row):
        return False  # the end of one line of a table and the beginning of the next
    # A year between strokes is part of a code, 1522-2024-013; between blanks it is four digits like any others.
    return not all(map(str.strip, row.gaps)) or not any(map(_YEAR.fullmatch, _groups(row)))


def _groups(row: Row) -> Iterator[str]:
    at = 0
    for size in row.sizes:
        yield row.digits[at : at + size]
        at += size


def _is_listed(row: Row) -> bool:
    around = row.text[max(row.start - 1, 0) : row.start] + row.text[row.end : row.end + 1]
    return any(sign in ",;\t" for sign in around)


def _letters_are_words(row: Row, shortest: int) -> bool:
    """Say whether Latin letters that touch the number are a word before it (Tel138…) and not part of a hash or code."""
    text, left, right = row.text, row.start, row.end
    while left and text[left - 1].isascii() and text[left - 1].isalpha():
        left -= 1
    while right < len(text) and text[right].isascii() and text[right].isalpha():
        right += 1
    before, after = text[left : row.start], text[row.end : right]
    if not before and not after:
        return True
    if max(len(before), len(after)) > _MOST_LETTERS or any(0 < len(each) < shortest for each in (before, after)):
        return False
    outside = text[max(left - 1, 0) : left] + text[right : right + 1]
    if any(sign.isascii() and sign.isalnum() for sign in outside):
        return False
    return not (set(before + after) <= _HEXADECIMAL and "-" in outside)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]  # noqa: PLR2004 - 5 doubled has two digits
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
