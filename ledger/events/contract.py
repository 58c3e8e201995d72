"""Events of an operation contract (经营合同): signed, received under, changed, ended.

Source: assets.md 4.1. One contract may be about several assets; what is due when is written into the contract itself.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Code, Event, Fen, Ident, Text

__all__ = [
    "ContractAmended",
    "ContractBoughtBack",
    "ContractEnded",
    "ContractSigned",
    "Due",
    "RentReceived",
]

Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]


class Due(BaseModel):
    """So many fen are due on a day, as ``rent``, ``principal`` (return of a debt or equity) or ``buy_back``."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    on: date
    amount_fen: Fen
    what: Literal["rent", "principal", "buy_back"] = "rent"


class _OfContract(Event, abstract=True):
    contract: Ident
    area: AreaCode

    @property
    @override
    def stream(self) -> str:
        return streams.contract(self.contract)


class _OfRights(_OfContract, abstract=True):
    """An event that may give or end operation rights: ``right_id`` links them, ``freed`` are the assets it let go."""

    right_id: Text = ""
    freed: tuple[Ident, ...] = ()

    @property
    @override
    def link(self) -> str:
        return self.right_id

    @property
    @override
    def partner(self) -> str:
        return self.partners[0] if self.partners else ""

    @property
    @override
    def partners(self) -> tuple[str, ...]:
        return tuple(map(streams.right, self.freed)) if self.right_id else ()


class _Terms(_OfRights, abstract=True):
    """The terms: what is let to whom, how, from when to when, for what, and who bears which risk.

    ``assets`` are codes; ``mode`` is a code of ``OperationMode``; ``operator`` a code and ``operator_kind`` its kind.
    The return is ``fixed`` (``return_fen`` a year), ``percent`` (``return_numerator`` / ``return_denominator`` of
    ``base_fen`` a year), ``profit`` (that part of the profit) or ``per_unit`` (``return_fen`` for each unit).
    ``clauses`` names what the contract settles.
    """

    assets: tuple[Ident, ...] = Field(min_length=1)
    mode: Code
    operator: Ident
    operator_kind: Code
    operator_name: Text = ""
    from_on: date
    to_on: date
    return_kind: Literal["fixed", "percent", "profit", "per_unit"]
    return_fen: Amount = 0
    return_numerator: Annotated[int, Field(ge=0, le=10**12, strict=True)] = 0
    return_denominator: Annotated[int, Field(ge=1, le=10**12, strict=True)] = 1
    base_fen: Amount = 0
    base: Text = ""
    dues: tuple[Due, ...] = ()
    deposit_fen: Amount = 0
    guarantee: Text = ""
    procurement: Text = ""
    clauses: tuple[Code, ...] = ()

    @property
    @override
    def partners(self) -> tuple[str, ...]:
        return (*super().partners, *map(streams.right, self.assets)) if self.right_id else ()


class ContractSigned(_Terms):
    """A contract was signed."""

    TOPIC: ClassVar[str] = "contract.signed"

    renews: Text = ""

    @property
    @override
    def partners(self) -> tuple[str, ...]:
        renewed = (streams.contract(self.renews),) if self.renews and self.right_id else ()
        return (*renewed, *super().partners)


class ContractAmended(_Terms):
    """The contract's terms were changed with approval: all of them as they stand from now on."""

    TOPIC: ClassVar[str] = "contract.amended"


class RentReceived(_OfContract):
    """Money due under the contract arrived, in a public or collective account."""

    TOPIC: ClassVar[str] = "contract.received"

    amount_fen: Fen
    what: Literal["rent", "principal", "buy_back", "deposit"] = "rent"
    voucher: Text = ""


class ContractBoughtBack(_OfRights):
    """The operator bought part of the asset (回购): ``numerator`` / ``denominator`` of the whole, for ``price_fen``.

    Recorded together with it: the ownership that moved, and the contract with what is due for the rest.
    """

    TOPIC: ClassVar[str] = "contract.bought_back"

    asset: Ident
    numerator: Annotated[int, Field(ge=1, le=10**12, strict=True)]
    denominator: Annotated[int, Field(ge=1, le=10**12, strict=True)]
    price_fen: Fen

    @property
    @override
    def partners(self) -> tuple[str, ...]:
        return (streams.asset(self.asset), streams.right(self.asset)) if self.right_id else ()


class ContractEnded(_OfRights):
    """The contract ended: expired, ended early, or renewed by another one."""

    TOPIC: ClassVar[str] = "contract.ended"

    why: Literal["expired", "early", "renewed", "void"]
    renewed_by: Text = ""

    @property
    @override
    def partners(self) -> tuple[str, ...]:
        renewing = (streams.contract(self.renewed_by),) if self.renewed_by and self.right_id else ()
        return (*renewing, *super().partners)
