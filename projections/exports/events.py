"""The log as lines of JSON: each event with its bytes as stored, each batch as recorded, enough to hash them again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ledger.log.reading import batch_ends, batch_of, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["batch_lines", "event_lines"]

_PAGE: Final = 5_000


def event_lines(connection: Connection, to: int) -> Iterator[str]:
    """Yield one line for each event up to ``to``. ``state`` is the stored text, to be hashed as it stands."""
    done = 0
    while rows := read_page(connection, done, _PAGE, to):
        for row in rows:
            yield _line(
                {
                    "position": row.position,
                    "stream": row.stream,
                    "version": row.version,
                    "topic": row.topic,
                    "batch": row.batch,
                    "recorded_at": row.recorded_at,
                    "state": row.state.decode(),
                }
            )
        done = rows[-1].position


def batch_lines(connection: Connection, to: int) -> Iterator[str]:
    """Yield one line for each batch that began up to ``to``, with the checkpoint that was written at its end."""
    ends = batch_ends(connection, 0, to)
    if to and (not ends or ends[-1] != to):
        ends.append(to)  # the batch in the midst of which ``to`` lies
    for last in ends:
        batch = batch_of(connection, last)
        yield _line({name: getattr(batch, name) for name in batch.__slots__})


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"
