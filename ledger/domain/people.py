"""Persons, their keys and their roles: what is known of the people of a signed ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Literal, TypeVar

from ledger.codes import Role
from ledger.errors import NotFoundError
from ledger.events import (
    Event,
    KeyEnrolled,
    KeyRevoked,
    LedgerConfirmed,
    LedgerOpened,
    PersonEnrolled,
    RoleDelegated,
    RoleGranted,
    RoleRevoked,
)
from ledger.rules import covers

__all__ = ["Grant", "Opening", "People", "evolve_opening", "evolve_people"]

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Opening:
    """How the ledger was opened; ``mode`` is empty before that."""

    mode: Literal["", "trial", "signed"] = ""
    area: str = ""
    founder: str = ""
    confirmed: bool = False
    opened_on: date | None = None


def evolve_opening(state: Opening, event: Event) -> Opening:
    """Return the state after the event."""
    match event:
        case LedgerOpened() if not state.mode:
            return Opening(event.mode, event.area, event.founder, opened_on=event.effective_on)
        case LedgerConfirmed():
            return replace(state, confirmed=True)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an area, between two days (both included)."""

    role: str
    area: str
    from_on: date
    to_on: date | None

    def holds(self, area: str, on: date) -> bool:
        """Say whether it reaches the area (empty: any) on the day."""
        in_time = self.from_on <= on and (self.to_on is None or on <= self.to_on)
        return in_time and (not area or covers(self.area, area))


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who may be named: persons by code, valid keys by their text, roles by person."""

    persons: Mapping[str, PersonEnrolled] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Person of each key that may sign now."""
    revoked: Mapping[str, KeyRevoked] = field(default_factory=lambda: MappingProxyType({}))
    grants: Mapping[str, tuple[Grant, ...]] = field(default_factory=lambda: MappingProxyType({}))
    delegations: Mapping[str, tuple[RoleDelegated, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """What was delegated to each person."""

    def granted(self, person: str, area: str, on: date) -> frozenset[str]:
        """Return the roles that the person holds by grant in the area (empty: anywhere) on the day."""
        return frozenset(each.role for each in self.grants.get(person, ()) if each.holds(area, on))

    def roles(self, person: str, area: str, on: date) -> frozenset[str]:
        """Return all roles of the person there and then: granted, and delegated by somebody who still holds them."""
        lent = (
            each.role
            for each in self.delegations.get(person, ())
            if each.effective_on <= on <= each.until and each.role in self.granted(each.delegator, area, on)
        )
        return self.granted(person, area, on) | frozenset(lent)

    def roles_from(self, person: str, first: date) -> frozenset[str]:
        """Return every role that the person may act in on the day or later, in whatever area: granted or delegated."""
        own = (each.role for each in self.grants.get(person, ()) if each.to_on is None or each.to_on >= first)
        lent = (each.role for each in self.delegations.get(person, ()) if each.until >= first)
        return frozenset((*own, *lent))

    def doubted(self, position: int) -> list[KeyRevoked]:
        """Return the keys whose signature is not trusted where it stands at a position."""
        return [each for each in self.revoked.values() if 0 < each.not_trusted_since <= position]

    def keys_of(self, person: str) -> tuple[str, ...]:
        """Return the keys with which the person may sign now."""
        return tuple(key for key, owner in self.keys.items() if owner == person)

    def must_know(self, person: str) -> None:
        """Refuse a person who was never enrolled. Raises NotFoundError."""
        if person not in self.persons:
            raise NotFoundError(
                "person.unknown", f"没有编号为“{person}”的人员", hint="请先用 xianjie person enrol 登记,或核对编号"
            )

    def admins(self, on: date) -> frozenset[str]:
        """Return the administrators who could sign on the day."""
        signing = frozenset(self.keys.values())
        return frozenset(each for each in signing if Role.ADMIN in self.granted(each, "", on))


def evolve_people(state: People, event: Event) -> People:
    """Return the state after the event."""
    match event:
        case PersonEnrolled():
            return replace(state, persons=_with(state.persons, event.person, event))
        case KeyEnrolled():
            return replace(state, keys=_with(state.keys, event.key, event.person))
        case KeyRevoked():
            left = MappingProxyType({key: owner for key, owner in state.keys.items() if key != event.key})
            return replace(state, keys=left, revoked=_with(state.revoked, event.key, event))
        case RoleGranted():
            grant = Grant(event.role, event.area, event.from_on, event.to_on)
            held = (*state.grants.get(event.person, ()), grant)
            return replace(state, grants=_with(state.grants, event.person, held))
        case RoleRevoked():
            kept = tuple(
                each
                for each in state.grants.get(event.person, ())
                if (each.role, each.area) != (event.role, event.area)
            )
            return replace(state, grants=_with(state.grants, event.person, kept))
        case RoleDelegated():
            lent = (*state.delegations.get(event.person, ()), event)
            return replace(state, delegations=_with(state.delegations, event.person, lent))
        case _:
            return state


def _with(known: Mapping[str, V], key: str, value: V) -> Mapping[str, V]:
    return MappingProxyType({**known, key: value})
