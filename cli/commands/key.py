"""``xianjie key``: keys of persons, made by themselves and enrolled by administrators."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click

from cli.context import Settings, answer_options, format_option, open_log, with_settings
from cli.help import Noun
from cli.output import Table, fields_table, show
from cli.params import FILE, TEXT, WHOLE
from cli.recording import Entry, write_options

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["key"]


@click.group(cls=Noun, help="密钥:新建、登记、吊销、列出")
def key() -> None:
    """Keys."""


@key.command(help="新建自己的密钥文件(问两遍口令),公钥另写入“文件.pub”,交系统管理员登记")
@click.argument("person", metavar="人员编号", type=TEXT)
@click.option("--out", type=FILE, required=True, help="密钥文件,不覆盖已有的")
@format_option
@with_settings
def new(settings: Settings, person: str, *, out: Path) -> None:
    """Make a key file."""
    from cli.audit.files import write_new
    from cli.passphrases import ask_new_passphrase
    from ledger.keyfile import create_key_file
    from ledger.transparency.note import Key

    # The mark keeps the keys of one person apart; a name never comes back.
    signer = create_key_file(out, f"xianjie/{person}-{secrets.token_hex(4)}", person, ask_new_passphrase())
    public = str(Key(signer.name, signer.public_key))
    public_file = out.with_name(f"{out.name}.pub")
    write_new(public_file, f"{public}\n".encode())
    data = {"person": person, "public_key": public, "file": str(out), "public_file": str(public_file)}
    pairs = [("人员", person), ("密钥文件", str(out)), ("公钥文件", str(public_file)), ("公钥", public)]
    show(settings.format, data, fields_table("", pairs))


@key.command(help="登记某人的公钥,须另一名系统管理员批准")
@click.argument("person", metavar="人员编号", type=TEXT)
@click.option("--public", "public_file", type=FILE, required=True, help="公钥文件(key new 写的“文件.pub”)")
@click.option("--device", type=TEXT, help="放在哪台设备上")
@write_options
def enrol(entry: Entry, person: str, *, public_file: Path, device: str | None) -> None:
    """Enrol a key."""
    from cli.people import read_public_key
    from ledger.domain.enrolment import EnrolKey

    entry.record(EnrolKey, {"person": person, "key": read_public_key(public_file), "device": device})


@key.command(help="吊销一把密钥(须写 --reason);一名系统管理员即可")
@click.argument("name", metavar="密钥名称", type=TEXT)
@click.option("--not-trusted-since", "not_trusted_since", type=WHOLE, help="从第几号记录起不可信,须重新确认")
@write_options
def revoke(entry: Entry, name: str, **values: object) -> None:
    """Revoke a key."""
    from ledger.domain.enrolment import RevokeKey

    entry.record(RevokeKey, {"key": name, **values})


@key.command("list", help="列出在用的和已吊销的密钥")
@answer_options
@with_settings
def list_(settings: Settings) -> None:
    """List all keys."""
    from cli.people import read_people

    with open_log(settings) as engine:
        people = read_people(engine)
    keys = [
        *({"key": text, "person": owner, "state": "valid", "reason": ""} for text, owner in people.keys.items()),
        *(
            {"key": text, "person": gone.person, "state": "revoked", "reason": gone.reason}
            for text, gone in people.revoked.items()
        ),
    ]
    words = {"valid": "在用", "revoked": "已吊销"}
    rows = [[each["key"].partition("+")[0], each["person"], words[each["state"]], each["reason"]] for each in keys]
    show(settings.format, {"keys": keys}, Table(("名称", "人员", "状态", "吊销原因"), rows))
