"""A signed ledger with its people, each with a key in memory: for tests of who may record what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.application import Ledger, Outcome, Submission
from ledger.database import open_database, read_transaction
from ledger.dates import today
from ledger.domain.control import AdoptRules, OpenLedger
from ledger.domain.enrolment import ConfirmLedger, EnrolKey, EnrolPerson, GrantRole
from ledger.domain.proposal import CheckProposal
from ledger.domain.tranche import IssueTranche
from ledger.log.reading import head, read_stream
from ledger.log.schema import create_log
from ledger.rules import shipped_packs
from ledger.signing import SeedSigner
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.command import Command
    from ledger.domain.people import People

ORIGIN = "test.example/520200"
ADMIN, SECOND, MAKER, CHECKER, APPROVER, PUBLISHER = (f"P-000{number}" for number in range(1, 7))
ROLES = {MAKER: "maker", CHECKER: "checker", APPROVER: "approver", PUBLISHER: "publisher"}
DAY = date(2022, 3, 1)
BOOK = {"on": date(2012, 1, 1)}


def signer(person: str, device: int = 1) -> SeedSigner:
    """The key of a person on a device; the same one every time."""
    return SeedSigner(f"{ORIGIN}/op/{person}-{device}", person, sha256(f"{person} {device}".encode()).digest())


def public(person: str, device: int = 1) -> str:
    made = signer(person, device)
    return str(Key(made.name, made.public_key))


def enrol(person: str, **role: str) -> list[Command]:
    """The commands that make a person known, with a key and perhaps a role."""
    on = today()
    found: list[Command] = [
        EnrolPerson.of(on=on, person=person, unit="县农业农村局", post="科员"),
        EnrolKey.of(on=on, person=person, key=public(person)),
    ]
    if role:
        found.append(GrantRole.of(on=on, person=person, area="520200", **role))
    return found


def issue(code: str = "T1", fen: int = 1_000_00, area: str = "520203") -> Command:
    return IssueTranche.of(
        on=DAY,
        document=f"{code}号",
        tranche=code,
        area=area,
        plan_year=2022,
        level="central",
        amount_fen=fen,
        issuer="省厅",
    )


def opening() -> list[Command]:
    """What the first batch of a signed ledger says."""
    opened = OpenLedger.of(**BOOK, area="520200", name="六盘水", origin=ORIGIN, mode="signed")
    rules = AdoptRules.of(**BOOK, text=shipped_packs()["base"])
    return [opened, rules, *enrol(ADMIN, role="admin"), *enrol(SECOND, role="admin")]


@dataclass
class County:
    """One signed ledger; every person works with his own program over the same database."""

    url: str
    programs: dict[tuple[str, int], Ledger] = field(default_factory=dict)
    exists: bool = False
    devices: dict[str, int] = field(default_factory=dict)
    """On which device a person works, where it is not his first."""

    def __post_init__(self) -> None:
        if self.exists:
            return
        engine = open_database(self.url, create=True)
        create_log(engine, ORIGIN)
        engine.dispose()

    def close(self) -> None:
        for each in self.programs.values():
            each.close()

    def program(self, person: str, device: int = 0) -> Ledger:
        device = device or self.devices.get(person, 1)
        if (person, device) not in self.programs:
            self.programs[person, device] = Ledger(self.url, signer(person, device))
        return self.programs[person, device]

    def do(self, person: str, *commands: Command, key: str | None = None, device: int = 0) -> Outcome:
        by = Submission(person, "test", key=key)
        return self.program(person, device).execute(commands, by)

    def propose(self, person: str, *commands: Command, key: str | None = None) -> str:
        return self.program(person).propose(commands, Submission(person, "test", key=key)).proposal

    def check(self, person: str, code: str) -> Outcome:
        return self.do(person, CheckProposal.of(on=today(), proposal=code, seen_hash=self.seen(code)))

    def approve(self, person: str, code: str, seen: str = "", device: int = 0) -> Outcome:
        program = self.program(person, device)
        return program.approve(code, seen or self.seen(code), Submission(person, "approve"))

    def agreed(self, *commands: Command) -> Outcome:
        """Record through maker, checker and approver."""
        code = self.propose(MAKER, *commands)
        self.check(CHECKER, code)
        return self.approve(APPROVER, code)

    def administer(self, *commands: Command) -> Outcome:
        """Record through both administrators."""
        return self.approve(SECOND, self.propose(ADMIN, *commands))

    def found(self) -> County:
        """Open and confirm."""
        self.do(ADMIN, *opening())
        self.do(SECOND, ConfirmLedger.of(on=today(), root=self.root()))
        return self

    def staffed(self, roles: dict[str, str] | None = None) -> County:
        """Open, confirm and enrol everybody."""
        self.found()
        enrolled = [enrol(person, role=role) for person, role in (roles or ROLES).items()]
        self.administer(*(command for commands in enrolled for command in commands))
        return self

    def seen(self, code: str) -> str:
        return str(self.stored(f"proposal:{code}")[0]["seen_hash"])

    def stored(self, stream: str) -> Sequence[dict[str, object]]:
        import json  # noqa: PLC0415 - only here

        with read_transaction(self.program(ADMIN).appender.engine) as connection:
            return [json.loads(row.state) for row in read_stream(connection, stream)]

    def root(self) -> str:
        with read_transaction(self.program(ADMIN).appender.engine) as connection:
            return head(connection).root.hex()

    def position(self) -> int:
        with read_transaction(self.program(ADMIN).appender.engine) as connection:
            return head(connection).position

    def people(self) -> People:
        from ledger.commands.work import PEOPLE  # noqa: PLC0415 - only here
        from ledger.domain.history import fold  # noqa: PLC0415 - only here
        from ledger.events import registry  # noqa: PLC0415 - only here

        with read_transaction(self.program(ADMIN).appender.engine) as connection:
            rows = read_stream(connection, "people")
        return fold(PEOPLE.evolve, PEOPLE.start, [registry.decode(row.topic, row.state) for row in rows])
