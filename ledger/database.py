"""Open the database and run transactions: the only place that makes engines.

Two databases, one behaviour. SQLite is the embedded default; PostgreSQL serves several machines. Both give a writer
an exclusive place in line *before* it reads anything (``write_transaction``) and a reader one unmoving picture
(``read_transaction``). Whatever a driver complains about becomes a :class:`~ledger.errors.StorageError` that says
what to do, except broken uniqueness, which callers must be able to recognise.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ledger.belts import authorize_reading, authorize_recording
from ledger.disks import ALLOW_NETWORK_DISK, file_system_of, is_network_disk, network_disk_allowed
from ledger.errors import LedgerError, StorageError, TamperedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import CursorResult

__all__ = [
    "APPLICATION_ID",
    "SCHEMA_VERSION",
    "check_ours",
    "copy_sqlite",
    "database_file",
    "open_database",
    "plain_rows",
    "read_transaction",
    "write_transaction",
]

APPLICATION_ID: Final = 0x584A4C47  # "XJLG", in the header of every SQLite file of ours
SCHEMA_VERSION: Final = 1

_POOL: Final = {"pool_size": 5, "max_overflow": 27}
_SQLITE_SETTINGS: Final = {
    "synchronous": 2,  # FULL: NORMAL loses acknowledged work when the power fails
    "foreign_keys": 1,
    "recursive_triggers": 1,  # without it INSERT OR REPLACE walks past the triggers that refuse deletion
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "cache_size": -65536,
    "wal_autocheckpoint": 4000,
}
_PAGE_SIZE: Final = 16384
_PG_APPEND_LOCK: Final = 0x584A  # first half of the advisory lock; the second names the schema


def open_database(url: str, *, read_only: bool = False, create: bool = False, busy_timeout_ms: int = 30_000) -> Engine:
    """Return an engine whose every connection is set up for safety and checked to be so.

    ``url`` is a path, ``sqlite:////absolute/path.db`` or ``postgresql+psycopg://…``. Only ``create`` may make a new
    SQLite file, and the tables of the log in it: other connections may add rows to them and nothing else
    (``ledger.belts``). ``busy_timeout_ms`` is how long a writer waits for another one. Nothing is created or changed
    in an existing database. Raises StorageError.
    """
    parsed = _parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgres(parsed, read_only=read_only, busy_timeout_ms=busy_timeout_ms)
    return _open_sqlite(_sqlite_path(parsed), read_only=read_only, create=create, busy_timeout_ms=busy_timeout_ms)


def database_file(engine: Engine) -> Path | None:
    """Return the file of a SQLite database; None on PostgreSQL."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Run a block alone: no other writer of this ledger, anywhere, until it ends.

    Commits when the block ends well, rolls back when it raises. Raises StorageError.
    """
    with _clear_errors(), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # A deferred BEGIN that reads first fails at once with "database is locked", whatever the timeout.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            _queue_on_postgres(connection)
        yield connection
        connection.commit()


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Run a block of reads that all see the same moment. Raises StorageError."""
    with _clear_errors(), engine.connect() as connection:
        connection.exec_driver_sql(
            "BEGIN" if engine.dialect.name == "sqlite" else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        yield connection


def plain_rows(result: CursorResult[Any]) -> list[Any]:
    """Return all rows as the driver's own tuples: of very many, SQLAlchemy's rows cost as much as the reading."""
    rows = list(result.cursor.fetchall()) if result.cursor else []
    result.close()
    return rows


def check_ours(engine: Engine) -> None:
    """Make sure that the database is a ledger of this program's version. Raises StorageError."""
    with read_transaction(engine) as connection:
        if engine.dialect.name == "sqlite":
            ours = connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
        else:
            ours = connection.exec_driver_sql("SELECT to_regclass('ledger_info')").scalar() is not None
            stored = (
                ours
                and connection.execute(text("SELECT value FROM ledger_info WHERE name = 'schema_version'")).scalar()
            )
            version = int(stored) if stored and str(stored).isdecimal() else 0
    if not ours or version == 0:
        raise _not_ours()
    if version > SCHEMA_VERSION:
        raise StorageError(
            "storage.newer",
            f"账本的结构版本是 {version},本程序只认得到 {SCHEMA_VERSION}。",
            hint="请安装新版 xianjie 后再打开。",
        )


def _parse_url(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=url)
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _bad_url(url) from error
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise _bad_url(parsed.render_as_string())
    return parsed


def _bad_url(shown: str) -> StorageError:
    return StorageError(
        "storage.bad_url",
        f"数据库地址看不懂:{shown[:80]}",
        hint="请写文件路径、sqlite:////绝对路径.db 或 postgresql+psycopg://用户@主机/库名。",
    )


def _sqlite_path(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise _bad_url(url.render_as_string())
    return Path(url.database).expanduser().absolute()


def _check_exists(path: Path) -> None:
    try:
        found = path.is_file()
    except OSError as error:
        raise _unreadable(f"{path}({system_reason(error)})") from error
    if not found:
        raise StorageError(
            "storage.missing", f"没有找到账本文件:{path}", hint="请检查路径;新建账本请运行 xianjie init。"
        )


def copy_sqlite(source: Path, target: Path) -> None:
    """Write a consistent copy of a SQLite file that may be in use; it is a single file, not in WAL mode.

    ``target`` must not exist. Raises StorageError.
    """
    _check_exists(source)
    with _clear_errors(), closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as raw:
        raw.execute("PRAGMA trusted_schema = 0")
        raw.execute("VACUUM INTO ?", (str(target),))


def _open_sqlite(path: Path, *, read_only: bool, create: bool, busy_timeout_ms: int) -> Engine:
    if not create:
        _check_exists(path)
    if not read_only:
        _refuse_network_disk(path)

    def connect() -> sqlite3.Connection:
        mode = "mode=ro" if read_only else "mode=rwc" if create else "mode=rw"
        if read_only and not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists():
            # WAL needs a shared-memory file beside the database, and here none can be made.
            mode += "&immutable=1"
        raw = sqlite3.connect(
            f"{path.as_uri()}?{mode}",
            uri=True,
            isolation_level=None,  # we say BEGIN ourselves
            check_same_thread=False,  # the pool lends a connection to one thread at a time
            timeout=busy_timeout_ms / 1000,
            cached_statements=128,
        )
        try:
            _set_up_sqlite(raw, read_only=read_only)
            if not create:
                raw.set_authorizer(authorize_reading if read_only else authorize_recording)
        except UnicodeDecodeError as error:  # sqlite3 cannot even word its complaint about a damaged schema
            raw.close()
            raise _corrupt(str(error)) from error
        except BaseException:
            raw.close()
            raise
        return raw

    url = URL.create("sqlite", database=str(path))
    return create_engine(url, creator=connect, **_POOL)


def _refuse_network_disk(path: Path) -> None:
    kind = file_system_of(path)
    if is_network_disk(kind) and not network_disk_allowed():
        raise StorageError(
            "storage.network_disk",
            f"账本在网络盘或共享目录({kind})上:{path};两台电脑同时打开会毁坏账本,不能在这里记账。",
            hint=f"请把账本放到本机磁盘,或改用 PostgreSQL;确知始终只有一台电脑打开它的,可设 {ALLOW_NETWORK_DISK}=1。",
        )


def _set_up_sqlite(raw: sqlite3.Connection, *, read_only: bool) -> None:
    """Set every pragma that durability and the triggers rest on, and read each of them back."""
    expected: dict[str, object] = dict(_SQLITE_SETTINGS)
    if read_only:
        expected["query_only"] = 1
        del expected["wal_autocheckpoint"]
    else:
        if raw.execute("PRAGMA page_count").fetchone() == (0,):
            raw.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        raw.execute("PRAGMA journal_mode = WAL")
        expected["journal_mode"] = "wal"
    for name, value in expected.items():
        if name != "journal_mode":
            raw.execute(f"PRAGMA {name} = {value}")
        row = raw.execute(f"PRAGMA {name}").fetchone()
        # A build without memory mapping answers mmap_size with no row at all, which is what is wanted.
        if row != (value,) and not (name == "mmap_size" and row is None):
            raise StorageError(
                "storage.unsafe",
                f"SQLite 没有接受安全设置 {name} = {value}(实际:{row[0] if row else '无'})。",
                hint="账本文件请放在本机磁盘上,不要放在网络盘;并使用官方的 Python。",
            )


def _open_postgres(url: URL, *, read_only: bool, busy_timeout_ms: int) -> Engine:
    try:
        engine = create_engine(url, isolation_level="READ COMMITTED", **_POOL)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StorageError(
            "storage.no_driver", "没有安装 PostgreSQL 驱动。", hint='请运行 pip install "xianjie-ledger[postgres]"。'
        ) from error

    @event.listens_for(engine, "connect")
    def set_up(raw: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection class
        with raw.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(busy_timeout_ms)}")
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false) WHERE"
                " current_setting('synchronous_commit') IN ('off', 'local')"
            )
            cursor.execute(f"SET default_transaction_read_only = {'on' if read_only else 'off'}")
            cursor.execute(
                "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
            )
            unsafe = [name for (name,) in cursor.fetchall()]
        raw.commit()
        if unsafe and os.environ.get("XIANJIE_ALLOW_UNSAFE_POSTGRES") != "1":
            raw.close()
            raise StorageError(
                "storage.unsafe",
                f"PostgreSQL 关闭了 {'、'.join(unsafe)},断电会丢失已确认的记录。",
                hint="请在 postgresql.conf 中打开它们;仅测试服务器可设 XIANJIE_ALLOW_UNSAFE_POSTGRES=1。",
            )

    return engine


