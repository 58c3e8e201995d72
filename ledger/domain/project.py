"""A project: its life from the village's declaration to hand-over, its record, and its money tranche by tranche.

Invariants (funds.md 4.1, 7.2): no stage without those it presupposes; paid ≤ released ≤ allocated and reimbursed ≤
allocated, per tranche.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from ledger.domain.funding import Funding, MoneyEvent, evolve_funding, funding_contradiction
from ledger.domain.history import misplaced
from ledger.domain.record import Record, RecordEvent
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import (
    Event,
    PerformanceEvaluated,
    PerformanceMonitored,
    ProjectAccepted,
    ProjectAmended,
    ProjectAppraised,
    ProjectApproved,
    ProjectCancelled,
    ProjectCompleted,
    ProjectConcluded,
    ProjectContracted,
    ProjectDeclared,
    ProjectFormedAsset,
    ProjectFormedNone,
    ProjectHandedOver,
    ProjectListed,
    ProjectPlanned,
    ProjectProgressed,
    ProjectRemoved,
    ProjectReplaced,
    ProjectResumed,
    ProjectReviewed,
    ProjectSettled,
    ProjectStarted,
    ProjectSuspended,
)
from ledger.money import format_yuan

__all__ = ["ENDS", "PREREQUISITES", "STAGE_NAMES", "Project", "evolve_project", "project_contradiction"]

STAGE_NAMES: Final = {
    "declared": "申报",
    "reviewed": "乡镇审核",
    "appraised": "论证",
    "listed": "入库",
    "amended": "变更",
    "approved": "批复",
    "planned": "列入年度计划",
    "contracted": "签订合同",
    "started": "开工",
    "progressed": "填报进度",
    "suspended": "停工",
    "resumed": "复工",
    "completed": "完工",
    "accepted": "验收",
    "settled": "决算审计",
    "concluded": "报账完结",
    "handed_over": "移交",
    "removed": "出库",
    "cancelled": "取消",
    "replaced": "替换",
}

PREREQUISITES: Final[Mapping[str, tuple[str, ...]]] = {
    "reviewed": ("declared",),
    "appraised": ("reviewed",),
    "amended": ("listed",),
    "approved": ("listed",),
    "planned": ("listed",),
    "contracted": ("approved",),
    "started": ("approved", "planned"),
    "progressed": ("started",),
    "suspended": ("started",),
    "resumed": ("suspended",),
    "completed": ("started",),
    "accepted": ("completed",),
    "settled": ("accepted",),
    "concluded": ("settled",),
    "handed_over": ("accepted",),
}
"""The stages that must have been reached before a stage. A declared project is listed only after its review."""

ENDS: Final = ("removed", "cancelled", "replaced")
"""The stages after which nothing more happens to a project."""

_STAGE_OF: Final[Mapping[type[Event], str]] = {
    ProjectDeclared: "declared",
    ProjectReviewed: "reviewed",
    ProjectAppraised: "appraised",
    ProjectListed: "listed",
    ProjectAmended: "amended",
    ProjectApproved: "approved",
    ProjectPlanned: "planned",
    ProjectContracted: "contracted",
    ProjectStarted: "started",
    ProjectProgressed: "progressed",
    ProjectSuspended: "suspended",
    ProjectResumed: "resumed",
    ProjectCompleted: "completed",
    ProjectAccepted: "accepted",
    ProjectSettled: "settled",
    ProjectConcluded: "concluded",
    ProjectHandedOver: "handed_over",
    ProjectRemoved: "removed",
    ProjectCancelled: "cancelled",
    ProjectReplaced: "replaced",
}

_NO_RECORD: Final = Record()


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of a project."""

    project: str = ""
    area: str = ""
    town: str = ""
    village: str = ""
    project_year: int = 0
    project_type: str = ""
    industry: bool | None = None
    record: Record = _NO_RECORD
    reached: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    """The day on which each stage was reached; of one that comes more than once, the last time recorded."""
    stops: tuple[bool, ...] = ()
    """True for each time work stopped and False for each time it went on, in order."""
    funding: Mapping[str, Funding] = field(default_factory=lambda: MappingProxyType({}))
    """Money by tranche."""
    estimated_fen: int = 0
    """The estimate when the project was listed, and every change since."""
    planned_fen: int = 0
    """Money in the annual plan."""
    contracts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Contract sums in fen by contract number."""
    invested_fen: int = 0
    """Reported work."""
    percent: int | None = None
    """Physical progress as last reported."""
    settled_fen: int = 0
    """The audited price."""
    concluded_open_fen: int = 0
    """Allocated and not reimbursed when the project was concluded, where no reason was given for that."""
    assets: frozenset[str] = frozenset()
    """Codes of the assets that came out of it."""
    formed_none: str = ""
    """Why it was decided that no asset came out of it, as a code; empty where that was not decided."""

    @property
    def name(self) -> str:
        """Return the project's name."""
        return self.record.name

    @property
    def exists(self) -> bool:
        """Say whether the project was ever entered in the library."""
        return "listed" in self.reached

    @property
    def is_known(self) -> bool:
        """Say whether the project was ever declared or entered in the library."""
        return self.exists or "declared" in self.reached

    @property
    def has_goal(self) -> bool:
        """Say whether the record states a performance target."""
        return bool(self.record.goal or self.record.goals)

    @property
    def suspended(self) -> bool:
        """Say whether work stands still."""
        return bool(self.stops) and self.stops[-1]

    @property
    def contract_fen(self) -> int:
        """Return the sum of all contracts, 0 where none is known."""
        return sum(self.contracts.values())

    @property
    def allocated_fen(self) -> int:
        """Return all money allocated to the project."""
        return sum(line.allocated_fen for line in self.funding.values())

    @property
    def paid_fen(self) -> int:
        """Return all money paid out for the project."""
        return sum(line.paid_fen for line in self.funding.values())

    @property
    def reimbursed_fen(self) -> int:
        """Return all money for which vouchers were accepted."""
        return sum(line.reimbursed_fen for line in self.funding.values())

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

    def must_be_known(self, code: str) -> None:
        """Raise NotFoundError when nobody declared the project or entered it in the library."""
        if not self.is_known:
            raise NotFoundError(
                "project.unknown",
                f"项目库中没有编号为“{code}”的项目",
                hint="请核对项目编号,或先用 xianjie project add 入库",
            )

    def must_exist(self, code: str) -> None:
        """Raise NotFoundError for an unknown project, RuleRefusedError for one that was declared and not listed."""
        self.must_be_known(code)
        if not self.exists:
            raise RuleRefusedError(
                "project.not_listed",
                f"项目“{code}”已于 {self.reached['declared']} 申报,尚未入库",
                hint="乡镇审核后先用 xianjie project add 审定入库",
                rule="R15 未入库的项目不得安排资金和实施;出处 funds.md 4.1",
            )

    def must_live(self) -> None:
        """Raise RuleRefusedError when the project was removed, cancelled or replaced."""
        for end in ENDS:
            if end in self.reached:
                raise RuleRefusedError(
                    "project.ended",
                    f"项目“{self.project}”已于 {self.reached[end]} {STAGE_NAMES[end]}",
                    hint="已出库、取消或被替换的项目不再登记;请核对项目编号,登记有误的用 xianjie correct 更正",
                )


