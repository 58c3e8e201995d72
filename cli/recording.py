"""What every verb that writes has in common: its options, the recording, and the block that says what was recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.clock import warn_of_clock
from cli.confirming import ask, can_ask
from cli.context import Settings, format_option, open_ledger
from cli.event_rows import amount_in
from cli.failures import failure_of
from cli.output import Table, show, table_text
from cli.params import DATE, TEXT
from cli.placing import field_of
from cli.progress import progress
from cli.words import FIELDS, beijing, field_text, topic_name
from ledger.dates import today
from ledger.errors import LedgerError, RuleRefusedError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from sqlalchemy import Engine

    from ledger.application import Ledger, Outcome, Submission
    from ledger.domain.command import Command
    from ledger.events import Event

__all__ = ["Entry", "bring_facts_up_to_date", "show_outcome", "write_options"]

C = TypeVar("C", bound="Command")

_SHOWN_ROWS = 20
_SUBJECTS = (
    "number",
    "finding",
    "arrear",
    "indicator",
    "report",
    "scheme",
    "asset",
    "project",
    "tranche",
    "notice",
    "contract",
    "pack",
    "reversed_stream",
    "area",
)
_UNSHOWN = ("text", "rows")  # the whole text of a rule pack, the rows of an imported file


@dataclass(frozen=True, slots=True)
class Entry:
    """One use of a verb that writes: who and where, and what ``--date --doc --reason --key --dry-run --yes`` said."""

    settings: Settings
    command: str
    given_date: date | None
    document: str
    reason: str
    key: str | None
    dry_run: bool
    yes: bool = False

    @property
    def on(self) -> date:
        """The business date: the one given, or today."""
        return self.given_date or today()

    @property
    def asks(self) -> bool:
        """Tell whether a person is asked before something that cannot be taken back."""
        return can_ask() and not (self.yes or self.dry_run)

    def build(self, kind: type[C], values: Mapping[str, Any]) -> C:
        """Return the command that the flags describe; flags that were not given keep the command's own defaults.

        Raises:
            ValueRefusedError: a value is not acceptable; ``where`` names the flag.
        """
        given = {name: value for name, value in values.items() if value is not None}
        try:
            return kind.of(on=self.on, document=self.document, reason=self.reason, **given)
        except ValueRefusedError as error:
            raise _at_flag(error) from None

    def record(self, kind: type[Command], values: Mapping[str, Any]) -> None:
        """Build one command, record it, and say what was recorded. Raises LedgerError; nothing is recorded then."""
        self.record_all([self.build(kind, values)])

    def record_asking(self, commands: list[Command], question: str, *, typed: str = "") -> None:
        """Record what moves money or cannot be taken back: show a person the amounts in words, and ask first.

        Raises Abort (declined), LedgerError; nothing is recorded then.
        """
        if self.asks:
            preview = replace(self, dry_run=True)
            outcome = preview.submit(commands)
            if not outcome.receipt.repeated:  # else it is recorded already, and nothing will follow
                table = table_text(_outcome_table(outcome, recorded=False))
                # A person is asked on the other stream: what is recorded may go to a file or a program.
                click.echo(f"{_headline(preview, outcome)}\n{table}", err=True)
                ask(question, typed=typed)
        self.record_all(commands)

    def record_all(self, commands: list[Command]) -> None:
        """Record commands as one batch and say what was recorded. Raises LedgerError; nothing is recorded then."""
        try:
            show_outcome(self, self.submit(commands))
        except LedgerError as error:
            error.where = error.where or _flags().get(field_of(error), "")
            raise

    def preview(self, commands: Iterable[Command]) -> Outcome:
        """Return what commands would lead to; nothing is recorded. Raises LedgerError."""
        return replace(self, dry_run=True, key=None).submit(commands)

    def submit(
        self,
        commands: Iterable[Command],
        *,
        key: str | None = None,
        input_hash: str = "",
        signed: bool | None = None,
        on_refusal: Callable[[LedgerError], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> Outcome:
        """Hand the commands to the ledger, or propose them where others must approve; bring the facts up to date.

        ``signed`` as in ``open_ledger``. With ``on_refusal`` what the rules refuse is told to it, and only the rest is
        recorded; ``on_event`` hears of every event. Raises LedgerError.
        """
        from ledger.application import Submission

        with open_ledger(self.settings, signed=False if self.dry_run else signed) as ledger:
            warn_of_clock(ledger.appender.engine)
            by = Submission(self.settings.actor, self.command, self.document, self.key or key, input_hash)
            if ledger.signer is None or on_refusal is not None:
                # What is left of a file in part is not proposed: others would approve rows that nobody has seen whole.
                outcome = ledger.execute(commands, by, dry_run=self.dry_run, on_refusal=on_refusal, on_event=on_event)
            else:
                outcome = _recorded_or_proposed(ledger, list(commands), by, on_event)
            if not self.dry_run:
                bring_facts_up_to_date(ledger.appender.engine)
                if not outcome.receipt.repeated:
                    self.settings.receipts.append((self.command, outcome.receipt))
        return outcome


def write_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every verb that writes; the command is called with an ``Entry`` first."""

    @click.option("--date", "given_date", type=DATE, help="业务日期,默认为今天")
    @click.option("--doc", "document", type=TEXT, default="", help="依据文件的文号")
    @click.option("--reason", type=TEXT, default="", help="原因说明(补记、更正等须写)")
    @click.option("--key", type=TEXT, help="提交键:同一键、同一内容重复提交只记一次")
    @click.option("--dry-run", is_flag=True, help="只预览,不记账")
    @click.option("--yes", is_flag=True, help="不再询问(有的事项在终端上要先确认)")
    @format_option
    @click.pass_context
    def with_entry(
        ctx: click.Context,
        /,
        *,
        given_date: date | None,
        document: str,
        reason: str,
        key: str | None,
        dry_run: bool,
        yes: bool,
        **values: object,
    ) -> None:
        settings = ctx.ensure_object(Settings)
        name = ctx.command_path.partition(" ")[2]
        command(Entry(settings, name, given_date, document, reason, key, dry_run, yes), **values)

    with_entry.__name__, with_entry.__doc__ = command.__name__, command.__doc__
    return with_entry


