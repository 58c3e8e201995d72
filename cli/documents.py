"""The register of documents: what was registered, and every number that something recorded stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.histories import amount_of
from ledger.characters import half_width

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.scope import Scope

__all__ = ["citations", "documents", "matching", "plain_number"]

_BRACKETS: Final = str.maketrans("〔〕[]【】〈〉<>", "()()()()()")


def plain_number(text: str) -> str:
    """Return a text in which ``〔2022〕``, ``[2022]`` and ``(2022)``, wide and narrow signs are the same."""
    return "".join(half_width(text).translate(_BRACKETS).casefold().split())


def matching(text: str) -> Callable[[dict[str, Any]], bool]:
    """Return the condition that a document's number, title or issuer contains the text, however it is written."""
    wanted = plain_number(text)
    return lambda record: any(wanted in plain_number(record[name]) for name in ("number", "title", "issuer"))


def documents(scope: Scope) -> list[dict[str, Any]]:
    """Return the documents by date and number, with the number of entries that cite each.

    Numbers that are cited and that nobody registered come last; of those ``registered`` is false.
    """
    from sqlalchemy import func, select

    from projections.latest import latest, written_by
    from projections.tables import fact_citation, fact_document

    cited = fact_citation.c
    count = func.sum(cited.sign)
    counts = select(cited.document, count).where(scope.within(fact_citation)).group_by(cited.document).having(count > 0)
    citing = {number: int(times) for number, times in scope.connection.execute(counts)}

    facts = fact_document.c
    newest = latest(scope, fact_document, ("number",))
    columns = [facts[name] for name in ("number", "issuer", "dated", "kind", "title", "file_hash")]
    registered = select(*columns).join_from(newest, fact_document, written_by(newest, fact_document))
    found = [
        {**row, "registered": True, "citations": citing.pop(row["number"], 0)}
        for row in scope.connection.execute(registered.order_by(facts.dated, facts.number)).mappings()
    ]
    unknown = {"issuer": "", "dated": "", "kind": "", "title": "", "file_hash": "", "registered": False}
    return [*found, *({"number": number, **unknown, "citations": times} for number, times in sorted(citing.items()))]


def citations(scope: Scope, number: str) -> list[dict[str, Any]]:
    """Return the entries that cite a document and were not reversed, with their amounts in fen."""
    from sqlalchemy import func, select

    from ledger.events import registry
    from ledger.log.reading import event_at
    from projections.tables import fact_citation

    facts = fact_citation.c
    columns = [facts.origin.label("position"), *(facts[name] for name in ("effective_on", "topic", "kind", "subject"))]
    columns.append(facts.role)
    living = (
        select(*columns)
        .where(scope.within(fact_citation), facts.document == number)
        .group_by(facts.origin, *columns[1:])
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.effective_on, facts.origin)
    )
    found = []
    for row in scope.connection.execute(living).mappings():
        stored = event_at(scope.connection, row["position"])
        event = registry.decode(stored.topic, stored.state) if stored else None
        found.append({**row, "amount_fen": amount_of(event.model_dump(mode="json")) if event else None})
    return found
