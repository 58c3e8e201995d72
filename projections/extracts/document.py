"""An extract as a DOCX notice in the look of GB/T 9704: title in the middle, table, foot; the same bytes every time.

Fonts are named, not embedded: the office's own 仿宋 and 小标宋 apply where it is opened.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from projections.extracts.shown import foot, numeric, table, total_row

if TYPE_CHECKING:
    from projections.extracts.extract import Extract

__all__ = ["document"]

_TITLE_FONT: Final = "方正小标宋简体"
_BODY_FONT: Final = "仿宋_GB2312"
_ZIP_CLOCK: Final = (1980, 1, 1, 0, 0, 0)


def document(extract: Extract) -> bytes:
    """Return the notice as a DOCX file."""
    import docx  # noqa: PLC0415 - only where a document is asked for
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - as above
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - as above
    from docx.shared import Mm, Pt  # noqa: PLC0415 - as above

    made = docx.Document()
    section = made.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(title.add_run(extract.title), _TITLE_FONT, Pt(22))
    rows = [[column.name for column in extract.columns], *table(extract)]
    if (totals := total_row(extract)) is not None:
        rows.append(totals)
    grid = made.add_table(rows=len(rows), cols=len(extract.columns))
    grid.style = "Table Grid"
    for row, texts in zip(grid.rows, rows, strict=True):
        for column, cell, text in zip(extract.columns, row.cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            if numeric(column) and row is not grid.rows[0]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _font(paragraph.add_run(text), _BODY_FONT, Pt(9))
    for sentence in foot(extract):
        _font(made.add_paragraph().add_run(sentence), _BODY_FONT, Pt(10.5))
    moment = datetime.combine(date.fromisoformat(extract.about["as_of"]), time(), UTC).replace(tzinfo=None)
    properties = made.core_properties
    properties.title, properties.author, properties.last_modified_by = extract.title, "", ""
    properties.created = properties.modified = moment
    properties.comments = ""
    buffer = io.BytesIO()
    made.save(buffer)
    return _timeless(buffer.getvalue())


def _font(run: Any, name: str, size: Any) -> None:  # noqa: ANN401 - python-docx has no types
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    run.font.name, run.font.size = name, size
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)  # noqa: SLF001 - the library has no way to name this font


def _timeless(data: bytes) -> bytes:
    """Return the archive with every member's clock set to the same moment, so that equal content is equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(zipfile.ZipInfo(name, _ZIP_CLOCK), given.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
