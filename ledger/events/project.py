"""Events of a project: its life from the village's declaration to hand-over.

Source: funds.md 4.1 (stages) and 4.2 (fields of a library record). Its money is in ``project_money``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Code, Ident, Name, Text
from ledger.events.dimensions import ProjectEvent

__all__ = [
    "Financing",
    "Goal",
    "ProjectAccepted",
    "ProjectAmended",
    "ProjectAppraised",
    "ProjectApproved",
    "ProjectCancelled",
    "ProjectCompleted",
    "ProjectConcluded",
    "ProjectContracted",
    "ProjectDeclared",
    "ProjectFormedAsset",
    "ProjectHandedOver",
    "ProjectListed",
    "ProjectPlanned",
    "ProjectProgressed",
    "ProjectRemoved",
    "ProjectReplaced",
    "ProjectResumed",
    "ProjectReviewed",
    "ProjectSettled",
    "ProjectStarted",
    "ProjectSuspended",
]

Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Positive = Annotated[int, Field(gt=0, le=10**15, strict=True)]
Count = Annotated[int, Field(ge=0, le=10**8, strict=True)]


class Financing(BaseModel):
    """Money that a project is meant to have from one kind of fund and one level (资金规模和筹资方式)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    fund_kind: Code
    level: Code
    amount_fen: Positive


class Goal(BaseModel):
    """One performance target (绩效目标): an indicator, its unit and the value to reach, as the document prints it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    indicator: Name
    target: Name
    unit: Text = ""


class _OfProject(ProjectEvent, abstract=True):
    @property
    @override
    def stream(self) -> str:
        return streams.project(self.project)


class _Record(_OfProject, abstract=True):
    """What the library says of a project (funds.md 4.2).

    ``estimate_fen`` is the estimated cost (0 where none is given), ``unit`` the responsible unit, ``place`` the site in
    words, ``begin_on`` and ``finish_on`` the planned term; ``households`` and ``persons`` who benefit, of which
    ``poor_households`` and ``poor_persons`` once were poor or are monitored; ``linkage`` how farmers share in it
    (联农带农), ``participation`` how the public took part (群众参与).
    """

    name: Name
    content: Text = ""
    unit: Text = ""
    goal: Text = ""
    estimate_fen: Amount = 0
    build_kind: Text = ""
    place: Text = ""
    begin_on: date | None = None
    finish_on: date | None = None
    households: Count = 0
    persons: Count = 0
    poor_households: Count = 0
    poor_persons: Count = 0
    linkage: Text = ""
    participation: Text = ""
    financing: tuple[Financing, ...] = ()
    goals: tuple[Goal, ...] = ()


class ProjectDeclared(_Record):
    """A village, town or unit declared the project (申报); nobody has examined it yet."""

    TOPIC: ClassVar[str] = "project.declared"


class ProjectReviewed(_OfProject):
    """The town reviewed the declared project (乡审核)."""

    TOPIC: ClassVar[str] = "project.reviewed"


class ProjectAppraised(_OfProject):
    """Experts or departments appraised the reviewed project (论证)."""

    TOPIC: ClassVar[str] = "project.appraised"


class ProjectListed(_Record):
    """The county examined the project and entered it in the library (审定入库)."""

    TOPIC: ClassVar[str] = "project.listed"


class ProjectAmended(_Record):
    """The project's record was changed with approval: the whole record as it stands from now on.

    ``estimate_change_fen`` is the new estimate less the old one.
    """

    TOPIC: ClassVar[str] = "project.amended"

    estimate_change_fen: Annotated[int, Field(ge=-(10**15), le=10**15, strict=True)] = 0


class ProjectApproved(_OfProject):
    """The project was approved (批复)."""

    TOPIC: ClassVar[str] = "project.approved"


class ProjectPlanned(_OfProject):
    """The project was taken into the annual plan of ``project_year`` with ``planned_fen`` of money (列入年度计划)."""

    TOPIC: ClassVar[str] = "project.planned"

    planned_fen: Amount = 0


class ProjectContracted(_OfProject):
    """A contract over ``contract_fen`` was signed with a firm or unit (合同); several add up."""

    TOPIC: ClassVar[str] = "project.contracted"

    contract: Ident
    contractor: Name
    contract_fen: Positive


class ProjectStarted(_OfProject):
    """Work on the project started (开工)."""

    TOPIC: ClassVar[str] = "project.started"


class ProjectProgressed(_OfProject):
    """Work was reported: ``invested_fen`` more was done since the last report (完成投资).

    ``percent`` is how much is done in all (形象进度), a whole number of 0 to 100; None where the report does not say.
    """

    TOPIC: ClassVar[str] = "project.progressed"

    invested_fen: Amount = 0
    percent: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None


class ProjectSuspended(_OfProject):
    """Work on the project stopped (停工)."""

    TOPIC: ClassVar[str] = "project.suspended"


class ProjectResumed(_OfProject):
    """Work on the suspended project went on (复工)."""

    TOPIC: ClassVar[str] = "project.resumed"


class ProjectCompleted(_OfProject):
    """The project was completed (完工)."""

    TOPIC: ClassVar[str] = "project.completed"


class ProjectAccepted(_OfProject):
    """The completed project was accepted (验收)."""

    TOPIC: ClassVar[str] = "project.accepted"


class ProjectSettled(_OfProject):
    """The audit of the final account fixed the project's price (决算审计, 审定价)."""

    TOPIC: ClassVar[str] = "project.settled"

    settled_fen: Positive
    auditor: Text = ""


class ProjectConcluded(_OfProject):
    """The last voucher was accepted: the project's money is reimbursed in full (报账完结)."""

    TOPIC: ClassVar[str] = "project.concluded"


class ProjectHandedOver(_OfProject):
    """The project was handed over to the unit that keeps it (移交)."""

    TOPIC: ClassVar[str] = "project.handed_over"

    receiver: Name


class ProjectRemoved(_OfProject):
    """The project was taken out of the library before it was planned (出库)."""

    TOPIC: ClassVar[str] = "project.removed"


class ProjectCancelled(_OfProject):
    """The planned or approved project was cancelled (取消).

    ``planned_fen`` is the money that the annual plan had for it and that is planned no longer.
    """

    TOPIC: ClassVar[str] = "project.cancelled"

    planned_fen: Amount = 0


class ProjectReplaced(_OfProject):
    """Another project takes this one's place (替换); ``planned_fen`` as in ``ProjectCancelled``."""

    TOPIC: ClassVar[str] = "project.replaced"

    successor: Ident
    planned_fen: Amount = 0


class ProjectFormedAsset(_OfProject):
    """An asset of this value was found to have come out of the project: the project's half of ``asset.identified``."""

    TOPIC: ClassVar[str] = "project.formed_asset"

    asset: Ident
    value_fen: Positive
    formation_id: Ident

    @property
    @override
    def link(self) -> str:
        return self.formation_id

    @property
    @override
    def partner(self) -> str:
        return streams.asset(self.asset)
