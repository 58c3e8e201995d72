"""``xianjie vault``: personal data beside the ledger: entered, shown for a purpose, erased for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.context import Settings, answer_options, format_option, open_log, with_settings
from cli.help import Noun
from cli.output import Table, fields_table, show
from cli.params import FILE, TEXT, Choice
from cli.passphrases import ask_new_passphrase
from cli.vaults import Place, opened_vault, place_options, read_people, typed_person, unlocked
from ledger.errors import TamperedError, ValueRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.application import Submission
    from ledger.events import PrivateField

__all__ = ["vault"]

_KIND_WORDS = {"household": "户", "person": "人"}
_reference = click.argument("ref", metavar="编号", type=TEXT)
_document = click.option("--doc", "document", type=TEXT, default="", help="依据文件的文号")
_key = click.option("--key", type=TEXT, help="提交键:同一键、同一内容重复提交只记一次")


@click.group(cls=Noun, help="保密库:个人信息的登记、查看、删除、核验(账本里只有编号)")
def vault() -> None:
    """Personal data."""


@vault.command(help="新建保密库和它的密钥文件;口令提示输入,忘了就打不开")
@place_options
@format_option
@with_settings
def init(settings: Settings, place: Place) -> None:
    """Make an empty vault for this ledger."""
    from ledger.database import read_transaction
    from ledger.log.schema import origin_of
    from ledger.vault.store import create_vault

    with open_log(settings) as engine, read_transaction(engine) as connection:
        origin = origin_of(connection)
    path, key_file = place.vault(settings), place.key_file(settings)
    create_vault(path, key_file, origin, ask_new_passphrase())
    notes = ["密钥文件和口令请分开保管,各留一份备份:少了任何一样,里面的内容谁也读不出来"]
    pairs = [("保密库", str(path)), ("密钥文件", str(key_file))]
    show(settings.format, {"vault": str(path), "key_file": str(key_file)}, fields_table("保密库已新建", pairs, notes))


@vault.command(help="登记一户或一人(提示输入),或一个 CSV 文件里的许多人;得到编号")
@click.option("--file", "file", type=FILE, help="CSV 文件,首行为列名:类别、姓名、身份证号、电话、银行账号、住址")
@click.option("--kind", type=Choice(_KIND_WORDS), default="household", help="household(户,默认)或 person(人)")
@_document
@_key
@place_options
@format_option
@with_settings
def add(settings: Settings, place: Place, *, file: Path | None, kind: str, document: str, key: str | None) -> None:
    """Enter people into the vault, and commitments to their data into the log."""
    people = read_people(file, kind) if file else None
    with unlocked(settings, place) as custody:
        entries = people or [typed_person(kind)]
        refs = custody.register(entries, _submission(settings, "vault add", document, key))
    records = [{"where": entry.where, "ref": ref} for entry, ref in zip(entries, refs, strict=True)]
    rows = [[each["where"], each["ref"]] for each in records]
    show(settings.format, records, Table(("来自", "编号"), rows, title=f"已登记 {len(refs)} 个编号"))


@vault.command("show", help="查看一个编号的个人信息,默认打码;查看的人、用途先记入账本")
@_reference
@click.option("--purpose", type=TEXT, required=True, help="用途,会记入账本")
@click.option("--field", "fields", type=TEXT, multiple=True, help="只看这一项,如 电话;可以写几次")
@click.option("--unmask", is_flag=True, help="显示全文,不打码")
@_document
@place_options
@answer_options
@with_settings
def show_(
    settings: Settings, place: Place, ref: str, purpose: str, fields: tuple[str, ...], *, unmask: bool, document: str
) -> None:
    """Show what the vault holds of a subject, after recording who asked for it and why."""
    from ledger.vault.values import LABELS

    with opened_vault(settings, place, signed=False) as (_, kept):
        held: list[Any] = [name for each in kept.subjects() if each.ref == ref for name in each.fields]
    wanted = [_field(text) for text in fields] or held or ["name"]
    with unlocked(settings, place) as custody:
        values = custody.read(ref, wanted, purpose, _submission(settings, "vault show", document), unmask=unmask)
    pairs = [(LABELS[name], value) for name, value in values.items()]
    show(settings.format, {"ref": ref, "unmasked": unmask, "fields": values}, fields_table(ref, pairs))


@vault.command(help="依法删除一个编号的个人信息:不能恢复;账本仍可核验")
@_reference
@click.option("--basis", type=TEXT, required=True, help="法律依据或本人申请,会记入账本")
@click.option("--yes", is_flag=True, help="不再询问")
@_document
@place_options
@format_option
@with_settings
def erase(settings: Settings, place: Place, ref: str, basis: str, *, yes: bool, document: str) -> None:
    """Erase values, salts and key of a subject."""
    from ledger.vault.custody import Custody

    if not yes and not click.confirm(f"删除 {ref} 的个人信息,不能恢复。确定吗", err=True):
        raise click.Abort
    with opened_vault(settings, place) as (ledger, kept):
        waiting = Custody(ledger, kept).erase(ref, basis, _submission(settings, "vault erase", document))
    if waiting:
        note = f"删除须另一人批准。批准后请再运行一次:xianjie vault erase {ref} --basis …"
        pairs = [("编号", ref), ("提议", waiting)]
        data = {"ref": ref, "erased": False, "proposal": waiting}
        show(settings.format, data, fields_table("已提出,还没有删除", pairs, [note]))
        return
    note = "备份里的保密库仍有旧内容,请按备份保管办法到期销毁"
    show(settings.format, {"ref": ref, "erased": True}, fields_table("已删除", [("编号", ref)], [note]))


@vault.command("list", help="列出编号和登记了哪些项目(不显示内容,不需要口令)")
@place_options
@answer_options
@with_settings
def list_(settings: Settings, place: Place) -> None:
    """List references."""
    from ledger.vault.values import LABELS

    with opened_vault(settings, place, signed=False) as (_, kept):
        subjects = kept.subjects()
    records = [{"ref": s.ref, "kind": s.kind, "fields": list(s.fields), "kept": s.kept} for s in subjects]
    rows = [
        [
            each.ref,
            _KIND_WORDS.get(each.kind, each.kind),
            "、".join(LABELS.get(name, name) for name in each.fields),
            "" if each.kept else "登记没有完成",
        ]
        for each in subjects
    ]
    show(settings.format, records, Table(("编号", "类别", "项目", "备注"), rows))


@vault.command(help="逐项解密,与账本里的承诺值比对;发现问题时退出码为 5")
@place_options
@answer_options
@with_settings
def verify(settings: Settings, place: Place) -> None:
    """Compare every value of the vault with the log."""
    with unlocked(settings, place, signed=False) as custody:
        findings = custody.verify()
    records = [{"ref": each.subject, "kind": each.kind, "message": each.message} for each in findings]
    note = [] if findings else ["保密库与账本一致"]
    rows = [[each.subject, each.message] for each in findings]
    show(settings.format, {"ok": not findings, "findings": records}, Table(("编号", "问题"), rows, notes=note))
    if findings:
        raise TamperedError(
            "vault.findings", f"保密库有 {len(findings)} 处与账本不一致", hint="请保留保密库文件,查明原因,由备份恢复"
        )


def _submission(settings: Settings, command: str, document: str, key: str | None = None) -> Submission:
    from ledger.application import Submission

    return Submission(settings.actor, command, document, key)


def _field(text: str) -> PrivateField:
    from ledger.vault.values import FIELDS, LABELS

    for name in FIELDS:
        if text in (name, LABELS[name]):
            return name
    raise ValueRefusedError("vault.bad_field", "没有这一项", hint=f"可选:{'、'.join(LABELS.values())}", where="--field")
