"""The pages as an office builds them: whole or not at all, the same twice, and never with a person in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database
from ledger.log.schema import create_log
from projections.extracts.linter import leaks_in
from projections.site.pages import file_name
from tests.cli.conftest import Program
from tests.projections.conftest import History
from tests.projections.extracts.test_linter import DISGUISES, card, chance, identity, mobile
from tests.projections.small_year import year

if TYPE_CHECKING:
    from pathlib import Path

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


def planted(count: int) -> dict[str, str]:
    """So many numbers of persons, every disguise in turn, by the code of the project whose name carries them."""
    rng, ways = chance(11), [(kind, disguise) for disguise in DISGUISES for kind in (identity, mobile, card)]
    chosen = [ways[at % len(ways)] for at in range(count)]
    return {f"R{at}": f"王某{DISGUISES[disguise](kind(rng))}" for at, (kind, disguise) in enumerate(chosen)}


@pytest.mark.parametrize("count", [len(DISGUISES) * 3, pytest.param(1_000, marks=pytest.mark.soak)])
def test_no_page_leaves_while_the_ledger_holds_a_number_of_a_person(tmp_path: Path, count: int) -> None:
    names = planted(count)
    program = ledger(tmp_path, names)
    code, error = program.refused("site", "build", "-o", str(tmp_path / "site"), *AT)
    assert (code, error["code"]) == (1, "extract.personal_data")
    assert not any(name in error["message"] for name in names.values())
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("count", [len(DISGUISES) * 3, pytest.param(1_000, marks=pytest.mark.soak)])
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
