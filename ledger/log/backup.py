"""Backups of a SQLite ledger: a folder with one consistent file, its head, perhaps the vault, and a list of them all.

A backup does not exist until it was restored: ``verify_backup`` copies it into a scratch place, checks the whole log
there up to the checkpoint that the backup was made with, and only then may anybody say that there is one. ``restore``
puts it where nothing is, after the same checks, and notices when more had been acknowledged than it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.database import copy_sqlite, database_file, open_database, read_transaction
from ledger.dates import now_utc_text
from ledger.errors import LedgerError, NotFoundError, StorageError, TamperedError, system_reason
from ledger.log.high_water import read_head_file
from ledger.log.reading import head, root_at
from ledger.log.schema import origin_of
from ledger.log.verify import verify
from ledger.transparency.checkpoint import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from ledger.log.finding import Finding

__all__ = ["LEDGER", "VAULT", "Manifest", "create_backup", "read_manifest", "restore_backup", "verify_backup"]

LEDGER: Final = "ledger.db"
VAULT: Final = "vault.db"
_MANIFEST: Final = "manifest.json"
_FORMAT: Final = "xianjie.backup.1"
_MOST_MANIFEST_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: its checkpoint, and name, size in bytes and SHA-256 of every file."""

    checkpoint: str
    created_at: str
    files: dict[str, tuple[int, str]]

    @property
    def head(self) -> Checkpoint:
        """The checkpoint that the copy was made with."""
        return Checkpoint.parse(self.checkpoint)


