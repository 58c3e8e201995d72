"""The whole money chain against a plain model: no sequence of commands breaks an invariant.

The model is a list of what happened; every balance is a sum over what was not reversed. It says which refusals a
command may meet: none means that the ledger must accept it, and any refusal must be one of those.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.engine import make_url

from ledger.application import Ledger, Submission
from ledger.database import open_database, read_transaction
from ledger.domain.allocation import AllocateMoney
from ledger.domain.control import AdoptRules, OpenLedger, ReverseEvent
from ledger.domain.payment import PayMoney, ReimburseMoney, ReleaseMoney
from ledger.domain.stages import ApproveProject, ListProject, PlanProject, StartProject
from ledger.domain.tranche import DistributeTranche, IssueTranche, RecoverTranche
from ledger.errors import ConflictError, LedgerError
from ledger.events import Event, EventReversed, registry
from ledger.log.reading import read_page
from ledger.log.schema import create_log
from ledger.log.verify import verify
from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.domain.command import Command

ISSUED_TO = {"T0": "520200", "T1": "520203"}
PROJECTS = {"P0": "520203", "P1": "520201"}
STAGES = ("listed", "approved", "planned", "started")
STEPS: tuple[type[Command], ...] = (ListProject, ApproveProject, PlanProject, StartProject)
BEFORE: dict[str, tuple[str, ...]] = {
    "listed": (),
    "approved": ("listed",),
    "planned": ("listed",),
    "started": ("approved", "planned"),
}
OUT = {"tranche.distributed", "tranche.allocated", "tranche.recovered"}
IN = {"tranche.received", "project.funded", "tranche.returned"}

tranches = st.sampled_from(["T0", "T1", "C0", "C1"])
projects = st.sampled_from([*PROJECTS])
routes = st.sampled_from([("T1", "P0")] * 3 + [("C1", "P1")] * 3 + [("C0", "P0"), ("C0", "P1"), ("T0", "P0")])
branches = st.sampled_from([("T0", "C0", "520203"), ("T0", "C1", "520201")] * 2 + [("T0", "C0", "520201")])
odd_branches = st.tuples(tranches, st.sampled_from(["C0", "C1"]), st.sampled_from(["520200", "520201", "520203"]))
ALL_LEFT, ONE_MORE = -1, -2
amounts = st.integers(1, 25) | st.sampled_from([ALL_LEFT, ONE_MORE])
days = st.sampled_from([date(2022, 1, 1), date(2022, 2, 1), date(2022, 3, 1)])
reasons = st.sampled_from(["", "补记"])


@dataclass
class Fact:
    """One thing that happened: money that moved, or a stage that a project reached (``amount`` 0)."""

    kind: str
    source: str
    target: str
    amount: int
    on: date
    positions: list[int]
    area: str = ""
    counts: bool = True


@dataclass
class Model:
    """What should be true, as sums over the facts that count."""

    facts: list[Fact] = field(default_factory=list)

    def of(self, *kinds: str, source: str | None = None, target: str | None = None) -> list[Fact]:
        return [
            each
            for each in self.facts
            if each.counts and each.kind in kinds and source in (None, each.source) and target in (None, each.target)
        ]

    def fen(self, *kinds: str, source: str | None = None, target: str | None = None) -> int:
        return sum(each.amount for each in self.of(*kinds, source=source, target=target))

    def since(self, *kinds: str, source: str | None = None, target: str | None = None) -> date | None:
        return min((each.on for each in self.of(*kinds, source=source, target=target)), default=None)

    def arrivals(self, tranche: str) -> list[Fact]:
        return self.of("issue", "distribute", target=tranche)

    def available(self, tranche: str) -> int:
        into = self.fen("issue", "distribute", "recover", target=tranche)
        return into - self.fen("distribute", "allocate", "recover", source=tranche)

    def left(self, kind: str, tranche: str, project: str) -> int:
        """Return how much may still be released, paid or reimbursed of a tranche's money in a project."""
        between = {"source": tranche, "target": project}
        return self.fen("release" if kind == "pay" else "allocate", **between) - self.fen(kind, **between)

    def holds_together(self) -> bool:
        """Say whether every invariant of the money chain and the order of stages holds."""
        if any(self.available(each.target) < 0 for each in self.facts if each.kind in {"issue", "distribute"}):
            return False
        for project in PROJECTS:
            reached = {stage for stage in STAGES if self.of(stage, target=project)}
            if any(not reached.issuperset(BEFORE[stage]) for stage in reached):
                return False
            if self.of("allocate", target=project) and "listed" not in reached:
                return False
            for tranche in {each.source for each in self.facts if each.target == project}:
                allocated, released, paid, reimbursed = (
                    self.fen(kind, source=tranche, target=project)
                    for kind in ("allocate", "release", "pay", "reimburse")
                )
                if not (paid <= released <= allocated and reimbursed <= allocated):
                    return False
        return True


