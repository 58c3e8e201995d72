"""Catching up, rebuilding and comparing, on both databases."""

from __future__ import annotations

from datetime import date
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from ledger import events as e
from ledger.database import read_transaction, write_transaction
from ledger.errors import StorageError, TamperedError
from ledger.log.appending import Appender, BatchHeader
from projections import catch_up as module
from projections.catch_up import catch_up, compare, create_projections, facts_position, rebuild
from projections.tables import fact_money, facts_info, metadata

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.projections.conftest import History


COUNTY = e.AreaEntry(code="520299", name="某县", valid_from=date(2024, 1, 1))


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with read_transaction(engine) as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.columns))]
            for name, table in metadata.tables.items()
        }


def year_of(history: History) -> int:
    """Record a small year with every kind of row, and return the last position."""
    history.adopt()
    history.issue("C", 10_000, area="520200")
    history.distribute("C", "T", 5_000, "520201")
    history.project("P", planned_fen=400, industry=True)
    history.allocate("T", "P", 300)
    history.spend(e.MoneyReleased, "T", "P", 200)
    paid = history.spend(e.MoneyPaid, "T", "P", 150)
    history.reach(e.ProjectStarted, "P")
    history.asset("A", 300)
    history.hold("A", "ownership", ("village_collective", 1, 3), ("household", 2, 3))
    history.record(
        e.AreasListed(effective_on=date(2024, 1, 1), areas=(COUNTY,)),
        e.LedgerOpened(effective_on=date(2024, 1, 1), area="520200", name="账本", origin="o"),
        e.DocumentRegistered(effective_on=date(2024, 1, 1), number="1", issuer="厅", dated=date(2024, 1, 1)),
    )
    return history.reverse(paid)


@pytest.mark.parametrize("page", [1, 3, 5_000])
def test_facts_are_the_same_however_they_came_about(
    history: History, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", page)
    last = year_of(history)
    step_by_step = everything(history.engine)

    assert rebuild(history.engine) == last
    assert everything(history.engine) == step_by_step
    assert compare(history.engine) == []
    assert catch_up(history.engine) == last


def test_both_databases_hold_the_same_facts(both_histories: tuple[History, History]) -> None:
    facts = []
    for history in both_histories:
        year_of(history)
        at = [name for name in metadata.tables if name != "facts_info"]
        facts.append({name: [row[:5] + row[6:] for row in everything(history.engine)[name]] for name in at})
    assert facts[0] == facts[1]


def test_an_event_is_mapped_once_even_if_two_catch_up_at_once(engine: Engine) -> None:
    create_projections(engine)
    events = [issued(number) for number in range(40)]
    with Appender(engine).open(BatchHeader(None, "", "tester", "test", "")) as append:
        append.write([(event.stream, 1, event.TOPIC, e.registry.encode(event)) for event in events])
    reached: list[int] = []
    workers = [Thread(target=lambda: reached.append(catch_up(engine))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert reached == [40] * 4
    assert compare(engine) == []


def issued(number: int) -> e.TrancheIssued:
    return e.TrancheIssued(
        effective_on=date(2024, 1, 1),
        tranche=f"T{number}",
        area="520201",
        plan_year=2024,
        fund_kind="transition",
        level="central",
        direction="consolidation",
        amount_fen=number + 1,
        issuer="厅",
    )


def test_catching_up_stops_where_it_is_told(history: History) -> None:
    history.adopt()
    with Appender(history.engine).open(BatchHeader(None, "", "tester", "test", "")) as append:
        append.write([(event.stream, 1, event.TOPIC, e.registry.encode(event)) for event in map(issued, range(5))])

    assert catch_up(history.engine, to=3) == 3
    assert catch_up(history.engine) == 6


def test_a_changed_a_lost_and_an_added_fact_are_found(history: History) -> None:
    last = year_of(history)
    with read_transaction(history.engine) as connection:
        first, second = connection.execute(select(fact_money).order_by(fact_money.c.position).limit(2)).all()
    with write_transaction(history.engine) as connection:
        connection.execute(update(fact_money).where(fact_money.c.position == first.position).values(amount_fen=1))
        connection.execute(delete(fact_money).where(fact_money.c.position == second.position))
        connection.execute(insert(fact_money).values({**first._mapping, "position": last + 7}))

    changed, lost, added = compare(history.engine)
    assert (changed.position, changed.stored is not None, changed.expected) == (first.position, True, tuple(first))
    assert (lost.position, lost.stored, lost.expected) == (second.position, None, tuple(second))
    assert (added.position, added.expected) == (last + 7, None)
    assert compare(history.engine, limit=1) == [changed]
    rebuild(history.engine)
    assert compare(history.engine) == []


def test_facts_of_another_revision_are_refused_until_rebuilt(history: History) -> None:
    last = year_of(history)
    with write_transaction(history.engine) as connection:
        connection.execute(update(facts_info).values(revision=0))

    with pytest.raises(StorageError) as caught:
        catch_up(history.engine)
    assert "xianjie db rebuild" in caught.value.hint
    assert rebuild(history.engine) == last
    assert catch_up(history.engine) == last


def test_an_unreadable_event_stops_catching_up_and_leaves_the_facts_alone(history: History) -> None:
    good = history.adopt()
    with Appender(history.engine).open(BatchHeader(None, "", "tester", "test", "")) as append:
        append.write([("project:P", 1, "project.started", b"{}")])

    before = everything(history.engine)
    for attempt in (catch_up, rebuild):
        with pytest.raises(TamperedError):
            attempt(history.engine)
    assert everything(history.engine) == before
    with read_transaction(history.engine) as connection:
        assert facts_position(connection) == good


def test_the_tables_of_sqlite_check_types(sqlite_history: History) -> None:
    with read_transaction(sqlite_history.engine) as connection:
        strict = {
            row.name: row.strict for row in connection.execute(text("SELECT name, strict FROM pragma_table_list"))
        }
    assert all(strict[name] for name in metadata.tables)


def test_an_empty_ledger_rebuilds_to_nothing(history: History) -> None:
    assert rebuild(history.engine) == 0
    assert compare(history.engine) == []


def test_a_ledger_without_fact_tables_says_how_to_make_them(engine: Engine) -> None:
    with pytest.raises(StorageError) as caught:
        catch_up(engine)
    assert caught.value.code == "facts.missing"
    assert rebuild(engine) == 0
    assert catch_up(engine) == 0
