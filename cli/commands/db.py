"""``xianjie db``: the database beneath the ledger, and the facts that can be rebuilt from it."""

from __future__ import annotations

import click

from cli.context import Settings, answer_options, format_option, open_copies, open_log, with_settings
from cli.help import Noun
from cli.output import Table, fields_table, show
from cli.params import TEXT
from cli.progress import progress
from cli.recording import Entry, write_options
from cli.words import beijing
from ledger.errors import TamperedError

__all__ = ["db"]


@click.group(cls=Noun, help="数据库:信息、重建报表数据、比对")
def db() -> None:
    """Group what concerns the database."""


@db.command(help="账本标识、记到第几号、检查点")
@answer_options
@with_settings
def info(settings: Settings) -> None:
    """Show what the database holds."""
    from ledger.database import SCHEMA_VERSION, read_transaction
    from ledger.log.reading import head
    from ledger.log.schema import origin_of
    from projections.catch_up import facts_position

    with open_log(settings) as engine, read_transaction(engine) as connection:
        url = engine.url.render_as_string(hide_password=True)
        origin, last, facts = origin_of(connection), head(connection), facts_position(connection)
    data = {
        "url": url,
        "schema_version": SCHEMA_VERSION,
        "origin": origin,
        "position": last.position,
        "recorded_at": last.recorded_at,
        "checkpoint": last.checkpoint,
        "facts_position": facts,
    }
    pairs = [
        ("数据库", url),
        ("结构版本", str(SCHEMA_VERSION)),
        ("账本标识", origin),
        ("记到", f"第 {last.position} 号"),
        ("最近记账", beijing(last.recorded_at)),
        ("报表数据", f"到第 {facts} 号"),
        ("检查点", last.checkpoint.strip()),
    ]
    show(settings.format, data, fields_table("", pairs))


@db.command(help="丢弃报表数据,由账本重建")
@format_option
@with_settings
def rebuild(settings: Settings) -> None:
    """Map the whole log into facts again."""
    from projections.catch_up import rebuild as rebuild_facts

    with open_copies(settings) as engine, progress("重建报表数据") as heard:
        position = rebuild_facts(engine, heard)
    show(settings.format, {"position": position}, fields_table("报表数据已重建", [("到", f"第 {position} 号")]))


@db.command(help="由账本重算报表数据,与现有的逐条比对")
@answer_options
@with_settings
def compare(settings: Settings) -> None:
    """Compare the facts with what the log says; exit code 5 where they differ."""
    from projections.catch_up import compare as compare_facts

    with open_log(settings) as engine, progress("比对报表数据") as heard:
        found = compare_facts(engine, heard=heard)
    rows = [
        [each.table, str(each.position), str(each.line), str(each.stored or "缺"), str(each.expected or "不应有")]
        for each in found
    ]
    note = [] if found else ["报表数据与账本完全一致"]
    records = [{**each._asdict(), "stored": each.stored, "expected": each.expected} for each in found]
    show(settings.format, records, Table(("表", "序号", "行", "现有", "应为"), rows, notes=note))
    if found:
        raise TamperedError(
            "facts.differ", f"报表数据有 {len(found)} 处与账本不一致", hint="用 xianjie db rebuild 由账本重建"
        )


@db.command(help="签名账本:第二名系统管理员核对第一批的根值后确认,此后才能记账")
@click.option("--root", type=TEXT, help="所核对的根值(十六进制);不写就显示后询问")
@write_options
def confirm(entry: Entry, root: str | None) -> None:
    """Confirm a new signed ledger."""
    from ledger.database import read_transaction
    from ledger.domain.enrolment import ConfirmLedger
    from ledger.log.reading import head

    with open_log(entry.settings) as engine, read_transaction(engine) as connection:
        found = head(connection)
    if root is None:
        click.echo(f"账本现在的检查点:\n{found.checkpoint}\n根值:{found.root.hex()}", err=True)
        click.confirm("与启用人所说的一致,确认启用", abort=True, err=True)
    entry.record(ConfirmLedger, {"root": root or found.root.hex()})
