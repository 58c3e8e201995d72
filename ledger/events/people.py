"""Events about who may record: persons, their keys, their roles, and the second person who confirms a new ledger.

A person is an opaque code with a post; a key belongs to a person; a role is given to a person, never to a key.
Source: reliability.md 1 (actors), 2.4; 会计基础工作规范 第十二条 (duties that exclude one another).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Event, Ident, Name, Text

__all__ = [
    "KeyEnrolled",
    "KeyRevoked",
    "LedgerConfirmed",
    "PersonEnrolled",
    "RoleDelegated",
    "RoleGranted",
    "RoleRevoked",
]

PublicKey = Annotated[str, StringConstraints(min_length=3, max_length=400)]
"""A public key as one line, ``name+hash+base64`` (C2SP signed-note)."""


class _OfPeople(Event, abstract=True):
    @property
    @override
    def stream(self) -> str:
        return streams.PEOPLE


class PersonEnrolled(_OfPeople):
    """A person may be named from now on: a code, the unit and the post; the name of an official is optional."""

    TOPIC: ClassVar[str] = "person.enrolled"

    person: Ident
    unit: Name
    post: Name
    name: Text = ""


class KeyEnrolled(_OfPeople):
    """What this key signs counts as said by this person, from the next batch on."""

    TOPIC: ClassVar[str] = "key.enrolled"

    person: Ident
    key: PublicKey
    device: Text = ""


class KeyRevoked(_OfPeople):
    """The key signs nothing from now on.

    ``not_trusted_since`` is the first position from which its signatures are in doubt: what it signed from there on is
    to be confirmed again. 0: nothing is in doubt.
    """

    TOPIC: ClassVar[str] = "key.revoked"

    reason: Name
    person: Ident
    key: PublicKey
    not_trusted_since: int = Field(default=0, ge=0, lt=2**63, strict=True)


class RoleGranted(_OfPeople):
    """The person holds a role in an area and all below it, from a day to a day (both included; None: until revoked)."""

    TOPIC: ClassVar[str] = "role.granted"

    person: Ident
    role: Ident
    area: AreaCode
    unit: Text = ""
    from_on: date
    to_on: date | None = None


class RoleRevoked(_OfPeople):
    """The person no longer holds the role in that area."""

    TOPIC: ClassVar[str] = "role.revoked"

    reason: Name
    person: Ident
    role: Ident
    area: AreaCode


class RoleDelegated(_OfPeople):
    """A holder of a role lets somebody else act in it until a day; it lasts no longer than the holder's own role."""

    TOPIC: ClassVar[str] = "role.delegated"

    delegator: Ident
    person: Ident
    role: Ident
    until: date


class LedgerConfirmed(Event):
    """The second of the two founders confirms the ledger as the first one opened it, by the root of that batch."""

    TOPIC: ClassVar[str] = "ledger.confirmed"

    person: Ident
    root: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @property
    @override
    def stream(self) -> str:
        return streams.LEDGER
