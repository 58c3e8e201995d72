"""Events of income (收益): accounts of an asset, rules of distribution, plans, resolutions, payments.

Source: assets.md 4.4. A scheme is one asset or several that share an account (a village's power stations).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Code, Event, Fen, Ident, Name, Text

__all__ = [
    "CostPosted",
    "DistributionLine",
    "DistributionPaid",
    "DistributionPlanned",
    "DistributionResolved",
    "IncomePosted",
    "IncomeRuleSet",
    "RuleLine",
    "SchemeOpened",
]

Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(Q[1-4]|H[12]|-(0[1-9]|1[0-2]))?$")]


class RuleLine(BaseModel):
    """One line of a rule: this payee gets this part of the base; ``floor`` marks a least part."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    payee: Ident
    name: Name
    numerator: int = Field(ge=0, le=10**12, strict=True)
    denominator: int = Field(gt=0, le=10**12, strict=True)
    floor: bool = False


class DistributionLine(BaseModel):
    """So many fen for this payee of the rule."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    payee: Ident
    amount_fen: Amount


class _OfScheme(Event, abstract=True):
    scheme: Ident
    area: AreaCode

    @property
    @override
    def stream(self) -> str:
        return streams.scheme(self.scheme)


class SchemeOpened(_OfScheme):
    """An income account was opened for these assets."""

    TOPIC: ClassVar[str] = "income.scheme_opened"

    name: Name
    assets: tuple[Ident, ...] = Field(min_length=1)


class IncomePosted(_OfScheme):
    """Income of a period was posted; ``contract`` names where it came from, or is empty."""

    TOPIC: ClassVar[str] = "income.posted"

    asset: Text = ""
    period: Period
    amount_fen: Fen
    contract: Text = ""
    voucher: Text = ""


class CostPosted(_OfScheme):
    """A cost of a period was posted: a code such as ``om``, ``insurance``, ``site``, ``tax``, ``reserve``."""

    TOPIC: ClassVar[str] = "income.cost_posted"

    asset: Text = ""
    period: Period
    cost: Code
    amount_fen: Fen
    voucher: Text = ""


class IncomeRuleSet(_OfScheme):
    """From ``effective_on`` income is distributed so: the base is ``gross``, or ``net`` of the named costs.

    ``approvals`` names the steps that a plan needs, in order (e.g. village_vote, town_check, county_filing).
    """

    TOPIC: ClassVar[str] = "income.rule_set"

    version: Name
    base: Literal["gross", "net"]
    costs: tuple[Code, ...] = ()
    lines: tuple[RuleLine, ...] = Field(min_length=1)
    approvals: tuple[Code, ...] = ()


class DistributionPlanned(_OfScheme):
    """A plan says who gets what of a period: ``base_fen`` is the base by the rule in force, the lines its use."""

    TOPIC: ClassVar[str] = "income.distribution_planned"

    plan: Ident
    period: Period
    rule_version: Name
    base_fen: Amount
    lines: tuple[DistributionLine, ...] = Field(min_length=1)
    undistributed_fen: Amount = 0


class DistributionResolved(_OfScheme):
    """A step of the plan's approval was taken: a vote with its counts, a check or a filing."""

    TOPIC: ClassVar[str] = "income.distribution_resolved"

    plan: Ident
    step: Code
    body: Name
    members: Annotated[int, Field(ge=0, le=10**7, strict=True)] = 0
    in_favour: Annotated[int, Field(ge=0, le=10**7, strict=True)] = 0
    notice_to_on: date | None = None


class DistributionPaid(_OfScheme):
    """Money of the plan was paid to a kind of payee; never who the single receivers are."""

    TOPIC: ClassVar[str] = "income.distribution_paid"

    plan: Ident
    payee: Ident
    amount_fen: Fen
    voucher: Text = ""
