"""The quick look: only the ends of the log. Never called an audit, because a changed entry does not show in it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from ledger.database import read_transaction
from ledger.errors import LedgerError, TamperedError
from ledger.log.finding import Findings
from ledger.log.high_water import HighWater
from ledger.log.proving import begins_with
from ledger.log.published import Published
from ledger.log.reading import frontier_at, head
from ledger.log.schema import origin_of
from ledger.log.schema_check import schema_differences
from ledger.log.verify import VerifyReport
from ledger.transparency.checkpoint import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Engine

    from ledger.log.finding import Kind

__all__ = ["UNCHECKED", "verify_head"]

UNCHECKED: Final = (
    "各条记录的内容(没有重算散列)",
    "末尾以外各批的检查点和全部签名",
    "树的其余散列、名称表、数据库页",
    "报表数据与流水是否一致、各条记录之间是否矛盾",
)
"""What :func:`verify_head` does not look at (Chinese, printed with its result)."""

_LAST: Final = text("SELECT coalesce(max(position), 0) FROM event")


def verify_head(engine: Engine, outside: Mapping[str, Checkpoint]) -> VerifyReport:
    """Check tables and triggers, the last checkpoint against the tree, and what was kept elsewhere against both.

    Raises StorageError, TamperedError when the ends of the log cannot be read at all.
    """
    findings = Findings()
    with read_transaction(engine) as connection:
        origin = origin_of(connection)
    water, published = HighWater(engine, origin), Published(engine, origin)
    saved, shown = None, None
    # What is kept outside is read before the moment that is looked at: afterwards it may already say more.
    with _said_as("truncation", findings):
        saved = water.read()
    with _said_as("fork", findings):
        shown = published.read()
    with read_transaction(engine) as connection:
        for name, expected, found in schema_differences(connection):
            findings.add("schema", None, f"数据库结构被改动:{name}", expected=expected, found=found)
        now, root = head(connection), b""
        with suppress(TamperedError):  # hashes are missing: the finding below says where
            root = frontier_at(connection, now.position).root()
        if (connection.execute(_LAST).scalar_one(), root) != (now.position, now.root):
            findings.add(
                "checkpoint",
                now.position,
                f"账本末尾(第 {now.position} 号)与它的检查点不符",
                expected=now.root.hex(),
                found=root.hex(),
            )
        with _said_as("truncation", findings):
            water.check(connection, now, saved)
        with _said_as("fork", findings):
            published.check(connection, now, shown)
        for name, one in outside.items():
            if one.origin != origin or not begins_with(connection, one, now):
                findings.add("fork", None, f"账本与{name}(第 {one.size} 号)不符", expected=one, found=now.checkpoint)
    checkpoint = str(Checkpoint(origin, now.position, root))
    return VerifyReport(0, now.position, root, checkpoint, findings.in_order(), findings.total)


@contextmanager
def _said_as(kind: Kind, findings: Findings) -> Iterator[None]:
    """Turn a refusal into a finding, and go on."""
    try:
        yield
    except LedgerError as error:
        findings.add(kind, None, error.message)
