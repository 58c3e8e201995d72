"""What the ledger itself tells: its database, its structure, the notes beside it, its facts and its last backup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.clock import clock_oddity
from cli.doctor.symptom import Symptom, bad, fine, odd
from cli.words import beijing
from ledger.dates import days_between, now_utc_text, today
from ledger.errors import LedgerError, system_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

__all__ = ["examine_ledger"]

_DAYS: Final = "backup_verified_days"
_SHOWN: Final = 3


def _settings(engine: Engine) -> Iterator[Symptom]:
    from ledger.database import read_transaction

    title = "数据库设置"
    with read_transaction(engine) as connection:
        if engine.dialect.name == "sqlite":
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            if mode == "wal":
                yield fine("settings", title, "SQLite,WAL 方式")
            else:
                yield odd(
                    "settings", title, f"日志方式是 {mode},不是 WAL", "第一次记账时会自动改为 WAL;备份文件是这样的"
                )
            return
        wrong = [
            f"{name} = {setting}"
            for name, setting in connection.exec_driver_sql(
                "SELECT name, setting FROM pg_settings"
                " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
            )
            if setting in {"off", "local"}
        ]
        may = [
            str(row[0])
            for row in connection.exec_driver_sql(
                "SELECT relname || ' ' || p FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p"
                " WHERE relnamespace = current_schema()::regnamespace"
                " AND relname IN ('event', 'batch', 'stream', 'topic', 'node', 'ledger_info')"
                " AND has_table_privilege(oid, p)"
            )
        ]
    if wrong:
        yield bad("settings", title, f"PostgreSQL 设置不安全:{'、'.join(wrong)}", "请在 postgresql.conf 中打开")
    else:
        yield fine("settings", title, "PostgreSQL,断电不丢已确认的记录")
    if may:
        hint = "请给记账的账号只留 SELECT、INSERT(见安装与维护),建账和重建用另一个账号"
        yield odd("privileges", "数据库权限", f"这个账号能改删流水表:{len(may)} 项权限", hint)
    else:
        yield fine("privileges", "数据库权限", "这个账号不能改删流水表")


def _structure(engine: Engine) -> Iterator[Symptom]:
    from ledger.database import read_transaction
    from ledger.log.schema_check import schema_differences

    with read_transaction(engine) as connection:
        names = [name for name, _, _ in schema_differences(connection)]
    if names:
        hint = "请停止记账,运行 xianjie audit verify,查明是谁改的"
        yield bad("structure", "表结构", f"与本程序建的不同:{'、'.join(names[:_SHOWN])}", hint)
    else:
        yield fine("structure", "表结构", "与本程序建的一致")


def _pages(engine: Engine) -> Iterator[Symptom]:
    from ledger.database import read_transaction

    if engine.dialect.name != "sqlite":
        return
    with read_transaction(engine) as connection:
        lines = [str(line) for (line,) in connection.exec_driver_sql("PRAGMA quick_check(20)") if line != "ok"]
    if lines:
        yield bad("pages", "数据库文件", f"已损坏:{lines[0][:100]}", "请停止记账,由备份恢复;第二记录可补上其后的")
    else:
        yield fine("pages", "数据库文件", "快速检查没有发现损坏(全面核验用 audit verify)")


def _head(engine: Engine) -> Iterator[Symptom]:
    from ledger.database import read_transaction
    from ledger.log.high_water import HighWater, check_head
    from ledger.log.reading import head
    from ledger.log.schema import origin_of

    with read_transaction(engine) as connection:
        water, position = HighWater(engine, origin_of(connection)), head(connection).position
    saved = water.read()
    if saved is None and position:
        yield odd("head", "高水位文件", f"没有 {water.path}", "下次记账时会重新写;若它被人删过,请用另存的检查点核验")
        return
    check_head(engine)
    yield fine("head", "高水位文件", f"与账本相符(第 {saved.size if saved else 0} 号)")


def _journal(engine: Engine) -> Iterator[Symptom]:
    from ledger.database import database_file, read_transaction
    from ledger.log.journal import journal_of
    from ledger.log.reading import head
    from ledger.log.schema import origin_of

    title = "第二记录"
    with read_transaction(engine) as connection:
        journal, position = journal_of(engine, origin_of(connection)), head(connection).position
    if journal is None:
        yield odd("journal", title, "没有设定", "想在坏盘时一条不丢,请用 xianjie backup journal 设在另一块磁盘上")
        return
    try:
        last, database = journal.last(), database_file(engine)
        same_disk = database is not None and database.stat().st_dev == journal.path.stat().st_dev
    except OSError as error:
        yield bad("journal", title, f"打不开:{journal.path}({system_reason(error)})", "请接好那块磁盘;否则不能记账")
        return
    if same_disk:
        yield odd("journal", title, f"{journal.path} 与账本在同一块磁盘上", "请改设到另一块磁盘,才能防坏盘")
    if last < position:
        yield odd("journal", title, f"记到第 {last} 号,还差 {position - last} 条", "下次记账时自动补上")
    elif not same_disk:
        yield fine("journal", title, f"记到第 {last} 号")


def _facts(engine: Engine) -> Iterator[Symptom]:
    from ledger.database import read_transaction
    from projections.catch_up import is_current
    from projections.tables_check import table_differences

    current = is_current(engine)
    with read_transaction(engine) as connection:
        names = [name for name, _, _ in table_differences(connection)]
    if names:
        hint = "请查明是谁改的,再用 xianjie db rebuild 重建报表数据"
        yield bad("facts", "报表数据", f"与本程序建的不同:{'、'.join(names[:_SHOWN])}", hint)
    elif current:
        yield fine("facts", "报表数据", "与流水同步")
    else:
        yield odd("facts", "报表数据", "没有跟上流水", "下次出报表时自动补上")


def _clock(engine: Engine) -> Iterator[Symptom]:
    odd_clock = clock_oddity(engine)
    if odd_clock:
        yield bad("clock", "时钟", odd_clock, "请校准电脑时间后再记账;记账时间不会倒退,但会停在原处")
    else:
        yield fine("clock", "时钟", f"{beijing(now_utc_text())}(北京时间)")


def _backup(engine: Engine) -> Iterator[Symptom]:
    from ledger.database import read_transaction
    from ledger.events import BackupVerified, registry, streams
    from ledger.log.reading import head, read_stream

    title = "最近的备份"
    with read_transaction(engine) as connection:
        rows = [row for row in read_stream(connection, streams.BACKUPS) if row.topic == BackupVerified.TOPIC]
        position = head(connection).position
    if not rows:
        yield bad("backup", title, "没有一份核验过的备份", "请运行 xianjie backup create,再运行 xianjie backup verify")
        return
    event = registry.decode(rows[-1].topic, rows[-1].state)
    size = event.size if isinstance(event, BackupVerified) else 0
    age, allowed = days_between(event.effective_on, today()), _days_allowed(engine)
    message = f"{event.effective_on} 核验,到第 {size} 号(其后又有 {position - size - 1} 条),已 {age} 天"
    if age > allowed:
        yield bad("backup", title, f"{message},超过 {allowed} 天", "请重新制作并核验")
    else:
        yield fine("backup", title, message)


def _days_allowed(engine: Engine) -> int:
    """Return after how many days a backup is too old: as the rules in force say, else as the shipped ones do."""
    from ledger.rules import parse_pack, shipped_packs
    from projections.scope import Question, home_area, open_scope

    area = home_area(engine) or ""
    with open_scope(engine, Question(area, None)) as scope:
        stated = scope.pack.find(_DAYS, area, today()) if scope.pack else None
    stated = stated or parse_pack(shipped_packs()["base"]).parameter(_DAYS, area, today())
    return int(stated.value)


_CHECKS: Final[tuple[tuple[str, str, Callable[[Engine], Iterator[Symptom]]], ...]] = (
    ("settings", "数据库设置", _settings),
    ("structure", "表结构", _structure),
    ("pages", "数据库文件", _pages),
    ("head", "高水位文件", _head),
    ("journal", "第二记录", _journal),
    ("facts", "报表数据", _facts),
    ("clock", "时钟", _clock),
    ("backup", "最近的备份", _backup),
)


def examine_ledger(engine: Engine) -> Iterator[Symptom]:
    """Yield what every check of the ledger saw; one that cannot be made is itself a failure."""
    for check, title, look in _CHECKS:
        try:
            yield from look(engine)
        except LedgerError as error:
            yield bad(check, title, error.message, error.hint)
