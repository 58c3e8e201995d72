"""Flags of how assets are let and run: operators, contracts, terms, rent, principal. Source: assets.md 4.1, 7."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.codes import ContractClause
from ledger.money import format_yuan
from projections.flags.model import Hit, after, apart, check, count, day, days, fen, hit, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.flags.model import Terms
    from projections.flags.pictures import Asset, Contract, Scheme, World

__all__: list[str] = []

_LEASE_YEARS: Final = 20  # 民法典 第七百零五条: law, the same everywhere
_ENOUGH_TO_COMPARE: Final = 5
_GUARANTEED: Final = frozenset({"entrust", "share_in", "debt", "cooperation"})
_FIXED: Final = frozenset({"fixed", "percent"})


@check(
    "RF07",
    "asset",
    "经营性资产移交(没有的取登记)+ 天数 < 截至日,没有履行中的合同,也没有经营权人",
    "签订经营合同,或明确经营权",
)
def without_operator(asset: Asset, terms: Terms) -> Iterator[Hit]:
    """Find where nobody runs an asset that is meant to earn."""
    start = asset.on("handed_over") or asset.registered_on
    waited, operation = terms.since(start), asset.right("operation")
    held = operation is not None and operation.status == "held"
    if (
        asset.asset_class != "operating"
        or not asset.live
        or held
        or any(each.runs(terms.as_of) for each in asset.contracts)
    ):
        return
    if waited > terms.number("days"):
        sides = days(f"自 {start} 无人经营", waited), days("期限", terms.number("days"))
        yield hit(asset.subject, sides[0], "超过", sides[1], asset.position, asset.reached.get("handed_over"))


@check("RF08", "scheme", "账户有租金收益,其资产没有任何经营合同", "补签、补录经营合同")
def income_without_contract(scheme: Scheme, _terms: Terms) -> Iterator[Hit]:
    """Find where income was posted and no contract says where it came from."""
    if scheme.loose and scheme.loose.fen > 0 and not scheme.let:
        sides = fen("没有合同的收益", scheme.loose.fen), fen("应为", 0)
        yield hit(scheme.subject, sides[0], "多于", sides[1], scheme.loose)


@check("RF08", "contract", "合同金额 ≥ 限额,没有进场交易记录", "补录交易平台的成交文件,或说明不进场的依据")
def contract_without_trade(contract: Contract, terms: Terms) -> Iterator[Hit]:
    """Find where a large contract was not made on the market."""
    line = terms.number("line_fen")
    if contract.worth_fen >= line and not contract.procurement.strip():
        sides = fen("没有交易记录的合同", contract.worth_fen), fen("限额", line)
        yield hit(contract.subject, sides[0], "达到", sides[1], contract.position)


@check("RF09", "contract", "合同截止日 < 截至日,没有续签,截止后仍收租金", "续签或收回资产")
def runs_on(contract: Contract, terms: Terms) -> Iterator[Hit]:
    """Find where rent still comes under a contract that ended and was not renewed."""
    received = contract.received
    if contract.dues.renewed or not received or not contract.dues.rent_after_fen or contract.to_on >= terms.as_of:
        return
    sides = day("最近收租", received.last), day("合同截止", contract.to_on)
    yield hit(contract.subject, sides[0], "晚于", sides[1], contract.position, received)


@check("RF10", "contract", "租赁超过 20 年;或超过本地规定年限", "缩短期限,期满续签", "contract_years_limit")
def too_long(contract: Contract, terms: Terms) -> Iterator[Hit]:
    """Find where a lease runs for more than twenty years, or a contract longer than the county allows."""
    limit = terms.general("contract_years_limit")
    years = [_LEASE_YEARS] if contract.mode == "lease" else []
    years += [int(limit)] if limit is not None else []
    if years and contract.to_on > (last := after(contract.from_on, years=min(years))):
        sides = day("合同截止", contract.to_on), day(f"自 {contract.from_on} 起 {min(years)} 年", last)
        yield hit(contract.subject, sides[0], "晚于", sides[1], contract.position)


@check("RF11", "all", "年收益 ÷ 基数 < 比例;或 < 同类合同中位数 × 比例", "重新评估租金,说明偏低原因")
def low_rent(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where the yearly return is low for its base, or against like contracts."""
    least, part = Fraction(terms.number("percent"), 100), Fraction(terms.number("median_percent"), 100)
    rates: defaultdict[str, list[Fraction]] = defaultdict(list)
    known = [each for each in world.contracts.values() if each.base_fen and each.yearly_fen and each.runs(terms.as_of)]
    for contract in known:
        rates[contract.mode].append(contract.yearly_fen / contract.base_fen)
    for contract in known:
        like = sorted(rates[contract.mode])
        median = like[len(like) // 2] if len(like) >= _ENOUGH_TO_COMPARE else Fraction(0)
        wanted = max(least, median * part)
        if contract.yearly_fen < wanted * contract.base_fen:
            needed = wanted * contract.base_fen
            name = f"基数 {format_yuan(contract.base_fen)} 元 × {wanted.numerator}/{wanted.denominator}"
            sides = fen("年收益", int(contract.yearly_fen)), fen(name, -(-needed.numerator // needed.denominator))
            yield hit(contract.subject, sides[0], "少于", sides[1], contract.position)


@check("RF12", "contract", "到期应收 - 已收 > 0,且逾期 > rent_grace_days", "收取欠款,或变更合同", "rent_grace_days")
def rent_unpaid(contract: Contract, terms: Terms) -> Iterator[Hit]:
    """Find where money that fell due under a contract did not come."""
    grace = terms.general("rent_grace_days")
    if grace is None:
        return
    late = [
        each for each in contract.dues.dues if each.left_fen and apart(each.on.isoformat(), terms.as_of) > int(grace)
    ]
    if late:
        owed, met = sum(each.due_fen for each in late), sum(each.received_fen for each in late)
        name = f"自 {late[0].on} 起逾期超过 {grace} 天的应收中已收"
        yield hit(contract.subject, fen(name, met), "少于", fen("应收", owed), contract.position, contract.received)


@check("RF13", "contract", "合同已到期,本金 - 已还本金 > 0", "收回本金、再投资或续签")
def principal_at_risk(contract: Contract, terms: Terms) -> Iterator[Hit]:
    """Find where a debt or equity contract matured and its principal did not come back."""
    left = contract.dues.principal_left_fen
    if left > 0 and contract.to_on < terms.as_of:
        sides = (
            fen(f"{contract.to_on} 到期后已还本金", contract.dues.principal_received_fen),
            contract.dues.principal_fen,
        )
        yield hit(contract.subject, sides[0], "少于", fen("本金", sides[1]), contract.position)


@check(
    "RF14", "contract", "约定固定收益,没有 guaranteed_return_clauses 所列条款", "补充条款", "guaranteed_return_clauses"
)
def clauses_missing(contract: Contract, terms: Terms) -> Iterator[Hit]:
    """Find where a contract guarantees a return and lacks the clauses on risk, exit or principal."""
    asked = str(terms.general("guaranteed_return_clauses") or "").split()
    missing = [ContractClause(each).zh for each in asked if each not in contract.clauses]
    if missing and contract.mode in _GUARANTEED and contract.return_kind in _FIXED:
        sides = count("已约定(缺 " + "、".join(missing) + ")", len(asked) - len(missing)), count("应约定", len(asked))
        yield hit(contract.subject, sides[0], "少于", sides[1], contract.position)


@check("RF27", "all", "同一经营者在天数内有 2 份以上合同,每份 < 限额,合计 ≥ 限额", "核对是否应合并进场交易")
def split_contracts(world: World, terms: Terms) -> Iterator[Hit]:
    """Find where one operator signed several contracts, each just below the line."""
    line, period = terms.number("line_fen"), terms.number("days")
    operators: defaultdict[tuple[str, str], list[Contract]] = defaultdict(list)
    for contract in world.contracts.values():
        if contract.worth_fen < line:
            operators[contract.subject.area, contract.operator].append(contract)
    for contracts in operators.values():
        ordered = sorted(contracts, key=lambda each: (each.signed_on, each.position))
        for at, first in enumerate(ordered):
            near = [each for each in ordered[at:] if apart(first.signed_on, each.signed_on) <= period]
            total = sum(each.worth_fen for each in near)
            if len(near) > 1 and total >= line:
                side = fen(f"{period} 天内 {len(near)} 份合同合计", total)
                yield hit(first.subject, side, "达到", fen("限额", line), *(each.position for each in near))
                break


@check("RF30", "contract", "担保内容含以集体资产担保的词语;或收款凭证含个人账户的词语", "解除担保;改入集体账户并说明")
def guarantee_or_private_account(contract: Contract, terms: Terms) -> Iterator[Hit]:
    """Find where property of the collective stands as guarantee, or money went to somebody's own account."""
    word = next((each for each in terms.words("guarantee_words") if each in contract.guarantee), "")
    if word:
        sides = words("担保内容含", word), words("集体资产", "不得担保")
        yield hit(contract.subject, sides[0], "而", sides[1], contract.position)
    for voucher, position in contract.vouchers[:1]:
        word = next(each for each in terms.words("account_words") if each in voucher)
        sides = words("收款凭证含", word), words("收益", "应入集体账户")
        yield hit(contract.subject, sides[0], "而", sides[1], position)


@check("RF30", "scheme", "收益凭证含个人账户的词语", "改入集体账户并说明")
def income_to_private_account(scheme: Scheme, terms: Terms) -> Iterator[Hit]:
    """Find where income of an account went to somebody's own account."""
    for voucher, position in scheme.vouchers[:1]:
        word = next(each for each in terms.words("account_words") if each in voucher)
        sides = words("收益凭证含", word), words("收益", "应入集体账户")
        yield hit(scheme.subject, sides[0], "而", sides[1], position)
