"""Record a reversed entry anew, with other values: the command that would have led to it, made from the event.

Only what one command alone has led to can be made anew. That the table below is right is not taken on trust: before an
amendment is recorded, the unchanged command is decided in its place and must lead to the very same events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledger.domain import allocation, arrear, confirmation, payment, performance, rent, retention, stages
from ledger.domain import income as earnings
from ledger.domain import tranche as money
from ledger.domain import upkeep as keeping
from ledger.domain.command import Command
from ledger.domain.control import Recorded
from ledger.domain.finding import OpenFinding
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import DocumentUsed, Event

__all__ = ["AMENDABLE", "amended", "cannot_amend", "same_entry"]

AMENDABLE: Final[Mapping[str, type[Command]]] = {
    "arrear.recorded": arrear.RecordArrear,
    "arrear.settled": arrear.SettleArrear,
    "asset.booked": confirmation.BookAsset,
    "asset.certified": confirmation.CertifyAsset,
    "asset.condition_assessed": keeping.AssessCondition,
    "asset.handed_over": confirmation.HandOverAsset,
    "asset.upkeep_assigned": keeping.AssignUpkeep,
    "asset.upkeep_visited": keeping.VisitAsset,
    "contract.received": rent.ReceiveRent,
    "finding.opened": OpenFinding,
    "income.cost_posted": earnings.PostCost,
    "income.posted": earnings.PostIncome,
    "project.accepted": stages.AcceptProject,
    "project.appraised": stages.AppraiseProject,
    "project.approved": stages.ApproveProject,
    "project.completed": stages.CompleteProject,
    "project.concluded": stages.ConcludeProject,
    "project.contracted": stages.ContractProject,
    "project.declared": stages.DeclareProject,
    "project.evaluated": performance.EvaluateProject,
    "project.handed_over": stages.HandOverProject,
    "project.listed": stages.ListProject,
    "project.monitored": performance.MonitorProject,
    "project.paid": payment.PayMoney,
    "project.planned": stages.PlanProject,
    "project.progressed": stages.ReportProgress,
    "project.refunded": payment.RefundPayment,
    "project.reimbursed": payment.ReimburseMoney,
    "project.release_returned": payment.ReturnRelease,
    "project.released": payment.ReleaseMoney,
    "project.resumed": stages.ResumeProject,
    "project.retention_held": retention.HoldRetention,
    "project.retention_released": retention.ReleaseRetention,
    "project.reviewed": stages.ReviewProject,
    "project.settled": stages.SettleProject,
    "project.started": stages.StartProject,
    "project.suspended": stages.SuspendProject,
    "tranche.allocated": allocation.AllocateMoney,
    "tranche.distributed": money.DistributeTranche,
    "tranche.issued": money.IssueTranche,
    "tranche.recovered": money.RecoverTranche,
}
"""Which command leads to an event of a topic; of two halves, the one that pays."""

_LINKS: Final = ("transfer_id",)


def amended(halves: Sequence[Recorded], changes: Mapping[str, Any]) -> Command:
    """Return the command that records an entry anew: what its events say, except for the changes.

    Raises:
        RuleRefusedError: this kind of entry cannot be made anew.
        ValueRefusedError: the entry has no such field, or the value is not acceptable.
    """
    chosen = next((each for each in halves if each.topic in AMENDABLE), None)
    if chosen is None:
        raise cannot_amend(halves)
    kind, said = AMENDABLE[chosen.topic], chosen.event.model_dump()
    fields = kind.model_fields
    values = {name: said[name] for name in fields if said.get(name) not in ("", None)}
    unknown = [name for name in changes if name not in fields]
    if unknown:
        raise ValueRefusedError(
            "correction.field", f"这条记录没有可改的“{unknown[0]}”", hint=f"可改:{'、'.join(fields)}"
        )
    return kind.of(**{"on": chosen.event.effective_on, **values, **changes})


def same_entry(halves: Sequence[Recorded], events: Sequence[Event]) -> bool:
    """Tell whether events say the same as recorded ones; the id of a movement is another one each time."""
    anew = [event for event in events if not isinstance(event, DocumentUsed)]
    return [_said(each.event) for each in halves] == [_said(event) for event in anew]


def cannot_amend(halves: Sequence[Recorded]) -> RuleRefusedError:
    """Return the refusal of an entry that cannot be made anew."""
    return RuleRefusedError(
        "correction.not_amendable",
        f"第 {halves[0].position} 号记录不能直接改记",
        hint="请先用 xianjie correct undo 冲销,再重新登记",
    )


def _said(event: Event) -> tuple[str, str, dict[str, Any]]:
    return event.TOPIC, event.stream, event.model_dump(exclude=set(_LINKS))
