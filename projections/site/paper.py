"""A notice on paper: its page, laid out by WeasyPrint as a PDF. Needs the extra ``pdf`` and a Chinese font.

The same extract gives the same bytes on the same machine: fonts are embedded, and they are the machine's. What is
looked through for personal data is the page; a PDF hides its text in glyph numbers.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import ValueRefusedError
from projections.extracts.shown import foot, numeric, table, total_row
from projections.site.pages import Cell, Head, render

if TYPE_CHECKING:
    from projections.extracts.extract import Extract

__all__ = ["paper", "paper_page"]

_SHOWN: Final = 5
_NOT_INSTALLED: Final = 3
_NO_PANGO: Final = 4
_NO_FONT: Final = 5


def paper_page(extract: Extract) -> bytes:
    """Return the notice as one page of HTML, for paper."""
    return render(
        "paper.html",
        title=extract.title,
        columns=[Head(column.name, numeric(column)) for column in extract.columns],
        rows=[[Cell(text) for text in texts] for texts in table(extract)],
        total=total_row(extract) if extract.lines else None,
        foot=foot(extract),
    )


def paper(page: bytes) -> bytes:
    """Return a page of ours as PDF.

    It is laid out by a process of its own, because without any font the libraries beneath end the process.

    Raises ValueRefusedError: WeasyPrint, a library that it needs, or a font for some character is not there.
    """
    command = [sys.executable, "-P", "-m", __name__]  # -P: nothing from the folder that one happens to be in
    done = subprocess.run(command, input=page, capture_output=True, check=False)  # noqa: S603 - this very module
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _NOT_INSTALLED:
        raise _refused("没有安装写 PDF 的部件(WeasyPrint)", "运行 pip install 'xianjie-ledger[pdf]'")
    if done.returncode == _NO_PANGO:
        packages = "libpango-1.0-0 libpangoft2-1.0-0"
        raise _refused("写 PDF 的部件缺少系统的排版库(Pango)", f"运行 apt-get install {packages}")
    missing = done.stderr.decode() if done.returncode == _NO_FONT else ""
    words = f"显示“{'、'.join(missing[:_SHOWN])}”等 {len(missing)} 个字" if missing else "排版"
    raise _refused(f"这台电脑没有字体能{words},PDF 没有写出", "请安装中文字体(如 apt-get install fonts-noto-cjk)")


def _refused(message: str, hint: str) -> ValueRefusedError:
    return ValueRefusedError("extract.no_pdf", message, hint=f"{hint};或写成 .docx,用办公软件另存为 PDF")


def _main() -> int:
    """Lay the page from the standard input out; write the PDF, or the characters that no font has."""
    try:
        weasyprint: Any = import_module("weasyprint")
    except ImportError:
        return _NOT_INSTALLED
    except OSError:
        return _NO_PANGO
    document = weasyprint.HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=_nothing).render()
    made: bytes = document.write_pdf()
    if missing := sorted({chr(code) for font in document.fonts.values() for code in font.missing}):
        sys.stderr.buffer.write("".join(missing).encode())
        return _NO_FONT
    sys.stdout.buffer.write(made)
    return 0


def _nothing(url: str, *_: object, **__: object) -> dict[str, Any]:
    message = f"a notice asks for nothing from outside: {url}"
    raise ValueError(message)


if __name__ == "__main__":
    sys.exit(_main())
