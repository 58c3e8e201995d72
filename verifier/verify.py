#!/usr/bin/env python3
"""Check a ledger, a raw export, a notice, a proof or a checkpoint of 衔接账本, without the program that made it.

    python3 verify.py 账本.db|导出.jsonl|证明.tlog-proof|检查点.txt [--keys 公钥.txt] [--checkpoint 另存的检查点.txt]
    python3 verify.py 公告.json --proofs 公告.proofs.json [--keys 公钥.txt] [--checkpoint 另存的检查点.txt]

One file, written from docs/reference/log-format.md alone: it shares no code with the ledger, needs Python 3.9 or later,
and `cryptography` only where signatures are to be checked. It reads; it never writes. Exit code 0: everything holds.
1: something does not, or the file cannot be understood. 2: wrong usage.

What it does not look at: indexes, triggers, tree nodes and facts, which are copies that can be made again, whether
what was recorded is true, and whether a notice leaves out a line: that takes the ledger.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import json
import sqlite3
import struct
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

LARGEST_FILE = 64_000_000
SHOWN = 20


class WrongError(Exception):
    """Something is malformed or does not hold; the only exception that anything here raises on bad input."""


class Batch(NamedTuple):
    number: int
    key: bytes | None
    input_hash: bytes
    actor: bytes
    command: bytes
    document: bytes
    first: int
    last: int
    recorded_at: bytes
    checkpoint: bytes


class Event(NamedTuple):
    position: int
    stream: bytes
    version: int
    topic: bytes
    batch: int | None
    state: bytes
    leaf: bytes | None


class Head(NamedTuple):
    origin: str
    size: int
    root: bytes


class Key(NamedTuple):
    name: str
    key_id: bytes
    kind: int
    public: bytes


# --- hashes ---------------------------------------------------------------------------------------------------------


def framed(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def record_of(batch: Batch, event: Event) -> bytes:
    texts = (batch.input_hash, batch.actor, batch.command, batch.document, batch.recorded_at)
    frame = struct.pack(">Q", batch.number) + (b"\xff" * 4 if batch.key is None else framed(batch.key))
    frame += b"".join(framed(text) for text in texts)
    place = struct.pack(">QQ", event.position, event.version)
    names = framed(event.stream) + framed(event.topic)
    return b"xianjie.event.1\n" + place + names + framed(frame) + framed(event.state)


def leaf_of(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The roots of complete subtrees, largest first: (height, hash)."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        height, node = 0, leaf
        while self.peaks and self.peaks[-1][0] == height:
            node = parent(self.peaks.pop()[1], node)
            height += 1
        self.peaks.append((height, node))
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            node = parent(left, node)
        return node


def check_inclusion(leaf: bytes, index: int, head: Head, path: list[bytes]) -> None:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < head.size:
        raise WrongError("序号超出范围")
    place, last, node = index, head.size - 1, leaf
    for one in path:
        if last == 0:
            raise WrongError("证明里的散列值太多")
        if place & 1 or place == last:
            node = parent(one, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = parent(node, one)
        place, last = place >> 1, last >> 1
    if last or node != head.root:
        raise WrongError("证明不成立:算出的根值与检查点不同")


def check_growth(old: Head, new: Head, path: list[bytes]) -> None:
    """RFC 9162, section 2.1.4.2."""
    if not 0 < old.size <= new.size:
        raise WrongError("证明不成立:记录数不对")
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # A complete older tree is itself the first hash of the proof, and is not sent.
    hashes = [old.root, *path] if place == 0 else list(path)
    older = newer = hashes[0] if hashes else b""
    for one in hashes[1:]:
        if last == 0:
            raise WrongError("证明里的散列值太多")
        if place & 1 or place == last:
            older, newer = parent(one, older), parent(one, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = parent(newer, one)
        place, last = place >> 1, last >> 1
    if last or (older, newer) != (old.root, new.root):
        raise WrongError("证明不成立:历史被改写过,或证明不属于这两个检查点")


# --- checkpoints and signatures -------------------------------------------------------------------------------------


def unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise WrongError("Base64 不对") from error
    if base64.b64encode(data).decode() != text:
        raise WrongError("Base64 写法不唯一")
    return data


def number_in(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or str(int(text)) != text:
        raise WrongError(f"不是数:{text[:30]!r}")
    return int(text)


def split_note(raw: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note, and name and bytes of each signature line; a bare checkpoint has none."""
    if any(sign < " " and sign != "\n" for sign in raw):
        raise WrongError("检查点里有控制字符")
    head, blank, tail = raw.rpartition("\n\n")
    if not blank:
        return raw, []
    lines = tail.split("\n")
    if lines.pop() != "" or not 0 < len(lines) <= 100:
        raise WrongError("签名行不对")
    found = []
    for line in lines:
        dash, name, encoded = ([*line.split(" "), "", ""])[:3]
        data = unbase64(encoded)
        if dash != "—" or line != f"— {name} {encoded}" or not name or "+" in name or len(data) < 5:
            raise WrongError("签名行不对")
        found.append((name, data))
    return head + "\n", found


