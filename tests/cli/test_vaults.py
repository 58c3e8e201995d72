"""The vault as an operator uses it: typed or from a file, masked, recorded, and no value where it does not belong."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.main import xianjie
from ledger.database import open_database, read_transaction
from ledger.log.schema import origin_of
from ledger.sealing import Hardness
from ledger.vault.store import create_vault
from tests.cli.conftest import Program

if TYPE_CHECKING:
    from click.testing import Result

PASSPHRASE = "correct horse battery"  # noqa: S105 - of a vault that lives for one test
IDENTITY, PHONE = "11010519491231002X", "13800138000"
PEOPLE = f"姓名,身份证号,电话,类别\n张小三,{IDENTITY},{PHONE},户\n王五,,,人\n"


@pytest.fixture
def vaulted(program: Program, tmp_path: Path) -> Program:
    """A ledger with an empty vault, whose passphrase is quick to try."""
    engine = open_database(program.url, read_only=True)
    with read_transaction(engine) as connection:
        origin = origin_of(connection)
    engine.dispose()
    key_file = tmp_path / "home" / "ledger.db.vault-key"
    create_vault(Path(f"{program.url}.vault"), key_file, origin, PASSPHRASE, hardness=Hardness(64, 1, 1))
    return program


def typed(program: Program, *arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(
        xianjie, ["--db", program.url, "--as", "张三", *arguments], input=f"{PASSPHRASE}\n{answers}"
    )


def entered(program: Program, tmp_path: Path) -> list[str]:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    done = typed(program, "-f", "json", "vault", "add", "--file", str(file))
    assert done.exit_code == 0, done.output
    return [each["ref"] for each in json.loads(done.stdout)]


def test_a_vault_is_made_beside_the_ledger_and_its_key_elsewhere(program: Program, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        xianjie, ["--db", program.url, "vault", "init"], input=f"{PASSPHRASE}\n{PASSPHRASE}\n", catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / "ledger.db.vault").exists()
    assert (tmp_path / "home" / "ledger.db.vault-key").exists()
    assert PASSPHRASE not in done.output
    assert typed(program, "vault", "verify").exit_code == 0
    again = typed(program, "vault", "init", answers=f"{PASSPHRASE}\n")
    assert again.exit_code == 6


def test_people_are_typed_one_by_one(vaulted: Program) -> None:
    done = typed(vaulted, "vault", "add", answers=f"张小三\n{IDENTITY}\n{PHONE}\n\n\n")
    assert done.exit_code == 0, done.output
    assert "已登记 1 个编号" in done.stdout
    assert IDENTITY not in done.stdout
    assert "subject.registered" in json.dumps(vaulted.json("audit", "log"))


def test_people_come_from_a_file_all_or_none(vaulted: Program, tmp_path: Path) -> None:
    refs = entered(vaulted, tmp_path)
    assert len(refs) == 2
    listed = vaulted.json("vault", "list")
    assert {each["ref"]: each["kind"] for each in listed} == dict(zip(refs, ("household", "person"), strict=True))
    before = vaulted.position()
    file = tmp_path / "more.csv"
    file.write_text(f"姓名,身份证号\n赵六,\n孙七,{IDENTITY[:-1]}1\n", encoding="gb18030")
    done = typed(vaulted, "-f", "json", "vault", "add", "--file", str(file))
    error = json.loads(done.stderr.splitlines()[-1])
    assert (done.exit_code, error["code"], error["where"]) == (1, "vault.bad_value", "more.csv 第 3 行 身份证号")
    assert (vaulted.position(), len(vaulted.json("vault", "list"))) == (before, 2)
    assert IDENTITY[:-1] not in done.output


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"张小三,{IDENTITY}\n", "vault.bad_heads"),
        ("姓名,姓名\n张三,李四\n", "vault.bad_heads"),
        ("姓名\n张三,13800138000\n", "vault.bad_row"),
        ("类别,姓名\n狗,张三\n", "vault.bad_kind"),
        ("姓名\n\n", "vault.nobody"),
        ("", "vault.bad_heads"),
    ],
)
def test_a_file_of_another_shape_is_refused_without_a_name(
    vaulted: Program, tmp_path: Path, text: str, code: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    done = typed(vaulted, "-f", "json", "vault", "add", "--file", str(file))
    assert (done.exit_code, json.loads(done.stderr.splitlines()[-1])["code"]) == (1, code)
    assert "张" not in done.output
    assert IDENTITY not in done.output


def test_what_is_shown_is_masked_and_who_asked_is_recorded(vaulted: Program, tmp_path: Path) -> None:
    ref = entered(vaulted, tmp_path)[0]
    done = typed(vaulted, "vault", "show", ref, "--purpose", "核对")
    assert "张*三" in done.stdout
    assert "11*************02X" in done.stdout
    assert IDENTITY not in done.stdout
    full = typed(vaulted, "vault", "show", ref, "--purpose", "发放", "--field", "电话", "--unmask", "-f", "json")
    assert json.loads(full.stdout)["fields"] == {"phone": PHONE}
    log = vaulted.json("audit", "log", "--stream", f"subject:{ref}")
    assert [(each["topic"], each["actor"]) for each in log] == [
        ("subject.registered", "张三"),
        ("subject.read", "张三"),
        ("subject.read", "张三"),
    ]
    for each in log:
        said = vaulted.ok("audit", "show", str(each["position"]))
        assert "张小三" not in said
        assert PHONE not in said
    assert typed(vaulted, "vault", "show", ref).exit_code == 2


def test_an_unknown_reference_is_not_repeated(vaulted: Program) -> None:
    done = typed(vaulted, "vault", "show", IDENTITY, "--purpose", "核对")
    assert done.exit_code == 1
    assert IDENTITY not in done.output
    unknown = typed(vaulted, "vault", "show", "H-" + "A" * 26, "--purpose", "核对")
    assert unknown.exit_code == 3


def test_a_purpose_with_personal_data_in_it_is_refused(vaulted: Program, tmp_path: Path) -> None:
    ref = entered(vaulted, tmp_path)[0]
    done = typed(vaulted, "vault", "show", ref, "--purpose", f"核对 {IDENTITY}")
    assert done.exit_code == 1
    assert IDENTITY not in done.output


def test_the_erased_are_gone_and_everything_still_verifies(vaulted: Program, tmp_path: Path) -> None:
    ref = entered(vaulted, tmp_path)[0]
    assert typed(vaulted, "vault", "erase", ref, "--basis", "本人申请").exit_code == 130  # nobody said yes
    vaulted.ok("vault", "erase", ref, "--basis", "个人信息保护法第四十七条", "--yes")
    assert typed(vaulted, "vault", "show", ref, "--purpose", "核对").exit_code == 1
    assert typed(vaulted, "vault", "verify").exit_code == 0
    assert vaulted.json("audit", "verify")["ok"]
    assert len(vaulted.json("vault", "list")) == 1


def test_a_vault_that_differs_from_the_log_is_reported(vaulted: Program, tmp_path: Path) -> None:
    entered(vaulted, tmp_path)
    with closing(sqlite3.connect(f"{vaulted.url}.vault", isolation_level=None)) as raw:
        raw.execute("DELETE FROM field WHERE name = 'phone'")
    done = typed(vaulted, "-f", "json", "vault", "verify")
    assert done.exit_code == 5
    assert [each["kind"] for each in json.loads(done.stdout)["findings"]] == ["fields"]


def test_a_backup_takes_the_vault_with_it(vaulted: Program, tmp_path: Path) -> None:
    entered(vaulted, tmp_path)
    folder = tmp_path / "backup"
    vaulted.ok("backup", "create", str(folder), "--vault", f"{vaulted.url}.vault")
    vaulted.ok("backup", "verify", str(folder))
    assert (folder / "vault.db").exists()
    again = Program(str(tmp_path / "again" / "ledger.db"))
    (tmp_path / "again").mkdir()
    again.ok("backup", "restore", str(folder))
    assert typed(again, "vault", "verify").exit_code == 0


DRAFT = "notice draft plan --area 520203 --year 2022 --as-of 2022-12-31 -o {}"


def test_with_the_vault_open_its_names_and_telephones_do_not_leave(vaulted: Program, tmp_path: Path) -> None:
    entered(vaulted, tmp_path)
    file, checked = tmp_path / "plan.docx", tmp_path / "说明.txt"
    checked.write_text("联系人张 小 三", encoding="utf-8")
    before = vaulted.position()
    for arguments in (
        (*DRAFT.format(file).split(), "--note", "联系人张小三", "--with-vault"),
        ("notice", "check", str(checked), "--with-vault"),
        ("site", "check", str(checked), "--with-vault"),
    ):
        done = typed(vaulted, *arguments)
        assert done.exit_code == 1, done.output
        assert "保密库中的姓名" in done.stderr
        assert "小三" not in done.output.replace("张 小 三", "")
    assert not file.exists()
    assert vaulted.position() == before  # nothing is shown to anybody, so no reading is recorded


def test_without_the_vault_it_says_what_was_not_checked(vaulted: Program, tmp_path: Path) -> None:
    checked = tmp_path / "说明.txt"
    checked.write_text("联系人张小三", encoding="utf-8")
    done = vaulted.run("notice", "check", str(checked))
    assert (done.exit_code, "没有查姓名" in done.stderr, "--with-vault" in done.stderr) == (0, True, True)
    entered(vaulted, tmp_path)
    checked.write_text("联系人李四", encoding="utf-8")
    done = typed(vaulted, "notice", "check", str(checked), "--with-vault")
    assert (done.exit_code, "没有查姓名" in done.stderr) == (0, False)
