"""The confined process: XLS, ODS and HTML are taken apart here, within limits of memory and time.

Readers of old formats have asked for terabytes on a 2 KB file, and the process dies of it. So they run in one of their
own, which gets the bytes on its input and prints JSON lines: first the sheets, then each sheet's facts and rows. It is
started by `cli.intake.reader.child`; it knows no ledger and opens no file.
"""

from __future__ import annotations

import io
import json
import re
import struct
import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.biff import BiffSheet, scan_biff
from cli.intake.reader.formats import Format
from cli.intake.source import Source
from ledger.errors import LedgerError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cli.intake.reader.book import Merge

_MEMORY: Final = 2 * 2**30
_OUTPUT: Final = 2**30
_ODS_ERROR: Final = re.compile(rb'value-type="error"')
_DAMAGED: Final = "import.damaged", "文件已损坏,或不是正常的表格", "请在表格软件中打开后另存为新的 XLSX 或 CSV"


def main() -> None:
    """Read the file on the input; print its sheets, or the refusal."""
    kind, name, seconds = Format[sys.argv[1]], sys.argv[2], int(sys.argv[3])
    _confine(seconds)
    source = Source(name, sys.stdin.buffer.read())
    try:
        if kind is Format.HTML:
            _page(source)
        else:
            _book(source, kind)
    except LedgerError as error:
        _say({"refused": error.as_dict()})


def _confine(seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_OUTPUT, _OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _page(source: Source) -> None:
    from cli.intake.reader.markup import read_tables
    from cli.intake.reader.text import decoded

    encoding, text = decoded(source)
    rows, merges = read_tables(text)
    _say({"sheets": [["", True]], "encoding": encoding, "from_1904": False})
    _sheet(merges, BiffSheet(), rows)


def _book(source: Source, kind: Format) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    from cli.intake.reader.native import cells_of, merges_of, rows_of

    odd, from_1904 = _odd(source, kind)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        seen = [each.visible == SheetVisibleEnum.Visible for each in book.sheets_metadata]
    except PasswordError:
        raise _encrypted() from None
    except (CalamineError, OSError, ValueError):
        raise _refused(*_DAMAGED) from None
    if odd and len(odd) != len(sheets):
        raise _refused(*_DAMAGED)
    named = [[sheet.name, visible] for sheet, visible in zip(sheets, seen, strict=True)]
    _say({"sheets": named, "encoding": "", "from_1904": from_1904})
    for sheet, found in zip(sheets, odd or [BiffSheet() for _ in sheets], strict=True):
        rows = ((number, cells_of(values)) for number, values in rows_of(sheet))
        _sheet(merges_of(sheet), found, rows)


def _odd(source: Source, kind: Format) -> tuple[list[BiffSheet], bool]:
    """Return what calamine hides of each sheet of an XLS; an ODS with an error value is refused whole."""
    if kind is Format.XLS:
        try:
            book = scan_biff(source.content)
        except (ValueError, IndexError, KeyError, struct.error):
            raise _refused(*_DAMAGED) from None
        if book.encrypted:
            raise _encrypted()
        return book.sheets, book.from_1904
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            text = archive.read("content.xml")
            manifest = archive.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError):
        raise _refused(*_DAMAGED) from None
    if b"encryption-data" in manifest:
        raise _encrypted()
    if b"<!DOCTYPE" in text:
        raise _refused("import.document_type", "文件的 XML 里有文档类型声明(DOCTYPE),可能引用外部内容", _DAMAGED[2])
    if _ODS_ERROR.search(text):
        raise _refused(
            "import.ods_error", "ODS 文件里有错误值(如 #N/A),无法逐格指出", "请改正公式,或另存为 XLSX 再导入"
        )
    return [], False


def _sheet(merges: Iterable[Merge], odd: BiffSheet, rows: Iterable[tuple[int, Iterable[Cell]]]) -> None:
    facts = {
        "merges": [list(merge) for merge in merges],
        "hidden_rows": sorted(odd.hidden_rows),
        "hidden_columns": sorted(odd.hidden_columns),
        "errors": sorted(odd.errors),
    }
    _say(facts)
    for number, cells in rows:
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
