"""Decisions on an operation contract: signed, amended, renewed, ended.

Source: assets.md 4.1 and 7 (RF09, RF10, RF12, RF14, RF37).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from ledger.codes import AssetClass, AssetForm, ContractClause, ContractEnding, HolderKind, OperationMode
from ledger.dates import months_after
from ledger.domain.caps import number, source_of
from ledger.domain.command import Amount, Command, Day, Flag, Ident, Line, coded
from ledger.domain.contract import Contract, Terms
from ledger.domain.dues import DuePart, MonthDay, check_dues, instalments
from ledger.domain.history import not_before
from ledger.domain.holders import check_household
from ledger.domain.letting import LetAsset, check_free
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import ContractAmended, ContractEnded, ContractSigned, Event
from ledger.money import format_yuan
from ledger.rules import RulePack
from ledger.shares import parse_share

__all__ = [
    "AmendContract",
    "EndContract",
    "SignContract",
    "TermsCommand",
    "decide_amend",
    "decide_end_contract",
    "decide_sign",
]

_LEASE_YEARS: Final = 20
"""民法典 §705, the law of the whole country: no county may set it otherwise."""

_GUARANTEED: Final = frozenset({OperationMode.SHARE_IN, OperationMode.DEBT, OperationMode.COOPERATION})
"""The modes in which a return agreed beforehand is a guaranteed dividend and not a rent."""

_INVESTING: Final = frozenset({OperationMode.SHARE_IN, OperationMode.DEBT})
"""The modes that make the owner an investor or a lender."""

_INVESTED: Final = frozenset({AssetForm.EQUITY, AssetForm.DEBT_CLAIM})

_RETURNS: Final = {
    "fixed": (("return_fen", "--return-amount"),),
    "percent": (("return_numerator", "--return-share"),),
    "profit": (("return_numerator", "--return-share"),),
    "per_unit": (("return_fen", "--return-amount"), ("base", "--base")),
}
_PLAIN_TERMS: Final = (
    *("assets", "mode", "operator", "operator_kind", "operator_name", "from_on", "to_on", "return_kind"),
    *("return_fen", "base_fen", "base", "deposit_fen", "guarantee", "procurement"),
)
_NO_RETURN: Final = {"return_fen": 0, "return_numerator": 0, "return_denominator": 1, "base_fen": 0, "base": ""}

Kind = Annotated[str, coded(HolderKind)]
Mode = Annotated[str, coded(OperationMode)]
ReturnKind = Literal["fixed", "percent", "profit", "per_unit"]


class TermsCommand(Command):
    """Terms of a contract; one that is None is not given and stays what it was.

    ``return_share`` is written as people do (8%); ``instalments`` are days of every year on which a part of the yearly
    return is due, beside the single ``dues``.
    """

    contract: Ident
    assets: tuple[Ident, ...] | None = None
    mode: Mode | None = None
    operator: Ident | None = None
    operator_kind: Kind | None = None
    operator_name: Line | None = None
    from_on: Day | None = None
    to_on: Day | None = None
    return_kind: ReturnKind | None = None
    return_fen: Amount | None = None
    return_share: Line | None = None
    base_fen: Amount | None = None
    base: Line | None = None
    dues: tuple[DuePart, ...] | None = None
    instalments: Annotated[tuple[MonthDay, ...], Field(max_length=12)] | None = None
    deposit_fen: Amount | None = None
    guarantee: Line | None = None
    procurement: Line | None = None
    clauses: tuple[Annotated[str, coded(ContractClause)], ...] | None = None


class SignContract(TermsCommand):
    """Sign a contract; ``renews`` names the one it follows.

    ``set_right`` says whether the operator gets the operation right of the assets; by default it does. A contract about
    something else, such as looking after a plant that its owner runs, leaves the right alone.
    """

    assets: tuple[Ident, ...] = Field(min_length=1)
    mode: Mode
    operator: Ident
    operator_kind: Kind
    from_on: Day
    to_on: Day
    return_kind: ReturnKind
    renews: Line = ""
    set_right: Flag | None = None


class AmendContract(TermsCommand):
    """Change terms of a running contract, by an approving document."""


class EndContract(Command):
    """End a contract: at its end, before, or because it is void."""

    contract: Ident
    why: Literal["expired", "early", "void"]


def decide_sign(
    state: Contract,
    renewed: Contract | None,
    lets: Sequence[LetAsset],
    command: SignContract,
    rules: RulePack,
    *,
    link: str = "",
) -> list[Event]:
    """Sign a contract about live assets of one county; the one it renews ends the day before.

    ``link`` is shared with what the contract does to rights.

    Raises:
        NotFoundError: an asset or the renewed contract is unknown.
        RuleRefusedError: the code is taken, the terms break a rule, the renewed contract was ended, or, without a
            reason, another contract lets an asset in the same time.
        ValueRefusedError: terms that contradict themselves.
    """
    if state.exists:
        raise RuleRefusedError(
            "contract.exists",
            f"合同编号“{command.contract}”已用于 {state.signed_on} 签订的合同({state.standing})",
            hint="请换一个编号;条款有变的用 xianjie contract amend,续签的用新编号并写 --renews",
        )
    terms = _changed(None, command)
    check_household(terms.operator, terms.operator_kind)
    _check_terms(terms, lets, command, rules)
    check_dues(terms, command.on, command.reason)
    ended = _renewed(renewed, terms, command, link) if renewed is not None else []
    check_free(lets, (command.contract, command.renews), terms, command)
    area = lets[0].asset.area
    fields = {"contract": command.contract, "area": area, **terms.stated(), "renews": command.renews}
    return [*ended, ContractSigned(**_common(command), **fields, right_id=link)]


def _renewed(old: Contract, terms: Terms, command: SignContract, link: str) -> list[Event]:
    before = old.running(command.renews, "续签")
    if terms.from_on <= before.from_on:
        raise ValueRefusedError(
            "contract.renewal_early",
            f"续签自 {terms.from_on} 起,不晚于原合同“{old.contract}”的起始日期 {before.from_on}",
            hint="请核对起始日期;同一期间条款有变的,用 xianjie contract amend",
        )
    last = min(before.to_on, terms.from_on - timedelta(days=1))
    fields = {**_common(command), "effective_on": last, "contract": old.contract, "area": old.area}
    freed = tuple(each for each in before.assets if each not in terms.assets) if link else ()
    return [ContractEnded(**fields, why="renewed", renewed_by=command.contract, right_id=link, freed=freed)]


def decide_amend(
    state: Contract, lets: Sequence[LetAsset], command: AmendContract, rules: RulePack, *, link: str = ""
) -> list[Event]:
    """Change terms of a running contract; all of them are written down as they stand from now on.

    Raises:
        NotFoundError: the contract or an asset is unknown.
        RuleRefusedError: ended, without an approving document, terms that break a rule, or, without a reason, a new
            yearly return or term with the old dues.
        ValueRefusedError: terms that contradict themselves, or nothing changed.
    """
    before = state.running(command.contract, "变更")
    if not command.document:
        raise RuleRefusedError(
            "contract.amendment_unfounded",
            f"变更合同“{command.contract}”没有写明补充协议或批准文号",
            hint="请用 --doc 写明文号",
        )
    terms = _changed(before, command)
    if terms == before:
        raise ValueRefusedError(
            "contract.unchanged", f"合同“{command.contract}”的条款没有变化", hint="请写明要变更的条款"
        )
    recomputed = command.dues is not None or command.instalments is not None
    moved = (before.yearly_fen, before.from_on, before.to_on) != (terms.yearly_fen, terms.from_on, terms.to_on)
    if moved and before.dues and not recomputed and not command.reason:
        raise RuleRefusedError(
            "contract.dues_stale",
            f"合同“{command.contract}”的收益或期限有变({_yearly(before)} → {_yearly(terms)}),应收计划却没有重算",
            hint="请用 --instalments 或 --due 重写应收计划;计划不变的,用 --reason 说明原因",
            rule="RF12 基数经决算审计变动后须重算应收;出处 assets.md 7",
        )
    _check_terms(terms, lets, command, rules)
    check_dues(terms, state.signed_on or command.on, command.reason)
    not_before(command.on, state.signed_on, what="合同变更", cause="签订", reason=command.reason)
    if (before.assets, before.from_on, before.to_on) != (terms.assets, terms.from_on, terms.to_on):
        check_free(lets, (state.contract, state.renews), terms, command)
    fields = {**_common(command), "contract": state.contract, "area": state.area, **terms.stated()}
    freed = tuple(each for each in before.assets if each not in terms.assets) if link else ()
    return [ContractAmended(**fields, right_id=link, freed=freed)]


def decide_end_contract(
    state: Contract, command: EndContract, freed: tuple[str, ...] = (), *, link: str = ""
) -> list[Event]:
    """End a running contract; ``freed`` are the assets whose operation right it conveyed until then.

    Raises:
        NotFoundError: the contract is unknown.
        RuleRefusedError: ended already; called expired before its last day, or early after it; early or void without
            a reason.
    """
    terms = state.running(command.contract, "终止")
    if (command.why == "expired") != (command.on >= terms.to_on) and command.why != "void":
        raise RuleRefusedError(
            "contract.ending_differs",
            f"合同“{command.contract}”到 {terms.to_on} 届满,{command.on} 终止不是{ContractEnding(command.why).zh}",
            hint="未到期的填 early(提前终止),到期的填 expired(到期终止)",
        )
    if command.why != "expired" and not command.reason:
        raise RuleRefusedError(
            "contract.ending_reason",
            f"合同“{command.contract}”{ContractEnding(command.why).zh},须写明原因",
            hint="请用 --reason 写明原因和依据",
        )
    not_before(command.on, state.signed_on, what="合同终止", cause="签订", reason=command.reason)
    fields = {**_common(command), "contract": state.contract, "area": state.area, "why": command.why}
    return [ContractEnded(**fields, freed=freed, right_id=link if freed else "")]


def _changed(before: Terms | None, command: TermsCommand) -> Terms:
    """Return the terms with what the command gives.

    Another kind of return starts from nothing. New instalments take the place of the rent alone, single dues of all.
    """
    given: dict[str, Any] = {name: getattr(command, name) for name in _PLAIN_TERMS}
    given = {name: value for name, value in given.items() if value is not None}
    if command.clauses is not None:
        given["clauses"] = tuple(dict.fromkeys(command.clauses))
    if command.return_share is not None:
        share = parse_share(command.return_share)
        given |= {"return_numerator": share.numerator, "return_denominator": share.denominator}
    if before is None:
        terms = Terms(**given)
    else:
        again = given.get("return_kind", before.return_kind) != before.return_kind
        terms = replace(before, **({**_NO_RETURN, **given} if again else given))
    if command.dues is None and command.instalments is None:
        return terms
    kept = [due for due in terms.dues if due.what != "rent"] if command.dues is None else []
    dues = [*kept, *(part.due() for part in command.dues or ())]
    if command.instalments:
        dues += instalments(terms, command.instalments)
    return replace(terms, dues=tuple(sorted(dues, key=lambda due: (due.on, due.what))))


def _check_terms(terms: Terms, lets: Sequence[LetAsset], command: TermsCommand, rules: RulePack) -> None:
    _check_assets(terms, lets, command)
    _check_period(terms, lets[0].asset.area, command, rules)
    missing = [flag for name, flag in _RETURNS[terms.return_kind] if not getattr(terms, name)]
    if missing or (terms.return_kind == "percent" and not (terms.base_fen or terms.base)):
        flags = "、".join(missing or ["--base-amount 或 --base"])
        raise ValueRefusedError("contract.return_missing", f"收益方式缺少 {flags}", hint="请写明收益怎样计算")
    _check_guarantee(terms, lets[0].asset.area, command, rules)


def _check_assets(terms: Terms, lets: Sequence[LetAsset], command: TermsCommand) -> None:
    if terms.mode == OperationMode.SELF_RUN:
        raise RuleRefusedError(
            "contract.self_run",
            "所有权人自主经营不签经营合同",
            hint="请用 xianjie right set 把经营权登记给所有权人",
        )
    if len(set(terms.assets)) < len(terms.assets):
        raise ValueRefusedError("contract.asset_doubled", "合同中的同一项资产写了两次", hint="请核对资产编号")
    for let in lets:
        let.asset.must_live(let.code, "签订经营合同")
        if [each.holder for each in let.rights.owners] == [terms.operator]:
            raise RuleRefusedError(
                "contract.operator_owns",
                f"经营者“{terms.operator}”就是资产“{let.code}”的唯一所有权人,不能与自己签合同",
                hint="自主经营的,用 xianjie right set 登记经营权",
            )
        if command.reason:
            continue
        # A share or a claim that a state unit owns gave its legal basis when its owner was put on notice.
        invests = terms.mode in _INVESTING and let.asset.asset_form not in _INVESTED
        if invests and any(each.kind == HolderKind.STATE_UNIT for each in let.rights.owners):
            raise RuleRefusedError(
                "contract.state_invests",
                f"资产“{let.code}”由国有单位所有,以{OperationMode(terms.mode).zh}方式经营是行政单位对外投资或出借",
                hint="请核对经营方式和所有权人;确有法律依据的,用 --reason 写明",
                rule="RF35 行政单位不得以国有资产对外投资或设立营利性组织,法律另有规定的除外;"
                "出处 行政事业性国有资产管理条例 第十二条",
            )
        if let.asset.disputed:
            raise RuleRefusedError(
                "contract.disputed",
                f"资产“{let.code}”的异议 {'、'.join(sorted(let.asset.objections))} 尚未处理",
                hint="请先处理异议;须先行签约以免闲置的,用 --reason 说明由谁决定",
                rule="权属争议;出处 assets.md 3.3",
            )
        if let.asset.asset_class != AssetClass.OPERATING:
            raise RuleRefusedError(
                "contract.not_operating",
                f"资产“{let.code}”是{AssetClass(let.asset.asset_class).zh}资产,一般不对外经营",
                hint="请核对资产编号和类别;确需经营的,用 --reason 说明依据",
                rule="RF37 到户类、公益性资产有经营者;出处 assets.md 7",
            )
    areas = sorted({let.asset.area for let in lets})
    if len(areas) > 1:
        raise ValueRefusedError(
            "contract.several_areas", f"合同中的资产分属 {'、'.join(areas)}", hint="请每个县区各签一份合同"
        )


def _check_period(terms: Terms, area: str, command: TermsCommand, rules: RulePack) -> None:
    if terms.to_on < terms.from_on:
        raise ValueRefusedError(
            "contract.period", f"合同截止 {terms.to_on} 早于起始 {terms.from_on}", hint="请核对起止日期"
        )
    last = months_after(terms.from_on, 12 * _LEASE_YEARS)
    if terms.mode == OperationMode.LEASE and terms.to_on > last:
        raise RuleRefusedError(
            "contract.lease_too_long",
            f"租赁自 {terms.from_on} 至 {terms.to_on},超过 {_LEASE_YEARS} 年(最迟到 {last})",
            hint="请缩短租期;期满可以续租",
            rule="RF10 租赁期限不得超过二十年;民法典 第七百零五条",
        )
    limit = rules.find("contract_years_limit", area, command.on)
    if limit is not None and not command.reason:
        last = months_after(terms.from_on, 12 * int(number(limit)))
        if terms.to_on > last:
            raise RuleRefusedError(
                "contract.beyond_limit",
                f"合同自 {terms.from_on} 至 {terms.to_on},超过本地规定的 {limit.value} 年(最迟到 {last})",
                hint="请缩短期限;经批准的,用 --reason 写明批准文号",
                rule=source_of("RF10 合同期限", limit),
            )


def _check_guarantee(terms: Terms, area: str, command: TermsCommand, rules: RulePack) -> None:
    """Refuse a guaranteed return without the clauses that say who bears the risk and how the principal returns."""
    asked = rules.find("guaranteed_return_clauses", area, command.on)
    if asked is None or command.reason or terms.open_ended or terms.mode not in _GUARANTEED:
        return
    missing = [ContractClause(each) for each in str(asked.value).split() if each not in terms.clauses]
    if missing:
        raise RuleRefusedError(
            "contract.clauses_missing",
            f"{OperationMode(terms.mode).zh}合同约定固定收益,却没有约定{'、'.join(each.zh for each in missing)}",
            hint="请在合同中约定并用 --clause 写明;确未约定的,用 --reason 说明原因",
            rule=source_of("RF14 保底收益须约定风险、退出和本金", asked),
        )


def _yearly(terms: Terms) -> str:
    known = terms.yearly_fen
    return f"每年 {format_yuan(known)} 元" if known is not None else "每年未定"


def _common(command: Command) -> dict[str, Any]:
    return {"effective_on": command.on, "document": command.document, "reason": command.reason}
