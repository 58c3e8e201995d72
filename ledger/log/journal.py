"""The second record: every record of the log once more, line by line, in a plain file on another disk.

Whoever loses the disk of the database loses what was recorded since the last backup; with a journal elsewhere, nothing.
It is written after the commit and before anything is acknowledged, and forced to the disk. A crash in between leaves it
behind the log; the next opening completes it from the log. A file that is gone is not made again on the way: it may be
all that testifies to what was cut off, or be on a disk that is not connected; nothing is recorded then. Its lines are
those of ``raw.py``, readable without this program. Where it is stands in a note outside the database
(``<database>.journal``).
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from ledger.database import read_transaction
from ledger.errors import StorageError, TamperedError, ValueRefusedError, system_reason
from ledger.log.finding import Finding
from ledger.log.outside import outside_file
from ledger.log.raw import RawEvent, header_line, origin_of_line, raw_lines, read_line
from ledger.log.reading import head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

__all__ = ["Journal", "JournalState", "compare_journal", "configure_journal", "forget_journal", "journal_of"]

_TAIL: Final = 1 << 16


class Journal:
    """The second record of one ledger."""

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self.origin = origin

    def complete(self, engine: Engine, *, create: bool = False) -> int:
        """Write what the log has and this file has not, force it to the disk, and return the last position.

        Raises StorageError ``journal.missing`` (there is no file, and it is not to ``create``), ``journal.not_saved``
        (it cannot be written), TamperedError (it is another ledger's, damaged, or ahead of the log).
        """
        try:
            with self._alone(create=create) as file:
                last = self._last(file)
                with read_transaction(engine) as connection:
                    end = head(connection).position
                    if last > end:
                        raise TamperedError(
                            "journal.ahead",
                            f"账本变短了:第二记录 {self.path} 已有第 {last} 号,账本只到第 {end} 号。",
                            hint="请停止记账,用备份和第二记录恢复,或查明原因。",
                        )
                    for _, line in raw_lines(connection, last, end):
                        file.write(line)
                file.flush()
                if last < end or file.tell() == len(header_line(self.origin)):
                    os.fsync(file.fileno())
                return end
        except FileNotFoundError as error:
            raise StorageError(
                "journal.missing",
                f"第二记录不见了:{self.path},没有它不记账。",
                hint="请接好那块磁盘;文件确已遗失的,先用 xianjie audit verify --checkpoint 与另存的检查点核对,"
                "再用 xianjie backup journal 另设。",
            ) from error
        except OSError as error:
            raise StorageError(
                "journal.not_saved",
                f"第二记录写不进:{self.path}({system_reason(error)})",
                hint="已记入账本的不会丢,不要换键重录;请修好那块磁盘的连接、权限或空间,再用同一个 --key 重试一次。",
            ) from error

    def last(self) -> int:
        """Return the last position of the file; 0 if it has none. Raises as ``complete``; OSError."""
        with self.path.open("rb") as file:
            return self._last(file)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines after the first. Raises TamperedError (another ledger's or damaged), OSError."""
        with self.path.open("rb") as file:
            self._check_header(file)
            yield from file

    @contextmanager
    def _alone(self, *, create: bool) -> Iterator[IO[bytes]]:
        with open(self.path, "a+b", opener=None if create else _existing) as file:
            _lock(file)
            if create and file.seek(0, os.SEEK_END) == 0:
                file.write(header_line(self.origin))
                file.flush()
            yield file

    def _last(self, file: IO[bytes]) -> int:
        """Return the last position, after cutting off a line that a crash left without its end."""
        self._check_header(file)
        end, tail = file.seek(0, os.SEEK_END), b""
        start = end
        while start > 0 and b"\n" not in tail[: tail.rfind(b"\n")]:  # until one whole line is seen
            start = max(0, start - _TAIL)
            file.seek(start)
            tail = file.read(end - start)
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail) and file.writable():
            file.truncate(start + whole)
        lines = tail[:whole].splitlines()
        if start == 0 and len(lines) == 1:
            return 0
        try:
            said = read_line(lines[-1])
        except ValueRefusedError as error:
            raise self._damaged("最后一行看不懂") from error
        return said.position if isinstance(said, RawEvent) else said.first - 1

    def _check_header(self, file: IO[bytes]) -> None:
        file.seek(0)
        first = file.readline(_TAIL)
        try:
            origin = origin_of_line(first)
        except ValueRefusedError as error:
            raise self._damaged("第一行看不懂") from error
        if origin != self.origin:
            raise self._damaged(f"它属于另一本账({origin})")

    def _damaged(self, why: str) -> TamperedError:
        return TamperedError(
            "journal.damaged",
            f"第二记录不能用:{self.path},{why}。",
            hint="请保留这个文件,运行 xianjie audit verify,再用 xianjie backup journal 另设一个。",
        )