def _queue_on_postgres(connection: Connection) -> None:
    """Wait for the ledger's advisory lock before anything is read.

    Under REPEATABLE READ the one who waited would go on with the picture from before the wait, so that level is
    refused. One ledger per schema, hence one lock per schema.
    """
    level = connection.exec_driver_sql(
        f"SELECT current_setting('transaction_isolation'),"
        f" pg_advisory_xact_lock({_PG_APPEND_LOCK}, hashtext(current_schema()))"
    ).scalar()
    if level != "read committed":
        raise StorageError(
            "storage.unsafe",
            f"PostgreSQL 事务隔离级别是 {level},写账需要 read committed。",
            hint="请不要改动本程序的连接设置。",
        )


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _explain(error) from error
    except sqlite3.Error as error:
        raise _explain_sqlite(error) from error
    except PoolTimeoutError as error:
        raise _locked() from error


def _explain(error: DBAPIError) -> LedgerError:
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        return _explain_sqlite(origin)
    state = str(getattr(origin, "sqlstate", None) or "")
    if state in {"55P03", "57014", "40P01"}:
        return _locked()
    if state in {"42P01", "3F000"}:
        return _not_ours()
    if state in {"25006", "42501"}:
        return _read_only()
    if state.startswith("53"):
        return _full()
    if state in {"XX001", "XX002"}:
        return _corrupt(str(origin))
    if not state or state.startswith(("08", "28", "3D", "57P")):
        return StorageError(
            "storage.cannot_connect",
            f"连不上 PostgreSQL:{_first_line(origin)}",
            hint="请检查服务器是否开着、地址、用户名和口令;若刚才正在记账,请用同一个 --key 重试。",
        )
    return _failed(origin)


