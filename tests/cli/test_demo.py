"""``xianjie demo`` as a person runs it: what it prints, what it leaves, what it refuses to overwrite."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.demo import figures
from cli.main import xianjie
from ledger.database import open_database
from ledger.log.schema import create_log

GUIDE = Path(__file__).parents[2] / "docs/guides/operator/demo.md"


def demo(folder: Path, *flags: str) -> Result:
    return CliRunner().invoke(xianjie, ["demo", "--projects", "4", "--dir", str(folder), *flags])


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("first") / "demo"
    return folder, demo(folder)


@pytest.fixture
def made(first_run: tuple[Path, Result], tmp_path: Path) -> Path:
    """The folder that a demonstration left, as a copy to play with."""
    return Path(shutil.copytree(first_run[0], tmp_path / "demo"))


def test_it_announces_every_step_and_prints_what_each_command_prints(first_run: tuple[Path, Result]) -> None:
    result = first_run[1]
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line[:5] for line in result.stdout.splitlines() if line.startswith("[")] == [
        "[1/5]",
        "[2/5]",
        "[3/5]",
        "[4/5]",
        "[5/5]",
    ]
    shown = [line for line in result.stdout.splitlines() if line.startswith("$ xianjie --db ")]
    assert [line.split(".db ", 1)[1] for line in shown] == [
        "report share --area 511703 --year 2024",
        "report rates --set kezhou-2021 --area 653000 --year 2022 --as-of 2022-04-30",
        "report balance --area 410726 --year 2022",
        "report discrepancies --area 653000 --year 2022",
        "report share --year 2022",
        "report rates --year 2022",
        "report rates --set lifecycle --year 2022",
        "report rights --year 2022",
        "audit verify",
    ]
    for words in ("共 33 项:一致 29 项,四舍五入之差 3 项,不一致,照录未改 1 项", "+373.271397", "未发现问题"):
        assert words in result.stdout


def test_the_commands_it_proposes_work(made: Path) -> None:
    for command in ("report share --year 2022 --area 520203 --by town", "report rates --year 2022 --as-of 2022-06-30"):
        result = CliRunner().invoke(xianjie, ["--db", str(made / "liupanshui.db"), *command.split()])
        assert (result.exit_code, result.stderr) == (0, "")
        assert "合计" in result.stdout


def test_as_json_it_is_one_object_with_every_comparison(tmp_path: Path) -> None:
    result = demo(tmp_path / "demo", "-f", "json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert data["ledgers"]["county"].endswith("liupanshui.db")
    assert data["events"] > 100
    verdicts = [check["verdict"] for check in data["checks"]]
    assert {verdict: verdicts.count(verdict) for verdict in verdicts} == {"equal": 29, "rounding": 3, "different": 1}


def test_a_second_run_changes_nothing_unless_forced(made: Path) -> None:
    published = CliRunner().invoke(xianjie, ["--db", str(made / "liupanshui.db"), "audit", "checkpoint", "--publish"])
    assert published.exit_code == 0
    before = (made / "liupanshui.db").read_bytes()
    refused = demo(made)
    assert refused.exit_code == 1
    assert "没有改动" in refused.stderr
    assert "--force" in refused.stderr
    assert (made / "liupanshui.db").read_bytes() == before
    assert demo(made, "--force").exit_code == 0
    assert (made / "liupanshui.db").read_bytes() != before


def test_even_forced_it_replaces_only_its_own_ledgers(made: Path) -> None:
    foreign = made / "liupanshui.db"
    for file in made.glob("liupanshui.db*"):
        file.unlink()
    engine = open_database(str(foreign), create=True)
    create_log(engine, "520200.real.example/ledger")
    engine.dispose()
    kept = foreign.read_bytes()
    others = (made / "published.db").read_bytes()
    refused = demo(made, "--force")
    assert refused.exit_code == 1
    assert "不是演示账本" in refused.stderr
    assert foreign.read_bytes() == kept
    assert (made / "published.db").read_bytes() == others


def test_other_files_of_the_folder_stay(made: Path) -> None:
    (made / "notes.txt").write_text("mine", "utf-8")
    assert demo(made, "--force").exit_code == 0
    assert (made / "notes.txt").read_text("utf-8") == "mine"


def test_a_published_figure_that_does_not_come_out_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = tmp_path / "published"
    shutil.copytree(figures.published_folder(), altered)
    table = altered / "dachuan_2024_batch1.csv"
    table.write_text(table.read_text("utf-8").replace("中央资金,5273", "中央资金,5274"), "utf-8")
    monkeypatch.setattr(figures, "published_folder", lambda: altered)
    result = demo(tmp_path / "demo")
    assert result.exit_code == 1
    assert "达川 2024 第一批 中央资金合计" in result.stderr


@pytest.mark.parametrize("count", ["0", "5001"])
def test_a_number_of_projects_out_of_range_is_refused_before_anything_is_made(tmp_path: Path, count: str) -> None:
    folder = tmp_path / "demo"
    result = CliRunner().invoke(xianjie, ["demo", "--projects", count, "--dir", str(folder)])
    assert result.exit_code == 1
    assert count in result.stderr
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    result = demo(tmp_path / "file" / "demo")
    assert result.exit_code == 6
    assert "不能使用" in result.stderr


def guide_commands() -> list[str]:
    return re.findall(r"^xianjie (.+)$", GUIDE.read_text("utf-8"), re.MULTILINE)


def test_every_command_of_the_guide_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in guide_commands():
        arguments = shlex.split(command)
        if arguments == ["demo"]:
            arguments += ["--quick"]
        result = CliRunner().invoke(xianjie, arguments)
        assert (result.exit_code, result.stderr) == (0, ""), command
