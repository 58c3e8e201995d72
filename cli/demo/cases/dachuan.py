"""达川 2024, first batch: every line allocated, and three shares of one notice by three denominators.

Source: 达州市达川区乡村振兴局, 2024-03-04, 达市财农〔2024〕3号.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from cli.demo.batches import Batch
from cli.demo.checks import Check, project_sums
from cli.demo.figures import amount_in, read_figures, reported
from ledger.domain.allocation import AllocateMoney
from ledger.domain.stages import ApproveProject, ListProject, PlanProject
from ledger.domain.tranche import IssueTranche
from ledger.money import Unit, parse_money, percent
from ledger.rules import parse_pack, shipped_packs
from projections.reports.balance import balance
from projections.reports.share import share
from projections.scope import Question

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.domain.command import Command

__all__ = ["AREA", "DAY", "batches", "checks"]

AREA = "511703"
DAY = date(2024, 3, 4)
_YEAR = 2024
_DOCUMENT = "达市财农〔2024〕3号"
_ISSUER = "达州市达川区乡村振兴局"
_TYPES = {
    "支持产业发展": "industry_other",
    "易地扶贫搬迁后续扶持项目": "relocation_service",
    "支持数字乡村建设项目": "digital_village",
    "支持乡村建设行动项目": "construction_other",
    "支持以工代赈任务": "work_relief",
    "支持欠发达国有林场提升任务": "forest_farm",
    "支持巩固脱贫攻坚成果项目": "consolidation_other",
    "支持乡村治理项目": "rural_governance",
    "按1%提取项目管理费": "management_fee",
}
_OWN_DIRECTION = {"支持以工代赈任务": "work_relief", "支持欠发达国有林场提升任务": "forest_farm"}
_LEVELS = {"central": "中央", "provincial": "省级"}


def batches() -> list[Batch]:
    """Return the notice as one batch: the tranches, one stand-in project for each line, and its allocation."""
    lines = [row for row in _rows() if row["is_stated_total"] == "0"]
    arrived: dict[tuple[str, str], int] = defaultdict(int)
    for row in lines:
        arrived[row["fund_level"], _direction(row)] += _fen(row)
    commands: list[Command] = [
        IssueTranche.of(
            on=DAY,
            document=_DOCUMENT,
            reason="省级资金原表未分任务方向" if level == "provincial" else "",
            tranche=_tranche(level, direction),
            area=AREA,
            plan_year=_YEAR,
            level=level,
            direction=direction,
            amount_fen=fen,
            issuer=_ISSUER,
        )
        for (level, direction), fen in arrived.items()
    ]
    for row in lines:
        commands += _line(row)
    commands.append(_printed())
    return [Batch("dachuan-2024-1", "import", _DOCUMENT, tuple(commands))]


def checks(engine: Engine) -> list[Check]:
    """Compare the stated totals, the fees and the shares with what the ledger says."""
    published = {row["seq"] or row["fund_level"]: row for row in _rows()}
    return [*_totals(engine, published), *_fees(engine, published), *_shares(engine, published)]


def _printed() -> Command:
    """Return the totals and the fee as the notice prints them; it prints no shares."""
    published = {row["seq"] or row["fund_level"]: row["amount_wan"] for row in _rows()}
    measures = {"arrived": "all", "D1": "central", "N1": "c1", "fees": "c7"}
    printed = [(measure, published[line], "万元") for measure, line in measures.items()]
    return reported(AREA, _YEAR, DAY, printed, on=DAY, document=_DOCUMENT, issuer=_ISSUER, channel="website")


def _totals(engine: Engine, published: dict[str, dict[str, str]]) -> list[Check]:
    rows = balance(engine, Question(AREA, _YEAR)).rows
    found = []
    for level, name in _LEVELS.items():
        fen = sum(row.allocated_fen for row in rows if row.level == level)
        note = "逐行安排之和"
        found.append(_wan(f"{name}资金合计", published[level]["amount_wan"], fen, note))
    fen = sum(row.issued_fen for row in rows)
    return [*found, _wan("下达合计", published["all"]["amount_wan"], fen, "各批次下达之和")]


def _fees(engine: Engine, published: dict[str, dict[str, str]]) -> list[Check]:
    pack = parse_pack(shipped_packs()["base"])
    rows = balance(engine, Question(AREA, _YEAR)).rows
    sums = project_sums(engine, "allocated", AREA)
    found = []
    for line, level, direction in (("c7", "central", "consolidation"), ("p6", "provincial", "unspecified")):
        base = sum(row.issued_fen for row in rows if (row.level, row.direction) == (level, direction))
        rate = int(pack.parameter(f"fee_cap_percent_{level}", AREA, DAY).value)
        note = f"{amount_in(Unit.WAN, base)} × {rate}%,已安排 {amount_in(Unit.WAN, sums[_project(line)])}"
        found.append(_wan(f"{_LEVELS[level]}资金项目管理费", published[line]["amount_wan"], base * rate // 100, note))
    return found


def _shares(engine: Engine, published: dict[str, dict[str, str]]) -> list[Check]:
    """Compare with the shares that follow from the printed amounts: the notice itself prints none."""
    industry, whole = _fen(published["c1"]), _fen(published["central"])
    main_task = whole - _fen(published["c5"]) - _fen(published["c6"])
    denominators = {"N1/D1": whole, "N1/D2": main_task, "N1/D3": main_task - _fen(published["c7"])}
    names = {"N1/D1": "全部中央资金", "N1/D2": "主任务", "N1/D3": "主任务扣除管理费"}
    recomputed = {row.pair: row.percent for row in share(engine, Question(AREA, _YEAR)).rows}
    return [
        Check(
            "达川 2024 第一批",
            f"产业占比 {pair}(占{names[pair]})",
            "%",
            percent(industry, denominator) or "",
            recomputed[pair] or "",
            "由公布金额推得,原件未列比例",
        )
        for pair, denominator in denominators.items()
    ]


def _rows() -> list[dict[str, str]]:
    return read_figures("dachuan_2024_batch1.csv")


def _line(row: dict[str, str]) -> list[Command]:
    when = {"on": DAY, "document": _DOCUMENT, "project": _project(row["seq"])}
    name = f"{row['use_category_published']}({_LEVELS[row['fund_level']]}资金)"
    kind = {"project_type": _TYPES[row["use_category_published"]], "reason": "公布表的一行,作为一个代表项目"}
    return [
        ListProject.of(**when, **kind, name=name, area=AREA, project_year=_YEAR),
        ApproveProject.of(**when),
        PlanProject.of(**when, planned_fen=_fen(row)),
        AllocateMoney.of(
            **when,
            reason="公布表未载绩效目标",
            tranche=_tranche(row["fund_level"], _direction(row)),
            amount_fen=_fen(row),
        ),
    ]


def _direction(row: dict[str, str]) -> str:
    otherwise = "consolidation" if row["fund_level"] == "central" else "unspecified"
    return _OWN_DIRECTION.get(row["use_category_published"], otherwise)


def _tranche(level: str, direction: str) -> str:
    return f"DC2024-1-{level}-{direction}"


def _project(line: str) -> str:
    return f"DC2024-1-{line}"


def _fen(row: dict[str, str]) -> int:
    return parse_money(row["amount_wan"], Unit.WAN)


def _wan(what: str, published: str, fen: int, note: str) -> Check:
    return Check("达川 2024 第一批", what, "万元", published, amount_in(Unit.WAN, fen), note)
