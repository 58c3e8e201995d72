"""Files, corrections, vault and copies in a signed ledger: whoever does it signs it, and two where two are asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.database import open_database, read_transaction
from ledger.log.schema import origin_of
from ledger.vault.store import create_vault
from tests.cli.office import ADMIN, APPROVER, CHEAP, CHECKER, ISSUE, MAKER, PUBLISHER, WORDS, Office
from tests.cli.test_import_files import write

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTED = "project add P1 --name 基地 --area 520200 --year 2022 --type 种植业基地 --goal 建棚20座 --date 2022-01-10"
PLANNED = (LISTED, "project approve P1 --date 2022-01-11", "project plan P1 --amount 3万元 --date 2022-01-12")
WHY = "--reason 重复导入 --doc 市财更〔2022〕8号"
ROW: dict[str, str] = {"批次编号": "T1", "项目编号": "P1", "金额(元)": "1000", "日期": "2022-01-13"}
IDENTITY, PHONE = "11010519491231002X", "13800138000"


def agreed(office: Office, person: str, line: str) -> dict[str, Any]:
    """Let somebody propose and the approver agree; return what was recorded."""
    code = office.json(person, line)["proposal"]
    found: dict[str, Any] = office.json(APPROVER, f"approve {code} --yes")
    return found


def money(office: Office) -> int:
    found: int = office.json("", "fund show T1")["allocated_fen"]
    return found


def must_be_sound(office: Office) -> None:
    """The whole audit finds nothing, and every batch is signed."""
    verified = office.json("", "audit verify")
    assert (verified["ok"], verified["mode"], verified["unsigned"], verified["findings"]) == (True, "signed", 0, [])


@pytest.fixture
def funded_office(staffed: Office) -> Office:
    """A planned project and money for it."""
    agreed(staffed, MAKER, ISSUE.format("10万元"))
    for line in PLANNED:
        staffed.ok(MAKER, line)
    return staffed


def sheet(office: Office, *rows: Mapping[str, str]) -> str:
    return write(office.folder / "office.csv", *rows)


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_imported_file_counts_once_another_person_agreed(funded_office: Office) -> None:
    line = f"import apply {sheet(funded_office, ROW, ROW)} --kind allocations"
    asked = funded_office.json(MAKER, line)
    assert (asked["rows"], money(funded_office)) == (2, 0)
    again = funded_office.ok(MAKER, line)
    assert f"此前已提出 {asked['proposal']}" in again
    assert funded_office.json(MAKER, line)["proposal"] == asked["proposal"]
    assert funded_office.refused(MAKER, f"approve {asked['proposal']} --yes")["exit"] == 1
    funded_office.ok(APPROVER, f"approve {asked['proposal']} --yes")
    assert money(funded_office) == 2_000_00
    assert funded_office.json(MAKER, line)["repeated"]
    assert money(funded_office) == 2_000_00
    must_be_sound(funded_office)


@pytest.mark.parametrize(("person", "verb"), [(APPROVER, "reject"), (MAKER, "proposal withdraw")])
def test_a_file_that_was_refused_or_withdrawn_may_come_again(funded_office: Office, person: str, verb: str) -> None:
    line = f"import apply {sheet(funded_office, ROW)} --kind allocations"
    first = funded_office.json(MAKER, line)["proposal"]
    funded_office.ok(person, f"{verb} {first} --reason 先核对")
    second = funded_office.json(MAKER, line)
    assert (second["repeated"], second["proposal"] != first) == (False, True)
    funded_office.ok(APPROVER, f"approve {second['proposal']} --yes")
    assert money(funded_office) == 1_000_00
    must_be_sound(funded_office)


def test_an_import_is_undone_by_two_persons_as_it_was_made(funded_office: Office) -> None:
    line = f"import apply {sheet(funded_office, ROW, ROW)} --kind allocations"
    batch = agreed(funded_office, MAKER, line)["batch"]
    undo = f"import undo {batch} {WHY}"
    refused = funded_office.json(MAKER, undo)["proposal"]
    assert money(funded_office) == 2_000_00  # not before somebody agreed
    funded_office.ok(APPROVER, f"reject {refused} --reason 再查")
    assert funded_office.json(MAKER, line)["repeated"]  # it is not undone, so the file may not come again
    agreed(funded_office, MAKER, undo)
    assert money(funded_office) == 0
    assert funded_office.json(MAKER, undo)["repeated"]
    agreed(funded_office, MAKER, line)
    assert money(funded_office) == 2_000_00
    must_be_sound(funded_office)


def test_a_file_without_money_is_recorded_at_once_and_by_its_own_role_only(funded_office: Office) -> None:
    row = {"项目编号": "Q1", "项目名称": "大棚", "地区代码": "520203", "项目年度": "2022", "项目类型": "种植业基地"}
    line = f"import apply {sheet(funded_office, row | {'绩效目标': '建棚', '入库日期': '2022-02-02'})} --kind projects"
    assert funded_office.refused(CHECKER, line)["code"] == "role.missing"
    done = funded_office.json(MAKER, line)
    assert (done["rows"], "proposal" in done) == (1, False)
    must_be_sound(funded_office)


# ── Corrections ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_two_persons_recorded_two_persons_correct(funded_office: Office) -> None:
    position = next(
        each["position"] for each in funded_office.json("", "audit log") if each["topic"] == "tranche.issued"
    )
    line = f"correct undo {position} --reason 录错 --doc 更2号"
    agreed(funded_office, MAKER, line)
    assert funded_office.json("", "report balance")["rows"][0]["issued_fen"] == 0
    assert funded_office.refused(MAKER, line)["code"] == "correction.repeated"
    must_be_sound(funded_office)


def test_what_one_person_may_record_he_may_correct(funded_office: Office) -> None:
    planned = funded_office.json("", "audit log")[-1]
    assert planned["topic"] == "project.planned"
    line = f"correct undo {planned['position']} --reason 录错 --doc 更2号"
    assert funded_office.refused(CHECKER, line)["code"] == "role.missing"
    assert "proposal" not in funded_office.json(MAKER, line)
    must_be_sound(funded_office)


# ── The vault ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def vaulted(staffed: Office) -> Office:
    """An empty vault beside the ledger; its passphrase is that of the keys."""
    engine = open_database(staffed.url, read_only=True)
    with read_transaction(engine) as connection:
        origin = origin_of(connection)
    engine.dispose()
    key_file = staffed.folder / "home" / "ledger.db.vault-key"
    create_vault(Path(f"{staffed.url}.vault"), key_file, origin, WORDS, hardness=CHEAP)
    return staffed


def entered(office: Office) -> list[str]:
    file = office.folder / "people.csv"
    file.write_text(f"姓名,身份证号,电话,类别\n张小三,{IDENTITY},{PHONE},户\n王五,,,人\n", encoding="utf-8")
    return [each["ref"] for each in office.json(MAKER, f"vault add --file {file}")]


def test_people_are_entered_read_and_erased_under_the_key_of_whoever_does_it(vaulted: Office) -> None:
    vaulted.keys(PUBLISHER)
    vaulted.agree(f"person enrol {PUBLISHER} --unit 县农业农村局 --post 科员")
    vaulted.agree(f"key enrol {PUBLISHER} --public {vaulted.key(PUBLISHER)}.pub --device 办公电脑")
    vaulted.agree(f"role grant {PUBLISHER} 公开 --area 520200")
    ref, other = entered(vaulted)
    assert "张*三" in vaulted.ok(PUBLISHER, f"vault show {ref} --purpose 核对")
    erase = f"vault erase {other} --basis 个保法第四十七条 --yes"
    asked = vaulted.json(MAKER, erase)
    assert (asked["erased"], len(vaulted.json("", "vault list"))) == (False, 2)
    vaulted.ok(APPROVER, f"approve {asked['proposal']} --yes")
    assert vaulted.json(MAKER, erase) == {"ref": other, "erased": True}
    log = vaulted.json("", f"audit log --stream subject:{ref}")
    assert [(each["topic"], each["actor"]) for each in log] == [
        ("subject.registered", MAKER),
        ("subject.read", PUBLISHER),
    ]
    vaulted.ok("", "vault verify")
    must_be_sound(vaulted)


def test_whoever_may_not_read_is_shown_nothing_and_enters_nothing(vaulted: Office) -> None:
    ref, _ = entered(vaulted)
    shown = vaulted.run(CHECKER, f"-f json vault show {ref} --purpose 核对 --unmask")
    assert (shown.exit_code, json.loads(shown.stderr.splitlines()[-1])["code"]) == (1, "role.missing")
    assert PHONE not in shown.output
    assert vaulted.refused("", f"vault show {ref} --purpose 核对")["exit"] == 3
    file = vaulted.folder / "more.csv"
    file.write_text("姓名\n赵六\n", encoding="utf-8")
    assert vaulted.refused(CHECKER, f"vault add --file {file}")["code"] == "role.missing"
    assert vaulted.refused(ADMIN, f"vault erase {ref} --basis 试试 --yes")["code"] == "role.missing"
    assert len(vaulted.json("", "vault list")) == 2
    vaulted.ok("", "vault verify")
    must_be_sound(vaulted)


# ── Copies ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def lose_the_disk(office: Office) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(office.url + ending).unlink(missing_ok=True)


def test_a_backup_counts_once_an_administrator_signed_that_it_is_whole(funded_office: Office) -> None:
    folder = funded_office.folder / "backup"
    funded_office.ok("", f"backup create {folder}")
    assert funded_office.refused("", f"backup verify {folder}")["exit"] == 3
    assert funded_office.refused(MAKER, f"backup verify {folder}")["code"] == "role.missing"
    assert funded_office.json(ADMIN, f"backup verify {folder}")["events"][0]["topic"] == "backup.verified"
    must_be_sound(funded_office)


def test_a_restored_ledger_keeps_every_signature_and_goes_on(funded_office: Office) -> None:
    folder, second = funded_office.folder / "backup", funded_office.folder / "second.jsonl"
    funded_office.ok("", f"backup journal {second}")
    funded_office.ok("", f"backup create {folder}")
    agreed(funded_office, MAKER, f"import apply {sheet(funded_office, ROW)} --kind allocations")
    before = funded_office.json("", "audit verify")
    lose_the_disk(funded_office)
    funded_office.ok("", f"backup restore {folder} --journal {second}")
    after = funded_office.json("", "audit verify")
    assert (after["root"], after["signed"]) == (before["root"], before["signed"])
    agreed(funded_office, MAKER, f"import apply {sheet(funded_office, ROW, ROW)} --kind allocations")
    must_be_sound(funded_office)


def test_only_an_administrator_goes_on_from_an_older_backup_and_signs_for_the_loss(funded_office: Office) -> None:
    folder = funded_office.folder / "backup"
    funded_office.ok("", f"backup create {folder}")
    funded_office.ok(MAKER, LISTED.replace("P1", "P2"))
    lose_the_disk(funded_office)
    restore = f"backup restore {folder}"
    assert funded_office.refused(ADMIN, restore)["code"] == "backup.older"
    accept = f"{restore} --accept-loss --reason 硬盘损坏"
    assert funded_office.refused("", accept)["exit"] == 3
    assert funded_office.refused(MAKER, accept)["code"] == "role.missing"
    assert not Path(funded_office.url).exists()
    funded_office.ok(ADMIN, accept)
    last = funded_office.json("", "audit log")[-1]
    assert (last["topic"], last["actor"]) == ("backup.restored", ADMIN)
    must_be_sound(funded_office)


def test_exported_lines_make_the_signed_ledger_again_without_any_key(
    funded_office: Office, database_url: str, tmp_path: Path
) -> None:
    agreed(funded_office, MAKER, f"import apply {sheet(funded_office, ROW)} --kind allocations")
    lines = tmp_path / "raw.jsonl"
    funded_office.ok("", f"backup export {lines}")
    again = Office(funded_office.folder, str(tmp_path / "again.db") if "://" not in database_url else database_url)
    again.ok("", f"backup import {lines}")
    before, after = (office.json("", "audit verify") for office in (funded_office, again))
    assert (after["ok"], after["root"], after["signed"]) == (True, before["root"], before["signed"])
    text = lines.read_text(encoding="utf-8")
    at = text.rindex("— xianjie/P-0005-0 ") + 40
    lines.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :], encoding="utf-8")
    forged = Office(funded_office.folder, str(tmp_path / "forged.db"))
    done = forged.run("", f"-f json backup import {lines}")
    assert done.exit_code == 0, done.output  # lines are taken as they stand; whether they are true is what verify says
    found = json.loads(forged.run("", "-f json audit verify").stdout)
    assert {each["kind"] for each in found["findings"]} == {"signature"}
