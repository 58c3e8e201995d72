"""Every kind of event. Importing this package fills the closed registry."""

from __future__ import annotations

from ledger.events.asset import (
    AssetBooked,
    AssetCertified,
    AssetConfirmed,
    AssetHandedOver,
    AssetIdentified,
    Holding,
    OwnershipNoticed,
)
from ledger.events.base import Event, Registry, registry
from ledger.events.control import (
    AreaEntry,
    AreasListed,
    EventReversed,
    LedgerOpened,
    RulePackAdopted,
)
from ledger.events.document import DocumentRegistered, DocumentUsed
from ledger.events.notice import NoticePublished, Subject
from ledger.events.project import (
    MoneyPaid,
    MoneyReimbursed,
    MoneyReleased,
    ProjectAccepted,
    ProjectApproved,
    ProjectCancelled,
    ProjectCompleted,
    ProjectFormedAsset,
    ProjectFunded,
    ProjectListed,
    ProjectPlanned,
    ProjectProgressed,
    ProjectStarted,
)
from ledger.events.right import RightSet
from ledger.events.tranche import (
    MoneyAllocated,
    TrancheDistributed,
    TrancheIssued,
    TrancheReceived,
    TrancheRecovered,
    TrancheReturned,
)

__all__ = [
    "AreaEntry",
    "AreasListed",
    "AssetBooked",
    "AssetCertified",
    "AssetConfirmed",
    "AssetHandedOver",
    "AssetIdentified",
    "DocumentRegistered",
    "DocumentUsed",
    "Event",
    "EventReversed",
    "Holding",
    "LedgerOpened",
    "MoneyAllocated",
    "MoneyPaid",
    "MoneyReimbursed",
    "MoneyReleased",
    "NoticePublished",
    "OwnershipNoticed",
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
    "Registry",
    "RightSet",
    "RulePackAdopted",
    "Subject",
    "TrancheDistributed",
    "TrancheIssued",
    "TrancheReceived",
    "TrancheRecovered",
    "TrancheReturned",
    "registry",
]