def create_backup(engine: Engine, folder: Path, *, vault: Path | None = None) -> Manifest:
    """Copy the ledger, consistent while others record, with its head and perhaps the vault, into a new folder.

    All of it or nothing. Raises StorageError (not SQLite, the folder exists, no space), TamperedError.
    """
    source = database_file(engine)
    if source is None:
        raise StorageError(
            "backup.postgresql",
            "PostgreSQL 账本的备份要用 PostgreSQL 自己的工具。",
            hint="请运行 pg_dump --format=custom --file=备份文件 库名,再用 pg_restore 恢复到另一个库,"
            "在那里运行 xianjie audit verify。",
        )
    if folder.exists():
        raise StorageError("backup.exists", f"备份的位置已有东西:{folder}", hint="请换一个新的文件夹名,如写上日期。")
    with _files("写"), _fresh_folder(folder) as fresh:
        copy_sqlite(source, fresh / LEDGER)
        copied = open_database(str(fresh / LEDGER), read_only=True)
        try:
            with read_transaction(copied) as connection:
                checkpoint = head(connection).checkpoint
        finally:
            copied.dispose()
        (fresh / f"{LEDGER}.head").write_text(str(Checkpoint.parse(checkpoint)), encoding="utf-8", newline="\n")
        if vault is not None:
            copy_sqlite(vault, fresh / VAULT)
        files = {path.name: (path.stat().st_size, _sha256(path)) for path in sorted(fresh.iterdir())}
        manifest = Manifest(checkpoint, now_utc_text(), files)
        said = json.dumps({"format": _FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1)
        (fresh / _MANIFEST).write_text(said + "\n", encoding="utf-8", newline="\n")
        for path in fresh.iterdir():
            _to_disk(path)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Read what a backup says of itself. Raises NotFoundError, TamperedError (malformed), StorageError."""
    try:
        with (folder / _MANIFEST).open("rb") as file:
            fields = json.loads(file.read(_MOST_MANIFEST_BYTES))
    except FileNotFoundError as error:
        raise NotFoundError(
            "backup.none", f"这里没有备份:{folder}", hint="请给出 xianjie backup create 做的备份文件夹"
        ) from error
    except OSError as error:
        raise _io(folder, error, "读") from error
    except (ValueError, RecursionError) as error:
        raise _damaged("清单看不懂") from error
    try:
        files = {_plain_name(name): (_whole(size), _hash(digest)) for name, (size, digest) in fields["files"].items()}
        manifest = Manifest(str(fields["checkpoint"]), str(fields["created_at"]), files)
        _ = manifest.head
    except (KeyError, TypeError, ValueError, AttributeError, LedgerError) as error:
        raise _damaged("清单看不懂") from error
    if fields.get("format") != _FORMAT or LEDGER not in files:
        raise _damaged("清单不是本程序写的")
    return manifest


def verify_backup(folder: Path, live: Engine | None = None) -> tuple[Manifest, list[Finding]]:
    """Restore a backup into a scratch place and check everything there, up to its checkpoint.

    ``live`` is the ledger it was made of: its history must be the same. Findings are what was wrong inside the copy.
    Raises TamperedError (the files are not those of the list, or of another history), NotFoundError, StorageError.
    """
    manifest = read_manifest(folder)
    with tempfile.TemporaryDirectory(prefix="xianjie-restore-") as scratch:
        findings = _unpack(folder, manifest, Path(scratch) / LEDGER)
    if live is not None and not findings:
        with read_transaction(live) as connection:
            if origin_of(connection) != manifest.head.origin:
                raise _damaged(f"它是另一本账的备份({manifest.head.origin})")
            if head(connection).position < manifest.head.size:
                raise TamperedError(
                    "backup.ahead",
                    f"备份到第 {manifest.head.size} 号,账本只到第 {head(connection).position} 号:账本变短了。",
                    hint="请停止记账,查明原因。",
                )
            if root_at(connection, manifest.head.size) != manifest.head.root:
                raise TamperedError(
                    "backup.other_history",
                    f"账本的历史与备份不同:第 {manifest.head.size} 号处的根值不一样。",
                    hint="请停止记账,保留备份和账本,运行 xianjie audit verify 查明哪一个被改过。",
                )
    return manifest, findings


def restore_backup(
    folder: Path,
    target: Path,
    *,
    known: Checkpoint | None = None,
    extend: Callable[[Path], None] | None = None,
    accept: Callable[[Path, Checkpoint, Checkpoint], None] | None = None,
) -> Manifest:
    """Put a backup where no ledger is, after checking all of it.

    ``extend`` gets the checked copy before it takes its place, to add what a second record knows beyond it. When more
    had been acknowledged than the copy then holds (the head file at the target, or ``known``, a checkpoint kept
    elsewhere), nothing is restored, unless ``accept`` is given: it gets the copy, its head, and the one that was
    acknowledged, and records the loss there.
    Raises StorageError (something is there), TamperedError (damaged, older, or of another history).
    """
    for ending in ("", "-wal", "-shm"):
        if Path(f"{target}{ending}").exists():
            raise StorageError(
                "backup.occupied",
                f"恢复的位置已有东西:{target}{ending}",
                hint="请恢复到空的位置;旧文件请改名留存,不要删。",
            )
    manifest = read_manifest(folder)
    with _files("写"):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _files("写"), tempfile.TemporaryDirectory(prefix=".xianjie-restore-", dir=target.parent) as scratch:
        copy = Path(scratch) / LEDGER
        findings = _unpack(folder, manifest, copy)
        if findings:
            raise TamperedError(
                "backup.findings", f"备份里有 {len(findings)} 处问题:{findings[0].message}", hint=_ELSEWHERE
            )
        if extend is not None:
            extend(copy)
        here = _head_of(copy)
        lost = _acknowledged_more(copy, here, [read_head_file(Path(f"{target}.head")), known])
        if lost is not None:
            if accept is None:
                raise TamperedError(
                    "backup.older",
                    f"这份备份只到第 {here.size} 号,曾确认到第 {lost.size} 号,恢复会丢失"
                    f"第 {here.size + 1} 至 {lost.size} 号。",
                    hint="先找更新的备份或第二记录;确实没有的,加 --accept-loss 并用 --reason 说明,丢失会记入账本。",
                )
            accept(copy, here, lost)
        if VAULT in manifest.files:
            _install(folder / VAULT, target.with_name(f"{target.name}.vault"))
        _settle(copy)
        kept = Path(f"{target}.head")
        if kept.exists():
            kept.replace(f"{target}.head.before-{manifest.head.size}")
        os.replace(copy, target)  # noqa: PTH105 - the same call for both files
        os.replace(f"{copy}.head", kept)  # noqa: PTH105 - as above
    return manifest


_ELSEWHERE: Final = "请用另一份备份;这份请保留,不要删。"


def _unpack(folder: Path, manifest: Manifest, copy: Path) -> list[Finding]:
    """Copy the ledger and its head out of a backup, compare every file with the list, and verify the copy's log."""
    for name, (size, digest) in manifest.files.items():
        with _files("读"):
            if (
                not (folder / name).is_file()
                or (folder / name).stat().st_size != size
                or _sha256(folder / name) != digest
            ):
                raise _damaged(f"{name} 不是做备份时的内容")
    with _files("写"):
        shutil.copyfile(folder / LEDGER, copy)
        Path(f"{copy}.head").write_text(str(manifest.head), encoding="utf-8", newline="\n")
    engine = open_database(str(copy), read_only=True)
    try:
        report = verify(engine)
    finally:
        engine.dispose()
    if report.ok and (report.head, report.root) != (manifest.head.size, manifest.head.root):
        raise _damaged("内容到不了它写明的检查点")
    return report.findings


def _head_of(copy: Path) -> Checkpoint:
    engine = open_database(str(copy), read_only=True)
    try:
        with read_transaction(engine) as connection:
            return Checkpoint.parse(head(connection).checkpoint)
    finally:
        engine.dispose()


def _acknowledged_more(copy: Path, here: Checkpoint, others: list[Checkpoint | None]) -> Checkpoint | None:
    """Return the largest acknowledged head that is beyond the copy. Raises TamperedError for another history."""
    more = [each for each in others if each is not None]
    engine = open_database(str(copy), read_only=True)
    try:
        with read_transaction(engine) as connection:
            for each in more:
                if each.origin != here.origin:
                    raise _damaged(f"它是另一本账的备份({here.origin})")
                if each.size <= here.size and root_at(connection, each.size) != each.root:
                    raise TamperedError(
                        "backup.other_history",
                        f"备份的历史与曾确认的检查点不同:第 {each.size} 号处的根值不一样。",
                        hint="请停止,保留备份和检查点,查明哪一个被改过。",
                    )
    finally:
        engine.dispose()
    return max((each for each in more if each.size > here.size), key=lambda each: each.size, default=None)


def _settle(copy: Path) -> None:
    """Fold what was recorded in the copy into its one file, and force it to the disk."""
    engine = open_database(str(copy), create=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
    _to_disk(copy)
    _to_disk(Path(f"{copy}.head"))


def _install(source: Path, target: Path) -> None:
    if target.exists():
        raise StorageError("backup.occupied", f"恢复的位置已有东西:{target}", hint="请把旧的保密库改名留存,不要删。")
    shutil.copyfile(source, target)
    target.chmod(0o600)
    _to_disk(target)


@contextmanager
def _fresh_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one to be made, which takes its name when all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield fresh
        fresh.replace(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


@contextmanager
def _files(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _io(Path(str(error.filename or "")), error, what) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _plain_name(name: str) -> str:
    if name not in {LEDGER, f"{LEDGER}.head", VAULT}:
        raise ValueError(name)
    return name


def _whole(size: Any) -> int:  # noqa: ANN401 - whatever JSON can say
    if type(size) is not int or size < 0:
        raise ValueError
    return size


def _hash(digest: str) -> str:
    if len(bytes.fromhex(digest)) != hashlib.sha256().digest_size:
        raise ValueError
    return digest


def _io(path: Path, error: OSError, what: str) -> StorageError:
    return StorageError(
        "backup.io",
        f"备份{what}不了:{path}({system_reason(error)})",
        hint="请核对路径、权限和磁盘空间;没有留下半份备份。",
    )


def _damaged(why: str) -> TamperedError:
    return TamperedError("backup.damaged", f"备份不能用:{why}。", hint=_ELSEWHERE)
