"""A signed ledger on the command line, used by several persons, each with his key file."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from cli.main import xianjie
from ledger.keyfile import Hardness, create_key_file
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

WORDS = "正确 的 马 电池 订书钉 一二三"
CHEAP = Hardness(memory_kib=64, passes=1, lanes=1)
ADMIN, SECOND, MAKER, CHECKER, APPROVER, PUBLISHER = (f"P-000{number}" for number in range(1, 7))
ISSUE = (
    "fund issue --tranche T1 --area 520200 --year 2022 --level 中央 --amount {} --issuer 省财政厅"
    " --doc 黔财农〔2022〕1号 --date 2022-01-05"
)
DISTRIBUTE = (
    "fund distribute --tranche T1 --child T1-1 --child-area 520203 --amount 1万元"
    " --doc 六特农〔2022〕1号 --date 2022-02-05"
)


class Office:
    """``xianjie`` over one database, used by several persons, each with his key file."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.words = folder, url, WORDS

    def key(self, person: str) -> Path:
        return self.folder / f"{person}.key"

    def run(self, person: str, line: str, *, answer: str = "") -> Result:
        """Run one line, signing with the person's key file; the passphrase comes through a descriptor.

        It comes twice, because the vault asks for its own, which is the same here.
        """
        reading, writing = os.pipe()
        os.write(writing, f"{self.words}\n".encode() * 2)
        os.close(writing)
        sign = ["--sign", str(self.key(person))] if person else []
        arguments = ["--db", self.url, *sign, *line.split()]
        done = CliRunner().invoke(xianjie, arguments, input=answer, env={"XIANJIE_PASSPHRASE_FD": str(reading)})
        os.close(reading)
        return done

    def ok(self, person: str, line: str, *, answer: str = "") -> str:
        done = self.run(person, line, answer=answer)
        assert done.exit_code == 0, done.output
        return done.stdout

    def json(self, person: str, line: str) -> Any:  # noqa: ANN401 - whatever the program prints
        return json.loads(self.ok(person, f"-f json {line}"))

    def refused(self, person: str, line: str) -> dict[str, Any]:
        done = self.run(person, f"-f json {line}")
        assert done.exit_code, done.output
        return {"exit": done.exit_code, **json.loads(done.stderr.splitlines()[-1])}

    def keys(self, *persons: str) -> None:
        """Make key files as ``key new`` does, but such that a guess costs next to nothing."""
        for person in persons:
            made = create_key_file(self.key(person), f"xianjie/{person}-0", person, WORDS, hardness=CHEAP)
            self.key(person).with_suffix(".key.pub").write_text(str(Key(made.name, made.public_key)))

    def agree(self, line: str) -> None:
        """Let the first administrator propose and the second approve."""
        code = self.json(ADMIN, line)["proposal"]
        self.ok(SECOND, f"approve {code} --yes")

    def found(self) -> Office:
        self.keys(ADMIN, SECOND)
        self.ok(ADMIN, f"init --signed --second {self.key(SECOND)}.pub --unit 县农业农村局")
        self.ok(SECOND, "db confirm", answer="y\n")
        return self


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str) -> Iterator[Office]:
    """An empty place; whoever is logged in at the end is logged out."""
    yield Office(tmp_path, sqlite_url)
    CliRunner().invoke(xianjie, ["logout"])


@pytest.fixture(scope="session")
def prepared_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a confirmed ledger, a maker, a checker and an approver, to copy."""
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder, str(folder / "ledger.db"))
    office.found()
    roles = {MAKER: "经办", CHECKER: "审核", APPROVER: "审批"}
    office.keys(*roles)
    for person, role in roles.items():
        office.agree(f"person enrol {person} --unit 县财政局 --post 科员")
        office.agree(f"key enrol {person} --public {office.key(person)}.pub --device 办公电脑")
        office.agree(f"role grant {person} {role} --area 520200")
    return folder


@pytest.fixture
def staffed(prepared_office: Path, office: Office) -> Office:
    """A confirmed ledger with a maker, a checker and an approver."""
    for file in prepared_office.iterdir():
        shutil.copy(file, office.folder)
    return office
