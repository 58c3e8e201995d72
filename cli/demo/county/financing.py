"""Which money pays for which project, so that each county's industry share comes out near its target."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli.demo.county.funds import SOURCES, Source
from cli.demo.county.projects import Project, fee_project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.demo.county.chance import Chance

__all__ = ["Financed", "finance", "wanted_money"]

_TARGETS: Final = (5_490, 5_640, 5_780, 5_930)  # industry share by county, in hundredths of a per cent
_WHOLE: Final = 10_000
_FEE_PERCENT: Final = 1
_OTHER_MONEY: Final = ("S1", "S2", "M1", "X1")
_LATE_ROUND: Final = 3


@dataclass(frozen=True)
class Financed:
    """A project with its money: fen by source."""

    project: Project
    lines: tuple[tuple[Source, int], ...]


def finance(chance: Chance, projects: Sequence[Project]) -> list[Financed]:
    """Return the projects with their money, county by county; cancelled ones have none."""
    by_county: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        by_county[project.county.code].append(project)
    financed: list[Financed] = []
    for target, mine in zip(chance.shuffled(_TARGETS), by_county.values(), strict=False):
        financed += _county(chance, mine, target + chance.between(-40, 40))
    return financed


def wanted_money(financed: Sequence[Financed]) -> dict[tuple[str, str], int]:
    """Return the money that the projects take, by source and county."""
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for each in financed:
        for source, fen in each.lines:
            wanted[source.key, each.project.county.code] += fen
    return {cell: wanted[cell] for cell in sorted(wanted)}


def _county(chance: Chance, projects: list[Project], target: int) -> list[Financed]:
    """Finance one county: industry takes what central money it takes, the rest is scaled to meet the target."""
    general = [each for each in projects if each.fate != "cancelled" and not each.kind.money]
    parts = {each.code: chance.between(4_500, 8_500) for each in general}

    def central(industry: bool) -> int:  # noqa: FBT001 - called twice, right below
        mine = [each for each in general if each.kind.industry is industry]
        return sum(each.cost_fen * parts[each.code] // _WHOLE for each in mine)

    own_money = sum(each.cost_fen for each in projects if each.kind.money and each.fate != "cancelled")
    industry_fen, other_fen = central(industry=True), central(industry=False)
    room = max(0, industry_fen * (_WHOLE - target) // target - own_money)
    for each in general:
        if not each.kind.industry:
            scaled = parts[each.code] * room // max(1, other_fen)
            parts[each.code] = min(scaled, _WHOLE)
    financed = [_financed(chance, each, parts.get(each.code, 0)) for each in projects]
    return [*financed, *_fee(projects[0], financed)]


def _financed(chance: Chance, project: Project, central_part: int) -> Financed:
    if project.fate == "cancelled":
        return Financed(project, ())
    if project.kind.money:
        return Financed(project, ((SOURCES[project.kind.money], project.cost_fen),))
    late = project.round == _LATE_ROUND
    central_fen = project.cost_fen * central_part // _WHOLE
    central = SOURCES["C2" if late or chance.happens(30) else "C1"]
    other = SOURCES["S2" if late else chance.pick(_OTHER_MONEY)]
    lines = ((central, central_fen), (other, project.cost_fen - central_fen))
    return Financed(project, tuple(line for line in lines if line[1]))


def _fee(one: Project, financed: list[Financed]) -> list[Financed]:
    """Return the county's management fee: one per cent of the main task's advance money, taken from it."""
    source = SOURCES["C1"]
    base = sum(fen for each in financed for line, fen in each.lines if line is source)
    fee_fen = base * _FEE_PERCENT // 100
    return [Financed(fee_project(one.county, fee_fen), ((source, fee_fen),))] if fee_fen else []
