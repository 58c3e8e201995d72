"""Synthetic histories of a city: four counties at once, year after year, events in the order of their dates."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger.events import (
    Event,
    MoneyAllocated,
    MoneyPaid,
    MoneyReimbursed,
    MoneyReleased,
    ProjectFunded,
    ProjectProgressed,
    ProjectStarted,
    registry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["payloads", "stored"]

Payload = tuple[type[Event], dict[str, Any]]

_MONEY = (MoneyReleased, MoneyPaid, MoneyReimbursed, MoneyPaid)
_TYPES = ("crop_base", "breeding_base", "village_road", "water_supply", "training")
_COUNTIES = ("520201", "520203", "520204", "520281")
_PROJECTS = 600


def payloads(count: int, seed: int = 2022) -> Iterator[Payload]:
    """Yield ``count`` events as class and field values; 2,400 projects are under way at any time."""
    rng = random.Random(seed)  # noqa: S311 - a reproducible history, not a secret
    made = 0
    for year in range(2021, 2100):
        codes = [(area, f"P{area}{year}{number:04d}") for area in _COUNTIES for number in range(_PROJECTS)]
        projects = [_project(rng, code, area, year) for area, code in codes]
        for day in range(0, 360, 6):
            for fields in rng.sample(projects, len(projects) * 7 // 12):
                if made == count:
                    return
                yield from _happening(rng, fields, date(year, 1, 2) + timedelta(days=day), made)
                made += 1


def stored(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield events as a raw export has them: topic and canonical bytes."""
    for kind, fields in payloads(count):
        yield kind.TOPIC, registry.encode(kind.model_validate(fields))


def _project(rng: random.Random, code: str, area: str, year: int) -> dict[str, Any]:
    town = f"{area}{rng.randrange(100, 130)}"
    return {
        "project": code,
        "area": area,
        "town": town,
        "village": f"{town}{rng.randrange(200, 220)}",
        "project_year": year,
        "project_type": rng.choice(_TYPES),
    }


def _fund(rng: random.Random, project: dict[str, Any]) -> dict[str, Any]:
    year = project["project_year"]
    return {
        "tranche": f"{year}-{rng.randrange(1, 11):02d}",
        "plan_year": year,
        "fund_kind": "transition",
        "level": rng.choice(("central", "central", "provincial")),
        "direction": "consolidation",
        "amount_fen": rng.randrange(2_500_000, 2_000_000_000),
    }


def _happening(rng: random.Random, project: dict[str, Any], on: date, number: int) -> Iterator[Payload]:
    common = {"effective_on": on, "document": f"黔财农〔{on.year}〕{number % 97 + 1}号", **project}
    kind = number % 10
    if kind == 0:
        yield ProjectStarted, common
    elif kind == 1:
        yield ProjectProgressed, {**common, "invested_fen": rng.randrange(1_000_000, 90_000_000)}
    elif kind == 2:  # noqa: PLR2004 - a tenth of the events
        yield MoneyAllocated, {**common, **_fund(rng, project), "transfer_id": f"M{number}"}
    elif kind == 3:  # noqa: PLR2004 - a tenth of the events
        yield ProjectFunded, {**common, **_fund(rng, project), "transfer_id": f"M{number}"}
    else:
        yield rng.choice(_MONEY), {**common, **_fund(rng, project), "voucher": f"记-{number % 9999:04d}"}
