"""From a file to the sheet that is meant, its head and its columns: what inspection shows and reading goes by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from cli.intake.heads.finder import FIRST_ROWS, Head, find_head
from cli.intake.heads.layout import Layout, knows, lay_out
from cli.intake.heads.names import split_unit
from cli.intake.heads.profiles import Profile, list_profiles
from cli.intake.kinds import KINDS
from cli.intake.reader import open_book
from cli.intake.sheets import OWN_SHEETS
from ledger.characters import quoted
from ledger.errors import LedgerError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.intake.kind import Kind
    from cli.intake.reader.book import Book, Facts, Merge, Row
    from cli.intake.source import Source

__all__ = ["Opened", "merged", "open_sheet"]

_FEWEST: Final = 2  # known names that make a row a head


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet ready to be read: ``rows`` are those below the head; ``form`` is what the file is, for people."""

    form: str
    sheet: str
    unread: tuple[str, ...]
    kind: Kind
    profile: Profile
    head: Head
    above: tuple[Row, ...]
    layout: Layout
    facts: Facts
    rows: Iterator[Row]
    place: str

    def check(self) -> None:
        """Pass a sheet whose columns are all understood. Raises ValueRefusedError that names those that are not."""
        try:
            self.layout.check()
        except LedgerError as error:
            raise error.at(self.place) from None

    def as_profile(self, name: str, sheet: str) -> Profile:
        """Return how this sheet was read, to be kept under a name; ``sheet`` is named where it was asked for."""
        heads = tuple(name for name in self.head.names if name)
        columns = {found.column.head: found.head for found in self.layout.found}
        kept = {"name": name, "kind": self.kind.name, "signature": self.head.signature, "sheet": sheet}
        return self.profile.model_copy(update={**kept, "heads": heads, "columns": columns})


@dataclass(frozen=True, slots=True)
class _Start:
    """The first rows of a sheet with the best head among them."""

    sheet: str
    first: list[Row]
    rest: Iterator[Row]
    facts: Facts
    head: Head
    kind: Kind
    profile: Profile


def open_sheet(source: Source, kind: Kind | None, sheet: str | None, profile: Profile) -> Opened:
    """Open the named sheet, else the first visible one that has a head of the kind.

    A profile without a name is completed by the saved one that fits the head; without a kind, that one gives it, or the
    kind of most columns that fit.

    Raises:
        ValueRefusedError: the file, its sheets or its head cannot be read.
        StorageError, NotFoundError: a saved profile cannot be read.
    """
    book, form = open_book(source)
    wanted = sheet or profile.sheet
    names = _chosen(book, wanted, source)
    saved = [] if profile.name else list_profiles()
    starts = (_start(book, name, kind, profile, saved) for name in names)
    found = next((start for start in starts if start is not None and start.head.score >= _FEWEST), None)
    if found is None:
        found = next((start for name in names if (start := _start(book, name, kind, profile, saved))), None)
    if found is None:
        raise ValueRefusedError("import.empty", "文件里没有一行内容", hint="请核对文件", where=source.name)
    place = f"{source.name}{f',工作表“{found.sheet}”' if found.sheet else ''},第 {found.head.last} 行"
    try:
        layout = lay_out(found.kind, found.head, found.profile)
    except LedgerError as error:
        raise error.at(place) from None
    above = tuple(row for row in found.first if row.number < found.head.first)
    below = (row for row in chain(found.first, found.rest) if row.number > found.head.last)
    seen = [each.name for each in book.sheets if each.visible and each.name not in {found.sheet, *OWN_SHEETS}]
    return Opened(
        form, found.sheet, tuple(seen), found.kind, found.profile, found.head, above, layout, found.facts, below, place
    )


def _chosen(book: Book, wanted: str, source: Source) -> list[str]:
    known = [each.name for each in book.sheets]
    if wanted and wanted in known:
        return [wanted]
    names = [each.name for each in book.sheets if each.visible and each.name not in OWN_SHEETS]
    if names and not wanted:
        return names
    message = f"文件里没有工作表{quoted(wanted)}" if wanted else "文件里没有可读的工作表"
    hidden = [each.name for each in book.sheets if not each.visible and each.name not in OWN_SHEETS]
    if wanted and any(known):
        hint = f"现有:{'、'.join(known)}"
    elif wanted and known:
        hint = "这种文件不分工作表,请去掉 --sheet"
    elif hidden:
        hint = f"工作表都是隐藏的;要导入的,用 --sheet 指明:{'、'.join(hidden)}"
    elif known:
        hint = f"只有本程序写的{'、'.join(known)};请把要导入的行填在模板的数据表里"
    else:
        hint = "文件里一张工作表也没有,请在表格软件中打开核对,另存为新的 XLSX"
    raise ValueRefusedError("import.no_sheet", message, hint=hint, where=source.name)


def _start(book: Book, name: str, kind: Kind | None, profile: Profile, saved: Sequence[Profile]) -> _Start | None:
    table = book.table(name)
    first, merges = list(islice(table.rows, FIRST_ROWS + 1)), table.facts.merges
    if not first:
        return None
    fitting = _saved_for(first, merges, kind, saved)
    if fitting is not None:
        head, kept = fitting
        return _Start(name, first, table.rows, table.facts, head, KINDS[kept.kind], merged(kept, profile))
    named = kind or KINDS.get(profile.kind)
    head, best = max(
        (_head_of(first, merges, each, profile) for each in ([named] if named else KINDS.values())),
        key=lambda pair: pair[0].score,
    )
    return _Start(name, first, table.rows, table.facts, head, best, profile)


def _head_of(first: Sequence[Row], merges: Sequence[Merge], kind: Kind, profile: Profile) -> tuple[Head, Kind]:
    ask, own = knows(kind), {split_unit(each)[0] for each in profile.heads}
    own |= {split_unit(each)[0] for each in profile.columns.values()}
    head = find_head(first, merges, lambda name: name in own or ask(name))
    assert head is not None  # there are rows  # noqa: S101 - says what the caller made sure of
    return head, kind


def _saved_for(
    first: Sequence[Row], merges: Sequence[Merge], kind: Kind | None, saved: Sequence[Profile]
) -> tuple[Head, Profile] | None:
    """Return the saved profile whose head stands here.

    Raises:
        ValueRefusedError: several fit.
    """
    fitting = []
    for profile in saved:
        if profile.kind not in KINDS or (kind is not None and kind.name != profile.kind):
            continue
        own = {split_unit(each)[0] for each in profile.heads}
        head = find_head(first, merges, own.__contains__)
        if head is not None and head.signature == profile.signature:
            fitting.append((head, profile))
    if len(fitting) > 1:
        names = "、".join(profile.name for _, profile in fitting)
        raise ValueRefusedError(
            "import.several_profiles", f"这个表头有几个格式可用:{names}", hint="请用 --profile 指明一个"
        )
    return fitting[0] if fitting else None


def merged(kept: Profile, given: Profile) -> Profile:
    """Return the saved profile with what the command line says on top."""
    return kept.model_copy(
        update={
            "unit": given.unit or kept.unit,
            "ignore": (*kept.ignore, *given.ignore),
            "columns": kept.columns | given.columns,
            "constants": kept.constants | given.constants,
            "words": kept.words | given.words,
        }
    )
