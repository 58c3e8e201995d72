"""What stands under the names of the fact tables is what this program made, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from ledger.database import read_transaction
from ledger.errors import StorageError, TamperedError
from projections.catch_up import catch_up, compare, rebuild
from projections.tables_check import table_differences

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.projections.conftest import History

_BODY = "CREATE FUNCTION lying() RETURNS trigger AS 'BEGIN RETURN NEW; END' LANGUAGE plpgsql"


def meddle(engine: Engine, *statements: str) -> None:
    """Change the database as somebody with its password would: past every belt of the program."""
    bare = create_engine(engine.url)
    with bare.begin() as connection:
        for one in statements:
            connection.execute(text(one))
    bare.dispose()


def found(engine: Engine) -> list[str]:
    with read_transaction(engine) as connection:
        return [name for name, _, _ in table_differences(connection)]


@pytest.fixture
def engine(history: History) -> Engine:
    history.adopt()
    history.issue("C", 10_000, area="520200")
    catch_up(history.engine)
    return history.engine


def test_tables_as_made_differ_in_nothing(engine: Engine) -> None:
    assert found(engine) == []


def test_a_view_in_the_place_of_a_table_is_found_and_rebuilding_puts_the_table_back(engine: Engine) -> None:
    meddle(
        engine,
        "CREATE TABLE aside AS SELECT * FROM fact_notice",
        "DROP TABLE fact_notice",
        "CREATE VIEW fact_notice AS SELECT * FROM aside",
    )
    assert "fact_notice" in {name.partition(".")[0] for name in found(engine)}

    rebuild(engine)
    assert found(engine) == []
    assert compare(engine) == []


def test_a_trigger_on_a_table_is_found_and_rebuilding_removes_it(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        meddle(engine, "CREATE TRIGGER lying AFTER INSERT ON fact_money BEGIN SELECT 1; END")
    else:
        trigger = "CREATE TRIGGER lying BEFORE INSERT ON fact_money FOR EACH ROW EXECUTE FUNCTION lying()"
        meddle(engine, _BODY, trigger)
    assert [name for name in found(engine) if "lying" in name]

    rebuild(engine)
    assert found(engine) == []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("DROP TABLE fact_notice", "fact_notice"),
        ("ALTER TABLE fact_money ADD COLUMN more TEXT", "fact_money"),
        ("DROP INDEX fact_citation_documents", "fact_citation_documents"),
        ("CREATE INDEX of_mine ON fact_money (amount_fen)", "of_mine"),
    ],
)
def test_what_is_missing_and_what_is_too_much_is_named(engine: Engine, change: str, name: str) -> None:
    meddle(engine, change)
    assert name in {each.partition(".")[0] for each in found(engine)}

    rebuild(engine)
    assert found(engine) == []


def test_a_name_that_another_table_took_is_not_taken_from_it(engine: Engine) -> None:
    meddle(engine, "DROP INDEX fact_citation_documents", "CREATE TABLE theirs (a TEXT)")
    meddle(engine, "CREATE INDEX fact_citation_documents ON theirs (a)")

    with pytest.raises(StorageError) as refused:
        rebuild(engine)
    assert refused.value.code == "facts.name_taken"
    assert "theirs" in refused.value.message


def test_facts_beyond_the_place_they_say_they_reached_are_no_failure_of_the_database(engine: Engine) -> None:
    meddle(engine, "UPDATE tracking SET position = position - 1")

    with pytest.raises(TamperedError) as refused:
        catch_up(engine)
    assert refused.value.code == "facts.behind"
