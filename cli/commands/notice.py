"""``xianjie notice``: what is made public: cut, checked, approved, published, amended, taken down, owed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.context import Settings, answer_options, with_settings
from cli.help import Noun
from cli.notices import check_draft, show_disclosure, show_extract, show_verified, shown_options, with_draft
from cli.params import DATE, FILE, MOMENT, TEXT, YEAR
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, notices, register, show_rows
from cli.reports.asking import Asked, report_options
from cli.vault_values import say_what_was_not_checked, vault_option
from cli.words import code_name
from ledger.codes import NoticeTemplate

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["notice"]


@click.group(cls=Noun, help="公示公告:起草、检查、批准、登记、更改、撤下、核对、应公开未公开")
def notice() -> None:
    """Notices."""


def _cutting_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        vault_option,
        click.option("--note", "notes", type=TEXT, multiple=True, help="表后的说明(分配原则、联系电话等),可重复"),
        click.option("--known-at", "known_at", type=MOMENT, help="账本当时所知:第几号记录,或某个时间;默认为现在"),
        click.option("--as-of", "as_of", type=DATE, help="截至哪一天发生的事,默认为今天"),
        click.option("--place", type=TEXT, default="", help="只列某个乡镇(9 位)或村(12 位)"),
        click.option("--year", type=YEAR, help="计划年度;资产类公示不填则列全部年度"),
        click.option("--area", type=TEXT, help="公示的地区,六位代码,默认为账本所属地区"),
    ):
        command = option(command)
    return command


def _cut(settings: Settings, template: str, values: dict[str, Any]) -> Any:  # noqa: ANN401 - imported lazily
    from cli.extracts import Cutting, cut_extract
    from ledger.codes import parse_code

    return cut_extract(settings, Cutting(parse_code(NoticeTemplate, template), **values))


@notice.command(help="起草公示:从账本取数,写成文件", epilog="种类见 notice publish --help 中的 --template")
@click.argument("template", metavar="种类")
@_cutting_options
@click.option(
    "-o", "--output", type=FILE, required=True, help="写到哪个文件:.json(定稿、核对用)、.xlsx、.docx、.csv、.pdf"
)
@with_settings
def draft(settings: Settings, /, template: str, output: Path, **values: Any) -> None:  # noqa: ANN401 - options of the cut
    """Cut a notice and write it to a file."""
    from cli.extracts import write_extract

    extract = _cut(settings, template, values)
    write_extract(extract, Path(output))
    click.echo(f"已写成 {output}:{extract.title},{len(extract.lines)} 行,取自账本第 {extract.about['position']} 号")
    click.echo(f"内容指纹 {extract.content_hash}")
    say_what_was_not_checked()


@notice.command(help="预览公示:打印在屏幕上,不写文件", epilog="种类见 notice publish --help 中的 --template")
@click.argument("template", metavar="种类")
@_cutting_options
@answer_options
@with_settings
def preview(settings: Settings, /, template: str, **values: Any) -> None:  # noqa: ANN401 - as above
    """Print a notice."""
    show_extract(settings, _cut(settings, template, values))
    say_what_was_not_checked()


@notice.command(
    help="检查要公开的文件里有没有身份证号、手机号、银行卡号,草稿(.json)是否与账本相符、写全;有问题则退出码为 1"
)
@click.argument("files", metavar="文件...", type=FILE, nargs=-1, required=True)
@vault_option
@with_settings
def check(settings: Settings, files: tuple[Path, ...]) -> None:
    """Look for personal data in any files, however they were made, and for what is wanting in drafts."""
    from cli.extracts import refuse_leaks

    for file in files:
        refuse_leaks(Path(file).name, Path(file).read_bytes())
        check_draft(settings, Path(file))
    click.echo(f"{len(files)} 个文件中没有发现个人信息")
    say_what_was_not_checked()


@notice.command(help="核对公示:按文件写明的位置和日期重取一遍,逐行比较;不符则退出码为 1")
@click.argument("file", metavar="文件", type=FILE)
@answer_options
@with_settings
def verify(settings: Settings, file: Path) -> None:
    """Cut an extract again and compare."""
    show_verified(settings, Path(file))


@notice.command(help="批准一份公示草稿:程序先检查、重取核对;签名账本里由公开岗送审,另一人对同一份草稿批准")
@click.argument("notice", metavar="公示编号")
@click.option("--file", type=FILE, required=True, help="要公开的草稿(notice draft 写成的 .json)")
@vault_option
@write_options
def approve(entry: Entry, notice: str, file: Path) -> None:
    """Agree with a draft, as the one who asks for it or as the second person."""
    from cli.notice_approval import approve_draft

    approve_draft(entry, notice, Path(file))


@notice.command(help="登记一次公示公告;--file 由草稿填写种类、标题、地区、对象、指纹和账本位置")
@click.argument("notice", metavar="公示编号")
@shown_options
@write_options
def publish(entry: Entry, file: Path | None, **values: Any) -> None:  # noqa: ANN401 - fields of the command
    """Record that something was made public."""
    from ledger.domain.notice import PublishNotice

    entry.record(PublishNotice, with_draft(entry.settings, file, values))


@notice.command(help="登记公开内容的更改(须写 --reason);选项同 publish")
@click.argument("notice", metavar="公示编号")
@shown_options
@write_options
def amend(entry: Entry, file: Path | None, **values: Any) -> None:  # noqa: ANN401 - as above
    """Record that what was made public was replaced."""
    from ledger.domain.notice import AmendNotice

    entry.record(AmendNotice, with_draft(entry.settings, file, values))


@notice.command(help="登记提前撤下(须写 --reason)")
@click.argument("notice", metavar="公示编号")
@write_options
def withdraw(entry: Entry, **values: object) -> None:
    """Record that something was taken down early."""
    from ledger.domain.notice import WithdrawNotice

    entry.record(WithdrawNotice, values)


@notice.command(help="应公开的:谁、什么、在哪里、期限;缺的、迟的、公示天数不够的")
@click.option("--all", "everything", is_flag=True, help="连同已按规定公开的一起列出")
@report_options
def due(asked: Asked, *, everything: bool) -> None:
    """List the duties to publish."""
    show_disclosure(asked, everything=everything)


@notice.command("list", help="列出公示公告")
@list_options
@answer_options
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
