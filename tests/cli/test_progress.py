"""Bars: on a terminal only, after a second, in Chinese, within 80 columns, and never among the data."""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from wcwidth import wcswidth

import cli.progress
from cli.main import xianjie
from cli.progress import counted, progress
from ledger.application import Ledger, Submission
from ledger.domain.reporting import SubmitReport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Program

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A real terminal on the stream beside the data."""

    def __init__(self) -> None:
        self._master, slave = os.openpty()
        self.stream = os.fdopen(slave, "w", encoding="utf-8")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Put it where the program writes beside its data: in the test itself, for pytest takes the stream back."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stderr", self.stream)
            yield

    def text(self) -> str:
        """Return what was drawn on it."""
        self.stream.write("|")  # what ends the reading
        self.stream.flush()
        drawn = b""
        while not drawn.endswith(b"|"):
            drawn += os.read(self._master, 65536)
        return drawn.decode().removesuffix("|")

    def lines(self) -> list[str]:
        """Return each state of the line, without what only moves the cursor."""
        return [ESCAPES.sub("", each).rstrip() for each in re.split(r"[\r\n]+", self.text()) if ESCAPES.sub("", each)]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    made = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    yield made
    made.stream.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show everything at once."""
    monkeypatch.setattr(cli.progress, "_PATIENCE", 0)
    monkeypatch.setattr(cli.progress, "_OFTEN", 0)


@pytest.mark.usefixtures("impatient")
def test_a_bar_says_what_is_done_and_how_much_of_it_within_80_columns(terminal: Terminal) -> None:
    with terminal.watched(), progress("重建报表数据") as heard:
        for done in range(0, 1001, 250):
            heard(done, 1000)
    lines = terminal.lines()
    assert [re.search(r"\d+%", line)[0] for line in lines if "%" in line][-1] == "100%"  # type: ignore[index]  # there
    assert all(line.startswith("重建报表数据  [") for line in lines)
    assert max(map(wcswidth, lines)) <= 80


@pytest.mark.usefixtures("impatient")
def test_where_the_end_is_not_known_things_are_counted(terminal: Terminal) -> None:
    with terminal.watched():
        assert list(counted("生成网页", "个文件", "abc")) == ["a", "b", "c"]
    assert terminal.lines()[-1] == "生成网页  3 个文件"


def test_what_is_done_within_a_second_shows_nothing(terminal: Terminal) -> None:
    with terminal.watched():
        assert list(counted("检查", "笔", range(1000))) == list(range(1000))
    assert terminal.text() == ""


@pytest.mark.usefixtures("impatient")
def test_a_bar_that_is_cut_short_leaves_its_line(terminal: Terminal) -> None:
    def fail() -> None:
        with terminal.watched(), progress("核验记录") as heard:
            heard(1, 2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert terminal.text().endswith("\n")


@pytest.mark.usefixtures("impatient")
def test_nothing_is_drawn_into_a_pipe_or_on_a_terminal_that_cannot_go_back(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal.watched():
        monkeypatch.setenv("TERM", "dumb")
        assert list(counted("检查", "笔", range(9))) == list(range(9))
    assert terminal.text() == ""
    monkeypatch.setenv("TERM", "xterm")
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    assert list(counted("检查", "笔", range(9))) == list(range(9))
    assert pipe.getvalue() == ""


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("command", "labels"),
    [
        ("db rebuild", {"重建报表数据"}),
        ("db compare", {"比对报表数据"}),
        ("audit verify", {"核验记录", "比对报表数据"}),
        ("audit replay --year 2022", {"重放"}),
        ("report balance", {"更新报表数据"}),
    ],
)
def test_what_works_through_the_log_shows_how_far_it_is(
    built: Program, terminal: Terminal, capsys: pytest.CaptureFixture[str], command: str, labels: set[str]
) -> None:
    if command.startswith("report"):
        record_behind(built)
    with terminal.watched(), pytest.raises(SystemExit, match="0"):
        xianjie.main(["--db", built.url, "-f", "json", *command.split()])
    assert {line.partition("  ")[0] for line in terminal.lines()} == labels
    assert capsys.readouterr().out.lstrip()[0] in "{["


@pytest.mark.usefixtures("impatient")
def test_an_import_counts_what_it_has_decided(built: Program, terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "paid.csv"
    file.write_text("类型,项目编号,金额(元),日期\n报账,P1,1,2022-06-02\n报账,P1,2,2022-06-03\n", encoding="utf-8")
    for verb, label in (("check", "检查"), ("apply", "导入")):
        with terminal.watched(), pytest.raises(SystemExit, match="0"):
            xianjie.main(["--db", built.url, "import", verb, str(file), "--kind", "payments"])
        # Two rows, and the note of what the file had.
        assert f"{label}  3 笔" in terminal.lines()


def record_behind(program: Program) -> None:
    """Record an entry whose facts nobody has mapped yet, as after a stop in between."""
    ledger = Ledger(program.url)
    handed_in = SubmitReport.of(on="2022-03-24", report="quarterly", area="520203", period="2022Q1", unit="县局")
    ledger.execute([handed_in], Submission("张三", "submission add"))
    ledger.close()
