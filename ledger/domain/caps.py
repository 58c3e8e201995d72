"""Caps on payments: each a function that refuses, or says nothing.

Sources: funds.md 3.2 and 8.2 (R8 to R12). How high a cap is stands in the rule pack; a pack without the parameter has
no such rule.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ledger.domain.line import MoneyCommand
from ledger.domain.project import STAGE_NAMES, Project
from ledger.errors import RuleRefusedError
from ledger.money import format_yuan
from ledger.rules import RulePack
from ledger.rules.model import Parameter

__all__ = ["check_payment", "check_settled", "is_fee", "number", "source_of"]

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


def number(parameter: Parameter) -> Fraction:
    """Return the parameter as an exact number; a text may carry a decimal point.

    Raises:
        RuleRefusedError: the pack gives a word where a number belongs.
    """
    text = str(parameter.value)
    if not _NUMBER.fullmatch(text):
        raise RuleRefusedError(
            "rule.not_a_number",
            f"规则包的参数“{parameter.name}”应为数字,却是“{text}”",
            hint="请改正规则包后重新采用:xianjie rule adopt",
            rule=parameter.source,
        )
    return Fraction(text)


def source_of(rule: str, parameter: Parameter) -> str:
    """Return the rule and the source of its number, as a refusal names them."""
    return f"{rule};{parameter.name}={parameter.value}{parameter.unit};出处 {parameter.source}"


def is_fee(rules: RulePack, project: Project, command: MoneyCommand) -> bool:
    """Say whether the project is a management fee, which nobody builds."""
    kind = rules.project_type(project.project_type, command.on)
    return kind is not None and kind.is_fee


def check_payment(project: Project, command: MoneyCommand, rules: RulePack) -> None:
    """Refuse a payment that no rule allows, or that needs a reason and has none.

    Raises:
        RuleRefusedError: above the audited price, always; before start or approval, while work stands still, ahead of
            progress, above the cap before settlement, or into the retention: unless a reason is given.
    """
    check_settled(project, command)
    if command.reason:
        return
    if not is_fee(rules, project, command):
        _check_begun(project, command)
    _check_progress(project, command, rules)
    _check_before_settlement(project, command, rules)
    _check_retention(project, command, rules)


def check_settled(project: Project, command: MoneyCommand) -> None:
    """Refuse to pay, or to hold back, more in all than the audited price (R11)."""
    spent = project.paid_fen + sum(line.retained_fen for line in project.funding.values())
    if project.settled_fen and spent + command.amount_fen > project.settled_fen:
        raise RuleRefusedError(
            "payment.above_settlement",
            f"已支付和预留质保金 {format_yuan(spent)} 元,加上本次 {format_yuan(command.amount_fen)} 元,"
            f"超过项目“{project.project}”的审定价 {format_yuan(project.settled_fen)} 元",
            hint="请核对金额;审定价以外的资金用 xianjie fund surplus 确认结余",
            rule="R11 补助不超过审定价;出处 松阳 [S11]",
        )


def _check_begun(project: Project, command: MoneyCommand) -> None:
    for stage in ("approved", "started"):
        day = project.reached.get(stage)
        if day is None or command.on < day:
            name = STAGE_NAMES[stage]
            since = f"于 {day} 才{name}" if day else f"尚未{name}"
            raise RuleRefusedError(
                "payment.before_start",
                f"支付日期 {command.on},项目“{project.project}”{since}",
                hint=f"请先登记{name};确属预付的,用 --reason 说明",
                rule="R9 开工、批复之前不支付;出处 funds.md 8.2(本程序所拟)",
            )
    if project.suspended:
        raise RuleRefusedError(
            "payment.suspended",
            f"项目“{project.project}”已于 {project.reached['suspended']} 停工,"
            f"不能支付 {format_yuan(command.amount_fen)} 元",
            hint="请先登记复工(xianjie project resume);确须支付的,用 --reason 说明",
            rule="停工的项目不支付;出处 funds.md 4.1(本程序所拟)",
        )


def _check_progress(project: Project, command: MoneyCommand, rules: RulePack) -> None:
    margin = rules.find("payment_progress_margin_points", project.area, command.on)
    if margin is None or project.percent is None or not project.contract_fen or "accepted" in project.reached:
        return
    points = max(Fraction(0), project.percent - number(margin))
    if above := _above(project, command, points * project.contract_fen / 100):
        raise RuleRefusedError(
            "payment.ahead_of_progress",
            f"{above}"
            f"(形象进度 {project.percent}% 减 {margin.value} 个百分点,合同价 {format_yuan(project.contract_fen)} 元)",
            hint="请先用 xianjie project progress 登记进度,或核对金额;确须支付的,用 --reason 说明",
            rule=source_of("R8 支付不超前于形象进度", margin),
        )


def _check_before_settlement(project: Project, command: MoneyCommand, rules: RulePack) -> None:
    cap = rules.find("payment_before_settlement_percent", project.area, command.on)
    if cap is None or "accepted" not in project.reached or project.settled_fen or not project.contract_fen:
        return
    if above := _above(project, command, number(cap) * project.contract_fen / 100):
        raise RuleRefusedError(
            "payment.before_settlement",
            f"{above}(已验收未决算,最多为合同价 {format_yuan(project.contract_fen)} 元的 {cap.value}%)",
            hint="请先用 xianjie project settle 登记决算审计;确须支付的,用 --reason 说明",
            rule=source_of("R10 决算之前的支付上限", cap),
        )


def _check_retention(project: Project, command: MoneyCommand, rules: RulePack) -> None:
    held = rules.find("retention_percent", project.area, command.on)
    if held is None or not project.settled_fen:
        return
    freed = sum(line.freed_fen for line in project.funding.values())
    if above := _above(project, command, (100 - number(held)) * project.settled_fen / 100 + freed):
        raise RuleRefusedError(
            "payment.no_retention",
            f"{above}"
            f"(审定价 {format_yuan(project.settled_fen)} 元须留 {held.value}% 质保金,已到期 {format_yuan(freed)} 元)",
            hint="请先用 xianjie payment hold-retention 预留质保金;确须支付的,用 --reason 说明",
            rule=source_of("R12 预留质保金", held),
        )


def _above(project: Project, command: MoneyCommand, limit: Fraction) -> str:
    """Say by how much the payment takes what is paid for the project above ``limit`` fen, or nothing."""
    paid = project.paid_fen + command.amount_fen
    if paid <= limit:
        return ""
    return f"项目“{project.project}”连同本次累计支付 {format_yuan(paid)} 元,超过上限 {format_yuan(int(limit))} 元"
