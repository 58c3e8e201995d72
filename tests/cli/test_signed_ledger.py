"""The way of a signed ledger on the command line: keys, founders, people, proposals, agreement, audit."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from cli.event_rows import EventLines
from ledger.dates import today
from ledger.events import TrancheIssued
from tests.cli.office import ADMIN, APPROVER, CHECKER, DISTRIBUTE, ISSUE, MAKER, PUBLISHER, SECOND

if TYPE_CHECKING:
    from tests.cli.office import Office

DRAFT = "notice draft allocation --area 520200 --year 2022 --as-of 2022-12-31"
SHOWN = f"--channel 政府网站 --from {today()}"


def test_a_sum_goes_from_the_maker_through_the_checker_to_the_approver_and_counts_only_then(staffed: Office) -> None:
    printed = staffed.ok(MAKER, ISSUE.format("1000万元"))
    assert "已提出 S-" in printed
    assert "现在不计入报表" in printed
    code = staffed.json("", "inbox")["proposals"][0]["proposal"]
    assert staffed.json("", "report balance")["rows"] == []

    assert staffed.refused(APPROVER, f"approve {code} --yes")["code"] == "proposal.unchecked"
    shown = staffed.ok(CHECKER, f"check {code}", answer="y\n")
    assert "10,000,000.00 元(人民币壹仟万元整)" in shown
    assert "已记账" in staffed.ok(APPROVER, f"approve {code}", answer="y\n")

    assert [each["tranche"] for each in staffed.json("", "report balance")["rows"] if each["tranche"]] == ["T1"]
    waiting = staffed.json("", "inbox")["waiting"]
    assert waiting == {"count": 0, "total_fen": 0}
    assert staffed.json("", f"proposal show {code}")["state"] == "approved"
    verified = staffed.json("", "audit verify")
    assert (verified["ok"], verified["mode"], verified["unsigned"]) == (True, "signed", 0)


def test_what_is_signed_is_read_from_the_log_and_decided_again_not_taken_from_the_facts(staffed: Office) -> None:
    code = staffed.json(MAKER, ISSUE.format("49万元"))["proposal"]
    with closing(sqlite3.connect(staffed.url)) as raw:
        raw.execute("UPDATE fact_proposal SET total_fen = 100, subject = 'document:办公用品', command = 'doc register'")
        raw.commit()
    shown = staffed.ok(APPROVER, f"approve {code}", answer="y\n")
    assert "490,000.00 元(人民币肆拾玖万元整)" in shown
    assert "办公用品" not in shown


def test_whoever_agrees_sees_every_entry_with_its_project_in_chinese(staffed: Office) -> None:
    for line in (
        ISSUE.format("49万元").replace("520200", "520203"),
        "project add P1 --name 茶厂 --area 520203 --year 2022 --type 加工业 --goal 增收 --date 2022-01-10",
        "project approve P1 --date 2022-01-11 --doc 批1号",
    ):
        code = staffed.json(MAKER, line).get("proposal")
        if code:
            staffed.ok(APPROVER, f"approve {code} --yes")
    allocated = "fund allocate --tranche T1 --project P1 --amount 20万元 --doc 排1号 --date 2022-01-15"
    code = staffed.json(MAKER, allocated)["proposal"]
    for shown in (staffed.ok("", f"proposal show {code}"), staffed.ok(APPROVER, f"approve {code}", answer="y\n")):
        assert "资金批次 T1,项目 P1" in shown
        assert "200,000.00" in shown
        assert not re.search(r"[a-z]+_[a-z]+", shown), shown
    assert "项目 P1" in staffed.ok("", f"proposal show {code} --all")
    recorded = staffed.json("", f"proposal show {code}")["events"]
    assert [each["topic"] for each in recorded] == ["tranche.allocated", "project.funded"]


def test_a_long_proposal_is_added_up_where_not_every_entry_is_shown() -> None:
    lines = EventLines(2)
    for number in range(3):
        lines.take(
            TrancheIssued(
                effective_on=today(),
                tranche=f"T{number}",
                area="520200",
                plan_year=2022,
                fund_kind="transition",
                level="central",
                direction="consolidation",
                amount_fen=1_00 + number,
                issuer="省厅",
            )
        )
    whole, first = lines.tables("会记入的内容")
    assert [row[1:] for row in whole.rows] == [["3", "3.03"]]
    assert len(first.rows) == 2
    assert "共 3 条" in first.notes[0]


def test_whoever_says_no_records_nothing(staffed: Office) -> None:
    code = staffed.json(MAKER, ISSUE.format("10万元"))["proposal"]
    assert staffed.run(APPROVER, f"approve {code}", answer="n\n").exit_code != 0
    assert staffed.json("", f"proposal show {code}")["state"] == "to_approve"
    staffed.ok(APPROVER, f"reject {code} --reason 金额不符")
    assert "金额不符" in staffed.ok("", f"proposal show {code}")
    again = staffed.json(MAKER, ISSUE.format("11万元"))["proposal"]
    staffed.ok(MAKER, f"proposal withdraw {again} --reason 另办")
    assert staffed.json("", "proposal list")["proposals"] == []
    assert len(staffed.json("", "proposal list --all")["proposals"]) == 11


def test_a_draft_goes_from_the_publisher_to_the_approver_who_holds_the_same_file(staffed: Office) -> None:
    staffed.keys(PUBLISHER)
    staffed.agree(f"person enrol {PUBLISHER} --unit 县农业农村局 --post 科员")
    staffed.agree(f"key enrol {PUBLISHER} --public {staffed.key(PUBLISHER)}.pub --device 办公电脑")
    staffed.agree(f"role grant {PUBLISHER} 公开 --area 520200")
    issued = staffed.json(MAKER, ISSUE.format("10万元"))["proposal"]
    staffed.ok(APPROVER, f"approve {issued} --yes")
    split = staffed.json(MAKER, DISTRIBUTE)["proposal"]
    staffed.ok(APPROVER, f"approve {split} --yes")
    file, other = staffed.folder / "分配.json", staffed.folder / "另一稿.json"
    staffed.ok("", f"{DRAFT} -o {file}")
    staffed.ok("", f"{DRAFT} --note 另一稿 -o {other}")
    approve, publish = f"notice approve G1 --file {file}", f"notice publish G1 --file {file} {SHOWN}"

    assert staffed.refused(PUBLISHER, publish)["code"] == "notice.unapproved"
    asked = staffed.ok(PUBLISHER, approve)
    assert "已提出 S-" in asked
    assert f"xianjie notice approve G1 --file {file.name}" in asked
    assert [each["subject"] for each in staffed.json("", "inbox")["proposals"]] == ["notice:G1"]
    assert staffed.refused(PUBLISHER, f"{approve} --yes")["code"] == "notice.asked_already"
    changed = staffed.refused(APPROVER, f"notice approve G1 --file {other} --yes")
    assert (changed["exit"], changed["code"]) == (4, "notice.other_draft")
    assert "批准公示草稿" in staffed.ok(APPROVER, approve, answer="y\n")

    refused = staffed.refused(PUBLISHER, f"notice publish G1 --file {other} {SHOWN}")
    assert refused["code"] == "notice.not_as_approved"
    assert "已记账" in staffed.ok(PUBLISHER, publish)
    verified = staffed.json("", "audit verify")
    assert (verified["ok"], verified["unsigned"]) == (True, 0)


def test_a_login_signs_until_the_logout(staffed: Office) -> None:
    assert staffed.refused("", ISSUE.format("10万元"))["code"] == "key.not_logged_in"
    assert "P-0003" in staffed.ok("", f"login {staffed.key(MAKER)}")
    code = staffed.json("", ISSUE.format("10万元"))["proposal"]
    assert staffed.json("", "inbox")["proposals"] == []
    staffed.ok("", f"login {staffed.key(APPROVER)}")
    assert [each["proposal"] for each in staffed.json("", "inbox")["proposals"]] == [code]
    staffed.ok("", f"approve {code} --yes")
    assert "已退出" in staffed.ok("", "logout")
    assert staffed.refused("", ISSUE.format("20万元"))["exit"] == 3


def test_a_login_with_a_wrong_passphrase_is_refused(office: Office) -> None:
    office.keys(MAKER)
    office.words = "不对的口令 不对的口令"
    assert office.refused("", f"login {office.key(MAKER)}")["code"] == "key.wrong_passphrase"


def test_a_new_key_is_written_once_and_its_public_half_beside_it(office: Office) -> None:
    made = office.json("", f"key new {MAKER} --out {office.key(MAKER)}")
    assert office.key(MAKER).stat().st_mode & 0o077 == 0
    assert office.key(MAKER).with_suffix(".key.pub").read_text() == f"{made['public_key']}\n"
    assert office.refused("", f"key new {MAKER} --out {office.key(MAKER)}")["code"] == "key.exists"


def test_people_keys_and_roles_are_listed(staffed: Office) -> None:
    persons = {each["person"]: each["roles"] for each in staffed.json("", "person list")["persons"]}
    assert persons[MAKER] == ["maker"]
    assert persons[ADMIN] == ["admin"]
    name = staffed.json("", f"person show {MAKER}")["keys"][0].partition("+")[0]
    staffed.ok(ADMIN, f"key revoke {name} --reason 失窃 --not-trusted-since 1")
    assert "已吊销" in staffed.ok("", "key list")
    assert staffed.refused(MAKER, ISSUE.format("10万元"))["code"] == "signature.not_actors"
    staffed.ok(APPROVER, f"role delegate {CHECKER} 审批 --until 2099-12-31")
    assert "审批" in staffed.ok("", "role list")
    assert staffed.refused(ADMIN, f"role grant {MAKER} 系统管理 --area 520200")["code"] == "role.incompatible"


def test_nothing_is_recorded_before_the_second_founder_confirmed(office: Office) -> None:
    office.keys(ADMIN, SECOND)
    printed = office.ok(ADMIN, f"init --signed --second {office.key(SECOND)}.pub")
    assert "还不能记账" in printed
    assert office.refused(ADMIN, "person enrol P-0003 --unit 甲 --post 乙")["code"] == "ledger.unconfirmed"
    assert office.refused(ADMIN, "db confirm --root " + "0" * 64)["code"] == "ledger.same_founder"
    assert office.refused(SECOND, "db confirm --root " + "0" * 64)["code"] == "ledger.other_root"


def test_one_person_cannot_found_a_ledger_with_two_keys(office: Office) -> None:
    office.keys(ADMIN)
    assert office.refused(ADMIN, f"init --signed --second {office.key(ADMIN)}.pub")["code"] == "ledger.same_founder"


def test_a_trial_ledger_asks_for_no_key_and_has_no_people(office: Office) -> None:
    office.ok("", "init --date 2022-01-01")
    office.ok("", ISSUE.format("10万元"))
    assert office.refused("", "person enrol P-0001 --unit 甲 --post 乙")["code"] == "person.trial"
    assert office.json("", "audit verify")["mode"] == "trial"
