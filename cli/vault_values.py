"""The vault at the last gate: with ``--with-vault`` nothing leaves that carries a name or number which it keeps.

The values are compared within the program and shown to nobody, so no reading is recorded. Without them the linter
knows numbers alone, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, open_facts
from cli.passphrases import ask_passphrase
from cli.vaults import Place, opened_vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projections.extracts.people import People

__all__ = ["say_what_was_not_checked", "vault_option", "vault_people"]

_ASKED: Final = "cli.vault_values.asked"
_PEOPLE: Final = "cli.vault_values.people"


def vault_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--with-vault``: what is written or checked is compared with the values of the ledger's vault."""

    def keep(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - as click calls it
        ctx.meta[_ASKED] = value

    return click.option(
        "--with-vault",
        is_flag=True,
        expose_value=False,
        callback=keep,
        help="对照保密库(问口令):其中的姓名、证号、电话、账号也不得出现",
    )(command)


def vault_people() -> People | None:
    """Return the values of the vault where the command was asked to compare with them; the passphrase is asked once.

    Raises StorageError, TamperedError, ValueRefusedError: the vault cannot be opened.
    """
    ctx = click.get_current_context(silent=True)
    if ctx is None or not ctx.meta.get(_ASKED):
        return None
    if _PEOPLE not in ctx.meta:
        ctx.meta[_PEOPLE] = _read(ctx.ensure_object(Settings))
    found: People = ctx.meta[_PEOPLE]
    return found


def say_what_was_not_checked() -> None:
    """Tell on stderr that names were not looked for, where no vault was compared with."""
    if vault_people() is None:
        click.echo("没有对照保密库:查了号码,没有查姓名;有保密库的请加 --with-vault", err=True)


def _read(settings: Settings) -> People:
    from sqlalchemy import select

    from ledger.database import read_transaction
    from projections.extracts.people import People
    from projections.tables import fact_area

    with open_facts(settings) as engine, read_transaction(engine) as connection:
        places = connection.execute(select(fact_area.c.name).distinct()).scalars().all()
    return People(_values(settings), places)


def _values(settings: Settings) -> Iterator[tuple[str, str]]:
    place = Place(None, None)
    with opened_vault(settings, place, signed=False) as (_, vault):
        vault.unlock(place.key_file(settings), ask_passphrase("保密库口令"))
        for subject in vault.subjects():
            for field, (_, value) in vault.read(subject.ref).items():
                yield field, value
