"""The items of a pack kind by kind, laid over those of the pack that it extends.

An item of the pack takes the place of that of the base with the same identity; the others are added. Items are told
apart before they are used, so what refers to an item of the base by its id finds the one that took its place.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from ledger.rules.dated import Deadline, Disclosure, DueDays, Indicator, KeyArea, Target
from ledger.rules.flags import FlagRule
from ledger.rules.model import Forbidden, Parameter, ProjectType, Rate, Threshold
from ledger.rules.reach import overlapping
from ledger.rules.table import RulePackError, Table, headers
from ledger.workdays import CalendarYear

__all__ = ["Reader", "Source"]

_MAX_CHARACTERS = 1_000_000
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)")
_Lasting = Parameter | ProjectType | Forbidden | Deadline | Disclosure

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Source:
    """A pack's text as TOML: its top table, and the lines on which its items begin."""

    text: str
    top: Table
    lines: dict[str, list[int]]
    label: str

    @classmethod
    def of(cls, text: str, label: str = "") -> Source:
        """Read the TOML; ``label`` stands before the names of its items.

        Raises:
            ValueRefusedError: the text is too long or not TOML; code ``rule.*``.
        """
        if len(text) > _MAX_CHARACTERS:
            raise RulePackError("rule.too_long", "规则包超过一百万字", hint="请删去与规则无关的内容")
        try:
            values = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            at = _AT_LINE.search(str(error))
            place, line = (f"第 {at[1]} 行第 {at[2]} 列:", int(at[1])) if at else ("", 0)
            raise RulePackError(
                "rule.not_toml",
                f"规则包不是有效的 TOML:{place}{_AT_LINE.sub('', str(error))}",
                hint="请检查所指的行;格式见 docs/reference/rules.md",
                line=line,
            ) from None
        return cls(text, Table(values, f"{label}开头"), headers(text), label)

    def place(self, key: str) -> Table:
        """Return the place of a key at the top, or of the first item of a kind, to be named in an error."""
        if lines := self.lines.get(key):
            return Table({}, f"[[{key}]]", lines[0])
        texts = enumerate(self.text.splitlines(), start=1)
        return Table({}, key, next((number for number, text in texts if text.partition("=")[0].strip() == key), 0))

    def tables(self, kind: str) -> list[Table]:
        """Return the items of a kind, each named by line, number and name."""
        lines = self.lines.get(kind, [])
        tables = []
        for number, values in enumerate(self.top.tables(kind)):
            names = [values[key] for key in ("id", "code", "name") if key in values] if isinstance(values, dict) else []
            where = f"{self.label}[[{kind}]] 第 {number + 1} 项{f'“{names[0]}”' if names else ''}"
            tables.append(Table(values, where, lines[number] if number < len(lines) else 0))
        return tables


class Reader:
    """Reads the items of a pack, and remembers on which table each of them stands."""

    def __init__(self, own: Source, base: Source | None) -> None:
        self.own = own
        self._base = base
        self._tables: dict[tuple[str, Hashable], Table] = {}
        self._from_base: set[tuple[str, Hashable]] = set()

    def each(self, kind: str, read: Callable[[Table], Item]) -> tuple[Item, ...]:
        """Return the items of a kind: those of the base, replaced where the pack says so, and the pack's others.

        Raises:
            ValueRefusedError: an item is wrong, repeated, or holds on the same days as another of its name.
        """
        own = self._read(self.own, kind, read)
        base = self._read(self._base, kind, read) if self._base else {}
        merged = base | own
        self._tables |= {(kind, identity): table for identity, (_, table) in merged.items()}
        self._from_base |= {(kind, identity) for identity in base.keys() - own.keys()}
        items = [item for item, _ in merged.values()]
        self._check_days(kind, items)
        return tuple(items)

    def own_items(self, kind: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """Return those of the items that the pack itself writes."""
        return tuple(item for item in items if (kind, _identity(item)) not in self._from_base)

    def table(self, kind: str, item: object) -> Table:
        """Return the table on which an item stands."""
        return self._tables[kind, _identity(item)]

    def _read(self, source: Source, kind: str, read: Callable[[Table], Item]) -> dict[Hashable, tuple[Item, Table]]:
        found: dict[Hashable, tuple[Item, Table]] = {}
        for table in source.tables(kind):
            item = read(table)
            table.done()
            identity = _identity(item)
            if identity in found:
                raise table.refused("rule.repeated", f"与第 {found[identity][1].line} 行的一项重复")
            found[identity] = item, table
        return found

    def _check_days(self, kind: str, items: list[Item]) -> None:
        by_name: defaultdict[Hashable, list[_Lasting]] = defaultdict(list)
        for item in items:
            if isinstance(item, _Lasting):
                by_name[_name(item)].append(item)
        for same in by_name.values():
            if both := overlapping(same):
                earlier, later = (self.table(kind, item) for item in both)
                raise later.refused(
                    "rule.overlap",
                    f"与第 {earlier.line} 行 {earlier.where} 的有效期重叠,请用 valid_from、valid_to 分开",
                )


def _identity(item: object) -> Hashable:
    """Return what must be unique among the items of its kind."""
    return (_name(item), item.valid_from) if isinstance(item, _Lasting) else _name(item)


def _name(item: object) -> Hashable:
    match item:
        case Rate():
            return item.set, item.id
        case Threshold():
            return item.jurisdiction, item.fund_kind, item.levels, item.plan_year
        case Parameter():
            return item.name, item.jurisdiction
        case ProjectType():
            return item.code
        case Target():
            return item.set, item.rate, item.id, item.jurisdiction, item.areas, item.years
        case Deadline():
            return item.id, item.jurisdiction, item.level
        case DueDays() | Disclosure() | Indicator() | FlagRule():
            return item.id, item.jurisdiction
        case KeyArea():
            return item.area
        case CalendarYear():
            return item.year
        case _:
            return str(getattr(item, "id", item))
