"""Who signed each batch: every signature checked against the keys that were known at its place.

Run it after ``verify`` found nothing wrong: the keys are themselves recorded in the log, and nothing is decoded from
bytes that contradict their hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from sqlalchemy import text

from ledger.database import read_transaction
from ledger.errors import ProofError
from ledger.log.finding import Finding, Findings
from ledger.log.reading import Batch
from ledger.transparency.note import Key, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from ledger.domain.people import People
    from ledger.events import KeyRevoked

__all__ = ["KeysOf", "PersonKey", "SignatureReport", "batches", "check_signatures", "doubted_signers", "signed_note"]


class PersonKey(NamedTuple):
    """A public key and the person whose it is; an empty ``person`` stands for whoever the batch names as its actor."""

    key: Key
    person: str = ""


KeysOf: TypeAlias = Callable[[Batch], Sequence[PersonKey] | None]
"""The keys that could sign a batch; None where a batch need not be signed, as in a trial ledger."""

_PAGE: Final = 2_048
_BATCHES: Final = text(
    "SELECT id, key, input_hash, actor, command, document, first, last, recorded_at, checkpoint FROM batch"
    " WHERE id > :after ORDER BY id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """``signed`` batches carry a true signature of their actor, ``unsigned`` need none; all others are findings."""

    signed: int
    unsigned: int
    findings: list[Finding]
    total: int


def check_signatures(engine: Engine, keys_of: KeysOf) -> SignatureReport:
    """Check the signature of every batch. Raises StorageError when the database cannot be read."""
    findings, counts = Findings(), {True: 0, False: 0}
    with read_transaction(engine) as connection:
        for batch in batches(connection):
            keys = keys_of(batch)
            if keys is None:
                counts[False] += 1
                continue
            wrong = _what_is_wrong(batch, keys)
            if not wrong:
                counts[True] += 1
                continue
            findings.add(
                "signature",
                batch.first,
                f"第 {batch.id} 批(第 {batch.first} 至 {batch.last} 号,经办 {batch.actor}):{wrong}",
                expected="、".join(str(each.key) for each in keys),
                found=batch.checkpoint,
            )
    return SignatureReport(counts[True], counts[False], findings.in_order(), findings.total)


def signed_note(checkpoint: str) -> Note:
    """Return a stored or saved checkpoint as a note, without signatures if nobody signed it. Raises ProofError."""
    return Note.parse(checkpoint) if "\n\n" in checkpoint else Note(checkpoint)


def batches(connection: Connection) -> Iterator[Batch]:
    """Yield every batch of the log, in order."""
    after = 0
    while page := connection.execute(_BATCHES, {"after": after, "limit": _PAGE}).all():
        yield from (Batch(*row) for row in page)
        after = page[-1][0]


def doubted_signers(batch: Batch, people: People) -> list[KeyRevoked]:
    """Return the keys under the batch that were later said not to be trusted there."""
    doubted = people.doubted(batch.last)
    if not doubted:
        return []
    lines = {(each.name, each.key_id) for each in signed_note(batch.checkpoint).signatures}
    keys = [(Key.parse(each.key), each) for each in doubted]
    return [each for key, each in keys if (key.name, key.key_id) in lines]


def _what_is_wrong(batch: Batch, keys: Sequence[PersonKey]) -> str:
    persons = {each.key: each.person or batch.actor for each in keys}
    try:
        note = signed_note(batch.checkpoint)
        if not note.signatures:
            return "没有签名"
        signers = {persons[key] for key, _ in note.verify(persons)}
    except ProofError as error:
        return error.message
    return "" if batch.actor in signers else f"签名人是 {'、'.join(sorted(signers))},不是经办人"
