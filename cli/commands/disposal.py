"""``xianjie disposal``: an asset from the proposal to dispose of it to the price in the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of
from cli.output import Table, fields_table, show
from cli.params import DATE, TEXT, WHOLE, Choice, code_option, money_option
from cli.recording import Entry, write_options
from cli.words import BODIES, DESTINATIONS, code_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from ledger.domain.asset_change import Disposal
    from ledger.events import DisposalVoted, Event

__all__ = ["disposal"]

_STEP_HEADS: Final = ("业务日期", "环节", "内容", ">金额(元)", "文号")
_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)


@click.group(cls=Noun, help="处置:提出、表决、评估、审批、处置、价款入账、查看")
def disposal() -> None:
    """Disposals."""


@disposal.command(help="提出处置一项已确权的资产")
@_asset_argument
@click.option("--disposal", type=TEXT, required=True, help="处置编号")
@code_option("--why", "why", "处置原因,如 技术淘汰或不可修复、规划调整、消耗灭失", required=True)
@code_option("--way", "way", "处置方式:转让、拍卖、置换、报废、核销、拆除", required=True)
@write_options
def propose(entry: Entry, **values: object) -> None:
    """Propose a disposal."""
    from ledger.domain.disposal import ProposeDisposal

    entry.record(ProposeDisposal, values)


@disposal.command(help="登记所有权人的表决;集体须全体成员三分之二以上同意")
@_asset_argument
@click.option("--owner", type=TEXT, help="几个所有权人共有的,写明是哪一个")
@click.option("--body", type=Choice(BODIES), required=True, help="、".join(f"{c}({zh})" for c, zh in BODIES.items()))
@click.option("--members", type=WHOLE, required=True, help="应到人数(全体)")
@click.option("--present", type=WHOLE, required=True, help="实到人数")
@click.option("--in-favour", "in_favour", type=WHOLE, required=True, help="同意人数")
@click.option("--notice-days", "notice_days", type=WHOLE, help="提前几天通知")
@click.option("--party-first", "party_first", is_flag=True, default=None, help="已先经党组织讨论")
@write_options
def vote(entry: Entry, **values: object) -> None:
    """Record a vote."""
    from ledger.domain.disposal import VoteDisposal

    entry.record(VoteDisposal, values)


@disposal.command(help="登记评估;转让、拍卖、置换须先评估")
@_asset_argument
@money_option("--value", "appraised_fen", "评估价")
@click.option("--appraiser", type=TEXT, required=True, help="评估机构")
@click.option("--from", "from_on", type=DATE, help="结果公示起始日")
@click.option("--to", "to_on", type=DATE, help="结果公示截止日(含)")
@write_options
def appraise(entry: Entry, **values: object) -> None:
    """Record an appraisal."""
    from ledger.domain.disposal import AppraiseDisposal

    entry.record(AppraiseDisposal, values)


@disposal.command(help="登记审批链条上的下一个环节;环节和公示天数由规则包规定")
@_asset_argument
@click.option("--authority", type=TEXT, required=True, help="审批单位")
@click.option("--notice-days", "notice_days", type=WHOLE, help="本环节公示几天")
@write_options
def approve(entry: Entry, **values: object) -> None:
    """Record an approval."""
    from ledger.domain.disposal import ApproveDisposal

    entry.record(ApproveDisposal, values)


@disposal.command("carry-out", help="处置:资产终结,各项权利同时终止")
@_asset_argument
@money_option("--price", "price_fen", "价款,核销等没有价款的不填", required=False)
@code_option("--buyer", "buyer_kind", "受让方类别")
@write_options
def carry_out(entry: Entry, **values: object) -> None:
    """Carry the disposal out."""
    from ledger.domain.disposal import DisposeAsset

    entry.record_asking([entry.build(DisposeAsset, values)], "资产处置后退出台账。确认处置?")


@disposal.command(help="登记价款入账:国有的缴国库,集体的归集体")
@_asset_argument
@money_option("--amount", "amount_fen", "入账金额")
@click.option(
    "--to", "destination", type=Choice(DESTINATIONS), required=True, help="去向:" + "、".join(DESTINATIONS.values())
)
@click.option("--voucher", type=TEXT, help="凭证号")
@write_options
def proceeds(entry: Entry, **values: object) -> None:
    """Book the price."""
    from ledger.domain.proceeds import BookProceeds

    entry.record(BookProceeds, values)


@disposal.command("show", help="查看一项资产的处置:每一步和价款")
@_asset_argument
@answer_options
@with_settings
def show_(settings: Settings, asset: str) -> None:
    """Show the disposals of an asset."""
    from ledger.commands.work import ASSET

    with open_log(settings) as engine:
        state = history_of(engine, ASSET.stream(asset)).state(ASSET)
    state.must_exist(asset)
    found = list(state.change.disposals.values())
    data = {"asset": asset, "life": state.life, "disposals": [_as_json(each) for each in found]}
    tables = [table for each in found for table in _tables(asset, each)]
    show(settings.format, data, *(tables or [Table(_STEP_HEADS, (), title=f"资产 {asset} 的处置")]))


def _as_json(found: Disposal) -> dict[str, Any]:
    events = (*found.votes, found.appraisal, *found.approvals, found.disposed, *found.booked)
    return {
        "disposal": found.disposal,
        "why": found.why,
        "way": found.way,
        "proposed_on": found.proposed_on.isoformat() if found.proposed_on else None,
        "steps": [{"topic": each.TOPIC, **each.model_dump(mode="json")} for each in events if each is not None],
        "price_fen": found.disposed.price_fen if found.disposed else None,
        "booked_fen": found.booked_fen,
    }


def _tables(asset: str, found: Disposal) -> tuple[Table, Table]:
    price = found.disposed.price_fen if found.disposed else None
    pairs = [
        ("处置原因", code_name("why", found.why)),
        ("处置方式", code_name("way", found.way)),
        ("提出日期", str(found.proposed_on or "")),
        ("价款(元)", "" if price is None else format_yuan(price)),
        ("已入账(元)", format_yuan(found.booked_fen) if price else ""),
    ]
    return fields_table(f"资产 {asset} 的处置 {found.disposal}", pairs), Table(_STEP_HEADS, _steps(found), title="经过")


def _steps(found: Disposal) -> list[list[str]]:
    rows = [_step(vote, "表决", f"{vote.owner} {BODIES[vote.body]}:{_counts(vote)}") for vote in found.votes]
    if found.appraisal is not None:
        rows.append(_step(found.appraisal, "评估", found.appraisal.appraiser, found.appraisal.appraised_fen))
    rows += [
        _step(each, f"审批第 {each.step} 步", f"{each.authority},公示 {each.notice_days} 天")
        for each in found.approvals
    ]
    if found.disposed is not None:
        buyer = code_name("buyer_kind", found.disposed.buyer_kind)
        rows.append(_step(found.disposed, "处置", buyer, found.disposed.price_fen))
    rows += [
        _step(each, "价款入账", f"{DESTINATIONS[each.destination]} {each.voucher}", each.amount_fen)
        for each in found.booked
    ]
    return rows


def _counts(vote: DisposalVoted) -> str:
    return f"应到 {vote.members}、实到 {vote.present}、同意 {vote.in_favour},提前 {vote.notice_days} 天通知"


def _step(event: Event, step: str, words: str, fen: int | None = None) -> list[str]:
    amount = "" if fen is None else format_yuan(fen)
    return [str(event.effective_on), step, words.strip(), amount, event.document]
