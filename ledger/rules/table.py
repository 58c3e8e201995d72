"""One table of a rule pack, read key by key: each key is checked, and what nobody asked for is refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.codes import Code

__all__ = ["Table", "headers"]

_HEADER = re.compile(r"\s*\[\[\s*([A-Za-z_]+)\s*\]\]")
_LIST = re.compile(r"([a-z_]+)\s*=\s*\[\s*$")
_HINT = "请按 docs/reference/rules.md 的格式修改规则包"

T = TypeVar("T", str, int, bool)


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

    def __init__(self, values: object, where: str) -> None:
        self.where = where
        if not isinstance(values, dict):
            raise self.refused("rule.not_a_table", "应为一个表")
        self._values: dict[str, object] = dict(values)

    def refused(self, code: str, why: str) -> ValueRefusedError:
        """Return the error that names this table."""
        return ValueRefusedError(code, f"规则包有误:{self.where} {why}", hint=_HINT, where=self.where)

    def has(self, key: str) -> bool:
        """Say whether the key is given."""
        return key in self._values

    def text(self, key: str) -> str:
        """Return a text that must not be empty; a missing ``source`` has a code of its own."""
        value = self._taken(key, str, None)
        if not value.strip():
            raise self.refused("rule.missing", f"的 {key} 为空")
        return value

    def whole(self, key: str) -> int:
        """Return a whole number."""
        return self._taken(key, int, None)

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
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.refused("rule.bad_value", f"的 {key} 应为文字的列表")
        self._must_be_known(key, value, allowed)
        return frozenset(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them blank; a missing key is an empty list."""
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
            raise self.refused("rule.bad_value", f"的 {key} 应为文字的列表")
        return tuple(value)

    def codes(self, key: str, list_of: type[Code]) -> frozenset[str]:
        """Return a list of codes of a code list."""
        return self.words(key, [str(code) for code in list_of])

    def signed(self, key: str, allowed: Iterable[str]) -> tuple[tuple[str, int], ...]:
        """Return words with the sign 1 or -1 each, at least one."""
        value = self._raw(key)
        if not isinstance(value, dict) or not value:
            raise self.refused("rule.bad_value", f"的 {key} 应为表,如 {{ issued = 1, recovered = -1 }}")
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

    def jurisdiction(self) -> str:
        """Return a six-digit area code; 000000 is the nation."""
        value = self.text("jurisdiction")
        if not re.fullmatch(r"[0-9]{6}", value):
            raise self.refused("rule.bad_value", "的 jurisdiction 应为六位区划代码,全国为 000000")
        return value

    def tables(self, key: str) -> list[object]:
        """Return a list of tables; a missing key is an empty list."""
        value = self._values.pop(key, [])
        if not isinstance(value, list):
            raise self.refused("rule.bad_value", f"的 {key} 应写作 [[{key}]]")
        return value

    def done(self) -> None:
        """Refuse keys that nobody asked for."""
        if self._values:
            raise self.refused("rule.unknown_key", f"含有不认识的项:{'、'.join(sorted(self._values))}")

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
