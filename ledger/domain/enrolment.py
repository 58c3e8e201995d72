"""What may be changed about people: enrol, give keys and roles, take them back, delegate, confirm a new ledger.

Nothing here decides whether the one who asks may ask: that is ``ledger.domain.authority``, for every batch alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from ledger.codes import Role, name_of
from ledger.domain.command import AreaRef, Command, Day, Filled, Line, coded
from ledger.domain.people import Opening, People, evolve_people
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import (
    Event,
    KeyEnrolled,
    KeyRevoked,
    LedgerConfirmed,
    PersonEnrolled,
    RoleDelegated,
    RoleGranted,
    RoleRevoked,
)
from ledger.rules import RulePack
from ledger.transparency.note import ED25519, Key

__all__ = [
    "ConfirmLedger",
    "DelegateRole",
    "EnrolKey",
    "EnrolPerson",
    "GrantRole",
    "RevokeKey",
    "RevokeRole",
    "decide_confirm",
    "decide_delegate",
    "decide_enrol_key",
    "decide_enrol_person",
    "decide_grant",
    "decide_revoke_key",
    "decide_revoke_role",
]

_PERSON = re.compile(r"P-[0-9]{4,8}")
_FEWEST_ADMINS = 2


def _person(value: str) -> str:
    if not _PERSON.fullmatch(value):
        raise ValueRefusedError(
            "person.malformed",
            f"人员编号“{value[:20]}”不合要求:应为 P- 加四至八位数字",
            hint="请写如 P-0001;编号不要用身份证号、手机号或姓名",
        )
    return value


PersonRef = Annotated[str, AfterValidator(_person)]
RoleRef = Annotated[str, coded(Role)]


class EnrolPerson(Command):
    """Enrol a person under an opaque code."""

    person: PersonRef
    unit: Filled
    post: Filled
    name: Line = ""


class EnrolKey(Command):
    """Enrol a public key of a person (``name+hash+base64``, one line)."""

    person: PersonRef
    key: Annotated[str, Field(max_length=400)]
    device: Line = ""


class RevokeKey(Command):
    """Revoke a key; ``key`` is its whole line or its name."""

    key: Annotated[str, Field(max_length=400)]
    not_trusted_since: Annotated[int, Field(ge=0, lt=2**63)] = 0


class GrantRole(Command):
    """Give a person a role in an area."""

    person: PersonRef
    role: RoleRef
    area: AreaRef
    unit: Line = ""
    from_on: Day | None = None
    to_on: Day | None = None


class RevokeRole(Command):
    """Take a role in an area from a person."""

    person: PersonRef
    role: RoleRef
    area: AreaRef


class DelegateRole(Command):
    """Let somebody else act in one's own role until a day."""

    person: PersonRef
    role: RoleRef
    until: Day


class ConfirmLedger(Command):
    """Confirm a new signed ledger as its second founder; ``root`` is that of its first batch, in hexadecimal."""

    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def decide_enrol_person(state: People, command: EnrolPerson) -> list[Event]:
    """Enrol a person, once. Raises RuleRefusedError."""
    if command.person in state.persons:
        raise RuleRefusedError(
            "person.exists", f"人员“{command.person}”已经登记", hint="换人须用新的编号:编号一经使用不再给别人"
        )
    return [
        PersonEnrolled(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            person=command.person,
            unit=command.unit,
            post=command.post,
            name=command.name,
        )
    ]


def decide_enrol_key(state: People, command: EnrolKey) -> list[Event]:
    """Enrol a key that nobody else ever had.

    Raises:
        NotFoundError: unknown person.
        ProofError: the key cannot be read.
        RuleRefusedError: the key, or one of its name, was enrolled before.
    """
    state.must_know(command.person)
    key = Key.parse(command.key)
    if key.kind != ED25519:
        raise ValueRefusedError(
            "key.not_for_signing", "这是见证用的公钥,不能用来记账", hint="请用 xianjie key new 新建"
        )
    for known in (*state.keys, *state.revoked):
        other = Key.parse(known)
        if other.public_key == key.public_key or other.name == key.name:
            raise RuleRefusedError(
                "key.exists",
                f"密钥“{key.name}”或同一把公钥已经登记过",
                hint="一把钥匙只属于一人,吊销后也不能再用;请新建一把,名称也换一个",
            )
    return [
        KeyEnrolled(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            person=command.person,
            key=str(key),
            device=command.device,
        )
    ]


def decide_revoke_key(state: People, command: RevokeKey, position: int) -> list[Event]:
    """Revoke a key; ``position`` is the last one so far.

    Raises:
        NotFoundError: no valid key of that text or name.
        ValueRefusedError: in doubt from a position that does not exist yet.
        RuleRefusedError: without reason, or too few administrators would be left.
    """
    found = next((key for key in state.keys if command.key in {key, Key.parse(key).name}), None)
    if found is None:
        raise NotFoundError("key.unknown", "没有这把在用的密钥", hint="用 xianjie key list 查看")
    if not command.reason:
        raise RuleRefusedError("key.unfounded", "吊销密钥须写明原因", hint="请用 --reason 写明")
    if command.not_trusted_since > position:
        raise ValueRefusedError(
            "key.doubt_ahead",
            f"第 {command.not_trusted_since} 号还没有记录:账本到第 {position} 号",
            hint="请写从第几号起不可信;都可信就不写",
        )
    event = KeyRevoked(
        effective_on=command.on,
        document=command.document,
        reason=command.reason,
        person=state.keys[found],
        key=found,
        not_trusted_since=command.not_trusted_since,
    )
    _must_keep_admins(state, event, command.on)
    return [event]


