"""``xianjie area``: the area codes that the ledger accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of
from cli.output import Table, show
from cli.params import DATE, FILE, TEXT
from cli.recording import Entry, write_options
from ledger.areas import load_areas, shipped_areas
from ledger.dates import today

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ledger.areas import AreaList

__all__ = ["area"]

_LEVELS = {"province": "省", "city": "市", "county": "县", "town": "乡镇", "village": "村"}


@click.group(cls=Noun, help="行政区划:装入、查看")
def area() -> None:
    """Areas."""


@area.command(help="装入区划文件(CSV:code,name,valid_from,valid_to,successor)")
@click.argument("file", metavar="文件", type=FILE)
@write_options
def load(entry: Entry, file: Path) -> None:
    """Accept more areas."""
    from ledger.domain.control import ListAreas

    entry.record(ListAreas, {"areas": [each._asdict() for each in load_areas(file)]})


@area.command("list", help="列出某地区及其直接下级")
@click.argument("code", metavar="代码", type=TEXT, default="520200")
@click.option("--on", "on", type=DATE, help="哪一天有效的区划,默认为今天")
@answer_options
@with_settings
def list_(settings: Settings, code: str, on: date | None) -> None:
    """List an area and what lies directly below it."""
    areas, day = _accepted(settings), on or today()
    found = [areas.get(code, day), *areas.children(code, day)]
    records = [
        {
            "code": each.code,
            "name": each.name,
            "level": str(each.level),
            "valid_from": each.valid_from.isoformat(),
            "valid_to": each.valid_to and each.valid_to.isoformat(),
            "successor": each.successor,
        }
        for each in found
    ]
    rows = [[each.code, each.name, _LEVELS[str(each.level)], each.valid_from.isoformat()] for each in found]
    show(settings.format, records, Table(("代码", "名称", "级别", "启用日期"), rows))


def _accepted(settings: Settings) -> AreaList:
    from ledger.domain.control import areas_of
    from ledger.events import AreasListed, streams

    with open_log(settings) as engine:
        listed = [each.event for each in history_of(engine, streams.AREAS).recorded]
    entries = [entry for event in listed if isinstance(event, AreasListed) for entry in event.areas]
    return shipped_areas().with_areas(areas_of(entries)) if entries else shipped_areas()
