"""The bytes that a leaf is the hash of. ``docs/reference/log-format.md`` describes them for other programs.

Every text is preceded by its length, so no two different records can look alike; the frame of the batch is part of
every record of it, so nothing that matters about an event lies outside the tree. The state is hashed as stored,
never decoded and written again: a newer JSON writer cannot break an old log.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ledger.errors import ProofError

__all__ = ["FORMAT_TAG", "Record", "batch_frame", "framed", "framed_text", "leaf_of", "parse_record", "record_of"]

FORMAT_TAG: Final = b"xianjie.event.1\n"
_LEAF_TAG: Final = b"\x00" + FORMAT_TAG
_ABSENT: Final = b"\xff\xff\xff\xff"

_pair = struct.Struct(">QQ").pack
_length = struct.Struct(">I").pack


def framed(data: bytes) -> bytes:
    """Return the bytes preceded by their length (4 bytes, big-endian)."""
    return _length(len(data)) + data


def framed_text(text: str | None) -> bytes:
    """Return a text as UTF-8 preceded by its length; an absent text is the impossible length 0xFFFFFFFF."""
    return _ABSENT if text is None else framed(text.encode())


def batch_frame(
    batch: int, *, key: str | None, input_hash: str, actor: str, command: str, document: str, recorded_at: str
) -> bytes:
    """Return the part that all records of one batch share: who recorded them, with what, and when."""
    texts = (key, input_hash, actor, command, document, recorded_at)
    return framed(batch.to_bytes(8) + b"".join(map(framed_text, texts)))


def record_of(  # noqa: PLR0917 - called for every event: names would cost a tenth of the hashing
    position: int, version: int, stream: bytes, topic: bytes, frame: bytes, state: bytes
) -> bytes:
    """Return the record of one event. ``stream`` and ``topic`` come framed, ``frame`` from :func:`batch_frame`."""
    return b"".join((FORMAT_TAG, _pair(position, version), stream, topic, frame, _length(len(state)), state))


def leaf_of(  # noqa: PLR0917 - as above
    position: int, version: int, stream: bytes, topic: bytes, frame: bytes, state: bytes
) -> bytes:
    """Return the leaf hash of the same record in one step, for the append path; ``verify`` takes the two steps."""
    parts = (_LEAF_TAG, _pair(position, version), stream, topic, frame, _length(len(state)), state)
    return sha256(b"".join(parts)).digest()


@dataclass(frozen=True, slots=True)
class Record:
    """What the bytes of a record say. ``state`` is not decoded."""

    position: int
    version: int
    stream: str
    topic: str
    batch: int
    key: str | None
    input_hash: str
    actor: str
    command: str
    document: str
    recorded_at: str
    state: bytes

    def __bytes__(self) -> bytes:
        """Return the bytes that were read."""
        frame = batch_frame(
            self.batch,
            key=self.key,
            input_hash=self.input_hash,
            actor=self.actor,
            command=self.command,
            document=self.document,
            recorded_at=self.recorded_at,
        )
        names = framed_text(self.stream), framed_text(self.topic)
        return record_of(self.position, self.version, *names, frame, self.state)


def parse_record(record: bytes) -> Record:
    """Read the bytes of a record back, to show what a proof is about. Raises ProofError ``record.malformed``."""
    try:
        rest = record.removeprefix(FORMAT_TAG)
        position, version = struct.unpack_from(">QQ", rest)
        stream, rest = _unframed(rest[16:])
        topic, rest = _unframed(rest)
        frame, rest = _unframed(rest)
        state, _ = _unframed(rest)
        key, texts = _unframed_text(frame[8:])
        others = []
        for _ in range(5):
            one, texts = _unframed_text(texts)
            others.append(one or "")
        input_hash, actor, command, document, recorded_at = others
        parsed = Record(
            position,
            version,
            stream.decode(),
            topic.decode(),
            int.from_bytes(frame[:8]),
            key,
            input_hash,
            actor,
            command,
            document,
            recorded_at,
            state,
        )
        # Whatever was read wrongly, or left over, shows when it is written again.
        if bytes(parsed) == record:
            return parsed
    except (struct.error, ValueError):
        pass
    raise ProofError("record.malformed", "证明里的记录看不懂", hint="请使用出具单位给的原文件。")


def _unframed(data: bytes) -> tuple[bytes, bytes]:
    """Return what the first frame holds, and what follows it. Raises struct.error."""
    (length,) = struct.unpack_from(">I", data)
    return data[4 : 4 + length], data[4 + length :]


def _unframed_text(data: bytes) -> tuple[str | None, bytes]:
    if data.startswith(_ABSENT):
        return None, data[4:]
    one, rest = _unframed(data)
    return one.decode(), rest
