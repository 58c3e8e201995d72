"""An import that is killed leaves all of the file or nothing; repeated, it ends with exactly the right rows."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Program

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 400
PROGRAM = "from cli.main import main; main()"


def allocations(folder: Path) -> Path:
    """Write a sheet in which rows repeat: two that are equal are two."""
    file = folder / "安排.csv"
    rows = [f"T2,P1,{number % 7 + 1}.{number % 100:02d},2022-02-03" for number in range(ROWS)]
    file.write_text("\n".join(["批次编号,项目编号,金额(元),日期", *rows]), encoding="utf-8")
    return file


def sum_of(file: Path) -> int:
    """Return the fen of the sheet."""
    amounts = (line.split(",")[2] for line in file.read_text("utf-8").splitlines()[1:])
    return sum(int(amount.replace(".", "")) for amount in amounts)


def began(url: str, file: Path) -> subprocess.Popen[bytes]:
    command = ("--db", url, "--as", "张三", "import", "apply", str(file), "--kind", "allocations")
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def copied(program: Program, folder: Path, name: str) -> Program:
    for suffix in ("", ".head"):
        shutil.copy(f"{program.url}{suffix}", folder / f"{name}.db{suffix}")
    return Program(str(folder / f"{name}.db"))


def allocated_fen(program: Program) -> int:
    fen: int = program.json("project", "show", "P1")["funding"][0]["allocated_fen"]
    return fen


@pytest.mark.parametrize("kills", [6, pytest.param(150, marks=pytest.mark.soak)])
def test_a_killed_import_that_is_repeated_ends_with_exactly_the_right_rows(
    funded: Program, tmp_path: Path, kills: int
) -> None:
    file, before, was = allocations(tmp_path), funded.position(), allocated_fen(funded)
    whole = copied(funded, tmp_path, "whole")
    start = time.monotonic()
    assert began(whole.url, file).wait() == 0
    seconds, events = time.monotonic() - start, whole.position() - before
    assert allocated_fen(whole) == was + sum_of(file)

    chance, left = random.Random(2022), set()  # noqa: S311 - moments that can be had again
    for number in range(kills):
        program = copied(funded, tmp_path, f"killed{number}")
        process = began(program.url, file)
        # The second half of the time: the first goes into starting Python.
        time.sleep(seconds * chance.uniform(0.4, 1.05))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        left.add(program.position() - before)
        assert left <= {0, events}  # all of it or nothing

        for _ in range(2):
            program.ok("import", "apply", str(file), "--kind", "allocations")
            assert (program.position() - before, allocated_fen(program)) == (events, was + sum_of(file))
        assert program.json("audit", "verify")["ok"]
    assert 0 in left  # or nothing was tried
