"""A sheet's own 合计 and 小计 rows: never entries, but control totals that the entries must reach to the fen.

A 合计 row stands for all entries of the sheet, wherever it is printed. A 小计 row stands for the entries since the 小计
before it; where the first 小计 is printed above its entries, each stands for those that follow it. Where several places
have a 合计 of their own (甲镇合计, 乙镇合计), or one has beside the 总计 of all, each stands for its own entries in the
same way, over the 小计 of its villages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from cli.intake.cells import BadCell, is_blank
from ledger.characters import half_width
from ledger.errors import LedgerError, ValueRefusedError
from ledger.money import Unit, format_yuan, parse_money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from cli.intake.cells import Cell
    from cli.intake.columns import Found
    from ledger.money import Fen

__all__ = ["Totals", "total_word"]

_SIGN: Final = "计"  # what every word of a total has; most rows are told apart by it alone
_PARTS: Final = ("小计", "本页合计")
_WHOLES: Final = ("合计", "总计", "共计")
_ALL: Final = "全"  # 全县合计 is the 合计 of all, whoever else has one
_GROUP, _PLACE, _SHEET = 1, 2, 3  # what a total stands for: each kind ends at the next of its own or of a higher one
_EXACT: Final = 10**15  # beyond that an amount is refused as it is
_LONGEST: Final = 12  # signs of a cell that says 全县合计; a longer text is somebody's words


def total_word(cells: Sequence[Cell]) -> str:
    """Return the 合计 or 小计 that a row says, or an empty text: then the row is an entry.

    The first text may say it with the name of what it adds up (甲镇小计); any other must be that word alone, beside the
    name of a group.
    """
    for cell in cells:
        if isinstance(cell, str) and _SIGN in cell:
            break
    else:
        return ""
    texts = ["".join(half_width(cell).split()).strip("(): ") for cell in cells if isinstance(cell, str)]
    for index, text in enumerate(filter(None, texts)):
        if text in _PARTS + _WHOLES or (not index and len(text) <= _LONGEST and text.endswith(_PARTS + _WHOLES)):
            return text
    return ""


class _Stated(NamedTuple):
    """One totals row: what it says of each amount column."""

    row: int
    word: str
    fen: tuple[tuple[Found, Fen], ...]


@dataclass(slots=True)
class Totals:
    """The sums of the amount columns of one sheet, and what its totals rows say of them."""

    found: Sequence[Found]
    compared: int = 0
    """How many stated amounts were compared and agreed."""
    _stated: list[_Stated] = field(default_factory=list)
    _parts: list[dict[str, Fen]] = field(default_factory=lambda: [{}])
    """The sums of the entries between one totals row and the next, by head; one more than there are totals rows."""
    _unread: bool = False
    _amounts: tuple[Found, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find the amount columns, once."""
        self._amounts = tuple(each for each in self.found if each.column.money and each.column.field.endswith("_fen"))

    def count(self, values: Mapping[str, Any] | None) -> None:
        """Add an entry by the fields of its columns; None is an entry that could not be read."""
        if values is None:
            self._unread = True
            return
        sums = self._parts[-1]
        for each in self._amounts:
            fen = values.get(each.column.field)
            if fen is not None:
                sums[each.head] = sums.get(each.head, 0) + fen
        sums.setdefault("", 0)  # the part has an entry, even one without an amount

    def state(self, number: int, word: str, cells: Sequence[Cell]) -> Iterator[tuple[str, LedgerError]]:
        """Take a totals row; yield what of it cannot be read, by place."""
        stated = []
        for each in self._amounts:
            cell = cells[each.index] if each.index < len(cells) else None
            if is_blank(cell):
                continue
            try:
                stated.append((each, _amount(cell, each.unit or Unit.YUAN)))
            except LedgerError as error:
                yield each.where, error
        self._stated.append(_Stated(number, word, tuple(stated)))
        self._parts.append({})

    def check(self) -> Iterator[tuple[int, str, LedgerError]]:
        """Yield each stated amount that its entries do not reach, by row and place.

        Where an entry could not be read there is nothing to compare with: the entry is refused itself.
        """
        if self._unread:
            return
        levels, parts = _levels([each.word for each in self._stated]), self._parts
        spans = self._spans(levels, _GROUP) | self._spans(levels, _PLACE)
        whole = {each.head: sum(part.get(each.head, 0) for part in parts) for each in self._amounts}
        for at, each in enumerate(self._stated):
            span = parts[spans[at]] if at in spans else []
            # A place without entries of its own is the one that holds the others: 某县合计 beside those of its towns.
            is_whole = levels[at] == _SHEET or (levels[at] == _PLACE and not any(span))
            for found, stated in each.fen:
                summed = whole[found.head] if is_whole else sum(part.get(found.head, 0) for part in span)
                if summed == stated:
                    self.compared += 1
                    continue
                yield each.row, found.where, _differs(each, stated, summed)

    def _spans(self, levels: Sequence[int], level: int) -> dict[int, slice]:
        """Return by totals row of a level which parts of the sheet it stands for; no part belongs to two of them."""
        if level not in levels:
            return {}
        ends = [at for at, other in enumerate(levels) if level <= other < _SHEET]
        above = not any(self._parts[: levels.index(level) + 1])  # printed above what it adds up
        return {
            at: slice(at + 1, after + 1) if above else slice(before + 1, at + 1)
            for before, at, after in zip([-1, *ends], ends, [*ends[1:], len(levels)], strict=False)
            if levels[at] == level
        }


def _levels(words: Sequence[str]) -> list[int]:
    """Return what each totals row of a sheet stands for."""
    named = {word for word in words if not word.endswith(_PARTS) and word not in _WHOLES and word[:1] != _ALL}
    of_all = any(not word.endswith(_PARTS) and word not in named for word in words)
    places = named if len(named) > 1 or of_all else frozenset()
    return [_GROUP if word.endswith(_PARTS) else _PLACE if word in places else _SHEET for word in words]


def _amount(cell: Cell, unit: Unit) -> Fen:
    """Return what a total says, in fen: a number that a formula summed is off by the noise of binary fractions."""
    if isinstance(cell, BadCell):
        raise ValueRefusedError(cell.code, cell.message, hint=cell.hint)
    if isinstance(cell, Decimal) and cell.is_finite() and abs(cell) < _EXACT:
        cell = (cell * int(unit)).quantize(Decimal(1), ROUND_HALF_UP) / 100
        unit = Unit.YUAN
    if isinstance(cell, str | int | Decimal) and not isinstance(cell, bool):
        return parse_money(cell, unit)
    raise ValueRefusedError("money.not_a_number", "单元格不是金额", hint="请填写数字")


def _differs(stated: _Stated, says: Fen, summed: Fen) -> ValueRefusedError:
    return ValueRefusedError(
        "import.total_differs",
        f"{stated.word}行写 {format_yuan(says)} 元,所辖各行相加是 {format_yuan(summed)} 元,"
        f"相差 {format_yuan(says - summed)} 元",
        hint="请核对是否漏行、多行或金额有误;分组的合计请写“小计”,全表的请写“合计”",
        rule="表内合计行是控制数,须与各行之和一分不差",
    )
