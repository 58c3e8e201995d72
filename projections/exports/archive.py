"""A zip with the same bytes for the same content: fixed clock, fixed order, and the hash of each file kept."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

__all__ = ["Archive"]

_CLOCK: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16
_UNIX: Final = 3


class Archive:
    """Written file by file, in memory for one line at a time; ``hashes`` are the SHA-256 of each, in hex."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.hashes: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file."""
        self._zip.close()

    def add(self, name: str, pieces: Iterable[str]) -> None:
        """Write one file from its pieces of text."""
        info = zipfile.ZipInfo(name, _CLOCK)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _MODE, _UNIX
        digest = hashlib.sha256()
        with self._zip.open(info, "w") as file:
            for piece in pieces:
                data = piece.encode()
                digest.update(data)
                file.write(data)
        self.hashes[name] = digest.hexdigest()
