"""Everything that befell one thing, whichever stream it is in: a tranche, a project, an asset, a contract, a scheme.

An event belongs to a thing where one of its facts names it, so what a project's money, notices, findings and assets say
of it stands in one line of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import or_, select

from ledger.errors import NotFoundError
from ledger.events import registry
from ledger.log.reading import batch_of, event_at
from projections.tables import metadata

if TYPE_CHECKING:
    from datetime import date

    from ledger.events import Event
    from ledger.log.reading import Batch, Row
    from projections.scope import Scope

__all__ = ["Entry", "entry_at", "timeline"]

_NAMING: Final = (
    "subject",
    "project",
    "asset",
    "tranche",
    "parent",
    "contract",
    "scheme",
    "finding",
    "arrear",
    "notice",
)
_ASIDE: Final = frozenset({"fact_citation"})  # what it says of an event, the event's own facts say as well


class Entry(NamedTuple):
    """One event, decoded, with the batch it was recorded in."""

    row: Row
    event: Event
    batch: Batch

    @property
    def effective_on(self) -> date:
        """The business date."""
        return self.event.effective_on


def timeline(scope: Scope, code: str) -> list[Entry]:
    """Return every event about the thing of this code, up to the scope's position and day, in business order.

    Raises NotFoundError: nothing in the ledger has this code.
    """
    positions: set[int] = set()
    for name in sorted(metadata.tables):
        table = metadata.tables[name]
        columns = [table.c[each] for each in _NAMING if each in table.c]
        if name in _ASIDE or not columns:
            continue
        wanted = select(table.c.position).where(or_(*(each == code for each in columns)), scope.happened(table))
        positions.update(scope.connection.execute(wanted).scalars())
    if not positions:
        raise NotFoundError(
            "timeline.unknown", f"账本中没有编号为“{code[:60]}”的资金批次、项目、资产、合同或账户", hint="请核对编号"
        )
    entries = [entry_at(scope, position) for position in positions]
    return sorted(entries, key=lambda entry: (entry.effective_on, entry.row.position))


def entry_at(scope: Scope, position: int) -> Entry:
    """Return the event at a position. Raises NotFoundError, TamperedError."""
    row = event_at(scope.connection, position)
    if row is None:
        raise NotFoundError("event.unknown", f"账本中没有第 {position} 号记录", hint="用 xianjie audit log 查看序号")
    return Entry(row, registry.decode(row.topic, row.state), batch_of(scope.connection, position))
