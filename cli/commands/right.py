"""``xianjie right``: the five rights of an asset."""

from __future__ import annotations

from typing import Any

import click

from cli.context import Settings, format_option, with_settings
from cli.help import Noun
from cli.params import DATE, HOLDER, TEXT, Choice, code_option
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, register, rights, show_rows
from cli.words import code_name

__all__ = ["right"]


@click.group(cls=Noun, help="五权:所有权、经营权、收益权、监督权、处置权")
def right() -> None:
    """Rights."""


@right.command("set", help="设定一项权利的全部权利人和份额")
@click.argument("asset", metavar="资产编号")
@code_option("--right", "right", "所有权、经营权、收益权、监督权或处置权", required=True)
@click.option(
    "--status",
    type=Choice({"held": "已明确", "none": "无", "unsettled": "未明确"}),
    help="held(已明确,默认)、none(无)、unsettled(未明确)",
)
@click.option("--holder", "holders", type=HOLDER, multiple=True, help="权利人和份额,可重复;份额合计须为 1")
@code_option("--basis", "basis", "份额依据,默认为按约定")
@click.option("--due", "due_on", type=DATE, help="未明确的,应于何日前明确")
@write_options
def set_(entry: Entry, **values: object) -> None:
    """Set the whole split of one right."""
    from ledger.domain.right import SetRight

    entry.record(SetRight, values)


@right.command("list", help="列出权利的设定")
@click.option("--asset", type=TEXT, help="只看这项资产")
@list_options
@format_option
@with_settings
def list_(settings: Settings, asset: str | None, area: str | None, year: int | None, limit: int) -> None:
    """List the settings of rights."""
    listing = Listing(settings, area, year, limit)
    with register(listing) as scope:
        records = rights(scope, limit + 1, asset)
    show_rows(listing, records, ("资产编号", "权利", "起始日期", "状态", "权利人", "类别", ">份额", "文号"), _row)


def _row(record: dict[str, Any]) -> list[str]:
    held = record["status"] == "held"
    return [
        record["asset"],
        code_name("right", record["right"]),
        record["effective_on"],
        code_name("status", record["status"]),
        f"{record['holder_name']} {record['holder']}".strip(),
        code_name("kind", record["holder_kind"]),
        f"{record['numerator']}/{record['denominator']}" if held else "",
        record["document"],
    ]