def show_outcome(entry: Entry, outcome: Outcome, notes: Iterable[str] = (), **more: object) -> None:
    """Say what was recorded, for people or as one JSON object with ``more`` beside the contract's keys."""
    receipt, form = outcome.receipt, entry.settings.format
    recorded = None if entry.dry_run else receipt
    waiting = entry.dry_run or bool(outcome.proposal)
    events = [
        {
            **({} if waiting else {"position": receipt.first + number}),
            "topic": event.TOPIC,
            "stream": event.stream,
            "data": event.model_dump(mode="json", exclude=set(_UNSHOWN)),
        }
        for number, event in enumerate(outcome.events)
    ]
    data = {
        "batch": recorded and recorded.batch,
        "first": recorded and recorded.first,
        "last": recorded and recorded.last,
        "recorded_at": recorded and recorded.recorded_at,
        "checkpoint": recorded and recorded.checkpoint,
        "repeated": receipt.repeated,
        "dry_run": entry.dry_run,
        **({"proposal": outcome.proposal} if outcome.proposal else {}),
        **more,
        "events": events,
    }
    table = _outcome_table(outcome, recorded=not waiting)
    if form != "table":
        show(form, data, table)
        return
    click.echo(_headline(entry, outcome))
    if table.rows:
        show(form, data, table)
    for note in notes:
        click.echo(note)


def _recorded_or_proposed(
    ledger: Ledger, commands: list[Command], by: Submission, on_event: Callable[[Event], None] | None
) -> Outcome:
    try:
        return ledger.execute(commands, by, on_event=on_event)
    except RuleRefusedError as error:
        if error.code != "approval.needed":
            raise
    return ledger.propose(commands, by)


def _outcome_table(outcome: Outcome, *, recorded: bool) -> Table:
    receipt = outcome.receipt
    rows = [
        [str(receipt.first + number) if recorded else "", topic_name(event.TOPIC), *_summary(event)]
        for number, event in enumerate(outcome.events[:_SHOWN_ROWS])
    ]
    count = max(receipt.last - receipt.first + 1, len(outcome.events))
    rest = [f"…… 共 {count} 条,只列出前 {_SHOWN_ROWS} 条"] if count > _SHOWN_ROWS else []
    return Table(("序号", "事项", "对象", "金额", "业务日期"), rows, notes=rest)


def _headline(entry: Entry, outcome: Outcome) -> str:
    receipt = outcome.receipt
    count = receipt.last - receipt.first + 1
    span = f"第 {receipt.first} 号" if count == 1 else f"第 {receipt.first}-{receipt.last} 号"
    if receipt.repeated and outcome.proposal:
        return f"此前已提出 {outcome.proposal}({beijing(receipt.recorded_at)}),本次未重复提出;办理情况见 proposal show"
    if receipt.repeated:
        return f"此前已记账({span},{beijing(receipt.recorded_at)}),本次未重复记账"
    if not count:
        return "没有需要记账的内容"
    if outcome.proposal and not entry.dry_run:
        return (
            f"已提出 {outcome.proposal}(经办 {entry.settings.actor}),批准后记账 {len(outcome.events)} 条,现在不计入报表"
        )
    if entry.dry_run:
        return f"预览(未记账):将记 {count} 条"
    return f"已记账 {count} 条({span}),批次 {receipt.batch},{beijing(receipt.recorded_at)},经办 {entry.settings.actor}"


def _summary(event: Event) -> list[str]:
    fields = event.model_dump(mode="json")
    subject = next((str(fields[name]) for name in _SUBJECTS if fields.get(name)), "")
    return [subject, amount_in(fields), field_text("effective_on", fields["effective_on"])]


def bring_facts_up_to_date(engine: Engine) -> None:
    """Map what was just recorded; when that fails, say so and that the entry is recorded all the same."""
    from projections.catch_up import catch_up

    try:
        with progress("更新报表数据") as heard:
            catch_up(engine, heard=heard)
    except LedgerError as error:
        # The entry is recorded all the same: only a report has to wait for its facts.
        failure = failure_of(error)
        what_next = "不必再记;请运行 xianjie audit verify,账本无误的,用 xianjie db rebuild 重建报表数据"
        click.echo(f"已记账,但报表数据没有更新:{failure.message}\n怎么办:{what_next}", err=True)


def _at_flag(error: ValueRefusedError) -> LedgerError:
    field = error.where.partition(".")[0]
    if field:
        error.message = error.message.replace(error.where, FIELDS.get(field, field), 1)
        error.where = _flags().get(field, field)
    return error


def _flags() -> dict[str, str]:
    """Return the flag, or the name of the argument, of each field of the running command."""
    ctx = click.get_current_context(silent=True)
    params = ctx.command.params if ctx else []
    found = {param.name: param.opts[0] if param.param_type_name == "option" else param.metavar for param in params}
    flags = {name: flag for name, flag in found.items() if name and flag}
    return flags | ({"on": flags["given_date"]} if "given_date" in flags else {})
