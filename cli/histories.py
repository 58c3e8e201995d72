"""The history of one thing: its events as recorded, the state they lead to, and the table that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cli.output import Table
from cli.words import beijing, field_text, topic_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from ledger.commands.work import Kind
    from ledger.events import Event

__all__ = ["History", "amount_of", "history_of", "history_table"]

S = TypeVar("S")

_AMOUNTS = ("amount_fen", "planned_fen", "invested_fen", "contract_fen", "settled_fen", "value_fen", "estimate_fen")


class _Recorded(NamedTuple):
    position: int
    recorded_at: str
    event: Event


@dataclass(frozen=True, slots=True)
class History:
    """Every event of a stream, reversed ones included."""

    stream: str
    recorded: tuple[_Recorded, ...]

    @property
    def reversed_positions(self) -> dict[int, int]:
        """Which positions were reversed, and by which."""
        from ledger.events import EventReversed

        return {
            each.event.reversed_position: each.position
            for each in self.recorded
            if isinstance(each.event, EventReversed)
        }

    def state(self, kind: Kind[S]) -> S:
        """Return the state that the events lead to; the start where there are none."""
        from ledger.domain.history import fold, live

        return fold(kind.evolve, kind.start, live([each.event for each in self.recorded]))

    def as_json(self) -> list[dict[str, Any]]:
        """Return the events in order."""
        undone = self.reversed_positions
        return [
            {
                "position": each.position,
                "recorded_at": each.recorded_at,
                "topic": each.event.TOPIC,
                "reversed_by": undone.get(each.position),
                "data": each.event.model_dump(mode="json"),
            }
            for each in self.recorded
        ]


def history_of(engine: Engine, stream: str) -> History:
    """Read the history of a stream; empty where it does not exist. Raises StorageError, TamperedError."""
    from ledger.database import read_transaction
    from ledger.events import registry
    from ledger.log.reading import read_stream

    with read_transaction(engine) as connection:
        rows = read_stream(connection, stream)
    return History(
        stream, tuple(_Recorded(row.position, row.recorded_at, registry.decode(row.topic, row.state)) for row in rows)
    )


def history_table(*histories: History) -> Table:
    """Return the table of one or several histories in the order of recording."""
    rows = []
    undone = {undone: by for history in histories for undone, by in history.reversed_positions.items()}
    for each in sorted((each for history in histories for each in history.recorded), key=lambda each: each.position):
        fields = each.event.model_dump(mode="json")
        fen = amount_of(fields)
        rows.append(
            [
                str(each.position),
                field_text("effective_on", fields["effective_on"]),
                topic_name(each.event.TOPIC),
                "" if fen is None else format_yuan(fen),
                fields["document"],
                fields["reason"],
                f"已由第 {undone[each.position]} 号冲销" if each.position in undone else "",
                beijing(each.recorded_at),
            ]
        )
    heads = ("序号", "业务日期", "事项", ">金额(元)", "文号", "原因", "冲销", "记账时间")
    return Table(heads, rows, title="经过")


def amount_of(fields: Mapping[str, Any]) -> int | None:
    """Return the amount of an event in fen, None where it has none."""
    return next((fields[name] for name in _AMOUNTS if fields.get(name)), None)
