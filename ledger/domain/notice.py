"""A notice: what was published, where, for how long, and from which state of the ledger.

Source: funds.md 5 and seed clause (六): allocation results, arrangement of projects and use of money are all public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from ledger.areas import AreaList
from ledger.codes import NoticeChannel, NoticeTemplate
from ledger.domain.command import AreaRef, Command, Day, Filled, Ident, coded
from ledger.domain.history import misplaced
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Event, NoticePublished, Subject

__all__ = ["Notice", "PublishNotice", "decide_publish", "evolve_notice"]


class PublishNotice(Command):
    """Record that something was published; ``subjects`` are codes of tranches, projects or assets."""

    notice: Ident
    template: Annotated[str, coded(NoticeTemplate)]
    title: Filled
    area: AreaRef
    subjects: tuple[Ident, ...]
    channel: Annotated[str, coded(NoticeChannel)]
    from_on: Day
    to_on: Day | None = None
    content_hash: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is known of a notice."""

    notice: str = ""
    title: str = ""
    from_on: date | None = None


def evolve_notice(_state: Notice, event: Event) -> Notice:
    """Return the state after one more event."""
    if not isinstance(event, NoticePublished):
        raise misplaced(event)
    return Notice(event.notice, event.title, event.from_on)


def decide_publish(
    state: Notice, subjects: Sequence[Subject], command: PublishNotice, areas: AreaList, position: int
) -> list[Event]:
    """Record a publication of things that exist, cut from the ledger at ``position``.

    Raises:
        RuleRefusedError: the notice code is taken, or nothing is published.
        ValueRefusedError: unknown area, or a period that ends before it begins.
    """
    areas.get(command.area, command.on)
    if state.notice:
        raise RuleRefusedError("notice.exists", f"公示编号“{command.notice}”已用于“{state.title}”", hint="请换一个编号")
    if not subjects:
        raise RuleRefusedError(
            "notice.empty", "公示没有写明公开的是哪些资金、项目或资产", hint="请用 --subject 写明编号"
        )
    if command.to_on is not None and command.to_on < command.from_on:
        raise ValueRefusedError(
            "notice.period", f"公示止期 {command.to_on} 早于起期 {command.from_on}", hint="请核对日期"
        )
    return [
        NoticePublished(
            effective_on=command.from_on,
            document=command.document,
            reason=command.reason,
            notice=command.notice,
            template=command.template,
            title=command.title,
            area=command.area,
            subjects=tuple(subjects),
            channel=command.channel,
            from_on=command.from_on,
            to_on=command.to_on,
            content_hash=command.content_hash,
            position=position,
        )
    ]
