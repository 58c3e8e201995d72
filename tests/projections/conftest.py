"""A ledger written event by event, as small as a test needs it: no command and no rule stands between."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from ledger import events as e
from ledger.database import open_database, read_transaction
from ledger.log.appending import Appender, BatchHeader
from ledger.log.reading import read_page
from ledger.log.schema import create_log
from ledger.rules.pack import shipped_packs
from projections.catch_up import catch_up, create_projections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

DAY = date(2024, 3, 4)

_Spending: TypeAlias = (
    e.MoneyPaid
    | e.MoneyReleased
    | e.MoneyReimbursed
    | e.PaymentRefunded
    | e.ReleaseReturned
    | e.RetentionHeld
    | e.RetentionReleased
)


class History:
    """Writes events with plausible dimensions and remembers those of each tranche, project and asset."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._appender = Appender(engine)
        self._dimensions: dict[str, dict[str, Any]] = {}
        self._transfers = 0
        create_projections(engine)

    def record(self, *events: e.Event) -> int:
        """Append the events as one batch, bring the facts up to date and return the last position."""
        with self._appender.open(BatchHeader(None, "", "tester", "test", "")) as append:
            for event in events:
                version = append.stream_version(event.stream) + 1
                append.write([(event.stream, version, event.TOPIC, e.registry.encode(event))])
        return catch_up(self.engine)

    def adopt(self, text: str | None = None, on: date = date(2021, 1, 1)) -> int:
        text = shipped_packs()["base"] if text is None else text
        return self.record(e.RulePackAdopted(effective_on=on, pack="base", version="1", text=text))

    def issue(self, tranche: str, fen: int, on: date = DAY, *, issuer: str = "省财政厅", **dimensions: object) -> int:
        place = self._remember("tranche", tranche, _FUND, dimensions)
        return self.record(
            e.TrancheIssued(effective_on=on, document=f"文{tranche}", amount_fen=fen, issuer=issuer, **place)
        )

    def distribute(self, parent: str, child: str, fen: int, area: str, on: date = DAY) -> int:
        above = self._dimensions[f"tranche:{parent}"]
        below = self._remember("tranche", child, above, {"area": area})
        moved: dict[str, Any] = {"effective_on": on, "amount_fen": fen, "transfer_id": self._transfer()}
        return self.record(
            e.TrancheDistributed(**above, **moved, child=child, child_area=area),
            e.TrancheReceived(**below, **moved, parent=parent),
        )

    def recover(self, tranche: str, fen: int, on: date = DAY) -> int:
        place = self._dimensions[f"tranche:{tranche}"]
        return self.record(e.TrancheRecovered(effective_on=on, amount_fen=fen, recovered_by="省财政厅", **place))

    def take_back(self, tranche: str, parent: str, fen: int, on: date = DAY) -> int:
        """Recover money from a tranche for its parent: both legs."""
        below, above = self._dimensions[f"tranche:{tranche}"], self._dimensions[f"tranche:{parent}"]
        moved: dict[str, Any] = {"effective_on": on, "amount_fen": fen, "transfer_id": self._transfer()}
        return self.record(
            e.TrancheRecovered(**below, **moved, parent=parent, recovered_by="市财政局"),
            e.TrancheReturned(**above, **moved, child=tranche),
        )

    def project(
        self,
        project: str,
        *,
        on: date = DAY,
        planned_fen: int = 0,
        record: dict[str, Any] | None = None,
        **dimensions: object,
    ) -> int:
        """List and plan a project; ``record`` is what the library says of it besides its dimensions."""
        place = self._remember("project", project, _PROJECT, dimensions)
        return self.record(
            e.ProjectListed(**{"effective_on": on, "name": project, **(record or {}), **place}),
            e.ProjectPlanned(effective_on=on, planned_fen=planned_fen, **place),
        )

    def allocate(self, tranche: str, project: str, fen: int, on: date = DAY) -> int:
        fund, place = self._dimensions[f"tranche:{tranche}"], self._dimensions[f"project:{project}"]
        moved: dict[str, Any] = {
            "effective_on": on,
            "amount_fen": fen,
            "transfer_id": self._transfer(),
            **fund,
            **place,
        }
        return self.record(e.MoneyAllocated(**moved), e.ProjectFunded(**moved))

    def withdraw(self, tranche: str, project: str, fen: int, on: date = DAY, *, cause: str = "adjusted") -> int:
        fund, place = self._dimensions[f"tranche:{tranche}"], self._dimensions[f"project:{project}"]
        moved: dict[str, Any] = {
            "effective_on": on,
            "amount_fen": fen,
            "transfer_id": self._transfer(),
            "cause": cause,
            **fund,
            **place,
        }
        return self.record(e.MoneyWithdrawn(**moved), e.MoneyRegained(**moved))

    def spend(
        self,
        kind: type[_Spending],
        tranche: str,
        project: str,
        fen: int,
        on: date = DAY,
    ) -> int:
        fund, place = self._dimensions[f"tranche:{tranche}"], self._dimensions[f"project:{project}"]
        return self.record(kind(effective_on=on, amount_fen=fen, **{**fund, **place}))

    def reach(self, kind: type[e.Event], *projects: str, on: date = DAY) -> int:
        places = [self._dimensions[f"project:{project}"] for project in projects]
        return self.record(*(kind(effective_on=on, **place) for place in places))

    def of_project(self, kind: type[e.Event], project: str, on: date = DAY, **values: object) -> int:
        given: dict[str, Any] = {**self._dimensions[f"project:{project}"], **values}
        return self.record(kind(effective_on=on, **given))

    def finding(self, finding: str, *, on: date = DAY, **values: object) -> int:
        """Open a finding."""
        place = self._remember("finding", finding, _FINDING, values)
        return self.record(e.FindingOpened(effective_on=on, title=finding, **place))

    def of_finding(self, kind: type[e.Event], finding: str, on: date, **values: object) -> int:
        """Take a step in a finding; a new deadline stays with it."""
        words: dict[str, Any] = {name: values.pop(name) for name in ("note", "by") if name in values}
        place: dict[str, Any] = self._remember("finding", finding, self._dimensions[f"finding:{finding}"], values)
        return self.record(kind(effective_on=on, **place, **words))

    def asset(
        self, asset: str, fen: int, *, on: date = DAY, about: dict[str, Any] | None = None, **dimensions: object
    ) -> int:
        """Register an asset; ``about`` is what is said of it besides its dimensions."""
        place = self._remember("asset", asset, _ASSET, {"value_fen": fen, **dimensions})
        return self.record(e.AssetIdentified(**{"effective_on": on, "name": asset, **(about or {}), **place}))

    def of_asset(self, kind: type[e.Event], asset: str, on: date = DAY, **values: object) -> int:
        given: dict[str, Any] = {**self._dimensions[f"asset:{asset}"], **values}
        return self.record(kind(effective_on=on, **given))

    def hold(self, asset: str, right: str, *shares: tuple[str, int, int], on: date = DAY) -> int:
        """Set a right to holders given as (kind, numerator, denominator)."""
        holdings = tuple(
            e.Holding(holder=f"H{number}", kind=kind, numerator=numerator, denominator=denominator)
            for number, (kind, numerator, denominator) in enumerate(shares)
        )
        return self.of_asset(e.RightSet, asset, on, right=right, status="held", holdings=holdings)

    def reverse(self, position: int) -> int:
        """Reverse the event at the position; it keeps its business date."""
        with read_transaction(self.engine) as connection:
            row = read_page(connection, position - 1, 1)[0]
        event = e.registry.decode(row.topic, row.state)
        return self.record(
            e.EventReversed(
                effective_on=event.effective_on,
                document="批准文号",
                reason="录入错误",
                reversed_stream=row.stream,
                reversed_version=row.version,
                reversed_position=position,
                reversed_topic=row.topic,
                reversed_state=row.state.decode(),
                corrected_on=date(2026, 1, 1),
            )
        )

    def place(self, *subjects: str) -> dict[str, Any]:
        """Return the dimensions of subjects together, each named ``kind:code``."""
        return {name: value for subject in subjects for name, value in self._dimensions[subject].items()}

    def _remember(self, kind: str, code: str, defaults: dict[str, Any], given: dict[str, object]) -> dict[str, Any]:
        self._dimensions[f"{kind}:{code}"] = {**defaults, **given, kind: code}
        return self._dimensions[f"{kind}:{code}"]

    def _transfer(self) -> str:
        self._transfers += 1
        return f"X{self._transfers}"


