"""Clerks in processes of their own: the program that the tests of several processes start.

Each line on stdin is a JSON list of jobs. One process is forked for each (starting Python anew would take most of the
time of the tests); all begin at the same moment. The program answers with their process ids, and when all have ended
with their exit codes. A job writes one line to its file for each answer of the ledger, only after the ledger gave it:

    ["allocate", url, file, name, attempts, fen]   allocate money of tranche T to project P again and again
    ["record", url, file, from]                    record keyed batches from a number on, until killed
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ledger.application import Ledger, Submission
from ledger.domain.allocation import AllocateMoney
from ledger.domain.stages import ApproveProject, ListProject
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from ledger.domain.command import Command

DAY = date(2022, 3, 1)
PROJECT: dict[str, Any] = {
    "name": "基地",
    "area": "520203",
    "project_year": 2022,
    "project_type": "crop_base",
    "goal": "建成大棚20座",
}


def main() -> None:
    for line in sys.stdin:
        gate, opener = os.pipe()
        clerks = [_fork(job, gate, opener) for job in json.loads(line)]
        os.close(gate)
        os.close(opener)
        _say(sys.stdout, *clerks)
        ends = [os.waitpid(clerk, 0)[1] for clerk in clerks]
        _say(sys.stdout, *map(os.waitstatus_to_exitcode, ends))


def _fork(job: list[Any], gate: int, opener: int) -> int:
    clerk = os.fork()
    if clerk:
        return clerk
    try:
        os.close(opener)
        os.read(gate, 1)  # ends when the parent closes the other end
        kind, url, file, *more = job
        with Path(file).open("a", encoding="utf-8") as answers:
            if kind == "allocate":
                _allocate(url, answers, *more)
            else:
                _record(url, answers, *more)
    except BaseException:  # noqa: BLE001 - whatever it is: this process must end here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _allocate(url: str, answers: TextIO, name: str, attempts: int, fen: int) -> None:
    ledger = Ledger(url)
    command = AllocateMoney.of(on=DAY, tranche="T", project="P", amount_fen=fen)
    for attempt in range(attempts):
        try:
            receipt = ledger.execute([command], Submission(name, "allocate", key=f"{name}-{attempt}")).receipt
        except LedgerError as error:
            _say(answers, "refused", error.code)
        else:
            _say(answers, "recorded", receipt.first, receipt.last)


def _record(url: str, answers: TextIO, start: int) -> None:
    ledger = Ledger(url)
    for number in count(start):
        receipt = ledger.execute(_batch(number), Submission("员", "record", key=f"batch-{number}")).receipt
        _say(answers, number, receipt.first, receipt.last)


def _batch(number: int) -> list[Command]:
    """Return the commands of batch ``number``, always the same: a project listed, approved, given a fen (4 events)."""
    code = f"P{number}"
    return [
        ListProject.of(on=DAY, project=code, **PROJECT),
        ApproveProject.of(on=DAY, project=code),
        AllocateMoney.of(on=DAY, tranche="T", project=code, amount_fen=1),
    ]


def _say(to: TextIO, *words: object) -> None:
    print(*words, file=to, flush=True)


if __name__ == "__main__":
    main()
