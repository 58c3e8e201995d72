"""Recompute everything that the log claims about itself, and say where it does not hold.

Nothing stored is trusted: every byte of every event is hashed again, the tree is built again, every batch row,
checkpoint, tree node, trigger and table is derived again and compared. Pages are streamed, so memory does not grow with
the log. Bytes are never decoded into events here; nothing read from the database is run.

Findings have one of these kinds: ``content`` (an event's bytes or names are not those that were hashed), ``gap`` and
``order`` (positions, versions, moments), ``batch``, ``checkpoint``, ``node``, ``schema``, ``truncation`` (the log
contradicts the high-water file), ``fork`` (it contradicts a checkpoint that was published or saved elsewhere) and
``structure`` (the database itself is damaged). Signatures are checked by ``signatures.py``, once the bytes are known
to be what was hashed.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.database import SCHEMA_VERSION, read_transaction
from ledger.errors import LedgerError
from ledger.log.finding import Finding, Findings
from ledger.log.high_water import HighWater, contradiction
from ledger.log.journal import compare_journal, journal_of
from ledger.log.published import Published
from ledger.log.reading import Heard, unheard
from ledger.log.schema import TABLES
from ledger.log.schema_check import as_text, schema_differences
from ledger.log.walk import StoredText, Walk
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import EMPTY_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

__all__ = ["VerifyReport", "verify"]

_VERSIONS: Final = text("SELECT stream, version, position FROM event ORDER BY stream, version")
_TRUSTED: Final = text("SELECT checkpoint FROM batch WHERE last < :before ORDER BY id DESC LIMIT 1")
_INFO: Final = text("SELECT name, value FROM ledger_info")
_UNUSED: Final = {
    "stream": text(
        "SELECT name FROM stream s WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.stream = s.id) LIMIT 100"
    ),
    "topic": text("SELECT name FROM topic WHERE id NOT IN (SELECT DISTINCT topic FROM event) LIMIT 100"),
}


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked and what was wrong.

    ``events`` were hashed again; ``head`` is the last position, ``root`` and ``checkpoint`` the recomputed ones there;
    ``findings`` are sorted by position; ``total`` counts also those beyond the first thousand, which are not kept.
    ``trusted`` is the stored checkpoint of the last batch before everything that is wrong (empty if there is none):
    what stands up to there is what was recorded. ``signed`` batches carry signatures; whether these are true is what
    ``signatures.py`` tells.
    """

    events: int
    head: int
    root: bytes
    checkpoint: str
    findings: list[Finding]
    total: int
    trusted: str = ""
    signed: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing at all was wrong."""
        return self.total == 0


def verify(
    engine: Engine, outside: Mapping[str, Checkpoint] = MappingProxyType({}), heard: Heard = unheard
) -> VerifyReport:
    """Check the whole log, once, at one moment. Damage is a finding, never an exception.

    ``outside`` are checkpoints that were kept elsewhere, by what they shall be called (Chinese): the log must begin
    with each. ``heard`` is told how far the walk is. Raises StorageError or TamperedError only when the database cannot
    be opened at all.
    """
    findings = Findings()
    saved, published = _kept_outside(engine, findings)
    outside = {**outside, **published}
    with read_transaction(engine) as connection, _undecoded(connection):
        origin = ""
        with _damage_to(findings):
            origin = _check_schema(connection, findings)
        if not origin:
            # What stands behind the names of our tables is no longer ours: reading on could run somebody else's code.
            return VerifyReport(0, 0, EMPTY_ROOT, "", findings.in_order(), findings.total)
        marks = [one.size for one in (saved, *outside.values()) if one]
        walk = Walk(connection, origin, findings, marks)
        with _damage_to(findings):
            walk.run(heard)
            if saved is not None:
                _check_high_water(saved, Checkpoint(origin, walk.position, walk.frontier.root()), walk, findings)
            for name, one in outside.items():
                _check_outside(name, one, Checkpoint(origin, walk.position, walk.frontier.root()), walk, findings)
            _doubt_what_was_rewritten([one for one in (saved, *outside.values()) if one], walk, findings)
        for check in (_check_versions, _check_unused, _check_pages):
            with _damage_to(findings):
                check(connection, findings)
        with _damage_to(findings):
            _check_journal(engine, origin, findings)
        trusted = _last_before(connection, findings.first)
    root = walk.frontier.root()
    checkpoint = str(Checkpoint(origin, walk.position, root))
    found, total = findings.in_order(), findings.total
    return VerifyReport(walk.frontier.size, walk.position, root, checkpoint, found, total, trusted, walk.signed)


@contextmanager
def _undecoded(connection: Connection) -> Iterator[None]:
    """Let SQLite hand out text as the bytes it holds."""
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.text_factory = StoredText
    try:
        yield
    finally:
        raw.text_factory = str


@contextmanager
def _damage_to(findings: Findings) -> Iterator[None]:
    """Turn what a damaged database throws into a finding, and go on with the next check."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, LedgerError, TypeError, ValueError, OverflowError) as error:
        findings.add("structure", None, f"数据库已损坏,检查无法完成:{str(error).partition(chr(10))[0][:200]}")


