"""The demonstration: each step announced, everything recorded by the ledger, every report a real command."""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import click

from cli.demo import published
from cli.demo.batches import record
from cli.demo.checks import Check, Verdict
from cli.demo.county.year import county_year
from cli.demo.files import COUNTY, PUBLISHED, new_ledger, prepare
from cli.output import Table, show
from cli.progress import counted
from ledger.application import Ledger
from ledger.codes import FundLevel, name_of
from ledger.errors import RuleRefusedError
from ledger.money import format_yuan
from projections.catch_up import catch_up
from projections.reports.balance import balance
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from cli.demo.batches import Submitted

__all__ = ["Demonstration"]

_CITY, _YEAR = "520200", 2022
_PUBLISHED_REPORTS = (
    "report share --area 511703 --year 2024",
    "report rates --set kezhou-2021 --area 653000 --year 2022 --as-of 2022-04-30",
    "report balance --area 410726 --year 2022",
    "report discrepancies --area 653000 --year 2022",
)
_COUNTY_REPORTS = (
    f"report share --year {_YEAR}",
    f"report rates --year {_YEAR}",
    f"report rates --set lifecycle --year {_YEAR}",
    f"report rights --year {_YEAR}",
)
_TO_TRY = (
    (f"report share --year {_YEAR} --area 520203 --by town", "六枝特区按乡镇看产业占比"),
    (f"report rates --year {_YEAR} --as-of 2022-06-30", "四率在半年时是多少"),
    ("audit log --limit 20", "账本最近的流水;再用 audit show 序号 看一条的来龙去脉"),
)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """One run: ``count`` projects from ``seed`` into ``folder``, shown as ``form`` (table, json or csv)."""

    seed: int
    count: int
    folder: Path
    form: str = "table"

    def run(self, *, replace: bool) -> None:
        """Make both ledgers, compare, report, verify.

        Raises:
            RuleRefusedError: a published figure that must agree does not, or the folder is in use.
            TamperedError: the new ledger does not verify.
            StorageError: the folder or a database cannot be used.
        """
        prepare(self.folder, replace=replace)
        checks = self._published_figures()
        events = self._county_year()
        if self.form == "table":
            self._reports_of_county()
        else:
            ledgers = {"published": str(self.folder / PUBLISHED), "county": str(self.folder / COUNTY)}
            data = {"ledgers": ledgers, "events": events, "checks": [_as_json(each) for each in checks]}
            show(self.form, data, _table(checks))
        failed = [f"{each.place} {each.what}" for each in checks if each.failed]
        if failed:
            message = f"有 {len(failed)} 个公布数字重算不符:{'、'.join(failed[:5])}"
            raise RuleRefusedError("demo.figures_differ", message, hint="请把本页输出告诉开发者")

    def _published_figures(self) -> list[Check]:
        path = self.folder / PUBLISHED
        self._step(1, f"公布数字:达川、克州、延津、凤泉四地公布的数字照录记账({path})")
        with new_ledger(path) as engine:
            self._record(engine, published.batches())
            checks = published.checks(engine)
        if self.form == "table":
            for command in _PUBLISHED_REPORTS:
                self._command(path, command)
            self._step(2, "公布数字与账本重算数对照")
            click.echo()
            show(self.form, None, _table(checks))
        return checks

    def _county_year(self) -> int:
        path = self.folder / COUNTY
        self._step(3, f"一年全程:按六盘水四县区的样子合成 {self.count} 个项目,种子 {self.seed}({path})")
        with new_ledger(path) as engine:
            return self._record(engine, county_year(self.seed, self.count))

    def _reports_of_county(self) -> None:
        path = self.folder / COUNTY
        self._step(4, "报表:产业占比、四率、五权、资金余额")
        for command in _COUNTY_REPORTS:
            self._command(path, command)
        self._balance_by_level(path)
        self._step(5, "核验:重算每一条记录的散列、检查点和报表数据")
        self._command(path, "audit verify")
        click.echo(f"\n演示账本在 {self.folder} 目录:{PUBLISHED}(公布数字)、{COUNTY}(合成数据,不是六盘水的真实数字)")
        click.echo("接下来可以试:")
        for command, meaning in _TO_TRY:
            click.echo(f"  {_line(path, command)}\n      {meaning}")

    def _record(self, engine: Engine, batches: Sequence[Submitted]) -> int:
        """Record everything, with a line of progress on a terminal, and bring the facts up to date."""
        began = perf_counter()
        ledger = Ledger(str(engine.url.database))
        try:
            position = record(ledger, counted("记账", "批", batches))
        finally:
            ledger.close()
        catch_up(engine)
        tenths = int((perf_counter() - began) * 10)
        self._say(f"  已分 {len(batches)} 批记账 {position:,} 条,用时 {tenths // 10}.{tenths % 10} 秒")
        return position

    def _command(self, path: Path, command: str) -> None:
        """Show a command as one would type it, and what it prints."""
        from cli.main import xianjie

        click.echo(f"\n$ {_line(path, command)}")
        with xianjie.make_context("xianjie", ["--db", str(path), *shlex.split(command)]) as context:
            xianjie.invoke(context)

    def _balance_by_level(self, path: Path) -> None:
        from cli.context import Settings, open_facts

        with open_facts(Settings(db=str(path))) as engine:
            rows = balance(engine, Question(_CITY, _YEAR)).rows
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for row in rows:
            for number, fen in enumerate((row.issued_fen, row.allocated_fen, row.paid_fen, row.unallocated_fen)):
                sums[row.level][number] += fen
        ordered = [(level.value, sums[level]) for level in FundLevel if level in sums]
        whole = [sum(column) for column in zip(*sums.values(), strict=True)]
        lines = [[name_of(FundLevel, level), *map(format_yuan, fen)] for level, fen in ordered]
        heads = ("级次", ">下达(元)", ">安排(元)", ">支付(元)", ">未安排(元)")
        click.echo(f"\n资金余额按级次汇总;每个批次:{_line(path, f'report balance --year {_YEAR}')}")
        show(self.form, None, Table(heads, [*lines, ["合计", *map(format_yuan, whole)]]))

    def _step(self, number: int, text: str) -> None:
        self._say(f"\n[{number}/5] {text}")

    def _say(self, text: str) -> None:
        click.echo(text, err=self.form != "table")


def _line(path: Path, command: str) -> str:
    return f"xianjie --db {shlex.quote(str(path))} {command}"


def _table(checks: list[Check]) -> Table:
    rows = [
        [
            each.place,
            each.what,
            each.unit,
            each.published,
            each.recomputed,
            f"{each.difference.normalize():+f}" if each.difference else "0",
            each.verdict.value,
            each.note,
        ]
        for each in checks
    ]
    counts = {verdict: sum(each.verdict is verdict for each in checks) for verdict in Verdict}
    summary = ",".join(f"{verdict.value} {count} 项" for verdict, count in counts.items() if count)
    heads = ("出处", "项目", "单位", ">公布数", ">重算数", ">差", "结论", "说明")
    return Table(heads, rows, notes=[f"共 {len(checks)} 项:{summary}"])


def _as_json(check: Check) -> dict[str, object]:
    return {
        "place": check.place,
        "what": check.what,
        "unit": check.unit,
        "published": check.published,
        "recomputed": check.recomputed,
        "difference": str(check.difference),
        "verdict": check.verdict.name.lower(),
        "must_agree": check.must_agree,
        "note": check.note,
    }
