"""The projects of the year: where, what, how much, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from cli.demo.county.catalogue import FEE, KINDS, Kind
from ledger.domain.stages import ApproveProject, ListProject, PlanProject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.demo.county.chance import Chance
    from cli.demo.county.places import County, Village
    from ledger.domain.command import Command

__all__ = ["YEAR", "Project", "approve", "enter", "fee_project", "make_projects", "plan"]

Fate: TypeAlias = Literal["carried_out", "cancelled", "idle"]

YEAR: Final = 2022
_LISTED: Final = {1: date(2021, 9, 28), 2: date(2021, 11, 18), 3: date(2022, 3, 21)}
_APPROVED: Final = {1: date(2022, 1, 5), 2: date(2022, 1, 5), 3: date(2022, 4, 6)}
_PLANNED: Final = {1: date(2022, 1, 12), 2: date(2022, 1, 12), 3: date(2022, 4, 11)}
_ROUNDS: Final = (1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3)
_CANCELLED_PERCENT: Final = 3
_IDLE_PERCENT: Final = 2
_FEN_FOR_A_HOUSEHOLD: Final = 5_000_00
_WEIGHTED: Final = [kind for kind in KINDS for _ in range(kind.weight)]


@dataclass(frozen=True)
class Project:
    """A project as it will go: entered in one of three rounds, the third after the plan was made.

    ``fate``: most are carried out; some are cancelled before any money; some have money and never start.
    ``published`` says whether it is named in notices.
    """

    code: str
    name: str
    county: County
    village: Village
    kind: Kind
    cost_fen: int
    round: int
    fate: Fate
    published: bool

    @property
    def listed_on(self) -> date:
        """Return the day it was entered in the library."""
        return _LISTED[self.round]

    @property
    def planned_on(self) -> date:
        """Return the day it was taken into the annual plan."""
        return _PLANNED[self.round]

    @property
    def unit(self) -> str:
        """Return the responsible unit: the town's government."""
        return f"{self.village.town_name}人民政府(办事处)"

    @property
    def households(self) -> int:
        """Return how many households benefit: the number, like the rest, is made up, and grows with the cost."""
        return self.cost_fen // _FEN_FOR_A_HOUSEHOLD


def make_projects(chance: Chance, places: Sequence[County], count: int) -> list[Project]:
    """Return ``count`` projects, spread evenly over the counties."""
    return [_project(chance, places[number % len(places)], number // len(places) + 1) for number in range(count)]


def fee_project(county: County, cost_fen: int) -> Project:
    """Return the entry for the management fee of a county: in the library, but not a project that is built."""
    code = f"P{YEAR}-{county.code}-FEE"
    name = f"{county.name}{YEAR}年项目管理费"
    return Project(code, name, county, county.villages[0], FEE, cost_fen, 2, "carried_out", published=True)


def enter(project: Project) -> Command:
    """Return the command that enters the project in the library."""
    whole_county = project.kind is FEE
    return ListProject.of(
        on=project.listed_on,
        document=f"{project.county.name}{YEAR}年度项目库审定(第{project.round}批)",
        project=project.code,
        name=project.name,
        area=project.county.code,
        town="" if whole_county else project.village.town,
        village="" if whole_county else project.village.code,
        project_year=YEAR,
        project_type=project.kind.type,
        unit=project.unit,
        goal=f"按期完成{project.kind.name},验收合格",
        estimate_fen=project.cost_fen,
        households=project.households,
    )


def approve(project: Project) -> Command:
    """Return the command that approves the project."""
    document = f"{project.county.name}项目批复(第{project.round}批)"
    return ApproveProject.of(on=_APPROVED[project.round], document=document, project=project.code)


def plan(project: Project) -> Command:
    """Return the command that takes the project into the annual plan."""
    adjusted = "调整" if project.round == max(_PLANNED) else ""
    document = f"{project.county.name}{YEAR}年度项目计划{adjusted}"
    return PlanProject.of(on=project.planned_on, document=document, project=project.code, planned_fen=project.cost_fen)


def _project(chance: Chance, county: County, number: int) -> Project:
    kind, village = chance.pick(_WEIGHTED), chance.pick(county.villages)
    return Project(
        code=f"P{YEAR}-{county.code}-{number:04d}",
        name=f"{village.full_name}{kind.name}项目",
        county=county,
        village=village,
        kind=kind,
        cost_fen=chance.amount_fen(),
        round=chance.pick(_ROUNDS),
        fate=_fate(chance),
        published=chance.happens(94),
    )


def _fate(chance: Chance) -> Fate:
    if chance.happens(_CANCELLED_PERCENT):
        return "cancelled"
    return "idle" if chance.happens(_IDLE_PERCENT) else "carried_out"
