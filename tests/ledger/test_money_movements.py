"""Every movement of money against a plain model, in memory: no sequence of commands breaks an invariant.

The model is a list of what happened; every balance is a sum over what was not reversed. It says which refusals a
command may meet: none means that the ledger must accept it, and any refusal must be one of those. Everything happens
on one day, the last of a year, so that only amounts, places, causes and closed books decide; the order of dates and
the database are the matter of ``test_money_chain``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ledger.commands import handle
from ledger.domain.adjustment import AdjustMoney, ConfirmSurplus, RecoverFromProject
from ledger.domain.allocation import AllocateMoney, ExtractFee
from ledger.domain.closing import CarryOverTranche, CloseYear
from ledger.domain.control import ReverseEvent
from ledger.domain.payment import PayMoney, RefundPayment, ReimburseMoney, ReleaseMoney, ReturnRelease
from ledger.domain.retention import HoldRetention, ReleaseRetention
from ledger.domain.stages import (
    AcceptProject,
    ApproveProject,
    CompleteProject,
    ListProject,
    PlanProject,
    SettleProject,
    StartProject,
)
from ledger.domain.tranche import DistributeTranche, IssueTranche, RecoverTranche
from ledger.errors import LedgerError
from ledger.events import EventReversed, TrancheCarriedOver, registry
from tests.ledger.memory import Memory
from tests.ledger.movements import AREA_OF, CHILDREN, DRAWN, ISSUED, PROJECTS, ROOT, Fact, Model, Sums

if TYPE_CHECKING:
    from ledger.domain.command import Command

DAY = date(2022, 12, 31)
AREAS = ("520200", "520203", "520201")
ALL_LEFT, ONE_MORE = -1, -2

tranches = st.sampled_from([*AREA_OF])
begun = [("C0", "P0"), ("T2", "P1"), ("C1", "P2")]
lines = st.sampled_from(begun * 4 + [("C0", "P1"), ("T1", "P0"), ("U1", "P0"), ("C0", "FEE")])
routes = st.sampled_from([*begun, ("C0", "P1"), ("T1", "P0"), ("U1", "P0"), ("C0", "FEE"), ("C1", "P0"), ("T2", "FEE")])
receivers = st.sampled_from(["P1", "P0", *PROJECTS])
amounts = st.integers(1, 25) | st.sampled_from([ALL_LEFT, ALL_LEFT, ONE_MORE])
reasons = st.sampled_from(["", "", "补记"])


COMMANDS: dict[str, type[Command]] = {
    "release": ReleaseMoney,
    "return": ReturnRelease,
    "pay": PayMoney,
    "refund": RefundPayment,
    "reimburse": ReimburseMoney,
    "hold": HoldRetention,
    "free": ReleaseRetention,
}


def exact(amount: int, left: int) -> int:
    """Return the amount, which may stand for all that is left or for one fen more: the limits are where it matters."""
    return max(1, left + (amount == ONE_MORE)) if amount in {ALL_LEFT, ONE_MORE} else amount


def issue(code: str, fen: int, document: str, reason: str = "") -> Command:
    area, fund_kind, level, _ = ISSUED[code]
    fields = {"area": area, "fund_kind": fund_kind, "level": level, "plan_year": 2022, "issuer": "上级"}
    return IssueTranche.of(on=DAY, document=document, reason=reason, tranche=code, amount_fen=fen, **fields)


def distribute(child: str, fen: int, reason: str = "") -> Command:
    parent, area, unit = CHILDREN[child]
    place = {"tranche": parent, "child": child, "child_area": area, "child_unit": unit}
    return DistributeTranche.of(on=DAY, reason=reason, amount_fen=fen, **place)


@cache
def prepared() -> tuple[Memory, tuple[Fact, ...]]:
    """Return a ledger with projects under way, money issued, distributed and allocated, and the facts of it."""
    ledger, facts = Memory(), []

    def add(command: Command, fact: Fact) -> None:
        before = ledger.position
        handle(ledger, command)
        skipped = 1 if fact.kind == "issue" else 0  # the document
        facts.append(replace(fact, positions=tuple(range(before + 1 + skipped, ledger.position + 1))))

    for code, area in PROJECTS.items():
        kind = "management_fee" if code == "FEE" else "crop_base"
        fields = {"name": code, "area": area, "project_year": 2022, "project_type": kind, "goal": "建成"}
        handle(ledger, ListProject.of(on=DAY, project=code, **fields))
        for step in (ApproveProject, PlanProject, StartProject):
            handle(ledger, step.of(on=DAY, project=code))
    for code, (*_, fen) in ISSUED.items():
        if fen:
            add(issue(code, fen, f"{code}号"), Fact("issue", code, fen=fen))
    for child, (parent, *_) in CHILDREN.items():
        add(distribute(child, 100), Fact(f"distribute {child}", parent, fen=100))
    for tranche, project in (("C0", "P0"), ("T2", "P1"), ("C1", "P2")):
        command = AllocateMoney.of(on=DAY, tranche=tranche, project=project, amount_fen=60)
        add(command, Fact("allocate", tranche, project, 60))
        for kind, fen in (("release", 40), ("pay", 20), ("reimburse", 10), ("hold", 5)):
            moved = COMMANDS[kind].of(on=DAY, tranche=tranche, project=project, amount_fen=fen)
            add(moved, Fact(kind, tranche, project, fen))
    return ledger, tuple(facts)


class MoneyMovements(RuleBasedStateMachine):
    """Commands in any order."""

    def __init__(self) -> None:
        super().__init__()
        ledger, facts = prepared()
        self.ledger = ledger.copy()
        self.model = Model([replace(each) for each in facts])
        self.closed: set[str] = set()
        self.carried: set[str] = set()
        self.told: Counter[tuple[str, str, str]] = Counter()
        self.by_source: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self.walked = 0

    @rule(code=st.sampled_from([*ISSUED]), amount=st.integers(1, 200), reason=reasons)
    def issue(self, code: str, amount: int, reason: str) -> None:
        expected = self._books(reason, AREA_OF[code])
        if self.model.sums().arrived(code):
            expected.add("tranche.exists")
        self._submit(
            issue(code, amount, f"{code}-{self.ledger.position}号", reason), expected, Fact("issue", code, fen=amount)
        )

    @rule(child=st.sampled_from([*CHILDREN]), amount=amounts, reason=reasons)
    def distribute(self, child: str, amount: int, reason: str) -> None:
        parent = ROOT[child]
        amount = exact(amount, self.model.sums().available(parent))
        expected = self._spending(parent, amount, reason) | self._books(reason, AREA_OF[child])
        self._submit(distribute(child, amount, reason), expected, Fact(f"distribute {child}", parent, fen=amount))

    @rule(code=tranches, amount=amounts, reason=reasons)
    def recover(self, code: str, amount: int, reason: str) -> None:
        amount = exact(amount, self.model.sums().available(code))
        expected = self._spending(code, amount, reason) | self._books(reason, AREA_OF[ROOT.get(code, code)])
        command = RecoverTranche.of(on=DAY, reason=reason, tranche=code, amount_fen=amount, recovered_by="上级")
        self._submit(command, expected, Fact("recover", code, fen=amount))

    @rule(route=routes, amount=amounts, cause=st.sampled_from(["", "", "surplus", "reallocated"]), reason=reasons)
    def allocate(self, route: tuple[str, str], amount: int, cause: str, reason: str) -> None:
        tranche, project = route
        sums = self.model.sums()
        limit = sums.regained[tranche, DRAWN[cause]] if cause else sums.available(tranche)
        amount = exact(amount, min(limit, sums.available(tranche)))
        expected = self._spending(tranche, amount, reason) | self._receiving(tranche, project, amount, reason, sums)
        if cause and amount > limit:
            expected.add("allocation.cause_exceeds")
        if not sums.arrived(tranche):
            expected = {"tranche.unknown"}
        kind = ExtractFee if project == "FEE" else AllocateMoney
        fields = {"tranche": tranche, "project": project, "amount_fen": amount, "cause": cause or None}
        command = kind.of(on=DAY, reason=reason, **fields)
        self._submit(command, expected, Fact("allocate", tranche, project, amount, cause))

    @rule(route=lines, onto=receivers, amount=amounts, replaced=st.booleans(), reason=reasons)
    def adjust(self, route: tuple[str, str], onto: str, amount: int, replaced: bool, reason: str) -> None:  # noqa: FBT001
        tranche, project = route
        sums = self.model.sums()
        left = sums.line(tranche, project).left("withdraw")
        amount, cause = exact(amount, left), "replaced" if replaced else "adjusted"
        expected = self._books(reason, PROJECTS[project], PROJECTS[onto]) | self._within(tranche, project, amount, left)
        if project == onto:
            expected.add("adjustment.same_project")
        if PROJECTS[project] != PROJECTS[onto]:
            expected.add("adjustment.other_area")
        after = self.model.sums()
        after.fen["withdraw", tranche, project] += amount
        expected |= self._receiving(tranche, onto, amount, reason, after)
        fields = {
            "from_project": project,
            "to_project": onto,
            "tranche": tranche,
            "amount_fen": amount,
            "cause": cause,
        }
        command = AdjustMoney.of(on=DAY, document="调1号", reason=reason, **fields)
        out = Fact("withdraw", tranche, project, amount, cause)
        self._submit(command, expected, out, Fact("allocate", tranche, onto, amount, cause))

    @rule(route=lines, amount=amounts, reason=reasons)
    def recover_from_project(self, route: tuple[str, str], amount: int, reason: str) -> None:
        tranche, project = route
        line = self.model.sums().line(tranche, project)
        left = line.left("recover")
        amount = exact(amount, left)
        expected = self._books(reason, PROJECTS[project]) | self._within(tranche, project, amount, left)
        fields = {"project": project, "tranche": tranche, "amount_fen": amount, "recovered_by": "县财政局"}
        back = line.rel - (line.alc - amount)
        facts = [Fact("return", tranche, project, back)] if back > 0 else []
        command = RecoverFromProject.of(on=DAY, reason=reason, **fields)
        self._submit(command, expected, *facts, Fact("withdraw", tranche, project, amount, "recovered"))

    @rule(route=lines, amount=amounts, reason=reasons)
    def surplus(self, route: tuple[str, str], amount: int, reason: str) -> None:
        tranche, project = route
        sums = self.model.sums()
        left = sums.line(tranche, project).left("withdraw")
        amount = exact(amount, left)
        expected = self._books(reason, PROJECTS[project]) | self._within(tranche, project, amount, left)
        price = self.model.settled.get(project)
        if price is None:
            expected.add("surplus.not_settled")
        elif not reason and sums.net("allocate", "withdraw", "*", project) - amount < price:
            expected.add("surplus.below_settlement")
        fields = {"project": project, "tranche": tranche, "amount_fen": amount}
        command = ConfirmSurplus.of(on=DAY, document="审1号", reason=reason, **fields)
        self._submit(command, expected, Fact("withdraw", tranche, project, amount, "surplus"))

    @rule(route=lines, amount=amounts, reason=reasons)
    def release(self, route: tuple[str, str], amount: int, reason: str) -> None:
        self._move("release", route, amount, reason)

    @rule(route=lines, amount=amounts, reason=reasons)
    def pay(self, route: tuple[str, str], amount: int, reason: str) -> None:
        self._move("pay", route, amount, reason)

    @rule(route=lines, kind=st.sampled_from(["reimburse", "hold", "free"]), amount=amounts, reason=reasons)
    def account_for(self, kind: str, route: tuple[str, str], amount: int, reason: str) -> None:
        self._move(kind, route, amount, reason)

    @rule(route=lines, kind=st.sampled_from(["return", "refund"]), amount=amounts, reason=reasons)
    def go_back(self, kind: str, route: tuple[str, str], amount: int, reason: str) -> None:
        self._move(kind, route, amount, reason)

    def _move(self, kind: str, route: tuple[str, str], amount: int, reason: str) -> None:
        tranche, project = route
        sums = self.model.sums()
        left = sums.line(tranche, project).left(kind)
        amount = exact(amount, left)
        expected = self._books(reason, PROJECTS[project]) | self._within(tranche, project, amount, left)
        spent = sums.net("pay", "refund", "*", project) + sums.net("hold", "free", "*", project)
        if kind in {"pay", "hold"} and project in self.model.settled and spent + amount > self.model.settled[project]:
            expected.add("payment.above_settlement")
        if kind == "free" and not reason:
            expected.add("retention.too_early")
        command = COMMANDS[kind].of(on=DAY, reason=reason, project=project, tranche=tranche, amount_fen=amount)
        self._submit(command, expected, Fact(kind, tranche, project, amount))

    @rule(project=st.sampled_from(["P0", "P1", "P2"]), price=st.integers(20, 80))
    def settle(self, project: str, price: int) -> None:
        if project not in self.model.settled:
            for step in (CompleteProject, AcceptProject):
                handle(self.ledger, step.of(on=DAY, project=project, reason="一并登记"))
            handle(self.ledger, SettleProject.of(on=DAY, project=project, settled_fen=price, reason="一并登记"))
            self.model.settled[project] = price

    @rule(code=tranches, reason=reasons)
    def carry_over(self, code: str, reason: str) -> None:
        sums = self.model.sums()
        expected = self._books(reason, AREA_OF[code]) | ({"carry_over.repeated"} if code in self.carried else set())
        if not sums.arrived(code):
            expected = {"tranche.unknown"}
        self._submit(CarryOverTranche.of(on=DAY, reason=reason, tranche=code, from_year=2022), expected)
        if not expected:
            self.carried.add(code)
            event = self.ledger.log[-1].event
            assert isinstance(event, TrancheCarriedOver)
            assert event.balance_fen == sums.available(code)

    @rule(area=st.sampled_from(AREAS), sure=st.integers(0, 3))
    def close_year(self, area: str, sure: int) -> None:
        if not sure:  # seldom: afterwards most commands are refused
            command = CloseYear.of(on=DAY, area=area, year=2022)
            self._submit(command, {"year.closed_twice"} if area in self.closed else set())
            self.closed.add(area)

    @precondition(lambda self: self.model.facts)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        fact = data.draw(st.sampled_from(self.model.facts))
        position = data.draw(st.sampled_from(fact.positions))
        expected = set() if fact.counts else {"correction.repeated"}
        if fact.counts:
            fact.counts = False
            if not self.model.sums().hold_together():
                fact.counts = True
                expected = {"correction.needed_later"}
        self._submit(ReverseEvent.of(on=DAY, position=position, reason="记错", document="更正1号"), expected)

    @invariant()
    def the_log_says_what_the_model_says(self) -> None:
        self._walk()
        sums = self.model.sums()
        assert sums.hold_together()
        for code in AREA_OF:
            assert self._told(code, "", "issued received returned", "distributed recovered") == sums.kept(code)
            given = self._told(code, "", "allocated", "regained")
            assert given == sums.net("allocate", "withdraw", code, "*")
        moved = {(code, project) for (_, code, project), fen in self.told.items() if fen and project}
        assert moved <= sums.lines
        for code, project in sums.lines:
            line = sums.line(code, project)
            assert self._told(code, project, "funded", "withdrawn") == line.alc
            assert self._told(code, project, "released", "release_returned") == line.rel
            assert self._told(code, project, "paid", "refunded") == line.paid
            assert self._told(code, project, "reimbursed") == line.rei
            assert self._told(code, project, "retention_held", "retention_released") == line.held

    @invariant()
    def money_of_every_source_and_level_is_conserved(self) -> None:
        for fen in self.by_source.values():
            outside = fen["tranche.issued"] - fen["recovered out"]
            allocated = fen["project.funded"] - fen["project.withdrawn"]
            released = fen["project.released"] - fen["project.release_returned"]
            paid = fen["project.paid"] - fen["project.refunded"]
            assert 0 <= paid <= released <= allocated <= outside
            assert fen["tranche.distributed"] == fen["tranche.received"]
            assert fen["tranche.recovered"] == fen["tranche.returned"]
            assert fen["tranche.allocated"] - fen["tranche.regained"] == allocated

    def _told(self, tranche: str, project: str, plus: str, minus: str = "") -> int:
        noun = "project" if project else "tranche"
        return sum(
            sign * self.told[f"{noun}.{verb}", tranche, project]
            for sign, verbs in ((1, plus), (-1, minus))
            for verb in verbs.split()
        )

    def _books(self, reason: str, *areas: str) -> set[str]:
        return {"year.closed"} if not reason and self.closed.intersection(areas) else set()

    def _spending(self, code: str, fen: int, reason: str) -> set[str]:
        sums = self.model.sums()
        if not sums.arrived(code):
            return {"tranche.unknown", "year.closed"}
        return self._books(reason, AREA_OF[code]) | ({"tranche.overdrawn"} if fen > sums.available(code) else set())

    def _within(self, tranche: str, project: str, fen: int, left: int) -> set[str]:
        line = self.model.sums().line(tranche, project)
        if not line.alc:
            return {"payment.not_allocated"}
        return {"payment.exceeds"} if fen > left else set()

    def _receiving(self, tranche: str, project: str, fen: int, reason: str, sums: Sums) -> set[str]:
        """Return the refusals that the receiving project may meet; only central money has a cap of the fee."""
        expected = {"allocation.other_area"} if AREA_OF[tranche] != PROJECTS[project] else set()
        if project == "FEE" and ROOT.get(tranche, tranche) != "T0":
            expected.add("fee.no_cap")
        elif project == "FEE" and not reason:
            taken = sums.net("allocate", "withdraw", tranche, "FEE") + fen
            expected |= {"fee.above_cap"} if taken * 100 > sums.kept(tranche) else set()
        return expected

    def _submit(self, command: Command, expected: set[str], *facts: Fact) -> None:
        before = self.ledger.copy()
        if expected:
            with pytest.raises(LedgerError) as caught:
                handle(self.ledger, command)
            assert caught.value.code in expected, caught.value.message
            self.ledger = before
            return
        handle(self.ledger, command)
        last = self.ledger.position
        for fact in reversed(facts):
            legs = 2 if fact.kind in {"allocate", "withdraw"} or fact.kind.startswith("distribute") else 1
            legs = 2 if fact.kind == "recover" and fact.tranche in CHILDREN else legs
            fact.positions = tuple(range(last - legs + 1, last + 1))
            last -= legs
        self.model.facts += facts

    def _walk(self) -> None:
        """Read on; every out-leg is closed by the next event with the same amount, so that Σ out = Σ in everywhere."""
        legs = {"tranche.distributed", "tranche.recovered", "tranche.allocated", "project.withdrawn"}
        open_leg: tuple[str, int] | None = None
        for recorded in self.ledger.log[self.walked :]:
            event, sign = recorded.event, 1
            if isinstance(event, EventReversed):
                event, sign = registry.decode(event.reversed_topic, event.reversed_state.encode()), -1
            fen = sign * getattr(event, "amount_fen", 0)
            if open_leg is not None:
                assert (event.link, fen) == open_leg
                open_leg = None
            elif event.TOPIC in legs and event.link:
                open_leg = event.link, fen
            else:
                assert not event.link
            project = getattr(event, "project", "") if event.TOPIC.startswith("project.") else ""
            self.told[event.TOPIC, getattr(event, "tranche", ""), project] += fen
            if fen:
                out = event.TOPIC == "tranche.recovered" and not event.link
                topic = "recovered out" if out else event.TOPIC
                self.by_source[getattr(event, "fund_kind", ""), getattr(event, "level", "")][topic] += fen
        assert open_leg is None
        self.walked = self.ledger.position


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        MoneyMovements,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


@pytest.mark.parametrize("shard", range(4))
def test_no_sequence_of_movements_breaks_an_invariant(shard: int) -> None:  # noqa: ARG001 - only spreads the work
    run(examples=500, steps=20)


@pytest.mark.soak
@pytest.mark.parametrize("shard", range(4))
def test_no_sequence_of_movements_breaks_an_invariant_in_a_long_run(shard: int) -> None:  # noqa: ARG001
    run(examples=25_000, steps=30)
