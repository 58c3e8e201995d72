"""What every event is, and the closed registry through which alone stored bytes become events.

An event is frozen, self-contained and named by an explicit ``TOPIC`` (never by a class path): text from a database
never reaches an import. Types and lengths are checked here, on writing and on every reading; characters and
membership in the dated code lists are checked where a command comes in (``ledger.commands``). The stored form is the
event's own JSON, defaults left out, keys in field order; it is hashed as stored and never re-serialised, so a default
must never change and a changed meaning needs a new topic.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json, to_json

from ledger.errors import TamperedError

__all__ = [
    "AreaCode",
    "Code",
    "Event",
    "Fen",
    "Ident",
    "Name",
    "ProjectCode",
    "Registry",
    "Text",
    "TownCode",
    "VillageCode",
    "Year",
    "registry",
]

REVISION_KEY = "rev"

Fen = Annotated[int, Field(gt=0, le=10**15, strict=True)]
"""A positive amount of money in fen (1/100 yuan)."""

AreaCode = Annotated[str, StringConstraints(min_length=6, max_length=6)]
"""A province, city or county, six digits (GB/T 2260)."""

TownCode = Annotated[str, StringConstraints(max_length=9)]
"""A town, nine digits, or empty where none is named."""

VillageCode = Annotated[str, StringConstraints(max_length=12)]
"""A village, twelve digits, or empty where none is named."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
"""A code of one of the dated code lists (``ledger.codes``) or of a rule pack."""

Ident = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""A code that a bureau gives to a thing."""

ProjectCode = Annotated[str, StringConstraints(max_length=64)]
"""A project's code, or empty where there is none."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""One line of text that must not be empty: a name or a document number."""

Text = Annotated[str, StringConstraints(max_length=2000)]
"""Free text, possibly empty."""

Year = Annotated[int, Field(ge=2012, le=2100, strict=True)]
"""A plan year."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]


class Registry:
    """The closed list of topics this program knows, with their classes and their upcasts."""

    def __init__(self) -> None:
        self._classes: dict[str, type[Event]] = {}
        self._upcasts: dict[tuple[str, int], Upcast] = {}
        self._readers: dict[str, Callable[[bytes], Event]] = {}

    def __iter__(self) -> Iterator[type[Event]]:
        """Yield the event classes in the order of their topics."""
        return iter(self._classes[topic] for topic in sorted(self._classes))

    def register(self, cls: type[Event]) -> None:
        """Take in one event class; a missing, inherited or repeated topic is a mistake of the programmer."""
        topic = cls.__dict__.get("TOPIC")
        if not isinstance(topic, str) or not topic:
            msg = f"{cls.__name__} needs a TOPIC of its own"
            raise TypeError(msg)
        if topic in self._classes:
            msg = f"{cls.__name__} repeats the TOPIC {topic!r} of {self._classes[topic].__name__}"
            raise TypeError(msg)
        self._classes[topic] = cls

    def upcast(self, topic: str, revision: int, step: Upcast) -> None:
        """Say how a payload of ``revision`` becomes one of the next revision: a pure function, never removed."""
        self._upcasts[topic, revision] = step

    def encode(self, event: Event) -> bytes:
        """Return the bytes to store: canonical in field order, defaults left out, UTF-8."""
        state: bytes = event.__pydantic_serializer__.to_json(event, exclude_defaults=True)
        if event.REVISION == 1:
            return state
        return to_json({REVISION_KEY: event.REVISION, **from_json(state)})

    def decode(self, topic: str, state: bytes) -> Event:
        """Return the event that the stored bytes say.

        Raises:
            TamperedError: the topic is unknown here, or the bytes are not a valid event of that topic.
        """
        try:
            # One look-up and one call: this line runs for every event that is ever stored, replayed or verified.
            return (self._readers.get(topic) or self._reader_of(topic))(state)
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise TamperedError(
                "event.unreadable",
                f"类型为“{topic}”的事件内容不可读:{_first_reason(error)}",
                hint="运行 xianjie audit verify 查明账本是否被改动",
            ) from error

    def _reader_of(self, topic: str) -> Callable[[bytes], Event]:
        """Return what reads the states of a topic; not made at registration, when the class is not complete yet."""
        cls = self._classes.get(topic)
        if cls is None:
            raise _unknown(f"账本中有本程序不认识的事件类型“{topic[:60]}”")
        reader: Callable[[bytes], Event] = cls.__pydantic_validator__.validate_json
        if cls.REVISION > 1:
            reader = partial(self._read_older, cls)
        self._readers[topic] = reader
        return reader

    def _read_older(self, cls: type[Event], state: bytes) -> Event:
        return cls.model_validate(self._upcasted(cls, state))

    def _upcasted(self, cls: type[Event], state: bytes) -> dict[str, Any]:
        payload: dict[str, Any] = dict(from_json(state))
        stored = payload.pop(REVISION_KEY, 1)
        if stored > cls.REVISION:
            raise _unknown(f"账本中的“{cls.TOPIC}”事件是第 {stored} 版,本程序只认得到第 {cls.REVISION} 版")
        for revision in range(stored, cls.REVISION):
            payload = self._upcasts[cls.TOPIC, revision](payload)
        return payload


registry = Registry()


class Event(BaseModel, ABC):
    """One fact about the world.

    ``effective_on`` is the business date; ``document`` the number of the document it stands on; ``reason`` is given
    where the rule asks for one (an unusual order of dates, a correction).
    """

    # A validator is built when the first event of its class is met: a command meets few of the 133.
    # Values are kept out of the cache of strings: most are met once, and looking for them costs an eighth of an append.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, cache_strings="keys", defer_build=True
    )

    TOPIC: ClassVar[str]
    REVISION: ClassVar[int] = 1
    LEG: ClassVar[int] = 0
    """1 where it is the out-leg of a movement of money between two streams, -1 where it is the in-leg."""

    effective_on: date
    document: Text = ""
    reason: Text = ""

    def __init_subclass__(cls, *, abstract: bool = False, into: Registry = registry) -> None:
        """Register the class, unless it only lends fields to others (``abstract=True``)."""
        super().__init_subclass__()
        if abstract:
            return
        if not cls.LEG and any("transfer_id" in vars(base).get("__annotations__", {}) for base in cls.__mro__):
            msg = f"{cls.__name__} moves money between streams and must say which LEG it is"
            raise TypeError(msg)
        into.register(cls)

    @property
    @abstractmethod
    def stream(self) -> str:
        """Return the name of the stream to which the event belongs."""

    @property
    def link(self) -> str:
        """Return the id shared with the event recorded together with this one, or nothing."""
        return ""

    @property
    def partner(self) -> str:
        """Return the stream of the event that shares ``link``."""
        return ""

    @property
    def partners(self) -> tuple[str, ...]:
        """Return the streams of all events that share ``link``, where there can be more than one other."""
        return (self.partner,) if self.partner else ()


def _unknown(what: str) -> TamperedError:
    return TamperedError("event.unknown_topic", what, hint="账本可能由更新版本的程序写入;请升级程序后再试")


def _first_reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])} {first['msg']}"
    return "不是有效的 JSON"
