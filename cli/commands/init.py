"""``xianjie init``: a new ledger, opened and with the shipped rules adopted."""

from __future__ import annotations

import secrets
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from cli.context import open_database_for_init
from cli.help import Verb
from cli.output import fields_table, show
from cli.params import FILE, TEXT
from cli.recording import Entry, show_outcome, write_options
from ledger.areas import load_areas, shipped_areas
from ledger.characters import half_width

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["init"]

_RULES: Final = "base"
_RULES_FROM: Final = date(2012, 1, 1)  # as far back as plan years go


@click.command(cls=Verb, help="新建账本:建表、启用、采用随程序提供的规则包")
@click.option("--area", type=TEXT, default="520200", help="账本所属地区,六位代码,默认 520200(六盘水市)")
@click.option("--name", type=TEXT, help="账本名称,默认为地区名称")
@click.option("--origin", type=TEXT, help="账本标识,写在每个检查点上;默认自动生成")
@click.option("--areas", type=FILE, help="随程序提供的区划之外的县:先装入的区划文件(CSV)")
@click.option("--signed", is_flag=True, help="签名账本:每批签名、双人复核;由 --sign 或已登录的密钥启用")
@click.option("--second", type=FILE, help="签名账本:另一名系统管理员的公钥文件,由其运行 db confirm 确认后才能记账")
@click.option("--unit", type=TEXT, default="本单位", help="签名账本:两名系统管理员的单位")
@click.option("--post", type=TEXT, default="系统管理员", help="签名账本:两名系统管理员的职务")
@write_options
def init(
    entry: Entry,
    area: str,
    name: str | None,
    origin: str | None,
    areas: Path | None,
    *,
    signed: bool,
    second: Path | None,
    unit: str,
    post: str,
) -> None:
    """Make a new ledger; refuses a place where one is already."""
    from ledger.domain.control import AdoptRules, ListAreas, OpenLedger
    from ledger.log.schema import create_log
    from ledger.rules import shipped_packs
    from projections.catch_up import create_projections

    code = half_width(area)
    listed = load_areas(areas) if areas else []
    place = shipped_areas().with_areas(listed).get(code, entry.on)
    # The mark at the end keeps apart ledgers of one area: the note of acknowledged heads is filed under this name.
    identity = origin or f"{code}.xianjie.example/{secrets.token_hex(4)}"
    if signed != (second is not None):
        raise click.UsageError("签名账本须同时写 --signed 和 --second 公钥文件")
    mode = {"mode": "signed"} if signed else {}
    commands = [
        *([entry.build(ListAreas, {"areas": [each._asdict() for each in listed]})] if listed else []),
        entry.build(OpenLedger, {"area": code, "name": name or place.name, "origin": identity, **mode}),
        AdoptRules.of(on=_RULES_FROM, text=shipped_packs()[_RULES]),
    ]
    if second is not None:
        from cli.founding import founders

        commands += founders(entry, code, second, unit, post)
    if entry.dry_run:
        plan = {"dry_run": True, "area": code, "origin": identity, "rules": _RULES}
        pairs = [("地区", str(place)), ("账本标识", identity), ("规则包", _RULES)]
        show(entry.settings.format, plan, fields_table("预览(未新建)", pairs))
        return
    with open_database_for_init(entry.settings) as engine:
        create_log(engine, identity)
        create_projections(engine)
    show_outcome(entry, entry.submit(commands, signed=signed or None))
    if signed and entry.settings.format == "table":
        click.echo("还不能记账:请另一名系统管理员核对检查点后运行 xianjie db confirm")
