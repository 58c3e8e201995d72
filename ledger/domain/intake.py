"""Decisions about imported files: what of them is in the ledger, and that two imports do not pass each other by.

Whether a row is new is judged by its content and how often it was recorded, never by its date or its file: two equal
payments on one day are two payments, and the same file a second time has nothing new.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from ledger.domain.command import Command, Filled
from ledger.errors import ConflictError
from ledger.events import Event, ImportedRow, ImportRecorded

__all__ = ["RecordImport", "decide_record_import"]

_PART: Final = 5_000  # rows in one event


class RecordImport(Command):
    """Note which rows of a file the entries of this batch, and of earlier imports, stand for.

    ``after`` is how many events about imports of this kind were known when the rows were compared.
    """

    kind: Filled
    file: Filled
    file_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    after: Annotated[int, Field(ge=0)]
    rows: Annotated[tuple[ImportedRow, ...], Field(min_length=1)]


def decide_record_import(known: int, command: RecordImport) -> list[Event]:
    """Note the rows, if nobody has imported or undone a file of this kind since they were compared.

    Raises:
        ConflictError: somebody has: what was new then may be recorded by now.
    """
    if known != command.after:
        raise ConflictError(
            "import.meanwhile",
            f"核对期间有人导入或撤销了同类的文件,{command.file} 没有导入",
            hint="请再导入一次:会重新核对,已记的不会重复",
        )
    return [
        ImportRecorded(
            effective_on=command.on,
            kind=command.kind,
            file=command.file,
            file_hash=command.file_hash,
            part=start // _PART + 1,
            rows=command.rows[start : start + _PART],
        )
        for start in range(0, len(command.rows), _PART)
    ]