def _check_schema(connection: Connection, findings: Findings) -> str:
    """Compare tables, indexes and triggers; return the origin, or nothing when a table is not ours any more."""
    ours = True
    for name, expected, found in schema_differences(connection):
        ours &= name.partition(".")[0] not in TABLES
        findings.add("schema", None, f"数据库结构被改动:{name}", expected=expected, found=found)
    if not ours:
        return ""
    info = {as_text(name): as_text(value) for name, value in connection.execute(_INFO)}
    origin = info.pop("origin", "")
    expected_info = {"schema_version": str(SCHEMA_VERSION)}
    if not origin or info != expected_info:
        findings.add("schema", None, "账本说明(ledger_info)被改动", expected=expected_info, found=info)
    return origin


def _kept_outside(engine: Engine, findings: Findings) -> tuple[Checkpoint | None, dict[str, Checkpoint]]:
    """Read the high-water file and the published checkpoint, before the moment that is looked at.

    Afterwards they may already say more: somebody who records meanwhile would look like a thief.
    """
    origin, unsaid = "", Findings()
    with read_transaction(engine) as connection, _undecoded(connection), _damage_to(unsaid):
        origin = _check_schema(connection, unsaid)
    return (_saved(engine, origin, findings), _published(engine, origin, findings)) if origin else (None, {})


def _saved(engine: Engine, origin: str, findings: Findings) -> Checkpoint | None:
    try:
        return HighWater(engine, origin).read()
    except LedgerError as error:
        findings.add("truncation", None, error.message)
        return None


def _published(engine: Engine, origin: str, findings: Findings) -> dict[str, Checkpoint]:
    try:
        content = Published(engine, origin).read()
    except LedgerError as error:
        findings.add("fork", None, error.message)
        return {}
    return {"已公布的检查点": Checkpoint.parse(content)} if content else {}


def _last_before(connection: Connection, position: int | None) -> str:
    """Return the stored checkpoint of the last batch that ends before a position (None: of the last batch)."""
    try:
        found = connection.execute(_TRUSTED, {"before": 2**63 - 1 if position is None else position}).scalar()
        return "" if found is None else as_text(found)
    except (DBAPIError, sqlite3.Error):
        return ""


def _check_outside(name: str, saved: Checkpoint, now: Checkpoint, walk: Walk, findings: Findings) -> None:
    if saved.origin != now.origin:
        findings.add("fork", None, f"{name}属于另一本账({saved.origin})", expected=saved, found=now)
    elif saved.size > now.size:
        wrong = f"{name}到第 {saved.size} 号,账本现在只到第 {now.size} 号"
        findings.add("fork", now.size + 1, wrong, expected=saved, found=now)
    elif saved.size and saved.root != walk.root_at(saved.size):
        wrong = f"历史被改写:第 {saved.size} 号处的根值与{name}不同"
        findings.add("fork", None, wrong, expected=saved.root.hex(), found=walk.root_at(saved.size).hex())


def _doubt_what_was_rewritten(kept: Sequence[Checkpoint], walk: Walk, findings: Findings) -> None:
    """Trust nothing after the last kept checkpoint that still holds, when a later one does not."""
    within = [one for one in kept if 0 < one.size <= walk.position]
    broken = [one.size for one in within if walk.root_at(one.size) != one.root]
    if broken:
        held = (one.size for one in within if walk.root_at(one.size) == one.root and one.size < min(broken))
        findings.doubt(max(held, default=0) + 1)


def _check_high_water(saved: Checkpoint, now: Checkpoint, walk: Walk, findings: Findings) -> None:
    wrong = contradiction(saved, now, lambda: saved.root == (walk.root_at(saved.size) if saved.size else EMPTY_ROOT))
    if wrong:
        findings.add("truncation", min(saved.size, now.size + 1), wrong, expected=saved, found=now)


def _check_journal(engine: Engine, origin: str, findings: Findings) -> None:
    """Compare the second record, where one is kept, with the log. One that is behind is completed by the next entry."""
    journal = journal_of(engine, origin)
    wrong = compare_journal(engine, journal).finding if journal else None
    if wrong is not None:
        findings.add(wrong.kind, wrong.position, wrong.message, expected=wrong.expected, found=wrong.found)


def _check_versions(connection: Connection, findings: Findings) -> None:
    """Versions of each stream follow one another, in the order of their positions. Streams begin at 1 (or 0)."""
    previous: tuple[int, int, int] | None = None
    for stream, version, position in connection.execute(_VERSIONS, execution_options={"yield_per": 2_000}):
        same = previous is not None and previous[0] == stream
        if (version != previous[1] + 1) if previous and same else version not in {0, 1}:
            findings.add("gap", position, f"第 {position} 号记录:所属流的版本不连续", found=version)
        if previous and same and position <= previous[2]:
            findings.add("order", position, f"第 {position} 号记录:版本次序与位置次序相反", found=version)
        previous = (stream, version, position)


def _check_unused(connection: Connection, findings: Findings) -> None:
    for table, query in _UNUSED.items():
        for (name,) in connection.execute(query):
            findings.add(
                "structure", None, f"{table} 表中有没有记录使用的名称:{as_text(name)[:80]}", found=as_text(name)
            )


def _check_pages(connection: Connection, findings: Findings) -> None:
    """Let SQLite check its own pages and indexes; it sees what no hash can, such as an index that skips a row."""
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(100)"):
        if as_text(line) != "ok":
            findings.add("structure", None, f"SQLite 文件检查:{as_text(line)[:200]}", found=as_text(line))
