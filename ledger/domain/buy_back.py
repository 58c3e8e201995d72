"""A step of buying back (回购): part of a let asset becomes the operator's own and bears no more income.

Source: assets.md 4.1, 洛浦 [A17]: steps of 10 to 50 % within five years, without depreciation, and what was bought back
earns nothing from then on (the phrase is partly masked: what falls due after the day of the step is meant here).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

from ledger.codes import Right
from ledger.dates import months_after
from ledger.domain.caps import number, source_of
from ledger.domain.command import Command, Fen, Ident, Line
from ledger.domain.contract import Contract, Terms
from ledger.domain.history import not_before
from ledger.domain.holders import Holder
from ledger.domain.letting import LetAsset
from ledger.domain.transfer import TransferOwnership, check_movable, decide_transfer
from ledger.errors import RuleRefusedError
from ledger.events import ContractAmended, ContractBoughtBack, Due, Event, Holding, RightSet
from ledger.money import apportion, format_yuan
from ledger.rules import RulePack
from ledger.shares import format_share, parse_share

__all__ = ["BuyBack", "decide_buy_back"]


class BuyBack(Command):
    """The operator of a contract buys a part of its one asset; ``share`` is of the whole asset, as people write it."""

    contract: Ident
    share: Line
    price_fen: Fen


def decide_buy_back(
    state: Contract, let: LetAsset, command: BuyBack, rules: RulePack, *, link: str, alone: bool
) -> list[Event]:
    """Move the part to the operator, each owner giving up in proportion, and leave due what the rest bears.

    Raises:
        NotFoundError: the contract is unknown.
        RuleRefusedError: ended, about several assets, more than the others own; as ``decide_transfer``; or, without a
            reason, a step or a day outside what the rules allow, not paid yet, or below the base that is bought.
        ValueRefusedError: no share.
    """
    terms = state.running(command.contract, "回购")
    if not alone:
        raise RuleRefusedError(
            "contract.buy_back_several",
            f"合同“{command.contract}”有 {len(terms.assets)} 项资产,不知道回购的是哪一项",
            hint="请先用 contract amend 或 --renews 把要回购的资产另立合同",
        )
    share = parse_share(command.share)
    owners = let.rights.owners
    left = sum((_part(each) for each in owners if each.holder != terms.operator), Fraction(0))
    if share > left:
        raise RuleRefusedError(
            "contract.buy_back_too_much",
            f"回购 {format_share(share)},而资产“{let.code}”其他所有权人只有 {format_share(left)}",
            hint=f"用 xianjie right who {let.code} 查看现在的份额",
        )
    check_movable(let.asset, command, "回购")
    since = let.rights.since.get(Right.OWNERSHIP)
    not_before(command.on, since, what="回购", cause="现所有权起始", reason=command.reason)
    not_before(command.on, state.signed_on, what="回购", cause="合同签订", reason=command.reason)
    if not command.reason:
        _check_step(state, terms, share, command, rules)
        _check_price(state, terms, share / left, command)
    kept = (left - share) / left
    common: dict[str, Any] = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    here = {**common, "contract": state.contract, "area": state.area, "right_id": link}
    return [
        ContractBoughtBack(
            **here,
            asset=let.code,
            numerator=share.numerator,
            denominator=share.denominator,
            price_fen=command.price_fen,
        ),
        *_moved(let, terms, share, left, command, link=link),
        ContractAmended(**here, **_rest(terms, kept, command).stated()),
    ]


def _part(holding: Holding) -> Fraction:
    return Fraction(holding.numerator, holding.denominator)


def _moved(let: LetAsset, terms: Terms, share: Fraction, left: Fraction, command: BuyBack, *, link: str) -> list[Event]:
    """Return the change of owners: it is the contract that co-owners agreed to, so no other reason is asked."""
    owners = let.rights.owners
    shares = {each.holder: _part(each) * (left - share) / left for each in owners if each.holder != terms.operator}
    before = sum((_part(each) for each in owners if each.holder == terms.operator), Fraction(0))
    known: dict[str, Any] = {
        each.holder: {"kind": each.kind, "name": each.name, "village": each.village} for each in owners
    }
    known.setdefault(terms.operator, {"kind": terms.operator_kind, "name": terms.operator_name})
    shares[terms.operator] = before + share
    transfer = TransferOwnership(
        on=command.on,
        document=command.document,
        reason=command.reason or f"合同 {command.contract} 约定的回购",
        asset=let.code,
        way="bought_back",
        giver="、".join(each.holder for each in owners if each.holder != terms.operator),
        receiver=terms.operator,
        owners=tuple(
            Holder(holder=code, share=f"{part.numerator}/{part.denominator}", **known[code])
            for code, part in shares.items()
            if part
        ),
    )
    events = decide_transfer(let.asset, let.rights, transfer, link)
    return [
        each.model_copy(update={"contract": command.contract}) if isinstance(each, RightSet) else each
        for each in events
    ]


def _rest(terms: Terms, kept: Fraction, command: BuyBack) -> Terms:
    """Return the terms for the part that is not bought back: base, fixed return and later rent in proportion."""

    def of(fen: int) -> int:
        return apportion(fen, [kept, 1 - kept])[0]

    def rest(due: Due) -> Due | None:
        if due.what != "rent" or due.on <= command.on:
            return due
        fen = of(due.amount_fen)
        return due.model_copy(update={"amount_fen": fen}) if fen else None

    dues: Sequence[Due | None] = [rest(due) for due in terms.dues]
    fixed = of(terms.return_fen) if terms.return_kind == "fixed" else terms.return_fen
    left = tuple(due for due in dues if due is not None)
    return replace(terms, base_fen=of(terms.base_fen), return_fen=fixed, dues=left)


def _check_step(state: Contract, terms: Terms, share: Fraction, command: BuyBack, rules: RulePack) -> None:
    least = rules.find("buy_back_step_least_percent", state.area, command.on)
    most = rules.find("buy_back_step_most_percent", state.area, command.on)
    for limit, amiss in (
        (least, least is not None and share * 100 < number(least)),
        (most, most is not None and share * 100 > number(most)),
    ):
        if limit is not None and amiss:
            raise RuleRefusedError(
                "contract.buy_back_step",
                f"一次回购 {format_share(share)},{'少于' if limit is least else '多于'}规定的 {limit.value}%",
                hint="请核对份额;另有批准的,用 --reason 说明",
                rule=source_of("每次回购的份额", limit),
            )
    years = rules.find("buy_back_years", state.area, command.on)
    if years is None:
        return
    last = months_after(terms.from_on, 12 * int(number(years)))
    if command.on > last:
        raise RuleRefusedError(
            "contract.buy_back_late",
            f"合同“{command.contract}”自 {terms.from_on} 起 {years.value} 年内(到 {last})回购,{command.on} 已过期限",
            hint="请核对日期;经批准延期的,用 --reason 说明",
            rule=source_of("回购的期限", years),
        )


def _check_price(state: Contract, terms: Terms, part: Fraction, command: BuyBack) -> None:
    """Refuse a part that is not paid for, or sold below the base that it carries."""
    fair = terms.base_fen * part
    if command.price_fen < fair:
        raise RuleRefusedError(
            "contract.buy_back_cheap",
            f"回购价款 {format_yuan(command.price_fen)} 元,低于这一份额的基数 {format_yuan(ceil(fair))} 元",
            hint="请核对价款;经评估和表决低于基数的,用 --reason 写明",
            rule="不得低价转让集体财产;出处 农村集体经济组织法 第三十五条;回购不计折旧(洛浦 assets.md 4.1 [A17])",
        )
    paid = state.received.get("buy_back", 0) - state.bought_fen
    if paid < command.price_fen:
        raise RuleRefusedError(
            "contract.buy_back_unpaid",
            f"合同“{command.contract}”收到而未用于以前回购的回购款 {format_yuan(paid)} 元,"
            f"少于价款 {format_yuan(command.price_fen)} 元",
            hint=f"请先用 xianjie contract receive {command.contract} --what buy_back 登记收款;"
            "先转后付的,用 --reason 说明",
            rule="价款到账后所有权才转移;assumed(assets.md 4.1)",
        )
