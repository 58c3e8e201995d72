"""Compile the Chinese of click's own words: ``messages.po``, which people edit, to ``messages.mo`` for gettext.

Run by ``make docs``; ``tests/test_catalogue.py`` compares the two. The program ships both, so that nothing has to be
compiled where it is installed. Comments, ``msgid``, ``msgid_plural`` and ``msgstr`` are understood, one line each,
which is all this catalogue uses.
"""

from __future__ import annotations

import ast
import re
import struct
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "cli" / "locale" / "zh_CN" / "LC_MESSAGES" / "messages.po"

_LINE = re.compile(r'(?P<key>msgid|msgid_plural|msgstr|msgstr\[0\]) (?P<text>".*")')
_MAGIC = 0x950412DE
_HEADER_BYTES = 28


def messages(text: str) -> dict[str, str]:
    """Return what each message of a catalogue is in Chinese, keyed as the compiled form keys it."""
    found: dict[str, str] = {}
    message = ""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if line.startswith("#"):
            continue
        read = _LINE.fullmatch(line)
        if read is None:
            raise ValueError(f"not a line of a catalogue: {line}")
        said = str(ast.literal_eval(read["text"]))
        if read["key"] == "msgid":
            message = said
        elif read["key"] == "msgid_plural":
            message = f"{message}\0{said}"
        else:
            found[message] = said
    return found


def compiled(found: dict[str, str]) -> bytes:
    """Return the bytes of the compiled catalogue (GNU gettext manual, 10.3): two sorted tables and their texts."""
    pairs = [
        (message.encode(), said.encode()) for message, said in sorted(found.items(), key=lambda pair: pair[0].encode())
    ]
    texts = b"".join(text + b"\0" for column in zip(*pairs, strict=True) for text in column)
    tables, offset = b"", _HEADER_BYTES + 16 * len(pairs)
    for column in zip(*pairs, strict=True):
        for text in column:
            tables += struct.pack("<II", len(text), offset)
            offset += len(text) + 1
    second = _HEADER_BYTES + 8 * len(pairs)
    return struct.pack("<7I", _MAGIC, 0, len(pairs), _HEADER_BYTES, second, 0, 0) + tables + texts


def main() -> None:
    """Write the compiled catalogue where it has changed."""
    content, path = compiled(messages(CATALOGUE.read_text("utf-8"))), CATALOGUE.with_suffix(".mo")
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
        print(path.name)


if __name__ == "__main__":
    main()
