"""Attacks of insiders: what each does to a ledger, and what must find it. ``make docs`` prints the list.

``found_by`` is the weakest means that finds it, in this order:

* ``verify``: ``xianjie audit verify``, with nothing but the files
* ``signatures``: the same with the public keys of the people (``--keys``, or the people enrolled in the log)
* ``checkpoint``: the same with a checkpoint that somebody else keeps (``--checkpoint``)
* ``vault``: ``xianjie vault verify``;  ``backup``: ``xianjie backup verify``
* ``nothing``: a documented exception; ``why`` says why it must be lived with

``kind`` is the kind of finding that must be among those reported. An attack that is said to need a checkpoint is also
shown to pass everything weaker: it is not found by luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ledger.events import MoneyRegained, MoneyWithdrawn
from tests.attacks.case import Case, keep_signatures, sign_as_attacker, sign_nothing, sign_own_only
from tests.attacks.moves import (
    AMOUNT,
    RENUMBER,
    SMUGGLE,
    change_account,
    drop_line,
    edit_backup,
    edit_last_batch,
    edit_line,
    flip_byte,
    forge_backup,
    journal,
    keep_lines,
    lower_head,
    one_leg,
    raw_sql,
    remove_head,
    replace,
    replay_signature,
    sign_one,
    spoil_signature,
    spoil_wal,
    sql,
    swap_vault,
    then,
    vault,
    without_recursive_triggers,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ATTACKS", "Attack"]

Means = Literal["verify", "signatures", "checkpoint", "vault", "backup", "nothing"]


class Attack(NamedTuple):
    """What somebody does (English, for the page), how, what finds it, and as what."""

    what: str
    do: Callable[[Case], None]
    found_by: Means
    kind: str
    why: str = ""


ATTACKS: Final[dict[str, Attack]] = {
    # What an entry says
    "amount": Attack("raise an amount in a stored entry", sql(AMOUNT, rebuild=True), "verify", "content"),
    "amount-hex": Attack("raise an amount with a hex editor, in the file", flip_byte, "verify", "content"),
    "amount-replace": Attack(
        "replace an entry by INSERT OR REPLACE, past the triggers", without_recursive_triggers, "verify", "content"
    ),
    "date": Attack(
        "move a business date into another year", sql(replace("2022-01-13", "2021-01-13")), "verify", "content"
    ),
    "document": Attack("put another document number into an entry", sql(replace("1号", "2号")), "verify", "content"),
    "rule-text": Attack(
        "change a threshold in an adopted rule pack", sql(replace("deadline", "deadlime")), "verify", "content"
    ),
    "swap-states": Attack(
        "exchange what two entries say",
        sql(
            "UPDATE event SET state = (SELECT o.state FROM event o WHERE o.position = 9 - event.position)"
            " WHERE position IN (4, 5)"
        ),
        "verify",
        "content",
    ),
    "leaf": Attack(
        "change an entry and its stored leaf hash",
        sql("UPDATE event SET leaf = zeroblob(32) WHERE position = 4"),
        "verify",
        "content",
    ),
    # Where an entry stands
    "other-stream": Attack(
        "move an entry to another project's history",
        sql("UPDATE event SET stream = 1, version = 99 WHERE position = 5"),
        "verify",
        "content",
    ),
    "version": Attack(
        "renumber an entry in its history", sql("UPDATE event SET version = 7 WHERE position = 4"), "verify", "content"
    ),
    "topic": Attack(
        "turn an entry into one of another kind",
        sql("UPDATE event SET topic = 1 WHERE position = 4"),
        "verify",
        "content",
    ),
    "topic-code": Attack(
        "name a Python function as the kind of an entry, to be run by whoever opens the ledger",
        sql("UPDATE topic SET name = 'os:system' WHERE id = 2"),
        "verify",
        "content",
    ),
    "stream-name": Attack(
        "give a tranche another number", sql("UPDATE stream SET name = name || 'x' WHERE id = 3"), "verify", "content"
    ),
    "stream-names": Attack(
        "exchange the names of two histories",
        sql(
            "CREATE TEMP TABLE kept AS SELECT id, name FROM stream WHERE id IN (3, 4)",
            "UPDATE stream SET name = 'aside' || id WHERE id IN (3, 4)",
            "UPDATE stream SET name = (SELECT k.name FROM kept k WHERE k.id = 7 - stream.id) WHERE id IN (3, 4)",
        ),
        "verify",
        "content",
    ),
    # Who, when, by which document
    "actor": Attack(
        "put an entry under another person's name",
        sql("UPDATE batch SET actor = 'P-0002' WHERE id = 3"),
        "verify",
        "content",
    ),
    "moment": Attack(
        "backdate when an entry was recorded",
        sql("UPDATE batch SET recorded_at = '2022-01-01T00:00:00.000Z' WHERE id = 4"),
        "verify",
        "content",
    ),
    "moment-order": Attack(
        "record an entry before the one before it",
        sql("UPDATE batch SET recorded_at = '1999-01-01T00:00:00.000Z' WHERE id = 4"),
        "verify",
        "order",
    ),
    "command": Attack(
        "change which command recorded it", sql("UPDATE batch SET command = 'x' WHERE id = 4"), "verify", "content"
    ),
    "batch-document": Attack(
        "change by which document", sql("UPDATE batch SET document = 'x' WHERE id = 4"), "verify", "content"
    ),
    "key": Attack(
        "free a submission key, to submit twice", sql("UPDATE batch SET key = NULL WHERE id = 4"), "verify", "content"
    ),
    "input-hash": Attack(
        "change the hash of what was submitted",
        sql("UPDATE batch SET input_hash = 'x' WHERE id = 4"),
        "verify",
        "content",
    ),
    # Entries that come and go
    "delete": Attack("delete an entry", sql("DELETE FROM event WHERE position = 4"), "verify", "gap"),
    "delete-first": Attack("delete the first entry", sql("DELETE FROM event WHERE position = 1"), "verify", "gap"),
    "delete-renumber": Attack("delete an entry and close the gap", sql(*RENUMBER), "verify", "content"),
    "delete-last": Attack(
        "delete the last entry",
        sql("DELETE FROM event WHERE position = (SELECT max(position) FROM event)"),
        "verify",
        "batch",
    ),
    "delete-batch": Attack("delete a batch, not its entries", sql("DELETE FROM batch WHERE id = 4"), "verify", "batch"),
    "insert": Attack("add an entry to the last batch", sql(SMUGGLE.format("")), "verify", "batch"),
    "insert-batch": Attack(
        "add an entry in a batch that does not exist", sql(SMUGGLE.format(" + 1")), "verify", "batch"
    ),
    "batch-range": Attack(
        "shift where a batch ends", sql("UPDATE batch SET last = last - 1 WHERE id = 2"), "verify", "batch"
    ),
    "batch-number": Attack("renumber a batch", sql("UPDATE batch SET id = 70 WHERE id = 4"), "verify", "batch"),
    "unused-name": Attack(
        "prepare a name for later", sql("INSERT INTO stream VALUES (99, 'tranche:T9')"), "verify", "structure"
    ),
    # Cutting the tail, putting back the past
    "cut": Attack("cut off the last batch without a trace", Case.cut_last_batch, "verify", "truncation"),
    "older": Attack(
        "put back an older backup", lambda case: case.put_back_older(with_head=False), "verify", "truncation"
    ),
    "wal": Attack(
        "spoil one bit of the write-ahead log, so that SQLite forgets what follows", spoil_wal, "verify", "truncation"
    ),
    "cut-head": Attack(
        "cut off batches and remove the head file",
        then(lambda case: case.put_back_older(with_head=False), remove_head),
        "checkpoint",
        "fork",
    ),
    "older-head": Attack(
        "put back an older backup with its head file",
        lambda case: case.put_back_older(with_head=True),
        "checkpoint",
        "fork",
    ),
    "cut-lower": Attack(
        "cut off two batches and write a head file to match",
        then(Case.cut_last_batch, Case.cut_last_batch, lower_head),
        "checkpoint",
        "fork",
    ),
    "cut-since": Attack(
        "cut off the batch that came after the last outside checkpoint, with the head file",
        then(Case.cut_last_batch, lower_head),
        "nothing",
        "",
        "whoever has all files can cut off what nobody outside has seen: give out checkpoints often, or keep a journal",
    ),
    "cut-since-journal": Attack(
        "the same, where a second record is kept on another disk",
        then(Case.cut_last_batch, lower_head, journal(keep_lines)),
        "verify",
        "journal",
    ),
    # Hashing everything again
    "rehash": Attack(
        "raise an amount and compute every hash and checkpoint again, old signatures kept",
        then(sql(AMOUNT), lambda case: case.rehash(keep_signatures)),
        "signatures",
        "signature",
    ),
    "rehash-unsigned": Attack(
        "the same, as a ledger that nobody signs",
        then(sql(AMOUNT), lambda case: case.rehash(sign_nothing)),
        "signatures",
        "signature",
    ),
    "rehash-own-key": Attack(
        "the same, every checkpoint signed with the attacker's own key",
        then(sql(AMOUNT), lambda case: case.rehash(sign_as_attacker)),
        "signatures",
        "signature",
    ),
    "rehash-own-name": Attack(
        "the same, all batches put under the attacker's own name",
        then(sql(AMOUNT, "UPDATE batch SET actor = 'P-0002'"), lambda case: case.rehash(sign_as_attacker)),
        "checkpoint",
        "fork",
    ),
    "rehash-last": Attack(
        "change one's own last batch after the last outside checkpoint, and sign it again",
        then(edit_last_batch, lambda case: case.rehash(sign_own_only)),
        "nothing",
        "",
        "it is his own entry, signed by him, and nobody outside has seen the other: give out checkpoints often",
    ),
    "rehash-last-journal": Attack(
        "the same, where a second record is kept on another disk",
        then(edit_last_batch, lambda case: case.rehash(sign_own_only), journal(keep_lines)),
        "verify",
        "journal",
    ),
    "leg": Attack(
        "change one leg of a movement of money and compute every hash again",
        then(
            sql(replace("300000000", "200000000", "position IN (SELECT max(position) FROM event)")),
            lambda case: case.rehash(sign_nothing),
        ),
        "verify",
        "legs",
    ),
    "leg-regained": Attack(
        "record that money came back to a tranche which no project gave back", one_leg(MoneyRegained), "verify", "legs"
    ),
    "leg-withdrawn": Attack(
        "record that a project gave money back which no tranche got", one_leg(MoneyWithdrawn), "verify", "legs"
    ),
    "wrong-stream": Attack(
        "file an entry under another history and compute every hash again",
        then(
            sql("UPDATE stream SET name = 'tranche:T8' WHERE name = 'tranche:T1'"),
            lambda case: case.rehash(sign_nothing),
        ),
        "verify",
        "stream",
    ),
    "unknown-topic": Attack(
        "give an entry a kind that this program does not know and compute every hash again",
        then(
            sql("UPDATE topic SET name = 'os:system' WHERE name = 'tranche.issued'"),
            lambda case: case.rehash(sign_nothing, facts=False),
        ),
        "verify",
        "event.unknown_topic",
    ),
    # Checkpoints and signatures
    "checkpoint-text": Attack(
        "change a stored checkpoint",
        sql("UPDATE batch SET checkpoint = replace(checkpoint, char(10), char(10) || '1') WHERE id = 4"),
        "verify",
        "checkpoint",
    ),
    "checkpoint-swap": Attack(
        "exchange the checkpoints of two batches",
        sql(
            "UPDATE batch SET checkpoint = (SELECT o.checkpoint FROM batch o WHERE o.id = 7 - batch.id)"
            " WHERE id IN (3, 4)"
        ),
        "verify",
        "checkpoint",
    ),
    "signature-strip": Attack(
        "take the signature off a checkpoint",
        sql(
            "UPDATE batch SET checkpoint = substr(checkpoint, 1, instr(checkpoint, char(10) || char(10))) WHERE id = 4"
        ),
        "signatures",
        "signature",
    ),
    "signature-replay": Attack(
        "put another batch's signature under a forged one", replay_signature, "signatures", "signature"
    ),
    "signature-other": Attack("sign somebody else's batch with one's own key", sign_one, "signatures", "signature"),
    "signature-bit": Attack("spoil a signature", spoil_signature, "signatures", "signature"),
    # The database around the log
    "trigger-drop": Attack(
        "drop the trigger that refuses deletion", raw_sql("DROP TRIGGER event_no_delete"), "verify", "schema"
    ),
    "trigger-hollow": Attack(
        "replace a trigger by one of the same name that does nothing",
        raw_sql(
            "DROP TRIGGER event_no_update",
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END",
        ),
        "verify",
        "schema",
    ),
    "trigger-evil": Attack(
        "add a trigger that changes facts with every batch",
        raw_sql("CREATE TRIGGER evil AFTER INSERT ON batch BEGIN UPDATE fact_money SET amount_fen = 1; END"),
        "verify",
        "schema",
    ),
    "trigger-schema": Attack(
        "rewrite a trigger's text inside SQLite's own catalogue",
        raw_sql(
            "PRAGMA writable_schema = 1",
            "UPDATE sqlite_master SET sql = replace(sql, 'BEFORE', 'AFTER') WHERE name = 'batch_no_update'",
        ),
        "verify",
        "schema",
    ),
    "index-drop": Attack("drop the index that makes keys unique", raw_sql("DROP INDEX batch_key"), "verify", "schema"),
    "index-other": Attack(
        "make keys no longer unique",
        raw_sql("DROP INDEX batch_key", "CREATE INDEX batch_key ON batch (key)"),
        "verify",
        "schema",
    ),
    "column": Attack(
        "add a column to the entries", raw_sql("ALTER TABLE event ADD COLUMN note TEXT"), "verify", "schema"
    ),
    "view": Attack(
        "put a view in the place of a table",
        raw_sql("CREATE TABLE kept AS SELECT * FROM node", "DROP TABLE node", "CREATE VIEW node AS SELECT * FROM kept"),
        "verify",
        "schema",
    ),
    "origin": Attack(
        "give the ledger another name",
        sql("UPDATE ledger_info SET value = 'x' WHERE name = 'origin'"),
        "verify",
        "checkpoint",
    ),
    "info": Attack(
        "add to what the ledger says of itself", sql("INSERT INTO ledger_info VALUES ('x', 'y')"), "verify", "schema"
    ),
    "node": Attack(
        "plant a wrong hash in the cache of the tree",
        sql("INSERT INTO node VALUES (1, 0, zeroblob(32))"),
        "verify",
        "node",
    ),
    # Facts, from which reports are made
    "fact-amount": Attack(
        "change an amount in the facts", sql("UPDATE fact_money SET amount_fen = amount_fen + 1"), "verify", "facts"
    ),
    "fact-delete": Attack(
        "delete a fact", sql("DELETE FROM fact_money WHERE measure = 'allocated'"), "verify", "facts"
    ),
    "fact-insert": Attack(
        "add a fact of an entry that does not exist",
        sql(
            "INSERT INTO fact_rule SELECT position + 500, line, position, sign, effective_on, recorded_at, pack,"
            " version, text, base FROM fact_rule LIMIT 1"
        ),
        "verify",
        "facts",
    ),
    "fact-ahead": Attack(
        "tell the facts that they are further than they are, so that later entries never count",
        sql("UPDATE tracking SET position = position + 100"),
        "verify",
        "facts",
    ),
    "fact-view": Attack(
        "put a view in the place of a table of facts, which doubles the money whenever it likes",
        sql(
            "ALTER TABLE fact_money RENAME TO aside",
            "CREATE VIEW fact_money AS SELECT * FROM aside",
        ),
        "verify",
        "facts",
    ),
    "fact-trigger": Attack(
        "let a trigger take money out of facts while nobody verifies",
        sql("CREATE TRIGGER evil AFTER INSERT ON fact_money BEGIN SELECT 1; END"),
        "verify",
        "facts",
    ),
    "fact-table-gone": Attack("drop a table of facts", sql("DROP TABLE fact_notice"), "verify", "facts"),
    "fact-rule": Attack(
        "change a rule's text in the facts", sql("UPDATE fact_rule SET text = text || '#'"), "verify", "facts"
    ),
    # The second record
    "journal-edit": Attack("raise an amount in the second record", journal(edit_line), "verify", "journal"),
    "journal-drop": Attack("take a line out of the second record", journal(drop_line), "verify", "journal"),
    # The vault
    "vault-swap": Attack(
        "put an empty vault of the same ledger in the place of the vault", swap_vault, "vault", "missing"
    ),
    "vault-edit": Attack(
        "overwrite a value in the vault",
        vault("UPDATE field SET sealed = zeroblob(64) WHERE name = 'name'"),
        "vault",
        "damaged",
    ),
    "vault-exchange": Attack(
        "put one person's values in the place of another's in the vault",
        vault(
            "UPDATE field SET sealed = (SELECT o.sealed FROM field o WHERE o.ref <> field.ref AND o.name = 'name')"
            " WHERE name = 'name'"
        ),
        "vault",
        "damaged",
    ),
    "vault-account": Attack("change an account number with the vault's own key", change_account, "vault", "edited"),
    "vault-delete": Attack(
        "delete a person from the vault without an erasure in the log",
        vault("PRAGMA foreign_keys = 1", "DELETE FROM subject WHERE ref = (SELECT min(ref) FROM subject)"),
        "vault",
        "missing",
    ),
    # Backups
    "backup-edit": Attack("edit a backup and its list", edit_backup, "backup", "backup.findings"),
    "backup-forge": Attack(
        "edit a backup and compute everything in it again", forge_backup, "backup", "backup.other_history"
    ),
}
