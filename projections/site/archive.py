"""The archive: every publication that was recorded, with the very content whose fingerprint was recorded with it.

What was published is cut again from the ledger, as the publication says it was cut. Only what has the recorded
fingerprint is shown under it: where a publication does not say how it was cut, or where this program no longer makes
the same bytes of it, nothing is shown. Nor is what was taken down: it stays in the list, and off the site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.errors import LedgerError
from ledger.events import NoticeAmended, NoticePublished, registry
from ledger.log.reading import event_at
from projections.extracts.extract import Told, canonical
from projections.extracts.templates import cut
from projections.scope import Question
from projections.site.feed import Publication, atom, index_json, publications
from projections.site.pages import Cell, Head, render
from projections.site.rows import Row, told_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from projections.extracts.extract import Extract
    from projections.scope import Scope
    from projections.site.proofs import Proofs

__all__ = ["archive_files"]


def archive_files(engine: Engine, scope: Scope, about: dict[str, Any], proofs: Proofs) -> Iterator[tuple[str, bytes]]:
    """Yield the page of the archive, its feed, its list, and under its fingerprint the content of each publication.

    Raises NotFoundError, TamperedError.
    """
    listed = publications(scope)
    kept = {each.content_hash: again for each in listed if (again := _content(engine, scope, each)) is not None}
    for content_hash, extract in kept.items():
        yield f"notices/{content_hash}.json", canonical(extract.as_json())
        yield f"notices/{content_hash}.proofs.json", proofs.of_notice(extract)
    yield "archive.html", _page(about, proofs, listed, kept)
    yield "feed.atom", atom(about["name"], about["origin"], listed, kept)
    yield "index.json", index_json({key: about[key] for key in ("origin", "position", "root", "as_of")}, listed, kept)


def _content(engine: Engine, scope: Scope, each: Publication) -> Extract | None:
    """Return what was published, cut again; None where it cannot be had byte for byte, or was taken down."""
    if each.withdrawn_on:
        return None
    row = event_at(scope.connection, each.position)
    event = None if row is None else registry.decode(row.topic, row.state)
    if not isinstance(event, NoticePublished | NoticeAmended) or event.cut is None or not event.content_hash:
        return None
    question = Question(event.area, event.cut.year, "area", event.cut.as_of, event.position)
    try:
        again = cut(engine, event.template, question, place=event.cut.place, notes=event.cut.notes)
    except LedgerError:
        # The archive lists what was recorded, whatever became of it: one that cannot be cut stops nobody.
        return None
    return again if again.content_hash == event.content_hash else None


def _page(about: dict[str, Any], proofs: Proofs, listed: Sequence[Publication], kept: dict[str, Extract]) -> bytes:
    heads = [Head(name) for name in ("公示编号", "标题", "起", "止", "撤下", "内容指纹", "文号")]
    rows = [_row(each, each.content_hash in kept) for each in listed]
    told = told_in(rows)
    return render(
        "archive.html",
        root="",
        here="archive.html",
        site=about,
        title="公告档案",
        proofs=proofs.embedded(told, (), len(rows)),
        columns=heads,
        rows=rows,
        kept=[each for each in listed if each.content_hash in kept],
        missing=len(listed) - sum(each.content_hash in kept for each in listed),
    )


def _row(each: Publication, kept: bool) -> Row:  # noqa: FBT001 - whether there is something to link to
    shown = {
        "notice": each.notice,
        "title": each.title,
        "from_on": each.from_on,
        "to_on": each.to_on or "长期",
        "withdrawn_on": each.withdrawn_on,
        "content_hash": each.content_hash,
        "document": each.document,
    }
    cells = [
        Cell(text, f"notices/{text}.json" if name == "content_hash" and kept else "", Told(each.position, name))
        if name != "withdrawn_on"
        else Cell(text, told=Told(each.withdrawn_at, "effective_on") if text else None)
        for name, text in shown.items()
    ]
    return Row(cells, f"notice {each.notice}")