@dataclass(frozen=True, slots=True)
class JournalState:
    """What comparing found: ``last`` equal position, how many the file is ``behind``, and the first difference."""

    path: Path
    last: int
    behind: int
    finding: Finding | None = None


def journal_of(engine: Engine, origin: str) -> Journal | None:
    """Return the journal that was set for a ledger, or None. Raises StorageError (the note cannot be read)."""
    note = outside_file(engine, origin, "journal")
    try:
        place = note.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            "journal.note_unreadable", f"第二记录的位置读不出:{note}", hint="请重新运行 xianjie backup journal。"
        ) from error
    return Journal(Path(place), origin)


def configure_journal(engine: Engine, origin: str, path: Path) -> Journal:
    """Set where the second record is kept, and write all records there. Raises StorageError, TamperedError."""
    journal = Journal(path.absolute(), origin)
    journal.complete(engine, create=True)
    note = outside_file(engine, origin, "journal")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        fresh = note.with_name(f"{note.name}.{os.getpid()}")
        fresh.write_text(f"{journal.path}\n", encoding="utf-8")
        fresh.replace(note)
    except OSError as error:
        raise StorageError(
            "journal.note_not_saved",
            f"第二记录的位置记不下:{note}({system_reason(error)})",
            hint="请检查目录权限和空间。",
        ) from error
    return journal


def forget_journal(engine: Engine, origin: str) -> bool:
    """Keep no second record from now on; the file stays as it is. Tell whether there was one."""
    note = outside_file(engine, origin, "journal")
    existed = note.exists()
    with suppress(FileNotFoundError):
        note.unlink()
    return existed


def compare_journal(engine: Engine, journal: Journal) -> JournalState:
    """Compare the file with the log, line by line, up to the first difference. Raises StorageError."""
    last = 0
    try:
        with read_transaction(engine) as connection:
            end = head(connection).position
            lines = journal.lines()
            for position, expected in raw_lines(connection):
                found = next(lines, b"")
                if found != expected:
                    # A file that ends early, perhaps within a line, is what a crash leaves: the next opening goes on.
                    cut = expected.startswith(found) and not found.endswith(b"\n") and next(lines, None) is None
                    wrong = "" if cut else f"第 {position} 号记录:第二记录与账本不同"
                    return _state(journal, last, end, wrong, position, expected, found)
                last = position if b'"position"' in expected[:12] else last
            more = next(lines, None)
        with read_transaction(engine) as connection:
            grown = head(connection).position > end  # somebody recorded meanwhile: then it rightly has more
    except OSError as error:
        return _state(journal, last, last, f"第二记录打不开:{journal.path}({system_reason(error)})")
    except TamperedError as error:
        return _state(journal, last, last, error.message)
    wrong = "" if more is None or grown else f"账本变短了:第二记录在第 {end} 号之后还有记录"
    return _state(journal, last, last, wrong, end + 1, b"", more or b"")


def _state(  # noqa: PLR0917 - the last three only where there is a place to name
    journal: Journal,
    last: int,
    end: int,
    wrong: str,
    position: int | None = None,
    expected: bytes = b"",
    found: bytes = b"",
) -> JournalState:
    if not wrong:
        return JournalState(journal.path, last, end - last)
    here, there = expected.decode(errors="replace"), found.decode(errors="replace")
    return JournalState(journal.path, last, end - last, Finding(position, "journal", here, there, wrong))


def _existing(path: str, flags: int) -> int:
    return os.open(path, flags & ~os.O_CREAT)


def _lock(file: IO[bytes]) -> None:
    """Wait until no other process writes; the lock ends with the file."""
    if sys.platform == "win32":  # pragma: no cover - only there
        import msvcrt  # noqa: PLC0415 - only there

        file.seek(1 << 40)  # far beyond the end: a locked byte cannot be read by anybody else there
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - only there

        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
