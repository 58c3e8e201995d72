"""The program on a terminal of its own: there it asks, and somebody answers."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Program

__all__ = ["at_a_terminal"]


def at_a_terminal(program: Program, typed: str, *arguments: str) -> tuple[int, str]:
    """Run the program on a terminal of its own, type lines into it, and return the exit code and what it showed."""
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-c",
        "from cli.main import main; main()",
        "--db",
        program.url,
        "--as",
        "张三",
        *arguments,
    ]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        while select.select([ours], [], [], 20)[0]:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        process.wait(20)
    os.close(ours)
    return process.returncode, shown.decode(errors="replace")
