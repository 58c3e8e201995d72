"""The words of each step that befalls an asset, in the columns of ``fact_asset_step``.

Which field of an event goes into which column is said in one table; an event of an asset that is not in it states a
step without words.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from ledger import events as e

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from projections.mapping.rows import FactRow, Stamp

__all__ = ["step_of"]

_HERE = attrgetter("asset", "area", "town", "village", "asset_class")
_TEXTS: Final = ("code", "what", "detail", "note", "unit", "receiver", "by", "from_on", "deadline")
_NUMBERS: Final = ("amount_fen", "number", "days")

_WORDS: Final[ReadOnly[type[e.Event], ReadOnly[str, str]]] = {
    e.AssetIdentified: {"code": "project", "detail": "name", "note": "origin", "amount_fen": "value_fen"},
    e.AssetClassified: {"what": "asset_class", "detail": "subclass", "note": "former_class", "unit": "authority"},
    e.ValueFinalised: {"amount_fen": "change_fen"},
    e.ValueAdded: {"code": "added_by", "amount_fen": "change_fen"},
    e.OwnershipNoticed: {
        "what": "channel",
        "detail": "place",
        "note": "basis_inputs",
        "from_on": "from_on",
        "deadline": "to_on",
    },
    e.ObjectionFiled: {"code": "objection", "detail": "content"},
    e.ObjectionResolved: {"code": "objection", "what": "outcome", "unit": "authority"},
    e.AssetCertified: {"detail": "certificate"},
    e.AssetHandedOver: {
        "detail": "defects",
        "note": "documents",
        "unit": "giver",
        "receiver": "receiver",
        "by": "supervisor",
        "deadline": "warranty_until",
        "amount_fen": "debts_fen",
    },
    e.AssetBooked: {"what": "books", "detail": "voucher"},
    e.ConditionAssessed: {"what": "condition", "detail": "note"},
    e.BatchClassified: {"what": "batch", "number": "year"},
    e.UpkeepAssigned: {
        "detail": "money_from",
        "unit": "unit",
        "by": "post",
        "amount_fen": "yearly_fen",
        "number": "times_per_year",
    },
    e.UpkeepVisited: {"detail": "defects", "note": "repairs", "amount_fen": "cost_fen"},
    e.RevivalOpened: {"code": "revival", "detail": "measure", "unit": "unit", "deadline": "deadline"},
    e.RevivalSubmitted: {"code": "revival", "detail": "result", "by": "by", "amount_fen": "cost_fen"},
    e.RevivalClosed: {"code": "revival", "detail": "note", "by": "by"},
    e.AssetCounted: {"what": "outcome", "detail": "note", "amount_fen": "difference_fen", "number": "year"},
    e.DifferenceApproved: {"unit": "authority", "amount_fen": "change_fen", "number": "year"},
    e.DepreciationPosted: {"detail": "method", "amount_fen": "amount_fen", "number": "year"},
    e.OwnershipTransferred: {"what": "way", "unit": "giver", "receiver": "receiver"},
    e.AssetSplit: {"code": "part", "amount_fen": "change_fen"},
    e.AssetSplitOff: {"code": "parent", "detail": "name", "amount_fen": "value_fen"},
    e.AssetMergedInto: {"code": "whole", "amount_fen": "value_fen"},
    e.AssetMergedFrom: {"code": "part", "amount_fen": "change_fen"},
    e.AssetRelocated: {"detail": "former_village", "note": "former_town", "unit": "former_area"},
    e.AssetReinvested: {"code": "into", "what": "money", "amount_fen": "amount_fen"},
    e.DisposalProposed: {"code": "disposal", "what": "way", "detail": "why"},
    e.DisposalVoted: {"code": "disposal", "what": "body", "number": "in_favour", "days": "notice_days"},
    e.DisposalAppraised: {
        "code": "disposal",
        "unit": "appraiser",
        "from_on": "from_on",
        "deadline": "to_on",
        "amount_fen": "appraised_fen",
    },
    e.DisposalApproved: {"code": "disposal", "unit": "authority", "number": "step", "days": "notice_days"},
    e.AssetDisposed: {"code": "disposal", "what": "way", "receiver": "buyer_kind", "amount_fen": "price_fen"},
    e.ProceedsBooked: {"code": "disposal", "what": "destination", "detail": "voucher", "amount_fen": "amount_fen"},
    e.AssetClosed: {"detail": "why"},
    e.LossFound: {"code": "loss", "detail": "cause", "amount_fen": "amount_fen"},
    e.LossAssigned: {"code": "loss", "detail": "basis", "by": "post"},
    e.LossRecovered: {"code": "loss", "detail": "voucher", "amount_fen": "amount_fen"},
    e.LossWrittenOff: {"code": "loss", "unit": "authority", "amount_fen": "amount_fen"},
}


def step_of(event: Any, stamp: Stamp) -> FactRow:  # noqa: ANN401 - any event of an asset
    """Return the step that the event is: its topic's verb and its words."""
    words = _WORDS.get(type(event), {})
    texts = (_text(getattr(event, words[column])) if column in words else "" for column in _TEXTS)
    numbers = (getattr(event, words[column]) if column in words else 0 for column in _NUMBERS)
    verb = event.TOPIC.partition(".")[2]
    return ("fact_asset_step", (*stamp, *_HERE(event), verb, *texts, *numbers, event.document))


def _text(value: Any) -> str:  # noqa: ANN401 - a text, a day, a tuple of texts or nothing
    if value is None:
        return ""
    return "、".join(value) if isinstance(value, tuple) else str(value)
