"""Plain rows are taken out before anybody listens: what is found must be what listening to everything finds."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.intake.reader import parts
from cli.intake.reader.parts import walk_part
from cli.intake.reader.plain_rows import PlainRows
from cli.intake.reader.scan import SheetPart, SheetScan, _Sheet, scan_sheet
from cli.intake.reader.shared import SharedTexts
from cli.intake.source import Source
from ledger.errors import ValueRefusedError

PART = "xl/worksheets/sheet1.xml"
SHEET = SheetPart("台账", True, PART)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="m">'
    '<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
)
END = "</sheetData></worksheet>"

VALUES = (
    "<v>1</v>",
    '<v xml:space="preserve"> 1</v>',
    "<v/>",
    "<v></v>",
    "<f>SUM(A1)</f>",
    "<f>SUM(A1)</f><v>2</v>",
    "<f>SUM(A1)</f><v></v>",
    '<f t="shared" si="0"/><v>3</v>',
    "<is><t>文字</t></is>",
    '<is><t xml:space="preserve"> a &amp; b </t></is>',
    "<is><r><t>富</t></r></is>",
    "",
)
TYPES = ("", ' t="s"', ' t="e"', ' t="str"', ' t="&#101;"', " t='e'", ' t="inlineStr"', ' cm="1" t="e"')
ROW_ATTRIBUTES = (
    *("", ' spans="1:4"', ' hidden="1"', ' hidden="0"', ' hidden="true"', " hidden='1'", ' x14ac:dyDescent="0.2"'),
    *(' customFormat="false" ht="12.8" hidden="false"', ' ht="15" hidden="1"'),
)


def source(xml: bytes) -> Source:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PART, xml)
    return Source("台账.xlsx", buffer.getvalue())


def listened(content: Source) -> SheetScan:
    """Return what listening to every element finds."""
    walk = _Sheet()
    walk_part(content, PART, walk)
    return walk.found


def looked_through(content: Source) -> tuple[SheetScan, PlainRows]:
    """Return what scanning finds, and what was taken out of the XML on the way."""
    plain = PlainRows()
    walk_part(content, PART, _Sheet(), plain)
    return scan_sheet(content, SHEET, SharedTexts()), plain


def odd(found: SheetScan) -> tuple[set[tuple[int, int]], set[tuple[int, int]], set[int], set[int], int]:
    return found.errors, found.not_computed, found.hidden_rows, found.hidden_columns, found.cells


@st.composite
def rows(draw: st.DrawFn) -> str:
    number = draw(st.integers(1, 9))
    numbered = draw(st.sampled_from((f' r="{number}"', f' r="{number}"', f' r="{number}"', "")))
    cells = []
    for letter in draw(st.lists(st.sampled_from(("A", "B", "D", "AB")), max_size=4)):
        place = draw(st.sampled_from((f' r="{letter}{number}"', f' r="{letter}{number}"', f' r="{letter}7"', "")))
        style, kind = draw(st.sampled_from(("", ' s="3"'))), draw(st.sampled_from(TYPES))
        value = draw(st.sampled_from(VALUES))
        cells.append(f"<c{place}{style}{kind}>{value}</c>" if value else f"<c{place}{style}{kind}/>")
    between = draw(st.sampled_from(("", "", "", "\n ")))
    return f"<row{numbered}{draw(st.sampled_from(ROW_ATTRIBUTES))}>{between.join(cells)}</row>"


@settings(deadline=None)
@given(st.lists(rows(), max_size=8), st.integers(20, 400))
def test_odd_rows_among_plain_ones_are_found_wherever_a_chunk_ends(lines: list[str], chunk: int) -> None:
    content = source((HEAD + "".join(lines) + END).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "_CHUNK", chunk)
        found, _ = looked_through(content)
    exact = listened(content)
    assert odd(found) == odd(exact)
    if exact.cells:
        assert (found.first[0] <= exact.first[0], found.first[1] <= exact.first[1]) == (True, True)
        assert (found.last[0] >= exact.last[0], found.last[1] >= exact.last[1]) == (True, True)


def plain_rows(count: int) -> str:
    cells = '<c r="A{0}" t="s"><v>1</v></c><c r="B{0}" s="2"><f>A{0}*2</f><v>2</v></c><c r="C{0}" s="1"/>'
    return "".join(f'<row r="{number}" spans="1:3">{cells.format(number)}</row>' for number in range(1, count + 1))


def test_plain_rows_are_taken_out_and_the_grid_is_exact() -> None:
    found, plain = looked_through(source((HEAD + plain_rows(5_000) + END).encode()))
    assert (plain.cells, found.cells) == (10_000, 10_000)
    assert (found.first, found.last) == ((1, 0), (5_000, 1))
    assert odd(found) == (set(), set(), set(), {1, 2}, 10_000)


LOOKALIKES = {
    "in a comment": f"<!-- {plain_rows(3)} -->",
    "in a CDATA section": f'<row r="9"><c r="A9" t="str"><v><![CDATA[{plain_rows(3)}]]></v></c></row>',
    "in an instruction": f"<?note {plain_rows(3)}?>",
}


@pytest.mark.parametrize("where", LOOKALIKES)
def test_what_only_looks_like_a_row_is_not_counted(where: str) -> None:
    content = source((HEAD + LOOKALIKES[where] + END).encode())
    found, plain = looked_through(content)
    assert (plain.cells, odd(found)) == (0, odd(listened(content)))


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_part_in_another_encoding_is_listened_to_as_a_whole(encoding: str) -> None:
    text = HEAD.replace("UTF-8", encoding) + '<row r="1"><c r="A1" t="e"><v>1</v></c></row>' + plain_rows(2) + END
    found, plain = looked_through(source(text.encode(encoding)))
    assert (plain.cells, found.cells, found.errors) == (0, 5, {(1, 0)})


UNSOUND = {
    "a control character in a value": plain_rows(2).replace("<v>2<", "<v>\x01<"),
    "an attribute twice": plain_rows(2).replace(' spans="1:3"', ' spans="1:3" spans="1:3"'),
    "an entity that nobody declared": plain_rows(2).replace("<v>2<", "<v>&bomb;<"),
    "an end that fails": plain_rows(2) + "<row>",
}


@pytest.mark.parametrize("what", UNSOUND)
def test_a_plain_row_that_is_no_sound_xml_is_damage(what: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        scan_sheet(source((HEAD + UNSOUND[what] + END).encode()), SHEET, SharedTexts())
    assert refused.value.code == "import.damaged"


def test_no_end_of_a_row_for_long_keeps_nothing_waiting() -> None:
    plain = PlainRows()
    given = [HEAD.encode(), *[b"<x/>" * 50_000] * 10]
    passed = [plain.without(chunk) for chunk in given]
    assert b"".join(passed) + plain.rest() == b"".join(given)
    assert plain.rest() == b""
