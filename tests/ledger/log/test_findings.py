"""What each kind of damage is called, where, and what was expected and found there: whole, and nothing besides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ledger.log.finding import ADVICE, Findings
from ledger.log.verify import verify
from ledger.transparency.checkpoint import Checkpoint
from tests.ledger.log.filling import fill
from tests.ledger.log.test_verify_head import _change

if TYPE_CHECKING:
    from sqlalchemy import Engine

ORIGIN = "520200.test.xianjie.example/ledger"
EMPTY_BATCH = (
    "INSERT INTO batch SELECT 4, NULL, input_hash, actor, command, document, 6, 6, recorded_at, checkpoint"
    " FROM batch WHERE id = 3"
)
OTHER_SIZE = (
    "UPDATE batch SET checkpoint = replace(checkpoint, char(10) || '3' || char(10), char(10) || '4' || char(10))"
    " WHERE id = 2"
)
HASH = "hash"
NOW = "now"

Line = tuple[str, int | None, str, str, str]
DAMAGE: dict[str, tuple[str, list[Line]]] = {
    "another state": (
        "UPDATE event SET state = CAST('x' AS BLOB) WHERE position = 2",
        [("content", 2, HASH, HASH, "第 2 号记录的内容")],
    ),
    "another leaf": (
        "UPDATE event SET leaf = zeroblob(32) WHERE position = 2",
        [
            ("content", 2, HASH, HASH, "第 2 号记录的内容"),
            ("checkpoint", 2, "at 2", "at 2", "第 1 批(第 1 至 2 号)"),
            ("truncation", 5, "at 5", "at 5", "历史被改写:第 5 号"),
        ],
    ),
    "a leaf that is none": (
        "UPDATE event SET leaf = x'00' WHERE position = 2",
        [("content", 2, "00", HASH, "第 2 号记录的内容")],
    ),
    "an entry deleted": (
        "DELETE FROM event WHERE position = 2",
        [
            ("gap", 3, "2", "3", "第 1 号之后是第 3 号"),
            ("checkpoint", 3, "at 3", "at 3", "第 2 批(第 3 至 3 号)"),
            ("truncation", 5, "at 5", "at 5", "历史被改写:第 5 号"),
            ("structure", None, "", "项目:2", "stream 表中"),
        ],
    ),
    "an entry in another batch": (
        "UPDATE event SET batch = 9 WHERE position = 2",
        [("batch", 2, "1", "9", "属于第 9 批,但批次表中此处是第 1 批")],
    ),
    "a batch deleted": (
        "DELETE FROM batch WHERE id = 3",
        [
            ("batch", 4, "", "3", "属于第 3 批,但批次表中此处是没有批次"),
            ("batch", 5, "", "3", "属于第 3 批,但批次表中此处是没有批次"),
        ],
    ),
    "a batch cut short": (
        "UPDATE batch SET last = 4 WHERE id = 3",
        [
            ("checkpoint", 4, "at 5", "at 4", "第 3 批(第 4 至 4 号)"),
            ("batch", 5, "", "3", "属于第 3 批,但批次表中此处是没有批次"),
        ],
    ),
    "a batch renumbered": (
        "UPDATE batch SET id = 7 WHERE id = 3",
        [
            ("batch", 4, "3: 4", "7: 4-5", "第 7 批写着第 4 至 5 号"),
            ("batch", 4, "7", "3", "属于第 3 批,但批次表中此处是第 7 批"),
            ("content", 4, HASH, HASH, "第 4 号记录的内容"),
            ("batch", 5, "7", "3", "属于第 3 批,但批次表中此处是第 7 批"),
            ("content", 5, HASH, HASH, "第 5 号记录的内容"),
        ],
    ),
    "a batch beyond the end": (
        "UPDATE batch SET last = 9 WHERE id = 3",
        [("batch", 9, "9", "5", "第 3 批写到第 9 号,但账本只到第 5 号")],
    ),
    "a batch without entries": (
        EMPTY_BATCH,
        [("batch", 6, "", "6", "第 4 批没有任何记录")],
    ),
    "a moment before the one before": (
        "UPDATE batch SET recorded_at = '1999-01-01T00:00:00.000Z' WHERE id = 3",
        [
            ("order", 4, f">= {NOW}", "1999-01-01T00:00:00.000Z", "第 3 批的记录时间"),
            ("content", 4, HASH, HASH, "第 4 号记录的内容"),
            ("content", 5, HASH, HASH, "第 5 号记录的内容"),
        ],
    ),
    "another checkpoint": (
        OTHER_SIZE,
        [("checkpoint", 3, "at 4", "at 3", "第 2 批(第 3 至 3 号)")],
    ),
    "another version": (
        "UPDATE event SET version = 9 WHERE position = 5",
        [("content", 5, HASH, HASH, "第 5 号记录的内容"), ("gap", 5, "", "9", "所属流的版本不连续")],
    ),
    "a name for later": ("INSERT INTO stream VALUES (99, 'x')", [("structure", None, "", "x", "stream 表中")]),
    "a kind for later": ("INSERT INTO topic VALUES (99, 'x')", [("structure", None, "", "x", "topic 表中")]),
    "a node too many": ("INSERT INTO node VALUES (1, 0, x'00')", [("node", None, "0", "1", "应有 0 个,实有 1 个")]),
    "another version of the tables": (
        "UPDATE ledger_info SET value = '2' WHERE name = 'schema_version'",
        [("schema", None, "{'schema_version': '1'}", "{'schema_version': '2'}", "ledger_info")],
    ),
}


def _plain(text: str) -> str:
    """What differs from run to run, by what it is."""
    if "\n" in text:
        return f"at {Checkpoint.parse(text).size}"
    text = re.sub(r"^[0-9a-f]{64}$", HASH, text)
    return re.sub(r"20[0-9T:.-]+Z", NOW, text)


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_called_what_it_is_and_nothing_besides(sqlite_engine: Engine, name: str) -> None:
    fill(sqlite_engine, [2, 1, 2])
    statement, expected = DAMAGE[name]
    _change(sqlite_engine, statement)
    report = verify(sqlite_engine)
    found = [(one.kind, one.position, _plain(one.expected), _plain(one.found)) for one in report.findings]
    assert found == [line[:4] for line in expected]
    assert all(words in one.message for one, (*_, words) in zip(report.findings, expected, strict=True))
    assert (report.total, report.ok) == (len(expected), False)
    assert all(one.expected != one.found for one in report.findings)


@pytest.mark.parametrize(("first_wrong", "trusted"), [(2, ""), (3, "at 2"), (4, "at 3"), (5, "at 3")])
def test_what_stands_before_the_damage_is_still_trusted(sqlite_engine: Engine, first_wrong: int, trusted: str) -> None:
    fill(sqlite_engine, [2, 1, 2])
    _change(sqlite_engine, f"UPDATE event SET state = CAST('x' AS BLOB) WHERE position = {first_wrong}")  # noqa: S608 - a number
    assert _plain(verify(sqlite_engine).trusted) == trusted


@pytest.mark.parametrize("column", ["type", "name", "tbl_name"])
@pytest.mark.parametrize("named", ["node", "batch_key", "sqlite_autoindex_ledger_info_1"])
def test_a_text_of_the_schema_that_became_bytes_is_found(sqlite_engine: Engine, column: str, named: str) -> None:
    """What a flipped bit in a cell's header does: SQLite reads on as if nothing were wrong."""
    fill(sqlite_engine, [1])
    change = f"UPDATE sqlite_master SET {column} = CAST({column} AS BLOB) WHERE name = '{named}'"  # noqa: S608 - our own names
    _change(sqlite_engine, "PRAGMA writable_schema = 1", change)
    report = verify(sqlite_engine)
    assert {one.kind for one in report.findings} == {"schema"}
    assert any(named in one.message and "blob" in one.found for one in report.findings)


