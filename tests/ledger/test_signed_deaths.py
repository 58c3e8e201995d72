"""Death at any moment between signing, proposing and approving: nothing acknowledged lost, nothing done twice."""

from __future__ import annotations

import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from ledger.auditing import check_authority
from ledger.database import open_database, read_transaction
from ledger.log.verify import verify
from tests.ledger.agreeing import agree_until_killed
from tests.ledger.log.mortal import lines_of, start
from tests.ledger.signed import MAKER, County, issue

if TYPE_CHECKING:
    from pathlib import Path

KILLED = -9


def _stored(url: str) -> dict[str, int]:
    """Return the last position of each batch with a key, once everything was looked at from the bytes up."""
    engine = open_database(url)
    report = verify(engine)
    assert report.findings == []
    authority = check_authority(engine)
    assert (authority.findings, authority.mode, authority.unsigned) == ([], "signed", 0)
    with read_transaction(engine) as connection:
        rows = connection.exec_driver_sql("SELECT key, last FROM batch WHERE key IS NOT NULL ORDER BY id").all()
    engine.dispose()
    keys = [key for key, _ in rows]
    assert len(set(keys)) == len(keys)
    return {str(key): int(last) for key, last in rows}


@pytest.mark.parametrize("deaths", [4, pytest.param(300, marks=pytest.mark.soak)])
def test_death_between_proposal_and_approval_loses_and_doubles_nothing(
    tmp_path: Path, sqlite_url: str, deaths: int
) -> None:
    County(sqlite_url).staffed().close()
    said, done, counted, randomly = tmp_path / "said", 0, Counter[str](), Random(deaths)  # noqa: S311 - moments of death
    for death in range(deaths):
        writer = start(agree_until_killed, sqlite_url, done + 1, str(said))
        while writer.is_alive() and len(lines_of(said)) <= death % 3:
            time.sleep(0.001)
        time.sleep(randomly.uniform(0, 0.05))
        writer.kill()
        writer.join()
        assert writer.exitcode == KILLED
        stored = _stored(sqlite_url)
        for line in lines_of(said):
            step, number, what = line.split()
            assert f"{step[0]}{number}" in stored  # none lost
            if step == "approved":
                assert stored[f"a{number}"] == int(what)
                done = max(done, int(number))
        # Who was told nothing may find it done, but never half of it: one tranche for each approval, in order.
        approved = [key for key in stored if key.startswith("a")]
        assert approved == [f"a{number}" for number in range(1, len(approved) + 1)]
        assert 0 <= len(approved) - done <= 1
        counted["with an approval stored and not acknowledged"] += len(approved) - done
        counted["with a proposal left waiting"] += f"a{done + 1}" not in stored and f"p{done + 1}" in stored
        said.unlink()
    assert done > 0
    print(f"{deaths} deaths", dict(counted))  # noqa: T201 - what a long run is for


def test_a_proposal_submitted_again_after_its_approval_is_answered_and_not_made_twice(sqlite_url: str) -> None:
    county = County(sqlite_url).staffed()
    code = county.propose(MAKER, issue(), key="k")
    county.approve("P-0005", code)
    position = county.position()
    assert county.propose(MAKER, issue(), key="k") == code
    assert county.position() == position
    county.close()
