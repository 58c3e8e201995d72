"""``xianjie import``: a file becomes one batch, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, format_option, with_settings
from cli.help import Noun
from cli.output import Table, fields_table, show
from cli.params import FILE, TEXT, Choice
from cli.recording import Entry, show_outcome, write_options
from cli.words import amount_words
from ledger.errors import LedgerError, NotFoundError, RuleRefusedError, ValueRefusedError

if TYPE_CHECKING:
    from cli.intake.reading import Problem, Reading
    from ledger.application import Outcome

__all__ = ["import_"]

_KINDS: Final = {
    "tranches": "资金下达",
    "distributions": "资金分解",
    "declarations": "项目申报",
    "projects": "项目入库",
    "amendments": "项目变更",
    "allocations": "资金安排",
    "adjustments": "资金调整",
    "recoveries": "资金收回",
    "payments": "资金拨付",
    "milestones": "项目环节",
    "assets": "资产",
    "stocktake": "资产清查",
    "rights": "五权",
    "disposals": "资产处置",
    "losses": "资产损失",
    "contracts": "经营合同",
    "receipts": "合同收款和终止",
    "care": "资产运行和管护",
    "income": "收益",
    "income_rules": "收益分配办法",
    "documents": "文件",
    "notices": "公示公告",
    "findings": "整改问题",
    "arrears": "拖欠",
    "indicators": "目标指标",
    "submissions": "报告报送",
    "areas": "行政区划",
}
_MOST_PROBLEMS: Final = 200
_KIND_HELP: Final = "种类:" + "、".join(f"{name}({zh})" for name, zh in _KINDS.items())

_file_argument = click.argument("file", metavar="文件", type=FILE)
_kind_option = click.option("--kind", type=Choice(_KINDS), metavar="种类", required=True, help=_KIND_HELP)
_sheet_option = click.option("--sheet", type=TEXT, help="工作表名称,默认为第一张")


@click.group("import", cls=Noun, help="批量导入:模板、检查、导入(CSV、XLSX)")
def import_() -> None:
    """Take in files."""


@import_.command(help="生成空白模板")
@click.argument("kind", metavar="种类", type=Choice(_KINDS))
@click.option("-o", "--out", type=FILE, help="文件名,以 .xlsx 或 .csv 结尾;默认为 种类.xlsx")
@format_option
@with_settings
def template(settings: Settings, kind: str, out: Path | None) -> None:
    """Write an empty sheet to fill in."""
    from cli.intake.kinds import KINDS
    from cli.intake.template import write_template

    path = out or Path(f"{kind}.xlsx")
    write_template(KINDS[kind], path)
    show(settings.format, {"kind": kind, "file": str(path)}, fields_table("模板已生成", [(_KINDS[kind], str(path))]))


@import_.command(help="检查文件,列出所有问题,不记账;有问题时退出码为 1")
@_file_argument
@_kind_option
@_sheet_option
@write_options
def check(entry: Entry, file: Path, kind: str, sheet: str | None) -> None:
    """List what is wrong with a file, and decide it without recording."""
    problems: list[Problem] = []
    reading = _reading(entry, file, kind, sheet, lambda problem, _error: problems.append(problem))
    for _ in reading.commands():
        if len(problems) >= _MOST_PROBLEMS:
            break
    outcome = None
    if not problems:
        deciding = _reading(entry, file, kind, sheet, _raise)
        try:
            outcome = _submit(replace(entry, dry_run=True), deciding)
        except (RuleRefusedError, ValueRefusedError, NotFoundError) as error:
            problems.append(deciding.problem_at_last(error))
    _show_check(entry.settings, reading, problems, outcome)
    if problems:
        count = f"{len(problems)} 处" + ("以上" if len(problems) >= _MOST_PROBLEMS else "")
        raise ValueRefusedError(
            "import.refused",
            f"{file.name} 有 {count}问题,不能导入",
            hint="请按所列位置改正后重新检查",
            where=problems[0].where,
        )


@import_.command(help="导入文件:整个文件作为一批,全部记账或全部不记;同一文件只记一次")
@_file_argument
@_kind_option
@_sheet_option
@write_options
def apply(entry: Entry, file: Path, kind: str, sheet: str | None) -> None:
    """Record a whole file as one batch."""
    reading = _reading(entry, file, kind, sheet, _raise)
    outcome = _submit(entry, reading)
    notes = [] if outcome.receipt.repeated else [f"来自 {file.name}:{_totals(reading)}"]
    show_outcome(
        entry,
        outcome,
        notes,
        file=file.name,
        kind=kind,
        rows=reading.rows,
        amounts_fen=reading.amounts_fen,
        totals_agreed=reading.totals.compared,
    )


def _reading(entry: Entry, file: Path, kind: str, sheet: str | None, on_problem: Any) -> Reading:  # noqa: ANN401 - a callback of Reading
    from cli.intake.kinds import KINDS
    from cli.intake.reading import Defaults, Reading
    from cli.intake.source import read_source

    chosen = KINDS[kind]
    dated = any(column.field == "on" for column in chosen.columns)
    defaults = Defaults(entry.given_date if dated else entry.on, entry.document, entry.reason)
    return Reading(read_source(file), chosen, sheet, defaults, on_problem)


def _submit(entry: Entry, reading: Reading) -> Outcome:
    about = [reading.kind.name, reading.sheet or "", str(entry.given_date or ""), entry.document, entry.reason]
    # Files imported without defaults keep the plain hash of bytes and kind, whatever other defaults come later.
    fingerprint = reading.source.fingerprint(*(about if any(about[1:]) else about[:1]))
    key = f"import:{reading.kind.name}:{fingerprint[:32]}"
    try:
        return entry.submit(reading.commands(), key=key, input_hash=fingerprint)
    except LedgerError as error:
        # Counted only where the ledger refused a command; what the reading itself refused is located already.
        raise error.at(reading.where) if error.number else error from None


def _raise(problem: Problem, error: LedgerError) -> None:
    raise ValueRefusedError(
        problem.code, problem.message, hint=problem.hint, where=problem.where, rule=problem.rule
    ) from error


def _totals(reading: Reading) -> str:
    sums = [f"{name}合计 {amount_words(fen)}" for name, fen in reading.amounts_fen.items()]
    agreed = [f"与表内合计行的 {reading.totals.compared} 项金额相符"] if reading.totals.compared else []
    return ",".join([f"{reading.rows} 行", *sums, *agreed])


def _show_check(settings: Settings, reading: Reading, problems: list[Problem], outcome: Outcome | None) -> None:
    repeated = outcome is not None and outcome.receipt.repeated
    data = {
        "file": reading.source.name,
        "kind": reading.kind.name,
        "rows": reading.rows,
        "amounts_fen": reading.amounts_fen,
        "totals_agreed": reading.totals.compared,
        "ok": not problems,
        "already_applied": repeated,
        "problems": [problem._asdict() for problem in problems],
    }
    if problems:
        rows = [[str(each.row), each.column, each.message, each.hint] for each in problems]
        title = f"{reading.source.name}:读到 {_totals(reading)}"
        show(settings.format, data, Table(("行", "列", "问题", "怎么办"), rows, title))
        return
    verdict = "此前已导入,再导入不会重复记账" if repeated else "可以导入"
    pairs = [("读到", _totals(reading)), ("结论", verdict)]
    show(settings.format, data, fields_table(reading.source.name, pairs))