def _explain_sqlite(error: sqlite3.Error) -> LedgerError:
    known = {
        sqlite3.SQLITE_BUSY: _locked,
        sqlite3.SQLITE_LOCKED: _locked,
        sqlite3.SQLITE_READONLY: _read_only,
        sqlite3.SQLITE_FULL: _full,
        sqlite3.SQLITE_NOTADB: _not_ours,
    }
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in known:
        return known[code]()
    if code == sqlite3.SQLITE_AUTH:
        return StorageError(
            "storage.not_allowed",
            "程序试图改动账本中只能追加的内容,已被拦下。",
            hint="什么也没有改动;这是程序的毛病,请加 --debug 重试,并把输出告诉开发者。",
        )
    if code == sqlite3.SQLITE_CORRUPT or "Could not decode" in str(error):
        return _corrupt(str(error))
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}:
        return _unreadable(str(error))
    return _not_ours() if str(error).startswith("no such table") else _failed(error)


def _unreadable(detail: str) -> StorageError:
    return StorageError(
        "storage.io",
        f"账本文件打不开或读写失败:{detail}",
        hint="请检查目录权限、磁盘空间和磁盘是否完好;没有确认的内容没有记入。",
    )


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0][:200]


def _failed(error: object) -> StorageError:
    return StorageError(
        "storage.failed", f"数据库出错:{_first_line(error)}", hint="什么也没有记入;请把这句话告诉管理员。"
    )


def _locked() -> StorageError:
    return StorageError(
        "storage.locked", "账本正被别的程序占用,等了很久也没有轮到。", hint="请稍后重试;或关闭正在打开账本的其他程序。"
    )


def _read_only() -> StorageError:
    return StorageError(
        "storage.read_only", "账本是只读的,不能记账。", hint="请检查文件和目录的写权限,或数据库账号的权限。"
    )


def _full() -> StorageError:
    return StorageError(
        "storage.full", "磁盘已满(或达到上限),这一批没有记入。", hint="请腾出空间后重试;已确认的记录不受影响。"
    )


def _not_ours() -> StorageError:
    return StorageError("storage.not_ours", "这不是衔接账本的数据库。", hint="请检查路径;新建账本请运行 xianjie init。")


def _corrupt(detail: str) -> TamperedError:
    return TamperedError(
        "storage.corrupt",
        f"数据库文件已损坏:{_first_line(detail)}",
        hint="请停止记账,运行 xianjie audit verify,并从备份恢复。",
    )
