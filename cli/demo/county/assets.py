"""What accepted projects leave behind: assets from the register to the books, and their rights."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.domain.confirmation import (
    BookAsset,
    CertifyAsset,
    ConfirmAsset,
    HandOverAsset,
    NoticeOwnership,
)
from ledger.domain.formation import IdentifyAsset
from ledger.domain.holders import Holder
from ledger.domain.right import SetRight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.demo.county.chance import Chance
    from cli.demo.county.projects import Project
    from ledger.domain.command import Command

__all__ = ["Asset", "assets_of", "rights", "steps"]

_JOINT_SHARES: Final = (
    ("1/2", "1/2"),
    ("1/3", "2/3"),
    ("1/3", "1/3", "1/3"),
    ("3/10", "3/10", "2/5"),
    ("120/360", "90/360", "150/360"),
)
_OPERATORS: Final = ("cooperative", "cooperative", "cooperative", "company", "company", "owner", "owner", "unsettled")
_SETTLE_BY: Final = date(2023, 6, 30)


@dataclass(frozen=True)
class Asset:
    """One asset of a project, its owners, and the day it was confirmed."""

    code: str
    project: Project
    value_fen: int
    identified_on: date
    notice_days: int
    confirmed_on: date
    owners: tuple[Holder, ...]

    @property
    def asset_class(self) -> str:
        """Return the class of the asset."""
        return self.project.kind.asset_class


def assets_of(chance: Chance, project: Project, accepted_on: date) -> list[Asset]:
    """Return the one or two assets of a project, worth together what the project cost; none where it leaves none."""
    if not project.kind.asset:
        return []
    values = chance.split(project.cost_fen, 2 if chance.happens(12) else 1)
    code = project.code.replace("P", "A", 1)
    return [_asset(chance, project, f"{code}-{number}", fen, accepted_on) for number, fen in enumerate(values, start=1)]


def steps(chance: Chance, asset: Asset) -> Iterator[Command]:
    """Yield the steps from the register to the books; some assets wait for their certificate or hand-over."""
    what = {"asset": asset.code}
    project = asset.project
    yield IdentifyAsset.of(
        **what,
        on=asset.identified_on,
        project=project.code,
        name=f"{project.village.full_name}{project.kind.asset}",
        place=f"{project.village.full_name}第{asset.code.rpartition('-')[2]}处",
        asset_class=asset.asset_class,
        value_fen=asset.value_fen,
        provisional=chance.happens(10),
    )
    from_on = asset.confirmed_on - timedelta(days=asset.notice_days + 2)
    to_on = from_on + timedelta(days=asset.notice_days - 1)
    yield NoticeOwnership.of(**what, on=from_on, owners=asset.owners, from_on=from_on, to_on=to_on)
    yield ConfirmAsset.of(**what, on=asset.confirmed_on)
    if asset.asset_class != "household" and chance.happens(85):
        certified_on = chance.later(asset.confirmed_on, 5, 30)
        yield CertifyAsset.of(**what, on=certified_on, certificate=f"演示确权证-{asset.code}")
    if chance.happens(92):
        handed_over_on = chance.later(asset.confirmed_on, 3, 20)
        yield HandOverAsset.of(**what, on=handed_over_on, **_parties(asset))
        state = asset.owners[0].kind == "state_unit"
        books = "state" if state else "collective"
        voucher = f"演示入账-{asset.code}"
        yield BookAsset.of(**what, on=chance.later(handed_over_on, 5, 25), books=books, voucher=voucher)


def rights(chance: Chance, asset: Asset) -> Iterator[Command]:
    """Yield the settings of the four rights beside ownership; a few assets have none recorded yet."""
    if chance.happens(5):
        return
    when = {"asset": asset.code, "on": chance.later(asset.confirmed_on, 1, 15)}
    yield SetRight.of(**when, right="operation", **_operation(chance, asset))
    if asset.asset_class == "public":
        reason = "公益性资产,依性质没有收益"
        yield SetRight.of(**when, right="income", status="none", reason=reason)
    else:
        yield SetRight.of(**when, right="income", holders=asset.owners, basis="contribution")
    yield SetRight.of(**when, right="supervision", holders=_supervisors(chance, asset))
    if asset.asset_class == "public" and chance.happens(25):
        yield SetRight.of(**when, right="disposal", **_unsettled("处置程序未定"))
    else:
        yield SetRight.of(**when, right="disposal", holders=asset.owners)


def _asset(chance: Chance, project: Project, code: str, value_fen: int, accepted_on: date) -> Asset:
    identified_on = chance.later(accepted_on, 3, 18)
    notice_days = chance.between(7, 12)
    confirmed_on = chance.later(identified_on, notice_days + 3, notice_days + 12)
    owners = _owners(chance, project, code)
    return Asset(code, project, value_fen, identified_on, notice_days, confirmed_on, owners)


def _owners(chance: Chance, project: Project, code: str) -> tuple[Holder, ...]:
    """Return one village, two or three villages in exact shares, a state unit, or a few households."""
    if project.kind.asset_class == "household":
        households = chance.between(3, 8)
        references = (_reference(f"{code} {number}") for number in range(households))
        return tuple(Holder(holder=each, kind="household", share=f"1/{households}") for each in references)
    if project.kind.asset_class == "public" and chance.happens(30):
        holder = f"G{project.village.town}"
        return (Holder(holder=holder, kind="state_unit", share="1", name=project.unit),)
    if chance.happens(20):
        shares = chance.pick(_JOINT_SHARES)
        others = chance.shuffled([each for each in project.county.villages if each != project.village])
        villages = (project.village, *others)
        return tuple(village.collective(share) for village, share in zip(villages, shares, strict=False))
    return (project.village.collective(),)


def _reference(seed: str) -> str:
    """Return what looks like a reference of the vault; these households are nobody, so it need not be random."""
    return f"H-{b32encode(sha256(seed.encode()).digest()).decode()[:26]}"


def _parties(asset: Asset) -> dict[str, str]:
    project = asset.project
    first = asset.owners[0]
    village = project.village
    receiver = {"household": f"{village.full_name}村民委员会", "state_unit": f"{village.town_name}资产管理站"}
    return {
        "giver": project.unit,
        "receiver": receiver.get(first.kind, first.name),
        "supervisor": f"{project.county.name}乡村振兴局",
    }


def _operation(chance: Chance, asset: Asset) -> dict[str, object]:
    village = asset.project.village
    if asset.asset_class != "operating":
        if asset.asset_class == "household":
            return {"holders": asset.owners}
        name = f"{village.full_name}村民委员会"
        return {"holders": (Holder(holder=f"W{village.code}", kind="village_committee", share="1", name=name),)}
    match chance.pick(_OPERATORS):
        case "cooperative":
            name = f"{village.full_name}种养专业合作社(演示)"
            return {"holders": (Holder(holder=f"Z{village.code}", kind="cooperative", share="1", name=name),)}
        case "company":
            county = asset.project.county
            name = f"{county.name}农业发展公司(演示)"
            return {"holders": (Holder(holder=f"Q{county.code}", kind="company", share="1", name=name),)}
        case "owner":
            return {"holders": asset.owners}
        case _:
            return _unsettled("经营主体正在比选")


def _supervisors(chance: Chance, asset: Asset) -> tuple[Holder, ...]:
    village = asset.project.village
    town = Holder(holder=f"G{village.town}", kind="state_unit", share="1", name=asset.project.unit)
    name = f"{village.full_name}村务监督委员会"
    own = Holder(holder=f"J{village.code}", kind="supervisor", share="1", name=name)
    return (town, own) if chance.happens(60) else (town,)


def _unsettled(reason: str) -> dict[str, object]:
    return {"status": "unsettled", "reason": reason, "due_on": _SETTLE_BY}
