"""Check an audit bundle with nothing but the standard library: run it in the folder of the unpacked files.

First the SHA-256 of every file, then every event's leaf hash, the RFC 6962 tree over them, and the checkpoint of every
batch. The record that is hashed is described in docs/reference/log-format.md of the program.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
from pathlib import Path
from typing import Any

TAG = b"xianjie.event.1\n"


def framed(text: str | None) -> bytes:
    """Return a text with its length before it; an absent one is the impossible length."""
    return b"\xff\xff\xff\xff" if text is None else struct.pack(">I", len(text.encode())) + text.encode()


def leaf(event: dict[str, Any], batch: dict[str, Any]) -> bytes:
    """Return the leaf hash of an event, from its stored text and its batch."""
    names = ("key", "input_hash", "actor", "command", "document", "recorded_at")
    frame = batch["id"].to_bytes(8, "big") + b"".join(framed(batch[name]) for name in names)
    record = TAG + struct.pack(">QQ", event["position"], event["version"]) + framed(event["stream"])
    record += framed(event["topic"]) + struct.pack(">I", len(frame)) + frame + framed(event["state"])
    return hashlib.sha256(b"\x00" + record).digest()


class Tree:
    """The right edge of a growing RFC 6962 tree: the root of each complete subtree, the largest first."""

    def __init__(self) -> None:
        self.edge: list[tuple[int, bytes]] = []

    def add(self, leaf_hash: bytes) -> None:
        """Add one leaf."""
        size, node = 1, leaf_hash
        while self.edge and self.edge[-1][0] == size:
            node = hashlib.sha256(b"\x01" + self.edge.pop()[1] + node).digest()
            size *= 2
        self.edge.append((size, node))

    def root(self) -> bytes:
        """Return the root."""
        if not self.edge:
            return hashlib.sha256(b"").digest()
        root = self.edge[-1][1]
        for _, node in reversed(self.edge[:-1]):
            root = hashlib.sha256(b"\x01" + node + root).digest()
        return root


def wrong_files(folder: Path) -> list[str]:
    """Return what does not agree with the manifest: changed, missing and unlisted files."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    found: list[str] = []
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            found.append(f"缺少文件 {name}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            found.append(f"文件被改动 {name}")
    listed = {*manifest["files"], "manifest.json"}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found + [f"多出文件 {name}" for name in sorted(present - listed)]


def wrong_events(folder: Path) -> list[str]:
    """Return where the events do not lead to the checkpoints."""
    batches = {}
    with (folder / "batches.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            batch = json.loads(line)
            batches[batch["id"]] = batch
    tree, count = Tree(), 0
    found: list[str] = []
    with (folder / "events.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            count += 1
            batch = batches.get(event["batch"])
            if event["position"] != count or batch is None:
                return [*found, f"第 {count} 号:序号或批次不连续"]
            tree.add(leaf(event, batch))
            if batch["last"] == count and not agrees(batch["checkpoint"], count, tree.root()):
                return [*found, f"第 {count} 号:根值与批次 {batch['id']} 的检查点不符"]
    if not agrees((folder / "checkpoint.txt").read_text("utf-8"), count, tree.root()):
        found.append(f"第 {count} 号:根值与 checkpoint.txt 不符")
    return found


def agrees(checkpoint: str, size: int, root: bytes) -> bool:
    """Say whether a checkpoint is of this size and root."""
    lines = checkpoint.split("\n")
    return lines[1:3] == [str(size), base64.b64encode(root).decode()]


def main() -> int:
    """Check the folder this file lies in, and say so."""
    folder = Path(__file__).resolve().parent
    found = wrong_files(folder) + wrong_events(folder)
    print("\n".join(found) if found else "全部相符:文件、流水、检查点")  # noqa: T201 - a program of its own
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