def evolve_project(state: Project, event: Event) -> Project:
    """Return the state after one more event."""
    if isinstance(event, MoneyEvent):
        return replace(state, funding=evolve_funding(state.funding, event))
    if isinstance(event, ProjectFormedAsset):
        return replace(state, assets=state.assets | {event.asset})
    if isinstance(event, ProjectFormedNone):
        return replace(state, formed_none=event.why)
    if isinstance(event, PerformanceMonitored | PerformanceEvaluated):
        return state  # what was found about a project changes nothing that may happen to it
    stage = _STAGE_OF.get(type(event))
    if stage is None:
        raise misplaced(event)
    state = replace(state, reached=MappingProxyType({**state.reached, stage: event.effective_on}))
    return _recorded(state, event) if isinstance(event, RecordEvent) else _stepped(state, event)


def _recorded(state: Project, event: RecordEvent) -> Project:
    estimated = {ProjectDeclared: 0, ProjectListed: event.estimate_fen}.get(type(event), state.estimated_fen)
    if isinstance(event, ProjectAmended):
        estimated += event.estimate_change_fen
    return replace(
        state,
        project=event.project,
        area=event.area,
        town=event.town,
        village=event.village,
        project_year=event.project_year,
        project_type=event.project_type,
        industry=event.industry,
        record=Record.of(event),
        estimated_fen=estimated,
    )


