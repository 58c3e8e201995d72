"""``xianjie asset``: an asset from its identification to the books."""

from __future__ import annotations

from typing import Any

import click

from cli.context import Settings, format_option, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of, history_table
from cli.output import fields_table, show
from cli.params import DATE, HOLDER, TEXT, Choice, code_option, money_option
from cli.recording import Entry, write_options
from cli.registers import Listing, assets, list_options, register, show_rows
from cli.words import STAGES, code_name
from ledger.money import format_yuan

__all__ = ["asset"]

_asset_argument = click.argument("asset", metavar="资产编号")


@click.group(cls=Noun, help="资产:登记、公示、确权、颁证、移交、入账、查看")
def asset() -> None:
    """Assets."""


@asset.command(help="登记验收项目形成的资产")
@_asset_argument
@click.option("--project", type=TEXT, required=True, help="形成资产的项目")
@click.option("--name", type=TEXT, required=True, help="资产名称")
@code_option("--class", "asset_class", "资产类别:经营性、公益性、到户类", required=True)
@code_option("--form", "asset_form", "资产形态,默认为固定资产")
@money_option("--value", "value_fen", "原值")
@click.option("--quantity", type=TEXT, help="数量和单位")
@click.option("--provisional", is_flag=True, help="原值为暂估,待决算")
@write_options
def identify(entry: Entry, **values: object) -> None:
    """Record the asset that an accepted project formed."""
    from ledger.domain.confirmation import IdentifyAsset

    entry.record(IdentifyAsset, values)


@asset.command(help="公示拟定的所有权人")
@_asset_argument
@click.option("--holder", "owners", type=HOLDER, multiple=True, required=True, help="拟定所有权人和份额,可重复")
@code_option("--channel", "channel", "公示渠道,默认为村公示栏")
@click.option("--from", "from_on", type=DATE, required=True, help="公示起始日")
@click.option("--to", "to_on", type=DATE, required=True, help="公示截止日(含)")
@write_options
def notice(entry: Entry, **values: object) -> None:
    """Put the proposed owners on notice."""
    from ledger.domain.confirmation import NoticeOwnership

    entry.record(NoticeOwnership, values)


@asset.command(help="公示期满后确权")
@_asset_argument
@click.option("--holder", "owners", type=HOLDER, multiple=True, help="所有权人和份额,可重复;默认为公示的内容")
@write_options
def confirm(entry: Entry, **values: object) -> None:
    """Confirm the ownership."""
    from ledger.domain.confirmation import ConfirmAsset

    entry.record(ConfirmAsset, values)


@asset.command(help="登记颁证")
@_asset_argument
@click.option("--certificate", type=TEXT, required=True, help="证书号")
@write_options
def certify(entry: Entry, **values: object) -> None:
    """Record the certificate."""
    from ledger.domain.confirmation import CertifyAsset

    entry.record(CertifyAsset, values)


@asset.command("hand-over", help="登记移交(移交、接收、监交三方)")
@_asset_argument
@click.option("--giver", type=TEXT, help="移交单位")
@click.option("--receiver", type=TEXT, help="接收单位")
@click.option("--supervisor", type=TEXT, help="监交单位")
@write_options
def hand_over(entry: Entry, **values: object) -> None:
    """Record that the asset was handed over."""
    from ledger.domain.confirmation import HandOverAsset

    entry.record(HandOverAsset, values)


@asset.command(help="登记入账")
@_asset_argument
@click.option("--books", type=Choice({"state": "国有", "collective": "集体"}), required=True, help="记入哪一方的账")
@click.option("--voucher", type=TEXT, required=True, help="记账凭证号")
@write_options
def book(entry: Entry, **values: object) -> None:
    """Record that the asset was booked."""
    from ledger.domain.confirmation import BookAsset

    entry.record(BookAsset, values)


@asset.command("list", help="列出资产")
@list_options
@format_option
@with_settings
def list_(settings: Settings, area: str | None, year: int | None, limit: int) -> None:
    """List the assets with the step they have reached."""
    listing = Listing(settings, area, year, limit)
    with register(listing) as scope:
        records = assets(scope, limit + 1)
    show_rows(listing, records, ("资产编号", "名称", "项目", "地区", "年度", "类别", "环节", ">原值(元)"), _row)


def _row(record: dict[str, Any]) -> list[str]:
    words = [record[name] for name in ("asset", "name", "project", "area_name")]
    kind = code_name("asset_class", record["asset_class"])
    return [*words, str(record["year"]), kind, record["stage_name"], format_yuan(record["value_fen"])]


@asset.command("show", help="查看一项资产:环节、权利和每一笔")
@_asset_argument
@format_option
@with_settings
def show_(settings: Settings, asset: str) -> None:
    """Show one asset, its rights, and all that happened to it."""
    from ledger.commands.work import ASSET, RIGHTS

    with open_log(settings) as engine:
        history = history_of(engine, ASSET.stream(asset))
        rights = history_of(engine, RIGHTS.stream(asset))
    state = history.state(ASSET)
    state.must_have("identified", asset, "查看")
    since = rights.state(RIGHTS).since
    pairs = [
        ("名称", state.name),
        ("项目", state.project),
        ("地区", state.area),
        ("资产类别", code_name("asset_class", state.asset_class)),
        ("资产形态", code_name("asset_form", state.asset_form)),
        ("原值(元)", format_yuan(state.value_fen)),
        ("已到环节", ";".join(f"{STAGES[step]} {on}" for step, on in state.reached.items())),
        ("已设权利", ";".join(f"{code_name('right', right)} {on}" for right, on in since.items())),
    ]
    data = {
        **state.dimensions(),
        "name": state.name,
        "reached": {step: on.isoformat() for step, on in state.reached.items()},
        "rights_since": {right: on.isoformat() for right, on in since.items()},
        "events": [*history.as_json(), *rights.as_json()],
    }
    show(settings.format, data, fields_table(f"资产 {asset}", pairs), history_table(history, rights))