@pytest.mark.parametrize("change", ["type = 'hndex'", "tbl_name = 'ledger_hnfo'"])
def test_an_index_without_a_text_that_became_something_else_is_found(sqlite_engine: Engine, change: str) -> None:
    fill(sqlite_engine, [1])
    statement = f"UPDATE sqlite_master SET {change} WHERE name = 'sqlite_autoindex_ledger_info_1'"  # noqa: S608 - as above
    _change(sqlite_engine, "PRAGMA writable_schema = 1", statement)
    assert "schema" in {one.kind for one in verify(sqlite_engine).findings}


def test_a_spoilt_node_is_named_with_the_last_entry_below_it(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, [300, 300])
    _change(sqlite_engine, "UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND idx = 1")
    [one] = verify(sqlite_engine).findings
    assert (one.kind, one.position, _plain(one.expected), one.found) == ("node", 512, HASH, "0" * 64)
    assert "(1, 1)" in one.message
    _change(sqlite_engine, "DELETE FROM node WHERE level = 1 AND idx = 0")
    missing = verify(sqlite_engine).findings
    assert [(each.kind, each.position, each.found) for each in missing] == [
        ("node", 256, "None"),
        ("node", 512, "0" * 64),
        ("node", None, "1"),
    ]


def test_a_checkpoint_kept_elsewhere_is_compared_with_the_root_at_its_size(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, [2, 1, 2])
    other, longer = Checkpoint(ORIGIN, 3, bytes(32)), Checkpoint(ORIGIN, 9, bytes(32))
    report = verify(sqlite_engine, {"审计局的": other, "公告上的": longer})
    assert [(one.kind, one.position) for one in report.findings] == [("fork", 6), ("fork", None)]
    beyond, rewritten = report.findings
    assert (beyond.expected, _plain(beyond.found)) == (str(longer), "at 5")
    assert "公告上的到第 9 号,账本现在只到第 5 号" in beyond.message
    assert (rewritten.expected, _plain(rewritten.found)) == ("0" * 64, HASH)
    assert "第 3 号处的根值与审计局的不同" in rewritten.message


def test_the_first_thousand_findings_are_kept_in_order_and_all_are_counted() -> None:
    findings = Findings()
    assert (findings.total, findings.first, findings.in_order()) == (0, None, [])
    findings.add("schema", None, "整体")
    for position in range(1_200, 0, -1):
        findings.add("content", position, "x", expected=1, found=None)
    kept = findings.in_order()
    assert (findings.total, findings.first, len(kept)) == (1_201, 1, 1_000)
    assert [one.position for one in kept] == [*range(202, 1_201), None]
    assert (kept[0].expected, kept[0].found) == ("1", "None")
    findings.doubt(7)
    assert findings.first == 1
    findings.doubt(0)
    assert (findings.first, findings.total) == (0, 1_201)


def test_for_every_kind_there_is_something_to_do() -> None:
    assert all(len(words) > 10 for words in ADVICE.values())
    assert {line[0] for _, lines in DAMAGE.values() for line in lines} < set(ADVICE)
