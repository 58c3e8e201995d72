"""What programs and people may rely on: the JSON of a write, previews, retries, forms of output, Chinese help."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from wcwidth import wcswidth

from cli.help import display_width
from cli.main import xianjie
from cli.output import Table, show
from cli.params import Choice
from cli.words import FIELDS, TOPICS
from ledger.events import registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Program

RELEASE = "payment release P1 --amount 10.05 --date 2022-02-01"


def test_a_write_prints_its_receipt_and_its_events(funded: Program) -> None:
    before = funded.position()
    said = funded.json(*RELEASE.split())
    assert list(said) == [
        *("batch", "first", "last", "recorded_at", "checkpoint", "repeated", "dry_run"),
        "events",
    ]
    assert (said["first"], said["last"], said["repeated"], said["dry_run"]) == (before + 1, before + 1, False, False)
    (event,) = said["events"]
    assert (event["position"], event["topic"], event["stream"]) == (before + 1, "project.released", "project:P1")
    assert event["data"]["amount_fen"] == 1005
    assert said["checkpoint"].splitlines()[1] == str(before + 1)


def test_a_write_tells_people_what_was_recorded_with_the_amount_in_capitals(funded: Program) -> None:
    said = funded.ok(*RELEASE.split())
    assert f"已记账 1 条(第 {funded.position()} 号)" in said
    assert "10.05 元(人民币壹拾元零伍分)" in said
    assert "经办 张三" in said


def test_a_preview_decides_everything_and_records_nothing(funded: Program) -> None:
    before = funded.position()
    assert funded.ok(*RELEASE.split(), "--dry-run").startswith("预览(未记账)")
    said = funded.json(*RELEASE.split(), "--dry-run")
    assert (said["batch"], said["first"], said["checkpoint"], said["dry_run"]) == (None, None, None, True)
    assert "position" not in said["events"][0]
    assert funded.position() == before
    assert funded.refused(*RELEASE.replace("10.05", "9999999").split(), "--dry-run")[1]["code"] == "payment.exceeds"


def test_a_repeated_key_records_once_and_says_so(funded: Program) -> None:
    first = funded.json(*RELEASE.split(), "--key", "k")
    again = funded.json(*RELEASE.split(), "--key", "k")
    assert again == {**first, "repeated": True, "events": []}
    assert f"此前已记账(第 {first['first']} 号" in funded.ok(*RELEASE.split(), "--key", "k")
    assert funded.position() == first["last"]


def test_the_format_is_understood_before_the_noun_and_after_the_verb(funded: Program) -> None:
    before, after = funded.ok("-f", "json", "fund", "list"), funded.ok("fund", "list", "-f", "json")
    assert before == after
    assert funded.ok("-f", "csv", "fund", "list", "--format", "json") == after


def test_csv_is_the_first_table_with_chinese_heads(funded: Program) -> None:
    rows = list(csv.reader(io.StringIO(funded.ok("project", "list", "-f", "csv"))))
    assert rows[0] == ["项目编号", "名称", "地区", "年度", "类型", "阶段", "安排(元)", "支付(元)"]
    assert rows[1][4:] == ["种植业基地", "列入计划", "3,000,000.00", "0.00"]


def test_a_table_is_aligned_by_display_width(funded: Program) -> None:
    funded.ok(
        *[
            "project",
            "add",
            "X2",
            "--name",
            "a",
            "--area",
            "520203",
            "--year",
            "2022",
            "--type",
            "training",
            "--date",
            "2022-01-10",
        ]
    )
    lines = funded.ok("project", "list").splitlines()
    assert len({display_width(line) for line in lines[1:]}) == 1


def test_codes_and_amounts_are_printed_as_they_are_and_formulas_are_inert(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(("编号", ">金额(元)"), [["0052", "1,250,000.00"], ["=1+1", "-5.00"]])
    show("table", [], table)
    assert "0052    1,250,000.00" in capsys.readouterr().out
    show("csv", [], table)
    assert capsys.readouterr().out == '编号,金额(元)\n0052,"1,250,000.00"\n\'=1+1,-5.00\n'


def test_an_error_is_told_to_people_in_labelled_lines(funded: Program) -> None:
    done = funded.run(*RELEASE.replace("10.05", "9999999").split())
    assert done.stdout == ""
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["错误", "依据", "怎么办"]


def test_debug_shows_the_traceback_and_only_debug_does(funded: Program) -> None:
    bad = RELEASE.replace("10.05", "9999999").split()
    assert "Traceback" not in funded.run(*bad).output
    assert "Traceback" in funded.run("--debug", *bad).stderr


def test_a_new_ledger_is_refused_where_one_is(program: Program) -> None:
    exit_code, error = program.refused("init")
    assert (exit_code, error["code"]) == (6, "storage.exists")


def test_initialising_can_be_previewed(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    done = CliRunner().invoke(xianjie, ["--db", str(path), "init", "--dry-run", "-f", "json"])
    assert json.loads(done.stdout)["area"] == "520200"
    assert not path.exists()


@pytest.mark.parametrize(("area", "code"), [("520299", "area.unknown"), ("520221", "area.expired")])
def test_a_ledger_is_not_begun_for_an_area_that_does_not_exist(tmp_path: Path, area: str, code: str) -> None:
    path = tmp_path / "new.db"
    done = CliRunner().invoke(xianjie, ["--db", str(path), "-f", "json", "init", "--area", area])
    assert (done.exit_code, json.loads(done.stderr)["code"], path.exists()) == (1, code, False)


def test_rules_are_shown_checked_and_adopted_from_a_file(program: Program, tmp_path: Path) -> None:
    shown = program.json("rule", "show", "base")
    assert {rate["set"] for rate in shown["rates"]} >= {"gz-silv-default", "kezhou-2021", "lifecycle"}
    bad = tmp_path / "bad.toml"
    bad.write_text("pack = 1", encoding="utf-8")
    assert program.refused("rule", "check", str(bad))[1]["code"].startswith("rule.")
    assert program.refused("rule", "adopt", str(bad))[1]["code"].startswith("rule.")
    program.ok("rule", "adopt", "base", "--date", "2023-01-01")
    adopted = [row["valid_from"] for row in program.json("rule", "list") if row["adopted"]]
    assert adopted == ["2012-01-01", "2023-01-01"]
    assert "食用菌" not in program.ok("rule", "show", "base")


def test_areas_of_another_county_can_be_loaded(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    rows = ["code,name,valid_from,valid_to,successor", "520300,遵义市,1990-01-01,,", "520302,红花岗区,1990-01-01,,"]
    file.write_text("\n".join(rows), encoding="utf-8")
    program.ok("area", "load", str(file), "--date", "2022-01-01")
    assert [row["name"] for row in program.json("area", "list", "520300")] == ["遵义市", "红花岗区"]


def test_a_ledger_of_another_county_begins_with_its_areas(tmp_path: Path) -> None:
    file, path = tmp_path / "areas.csv", tmp_path / "new.db"
    rows = ["code,name,valid_from,valid_to,successor", "520300,遵义市,1990-01-01,,", "520302,红花岗区,1990-01-01,,"]
    file.write_text("\n".join(rows), encoding="utf-8")
    command = ["--db", str(path), "-f", "json", "init", "--area", "520302", "--areas", str(file)]
    done = CliRunner().invoke(xianjie, command)
    assert [event["topic"] for event in json.loads(done.stdout)["events"]] == [
        "areas.listed",
        "ledger.opened",
        "rule.adopted",
    ]


def every_command(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if path[:1] == ("demo",):
        return
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            if name != "demo":
                below = command.get_command(ctx, name)
                assert below is not None
                yield from every_command(below, (*path, name))


ACTS = {
    *("approve", "login", "logout", "key new", "import profile remove", "db rebuild", "vault init", "vault add"),
    *("vault erase", "backup create", "backup restore", "backup journal", "backup export", "backup import"),
}
"""Verbs that do something and say that it is done: a line or two, no answer to keep."""
READS_AMOUNTS = {"import inspect"}
"""Verbs whose own ``--unit`` says in what the amounts of a file are; ``-o`` before the noun serves them."""


def test_every_verb_that_answers_with_tables_takes_a_file_and_a_unit_after_it() -> None:
    without = set()
    for path, command in every_command(xianjie):
        flags = {flag for param in command.params for flag in param.opts}
        writes, own_file = "--dry-run" in flags, "-o" in flags and "--output" not in flags
        if path and "-f" in flags and not (writes or own_file) and not {"--output", "--unit"} <= flags:
            without.add(" ".join(path))
    assert without == ACTS | READS_AMOUNTS | {"site build"}  # whose file is a folder of pages


@pytest.mark.parametrize("path", [path for path, _ in every_command(xianjie)], ids=" ".join)
def test_every_help_page_is_chinese_and_fits_a_terminal(path: tuple[str, ...]) -> None:
    page = CliRunner().invoke(xianjie, [*path, "--help"]).stdout
    assert re.findall(r"\b(Usage|Options|Commands|Show|Error|TEXT|INTEGER|required|(?<!-)default)\b", page) == []
    assert page.startswith("用法: xianjie")
    assert [line for line in page.splitlines() if wcswidth(line) > 80 or line != line.rstrip()] == []


def test_what_a_person_fills_in_is_named_in_chinese_or_chosen_from_words() -> None:
    for path, command in every_command(xianjie):
        ctx = click.Context(command)
        for param in command.params:
            if not getattr(param, "is_flag", False):
                name = param.make_metavar(ctx)
                assert re.search("[一-鿿]", name) or isinstance(param.type, Choice), (path, param.name, name)


def test_every_command_that_writes_has_the_same_options() -> None:
    wanted = {"--date", "--doc", "--reason", "--key", "--dry-run", "--yes", "--format"}
    writing = [command for _, command in every_command(xianjie) if "--dry-run" in flags(command)]
    assert len(writing) > 25
    assert all(wanted <= flags(command) for command in writing)


def flags(command: click.Command) -> set[str]:
    return {name for param in command.params for name in param.opts}


def test_every_event_and_every_field_has_a_chinese_name() -> None:
    assert {event.TOPIC for event in registry} == set(TOPICS)
    assert {name for event in registry for name in event.model_fields} - set(FIELDS) == set()
