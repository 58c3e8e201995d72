"""Write a file that another program will open: beside its place first, then moved there, never over another file."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.errors import RuleRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["written"]


@contextmanager
def written(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a path to write to; what was written takes the place of ``path`` in one step, or nothing does.

    Raises:
        RuleRefusedError: there is such a file and ``force`` was not asked for.
        OSError: the file cannot be written.
    """
    if path.exists() and not force:
        raise RuleRefusedError("export.exists", f"文件 {path} 已存在,没有改动", hint="换一个文件名,或加 --force 覆盖")
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
