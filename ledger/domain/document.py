"""A document: its number stands for one document, which may act on many things but issues money once for each purpose.

Source: funds.md 7.1. One indicator document may issue several tranches, but not twice for the same area, kind of fund,
level and task direction: that is how the same money gets entered twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ledger.codes import DocumentKind
from ledger.domain.command import Command, Day, FileHash, Filled, Ident, Line, Prose, coded
from ledger.domain.history import misplaced, not_before
from ledger.domain.tranche import IssueTranche, Tranche
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import DocumentAmended, DocumentAttached, DocumentRegistered, DocumentUsed, Event
from ledger.money import format_yuan

__all__ = [
    "AmendDocument",
    "AttachDocument",
    "Document",
    "RegisterDocument",
    "SubjectKind",
    "decide_amend",
    "decide_attach",
    "decide_register",
    "decide_use",
    "evolve_document",
    "purpose_of",
]

SubjectKind: TypeAlias = Literal["tranche", "project", "asset", "finding"]

_CONTENT = {"number", "issuer", "dated", "kind", "title", "file_hash"}
_ONE_DOCUMENT = "一个文号只对应一份文件"


class _Content(Command):
    """What a document is; ``file_hash`` is the SHA-256 of its file, which itself is never kept."""

    number: Filled
    issuer: Filled
    dated: Day
    kind: Annotated[str, coded(DocumentKind)]
    title: Filled
    file_hash: FileHash = ""


class RegisterDocument(_Content):
    """Register a document for itself, before or without any use of it."""


class AmendDocument(_Content):
    """Mend what was registered of a document, also by its first use: all of it is given anew."""


class AttachDocument(Command):
    """Say that the document also bears on a tranche, project, asset or finding, and why."""

    number: Filled
    subject: Ident
    role: Annotated[Line, Field(min_length=1, max_length=40)]
    note: Prose = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document number."""

    number: str = ""
    issuer: str = ""
    dated: date | None = None
    kind: str = ""
    title: str = ""
    file_hash: str = ""
    since: date | None = None
    """The day from which it counts as registered; an amendment says how it should have read from that day on."""
    uses: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The tranche issued last for each purpose."""
    attached: frozenset[tuple[str, str, str]] = frozenset()
    """Kind and code of the things it was attached to, and why."""

    def must_exist(self, number: str) -> None:
        """Raise NotFoundError when the document was never registered or used."""
        if not self.number:
            raise NotFoundError(
                "document.unknown",
                f"没有登记过文号“{number}”",
                hint="用 xianjie doc find 查找写法相近的文号,或先用 xianjie doc add 登记",
            )

    def same_content(self, command: _Content) -> bool:
        """Say whether the command describes the document as it stands."""
        stands = (self.issuer, self.dated, self.kind, self.title, self.file_hash)
        return stands == (command.issuer, command.dated, command.kind, command.title, command.file_hash)


def evolve_document(state: Document, event: Event) -> Document:
    """Return the state after one more event."""
    match event:
        case DocumentRegistered() | DocumentAmended():
            described = replace(
                state,
                number=event.number,
                issuer=event.issuer,
                dated=event.dated,
                kind=event.kind,
                title=event.title,
                file_hash=event.file_hash,
                since=event.effective_on,
            )
            if isinstance(event, DocumentRegistered) and event.tranche:
                return _used(described, event.purpose, event.tranche)
            return described
        case DocumentUsed():
            return _used(state, event.purpose, event.tranche)
        case DocumentAttached():
            return replace(state, attached=state.attached | {(event.subject_kind, event.subject, event.role)})
        case _:
            raise misplaced(event)


def _used(state: Document, purpose: str, tranche: str) -> Document:
    return replace(state, uses=MappingProxyType({**state.uses, purpose: tranche}))


def decide_register(state: Document, command: RegisterDocument) -> list[Event]:
    """Register the document, once.

    Raises:
        RuleRefusedError: the number is taken, by the same document or another one, or the document is of a later day
            and no reason was given.
    """
    if state.number and state.same_content(command):
        raise RuleRefusedError(
            "document.repeated",
            f"文号“{command.number}”已登记,内容与本次相同:{state.issuer} {state.dated}《{state.title}》",
            hint=f"无须重复登记;用 xianjie doc show {command.number} 查看",
            rule=_ONE_DOCUMENT,
        )
    if state.number:
        raise _other_content(state, command.issuer, command.dated, command.title)
    not_before(command.on, command.dated, what="文件登记", cause="发文", reason=command.reason)
    return [
        DocumentRegistered(
            effective_on=command.dated,
            document=command.number,
            reason=command.reason,
            **command.model_dump(include=_CONTENT),
        )
    ]


def decide_amend(state: Document, command: AmendDocument) -> list[Event]:
    """Amend what was registered; it counts from the day of the registration that it mends.

    Raises:
        NotFoundError: the document was never registered.
        RuleRefusedError: no reason is given, or nothing would change.
    """
    state.must_exist(command.number)
    if not command.reason:
        raise RuleRefusedError(
            "document.amend_reason",
            f"更正文号“{command.number}”的登记须写明原因;现登记为 {state.issuer} {state.dated}《{state.title}》",
            hint="请用 --reason 写明原因",
        )
    if state.same_content(command):
        raise RuleRefusedError(
            "document.unchanged",
            f"文号“{command.number}”的登记已是这样:{state.issuer} {state.dated}《{state.title}》",
            hint="请写明更正后的全部内容;没有变化则无须更正",
        )
    return [
        DocumentAmended(
            effective_on=state.since or command.on,
            document=command.document or command.number,
            reason=command.reason,
            **command.model_dump(include=_CONTENT),
        )
    ]


def decide_attach(state: Document, subject_kind: SubjectKind, command: AttachDocument) -> list[Event]:
    """Attach a registered document to a thing that exists, once for each role.

    Raises:
        NotFoundError: the document was never registered.
        RuleRefusedError: attached so before, or on a day before the document was issued.
    """
    state.must_exist(command.number)
    if (subject_kind, command.subject, command.role) in state.attached:
        raise RuleRefusedError(
            "document.attached_already",
            f"文号“{command.number}”已作为“{command.role}”关联到“{command.subject}”",
            hint=f"无须重复关联;用 xianjie doc show {command.number} 查看",
        )
    not_before(command.on, state.dated, what="文件关联", cause="发文", reason=command.reason)
    return [
        DocumentAttached(
            effective_on=command.on,
            document=command.number,
            reason=command.reason,
            number=command.number,
            subject_kind=subject_kind,
            subject=command.subject,
            role=command.role,
            note=command.note,
        )
    ]


def purpose_of(command: IssueTranche) -> str:
    """Say what the money is issued for, as the key under which a document may issue it once."""
    ahead = "advance" if command.advance else "final"
    parts = (command.area, str(command.plan_year), command.fund_kind, command.level, command.direction, ahead)
    return "/".join(parts)


def decide_use(state: Document, earlier: Tranche, command: IssueTranche) -> list[Event]:
    """Register the document at its first use, or note one more use; ``earlier`` is the tranche it issued for this.

    Raises:
        RuleRefusedError: the number stands for another issuer or date, or issued money for the same purpose before.
    """
    number, dated, purpose = command.document, command.issued_on or command.on, purpose_of(command)
    if not state.number:
        return [
            DocumentRegistered(
                effective_on=dated,
                document=number,
                number=number,
                issuer=command.issuer,
                dated=dated,
                tranche=command.tranche,
                purpose=purpose,
            )
        ]
    if (state.issuer, state.dated) != (command.issuer, dated):
        raise _other_content(state, command.issuer, dated)
    if earlier.exists and not command.reason:
        raise RuleRefusedError(
            "document.used_twice",
            f"文号“{number}”已为同一地区、级次和任务方向下达过资金:批次“{earlier.tranche}”"
            f" {format_yuan(earlier.arrived_fen)} 元,本次批次“{command.tranche}” {format_yuan(command.amount_fen)} 元",
            hint="同一笔资金请勿重复登记;确为另一笔的,用 --reason 说明",
            rule="一份文件对同一用途只下达一次",
        )
    return [
        DocumentUsed(
            effective_on=command.on,
            document=number,
            reason=command.reason,
            number=number,
            tranche=command.tranche,
            purpose=purpose,
        )
    ]


def _other_content(state: Document, issuer: str, dated: date, title: str = "") -> RuleRefusedError:
    stands = f"{state.issuer} {state.dated} 的文件{f'《{state.title}》' if state.title else ''}"
    return RuleRefusedError(
        "document.other_content",
        f"文号“{state.number}”已登记为 {stands},本次却写作 {issuer} {dated}{f'《{title}》' if title else ''}",
        hint=f"请核对文号、发文单位和发文日期;原登记有误或不全的,用 xianjie doc amend {state.number} 更正",
        rule=_ONE_DOCUMENT,
    )
