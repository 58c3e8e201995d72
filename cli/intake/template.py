"""Empty sheets to fill in: heads with their units, code columns as text, words to choose from, examples and notes."""

from __future__ import annotations

import csv
import io
import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from cli.intake.columns import column_letter
from cli.intake.sheets import CHOICES_SHEET, EXAMPLE_SHEET, NOTES_SHEET
from ledger.characters import quoted
from ledger.errors import StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cli.intake.columns import Column
    from cli.intake.kind import Kind

__all__ = ["examples_of", "write_new", "write_template"]

_VALIDATED_ROWS: Final = 10_000
_TEXT_FORMAT: Final = "@"
_DAY_FORMAT: Final = "yyyy-mm-dd"
_MONEY_FORMAT: Final = "#,##0.00"
_MADE: Final = datetime(2022, 1, 1, tzinfo=UTC)


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
        message = f"写不出文件{quoted(path)}:{system_reason(error)}"
        raise StorageError("import.file_unwritable", message, hint="请核对目录和权限") from None


def _csv(kind: Kind) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([column.template_head for column in kind.columns])
    return buffer.getvalue().encode("utf-8-sig")  # with the mark by which spreadsheets recognise UTF-8


def _workbook(kind: Kind) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _MADE})  # else no two files of one template would be equal
        titles = (kind.zh, EXAMPLE_SHEET, NOTES_SHEET, CHOICES_SHEET)
        sheet, example, notes, choices = (book.add_worksheet(title) for title in titles)
        _write_heads(book, sheet, kind)
        _write_heads(book, example, kind)
        _write_examples(example, kind)
        _write_notes(notes, kind)
        _write_choices(sheet, choices, kind)
        choices.hide()
    return buffer.getvalue()


def _write_heads(book: Any, sheet: Any, kind: Kind) -> None:  # noqa: ANN401 - xlsxwriter's, imported late
    plain, required = book.add_format({"bold": True}), book.add_format({"bold": True, "bg_color": "#FFF2CC"})
    formats = {code: book.add_format({"num_format": code}) for code in (_MONEY_FORMAT, _DAY_FORMAT, _TEXT_FORMAT)}
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(kind.columns):
        sheet.write_string(0, index, column.template_head, required if column.required else plain)
        width = max(12, 2 * len(column.template_head) + 4)
        sheet.set_column(index, index, width, formats.get(_format_of(column)))


def examples_of(kind: Kind) -> Sequence[Mapping[str, str]]:
    """Return rows as people fill them in, by the heads of the template: data, in ``examples.toml``."""
    text = files("cli.intake").joinpath("examples.toml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)[kind.name]
    return found


def _write_examples(sheet: Any, kind: Kind) -> None:  # noqa: ANN401 - xlsxwriter's sheet, imported late
    for row, example in enumerate(examples_of(kind), start=1):
        for index, column in enumerate(kind.columns):
            if text := example.get(column.template_head):
                sheet.write_string(row, index, text)


def _format_of(column: Column) -> str:
    if column.money:
        return _MONEY_FORMAT
    if column.day:
        return _DAY_FORMAT
    return "" if column.choices else _TEXT_FORMAT


def _write_notes(notes: Any, kind: Kind) -> None:  # noqa: ANN401 - xlsxwriter's sheet, imported late
    lines = [
        [f"{kind.zh}:在第一张工作表的第 2 行起逐行填写;首行的列名不要改动,底色列必填"],
        [f"怎样填,见工作表“{EXAMPLE_SHEET}”;示例和说明不会读入"],
        *([line] for line in kind.notes),
        ["列名", "必填", "说明", "可填"],
        *(
            [column.template_head, "是" if column.required else "", column.note, "、".join(column.choices)]
            for column in kind.columns
        ),
    ]
    for row, line in enumerate(lines):
        for index, text in enumerate(line):
            notes.write_string(row, index, text)
    for index, width in enumerate((18, 6, 60, 80)):
        notes.set_column(index, index, width)


def _write_choices(sheet: Any, choices: Any, kind: Kind) -> None:  # noqa: ANN401 - xlsxwriter's sheets, imported late
    for index, column in enumerate(kind.columns):
        if not column.choices:
            continue
        letter = column_letter(index)
        for row, word in enumerate(column.choices):
            choices.write_string(row, index, word)
        # A reference: a list written into the rule itself may have 255 characters at most.
        source = f"={CHOICES_SHEET}!${letter}$1:${letter}${len(column.choices)}"
        rule = {"validate": "list", "source": source, "show_error": False}
        sheet.data_validation(1, index, _VALIDATED_ROWS - 1, index, rule)
