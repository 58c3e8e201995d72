"""Run cases in turn, round after round, and compare them round by round: noise of the machine hits all alike."""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Goal", "Result", "alternate", "as_installed", "show"]

Case = Callable[[], int]
"""Does some work and returns how many units of it."""


@dataclass(frozen=True)
class Goal:
    """What a ratio must reach: at least, or at most."""

    name: str
    measured: float
    limit: float
    at_least: bool
    detail: str = ""

    @property
    def met(self) -> bool:
        """Say whether the goal is met."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


@dataclass(frozen=True)
class Result:
    """Seconds per unit of each case in each round."""

    seconds: Mapping[str, Sequence[float]]

    def ratio(self, faster: str, slower: str) -> float:
        """Return how many times faster the first case is than the second: the median of the ratios of each round."""
        pairs = zip(self.seconds[faster], self.seconds[slower], strict=True)
        return statistics.median(slow / fast for fast, slow in pairs)

    def rate(self, case: str) -> str:
        """Return the median speed of a case, for the reader only."""
        per_unit = statistics.median(self.seconds[case])
        return f"{1 / per_unit:,.0f}/s" if per_unit < 0.001 else f"{per_unit * 1000:,.2f} ms"  # noqa: PLR2004


def alternate(cases: Mapping[str, Case], rounds: int) -> Result:
    """Run every case once a round, in an order that rotates, and keep the seconds per unit."""
    names = list(cases)
    gc.collect()
    gc.freeze()  # the inputs that were prepared are not for the collector to walk through during the rounds
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            started = time.perf_counter()
            units = cases[name]()
            seconds[name].append((time.perf_counter() - started) / units)
        sys.stderr.write(".")
        sys.stderr.flush()
    gc.unfreeze()
    return Result(seconds)


def as_installed(folder: Path) -> dict[str, str]:
    """Return the environment in which a cold Python finds byte code, as it does after an installation.

    Where Python is told to write none, every start would compile all it imports again. The byte code is kept in the
    folder; a first run that is not measured writes it.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def show(goals: Sequence[Goal]) -> bool:
    """Print the goals with what was measured; return whether all are met."""
    width = max(len(goal.name) for goal in goals)
    for goal in goals:
        sign = "≥" if goal.at_least else "≤"
        verdict = "ok  " if goal.met else "MISS"
        print(f"{verdict} {goal.name:<{width}}  {goal.measured:8.2f}  ({sign} {goal.limit:g})  {goal.detail}")
    return all(goal.met for goal in goals)
