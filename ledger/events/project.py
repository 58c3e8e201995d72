"""Events of a project: its life from the library to acceptance, and its money.

Source: funds.md 4.1 (stages) and 7.2 (money). Released (核拨), paid (支付) and reimbursed (报账) are three different
amounts and never merged.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Code, Ident, Name, Text
from ledger.events.dimensions import FundedProjectEvent, ProjectEvent

__all__ = [
    "MoneyPaid",
    "MoneyReimbursed",
    "MoneyReleased",
    "ProjectAccepted",
    "ProjectApproved",
    "ProjectCancelled",
    "ProjectCompleted",
    "ProjectFormedAsset",
    "ProjectFunded",
    "ProjectListed",
    "ProjectPlanned",
    "ProjectProgressed",
    "ProjectStarted",
]

Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]


class _OfProject(ProjectEvent, abstract=True):
    @property
    @override
    def stream(self) -> str:
        return streams.project(self.project)


class _MoneyOfProject(FundedProjectEvent, abstract=True):
    @property
    @override
    def stream(self) -> str:
        return streams.project(self.project)


class ProjectListed(_OfProject):
    """The county examined the project and entered it in the library (审定入库).

    ``estimate_fen`` is the estimated cost (0 where the library gives none); ``unit`` the responsible unit.
    """

    TOPIC: ClassVar[str] = "project.listed"

    name: Name
    content: Text = ""
    unit: Text = ""
    goal: Text = ""
    estimate_fen: Amount = 0


class ProjectApproved(_OfProject):
    """The project was approved (批复)."""

    TOPIC: ClassVar[str] = "project.approved"


class ProjectPlanned(_OfProject):
    """The project was taken into the annual plan of ``project_year`` with ``planned_fen`` of money (列入年度计划)."""

    TOPIC: ClassVar[str] = "project.planned"

    planned_fen: Amount = 0


class ProjectFunded(_MoneyOfProject):
    """Money of a tranche was allocated to this project: the in-leg of ``tranche.allocated``."""

    TOPIC: ClassVar[str] = "project.funded"

    transfer_id: Ident

    @property
    @override
    def link(self) -> str:
        return self.transfer_id

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.tranche)


class ProjectStarted(_OfProject):
    """Work on the project started (开工)."""

    TOPIC: ClassVar[str] = "project.started"


class ProjectProgressed(_OfProject):
    """Work worth ``invested_fen`` more was done since the last such report (完成投资, an increment)."""

    TOPIC: ClassVar[str] = "project.progressed"

    invested_fen: Annotated[int, Field(gt=0, le=10**15, strict=True)]


class ProjectCompleted(_OfProject):
    """The project was completed (完工)."""

    TOPIC: ClassVar[str] = "project.completed"


class ProjectAccepted(_OfProject):
    """The completed project was accepted (验收)."""

    TOPIC: ClassVar[str] = "project.accepted"


class ProjectCancelled(_OfProject):
    """The project was cancelled, or taken out of the library (取消, 出库).

    ``planned_fen`` is the money that the annual plan had for it and that is planned no longer.
    """

    TOPIC: ClassVar[str] = "project.cancelled"

    planned_fen: Amount = 0


class ProjectFormedAsset(_OfProject):
    """An asset of this value was found to have come out of the project: the project's half of ``asset.identified``."""

    TOPIC: ClassVar[str] = "project.formed_asset"

    asset: Ident
    value_fen: Annotated[int, Field(gt=0, le=10**15, strict=True)]
    formation_id: Ident

    @property
    @override
    def link(self) -> str:
        return self.formation_id

    @property
    @override
    def partner(self) -> str:
        return streams.asset(self.asset)


class MoneyReleased(_MoneyOfProject):
    """The finance bureau released money to the project's unit (核拨)."""

    TOPIC: ClassVar[str] = "project.released"

    voucher: Text = ""


class MoneyPaid(_MoneyOfProject):
    """Released money was actually paid out (支付). ``payee_kind`` says what the payee is, never who."""

    TOPIC: ClassVar[str] = "project.paid"

    voucher: Text = ""
    payee_kind: Code = "unit"


class MoneyReimbursed(_MoneyOfProject):
    """Vouchers for spent money were accepted by the bureau (报账)."""

    TOPIC: ClassVar[str] = "project.reimbursed"

    voucher: Text = ""
