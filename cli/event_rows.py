"""One event as one line: what happened to what, how much money, on which day, and everything else that it says.

Whoever previews, agrees to or has just recorded something reads the same line of it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from cli.histories import amount_of
from cli.output import Table
from cli.words import FIELDS, THINGS, amount_words, code_field, field_text, topic_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from ledger.events import Event

__all__ = ["EventLines", "amount_in", "subject_in"]

_LINKED: Final = ("asset", "project", "tranche", "parent", "child", "contract", "notice", "arrear", "finding")
"""Things with a history of their own that an event may name beside the one to which it belongs."""
_SHOWN_APART: Final = frozenset({*_LINKED, "effective_on", "area", "reversed_state"})
_LONG: Final = frozenset({"text", "rows", "commands"})
_WORDS: Final = {"parent": "上级资金批次", "child": "下级资金批次"}


class EventLines:
    """Takes the events that somebody is asked to agree to; keeps the first ``most`` and what all of them add up to."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._rows: list[list[str]] = []
        self._counts = Counter[str]()
        self._sums = Counter[str]()
        self.data: list[dict[str, Any]] = []
        """The kept events as JSON."""

    def take(self, event: Event) -> None:
        """Count one event, and keep its line while there is room."""
        fields = event.model_dump(mode="json", exclude_defaults=True)
        amount = amount_of(_moved(fields))
        self._counts[event.TOPIC] += 1
        self._sums[event.TOPIC] += amount or 0
        if self._most is not None and len(self._rows) >= self._most:
            return
        self._rows.append(
            [
                str(len(self._rows) + 1),
                topic_name(event.TOPIC),
                subject_in(event, fields),
                "" if amount is None else format_yuan(amount),
                fields["effective_on"],
                _rest(event, fields),
            ]
        )
        self.data.append({"topic": event.TOPIC, "stream": event.stream, "data": event.model_dump(mode="json")})

    def tables(self, title: str) -> list[Table]:
        """Return the lines, and what all events add up to where not every line is shown."""
        heads = (">条", "事项", "对象", ">金额(元)", "业务日期", "内容")
        total = self._counts.total()
        if total <= len(self._rows):
            return [Table(heads, self._rows, title=title)]
        sums = [
            [topic_name(topic), str(count), format_yuan(self._sums[topic]) if self._sums[topic] else ""]
            for topic, count in self._counts.items()
        ]
        rest = f"…… 共 {total} 条,只列出前 {len(self._rows)} 条;全部:xianjie proposal show 编号 --all"
        return [
            Table(("事项", ">条数", ">金额(元)"), sums, title=f"{title},按事项合计"),
            Table(heads, self._rows, title=title, notes=[rest]),
        ]


def subject_in(event: Event, fields: dict[str, Any]) -> str:
    """Return everything that the event is about, the thing to which it belongs first: ``项目 P1,资金批次 T1``."""
    kind, _, code = str(fields.get("reversed_stream") or event.stream).partition(":")
    own = f"{THINGS.get(kind, kind)} {code}".strip()
    named = [f"{_WORDS.get(name) or THINGS[name]} {fields[name]}" for name in _LINKED if fields.get(name)]
    return ",".join(dict.fromkeys([own, *named]))


def amount_in(fields: dict[str, Any]) -> str:
    """Return the amount in figures and words; of what it takes back where it is a correction. Empty: none."""
    amount = amount_of(_moved(fields))
    return "" if amount is None else f"{'冲销 ' if _reverses(fields) else ''}{amount_words(amount)}"


def _moved(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields in which the money of an event stands: a correction moves what it reverses."""
    if not _reverses(fields):
        return fields
    from ledger.events import registry

    moved = registry.decode(fields["reversed_topic"], fields["reversed_state"].encode())
    return moved.model_dump(mode="json")


def _reverses(fields: dict[str, Any]) -> bool:
    return "reversed_state" in fields


def _rest(event: Event, fields: dict[str, Any]) -> str:
    """Return what the other columns do not say: field by field, in Chinese."""
    amount = amount_of(fields)
    parts = []
    for name, value in fields.items():
        is_link = name.endswith("_id") and value == event.link
        if name in _SHOWN_APART or is_link or (name.endswith("_fen") and value == amount):
            continue
        text = f"{len(value)} 字" if name in _LONG and isinstance(value, str) else _text(event.TOPIC, name, value)
        if text:
            parts.append(f"{_label(event.TOPIC, name)} {text}")
    return ";".join(parts)


def _label(topic: str, name: str) -> str:
    return FIELDS.get(f"{topic.partition('.')[0]}_{name}") or FIELDS.get(name, name)


def _text(topic: str, name: str, value: Any) -> str:  # noqa: ANN401 - any value of an event as JSON
    return field_text(code_field(topic, name), value)