def head_in(raw: str) -> Head:
    lines = split_note(raw)[0].split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or any(sign.isspace() or sign == "+" for sign in lines[0]):
        raise WrongError(f"检查点看不懂:{raw[:60]!r}")
    head = Head(lines[0], number_in(lines[1]), unbase64(lines[2]))
    if len(head.root) != 32:
        raise WrongError("根值长度不对")
    return head


def head_text(head: Head) -> str:
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def keys_in(text: str) -> list[Key]:
    keys = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.strip().partition("+")
        shown, _, encoded = rest.partition("+")
        blob = unbase64(encoded)
        key_id = hashlib.sha256(name.encode() + b"\n" + blob).digest()[:4]
        if len(blob) != 33 or blob[0] not in (1, 4) or key_id.hex() != shown:
            raise WrongError(f"公钥看不懂:{line[:60]!r}")
        keys.append(Key(name, key_id, blob[0], blob[1:]))
    if not keys:
        raise WrongError("没有公钥")
    return keys


def signers_of(raw: str, keys: Iterable[Key]) -> list[str]:
    """Return who of the known keys signed. A false signature of a known key, or none at all, is wrong."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only who has keys needs the library
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above

    text, lines = split_note(raw)
    known = {(key.name, key.key_id): key for key in keys}
    signers = []
    for name, data in lines:
        key = known.get((name, data[:4]))
        if key is None:
            continue
        message, signature = text.encode(), data[4:]
        if key.kind == 4:
            message = f"cosignature/v1\ntime {int.from_bytes(signature[:8], 'big')}\n{text}".encode()
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise WrongError(f"签名不对:{name}") from error
        signers.append(name)
    if not signers:
        raise WrongError("没有已知公钥的签名")
    return signers


# --- where batches and events come from -----------------------------------------------------------------------------

Source = tuple[str, Iterator[tuple[Batch, Iterable[Event]]]]
COLUMNS = ("batch", "key", "input_hash", "actor", "command", "document", "first", "last", "recorded_at", "checkpoint")
TABLES = ("batch", "event", "stream", "topic", "ledger_info")


def from_sqlite(path: Path) -> Source:
    """Read a ledger file. Names that should be tables must be tables: a view could run somebody else's SQL."""
    beside = Path(f"{path}-wal").exists()
    raw = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{'' if beside else '&immutable=1'}", uri=True)
    raw.text_factory = bytes
    raw.execute("PRAGMA trusted_schema = OFF")
    marks = ", ".join("?" * len(TABLES))
    kinds = raw.execute(f"SELECT type FROM sqlite_master WHERE name IN ({marks})", TABLES).fetchall()  # noqa: S608 - marks
    if [kind for (kind,) in kinds] != [b"table"] * len(TABLES):
        raise WrongError("这不是衔接账本的数据库,或者表被换过")
    (origin,) = raw.execute("SELECT value FROM ledger_info WHERE name = 'origin'").fetchone() or (b"",)
    return origin.decode(), sqlite_batches(raw)


