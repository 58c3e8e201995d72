"""Handlers of operation contracts."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.codes import Right
from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, CONTRACT, RIGHTS, YEAR, Work
from ledger.domain import closing, contracting, rent, right
from ledger.events import Holding


@handles(contracting.SignContract)
def _sign(work: Work, command: contracting.SignContract) -> None:
    state = work.load(CONTRACT, command.contract)
    renewed = work.load(CONTRACT, command.renews) if command.renews else None
    lets = _lets(work, command.assets)
    rules = work.rules(lets[0].asset.area, command.on)
    work.record(contracting.decide_sign(state, renewed, lets, command, rules))
    if command.set_right or (command.set_right is None and len(lets) == 1):
        for let in lets:
            _give_operation(work, let, command)


@handles(contracting.AmendContract)
def _amend(work: Work, command: contracting.AmendContract) -> None:
    state = work.load(CONTRACT, command.contract)
    terms = state.must_exist(command.contract)
    lets = _lets(work, command.assets or terms.assets)
    work.record(contracting.decide_amend(state, lets, command, work.rules(state.area, command.on)))


@handles(contracting.EndContract)
def _end(work: Work, command: contracting.EndContract) -> None:
    work.record(contracting.decide_end_contract(work.load(CONTRACT, command.contract), command))


@handles(rent.ReceiveRent)
def _receive(work: Work, command: rent.ReceiveRent) -> None:
    state = work.load(CONTRACT, command.contract)
    state.must_exist(command.contract)
    closing.check_open(work.load(YEAR, f"{state.area}:{command.on.year}"), state.area, command)
    work.record(rent.decide_receive(state, command))


def _lets(work: Work, codes: Sequence[str]) -> list[contracting.LetAsset]:
    """Return the assets, all of which exist."""
    lets = [contracting.LetAsset(code, work.load(ASSET, code), work.load(RIGHTS, code)) for code in codes]
    for let in lets:
        let.asset.must_exist(let.code)
    return lets


def _give_operation(work: Work, let: contracting.LetAsset, command: contracting.SignContract) -> None:
    """Set the operation right to the operator from the first day, unless it is so already."""
    now = let.rights.at(Right.OPERATION, command.from_on)
    if now is not None and [_whole(each) for each in now.holdings] == [command.operator]:
        return
    setting = right.SetRight.of(
        on=command.from_on,
        document=command.document,
        reason=command.reason,
        asset=let.code,
        right=Right.OPERATION,
        holders=(
            {
                "holder": command.operator,
                "kind": command.operator_kind,
                "share": "1",
                "name": command.operator_name or "",
            },
        ),
        note=f"合同 {command.contract}",
    )
    work.record(right.decide_set(let.asset, let.rights, setting, work.rules(let.asset.area, command.on)))


def _whole(holding: Holding) -> str:
    """Return who holds the whole right, or nobody."""
    return holding.holder if holding.numerator == holding.denominator else ""
