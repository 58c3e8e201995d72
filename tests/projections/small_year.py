"""A small year of one county, event by event: enough for every kind of notice to have something to show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger import events as e

if TYPE_CHECKING:
    from tests.projections.conftest import History

__all__ = ["year"]


def year(history: History) -> History:
    """Write a small year: money handed down and allotted, one project finished and one taken out, an asset held."""
    history.adopt()
    history.issue("C", 90_000, area="520200")
    history.distribute("C", "T", 80_000, "520201")
    history.project(
        "P", record={"name": "产业路", "unit": "交通局", "goal": "通车"}, planned_fen=50_000, town="520201100"
    )
    history.project("Q", record={"name": "水窖"})
    history.allocate("T", "P", 50_000)
    history.allocate("T", "Q", 20_000)
    history.withdraw("T", "Q", 20_000, date(2024, 5, 1))
    history.reach(e.ProjectStarted, "P", on=date(2024, 4, 1))
    history.of_project(e.ProjectCancelled, "Q", date(2024, 5, 2), reason="群众不同意")
    history.spend(e.MoneyPaid, "T", "P", 30_000, date(2024, 6, 1))
    history.reach(e.ProjectCompleted, "P", on=date(2024, 7, 1))
    history.asset("A", 50_000, about={"name": "产业路资产"})
    history.hold("A", "ownership", ("village_collective", 1, 2), ("household", 1, 4), ("household", 1, 4))
    return history
