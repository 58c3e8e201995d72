"""An unmodified Go judges our notes and proofs: golang.org/x/mod/sumdb/{note,tlog}, as Debian packages them.

``apt-get install golang-go golang-golang-x-mod-dev``; without them these tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from ledger.errors import ProofError
from ledger.log.appending import Appender, BatchHeader
from ledger.signing import SeedSigner, sign_text
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import leaf_hash, root_of
from ledger.transparency.note import Key, Note
from ledger.transparency.tree_proof import consistency_path, inclusion_path, verify_consistency, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

GO_PATH = Path("/usr/share/gocode")
LEAVES = [leaf_hash(b"%d" % number) for number in range(200)]
SIGNER = SeedSigner("520200.test.xianjie.example/ledger/op/P-0001-1", "P-0001", bytes(range(32)))
KEY = Key(SIGNER.name, SIGNER.public_key)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[str]], list[bool]]:
    """Build the judge without a network; return a function that says of each task whether Go accepts it."""
    go = shutil.which("go")
    if go is None or not (GO_PATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("没有 Go,未用 Go 复核签名和证明 (no Go: apt-get install golang-go golang-golang-x-mod-dev)")
    folder = tmp_path_factory.mktemp("judge")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_PATH), "GOCACHE": str(folder / "cache")}
    binary, source = folder / "judge", Path(__file__).parent / "judge" / "main.go"
    subprocess.run([go, "build", "-o", binary, source], env=environment, check=True, capture_output=True)

    def ask(tasks: Sequence[str]) -> list[bool]:
        done = subprocess.run([binary], input="\n".join(tasks), capture_output=True, text=True, check=True)
        answers = done.stdout.split()
        assert len(answers) == len(tasks)
        return [answer == "ok" for answer in answers]

    return ask


def _encoded(data: bytes | str) -> str:
    return b64encode(data.encode() if isinstance(data, str) else data).decode()


def _holds(check: Callable[..., object], *args: object) -> bool:
    try:
        check(*args)
    except ProofError:
        return False
    return True


def _entry(index: int, size: int, root: bytes, leaf: bytes, path: list[bytes]) -> tuple[str, bool]:
    task = ("entry", str(index), str(size), _encoded(root), _encoded(leaf), ",".join(map(_encoded, path)))
    return "\t".join(task), _holds(verify_inclusion, leaf, index, size, path, root)


def _growth(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> tuple[str, bool]:
    task = ("growth", str(old), str(new), _encoded(old_root), _encoded(new_root), ",".join(map(_encoded, path)))
    return "\t".join(task), _holds(verify_consistency, old, old_root, new, new_root, path)


def _damaged(path: list[bytes], randomly: Random) -> list[bytes]:
    path = list(path)
    match randomly.randrange(4):
        case 0:
            path.append(LEAVES[0])
        case 1 if path:
            path.pop(randomly.randrange(len(path)))
        case 2 if path:
            path[randomly.randrange(len(path))] = LEAVES[randomly.randrange(200)]
        case _:
            pass
    return path


def test_go_and_this_program_agree_on_ten_thousand_proofs(judge: Callable[[Sequence[str]], list[bool]]) -> None:
    randomly = Random(11)  # noqa: S311 - proofs that can be repeated
    roots = [root_of(LEAVES[:size]) for size in range(201)]
    tasks = []
    for _ in range(5_000):
        size = randomly.randrange(1, 200)
        index = randomly.randrange(size)
        path = _damaged(inclusion_path(index, size, lambda first, end: root_of(LEAVES[first:end])), randomly)
        shown = index if randomly.random() < 0.8 else randomly.randrange(200)
        tasks.append(_entry(shown, size, roots[size], LEAVES[index], path))
        old = randomly.randrange(1, size + 1)
        path = _damaged(consistency_path(old, size, lambda first, end: root_of(LEAVES[first:end])), randomly)
        other = old if randomly.random() < 0.8 else randomly.randrange(1, 200)
        tasks.append(_growth(old, size, roots[other], roots[size], path))
    ours = [verdict for _, verdict in tasks]
    assert judge([task for task, _ in tasks]) == ours
    assert 2_000 < sum(ours) < 8_000


def test_go_accepts_the_checkpoint_of_a_signed_batch_and_no_flipped_bit_of_it(
    judge: Callable[[Sequence[str]], list[bool]], sqlite_engine: Engine
) -> None:
    with Appender(sqlite_engine).open(BatchHeader(None, "", "P-0001", "x", ""), signer=SIGNER) as append:
        append.write([("s", None, "t", b"{}")])
    notes = [append.receipt.checkpoint, str(sign_text(SIGNER, str(Checkpoint("六盘水/账本", 3, bytes(32)))))]
    assert judge([f"note\t{_encoded(note)}\t{_encoded(str(KEY))}" for note in notes]) == [True, True]
    whole = notes[0].encode()
    places = [(at, bit) for at in range(len(whole)) for bit in range(8)]
    damaged = [whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :] for at, bit in places]
    verdicts = judge([f"note\t{_encoded(one)}\t{_encoded(str(KEY))}" for one in damaged])
    ours = [_holds(lambda raw: Note.parse(raw).verify([KEY]), one) for one in damaged]
    assert not any(ours)
    # Go does not mind stray bits in the last Base64 letter: the bytes that it reads are the same.
    stray = {at for (at, _), accepted in zip(places, verdicts, strict=True) if accepted}
    assert stray <= {whole.rindex(b"=") - 1}
