"""The program that checks ledgers, proofs and notices without a line of ours: one file, handed out as it is."""

from __future__ import annotations

from pathlib import Path

from ledger.errors import StorageError

__all__ = ["verifier"]


def verifier() -> bytes:
    """Return the file: inside the installed package, else of the checkout. Raises StorageError."""
    here = Path(__file__).parent
    for place in (here / "handed_out", here.parent / "verifier"):
        if (place / "verify.py").is_file():
            return (place / "verify.py").read_bytes()
    raise StorageError("audit.no_verifier", "找不到 verify.py", hint="请重新安装 xianjie-ledger。")
