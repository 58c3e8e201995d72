"""A morning of entries: at a real terminal in tmux, and the parts of it one by one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from cli.main import xianjie
from cli.prompting import History, ProgramCompleter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Program

_KEEP = (";", "set-option", "-g", "remain-on-exit", "on")  # what a session says last stays to be read
TMUX = shutil.which("tmux")
ISSUE = (
    "fund issue --tranche T9 --area 520200 --year 2022 --level 中央 --amount 10万元 --issuer 省财政厅"
    " --doc 黔财农〔2022〕9号 --date 2022-01-05"
)


class Screen:
    """A terminal of 100 columns and 40 lines that somebody types into."""

    def __init__(self, folder: Path) -> None:
        self._server = ["tmux", "-S", str(folder / "tmux.sock"), "-f", "/dev/null"]

    def begin(self, *command: str) -> None:
        self._run("new-session", "-d", "-x", "100", "-y", "40", "-s", "morning", *command, *_KEEP)

    def type(self, text: str) -> None:
        self._run("send-keys", "-t", "morning", "-l", text)

    def press(self, key: str) -> None:
        self._run("send-keys", "-t", "morning", key)

    def until(self, text: str, seconds: int = 30) -> str:
        """Return the screen once it shows the text; fail with what it shows instead."""
        shown, last = "", time.monotonic() + seconds
        while time.monotonic() < last:
            shown = self._run("capture-pane", "-p", "-J", "-S", "-200", "-t", "morning")
            if text in shown:
                return shown
            time.sleep(0.1)
        pytest.fail(f"{text} was not shown within {seconds} s:\n{shown}")

    def end(self) -> None:
        subprocess.run([*self._server, "kill-server"], capture_output=True, check=False)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([*self._server, *arguments], capture_output=True, encoding="utf-8", check=True)
        return done.stdout


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A terminal; the session's history stays in the folder of the test."""
    if TMUX is None:
        pytest.skip("tmux is not installed: apt-get install tmux")
    for name, value in {"XIANJIE_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    screen = Screen(tmp_path)
    yield screen
    screen.end()


def test_a_morning_of_entries_is_typed_at_a_terminal(funded: Program, screen: Screen, tmp_path: Path) -> None:
    before = funded.position()
    program = "from cli.main import main; main()"
    screen.begin(sys.executable, "-c", program, "--db", funded.url, "--as", "李明", "shell")
    screen.until("衔接>")
    screen.type(ISSUE)
    screen.press("Enter")
    screen.until("100,000.00 元(人民币壹拾万元整)")
    screen.type("payment release P1 --amount 99999999")  # more than the project has
    screen.press("Enter")
    assert "怎么办:" in screen.until("错误:")
    screen.type("project start P")
    screen.press("Tab")
    screen.until("project start P1")
    screen.type(" --date 2022-02-01")
    screen.press("Enter")
    screen.until("项目开工")
    screen.press("Up")  # the history gives the last line back
    screen.until("衔接> project start P1 --date 2022-02-01")
    screen.press("C-c")
    screen.type("asset notice A1 --holder V1:村集体:1/1")
    screen.press("Enter")
    screen.until("缺少选项 --from")
    screen.press("C-d")
    screen.until("本次录入 2 批,共 3 条")
    assert funded.position() == before + 3
    history = (tmp_path / "home" / "history").read_text("utf-8")
    assert "+project start P1 --date 2022-02-01" in history
    assert "--holder" not in history


def test_a_script_of_lines_is_run_over_one_ledger_and_summed_up(funded: Program) -> None:
    lines = f"# 上午\n{ISSUE}\nxianjie project start P1 --date 2022-02-01\nfund list\n"
    done = piped(funded, lines)
    assert (done.returncode, done.stderr) == (0, "")
    assert "本次录入 2 批,共 3 条" in done.stdout
    assert "project start" in done.stdout.splitlines()[-1]


def test_a_line_that_fails_is_told_and_the_next_one_runs(funded: Program) -> None:
    done = piped(funded, 'fund "list\nshell\nfund lst\nproject start P1 --date 2022-02-01\n退出\nfund list\n')
    for said in ("引号没有成对", "不能在连续录入中使用", "没有命令 lst"):
        assert said in done.stderr
    assert "本次录入 1 批,共 1 条" in done.stdout
    assert "批次    地区" not in done.stdout
    assert done.returncode == 1


def piped(program: Program, lines: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-c", "from cli.main import main; main()", "--db", program.url, "shell"]
    return subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", check=False)


def offered(program: Program, typed: str) -> dict[str, str]:
    completer = ProgramCompleter(xianjie, program.url)
    return {each.text: each.display_meta_text for each in completer.get_completions(Document(typed), CompleteEvent())}


def test_completion_offers_nouns_verbs_flags_words_and_codes_with_their_names(funded: Program) -> None:
    assert offered(funded, "pay") == {"payment": "资金拨付:核拨、支付、报账、退回、质保金"}
    assert "release" in offered(funded, "payment ")
    assert "--amount" in offered(funded, "payment release P1 --am")
    assert offered(funded, "payment release ") == {"P1": "食用菌基地"}
    assert offered(funded, "project show 食用") == {"P1": "食用菌基地"}
    assert offered(funded, "fund allocate --tranche T") == {"T1": "黔财农〔2022〕1号", "T2": "市财农〔2022〕1号"}
    assert offered(funded, "report share --by t") == {"town": "乡镇", "type": "类型"}
    assert offered(funded, 'project show "') == {}


def test_completion_offers_nothing_where_there_is_no_ledger(tmp_path: Path) -> None:
    completer = ProgramCompleter(xianjie, str(tmp_path / "none.db"))
    assert list(completer.get_completions(Document("project show "), CompleteEvent())) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shells_get_their_script_and_their_words(funded: Program, shell: str) -> None:
    def asked(instruction: str, **more: str) -> str:
        environment = {"_XIANJIE_COMPLETE": f"{shell}_{instruction}", "XIANJIE_DB": funded.url, "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-X", "utf8", "-c", "from cli.main import main; main()"]
        done = subprocess.run(command, env=environment | more, capture_output=True, encoding="utf-8", check=False)
        return done.stdout

    assert "_XIANJIE_COMPLETE" in asked("source")
    typed = {"COMP_WORDS": "xianjie payment release ", "COMP_CWORD": "3" if shell != "fish" else ""}
    assert "P1" in asked("complete", **typed)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("payment pay P1 --amount 1万元", True),
        ("key new --passphrase-fd 3", False),
        ("asset notice A1 --owner H-36SCB6C2ZO7FOPUT2J2FO3VR57:农户:1/1", False),
        ("doc add 1号 --title 13812345678", False),
    ],
)
def test_the_history_keeps_what_says_nothing_of_a_person(tmp_path: Path, line: str, *, kept: bool) -> None:
    path = tmp_path / "history"
    History(path).store_string(line)
    assert path.exists() == kept
    if kept:
        assert line in path.read_text("utf-8")
        assert path.stat().st_mode & 0o077 == 0
