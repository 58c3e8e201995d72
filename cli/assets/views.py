"""The verbs of ``xianjie asset`` that only look: list, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Verb
from cli.histories import history_of, history_table
from cli.output import fields_table, show
from cli.params import TEXT
from cli.registers import Listing, assets, list_options, register, show_rows
from cli.words import LIVES, STAGES, code_name, field_text
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ledger.domain.asset import Asset

__all__ = ["list_", "show_"]


@click.command("list", cls=Verb, help="列出资产")
@list_options
@answer_options
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
    stands = record["stage_name"] if record["life"] == "live" else LIVES[record["life"]]
    return [*words, str(record["year"]), kind, stands, format_yuan(record["value_fen"])]


@click.command("show", cls=Verb, help="查看一项资产:环节、权利和每一笔")
@click.argument("asset", metavar="资产编号", type=TEXT)
@answer_options
@with_settings
def show_(settings: Settings, asset: str) -> None:
    """Show one asset, its rights, and all that happened to it."""
    from ledger.commands.work import ASSET, RIGHTS

    with open_log(settings) as engine:
        history = history_of(engine, ASSET.stream(asset))
        rights = history_of(engine, RIGHTS.stream(asset))
    state = history.state(ASSET)
    state.must_exist(asset)
    since = rights.state(RIGHTS).since
    data = {
        **state.dimensions(),
        "name": state.name,
        "subclass": state.subclass,
        "place": state.place,
        "origin": state.origin,
        "provisional": state.provisional,
        "sources": [each.model_dump() for each in state.sources],
        "life": state.life,
        "condition": state.condition,
        "objections": sorted(state.objections),
        "reached": {step: on.isoformat() for step, on in state.reached.items()},
        "rights_since": {right: on.isoformat() for right, on in since.items()},
        "events": [*history.as_json(), *rights.as_json()],
    }
    show(settings.format, data, fields_table(f"资产 {asset}", _pairs(state, since)), history_table(history, rights))


def _pairs(state: Asset, since: Mapping[str, date]) -> list[tuple[str, str]]:
    value = format_yuan(state.value_fen)
    optional = (
        ("细类", code_name("subclass", state.subclass)),
        ("坐落", state.place),
        ("来由", state.origin),
        ("资金来源", field_text("sources", [each.model_dump() for each in state.sources])),
        ("运行状况", code_name("condition", state.condition)),
        ("未结异议", "、".join(sorted(state.objections))),
        ("证书号", state.certificate),
        ("接收单位", state.receiver),
    )
    return [
        ("名称", state.name),
        ("项目", state.project),
        ("地区", state.area),
        ("资产类别", code_name("asset_class", state.asset_class)),
        ("资产形态", code_name("asset_form", state.asset_form)),
        ("原值(元)", f"{value}(暂估)" if state.provisional else value),
        *((name, text) for name, text in optional if text),
        ("状态", LIVES[state.life]),
        ("已到环节", ";".join(f"{STAGES[step]} {on}" for step, on in state.reached.items())),
        ("已设权利", ";".join(f"{code_name('right', right)} {on}" for right, on in since.items())),
    ]
