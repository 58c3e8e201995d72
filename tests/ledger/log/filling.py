"""Logs to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.log.appending import Appender, BatchHeader

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["fill"]


def fill(engine: Engine, sizes: list[int], *, state: bytes = b"") -> None:
    """Append batches of these sizes over a few streams; states differ from one another unless one is given."""
    appender = Appender(engine)
    for size in sizes:
        with appender.open(BatchHeader(None, "h", "李", "fund issue", "黔财农〔2024〕3号")) as append:
            first = append.position + 1
            append.write(
                [
                    (f"项目:{number % 7}", None, f"topic.{number % 3}", state or f'{{"amount_fen":{number}}}'.encode())
                    for number in range(first, first + size)
                ]
            )
