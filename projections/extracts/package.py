"""An extract as a data package: one CSV with a byte order mark for Excel, and ``datapackage.json`` that describes it.

Source: Frictionless Data Package v1 (specs.frictionlessdata.io), ecosystem.md 3.2.
"""

from __future__ import annotations

import csv
import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.extracts.extract import Extract

__all__ = ["csv_bytes", "package"]

_TYPES: Final = {"fen": "number", "count": "integer", "date": "date", "code": "string", "text": "string"}
# Full-width signs too: some spreadsheets take them for the others.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_bytes(extract: Extract) -> bytes:
    """Return the lines as CSV: heads are the keys, money is yuan with two decimals, text cannot become a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.key for column in extract.columns])
    for line in extract.lines:
        writer.writerow([_plain(column.kind, line.values[column.key]) for column in extract.columns])
    return buffer.getvalue().encode("utf-8-sig")


def package(extracts: Sequence[tuple[str, Extract]]) -> dict[str, bytes]:
    """Return the files of a package of extracts, each under its short name."""
    files = {f"{name}.csv": csv_bytes(extract) for name, extract in extracts}
    resources = [_resource(name, extract, files[f"{name}.csv"]) for name, extract in extracts]
    first = extracts[0][1]
    described = {
        "profile": "tabular-data-package",
        "name": "xianjie-extract",
        "title": first.title,
        "created": f"{first.about['as_of']}T00:00:00Z",
        "ledger": {key: first.about[key] for key in ("origin", "position", "root", "rule")},
        "resources": resources,
    }
    files["datapackage.json"] = (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _resource(name: str, extract: Extract, data: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name.replace("_", "-"),
        "title": extract.title,
        "path": f"{name}.csv",
        "encoding": "utf-8-sig",
        "format": "csv",
        "mediatype": "text/csv",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": {
            "missingValues": [""],
            "fields": [
                {"name": column.key, "title": column.name, "type": _TYPES.get(column.kind, "string")}
                for column in extract.columns
            ],
        },
    }


def _plain(kind: str, value: str | int | None) -> str:
    if value is None:
        return ""
    if kind == "fen":
        fen = int(value)
        return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
    text = str(value)
    return f"'{text}" if kind in {"text", "code"} and text.startswith(_FORMULA_SIGNS) else text
