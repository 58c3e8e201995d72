"""Facts of operation contracts: their terms as they stand, what is due, what came, and their end."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from ledger import events as e
from projections.mapping.rows import FactRow, Mapping, Stamp, at_line, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

__all__ = ["MAPPINGS"]

_OPERATOR = attrgetter("area", "mode", "operator", "operator_kind", "operator_name")
_RETURN = attrgetter("return_fen", "return_numerator", "return_denominator", "base_fen", "deposit_fen")
_WORDS = attrgetter("base", "guarantee", "procurement")


def _terms(event: e.ContractSigned | e.ContractAmended, stamp: Stamp) -> list[FactRow]:
    """Return the whole contract as it stands from now on: a row for each asset, and one for each due."""
    renews = event.renews if isinstance(event, e.ContractSigned) else ""
    term = (event.from_on.isoformat(), event.to_on.isoformat(), event.return_kind, renews, event.document)
    terms = (*_OPERATOR(event), *term, *_RETURN(event), *_WORDS(event), " ".join(event.clauses))
    rows: list[FactRow] = [
        ("fact_contract", (*at_line(stamp, line), event.contract, asset, *terms))
        for line, asset in enumerate(event.assets)
    ]
    for line, due in enumerate(event.dues):
        owed = (event.contract, event.area, due.on.isoformat(), due.what, due.amount_fen)
        rows.append(("fact_due", (*at_line(stamp, line), *owed)))
    return rows


def _received(event: e.RentReceived, stamp: Stamp) -> list[FactRow]:
    source = ("", "", event.area, "", event.contract, event.what)
    received = (event.amount_fen, "received", *source, "", "", "", event.voucher, event.document)
    return [("fact_income", (*stamp, *received))]


def _ended(event: e.ContractEnded, stamp: Stamp) -> list[FactRow]:
    return [("fact_contract_end", (*stamp, event.contract, event.area, event.why, event.document))]


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.ContractSigned: _terms,
    e.ContractAmended: _terms,
    e.RentReceived: _received,
    e.ContractEnded: _ended,
    e.ContractBoughtBack: nothing,  # the ownership that moved and the terms of the rest are events of their own
}
