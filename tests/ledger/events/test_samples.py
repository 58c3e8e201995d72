"""One stored sample of every topic and revision: bytes that every later version of the program must still read.

The samples under ``docs/events/samples`` are named ``<topic>.<revision>.json``, were written once and are never written
by a test. When one fails, the program has changed its mind about bytes that lie in somebody's ledger.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import TamperedError
from ledger.events import registry

SAMPLES = Path(__file__).parents[3] / "docs" / "events" / "samples"
MOST = 10**15
KINDS = {
    *("ledger", "areas", "rules", "document", "tranche", "project", "asset", "right", "notice"),
    *("finding", "arrear", "indicator", "submission", "year", "contract", "scheme", "people", "proposal"),
    *("backups", "subject", "imports", "figure"),
}

topics = pytest.mark.parametrize("topic", [cls.TOPIC for cls in registry])


def sample(topic: str) -> bytes:
    return (SAMPLES / f"{topic}.1.json").read_bytes()


def test_every_topic_and_revision_has_a_sample_and_no_sample_lacks_its_topic() -> None:
    expected = {f"{cls.TOPIC}.{revision}.json" for cls in registry for revision in range(1, cls.REVISION + 1)}
    assert {path.name for path in SAMPLES.iterdir()} == expected


@topics
def test_a_sample_is_read_and_written_again_to_the_same_bytes(topic: str) -> None:
    event = registry.decode(topic, sample(topic))
    assert isinstance(event, next(cls for cls in registry if topic == cls.TOPIC))
    assert registry.encode(event) == sample(topic)


@topics
def test_a_sample_says_everything_in_the_order_of_the_fields_and_leaves_defaults_out(topic: str) -> None:
    payload = json.loads(sample(topic))
    fields = type(registry.decode(topic, sample(topic))).model_fields
    assert [*payload] == [name for name in fields if name in payload]
    assert all(payload[name] != fields[name].default for name in payload)
    assert sample(topic).decode() == json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


@topics
def test_an_event_belongs_to_the_stream_of_the_thing_it_is_about(topic: str) -> None:
    event = registry.decode(topic, sample(topic))
    kind, _, code = event.stream.partition(":")
    assert kind in KINDS
    assert all(part in sample(topic).decode() for part in code.split(":"))


@topics
@given(data=st.data())
def test_every_event_survives_writing_and_reading(topic: str, data: st.DataObject) -> None:
    event = registry.decode(topic, sample(topic))
    values: dict[str, object] = {
        "effective_on": data.draw(st.dates()),
        "document": data.draw(st.text(min_size=1, max_size=200)),
        "reason": data.draw(st.text(min_size=1, max_size=200)),
    }
    if "amount_fen" in type(event).model_fields:
        values["amount_fen"] = data.draw(st.integers(1, MOST))
    changed = type(event).model_validate({**dict(event), **values})
    assert registry.decode(topic, registry.encode(changed)) == changed


@topics
def test_an_unknown_field_is_tampering(topic: str) -> None:
    _must_be_refused(topic, json.loads(sample(topic)) | {"extra": 1})


@topics
def test_a_missing_field_is_tampering(topic: str) -> None:
    cls = type(registry.decode(topic, sample(topic)))
    for name, field in cls.model_fields.items():
        if field.is_required():
            _must_be_refused(topic, {key: value for key, value in json.loads(sample(topic)).items() if key != name})


@pytest.mark.parametrize(
    "field", ["amount_fen", "value_fen", "planned_fen", "invested_fen", "estimate_fen", "plan_year", "project_year"]
)
@pytest.mark.parametrize("value", [1.5, 2022.0, -1, 10**30, True, "2022", None, [], {}])
def test_numbers_are_strict_integers_within_limits(field: str, value: object) -> None:
    bearing = [cls.TOPIC for cls in registry if field in cls.model_fields]
    assert bearing
    for topic in bearing:
        _must_be_refused(topic, json.loads(sample(topic)) | {field: value})


@pytest.mark.parametrize("value", [0, MOST + 1])
def test_a_movement_of_money_is_positive_and_has_a_limit(value: int) -> None:
    for cls in registry:
        if "amount_fen" in cls.model_fields:
            _must_be_refused(cls.TOPIC, json.loads(sample(cls.TOPIC)) | {"amount_fen": value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("effective_on", "2022-02-30"),
        ("effective_on", ""),
        ("effective_on", None),
        ("tranche", ""),
        ("tranche", "长" * 65),
        ("tranche", 7),
        ("area", "52020"),
        ("issuer", ""),
        ("document", "号" * 2001),
        ("advance", "也许"),
    ],
)
def test_a_value_of_another_shape_is_tampering(field: str, value: object) -> None:
    _must_be_refused("tranche.issued", json.loads(sample("tranche.issued")) | {field: value})


@pytest.mark.parametrize("denominator", [0, -3, 1.0, "3"])
def test_a_share_has_whole_positive_numbers(denominator: object) -> None:
    payload = json.loads(sample("right.set"))
    payload["holdings"][0]["denominator"] = denominator
    _must_be_refused("right.set", payload)


@pytest.mark.parametrize(
    "state",
    [b"", b"{", b"null", b"[]", b'"text"', b"1", b"\xff\xfe", b'{"effective_on":}', b"{}", b"[" * 10_000],
)
def test_bytes_that_are_no_event_are_tampering(state: bytes) -> None:
    with pytest.raises(TamperedError) as caught:
        registry.decode("tranche.issued", state)
    assert caught.value.code == "event.unreadable"
    assert "tranche.issued" in caught.value.message


def test_a_message_about_unreadable_bytes_does_not_repeat_them() -> None:
    words = "不应外传的内容"
    state = json.dumps(json.loads(sample("tranche.issued")) | {"plan_year": words}).encode()
    with pytest.raises(TamperedError) as caught:
        registry.decode("tranche.issued", state)
    assert words not in str(caught.value.as_dict())


def _must_be_refused(topic: str, payload: dict[str, object]) -> None:
    with pytest.raises(TamperedError) as caught:
        registry.decode(topic, json.dumps(payload).encode())
    assert caught.value.code == "event.unreadable"
