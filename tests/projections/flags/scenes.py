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
