"""The sentences under the tables of the site: those of the notice that was published of the same table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events import NoticeAmended, NoticePublished, registry
from ledger.log.reading import event_at
from projections.site.feed import publications

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["notes_by_template"]


def notes_by_template(scope: Scope) -> dict[tuple[str, int | None], tuple[str, ...]]:
    """Return the notes of the newest publication that is up, by template and year, of the area as a whole.

    The principle of allocation or who is responsible is no figure of the ledger: it stands in what was published.
    """
    found: dict[tuple[str, int | None], tuple[str, ...]] = {}
    for each in publications(scope):
        row = None if each.withdrawn_on else event_at(scope.connection, each.position)
        event = None if row is None else registry.decode(row.topic, row.state)
        if not isinstance(event, NoticePublished | NoticeAmended) or event.cut is None:
            continue
        if event.area == scope.area and not event.cut.place:
            found.setdefault((event.template, event.cut.year), event.cut.notes)
    return found
