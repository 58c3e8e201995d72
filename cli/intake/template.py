"""Empty sheets to fill in: heads with their units, code columns as text, words to choose from, and what each means."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from cli.intake.columns import column_letter
from cli.intake.opening import NOTES_SHEET
from ledger.characters import quoted
from ledger.errors import StorageError, ValueRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from cli.intake.kind import Kind

__all__ = ["write_new", "write_template"]

_CHOICES_SHEET: Final = "选项"
_VALIDATED_ROWS: Final = 10_000
_TEXT_FORMAT: Final = "@"
_DAY_FORMAT: Final = "yyyy-mm-dd"


def write_template(kind: Kind, path: Path) -> None:
    """Write the template of a kind as XLSX or CSV, as the name ends.

    Raises:
        StorageError: the file exists already or cannot be written.
        ValueRefusedError: the name ends neither in .xlsx nor in .csv.
    """
    if path.suffix.lower() == ".xlsx":
        content = _workbook(kind)
    elif path.suffix.lower() == ".csv":
        content = _csv(kind)
    else:
        message = f"文件名{quoted(path.name)}应以 .xlsx 或 .csv 结尾"
        raise ValueRefusedError("import.template_name", message, hint=f"例如 -o {kind.name}.xlsx")
    write_new(path, content)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet. Raises StorageError."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        message = f"{quoted(path)}已经存在,没有改动它"
        raise StorageError("import.file_exists", message, hint="请换一个文件名(-o)") from None
    except OSError as error:
        message = f"写不出文件{quoted(path)}:{error.strerror}"
        raise StorageError("import.file_unwritable", message, hint="请核对目录和权限") from None


def _csv(kind: Kind) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([column.template_head for column in kind.columns])
    return buffer.getvalue().encode("utf-8-sig")  # with the mark by which spreadsheets recognise UTF-8


def _workbook(kind: Kind) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet, notes, choices = (book.create_sheet(title) for title in (kind.zh, NOTES_SHEET, _CHOICES_SHEET))
    _write_heads(sheet, kind)
    _write_notes(notes, kind)
    _write_choices(sheet, choices, kind)
    choices.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_heads(sheet: Any, kind: Kind) -> None:  # noqa: ANN401 - openpyxl's sheet, imported late
    from openpyxl.styles import Font, PatternFill

    sheet.freeze_panes = "A2"
    for index, column in enumerate(kind.columns):
        head = sheet.cell(row=1, column=index + 1, value=column.template_head)
        head.font = Font(bold=True)
        if column.required:
            head.fill = PatternFill("solid", fgColor="FFF2CC")
        dimension = sheet.column_dimensions[column_letter(index)]
        dimension.width = max(12, 2 * len(column.template_head) + 4)
        if column.money:
            dimension.number_format = "#,##0.00"
        elif column.head.endswith(("日", "日期", "期限")):
            dimension.number_format = _DAY_FORMAT
        elif not column.choices:
            dimension.number_format = _TEXT_FORMAT


def _write_notes(notes: Any, kind: Kind) -> None:  # noqa: ANN401 - openpyxl's sheet, imported late
    notes.append([f"{kind.zh}:在第一张工作表的第 2 行起逐行填写;首行的列名不要改动,底色列必填"])
    for line in kind.notes:
        notes.append([line])
    notes.append(["列名", "必填", "说明", "可填"])
    for column in kind.columns:
        notes.append([column.template_head, "是" if column.required else "", column.note, "、".join(column.choices)])
    for letter, width in (("A", 18), ("B", 6), ("C", 60), ("D", 80)):
        notes.column_dimensions[letter].width = width


def _write_choices(sheet: Any, choices: Any, kind: Kind) -> None:  # noqa: ANN401 - openpyxl's sheets, imported late
    from openpyxl.worksheet.datavalidation import DataValidation

    for index, column in enumerate(kind.columns):
        if not column.choices:
            continue
        letter = column_letter(index)
        for number, word in enumerate(column.choices, start=1):
            choices.cell(row=number, column=index + 1, value=word)
        # A reference: a list written into the rule itself may have 255 characters at most.
        source = f"{_CHOICES_SHEET}!${letter}$1:${letter}${len(column.choices)}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        rule.add(f"{letter}2:{letter}{_VALIDATED_ROWS}")
        sheet.add_data_validation(rule)