def sqlite_batches(raw: sqlite3.Connection) -> Iterator[tuple[Batch, Iterable[Event]]]:
    last = 0
    for row in raw.execute(
        "SELECT id, key, input_hash, actor, command, document, first, last, recorded_at, checkpoint FROM batch"
        " ORDER BY id"
    ):
        batch = Batch(*row)
        events = raw.execute(
            "SELECT e.position, s.name, e.version, t.name, e.batch, e.state, e.leaf FROM event e"
            " LEFT JOIN stream s ON s.id = e.stream LEFT JOIN topic t ON t.id = e.topic"
            " WHERE e.position > ? AND e.position <= ? ORDER BY e.position",
            (last, batch.last),
        )
        yield batch, map(Event._make, events)
        last = max(last, batch.last)
    if (beyond := raw.execute("SELECT max(position) FROM event").fetchone()[0]) is not None and beyond > last:
        raise WrongError(f"第 {last} 号之后还有不属于任何批次的记录")


def from_raw(path: Path) -> Source:
    """Read the lines of ``xianjie export --raw``: a head line, then each batch followed by its events."""
    lines = (json.loads(line) for line in path.open("rb"))
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("format") != "xianjie.raw.1":
        raise WrongError("不是逐行导出的文件")
    return str(head["origin"]), raw_batches(lines)


def raw_batches(lines: Iterator[Any]) -> Iterator[tuple[Batch, Iterable[Event]]]:
    for said in lines:
        if "batch" not in said:
            raise WrongError("导出的一行看不懂")
        batch = Batch._make(one.encode() if isinstance(one, str) else one for one in map(said.get, COLUMNS))
        yield batch, map(raw_event, itertools.islice(lines, max(0, batch.last - batch.first + 1)))


def raw_event(said: Any) -> Event:  # noqa: ANN401 - whatever JSON can say
    state = unbase64(said["state_base64"]) if "state_base64" in said else said["state"].encode()
    names = said["stream"].encode(), said["topic"].encode()
    return Event(int(said["position"]), names[0], int(said["version"]), names[1], None, state, None)


# --- the whole ledger -----------------------------------------------------------------------------------------------


class Ledger:
    """Recomputes everything that the checkpoints stand for, batch by batch."""

    def __init__(self, origin: str, keys: list[Key], saved: list[Head]) -> None:
        self.origin, self.keys, self.saved = origin, keys, saved
        self.tree = Tree()
        self.signed = 0
        self.wrong: list[str] = []
        self._last: Batch | None = None
        self._versions: dict[bytes, int] = {}
        self._roots = {0: self.tree.root()}

    def take(self, batch: Batch, events: Iterable[Event]) -> None:
        """Check one batch and its events."""
        last = self._last
        expected = (last.number + 1, last.last + 1, max(last.recorded_at, batch.recorded_at)) if last else (1, 1, b"")
        if (batch.number, batch.first) != expected[:2] or batch.recorded_at < expected[2]:
            self.wrong.append(f"第 {batch.number} 批的编号、起点或时间不对")
        self._last = batch
        for event in events:
            self._event(batch, event)
        text = batch.checkpoint.decode()
        head = Head(self.origin, batch.last, self.tree.root())
        if split_note(text)[0] != head_text(head) or self.tree.size != batch.last:
            self.wrong.append(f"第 {batch.number} 批(到第 {batch.last} 号)的检查点与重算的不符")
        elif self.keys:
            try:
                self.signed += bool(signers_of(text, self.keys))
            except WrongError as error:
                self.wrong.append(f"第 {batch.number} 批(到第 {batch.last} 号):{error}")

    def _event(self, batch: Batch, event: Event) -> None:
        position, wrong = event.position, self.wrong
        if position != self.tree.size + 1 or event.batch not in (None, batch.number):
            wrong.append(f"第 {position} 号记录:序号不连续,或不属于第 {batch.number} 批")
        known = self._versions.get(event.stream)
        if event.version not in ((0, 1) if known is None else (known + 1,)):
            wrong.append(f"第 {position} 号记录:所属流的版本不连续")
        self._versions[event.stream] = event.version
        leaf = leaf_of(record_of(batch, event))
        if event.leaf not in (None, leaf):
            wrong.append(f"第 {position} 号记录的内容与当时的散列值不符")
        self.tree.add(leaf)
        if any(one.size == self.tree.size for one in self.saved):
            self._roots[self.tree.size] = self.tree.root()

    def end(self) -> None:
        """Compare with the checkpoints that were kept elsewhere."""
        for one in self.saved:
            if one.origin != self.origin or self._roots.get(one.size) != one.root:
                self.wrong.append(f"与另存的检查点(第 {one.size} 号)不符:历史被改写或截短")


