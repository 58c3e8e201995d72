"""Where the price of a disposed asset goes: the state's part to the treasury, the collectives' part to them.

Source: assets.md 4.6, RF24; 行政事业性国有资产管理条例 §25. What belongs to other owners is not booked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal

from ledger.codes import HolderKind
from ledger.domain.asset import Asset
from ledger.domain.command import Command, Fen, Ident, Line
from ledger.domain.history import not_before
from ledger.domain.holders import COLLECTIVES
from ledger.domain.right import Rights
from ledger.errors import RuleRefusedError
from ledger.events import Event, Holding, ProceedsBooked
from ledger.money import apportion, format_yuan

__all__ = ["BookProceeds", "decide_proceeds"]

_ZH: Final = {"treasury": "国库", "collective": "集体", "reinvested": "再投资"}


class BookProceeds(Command):
    """Record that so much of the price was booked, and where."""

    asset: Ident
    amount_fen: Fen
    destination: Literal["treasury", "collective", "reinvested"]
    voucher: Line = ""


def decide_proceeds(asset: Asset, rights: Rights, command: BookProceeds) -> list[Event]:
    """Book part or all of the price, where the rule wants it; what is re-invested is the collectives'.

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: not disposed, more than the price; without a reason also more than the part of the owners to
            whom that destination belongs.
    """
    asset.must_exist(command.asset)
    done = asset.change.done
    if done is None or done.disposed is None:
        raise RuleRefusedError(
            "disposal.not_done",
            f"资产“{command.asset}”尚未处置,没有价款可入账",
            hint="请先用 xianjie disposal carry-out 登记处置",
        )
    price = done.disposed.price_fen
    if done.booked_fen + command.amount_fen > price:
        raise RuleRefusedError(
            "disposal.proceeds_exceed",
            f"处置价款 {format_yuan(price)} 元,已入账 {format_yuan(done.booked_fen)} 元,"
            f"不能再入账 {format_yuan(command.amount_fen)} 元",
            hint="请核对金额",
            rule="RF24 入账合计等于处置价款;出处 assets.md 4.6",
        )
    of_state = command.destination == "treasury"
    part = _parts(price, rights.owners)[0 if of_state else 1]
    booked = sum(each.amount_fen for each in done.booked if (each.destination == "treasury") == of_state)
    if booked + command.amount_fen > part and not command.reason:
        raise RuleRefusedError(
            "disposal.wrong_destination",
            f"价款 {format_yuan(price)} 元中应归{'国有单位' if of_state else '集体'}的 {format_yuan(part)} 元,已入账 "
            f"{format_yuan(booked)} 元,不能再有 {format_yuan(command.amount_fen)} 元归入{_ZH[command.destination]}",
            hint="国有的缴入国库(treasury),集体的归集体(collective);另有规定的,用 --reason 说明依据",
            rule="RF24 处置价款的去向;出处 行政事业性国有资产管理条例 第二十五条,assets.md 4.6 [A01]",
        )
    not_before(command.on, done.disposed.effective_on, what="价款入账", cause="处置", reason=command.reason)
    return [
        ProceedsBooked(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **asset.dimensions(),
            disposal=done.disposal,
            amount_fen=command.amount_fen,
            destination=command.destination,
            voucher=command.voucher,
        )
    ]


def _parts(price_fen: int, owners: Sequence[Holding]) -> list[int]:
    """Return what of the price belongs to the state, to collectives, and to others, to the fen."""
    shares = [Fraction(0)] * 3
    for each in owners:
        of = 0 if each.kind == HolderKind.STATE_UNIT else 1 if each.kind in COLLECTIVES else 2
        shares[of] += Fraction(each.numerator, each.denominator)
    return apportion(price_fen, shares)
