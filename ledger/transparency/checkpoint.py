"""Checkpoints: three lines that pin the whole history (C2SP tlog-checkpoint).

``origin``, the number of events, the root in base64, each ended by a newline. Short enough to be printed under a
public notice; whoever keeps one can later tell whether anything before it was changed.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from ledger.errors import ProofError
from ledger.transparency.merkle import HASH_SIZE
from ledger.transparency.note import Note, decode_exactly

__all__ = ["Checkpoint"]

_FORM: Final = re.compile(
    r"(?P<origin>[^\s+\ud800-\udfff]+)\n"  # half a character could be read, but never be written or signed again
    r"(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``origin`` names the ledger, ``size`` counts its events, ``root`` is the RFC 6962 root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """Return the text that is stored, printed and signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint back, bare or as the text of a signed note, whose signatures are not looked at.

        Exactly the canonical text is accepted. Raises ProofError.
        """
        body = Note.parse(text).text if "\n\n" in text else text
        found = _FORM.fullmatch(body)
        root = decode_exactly(found["root"]) if found else b""
        if found is None or len(root) != HASH_SIZE:
            raise ProofError(
                "checkpoint.malformed",
                f"检查点看不懂:{text[:80]!r}",
                hint="检查点是三行:账本标识、事件数、Base64 根值,每行以换行结束,请原样复制。",
            )
        return cls(found["origin"], int(found["size"]), root)
