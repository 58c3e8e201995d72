"""Dated area codes, from province down to village (GB/T 2260 and the codes of the statistics bureau).

Six digits are a province (``xx0000``), a city (``xxxx00``) or a county, nine a town, twelve a village. Codes change:
水城县 520221 became 水城区 520204 in 2020, and a document of 2019 must keep the old code while a report on the county
must find both. So every code has the days it holds, both included, and the code that follows it.

The program ships 六盘水 with its towns; any other county comes from a CSV file in the form of `load_areas`.
"""

from __future__ import annotations

import csv
import io
import re
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.characters import half_width, quoted
from ledger.dates import format_date, parse_date
from ledger.errors import LedgerError, StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["Area", "AreaLevel", "AreaList", "load_areas", "shipped_areas"]

_CODE = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}(?:[0-9]{3})?)?")
_COUNTY_DIGITS, _TOWN_DIGITS, _VILLAGE_DIGITS = 6, 9, 12
_COLUMNS = ["code", "name", "valid_from", "valid_to", "successor"]
_MAX_FILE_BYTES = 64 * 2**20  # the villages of the whole country fit twice
_SHIPPED = Path(__file__).parent / "data" / "areas_520200.csv"
_FORM_HINT = "代码为 6 位(省、市、县)、9 位(乡镇、街道)或 12 位(村、社区)数字"
_FILE_HINT = "请用 UTF-8 或 GB18030 编码的 CSV,首行为 " + ",".join(_COLUMNS)