def check_ledger(path: Path, *, raw: bool, keys: list[Key], saved: list[Head]) -> Ledger:
    origin, batches = from_raw(path) if raw else from_sqlite(path)
    ledger = Ledger(origin, keys, saved)
    for batch, events in batches:
        ledger.take(batch, events)
    ledger.end()
    return ledger


def check_proof(text: str, saved: list[Head]) -> tuple[str, list[str]]:
    """Check a proof file; return its checkpoint, and what was proved."""
    top, blank, note = text.partition("\n\n")
    lines, head = top.split("\n"), head_in(note)
    if not blank:
        raise WrongError("证明文件看不懂")
    if lines[0].startswith("old "):
        old = [one for one in saved if one.origin == head.origin and f"old {one.size}" == lines[0]]
        if not old:
            raise WrongError(f"请用 --checkpoint 给出开头的那个检查点({lines[0]})")
        check_growth(old[0], head, [unbase64(line) for line in lines[1:]])
        return note, [f"从第 {old[0].size} 号的检查点起,历史没有改写过"]
    extra = unbase64(lines.pop(1)[6:]) if len(lines) > 1 and lines[1].startswith("extra ") else b""
    if len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise WrongError("证明文件看不懂")
    index = number_in(lines[1][6:])
    check_inclusion(leaf_of(extra), index, head, [unbase64(line) for line in lines[2:]])
    if saved and head not in saved:
        raise WrongError("证明不是以手中的检查点为准的")
    if extra[:24] != b"xianjie.event.1\n" + struct.pack(">Q", index + 1):
        raise WrongError("记录的序号与证明的不同")
    return note, [f"第 {index + 1} 号记录在账上,内容:", extra[24:].decode(errors="replace")]


# --- notices --------------------------------------------------------------------------------------------------------

MEASURES = {
    "planned": ("project", {"project.planned": 1, "project.cancelled": -1, "project.replaced": -1}, "planned_fen"),
    "funded": ("project", {"project.funded": 1, "project.withdrawn": -1}, "amount_fen"),
    "withdrawn": ("project", {"project.withdrawn": 1}, "amount_fen"),
    "released": ("project", {"project.released": 1, "project.release_returned": -1}, "amount_fen"),
    "paid": ("project", {"project.paid": 1, "project.refunded": -1}, "amount_fen"),
    "reimbursed": ("project", {"project.reimbursed": 1}, "amount_fen"),
    "settled": ("project", {"project.settled": 1}, "settled_fen"),
    "gross": ("scheme", {"income.posted": 1}, "amount_fen"),
    "cost": ("scheme", {"income.cost_posted": 1}, "amount_fen"),
    "given": ("scheme", {"income.distribution_paid": 1}, "amount_fen"),
    "allotted": ("scheme", {"income.distribution_planned": 1}, "lines"),
    "undistributed": (
        "scheme",
        {"income.distribution_planned": 1, "income.posted": 1, "income.cost_posted": -1},
        "amount_fen",
    ),
    "value": (
        "asset",
        {
            **dict.fromkeys(("asset.identified", "asset.split_off", "asset.value_finalised", "asset.value_added"), 1),
            "asset.difference_approved": 1,
            "asset.merged_from": 1,
            "asset.split": -1,
            "asset.merged_into": -1,
        },
        "change_fen",
    ),
}
"""By measure: what it is of, the topics of its entries and their signs, the field of the amount, but for OTHERWISE."""
OTHERWISE = {
    ("undistributed", "income.distribution_planned"): "undistributed_fen",
    **{("value", topic): "value_fen" for topic in ("asset.identified", "asset.split_off", "asset.merged_into")},
}
DAYS = {f"{name}_on": f"project.{name}" for name in ("started", "completed", "accepted", "listed")}
"""The columns of days, and the one topic whose day each is."""
FIELDS = {
    **dict.fromkeys((*DAYS, "day", "since"), ("effective_on",)),
    "kind": ("@kind",),
    "state": ("@state",),
    "change": ("cause", "@change"),
    "receiver": ("project", "child_area"),
    "receiver_name": ("name", "project", "child_unit", "child_area"),
    "unit": ("unit", "child_unit"),
    "source_document": ("document",),
    "year": ("project_year",),
    "owner": ("@owners",),
    "holder": ("@holder",),
    "share": ("@share",),
}
"""What a column may be told by, where that is not the field of its own name."""
CODED = {
    "@kind": "分配方式",
    "@change": "调整事项",
    "cause": "调出原因",
    "@state": "进展",
    "child_area": "分配到",
    "town": "乡镇",
    "village": "村",
    "project_type": "项目类型",
    "build_kind": "建设性质",
    "fund_kind": "资金种类",
    "level": "级次",
    "direction": "任务方向",
    "right": "权利",
    "status": "权利状态",
    "holder_kind": "权利人类别",
    "asset_class": "资产类别",
    "asset_form": "资产形态",
}
"""The fields that hold codes. The words for them come with the proofs: they are shown to whoever checks."""
LEVELS = ("central", "provincial", "city", "county")
MEASURED = {
    "amount_fen": ("funded", "withdrawn"),
    "planned_fen": ("planned", "allotted"),
    "paid_fen": ("paid", "given"),
    **{f"{level}_fen": ("funded",) for level in (*LEVELS, "other")},
}
"""The measures that a column of money may add up, where it is not that of its own name."""


