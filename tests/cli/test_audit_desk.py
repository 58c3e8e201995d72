"""The auditor's desk over a ledger that was typed in: replay, differences, samples, timelines, trails, the bundle."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

AT = ("--year", "2022", "--as-of", "2022-12-31")


def altered(program: Program, statement: str) -> None:
    with closing(sqlite3.connect(program.url)) as database:
        database.execute(statement)
        database.commit()


def test_the_desk_works_on_each_kind_of_database(year: Program, tmp_path: Path) -> None:
    told = year.json("audit", "replay", *AT)

    assert told["same"] is True
    assert told["events"] == told["position"] == year.position()
    assert told["facts"]["fact_money"] > 0
    assert {each["report"] for each in told["reports"]} >= {"share", "rates", "rights", "quarterly"}
    assert sum(each["figures"] for each in told["reports"]) > 0

    for report in ("flow", "rates", "quarterly", "rights"):
        assert year.json("audit", "explain", report, *AT)["figures"] > 0
    assert year.json("audit", "sample", "--n", "9", "--stratify", "amount", *AT)["drawn"]
    assert year.json("audit", "diff", "--from", "1", "--to", "9", "--report", "balance", *AT)["changed"]
    assert year.json("audit", "diff", "--from", "2022-01-09", "--to", "2022-02-03", "--report", "share")["changed"]
    assert year.json("audit", "timeline", "A1")["entries"]
    assert year.json("audit", "trace", "A1")["trees"]
    year.ok("audit", "bundle", "-o", str(tmp_path / "a.zip"), *AT)
    assert verified(tmp_path / "a.zip", tmp_path / "a") == (0, "全部相符:文件、流水、检查点\n")
    for form in ("journal", "sqlite", "xlsx", "oc4ids"):
        year.ok("export", form, "-o", str(tmp_path / form), *AT)


def test_a_replay_finds_a_changed_fact_and_the_reports_that_it_falsifies(built: Program) -> None:
    altered(built, "UPDATE fact_money SET amount_fen = amount_fen + 1 WHERE measure = 'paid'")

    done = built.run("-f", "json", "audit", "replay", *AT)

    told = json.loads(done.stdout)
    assert done.exit_code == 5
    assert [each["table"] for each in told["differences"]] == ["fact_money"]
    wrong = {each["report"] for each in told["reports"] if not each["same"]}
    assert "flow" in wrong
    assert "rights" not in wrong


def test_a_replay_up_to_a_position_compares_what_was_known_there(built: Program) -> None:
    altered(built, "UPDATE fact_money SET amount_fen = amount_fen + 1 WHERE measure = 'paid'")
    paid = next(
        row["position"]
        for row in built.json("audit", "log", "--from", "1", "--limit", "99")
        if row["topic"] == "project.paid"
    )

    assert built.json("audit", "replay", "--to", str(paid - 1), *AT)["same"] is True
    assert built.run("audit", "replay", "--to", str(paid), *AT).exit_code == 5


def test_nothing_is_replayed_from_bytes_that_do_not_verify(built: Program) -> None:
    altered(built, "DROP TRIGGER event_no_update")
    altered(built, "UPDATE event SET state = CAST(replace(state, '20', '21') AS BLOB) WHERE position = 5")

    done = built.run("-f", "json", "audit", "replay", *AT)

    assert done.exit_code == 5
    assert done.stdout == ""
    assert json.loads(done.stderr)["code"] == "replay.not_verified"


def test_a_replay_beyond_the_log_is_refused(built: Program) -> None:
    code, error = built.refused("audit", "replay", "--to", "9999")
    assert (code, error["code"]) == (1, "replay.beyond")


LATE = (
    "payment release P1 --amount 200 --date 2022-02-10",
    "payment pay P1 --amount 100 --date 2022-02-11",
)


def test_the_difference_of_two_known_moments_lists_exactly_what_was_planted_late(built: Program) -> None:
    before = built.position()
    for line in LATE:
        built.ok(*line.split())
    built.ok("payment", "pay", "P1", "--amount", "7", "--date", "2099-01-01", "--reason", "试")  # of a day to come
    told = built.json("audit", "diff", "--from", str(before), "--to", str(before + 3), *AT, "--report", "flow")

    assert [(each["position"], each["topic"], each["effective_on"]) for each in told["late"]] == [
        (before + 1, "project.released", "2022-02-10"),
        (before + 2, "project.paid", "2022-02-11"),
    ]
    total = {
        each["column"]: each for each in told["changed"] if each["keys"]["row"] == "total" and not each["keys"]["level"]
    }
    assert {column: each["after"] - each["before"] for column, each in total.items()} == {
        "released_fen": 20_000,
        "unreleased_fen": -20_000,
        "paid_fen": 10_000,
        "unpaid_fen": 10_000,
    }
    assert total["paid_fen"]["steps"] == [{"positions": [before + 2], "change": 10_000}]


def test_a_correction_is_listed_as_one(built: Program) -> None:
    before = built.position()
    paid = next(
        row["position"]
        for row in built.json("audit", "log", "--from", "1", "--limit", "99")
        if row["topic"] == "project.reimbursed"
    )
    built.ok(*f"correct undo {paid} --reason 记错 --doc 更正1号 --date 2023-02-01".split())

    told = built.json("audit", "diff", "--from", str(before), "--to", str(before + 1), *AT, "--report", "rates")

    assert [(each["effective_on"], each["correction"]) for each in told["late"]] == [("2022-02-04", True)]


def test_the_difference_of_two_days_names_the_events_of_the_days_between(built: Program) -> None:
    told = built.json(
        "audit", "diff", "--from", "2022-02-01", "--to", "2022-02-03", "--year", "2022", "--report", "flow"
    )

    assert told["kind"] == "days"
    total = {
        each["column"]: each for each in told["changed"] if each["keys"]["row"] == "total" and not each["keys"]["level"]
    }
    assert total["paid_fen"]["after"] == 150_000_001
    (step,) = total["paid_fen"]["steps"]
    (position,) = step["positions"]
    assert built.json("audit", "show", str(position))["topic"] == "project.paid"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("--from", "2022-02-01", "--to", "5"), "diff.mixed"),
        (("--from", "2022-02-02", "--to", "2022-02-01"), "diff.backwards"),
        (("--from", "6", "--to", "5"), "diff.backwards"),
    ],
)
def test_moments_that_cannot_be_compared_are_refused(built: Program, words: tuple[str, ...], kind: str) -> None:
    code, error = built.refused("audit", "diff", *words)
    assert (code, error["code"]) == (1, kind)


def test_a_sample_is_the_same_for_the_same_seed_and_prints_its_seed(built: Program) -> None:
    for amount in range(1, 9):
        built.ok(*f"payment pay P1 --amount {amount} --date 2022-03-0{amount}".split())
    asked = ("audit", "sample", "--n", "4", *AT)

    first = built.json(*asked)
    again = built.json(*asked, "--seed", first["seed"])
    other = [built.json(*asked, "--seed", str(seed))["drawn"] for seed in range(4)]

    assert first["drawn"] == again["drawn"]
    assert len({each["position"] for each in first["drawn"]}) == 4
    assert any(drawn != first["drawn"] for drawn in other)


@pytest.mark.parametrize("stratify", ["level", "area", "type", "amount"])
def test_strata_hold_the_whole_population_and_give_in_proportion(built: Program, stratify: str) -> None:
    for amount in range(1, 8):
        built.ok(*f"payment pay P1 --amount {amount} --date 2022-03-0{amount}".split())

    told = built.json("audit", "sample", "--n", "4", "--seed", "x", "--stratify", stratify, *AT)

    assert sum(each["entries"] for each in told["strata"]) == 8
    assert sum(each["amount_fen"] for each in told["strata"]) == 150_000_001 + 2_800
    assert sum(each["drawn"] for each in told["strata"]) == len(told["drawn"]) == 4
    assert len(told["strata"]) == (4 if stratify == "amount" else 1)


def test_a_reversed_payment_is_not_drawn(built: Program) -> None:
    paid = next(
        row["position"]
        for row in built.json("audit", "log", "--from", "1", "--limit", "99")
        if row["topic"] == "project.reimbursed"
    )
    asked = ("audit", "sample", "--n", "1", "--measure", "reimbursed", *AT)
    assert [each["position"] for each in built.json(*asked)["drawn"]] == [paid]

    built.ok(*f"correct undo {paid} --reason 记错 --doc 更正1号 --date 2023-02-01".split())

    assert built.json(*asked)["drawn"] == []


def test_a_timeline_holds_what_other_streams_say_of_the_project(built: Program) -> None:
    told = built.json("audit", "timeline", "P1")

    topics = [each["topic"] for each in told["entries"]]
    days = [each["effective_on"] for each in told["entries"]]
    assert {"project.listed", "tranche.allocated", "project.paid", "project.accepted", "asset.identified"} <= set(
        topics
    )
    assert days == sorted(days)
    assert built.refused("audit", "timeline", "P404")[1]["code"] == "timeline.unknown"


def nodes(trees: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return [
        found
        for tree in trees
        for found in ((tree["kind"], tree["code"], tree["amount_fen"]), *nodes(tree["children"]))
    ]


def test_a_trail_leads_from_the_first_document_to_the_asset_and_its_income(built: Program) -> None:
    built.ok(*["asset", "confirm", "A1", "--date", "2022-06-11"])
    built.ok(*["income", "open", "S1", "--name", "大棚收益", "--asset", "A1", "--date", "2022-09-01"])
    built.ok(*["income", "post", "S1", "--period", "2022", "--amount", "1万元", "--date", "2022-12-31"])

    for start in ("P1", "A1", "T2"):
        assert nodes(built.json("audit", "trace", start)["trees"]) == [
            ("issued", "T1", 1_000_000_000),
            ("received", "T2", 500_000_000),
            ("funded", "P1", 300_000_000),
            ("released", "", 200_000_000),
            ("paid", "", 150_000_001),
            ("reimbursed", "", 100_000_000),
            ("asset", "A1", 300_000_000),
            ("income", "S1", 1_000_000),
        ]
    assert built.refused("audit", "trace", "P404")[1]["code"] == "trace.unknown"


def test_a_bundle_is_the_same_twice_and_its_own_verifier_accepts_it(built: Program, tmp_path: Path) -> None:
    bundles = [tmp_path / "a.zip", tmp_path / "b.zip"]
    told = [built.json("audit", "bundle", "-o", str(bundle), *AT) for bundle in bundles]

    assert bundles[0].read_bytes() == bundles[1].read_bytes()
    assert {"events.jsonl", "facts/fact_money.csv", "reports/2022/share.json", "verify.py"} <= told[0]["files"].keys()
    assert verified(bundles[0], tmp_path / "whole") == (0, "全部相符:文件、流水、检查点\n")
    assert built.refused("audit", "bundle", "-o", str(bundles[0]))[1]["code"] == "export.exists"


def test_the_verifier_finds_a_changed_event_even_where_the_manifest_was_changed_with_it(
    built: Program, tmp_path: Path
) -> None:
    bundle = tmp_path / "a.zip"
    built.ok("audit", "bundle", "-o", str(bundle), *AT)
    folder = tmp_path / "changed"
    unpack(bundle, folder)
    events = folder / "events.jsonl"
    events.write_text(events.read_text("utf-8").replace("食用菌", "食用茵"), encoding="utf-8")

    code, said = run_verifier(folder)
    assert code == 1
    assert "文件被改动 events.jsonl" in said
    assert "检查点不符" in said


def test_a_bundle_up_to_the_middle_of_a_batch_verifies(built: Program, tmp_path: Path) -> None:
    middle = next(
        row["position"]
        for row in built.json("audit", "log", "--from", "1", "--limit", "99")
        if row["topic"] == "tranche.distributed"
    )
    bundle = tmp_path / "a.zip"
    built.ok("audit", "bundle", "-o", str(bundle), *AT, "--known-at", str(middle))

    assert verified(bundle, tmp_path / "middle")[0] == 0


def unpack(bundle: Path, folder: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)


def run_verifier(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "verify.py"],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def verified(bundle: Path, folder: Path) -> tuple[int, str]:
    unpack(bundle, folder)
    return run_verifier(folder)