class AreaLevel(StrEnum):
    """The level of government an area code belongs to."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class Area(NamedTuple):
    """One code with the name it had from ``valid_from`` to ``valid_to`` (the last day; None: it still holds)."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None = None
    successor: str = ""

    @property
    def level(self) -> AreaLevel:
        """The level that the digits of the code tell."""
        if len(self.code) == _VILLAGE_DIGITS:
            return AreaLevel.VILLAGE
        if len(self.code) == _TOWN_DIGITS:
            return AreaLevel.TOWN
        if self.code.endswith("0000"):
            return AreaLevel.PROVINCE
        return AreaLevel.CITY if self.code.endswith("00") else AreaLevel.COUNTY

    @property
    def parent(self) -> str:
        """The code one level up; empty for a province."""
        match self.level:
            case AreaLevel.VILLAGE | AreaLevel.TOWN:
                return self.code[:-3]
            case AreaLevel.COUNTY:
                return self.code[:4] + "00"
            case AreaLevel.CITY:
                return self.code[:2] + "0000"
            case AreaLevel.PROVINCE:
                return ""

    def holds_on(self, day: date) -> bool:
        """Return whether the code is in use on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def __str__(self) -> str:
        return f"{self.name}({self.code})"


class AreaList:
    """An immutable list of areas that fit together.

    Making one raises `ValueRefusedError`: ``area.bad_code``, ``area.bad_period``, ``area.overlap`` when one code has
    two meanings on a day, ``area.no_parent`` for a town without its county or a village without its town,
    ``area.unknown_successor``.
    """

    __slots__ = ("_by_code", "_by_parent", "_predecessors")

    def __init__(self, areas: Iterable[Area]) -> None:
        by_code: dict[str, tuple[Area, ...]] = {}
        for area in sorted(areas, key=lambda area: (area.code, area.valid_from)):
            _check_alone(area)
            by_code[area.code] = (*by_code.get(area.code, ()), area)
        by_parent: dict[str, list[str]] = {}
        predecessors: dict[str, list[str]] = {}
        for code, periods in by_code.items():
            by_parent.setdefault(periods[0].parent, []).append(code)
            for area in periods:
                if area.successor:
                    predecessors.setdefault(area.successor, []).append(code)
        self._by_code = by_code
        self._by_parent = by_parent
        self._predecessors = predecessors
        self._check_together()

    def __iter__(self) -> Iterator[Area]:
        for periods in self._by_code.values():
            yield from periods

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str, on: date) -> Area:
        """Return the area that ``code`` means on the day ``on``, its town and county being valid then too.

        Raises `ValueRefusedError` with ``area.unknown``, ``area.expired`` (the message names the successor and the
        day) or ``area.not_yet_valid``.
        """
        for area in self._periods(code):
            if area.holds_on(on):
                if len(code) > _COUNTY_DIGITS:
                    self.get(area.parent, on)
                return area
        raise self._out_of_date(code, on)

    def name(self, code: str) -> str:
        """Return the latest name of ``code``, in use or not; raises `ValueRefusedError` ``area.unknown``."""
        return self._periods(code)[-1].name

    def named(self, name: str, on: date) -> Area:
        """Return the province, city or county that bears ``name`` on the day ``on``.

        Raises `ValueRefusedError` ``area.unknown_name`` where none or more than one does.
        """
        bearers = [
            each for each in self if each.name == name and len(each.code) == _COUNTY_DIGITS and each.holds_on(on)
        ]
        if len(bearers) == 1:
            return bearers[0]
        how_many = f"不止一个:{'、'.join(map(str, bearers))}" if bearers else "不在区划表中"
        message = f"地区{quoted(name)}在 {format_date(on)} {how_many}"
        hint = "请填六位区划代码;表里另有叫法的,导入时用 --word 地区:叫法=代码 说明一次"
        raise ValueRefusedError("area.unknown_name", message, hint=hint)

    def lineage(self, code: str) -> frozenset[str]:
        """Return ``code`` and every code it took over from, so that a report finds a county's older entries.

        Raises `ValueRefusedError` ``area.unknown``.
        """
        self._periods(code)
        found: set[str] = set()
        waiting = [code]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting += self._predecessors.get(current, ())
        return frozenset(found)

    def children(self, code: str, on: date) -> tuple[Area, ...]:
        """Return the areas directly under ``code`` that hold on ``on``, in order; raises ``area.unknown``."""
        self._periods(code)
        below = (area for child in self._by_parent.get(code, ()) for area in self._by_code[child])
        return tuple(area for area in below if area.holds_on(on))

    def with_areas(self, areas: Iterable[Area]) -> AreaList:
        """Return a list with ``areas`` added; what they say of a code replaces all that this list says of it."""
        added = tuple(areas)
        replaced = {area.code for area in added}
        return AreaList((*(area for area in self if area.code not in replaced), *added))

    def _periods(self, code: str) -> tuple[Area, ...]:
        periods = self._by_code.get(code)
        if periods is None:
            hint = "请核对代码;其他县的区划可用区划文件导入" if _CODE.fullmatch(code) else _FORM_HINT
            raise ValueRefusedError("area.unknown", f"{quoted(code)}不是已知的行政区划代码", hint=hint)
        return periods

    def _out_of_date(self, code: str, on: date) -> ValueRefusedError:
        periods = self._by_code[code]
        ended = [area for area in periods if area.valid_to is not None and area.valid_to < on]
        if ended:
            last = ended[-1]
            message = f"{last}只用到 {last.valid_to},不能用于 {format_date(on)} 的事项"
            if not last.successor:
                return ValueRefusedError("area.expired", message, hint="请核对日期和代码")
            follower = self._by_code[last.successor][-1]
            return ValueRefusedError("area.expired", f"{message};已由{follower}接续", hint=f"请改用 {follower.code}")
        first = periods[0]
        before = [area for older in self._predecessors.get(code, ()) for area in self._by_code[older]]
        hint = next((f"当时请用 {area}" for area in before if area.holds_on(on)), "请核对日期和代码")
        message = f"{first}从 {first.valid_from} 起启用,不能用于 {format_date(on)} 的事项"
        return ValueRefusedError("area.not_yet_valid", message, hint=hint)

    def _check_together(self) -> None:
        for code, periods in self._by_code.items():
            first = periods[0]
            if len(code) > _COUNTY_DIGITS and first.parent not in self._by_code:
                message = f"{first}的上级 {first.parent} 不在区划表中"
                raise ValueRefusedError("area.no_parent", message, hint="请先加入它所属的县(区)或乡镇")
            for earlier, later in pairwise(periods):
                if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                    message = f"代码 {code} 在 {later.valid_from} 有两个含义:{earlier.name}、{later.name}"
                    raise ValueRefusedError("area.overlap", message, hint="请填写前一个的 valid_to,或删去重复的行")
        for successor, codes in self._predecessors.items():
            if successor not in self._by_code:
                message = f"{codes[0]} 的接续代码 {quoted(successor)}不在区划表中"
                raise ValueRefusedError("area.unknown_successor", message, hint="请先加入接续的区划")


@cache
def shipped_areas() -> AreaList:
    """Return the areas that come with the program: 贵州省, 六盘水市, its counties past and present, their towns."""
    return AreaList(load_areas(_SHIPPED))


def load_areas(path: Path) -> list[Area]:
    """Return the areas of a CSV file with the columns code, name, valid_from, valid_to, successor.

    The last two may be empty; lines that begin with ``#`` are remarks; UTF-8 with or without BOM, or GB18030. Raises
    `StorageError` ``area.file_unreadable``, or `ValueRefusedError` that names file and line.
    """
    rows = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    areas: list[Area] = []
    header_seen = False
    try:
        for row in rows:
            cells = [half_width(cell) for cell in row]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if not header_seen:
                header_seen = True
                if cells != _COLUMNS:
                    raise ValueRefusedError("area.bad_file", "首行的列名不对", hint=_FILE_HINT)
                continue
            areas.append(_area_of(cells))
    except LedgerError as error:
        raise error.at(f"{path.name} 第 {rows.line_num} 行") from None
    except csv.Error:
        raise _bad_file("CSV 格式有误", f"{path.name} 第 {rows.line_num} 行") from None
    if not areas:
        raise _bad_file("没有一行区划", path.name)
    return areas


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise _bad_file(f"超过 {_MAX_FILE_BYTES >> 20} MB,不是区划文件", path.name)
        data = path.read_bytes()
    except OSError as error:
        message = f"无法读取区划文件 {quoted(path)}:{system_reason(error)}"
        raise StorageError("area.file_unreadable", message, hint="请核对路径和权限") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad_file("既不是 UTF-8 也不是 GB18030 编码", path.name)


def _area_of(cells: list[str]) -> Area:
    if len(cells) != len(_COLUMNS):
        message = f"有 {len(cells)} 列,应为 {len(_COLUMNS)} 列"
        raise ValueRefusedError("area.bad_file", message, hint=_FILE_HINT)
    code, name, valid_from, valid_to, successor = cells
    area = Area(code, name, parse_date(valid_from), parse_date(valid_to) if valid_to else None, successor)
    _check_alone(area)
    return area


def _check_alone(area: Area) -> None:
    for code in (area.code, area.successor) if area.successor else (area.code,):
        if not _is_code(code):
            message = f"{quoted(code)}不是行政区划代码的写法"
            raise ValueRefusedError("area.bad_code", message, hint=_FORM_HINT)
    if not area.name:
        raise ValueRefusedError("area.no_name", f"代码 {area.code} 没有名称", hint="请填写区划名称")
    if area.valid_to is not None and area.valid_to < area.valid_from:
        message = f"{area}的停用日期 {area.valid_to} 早于启用日期 {area.valid_from}"
        raise ValueRefusedError("area.bad_period", message, hint="请核对两个日期")


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text)) and (len(text) == _COUNTY_DIGITS or not text.endswith("000"))


def _bad_file(reason: str, where: str) -> ValueRefusedError:
    return ValueRefusedError("area.bad_file", f"区划文件{reason}", hint=_FILE_HINT, where=where)
