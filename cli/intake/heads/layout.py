"""Which column of the kind each head is: by its own name, a synonym, or what the profile says; the rest is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cli.intake.columns import Column, Found, column_letter
from cli.intake.heads.names import UNIT_WORDS, other_unit, plain, split_unit, words
from cli.intake.problems import HIDDEN, without_persons
from ledger.characters import quoted
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cli.intake.heads.finder import Head
    from cli.intake.heads.profiles import Profile
    from cli.intake.kind import Kind
    from ledger.money import Unit

__all__ = ["Layout", "knows", "lay_out"]

_EXACT, _SYNONYM, _LAST_LEVEL, _PROFILE = "完全一致", "同义词", "末级同名", "格式指定"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a sheet: those that are read, those left out, and the values that the profile gives instead.

    ``unknown`` heads and ``missing`` columns are shown by an inspection; nothing is read before there are none.
    """

    kind: Kind
    found: tuple[Found, ...]
    ignored: Mapping[int, str]
    constants: tuple[tuple[Column, str], ...]
    unknown: Mapping[int, str]
    missing: tuple[str, ...]

    def check(self) -> None:
        """Pass a layout that can be read. Raises ValueRefusedError that names all heads in the way."""
        if not (self.unknown or self.missing):
            return
        heads = ((column_letter(index), without_persons(name, HIDDEN)) for index, name in self.unknown.items())
        unknown = [f"{letter} 列{quoted(head)}" for letter, head in heads]
        parts = [f"缺少列:{'、'.join(self.missing)}"] if self.missing else []
        parts += [f"不认识的列:{'、'.join(unknown)}"] if unknown else []
        raise _refused("import.columns", f"列名不对:{';'.join(parts)}", self.kind)


def knows(kind: Kind) -> Callable[[str], bool]:
    """Return the question whether a plain name without its unit is one of a column of the kind."""
    by_name = _names(kind.columns)
    return lambda name: any(word in by_name for word, _ in _readings(name))


def lay_out(kind: Kind, head: Head, profile: Profile) -> Layout:
    """Return the layout of a sheet with this head.

    Raises:
        ValueRefusedError: a column stands there twice, or the profile names one that does not exist.
    """
    return _LayingOut(kind, head, profile).layout()


@lru_cache(maxsize=64)
def _names(columns: tuple[Column, ...]) -> dict[str, tuple[Column, str]]:
    """Return every plain name of a column; its own name beats a synonym of another."""
    synonyms = words()["synonyms"]
    found = {plain(column.head): (column, _EXACT) for column in columns}
    for column in columns:
        for word in synonyms.get(column.head, ()):
            found.setdefault(plain(word), (column, _SYNONYM))
    return found


def _readings(name: str) -> Iterator[tuple[str, bool]]:
    """Yield the name, and its last level alone; the flag says that levels above were left away."""
    yield name, False
    if "/" in name:
        yield name.rpartition("/")[2], True


