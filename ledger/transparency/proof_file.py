"""Proofs as files that somebody else can check years later, without the ledger and without this program.

Two formats, both of C2SP, both text. A *proof of an entry* (tlog-proof@v1) holds the entry's place, the hashes, and the
checkpoint word for word; the record itself travels in its ``extra`` line. A *proof of growth* is the body that is sent
to a witness (tlog-witness): the older size, the hashes, and the newer checkpoint.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import ProofError
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import HASH_SIZE, leaf_hash
from ledger.transparency.note import decode_exactly
from ledger.transparency.tree_proof import verify_consistency, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EntryProof", "GrowthProof", "parse_proof"]

_FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
_LONGEST: Final = 64_000_000
_MOST_HASHES: Final = 64
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})")
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Shows that ``record`` is entry number ``index`` (from 0) under ``checkpoint``, the text of a (signed) checkpoint.

    ``record`` is not protected by anything but the proof: it says nothing before ``verify`` has agreed.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    record: bytes

    def __str__(self) -> str:
        """Return the text of the file."""
        extra = f"extra {b64encode(self.record).decode()}\n" if self.record else ""
        return f"{_FIRST_LINE}\n{extra}index {self.index}\n{_hash_lines(self.path)}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> EntryProof:
        """Read the file back. Exactly what ``str`` writes is accepted. Raises ProofError."""
        head, checkpoint = _halves(text)
        lines = head.split("\n")
        if lines.pop(0) != _FIRST_LINE or not lines:
            raise _malformed(text)
        record = b""
        if lines[0].startswith("extra "):
            record = decode_exactly(lines.pop(0).removeprefix("extra "))
            if not record:
                raise _malformed(text)
        index = _INDEX.fullmatch(lines[0]) if lines else None
        if index is None:
            raise _malformed(text)
        return cls(int(index[1]), _hashes_in(lines[1:], text), checkpoint, record)

    def verify(self) -> Checkpoint:
        """Make sure that the record is in the tree of the checkpoint, and return that. Raises ProofError.

        Whether the checkpoint itself can be trusted (its signatures, or a root printed elsewhere) is the next question.
        """
        checkpoint = Checkpoint.parse(self.checkpoint)
        verify_inclusion(leaf_hash(self.record), self.index, checkpoint.size, self.path, checkpoint.root)
        return checkpoint


@dataclass(frozen=True, slots=True)
class GrowthProof:
    """Shows that the log of ``checkpoint`` begins with all ``old`` entries of an older checkpoint."""

    old: int
    path: tuple[bytes, ...]
    checkpoint: str

    def __str__(self) -> str:
        """Return the text of the file."""
        return f"old {self.old}\n{_hash_lines(self.path)}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> GrowthProof:
        """Read the file back. Exactly what ``str`` writes is accepted. Raises ProofError."""
        head, checkpoint = _halves(text)
        first, *lines = head.split("\n")
        old = _OLD.fullmatch(first)
        if old is None:
            raise _malformed(text)
        return cls(int(old[1]), _hashes_in(lines, text), checkpoint)

    def verify(self, older: Checkpoint) -> Checkpoint:
        """Make sure that the newer log begins with the older one; return the newer checkpoint. Raises ProofError."""
        newer = Checkpoint.parse(self.checkpoint)
        if newer.origin != older.origin or self.old != older.size:
            raise ProofError(
                "proof.other_ledger",
                f"证明从 {newer.origin} 的第 {self.old} 条开始,手中的检查点是 {older.origin} 的第 {older.size} 条",
                hint="请向出具单位索取从手中这个检查点开始的证明:xianjie audit prove --from 检查点文件。",
            )
        verify_consistency(older.size, older.root, newer.size, newer.root, self.path)
        return newer


def _hash_lines(path: Sequence[bytes]) -> str:
    return "".join(f"{b64encode(one).decode()}\n" for one in path)


def _halves(text: str) -> tuple[str, str]:
    head, blank, checkpoint = text[:_LONGEST].partition("\n\n")
    if not blank or len(text) > _LONGEST:
        raise _malformed(text)
    Checkpoint.parse(checkpoint)
    return head, checkpoint


def _hashes_in(lines: Sequence[str], text: str) -> tuple[bytes, ...]:
    path = tuple(map(decode_exactly, lines[: _MOST_HASHES + 1]))
    if len(path) > _MOST_HASHES or any(len(one) != HASH_SIZE for one in path):
        raise _malformed(text)
    return path


def _malformed(text: str) -> ProofError:
    return ProofError("proof.malformed", f"证明文件看不懂:{text[:40]!r}", hint="请使用出具单位给的原文件,不要改动。")


def parse_proof(text: str) -> EntryProof | GrowthProof | None:
    """Return the proof that a file holds; None when it does not begin like one. Raises ProofError."""
    if text.startswith("c2sp.org/"):
        return EntryProof.parse(text)
    return GrowthProof.parse(text) if text.startswith("old ") else None
