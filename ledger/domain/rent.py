"""Money received under an operation contract: never without one, and not more than is due without a reason.

Source: assets.md 4.1 and 7 (RF08, RF09, RF12).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from ledger.codes import ContractMoney
from ledger.domain.command import Command, Fen, Ident, Line
from ledger.domain.contract import Contract, Terms
from ledger.domain.history import not_before
from ledger.errors import RuleRefusedError
from ledger.events import Event, RentReceived
from ledger.money import format_yuan

__all__ = ["ReceiveRent", "decide_receive"]


class ReceiveRent(Command):
    """Record money that arrived under a contract, in a public or collective account."""

    contract: Ident
    amount_fen: Fen
    what: Literal["rent", "principal", "buy_back", "deposit"] = "rent"
    voucher: Line = ""


def decide_receive(state: Contract, command: ReceiveRent) -> list[Event]:
    """Record a receipt.

    Raises:
        NotFoundError: there is no such contract (RF08).
        RuleRefusedError: without a reason, more than is due in all, after the end of the contract (RF09), or a day
            before it was signed.
    """
    terms = state.must_exist(command.contract)
    not_before(command.on, state.signed_on, what="收款", cause="合同签订", reason=command.reason)
    if not command.reason:
        _check_due(state, terms, command)
        _check_running(state, terms, command)
    return [
        RentReceived(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            contract=state.contract,
            area=state.area,
            amount_fen=command.amount_fen,
            what=command.what,
            voucher=command.voucher,
        )
    ]


def _check_due(state: Contract, terms: Terms, command: ReceiveRent) -> None:
    if command.what == "rent" and terms.open_ended and not terms.due_fen("rent"):
        return  # nobody knew beforehand what the year would bring
    due, so_far = terms.due_fen(command.what), state.received.get(command.what, 0)
    if so_far + command.amount_fen > due:
        name = ContractMoney(command.what).zh
        raise RuleRefusedError(
            "contract.receipt_exceeds",
            f"合同“{state.contract}”应收{name}共 {format_yuan(due)} 元,已收 {format_yuan(so_far)} 元,"
            f"加上本次 {format_yuan(command.amount_fen)} 元超过应收",
            hint="请核对金额和款项;应收计划有变的用 xianjie contract amend;违约金等用 --reason 说明",
            rule="收款不超过应收;出处 assets.md 7 RF12",
        )


def _check_running(state: Contract, terms: Terms, command: ReceiveRent) -> None:
    last = state.ended_on or _last_day(terms, command.what)
    if command.on > last:
        how = state.standing if state.ended_on else "届满"
        raise RuleRefusedError(
            "contract.receipt_after_end",
            f"合同“{state.contract}”已于 {last} {how},{command.on} 又收{ContractMoney(command.what).zh}",
            hint="继续经营的,先用 xianjie contract sign --renews 续签;收取欠款的,用 --reason 说明",
            rule="RF09 合同到期仍在收款而没有续签;出处 assets.md 7",
        )


def _last_day(terms: Terms, what: str) -> date:
    """Return the last day on which such money is expected: the end of the term, or a later due."""
    return max([terms.to_on, *(due.on for due in terms.dues if due.what == what)])
