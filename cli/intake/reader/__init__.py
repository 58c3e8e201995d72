"""Reading a file as cells, whatever program wrote it: ``open_book(source)`` gives a ``Book``.

A ``Book`` has ``sheets`` (name, visible) and ``table(name)``. A ``Table`` streams ``rows`` that are not blank; a
``Row`` has its ``number`` as Excel shows it and its ``cells`` from column A on, so ``column_letter(index)`` names each
place. A cell is text, an exact number, a day, a truth value, nothing, or a ``BadCell``: an error value, a formula
without a result, a time. ``facts`` tell merged ranges, hidden rows and columns, and where day numbers count from.

====================  ==========================================================================================
``formats``           what a file really is, by content
``archive``, ``scan`` guards before anything is unpacked, and what calamine hides in an XLSX
``workbook``          XLSX by calamine, in this process
``child``             XLS, ODS and HTML, in a confined process (``confined``, ``biff``, ``markup``)
``text``              CSV and tab-separated text
====================  ==========================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.intake.reader.formats import Format, sniff

if TYPE_CHECKING:
    from cli.intake.reader.book import Book
    from cli.intake.source import Source

__all__ = ["open_book"]

_ENCODINGS: Final = {
    "utf-8-sig": "UTF-8",
    "gb18030": "GB18030",
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "UTF-16"),
}


def open_book(source: Source) -> tuple[Book, str]:
    """Return the book and what kind of file it is, for people.

    Raises:
        ValueRefusedError: the file is encrypted, damaged, hostile, or no table.
    """
    kind = sniff(source)
    if kind is Format.XLSX:
        from cli.intake.reader.workbook import Workbook

        return Workbook(source), kind.value
    if kind is Format.TEXT:
        from cli.intake.reader.text import TextBook

        text = TextBook(source)
        return text, f"{kind.value},{_ENCODINGS[text.encoding]}"
    from cli.intake.reader.child import ConfinedBook

    confined = ConfinedBook(source, kind)
    return confined, f"{kind.value},{_ENCODINGS[confined.encoding]}" if confined.encoding else kind.value
