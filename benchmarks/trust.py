"""What trust costs: signing against not signing, a whole audit against bare hashing and parsing, and one proof.

One ledger of many events, imported in batches of 1,000 that are all signed. ``verify`` is compared with
``hashlib.sha256`` and ``json.loads`` over the stored states, which are in memory for the peer and in a file for us.
"""

from __future__ import annotations

import gc
import hashlib
import itertools
import json
import sqlite3
import statistics
import time
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

from benchmarks.append import BATCH, new_ledger
from benchmarks.histories import stored
from benchmarks.measure import Goal, alternate
from ledger.application import Submission
from ledger.database import read_transaction
from ledger.log.appending import BatchHeader
from ledger.log.proving import prove_entry
from ledger.log.signatures import PersonKey, check_signatures
from ledger.log.verify import verify
from ledger.signing import SeedSigner
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from ledger.application import Ledger
    from ledger.log.appending import Appender

__all__ = ["goals"]

_SIGNER = SeedSigner("xianjie.example/bench/op/P-0001-1", "bench", bytes(range(32)))
_SINGLES = 300
_PROOFS = 300
_MOST_ROUNDS = 3  # a round reads a million events


def goals(folder: Path, many: int, rounds: int) -> list[Goal]:
    """Measure single appends, the audit of ``many`` events, and inclusion proofs among them."""
    found = [_signing_goal(folder, rounds)]
    ledger = _filled(folder / "many.db", many)
    engine = ledger.appender.engine
    found += [_verify_goal(engine, many, min(rounds, _MOST_ROUNDS)), _proof_goal(engine, many)]
    ledger.close()
    return found


def _signing_goal(folder: Path, rounds: int) -> Goal:
    plain, signed = (new_ledger(folder / f"{name}.db") for name in ("plain", "signed"))
    cases = {
        "unsigned": lambda: _append_singly(plain.appender, None),
        "signed": lambda: _append_singly(signed.appender, _SIGNER),
    }
    alternate(cases, 1)  # warm up
    result = alternate(cases, rounds)
    plain.close()
    signed.close()
    speeds = ", ".join(f"{case} {result.rate(case)}" for case in cases)
    return Goal("single append, signed / unsigned", result.ratio("signed", "unsigned"), 0.7, True, speeds)


def _append_singly(appender: Appender, signer: SeedSigner | None) -> int:
    for number in range(_SINGLES):
        with appender.open(BatchHeader(None, "", "bench", "append", ""), signer=signer) as append:
            append.write([(f"project:{number}", None, "project.progressed", b'{"amount_fen":1}')])
    return _SINGLES


def _filled(path: Path, many: int) -> Ledger:
    ledger = new_ledger(path)
    ledger.signer = _SIGNER
    source = stored(many)
    while batch := list(itertools.islice(source, BATCH)):
        ledger.append(batch, Submission("bench", "append", input_hash="bench"))
    with closing(sqlite3.connect(path)) as connection:  # the program forbids itself this pragma
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger


def _verify_goal(engine: Engine, many: int, rounds: int) -> Goal:
    with read_transaction(engine) as connection:
        states = list(connection.exec_driver_sql("SELECT state FROM event ORDER BY position").scalars())
    key = PersonKey(Key(_SIGNER.name, _SIGNER.public_key), _SIGNER.person)

    def hash_and_parse() -> int:
        for state in states:
            hashlib.sha256(state).digest()
            json.loads(state)
        return len(states)

    def audit() -> int:
        assert verify(engine).ok
        assert check_signatures(engine, lambda _batch: [key]).total == 0
        return len(states)

    result = alternate({"bare": hash_and_parse, "audit": audit}, rounds)
    speeds = ", ".join(f"{case} {result.rate(case)}" for case in ("bare", "audit"))
    return Goal(f"audit of {many:,} / sha256 + json.loads", result.ratio("audit", "bare"), 0.3, True, speeds)


def _proof_goal(engine: Engine, many: int) -> Goal:
    randomly, spent = Random(5), list[float]()  # noqa: S311 - positions that can be repeated
    gc.collect()
    for _ in range(_PROOFS):
        position = randomly.randrange(1, many + 1)
        with read_transaction(engine) as connection:
            started = time.perf_counter()
            prove_entry(connection, position)
            spent.append((time.perf_counter() - started) * 1000)
    worst = sorted(spent)[int(len(spent) * 0.99)]
    detail = f"99 of 100 within {worst:.2f} ms"
    return Goal(f"inclusion proof among {many:,}, ms (median)", statistics.median(spent), 2.0, False, detail)
