"""One way to ask whether a flag is raised, and a project and an asset that raise none of their own accord."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.reports.flags import FlagFilter, flags
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)
YEAR = 2024
TOWN = "520201101"
VILLAGE = "520201101201"
RECORD = {"goal": "建成大棚10个", "linkage": "务工和分红", "name": "食用菌大棚"}


def hits(
    history: History, flag: str, as_of: date = END, area: str = "520201", year: int | None = None
) -> list[dict[str, Any]]:
    """Return the hits of one flag as JSON."""
    question = Question(area, year, as_of=as_of)
    found: Any = flags(history.engine, question, FlagFilter(frozenset({flag}))).more["flags"]
    return list(found)


def says(hit: dict[str, Any]) -> tuple[object, str, object]:
    """Return both sides of a hit and how they stand to each other."""
    return hit["left"]["value"], hit["relation"], hit["right"]["value"]


def fund(history: History, fen: int = 1000, on: date = date(2024, 1, 10), **project: object) -> None:
    """Issue a tranche T and give all of it to a project P that is listed, approved and planned."""
    history.adopt()
    history.issue("T", fen, on)
    given: dict[str, Any] = {"record": RECORD, "town": TOWN, "village": VILLAGE, **project}
    history.project("P", on=on, **given)
    history.reach(e.ProjectApproved, "P", on=on)
    history.allocate("T", "P", fen, on)


def build(history: History, fen: int = 1000, until: str = "accepted", on: date = date(2024, 3, 1)) -> None:
    """Fund the project and take it through its works, up to the stage named."""
    fund(history, fen)
    for stage, kind in (
        ("started", e.ProjectStarted),
        ("completed", e.ProjectCompleted),
        ("accepted", e.ProjectAccepted),
    ):
        history.reach(kind, "P", on=on)
        if stage == until:
            return


def pay(history: History, fen: int, on: date, *, released: int | None = None) -> int:
    """Release and pay money of the project."""
    history.spend(e.MoneyReleased, "T", "P", fen if released is None else released, on)
    return history.spend(e.MoneyPaid, "T", "P", fen, on)


def own(history: History, asset: str = "A", *, on: date = date(2024, 1, 10), kind: str = "village_collective") -> None:
    """Give the asset one owner."""
    history.hold(asset, "ownership", (kind, 1, 1), on=on)


def register(
    history: History, asset: str = "A", fen: int = 1000, *, on: date = date(2024, 1, 10), **more: object
) -> int:
    """Adopt the rules and register an asset of the village."""
    history.adopt()
    given: dict[str, Any] = {"town": TOWN, "village": VILLAGE, **more}
    return history.asset(asset, fen, on=on, **given)


def contract(history: History, code: str = "C", *, on: date = date(2024, 1, 10), **terms: object) -> int:
    """Sign a contract over the asset A."""
    period = {"from_on": date(2024, 1, 10), "to_on": date(2026, 1, 9)}
    parties = {"contract": code, "area": "520201", "assets": ("A",), "operator": "K", "operator_kind": "company"}
    price = {"mode": "lease", "return_kind": "fixed", "return_fen": 1000, "base_fen": 10_000}
    said: dict[str, Any] = {**period, **parties, **price, **terms}
    return history.record(e.ContractSigned(effective_on=on, **said))


def on(month: int, day: int, year: int = YEAR) -> date:
    """Return a day of the year of the scenes, or of another one."""
    return date(year, month, day)


def step(history: History, kind: type[e.Event], day: date, **words: object) -> int:
    """Record a step of the asset A."""
    return history.of_asset(kind, "A", day, **words)


def found(history: History, flag: str, as_of: date = END) -> list[tuple[object, str, object]]:
    """Return both sides of every hit of a flag."""
    return [says(each) for each in hits(history, flag, as_of)]


def receive(history: History, fen: int, day: date, **words: object) -> int:
    """Receive rent, or what is said, under the contract C."""
    said: dict[str, Any] = {"contract": "C", "area": "520201", **words}
    return history.record(e.RentReceived(effective_on=day, amount_fen=fen, **said))


def open_scheme(history: History, name: str = "大棚收益") -> None:
    """Open the account S for the asset A."""
    told: dict[str, Any] = {"scheme": "S", "area": "520201", "name": name, "assets": ("A",)}
    history.record(e.SchemeOpened(effective_on=on(1, 15), **told))


def earn(history: History, fen: int, day: date, **words: object) -> int:
    """Post income of the account S."""
    said: dict[str, Any] = {"scheme": "S", "area": "520201", "period": "2024", **words}
    return history.record(e.IncomePosted(effective_on=day, amount_fen=fen, **said))


def dispose(history: History, way: str = "transfer", price: int = 500) -> int:
    """Dispose of the asset A on 1 June."""
    return step(history, e.AssetDisposed, on(6, 1), disposal="D", way=way, price_fen=price)
