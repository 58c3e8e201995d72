"""``xianjie notice``: what was made public, where, and for how long."""

from __future__ import annotations

from typing import Any, Final

import click

from cli.context import Settings, format_option, with_settings
from cli.help import Noun
from cli.params import DATE, TEXT, code_option
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, notices, register, show_rows
from cli.words import code_name
from ledger.codes import NoticeTemplate

__all__ = ["notice"]

_NAMES: Final = "、".join(f"{each.value}({each.zh})" for each in NoticeTemplate)


@click.group(cls=Noun, help="公示公告:登记、查看")
def notice() -> None:
    """Notices."""


@notice.command(help="登记一次公示公告")
@click.argument("notice", metavar="公示编号")
@code_option("--template", "template", _NAMES, required=True)
@click.option("--title", type=TEXT, required=True, help="标题")
@click.option("--area", type=TEXT, required=True, help="公示的地区,六位代码")
@click.option(
    "--subject", "subjects", type=TEXT, multiple=True, required=True, help="公示的批次、项目或资产编号,可重复"
)
@code_option("--channel", "channel", "公示渠道:政府网站、村公示栏 等", required=True)
@click.option("--from", "from_on", type=DATE, required=True, help="公示起始日")
@click.option("--to", "to_on", type=DATE, help="公示截止日(含);长期公开的不填")
@click.option("--content-hash", "content_hash", type=TEXT, help="公示内容的 SHA-256,64 位十六进制")
@write_options
def publish(entry: Entry, **values: object) -> None:
    """Record that something was made public."""
    from ledger.domain.notice import PublishNotice

    entry.record(PublishNotice, values)


@notice.command("list", help="列出公示公告")
@list_options
@format_option
@with_settings
def list_(settings: Settings, area: str | None, year: int | None, limit: int) -> None:
    """List the notices."""
    listing = Listing(settings, area, year, limit)
    with register(listing) as scope:
        records = notices(scope, limit + 1)
    show_rows(listing, records, ("公示编号", "种类", "标题", "渠道", "起", "止", ">对象数", "文号"), _row)


def _row(record: dict[str, Any]) -> list[str]:
    return [
        record["notice"],
        code_name("template", record["template"]),
        record["title"],
        code_name("channel", record["channel"]),
        record["from_on"],
        record["to_on"] or "长期",
        str(record["subjects"]),
        record["document"],
    ]