class _LayingOut:
    def __init__(self, kind: Kind, head: Head, profile: Profile) -> None:
        self._kind, self._head, self._profile = kind, head, profile
        self._found: dict[str, Found] = {}
        self._unknown: dict[int, str] = {}
        self._ignored: dict[int, str] = {}
        self._by_head = {column.head: column for column in kind.columns}

    def layout(self) -> Layout:
        self._by_profile()
        taken = {found.index for found in self._found.values()}
        rest = [(index, name) for index, name in enumerate(self._head.names) if name and index not in taken]
        unsure = [each for each in rest if not self._take(*each, _EXACT)]
        for confidence in (_SYNONYM, _LAST_LEVEL):
            unsure = [each for each in unsure if not self._take(*each, confidence)]
        for index, name in unsure:
            self._leave(index, name)
        self._check_given_unit()
        constants = tuple((self._column(head), value) for head, value in self._profile.constants.items())
        given = {column.head for column, _ in constants} | set(self._found)
        missing = [
            column.template_head for column in self._kind.columns if column.required and column.head not in given
        ]
        order = sorted(self._found.values(), key=lambda found: found.index)
        return Layout(self._kind, tuple(order), self._ignored, constants, self._unknown, tuple(missing))

    def _by_profile(self) -> None:
        for column_head, file_head in self._profile.columns.items():
            wanted = plain(file_head)
            places = [i for i, name in enumerate(self._head.names) if name and wanted in (name, split_unit(name)[0])]
            if len(places) != 1:
                why = "没有" if not places else "不止一列是"
                raise _refused("import.columns", f"列名不对:表里{why}{quoted(file_head)}", self._kind)
            column = self._column(column_head)
            self._put(column, places[0], _PROFILE)

    def _take(self, index: int, name: str, confidence: str) -> bool:
        if self._is_ignored(name):
            return False
        by_name = _names(self._kind.columns)
        bare = split_unit(name)
        for word, shortened in _readings(bare[0]):
            column, how = by_name.get(word, (None, ""))
            if column is None or (bare[1] is not None and not column.money):
                continue
            if (_LAST_LEVEL if shortened else how) != confidence:
                continue
            before = self._found.get(column.head)
            if before is not None and before.confidence == confidence:
                raise _refused(
                    "import.column_doubled", f"列“{column.head}”出现了两次:{before.where}和{name}", self._kind
                )
            if before is None:
                self._put(column, index, confidence)
                return True
        return False

    def _put(self, column: Column, index: int, confidence: str) -> None:
        name = self._head.names[index]
        unit: Unit | None = split_unit(name)[1]
        if unit is None and column.money:
            unit = self._unit_of(name)
        self._found[column.head] = Found(column, index, name, unit, confidence)

    def _unit_of(self, name: str) -> Unit | None:
        """Return the unit of an amount whose head states none that is counted in. Raises ValueRefusedError."""
        title, given = self._head.title_unit, UNIT_WORDS.get(self._profile.unit)
        other = other_unit(name) or (self._head.other_unit if title is None else "")
        if other:
            raise ValueRefusedError(
                "import.other_unit",
                f"{quoted(name)}的金额以“{other}”为单位,本程序只认元、万元、亿元",
                hint="请在表里把金额换算成其中一种,并改写表头或表上方的单位",
            )
        if title and given and title != given:
            raise self._contradicts("表上方", title)
        return title or given

    def _check_given_unit(self) -> None:
        """Refuse a unit that was given for nothing: every amount has another one in its head."""
        given = UNIT_WORDS.get(self._profile.unit)
        stated = [each.unit for each in self._found.values() if each.column.money]
        if given and stated and given not in stated:
            raise self._contradicts("表头", next(unit for unit in stated if unit))

    def _contradicts(self, place: str, stated: Unit) -> ValueRefusedError:
        word = next(word for word, unit in UNIT_WORDS.items() if unit == stated)
        return ValueRefusedError(
            "import.unit_contradicts",
            f"{place}写明单位是{word},与 --unit(或格式里)的{self._profile.unit}不同",
            hint=f"请核对是哪一个;{place}写对了的,去掉 --unit",
        )

    def _leave(self, index: int, name: str) -> None:
        if self._is_ignored(name):
            self._ignored[index] = name
        else:
            self._unknown[index] = name

    def _is_ignored(self, name: str) -> bool:
        ignored = {plain(each) for each in self._profile.ignore}
        own = _names(self._kind.columns)
        return name in ignored or (name in words()["ignored"] and name not in own)

    def _column(self, head: str) -> Column:
        column = self._by_head.get(head)
        if column is None:
            raise _refused("import.columns", f"“{self._kind.zh}”没有列{quoted(head)}", self._kind)
        return column


def _refused(code: str, message: str, kind: Kind) -> ValueRefusedError:
    heads = "、".join(column.template_head for column in kind.columns)
    hint = (
        f"可有的列:{heads};用 xianjie import inspect 看识别结果,以 --map、--set、--ignore 说明,"
        "或用 xianjie import template 生成模板"
    )
    return ValueRefusedError(code, message, hint=hint)
