"""What a fuzzer throws bytes at: every reader of what strangers hand in. Only the declared error may come out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import ProofError, TamperedError, ValueRefusedError
from ledger.events import registry
from ledger.keyfile import Hardness, create_key_file, read_key_header, unlock
from ledger.log.raw import header_line, origin_of_line, read_line
from ledger.signing import SeedSigner, sign_text
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.transparency.note import Key, Note
from ledger.transparency.proof_file import EntryProof, GrowthProof, parse_proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["TARGETS", "examples"]

ORIGIN: Final = "520200.test.xianjie.example/ledger"
SIGNER: Final = SeedSigner(f"{ORIGIN}/op/P-0001", "P-0001", bytes(range(32)))
KEY: Final = Key(SIGNER.name, SIGNER.public_key)
OLD: Final = Checkpoint(ORIGIN, 1, leaf_hash(b"1"))
SAMPLES: Final = Path(__file__).parents[2] / "docs" / "events" / "samples"
TOPICS: Final = sorted({path.name.rsplit(".", 2)[0] for path in SAMPLES.glob("*.json")})
PASSPHRASE: Final = "correct horse battery"  # noqa: S105 - of key files that live for one run
QUICK: Final = Hardness(32, 1, 1)
SCRATCH: Final = Path(tempfile.mkdtemp(prefix="xianjie-fuzz-"))


def note(data: bytes) -> None:
    """A signed note, a public key, and the one against the other."""
    text = data.decode(errors="surrogateescape")
    for raw in (data, text):
        try:
            read = Note.parse(raw)
        except ProofError:
            continue
        assert str(read) == (raw if isinstance(raw, str) else raw.decode())
        assert Note.parse(str(read)) == read
        try:
            read.verify([KEY])
        except ProofError:
            continue
    try:
        key = Key.parse(text)
    except ProofError:
        return
    assert str(key) == text


def checkpoint(data: bytes) -> None:
    """A checkpoint, bare or signed."""
    text = data.decode(errors="surrogateescape")
    try:
        read = Checkpoint.parse(text)
    except ProofError:
        return
    assert text.startswith(str(read))
    assert str(read).encode()
    assert Checkpoint.parse(str(read)) == read


def proof(data: bytes) -> None:
    """A proof of an entry or of growth, read and checked."""
    text = data.decode(errors="surrogateescape")
    try:
        read = parse_proof(text)
    except ProofError:
        return
    assert read is None or str(read) == text
    try:
        _ = read.verify() if isinstance(read, EntryProof) else read and read.verify(OLD)
    except ProofError:
        return


def key_file(data: bytes) -> None:
    """A key file; it is opened too, unless it asks for so much work that nothing else would be tried."""
    path = SCRATCH / "under-test.key"
    path.write_bytes(data)
    path.chmod(0o600)
    try:
        header = read_key_header(path)
        if header.hardness.memory_kib * header.hardness.passes <= 1_024:
            assert unlock(path, PASSPHRASE).public_key == header.key.public_key
    except ValueRefusedError:
        return


def event(data: bytes) -> None:
    """The bytes of an event; the first two choose its kind."""
    topic = TOPICS[int.from_bytes(data[:2]) % len(TOPICS)]
    try:
        read = registry.decode(topic, data[2:])
    except TamperedError:
        return
    assert registry.decode(topic, registry.encode(read)) == read


def raw_line(data: bytes) -> None:
    """A line of an export or of the second record."""
    for reads in (read_line, origin_of_line):
        try:
            reads(data)
        except ValueRefusedError:
            continue


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    each.__name__: each for each in (note, checkpoint, proof, key_file, event, raw_line)
}


def examples(name: str) -> Iterable[bytes]:
    """Yield what is right, to be spoilt."""
    frontier = Frontier()
    frontier.extend([leaf_hash(b"1"), leaf_hash(b"2")])
    head = Checkpoint(ORIGIN, 2, frontier.root())
    signed = str(sign_text(SIGNER, str(head)))
    match name:
        case "note":
            yield from (signed.encode(), str(KEY).encode())
        case "checkpoint":
            yield from (str(head).encode(), signed.encode())
        case "proof":
            yield str(EntryProof(1, (leaf_hash(b"1"),), signed, b"2")).encode()
            yield str(GrowthProof(1, (leaf_hash(b"2"),), signed)).encode()
        case "key_file":
            path = SCRATCH / "example.key"
            path.unlink(missing_ok=True)
            create_key_file(path, SIGNER.name, SIGNER.person, PASSPHRASE, hardness=QUICK, seed=bytes(32))
            yield path.read_bytes()
        case "event":
            for path in sorted(SAMPLES.glob("*.json")):
                yield TOPICS.index(path.name.rsplit(".", 2)[0]).to_bytes(2) + path.read_bytes()
        case _:
            yield header_line(ORIGIN)
            yield b'{"position":1,"stream":"tranche:1","version":1,"topic":"tranche.issued","state":"{}"}\n'
            yield b'{"position":1,"stream":"tranche:1","version":1,"topic":"tranche.issued","state_base64":"/w=="}\n'
            yield (
                b'{"batch":1,"key":null,"input_hash":"","actor":"a","command":"c","document":"","first":1,"last":1,'
                b'"recorded_at":"2024-03-01T01:02:03.004Z","checkpoint":"x"}\n'
            )
