"""延津 2022: money with six decimals of 万元, and a plan above the money, which is reported and never corrected.

Source: 延津县乡村振兴局, 2021-12-24.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, cast

from cli.demo.batches import Batch
from cli.demo.checks import Check, project_sums
from cli.demo.figures import amount_in, read_figures, reported
from ledger.domain.stages import ApproveProject, ListProject, PlanProject
from ledger.domain.tranche import IssueTranche
from ledger.money import Unit, parse_money
from projections.reports.balance import balance
from projections.scope import Question

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.domain.command import Command

__all__ = ["AREA", "DAY", "batches", "checks"]

AREA = "410726"
DAY = date(2021, 12, 24)
_YEAR = 2022
_PLACE = "延津 2022"
_DOCUMENT = "延津县2022年衔接资金项目计划公示(2021-12-24)"
_TYPES = {
    "1.1": "education_support",
    "1.2": "training",
    "1.3": "loan_interest",
    "1.4": "grant_to_household",
    "1.5": "grant_to_household",
    "1.6": "startup_grant",
    "2.1": "collective_economy",
    "2.2": "industry_other",
    "3.1": "village_road",
}


def batches() -> list[Batch]:
    """Return the notice as one batch: the money that was arranged, and every planned item as a project."""
    rows = read_figures("yanjin_2022_plan.csv")
    money = next(row for row in rows if row["seq"] == "t1")
    commands: list[Command] = [
        IssueTranche.of(
            on=DAY,
            document=_DOCUMENT,
            reason="原表只有各级合计,未分级次和任务方向",
            tranche="YJ2022",
            area=AREA,
            plan_year=_YEAR,
            level="other",
            direction="unspecified",
            amount_fen=_fen(money),
            issuer="延津县乡村振兴局",
        )
    ]
    for row in rows:
        if row["row_kind"] == "item":
            commands += _item(row)
    totals = [("arrived", money["amount_wan"], "万元"), ("planned", _stated_total(rows), "万元")]
    origin = {"document": _DOCUMENT, "issuer": "延津县乡村振兴局", "channel": "website"}
    commands.append(reported(AREA, _YEAR, DAY, totals, on=DAY, **origin))
    return [Batch("yanjin-2022", "import", _DOCUMENT, tuple(commands))]


def checks(engine: Engine) -> list[Check]:
    """Compare the money, the groups and the whole plan; the plan above its money is expected to differ."""
    published = {row["seq"]: row for row in read_figures("yanjin_2022_plan.csv")}
    plans = cast("list[dict[str, int]]", balance(engine, Question(AREA, _YEAR)).more["plans"])
    plan = next(each for each in plans if each["year"] == _YEAR)
    sums: dict[str, int] = defaultdict(int)
    for project, fen in project_sums(engine, "planned", AREA).items():
        sums[project.removeprefix("YJ2022-").partition(".")[0]] += fen
    groups = [
        _wan(f"{published[f'g{group}']['category_published']}小计", published[f"g{group}"]["amount_wan"], fen)
        for group, fen in sorted(sums.items())
    ]
    return [
        _wan("已安排各级财政衔接资金", published["t1"]["amount_wan"], plan["arrived_fen"], "六位小数即到分"),
        *groups,
        _wan("预估各级安排(约)", published["t0"]["amount_wan"], plan["planned_fen"], "各项之和"),
        Check(
            _PLACE,
            "已安排资金与计划合计",
            "万元",
            published["t1"]["amount_wan"],
            amount_in(Unit.WAN, plan["planned_fen"]),
            "计划超出资金:report balance 列出,不予更正",
            must_agree=False,
        ),
    ]


def _stated_total(rows: list[dict[str, str]]) -> str:
    return next(row["amount_wan"] for row in rows if row["seq"] == "t0")


def _item(row: dict[str, str]) -> list[Command]:
    kind = _TYPES[row["seq"]]
    outside = kind == "loan_interest"
    when = {"on": DAY, "document": _DOCUMENT, "project": f"YJ2022-{row['seq']}"}
    return [
        ListProject.of(
            **when,
            reason="公布表将贴息列在产业类之外" if outside else "公布表的一项,作为一个代表项目",
            name=row["item_published"],
            area=AREA,
            project_year=_YEAR,
            project_type=kind,
            industry=False if outside else None,
        ),
        ApproveProject.of(**when),
        PlanProject.of(**when, planned_fen=_fen(row)),
    ]


def _fen(row: dict[str, str]) -> int:
    return parse_money(row["amount_wan"], Unit.WAN)


def _wan(what: str, published: str, fen: int, note: str = "") -> Check:
    return Check(_PLACE, what, "万元", published, amount_in(Unit.WAN, fen), note)
