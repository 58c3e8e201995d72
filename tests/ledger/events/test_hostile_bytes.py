"""Whatever bytes stand in a database in the place of an event, only the declared error comes out of reading them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import TamperedError
from ledger.events import registry

SAMPLES = Path(__file__).parents[3] / "docs" / "events" / "samples"
WHOLE = {path.name.rpartition(".1.json")[0]: path.read_bytes() for path in sorted(SAMPLES.glob("*.1.json"))}


def _read(topic: str, state: bytes) -> None:
    try:
        assert topic == registry.decode(topic, state).TOPIC
    except TamperedError as error:
        assert error.code in {"event.unreadable", "event.unknown_topic"}  # noqa: PT017 - reading well is right as well


@given(data=st.data())
@settings(max_examples=400, deadline=None)
def test_a_changed_event_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(sorted(WHOLE)))
    whole = WHOLE[topic]
    start = data.draw(st.integers(0, len(whole)))
    _read(topic, whole[:start] + data.draw(st.binary(max_size=12)) + whole[start + data.draw(st.integers(0, 12)) :])


@given(st.sampled_from(sorted(WHOLE)), st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_at_all_are_read_or_refused(topic: str, state: bytes) -> None:
    _read(topic, state)


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_at_all_in_the_place_of_a_topic_reaches_no_import(topic: str) -> None:
    with pytest.raises(TamperedError):
        registry.decode(f"{topic}:", b"{}")


@pytest.mark.parametrize(
    "state",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"effective_on":1e999}',
        b'{"effective_on":NaN}',
        b'{"effective_on":' + b"9" * 100_000 + b"}",
        b'"\\ud800"',
        b"\xef\xbb\xbf{}",
        b"null",
        b"",
    ],
    ids=[
        "deep list",
        "deep object",
        "infinite",
        "not a number",
        "huge number",
        "half a character",
        "mark",
        "null",
        "none",
    ],
)
def test_bytes_made_to_hurt_a_parser_are_refused(state: bytes) -> None:
    for topic in WHOLE:
        with pytest.raises(TamperedError):
            registry.decode(topic, state)
