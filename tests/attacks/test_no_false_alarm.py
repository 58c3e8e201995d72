"""Ordinary ledgers, however they were used, are found sound by the whole of ``audit verify``: no alarm for nothing.

Each is a signed ledger in which its people did some of what people do, in a random order: money proposed, agreed,
refused and corrected, keys lost, roles lent, records kept elsewhere, copies made, reports drawn up to the day or not.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.main import xianjie
from ledger.application import Submission
from ledger.database import read_transaction
from ledger.dates import today
from ledger.domain.control import ReverseEvent
from ledger.domain.enrolment import DelegateRole, EnrolKey, RevokeKey
from ledger.domain.proposal import RejectProposal, WithdrawProposal
from ledger.log.backup import create_backup
from ledger.log.journal import configure_journal, forget_journal
from ledger.log.published import Published
from ledger.log.reading import head
from ledger.sealing import Hardness
from ledger.vault.custody import Custody, Entry
from ledger.vault.store import Vault, create_vault
from projections.catch_up import catch_up, create_projections, rebuild
from tests.ledger.signed import (
    ADMIN,
    CHECKER,
    MAKER,
    ORIGIN,
    PUBLISHER,
    SECOND,
    County,
    issue,
    public,
    signer,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

PASSPHRASE = "correct horse battery"  # noqa: S105 - of a vault that lives for one test
LARGE = 600_000_00


@dataclass
class Life:
    """One ledger and what happens in it."""

    folder: Path
    county: County
    randomly: Random
    issued: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    saved: Path | None = None

    @property
    def engine(self) -> Engine:
        return self.county.program(ADMIN).appender.engine

    def pass_by(self, acts: int) -> None:
        """Let so many things happen."""
        for _ in range(acts):
            act = self.randomly.choice(ACTS)
            act(self)
            self.done[act.__name__] += 1

    def _next_issue(self) -> tuple[str, int]:
        return f"T{self.county.position()}", self.randomly.choice([1, 33_333_33, LARGE])

    def money_agreed(self) -> None:
        code, fen = self._next_issue()
        self.county.agreed(issue(code, fen))
        self.issued.append(self.county.position())

    def money_of_several_agreed(self) -> None:
        code, fen = self._next_issue()
        many = self.randomly.choice([2, 20, 300])  # the last one fills a tile of the tree
        self.county.agreed(*(issue(f"{code}-{number}", fen) for number in range(many)))

    def money_waiting(self) -> None:
        code = self.county.propose(MAKER, issue(*self._next_issue()))
        if self.randomly.random() < 0.5:
            self.county.check(CHECKER, code)

    def money_refused(self) -> None:
        code = self.county.propose(MAKER, issue(*self._next_issue()))
        kind, person = self.randomly.choice([(RejectProposal, CHECKER), (WithdrawProposal, MAKER)])
        self.county.do(person, kind.of(on=today(), proposal=code, reason="不妥"))

    def money_corrected(self) -> None:
        if self.issued:
            position = self.issued.pop()
            self.county.agreed(ReverseEvent.of(on=today(), position=position, reason="重复", document="更正1号"))

    def role_lent(self) -> None:
        until = today() + timedelta(days=self.randomly.randrange(30))
        self.county.do(CHECKER, DelegateRole.of(on=today(), person=PUBLISHER, role="checker", until=until))

    def key_lost(self) -> None:
        """The maker gets a second key; the lost one signs nothing more, and what it signed is in doubt or not."""
        if public(MAKER) in self.county.people().keys:
            self.county.administer(EnrolKey.of(on=today(), person=MAKER, key=public(MAKER, 2)))
            since = self.randomly.choice([0, self.county.position()])
            gone = RevokeKey.of(on=today(), key=signer(MAKER).name, reason="丢失", not_trusted_since=since)
            self.county.do(ADMIN, gone)
            self.county.devices[MAKER] = 2

    def second_record(self) -> None:
        if self.randomly.random() < 0.7:
            configure_journal(self.engine, ORIGIN, self.folder / "journal.jsonl")
        else:
            forget_journal(self.engine, ORIGIN)
        self.reopened()

    def published(self) -> None:
        with read_transaction(self.engine) as connection:
            now = head(connection)
            Published(self.engine, ORIGIN).publish(connection, now, now.checkpoint)
        self.saved = self.folder / "saved.txt"
        self.saved.write_text(now.checkpoint, encoding="utf-8")

    def reports(self) -> None:
        if self.randomly.random() < 0.5:
            catch_up(self.engine)
        else:
            rebuild(self.engine)

    def copied(self) -> None:
        create_backup(self.engine, self.folder / f"backup-{self.done.total()}")

    def people_entered(self) -> None:
        vault = Vault(self.folder / "vault.db", ORIGIN)
        vault.unlock(self.folder / "vault.key", PASSPHRASE)
        custody, by = Custody(self.county.program(MAKER), vault), Submission(MAKER, "vault")
        [ref] = custody.register([Entry("household", {"name": "张小三", "phone": "13800138000"})], by)
        custody.read(ref, ["phone"], "核对", by, unmask=False)
        assert custody.verify() == []
        vault.close()

    def reopened(self) -> None:
        self.county.close()
        self.county.programs.clear()


ACTS: tuple[Callable[[Life], None], ...] = (
    Life.money_agreed,
    Life.money_of_several_agreed,
    Life.money_waiting,
    Life.money_refused,
    Life.money_corrected,
    Life.role_lent,
    Life.key_lost,
    Life.second_record,
    Life.published,
    Life.reports,
    Life.copied,
    Life.people_entered,
    Life.reopened,
)


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger with its people, and an empty vault, to copy."""
    folder = tmp_path_factory.mktemp("staffed") / "ledger"
    folder.mkdir()
    county = County(str(folder / "ledger.db")).staffed()
    create_projections(county.program(SECOND).appender.engine)
    county.close()
    create_vault(folder / "vault.db", folder / "vault.key", ORIGIN, PASSPHRASE, hardness=Hardness(64, 1, 1))
    return folder


def _verified(life: Life) -> object:
    """Return what ``audit verify`` has to say against a ledger."""
    outside = ["--checkpoint", str(life.saved)] if life.saved else []
    done = CliRunner().invoke(xianjie, ["--db", life.county.url, "-f", "json", "audit", "verify", *outside])
    assert done.stdout, done.output
    report = json.loads(done.stdout)
    assert (report["ok"], report["mode"], report["unsigned"]) == (done.exit_code == 0, "signed", 0)
    return report["findings"]


@pytest.mark.parametrize("ledgers", [6, pytest.param(1_000, marks=pytest.mark.soak)])
def test_ordinary_ledgers_raise_no_alarm(staffed: Path, tmp_path: Path, ledgers: int) -> None:
    done = Counter[str]()
    for number in range(ledgers):
        folder = tmp_path / str(number)
        shutil.copytree(staffed, folder)
        life = Life(folder, County(str(folder / "ledger.db"), exists=True), Random(number))  # noqa: S311 - repeatable
        life.pass_by(life.randomly.randrange(1, 10))
        assert _verified(life) == [], (number, life.done)
        life.reopened()
        assert _verified(life) == [], (number, life.done)
        shutil.rmtree(folder)
        done += life.done
    assert sum(done.values()) >= ledgers
    print(f"{ledgers} ledgers, {dict(done)}, no alarm")  # noqa: T201 - what a long run is for
