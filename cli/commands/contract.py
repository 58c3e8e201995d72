"""``xianjie contract``: operation contracts, from their signature to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli.contracts import VIEWS
from cli.help import Noun
from cli.params import DATE, DUE, MONEY, MONTH_DAYS, TEXT, YES_NO, Choice, code_option, money_option
from cli.recording import Entry, show_outcome, write_options
from ledger.codes import Code, ContractClause, ContractEnding, ContractMoney, OperationMode, ReturnKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["contract"]

F = TypeVar("F", bound="Callable[..., Any]")

_MODES: Final = "经营方式:" + "、".join(each.zh for each in OperationMode if each is not OperationMode.SELF_RUN)
_RETURNS: Final = "收益方式:" + "、".join(f"{each.value}({each.zh})" for each in ReturnKind)
_CLAUSES: Final = "合同已约定的条款,可重复:" + "、".join(each.zh for each in ContractClause)

_ENDINGS: Final = tuple(each for each in ContractEnding if each is not ContractEnding.RENEWED)


def _words(codes: Iterable[Code]) -> dict[str, str]:
    return {each.value: each.zh for each in codes}


_contract_argument = click.argument("contract", metavar="合同编号")


@click.group(cls=Noun, help="经营合同:签订、变更、续签、收款、终止、查看")
def contract() -> None:
    """Operation contracts."""


def _terms_options(*, signing: bool) -> Callable[[F], F]:
    """Add the terms; those that a contract cannot be signed without are required when it is signed."""
    options = (
        click.option("--asset", "assets", type=TEXT, multiple=True, required=signing, help="资产编号,可重复"),
        code_option("--mode", "mode", _MODES, required=signing),
        click.option("--operator", type=TEXT, required=signing, help="经营者编号"),
        code_option("--operator-kind", "operator_kind", "经营者类别,如 企业、农民专业合作社", required=signing),
        click.option("--operator-name", type=TEXT, help="经营者名称"),
        click.option("--from", "from_on", type=DATE, required=signing, help="起始日期"),
        click.option("--to", "to_on", type=DATE, required=signing, help="截止日期(含);租赁不超过 20 年"),
        click.option("--return", "return_kind", type=Choice(_words(ReturnKind)), required=signing, help=_RETURNS),
        money_option("--return-amount", "return_fen", "固定收益每年的金额,或每单位的金额", required=False),
        click.option("--return-share", type=TEXT, help="按基数或利润的比例,如 8%、3/10"),
        click.option("--base-amount", "base_fen", type=MONEY, help="计算收益的基数"),
        click.option("--base", type=TEXT, help="基数是什么,如 决算审定价;按单位的写单位,如 亩"),
        click.option("--instalments", type=MONTH_DAYS, help="每年平均分期的应收日,如 06-30,12-31;须为整年合同"),
        click.option("--due", "dues", type=DUE, multiple=True, help="一笔应收,可重复,如 2025-09-01:184万元:回购款"),
        click.option("--deposit", "deposit_fen", type=MONEY, help="押金"),
        click.option("--guarantee", type=TEXT, help="担保"),
        click.option("--procurement", type=TEXT, help="确定经营者的方式,如 公开招租"),
        click.option("--clause", "clauses", type=TEXT, multiple=True, help=_CLAUSES),
    )

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@contract.command(help="签订经营合同,同时把各项资产的经营权登记给经营者")
@_contract_argument
@_terms_options(signing=True)
@click.option("--renews", type=TEXT, help="续签自哪一份合同;原合同在本合同起始的前一日终止")
@click.option("--set-right", type=YES_NO, help="是否同时登记经营权,默认是;只委托运维、不交出经营权的写否")
@write_options
def sign(entry: Entry, **values: object) -> None:
    """Sign a contract."""
    from ledger.domain.contracting import SignContract
    from ledger.events import RightSet

    outcome = entry.submit([entry.build(SignContract, _given(values))])
    given = [event.asset for event in outcome.events if isinstance(event, RightSet)]
    notes = [f"已把资产 {'、'.join(given)} 的经营权登记给经营者,自合同起始日起"] if given else []
    show_outcome(entry, outcome, notes)


@contract.command(help="变更合同条款,只写有变的(须写 --doc);--due 重写全部应收,--instalments 只重写租金或收益")
@_contract_argument
@_terms_options(signing=False)
@write_options
def amend(entry: Entry, **values: object) -> None:
    """Change terms of a contract."""
    from ledger.domain.contracting import AmendContract

    entry.record(AmendContract, _given(values))


def _given(values: dict[str, object]) -> dict[str, object]:
    """Return the values without the lists in which nothing was written."""
    return {name: value for name, value in values.items() if value != ()}


@contract.command(help="登记合同收款")
@_contract_argument
@money_option("--amount", "amount_fen", "收到的金额")
@click.option("--what", type=Choice(_words(ContractMoney)), help="款项,默认为 rent(租金或收益)")
@click.option("--voucher", type=TEXT, help="凭证号")
@write_options
def receive(entry: Entry, **values: object) -> None:
    """Record a receipt."""
    from ledger.domain.rent import ReceiveRent

    entry.record(ReceiveRent, values)


@contract.command("buy-back", help="经营者回购资产的一部分:所有权转移,回购部分此后不再计收益;须写 --doc")
@_contract_argument
@click.option("--share", type=TEXT, required=True, help="回购整项资产的多少,如 1/2、20%")
@money_option("--price", "price_fen", "回购价款")
@write_options
def buy_back(entry: Entry, **values: object) -> None:
    """Buy back a part of the asset."""
    from ledger.domain.buy_back import BuyBack

    entry.record(BuyBack, values)


@contract.command(help="终止合同:到期、提前(须写 --reason)或无效(须写 --reason)")
@_contract_argument
@click.option("--why", type=Choice(_words(_ENDINGS)), required=True, help="expired、early 或 void")
@write_options
def end(entry: Entry, **values: object) -> None:
    """End a contract."""
    from ledger.domain.contracting import EndContract
    from ledger.events import RightSet

    outcome = entry.submit([entry.build(EndContract, values)])
    freed = [(event.asset, event.due_on) for event in outcome.events if isinstance(event, RightSet)]
    notes = [
        f"资产“{asset}”的经营权改为未明确{f',应于 {due} 前明确' if due else ''}:用 contract sign 再签或 right set 登记"
        for asset, due in freed
    ]
    show_outcome(entry, outcome, notes)


for _view in VIEWS:
    contract.add_command(_view)
