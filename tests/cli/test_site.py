"""The pages as an office builds them: whole or not at all, the same twice, and never with a person in them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.main import xianjie
from ledger.database import open_database
from ledger.log.schema import create_log
from ledger.sealing import Hardness
from ledger.vault.store import Vault, create_vault, new_reference
from projections.extracts.linter import leaks_in
from projections.site.pages import file_name
from tests.cli.conftest import Program
from tests.projections.conftest import History
from tests.projections.extracts.test_linter import DISGUISES, card, chance, identity, mobile
from tests.projections.small_year import year

if TYPE_CHECKING:
    from pathlib import Path

QUICK = Hardness(64, 1, 1)
AT = ("--area", "520201", "--year", "2024", "--as-of", "2024-12-31")


def ledger(folder: Path, names: dict[str, str]) -> Program:
    """A small year with a project of each name, written past the door that would refuse them."""
    url = str(folder / "ledger.db")
    engine = open_database(url, create=True)
    create_log(engine, "520201.test.xianjie.example/ledger")
    history = year(History(engine))
    for code, name in names.items():
        history.project(code, record={"name": name}, planned_fen=1)
    engine.dispose()
    return Program(url)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def build(program: Program, folder: Path, *more: str) -> str:
    return program.ok("site", "build", "-o", str(folder), *AT, *more)


def test_the_folder_is_the_same_twice_and_replaced_only_when_asked(tmp_path: Path) -> None:
    program = ledger(tmp_path, {})
    assert "没有发现个人信息" in build(program, tmp_path / "a")
    build(program, tmp_path / "b")
    assert files(tmp_path / "a") == files(tmp_path / "b") != {}
    again = ("site", "build", "-o", str(tmp_path / "a"), *AT)
    assert program.refused(*again)[1]["code"] == "site.not_empty"
    (tmp_path / "a" / "stale.html").write_text("旧", encoding="utf-8")
    program.ok(*again, "--force")
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert f"{len(files(tmp_path / 'a'))} 个文件中没有发现" in program.ok("site", "check", str(tmp_path / "a"))


LONGEST = 200  # of a name
SHORT = [name for name, disguise in DISGUISES.items() if len(disguise("9" * 19)) < LONGEST - 2]


def planted(count: int) -> dict[str, str]:
    """So many numbers of persons, every disguise in turn, by the code of the project whose name carries them."""
    rng, kinds = chance(11), (identity, mobile, card)
    ways = [(SHORT[at % len(SHORT)], kinds[(at + at // len(SHORT)) % len(kinds)]) for at in range(count)]
    return {f"R{at}": f"王某{DISGUISES[disguise](kind(rng))}" for at, (disguise, kind) in enumerate(ways)}


@pytest.mark.parametrize("count", [len(SHORT), pytest.param(1_000, marks=pytest.mark.soak)])
def test_no_page_leaves_while_the_ledger_holds_a_number_of_a_person(tmp_path: Path, count: int) -> None:
    names = planted(count)
    program = ledger(tmp_path, names)
    code, error = program.refused("site", "build", "-o", str(tmp_path / "site"), *AT)
    assert (code, error["code"]) == (1, "extract.personal_data")
    assert not any(name in error["message"] for name in names.values())
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("count", [len(SHORT), pytest.param(1_000, marks=pytest.mark.soak)])
def test_each_number_of_a_person_is_found_on_the_page_that_would_show_it(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = planted(count)
    program = ledger(tmp_path, names)
    with monkeypatch.context() as patch:
        patch.setattr("cli.extracts.refuse_leaks", lambda *_: None)  # the gate is opened to see what it holds back
        build(program, tmp_path / "site")
    cards = {code: tmp_path / "site" / "projects" / f"{file_name(code)}.html" for code in names}
    assert [code for code, card_page in cards.items() if not leaks_in(card_page.name, card_page.read_bytes())] == []
    assert program.refused("site", "check", str(tmp_path / "site"))[1]["code"] == "extract.personal_data"


def test_of_a_thousand_data_of_persons_in_the_vault_not_one_is_in_the_public_folder(tmp_path: Path) -> None:
    program, rng = ledger(tmp_path, {}), chance(12)
    passphrase, key_file = "correct horse battery", tmp_path / "home" / "ledger.db.vault-key"
    create_vault(
        tmp_path / "ledger.db.vault", key_file, "520201.test.xianjie.example/ledger", passphrase, hardness=QUICK
    )
    vault = Vault(tmp_path / "ledger.db.vault", "520201.test.xianjie.example/ledger")
    vault.unlock(key_file, passphrase)
    persons = [
        {"name": f"佘{chr(0x7384 + at)}囍", "identity": identity(rng), "phone": mobile(rng), "account": card(rng)}
        for at in range(250)
    ]
    for person in persons:
        vault.enter(new_reference(), "person", person)  # type: ignore[arg-type] # the names of the fields
    vault.close()
    asked = ["--db", program.url, "site", "build", "-o", str(tmp_path / "site"), *AT, "--with-vault"]
    built = CliRunner().invoke(xianjie, asked, input=f"{passphrase}\n")
    assert built.exit_code == 0, built.output
    public = b"\n".join(each for data in files(tmp_path / "site").values() for each in (data, *unpacked(data)))
    ways = list(DISGUISES.values())
    written = [(value, ways[at % len(ways)](value)) for at, each in enumerate(persons) for value in each.values()]
    assert [value for value, text in written if value.encode() in public or text.encode() in public] == []
    note = tmp_path / "note.txt"
    note.write_text(f"户主{persons[-1]['name']}", encoding="utf-8")
    checked = CliRunner().invoke(
        xianjie, ["--db", program.url, "notice", "check", str(note), "--with-vault"], input=f"{passphrase}\n"
    )
    assert (checked.exit_code, "保密库中的姓名" in checked.stderr) == (1, True)


def unpacked(data: bytes) -> list[bytes]:
    """Return the members of an archive, or nothing."""
    if not data.startswith(b"PK"):
        return []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(each) for each in archive.infolist()]
