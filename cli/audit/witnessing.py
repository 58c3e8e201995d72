"""``xianjie audit witness``: a second office that has seen the log before puts its own signature under a checkpoint.

The witness keeps one file of its own, the last head it signed. It signs a new one only when that is proved to have
grown out of the old: so nobody can ever show it a rewritten history, and everybody who trusts the witness need not
trust the county.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.audit.files import read_keys, read_text, write_new
from cli.context import Settings, format_option, open_log, with_settings
from cli.help import Verb
from cli.output import fields_table, show
from cli.params import FILE, TEXT
from cli.passphrases import ask_new_passphrase, unlock_file
from ledger.dates import now_seconds
from ledger.errors import ProofError, StorageError, ValueRefusedError, system_reason
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import COSIGNATURE, Key, Note
from ledger.transparency.proof_file import EntryProof, GrowthProof, parse_proof

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["witness", "witness_key"]


@click.command(cls=Verb, help="见证:核对账本接得上上次见证过的,再在检查点上加签;接不上则拒绝,退出码为 5")
@click.argument("file", metavar="[文件]", type=FILE, required=False)
@click.option("--state", type=FILE, required=True, help="见证单位自己的存根文件:上次见证到哪里")
@click.option("--sign", "key_file", type=FILE, required=True, help="见证单位的密钥文件(会问口令)")
@click.option("--keys", "log_keys", type=FILE, help="账本一方的公钥文件:检查点须先由其中一把签过名")
@click.option("--first", is_flag=True, help="首次见证这本账,还没有存根")
@click.option("-o", "--out", type=FILE, required=True, help="加签后的检查点,存为新文件")
@format_option
@with_settings
def witness(
    settings: Settings,
    file: Path | None,
    *,
    state: Path,
    key_file: Path,
    log_keys: Path | None,
    first: bool,
    out: Path,
) -> None:
    """Cosign the checkpoint of a file (a proof of growth, or a bare checkpoint) or of the ledger of ``--db``."""
    last = _last_seen(state, first=first)
    proof = _from_file(file) if file is not None else _from_ledger(settings, last)
    found = _check(proof, last)
    note = Note.parse(proof.checkpoint) if "\n\n" in proof.checkpoint else Note(proof.checkpoint)
    if log_keys is not None:
        note.verify(read_keys(log_keys))
    signed = _cosigned(note, key_file)
    _remember(state, signed)
    write_new(out, str(signed).encode())
    data = {"file": str(out), "origin": found.origin, "size": found.size, "from": last.size if last else None}
    pairs = [
        ("账本", found.origin),
        ("见证", f"第 1 至 {found.size} 号" + (f",接得上上次的第 {last.size} 号" if last else "(首次)")),
        ("账本签名", "相符" if log_keys else "没有核对(没有给出公钥)"),
        ("文件", str(out)),
    ]
    show(settings.format, data, fields_table("", pairs))


@click.command(cls=Verb, help="新建见证用的密钥文件,印出公钥(口令输入两遍)")
@click.argument("name", metavar="名称", type=TEXT)
@click.option("-o", "--out", type=FILE, required=True, help="密钥文件")
@format_option
@with_settings
def witness_key(settings: Settings, name: str, *, out: Path) -> None:
    """Make the key of a witness."""
    from ledger.keyfile import create_key_file

    signer = create_key_file(out, name, name, ask_new_passphrase())
    public = str(Key(signer.name, signer.public_key, COSIGNATURE))
    pairs = [("公钥", public), ("文件", str(out))]
    show(settings.format, {"public_key": public, "file": str(out)}, fields_table("", pairs))


def _last_seen(state: Path, *, first: bool) -> Checkpoint | None:
    """Return what was witnessed last. A missing file is never taken for a first visit, unless that was said."""
    if first and not state.exists():
        return None
    if first:
        raise ValueRefusedError("witness.not_first", f"已有存根,不是首次见证:{state}", hint="请去掉 --first。")
    if not state.exists():
        raise ValueRefusedError(
            "witness.no_state", f"没有找到存根:{state}", hint="请核对路径;确是首次见证这本账,请加 --first。"
        )
    return Checkpoint.parse(read_text(state))


def _from_file(file: Path) -> GrowthProof:
    content = read_text(file)
    proof = parse_proof(content)
    if isinstance(proof, EntryProof):
        raise ProofError("proof.malformed", "这是一条记录的证明,见证要的是检查点", where=str(file))
    return proof or GrowthProof(Checkpoint.parse(content).size, (), content)


def _from_ledger(settings: Settings, last: Checkpoint | None) -> GrowthProof:
    from ledger.database import read_transaction
    from ledger.log.proving import prove_growth
    from ledger.log.reading import head

    with open_log(settings) as engine, read_transaction(engine) as connection:
        now = head(connection)
        return GrowthProof(now.position, (), now.checkpoint) if last is None else prove_growth(connection, last)


def _check(proof: GrowthProof, last: Checkpoint | None) -> Checkpoint:
    """Return the new checkpoint, once it is proved to have grown out of the last one. Raises ProofError."""
    found = Checkpoint.parse(proof.checkpoint)
    if last is not None:
        if found.origin == last.origin and found.size < last.size:
            raise ProofError(
                "witness.shorter",
                f"上次见证到第 {last.size} 号,这次只到第 {found.size} 号",
                hint="不要加签。账本变短了,或者拿来的是旧检查点;请对方说明。",
            )
        proof.verify(last)
    return found


def _cosigned(note: Note, key_file: Path) -> Note:
    from ledger.signing import cosign

    return cosign(unlock_file(key_file), note, now_seconds())


def _remember(state: Path, note: Note) -> None:
    """Keep the new head before its signature leaves the house: afterwards nothing older may be signed."""
    from ledger.log.outside import replace_file

    try:
        replace_file(state, str(note))
    except OSError as error:
        raise StorageError(
            "witness.state_not_saved", f"存根写不进:{state}({system_reason(error)})", hint="没有加签;请修好后重试。"
        ) from error
