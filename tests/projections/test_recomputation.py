"""Reports over random histories against the same figures computed in plain Python from the events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import events as e
from projections.catch_up import compare
from projections.reports.rates import rates
from projections.reports.share import share
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.projections.conftest import History

AREAS = ("520201", "520204")
TYPES = ("crop_base", "village_road", "management_fee")
DIRECTIONS = ("consolidation", "ethnic")
LEVELS = ("central", "provincial")
STEP = st.tuples(
    st.sampled_from(["issue", "recover", "allocate", "pay", "reach", "cancel", "reverse"]),
    st.integers(0, 10**6),
    st.integers(1, 10**9),
    st.integers(0, 400),
)


class Told:
    """What was recorded: each event with its position and, once reversed, the position of the reversal."""

    def __init__(self) -> None:
        self.events: list[tuple[int, e.Event]] = []
        self.reversed: dict[int, int] = {}

    def counting(self, as_of: date, known_at: int) -> list[e.Event]:
        return [
            event
            for position, event in self.events
            if position <= known_at
            and event.effective_on <= as_of
            and self.reversed.get(position, known_at + 1) > known_at
        ]


def play(history: History, steps: list[tuple[str, int, int, int]]) -> tuple[Told, int]:
    """Record the steps and return what was told, and the last position."""
    told = Told()
    last = history.adopt()
    for action, pick, fen, day in steps:
        if action == "reverse":
            open_positions = [position for position, _ in told.events if position not in told.reversed]
            if open_positions:
                chosen = open_positions[pick % len(open_positions)]
                last = told.reversed[chosen] = history.reverse(chosen)
            continue
        event = event_of(action, pick, fen, date(2024, 1, 1) + timedelta(days=day))
        last = history.record(event)
        told.events.append((last, event))
    return told, last


def event_of(action: str, pick: int, fen: int, on: date) -> e.Event:
    area, direction, level = AREAS[pick % 2], DIRECTIONS[pick // 2 % 2], LEVELS[pick // 4 % 2]
    fund: dict[str, Any] = {
        "tranche": f"T{pick % 8}",
        "area": area,
        "plan_year": 2024,
        "fund_kind": "transition",
        "level": level,
        "direction": direction,
        "amount_fen": fen,
    }
    kind = TYPES[pick % 3]
    project: dict[str, Any] = {"project": f"P{pick % 6}", "area": area, "project_year": 2024, "project_type": kind}
    match action:
        case "issue":
            return e.TrancheIssued(effective_on=on, issuer="厅", **fund)
        case "recover":
            return e.TrancheRecovered(effective_on=on, recovered_by="厅", **fund)
        case "allocate":
            return e.MoneyAllocated(effective_on=on, transfer_id="X", **{**fund, **project})
        case "pay":
            return e.MoneyPaid(effective_on=on, **{**fund, **project})
        case "cancel":
            return e.ProjectCancelled(effective_on=on, **project)
        case _:
            reached = (e.ProjectPlanned, e.ProjectStarted, e.ProjectCompleted)[pick // 7 % 3]
            return reached(effective_on=on, **project)


def expected_share(events: list[e.Event], area: str, pair: str) -> tuple[int, int]:
    """Compute a pair by hand: N1 or N2 over D1, D2 or D3."""
    mine = [event for event in events if getattr(event, "level", "") == "central" and event.area == area]  # type: ignore[attr-defined]
    numerator_kind = e.MoneyAllocated if pair.startswith("N1") else e.MoneyPaid
    numerator = sum(
        event.amount_fen for event in mine if isinstance(event, numerator_kind) and event.project_type == "crop_base"
    )
    if not pair.endswith("D1"):
        mine = [event for event in mine if event.direction == "consolidation"]  # type: ignore[attr-defined]
    denominator = sum(event.amount_fen for event in mine if isinstance(event, e.TrancheIssued))
    denominator -= sum(event.amount_fen for event in mine if isinstance(event, e.TrancheRecovered))
    if pair.endswith("D3"):
        fees = (event for event in mine if isinstance(event, e.MoneyAllocated))
        denominator -= sum(event.amount_fen for event in fees if event.project_type == "management_fee")
    return numerator, denominator


def expected_rate(events: list[e.Event], area: str, reached: type[e.Event]) -> tuple[int, int]:
    """Count the planned and not cancelled projects of counted types, and those of them that went further."""
    seen: dict[tuple[str, str], set[type[e.Event]]] = {}
    for event in events:
        match event:
            case e.ProjectPlanned() | e.ProjectStarted() | e.ProjectCompleted() | e.ProjectCancelled():
                if event.area == area and event.project_type != "management_fee":
                    seen.setdefault((event.project, event.project_type), set()).add(type(event))
            case _:
                pass
    population = [kinds for kinds in seen.values() if e.ProjectPlanned in kinds and e.ProjectCancelled not in kinds]
    return sum(reached in kinds for kinds in population), len(population)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=25), data=st.data())
def test_reports_equal_a_recomputation_at_any_moment(
    new_history: Callable[[], History], steps: list[tuple[str, int, int, int]], data: st.DataObject
) -> None:
    history = new_history()
    told, last = play(history, steps)
    as_of = date(2024, 1, 1) + timedelta(days=data.draw(st.integers(0, 400)))
    known_at = data.draw(st.integers(1, last))
    events = told.counting(as_of, known_at)
    question = Question("520200", 2024, as_of=as_of, known_at=known_at)

    for row in share(history.engine, question).rows:
        each = [row.place.area] if row.place.row == "part" else list(AREAS)
        sums = [expected_share(events, area, row.pair) for area in each]
        assert row.numerator_fen == sum(numerator for numerator, _ in sums)
        assert row.denominator_fen == sum(denominator for _, denominator in sums)
    for rate in rates(history.engine, question).rows:
        if rate.unit == "projects":
            reached = {"start": e.ProjectStarted, "completion": e.ProjectCompleted}[rate.rate]
            each = [rate.place.area] if rate.place.row == "part" else list(AREAS)
            counts = [expected_rate(events, area, reached) for area in each]
            assert rate.numerator == sum(numerator for numerator, _ in counts)
            assert rate.denominator == sum(denominator for _, denominator in counts)
    assert compare(history.engine) == []
