"""The map from events to facts, by itself, over the stored samples of every kind of event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger import events as e
from ledger.errors import TamperedError
from ledger.rules.model import MEASURES, MILESTONES
from projections.facts import FactRow, facts_of
from projections.tables import STAMP, metadata

NOW = "2026-11-23T06:51:36.123Z"
SAMPLES = Path(__file__).parents[2] / "docs" / "events" / "samples"
KINDS = [kind for kind in e.registry if kind is not e.EventReversed]
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.TOPIC)
SIGNED = {"fact_money", "fact_arrear", "fact_asset_source", "fact_income"}
CAUSES = {
    "surplus": "surplus",
    "recovered": "reclaimed",
    "adjusted": "adjusted",
    "replaced": "adjusted",
    "reallocated": "adjusted",
}


def sample(kind: Any, **changes: object) -> Any:  # noqa: ANN401 - any kind of event, whose own fields are read
    state = json.loads((SAMPLES / f"{kind.TOPIC}.1.json").read_bytes())
    return kind.model_validate_json(json.dumps({**state, **changes}))


def reversal_of(event: e.Event, position: int, document: str = "批准") -> e.EventReversed:
    return e.EventReversed(
        effective_on=event.effective_on,
        document=document,
        reason="误",
        reversed_stream=event.stream,
        reversed_version=1,
        reversed_position=position,
        reversed_topic=event.TOPIC,
        reversed_state=e.registry.encode(event).decode(),
        corrected_on=event.effective_on,
    )


def named(row: FactRow) -> dict[str, Any]:
    table, values = row
    return {"table": table, **dict(zip(metadata.tables[table].columns.keys(), values, strict=True))}


SILENT = {
    *(
        e.DocumentUsed,
        e.NoticeApproved,
        e.ProposalPart,
        e.LedgerConfirmed,
        e.PersonEnrolled,
        e.KeyEnrolled,
        e.KeyRevoked,
    ),
    *(e.RoleGranted, e.RoleRevoked, e.RoleDelegated),
    *(e.BackupRestored, e.BackupVerified, e.SubjectErased, e.SubjectRead, e.SubjectRegistered),
}
"""Events that no figure of any report rests on."""


def stated(event: e.Event, table: str = "") -> list[dict[str, Any]]:
    """Return the facts of an event at position 12: those of one table, or all but the citation of its document."""
    facts = map(named, facts_of(event, 12, NOW))
    return [fact for fact in facts if (fact["table"] == table if table else fact["table"] != "fact_citation")]


def money(event: e.Event) -> dict[str, int]:
    return {fact["measure"]: fact["amount_fen"] for fact in stated(event, "fact_money")}


@kinds
def test_every_kind_of_event_is_mapped_to_whole_rows(kind: type[e.Event]) -> None:
    event = sample(kind)
    rows = facts_of(event, 12, NOW)

    assert rows or kind in SILENT
    for table, values in rows:
        columns = metadata.tables[table].columns
        assert len(values) == len(columns)
        for column, value in zip(columns, values, strict=True):
            assert type(value) is column.type.python_type or (column.nullable and value is None), column
        assert values[:6] == (12, values[1], 12, 1, event.effective_on.isoformat(), NOW)
    assert len({(table, values[1]) for table, values in rows}) == len(rows)


@kinds
def test_facts_use_only_the_vocabulary_of_the_rules(kind: type[e.Event]) -> None:
    for fact in stated(sample(kind)):
        if fact["table"] == "fact_money":
            assert fact["measure"] in MEASURES
        if fact["table"] == "fact_milestone" and fact["kind"] != "tranche":
            assert fact["milestone"] in MILESTONES[f"{fact['kind']}s"]


def test_every_word_of_the_vocabulary_comes_from_some_event() -> None:
    withdrawn = [sample(e.MoneyWithdrawn, cause=cause) for cause in CAUSES]
    facts = [fact for event in [*map(sample, KINDS), *withdrawn] for fact in stated(event)]

    assert {fact["measure"] for fact in facts if fact["table"] == "fact_money"} == MEASURES
    reached = {fact["milestone"] for fact in facts if "milestone" in fact}
    assert reached == MILESTONES["projects"] | MILESTONES["assets"]


@kinds
def test_a_reversal_cancels_exactly_the_facts_it_reverses(kind: type[e.Event]) -> None:
    event = sample(kind)
    before = [named(row) for row in facts_of(event, 12, NOW)]
    after = [named(row) for row in facts_of(reversal_of(event, 12), 40, "2026-12-01T00:00:00.000Z")]

    own = after.pop()
    assert (own["table"], own["document"], own["topic"], own["origin"], own["sign"]) == (
        "fact_citation", "批准", "event.reversed", 40, 1,
    )  # fmt: skip
    assert len({(fact["table"], fact["line"]) for fact in (*after, own)}) == len(before) + 1
    for fact, cancelled in zip(before, after, strict=True):
        sums = {"amount_fen"} if fact["table"] in SIGNED else set()
        assert (cancelled["position"], cancelled["origin"], cancelled["sign"]) == (40, 12, -1)
        assert all(cancelled[name] == -fact[name] for name in sums)
        changed = {"position", "sign", "recorded_at", *sums}
        assert {key: fact[key] for key in fact.keys() - changed} == {
            key: cancelled[key] for key in cancelled.keys() - changed
        }


def test_a_reversed_reversal_states_the_first_facts_again() -> None:
    event = sample(e.MoneyAllocated, amount_fen=7)
    rows = facts_of(reversal_of(reversal_of(event, 12), 40, "再批"), 50, NOW)

    fact, reason, *citations = map(named, rows)
    assert (reason["table"], reason["reason"], reason["sign"]) == ("fact_reason", event.reason, 1)
    assert (fact["position"], fact["origin"], fact["sign"], fact["amount_fen"]) == (50, 12, 1, 7)
    assert [(each["line"], each["document"], each["sign"]) for each in citations] == [
        (0, event.document, 1),
        (1, "批准", -1),
        (2, "再批", 1),
    ]


def test_a_reversal_of_something_unknown_is_an_error() -> None:
    unknown = reversal_of(sample(e.MoneyPaid), 3).model_copy(update={"reversed_topic": "no.such"})

    with pytest.raises(TamperedError):
        facts_of(unknown, 4, NOW)


def test_an_event_without_a_mapping_is_an_error() -> None:
    class Strange(e.ProjectStarted, into=e.Registry()):
        TOPIC = "project.strange"

    with pytest.raises(TamperedError) as caught:
        facts_of(Strange(**sample(e.ProjectStarted).model_dump()), 1, NOW)
    assert caught.value.code == "facts.unmapped"


def test_money_without_a_tranche_stands_in_the_year_of_its_project() -> None:
    (fact,) = stated(sample(e.ProjectPlanned, planned_fen=5, project_year=2024, industry=True), "fact_money")

    assert (fact["plan_year"], fact["tranche"], fact["industry"], fact["amount_fen"]) == (2024, "", 1, 5)


@pytest.mark.parametrize(("cause", "measure"), CAUSES.items())
def test_money_that_left_a_project_counts_by_its_cause(cause: str, measure: str) -> None:
    assert money(sample(e.MoneyWithdrawn, amount_fen=7, cause=cause)) == {"funded": -7, measure: 7}
    assert money(sample(e.MoneyRegained, amount_fen=7, cause=cause)) == {"allocated": -7}


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        (e.ReleaseReturned, {"amount_fen": 7}, {"released": -7}),
        (e.PaymentRefunded, {"amount_fen": 7}, {"paid": -7}),
        (e.RetentionHeld, {"amount_fen": 7}, {"retained": 7}),
        (e.RetentionReleased, {"amount_fen": 7}, {"retained": -7}),
        (e.TrancheCarriedOver, {"balance_fen": 7}, {"carried_over": 7}),
        (e.ProjectContracted, {"contract_fen": 7}, {"contracted": 7}),
        (e.ProjectSettled, {"settled_fen": 7}, {"settled": 7}),
        (e.ProjectListed, {"estimate_fen": 7}, {"estimated": 7}),
        (e.ProjectAmended, {"estimate_change_fen": -7}, {"estimated": -7}),
        (e.ProjectDeclared, {"estimate_fen": 7}, {}),
        (e.ProjectCancelled, {"planned_fen": 7}, {"planned": -7}),
        (e.ProjectReplaced, {"planned_fen": 7}, {"planned": -7}),
        (e.ProjectProgressed, {"invested_fen": 0, "percent": 30}, {}),
    ],
)
def test_what_goes_back_lowers_its_measure(
    kind: type[e.Event], amount: dict[str, int], expected: dict[str, int]
) -> None:
    assert money(sample(kind, **amount)) == expected


def test_a_record_is_one_row_with_its_sources_of_money_and_its_targets() -> None:
    event = sample(e.ProjectAmended)

    (record,) = stated(event, "fact_project")
    assert (record["state"], record["content"], record["begin_on"]) == ("listed", "菌棚四座,冷库一座", "2022-02-10")
    assert (record["persons"], record["poor_persons"], record["linkage"]) == (112, 47, "土地流转、务工、分红")
    sources = [(row["line"], row["fund_kind"], row["planned_fen"]) for row in stated(event, "fact_financing")]
    assert sources == [(0, "transition", 300_000_00), (1, "self_raised", 20_000_00)]
    goals = [(row["line"], row["indicator"], row["target"], row["unit"]) for row in stated(event, "fact_goal")]
    assert goals == [(0, "新建菌棚", "3", "座"), (1, "带动脱贫户", "≥12", "户")]
    (declared,) = stated(sample(e.ProjectDeclared), "fact_project")
    assert declared["state"] == "declared"


def test_progress_is_a_fact_only_where_the_report_says_how_much_is_done() -> None:
    (progress,) = stated(sample(e.ProjectProgressed, percent=0), "fact_progress")
    assert progress["percent"] == 0
    assert stated(sample(e.ProjectProgressed), "fact_progress") == []


def test_a_split_becomes_one_row_per_holder_and_no_split_one_row() -> None:
    held = stated(sample(e.RightSet))
    assert [(row["line"], row["holder"], row["numerator"], row["denominator"]) for row in held] == [
        (0, "N2520203MF0001", 2, 3),
        (1, "N2520203MF0002", 1, 3),
    ]
    (row,) = stated(sample(e.RightSet, status="unsettled", holdings=[]))
    assert (row["status"], row["holder"], row["numerator"]) == ("unsettled", "", 0)


def test_every_event_of_an_asset_is_a_step_in_its_words() -> None:
    asset_kinds = [kind for kind in KINDS if kind.TOPIC.startswith("asset.")]
    for kind in asset_kinds:
        (step,) = stated(sample(kind), "fact_asset_step")
        assert f"asset.{step['step']}" == kind.TOPIC

    (noticed,) = stated(sample(e.OwnershipNoticed, basis_inputs=["300", "600"]), "fact_asset_step")
    assert (noticed["from_on"], noticed["deadline"], noticed["note"]) == ("2022-11-21", "2022-11-30", "300、600")
    (opened,) = stated(sample(e.RevivalOpened, revival="PH1", deadline="2025-06-30"), "fact_asset_step")
    assert (opened["code"], opened["deadline"]) == ("PH1", "2025-06-30")
    (handed,) = stated(sample(e.AssetHandedOver, documents=["验收报告", "图纸"], debts_fen=7), "fact_asset_step")
    assert (handed["note"], handed["amount_fen"]) == ("验收报告、图纸", 7)


def test_what_changes_an_asset_says_by_how_much_and_in_which_aspect() -> None:
    stated_changes = {
        kind: [(row["aspect"], row["change_fen"], row["depreciation_fen"], row["life"])]
        for kind in KINDS
        for row in stated(sample(kind), "fact_asset_state")
    }
    assert stated_changes == {
        e.AssetClassified: [("class", 0, 0, "live")],
        e.AssetRelocated: [("place", 0, 0, "live")],
        e.ValueFinalised: [("final", sample(e.ValueFinalised).change_fen, 0, "live")],
        e.ValueAdded: [("value", sample(e.ValueAdded).change_fen, 0, "live")],
        e.AssetSplit: [("value", -10_000_000, 0, "live")],
        e.AssetMergedFrom: [("value", 10_000_000, 0, "live")],
        e.DifferenceApproved: [("value", sample(e.DifferenceApproved).change_fen, 0, "live")],
        e.DepreciationPosted: [("depreciation", 0, sample(e.DepreciationPosted).amount_fen, "live")],
        e.AssetMergedInto: [("life", -10_000_000, 0, "merged")],
        e.AssetDisposed: [("life", 0, 0, "disposed")],
        e.AssetClosed: [("life", 0, 0, "closed")],
    }


def test_money_behind_an_asset_goes_where_the_value_goes() -> None:
    sources = [{"fund_kind": "transition", "level": "central", "amount_fen": 7}]
    signs = {e.AssetIdentified: 7, e.ValueAdded: 7, e.AssetSplit: -7, e.AssetSplitOff: 7, e.AssetMergedFrom: 7}
    for kind, fen in {**signs, e.AssetMergedInto: -7}.items():
        (row,) = stated(sample(kind, sources=sources), "fact_asset_source")
        assert (row["fund_kind"], row["level"], row["amount_fen"]) == ("transition", "central", fen)


def test_an_asset_split_off_is_born_with_the_life_it_had_reached() -> None:
    event = sample(e.AssetSplitOff, reached=["identified", "confirmed"])
    assert [row["milestone"] for row in stated(event, "fact_milestone")] == ["identified", "confirmed"]
    (born,) = stated(event, "fact_asset")
    assert (born["parent"], born["value_fen"]) == ("LZ-2022-0001", 10_000_000)


def test_a_contract_is_a_row_for_each_asset_and_each_due() -> None:
    dues = [{"on": "2025-07-01", "amount_fen": 5}, {"on": "2025-12-31", "amount_fen": 6, "what": "principal"}]
    event = sample(e.ContractSigned, assets=["A1", "A2"], dues=dues, clauses=["risk", "exit"])
    terms = stated(event, "fact_contract")
    assert [(row["line"], row["asset"], row["clauses"]) for row in terms] == [
        (0, "A1", "risk exit"),
        (1, "A2", "risk exit"),
    ]
    owed = [(row["due_on"], row["what"], row["amount_fen"]) for row in stated(event, "fact_due")]
    assert owed == [("2025-07-01", "rent", 5), ("2025-12-31", "principal", 6)]
    (received,) = stated(sample(e.RentReceived, amount_fen=5, what="buy_back"), "fact_income")
    assert (received["measure"], received["what"], received["amount_fen"]) == ("received", "buy_back", 5)


def test_a_plan_says_its_base_what_each_gets_and_what_is_left() -> None:
    lines = [{"payee": "village", "amount_fen": 40}, {"payee": "posts", "amount_fen": 60}]
    event = sample(e.DistributionPlanned, base_fen=110, lines=lines, undistributed_fen=10)
    planned = [(row["measure"], row["payee"], row["amount_fen"]) for row in stated(event, "fact_income")]
    assert planned == [
        ("base", "", 110),
        ("undistributed", "", 10),
        ("planned", "village", 40),
        ("planned", "posts", 60),
    ]


def test_every_step_of_a_finding_says_where_it_belongs_and_what_it_tells() -> None:
    opened, closed = (stated(sample(kind))[0] for kind in (e.FindingOpened, e.FindingClosed))

    shared = ("finding", "area", "source", "kind", "unit", "deadline")
    assert [opened[name] for name in shared] == [closed[name] for name in shared]
    assert (opened["step"], closed["step"]) == ("opened", "closed")
    assert opened["title"]
    assert closed["by"]


def test_a_document_is_cited_by_the_thing_whose_event_names_it() -> None:
    (cited,) = stated(sample(e.MoneyPaid, document="文9", project="P7"), "fact_citation")
    assert (cited["document"], cited["topic"], cited["kind"], cited["subject"], cited["role"]) == (
        "文9", "project.paid", "project", "P7", "",
    )  # fmt: skip
    (attached,) = stated(sample(e.DocumentAttached, number="文8", document="文8"), "fact_citation")
    assert (attached["document"], attached["kind"], attached["role"]) == ("文8", "project", "audit")
    registered = sample(e.DocumentRegistered, number="文8", document="文8")
    assert stated(registered, "fact_citation") == []
    (mended,) = stated(sample(e.DocumentAmended, number="文8", document="文9"), "fact_citation")
    assert (mended["document"], mended["kind"], mended["subject"]) == ("文9", "document", "文8")
    assert stated(sample(e.MoneyPaid, document=""), "fact_citation") == []


def test_every_table_begins_with_the_stamp() -> None:
    for name, table in metadata.tables.items():
        if name.startswith("fact_"):
            assert tuple(table.columns.keys()[:6]) == STAMP
