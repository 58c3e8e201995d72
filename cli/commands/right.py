"""``xianjie right``: the five rights of an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.histories import History, history_of
from cli.output import Table, show
from cli.params import DATE, HOLDER, TEXT, Choice, code_option
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, register, rights, show_rows
from cli.words import BODIES, beijing, code_name, field_text
from ledger.dates import today

if TYPE_CHECKING:
    from datetime import date

    from ledger.events import RightSet

__all__ = ["right"]

_NAMES: Final = "所有权、经营权、收益权、监督权、处置权,或规则包另设的权利"
_BODIES: Final = {**BODIES, "council": "理事会"}
_BODY_HELP: Final = "作出决定的会议,量化收益权到户时填写:" + "、".join(f"{c}({zh})" for c, zh in _BODIES.items())
_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)
_HELD_HEADS: Final = ("权利", "状态", "权利人", "类别", ">份额", "起始日期", "明确期限", "文号")


@click.group(cls=Noun, help="五权:设定、终止、列出、现由谁持有、经过")
def right() -> None:
    """Rights."""


@right.command("set", help="设定一项权利的全部权利人和份额")
@_asset_argument
@code_option("--right", "right", _NAMES, required=True)
@click.option(
    "--status",
    type=Choice({"held": "已明确", "none": "无", "unsettled": "未明确"}),
    help="held(已明确,默认)、none(无)、unsettled(未明确)",
)
@click.option("--holder", "holders", type=HOLDER, multiple=True, help="权利人和份额,可重复;份额合计须为 1")
@code_option("--basis", "basis", "份额依据,默认为按约定")
@click.option("--due", "due_on", type=DATE, help="未明确的,应于何日前明确")
@click.option("--note", type=TEXT, help="份额所依据的数字,如各户入股亩数")
@click.option("--body", type=Choice(_BODIES), help=_BODY_HELP)
@write_options
def set_(entry: Entry, **values: object) -> None:
    """Set the whole split of one right."""
    from ledger.domain.right import SetRight

    entry.record(SetRight, values)


@right.command("end", help="终止一项有人持有的权利(须写 --reason);写 --due 的为未明确")
@_asset_argument
@code_option("--right", "right", _NAMES, required=True)
@click.option("--due", "due_on", type=DATE, help="应于何日前重新明确;不写的,此后无人持有")
@write_options
def end(entry: Entry, **values: object) -> None:
    """End a right."""
    from ledger.domain.right import EndRight

    entry.record(EndRight, values)


@right.command("list", help="列出权利的设定")
@click.option("--asset", type=TEXT, help="只看这项资产")
@list_options
@answer_options
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


@right.command(help="某一天各项权利由谁持有")
@_asset_argument
@code_option("--right", "right", f"只看这项权利:{_NAMES}")
@click.option("--as-of", "as_of", type=DATE, help="哪一天,默认为今天")
@answer_options
@with_settings
def who(settings: Settings, asset: str, right: str | None, as_of: date | None) -> None:
    """Say who holds which right on a day."""
    from ledger.commands.work import RIGHTS

    day = as_of or today()
    state = _rights_of(settings, asset).state(RIGHTS)
    settings_then = [state.at(code, day) for code in state.since if _asked(code, right)]
    found = [each for each in settings_then if each is not None]
    data = {"asset": asset, "as_of": day.isoformat(), "rights": [each.model_dump(mode="json") for each in found]}
    rows = [row for each in found for row in _holders(each)]
    show(settings.format, data, Table(_HELD_HEADS, rows, title=f"资产 {asset} 在 {day} 的权利"))


@right.command(help="一项权利的每一次设定和依据文件")
@_asset_argument
@code_option("--right", "right", f"只看这项权利:{_NAMES}")
@answer_options
@with_settings
def history(settings: Settings, asset: str, right: str | None) -> None:
    """Show every setting of a right."""
    recorded = _rights_of(settings, asset)
    undone = recorded.reversed_positions
    data, rows = [], []
    for each in recorded.as_json():
        fields = each["data"]
        if each["topic"] != "right.set" or not _asked(fields["right"], right):
            continue
        data.append(each)
        rows.append(
            [
                str(each["position"]),
                *(field_text(name, fields[name]) for name in ("right", "effective_on", "status", "holdings", "basis")),
                *(field_text(name, fields[name]) for name in ("due_on", "note", "document", "reason")),
                f"已由第 {undone[each['position']]} 号冲销" if each["position"] in undone else "",
                beijing(each["recorded_at"]),
            ]
        )
    heads = (
        *("序号", "权利", "起始日期", "状态", "权利人和份额", "份额依据"),
        *("明确期限", "备注", "文号", "原因", "冲销", "记账时间"),
    )
    show(settings.format, data, Table(heads, rows, title=f"资产 {asset} 的权利经过"))


def _rights_of(settings: Settings, asset: str) -> History:
    """Read the history of an asset's rights. Raises NotFoundError when the asset is unknown."""
    from ledger.commands.work import ASSET, RIGHTS

    with open_log(settings) as engine:
        history_of(engine, ASSET.stream(asset)).state(ASSET).must_exist(asset)
        return history_of(engine, RIGHTS.stream(asset))


def _asked(code: str, wanted: str | None) -> bool:
    return wanted is None or wanted.strip() in (code, code_name("right", code))


def _holders(setting: RightSet) -> list[list[str]]:
    name, status = code_name("right", setting.right), code_name("status", setting.status)
    since, due = str(setting.effective_on), str(setting.due_on or "")
    held = [
        [f"{each.name} {each.holder}".strip(), code_name("kind", each.kind), f"{each.numerator}/{each.denominator}"]
        for each in setting.holdings
    ]
    return [[name, status, *holder, since, due, setting.document] for holder in held or [["", "", ""]]]
