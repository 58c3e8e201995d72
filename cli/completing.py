"""What completion offers: codes of projects, tranches and assets with their names, from the facts as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from click.shell_completion import CompletionItem

from ledger.errors import LedgerError

if TYPE_CHECKING:
    import click

__all__ = ["complete_code"]

_MOST: Final = 50
_SUBJECTS: Final = {
    "project": ("fact_project", "project", "name"),
    "from_project": ("fact_project", "project", "name"),
    "to_project": ("fact_project", "project", "name"),
    "tranche": ("fact_tranche", "tranche", "document"),
    "asset": ("fact_asset", "asset", "name"),
    "assets": ("fact_asset", "asset", "name"),
}


def complete_code(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return the codes that begin so, or whose names contain what was typed; nothing where the ledger cannot be read.

    The facts are read as they stand: catching up is the work of commands, and completion must never wait.
    """
    subject = _SUBJECTS.get(param.name or "")
    url = ctx.find_root().params.get("db")
    if subject is None or not url:
        return []
    from sqlalchemy import or_, select
    from sqlalchemy.exc import SQLAlchemyError

    from ledger.database import open_database, read_transaction
    from projections.tables import metadata

    table, code, name = subject
    columns = metadata.tables[table].c
    wanted = (
        select(columns[code], columns[name])
        .where(
            or_(
                columns[code].startswith(incomplete, autoescape=True),
                columns[name].contains(incomplete, autoescape=True),
            )
        )
        .distinct()
        .order_by(columns[code])
        .limit(_MOST)
    )
    try:
        engine = open_database(str(url))
        try:
            with read_transaction(engine) as connection:
                rows = [(str(code), str(name)) for code, name in connection.execute(wanted)]
        finally:
            engine.dispose()
    except (LedgerError, SQLAlchemyError):
        return []
    return [CompletionItem(code, help=name) for code, name in dict(rows).items()]  # one name of each will do
