"""What a contract does to the operation right of the assets it lets, and what stands in its way.

The slot of the right says who operates; a contract that conveys it writes it in the same batch, and takes it back when
it ends. Source: assets.md 2.2, 4.1 and 9; ``docs/decisions/0014``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.characters import half_width
from ledger.codes import AssetCondition, Right
from ledger.domain.asset import LIFE_NAMES, Asset
from ledger.domain.caps import number
from ledger.domain.command import Command
from ledger.domain.contract import Contract, Terms
from ledger.domain.right import EndRight, Rights, SetRight, decide_set
from ledger.errors import RuleRefusedError
from ledger.events import Event, RightSet
from ledger.rules import RulePack

__all__ = ["LetAsset", "check_earning", "check_free", "check_unbound", "freed_by", "give_operation", "take_back"]


@dataclass(frozen=True, slots=True)
class LetAsset:
    """An asset that a contract names, with its rights and every contract that ever conveyed its operation right."""

    code: str
    asset: Asset
    rights: Rights
    contracts: tuple[Contract, ...] = ()


def check_free(lets: Iterable[LetAsset], own: Sequence[str], terms: Terms, command: Command) -> None:
    """Refuse to let what another contract lets in the same time, unless a reason is given.

    ``own`` are the codes of this contract and of the one it renews.

    Raises:
        RuleRefusedError: the operation right of an asset is conveyed to somebody for part of the term.
    """
    if command.reason:
        return
    for let in lets:
        for other in let.contracts:
            if other.contract in own or other.terms is None:
                continue
            last = min(other.ended_on or date.max, other.terms.to_on)
            if other.terms.from_on <= terms.to_on and terms.from_on <= last:
                raise RuleRefusedError(
                    "contract.already_let",
                    f"资产“{let.code}”{other.terms.from_on} 至 {last} 已由合同“{other.contract}”"
                    f"交“{other.terms.operator}”经营,与本合同 {terms.from_on} 至 {terms.to_on} 重叠",
                    hint=f"续签的写 --renews {other.contract};原合同已结束的先用 xianjie contract end 终止;"
                    "分部位、分时段经营的,用 --reason 说明",
                    rule="同一权利同一时间只有一个持有安排;出处 assets.md 9",
                )


def give_operation(
    let: LetAsset, terms: Terms, since: date, command: Command, rules: RulePack, *, contract: str, link: str
) -> list[Event]:
    """Set the operation right of an asset whole to the operator from a day, linked with the contract.

    Raises:
        RuleRefusedError: as ``decide_set``.
    """
    holder = {
        "holder": terms.operator,
        "kind": terms.operator_kind,
        "share": "1",
        "name": terms.operator_name,
    }
    setting = SetRight.of(
        on=since,
        document=command.document,
        reason=command.reason,
        asset=let.code,
        right=Right.OPERATION,
        holders=(holder,),
        note=f"合同 {contract}",
    )
    decided = decide_set(let.asset, let.rights, setting, rules)
    return [each.model_copy(update={"confirmation_id": link, "contract": contract}) for each in decided]


def freed_by(lets: Iterable[LetAsset], contract: str, last: date) -> list[tuple[LetAsset, date]]:
    """Return the assets whose operation right rests on the contract after a day, and from when it rests on nothing."""
    found = []
    for let in lets:
        conveyed = [each for each in let.rights.settings if each.right == Right.OPERATION]
        of_contract = [each for each in conveyed if each.contract == contract and each.status == "held"]
        if not of_contract or let.asset.life != "live":
            continue
        since = max(last + timedelta(days=1), of_contract[-1].effective_on)
        if let.rights.at(Right.OPERATION, since) == of_contract[-1]:
            found.append((let, since))
    return found


def take_back(
    freed: Iterable[tuple[LetAsset, date]], command: Command, rules: RulePack, *, contract: str, why: str, link: str
) -> list[Event]:
    """Leave the operation right of each asset unsettled, to be settled in as many days as the rules allow."""
    events: list[Event] = []
    for let, since in freed:
        days = rules.find("operation_resettle_days", let.asset.area, command.on)
        events.append(
            RightSet(
                effective_on=since,
                document=command.document,
                reason=command.reason or f"合同 {contract} {why}",
                **let.asset.dimensions(),
                right=Right.OPERATION.value,
                status="unsettled",
                due_on=since + timedelta(days=int(number(days))) if days is not None else None,
                note=f"合同 {contract} {why}",
                confirmation_id=link,
                contract=contract,
            )
        )
    return events


def check_unbound(rights: Rights, command: SetRight | EndRight, contracts: Iterable[Contract]) -> None:
    """Refuse to set or end the operation right by hand, without a reason, while a contract that conveyed it runs.

    Raises:
        RuleRefusedError: the right would no longer be as the running contract says.
    """
    now = rights.at(Right.OPERATION, command.on)
    if half_width(command.right) not in {Right.OPERATION.value, Right.OPERATION.zh} or command.reason:
        return
    if now is None or now.status != "held":
        return
    for each in contracts:
        if each.contract == now.contract and each.terms is not None and each.runs(command.on):
            raise RuleRefusedError(
                "right.under_contract",
                f"资产“{command.asset}”的经营权由履行中的合同“{each.contract}”约定,到 {each.terms.to_on} 届满",
                hint=f"请用 xianjie contract end {each.contract} 终止或 contract amend 变更合同,经营权随之变动;"
                "确须单独登记的,用 --reason 说明",
                rule="经营权与合同须一致;出处 assets.md 2.1、4.1",
            )


def check_earning(assets: Sequence[Asset], what: str, command: Command) -> None:
    """Refuse rent for assets that all ended, are lost or stand idle, unless a reason is given.

    Raises:
        RuleRefusedError: what is on record contradicts itself.
    """
    if command.reason or not assets:
        return
    states = {each.asset: _barren(each) for each in assets}
    if all(states.values()):
        shown = "、".join(f"“{code}”({state})" for code, state in states.items())
        raise RuleRefusedError(
            "contract.rent_of_idle",
            f"资产{shown},却{what}",
            hint="请核对资产状态:已在用的先用 xianjie condition assess 重新评定;补收以前欠款的,用 --reason 说明",
            rule="RF37 状态矛盾:报废有收入、闲置有租金;出处 assets.md 7",
        )


def _barren(asset: Asset) -> str:
    if asset.life != "live":
        return LIFE_NAMES[asset.life]
    if asset.condition in {AssetCondition.IDLE, AssetCondition.LOST}:
        return AssetCondition(asset.condition).zh
    return ""