def decide_grant(state: People, command: GrantRole, rules: RulePack) -> list[Event]:
    """Give a role.

    Raises:
        NotFoundError: unknown person.
        ValueRefusedError: it ends before it begins.
        RuleRefusedError: held already, or incompatible with another role of the person.
    """
    state.must_know(command.person)
    first = command.from_on or command.on
    if command.to_on and command.to_on < first:
        raise ValueRefusedError("role.reversed", f"岗位止期 {command.to_on} 早于起期 {first}", hint="请核对日期")
    held = [each for each in state.grants.get(command.person, ()) if each.to_on is None or each.to_on >= first]
    if any((each.role, each.area) == (command.role, command.area) for each in held):
        raise RuleRefusedError(
            "role.held",
            f"人员“{command.person}”在 {command.area} 已有{name_of(Role, command.role)}岗位",
            hint="要改起止日期,请先收回再授予",
        )
    _must_be_compatible(command.person, {command.role, *state.roles_from(command.person, first)}, rules)
    return [
        RoleGranted(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            person=command.person,
            role=command.role,
            area=command.area,
            unit=command.unit,
            from_on=first,
            to_on=command.to_on,
        )
    ]


def decide_revoke_role(state: People, command: RevokeRole) -> list[Event]:
    """Take a role. Raises NotFoundError (not held), RuleRefusedError (no reason, too few administrators)."""
    held = state.grants.get(command.person, ())
    if not any((each.role, each.area) == (command.role, command.area) for each in held):
        raise NotFoundError(
            "role.not_held",
            f"人员“{command.person}”在 {command.area} 没有{name_of(Role, command.role)}岗位",
            hint="用 xianjie role list 查看",
        )
    if not command.reason:
        raise RuleRefusedError("role.unfounded", "收回岗位须写明原因", hint="请用 --reason 写明")
    event = RoleRevoked(
        effective_on=command.on,
        document=command.document,
        reason=command.reason,
        person=command.person,
        role=command.role,
        area=command.area,
    )
    _must_keep_admins(state, event, command.on)
    return [event]


def decide_delegate(state: People, command: DelegateRole, actor: str, rules: RulePack) -> list[Event]:
    """Let somebody else act in a role that ``actor`` was granted.

    Raises:
        NotFoundError: unknown person.
        ValueRefusedError: until a day that is past.
        RuleRefusedError: to oneself, the administrator's role, a role not held, or one incompatible with the other's.
    """
    state.must_know(command.person)
    if command.until < command.on:
        raise ValueRefusedError("role.reversed", f"委托止期 {command.until} 早于起期 {command.on}", hint="请核对日期")
    if command.person == actor or command.role == Role.ADMIN:
        raise RuleRefusedError(
            "role.not_delegable", "不能委托给自己,也不能委托系统管理岗位", hint="请由系统管理员授予岗位"
        )
    if command.role not in state.granted(actor, "", command.on):
        raise RuleRefusedError(
            "role.not_own",
            f"人员“{actor}”没有{name_of(Role, command.role)}岗位,不能委托",
            hint="受托的岗位不能再转委托",
        )
    _must_be_compatible(command.person, {command.role, *state.roles_from(command.person, command.on)}, rules)
    return [
        RoleDelegated(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            delegator=actor,
            person=command.person,
            role=command.role,
            until=command.until,
        )
    ]


def decide_confirm(state: Opening, command: ConfirmLedger, actor: str) -> list[Event]:
    """Confirm a new ledger, once. Raises RuleRefusedError; whether the root is right is checked with the batch."""
    if state.mode != "signed" or state.confirmed:
        raise RuleRefusedError("ledger.nothing_to_confirm", "这本账不待确认", hint="用 xianjie db info 查看账本")
    return [LedgerConfirmed(effective_on=command.on, person=actor, root=command.root)]


def _must_be_compatible(person: str, roles: Iterable[str], rules: RulePack) -> None:
    held = frozenset(roles)
    for pair in rules.incompatible:
        if pair.forbids(held):
            names = "与".join(name_of(Role, role) for role in sorted(pair.roles))
            raise RuleRefusedError(
                "role.incompatible",
                f"人员“{person}”不能同时有{names}岗位",
                hint="请授予另一人,或先收回原有岗位",
                rule=f"{rules.pack} {rules.version} {pair.id},出处 {pair.source}",
            )


def _must_keep_admins(state: People, event: Event, on: date) -> None:
    """Refuse to leave fewer than two administrators who can sign: nobody could ever be added again."""
    before, after = state.admins(on), evolve_people(state, event).admins(on)
    if after != before and len(after) < _FEWEST_ADMINS:
        raise RuleRefusedError(
            "role.too_few_admins",
            "这样一来能签名的系统管理员不足两人,以后无法再增加人员",
            hint="请先登记另一名系统管理员或本人的另一把钥匙",
        )