def _exact(amount: int, left: int) -> int:
    """Return the amount, which may stand for all that is left or for one fen more: the limits are where it matters."""
    return max(1, left + (amount == ONE_MORE)) if amount in {ALL_LEFT, ONE_MORE} else amount


def _early(on: date, causes: list[date | None], reason: str) -> set[str]:
    return {"date.before_cause" for cause in causes if cause and on < cause and not reason}


class MoneyChain(RuleBasedStateMachine):
    """Commands in any order, on a real database."""

    fresh: ClassVar[Callable[[], str]]
    """Makes a new ledger and gives its address."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger(type(self).fresh())
        self.model = Model()
        self.submitted: list[tuple[str, Command]] = []
        self.totals: Counter[tuple[str, str, str]] = Counter()
        self.out_minus_in = 0
        self.walked = 0
        self.recorded = 2  # opened, rules adopted
        self._walk()

    def teardown(self) -> None:
        report = verify(self.ledger.appender.engine)
        assert report.ok, report.findings
        self.ledger.close()

    @initialize(ready=st.sampled_from([True, True, True, False]))
    def begin(self, ready: bool) -> None:  # noqa: FBT001 - drawn by name
        """Mostly start where money and projects are: from nothing most commands would be refused."""
        if ready:
            first = date(2022, 1, 1)
            self.issue("T0", 100, first)
            self.issue("T1", 60, first)
            self.distribute(("T0", "C1", "520201"), 40, first, "")
            for code in PROJECTS:
                for stage in STAGES:
                    self.take_stage(code, stage, first, "")
                self.allocate(("T1", "P0") if code == "P0" else ("C1", "P1"), 30, first, "")

    @rule(code=st.sampled_from([*ISSUED_TO]), amount=amounts, on=days)
    def issue(self, code: str, amount: int, on: date) -> None:
        amount = abs(amount)
        fields = {"area": ISSUED_TO[code], "plan_year": 2022, "level": "central", "issuer": "省厅"}
        command = IssueTranche.of(
            on=on, document=f"{code}号", issued_on=date(2021, 12, 31), tranche=code, amount_fen=amount, **fields
        )
        expected = {"tranche.exists"} if self.model.arrivals(code) else set()
        self._submit(command, expected, Fact("issue", "", code, amount, on, [], ISSUED_TO[code]))

    @rule(branch=branches | odd_branches, amount=amounts, on=days, reason=reasons)
    def distribute(self, branch: tuple[str, str, str], amount: int, on: date, reason: str) -> None:
        source, child, area = branch
        amount = _exact(amount, self.model.available(source))
        command = DistributeTranche.of(
            on=on, reason=reason, tranche=source, child=child, child_area=area, amount_fen=amount
        )
        expected = self._spending(source, amount, on, reason)
        if from_ := self.model.arrivals(source):
            if from_[-1].area != "520200" or area == "520200":
                expected.add("tranche.not_below")
            if any((each.source, each.area) != (source, area) for each in self.model.arrivals(child)):
                expected.add("tranche.exists")
        self._submit(command, expected, Fact("distribute", source, child, amount, on, [], area))

    @rule(code=tranches, amount=amounts, on=days, reason=reasons)
    def recover(self, code: str, amount: int, on: date, reason: str) -> None:
        amount = _exact(amount, self.model.available(code))
        command = RecoverTranche.of(on=on, reason=reason, tranche=code, amount_fen=amount, recovered_by="上级")
        parent = next((each.source for each in self.model.arrivals(code)), "")
        self._submit(command, self._spending(code, amount, on, reason), Fact("recover", code, parent, amount, on, []))

    @rule(code=projects, stage=st.sampled_from([*STAGES]), on=days, reason=reasons)
    def take_stage(self, code: str, stage: str, on: date, reason: str) -> None:
        listed = self.model.of("listed", target=code)
        more: dict[str, Any] = {}
        if stage == "listed":
            expected = {"project.exists"} if listed else set()
            place = {"area": PROJECTS[code], "project_year": 2022}
            more = {"name": "基地", **place, "project_type": "crop_base", "goal": "建棚"}
        elif not listed:
            expected = {"project.unknown"}
        else:
            before = [self.model.since(each, target=code) for each in BEFORE[stage]]
            expected = _early(on, before, reason)
            if self.model.of(stage, target=code):
                expected.add("project.stage_repeated")
            elif None in before:
                expected.add("project.stage_order")
        command = STEPS[STAGES.index(stage)].of(on=on, reason=reason, project=code, **more)
        self._submit(command, expected, Fact(stage, "", code, 0, on, []))

    @rule(route=routes, amount=amounts, on=days, reason=reasons)
    def allocate(self, route: tuple[str, str], amount: int, on: date, reason: str) -> None:
        source, project = route
        amount = _exact(amount, self.model.available(source))
        command = AllocateMoney.of(on=on, reason=reason, tranche=source, project=project, amount_fen=amount)
        expected = self._spending(source, amount, on, reason)
        listed = self.model.since("listed", target=project)
        if listed is None:
            expected = (expected & {"tranche.unknown"}) | {"project.unknown"}
        elif arrivals := self.model.arrivals(source):
            expected |= _early(on, [listed], reason)
            if arrivals[-1].area != PROJECTS[project]:
                expected.add("allocation.other_area")
        self._submit(command, expected, Fact("allocate", source, project, amount, on, []))

    @rule(route=routes, amount=amounts, on=days, reason=reasons)
    def release(self, route: tuple[str, str], amount: int, on: date, reason: str) -> None:
        self._move("release", route, amount, on, reason)

    @rule(route=routes, amount=amounts, on=days, reason=reasons)
    def pay(self, route: tuple[str, str], amount: int, on: date, reason: str) -> None:
        self._move("pay", route, amount, on, reason)

    @rule(route=routes, amount=amounts, on=days, reason=reasons)
    def reimburse(self, route: tuple[str, str], amount: int, on: date, reason: str) -> None:
        self._move("reimburse", route, amount, on, reason)

    def _move(self, kind: str, route: tuple[str, str], amount: int, on: date, reason: str) -> None:
        source, project = route
        left = self.model.left(kind, source, project)
        amount = _exact(amount, left)
        kinds: dict[str, type[Command]] = {"release": ReleaseMoney, "pay": PayMoney, "reimburse": ReimburseMoney}
        command = kinds[kind].of(on=on, reason=reason, tranche=source, project=project, amount_fen=amount)
        within = "release" if kind == "pay" else "allocate"
        between = {"source": source, "target": project}
        expected: set[str] = set()
        if not self.model.of("listed", target=project):
            expected = {"project.unknown"}
        elif not self.model.of("allocate", **between):
            expected = {"payment.not_allocated"}
        else:
            expected = _early(on, [self.model.since(within, **between)], reason)
            if amount > left:
                expected.add("payment.exceeds")
            begun = [self.model.since(stage, target=project) for stage in ("approved", "started")]
            if kind == "pay" and not reason and any(day is None or on < day for day in begun):
                expected.add("payment.before_start")
        self._submit(command, expected, Fact(kind, source, project, amount, on, []))

    @precondition(lambda self: self.model.facts)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        fact = data.draw(st.sampled_from(self.model.facts))
        position = data.draw(st.sampled_from(fact.positions))
        command = ReverseEvent.of(on=date(2022, 12, 1), position=position, reason="记错", document="更正1号")
        expected = set() if fact.counts else {"correction.repeated"}
        if fact.counts:
            fact.counts = False
            if not self.model.holds_together():
                fact.counts = True
                expected = {"correction.needed_later"}
        self._submit(command, expected, None)

    @precondition(lambda self: self.submitted)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        key, command = data.draw(st.sampled_from(self.submitted))
        assert self._execute(command, key).receipt.repeated
        other = type(command).of(**(command.model_dump() | {"reason": "另一份内容"}))
        with pytest.raises(ConflictError):
            self._execute(other, key)

    @invariant()
    def the_log_says_what_the_model_says(self) -> None:
        self._walk()
        model = self.model
        assert model.holds_together()
        for code in ("T0", "T1", "C0", "C1"):
            told = {
                "tranche.issued": model.fen("issue", target=code),
                "tranche.received": model.fen("distribute", target=code),
                "tranche.returned": model.fen("recover", target=code),
                "tranche.distributed": model.fen("distribute", source=code),
                "tranche.allocated": model.fen("allocate", source=code),
                "tranche.recovered": model.fen("recover", source=code),
            }
            assert {topic: self.totals[topic, code, ""] for topic in told} == told
            for project in PROJECTS:
                kinds = {"funded": "allocate", "released": "release", "paid": "pay", "reimbursed": "reimburse"}
                told = {topic: model.fen(kind, source=code, target=project) for topic, kind in kinds.items()}
                assert {topic: self.totals[f"project.{topic}", code, project] for topic in told} == told

    def _spending(self, code: str, amount: int, on: date, reason: str) -> set[str]:
        arrivals = self.model.arrivals(code)
        if not arrivals:
            return {"tranche.unknown"}
        over = {"tranche.overdrawn"} if amount > self.model.available(code) else set()
        return over | _early(on, [min(each.on for each in arrivals)], reason)

    def _execute(self, command: Command, key: str) -> Any:  # noqa: ANN401 - an Outcome; named by its use
        return self.ledger.execute([command], Submission("试", "test", key=key))

    def _submit(self, command: Command, expected: set[str], fact: Fact | None) -> None:
        key = f"k{len(self.submitted)}-{uuid4().hex[:8]}"
        if expected:
            with pytest.raises(LedgerError) as caught:
                self._execute(command, key)
            assert caught.value.code in expected, caught.value.message
            self._walk()  # and finds nothing new
            return
        receipt = self._execute(command, key).receipt
        self.submitted.append((key, command))
        self.recorded = receipt.last
        if fact is not None:
            first = receipt.last if fact.kind == "issue" else receipt.first
            fact.positions = [*range(first, receipt.last + 1)]
            self.model.facts.append(fact)

    def _walk(self) -> None:
        """Read on from where the last walk ended; out-legs equal in-legs but for one that the next event closes."""
        with read_transaction(self.ledger.appender.engine) as connection:
            rows = read_page(connection, self.walked, 1_000)
        open_leg: tuple[str, int] | None = None
        batch = 0
        for row in rows:
            event = registry.decode(row.topic, row.state)
            sign = 1
            if isinstance(event, EventReversed):
                event, sign = registry.decode(event.reversed_topic, event.reversed_state.encode()), -1
            assert open_leg is None or row.batch == batch, "a batch ends between two legs"
            batch = row.batch
            amount = sign * getattr(event, "amount_fen", 0)
            self.totals[event.TOPIC, getattr(event, "tranche", ""), _project_of(event)] += amount
            if open_leg is not None:
                assert (event.TOPIC in IN, event.link, amount) == (True, *open_leg)
                open_leg = None
                self.out_minus_in -= amount
            elif event.TOPIC in OUT and event.link:
                open_leg = event.link, amount
                self.out_minus_in += amount
            else:
                assert event.TOPIC not in IN
            assert self.out_minus_in == (open_leg[1] if open_leg else 0), row.position
            self.walked = row.position
        assert open_leg is None
        assert self.walked == self.recorded


def _project_of(event: Event) -> str:
    return getattr(event, "project", "") if event.TOPIC.startswith("project.") else ""


def _open_ledger(url: str) -> None:
    engine = open_database(url, create=True)
    create_log(engine, "test.example/520200")
    engine.dispose()
    ledger = Ledger(url)
    first = [
        OpenLedger.of(on=date(2012, 1, 1), area="520200", name="六盘水", origin="test.example/520200"),
        AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"]),
    ]
    ledger.execute(first, Submission("试", "init"))
    ledger.close()


def _run(fresh: Callable[[], str], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        type("MoneyChainHere", (MoneyChain,), {"fresh": staticmethod(fresh)}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


@pytest.fixture
def fresh_file(tmp_path: Path) -> Callable[[], str]:
    """Give a new SQLite ledger, opened and with rules, for each example: a copy of one that was made once."""
    made = tmp_path / "made" / "ledger.db"
    made.parent.mkdir()
    _open_ledger(str(made))

    def fresh() -> str:
        folder = tmp_path / uuid4().hex
        shutil.copytree(made.parent, folder)
        return str(folder / made.name)

    return fresh


def test_no_sequence_breaks_an_invariant_on_sqlite(fresh_file: Callable[[], str]) -> None:
    _run(fresh_file, examples=50, steps=30)


@pytest.mark.soak
def test_no_sequence_breaks_an_invariant_in_a_long_run(fresh_file: Callable[[], str]) -> None:
    _run(fresh_file, examples=2_000, steps=50)


def test_no_sequence_breaks_an_invariant_on_postgresql(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        schemas: list[str] = []

        def fresh() -> str:
            schemas.append(f"test_{uuid4().hex[:12]}")
            monkeypatch.setenv("XIANJIE_HOME", str(tmp_path / schemas[-1]))
            connection.execute(f"CREATE SCHEMA {schemas[-1]}".encode())
            url = make_url(postgres_server).set(drivername="postgresql+psycopg")
            named = url.update_query_dict({"options": f"-csearch_path={schemas[-1]}"})
            text = named.render_as_string(hide_password=False)
            _open_ledger(text)
            return text

        _run(fresh, examples=8, steps=20)
        for schema in schemas:
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())
