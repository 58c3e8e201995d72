"""Decisions about the ledger itself: opened, areas listed, rules adopted, events reversed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from ledger.areas import Area, AreaList
from ledger.domain.command import AreaRef, Command, Filled
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import (
    AreaEntry,
    AreasListed,
    BackupRestored,
    BackupVerified,
    DocumentAmended,
    DocumentRegistered,
    DocumentUsed,
    Event,
    EventReversed,
    ImportRecorded,
    KeyEnrolled,
    KeyRevoked,
    LedgerConfirmed,
    LedgerOpened,
    NoticeApproved,
    PersonEnrolled,
    ProposalApproved,
    ProposalChecked,
    ProposalMade,
    ProposalPart,
    ProposalRejected,
    ProposalWithdrawn,
    RoleDelegated,
    RoleGranted,
    RoleRevoked,
    RulePackAdopted,
    SubjectErased,
    SubjectRead,
    SubjectRegistered,
)
from ledger.rules import base_text, parse_pack

__all__ = [
    "AdoptRules",
    "ListAreas",
    "OpenLedger",
    "Recorded",
    "ReverseBatch",
    "ReverseEvent",
    "areas_of",
    "decide_adopt",
    "decide_list_areas",
    "decide_open",
    "decide_reverse",
    "decide_reverse_batch",
]

_DOCUMENTS = (DocumentRegistered, DocumentAmended, DocumentUsed)
"""That a document exists stays true whatever becomes of the money that it moved."""
_IRREVERSIBLE = (
    *_DOCUMENTS,
    LedgerOpened,
    AreasListed,
    RulePackAdopted,
    EventReversed,
    BackupVerified,
    BackupRestored,
    NoticeApproved,
    SubjectRegistered,
    SubjectRead,
    SubjectErased,
    LedgerConfirmed,
    PersonEnrolled,
    KeyEnrolled,
    KeyRevoked,
    RoleGranted,
    RoleRevoked,
    RoleDelegated,
    ProposalMade,
    ProposalPart,
    ProposalChecked,
    ProposalApproved,
    ProposalRejected,
    ProposalWithdrawn,
)


class OpenLedger(Command):
    """Open the ledger of an area."""

    area: AreaRef
    name: Filled
    origin: Filled
    mode: Literal["trial", "signed"] = "trial"


class ListAreas(Command):
    """Add areas to the list of codes that this ledger accepts."""

    areas: tuple[AreaEntry, ...]


class AdoptRules(Command):
    """Adopt a rule pack: its whole text is recorded, and it is in force from ``on``."""

    text: str


class ReverseEvent(Command):
    """Reverse the event at a position, together with the event recorded as its other half."""

    position: Annotated[int, Field(lt=2**63)]


class ReverseBatch(Command):
    """Reverse whatever still counts of the entries at positions ``first`` to ``last``, which one batch recorded."""

    first: Annotated[int, Field(gt=0, lt=2**63)]
    last: Annotated[int, Field(gt=0, lt=2**63)]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the log."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    event: Event


def decide_open(command: OpenLedger, areas: AreaList, actor: str, *, opened: bool) -> list[Event]:
    """Open the ledger, once; who opens a signed one is its founder.

    Raises:
        RuleRefusedError: the ledger was opened before.
        ValueRefusedError: unknown area.
    """
    areas.get(command.area, command.on)
    if opened:
        raise RuleRefusedError("ledger.opened", "账本已经启用,不能再次启用", hint="新账本请用另一个数据库文件")
    return [
        LedgerOpened(
            effective_on=command.on,
            area=command.area,
            name=command.name,
            origin=command.origin,
            mode=command.mode,
            founder=actor if command.mode == "signed" else "",
        )
    ]


def decide_list_areas(command: ListAreas, areas: AreaList) -> list[Event]:
    """Accept more areas: towns below known counties, villages below known towns.

    Raises:
        ValueRefusedError: an area that does not fit with the others.
    """
    if not command.areas:
        raise ValueRefusedError("area.none", "区划文件里没有一条区划", hint="请核对文件内容")
    areas.with_areas(areas_of(command.areas))
    return [AreasListed(effective_on=command.on, document=command.document, reason=command.reason, areas=command.areas)]


def areas_of(entries: Sequence[AreaEntry]) -> list[Area]:
    """Return the areas that the entries of an event describe."""
    return [Area(each.code, each.name, each.valid_from, each.valid_to, each.successor) for each in entries]


def decide_adopt(command: AdoptRules) -> list[Event]:
    """Adopt a rule pack that reads without fault, together with the shipped pack that it extends.

    Raises:
        ValueRefusedError: the text is not a valid rule pack.
    """
    pack = parse_pack(command.text)
    return [
        RulePackAdopted(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            pack=pack.pack,
            version=pack.version,
            text=command.text,
            base=base_text(pack),
        )
    ]


def decide_reverse(recorded: Sequence[Recorded], command: ReverseEvent, reversed_already: bool) -> list[Event]:  # noqa: FBT001
    """Reverse a recorded event and its other half, keeping both in history.

    Raises:
        NotFoundError: no event at that position.
        RuleRefusedError: reversed already, not reversible, or without reason or approving document.
    """
    if not recorded:
        raise NotFoundError(
            "event.unknown", f"账本中没有第 {command.position} 号记录", hint="用 xianjie audit log 查看序号"
        )
    _must_be_founded(command)
    _must_be_reversible(recorded)
    for each in recorded:
        if isinstance(each.event, ImportRecorded):
            raise RuleRefusedError(
                "correction.import_alone",
                f"第 {each.position} 号记录是导入文件的登记,不能单独冲销",
                hint="导错文件的,用 xianjie import undo 批次 撤销整批",
            )
    if reversed_already:
        raise RuleRefusedError("correction.repeated", f"第 {command.position} 号记录已被冲销", hint="请核对序号")
    return _reversals(recorded, command)


def decide_reverse_batch(recorded: Sequence[Recorded], command: ReverseBatch) -> list[Event]:
    """Reverse entries of one batch that still count, the last recorded first; what it says of agreement stays.

    Raises:
        RuleRefusedError: nothing is left to reverse, something is not reversible, or without reason or document.
        ValueRefusedError: corrected on a day before what is corrected.
    """
    _must_be_founded(command)
    recorded = [each for each in recorded if not isinstance(each.event, ProposalApproved)]
    wanted = [each for each in recorded if not isinstance(each.event, _DOCUMENTS)]
    noted = all(isinstance(each.event, ImportRecorded) for each in wanted)
    if not wanted or (noted and len(wanted) < len(recorded)):
        raise RuleRefusedError(
            "correction.nothing_left",
            f"第 {command.first}-{command.last} 号记录中没有可以冲销的:已冲销,或只登记了文件",
            hint="用 xianjie correct list 查看历次更正;文件登记有误时,用 xianjie doc amend 更正",
        )
    _must_be_reversible(wanted)
    return _reversals(sorted(wanted, key=lambda each: -each.position), command)


def _must_be_founded(command: Command) -> None:
    if not command.reason or not command.document:
        raise RuleRefusedError(
            "correction.unfounded", "更正须写明原因和批准文号", hint="请同时用 --reason 和 --doc 写明"
        )


def _must_be_reversible(recorded: Sequence[Recorded]) -> None:
    for each in recorded:
        if isinstance(each.event, _IRREVERSIBLE):
            raise RuleRefusedError(
                "correction.irreversible",
                f"第 {each.position} 号记录({each.topic})不能冲销",
                hint="规则包、区划、人员、提议和更正本身有误时,请登记新的一条;文件登记有误时,用 xianjie doc amend 更正;"
                "备份和保密库的记录不冲销",
            )


def _reversals(recorded: Sequence[Recorded], command: Command) -> list[Event]:
    # The day on which a file was imported is no business date.
    days = [each.event.effective_on for each in recorded if not isinstance(each.event, ImportRecorded)]
    if command.on < max(days, default=command.on):
        raise ValueRefusedError(
            "date.before_cause", f"更正日期 {command.on} 早于被更正事项的日期", hint="请核对更正日期"
        )
    return [
        EventReversed(
            effective_on=each.event.effective_on,
            document=command.document,
            reason=command.reason,
            reversed_stream=each.stream,
            reversed_version=each.version,
            reversed_position=each.position,
            reversed_topic=each.topic,
            reversed_state=each.state.decode(),
            corrected_on=command.on,
        )
        for each in recorded
    ]
