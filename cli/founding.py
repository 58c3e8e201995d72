"""The two founders of a signed ledger, as ``init --signed`` names them: by their keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.people import read_public_key
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from cli.recording import Entry
    from ledger.domain.command import Command

__all__ = ["founders"]


def founders(entry: Entry, area: str, second: Path, unit: str, post: str) -> list[Command]:
    """Return the commands that enrol both founders, with keys, as administrators; the first is whoever signs.

    Raises LedgerError: a key file cannot be read, or both keys are one person's.
    """
    from ledger.domain.enrolment import EnrolKey, EnrolPerson, GrantRole

    keys = [_own_key(entry), read_public_key(second)]
    persons = [_person_of(key) for key in keys]
    if persons[0] == persons[1]:
        raise ValueRefusedError(
            "ledger.same_founder", f"两把密钥都属于 {persons[0]}:启用账本须两个人", hint="--second 请用另一人的公钥文件"
        )
    found: list[Command] = []
    for person, key in zip(persons, keys, strict=True):
        found += [
            entry.build(EnrolPerson, {"person": person, "unit": unit, "post": post}),
            entry.build(EnrolKey, {"person": person, "key": key}),
            entry.build(GrantRole, {"person": person, "role": "admin", "area": area}),
        ]
    return found


def _own_key(entry: Entry) -> str:
    """Return the public key of whoever will sign; nobody is asked for a passphrase yet."""
    from ledger.keyfile import read_key_header
    from ledger.transparency.note import Key

    if entry.settings.sign:
        return str(read_key_header(Path(entry.settings.sign)).key)
    from cli.signing import signer_for

    signer = signer_for(entry.settings)
    return str(Key(signer.name, signer.public_key))


def _person_of(key: str) -> str:
    """Return the person whose key it is by its name (``xianjie/P-0001-9f3c22d1``), as ``key new`` gives it."""
    return key.partition("+")[0].rpartition("/")[2].rpartition("-")[0]
