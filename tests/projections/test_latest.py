"""Of several descriptions of one thing, the newest that nobody took back counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ledger import events as e
from projections.latest import latest, written_by
from projections.scope import Question, open_scope
from projections.tables import fact_document, fact_holding, fact_project

if TYPE_CHECKING:
    from sqlalchemy import Table

    from tests.projections.conftest import History

END = date(2024, 12, 31)
RECORD: dict[str, Any] = {"area": "520201", "project_year": 2024, "project_type": "crop_base"}


def described(history: History, table: Table, key: str, column: str, **asked: Any) -> list[tuple[object, object]]:  # noqa: ANN401 - parts of a question
    with open_scope(history.engine, Question("520200", **{"as_of": END, **asked})) as scope:
        newest = latest(scope, table, [key])
        rows = select(table.c[key], table.c[column]).select_from(newest.join(table, written_by(newest, table)))
        return [(row[0], row[1]) for row in scope.connection.execute(rows.order_by(table.c[key], table.c.line))]


def amend(history: History, project: str, content: str, on: date) -> int:
    return history.record(e.ProjectAmended(effective_on=on, project=project, name=project, content=content, **RECORD))


def contents(history: History, **asked: object) -> list[tuple[object, object]]:
    return described(history, fact_project, "project", "content", **asked)


def test_the_last_day_counts_and_not_the_last_record(history: History) -> None:
    history.project("A", on=date(2024, 1, 1))
    history.project("B", on=date(2024, 1, 1))
    amend(history, "A", "新", date(2024, 6, 1))
    amend(history, "A", "补记的旧事", date(2024, 3, 1))

    assert contents(history) == [("A", "新"), ("B", "")]
    assert contents(history, as_of=date(2024, 5, 31)) == [("A", "补记的旧事"), ("B", "")]


def test_on_one_day_the_last_record_counts(history: History) -> None:
    history.project("A", on=date(2024, 1, 1))
    first = amend(history, "A", "一", date(2024, 6, 1))
    amend(history, "A", "二", date(2024, 6, 1))

    assert contents(history) == [("A", "二")]
    assert contents(history, known_at=first) == [("A", "一")]


def test_what_was_reversed_counts_no_longer_until_the_reversal_is_reversed(history: History) -> None:
    history.project("A", on=date(2024, 1, 1))
    amended = amend(history, "A", "错", date(2024, 6, 1))
    reversed_at = history.reverse(amended)
    assert contents(history) == [("A", "")]

    history.reverse(reversed_at)
    assert contents(history) == [("A", "错")]


def test_a_description_of_several_rows_comes_whole(history: History) -> None:
    history.asset("Z", 100)
    history.hold("Z", "ownership", ("company", 1, 1), on=date(2024, 1, 1))
    history.hold("Z", "ownership", ("household", 1, 3), ("village_collective", 2, 3), on=date(2024, 2, 1))

    assert described(history, fact_holding, "right", "holder_kind") == [
        ("ownership", "household"),
        ("ownership", "village_collective"),
    ]


def test_documents_belong_to_no_area(history: History) -> None:
    dated = date(2024, 1, 5)
    history.record(e.DocumentRegistered(effective_on=dated, number="文1", issuer="财政厅", dated=dated))
    history.record(e.DocumentAmended(effective_on=dated, number="文1", issuer="财政局", dated=dated, reason="误"))

    assert described(history, fact_document, "number", "issuer") == [("文1", "财政局")]
