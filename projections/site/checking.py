"""What a reader needs to check the site's files without this program: how, the verifier, the checkpoint, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.events import KeyEnrolled, registry, streams
from ledger.log.reading import read_stream
from projections.site.pages import render
from projections.verifier import verifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.scope import Scope

__all__ = ["LINKS", "checking_files"]

_PROGRAM: Final = ("核验程序", "verify.py")
_CHECKPOINT: Final = ("检查点", "checkpoint.txt")
_KEYS: Final = ("公钥", "keys.txt")
LINKS: Final = (_CHECKPOINT, _PROGRAM)
"""What every notice leads to besides its own content and proofs."""


def checking_files(scope: Scope, about: dict[str, Any], checkpoint: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files; keys are those that the ledger had enrolled, revoked ones too: they signed what they signed.

    Raises StorageError: the verifier is not installed.
    """
    keys = _enrolled_keys(scope)
    files = [_PROGRAM, _CHECKPOINT, *([_KEYS] if keys else [])]
    lines = checkpoint.partition("\n\n")[0]
    page = render(
        "verify.html",
        root="",
        here="verify.html",
        site=about,
        title="核验办法",
        files=files,
        checkpoint=lines,
        keys=_KEYS[1] if keys else "",
    )
    yield "verify.html", page
    yield _PROGRAM[1], verifier()
    yield _CHECKPOINT[1], checkpoint.encode()
    if keys:
        yield _KEYS[1], "".join(f"{key}\n" for key in keys).encode()


def _enrolled_keys(scope: Scope) -> list[str]:
    rows = [row for row in read_stream(scope.connection, streams.PEOPLE) if row.position <= scope.position]
    events = [registry.decode(row.topic, row.state) for row in rows]
    return [str(event.key) for event in events if isinstance(event, KeyEnrolled)]
