"""What every command is given: the global options, and the ledger or the database that they name."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.output import display
from cli.params import FILE, Choice
from cli.progress import progress
from cli.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from ledger.application import Ledger
    from ledger.log.appending import Receipt

__all__ = [
    "Settings",
    "answer_options",
    "format_option",
    "open_copies",
    "open_database_for_init",
    "open_facts",
    "open_ledger",
    "open_log",
    "operating_system_user",
    "output_options",
    "with_settings",
]

FORMS = {"table": "表格", "json": "JSON", "jsonl": "逐行JSON", "csv": "CSV", "xlsx": "工作簿"}

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass(slots=True)
class Settings:
    """The global options."""

    db: str = ""
    actor: str = ""
    sign: str = ""
    format: str = "table"
    debug: bool = False
    ledger: Ledger | None = None
    """The ledger that a session keeps open, and what it recorded; elsewhere each command opens its own."""
    ledger_url: str = ""
    receipts: list[tuple[str, Receipt]] = field(default_factory=list)


with_settings = click.make_pass_decorator(Settings)


def format_option(command: F) -> F:
    """Add ``-f``; it is understood before the noun and after the verb, and the last one given counts."""

    def keep(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value:
            ctx.ensure_object(Settings).format = value

    return click.option(
        "-f",
        "--format",
        type=Choice(FORMS),
        metavar="格式",
        expose_value=False,
        is_eager=True,
        callback=keep,
        help="输出格式:table(默认)、json、jsonl、csv、xlsx",
    )(command)


def output_options(command: F) -> F:
    """Add ``-o`` (the file to write, its form told by its name) and ``--unit`` (in which amounts are shown)."""

    def keep_file(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
        if value is not None:
            display().path = value
            form = value.suffix.lower().removeprefix(".")
            if form in FORMS and ctx.ensure_object(Settings).format == "table":
                ctx.ensure_object(Settings).format = form

    def keep_unit(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value:
            display().unit = value

    file = click.option(
        "-o",
        "--output",
        type=FILE,
        expose_value=False,
        callback=keep_file,
        help="写入文件,格式由文件名定:.xlsx、.csv、.json、.jsonl;已有的文件被替换",
    )
    unit = click.option(
        "--unit",
        type=Choice(UNITS),
        metavar="单位",
        expose_value=False,
        callback=keep_unit,
        help="金额按什么单位显示:yuan(元,默认)、wan(万元)、yi(亿元);不影响 JSON",
    )
    return file(unit(command))


def answer_options(command: F) -> F:
    """Add what every verb has that answers with tables: ``-f``, ``-o`` and ``--unit``."""
    return format_option(output_options(command))


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

    if settings.ledger is not None and settings.ledger_url == settings.db:
        yield settings.ledger
        return
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
            with open_copies(settings) as writer, progress("更新报表数据") as heard:
                catch_up(writer, heard=heard)
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
