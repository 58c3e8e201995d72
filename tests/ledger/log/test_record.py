"""The hashed bytes: written here a second time, from the document, and compared."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.record import batch_frame, framed_text, parse_record, record_of

DOCUMENT = Path(__file__).parents[3] / "docs/reference/log-format.md"
STATE = b'{"amount_fen":123456}'


def _example() -> bytes:
    frame = batch_frame(
        1,
        key="k-1",
        input_hash="ab12",
        actor="李",
        command="fund issue",
        document="黔财农〔2024〕3号",
        recorded_at="2024-03-01T01:02:03.004Z",
    )
    return record_of(1, 1, framed_text("tranche:1"), framed_text("tranche.issued"), frame, STATE)


def test_the_worked_example_of_the_document_is_true() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = "".join(
        re.findall(r"^([0-9a-f ]+?)(?:  +#.*)?$", text.partition("```hex\n")[2].partition("```")[0], re.MULTILINE)
    )
    assert bytes.fromhex(shown) == _example()
    assert sha256(b"\x00" + _example()).hexdigest() in text


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(TEXT, min_size=5, max_size=5), st.lists(TEXT, min_size=5, max_size=5), st.binary(max_size=8))
def test_different_batches_never_look_alike(one: list[str], other: list[str], state: bytes) -> None:
    def record(texts: list[str]) -> bytes:
        names = ("input_hash", "actor", "command", "document", "recorded_at")
        frame = batch_frame(1, key=None, **dict(zip(names, texts, strict=True)))
        return record_of(1, 1, framed_text("s"), framed_text("t"), frame, state)

    assert (record(one) == record(other)) == (one == other)


def test_no_key_is_not_an_empty_key() -> None:
    assert framed_text(None) != framed_text("")


def test_a_stored_leaf_is_the_hash_of_the_record(appender: Appender) -> None:
    with appender.open(BatchHeader("k", "h", "li", "fund issue", "doc")) as append:
        append.write([("tranche:1", 1, "tranche.issued", STATE)])
    with appender.engine.connect() as connection:
        leaf = connection.exec_driver_sql("SELECT leaf FROM event").scalar()

    texts = ("k", "h", "li", "fund issue", "doc", append.receipt.recorded_at)
    frame = (1).to_bytes(8, "big") + b"".join(len(t).to_bytes(4, "big") + t.encode() for t in texts)
    parts = (b"tranche:1", b"tranche.issued", frame, STATE)
    record = b"xianjie.event.1\n" + (1).to_bytes(8, "big") * 2
    record += b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert leaf == sha256(b"\x00" + record).digest()
    assert append.receipt.root == leaf


def test_a_record_is_read_back_as_it_was_written() -> None:
    read = parse_record(_example())
    assert (read.position, read.version, read.stream, read.topic) == (1, 1, "tranche:1", "tranche.issued")
    assert (read.batch, read.key, read.actor, read.command) == (1, "k-1", "李", "fund issue")
    assert (read.document, read.state, bytes(read)) == ("黔财农〔2024〕3号", STATE, _example())


@given(st.data())
def test_whatever_else_is_read_as_a_record_only_the_declared_error_comes_out(data: st.DataObject) -> None:
    whole = _example()
    start = data.draw(st.integers(0, len(whole)))
    changed = whole[:start] + data.draw(st.binary(max_size=9)) + whole[start + data.draw(st.integers(0, 9)) :]
    try:
        assert bytes(parse_record(changed)) == changed
    except ProofError as error:
        assert error.code == "record.malformed"  # noqa: PT017 - both ends are right: read exactly, or refused so


@pytest.mark.parametrize("record", [b"", b"xianjie.event.1\n", _example()[:-1], _example() + b"x", _example()[1:]])
def test_a_record_that_is_cut_or_goes_on_is_refused(record: bytes) -> None:
    with pytest.raises(ProofError):
        parse_record(record)
