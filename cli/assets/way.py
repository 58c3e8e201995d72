"""The verbs of ``xianjie asset`` on the way to an owner: notice, object, resolve, confirm, certify, hand-over, book."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.params import DATE, HOLDER, OWNER, TEXT, Choice, code_option, money_option
from cli.recording import Entry, write_options
from cli.words import OUTCOMES

__all__ = ["book", "certify", "confirm", "hand_over", "notice", "object_", "resolve"]

_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)


@click.command(cls=Verb, help="公示拟定的所有权人;份额可由依据数算出")
@_asset_argument
@click.option(
    "--holder",
    "owners",
    type=OWNER,
    multiple=True,
    required=True,
    help="拟定所有权人和份额,可重复;由依据算的可不写份额",
)
@code_option("--basis", "basis", "份额依据:按出资、按容量、按约定、均等;不写份额和依据数的为均等")
@click.option("--input", "inputs", type=TEXT, multiple=True, help="依据数,每个权利人一个,如 30万元、60千瓦")
@code_option("--channel", "channel", "公示渠道,默认为村公示栏")
@click.option("--place", type=TEXT, help="张贴地点")
@click.option("--from", "from_on", type=DATE, required=True, help="公示起始日")
@click.option("--to", "to_on", type=DATE, required=True, help="公示截止日(含)")
@write_options
def notice(entry: Entry, **values: object) -> None:
    """Put the proposed owners on notice."""
    from ledger.domain.confirmation import NoticeOwnership

    entry.record(NoticeOwnership, values)


@click.command("object", cls=Verb, help="登记对公示或确权的异议;处理之前不得确权、颁证、处置")
@_asset_argument
@click.option("--objection", type=TEXT, required=True, help="异议编号")
@click.option("--content", type=TEXT, required=True, help="异议内容,不写姓名")
@write_options
def object_(entry: Entry, **values: object) -> None:
    """File an objection."""
    from ledger.domain.objection import FileObjection

    entry.record(FileObjection, values)


@click.command(cls=Verb, help="登记异议的处理结果;成立的须重新公示")
@_asset_argument
@click.option("--objection", type=TEXT, required=True, help="异议编号")
@click.option("--outcome", type=Choice(OUTCOMES), required=True, help=f"结果:{'、'.join(OUTCOMES.values())}")
@click.option("--authority", type=TEXT, required=True, help="处理单位")
@write_options
def resolve(entry: Entry, **values: object) -> None:
    """Resolve an objection."""
    from ledger.domain.objection import ResolveObjection

    entry.record(ResolveObjection, values)


@click.command(cls=Verb, help="公示期满后确权;到户类资产可不经公示")
@_asset_argument
@click.option("--holder", "owners", type=HOLDER, multiple=True, help="所有权人和份额,可重复;默认为公示的内容")
@click.option("--authority", type=TEXT, help="异议未结时决定确权的单位(须同时写 --reason)")
@write_options
def confirm(entry: Entry, **values: object) -> None:
    """Confirm the ownership."""
    from ledger.domain.confirmation import ConfirmAsset

    entry.record(ConfirmAsset, values)


@click.command(cls=Verb, help="登记颁证")
@_asset_argument
@click.option("--certificate", type=TEXT, required=True, help="证书号")
@write_options
def certify(entry: Entry, **values: object) -> None:
    """Record the certificate."""
    from ledger.domain.confirmation import CertifyAsset

    entry.record(CertifyAsset, values)


@click.command("hand-over", cls=Verb, help="登记移交(移交、接收、监交三方)")
@_asset_argument
@click.option("--giver", type=TEXT, help="移交单位")
@click.option("--receiver", type=TEXT, help="接收单位;村集体自建自管的可与移交单位相同(须写 --reason)")
@click.option("--supervisor", type=TEXT, help="监交单位")
@click.option("--paper", "documents", type=TEXT, multiple=True, help="随资产移交的资料,可重复")
@click.option("--defects", type=TEXT, help="遗留缺陷和由谁修复")
@click.option("--warranty-until", "warranty_until", type=DATE, help="质保期止")
@money_option("--debts", "debts_fen", "尚欠款项(含未付质保金)", required=False)
@write_options
def hand_over(entry: Entry, **values: object) -> None:
    """Record that the asset was handed over."""
    from ledger.domain.confirmation import HandOverAsset

    entry.record(HandOverAsset, values)


@click.command(cls=Verb, help="登记入账")
@_asset_argument
@click.option("--books", type=Choice({"state": "国有", "collective": "集体"}), required=True, help="记入哪一方的账")
@click.option("--voucher", type=TEXT, required=True, help="记账凭证号")
@write_options
def book(entry: Entry, **values: object) -> None:
    """Record that the asset was booked."""
    from ledger.domain.confirmation import BookAsset

    entry.record(BookAsset, values)
