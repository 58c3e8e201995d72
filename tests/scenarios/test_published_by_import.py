"""Published tables as an office would bring them in: sheets, imported; what contradicts itself is shown, not mended.

Figures: ``examples/published`` (达川 2024 first batch, 延津 2022 plan). assumed: the codes of tranches and projects;
that the days of listing, approval and planning are that of the notice; the performance goals, which no table prints.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from cli.demo.figures import read_figures
from tests.scenarios.workbooks import form, said_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

TRANCHES = "批次编号 地区代码 计划年度 资金级次 任务方向 金额(万元) 文号 发文单位 下达日期 原因"
PROJECTS = "项目编号 项目名称 地区代码 项目年度 项目类型 绩效目标 入库日期"
DACHUAN_TYPES = {
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
DIRECTIONS = {"c5": "以工代赈", "c6": "欠发达国有林场"}


def test_the_shares_of_dachuan_come_out_of_an_import(county: Callable[[str, int], County]) -> None:
    here = county("511703", 2024)
    rows = [row for row in read_figures("dachuan_2024_batch1.csv") if row["seq"]]
    pools: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        main = "巩固拓展脱贫攻坚成果和乡村振兴" if row["fund_level"] == "central" else "未分方向"
        pools[f"{row['fund_level']} {DIRECTIONS.get(row['seq'], main)}"].append(row)
    tranche_of = {row["seq"]: f"DC{number}" for number, pool in enumerate(pools.values()) for row in pool}
    document = "达市财农〔2024〕3号 达川区乡村振兴局 2024-03-04 原表未分批次"
    wanted = [
        f"{tranche_of[pool[0]['seq']]} 511703 2024 {level_and_direction} {sum_of(pool)} {document}"
        for level_and_direction, pool in pools.items()
    ]
    here.files("tranches", TRANCHES, wanted)
    listed = [
        f"{row['seq']} {row['use_category_published']} 511703 2024 {DACHUAN_TYPES[row['use_category_published']]}"
        " 未载明 2024-03-04"
        for row in rows
    ]
    here.files("projects", PROJECTS, listed)
    lines = [f"{tranche_of[row['seq']]} {row['seq']} {row['amount_wan']} 2024-03-04" for row in rows]
    here.files("allocations", "批次编号 项目编号 金额(万元) 日期", lines)

    shares = {row["pair"]: row for row in here.report("share", "--as-of", "2024-12-31") if row["row"] == "total"}
    assert {pair: shares[pair]["percent"] for pair in ("N1/D1", "N1/D2", "N1/D3")} == {
        "N1/D1": "56.77",
        "N1/D2": "64.66",
        "N1/D3": "65.31",
    }
    assert (shares["N1/D1"]["numerator_fen"], shares["N1/D1"]["denominator_fen"]) == (2_993_700_000, 5_273_000_000)
    assert here.money("--as-of", "2024-12-31").allocated == 10_782_000_000


def test_the_plan_of_yanjin_is_taken_in_as_it_is_and_shown_above_its_money(
    county: Callable[[str, int], County],
) -> None:
    here = county("410726", 2022)
    figures = read_figures("yanjin_2022_plan.csv")
    (arranged,) = [row["amount_wan"] for row in figures if row["seq"] == "t1"]
    issued = f"YJ1 410726 2022 其他 未分方向 {arranged} 延津公示2021-12-24 延津县乡村振兴局 2021-12-24 原表未分级次"
    here.files("tranches", TRANCHES, [issued])
    items = [row for row in figures if row["row_kind"] == "item"]
    listed = [f"{row['seq']} {row['item_published']} 410726 2022 other 未载明 2021-12-24" for row in items]
    here.files("projects", PROJECTS, listed)
    planned = [f"{row['seq']} 列入计划 2021-12-24 {row['amount_wan']}" for row in items]
    here.files("milestones", "项目编号 环节 日期 金额(万元)", planned)

    asked = ("report", "balance", "--area", "410726", "--year", "2022")
    (plan,) = here.program.json(*asked)["plans"]
    # published: what was arranged; recomputed: what the plan adds up to; difference: how far the plan is above it.
    assert (plan["arrived_fen"], plan["planned_fen"], plan["over_fen"]) == (8_126_728_603, 8_500_000_000, 373_271_397)
    assert "3,732,713.97" in here.program.ok(*asked)
    assert here.money("--as-of", "2022-12-31").arrived == 8_126_728_603


def test_the_workbook_of_dachuan_goes_in_as_it_is_printed(county: Callable[[str, int], County]) -> None:
    here = county("511703", 2024)
    rows = [row for row in read_figures("dachuan_2024_batch1.csv") if row["seq"]]
    pools: dict[str, list[dict[str, str]]] = defaultdict(list)
    printed: list[list[str | None]] = []
    for level, zh in (("central", "中央"), ("provincial", "省级")):
        own = [row for row in rows if row["fund_level"] == level]
        printed += [[row["seq"], zh, row["use_category_published"], row["amount_wan"]] for row in own]
        printed.append([f"{zh}小计", None, None, sum_of(own)])
        main = "巩固拓展脱贫攻坚成果和乡村振兴" if level == "central" else "未分方向"
        for row in own:
            pools[f"{zh} {DIRECTIONS.get(row['seq'], main)}"].append(row)
    document = "达市财农〔2024〕3号 达川区乡村振兴局 2024-03-04 原表未分批次"
    codes = dict(zip(pools, ("DC1", "DC2", "DC3", "DC4"), strict=True))
    issued = [f"{codes[pool]} 511703 2024 {pool} {sum_of(own)} {document}" for pool, own in pools.items()]
    here.files("tranches", TRANCHES, issued)
    tranches = [
        flag
        for pool, own in pools.items()
        for row in own
        for flag in ("--word", f"批次编号:{row['seq']}={codes[pool]}")
    ]
    printed.append(["合计", None, None, "10782"])
    file = form(here, "达川", ("序号", "资金级次", "资金用途", "金额"), printed)
    types = [flag for use, code in DACHUAN_TYPES.items() for flag in ("--word", f"项目类型:{use}={code}")]
    said_once(
        here, file, "达川项目", "--kind", "projects", "--map", "项目编号=序号", "--map", "项目名称=资金用途",
        "--map", "项目类型=资金用途", *types, "--set", "地区代码=511703", "--set", "项目年度=2024",
        "--set", "绩效目标=未载明", "--set", "入库日期=2024-03-04", "--ignore", "金额", "--ignore", "资金级次",
    )  # fmt: skip
    said_once(
        here, file, "达川安排", "--kind", "allocations", "--map", "项目编号=序号", "--map", "批次编号=序号", *tranches,
        "--set", "日期=2024-03-04", "--ignore", "资金用途", "--ignore", "资金级次",
    )  # fmt: skip
    assert here.money("--as-of", "2024-12-31").allocated == 10_782_000_000


def test_the_workbook_of_yanjin_goes_in_as_it_is_printed(county: Callable[[str, int], County]) -> None:
    here = county("410726", 2022)
    figures = [row for row in read_figures("yanjin_2022_plan.csv") if row["row_kind"] != "stated_total"]
    printed: list[list[str | None]] = []
    for row in figures:
        seq = None if row["row_kind"] == "stated_group_total" else row["seq"]
        printed.append([seq, row["category_published"], row["item_published"], row["amount_wan"]])
    printed.append(["合计", None, None, "8500"])
    file = form(here, "延津", ("序号", "项目类别", "项目名称", "预算金额"), printed)
    said_once(
        here, file, "延津项目", "--kind", "projects", "--map", "项目编号=序号", "--set", "地区代码=410726",
        "--set", "项目年度=2022", "--set", "项目类型=other", "--set", "绩效目标=未载明", "--set", "入库日期=2021-12-24",
        "--ignore", "项目类别", "--ignore", "预算金额",
    )  # fmt: skip
    said_once(
        here, file, "延津计划", "--kind", "milestones", "--map", "项目编号=序号", "--map", "金额=预算金额",
        "--set", "环节=列入计划", "--set", "日期=2021-12-24", "--ignore", "项目类别", "--ignore", "项目名称",
    )  # fmt: skip
    (plan,) = here.program.json("report", "balance", "--area", "410726", "--year", "2022")["plans"]
    assert plan["planned_fen"] == 8_500_000_000


def sum_of(pool: list[dict[str, str]]) -> str:
    """Return the sum of printed amounts in 万元, exact."""
    return str(sum(Decimal(row["amount_wan"]) for row in pool))
