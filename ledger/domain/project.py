"""A project: its life from the library to acceptance, and its money tranche by tranche.

Invariants (funds.md 4.1, 7.2): stages in order; paid ≤ released ≤ allocated and reimbursed ≤ allocated, per tranche.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from ledger.domain.funding import Funding, MoneyEvent, evolve_funding, funding_contradiction
from ledger.domain.history import misplaced
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import (
    Event,
    ProjectAccepted,
    ProjectApproved,
    ProjectCancelled,
    ProjectCompleted,
    ProjectFormedAsset,
    ProjectListed,
    ProjectPlanned,
    ProjectProgressed,
    ProjectStarted,
)
from ledger.money import format_yuan

__all__ = ["STAGES", "STAGE_NAMES", "Project", "evolve_project", "project_contradiction"]

STAGES = ("listed", "approved", "planned", "started", "completed", "accepted")
"""The stages of a project's life, in the only order in which they may be reached."""

STAGE_NAMES = {
    "listed": "入库",
    "approved": "批复",
    "planned": "列入年度计划",
    "started": "开工",
    "completed": "完工",
    "accepted": "验收",
    "cancelled": "取消",
}

_STAGE_OF = {
    ProjectListed: "listed",
    ProjectApproved: "approved",
    ProjectPlanned: "planned",
    ProjectStarted: "started",
    ProjectCompleted: "completed",
    ProjectAccepted: "accepted",
    ProjectCancelled: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of a project."""

    project: str = ""
    name: str = ""
    area: str = ""
    town: str = ""
    village: str = ""
    project_year: int = 0
    project_type: str = ""
    industry: bool | None = None
    reached: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    """The day on which each stage was reached."""
    funding: Mapping[str, Funding] = field(default_factory=lambda: MappingProxyType({}))
    """Money by tranche."""
    planned_fen: int = 0
    """Money in the annual plan."""
    invested_fen: int = 0
    """Reported work."""
    assets: frozenset[str] = frozenset()
    """Codes of the assets that came out of it."""

    @property
    def exists(self) -> bool:
        """Say whether the project was ever entered in the library."""
        return "listed" in self.reached

    @property
    def allocated_fen(self) -> int:
        """Return all money allocated to the project."""
        return sum(line.allocated_fen for line in self.funding.values())

    def dimensions(self) -> dict[str, Any]:
        """Return the dimensions that each event of the project writes down."""
        return {
            "project": self.project,
            "area": self.area,
            "town": self.town,
            "village": self.village,
            "project_year": self.project_year,
            "project_type": self.project_type,
            "industry": self.industry,
        }

    def must_exist(self, code: str) -> None:
        """Raise NotFoundError when the project is not in the library."""
        if not self.exists:
            raise NotFoundError(
                "project.unknown",
                f"项目库中没有编号为“{code}”的项目",
                hint="请核对项目编号,或先用 xianjie project add 入库",
            )

    def must_live(self) -> None:
        """Raise RuleRefusedError when the project was cancelled."""
        if "cancelled" in self.reached:
            raise RuleRefusedError(
                "project.cancelled",
                f"项目“{self.project}”已于 {self.reached['cancelled']} 取消",
                hint="已取消的项目不再登记;请核对项目编号",
            )


def evolve_project(state: Project, event: Event) -> Project:
    """Return the state after one more event."""
    if isinstance(event, MoneyEvent):
        return replace(state, funding=evolve_funding(state.funding, event))
    match event:
        case ProjectListed():
            return replace(
                _reach(state, event),
                project=event.project,
                name=event.name,
                area=event.area,
                town=event.town,
                village=event.village,
                project_year=event.project_year,
                project_type=event.project_type,
                industry=event.industry,
            )
        case ProjectPlanned():
            return replace(_reach(state, event), project_year=event.project_year, planned_fen=event.planned_fen)
        case ProjectApproved() | ProjectStarted() | ProjectCompleted() | ProjectAccepted() | ProjectCancelled():
            return _reach(state, event)
        case ProjectFormedAsset():
            return replace(state, assets=state.assets | {event.asset})
        case ProjectProgressed():
            return replace(state, invested_fen=state.invested_fen + event.invested_fen)
        case _:
            raise misplaced(event)


def project_contradiction(code: str, state: Project) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    if broken := funding_contradiction(code, state.funding):
        return broken
    missing = False
    for stage in STAGES:
        if missing and stage in state.reached:
            return f"项目“{code}”的{STAGE_NAMES[stage]}仍在账上,其前一环节却没有了"
        missing = missing or stage not in state.reached
    if state.funding and not state.exists:
        return f"项目“{code}”将不在库,却有安排的资金"
    if "cancelled" in state.reached and not state.exists:
        return f"项目“{code}”将不在库,却已登记取消"
    if state.assets and "accepted" not in state.reached:
        return f"项目“{code}”将未验收,却已登记其形成的资产{'、'.join(sorted(state.assets))}"
    if state.invested_fen and "started" not in state.reached:
        return f"项目“{code}”将未开工,却已登记完成投资 {format_yuan(state.invested_fen)} 元"
    return ""


def _reach(state: Project, event: Event) -> Project:
    stage = _STAGE_OF[type(event)]
    return replace(state, reached=MappingProxyType({**state.reached, stage: event.effective_on}))
