"""The closed registry: topics are explicit, unique and own; old revisions climb to the present; nothing is imported."""

from __future__ import annotations

import inspect
import json
import sys
from datetime import date
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from ledger.errors import TamperedError
from ledger.events import Event, Registry, TrancheIssued, registry


class _Plain(Event, abstract=True):
    name: str = ""

    @property
    def stream(self) -> str:
        return "plain"


def test_every_class_has_a_topic_of_its_own_a_docstring_and_is_frozen() -> None:
    classes = [*registry]
    assert len({cls.TOPIC for cls in classes}) == len(classes)
    for cls in classes:
        assert "TOPIC" in cls.__dict__, cls
        assert cls.__dict__.get("__doc__"), cls
        assert cls.model_config["frozen"], cls
        assert cls.model_config["extra"] == "forbid", cls
        assert not inspect.isabstract(cls), cls


def test_the_registry_lists_the_classes_by_topic() -> None:
    assert [cls.TOPIC for cls in registry] == sorted(cls.TOPIC for cls in registry)


def test_no_class_is_called_like_the_topic_it_stores() -> None:
    assert not [cls for cls in registry if cls.__name__ in cls.TOPIC or cls.__module__ in cls.TOPIC]


def test_an_event_cannot_be_changed() -> None:
    event = TrancheIssued(
        effective_on=date(2022, 1, 5),
        document="1号",
        tranche="T1",
        area="520200",
        plan_year=2022,
        fund_kind="transition",
        level="central",
        direction="consolidation",
        amount_fen=1,
        issuer="省厅",
    )
    with pytest.raises(ValidationError):
        event.amount_fen = 2  # type: ignore[misc]


def test_a_class_without_a_topic_does_not_come_into_being() -> None:
    with pytest.raises(TypeError, match="Nameless needs a TOPIC of its own"):

        class Nameless(_Plain, into=Registry()):
            pass


@pytest.mark.parametrize("topic", ["", 7, None])
def test_a_topic_is_a_text(topic: Any) -> None:  # noqa: ANN401 - on purpose of the wrong type
    with pytest.raises(TypeError, match="Odd needs a TOPIC of its own"):

        class Odd(_Plain, into=Registry()):
            TOPIC: ClassVar[str] = topic


def test_an_inherited_topic_is_not_enough() -> None:
    own = Registry()

    class Parent(_Plain, into=own):
        TOPIC: ClassVar[str] = "plain.parent"

    with pytest.raises(TypeError, match="Child needs a TOPIC of its own"):

        class Child(Parent, into=own):
            pass

    assert [*own] == [Parent]


def test_a_topic_is_not_repeated() -> None:
    own = Registry()

    class First(_Plain, into=own):
        TOPIC: ClassVar[str] = "plain.one"

    with pytest.raises(TypeError, match=r"Second repeats the TOPIC 'plain.one' of First"):

        class Second(_Plain, into=own):
            TOPIC: ClassVar[str] = "plain.one"

    assert [*own] == [First]


@pytest.mark.parametrize(
    "topic", ["os.system", "antigravity", "ledger.events.tranche:TrancheIssued", "builtins.eval", "", "x" * 10_000]
)
def test_an_unknown_topic_is_refused_and_never_imported(topic: str) -> None:
    before = set(sys.modules)
    with pytest.raises(TamperedError) as caught:
        registry.decode(topic, b'{"effective_on":"2022-01-05"}')
    assert caught.value.code == "event.unknown_topic"
    assert len(caught.value.message) < 200
    assert set(sys.modules) == before


@pytest.fixture
def grown() -> Registry:
    """A registry of one topic that is in its third revision: a text became two, then money became fen."""
    own = Registry()

    class Grown(_Plain, into=own):
        TOPIC: ClassVar[str] = "plain.grown"
        REVISION: ClassVar[int] = 3
        amount_fen: int

    def split_off_reason(payload: dict[str, Any]) -> dict[str, Any]:
        name, _, reason = payload.pop("text").partition("|")
        return payload | {"name": name, "reason": reason}

    def yuan_to_fen(payload: dict[str, Any]) -> dict[str, Any]:
        return payload | {"amount_fen": payload.pop("yuan") * 100}

    own.upcast("plain.grown", 1, split_off_reason)
    own.upcast("plain.grown", 2, yuan_to_fen)
    return own


@pytest.mark.parametrize(
    "payload",
    [
        {"effective_on": "2022-01-05", "text": "甲|乙", "yuan": 7},
        {"rev": 2, "effective_on": "2022-01-05", "name": "甲", "reason": "乙", "yuan": 7},
        {"rev": 3, "effective_on": "2022-01-05", "name": "甲", "reason": "乙", "amount_fen": 700},
    ],
    ids=["revision 1", "revision 2", "revision 3"],
)
def test_every_old_revision_becomes_the_same_event(grown: Registry, payload: dict[str, Any]) -> None:
    event = grown.decode("plain.grown", json.dumps(payload).encode())
    assert event.model_dump() == {
        "effective_on": date(2022, 1, 5),
        "document": "",
        "reason": "乙",
        "name": "甲",
        "amount_fen": 700,
    }


def test_the_present_revision_is_written_with_its_number(grown: Registry) -> None:
    event = grown.decode("plain.grown", b'{"effective_on":"2022-01-05","text":"a|b","yuan":7}')
    state = grown.encode(event)
    assert state == b'{"rev":3,"effective_on":"2022-01-05","reason":"b","name":"a","amount_fen":700}'
    assert grown.decode("plain.grown", state) == event


@pytest.mark.parametrize(
    "state",
    [
        b'{"effective_on":"2022-01-05","yuan":7}',
        b'{"rev":0,"effective_on":"2022-01-05","text":"a|b","yuan":7}',
        b'{"rev":"1","effective_on":"2022-01-05","text":"a|b","yuan":7}',
        b'{"rev":3,"effective_on":"2022-01-05","text":"a|b","yuan":7}',
        b'{"rev":4,"effective_on":"2022-01-05","name":"a","amount_fen":700}',
        b'{"effective_on":"2022-01-05","text":7,"yuan":7}',
        b"[1]",
        b"{",
    ],
    ids=["no text", "zero", "text", "old shape", "newer than known", "wrong type", "list", "broken"],
)
def test_a_revision_that_does_not_fit_its_content_is_tampering(grown: Registry, state: bytes) -> None:
    with pytest.raises(TamperedError):
        grown.decode("plain.grown", state)


def test_an_event_that_moves_money_between_streams_must_say_which_leg_it_is() -> None:
    with pytest.raises(TypeError, match="Moved moves money between streams"):

        class Moved(Event, into=Registry()):
            TOPIC: ClassVar[str] = "test.moved"
            transfer_id: str

            @property
            def stream(self) -> str:
                return "test:1"


def test_every_movement_of_money_has_an_out_leg_for_each_in_leg() -> None:
    legs = {each.TOPIC: each.LEG for each in registry if each.LEG}
    assert len(legs) == 8
    assert sum(legs.values()) == 0
    assert legs["project.withdrawn"] == -legs["tranche.regained"] == 1
