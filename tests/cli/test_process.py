"""The program as a process of its own: start-up, pipes, interruption, several at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

MAIN = (sys.executable, "-c", "from cli.main import main; main()")
LIST_MODULES = (
    "import atexit, json, sys\n"
    "names = lambda: sorted({name.partition('.')[0] for name in sys.modules})\n"
    "atexit.register(lambda: print(json.dumps(names()), file=sys.stderr))\n"
    "from cli.main import main\n"
    "main()"
)


def test_the_version_is_that_of_the_distribution() -> None:
    done = subprocess.run([*MAIN, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("xianjie 0.")


@pytest.mark.parametrize("arguments", ["--help", "fund issue --help", "import apply --help", "report share --help"])
def test_help_imports_nothing_slow(arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments.split()], capture_output=True, text=True, check=True
    )
    slow = {"sqlalchemy", "pydantic", "eventsourcing", "tabulate", "openpyxl"}
    assert set(json.loads(done.stderr)) & slow == set()


def test_a_report_decodes_no_event_when_the_facts_are_current(funded: Program) -> None:
    command = (sys.executable, "-c", LIST_MODULES, "--db", funded.url, "report", "share", "--year", "2022")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(json.loads(done.stderr)) & {"pydantic", "openpyxl"} == set()


def test_output_is_utf_8_wherever_it_goes(funded: Program) -> None:
    command = (*MAIN, "--db", funded.url, "project", "list")
    done = subprocess.run(command, capture_output=True, check=True, env={"PYTHONIOENCODING": "gbk", "PATH": ""})
    assert "食用菌基地" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_causes_no_noise(funded: Program) -> None:
    command = (*MAIN, "--db", funded.url, "rule", "show", "base")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_an_interrupted_program_ends_with_130(funded: Program, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("large") / "many.csv"
    file.write_text(
        "\n".join(["批次编号,项目编号,金额(元),日期", *["T2,P1,0.01,2022-02-01"] * 100_000]), encoding="utf-8"
    )
    before = funded.position()
    command = (*MAIN, "--db", funded.url, "import", "apply", str(file), "--kind", "allocations")
    # A test run in the background of a shell has SIGINT ignored, and its children inherit that.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        signal.signal(signal.SIGINT, heard)
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, b"")
    assert funded.position() == before


def test_processes_that_record_at_once_wait_for_one_another(funded: Program) -> None:
    before = funded.position()
    command = (*MAIN, "--db", funded.url, "fund", "allocate", "--tranche", "T2", "--project", "P1")
    started = [
        subprocess.Popen(
            [*command, "--amount", "60万元", "--date", "2022-02-01"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    codes = sorted(process.wait(timeout=120) for process in started)
    for process in started:
        process.communicate()
    # 200 of the 500 are left: three allocations of 60 fit, the fourth is refused by the rule and not by a lock.
    assert codes == [0, 0, 0, 1]
    assert funded.position() == before + 6
