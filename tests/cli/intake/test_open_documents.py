"""An ODS says what the reading library hides: rows, merged cells, errors, formulas without a result, percentages."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

_ODF: Final = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES: Final = " ".join(f'xmlns:{each}="{_ODF}:{each}:1.0"' for each in ("office", "table", "text"))
_BEGIN: Final = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} xmlns:calcext="{_ODF}:calcext">'
    '<office:body><office:spreadsheet><table:table table:name="安排">'
)
_END: Final = "</table:table></office:spreadsheet></office:body></office:document-content>"


def cell(value: object, attributes: str = "", kind: str = "float") -> str:
    text = f"<text:p>{value}</text:p>"
    if isinstance(value, str) and kind == "float":
        return f'<table:table-cell office:value-type="string" {attributes}>{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}" {attributes}>{text}</table:table-cell>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def entry(amount: str, first: str = cell("T2"), attributes: str = "") -> str:
    day = '<table:table-cell office:value-type="date" office:date-value="2022-02-03"/>'
    return row(first, cell("P1"), amount, day, attributes=attributes)


HEAD: Final = row(*map(cell, ("批次编号", "项目编号", "金额(元)", "日期")))


def book(folder: Path, *rows: str, begin: str = _BEGIN) -> tuple[str, ...]:
    path = folder / "安排.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{_ODF}:manifest:1.0"/>')
        archive.writestr("content.xml", begin + "".join(rows) + _END)
    return str(path), "--kind", "allocations"


FOLDED: Final = (
    '<table:table-row-group table:display="false"><table:table-row-group>'
    f"{entry(cell(4))}</table:table-row-group></table:table-row-group>"
)


def test_rows_that_a_fold_or_a_filter_hides_are_told(funded: Program, tmp_path: Path) -> None:
    rows = (
        entry(cell(1)),
        entry(cell(2), attributes='table:visibility="filter"'),
        entry(cell(3), attributes='table:visibility="collapse" table:number-rows-repeated="2"'),
        FOLDED,
        entry(cell(5)),
        row("<table:table-cell/>", attributes='table:visibility="filter" table:number-rows-repeated="1048000"'),
    )
    file = book(tmp_path, HEAD, *rows)
    told = funded.json("import", "check", *file)
    assert (told["rows"], told["amounts_fen"], told["hidden_rows"]) == (6, {"金额": 1800}, [3, 4, 5, 6])
    assert "隐藏的行也读入了:第 3、4、5、6 行" in funded.ok("import", "check", *file)


def test_a_merged_batch_holds_for_its_rows_and_a_merged_amount_for_none(funded: Program, tmp_path: Path) -> None:
    covered = "<table:covered-table-cell/>"
    down = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    rows = entry(cell(1), cell("T2", down)), entry(cell(2), covered)
    assert funded.json("import", "check", *book(tmp_path, HEAD, *rows))["amounts_fen"] == {"金额": 300}
    _, error = funded.refused("import", "apply", *book(tmp_path, HEAD, entry(cell(1, down)), entry(covered)))
    assert (error["code"], error["where"]) == ("cell.merged_amount", "安排.ods,工作表“安排”,第 2 行,C 列“金额(元)”")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ('<table:table-cell table:formula="of:=[.A1]"/>', "cell.not_computed"),
        ('<table:table-cell table:formula="of:=1" office:value-type="float"/>', "cell.not_computed"),
        (cell("#N/A", 'calcext:value-type="error" office:string-value=""'), "cell.error"),
        (cell(0, 'table:formula="of:=1/0"').replace(">0<", ">#DIV/0!<"), "cell.error"),
        (cell(0, 'table:formula="of:=x"').replace(">0<", ">Err:508<"), "cell.error"),
        (cell("0.5", kind="percentage"), "money.not_a_number"),
    ],
)
def test_what_is_no_amount_is_named_by_its_cell(funded: Program, tmp_path: Path, amount: str, code: str) -> None:
    _, error = funded.refused("import", "apply", *book(tmp_path, HEAD, entry(cell(1)), entry(amount)))
    assert (error["code"], error["where"]) == (code, "安排.ods,工作表“安排”,第 3 行,C 列“金额(元)”")


def test_a_computed_amount_with_a_remark_is_read_as_it_is(funded: Program, tmp_path: Path) -> None:
    noted = cell(7, 'table:formula="of:=3+4"').replace(
        "<text:p>", "<office:annotation><text:p>#N/A</text:p></office:annotation><text:p>"
    )
    assert funded.json("import", "check", *book(tmp_path, HEAD, entry(noted)))["amounts_fen"] == {"金额": 700}


def test_other_prefixes_cannot_hide_rows_from_the_reader(funded: Program, tmp_path: Path) -> None:
    alias = _BEGIN.replace(" xmlns:calcext", f' xmlns:t="{_ODF}:table:1.0" xmlns:calcext')
    hidden = entry(cell(5)).replace("table:", "t:")
    _, error = funded.refused("import", "apply", *book(tmp_path, HEAD, entry(cell(1)), hidden, begin=alias))
    assert (error["code"], error["where"]) == ("import.damaged", "安排.ods")
