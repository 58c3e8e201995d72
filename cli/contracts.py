"""The verbs of ``xianjie contract`` that only look: the register of contracts, and one contract with its dues."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Verb
from cli.histories import history_of, history_table
from cli.output import Table, fields_table, show
from cli.params import WHOLE
from cli.registers import Listing, list_options, register, show_rows
from cli.words import code_name
from ledger.codes import ContractClause, ContractEnding, ContractMoney
from ledger.dates import today
from ledger.money import format_yuan

if TYPE_CHECKING:
    from datetime import date

    from ledger.domain.contract import Contract as State
    from ledger.domain.contract import Terms
    from projections.contracts import Contract, Due

__all__ = ["VIEWS"]

_MOST_DAYS: Final = 3_660


@click.command("list", cls=Verb, help="列出经营合同;--due 列出应收未收,--expiring 列出将到期的")
@click.option("--running", is_flag=True, help="只看履行中的")
@click.option("--due", "due_days", type=WHOLE, help="只看已逾期和这么多天内应收而未收足的")
@click.option("--expiring", "expiring_days", type=WHOLE, help="只看已届满和这么多天内届满而未终止的")
@list_options
@answer_options
@with_settings
def list_(
    settings: Settings,
    area: str | None,
    year: int | None,
    limit: int,
    *,
    running: bool,
    due_days: int | None,
    expiring_days: int | None,
) -> None:
    """List the contracts with what is still owed; ``--year`` keeps those that began in it."""
    from projections.contracts import contracts_of

    listing = Listing(settings, area, year, limit)
    until = today() + timedelta(days=min(due_days or 0, _MOST_DAYS))
    with register(listing) as scope:
        found = [each for each in contracts_of(scope) if year in {None, each.from_on.year}]
    if running or expiring_days is not None:
        found = [each for each in found if each.ended_on is None]
    if expiring_days is not None:
        last = today() + timedelta(days=min(expiring_days, _MOST_DAYS))
        found = [each for each in found if each.to_on <= last]
    records = [_as_json(each, until) for each in found if due_days is None or _open(each, until)]
    heads = ("合同编号", "资产", "经营方式", "经营者", "起始", "截止", "状态", "最早应收", ">应收(元)", ">未收(元)")
    show_rows(listing, records, heads, _row)


def _open(contract: Contract, until: date) -> list[Due]:
    return [due for due in contract.dues if due.on <= until and due.left_fen]


def _as_json(contract: Contract, until: date) -> dict[str, Any]:
    """Return the contract with what fell due until the day, in fen."""
    fallen = [due for due in contract.dues if due.on <= until]
    left = _open(contract, until)
    return {
        "contract": contract.contract,
        "assets": list(contract.assets),
        "area": contract.area,
        "mode": contract.mode,
        "operator": contract.operator,
        "operator_name": contract.operator_name,
        "from_on": contract.from_on.isoformat(),
        "to_on": contract.to_on.isoformat(),
        "ended_on": contract.ended_on.isoformat() if contract.ended_on else None,
        "state": contract.why or "running",
        "open_since": left[0].on.isoformat() if left else None,
        "due_fen": sum(due.due_fen for due in fallen),
        "left_fen": sum(due.left_fen for due in left),
    }


def _row(record: dict[str, Any]) -> list[str]:
    return [
        record["contract"],
        "、".join(record["assets"]),
        code_name("mode", record["mode"]),
        f"{record['operator_name']} {record['operator']}".strip(),
        record["from_on"],
        record["to_on"],
        "履行中" if record["state"] == "running" else ContractEnding(record["state"]).zh,
        record["open_since"] or "",
        format_yuan(record["due_fen"]),
        format_yuan(record["left_fen"]),
    ]


@click.command("show", cls=Verb, help="查看一份合同:条款、应收计划和每一笔")
@click.argument("contract", metavar="合同编号")
@answer_options
@with_settings
def show_(settings: Settings, contract: str) -> None:
    """Show one contract and all that happened to it."""
    from ledger.commands.work import CONTRACT

    with open_log(settings) as engine:
        history = history_of(engine, CONTRACT.stream(contract))
    state = history.state(CONTRACT)
    terms = state.must_exist(contract)
    data = {
        "contract": contract,
        "area": state.area,
        "signed_on": str(state.signed_on),
        "renews": state.renews,
        **terms.stated(),
        "from_on": str(terms.from_on),
        "to_on": str(terms.to_on),
        "yearly_fen": terms.yearly_fen,
        "dues": [{**due.model_dump(mode="json")} for due in terms.dues],
        "received_fen": dict(state.received),
        "ended_on": str(state.ended_on) if state.ended_on else None,
        "state": state.ended_why or "running",
        "events": history.as_json(),
    }
    tables = (fields_table(f"经营合同 {contract}", _pairs(state, terms)), _money_table(state, terms))
    show(settings.format, data, *tables, history_table(history))


def _pairs(state: State, terms: Terms) -> list[tuple[str, str]]:
    dues = ";".join(f"{due.on} {code_name('what', due.what)} {format_yuan(due.amount_fen)}" for due in terms.dues)
    return [
        ("资产", "、".join(terms.assets)),
        ("经营方式", code_name("mode", terms.mode)),
        ("经营者", f"{terms.operator_name} {terms.operator}({code_name('kind', terms.operator_kind)})".strip()),
        ("期限", f"{terms.from_on} 至 {terms.to_on}"),
        ("收益", _return_words(terms)),
        ("应收计划(元)", dues),
        ("押金(元)", format_yuan(terms.deposit_fen) if terms.deposit_fen else ""),
        ("担保", terms.guarantee),
        ("取得方式", terms.procurement),
        ("已约定条款", "、".join(ContractClause(each).zh for each in terms.clauses)),
        ("续签自", state.renews),
        ("状态", f"{state.standing} {state.ended_on or ''}".strip()),
    ]


def _return_words(terms: Terms) -> str:
    from ledger.shares import format_share

    parts = [code_name("return_kind", terms.return_kind)]
    if terms.return_numerator:
        parts.append(format_share(terms.share))
    parts += [f"{format_yuan(fen)} 元" for fen in (terms.return_fen,) if fen]
    base = f"{terms.base} {format_yuan(terms.base_fen) + ' 元' if terms.base_fen else ''}".strip()
    parts += [f"基数 {base}"] if base else []
    parts += [f"每年 {format_yuan(terms.yearly_fen)} 元"] if terms.yearly_fen else []
    return ",".join(parts)


def _money_table(state: State, terms: Terms) -> Table:
    """Return what is due over the term and what was received, by kind of money."""
    rows = [
        [what.zh, format_yuan(terms.due_fen(what)), format_yuan(state.received.get(what, 0))]
        for what in ContractMoney
        if terms.due_fen(what) or state.received.get(what)
    ]
    return Table(("款项", ">全部应收(元)", ">已收(元)"), rows, title="收款")


VIEWS: Final = (list_, show_)
