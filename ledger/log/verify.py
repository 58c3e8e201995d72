"""Recompute everything that the log claims about itself, and say where it does not hold.

Nothing stored is trusted: every byte of every event is hashed again, the tree is built again, every batch row,
checkpoint, tree node, trigger and table is derived again and compared. Pages are streamed, so memory does not grow with
the log. Bytes are never decoded into events here; nothing read from the database is run.

Findings have one of these kinds: ``content`` (an event's bytes or names are not those that were hashed), ``gap`` and
``order`` (positions, versions, moments), ``batch``, ``checkpoint``, ``node``, ``schema``, ``truncation`` (the log
contradicts the high-water file) and ``structure`` (the database itself is damaged).
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from struct import error as StructError  # noqa: N812 - it is a class
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.database import read_transaction
from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint
from ledger.log.high_water import HighWater, contradiction
from ledger.log.schema import TABLES, origin_of
from ledger.log.schema_check import as_text, schema_differences
from ledger.log.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Connection, Engine

__all__ = ["Finding", "Kind", "VerifyReport", "verify"]
