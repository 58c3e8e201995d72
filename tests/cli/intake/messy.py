"""Workbooks as counties make them, with the truth about each: what must be taken in, what refused, in which row.

Everything is drawn from a seed. A kind of dirt is one method whose name begins with ``dirt_`` (the whole table) or an
entry of the tables of amounts, days, codes and faults (one row). The truth is written down while the dirt is made and
knows nothing of the reader.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

__all__ = ["FAULTS", "GOOD_AMOUNTS", "GOOD_CODES", "GOOD_DAYS", "TABLE_DIRT", "Messy", "messy"]

Fen = int
_UNITS: Final = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_ZERO_WIDTH = "\u200b"

TABLE_DIRT: Final = (
    "title", "unit above", "unit in head", "unit in wide brackets", "unit after a stroke", "two levels", "synonyms",
    "blanks in heads", "breaks in heads", "zero width in heads", "marks of duty", "line numbers", "remarks",
    "column numbers", "empty rows", "subtotals", "total", "note", "signature", "head again", "merged tranche",
    "hidden row", "hidden column", "cover sheet", "hidden sheet", "moved right", "from 1904", "unit by flag",
)  # fmt: skip
GOOD_AMOUNTS: Final = (
    "number", "text", "commas", "own unit", "wide digits", "residue of a sum", "yuan sign", "capitals", "spaces around",
)  # fmt: skip
GOOD_DAYS: Final = (
    "date cell", "serial", "digits", "Chinese", "dots", "strokes", "ISO", "wide", "spaces within",
)  # fmt: skip
GOOD_CODES: Final = ("text", "number", "zero width", "spaces", "wide letters", "line break")
FAULTS: Final = {
    "error value": ("amount", "cell.error"),
    "formula without result": ("amount", "cell.not_computed"),
    "long number": ("project", "cell.long_number"),
    "finer than a fen": ("amount", "money.finer_than_fen"),
    "negative": ("amount", "money.negative"),
    "about": ("amount", "money.not_a_number"),
    "dash": ("amount", "cell.missing"),
    "nothing": ("amount", "cell.missing"),
    "zero": ("amount", "money.zero"),
    "1E-24": ("amount", "money.zero"),
    "truth value": ("amount", "money.not_a_number"),
    "no such day": ("day", "date.no_such_day"),
    "two digit year": ("day", "date.two_digit_year"),
    "private sign": ("project", "cell.unknown_sign"),
    "under no head": ("beyond", "cell.no_column"),
}


@dataclass
class Messy:
    """A workbook and the truth: accepted (row, project, fen, day), refused (row, column letter, code)."""

    content: bytes
    flags: dict[str, str]
    accepted: list[tuple[int, str, Fen, date]] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)

    @property
    def total(self) -> Fen:
        return sum(fen for _, _, fen, _ in self.accepted)


def messy(seed: int, dirt: set[str] | None = None, faults: tuple[str, ...] | None = None) -> Messy:
    """Make a workbook of allocations; without ``dirt`` and ``faults`` the seed decides which there are."""
    return _Maker(seed, dirt, faults).made()


class _Maker:
    def __init__(self, seed: int, dirt: set[str] | None, faults: tuple[str, ...] | None) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - reproducible dirt, not a secret
        self.dirt = {each for each in TABLE_DIRT if self.rng.random() < 0.4} if dirt is None else dirt
        chosen = tuple(name for name in FAULTS if self.rng.random() < 0.3) if faults is None else faults
        self.faults = list(chosen)
        if "subtotals" in self.dirt or "total" in self.dirt:
            self.faults = []  # a total over rows that are refused is nobody's truth
        self.book = Workbook()
        if "from 1904" in self.dirt:
            self.book.epoch = CALENDAR_MAC_1904
        self.truth = Messy(b"", {})
        self.unit = "元"
        self.row = 0
        self.sum: Fen = 0
        self.since: Fen = 0

    def made(self) -> Messy:
        self._sheets()
        self._columns()
        self._head()
        self._body()
        buffer = io.BytesIO()
        self.book.save(buffer)
        self.truth.content = buffer.getvalue()
        return self.truth

    def _sheets(self) -> None:
        self.sheet = self.book.worksheets[0]
        self.sheet.title = "安排"
        for name in ("cover sheet", "hidden sheet"):
            if name in self.dirt:
                other = self.book.create_sheet(name, 0)
                other.append(["某县财政衔接推进乡村振兴补助资金"])
                if name == "hidden sheet":
                    other.append(["批次编号", "项目编号", "金额(元)", "日期"])
                    other.sheet_state = "hidden"

    def _columns(self) -> None:
        """Decide which column stands where."""
        order = ["tranche", "project", "amount", "day"]
        self.rng.shuffle(order)
        if "merged tranche" in self.dirt:
            order.remove("tranche")
            order.insert(0, "tranche")
        if "line numbers" in self.dirt or "hidden column" in self.dirt:
            order.insert(0, "line")
        if "remarks" in self.dirt:
            order.append("remark")
        start = 2 if "moved right" in self.dirt else 0
        self.column = {name: start + index + 1 for index, name in enumerate(order)}
        self.column["beyond"] = start + len(order) + 2
        if "hidden column" in self.dirt:
            self.sheet.column_dimensions[self._letter("line")].hidden = True

    def _letter(self, name: str) -> str:
        return get_column_letter(self.column[name])

    def _put(self, name: str, value: object) -> Cell:
        cell = self.sheet.cell(self.row, self.column[name])
        assert isinstance(cell, Cell)
        cell.value = value  # type: ignore[assignment]  # whatever a sheet can hold
        return cell

    def _head(self) -> None:
        names = {"tranche": "批次编号", "project": "项目编号", "amount": "金额", "day": "日期", "line": "序号"}
        names["remark"] = "备注"
        if "synonyms" in self.dirt:
            names |= {"tranche": "资金批次", "project": "项目编码", "amount": "安排资金", "day": "安排日期"}
        if "title" in self.dirt:
            self.row += 1
            first, last = min(self.column.values()), self.column["beyond"] - 2
            self.sheet.cell(self.row, first).value = "某县2022年财政衔接资金安排表(第一批,共100万元)"
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=first, end_column=last)
        self._unit(names)
        self._disguise(names)
        self.row += 1
        two = "two levels" in self.dirt
        for name in (each for each in self.column if each != "beyond"):
            self._head_cell(name, names[name], two=two)
        self.names = names
        self.row += two
        if "column numbers" in self.dirt:
            self.row += 1
            for number, name in enumerate((each for each in self.column if each != "beyond"), start=1):
                self._put(name, number)
            self.truth.skipped.append((self.row, "栏次"))

    def _disguise(self, names: dict[str, str]) -> None:
        if "blanks in heads" in self.dirt:
            names |= {key: " ".join(name) for key, name in names.items() if "(" not in name}
        if "breaks in heads" in self.dirt:
            names["project"] = names["project"][:2] + "\n" + names["project"][2:]
        if "zero width in heads" in self.dirt:
            names["day"] += _ZERO_WIDTH
        if "marks of duty" in self.dirt:
            names["project"] = "*" + names["project"]

    def _head_cell(self, name: str, text: str, *, two: bool) -> None:
        if two and name == "amount":
            self._put(name, "资金投入")
            self.row += 1
            self._put(name, text)
            self.row -= 1
            return
        self._put(name, text)
        if two:
            column = self.column[name]
            self.sheet.merge_cells(start_row=self.row, end_row=self.row + 1, start_column=column, end_column=column)

    def _unit(self, names: dict[str, str]) -> None:
        self.unit = self.rng.choice(list(_UNITS))
        if "unit above" in self.dirt:
            self.row += 1
            self._put("day", f"单位:{self.unit}")
        elif "unit in wide brackets" in self.dirt:
            names["amount"] += f"（{self.unit}）"
        elif "unit after a stroke" in self.dirt:
            names["amount"] += f"/{self.unit}"
        elif "unit by flag" in self.dirt:
            self.truth.flags["unit"] = self.unit
        else:
            names["amount"] += f"({self.unit})"

    def _body(self) -> None:
        count = self.rng.randrange(6, 14)
        group = self.row + 1
        for number in range(count):
            self.row += 1
            if "empty rows" in self.dirt and self.rng.random() < 0.2:
                self.row += 1
            if "head again" in self.dirt and number == count // 2:
                self._head_again()
            fault = self.faults.pop() if self.faults and number > 0 else None
            self._entry(number, fault)
            if "hidden row" in self.dirt and number == 1:
                self.sheet.row_dimensions[self.row].hidden = True
                self.truth.hidden.append(self.row)
            if "subtotals" in self.dirt and number == count // 2:
                self._total("小  计", self.since)
                self.since = 0
        if "merged tranche" in self.dirt:
            self._merge_tranche(group)
        if "total" in self.dirt:
            self._total("合计", self.sum)
        self._foot()

    def _head_again(self) -> None:
        for name in self.names:
            if name in self.column:
                self._put(name, self.names[name])
        self.truth.skipped.append((self.row, "表头"))
        self.row += 1

    def _merge_tranche(self, first: int) -> None:
        """Merge the codes of tranches from the first row down to the first row that is no entry."""
        entries = {row for row, *_ in self.truth.accepted} | {row for row, *_ in self.truth.refused}
        first = min(entries)
        last = first
        while last + 1 in entries:
            last += 1
        column = self.column["tranche"]
        if last > first:
            self.sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)

    def _total(self, word: str, fen: Fen) -> None:
        self.row += 1
        first = min(self.column, key=lambda name: self.column[name])
        at = first if first != "amount" else "project"
        self._put(at, word)
        self._put("amount", fen / _UNITS[self.unit])
        self.truth.skipped.append((self.row, "合计"))

    def _foot(self) -> None:
        for name, text in (("note", "注:本表数据截至2022年6月底"), ("signature", "填表人:×× 审核:××")):
            if name in self.dirt:
                self.row += 1
                self.sheet.cell(self.row, min(self.column.values())).value = text
                self.truth.skipped.append((self.row, "说明"))

    def _entry(self, number: int, fault: str | None) -> None:
        if "line" in self.column:
            self._put("line", number + 1)
        if "remark" in self.column and self.rng.random() < 0.5:
            self._put("remark", "无")
        self._put("tranche", "T2")
        project = self._project(self.rng.choice(GOOD_CODES))
        fen = self._amount(self.rng.choice(GOOD_AMOUNTS))
        day = self._day(self.rng.choice(GOOD_DAYS))
        if fault is None:
            self.truth.accepted.append((self.row, project, fen, day))
            self.sum += fen
            self.since += fen
            return
        name, code = FAULTS[fault]
        self._spoil(fault)
        self.truth.refused.append((self.row, self._letter(name), code))

    def _project(self, how: str) -> str:
        number = self.rng.randrange(1000, 9999)
        text = {
            "number": number, "zero width": f"{number}{_ZERO_WIDTH}", "spaces": f"  P{number} ",
            "wide letters": f"Ｐ{number}", "line break": f"P\n{number}", "text": f"P{number}",
        }[how]  # fmt: skip
        self._put("project", text)
        return f"{number}" if how in {"number", "zero width"} else f"P{number}"

    def _amount(self, how: str) -> Fen:
        fen = self.rng.randrange(1, 10**10)
        unit = _UNITS[self.unit]
        exact = _decimal(fen, unit)
        value: Any = {
            "number": fen / unit, "text": exact, "own unit": f"{_decimal(fen, 1_000_000)}万元",
            "commas": f"{fen // 100:,}.{fen % 100:02d}元", "wide digits": exact.translate(_WIDE),
            "residue of a sum": None, "yuan sign": f"￥{fen // 100}.{fen % 100:02d}元", "capitals": None,
            "spaces around": f"\u3000{exact} ",
        }[how]  # fmt: skip
        if how == "residue of a sum":
            parts = [self.rng.randrange(1, 10**8) for _ in range(5)]
            fen, value = sum(parts), sum(part / unit for part in parts)
        elif how == "capitals":
            fen, value = 12_345_600, "壹拾贰万叁仟肆佰伍拾陆元整"
        self._put("amount", value)
        return fen

    def _day(self, how: str) -> date:
        day = date(2022, 1, 14) + timedelta(days=self.rng.randrange(300))
        epoch = _EPOCH_1904 if "from 1904" in self.dirt else _EPOCH
        self._put("day", {
            "date cell": day, "serial": (day - epoch).days, "digits": int(f"{day:%Y%m%d}"),
            "Chinese": f"{day.year}年{day.month}月{day.day}日", "dots": f"{day.year}.{day.month}.{day.day}",
            "strokes": f"{day.year}/{day.month}/{day.day}", "ISO": day.isoformat(),
            "wide": day.isoformat().translate(_WIDE), "spaces within": f"{day.year}年 {day.month}月 {day.day}日",
        }[how])  # fmt: skip
        return day

    def _spoil(self, fault: str) -> None:
        name, _ = FAULTS[fault]
        cell = self._put(name, {
            "error value": "#N/A", "formula without result": "=1/3", "long number": 520203202200000001,
            "finer than a fen": f"{_decimal(1, _UNITS[self.unit])}1", "negative": -1, "about": "约5", "dash": "—",
            "nothing": None, "zero": 0, "1E-24": 1e-24, "truth value": True, "no such day": "2022-02-30",
            "two digit year": "22.4.8", "private sign": "P\ue001", "under no head": "多出来的",
        }[fault])  # fmt: skip
        if fault == "error value":
            cell.data_type = "e"


_WIDE = {ord("0") + digit: chr(ord("０") + digit) for digit in range(10)} | {ord("."): "．", ord("-"): "－"}


def _decimal(fen: Fen, unit: int) -> str:
    """Return ``fen`` in the unit as exact decimal text."""
    places = len(str(unit)) - 1
    return f"{fen // unit}.{fen % unit:0{places}d}"
