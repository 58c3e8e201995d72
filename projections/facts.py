"""From one event to its facts: a stateless map that looks at nothing but the event.

``facts_of`` returns rows as ``(table name, values in column order)``; the order is that of ``projections.tables``. The
mappings stand in ``projections.mapping``, one for each class; an event class that has none is an error.
"""

from __future__ import annotations

from typing import Final

from ledger import events as e
from ledger.errors import TamperedError
from projections.mapping import affairs, assets, contracts, income, money, people, projects
from projections.mapping.rows import FactRow, Mapping, at_line

__all__ = ["FactRow", "facts_of"]

_MAPPINGS: Final[dict[type[e.Event], Mapping]] = {
    **money.MAPPINGS,
    **projects.MAPPINGS,
    **assets.MAPPINGS,
    **contracts.MAPPINGS,
    **income.MAPPINGS,
    **affairs.MAPPINGS,
    **people.MAPPINGS,
}
_AMOUNT: Final = 6  # where a table of signed amounts keeps the amount: right after the stamp
_SIGNED: Final = frozenset({"fact_money", "fact_arrear", "fact_asset_source", "fact_income"})
_CITING: Final = frozenset({e.EventReversed, e.DocumentAttached})  # their mapping may state citations of its own


def facts_of(event: e.Event, position: int, recorded_at: str) -> list[FactRow]:
    """Return the facts of the event at this position, none for topics that state none.

    Raises:
        TamperedError: the event, or one that it reverses, is of a kind this program does not know.
    """
    stamp = (position, 0, position, 1, event.effective_on.isoformat(), recorded_at)
    if type(event) is e.EventReversed:
        rows = _cancelled(event, position, recorded_at)
    else:
        mapping = _MAPPINGS.get(type(event))
        if mapping is None:
            raise TamperedError(
                "facts.unmapped", f"没有规定事件类型“{event.TOPIC}”如何入表", hint="请升级程序后重建:xianjie db rebuild"
            )
        rows = mapping(event, stamp)
    if event.reason and type(event) is not e.EventReversed:
        kind, _, subject = event.stream.partition(":")
        rows.append(("fact_reason", (*stamp, event.TOPIC, kind, subject, event.reason, event.document)))
    if event.document:
        kind, _, subject = event.stream.partition(":")
        if kind != "document" or subject != event.document:  # a document does not cite itself
            if type(event) in _CITING:
                stamp = at_line(stamp, sum(table == "fact_citation" for table, _ in rows))
            rows.append(("fact_citation", (*stamp, event.document, event.TOPIC, kind, subject, "")))
    return rows


def _cancelled(event: e.EventReversed, position: int, recorded_at: str) -> list[FactRow]:
    """Return the facts of the reversed event with the opposite sign; they keep its business date and its origin."""
    reversed_event = e.registry.decode(event.reversed_topic, event.reversed_state.encode())
    rows: list[FactRow] = []
    for table, row in facts_of(reversed_event, event.reversed_position, recorded_at):
        rest = (-row[_AMOUNT], *row[_AMOUNT + 1 :]) if table in _SIGNED else row[_AMOUNT:]
        rows.append((table, (position, row[1], row[2], -row[3], row[4], recorded_at, *rest)))
    return rows
