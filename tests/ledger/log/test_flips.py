"""One flipped bit anywhere in any file of a small ledger is found, or everything reads as before. No false alarm."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from ledger import database
from ledger.database import open_database
from ledger.log.appending import Appender
from ledger.log.schema import create_log
from ledger.log.signatures import check_signatures
from ledger.log.verify import verify
from tests.ledger.log.flipping import LI, LI_KEY, ORIGIN, Flipper, flip_everywhere, record

if TYPE_CHECKING:
    from collections.abc import Iterator

BESIDE = ("journal.jsonl", "source.db.head", "source.db.journal", "source.db.published")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: a quarter of a million flips are no work for a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a new folder in it
    made = Path(tempfile.mkdtemp(prefix="xianjie-flips-", dir=memory if memory.is_dir() else None))
    yield made
    shutil.rmtree(made)


def test_a_flipped_bit_in_any_byte_of_the_files_beside_the_ledger_is_found(folder: Path) -> None:
    flipper = Flipper.made(folder / "ledger")
    assert flipper.is_sound()
    sizes, randomly = flipper.sizes(), Random(3)  # noqa: S311 - damage that can be repeated
    assert set(sizes) == {*BESIDE, "source.db"}
    for name in BESIDE[1:]:
        verdicts = {flipper.judge(name, at) for at in range(sizes[name])}
        assert verdicts <= ({"found", "harmless"} if name == "source.db.journal" else {"found"}), name
    assert {flipper.judge(BESIDE[0], at) for at in randomly.sample(range(sizes[BESIDE[0]]), 50)} == {"found"}
    assert flipper.is_sound()


def test_a_flipped_bit_anywhere_in_the_signatures_is_found(folder: Path) -> None:
    flipper = Flipper.made(folder / "ledger")
    start = flipper.source.read_bytes().index("— ".encode() + LI.name.encode())
    assert {flipper.judge("source.db", at) for at in range(start, start + 160)} == {"found"}


def test_flipped_bits_in_a_signed_ledger_are_found_or_make_no_difference(folder: Path) -> None:
    flipper, randomly = Flipper.made(folder / "ledger", with_wal=True), Random(5)  # noqa: S311 - as above
    for name in ("source.db", "source.db-wal"):
        used = [at for at, byte in enumerate((flipper.folder / name).read_bytes()) if byte]
        verdicts = [flipper.judge(name, at) for at in randomly.sample(used, 100)]
        assert verdicts.count("missed") == 0
        assert verdicts.count("found") > 30


@pytest.mark.soak
@pytest.mark.parametrize(
    ("page_size", "with_wal"),
    [(1_024, False), (1_024, True), (16_384, False)],
    ids=["small pages", "small pages and a write-ahead log", "the pages of a real ledger"],
)
def test_a_flipped_bit_in_every_byte_of_every_file_is_found_or_makes_no_difference(
    folder: Path, monkeypatch: pytest.MonkeyPatch, page_size: int, *, with_wal: bool
) -> None:
    # In small pages hardly a byte is empty. In those of a real ledger nine of ten are: a quarter of a million flips.
    monkeypatch.setattr(database, "_PAGE_SIZE", page_size)
    flipper = Flipper.made(folder / "ledger", with_wal=with_wal)
    sizes = flipper.sizes()
    counts, missed = flip_everywhere(flipper)
    print(sizes, dict(counts))  # noqa: T201 - what a long run is for
    assert missed == []
    assert counts.total() == sum(sizes.values())
    assert all(counts[f"{name} found"] for name in sizes)
    assert flipper.is_sound()


@pytest.mark.soak
def test_a_thousand_clean_signed_ledgers_raise_no_alarm(tmp_path: Path) -> None:
    randomly = Random(7)  # noqa: S311 - as above
    for number in range(1_000):
        engine = open_database(str(tmp_path / f"{number}.db"), create=True)
        create_log(engine, ORIGIN)
        appender = Appender(engine)
        for _ in range(randomly.randrange(1, 6)):
            record(appender, "P-0001", LI, randomly.choice([1, 2, 3, 17, 255, 256, 257]))
        assert verify(engine).findings == []
        assert check_signatures(engine, lambda _batch: [LI_KEY]).findings == []
        engine.dispose()
