"""``xianjie import``: a file becomes one batch, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, format_option, open_log, with_settings
from cli.corrections import naming_what_is_later
from cli.help import Noun
from cli.inspections import seen_json, seen_notes
from cli.output import Table, fields_table, show
from cli.params import FILE, TEXT, WHOLE, Choice
from cli.reading_options import KINDS, Wishes, reading_options
from cli.recording import Entry, show_outcome, write_options
from cli.words import amount_words
from ledger.errors import LedgerError, RuleRefusedError, StorageError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.intake.problems import Problem, Problems
    from cli.intake.reading import Reading
    from ledger.application import Outcome

__all__ = ["import_"]

_MOST_SHOWN: Final = 200

_file_argument = click.argument("file", metavar="文件", type=FILE)


@click.group("import", cls=Noun, help="批量导入:模板、识别、检查、导入(XLSX、XLS、ODS、CSV)")
def import_() -> None:
    """Take in files."""


@import_.command(help="生成空白模板")
@click.argument("kind", metavar="种类", type=Choice(KINDS))
@click.option("-o", "--out", type=FILE, help="文件名,以 .xlsx 或 .csv 结尾;默认为 种类.xlsx")
@format_option
@with_settings
def template(settings: Settings, kind: str, out: Path | None) -> None:
    """Write an empty sheet to fill in."""
    from cli.intake.kinds import KINDS as ALL
    from cli.intake.template import write_template

    path = out or Path(f"{kind}.xlsx")
    write_template(ALL[kind], path)
    show(settings.format, {"kind": kind, "file": str(path)}, fields_table("模板已生成", [(KINDS[kind], str(path))]))


@import_.command(help="看文件怎样被识别:工作表、表头、单位、各列和前几行;可保存为格式,以后不必再指明")
@_file_argument
@reading_options
@click.option("--save-profile", "save_as", metavar="名称", type=TEXT, help="把识别结果保存为格式")
@format_option
@with_settings
def inspect(settings: Settings, file: Path, wishes: Wishes, save_as: str | None) -> None:
    """Show how a file is understood, and keep it as a profile."""
    from cli.inspections import show_inspection
    from cli.intake.heads.profiles import save_profile
    from cli.intake.inspection import inspect as look_at
    from cli.intake.kinds import KINDS as ALL
    from cli.intake.opening import open_sheet
    from cli.intake.source import read_source

    profile = wishes.as_profile()
    kind = ALL.get(wishes.kind or profile.kind)
    opened = open_sheet(read_source(file), kind, wishes.sheet, profile)
    saved = None
    if save_as:
        opened.check()
        saved = save_profile(opened.as_profile(save_as, wishes.sheet or profile.sheet))
    show_inspection(settings, file.name, opened, look_at(opened), saved)
    opened.check()


@import_.group("profile", cls=Noun, help="已保存的格式:列表、查看、删除")
def profile() -> None:
    """Keep profiles."""


@profile.command("list", help="列出已保存的格式")
@format_option
@with_settings
def list_(settings: Settings) -> None:
    """List the saved profiles."""
    from cli.intake.heads.profiles import list_profiles

    found = list_profiles()
    rows = [[each.name, KINDS.get(each.kind, each.kind), each.unit, "、".join(each.heads)] for each in found]
    show(settings.format, [each.model_dump() for each in found], Table(("名称", "种类", "单位", "表头"), rows))


@profile.command("show", help="查看一个格式")
@click.argument("name", metavar="名称", type=TEXT)
@format_option
@with_settings
def show_(settings: Settings, name: str) -> None:
    """Show one profile."""
    from cli.inspections import profile_pairs
    from cli.intake.heads.profiles import load_profile

    found = load_profile(name)
    show(settings.format, found.model_dump(), fields_table(f"格式 {name}", profile_pairs(found)))


@profile.command("remove", help="删除一个格式;已导入的内容不受影响")
@click.argument("name", metavar="名称", type=TEXT)
@format_option
@with_settings
def remove(settings: Settings, name: str) -> None:
    """Delete one profile."""
    from cli.intake.heads.profiles import remove_profile

    remove_profile(name)
    show(settings.format, {"removed": name}, fields_table("格式已删除", [("名称", name)]))


@import_.command(help="检查文件,列出所有问题,不记账;有问题时写出标明问题的工作簿,退出码为 1")
@_file_argument
@reading_options
@click.option("-o", "--out", type=FILE, help="问题工作簿的文件名;默认在原文件旁,名为 原名.问题.xlsx")
@write_options
def check(entry: Entry, file: Path, wishes: Wishes, out: Path | None) -> None:
    """List what is wrong with a file, and decide it without recording."""
    from cli.intake.problems import Problems

    problems = Problems()
    reading = _reading(entry, file, wishes, problems.take)
    outcome = _submit(replace(entry, dry_run=True), reading, lambda error: problems.take(reading.refuse_last(error)))
    book = _write_problems(reading, problems, file, out) if problems.count else ""
    _show_check(entry.settings, reading, problems, outcome, book)
    if problems.count:
        raise ValueRefusedError(
            "import.refused",
            f"{file.name} 有 {problems.in_words}问题,不能导入",
            hint=f"请在 {book} 里按标红的位置改正后重新检查" if book else "请按所列位置改正后重新检查",
            where=problems.kept[0].where,
        )


@import_.command(help="导入文件:整个文件作为一批,全部记账或全部不记;同一文件只记一次")
@_file_argument
@reading_options
@write_options
def apply(entry: Entry, file: Path, wishes: Wishes) -> None:
    """Record a whole file as one batch."""
    reading = _reading(entry, file, wishes, _raise)
    outcome = _submit(entry, reading)
    told = [f"来自 {file.name}:{_totals(reading)}", *seen_notes(reading)]
    notes = [] if outcome.receipt.repeated else told
    show_outcome(
        entry,
        outcome,
        notes,
        file=file.name,
        kind=reading.kind.name,
        rows=reading.rows,
        amounts_fen=reading.amounts_fen,
        totals_agreed=reading.totals.compared,
    )


@import_.command(help="撤销一次导入:整批冲销(须写 --reason 和 --doc);后续记录依赖它的不能撤销,并逐条指明")
@click.argument("batch", metavar="批次", type=WHOLE)
@write_options
def undo(entry: Entry, batch: int) -> None:
    """Reverse in one batch whatever an import recorded."""
    from ledger.database import read_transaction
    from ledger.domain.control import ReverseBatch
    from ledger.log.reading import batch_numbered

    with open_log(entry.settings) as engine, read_transaction(engine) as connection:
        found = batch_numbered(connection, batch)
    if found.command != "import apply":
        raise RuleRefusedError(
            "import.not_an_import",
            f"批次 {batch}(第 {found.first}-{found.last} 号)不是导入的,是 {found.command} 记的",
            hint=f"逐条冲销用 xianjie correct undo {found.first}",
        )
    command = entry.build(ReverseBatch, {"first": found.first, "last": found.last})
    keyed = replace(entry, key=entry.key or _undo_key(found.id))
    with naming_what_is_later(entry):
        count = found.last - found.first + 1
        keyed.record_asking([command], f"撤销批次 {batch} 导入的 {count} 条(第 {found.first}-{found.last} 号)。确认?")


def _reading(entry: Entry, file: Path, wishes: Wishes, on_problem: Any) -> Reading:  # noqa: ANN401 - a callback of Reading
    from cli.intake.kinds import KINDS as ALL
    from cli.intake.opening import open_sheet
    from cli.intake.reading import Defaults, Reading
    from cli.intake.source import read_source

    source, profile = read_source(file), wishes.as_profile()
    name = wishes.kind or profile.kind
    if not name:
        opened = open_sheet(source, None, wishes.sheet, profile)
        if not opened.profile.name:
            raise ValueRefusedError(
                "import.no_kind",
                f"没有指明种类,也没有保存过这个表头的格式;最像{opened.kind.zh}",
                hint=f"请加 --kind {opened.kind.name},或先用 xianjie import inspect 查看",
                where=opened.place,
            )
        name = opened.kind.name
    chosen = ALL[name]
    dated = any(column.field == "on" for column in chosen.columns)
    defaults = Defaults(entry.given_date if dated else entry.on, entry.document, entry.reason)
    reading = Reading(source, chosen, wishes.sheet, defaults, on_problem, profile)
    reading.open()
    return reading


def _submit(entry: Entry, reading: Reading, on_refusal: Callable[[LedgerError], None] | None = None) -> Outcome:
    about = [reading.kind.name, reading.sheet or "", str(entry.given_date or ""), entry.document, entry.reason]
    # Files imported without defaults keep the plain hash of bytes and kind, whatever other defaults come later.
    fingerprint = reading.source.fingerprint(*(about if any(about[1:]) else about[:1]))
    key = f"import:{reading.kind.name}:{fingerprint[:32]}"
    # The same file read another way is no other file: under its own key that is a conflict, not a second entry.
    how = reading.open().profile.digest
    input_hash = fingerprint if how == "{}" else reading.source.fingerprint(*about, how)
    key = entry.key or _unspent(entry.settings, key)
    try:
        return entry.submit(reading.commands(), key=key, input_hash=input_hash, on_refusal=on_refusal)
    except LedgerError as error:
        # Counted only where the ledger refused a command; what the reading itself refused is located already.
        raise error.at(reading.where) if error.number else error from None


def _undo_key(batch: int) -> str:
    """Return the key under which an imported batch is undone: once, however often that is asked for."""
    return f"import undo:{batch}"


def _unspent(settings: Settings, key: str) -> str:
    """Return the key of a file; what was undone may be imported again, and then has a key of its own."""
    from ledger.database import read_transaction
    from ledger.log.reading import batch_keyed

    with open_log(settings) as engine, read_transaction(engine) as connection:
        again, number = key, 1
        while (spent := batch_keyed(connection, again)) and batch_keyed(connection, _undo_key(spent.id)):
            number += 1
            again = f"{key}:{number}"
    return again


def _raise(problem: Problem, error: LedgerError) -> None:
    raise ValueRefusedError(
        problem.code, problem.message, hint=problem.hint, where=problem.where, rule=problem.rule
    ) from error


def _totals(reading: Reading) -> str:
    sums = [f"{name}合计 {amount_words(fen)}" for name, fen in reading.amounts_fen.items()]
    agreed = [f"与表内合计行的 {reading.totals.compared} 项金额相符"] if reading.totals.compared else []
    return ",".join([f"{reading.rows} 行", *sums, *agreed])


def _write_problems(reading: Reading, problems: Problems, file: Path, out: Path | None) -> str:
    """Write the workbook and return its name; beside the file it is a service that may fail, asked for it may not."""
    from cli.intake.problem_book import free_name, write_problems

    path = out or free_name(file)
    try:
        write_problems(reading.source, reading.rows, problems.kept, path)
    except StorageError as error:
        if out is not None:
            raise
        click.echo(f"没有写出问题工作簿:{error.message}", err=True)
        return ""
    return str(path)


def _show_check(settings: Settings, reading: Reading, problems: Problems, outcome: Outcome, book: str) -> None:
    repeated, listed = outcome.receipt.repeated, problems.kept[:_MOST_SHOWN]
    data = {
        "file": reading.source.name,
        "kind": reading.kind.name,
        "rows": reading.rows,
        "amounts_fen": reading.amounts_fen,
        "totals_agreed": reading.totals.compared,
        "ok": not problems.count,
        "already_applied": repeated,
        "problem_count": problems.count,
        "problems": [problem._asdict() for problem in listed],
        "problem_book": book or None,
        **seen_json(reading),
    }
    notes = seen_notes(reading)
    if problems.count:
        rows = [[str(each.row), each.column, each.message, each.hint] for each in listed]
        if problems.count > len(listed):
            notes = [f"…… 共 {problems.in_words},这里只列出前 {len(listed)} 处", *notes]
        if book:
            notes = [*notes, f"问题已逐处标在:{book}"]
        title = f"{reading.source.name}:读到 {_totals(reading)}"
        show(settings.format, data, Table(("行", "列", "问题", "怎么办"), rows, title, notes))
        return
    verdict = "此前已导入,再导入不会重复记账" if repeated else "可以导入"
    pairs = [("读到", _totals(reading)), ("结论", verdict)]
    show(settings.format, data, fields_table(reading.source.name, pairs, notes))
