"""``xianjie backup``: copies of the ledger, and the second record on another disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.context import (
    Settings,
    format_option,
    open_copies,
    open_database_for_init,
    open_ledger,
    open_log,
    with_settings,
)
from cli.help import Noun
from cli.output import Table, fields_table, show
from cli.params import FILE, TEXT
from cli.raw_files import fresh_file, origin_in, record_again
from cli.recording import Entry, write_options
from cli.words import beijing
from ledger.dates import today
from ledger.errors import NotFoundError, StorageError, TamperedError

if TYPE_CHECKING:
    from ledger.log.backup import Manifest
    from ledger.transparency.checkpoint import Checkpoint

__all__ = ["backup"]

_folder_argument = click.argument("folder", metavar="文件夹", type=FILE)


@click.group(cls=Noun, help="备份:制作、核验、恢复;第二记录;逐行导出、导入原始记录")
def backup() -> None:
    """Backups."""


@backup.command(help="制作备份:一个新文件夹,别人正在记账也不要紧")
@_folder_argument
@click.option("--vault", type=FILE, help="把这个保密库也备份进去")
@format_option
@with_settings
def create(settings: Settings, folder: Path, vault: Path | None) -> None:
    """Copy the ledger into a new folder."""
    from ledger.log.backup import create_backup

    with open_log(settings) as engine:
        manifest = create_backup(engine, folder, vault=vault)
    note = f"还不算数:请运行 xianjie backup verify {folder},通过以后才算有备份"
    show(settings.format, _as_json(folder, manifest), fields_table("备份已制作", _pairs(folder, manifest), [note]))


@backup.command(help="核验备份:恢复到临时位置,全部核验一遍,通过的记入账本")
@_folder_argument
@write_options
def verify(entry: Entry, folder: Path) -> None:
    """Restore a backup into a scratch place, verify everything, and record that it is good."""
    from ledger.domain.survival import RecordBackup
    from ledger.log.backup import LEDGER, VAULT, verify_backup

    with open_log(entry.settings) as engine:
        manifest, findings = verify_backup(folder, engine)
    if findings:
        raise TamperedError(
            "backup.findings",
            f"备份里有 {len(findings)} 处问题:{findings[0].message}",
            hint="这份备份不能用,请保留它并重新制作;账本本身请用 xianjie audit verify 核验",
        )
    size, digest = manifest.files[LEDGER]
    measured = {
        "size": manifest.head.size,
        "root": manifest.head.root.hex(),
        "file_hash": digest,
        "file_bytes": size,
        "with_vault": VAULT in manifest.files,
    }
    entry.record(RecordBackup, measured)


@backup.command(help="由备份恢复到空的位置(--db 所指);比曾确认的旧时不恢复,除非 --accept-loss")
@_folder_argument
@click.option("--journal", type=FILE, help="第二记录:备份之后的记录由它补上")
@click.option("--checkpoint", type=FILE, help="另处保存的检查点:恢复的内容必须包含它")
@click.option("--accept-loss", is_flag=True, help="承认丢失备份之后的记录;须写 --reason,丢失记入账本")
@click.option("--doc", "document", type=TEXT, default="", help="依据文件的文号")
@click.option("--reason", type=TEXT, default="", help="为什么只能用这份旧备份")
@format_option
@with_settings
def restore(
    settings: Settings,
    folder: Path,
    journal: Path | None,
    checkpoint: Path | None,
    *,
    accept_loss: bool,
    document: str,
    reason: str,
) -> None:
    """Put a backup where no ledger is."""
    from ledger.database import read_transaction
    from ledger.log.backup import restore_backup
    from ledger.log.reading import head
    from projections.catch_up import rebuild

    def extend(copy: Path) -> None:
        if journal is not None:
            record_again(str(copy), journal)

    def accept(copy: Path, here: Checkpoint, lost: Checkpoint) -> None:
        _record_loss(settings, copy, here, lost, document=document, reason=reason)

    target = _sqlite_target(settings)
    known = _checkpoint_in(checkpoint) if checkpoint else None
    manifest = restore_backup(folder, target, known=known, extend=extend, accept=accept if accept_loss else None)
    with open_copies(settings) as engine:
        rebuild(engine)
        with read_transaction(engine) as connection:
            last = head(connection)
    pairs = [
        ("由备份", str(folder)),
        ("备份到", f"第 {manifest.head.size} 号"),
        ("恢复到", str(target)),
        ("现在到", f"第 {last.position} 号"),
        ("最近记账", beijing(last.recorded_at)),
    ]
    data = {"folder": str(folder), "target": str(target), "backup_size": manifest.head.size, "size": last.position}
    show(settings.format, data, fields_table("已恢复", pairs))


@backup.command(help="设定、查看或停用第二记录:另一块磁盘上的逐行副本,每次记账都写")
@click.argument("path", metavar="[文件]", type=FILE, required=False)
@click.option("--off", is_flag=True, help="停用;文件保留")
@format_option
@with_settings
def journal(settings: Settings, path: Path | None, *, off: bool) -> None:
    """Set, show or give up the second record."""
    from ledger.database import read_transaction
    from ledger.log.journal import compare_journal, configure_journal, forget_journal, journal_of
    from ledger.log.schema import origin_of

    with open_log(settings) as engine:
        with read_transaction(engine) as connection:
            origin = origin_of(connection)
        if off:
            forget_journal(engine, origin)
        kept = configure_journal(engine, origin, path) if path and not off else journal_of(engine, origin)
        state = compare_journal(engine, kept) if kept else None
    data = {"path": str(kept.path) if kept else None, "position": state.last if state else None}
    if state is None:
        show(settings.format, data, fields_table("", [("第二记录", "没有设定")]))
        return
    behind = f",还差 {state.behind} 条,下次记账时补上" if state.behind else ""
    show(
        settings.format,
        data,
        fields_table("", [("第二记录", str(state.path)), ("记到", f"第 {state.last} 号{behind}")]),
    )
    if state.finding is not None:
        raise TamperedError(
            "journal.differs", state.finding.message, hint="请停止记账,保留这个文件,运行 xianjie audit verify"
        )


@backup.command("export", help="逐行导出全部原始记录(不用任何索引),不用本程序也能读")
@click.argument("path", metavar="文件", type=FILE)
@format_option
@with_settings
def export_(settings: Settings, path: Path) -> None:
    """Write every record of the log as lines of text."""
    from ledger.database import read_transaction
    from ledger.log.raw import header_line, raw_lines
    from ledger.log.schema import origin_of

    count = 0
    with open_log(settings) as engine, read_transaction(engine) as connection, fresh_file(path) as file:
        file.write(header_line(origin_of(connection)))
        for position, line in raw_lines(connection):
            file.write(line)
            count = position
    show(settings.format, {"path": str(path), "size": count}, _moved("已导出", path, count))


@backup.command("import", help="由逐行导出的文件或第二记录重建账本,序号、时间、检查点与当时完全相同")
@click.argument("path", metavar="文件", type=FILE)
@format_option
@with_settings
def import_(settings: Settings, path: Path) -> None:
    """Record again what was exported; begun again after an interruption, it goes on."""
    from ledger.database import read_transaction
    from ledger.log.schema import create_log, is_ours
    from projections.catch_up import create_projections, rebuild

    origin = origin_in(path)
    with open_database_for_init(settings) as engine:
        with read_transaction(engine) as connection:
            begun = is_ours(connection)
        if not begun:
            create_log(engine, origin)
            create_projections(engine)
    count = record_again(settings.db, path)
    with open_copies(settings) as engine:
        rebuild(engine)
    show(settings.format, {"path": str(path), "size": count}, _moved("已导入", path, count))


def _moved(title: str, path: Path, count: int) -> Table:
    return fields_table(title, [("文件", str(path)), ("到", f"第 {count} 号")])


def _pairs(folder: Path, manifest: Manifest) -> list[tuple[str, str]]:
    sizes = (f"{name}({size} 字节)" for name, (size, _) in manifest.files.items())
    return [
        ("文件夹", str(folder)),
        ("到", f"第 {manifest.head.size} 号"),
        ("检查点", manifest.checkpoint.strip()),
        ("文件", "、".join(sizes)),
    ]


def _as_json(folder: Path, manifest: Manifest) -> dict[str, object]:
    files = {name: {"bytes": size, "sha256": digest} for name, (size, digest) in manifest.files.items()}
    return {
        "folder": str(folder),
        "size": manifest.head.size,
        "checkpoint": manifest.checkpoint,
        "created_at": manifest.created_at,
        "files": files,
    }


def _sqlite_target(settings: Settings) -> Path:
    if "://" in settings.db:
        raise StorageError(
            "backup.postgresql_restore",
            "只能恢复到 SQLite 文件。",
            hint="PostgreSQL 请用 pg_restore;要把 SQLite 账本搬到 PostgreSQL,用 xianjie backup export 和 import",
        )
    return Path(settings.db).expanduser().absolute()


def _checkpoint_in(path: Path) -> Checkpoint:
    from ledger.log.high_water import read_head_file

    found = read_head_file(path)
    if found is None:
        raise NotFoundError("checkpoint.no_file", f"没有找到检查点文件:{path}", hint="请核对路径")
    return found


def _record_loss(
    settings: Settings, copy: Path, here: Checkpoint, lost: Checkpoint, *, document: str, reason: str
) -> None:
    """Record in the checked copy, before it takes its place, what is lost by going on from it."""
    from ledger.application import Submission
    from ledger.domain.survival import RecordRestore

    command = RecordRestore.of(
        on=today(),
        document=document,
        reason=reason,
        size=here.size,
        root=here.root.hex(),
        lost_size=lost.size,
        lost_root=lost.root.hex(),
    )
    of_copy = replace(settings, db=str(copy))
    with open_ledger(of_copy) as ledger:
        ledger.execute([command], Submission(of_copy.actor, "backup restore", document))
