"""``xianjie import``: a file becomes one batch, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.confirming import ask
from cli.context import Settings, answer_options, format_option, open_log, with_settings
from cli.corrections import naming_what_is_later
from cli.help import Noun
from cli.import_checks import Found, MoneyBefore, show_check, totals_words
from cli.inspections import seen_notes
from cli.output import Table, fields_table, show
from cli.params import FILE, TEXT, WHOLE, Choice
from cli.progress import counted
from cli.reading_options import KINDS, Wishes, reading_options
from cli.recording import Entry, show_outcome, write_options
from ledger.errors import ConflictError, LedgerError, RuleRefusedError, StorageError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.intake.known import Comparison
    from cli.intake.problem_book import Written
    from cli.intake.problems import Problem, Problems
    from cli.intake.reading import Reading
    from cli.intake.source import Source
    from ledger.application import Outcome
    from ledger.events import Event

__all__ = ["import_"]

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
@answer_options
@with_settings
def list_(settings: Settings) -> None:
    """List the saved profiles."""
    from cli.intake.heads.profiles import list_profiles

    found = list_profiles()
    rows = [[each.name, KINDS.get(each.kind, each.kind), each.unit, "、".join(each.heads)] for each in found]
    show(settings.format, [each.model_dump() for each in found], Table(("名称", "种类", "单位", "表头"), rows))


@profile.command("show", help="查看一个格式")
@click.argument("name", metavar="名称", type=TEXT)
@answer_options
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


_IMPORTS = ("import apply", "approve import apply")  # as recorded at once, and once it was approved

_changed_option = click.option("--changed", is_flag=True, help="此前导入过、内容变了的行也作为新的一笔导入")


@import_.command(help="检查文件:新增、已记、变了、问题各多少;不记账;有问题时写出标明问题的工作簿,退出码为 1")
@_file_argument
@reading_options
@click.option("-o", "--out", type=FILE, help="问题工作簿的文件名;默认在原文件旁,名为 原名.问题.xlsx")
@_changed_option
@write_options
def check(entry: Entry, file: Path, wishes: Wishes, out: Path | None, *, changed: bool) -> None:
    """List what is wrong with a file, and decide it without recording."""
    from cli.intake.problems import Problems
    from cli.intake.source import read_source

    problems = Problems()
    reading = _reading(entry, read_source(file), wishes, problems.take)
    compared = _compared(entry.settings, reading, allow_changed=True)
    money = MoneyBefore(entry.settings)
    outcome = _submit(replace(entry, dry_run=True), reading, compared, problems, money.add)
    if outcome.receipt.repeated:  # the ledger did not ask for the commands
        _ = [*compared.commands(reading)]
    for row, error in () if changed else compared.change_errors():
        problems.take(reading.problem_at(row, error))
    book = _write_problems(reading, problems, file, out) if problems.count else None
    show_check(entry.settings, reading, Found(compared, problems, money, book))
    if problems.count:
        raise ValueRefusedError(
            "import.refused",
            f"{file.name} 有 {problems.in_words}问题,不能导入",
            hint=f"{book.what_to_do if book else '请按所列位置改正'}后重新检查",
            where=problems.kept[0].where,
        )


@import_.command(help="导入文件:整个文件作为一批,全部记账或全部不记;已记过的行不重复记")
@_file_argument
@reading_options
@click.option("--partial", is_flag=True, help="先记没有问题的行;其余写进问题工作簿,退出码为 1")
@click.option("-o", "--out", type=FILE, help="--partial 的问题工作簿的文件名;默认在原文件旁")
@_changed_option
@write_options
def apply(entry: Entry, file: Path, wishes: Wishes, out: Path | None, *, partial: bool, changed: bool) -> None:
    """Record a whole file as one batch, or with --partial what of it can be recorded."""
    from cli.intake.problems import Problems
    from cli.intake.source import read_source

    source = read_source(file)
    if entry.asks:
        _ask(entry, source, wishes, partial=partial, changed=changed)
    problems = Problems()
    reading = _reading(entry, source, wishes, problems.take if partial else _raise)
    compared = _compared(entry.settings, reading, allow_changed=changed)
    outcome = _submit(entry, reading, compared, problems if partial else None)
    notes = [] if outcome.receipt.repeated else [f"来自 {file.name}:{totals_words(reading)}", *seen_notes(reading)]
    if compared.same:
        notes.append(f"其中 {len(compared.same)} 行此前已导入,没有重复记账")
    show_outcome(
        entry,
        outcome,
        notes,
        file=file.name,
        kind=reading.kind.name,
        rows=reading.rows,
        amounts_fen=reading.amounts_fen,
        totals_agreed=reading.totals.compared,
        same=len(compared.same),
        problem_count=problems.count,
    )
    if problems.count:
        book = _write_problems(reading, problems, file, out)
        rest = "可以记账" if entry.dry_run else "已记账"
        marked = book.what_to_do if book else "请按 xianjie import check 所列位置改正"
        raise ValueRefusedError(
            "import.partly_refused",
            f"{file.name} 有 {problems.in_words}问题,所在的行没有记账;其余的行{rest}",
            hint=f"{marked},再导入改正后的文件:已记的行不会重复",
            where=problems.kept[0].where,
        )


@import_.command(help="撤销一次导入:整批冲销(须写 --reason 和 --doc);后续记录依赖它的不能撤销,并逐条指明")
@click.argument("batch", metavar="批次", type=WHOLE)
@write_options
def undo(entry: Entry, batch: int) -> None:
    """Reverse in one batch whatever an import recorded."""
    from cli.intake.submitted import key_of_undoing
    from ledger.database import read_transaction
    from ledger.domain.control import ReverseBatch
    from ledger.log.reading import batch_numbered

    with open_log(entry.settings) as engine, read_transaction(engine) as connection:
        found = batch_numbered(connection, batch)
        key = key_of_undoing(connection, batch)
    if found.command not in _IMPORTS:
        raise RuleRefusedError(
            "import.not_an_import",
            f"批次 {batch}(第 {found.first}-{found.last} 号)不是导入的,是 {found.command} 记的",
            hint=f"逐条冲销用 xianjie correct undo {found.first}",
        )
    command = entry.build(ReverseBatch, {"first": found.first, "last": found.last})
    keyed = replace(entry, key=entry.key or key)
    with naming_what_is_later(entry):
        count = found.last - found.first + 1
        keyed.record_asking([command], f"撤销批次 {batch} 导入的 {count} 条(第 {found.first}-{found.last} 号)。确认?")


def _ask(entry: Entry, source: Source, wishes: Wishes, *, partial: bool, changed: bool) -> None:
    """Show a person what a file would record, and ask. Raises Abort (declined), LedgerError (it cannot be recorded)."""
    from cli.intake.problems import Problems

    problems = Problems()
    reading = _reading(entry, source, wishes, problems.take if partial else _raise)
    compared = _compared(entry.settings, reading, allow_changed=changed)
    outcome = _submit(replace(entry, dry_run=True), reading, compared, problems if partial else None)
    if outcome.receipt.repeated or not outcome.events:
        return  # nothing will be recorded
    click.echo(f"{source.name}:{totals_words(reading)}", err=True)
    left_out = {f"{len(compared.same)} 行此前已导入": compared.same, f"{problems.in_words}问题": problems.count}
    if said := [words for words, some in left_out.items() if some]:
        click.echo(f"不记的:{'、'.join(said)}", err=True)
    ask(f"导入后记 {len(compared.new)} 行。确认导入?")


def _reading(entry: Entry, source: Source, wishes: Wishes, on_problem: Any) -> Reading:  # noqa: ANN401 - a callback of Reading
    from cli.intake.kinds import KINDS as ALL
    from cli.intake.opening import open_sheet
    from cli.intake.reading import Defaults, Reading

    profile = wishes.as_profile()
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


def _compared(settings: Settings, reading: Reading, *, allow_changed: bool) -> Comparison:
    from cli.intake.known import Comparison
    from ledger.database import read_transaction
    from ledger.events import registry, streams
    from ledger.log.reading import read_stream

    with open_log(settings) as engine, read_transaction(engine) as connection:
        rows = read_stream(connection, streams.imports(reading.kind.name))
    return Comparison([registry.decode(row.topic, row.state) for row in rows], allow_changed=allow_changed)


def _submit(
    entry: Entry,
    reading: Reading,
    compared: Comparison,
    problems: Problems | None,
    on_event: Callable[[Event], None] | None = None,
) -> Outcome:
    """Hand what is new to the ledger; with ``problems`` what it refuses goes there, and the rest is recorded."""
    from cli.intake.submitted import key_of_file
    from ledger.database import read_transaction

    about = [reading.kind.name, reading.sheet or "", str(entry.given_date or ""), entry.document, entry.reason]
    # Files imported without defaults keep the plain hash of bytes and kind, whatever other defaults come later.
    fingerprint = reading.source.fingerprint(*(about if any(about[1:]) else about[:1]))
    key = entry.key
    if key is None:
        with open_log(entry.settings) as engine, read_transaction(engine) as connection:
            key = key_of_file(connection, f"import:{reading.kind.name}:{fingerprint[:32]}")
    # The same file read another way is no other file: under its own key that is a conflict, not a second entry.
    how = reading.open().profile.digest
    input_hash = fingerprint if how == "{}" else reading.source.fingerprint(*about, how)

    def refused(error: LedgerError) -> None:
        assert problems is not None  # else nobody is told  # noqa: S101 - says what the caller made sure of
        compared.refuse_last()
        problems.take(reading.refuse_last(error))

    # What was recorded of a file in part is known by its rows: the file as a whole has not been imported yet.
    in_part = problems is not None and not entry.dry_run
    keyed = replace(entry, key=None) if in_part else entry
    try:
        return keyed.submit(
            counted("检查" if entry.dry_run else "导入", "笔", compared.commands(reading)),
            key=None if in_part else key,
            input_hash=input_hash,
            on_refusal=None if problems is None else refused,
            on_event=on_event,
        )
    except ConflictError:
        raise
    except LedgerError as error:
        # Counted only where the ledger refused a command; what the reading itself refused is located already.
        raise error.at(reading.where) if error.number else error from None


def _raise(problem: Problem, error: LedgerError) -> None:
    raise ValueRefusedError(
        problem.code, problem.message, hint=problem.hint, where=problem.where, rule=problem.rule
    ) from error


def _write_problems(reading: Reading, problems: Problems, file: Path, out: Path | None) -> Written | None:
    """Write the workbook beside the file, a service that may fail, or where it was asked for, which may not."""
    from cli.intake.problem_book import free_name, write_problems

    try:
        return write_problems(reading.source, reading.rows, problems.kept, out or free_name(file))
    except StorageError as error:
        if out is not None:
            raise
        click.echo(f"没有写出问题工作簿:{error.message}", err=True)
        return None
