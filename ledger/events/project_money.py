"""Events of a project's money, tranche by tranche.

Source: funds.md 7.2. Released (核拨), paid (支付) and reimbursed (报账) are three different amounts and never merged.
"""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Code, Ident, Text
from ledger.events.dimensions import FundedProjectEvent

__all__ = [
    "MoneyPaid",
    "MoneyReimbursed",
    "MoneyReleased",
    "MoneyWithdrawn",
    "PaymentRefunded",
    "ProjectFunded",
    "ReleaseReturned",
    "RetentionHeld",
    "RetentionReleased",
]


class _MoneyOfProject(FundedProjectEvent, abstract=True):
    @property
    @override
    def stream(self) -> str:
        return streams.project(self.project)


class _Leg(_MoneyOfProject, abstract=True):
    """The project's leg of a movement between it and a tranche."""

    transfer_id: Ident

    @property
    @override
    def link(self) -> str:
        return self.transfer_id

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.tranche)


class ProjectFunded(_Leg):
    """Money of a tranche was allocated to this project: the in-leg of ``tranche.allocated``."""

    TOPIC: ClassVar[str] = "project.funded"
    LEG: ClassVar[int] = -1


class MoneyWithdrawn(_Leg):
    """Money allocated to this project and not released went back to its tranche: the out-leg of ``tranche.regained``.

    ``cause`` is a code of ``MoveCause``.
    """

    TOPIC: ClassVar[str] = "project.withdrawn"
    LEG: ClassVar[int] = 1

    cause: Code


class MoneyReleased(_MoneyOfProject):
    """The finance bureau released money to the project's unit (核拨)."""

    TOPIC: ClassVar[str] = "project.released"

    voucher: Text = ""


class ReleaseReturned(_MoneyOfProject):
    """Released money that was not paid out came back from the project's unit (退回核拨)."""

    TOPIC: ClassVar[str] = "project.release_returned"

    voucher: Text = ""


class MoneyPaid(_MoneyOfProject):
    """Released money was actually paid out (支付). ``payee_kind`` says what the payee is, never who."""

    TOPIC: ClassVar[str] = "project.paid"

    voucher: Text = ""
    payee_kind: Code = "unit"


class PaymentRefunded(_MoneyOfProject):
    """Paid money came back from the payee (退款): it is released and unpaid again."""

    TOPIC: ClassVar[str] = "project.refunded"

    voucher: Text = ""


class MoneyReimbursed(_MoneyOfProject):
    """Vouchers for spent money were accepted by the bureau (报账)."""

    TOPIC: ClassVar[str] = "project.reimbursed"

    voucher: Text = ""


class RetentionHeld(_MoneyOfProject):
    """Part of the settled price is held back as a guarantee of quality (质保金): allocated, and not to be paid yet."""

    TOPIC: ClassVar[str] = "project.retention_held"


class RetentionReleased(_MoneyOfProject):
    """Money held back may be paid (质保金到期)."""

    TOPIC: ClassVar[str] = "project.retention_released"
