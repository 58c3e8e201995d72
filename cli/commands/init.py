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
from cli.recording import Entry, write_options
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
@write_options
def init(entry: Entry, area: str, name: str | None, origin: str | None, areas: Path | None) -> None:
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
    commands = [
        *([entry.build(ListAreas, {"areas": [each._asdict() for each in listed]})] if listed else []),
        entry.build(OpenLedger, {"area": code, "name": name or place.name, "origin": identity}),
        AdoptRules.of(on=_RULES_FROM, text=shipped_packs()[_RULES]),
    ]
    if entry.dry_run:
        plan = {"dry_run": True, "area": code, "origin": identity, "rules": _RULES}
        pairs = [("地区", str(place)), ("账本标识", identity), ("规则包", _RULES)]
        show(entry.settings.format, plan, fields_table("预览(未新建)", pairs))
        return
    with open_database_for_init(entry.settings) as engine:
        create_log(engine, identity)
        create_projections(engine)
    entry.record_all(commands)