def _stepped(state: Project, event: Event) -> Project:
    match event:
        case ProjectPlanned():
            return replace(state, project_year=event.project_year, planned_fen=state.planned_fen + event.planned_fen)
        case ProjectContracted():
            contracts = {**state.contracts, event.contract: event.contract_fen}
            return replace(state, contracts=MappingProxyType(contracts))
        case ProjectProgressed():
            percent = state.percent if event.percent is None else event.percent
            return replace(state, invested_fen=state.invested_fen + event.invested_fen, percent=percent)
        case ProjectSuspended() | ProjectResumed():
            return replace(state, stops=(*state.stops, isinstance(event, ProjectSuspended)))
        case ProjectSettled():
            return replace(state, settled_fen=event.settled_fen)
        case ProjectConcluded():
            return replace(state, concluded_open_fen=0 if event.reason else state.allocated_fen - state.reimbursed_fen)
        case ProjectCancelled() | ProjectReplaced():
            return replace(state, planned_fen=state.planned_fen - event.planned_fen)
        case _:
            return state


def project_contradiction(code: str, state: Project) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    if broken := funding_contradiction(code, state.funding):
        return broken
    if state.funding and not state.exists:
        return f"项目“{code}”将不在库,却有安排的资金"
    for stage in sorted(state.reached, key=lambda stage: stage == "progressed"):  # a stage says more than a report
        before = PREREQUISITES.get(stage, ())
        if stage == "listed" and "declared" in state.reached:
            before = ("reviewed",)
        if missing := [each for each in before if each not in state.reached]:
            amount = f"(完成投资 {format_yuan(state.invested_fen)} 元)" if stage == "progressed" else ""
            return f"项目“{code}”的{STAGE_NAMES[stage]}{amount}仍在账上,其前一环节{STAGE_NAMES[missing[0]]}却没有了"
    if not state.is_known and any(end in state.reached for end in ENDS):
        return f"项目“{code}”将不在库,却已登记出库、取消或替换"
    if any(stop != (number % 2 == 0) for number, stop in enumerate(state.stops)):
        return f"项目“{code}”的停工和复工将不再交替"
    if state.assets and "accepted" not in state.reached:
        return f"项目“{code}”将未验收,却已登记其形成的资产{'、'.join(sorted(state.assets))}"
    if state.formed_none and "accepted" not in state.reached:
        return f"项目“{code}”将未验收,却已认定不形成资产"
    return _amount_contradiction(code, state)


def _amount_contradiction(code: str, state: Project) -> str:
    if state.exists and state.estimated_fen != state.record.estimate_fen:
        return (
            f"项目“{code}”的概算累计将为 {format_yuan(state.estimated_fen)} 元,"
            f"后来的变更却写明 {format_yuan(state.record.estimate_fen)} 元"
        )
    if state.planned_fen < 0:
        return f"项目“{code}”取消时减去的计划投资将比计划多 {format_yuan(-state.planned_fen)} 元"
    if state.concluded_open_fen:
        return f"项目“{code}”报账完结时将有 {format_yuan(state.concluded_open_fen)} 元没有报账"
    return ""
