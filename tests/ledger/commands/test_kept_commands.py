"""A proposal keeps commands as text: every kind comes back as it was given, and nothing else comes in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commands import body_of, commands_in
from ledger.errors import TamperedError
from tests.ledger.domain.conftest import _STORY

STORY = [kind.of(**{"on": day, **values}) for kind, day, values in _STORY.values()]


@pytest.mark.parametrize("command", STORY, ids=lambda each: type(each).__name__)
def test_a_command_comes_back_as_it_was_given(command: object) -> None:
    assert commands_in(f"[{body_of(command)}]") == [command]  # type: ignore[arg-type]  # every step is a command


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[1]",
        "[{}]",
        '[{"kind":"os.system","body":{}}]',
        '[{"kind":"PayMoney","body":{}}]',
        '[{"kind":"PayMoney","body":{"on":"2022-01-01","project":"P1","amount_fen":1,"more":1}}]',
        "[" * 100_000,
    ],
)
def test_text_that_is_no_command_is_tampering(text: str) -> None:
    with pytest.raises(TamperedError) as caught:
        commands_in(text)
    assert caught.value.code == "proposal.unreadable"


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(st.text(), each))
)
def test_any_other_json_is_tampering_or_no_command_at_all(value: object) -> None:
    if value in ([], {}, ""):
        assert commands_in(json.dumps(value)) == []
        return
    with pytest.raises(TamperedError):
        commands_in(json.dumps(value))