Thing = tuple[str, str]


class Entry(NamedTuple):
    topic: str
    said: dict[str, Any]


class Notice:
    """A notice, and the file that proves it: what each cell says against what the entries say."""

    def __init__(self, notice: dict[str, Any], proofs: dict[str, Any]) -> None:
        self.notice, self.lines = notice, proofs["lines"]
        self.words = {name: dict(words) for name, words in proofs.get("words", {}).items() if name in CODED}
        self.head = head_in(proofs["checkpoint"])
        hashes = [unbase64(one) for one in proofs.get("hashes", ())]
        self.entries = {number_in(at): self._entry(at, one, hashes) for at, one in proofs.get("entries", {}).items()}
        self.wrong: list[str] = []
        self.told = self.added = 0
        self.open: dict[str, int] = {}

    def _entry(self, at: str, entry: dict[str, Any], hashes: list[bytes]) -> Entry:
        record, index = unbase64(entry["record"]), number_in(at) - 1
        check_inclusion(leaf_of(record), index, self.head, [hashes[number] for number in entry["path"]])
        if record[:24] != b"xianjie.event.1\n" + struct.pack(">Q", index + 1):
            raise WrongError(f"第 {at} 号记录的序号与凭据的不同")
        parts, rest = [], record[32:]
        while rest:
            length = int.from_bytes(rest[:4], "big")
            parts.append(rest[4 : 4 + length])
            rest = rest[4 + length :]
        return Entry(parts[1].decode(), json.loads(parts[3]))

    def check(self) -> None:
        """Compare line by line, and add up the totals."""
        about, lines = self.notice, self.notice["lines"]
        if about["origin"] != self.head.origin or not about["position"] <= self.head.size:
            self.wrong.append("公告与凭据不是同一本账的,或凭据更早")
        if about["position"] == self.head.size and unbase64(about["root"]) != self.head.root:
            self.wrong.append("公告上的根值与检查点的不同")
        if len(lines) != len(self.lines):
            self.wrong.append(f"公告有 {len(lines)} 行,凭据是 {len(self.lines)} 行的")
        # Python 3.9 knows no `strict`; that the numbers differ was just said.
        for number, (line, how) in enumerate(zip(lines, self.lines), 1):  # noqa: B905 - as above
            kind, code = how["thing"]
            if code not in (*line.values(), *about["subjects"]):
                self.wrong.append(f"第 {number} 行:凭据是另一个对象的({code})")
            for column in about["columns"]:
                key = column["key"]
                self._cell(number, column, line[key], how["cells"].get(key, {}), (kind, code))
        for key, total in about["totals"].items():
            if sum(line[key] or 0 for line in lines) != total:
                self.wrong.append(f"合计({key})与各行之和不符")

    def _cell(self, number: int, column: dict[str, Any], value: Any, how: dict[str, Any], thing: Thing) -> None:  # noqa: ANN401 - text, number, None
        key, where, proved = column["key"], f"第 {number} 行“{column['name']}”", False
        if "at" in how:
            proved, self.told = True, self.told + 1
            if self._told(key, how, thing, column["kind"]) != ("" if value is None else value):
                self.wrong.append(f"{where}写的是“{value}”,第 {how['at']} 号记录不是这样说的")
        if how.get("sum"):
            proved, self.added = True, self.added + 1
            if self._sum(key, how, thing) != value:
                self.wrong.append(f"{where}写的是 {value} 分,不是所列记录之和")
        if not proved and value not in ("", None):
            self.open[column["name"]] = self.open.get(column["name"], 0) + 1

    def _told(self, key: str, how: dict[str, Any], thing: Thing, kind: str) -> Any:  # noqa: ANN401 - text or a number
        """Return what the entry says of the thing, or None where it cannot be what tells this column."""
        entry, way = self.entries.get(how["at"]), [self.entries.get(at) for at in how.get("via", (how["at"],))]
        if entry is None or way[-1] is not entry or not way[0] or way[0].said.get(thing[0]) != thing[1]:
            return None
        tranche = way[0].said.get("tranche")
        for each in way[1:]:
            if each is None or each.said.get("tranche") != tranche:
                return None
            tranche = each.said.get("parent")
        if how["field"] not in FIELDS.get(key, (key,)) or DAYS.get(key, entry.topic) != entry.topic:
            return None
        return self._said(how["field"], entry, how.get("nth", 0), kind)

    def _said(self, field: str, entry: Entry, nth: int, kind: str) -> Any:  # noqa: ANN401 - as above
        if field in ("@owners", "@holder", "@share"):
            held = self._holders(entry.said)
            if field == "@owners":
                return "、".join(who if share in ("", "1/1") else f"{who}({share})" for who, share in held)
            return held[nth][field == "@share"]
        if field.startswith("@"):
            return self.words[field][entry.topic]
        value = entry.said.get(field, 0 if kind in ("fen", "count") else "")
        return value if isinstance(value, int) else self.words.get(field, {}).get(value, value)

    def _holders(self, said: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the holders as the public may see them: households together, with their number."""
        if said["status"] != "held":
            return [(self.words["status"].get(said["status"], said["status"]), "")]
        kinds, shown, homes = self.words["holder_kind"], [], []
        for each in said.get("holdings", ()):
            share = Fraction(each["numerator"], each["denominator"])
            if each["kind"] == "household":
                homes.append(share)
            else:
                name = each.get("name") or f"{kinds[each['kind']]}({each['holder']})"
                shown.append((name, f"{share.numerator}/{share.denominator}"))
        if homes:
            share = sum(homes, Fraction(0))
            shown.append((f"{kinds['household']} {len(homes)} 户", f"{share.numerator}/{share.denominator}"))
        return shown

    def _sum(self, key: str, how: dict[str, Any], thing: Thing) -> int | None:
        """Return the sum over the entries, or None where one is not of this thing, measure and level."""
        measure, level, positions = how["measure"], how["level"], how["sum"]
        own = key[: -len("_fen")]
        if measure not in MEASURED.get(key, (own,)) or level != (own if own in LEVELS else ""):
            return None
        if len(set(positions)) < len(positions) or not self.entries.keys() >= set(positions):
            return None
        of, topics, field = MEASURES[measure]
        total = 0
        for at in positions:
            topic, said = self.entries[at]
            if topic not in topics or (of, said.get(of)) != thing or (level and said.get("level") != level):
                return None
            amount = said.get(OTHERWISE.get((measure, topic), field), 0)
            total += topics[topic] * (sum(each["amount_fen"] for each in amount) if field == "lines" else amount)
        return total

    def found(self, raw: bytes) -> list[str]:
        """Return what holds, and what was not looked at."""
        about = self.notice
        open_cells = ";".join(f"{name} {count} 格" for name, count in self.open.items())
        compared = f"{len(about['lines'])} 行中 {self.told} 格与记录一致,{self.added} 个金额由记录相加得出"
        shown = [
            f"{CODED[name]}:{'、'.join(f'{code}={zh}' for code, zh in words.items() if code)}"
            for name, words in self.words.items()
            if any(words)
        ]
        return [
            f"{about['title']}(截至 {about['as_of']},账本第 {about['position']} 号)",
            f"内容指纹 {hashlib.sha256(raw).hexdigest()}",
            f"{len(self.entries)} 条记录都在检查点之下;{compared}",
            f"没有记录可比、未核验:{open_cells or '无'};标题、说明和有没有漏列也未核验",
            *(f"用语 {each}" for each in shown),
        ]


def check_notice(path: Path, proofs: Path | None) -> tuple[str, list[str], list[str]]:
    """Check a notice against the file that proves it; return its checkpoint, what holds, and what does not."""
    if proofs is None:
        raise WrongError("请用 --proofs 给出这份公告的凭据文件(.proofs.json)")
    text = read(path)
    notice, given = json.loads(text), json.loads(read(proofs))
    if (notice.get("format"), given.get("format")) != ("xianjie.extract.1", "xianjie.proofs.1"):
        raise WrongError("不是公告的定稿和它的凭据")
    checked = Notice(notice, given)
    checked.check()
    return given["checkpoint"], checked.found(text.encode()), checked.wrong


# --- the command ----------------------------------------------------------------------------------------------------


def read(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise WrongError("文件太大")
    return raw.decode()


def run(path: Path, keys: list[Key], saved: list[Head], proofs: Path | None) -> tuple[list[str], list[str]]:
    """Return what was found to hold, and what was not."""
    with path.open("rb") as file:
        start = file.read(40)
    begins = start[:16]
    if b'"xianjie.extract.' in start:
        note, found, wrong = check_notice(path, proofs)
        return [*found, *trusted(note, keys, saved)], wrong
    if begins == b"SQLite format 3\x00" or begins.startswith(b"{"):
        ledger = check_ledger(path, raw=begins.startswith(b"{"), keys=keys, saved=saved)
        found = [head_text(Head(ledger.origin, ledger.tree.size, ledger.tree.root())).strip()]
        found.append(f"重算了 {ledger.tree.size} 条记录")
        return [*found, f"{ledger.signed} 批的签名相符" if keys else "没有核对签名(没有给出 --keys)"], ledger.wrong
    text = read(path)
    if begins.startswith((b"c2sp.org/", b"old ")):
        note, found = check_proof(text, saved)
    else:
        note, found = text, []
    return [*found, *trusted(note, keys, saved, grown=begins.startswith(b"old "))], []


def trusted(note: str, keys: list[Key], saved: list[Head], *, grown: bool = False) -> list[str]:
    """Return the checkpoint and who signed it; it must be one that is known: saved, grown out of one, or signed."""
    if saved and not grown and head_in(note) not in saved:
        raise WrongError("与另存的检查点不是同一个")
    if not keys and not saved:
        raise WrongError("请给出 --keys 或 --checkpoint,否则检查点本身无从相信")
    signers = [f"签名相符:{name}" for name in signers_of(note, keys)] if keys else []
    return [head_text(head_in(note)).strip(), *signers]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="不用原程序,独立核验衔接账本的账本文件、逐行导出、公告、证明和检查点")
    parser.add_argument("file", type=Path, help="账本 .db、逐行导出、公告定稿 .json、.tlog-proof 或检查点文件")
    parser.add_argument("--proofs", type=Path, help="公告的凭据文件 .proofs.json")
    parser.add_argument("--keys", type=Path, help="公钥文件,每行一把")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="另存的检查点,可多次")
    given = parser.parse_args(arguments)
    try:
        keys = keys_in(read(given.keys)) if given.keys else []
        found, wrong = run(given.file, keys, [head_in(read(one)) for one in given.checkpoint], given.proofs)
    except (WrongError, OSError, sqlite3.Error) as error:
        found, wrong = [], [str(error)]
    except (LookupError, ValueError, TypeError, AttributeError, struct.error, OverflowError, RecursionError) as error:
        found, wrong = [], [f"文件的内容看不懂({type(error).__name__})"]
    print("\n".join([*found, *(f"问题:{one}" for one in wrong[:SHOWN])]))
    print(f"结论:发现 {len(wrong)} 处问题" if wrong else "结论:未发现问题")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
