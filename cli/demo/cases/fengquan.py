"""凤泉 2022: two projects with provincial money, the smallest real case.

Source: 凤泉区财政局, 2022-11-28, 新财预〔2022〕289号.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cli.demo.batches import Batch
from cli.demo.checks import Check, project_sums
from cli.demo.figures import amount_in, read_figures, reported
from ledger.domain.allocation import AllocateMoney
from ledger.domain.stages import ApproveProject, ListProject, PlanProject
from ledger.domain.tranche import IssueTranche
from ledger.money import Unit, parse_money

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.domain.command import Command

__all__ = ["AREA", "DAY", "batches", "checks"]

AREA = "410704"
DAY = date(2022, 11, 28)
_YEAR = 2022
_DOCUMENT = "新财预〔2022〕289号"
_STATED_TOTAL_WAN = "187"  # printed in the text of the notice, not in its table
_TYPES = {"1": "breeding_base", "2": "industry_park"}
_TRANCHE = "FQ2022-289"


def batches() -> list[Batch]:
    """Return the notice as one batch: the tranche, its two projects and their money."""
    rows = read_figures("fengquan_2022_projects.csv")
    commands: list[Command] = [
        IssueTranche.of(
            on=DAY,
            document=_DOCUMENT,
            tranche=_TRANCHE,
            area=AREA,
            plan_year=_YEAR,
            level="provincial",
            amount_fen=sum(map(_fen, rows)),
            issuer="凤泉区财政局",
        )
    ]
    for row in rows:
        when = {"on": DAY, "document": _DOCUMENT, "project": _project(row)}
        place = {"area": AREA, "project_year": _YEAR, "unit": row["responsible_unit"]}
        commands += [
            ListProject.of(**when, **place, name=row["project_published"], project_type=_TYPES[row["seq"]]),
            ApproveProject.of(**when),
            PlanProject.of(**when, planned_fen=_fen(row)),
            AllocateMoney.of(**when, reason="公布表未载绩效目标", tranche=_TRANCHE, amount_fen=_fen(row)),
        ]
    total = [("allocated", _STATED_TOTAL_WAN, "万元")]
    commands.append(reported(AREA, _YEAR, DAY, total, on=DAY, document=_DOCUMENT, issuer="凤泉区财政局"))
    return [Batch("fengquan-2022", "import", _DOCUMENT, tuple(commands))]


def checks(engine: Engine) -> list[Check]:
    """Compare the stated total, and each project, with the money in the ledger."""
    sums = project_sums(engine, "allocated", AREA)
    rows = read_figures("fengquan_2022_projects.csv")
    found = [_wan(row["project_published"], row["amount_wan"], sums[_project(row)]) for row in rows]
    return [*found, _wan("合计", _STATED_TOTAL_WAN, sum(sums.values()))]


def _project(row: dict[str, str]) -> str:
    return f"{_TRANCHE}-{row['seq']}"


def _fen(row: dict[str, str]) -> int:
    return parse_money(row["amount_wan"], Unit.WAN)


def _wan(what: str, published: str, fen: int) -> Check:
    return Check("凤泉 2022", what, "万元", published, amount_in(Unit.WAN, fen))
