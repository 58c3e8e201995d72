r"""The records of the log as lines of text that anybody can read without this program.

Each batch is one line of JSON, followed by one line for each of its events:

    {"batch":1,"key":null,"input_hash":"…","actor":"李","command":"fund issue","document":"…","first":1,"last":1,
     "recorded_at":"2024-03-01T01:02:03.004Z","checkpoint":"…\n1\n…\n"}                       (on one line)
    {"position":1,"stream":"tranche:1","version":1,"topic":"tranche.issued","state":"{\"amount_fen\":123456}"}

``state`` is the stored bytes as text; bytes that are not UTF-8 stand as Base64 in ``state_base64`` instead. With
``docs/reference/log-format.md`` every hash and checkpoint can be computed again from these lines alone. They are read
by position, which is how the table itself is ordered: a damaged index is in nobody's way.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import StorageError, ValueRefusedError
from ledger.log.reading import Batch, batch_of, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

__all__ = ["FORMAT", "RawBatch", "RawEvent", "header_line", "origin_of_line", "raw_lines", "read_batches", "read_line"]

FORMAT: Final = "xianjie.raw.1"
_PAGE: Final = 1_000
_BATCH: Final[dict[str, tuple[type, ...]]] = {
    "batch": (int,),
    "key": (str, NoneType),
    "input_hash": (str,),
    "actor": (str,),
    "command": (str,),
    "document": (str,),
    "first": (int,),
    "last": (int,),
    "recorded_at": (str,),
    "checkpoint": (str,),
}
_EVENT: Final[dict[str, tuple[type, ...]]] = {
    "position": (int,),
    "stream": (str,),
    "version": (int,),
    "topic": (str,),
    "state": (str,),
}
_EVENT_OF_BYTES: Final = {name if name != "state" else "state_base64": kinds for name, kinds in _EVENT.items()}


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event as it is stored."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


@dataclass(frozen=True, slots=True)
class RawBatch:
    """One batch with its events."""

    batch: Batch
    events: list[RawEvent]


def header_line(origin: str) -> bytes:
    """Return the first line of a file of raw records: what it is, and of which ledger."""
    return _line({"format": FORMAT, "origin": origin})


def raw_lines(connection: Connection, after: int = 0, to: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Yield each line after a position, with the position it belongs to (of a batch: its first).

    A batch whose first event is not above ``after`` has its own line already. Raises StorageError, TamperedError.
    """
    batch = 0
    while rows := read_page(connection, after, _PAGE, to):
        for row in rows:
            if row.batch != batch:
                batch = row.batch
                about = batch_of(connection, row.position)
                if about.first == row.position:
                    yield row.position, _batch_line(about)
            yield row.position, _event_line(RawEvent(row.position, row.stream, row.version, row.topic, row.state))
        after = rows[-1].position


def read_line(line: bytes) -> Batch | RawEvent:
    """Return what one line says. Raises ValueRefusedError ``raw.malformed``."""
    fields = _fields(line)
    if _is(fields, _BATCH):
        return Batch(*(fields[name] for name in _BATCH))
    if _is(fields, _EVENT):
        state = fields["state"].encode(errors="surrogatepass")
    elif _is(fields, _EVENT_OF_BYTES):
        try:
            state = b64decode(fields["state_base64"], validate=True)
        except ValueError as error:
            raise _malformed() from error
    else:
        raise _malformed()
    return RawEvent(fields["position"], fields["stream"], fields["version"], fields["topic"], state)


def origin_of_line(line: bytes) -> str:
    """Return of which ledger a file of raw records is, from its first line. Raises ValueRefusedError."""
    fields = _fields(line)
    if fields.keys() != {"format", "origin"} or fields["format"] != FORMAT:
        raise _malformed()
    return str(fields["origin"])


def read_batches(lines: Iterable[bytes]) -> Iterator[RawBatch]:
    """Yield whole batches from lines; a batch that breaks off at the end is left out.

    Raises ValueRefusedError: a line is malformed or out of order; ``where`` names it.
    """
    current: RawBatch | None = None
    for number, line in enumerate(lines, start=2):
        try:
            said = read_line(line)
            if isinstance(said, Batch):
                if current is not None:
                    raise _malformed()
                current = RawBatch(said, [])
            elif current is None or said.position != current.batch.first + len(current.events):
                raise _malformed()
            else:
                current.events.append(said)
        except ValueRefusedError as error:
            raise error.at(f"第 {number} 行") from None
        if current is not None and current.batch.first + len(current.events) > current.batch.last:
            yield current
            current = None


def _batch_line(batch: Batch) -> bytes:
    fields = asdict(batch)
    return _line({"batch": fields.pop("id"), **fields})


def _event_line(event: RawEvent) -> bytes:
    fields: dict[str, Any] = asdict(event)
    state = fields.pop("state")
    try:
        said = {"state": state.decode()}
    except UnicodeDecodeError:
        said = {"state_base64": b64encode(state).decode()}
    return _line({**fields, **said})


def _line(fields: dict[str, Any]) -> bytes:
    try:
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except (TypeError, UnicodeEncodeError) as error:
        raise StorageError(
            "raw.unwritable", "账本中有无法写成文字的内容", hint="请运行 xianjie audit verify 查明位置"
        ) from error


def _fields(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(fields, dict):
        raise _malformed()
    return fields


def _is(fields: dict[str, Any], shape: dict[str, tuple[type, ...]]) -> bool:
    return fields.keys() == shape.keys() and all(type(fields[name]) in kinds for name, kinds in shape.items())


def _malformed() -> ValueRefusedError:
    return ValueRefusedError(
        "raw.malformed", "不是逐行记录的写法", hint="请用完好的文件;格式见 docs/reference/log-format.md"
    )
