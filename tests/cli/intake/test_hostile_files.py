"""Files that would harm: each is one refusal within the limits, with nothing recorded and never a traceback."""

from __future__ import annotations

import base64
import io
import random
import resource
import shutil
import struct
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from openpyxl import Workbook

from cli.intake.reader import child
from cli.intake.reader.formats import Format
from cli.intake.source import Source, read_source
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from tests.cli.conftest import Program

FILES = Path(__file__).with_name("files")
HEADS = ("批次编号", "项目编号", "金额(元)", "日期")
ROW = ("T2", "P1", 1, "2022-02-03")
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: tuple[str | int, ...], far: str = "") -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    if far:
        book.worksheets[0][far] = 1
    book.save(buffer)
    return buffer.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


def with_part(name: str) -> bytes:
    buffer = io.BytesIO(workbook(HEADS, ROW))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, b"x")
    return buffer.getvalue()


def lying(content: bytes) -> bytes:
    """Say in the directory that the sheet is shorter than it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size
    place = content.rindex(SHEET.encode()) - 46
    assert content[place : place + 4] == b"PK\x01\x02"
    return content[: place + 24] + struct.pack("<I", size // 2) + content[place + 28 :]


def repeated_ods(columns: int) -> bytes:
    """An ODS of a few bytes whose one cell stands in every row of the largest sheet."""
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'

    def change(xml: bytes) -> bytes:
        start = xml.index(b"<table:table-row")
        return xml[:start] + row.encode() + xml[xml.rindex(b"</table:table>") :]

    return changed((FILES / "allocations.ods").read_bytes(), "content.xml", change)


def of_a_bomb() -> bytes:
    rows = b'<row><c t="str"><v>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</v></c></row>' * 1_000_000
    return changed(workbook(HEADS, ROW), SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def of_one_text() -> bytes:
    """Twelve thousand cells that name one text, beside a picture that makes up for how well they pack."""
    text = base64.b64encode(random.Random(1).randbytes(22_500)).decode()  # noqa: S311 - no secret
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([(*HEADS, "备注"), *[(*ROW, text)] * 12_000]):
            sheet.write_row(number, 0, row)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/media/image1.png", random.Random(2).randbytes(400_000))  # noqa: S311 - as above
    return made.getvalue()


def of_a_bomb_behind_a_picture() -> bytes:
    made = io.BytesIO(of_a_bomb())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/media/image1.png", random.Random(2).randbytes(1_000_000))  # noqa: S311 - no secret
    return made.getvalue()


def with_entity(declared: bytes) -> bytes:
    def change(xml: bytes) -> bytes:
        head, sign, rest = xml.rpartition(b"<worksheet")
        return head + b"<!DOCTYPE worksheet [" + declared + b"]>" + sign + rest

    return changed(workbook(HEADS, ROW), SHEET, change)


def with_password() -> bytes:
    """An XLS in whose stream FILEPASS follows the first record, as where it has a password."""
    content = (FILES / "allocations.xls").read_bytes()
    first = content.index(b"\x09\x08\x10\x00")
    return content[: first + 20] + b"\x2f\x00" + content[first + 22 :]


def far_dimension(xml: bytes) -> bytes:
    return xml.replace(b'<dimension ref="A1:D2"', b'<dimension ref="A1:XFD1048576"')


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "two cells that span the sheet": (lambda: workbook(HEADS, ROW, far="XFD1048576"), "import.sparse"),
    "241:1 bomb": (of_a_bomb, "import.bomb"),
    "bomb behind a picture": (of_a_bomb_behind_a_picture, "import.bomb"),
    "one text in every cell": (of_one_text, "import.much_text"),
    "entity": (lambda: with_entity(b'<!ENTITY a "b">'), "import.document_type"),
    "external entity": (lambda: with_entity(b'<!ENTITY a SYSTEM "file:///etc/passwd">'), "import.document_type"),
    "shorter in the directory": (lambda: lying(workbook(HEADS, ROW)), "import.damaged"),
    "name that leaves the archive": (lambda: with_part("../../x.xml"), "import.odd_part"),
    "part twice": (lambda: with_part(SHEET), "import.odd_part"),
    "sheet of rubbish": (lambda: changed(workbook(HEADS), SHEET, lambda _: b"<worksheet><"), "import.damaged"),
    "encrypted": ((FILES / "encrypted.xlsx").read_bytes, "import.encrypted"),
    "ODS that repeats one cell for ever": (lambda: repeated_ods(16_384), "import.damaged"),
    "XLS with a password": (with_password, "import.encrypted"),
    "XLS cut short": (lambda: (FILES / "allocations.xls").read_bytes()[:3000], "import.damaged"),
    "table in a table": (lambda: b"<html><table><tr><td><table><tr><td>1", "import.nested_table"),
    "page without a table": (lambda: b"<html><p>x", "import.no_sheet"),
    "PDF": (lambda: b"%PDF-1.7 ...", "import.not_a_table"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_refusal(funded: Program, tmp_path: Path, name: str) -> None:
    make, code = HOSTILE[name]
    path = tmp_path / "office.xls"
    path.write_bytes(make())
    began = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    exit_code, error = funded.refused("import", "apply", str(path), "--kind", "allocations")
    spent = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began
    assert (exit_code, error["code"]) == (1, code)
    assert error["where"].startswith("office.xls")
    assert spent < 20
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2 * 2**20


def test_a_confined_reader_that_takes_too_long_is_killed_and_the_file_refused(
    funded: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_SECONDS", 1)
    path = tmp_path / "office.ods"
    path.write_bytes(repeated_ods(2))
    exit_code, error = funded.refused("import", "apply", str(path), "--kind", "allocations")
    assert (exit_code, error["code"], error["where"]) == (1, "import.not_readable", "office.ods")


def test_a_system_that_knows_no_limits_is_told_of_and_reads_the_file(
    funded: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = "import sys; sys.modules['resource'] = None\nfrom cli.intake.reader.confined import main\nmain()"
    file = str(shutil.copy(FILES / "allocations.ods", tmp_path))
    warned = "提示:本系统不能限制读取 allocations.ods 所用的内存和处理器时间"
    limited = funded.run("import", "check", file, "--kind", "allocations")
    monkeypatch.setattr(child, "_PROGRAM", (sys.executable, "-I", "-c", without))
    unlimited = funded.run("import", "check", file, "--kind", "allocations")
    assert (limited.exit_code, unlimited.exit_code) == (0, 0)
    assert (warned in limited.stderr, warned in unlimited.stderr) == (False, True)


def test_a_page_of_endless_cells_is_refused() -> None:
    source = Source("office.xls", b"<html><table><tr>" + b"<td rowspan=1000 colspan=1000>" * 600_000)
    with pytest.raises(ValueRefusedError) as refused:
        child.ConfinedBook(source, Format.HTML)
    assert refused.value.code == "import.too_large"


@pytest.mark.parametrize("change", [far_dimension, lambda xml: xml.replace(b"A1:D2", b"A1")])
def test_a_wrong_extent_of_the_sheet_changes_nothing(
    funded: Program, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "office.xlsx"
    path.write_bytes(changed(workbook(HEADS, ROW), SHEET, change))
    assert funded.json("import", "check", str(path), "--kind", "allocations")["rows"] == 1


def test_far_cells_that_hold_nothing_are_no_reason_to_refuse(funded: Program, tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    empty = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    content = changed(workbook(HEADS, ROW), SHEET, lambda xml: xml.replace(b"</sheetData>", empty))
    path.write_bytes(content)
    assert funded.json("import", "check", str(path), "--kind", "allocations")["rows"] == 1


def test_a_formula_in_a_name_stays_text_and_its_print_is_harmless(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    name = "=cmd|'/c calc'!A0"
    heads = "项目编号,项目名称,地区代码,项目年度,项目类型,绩效目标,入库日期"
    path.write_text(f"{heads}\nQ1,{name},520203,2022,种植业基地,建棚,2022-02-02\n", encoding="utf-8")
    program.ok("import", "apply", str(path), "--kind", "projects")
    assert program.json("project", "list")[0]["name"] == name
    assert f"'{name}" in program.ok("-f", "csv", "project", "list")


def test_two_equal_rows_are_two_entries_and_a_row_may_have_its_own_unit(funded: Program, tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    path.write_bytes(workbook(HEADS, ROW, ROW, ("T2", "P1", "1.5万元", "2022-02-03")))
    told = funded.json("import", "apply", str(path), "--kind", "allocations")
    assert (told["rows"], told["amounts_fen"], len(told["events"])) == (3, {"金额": 1_500_200}, 7)


class Growing(type(Path())):  # type: ignore[misc]  # Path chooses its class by the system
    """A path whose file gets longer between being read and being looked at again."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        with self.open("ab") as file:
            file.write(b"x")
        return super().stat(follow_symlinks=follow_symlinks)  # type: ignore[no-any-return]  # see above


def test_a_file_that_is_written_to_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "office.csv"
    path.write_bytes(b"done")
    with pytest.raises(ValueRefusedError) as refused:
        read_source(Growing(path))
    assert refused.value.code == "import.file_changing"
    assert read_source(path).content == b"donex"
