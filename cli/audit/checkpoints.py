"""``xianjie audit checkpoint`` and ``anchor``: the three lines that pin the whole ledger, for those outside it."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final

import click

from cli.audit.files import read_checkpoint, write_new
from cli.context import Settings, answer_options, format_option, open_log, with_settings
from cli.help import Verb
from cli.output import fields_table, show
from cli.params import FILE
from cli.passphrases import unlock_file
from cli.words import beijing
from ledger.errors import ValueRefusedError
from ledger.transparency.checkpoint import Checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from ledger.log.reading import Head
    from ledger.signing import Signer

__all__ = ["anchor", "checkpoint"]

_GROUP: Final = 4
_GROUPS_IN_A_LINE: Final = 6
_PICTURES: Final = ("svg", "png")


@click.command(cls=Verb, help="印出账本末尾的检查点;可另存、加签、公布")
@click.option("-o", "--out", type=FILE, help="另存为新文件")
@click.option("--sign", "key_file", type=FILE, help="用这个密钥文件再加一行签名(会问口令)")
@click.option("--publish", is_flag=True, help="记为已公布:今后账本接不上它就拒绝记账和签发")
@click.option("--note", type=FILE, help="公布这个文件里的检查点(如见证单位加签过的),而不是账本末尾的")
@format_option
@with_settings
def checkpoint(
    settings: Settings, *, out: Path | None, key_file: Path | None, publish: bool, note: Path | None
) -> None:
    """Print, save, sign or publish a checkpoint; refuses one that contradicts what was published before."""
    given = read_checkpoint(note)[1] if note else ""
    signer = unlock_file(key_file) if key_file else None
    with open_log(settings) as engine:
        text = _checked(engine, given, signer, publish=publish)
    if out is not None:
        write_new(out, text.encode())
    data = _data_of(text) | {"published": publish, "file": str(out) if out else None}
    names = [each["name"] for each in data["signatures"]]
    pairs = [
        ("检查点", text.partition("\n\n")[0].strip()),
        ("签名", "\n".join(names) or "没有签名"),
        ("已公布", "是" if publish else ""),
        ("文件", str(out or "")),
    ]
    show(settings.format, data, fields_table("", pairs))


def _checked(engine: Engine, given: str, signer: Signer | None, *, publish: bool) -> str:
    """Return the checkpoint, signed if asked for, once it is proved to follow what was acknowledged and published."""
    from ledger.database import read_transaction
    from ledger.log.high_water import HighWater
    from ledger.log.published import Published
    from ledger.log.reading import head
    from ledger.log.schema import origin_of

    with read_transaction(engine) as connection:
        origin = origin_of(connection)
    water, published = HighWater(engine, origin), Published(engine, origin)
    saved, shown = water.read(), published.read()
    with read_transaction(engine) as connection:
        now = head(connection)
        water.check(connection, now, saved)
        published.check(connection, now, shown)
        text = _signed(connection, now, given or now.checkpoint, signer)
        if publish:
            published.publish(connection, now, text)
    return text


def _signed(connection: Connection, now: Head, text: str, signer: Signer | None) -> str:
    from ledger.log.published import refuse_foreign
    from ledger.log.signatures import signed_note
    from ledger.signing import sign_text

    refuse_foreign(connection, now, text)
    if signer is None:
        return text
    note = signed_note(text)
    return str(note.with_signature(sign_text(signer, note.text).signatures[0]))


def _data_of(text: str) -> dict[str, Any]:
    from ledger.log.signatures import signed_note

    found = Checkpoint.parse(text)
    return {
        "checkpoint": text,
        "origin": found.origin,
        "size": found.size,
        "root": b64encode(found.root).decode(),
        "signatures": [{"name": one.name, "key_id": one.key_id.hex()} for one in signed_note(text).signatures],
    }


@click.command(cls=Verb, help="供印在公告上的一段:记录数、日期、根值,可附二维码")
@click.option("--qr", type=FILE, help="把检查点的二维码存为 .svg 或 .png")
@click.option("--terminal", is_flag=True, help="在终端显示二维码")
@answer_options
@with_settings
def anchor(settings: Settings, *, qr: Path | None, terminal: bool) -> None:
    """Print what belongs at the foot of a public notice."""
    from ledger.database import read_transaction
    from ledger.log.reading import head

    with open_log(settings) as engine:
        text = _checked(engine, "", None, publish=False)
        with read_transaction(engine) as connection:
            moment = head(connection).recorded_at
    found = Checkpoint.parse(text)
    day = beijing(moment) if moment else ""
    if qr is not None:
        write_new(qr, _picture(str(found), qr))
    root = b64encode(found.root).decode()
    data = _data_of(text) | {"recorded_at": moment, "lines": _groups(root), "qr": str(qr) if qr else None}
    pairs = [
        ("账本", found.origin),
        ("记录", f"{found.size} 条"),
        ("截至", day),
        ("根值", "\n".join(_groups(root))),
        ("二维码", str(qr or "")),
    ]
    show(settings.format, data, fields_table("账本检查点(请原样印在公告末尾)", pairs))
    if terminal and settings.format == "table":
        click.echo(_terminal(str(found)))


def _groups(root: str) -> list[str]:
    """Return the root in groups of four, which people can read out and compare."""
    groups = [root[start : start + _GROUP] for start in range(0, len(root), _GROUP)]
    return [" ".join(groups[start : start + _GROUPS_IN_A_LINE]) for start in range(0, len(groups), _GROUPS_IN_A_LINE)]


def _picture(text: str, path: Path) -> bytes:
    import segno

    kind = path.suffix.lower().removeprefix(".")
    if kind not in _PICTURES:
        message = f"二维码不能存为“{path.name}”"
        raise ValueRefusedError("anchor.bad_picture", message, hint="文件名请以 .svg 或 .png 结尾。")
    buffer = io.BytesIO()
    segno.make_qr(text, error="m").save(buffer, kind=kind, scale=4, border=4)
    return buffer.getvalue()


def _terminal(text: str) -> str:
    import segno

    buffer = io.StringIO()
    segno.make_qr(text, error="m").terminal(buffer, compact=True)
    return buffer.getvalue().rstrip("\n")
