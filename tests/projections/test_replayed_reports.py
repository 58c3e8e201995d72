"""What was printed in 2022 is printed again in 2026, byte for byte, whatever the ledger has learned since."""

from __future__ import annotations

import json
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click import Context
from typing_extensions import override

from cli.commands.report import report
from ledger.rules import shipped_packs
from tests.cli.conftest import BUILT, FUNDED, HANDED_OVER, Program

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKS = sorted((Path(__file__).parents[2] / "examples" / "packs").glob("*.toml"))
TARGETS = next(pack for pack in PACKS if pack.stem == "liupanshui-2022-targets")
FORMATS = ("table", "json", "csv")
VARIANTS = {"share": ("--plan",), "rates": ("--set", "all")}
ABOUT = {"card": ("A1",)}
REPORTS = [(name, *ABOUT.get(name, ())) for name in report.list_commands(Context(report))] + [
    (name, *more) for name, more in VARIANTS.items()
]

ISSUE = "fund issue --area 520203 --issuer 六枝特区财政局"
IN_2022 = (
    f"rule adopt {TARGETS} --date 2022-04-08",
    f"{ISSUE} --tranche OWN --year 2022 --level 县级 --amount 80万元 --doc 六财农〔2022〕2号 --date 2022-02-01",
    (
        f"{ISSUE} --tranche MOVE --year 2022 --level 中央 --direction 易地搬迁后续扶持 --amount 60万元"
        " --doc 六财农〔2022〕3号 --date 2022-02-01"
    ),
    (
        "finding open F1 --area 520203 --source 省级 --kind 审计 --unit 农业农村局 --deadline 2022-09-30"
        " --title 进度滞后 --date 2022-07-01"
    ),
    "arrear add D1 --area 520203 --debtor 农业农村局 --creditor 企业 --amount 5万元 --project P1 --date 2022-07-02",
    "performance monitor P1 --on-track 是 --note 按期 --date 2022-08-01",
    "target report household_toilets --area 520203 --period 2022 --value 9000 --date 2022-12-20",
    "figure add paid 0.02亿元 --area 520203 --year 2022 --as-of 2022-11-30 --doc 通报 --date 2022-12-20",
    "submission add quarterly --area 520203 --period 2022Q4 --unit 乡村振兴局 --date 2022-12-24",
)
LATE = (
    f"{ISSUE} --tranche T3 --year 2022 --level 中央 --amount 90万元 --doc 六财农〔2022〕9号 --date 2022-03-01",
    f"{ISSUE} --tranche OWN2 --year 2022 --level 县级 --amount 1万元 --doc 六财农〔2022〕10号 --date 2022-03-01",
    (
        f"{ISSUE} --tranche MOVE2 --year 2022 --level 中央 --direction 易地搬迁后续扶持 --amount 7万元"
        " --doc 六财农〔2022〕11号 --date 2022-03-01"
    ),
    "project add P2 --name 冷库 --area 520203 --year 2022 --type 仓储保鲜冷链 --goal 建库1座 --date 2022-03-02",
    "project approve P2 --date 2022-03-03",
    "project plan P2 --amount 90万元 --date 2022-03-03",
    "fund allocate --tranche T3 --project P2 --amount 90万元 --date 2022-03-04",
    "project start P2 --date 2022-03-05",
    "payment release P1 --amount 100 --date 2022-12-01",
    "right set A1 --right 收益权 --holder V1:村集体:1 --date 2022-12-02",
    "performance evaluate P1 --score 91.25 --date 2022-12-03",
    "finding submit F1 --note 已整改 --doc 六农〔2022〕1号 --date 2022-09-01",
    (
        "finding open F2 --area 520203 --source 市级 --kind 自查 --unit 财政局 --deadline 2022-12-01"
        " --title 资金闲置 --date 2022-10-01"
    ),
    "figure add kezhou-2021/start 97.93% --area 520203 --year 2022 --as-of 2022-11-30 --doc 通报 --date 2022-12-20",
    "arrear settle D1 --amount 2万元 --date 2022-11-01",
    "target report household_toilets --area 520203 --period 2022 --value 9001 --reason 复核 --date 2022-12-21",
    (
        "contract sign H1 --asset A1 --mode 租赁 --operator C1 --operator-kind 企业 --from 2022-09-01 --to 2024-08-31"
        " --return percent --return-share 8% --base-amount 100万元 --base 决算 --instalments 11-30 --date 2022-08-25"
    ),
    "condition assess A1 --condition 低效 --note 半数空置 --date 2022-12-05",
    "income open S1 --name 大棚收益 --asset A1 --date 2022-09-01",
    "income post S1 --period 2022 --amount 1万元 --date 2022-12-31",
    (
        "asset stocktake A9 --origin 老项目 --name 水池 --class 公益性 --area 520203 --year 2022 --value 1万元"
        " --date 2022-03-01"
    ),
)
AFTERWARDS = (
    "fund close-year --area 520203 --year 2022 --date 2023-01-05",
    (
        "fund issue --tranche R26 --area 520299 --year 2026 --kind 常态化帮扶资金 --level 中央 --amount 200万元"
        " --issuer 省财政厅 --doc 黔财农〔2026〕1号 --date 2026-01-10"
    ),
    "project add P26 --name 茶园 --area 520299 --year 2026 --type 种植业基地 --goal 建园 --date 2026-01-11",
    "fund allocate --tranche R26 --project P26 --amount 150万元 --date 2026-01-12",
)
NEW_AREA = "code,name,valid_from,valid_to,successor\n520203,六枝特区,1990-01-01,2023-12-31,520299\n"
NEW_AREA += "520299,六枝市,2024-01-01,,\n"


