"""``xianjie report``: the figures, each with its definition, its rule, and the moment it stands on."""

from __future__ import annotations

from typing import Final

import click

from cli.help import LazyNoun

__all__ = ["report"]

_REPORTS: Final = {
    "share": ("cli.reports.share:share", "产业占比:安排到产业项目的资金占多少"),
    "rates": ("cli.reports.rates:rates", "四率等比率,定义见规则包"),
    "rights": ("cli.reports.rights:rights", "五权:每一项权利由哪类权利人持有"),
    "balance": ("cli.reports.balance:balance", "资金余额:每个批次到账、分解、安排、支付、未安排"),
    "flow": ("cli.reports.flow:flow", "资金流向:来源、级次、方向、县区,直到支付"),
    "aging": ("cli.reports.aging:aging", "滞留资金:未安排、未核拨、未支付各有多久"),
    "own-input": ("cli.reports.own_input:own_input", "市县投入:本级资金与上年相比"),
    "execution": ("cli.reports.execution:execution", "资金执行:分解和安排用了几天、是否按期、支付进度"),
    "tilt": ("cli.reports.tilt:tilt", "倾斜支持:重点帮扶县得到多少资金"),
    "relocation": ("cli.reports.relocation:relocation", "易地搬迁后续扶持资金使用率"),
    "pipeline": ("cli.reports.pipeline:pipeline", "项目库四个一批:储备、开工、在建、竣工各有多少"),
    "progress": ("cli.reports.progress:progress", "进度:对照序时进度和限期目标,列出未按期和停滞的项目"),
    "performance": ("cli.reports.performance:performance", "项目绩效:目标、监控、评价得分"),
    "findings": ("cli.reports.findings:findings", "整改销号:问题总数、已销号、超期、反弹"),
    "arrears": ("cli.reports.arrears:arrears", "两拖欠:拖欠企业和农民工的款项及清偿"),
    "targets": ("cli.reports.targets:targets", "目标任务:各项指标的目标与填报值"),
    "quarterly": ("cli.reports.quarterly:quarterly", "季度报告:资金、占比、四率、项目、资产、整改、报送"),
    "assets": ("cli.reports.assets:assets", "资产台账:每项在册资产的原值、五权、合同、管护、状况,附合计"),
    "card": ("cli.reports.card:card", "资产卡片:一项资产截至某日的全部情况"),
    "formation": ("cli.reports.formation:formation", "资产形成:验收项目花了多少钱、形成多少资产、哪些未认定"),
    "asset-rates": (
        "cli.reports.asset_rates:asset_rates",
        "资产各率:登记、确权、移交、管护、闲置、收益等,按数量和价值",
    ),
    "income": ("cli.reports.income:income", "资产收益:各账户各期间的收益、成本、分配、发放,应收与实收"),
    "contracts-due": ("cli.reports.contracts_due:contracts_due", "合同到期:逾期和将到期的应收款、将到期的合同"),
    "upkeep-due": ("cli.reports.upkeep_due:upkeep_due", "管护:未落实管护的公益性资产、欠缺的巡查"),
    "flags": ("cli.reports.flags:flags", "疑点:资金、项目、公开、资产的红旗,附两边的数和依据"),
    "discrepancies": ("cli.reports.discrepancies:discrepancies", "公布数核对:公布的数与账本重算的数,相差多少,是否一致"),
    "idle": ("cli.reports.idle:idle", "闲置资产:低效、闲置、停用的资产和盘活情况"),
}


@click.group(cls=LazyNoun, lazy=_REPORTS, help="报表:占比、四率、五权、资金、项目、季报、整改等")
def report() -> None:
    """Group the reports."""
