"""``xianjie doc``: documents by their numbers, and everything that stands on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.documents import citations, documents, matching
from cli.evidence import file_option, record_with_file
from cli.help import Noun
from cli.histories import history_of, history_table
from cli.output import Table, fields_table, show
from cli.params import DATE, TEXT, WHOLE, YEAR, code_option
from cli.recording import Entry, write_options
from cli.registers import Listing, register, show_rows
from cli.words import THINGS, code_name, topic_name
from ledger.codes import DocumentKind, parse_code
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["doc"]

_KINDS: Final = "文件种类:" + "、".join(each.zh for each in DocumentKind)
_HEADS: Final = ("文号", "发文单位", "发文日期", "种类", "标题", ">引用")

_number_argument = click.argument("number", metavar="文号")
_limit_option = click.option("--limit", type=WHOLE, default=200, help="最多列出多少条,默认 200")


@click.group(cls=Noun, help="文件:登记、更正、关联、查看、查找")
def doc() -> None:
    """Documents."""


def _content_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        file_option,
        click.option("--title", type=TEXT, required=True, help="标题"),
        code_option("--kind", "kind", _KINDS, required=True),
        click.option("--dated", type=DATE, required=True, help="文件上的日期"),
        click.option("--issuer", type=TEXT, required=True, help="发文单位"),
    ):
        command = option(command)
    return command


@doc.command(help="登记一份文件")
@_number_argument
@_content_options
@write_options
def add(entry: Entry, file: Path | None, **values: object) -> None:
    """Register a document."""
    from ledger.domain.document import RegisterDocument

    record_with_file(entry, RegisterDocument, values, "file_hash", file)


@doc.command(help="更正或补全文件的登记(须写 --reason,并写明更正后的全部内容)")
@_number_argument
@_content_options
@write_options
def amend(entry: Entry, file: Path | None, **values: object) -> None:
    """Mend what was registered of a document, also by its first use."""
    from ledger.domain.document import AmendDocument

    record_with_file(entry, AmendDocument, values, "file_hash", file)


@doc.command(help="把文件关联到资金批次、项目、资产或整改问题")
@_number_argument
@click.option("--to", "subject", type=TEXT, required=True, help="批次、项目、资产或问题编号")
@click.option("--as", "role", type=TEXT, required=True, help="关联事由,如 实施方案、评审意见")
@click.option("--note", type=TEXT, help="备注")
@write_options
def attach(entry: Entry, **values: object) -> None:
    """Attach a document to a thing."""
    from ledger.domain.document import AttachDocument

    entry.record(AttachDocument, values)


@doc.command("list", help="列出文件,以及被引用而没有登记的文号")
@code_option("--kind", "kind", "只看这种文件,如 批复")
@click.option("--issuer", type=TEXT, help="只看这个单位的发文")
@click.option("--year", type=YEAR, help="只看这一年的发文")
@click.option("--unregistered", is_flag=True, help="只看被引用而没有登记的文号")
@_limit_option
@answer_options
@with_settings
def list_(
    settings: Settings, kind: str | None, issuer: str | None, year: int | None, *, unregistered: bool, limit: int
) -> None:
    """List the documents."""
    wanted_kind = parse_code(DocumentKind, kind).value if kind else ""
    _list(
        settings,
        limit,
        lambda record: (
            record["kind"] == (wanted_kind or record["kind"])
            and (issuer or "") in record["issuer"]
            and record["dated"].startswith(str(year or ""))
            and not (unregistered and record["registered"])
        ),
    )


@doc.command(help="按文号、标题或发文单位中的文字查找;〔〕[]()、全角半角不分")
@click.argument("text", metavar="文字")
@_limit_option
@answer_options
@with_settings
def find(settings: Settings, text: str, limit: int) -> None:
    """Find documents."""
    _list(settings, limit, matching(text))


def _list(settings: Settings, limit: int, wanted: Callable[[dict[str, Any]], bool]) -> None:
    listing = Listing(settings, None, None, limit)
    with register(listing) as scope:
        records = [record for record in documents(scope) if wanted(record)]
    show_rows(listing, records[: limit + 1], _HEADS, _row)


def _row(record: dict[str, Any]) -> list[str]:
    words = [record["number"], record["issuer"], record["dated"], code_name("document_kind", record["kind"])]
    return [*words, record["title"] if record["registered"] else "(未登记)", str(record["citations"])]


@doc.command("show", help="查看一份文件,以及引用它的每一条记录")
@_number_argument
@answer_options
@with_settings
def show_(settings: Settings, number: str) -> None:
    """Show one document and everything that stands on it."""
    from ledger.commands.work import DOCUMENT

    with open_log(settings) as engine:
        history = history_of(engine, DOCUMENT.stream(number))
    with register(Listing(settings, None, None, 0)) as scope:
        cited = citations(scope, number)
    state = history.state(DOCUMENT)
    if not cited:
        state.must_exist(number)
    pairs = [
        ("发文单位", state.issuer),
        ("发文日期", str(state.dated or "")),
        ("种类", code_name("document_kind", state.kind)),
        ("标题", state.title),
        ("文件散列", state.file_hash),
        ("登记", "" if state.number else "没有登记:请用 xianjie doc add 登记"),
    ]
    data = {
        "number": number,
        "registered": bool(state.number),
        "issuer": state.issuer,
        "dated": state.dated.isoformat() if state.dated else "",
        "kind": state.kind,
        "title": state.title,
        "file_hash": state.file_hash,
        "citations": cited,
        "events": history.as_json(),
    }
    heads = ("序号", "业务日期", "事项", "对象", ">金额(元)", "关联事由")
    table = Table(heads, [_citation(each) for each in cited], title="引用")
    show(settings.format, data, fields_table(f"文件 {number}", pairs), table, history_table(history))


def _citation(each: dict[str, Any]) -> list[str]:
    thing = f"{THINGS.get(each['kind'], each['kind'])} {each['subject']}".strip()
    fen = each["amount_fen"]
    money = "" if fen is None else format_yuan(fen)
    return [str(each["position"]), each["effective_on"], topic_name(each["topic"]), thing, money, each["role"]]
