"""A batch recorded with a signer carries a signed checkpoint; one without stays as it always was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.database import read_transaction
from ledger.errors import LedgerError, ValueRefusedError
from ledger.log.appending import Appender, BatchHeader, Receipt
from ledger.log.high_water import HighWater
from ledger.log.reading import head
from ledger.log.verify import verify
from ledger.signing import SeedSigner
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import Key, Note

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.signing import Signer

SIGNER = SeedSigner("520200.test.xianjie.example/ledger/op/P-0001-1", "P-0001", bytes(range(32)))
KEY = Key(SIGNER.name, SIGNER.public_key)


def _record(appender: Appender, stream: str, signer: Signer | None = None, *, key: str | None = None) -> Receipt:
    with appender.open(BatchHeader(key, "hash", "P-0001", "fund issue", ""), signer=signer) as append:
        if append.prior is None:
            append.write([(stream, None, "tranche.issued", b"{}")])
    return append.receipt


def test_a_signed_batch_stores_the_whole_note_and_the_receipt_shows_it(appender: Appender) -> None:
    receipt = _record(appender, "a", SIGNER)
    note = Note.parse(receipt.checkpoint)
    assert note.text == str(Checkpoint(appender.origin, 1, receipt.root))
    assert [key for key, _ in note.verify([KEY])] == [KEY]
    with read_transaction(appender.engine) as connection:
        now = head(connection)
        stored = connection.exec_driver_sql("SELECT checkpoint FROM batch").scalar_one()
    assert now.checkpoint == stored == receipt.checkpoint
    assert now.root == receipt.root


def test_signed_and_unsigned_batches_follow_one_another_in_one_log(engine: Engine) -> None:
    appender = Appender(engine)
    receipts = [_record(appender, "a", signer) for signer in (None, SIGNER, None, SIGNER)]
    assert [receipt.checkpoint.count("— ") for receipt in receipts] == [0, 1, 0, 1]
    assert _record(Appender(engine), "b").last == 5  # another process reads the signed head
    assert verify(engine).findings == []
    receipt = _record(appender, "c", SIGNER)
    assert HighWater(engine, appender.origin).read() == Checkpoint.parse(receipt.checkpoint)


def test_a_repeated_batch_gives_the_signed_receipt_of_then(appender: Appender) -> None:
    first = _record(appender, "a", SIGNER, key="k")
    again = _record(appender, "a", key="k")
    assert (again.checkpoint, again.root, again.repeated) == (first.checkpoint, first.root, True)


def test_a_dry_run_signs_nothing(appender: Appender) -> None:
    with appender.open(BatchHeader(None, "", "", "", ""), dry_run=True, signer=SIGNER) as append:
        append.write([("a", None, "tranche.issued", b"{}")])
    assert "— " not in append.receipt.checkpoint


class _Broken(SeedSigner):
    """A signer that fails, or answers with another key's signature, until it is mended."""

    answer: bytes | None = None

    def sign(self, message: bytes) -> bytes:
        if self.answer is None:
            raise ValueRefusedError("key.locked", "钥匙已锁上")
        return self.answer or super().sign(message)


@pytest.mark.parametrize("answer", [None, bytes(64), b"short", SeedSigner("x", "", bytes(32)).sign(b"x")])
def test_a_signer_that_fails_or_lies_leaves_nothing_behind(appender: Appender, answer: bytes | None) -> None:
    broken = _Broken(SIGNER.name, "P-0001", bytes(range(32)))
    broken.answer = answer
    _record(appender, "a", SIGNER)
    with pytest.raises(LedgerError):
        _record(appender, "a", broken)
    with read_transaction(appender.engine) as connection:
        assert head(connection).position == 1
    broken.answer = b""  # mended
    assert _record(appender, "a", broken).last == 2
    assert verify(appender.engine).findings == []
