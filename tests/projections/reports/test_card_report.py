"""The card of one asset: everything that is known of it, and the same for ever."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import NotFoundError
from projections.catch_up import rebuild
from projections.reports.card import card
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)
CENTRAL = {"fund_kind": "transition", "level": "central"}


def lived(history: History) -> int:
    """Record an asset with a history, and return the last position."""
    history.asset("A", 100, about={"sources": [{**CENTRAL, "amount_fen": 100}], "document": "登1"})
    history.asset("OTHER", 9)
    history.of_asset(e.OwnershipNoticed, "A", date(2024, 4, 1), document="公1", **notice())
    history.hold("A", "ownership", ("state_unit", 1, 1), on=date(2024, 4, 20))
    history.hold("A", "ownership", ("village_collective", 1, 1), on=date(2024, 5, 20))
    history.of_asset(
        e.ValueAdded,
        "A",
        date(2024, 6, 1),
        document="续1",
        value_fen=140,
        change_fen=40,
        added_by="P2",
        sources=[{"fund_kind": "self_raised", "level": "county", "amount_fen": 40}],
    )
    history.record(
        e.SchemeOpened(effective_on=END, scheme="SY1", area="520201", name="电站", assets=("A", "OTHER")),
        e.IncomePosted(effective_on=END, scheme="SY1", area="520201", asset="A", period="2024", amount_fen=12),
        e.CostPosted(effective_on=END, scheme="SY1", area="520201", period="2024", cost="om", amount_fen=3),
        e.IncomePosted(effective_on=END, scheme="SY1", area="520201", asset="OTHER", period="2024", amount_fen=5),
    )
    history.of_asset(e.DisposalProposed, "A", END, disposal="CZ1", why="obsolete", way="scrap")
    counts: dict[str, object] = {"members": 30, "present": 25, "in_favour": 21, "notice_days": 10}
    history.of_asset(e.DisposalVoted, "A", END, disposal="CZ1", body="members", party_first=True, **counts)
    return history.of_asset(e.AssetDisposed, "A", END, disposal="CZ1", way="scrap", document="批1")


def notice() -> dict[str, object]:
    owner = e.Holding(holder="V1", kind="village_collective", numerator=1, denominator=1)
    return {
        "owners": (owner,),
        "channel": "village_board",
        "from_on": date(2024, 4, 1),
        "to_on": date(2024, 4, 10),
    }


def test_the_card_tells_all_of_it_in_order_with_documents_and_positions(history: History) -> None:
    lived(history)
    answer: Any = card(history.engine, Question("520201", as_of=END), "A")

    steps = [(row.on, row.step, row.document) for row in answer.rows]
    assert steps == [
        ("2024-03-04", "identified", "登1"),
        ("2024-04-01", "ownership_noticed", "公1"),
        ("2024-06-01", "value_added", "续1"),
        ("2024-12-31", "disposal_proposed", ""),
        ("2024-12-31", "disposal_voted", ""),
        ("2024-12-31", "disposed", "批1"),
    ]
    assert [row.position for row in answer.rows] == sorted(row.position for row in answer.rows)
    noticed = answer.rows[1]
    assert (noticed.what, noticed.from_on, noticed.deadline) == ("village_board", "2024-04-01", "2024-04-10")
    more = answer.more
    assert (more["identity"]["life"], more["identity"]["value_fen"]) == ("disposed", 140)
    assert [(each["level"], each["amount_fen"]) for each in more["sources"]] == [("central", 100), ("county", 40)]
    assert [(each["change_fen"], each["value_fen"], each["document"]) for each in more["values"]] == [
        (100, 100, "登1"),
        (40, 140, "续1"),
    ]
    assert [each["holder_kind"] for each in more["settings"]] == ["state_unit", "village_collective"]
    assert [(each["right"], each.get("kind"), each["status"]) for each in more["rights"]][:2] == [
        ("ownership", "village_collective", "held"),
        ("operation", None, None),
    ]
    assert [(each["members"], each["in_favour"], each["party_first"]) for each in more["votes"]] == [(30, 21, 1)]
    assert [(each["cost"], each["own"], each["amount_fen"]) for each in more["income"]] == [
        ("om", False, 3),
        (None, True, 12),
    ]


def test_a_card_of_a_day_in_the_past_is_the_same_after_all_that_came_later(history: History) -> None:
    last = lived(history)
    asked = Question("520201", as_of=date(2024, 5, 1), known_at=last)
    printed = json.dumps(card(history.engine, asked, "A").as_json(), ensure_ascii=False)
    history.of_asset(e.ConditionAssessed, "A", date(2024, 4, 30), condition="good")
    history.reverse(1)
    rebuild(history.engine)

    assert json.dumps(card(history.engine, asked, "A").as_json(), ensure_ascii=False) == printed
    with pytest.raises(NotFoundError):
        card(history.engine, Question("520201", as_of=date(2024, 5, 1)), "A")


def test_both_databases_print_the_same_card(both_histories: tuple[History, History]) -> None:
    printed = []
    for history in both_histories:
        lived(history)
        answer = card(history.engine, Question("520201", as_of=END), "A").as_json()
        printed.append(json.dumps({key: value for key, value in answer.items() if key != "root"}, ensure_ascii=False))
    assert printed[0] == printed[1]


def test_an_asset_that_was_not_there_yet_has_no_card(history: History) -> None:
    history.asset("A", 100)

    with pytest.raises(NotFoundError) as caught:
        card(history.engine, Question("520201", as_of=date(2024, 3, 3)), "A")
    assert caught.value.code == "report.asset_unknown"
