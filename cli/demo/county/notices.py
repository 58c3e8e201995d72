"""What is published: the plan, every allocation, and each month what was completed and confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from cli.demo.batches import Batch
from cli.demo.county.projects import YEAR
from ledger.domain.confirmation import ConfirmAsset
from ledger.domain.notice import PublishNotice
from ledger.domain.stages import CompleteProject

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import date

    from cli.demo.county.funds import Source
    from cli.demo.county.places import County
    from ledger.domain.command import Command

__all__ = ["allocation_notice", "monthly_notices", "plan_notice"]

_DAYS: Final = 10


def plan_notice(county: County, codes: Sequence[str], on: date) -> list[Batch]:
    """Return the notice of the annual plan."""
    title = f"{county.name}{YEAR}年度衔接资金项目计划"
    return _notice(county, "plan", title, codes, on)


def allocation_notice(county: County, source: Source, codes: Sequence[str]) -> list[Batch]:
    """Return the notice of how one tranche was allocated, the day after."""
    title = f"{county.name}{source.document}资金安排结果"
    subjects = [source.tranche(county.code), *codes]
    return _notice(county, "allocation", title, subjects, source.allocated_on + timedelta(days=1))


def monthly_notices(county: County, day: date, commands: Sequence[Command], hidden: Container[str]) -> list[Batch]:
    """Return the notices of what was completed and confirmed in a month; hidden projects are left out."""
    done = [each.project for each in commands if isinstance(each, CompleteProject) and each.project not in hidden]
    confirmed = [each.asset for each in commands if isinstance(each, ConfirmAsset)]
    month = f"{county.name}{day.year}年{day.month}月"
    return [
        *_notice(county, "completion", f"{month}项目完工公告", done, day),
        *_notice(county, "asset", f"{month}确权资产公告", confirmed, day),
    ]


def _notice(
    county: County,
    template: Literal["plan", "allocation", "completion", "asset"],
    title: str,
    codes: Sequence[str],
    on: date,
) -> list[Batch]:
    if not codes:
        return []
    number = f"GS-{county.code}-{template}-{on:%Y%m%d}"
    command = PublishNotice.of(
        on=on,
        notice=number,
        template=template,
        title=title,
        area=county.code,
        subjects=tuple(codes),
        channel="website" if template in {"plan", "allocation"} else "village_board",
        from_on=on,
        to_on=on + timedelta(days=_DAYS),
    )
    return [Batch(number, "notice publish", title, (command,))]
