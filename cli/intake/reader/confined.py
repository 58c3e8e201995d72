"""The confined process: XLS, ODS and HTML are taken apart here, within limits of memory and time.

Readers of old formats have asked for terabytes on a 2 KB file, and the process dies of it. So they run in one of their
own, which gets the bytes on its input and prints JSON lines: first the sheets, then each sheet's facts and rows. It is
started by `cli.intake.reader.child`; it knows no ledger and opens no file.
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zlib
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.biff import scan_biff
from cli.intake.reader.formats import Format
from cli.intake.reader.marks import ERROR, marked
from cli.intake.source import Source
from ledger.errors import LedgerError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from cli.intake.reader.book import Merge
    from cli.intake.reader.marks import Place

_MEMORY: Final = 2 * 2**30
_OUTPUT: Final = 2**30
_DAMAGED: Final = "import.damaged", "文件已损坏,或不是正常的表格", "请在表格软件中打开后另存为新的 XLSX 或 CSV"


@dataclass(frozen=True, slots=True)
class _Odd:
    """What a sheet has beside the cells that calamine gives."""

    merges: tuple[Merge, ...]
    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()
    marks: Mapping[Place, Cell] = field(default_factory=dict)


def main() -> None:
    """Read the file on the input; print whether the limits hold, and its sheets, or the refusal."""
    kind, name, seconds = Format[sys.argv[1]], sys.argv[2], int(sys.argv[3])
    _say({"limited": _confine(seconds)})
    source = Source(name, sys.stdin.buffer.read())
    try:
        if kind is Format.HTML:
            _page(source)
        else:
            _book(source, kind)
    except LedgerError as error:
        _say({"refused": error.as_dict()})


def _confine(seconds: int) -> bool:
    """Set the limits; return whether the system knows them all. Windows knows none, macOS none of memory."""
    try:
        import resource
    except ImportError:
        return False
    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_FSIZE: (_OUTPUT, _OUTPUT),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_AS: (_MEMORY, _MEMORY),
    }
    try:
        for limit, most in limits.items():
            resource.setrlimit(limit, most)
    except (ValueError, OSError):
        return False
    return True


def _page(source: Source) -> None:
    from cli.intake.reader.markup import read_tables
    from cli.intake.reader.text import decoded

    encoding, text = decoded(source)
    rows, merges = read_tables(text)
    _say({"sheets": [["", True]], "encoding": encoding, "from_1904": False})
    _sheet(_Odd(tuple(merges)), ((row.number, list(row.cells)) for row in rows))


def _book(source: Source, kind: Format) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    from cli.intake.reader.native import cells_of, merges_of, rows_of

    odd, from_1904 = _odd_xls(source) if kind is Format.XLS else (_odd_ods(source), False)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        seen = [each.visible == SheetVisibleEnum.Visible for each in book.sheets_metadata]
    except PasswordError:
        raise _encrypted() from None
    except (CalamineError, OSError, ValueError):
        raise _refused(*_DAMAGED) from None
    if len(odd) != len(sheets):
        raise _refused(*_DAMAGED)
    named = [[sheet.name, visible] for sheet, visible in zip(sheets, seen, strict=True)]
    _say({"sheets": named, "encoding": "", "from_1904": from_1904})
    for sheet, found in zip(sheets, odd, strict=True):
        rows = ((number, cells_of(values)) for number, values in rows_of(sheet))
        _sheet(replace(found, merges=found.merges or merges_of(sheet)), rows)


def _odd_xls(source: Source) -> tuple[list[_Odd], bool]:
    """Return what calamine hides of each sheet, and whether days count from 1904."""
    try:
        book = scan_biff(source.content)
    except (ValueError, IndexError, KeyError, struct.error):
        raise _refused(*_DAMAGED) from None
    if book.encrypted:
        raise _encrypted()
    odd = [_Odd((), each.hidden_rows, each.hidden_columns, dict.fromkeys(each.errors, ERROR)) for each in book.sheets]
    return odd, book.from_1904


def _odd_ods(source: Source) -> list[_Odd]:
    """Return what calamine hides of each sheet."""
    import zipfile
    from xml.parsers.expat import ExpatError

    from cli.intake.reader.open_document import DocumentTypeError, scan_ods

    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            manifest = archive.read("META-INF/manifest.xml")
            if b"encryption-data" in manifest:
                raise _encrypted()
            sheets = scan_ods(archive.read("content.xml"))
    except DocumentTypeError:
        raise _refused(
            "import.document_type", "文件的 XML 里有文档类型声明(DOCTYPE),可能引用外部内容", _DAMAGED[2]
        ) from None
    except (zipfile.BadZipFile, ExpatError, KeyError, ValueError, OSError, RuntimeError, zlib.error, EOFError):
        raise _refused(*_DAMAGED) from None
    return [_Odd(tuple(each.merges), each.hidden_rows, each.hidden_columns, each.marks) for each in sheets]


def _sheet(odd: _Odd, rows: Iterable[tuple[int, list[Cell]]]) -> None:
    facts = {
        "merges": [list(merge) for merge in odd.merges],
        "hidden_rows": sorted(odd.hidden_rows),
        "hidden_columns": sorted(odd.hidden_columns),
    }
    _say(facts)
    for number, cells in marked(rows, odd.marks):
        told = [_told(cell) for cell in cells]
        if any(cell is not None for cell in told):
            _say([number, told])
    _say(None)


def _told(cell: Cell) -> Any:  # noqa: ANN401 - JSON
    match cell:
        case None | str() | bool() | int():
            return cell
        case Decimal():
            return {"number": str(cell)}
        case date():
            return {"day": cell.isoformat()}
        case BadCell():
            return {"bad": [cell.code, cell.message, cell.hint]}


def _say(line: Any) -> None:  # noqa: ANN401 - JSON
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


def _encrypted() -> ValueRefusedError:
    return _refused("import.encrypted", "文件加了密码", "请去掉密码后另存为新的 XLSX")


def _refused(code: str, message: str, hint: str) -> ValueRefusedError:
    return ValueRefusedError(code, message, hint=hint)


if __name__ == "__main__":
    main()
