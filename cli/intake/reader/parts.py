"""The XML parts of an XLSX, streamed through expat: nothing is kept, and a document type is refused at sight."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, ClassVar, Final
from xml.parsers import expat

from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.intake.reader.plain_rows import PlainRows
    from cli.intake.source import Source

__all__ = ["Walk", "damaged", "part_names", "walk_part"]

_CHUNK: Final = 2**18
_BROKEN: Final = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error,
    KeyError, ValueError, OSError, EOFError, RuntimeError, NotImplementedError,
)  # fmt: skip


class Walk:
    """What hears of the elements of a part; one that does not listen only sees its bytes, and that it is sound XML."""

    listens: ClassVar[bool] = True
    parser: Any = None  # expat's parser type has no public name

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Hear that an element begins, by its local name."""

    def end(self, name: str) -> None:
        """Hear that an element ends."""

    def take(self, chunk: bytes) -> None:
        """See the next bytes of the part, as they are."""


def part_names(source: Source) -> set[str]:
    """Return the names of the parts of a checked archive."""
    with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
        return set(archive.namelist())


def walk_part(source: Source, part: str, walk: Walk, plain: PlainRows | None = None) -> None:
    """Let ``walk`` hear of every element of a part, but for the rows that ``plain`` takes out.

    Raises:
        ValueRefusedError: the part is missing or damaged, longer than the archive says, or has a document type.
    """
    # Soundness is that of the whole part; only what is left of it needs the slow calls from C to Python.
    whole, parser = expat.ParserCreate(), expat.ParserCreate()
    walk.parser = parser
    whole.StartDoctypeDeclHandler = parser.StartDoctypeDeclHandler = _no_document_type(source)
    parser.StartElementHandler = _first_element(walk)
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive, archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                walk.take(chunk)
                if plain is not None:
                    whole.Parse(chunk)
                    chunk = plain.without(chunk)
                parser.Parse(chunk)
            if plain is not None:
                whole.Parse(b"", True)
                parser.Parse(plain.rest())
            parser.Parse(b"", True)
    except _BROKEN:
        raise damaged(source) from None


def damaged(source: Source) -> ValueRefusedError:
    """Return the refusal of a workbook that is none."""
    return ValueRefusedError(
        "import.damaged",
        "文件已损坏,或不是正常的 XLSX",
        hint="请在表格软件中打开后另存为新的 XLSX 或 CSV",
        where=source.name,
    )


def _first_element(walk: Walk) -> Callable[[str, dict[str, str]], None]:
    """Return the handler that learns from the root whether all names have a prefix: some programs write x:row."""

    def root(name: str, attributes: dict[str, str]) -> None:
        prefix = name.rpartition(":")[0]
        if prefix:
            skip = len(prefix) + 1
            walk.parser.StartElementHandler = lambda long, given: walk.start(long[skip:], given)
            walk.parser.EndElementHandler = lambda long: walk.end(long[skip:])
        elif not walk.listens:
            walk.parser.StartElementHandler = None  # nobody listens, so expat need not call
        else:
            walk.parser.StartElementHandler, walk.parser.EndElementHandler = walk.start, walk.end
        walk.start(name[len(prefix) + 1 :] if prefix else name, attributes)

    return root


def _no_document_type(source: Source) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise ValueRefusedError(
            "import.document_type",
            "文件的 XML 里有文档类型声明(DOCTYPE),可能引用外部内容",
            hint="请在表格软件中打开后另存为新的 XLSX 或 CSV",
            where=source.name,
        )

    return refuse
