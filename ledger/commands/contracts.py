"""Handlers of operation contracts; each changes the operation right of the assets together with the contract."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.codes import ContractEnding, Right
from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, CONTRACT, RIGHTS, YEAR, Work
from ledger.domain import buy_back, closing, contracting, letting, rent
from ledger.domain.command import Command
from ledger.domain.contract import Terms
from ledger.domain.letting import LetAsset

__all__ = ["let_assets"]


@handles(contracting.SignContract)
def _sign(work: Work, command: contracting.SignContract) -> None:
    state = work.load(CONTRACT, command.contract)
    renewed = work.load(CONTRACT, command.renews) if command.renews else None
    lets = let_assets(work, command.assets)
    rules = work.rules(lets[0].asset.area, command.on)
    conveys = command.set_right is not False
    link = f"H{work.position + 1}" if conveys or renewed is not None else ""
    work.record(contracting.decide_sign(state, renewed, lets, command, rules, link=link))
    terms = work.load(CONTRACT, command.contract).must_exist(command.contract)
    if conveys:
        _give(work, command.contract, terms, command, link)
    if renewed is not None:
        before = renewed.must_exist(command.renews).assets
        last = work.load(CONTRACT, command.renews).ended_on or command.on
        dropped = letting.freed_by(let_assets(work, before), command.renews, last)
        why = ContractEnding.RENEWED.zh
        work.record(letting.take_back(dropped, command, rules, contract=command.renews, why=why, link=link))


@handles(contracting.AmendContract)
def _amend(work: Work, command: contracting.AmendContract) -> None:
    state = work.load(CONTRACT, command.contract)
    before = state.must_exist(command.contract)
    lets = let_assets(work, command.assets or before.assets)
    held = letting.freed_by(let_assets(work, before.assets), command.contract, command.on)
    link = f"H{work.position + 1}" if held else ""
    rules = work.rules(state.area, command.on)
    work.record(contracting.decide_amend(state, lets, command, rules, link=link))
    terms = work.load(CONTRACT, command.contract).must_exist(command.contract)
    if not held or _conveyed(terms) == _conveyed(before):
        return
    gone = [code for code in before.assets if code not in terms.assets]
    lost = letting.freed_by(let_assets(work, gone), command.contract, command.on)
    work.record(letting.take_back(lost, command, rules, contract=command.contract, why="变更", link=link))
    _give(work, command.contract, terms, command, link)


@handles(buy_back.BuyBack)
def _buy_back(work: Work, command: buy_back.BuyBack) -> None:
    state = work.load(CONTRACT, command.contract)
    (let, *more) = let_assets(work, state.must_exist(command.contract).assets)
    rules = work.rules(state.area, command.on)
    work.record(buy_back.decide_buy_back(state, let, command, rules, link=f"H{work.position + 1}", alone=not more))


@handles(contracting.EndContract)
def _end(work: Work, command: contracting.EndContract) -> None:
    state = work.load(CONTRACT, command.contract)
    assets = state.must_exist(command.contract).assets
    freed = letting.freed_by(let_assets(work, assets), command.contract, command.on)
    link = f"H{work.position + 1}"
    work.record(contracting.decide_end_contract(state, command, tuple(let.code for let, _ in freed), link=link))
    rules, why = work.rules(state.area, command.on), ContractEnding(command.why).zh
    work.record(letting.take_back(freed, command, rules, contract=command.contract, why=why, link=link))


@handles(rent.ReceiveRent)
def _receive(work: Work, command: rent.ReceiveRent) -> None:
    state = work.load(CONTRACT, command.contract)
    terms = state.must_exist(command.contract)
    closing.check_open(work.load(YEAR, f"{state.area}:{command.on.year}"), state.area, command)
    if command.what == "rent":
        letting.check_earning([work.load(ASSET, code) for code in terms.assets], "登记租金或收益", command)
    work.record(rent.decide_receive(state, command))


def let_assets(work: Work, codes: Sequence[str]) -> list[LetAsset]:
    """Return the assets, all of which exist, with the contracts that conveyed their operation right."""
    lets = []
    for code in codes:
        asset, rights = work.load(ASSET, code), work.load(RIGHTS, code)
        asset.must_exist(code)
        names = dict.fromkeys(
            each.contract for each in rights.settings if each.right == Right.OPERATION and each.contract
        )
        lets.append(LetAsset(code, asset, rights, tuple(work.load(CONTRACT, name) for name in names)))
    return lets


def _conveyed(terms: Terms) -> tuple[object, ...]:
    """Return what of the terms the operation right shows."""
    return terms.assets, terms.operator, terms.operator_kind, terms.operator_name, terms.from_on


def _give(work: Work, contract: str, terms: Terms, command: Command, link: str) -> None:
    since = terms.from_on if isinstance(command, contracting.SignContract) else max(terms.from_on, command.on)
    for let in let_assets(work, terms.assets):
        rules = work.rules(let.asset.area, command.on)
        work.record(letting.give_operation(let, terms, since, command, rules, contract=contract, link=link))
