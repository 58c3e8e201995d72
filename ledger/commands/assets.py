"""Handlers of assets and their rights."""

from __future__ import annotations

from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, PROJECT, RIGHTS, Work
from ledger.domain import confirmation, right


@handles(confirmation.IdentifyAsset)
def _identify(work: Work, command: confirmation.IdentifyAsset) -> None:
    project = work.load(PROJECT, command.project)
    project.must_exist(command.project)
    rules = work.rules(project.area, command.on)
    formation_id = f"F{work.position + 1}"
    work.record(confirmation.decide_identify(work.load(ASSET, command.asset), project, command, rules, formation_id))


@handles(confirmation.NoticeOwnership)
def _notice_ownership(work: Work, command: confirmation.NoticeOwnership) -> None:
    state = work.load(ASSET, command.asset)
    state.must_have("identified", command.asset, "公示")
    work.record(confirmation.decide_notice(state, command, work.rules(state.area, command.on)))


@handles(confirmation.ConfirmAsset)
def _confirm(work: Work, command: confirmation.ConfirmAsset) -> None:
    confirmation_id = f"C{work.position + 1}"
    work.record(confirmation.decide_confirm(work.load(ASSET, command.asset), command, confirmation_id))


@handles(confirmation.CertifyAsset)
def _certify(work: Work, command: confirmation.CertifyAsset) -> None:
    work.record(confirmation.decide_certify(work.load(ASSET, command.asset), command))


@handles(confirmation.HandOverAsset)
def _hand_over(work: Work, command: confirmation.HandOverAsset) -> None:
    work.record(confirmation.decide_hand_over(work.load(ASSET, command.asset), command))


@handles(confirmation.BookAsset)
def _book(work: Work, command: confirmation.BookAsset) -> None:
    work.record(confirmation.decide_book(work.load(ASSET, command.asset), command))


@handles(right.SetRight)
def _set_right(work: Work, command: right.SetRight) -> None:
    state = work.load(RIGHTS, command.asset)
    work.record(right.decide_set(work.load(ASSET, command.asset), state, command))
