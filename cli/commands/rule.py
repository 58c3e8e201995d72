"""``xianjie rule``: which rules are in force, since when, and from which source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of
from cli.output import Table, show
from cli.params import FILE, TEXT
from cli.recording import Entry, write_options
from cli.rule_tables import PURPOSES, pack_json, pack_tables
from ledger.characters import quoted
from ledger.errors import NotFoundError, StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from ledger.events import RulePackAdopted
    from ledger.rules.model import RulePack

__all__ = ["rule"]

_MOST_BYTES = 4_000_000


@click.group(cls=Noun, help="规则包:采用、查看、检查、历次")
def rule() -> None:
    """Rule packs."""


@rule.command(help="采用规则包:随程序提供的名称(如 base)或文件,自 --date 起生效")
@click.argument("pack", metavar="名称或文件", type=TEXT)
@write_options
def adopt(entry: Entry, pack: str) -> None:
    """Adopt a shipped pack or a file."""
    from ledger.domain.control import AdoptRules
    from ledger.rules.pack import shipped_packs

    shipped = shipped_packs()
    entry.record(AdoptRules, {"text": shipped[pack] if pack in shipped else _checked(Path(pack))[0]})


@rule.command("list", help="列出已采用的和随程序提供的规则包")
@answer_options
@with_settings
def list_(settings: Settings) -> None:
    """List adopted and shipped packs."""
    from ledger.rules.pack import parse_pack, shipped_packs

    records = [
        {
            "pack": event.pack,
            "version": event.version,
            "purpose": parse_pack(event.text, event.base).purpose,
            "adopted": True,
            "valid_from": event.effective_on.isoformat(),
            "position": position,
            "document": event.document,
        }
        for position, event in _adopted(settings)
    ]
    for text in shipped_packs().values():
        pack = parse_pack(text)
        shipped = {"pack": pack.pack, "version": pack.version, "purpose": pack.purpose, "adopted": False}
        records.append({**shipped, "valid_from": "", "position": None, "document": ""})
    rows = [
        [
            str(each["pack"]),
            str(each["version"]),
            PURPOSES[str(each["purpose"])],
            f"已采用(第 {each['position']} 号)" if each["adopted"] else "随程序提供",
            str(each["valid_from"]),
            str(each["document"]),
        ]
        for each in records
    ]
    show(settings.format, records, Table(("规则包", "版本", "内容", "状态", "生效日期", "文号"), rows))


@rule.command(help="列出历次采用:哪一天起、依据什么、取代了哪个规则包")
@answer_options
@with_settings
def history(settings: Settings) -> None:
    """List every adoption in the order of recording."""
    from ledger.rules import Adoption, parse_pack, replaced_by

    records: list[dict[str, object]] = []
    earlier: list[Adoption] = []
    for position, event in _adopted(settings):
        adoption = Adoption(parse_pack(event.text, event.base), event.effective_on, position)
        before = replaced_by(adoption, earlier)
        earlier.append(adoption)
        records.append(
            {
                "position": position,
                "valid_from": event.effective_on.isoformat(),
                "pack": event.pack,
                "version": event.version,
                "title": adoption.pack.title,
                "jurisdiction": adoption.pack.jurisdiction,
                "document": event.document,
                "reason": event.reason,
                "replaced": before and {"pack": before.pack, "version": before.version},
            }
        )
    shown = ("position", "valid_from", "pack", "version", "title", "jurisdiction", "document", "reason")
    rows = [[*(str(each[key]) for key in shown), _replaced(each["replaced"])] for each in records]
    heads = ("序号", "生效日期", "规则包", "版本", "名称", "适用地区", "文号", "原因", "取代")
    show(settings.format, records, Table(heads, rows))


@rule.command("show", help="查看规则包的内容:已采用的最新一版,或随程序提供的")
@click.argument("pack", metavar="名称", type=TEXT)
@answer_options
@with_settings
def show_(settings: Settings, pack: str) -> None:
    """Show what a pack says."""
    from ledger.rules.pack import parse_pack, shipped_packs

    texts = {name: (text, "") for name, text in shipped_packs().items()}
    try:
        texts |= {event.pack: (event.text, event.base) for _, event in _adopted(settings)}
    except StorageError:
        if pack not in texts:  # a shipped pack can be read before there is a ledger
            raise
    if pack not in texts:
        message = f"没有名为{quoted(pack)}的规则包"
        raise NotFoundError("rule.unknown_pack", message, hint="用 xianjie rule list 查看有哪些规则包")
    _show_pack(settings, parse_pack(*texts[pack]))


@rule.command(help="检查规则包文件,不记账")
@click.argument("file", metavar="文件", type=FILE)
@answer_options
@with_settings
def check(settings: Settings, file: Path) -> None:
    """Read a pack and say what is in it."""
    _show_pack(settings, _checked(file)[1])


def _show_pack(settings: Settings, pack: RulePack) -> None:
    show(settings.format, pack_json(pack), *pack_tables(pack))


def _replaced(record: object) -> str:
    return f"{record['pack']} {record['version']}" if isinstance(record, dict) else ""


def _checked(path: Path) -> tuple[str, RulePack]:
    """Return the text of a file and the pack that it is; a fault is named by file and line."""
    from ledger.rules.pack import parse_pack

    text = _text_of(path)
    try:
        return text, parse_pack(text)
    except ValueRefusedError as error:
        raise error.at(path.name) from None


def _adopted(settings: Settings) -> list[tuple[int, RulePackAdopted]]:
    from ledger.events import RulePackAdopted, streams

    with open_log(settings) as engine:
        history = history_of(engine, streams.RULES)
    return [(each.position, each.event) for each in history.recorded if isinstance(each.event, RulePackAdopted)]


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueRefusedError("rule.too_long", "规则包文件太大", hint="请核对文件", where=path.name)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueRefusedError(
            "rule.not_utf8", "规则包文件不是 UTF-8 编码", hint="请另存为 UTF-8", where=path.name
        ) from None
    except OSError as error:
        message = f"读不到规则包{quoted(path)}:{system_reason(error)}"
        hint = "请写 base 等随程序提供的名称,或规则包文件的路径"
        raise StorageError("rule.file_unreadable", message, hint=hint) from None