class LastDayOf2022(datetime):
    """A clock that stands still."""

    @override
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> LastDayOf2022:
        return cls(2022, 12, 31, 8, tzinfo=UTC).astimezone(tz)


def entered(program: Program, lines: Iterable[str]) -> Program:
    for line in lines:
        program.ok(*line.split())
    return program


def printed(program: Program, known_at: str) -> dict[tuple[str, ...], bytes]:
    """Print every report in every format as of the end of 2022, as known at a position or moment."""
    asked = ("--as-of", "2022-12-31", "--known-at", known_at)
    year = ("--year", "2022")
    return {
        (form, *named): program.run(
            "-f", form, "report", *named, *asked, *(() if named[0] in ABOUT else year)
        ).stdout_bytes
        for named in REPORTS
        for form in FORMATS
    }


def learn_more(program: Program, folder: Path) -> None:
    """Let four years pass: other rules, other codes, reversals, entries that come late, and money of another kind."""
    for topic in ("project.reimbursed", "notice.published"):
        position = next(row["position"] for row in log(program) if row["topic"] == topic)
        program.ok(*f"correct undo {position} --reason 记错 --doc 更正1号 --date 2023-02-01".split())
    entered(program, LATE)
    newer = folder / "newer.toml"
    for version, on, percent in (("2022.9", "2022-06-01", "70"), ("2023.1", "2023-01-01", "60")):
        text = shipped_packs()["base"].replace('version = "2026.1"', f'version = "{version}"')
        newer.write_text(text.replace('percent = "55"', f'percent = "{percent}"'), encoding="utf-8")
        program.ok("rule", "adopt", str(newer), "--date", on, "--reason", "更新")
    for pack in PACKS:
        if pack != TARGETS:
            program.ok("rule", "adopt", str(pack), "--date", "2022-02-02")
    areas = folder / "areas.csv"
    areas.write_text(NEW_AREA, encoding="utf-8")
    program.ok("area", "load", str(areas), "--date", "2024-01-01")
    entered(program, AFTERWARDS)


def log(program: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = program.json("audit", "log", "--from", "1", "--limit", "1000")
    return rows


def test_a_report_of_2022_is_the_same_to_the_byte_after_four_years(database_url: str, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("ledger.dates.datetime", LastDayOf2022)
        program = Program(database_url)
        program.ok("init", "--date", "2022-01-01")
        entered(program, (*FUNDED, *BUILT, *HANDED_OVER, *IN_2022))
        known_at = str(program.position())
        before = printed(program, known_at)
    assert [named for named, text in before.items() if not text] == []

    learn_more(program, tmp_path)

    for moment in (known_at, "2023-01-01T00:00:00+08:00"):
        after = printed(program, moment)
        assert [named for named in before if before[named] != after[named]] == []
    # The same question, asked of all that is known today, has another answer in every report: the test could fail.
    now = printed(program, str(program.position()))
    assert [named for named in REPORTS if answer(before, named) == answer(now, named)] == []


def answer(texts: dict[tuple[str, ...], bytes], named: tuple[str, ...]) -> dict[str, Any]:
    """Return what a report says in JSON, without the position and rules it stands on."""
    found: dict[str, Any] = json.loads(texts["json", *named])
    return {key: value for key, value in found.items() if key not in {"position", "root", "rule"}}