_FUND = {
    "area": "520201",
    "plan_year": 2024,
    "fund_kind": "transition",
    "level": "central",
    "direction": "consolidation",
}
_PROJECT = {
    "area": "520201",
    "town": "",
    "village": "",
    "project_year": 2024,
    "project_type": "crop_base",
    "industry": None,
}
_FINDING = {
    "area": "520201",
    "source": "provincial",
    "kind": "audit",
    "unit": "农业农村局",
    "deadline": date(2024, 6, 30),
}
_ASSET = {
    "project": "P",
    "area": "520201",
    "town": "",
    "village": "",
    "project_year": 2024,
    "asset_class": "operating",
    "asset_form": "fixed",
}


@pytest.fixture
def history(engine: Engine) -> History:
    """An empty ledger with facts on each kind of database."""
    return History(engine)


@pytest.fixture
def sqlite_history(sqlite_engine: Engine) -> History:
    """An empty ledger with facts on SQLite."""
    return History(sqlite_engine)


@pytest.fixture
def both_histories(sqlite_engine: Engine, postgres_engine: Engine) -> tuple[History, History]:
    """Two empty ledgers, one on each kind of database."""
    return History(sqlite_engine), History(postgres_engine)


@pytest.fixture
def new_history(tmp_path: Path) -> Iterator[Callable[[], History]]:
    """Make any number of empty ledgers on SQLite: one for each example of a property."""
    engines: list[Engine] = []

    def make() -> History:
        engines.append(open_database(str(tmp_path / f"{len(engines)}.db"), create=True))
        create_log(engines[-1], "520200.test.xianjie.example/ledger")
        return History(engines[-1])

    yield make
    for engine in engines:
        engine.dispose()
