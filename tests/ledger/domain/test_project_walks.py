"""Whatever is tried in whatever order, and whatever is reversed: the life of a project never contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.commands import handle
from ledger.commands.work import PROJECT
from ledger.domain.control import ReverseEvent
from ledger.domain.project import ENDS, PREREQUISITES, project_contradiction
from ledger.domain.stages import (
    AcceptProject,
    AmendProject,
    AppraiseProject,
    ApproveProject,
    CancelProject,
    CompleteProject,
    ConcludeProject,
    ContractProject,
    DeclareProject,
    HandOverProject,
    ListProject,
    PlanProject,
    RemoveProject,
    ReplaceProject,
    ReportProgress,
    ResumeProject,
    ReviewProject,
    SettleProject,
    StartProject,
    SuspendProject,
)
from ledger.errors import LedgerError
from tests.ledger.domain.conftest import Book

if TYPE_CHECKING:
    from ledger.domain.command import Command

_PLACE = {"name": "冷库", "area": "520203", "project_year": 2022, "project_type": "cold_chain"}
_WALK: list[tuple[type[Command], dict[str, Any]]] = [
    (DeclareProject, {**_PLACE, "estimate_fen": 100}),
    (ReviewProject, {}),
    (AppraiseProject, {}),
    (ListProject, {**_PLACE, "estimate_fen": 200}),
    (AmendProject, {"estimate_fen": 300}),
    (AmendProject, {"estimate_fen": 50}),
    (ApproveProject, {}),
    (PlanProject, {"planned_fen": 200}),
    (ContractProject, {"contract": "H1", "contractor": "某公司", "contract_fen": 150}),
    (StartProject, {}),
    (ReportProgress, {"percent": 40, "invested_fen": 80}),
    (SuspendProject, {}),
    (ResumeProject, {}),
    (CompleteProject, {}),
    (AcceptProject, {}),
    (SettleProject, {"settled_fen": 140}),
    (ConcludeProject, {}),
    (HandOverProject, {"receiver": "某村"}),
    (RemoveProject, {}),
    (CancelProject, {}),
    (ReplaceProject, {"successor": "P2"}),
]
_OFTEN = [
    number for number, (kind, _) in enumerate(_WALK) if kind not in {RemoveProject, CancelProject, ReplaceProject}
]
_STEP = st.sampled_from([*range(len(_WALK)), *_OFTEN, *_OFTEN])
_SAID = {"on": "2022-06-01", "document": "批1号", "reason": "补录"}


def tried(book: Book, command: Command) -> bool:
    """Record the command, or leave the book as it was where it is refused."""
    before = list(book.log)
    try:
        handle(book, command)
    except LedgerError:
        book.log = before
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(st.lists(_STEP, max_size=40), st.lists(st.integers(0, 39), max_size=6))
def test_no_walk_leads_to_a_life_that_contradicts_itself(steps: list[int], undone: list[int]) -> None:
    book = Book().given("open", "adopt")
    book.given(book.like("list", project="P2"))
    first = book.position + 1
    # In the order of life first, so that every stage is reached in some example.
    for number in [*sorted(steps), *steps]:
        kind, values = _WALK[number]
        tried(book, kind.of(**_SAID, project="P1", **values))
        state = book.load(PROJECT, "P1")
        assert project_contradiction("P1", state) == ""
        for stage in state.reached:
            assert set(PREREQUISITES.get(stage, ())) <= set(state.reached)
    for offset in undone:
        ended = set(ENDS) & set(book.load(PROJECT, "P1").reached)
        is_done = tried(book, ReverseEvent.of(position=first + offset, **_SAID))
        state = book.load(PROJECT, "P1")
        assert project_contradiction("P1", state) == ""
        assert not is_done or not ended or state.is_known
