"""A job that dies: two persons who propose and approve, each with his own key, until they are killed."""

from __future__ import annotations

from pathlib import Path

from ledger.application import Submission
from tests.ledger.signed import APPROVER, MAKER, County, issue

__all__ = ["agree_until_killed"]


def agree_until_killed(url: str, number: int, said: str) -> None:
    """Let a maker propose tranche ``number``, ``number`` + 1, … and an approver approve each, and say so.

    Both use keys made of the number, so that whatever was not acknowledged is simply begun again.
    """
    county = County(url, exists=True)
    with Path(said).open("ab", buffering=0) as out:
        while True:
            code = county.propose(MAKER, issue(f"T{number}"), key=f"p{number}")
            out.write(f"proposed {number} {code}\n".encode())
            by = Submission(APPROVER, "approve", key=f"a{number}")
            receipt = county.program(APPROVER).approve(code, county.seen(code), by).receipt
            out.write(f"approved {number} {receipt.last}\n".encode())
            number += 1
