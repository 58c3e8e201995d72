"""Synthetic histories: payloads of one county-year after another, in date order, as the generator's dictionaries."""

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
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["build", "payloads"]

Payload = tuple[type[Event], dict[str, Any]]

_MONEY = (MoneyReleased, MoneyPaid, MoneyReimbursed, MoneyPaid)
_TYPES = ("crop_base", "breeding_base", "village_road", "water_supply", "training")
_COUNTIES = ("520201", "520203", "520204", "520281")
_PROJECTS = 600


def payloads(count: int, seed: int = 2022) -> Iterator[Payload]:
    """Yield ``count`` events as class and field values; about 600 projects are under way at any time."""
    rng = random.Random(seed)  # noqa: S311 - a reproducible history, not a secret
    made = 0
    generation = 0
    while made < count:
        area = _COUNTIES[generation % len(_COUNTIES)]
        year = 2021 + generation // len(_COUNTIES) % 5
        projects = [_project(rng, f"P{generation:05d}{number:04d}", area, year) for number in range(_PROJECTS)]
        for day in range(0, 360, 6):
            for fields in rng.sample(projects, 350):
                yield from _happening(rng, fields, date(year, 1, 2) + timedelta(days=day), made)
                made += 1
                if made >= count:
                    return
        generation += 1


def build(payload: Payload) -> Event:
    """Validate one payload into its event."""
    return payload[0].model_validate(payload[1])


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
