"""``xianjie rule``: which rules are in force, since when, and from which source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.context import Settings, format_option, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of
from cli.output import Table, fields_table, show
from cli.params import FILE, TEXT
from cli.recording import Entry, write_options
from ledger.characters import quoted
from ledger.errors import NotFoundError, StorageError, ValueRefusedError

if TYPE_CHECKING:
    from ledger.events import RulePackAdopted
    from ledger.rules.model import RulePack

__all__ = ["rule"]

_MOST_BYTES = 4_000_000


@click.group(cls=Noun, help="规则包:采用、查看、检查")
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
    entry.record(AdoptRules, {"text": shipped[pack] if pack in shipped else _text_of(Path(pack))})


@rule.command("list", help="列出已采用的和随程序提供的规则包")
@format_option
@with_settings
def list_(settings: Settings) -> None:
    """List adopted and shipped packs."""
    from ledger.rules.pack import parse_pack, shipped_packs

    records = [
        {
            "pack": event.pack,
            "version": event.version,
            "adopted": True,
            "valid_from": event.effective_on.isoformat(),
            "position": position,
            "document": event.document,
        }
        for position, event in _adopted(settings)
    ]
    for text in shipped_packs().values():
        pack = parse_pack(text)
        shipped = {"pack": pack.pack, "version": pack.version, "adopted": False}
        records.append({**shipped, "valid_from": "", "position": None, "document": ""})
    rows = [
        [
            str(each["pack"]),
            str(each["version"]),
            f"已采用(第 {each['position']} 号)" if each["adopted"] else "随程序提供",
            str(each["valid_from"]),
            str(each["document"]),
        ]
        for each in records
    ]
    show(settings.format, records, Table(("规则包", "版本", "状态", "生效日期", "文号"), rows))


@rule.command("show", help="查看规则包的内容:已采用的最新一版,或随程序提供的")
@click.argument("pack", metavar="名称", type=TEXT)
@format_option
@with_settings
def show_(settings: Settings, pack: str) -> None:
    """Show what a pack says."""
    from ledger.rules.pack import parse_pack, shipped_packs

    texts = shipped_packs() | {event.pack: event.text for _, event in _adopted(settings)}
    if pack not in texts:
        message = f"没有名为{quoted(pack)}的规则包"
        raise NotFoundError("rule.unknown_pack", message, hint="用 xianjie rule list 查看有哪些规则包")
    _show_pack(settings, parse_pack(texts[pack]))


@rule.command(help="检查规则包文件,不记账")
@click.argument("file", metavar="文件", type=FILE)
@format_option
@with_settings
def check(settings: Settings, file: Path) -> None:
    """Read a pack and say what is in it."""
    from ledger.rules.pack import parse_pack

    try:
        _show_pack(settings, parse_pack(_text_of(file)))
    except ValueRefusedError as error:
        raise error.at(file.name) from None


def _show_pack(settings: Settings, pack: RulePack) -> None:
    head = [("名称", pack.title), ("版本", pack.version), ("适用地区", pack.jurisdiction), ("出处", pack.source)]
    thresholds = [
        [
            each.id,
            each.jurisdiction,
            str(each.plan_year),
            each.level,
            f"{each.percent}%",
            "必须" if each.firm else "力争",
            each.source,
        ]
        for each in pack.thresholds
    ]
    rates = [
        [each.set, each.id, each.name, each.numerator.id, each.denominator.id, each.source] for each in pack.all_rates
    ]
    numbers = [[each.name, str(each.value), each.unit, each.jurisdiction, each.source] for each in pack.parameters]
    marks = {True: "是", False: ""}
    types = [
        [each.code, each.class_name, each.name, marks[each.industry], marks[each.forms_asset], marks[each.in_rates]]
        for each in pack.project_types
    ]
    data = {
        "pack": pack.pack,
        "version": pack.version,
        "title": pack.title,
        "source": pack.source,
        "jurisdiction": pack.jurisdiction,
        "thresholds": [
            {"id": t.id, "plan_year": t.plan_year, "percent": t.percent, "firm": t.firm, "source": t.source}
            for t in pack.thresholds
        ],
        "rates": [{"set": r.set, "id": r.id, "name": r.name, "source": r.source} for r in pack.all_rates],
        "parameters": [{"name": p.name, "value": p.value, "unit": p.unit, "source": p.source} for p in pack.parameters],
        "project_types": [
            {
                "code": t.code,
                "name": t.name,
                "industry": t.industry,
                "forms_asset": t.forms_asset,
                "in_rates": t.in_rates,
            }
            for t in pack.project_types
        ],
    }
    show(
        settings.format,
        data,
        fields_table(f"规则包 {pack.pack}", head),
        Table(("编号", "地区", "年度", "级次", ">比例", "要求", "出处"), thresholds, "产业占比"),
        Table(("组", "编号", "名称", "分子", "分母", "出处"), rates, "比率"),
        Table(("名称", ">值", "单位", "地区", "出处"), numbers, "参数"),
        Table(("代码", "大类", "名称", "产业", "形成资产", "计入四率"), types, "项目类型"),
    )


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
        message = f"读不到规则包{quoted(path)}:{error.strerror}"
        hint = "请写 base 等随程序提供的名称,或规则包文件的路径"
        raise StorageError("rule.file_unreadable", message, hint=hint) from None
