"""The split of the five rights over a county's assets with their histories, against the same selects typed by hand."""

from __future__ import annotations

import random
import sqlite3
import statistics
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event as sqlalchemy_event

from benchmarks.append import append_batch, new_ledger
from benchmarks.measure import Goal, alternate
from ledger.events import AssetIdentified, Holding, RightSet, ValueFinalised, registry
from projections.catch_up import catch_up, create_projections
from projections.reports.rights import rights
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.application import Ledger
    from ledger.events import Event

__all__ = ["rights_goal"]

_AREA: Final = "520203"
_BEGIN: Final = date(2014, 1, 1)
_BATCH: Final = 1_000
_CLASSES: Final = ("operating", "public", "household")
_RIGHTS: Final = ("ownership", "operation", "income", "disposal")


def rights_goal(folder: Path, assets: int, rounds: int) -> Goal:
    """Write so many assets whose rights changed over the years, and ask who held what on a day in between."""
    ledger = new_ledger(folder / "rights.db")
    engine = ledger.appender.engine
    create_projections(engine)
    batch: list[tuple[str, bytes]] = []
    for event in _histories(assets):
        batch.append((event.TOPIC, registry.encode(event)))
        if len(batch) >= _BATCH:
            append_batch(ledger, batch)
            batch = []
    append_batch(ledger, batch)
    position = catch_up(engine)
    typed = sqlite3.connect(folder / "rights.db")
    typed.execute("PRAGMA cache_size=-65536")
    day = date(2020, 6, 30)
    question = Question(_AREA, as_of=day)
    selects = _selects_of_the_report(ledger, question)
    assert next(iter(rights(engine, question).rows)).whole_assets == assets

    def report() -> int:
        return len(rights(engine, question).rows) and 1

    def by_hand() -> int:
        return sum(len(typed.execute(*each).fetchall()) for each in selects) and 1

    cases = {"report": report, "by hand": by_hand}
    alternate(cases, 1)
    result = alternate(cases, rounds)
    pairs = zip(result.seconds["report"], result.seconds["by hand"], strict=True)
    ratio = statistics.median(mine / bare for mine, bare in pairs)
    ledger.close()
    typed.close()
    detail = f"report {result.rate('report')}, by hand {result.rate('by hand')}; {position:,} events"
    return Goal(f"report rights of {assets:,} assets / typed by hand", ratio, 2, False, detail)


def _selects_of_the_report(ledger: Ledger, question: Question) -> list[tuple[str, tuple[object, ...]]]:
    """Listen to what the report sends to the database, and return its selects over the facts of assets."""
    heard: list[tuple[str, tuple[object, ...]]] = []

    def listen(*arguments: object) -> None:
        statement, parameters = str(arguments[2]), arguments[3]
        if ("fact_asset" in statement or "fact_holding" in statement) and isinstance(parameters, tuple):
            heard.append((statement, parameters))

    engine = ledger.appender.engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", listen)
    rights(engine, question)
    sqlalchemy_event.remove(engine, "before_cursor_execute", listen)
    return heard


def _histories(assets: int) -> Iterator[Event]:
    rng = random.Random(2022)  # noqa: S311 - a reproducible history, not a secret
    for number in range(assets):
        day = _BEGIN + timedelta(days=rng.randrange(1_000))
        fen = rng.randrange(1_000_000, 900_000_000)
        place: dict[str, Any] = {
            "asset": f"A{number:06d}",
            "area": _AREA,
            "project_year": day.year,
            "asset_class": rng.choice(_CLASSES),
            "asset_form": "fixed",
        }
        yield AssetIdentified(effective_on=day, name="资产", value_fen=fen, provisional=number % 4 == 0, **place)
        for right in _RIGHTS:
            yield _set(rng, right, day, {**place, "value_fen": fen})
        if number % 4 == 0:
            change = -rng.randrange(1, 1_000_000)
            fen += change
            yield ValueFinalised(effective_on=day + timedelta(days=200), value_fen=fen, change_fen=change, **place)
        yield _set(rng, "operation", day + timedelta(days=900), {**place, "value_fen": fen})


def _set(rng: random.Random, right: str, day: date, place: dict[str, object]) -> RightSet:
    shares = (1, 2) if right == "ownership" and rng.randrange(10) == 0 else (1,)
    kind = "company" if right == "operation" else "village_collective"
    holdings = tuple(
        Holding(holder=f"V{rng.randrange(200)}-{line}", kind=kind, numerator=share, denominator=sum(shares))
        for line, share in enumerate(shares)
    )
    return RightSet.model_validate(
        {"effective_on": day, "right": right, "status": "held", "holdings": holdings, "basis": "agreed", **place}
    )
