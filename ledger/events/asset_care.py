"""Events of an asset in use: condition, yearly class, upkeep, revival, count, depreciation.

Source: assets.md 4.2, 4.3 and 4.5.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.events.asset import FundSource, OfAsset
from ledger.events.base import Code, Fen, Ident, Name, Text, Year

__all__ = [
    "AssetCounted",
    "BatchClassified",
    "ConditionAssessed",
    "DepreciationPosted",
    "DifferenceApproved",
    "RevivalClosed",
    "RevivalOpened",
    "RevivalSubmitted",
    "UpkeepAssigned",
    "UpkeepVisited",
]

Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Change = Annotated[int, Field(ge=-(10**15), le=10**15, strict=True)]


class ConditionAssessed(OfAsset):
    """The running condition was assessed: a code of ``AssetCondition``."""

    TOPIC: ClassVar[str] = "asset.condition_assessed"

    condition: Code
    note: Text = ""


class BatchClassified(OfAsset):
    """The operating asset was put into one of the four batches (四个一批) for a year; other years keep theirs."""

    TOPIC: ClassVar[str] = "asset.batch_classified"

    year: Year
    batch: Code


class UpkeepAssigned(OfAsset):
    """A unit and a post answer for upkeep (管护); ``times_per_year`` visits are due, 0 where none is set."""

    TOPIC: ClassVar[str] = "asset.upkeep_assigned"

    unit: Name
    post: Text = ""
    money_from: Text = ""
    yearly_fen: Amount = 0
    times_per_year: Annotated[int, Field(ge=0, le=366, strict=True)] = 0


class UpkeepVisited(OfAsset):
    """The asset was visited: defects found, repairs done, and what they cost."""

    TOPIC: ClassVar[str] = "asset.upkeep_visited"

    defects: Text = ""
    repairs: Text = ""
    cost_fen: Amount = 0


class RevivalOpened(OfAsset):
    """A plan to revive the idle asset was opened (盘活): the measure, who does it, and until when."""

    TOPIC: ClassVar[str] = "asset.revival_opened"

    revival: Ident
    measure: Name
    unit: Name
    deadline: date


class RevivalSubmitted(OfAsset):
    """The unit says that the asset is revived and asks to strike it off; ``by`` is the actor."""

    TOPIC: ClassVar[str] = "asset.revival_submitted"

    revival: Ident
    result: Name
    cost_fen: Amount = 0
    by: Name


class RevivalClosed(OfAsset):
    """A second person examined the result and struck the revival off (审核销号)."""

    TOPIC: ClassVar[str] = "asset.revival_closed"

    revival: Ident
    by: Name
    note: Text = ""


class AssetCounted(OfAsset):
    """The yearly count (清查) found the asset, or found it missing or different (``difference_fen``, signed)."""

    TOPIC: ClassVar[str] = "asset.counted"

    year: Year
    outcome: Literal["matches", "missing", "differs"]
    difference_fen: Change = 0
    note: Text = ""


class DifferenceApproved(OfAsset):
    """A count's difference was approved and entered: ``value_fen`` is the value with it.

    ``sources`` are the parts of the change by the money behind the asset, without its sign.
    """

    TOPIC: ClassVar[str] = "asset.difference_approved"

    year: Year
    change_fen: Change
    authority: Name
    sources: tuple[FundSource, ...] = ()


class DepreciationPosted(OfAsset):
    """Depreciation of a period was posted, by the method the rule pack names; the original value stays."""

    TOPIC: ClassVar[str] = "asset.depreciation_posted"

    year: Year
    amount_fen: Fen
    method: Name
