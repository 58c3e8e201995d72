"""Reverse a recorded event: with its other half, and only if what remains still makes sense."""

from __future__ import annotations

from typing import Any

from ledger.commands.work import ARREAR, ASSET, CONTRACT, FINDING, PROJECT, RIGHTS, SCHEME, TRANCHE, Kind, Work
from ledger.domain.arrear import arrear_contradiction
from ledger.domain.asset import asset_contradiction
from ledger.domain.contract import contract_contradiction
from ledger.domain.control import Recorded, ReverseEvent, decide_reverse
from ledger.domain.finding import finding_contradiction
from ledger.domain.history import live
from ledger.domain.project import project_contradiction
from ledger.domain.scheme import scheme_contradiction
from ledger.domain.tranche import tranche_contradiction
from ledger.errors import RuleRefusedError
from ledger.events import EventReversed, PerformanceEvaluated, streams

__all__ = ["reverse"]

_CHECKS: dict[str, tuple[Kind[Any], Any]] = {
    "tranche": (TRANCHE, tranche_contradiction),
    "project": (PROJECT, project_contradiction),
    "asset": (ASSET, asset_contradiction),
    "finding": (FINDING, finding_contradiction),
    "arrear": (ARREAR, arrear_contradiction),
    "contract": (CONTRACT, contract_contradiction),
    "scheme": (SCHEME, scheme_contradiction),
}


def reverse(work: Work, command: ReverseEvent) -> None:
    """Reverse the event at a position and the event linked to it.

    Raises:
        NotFoundError: no event at that position.
        RuleRefusedError: not reversible, reversed already, or something recorded later depends on it.
    """
    found = work.recorded_at(command.position)
    halves = _with_other_half(work, found) if found else []
    already = any(_is_reversed(work, each) for each in halves)
    work.record(decide_reverse(halves, command, already))
    for each in halves:
        _check_remaining(work, each, command.position)


def _with_other_half(work: Work, found: Recorded) -> list[Recorded]:
    if not found.event.partner:
        return [found]
    if found.stream.partition(":")[0] in ("asset", "right", "contract"):
        return _with_its_rights(work, found)
    others = [each for each in work.recorded_in(found.event.partner) if each.event.link == found.event.link]
    return sorted([found, *others], key=lambda each: each.position)


def _with_its_rights(work: Work, found: Recorded) -> list[Recorded]:
    """Follow the link from asset to asset, or from contract to contract, and to the rights of each asset."""
    waiting, seen, halves = [found.stream], set[str](), list[Recorded]()
    while waiting:
        stream = waiting.pop()
        if stream in seen:
            continue
        seen.add(stream)
        linked = [each for each in work.recorded_in(stream) if each.event.link == found.event.link]
        halves += linked
        waiting += [partner for each in linked for partner in each.event.partners]
        kind, _, code = stream.partition(":")
        if kind == "asset":
            waiting.append(streams.right(code))
    return sorted(halves, key=lambda each: each.position)


def _is_reversed(work: Work, recorded: Recorded) -> bool:
    return any(
        isinstance(each.event, EventReversed) and each.event.reversed_version == recorded.version
        for each in work.recorded_in(recorded.stream)
    )


def _check_remaining(work: Work, recorded: Recorded, asked: int) -> None:
    kind_name, _, code = recorded.stream.partition(":")
    problem = ""
    if kind_name in _CHECKS:
        kind, contradiction = _CHECKS[kind_name]
        problem = contradiction(code, work.load(kind, code))
    if recorded.topic in ("asset.identified", "asset.split_off") and work.load(RIGHTS, code).since:
        problem = f"资产“{code}”已登记权利"
    if recorded.topic == "asset.confirmed" and "ownership" in work.load(RIGHTS, code).since:
        problem = f"资产“{code}”确权后又变更过所有权"
    if recorded.topic == "project.started" and _is_evaluated(work, recorded.stream):
        problem = f"项目“{code}”将未开工,却已登记绩效评价"
    if problem:
        raise RuleRefusedError(
            "correction.needed_later",
            f"不能冲销第 {asked} 号记录:{problem}",
            hint="请先冲销依赖它的后续记录",
        )


def _is_evaluated(work: Work, stream: str) -> bool:
    events = live([each.event for each in work.recorded_in(stream)])
    return any(isinstance(event, PerformanceEvaluated) for event in events)
