"""A notice: what was published, where, for how long, and from which state of the ledger.

Source: funds.md 5 and seed clause (六): allocation results, arrangement of projects and use of money are all public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field

from ledger.areas import AreaList
from ledger.codes import NoticeChannel, NoticeTemplate
from ledger.domain.command import AreaRef, Command, Day, Filled, Ident, coded
from ledger.domain.history import misplaced
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import Cut, Event, NoticeAmended, NoticeApproved, NoticePublished, NoticeWithdrawn, Subject

__all__ = [
    "AmendNotice",
    "ApproveNotice",
    "CutAt",
    "Notice",
    "PublishNotice",
    "WithdrawNotice",
    "decide_amend",
    "decide_approve",
    "decide_publish",
    "decide_withdraw",
    "evolve_notice",
    "unlike",
]

_CONTENT: Final = {
    "template": "种类",
    "title": "标题",
    "area": "地区",
    "content_hash": "内容指纹",
    "position": "账本位置",
}


class ApproveNotice(Command):
    """Approve a draft, before it is published: ``content_hash`` names its content, ``cut_from`` what it shows."""

    notice: Ident
    template: Annotated[str, coded(NoticeTemplate)]
    title: Filled
    area: AreaRef
    subjects: tuple[Ident, ...]
    content_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    cut_from: int = Field(ge=0)


class PublishNotice(Command):
    """Record that something was published; ``subjects`` are codes of tranches, projects or assets.

    ``cut_from`` is the position of the ledger that the content shows; without it, where the ledger stands now. ``cut``
    says how the content was cut, so that the archive can show it.
    """

    notice: Ident
    template: Annotated[str, coded(NoticeTemplate)]
    title: Filled
    area: AreaRef
    subjects: tuple[Ident, ...]
    channel: Annotated[str, coded(NoticeChannel)]
    from_on: Day
    to_on: Day | None = None
    content_hash: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    cut_from: int | None = Field(default=None, ge=0)
    cut: Cut | None = None


class CutAt(NamedTuple):
    """What a content was cut from: the position, the root there, and how far the ledger reaches (``last``)."""

    position: int
    root: str
    last: int


class AmendNotice(PublishNotice):
    """Record that what was published was replaced by something else on the same channel, and why (``reason``)."""


class WithdrawNotice(Command):
    """Record that what was published was taken down early, and why (``reason``)."""

    notice: Ident


@dataclass(frozen=True, slots=True)
class Notice:
    """What is known of a notice; ``approved`` is the content that was approved last."""

    notice: str = ""
    title: str = ""
    template: str = ""
    area: str = ""
    from_on: date | None = None
    to_on: date | None = None
    content_hash: str = ""
    withdrawn_on: date | None = None
    approved: NoticeApproved | None = None


def evolve_notice(state: Notice, event: Event) -> Notice:
    """Return the state after one more event."""
    match event:
        case NoticePublished() | NoticeAmended():
            return Notice(
                event.notice,
                event.title,
                event.template,
                event.area,
                event.from_on,
                event.to_on,
                event.content_hash,
                approved=state.approved,
            )
        case NoticeApproved():
            return replace(state, approved=event)
        case NoticeWithdrawn():
            return replace(state, withdrawn_on=event.effective_on)
        case _:
            raise misplaced(event)


def decide_approve(
    state: Notice, subjects: Sequence[Subject], command: ApproveNotice, areas: AreaList, position: int
) -> list[Event]:
    """Approve a draft that was cut from this ledger; it may be the first of a notice or replace what is shown.

    Raises:
        RuleRefusedError: this very content is approved already, the notice was taken down, or nothing is shown.
        ValueRefusedError: unknown area, or a position not yet reached.
    """
    if state.withdrawn_on is not None:
        raise _withdrawn(command.notice, state.withdrawn_on)
    _check_subjects(subjects)
    _check_position(command.cut_from, position)
    areas.get(command.area, command.on)
    approved = NoticeApproved(
        effective_on=command.on,
        document=command.document,
        reason=command.reason,
        notice=command.notice,
        template=command.template,
        title=command.title,
        area=command.area,
        subjects=tuple(subjects),
        content_hash=command.content_hash,
        position=command.cut_from,
    )
    if state.approved is not None and not unlike(state.approved, approved):
        raise RuleRefusedError(
            "notice.approved_already",
            f"公示“{command.notice}”的这份草稿已经批准",
            hint="可以公开了:公开后用 xianjie notice publish --file 登记",
        )
    return [approved]


def unlike(approved: NoticeApproved, shown: NoticeApproved | NoticePublished | NoticeAmended) -> list[str]:
    """Return the Chinese names of what differs between an approved content and a shown one."""
    found = [zh for name, zh in _CONTENT.items() if getattr(approved, name) != getattr(shown, name)]
    codes, others = ([(each.kind, each.code) for each in one.subjects] for one in (approved, shown))
    return [*found, "公开的对象"] if codes != others else found


def decide_publish(
    state: Notice, subjects: Sequence[Subject], command: PublishNotice, areas: AreaList, cut: CutAt
) -> list[Event]:
    """Record a publication of things that exist, cut from the ledger as ``cut`` says.

    Raises:
        RuleRefusedError: the notice code is taken, nothing is published, or something else was approved.
        ValueRefusedError: unknown area, a period that ends before it begins, or a position not yet reached.
    """
    if state.notice:
        raise RuleRefusedError("notice.exists", f"公示编号“{command.notice}”已用于“{state.title}”", hint="请换一个编号")
    published = NoticePublished(**_shown(subjects, command, areas, cut))
    _check_as_approved(state, published)
    return [published]


def decide_amend(
    state: Notice, subjects: Sequence[Subject], command: AmendNotice, areas: AreaList, cut: CutAt
) -> list[Event]:
    """Record that a notice was replaced by another content, for a reason.

    Raises:
        NotFoundError: there is no such notice.
        RuleRefusedError: no reason, another kind or area, nothing changed, it was taken down before, or something else
            was approved.
        ValueRefusedError: as ``decide_publish``.
    """
    _check_standing(state, command.notice, command.on)
    _check_reason(command)
    if (state.template, state.area) != (command.template, command.area):
        raise RuleRefusedError(
            "notice.other_kind",
            f"公示“{command.notice}”是 {state.area} 的 {state.template},不能改成 {command.area} 的 {command.template}",
            hint="另一种公示请用新的编号登记:xianjie notice publish",
        )
    if command.content_hash and command.content_hash == state.content_hash:
        raise RuleRefusedError(
            "notice.unchanged", f"公示“{command.notice}”的内容与原来相同(指纹一致)", hint="没有改动就不用登记"
        )
    amended = NoticeAmended(**_shown(subjects, command, areas, cut), replaces=state.content_hash)
    _check_as_approved(state, amended)
    return [amended]


def decide_withdraw(state: Notice, command: WithdrawNotice) -> list[Event]:
    """Record that a notice was taken down, for a reason.

    Raises:
        NotFoundError: there is no such notice.
        RuleRefusedError: no reason, it was taken down before, or its time was over anyway.
    """
    _check_standing(state, command.notice, command.on)
    _check_reason(command)
    if state.to_on is not None and command.on > state.to_on:
        raise RuleRefusedError(
            "notice.over", f"公示“{command.notice}”已于 {state.to_on} 期满", hint="期满的公示不用撤下"
        )
    return [
        NoticeWithdrawn(
            effective_on=command.on,
            document=command.document,
            notice=command.notice,
            area=state.area,
            why=command.reason,
        )
    ]


def _shown(subjects: Sequence[Subject], command: PublishNotice, areas: AreaList, cut: CutAt) -> dict[str, Any]:
    """Return what an event says of a publication, checked."""
    areas.get(command.area, command.on)
    _check_subjects(subjects)
    if command.to_on is not None and command.to_on < command.from_on:
        raise ValueRefusedError(
            "notice.period", f"公示止期 {command.to_on} 早于起期 {command.from_on}", hint="请核对日期"
        )
    _check_position(cut.position, cut.last)
    return {
        "effective_on": command.from_on,
        "document": command.document,
        "reason": command.reason,
        "notice": command.notice,
        "template": command.template,
        "title": command.title,
        "area": command.area,
        "subjects": tuple(subjects),
        "channel": command.channel,
        "from_on": command.from_on,
        "to_on": command.to_on,
        "content_hash": command.content_hash,
        "position": cut.position,
        "cut": command.cut,
        "root": cut.root,
    }


def _check_subjects(subjects: Sequence[Subject]) -> None:
    if not subjects:
        raise RuleRefusedError(
            "notice.empty", "公示没有写明公开的是哪些资金、项目或资产", hint="请用 --subject 写明编号"
        )


def _check_position(cut_from: int, position: int) -> None:
    if cut_from > position:
        raise ValueRefusedError(
            "notice.position",
            f"公示写着取自账本第 {cut_from} 号,账本只到第 {position} 号",
            hint="请核对草稿是否取自本账本",
        )


def _check_as_approved(state: Notice, shown: NoticePublished | NoticeAmended) -> None:
    """Whoever had a content approved publishes that one, in a trial ledger too."""
    if state.approved is not None and (others := unlike(state.approved, shown)):
        raise RuleRefusedError(
            "notice.not_as_approved",
            f"公示“{shown.notice}”与批准的草稿不是同一份:{'、'.join(others)}不同",
            hint="请公开批准的那一份;确须改动的,把新的草稿再送批准:xianjie notice approve",
        )


def _withdrawn(notice: str, on: date) -> RuleRefusedError:
    return RuleRefusedError("notice.withdrawn", f"公示“{notice}”已于 {on} 撤下", hint="重新公开请用新的编号登记")


def _check_standing(state: Notice, notice: str, on: date) -> None:
    if not state.notice:
        raise NotFoundError(
            "notice.unknown", f"没有编号为“{notice}”的公示", hint="先登记:xianjie notice publish;已有的见 notice list"
        )
    if state.withdrawn_on is not None:
        raise _withdrawn(notice, state.withdrawn_on)
    if state.from_on is not None and on < state.from_on:
        raise RuleRefusedError(
            "notice.before", f"日期 {on} 早于公示“{notice}”的起期 {state.from_on}", hint="请核对 --date"
        )


def _check_reason(command: Command) -> None:
    if not command.reason:
        raise RuleRefusedError(
            "notice.reason", "更改或撤下已公开的内容须说明原因", hint="用 --reason 写明原因,用 --doc 写明依据"
        )
