"""The map from events to facts, by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import events as e
from ledger.errors import TamperedError
from ledger.rules.model import MEASURES, MILESTONES
from projections.facts import FactRow, facts_of
from projections.tables import STAMP, metadata

NOW = "2026-11-23T06:51:36.123Z"
PLACE: dict[str, Any] = {"area": "520201", "town": "520201001", "village": ""}
PROJECT: dict[str, Any] = {**PLACE, "project": "P", "project_year": 2024, "project_type": "crop_base", "industry": True}
FUND: dict[str, Any] = {
    "tranche": "T",
    "plan_year": 2023,
    "fund_kind": "transition",
    "level": "central",
    "direction": "consolidation",
    "amount_fen": 7,
}
ASSET: dict[str, Any] = {
    **PLACE,
    "asset": "A",
    "project": "P",
    "project_year": 2024,
    "asset_class": "public",
    "asset_form": "fixed",
    "value_fen": 9,
}
LEG: dict[str, Any] = {**FUND, "area": "520201", "transfer_id": "X"}
OWNERS = (
    e.Holding(holder="V1", kind="village_collective", numerator=1, denominator=3),
    e.Holding(holder="V2", kind="village_collective", numerator=2, denominator=3),
)
SUBJECT = e.Subject(kind="project", code="P", area="520201", year=2024, type="crop_base")
VALUES: dict[type[e.Event], dict[str, Any]] = {
    e.TrancheIssued: {**FUND, "area": "520201", "issuer": "财政厅", "advance": True},
    e.TrancheReceived: {**LEG, "parent": "C"},
    e.TrancheDistributed: {**LEG, "child": "C", "child_area": "520204"},
    e.TrancheRecovered: {**FUND, "area": "520201", "recovered_by": "财政厅"},
    e.TrancheReturned: {**LEG, "child": "C"},
    e.MoneyAllocated: {**FUND, **PROJECT, "transfer_id": "X"},
    e.ProjectFunded: {**FUND, **PROJECT, "transfer_id": "X"},
    e.MoneyReleased: {**FUND, **PROJECT},
    e.MoneyPaid: {**FUND, **PROJECT},
    e.MoneyReimbursed: {**FUND, **PROJECT},
    e.ProjectListed: {**PROJECT, "name": "项目", "estimate_fen": 5},
    e.ProjectPlanned: {**PROJECT, "planned_fen": 5},
    e.ProjectProgressed: {**PROJECT, "invested_fen": 5},
    e.ProjectFormedAsset: {**PROJECT, "asset": "A", "value_fen": 5, "formation_id": "F1"},
    e.AssetIdentified: {**ASSET, "name": "资产", "provisional": True},
    e.OwnershipNoticed: {
        **ASSET,
        "owners": OWNERS,
        "channel": "village_board",
        "from_on": date(2024, 1, 1),
        "to_on": date(2024, 1, 8),
    },
    e.AssetConfirmed: {**ASSET, "owners": OWNERS, "confirmation_id": "1"},
    e.AssetCertified: {**ASSET, "certificate": "证"},
    e.AssetHandedOver: {**ASSET, "giver": "甲", "receiver": "乙", "supervisor": "丙"},
    e.AssetBooked: {**ASSET, "books": "state", "voucher": "1"},
    e.RightSet: {**ASSET, "right": "ownership", "status": "held", "holdings": OWNERS, "basis": "agreed"},
    e.NoticePublished: {
        "notice": "N",
        "template": "plan",
        "title": "计划",
        "area": "520201",
        "subjects": (SUBJECT, SUBJECT),
        "channel": "website",
        "from_on": date(2024, 1, 1),
        "to_on": date(2024, 2, 1),
        "position": 4,
    },
    e.AreasListed: {"areas": (e.AreaEntry(code="520299", name="某县", valid_from=date(2024, 1, 1)),)},
    e.RulePackAdopted: {"pack": "base", "version": "1", "text": "…"},
    e.LedgerOpened: {"area": "520200", "name": "账本", "origin": "o"},
    e.DocumentUsed: {"number": "文1", "tranche": "T", "purpose": "520201/2024"},
    e.DocumentRegistered: {"number": "文1", "issuer": "财政厅", "dated": date(2024, 1, 1)},
}
KINDS = [kind for kind in e.registry if kind is not e.EventReversed]
SILENT = {e.DocumentRegistered, e.DocumentUsed, e.ProjectFormedAsset}


def sample(kind: type[e.Event]) -> e.Event:
    return kind(effective_on=date(2024, 5, 6), document="文1", **VALUES.get(kind, PROJECT))


def reversal_of(event: e.Event, position: int) -> e.EventReversed:
    return e.EventReversed(
        effective_on=event.effective_on,
        document="批准",
        reason="误",
        reversed_stream=event.stream,
        reversed_version=1,
        reversed_position=position,
        reversed_topic=event.TOPIC,
        reversed_state=e.registry.encode(event).decode(),
        corrected_on=date(2026, 1, 1),
    )


def named(row: FactRow) -> dict[str, Any]:
    table, values = row
    return dict(zip(metadata.tables[table].columns.keys(), values, strict=True))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.TOPIC)
def test_every_kind_of_event_is_mapped_to_whole_rows(kind: type[e.Event]) -> None:
    rows = facts_of(sample(kind), 12, NOW)

    assert bool(rows) == (kind not in SILENT)
    for table, values in rows:
        columns = metadata.tables[table].columns
        assert len(values) == len(columns)
        for column, value in zip(columns, values, strict=True):
            assert type(value) is column.type.python_type or (column.nullable and value is None), column
        assert values[:6] == (12, values[1], 12, 1, "2024-05-06", NOW)
    assert len({(table, values[1]) for table, values in rows}) == len(rows)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.TOPIC)
def test_facts_use_only_the_vocabulary_of_the_rules(kind: type[e.Event]) -> None:
    for row in facts_of(sample(kind), 12, NOW):
        fact = named(row)
        assert fact.get("measure", "issued") in MEASURES
        if "milestone" in fact and fact["kind"] != "tranche":
            assert fact["milestone"] in MILESTONES[f"{fact['kind']}s"]


def test_every_word_of_the_vocabulary_comes_from_some_event() -> None:
    facts = [named(row) for kind in KINDS for row in facts_of(sample(kind), 12, NOW)]

    assert {fact["measure"] for fact in facts if "measure" in fact} == MEASURES
    reached = {fact["milestone"] for fact in facts if "milestone" in fact}
    assert reached == MILESTONES["projects"] | MILESTONES["assets"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.TOPIC)
def test_a_reversal_cancels_exactly_the_facts_it_reverses(kind: type[e.Event]) -> None:
    event = sample(kind)
    stated = [named(row) for row in facts_of(event, 12, NOW)]
    cancelled = [named(row) for row in facts_of(reversal_of(event, 12), 40, "2026-12-01T00:00:00.000Z")]

    assert len(stated) == len(cancelled)
    for before, after in zip(stated, cancelled, strict=True):
        assert (after["position"], after["origin"], after["sign"]) == (40, 12, -1)
        assert after.get("amount_fen") == (-before["amount_fen"] if "measure" in before else before.get("amount_fen"))
        changed = {"position", "sign", "recorded_at", *({"amount_fen"} if "measure" in before else ())}
        assert {key: before[key] for key in before.keys() - changed} == {
            key: after[key] for key in after.keys() - changed
        }


def test_a_reversed_reversal_states_the_first_facts_again() -> None:
    event = sample(e.MoneyAllocated)
    (row,) = facts_of(reversal_of(reversal_of(event, 12), 40), 50, NOW)

    fact = named(row)
    assert (fact["position"], fact["origin"], fact["sign"], fact["amount_fen"]) == (50, 12, 1, 7)


def test_a_reversal_of_something_unknown_is_an_error() -> None:
    unknown = reversal_of(sample(e.MoneyPaid), 3).model_copy(update={"reversed_topic": "no.such"})

    with pytest.raises(TamperedError):
        facts_of(unknown, 4, NOW)


def test_an_event_without_a_mapping_is_an_error() -> None:
    class Strange(e.ProjectStarted, into=e.Registry()):
        TOPIC = "project.strange"

    with pytest.raises(TamperedError) as caught:
        facts_of(Strange(effective_on=date(2024, 1, 1), **PROJECT), 1, NOW)
    assert caught.value.code == "facts.unmapped"


def test_money_without_a_tranche_stands_in_the_year_of_its_project() -> None:
    fact = next(named(row) for row in facts_of(sample(e.ProjectPlanned), 1, NOW) if row[0] == "fact_money")

    assert (fact["plan_year"], fact["tranche"], fact["industry"], fact["amount_fen"]) == (2024, "", 1, 5)


def test_a_split_becomes_one_row_per_holder_and_no_split_one_row() -> None:
    held = [named(row) for row in facts_of(sample(e.RightSet), 1, NOW)]
    assert [(row["line"], row["holder"], row["numerator"], row["denominator"]) for row in held] == [
        (0, "V1", 1, 3),
        (1, "V2", 2, 3),
    ]
    unsettled = e.RightSet(effective_on=date(2024, 1, 1), right="income", status="unsettled", **ASSET)
    (row,) = map(named, facts_of(unsettled, 1, NOW))
    assert (row["status"], row["holder"], row["numerator"]) == ("unsettled", "", 0)


def test_every_table_begins_with_the_stamp() -> None:
    for name, table in metadata.tables.items():
        if name.startswith("fact_"):
            assert tuple(table.columns.keys()[:6]) == STAMP
