"""Numbers for the names of streams and topics, remembered between appends.

A number, once committed, never changes; a version is right only while nobody else appends. The owner throws the whole
memory away when the head of the log is not the one it left behind.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, text

from ledger.errors import ValueRefusedError
from ledger.log.record import framed_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

__all__ = ["ABSENT", "Names", "Stream", "check_text"]

ABSENT: Final = -1
_KEPT: Final = 100_000
_LONGEST_NAME: Final = 500

_UNSTORABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

_FIND: Final = {
    "stream": text(
        "SELECT s.name, s.id, (SELECT max(e.version) FROM event e WHERE e.stream = s.id)"
        " FROM stream s WHERE s.name IN :names"
    ).bindparams(bindparam("names", expanding=True)),
    "topic": text("SELECT name, id, 0 FROM topic WHERE name IN :names").bindparams(bindparam("names", expanding=True)),
}
_COUNT: Final = {name: text(f"SELECT coalesce(max(id), 0) FROM {name}") for name in _FIND}  # noqa: S608 - our own two names
_ADD: Final = {name: text(f"INSERT INTO {name} (id, name) VALUES (:id, :name)") for name in _FIND}  # noqa: S608 - as above


class Stream:
    """A stream's (or topic's) number, its framed name for hashing, and the last version (``ABSENT`` if none)."""

    __slots__ = ("framed", "id", "version")

    def __init__(self, number: int, framed: bytes, version: int) -> None:
        self.id = number
        self.framed = framed
        self.version = version


class Names(dict[str, Stream]):
    """The known names of one table, ``stream`` or ``topic``."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self._table = table
        self._last: int | None = None

    def learn(self, connection: Connection, names: Collection[str], *, create: bool) -> None:
        """Make sure that every name is known; ``create`` numbers the new ones, in order. Raises ValueRefusedError."""
        missing = [name for name in names if name not in self]
        if not missing:
            return
        if len(self) > _KEPT:
            for name in list(islice(self, _KEPT // 2)):
                del self[name]
            missing = [name for name in names if name not in self]
        for name in missing:
            check_text(self._table, name, _LONGEST_NAME, empty=False)
        for name, number, version in connection.execute(_FIND[self._table], {"names": missing}):
            self[name] = Stream(number, framed_text(name), ABSENT if version is None else version)
        if create:
            self._add(connection, [name for name in missing if name not in self])

    def _add(self, connection: Connection, names: list[str]) -> None:
        if not names:
            return
        if self._last is None:
            self._last = int(connection.execute(_COUNT[self._table]).scalar_one())
        rows = []
        for name in names:
            self._last += 1
            self[name] = Stream(self._last, framed_text(name), ABSENT)
            rows.append({"id": self._last, "name": name})
        connection.execute(_ADD[self._table], rows)


def check_text(what: str, value: str, longest: int, *, empty: bool = True) -> None:
    """Refuse what not every database can store: control characters, half characters, excess length.

    Raises ValueRefusedError.
    """
    if (value or empty) and len(value) <= longest and not _UNSTORABLE.search(value):
        return
    raise ValueRefusedError(
        "log.bad_text",
        f"{what} 不能用:{value[:40]!r}",
        hint=f"请填写 {0 if empty else 1} 至 {longest} 个可见字符,不含换行和控制字符。",
    )
