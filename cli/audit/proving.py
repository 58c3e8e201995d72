"""``xianjie audit prove`` and ``check``: proof for people who do not have the ledger, and how they check it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import click

from cli.audit.files import read_checkpoint, read_keys, read_text, write_new
from cli.context import Settings, answer_options, format_option, open_log, with_settings
from cli.help import Verb
from cli.output import fields_table, show
from cli.params import FILE, WHOLE
from cli.words import beijing, topic_name
from ledger.errors import ProofError
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import COSIGNATURE, Note
from ledger.transparency.proof_file import EntryProof, GrowthProof, parse_proof

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check", "prove", "verifier"]

_SHOWN: Final = ("position", "version", "stream", "topic", "batch", "actor", "command", "document", "recorded_at")


@click.command(cls=Verb, help="出具证明:给序号,证明这条记录在账上;给 --from,证明账本从那个检查点起没有改写过")
@click.argument("position", metavar="[序号]", type=WHOLE, required=False)
@click.option("--from", "older", type=FILE, help="对方手中的旧检查点文件")
@click.option("--checkpoint", "newer", type=FILE, help="以这个检查点为准(如见证加签过的),默认为账本末尾")
@click.option("-o", "--out", type=FILE, required=True, help="存为新文件,如 证明.tlog-proof")
@format_option
@with_settings
def prove(settings: Settings, position: int | None, *, older: Path | None, newer: Path | None, out: Path) -> None:
    """Write a proof of one entry, or of growth from an older checkpoint."""
    from ledger.database import read_transaction
    from ledger.log.proving import prove_entry, prove_growth

    note = read_checkpoint(newer)[1] if newer else ""
    old = read_checkpoint(older)[0] if older else None
    proof: EntryProof | GrowthProof
    with open_log(settings) as engine, read_transaction(engine) as connection:
        if position is not None and old is None:
            proof, about = prove_entry(connection, position, note), f"第 {position} 号记录在账上"
        elif position is None and old is not None:
            proof, about = prove_growth(connection, old, note), f"第 1 至 {old.size} 号自那时起没有改写过"
        else:
            raise click.BadArgumentUsage("要么给一个序号,要么给 --from 检查点文件")
    write_new(out, str(proof).encode())
    size = Checkpoint.parse(proof.checkpoint).size
    data = {"file": str(out), "position": position, "from": old and old.size, "size": size, "hashes": len(proof.path)}
    pairs = [("证明", about), ("截至", f"第 {size} 号"), ("散列值", f"{len(proof.path)} 个"), ("文件", str(out))]
    show(settings.format, data, fields_table("", pairs))


@click.command(cls=Verb, help="核对证明文件或检查点:只用手中的公钥或另存的检查点,不需要账本")
@click.argument("file", metavar="文件", type=FILE)
@click.option("--keys", "key_file", type=FILE, help="公钥文件(每行一把):检查点须由其中至少一把签过名")
@click.option("--checkpoint", "saved", type=FILE, help="手中另存的检查点:证明须以它为准,或从它开始")
@answer_options
@with_settings
def check(settings: Settings, file: Path, *, key_file: Path | None, saved: Path | None) -> None:
    """Check a proof, a checkpoint, or both, without the ledger."""
    if key_file is None and saved is None:
        raise click.BadOptionUsage("--keys", "须给 --keys 或 --checkpoint")
    content = read_text(file)
    known = read_checkpoint(saved)[0] if saved else None
    proof = parse_proof(content)
    if isinstance(proof, EntryProof):
        found, data = proof.verify(), _record_in(proof)
    elif isinstance(proof, GrowthProof):
        if known is None:
            raise click.BadOptionUsage("--checkpoint", "须给 --checkpoint:证明从哪个检查点开始")
        found, data, known = proof.verify(known), {"from": known.size}, None
    else:
        found, data = Checkpoint.parse(content), {}
    if known is not None and found != known:
        raise ProofError(
            "proof.other_checkpoint",
            f"文件以第 {found.size} 号的检查点为准,与手中的(第 {known.size} 号)不是同一个",
            hint="请向出具单位索取以手中检查点为准的证明,或两个检查点之间的证明(audit prove --from)。",
            where=str(file),
        )
    signed = _signatures(proof.checkpoint if proof else content, key_file)
    data |= {"ok": True, "origin": found.origin, "size": found.size, "root": found.root.hex(), "signatures": signed}
    show(settings.format, data, fields_table("", _pairs(data)))


def _record_in(proof: EntryProof) -> dict[str, Any]:
    from ledger.log.record import parse_record

    record = parse_record(proof.record)
    if record.position != proof.index + 1:
        raise ProofError("record.malformed", f"记录写着第 {record.position} 号,证明的是第 {proof.index + 1} 号")
    shown = {name: getattr(record, name) for name in _SHOWN}
    return {"record": shown | {"state": record.state.decode(errors="replace")}}


def _signatures(text: str, key_file: Path | None) -> list[dict[str, Any]]:
    if key_file is None:
        return []
    note = Note.parse(text) if "\n\n" in text else Note(text)
    return [
        {"name": key.name, "witness_time": signature.moment if key.kind == COSIGNATURE else None}
        for key, signature in note.verify(read_keys(key_file))
    ]


def _pairs(data: dict[str, Any]) -> list[tuple[str, str]]:
    record = data.get("record", {})
    signers = "、".join(f"{one['name']}{'(见证)' if one['witness_time'] else ''}" for one in data["signatures"])
    return [
        ("记录", f"第 {record['position']} 号,{topic_name(record['topic'])},{record['stream']}" if record else ""),
        ("经办", record.get("actor", "")),
        ("文号", record.get("document", "")),
        ("记账时间", beijing(record["recorded_at"]) if record else ""),
        ("内容", record.get("state", "")),
        ("从", f"第 {data['from']} 号" if "from" in data else ""),
        ("账本", data["origin"]),
        ("截至", f"第 {data['size']} 号"),
        ("签名", signers),
        ("结论", "证明成立" if record or "from" in data else "检查点相符"),
    ]


@click.command(cls=Verb, help="取出独立核验程序:一个文件,不用本程序也能核验账本、导出和证明")
@click.option("-o", "--out", type=FILE, required=True, help="存为新文件,如 verify.py")
@format_option
@with_settings
def verifier(settings: Settings, *, out: Path) -> None:
    """Write out the verifier that shares no code with this program."""
    from projections.verifier import verifier as handed_out

    content = handed_out()
    write_new(out, content)
    digest = sha256(content).hexdigest()
    pairs = [("文件", str(out)), ("SHA-256", digest), ("用法", f"python3 {out} --help")]
    show(settings.format, {"file": str(out), "sha256": digest}, fields_table("", pairs))
