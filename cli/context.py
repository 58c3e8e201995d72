"""What every command is given: the global options, and the ledger or the database that they name."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.params import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from ledger.application import Ledger

__all__ = [
    "Settings",
    "format_option",
    "open_copies",
    "open_database_for_init",
    "open_facts",
    "open_ledger",
    "open_log",
    "operating_system_user",
    "with_settings",
]

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass(slots=True)
class Settings:
    """The global options."""

    db: str = ""
    actor: str = ""
    sign: str = ""
    format: str = "table"
    debug: bool = False


with_settings = click.make_pass_decorator(Settings)


def format_option(command: F) -> F:
    """Add ``-f``; it is understood before the noun and after the verb, and the last one given counts."""

    def keep(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value:
            ctx.ensure_object(Settings).format = value

    return click.option(
        "-f",
        "--format",
        type=Choice({"table": "表格", "json": "JSON", "csv": "CSV"}),
        expose_value=False,
        is_eager=True,
        callback=keep,
        help="输出格式:table(默认)、json、csv",
    )(command)


def operating_system_user() -> str:
    """Return the name of the user of the operating system, or nothing where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


@contextmanager
def open_ledger(settings: Settings, *, signed: bool | None = None) -> Iterator[Ledger]:
    """Open the ledger for recording, with a key where it takes signed batches only.

    ``signed`` True asks for a key before the ledger is opened, False for none (a trial run signs nothing). Raises
    StorageError, and LedgerError where the key cannot be used.
    """
    from cli.signing import signer_for
    from ledger.application import Ledger

    ledger = Ledger(settings.db)
    try:
        if signed or (signed is None and ledger.mode == "signed"):
            ledger.signer = signer_for(settings)
            settings.actor = ledger.signer.person
        yield ledger
    finally:
        ledger.close()


@contextmanager
def open_database_for_init(settings: Settings) -> Iterator[Engine]:
    """Open a database that may not exist yet. Raises StorageError."""
    from ledger.database import open_database

    engine = open_database(settings.db, create=True)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_log(settings: Settings) -> Iterator[Engine]:
    """Open the database for reading, also where it cannot be written. Raises StorageError."""
    with _opened(settings, read_only=True) as engine:
        yield engine


@contextmanager
def open_facts(settings: Settings) -> Iterator[Engine]:
    """Open the database for reading, with facts that are up to the head of the log. Raises StorageError, TamperedError.

    Only what is still to be mapped is written, over a connection of its own.
    """
    from ledger.log.high_water import check_head
    from projections.catch_up import catch_up, is_current

    with open_log(settings) as engine:
        check_head(engine)
        if not is_current(engine):
            with open_copies(settings) as writer:
                catch_up(writer)
        yield engine


@contextmanager
def open_copies(settings: Settings) -> Iterator[Engine]:
    """Open the database for writing what is copied from the log: the facts. Raises StorageError."""
    with _opened(settings, read_only=False) as engine:
        yield engine


@contextmanager
def _opened(settings: Settings, *, read_only: bool) -> Iterator[Engine]:
    from ledger.database import check_ours, open_database

    engine = open_database(settings.db, read_only=read_only)
    try:
        check_ours(engine)
        yield engine
    finally:
        engine.dispose()
