"""One table of a rule pack, read key by key: each key is checked, and what nobody asked for is refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from ledger.dates import check_plan_year
from ledger.errors import LedgerError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.codes import Code

__all__ = ["RulePackError", "Table", "headers"]

_HEADER = re.compile(r"\s*\[\[\s*([A-Za-z_]+)\s*\]\]")
_LIST = re.compile(r"([a-z_]+)\s*=\s*\[\s*$")
_AREA = re.compile(r"[0-9]{6}")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_COMMON_YEAR = 2001  # 02-29 is no day of every year
_HINT = "请按 docs/reference/rules.md 的格式修改规则包"

T = TypeVar("T", str, int, bool)
L = TypeVar("L", str, int, date)


class RulePackError(ValueRefusedError):
    """A fault of a rule pack and the line of the text on which it stands (0 where it is not one line's)."""

    def __init__(self, code: str, message: str, *, hint: str = _HINT, where: str = "", line: int = 0) -> None:
        super().__init__(code, message, hint=hint, where=where)
        self.line = line

    @override
    def at(self, where: str) -> LedgerError:
        """Return the same error as that of a file: ``where`` begins with file and line as editors read them."""
        return super().at(f"{where}:{self.line}" if self.line else where)


def headers(text: str) -> dict[str, list[int]]:
    """Return for each kind of table the numbers of the lines on which its items begin.

    Items are written either as ``[[kind]]`` or as one line each in ``kind = [``: tomllib itself keeps no lines.
    """
    found: dict[str, list[int]] = {}
    kind = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            found.setdefault(header[1], []).append(number)
            kind = ""
        elif opening := _LIST.match(line):
            kind = opening[1]
        elif kind and line.lstrip().startswith("{"):
            found.setdefault(kind, []).append(number)
        elif line.startswith("]"):
            kind = ""
    return found


class Table:
    """A table of the pack and the keys that were not read yet."""

    def __init__(self, values: object, where: str, line: int = 0) -> None:
        self.where = where
        self.line = line
        if not isinstance(values, dict):
            raise self.refused("rule.not_a_table", "应为一个表")
        self._values: dict[str, object] = dict(values)

    def refused(self, code: str, why: str) -> RulePackError:
        """Return the error that names this table."""
        line = f"第 {self.line} 行 " if self.line else ""
        return RulePackError(code, f"规则包有误:{line}{self.where} {why}", where=self.where, line=self.line)

    @property
    def keys(self) -> frozenset[str]:
        """The keys that were not read yet."""
        return frozenset(self._values)

    def has(self, key: str) -> bool:
        """Say whether the key is given."""
        return key in self._values

    def text(self, key: str) -> str:
        """Return a text that must not be empty; a missing ``source`` has a code of its own."""
        value = self._taken(key, str, None)
        if not value.strip():
            raise self.refused("rule.missing", f"的 {key} 为空")
        return value

    def optional_text(self, key: str) -> str:
        """Return a text, or an empty one where the key is missing."""
        return self.text(key) if key in self._values else ""

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number between two bounds, both included."""
        value = self._taken(key, int, default)
        if not least <= value <= most:
            raise self.refused("rule.bad_value", f"的 {key} 为 {value},应在 {least} 至 {most} 之间")
        return value

    def year(self, key: str) -> int:
        """Return a plan year."""
        return self._checked_year(key, self._taken(key, int, None))

    def years(self, key: str) -> frozenset[int]:
        """Return a list of plan years; a missing key is an empty list."""
        years = self._list(key, "年份的列表,如 [2022, 2023]", int)
        return frozenset(self._checked_year(key, year) for year in years)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false."""
        return self._taken(key, bool, default)

    def number_or_text(self, key: str) -> int | str:
        """Return a whole number or a text."""
        value = self._raw(key)
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.refused("rule.bad_value", f"的 {key} 应为整数或文字")
        return value

    def choice(self, key: str, allowed: Mapping[str, T] | Iterable[str], default: str | None = None) -> str:
        """Return a word of a closed list."""
        value = self._taken(key, str, default)
        self._must_be_known(key, [value], allowed)
        return value

    def words(self, key: str, allowed: Iterable[str]) -> frozenset[str]:
        """Return a list of words of a closed list; a missing key is an empty list."""
        words = self._list(key, "文字的列表", str)
        self._must_be_known(key, words, allowed)
        return frozenset(words)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them blank; a missing key is an empty list."""
        texts = self._list(key, "文字的列表", str)
        if not all(text.strip() for text in texts):
            raise self.refused("rule.bad_value", f"的 {key} 含有空的文字")
        return tuple(texts)

    def codes(self, key: str, list_of: type[Code]) -> frozenset[str]:
        """Return a list of codes of a code list."""
        return self.words(key, [str(code) for code in list_of])

    def signs(self, key: str, allowed: Iterable[str] | None = None) -> tuple[tuple[str, int], ...]:
        """Return words with the sign 1 or -1 each, at least one; without ``allowed`` they are looked up later."""
        value = self._raw(key)
        if not isinstance(value, dict) or not value:
            raise self.refused("rule.bad_value", f"的 {key} 应为表,如 {{ issued = 1, recovered = -1 }}")
        if allowed is not None:
            self._must_be_known(key, value, allowed)
        if not all(isinstance(sign, int) and not isinstance(sign, bool) and sign in {1, -1} for sign in value.values()):
            raise self.refused("rule.bad_value", f"的 {key} 中每项应为 1 或 -1")
        return tuple(value.items())

    def day(self, key: str) -> date | None:
        """Return a date, or None where the key is missing."""
        value = self._values.pop(key, None)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.refused("rule.bad_value", f"的 {key} 应为日期,如 2026-01-01(不加引号)")
        return value

    def certain_day(self, key: str) -> date:
        """Return a date that must be given."""
        day = self.day(key)
        if day is None:
            raise self.refused("rule.missing", f"缺少 {key}")
        return day

    def days(self, key: str) -> frozenset[date]:
        """Return a list of dates; a missing key is an empty list."""
        days = self._list(key, "日期的列表,如 [2026-01-01](不加引号)", date)
        return frozenset(days)

    def month_day(self, key: str) -> str:
        """Return a day of every year, as ``04-01``."""
        return self._checked_month_day(key, self.text(key))

    def month_days(self, key: str) -> tuple[str, ...]:
        """Return days of every year in order, at least one."""
        days = sorted(self._checked_month_day(key, day) for day in self._list(key, '日子的列表,如 ["03-25"]', str))
        if not days:
            raise self.refused("rule.missing", f"缺少 {key}")
        return tuple(days)

    def percent(self, key: str) -> tuple[str, Fraction]:
        """Return a percentage as written, and as an exact fraction of one."""
        text = self.text(key)
        if not _PERCENT.fullmatch(text):
            raise self.refused("rule.bad_value", f'的 {key} 应为加引号的百分数,如 "55"')
        return text, Fraction(text) / 100

    def number(self, key: str) -> tuple[str, Fraction]:
        """Return a number that is not negative as written, and exactly."""
        text = self.text(key)
        if not _NUMBER.fullmatch(text):
            raise self.refused("rule.bad_value", f'的 {key} 应为加引号的数,如 "98.3"')
        return text, Fraction(text)

    def jurisdiction(self) -> str:
        """Return a six-digit area code; 000000 is the nation."""
        return self.area("jurisdiction")

    def area(self, key: str) -> str:
        """Return a six-digit area code."""
        return self._checked_area(key, self.text(key))

    def areas(self, key: str) -> frozenset[str]:
        """Return a list of six-digit area codes; a missing key is an empty list."""
        return frozenset(self._checked_area(key, area) for area in self._list(key, "区划代码的列表", str))

    def tables(self, key: str) -> list[object]:
        """Return a list of tables; a missing key is an empty list."""
        value = self._values.pop(key, [])
        if not isinstance(value, list):
            raise self.refused("rule.bad_value", f"的 {key} 应写作 [[{key}]]")
        return value

    def inner(self, key: str) -> Table:
        """Return the table that a key holds; a missing key is an empty one."""
        return Table(self._values.pop(key, {}), f"{self.where} 的 {key}", self.line)

    def done(self) -> None:
        """Refuse keys that nobody asked for."""
        if self._values:
            raise self.refused("rule.unknown_key", f"含有不认识的项:{'、'.join(sorted(self._values))}")

    def _list(self, key: str, described: str, kind: type[L]) -> list[L]:
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(type(each) is kind for each in value):
            raise self.refused("rule.bad_value", f"的 {key} 应为{described}")
        return value

    def _checked_year(self, key: str, year: int) -> int:
        try:
            return check_plan_year(year)
        except ValueRefusedError as error:
            raise self.refused("rule.bad_value", f"的 {key} 有误:{error.message}") from None

    def _checked_area(self, key: str, area: str) -> str:
        if not _AREA.fullmatch(area):
            raise self.refused("rule.bad_value", f"的 {key} 应为六位区划代码,全国为 000000")
        return area

    def _checked_month_day(self, key: str, text: str) -> str:
        try:
            if _MONTH_DAY.fullmatch(text) and date.fromisoformat(f"{_COMMON_YEAR}-{text}"):
                return text
        except ValueError:
            pass
        raise self.refused("rule.bad_value", f'的 {key} 应为每年都有的日子,写作月-日,如 "04-01"')

    def _raw(self, key: str) -> object:
        if key not in self._values:
            code = "rule.no_source" if key == "source" else "rule.missing"
            advice = ';没有出处的规则请写 source = "assumed"' if key == "source" else ""
            raise self.refused(code, f"缺少 {key}{advice}")
        return self._values.pop(key)

    def _taken(self, key: str, kind: type[T], default: T | None) -> T:
        if default is not None and key not in self._values:
            return default
        value = self._raw(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            names = {str: "文字(加引号)", int: "整数", bool: "true 或 false"}
            raise self.refused("rule.bad_value", f"的 {key} 应为{names[kind]}")
        return value

    def _must_be_known(self, key: str, words: Iterable[str], allowed: Iterable[str]) -> None:
        known = list(allowed)
        for word in words:
            if word not in known:
                listed = "、".join(sorted(known))
                raise self.refused("rule.unknown_word", f"的 {key} 含有不认识的“{word}”;可用:{listed}")
