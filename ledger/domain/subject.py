"""Decisions about subjects of personal data: registered once, read for a purpose, erased on a legal basis, for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ledger.domain.command import Command, Filled, Flag
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import (
    Commitment,
    Event,
    PrivateField,
    SubjectErased,
    SubjectRead,
    SubjectRegistered,
)

__all__ = [
    "EraseSubject",
    "PrivateSubject",
    "ReadSubject",
    "RegisterSubject",
    "decide_erase_subject",
    "decide_read_subject",
    "decide_register_subject",
    "evolve_subject",
    "is_reference",
]

_REFERENCE_LENGTH = 28
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def is_reference(value: str) -> bool:
    """Tell whether the text is a reference of the vault: ``H-`` and 26 random letters, from which nothing follows."""
    return len(value) == _REFERENCE_LENGTH and value.startswith("H-") and _LETTERS.issuperset(value[2:])


def _reference(value: str) -> str:
    if not is_reference(value):
        # What was typed is not repeated: somebody may have typed an identity number.
        raise ValueRefusedError(
            "subject.bad_reference", "不是保密库的编号", hint="编号形如 H- 加 26 个字母数字,用 xianjie vault list 查看"
        )
    return value


SubjectRef = Annotated[str, AfterValidator(_reference)]


class RegisterSubject(Command):
    """Record that a subject was entered into the vault, with a commitment to each of its fields."""

    subject: SubjectRef
    kind: Literal["household", "person"]
    commitments: Annotated[tuple[Commitment, ...], Field(min_length=1, max_length=5)]


class ReadSubject(Command):
    """Record that fields of a subject are about to be shown, and for what."""

    subject: SubjectRef
    purpose: Filled
    fields: Annotated[tuple[PrivateField, ...], Field(min_length=1, max_length=5)]
    unmasked: Flag = False


class EraseSubject(Command):
    """Record that a subject is to be erased from the vault, and on what legal basis."""

    subject: SubjectRef
    basis: Filled


@dataclass(frozen=True, slots=True)
class PrivateSubject:
    """What the log knows of a subject: the commitment to each field, and whether it was erased."""

    commitments: tuple[Commitment, ...] = ()
    erased: bool = False

    @property
    def exists(self) -> bool:
        """Whether it was registered."""
        return bool(self.commitments)


def evolve_subject(state: PrivateSubject, event: Event) -> PrivateSubject:
    """Return the state after an event."""
    match event:
        case SubjectRegistered(commitments=commitments):
            return replace(state, commitments=commitments)
        case SubjectErased():
            return replace(state, erased=True)
        case _:
            return state


def decide_register_subject(state: PrivateSubject, command: RegisterSubject) -> list[Event]:
    """Register a subject, once.

    Raises:
        RuleRefusedError: the reference is taken, or a field is committed to twice.
    """
    if state.exists:
        raise RuleRefusedError(
            "subject.exists", f"保密库编号 {command.subject} 已登记", hint="编号由程序随机产生,请重新登记"
        )
    if len({each.field for each in command.commitments}) < len(command.commitments):
        raise RuleRefusedError("subject.field_doubled", "同一项个人信息写了两次", hint="每项只写一次")
    return [
        SubjectRegistered(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            subject=command.subject,
            kind=command.kind,
            commitments=command.commitments,
        )
    ]


def decide_read_subject(state: PrivateSubject, command: ReadSubject) -> list[Event]:
    """Record a reading.

    Raises:
        NotFoundError: unknown subject, or one without such a field.
        RuleRefusedError: the subject was erased.
    """
    _check_present(state, command.subject)
    missing = set(command.fields) - {each.field for each in state.commitments}
    if missing:
        raise NotFoundError(
            "subject.no_such_field",
            f"{command.subject} 没有登记这些项目:{'、'.join(sorted(missing))}",
            hint="用 xianjie vault list 查看登记了哪些项目",
        )
    return [
        SubjectRead(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            subject=command.subject,
            purpose=command.purpose,
            fields=command.fields,
            unmasked=command.unmasked,
        )
    ]


def decide_erase_subject(state: PrivateSubject, command: EraseSubject) -> list[Event]:
    """Record an erasure; nothing when it was recorded before, so that an interrupted erasure can be completed.

    Raises:
        NotFoundError: unknown subject.
    """
    if state.erased:
        return []
    _check_present(state, command.subject)
    return [
        SubjectErased(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            subject=command.subject,
            basis=command.basis,
        )
    ]


def _check_present(state: PrivateSubject, subject: str) -> None:
    if not state.exists:
        raise NotFoundError(
            "subject.unknown", f"账本中没有登记保密库编号 {subject}", hint="用 xianjie vault list 查看已登记的编号"
        )
    if state.erased:
        raise RuleRefusedError("subject.erased", f"{subject} 的个人信息已依法删除", hint="删除后不能恢复,也不能再查看")
