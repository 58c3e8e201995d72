"""The program as a person runs it: arguments in, what is printed and the exit code out, over a real database."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from cli.main import xianjie
from ledger.database import open_database, read_transaction
from ledger.log.reading import head
from tests.cli.office import office, prepared_office, staffed

__all__ = ["BUILT", "FUNDED", "HANDED_OVER", "Program", "office", "prepared_office", "staffed"]

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@dataclass(frozen=True)
class Program:
    """``xianjie`` over one database."""

    url: str

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(xianjie, ["--db", self.url, "--as", "张三", *arguments])

    def ok(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the program prints
        return json.loads(self.ok("-f", "json", *arguments))

    def refused(self, *arguments: str) -> tuple[int, dict[str, str]]:
        """Run what must fail, and return the exit code and the one JSON object; nothing may have been recorded."""
        before = self.position()
        done = self.run("-f", "json", *arguments)
        assert self.position() == before
        assert len(done.stderr.splitlines()) == 1, done.output
        return done.exit_code, json.loads(done.stderr)

    def position(self) -> int:
        engine = open_database(self.url)
        with read_transaction(engine) as connection:
            position = head(connection).position
        engine.dispose()
        return position


FUNDED = (
    (
        "fund issue --tranche T1 --area 520200 --year 2022 --level 中央 --amount 1000万元 --issuer 省财政厅"
        " --doc 黔财农〔2022〕1号 --date 2022-01-05"
    ),
    (
        "fund distribute --tranche T1 --child T2 --child-area 520203 --amount 500 --unit wan --doc 市财农〔2022〕1号"
        " --date 2022-01-09"
    ),
    "project add P1 --name 食用菌基地 --area 520203 --year 2022 --type 种植业基地 --goal 建棚20座 --date 2022-01-10",
    "project approve P1 --date 2022-01-11",
    "project plan P1 --amount 300万元 --date 2022-01-12",
    "fund allocate --tranche T2 --project P1 --amount 叁佰万元整 --date 2022-01-13",
)
BUILT = (
    "project start P1 --date 2022-02-01",
    "payment release P1 --amount 2000000 --date 2022-02-02",
    "payment pay P1 --amount 1500000.01 --date 2022-02-03",
    "payment reimburse P1 --amount 1000000 --date 2022-02-04",
    "project progress P1 --amount 2800000 --date 2022-04-01",
    "project complete P1 --date 2022-05-01",
    "project accept P1 --date 2022-06-01",
    "asset identify A1 --project P1 --name 大棚 --class 经营性 --value 300万元 --date 2022-06-02",
    (
        "asset notice A1 --holder V1:村集体:1/3 --holder V2:村集体:2/3:某村 --from 2022-06-02 --to 2022-06-10"
        " --date 2022-06-02"
    ),
)
HANDED_OVER = (
    "asset confirm A1 --date 2022-06-11",
    "asset certify A1 --certificate 证1号 --date 2022-06-12",
    "asset hand-over A1 --giver 农业农村局 --receiver 某村合作社 --supervisor 乡政府 --date 2022-06-13",
    "asset book A1 --books 集体 --voucher 记1 --date 2022-06-14",
    "right set A1 --right 经营权 --holder C1:企业:1 --date 2022-06-15",
    "right set A1 --right 处置权 --status unsettled --due 2022-12-31 --reason 待村民会议 --date 2022-06-15",
    (
        "notice publish N1 --template allocation --title 资金分配公告 --area 520203 --subject P1 --subject T2"
        " --channel 政府网站 --from 2022-01-14 --to 2022-01-30 --date 2022-01-14"
    ),
)


def _after(program: Program, *stages: tuple[str, ...]) -> Program:
    for stage in stages:
        for command in stage:
            program.ok(*command.split())
    return program


def _new(url: str) -> Program:
    made = Program(url)
    made.ok("init", "--date", "2022-01-01")
    return made


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ledgers to copy, so that each test does not type the same commands again."""
    folder = tmp_path_factory.mktemp("prepared")
    for name, stages in (("new", ()), ("funded", (FUNDED,)), ("built", (FUNDED, BUILT))):
        _after(_new(str(folder / f"{name}.db")), *stages)
    return folder


def _copy(prepared: Path, name: str, url: str) -> Program:
    for suffix in ("", ".head"):
        shutil.copy(prepared / f"{name}.db{suffix}", f"{url}{suffix}")
    return Program(url)


@pytest.fixture
def program(prepared: Path, sqlite_url: str) -> Program:
    """A new ledger of 六盘水 on SQLite."""
    return _copy(prepared, "new", sqlite_url)


@pytest.fixture
def funded(prepared: Path, sqlite_url: str) -> Program:
    """A ledger with money allocated to a planned project."""
    return _copy(prepared, "funded", sqlite_url)


@pytest.fixture
def built(prepared: Path, sqlite_url: str) -> Program:
    """A ledger in which the project is accepted and its asset on notice."""
    return _copy(prepared, "built", sqlite_url)


@pytest.fixture
def year(database_url: str) -> Program:
    """A whole year, on each kind of database."""
    return _after(_new(database_url), FUNDED, BUILT, HANDED_OVER)
