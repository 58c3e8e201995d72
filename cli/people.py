"""The people of the ledger as the log has them now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from ledger.domain.people import People

__all__ = ["read_people", "read_public_key"]


def read_people(engine: Engine) -> People:
    """Return everybody with keys and roles. Raises StorageError, TamperedError."""
    from ledger.database import read_transaction
    from ledger.domain.history import fold
    from ledger.domain.people import People, evolve_people
    from ledger.events import registry, streams
    from ledger.log.reading import read_stream

    with read_transaction(engine) as connection:
        rows = read_stream(connection, streams.PEOPLE)
    return fold(evolve_people, People(), [registry.decode(row.topic, row.state) for row in rows])


def read_public_key(path: Path) -> str:
    """Return the one public key that a file holds. Raises ValueRefusedError."""
    from cli.audit.files import read_keys

    keys = read_keys(path)
    if len(keys) != 1:
        raise ValueRefusedError("key.not_one", f"文件里有 {len(keys)} 把公钥,应恰有一把", where=str(path))
    return str(keys[0])
