"""Further published tables as workbooks of the shape that their counties use: told once, then imported without a word.

Figures: ``examples/published`` (克州 April 2022, 凤泉 2022) and the tables of 安远 2019 and of real operating contracts
(assets.md 4.1, [A16] [A17] [A18]). assumed: codes and days of entry; the levels of the heads; of 安远 the
capacity of each station and a price of 7 yuan a watt; of the contracts the days within the months, yearly
interest and the clauses.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from cli.demo.batches import record
from cli.demo.cases import kezhou
from cli.demo.figures import read_figures
from ledger.application import Ledger
from ledger.money import apportion
from tests.scenarios.conftest import wan
from tests.scenarios.workbooks import form, said_once, two_levels

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

KEZHOU = "克孜勒苏柯尔克孜自治州"
KEZHOU_HEADS = (
    ("县市", ()),
    ("项目(个)", ("计划", "已开工", "未开工", "开工率(%)")),
    ("投资(亿元)", ("计划", "完成", "完成率(%)")),
    ("资金(亿元)", ("到位", "核拨", "实拨", "实拨占到位(%)")),
)
KEZHOU_COLUMNS = (
    *("area", "projects_planned", "projects_started", "projects_not_started", "start_rate_pct_published"),
    *("invest_planned_yi", "invest_done_yi", "invest_rate_pct_published"),
    *("funds_arrived_yi", "funds_released_yi", "funds_paid_yi", "paid_of_arrived_pct_published"),
)
DOCUMENT = "克州2022年4月衔接资金项目进展(2022-05-11)"


def test_the_table_of_kezhou_goes_in_as_it_is_printed_and_stands_beside_the_ledger(
    county: Callable[[str, int], County],
) -> None:
    here = county("653000", 2022)
    ledger = Ledger(here.program.url)
    record(ledger, [each for each in kezhou.batches() if not each.key.endswith("figures")])
    ledger.close()
    before = here.money("--as-of", "2022-12-31")
    figures = [[row[name] for name in KEZHOU_COLUMNS] for row in read_figures("kezhou_2022_04_progress.csv")]
    rows = [[name, *(float(cell) if cell else "—" for cell in cells)] for name, *cells in figures]
    title = "克州2022年4月巩固拓展脱贫攻坚成果和乡村振兴项目进展情况表"
    file = two_levels(here, title, KEZHOU_HEADS, rows, "注:数据截至2022年4月30日")
    said_once(
        here, file, "克州进展", "--kind", "published_table", "--set", "截至日期=2022-04-30", "--set", "计划年度=2022",
        "--set", "比率组=kezhou-2021", "--set", "公布单位=克州乡村振兴局", "--set", "渠道=政府网站",
        "--set", "公布日期=2022-05-11", "--set", f"文号={DOCUMENT}",
    )  # fmt: skip

    answer = here.program.json("report", "discrepancies", "--area", "653000", "--year", "2022")
    printed = sorted((name, cell) for name, *cells in figures for cell in cells if cell)
    assert sorted((row["area_name"], row["published"]) for row in answer["rows"]) == printed
    amiss = {
        (row["area_name"], row["measure"]): (row["published"], row["recomputed"], row["difference"], row["verdict"])
        for row in answer["rows"]
        if row["verdict"] not in {"match", "rounded"}
    }
    assert amiss == {
        (KEZHOU, "released"): ("5.31", "5.32", "-0.01", "inconsistent"),
        ("阿图什市", "kezhou-2021/investment"): ("46.69", "46.70", "-0.01", "truncated"),
        ("阿合奇县", "kezhou-2021/investment"): ("40.12", "40.13", "-0.01", "truncated"),
    }
    assert sum(answer["verdicts"].values()) == len(printed)
    assert here.money("--as-of", "2022-12-31") == before  # evidence, never money


def test_the_workbook_of_fengquan_goes_in_as_it_is_printed(county: Callable[[str, int], County]) -> None:
    here = county("410704", 2022)
    document = "新财预〔2022〕289号 凤泉区财政局 2022-11-28 原表未分方向"
    heads = "批次编号 地区代码 计划年度 资金级次 任务方向 金额(万元) 文号 发文单位 下达日期 原因"
    here.files("tranches", heads, [f"FQ 410704 2022 省级 未分方向 187 {document}"])
    printed = [
        [row["seq"], row["project_published"], row["responsible_unit"], row["category_published"], row["amount_wan"]]
        for row in read_figures("fengquan_2022_projects.csv")
    ]
    file = form(
        here, "凤泉", ("序号", "项目名称", "责任单位", "项目类别", "资金规模"), [*printed, ["合计", *[None] * 3, "187"]]
    )
    said_once(
        here, file, "凤泉项目", "--kind", "projects", "--map", "项目编号=序号", "--set", "地区代码=410704",
        "--set", "项目年度=2022", "--set", "绩效目标=未载明", "--set", "入库日期=2022-11-28",
        "--word", "项目类型:产业发展=industry_other", "--ignore", "资金规模",
    )  # fmt: skip
    said_once(
        here, file, "凤泉安排", "--kind", "allocations", "--map", "项目编号=序号", "--set", "批次编号=FQ",
        "--set", "日期=2022-11-28", "--ignore", "项目名称", "--ignore", "责任单位", "--ignore", "项目类别",
    )  # fmt: skip
    assert here.money("--as-of", "2022-12-31").allocated == wan(187)
    whole = ("--area", "410704", "--as-of", "2022-11-28", "--year", "2022", "--doc", "新财预〔2022〕289号")
    here.program.ok("figure", "add", "allocated", "187万元", *whole, "--date", "2022-11-28")
    (row,) = here.report("discrepancies", "--as-of", "2022-12-31")
    assert (row["verdict"], row["recomputed_numerator"]) == ("match", wan(187))


def test_the_stations_of_anyuan_go_in_by_year_and_are_as_many_as_was_published(
    county: Callable[[str, int], County],
) -> None:
    here = county("360726", 2019)
    printed = [
        [f"{year}{number:03d}", "村级光伏电站", str(year), f"{kilowatts}千瓦", f"{7 * kilowatts / 10}"]
        for year, (count, capacity) in {2017: (71, 14_200), 2018: (81, 8_200)}.items()
        for number, kilowatts in enumerate(apportion(capacity, [Fraction(1)] * count), start=1)
    ]
    file = form(here, "安远", ("序号", "电站名称", "建成年份", "装机容量", "资产原值"), printed)
    said_once(
        here, file, "安远电站", "--kind", "stocktake", "--map", "资产编号=序号", "--map", "资产名称=电站名称",
        "--map", "形成年度=建成年份", "--map", "数量=装机容量", "--set", "日期=2019-07-31", "--set", "地区代码=360726",
        "--set", "资产类别=经营性", "--set", "细类=光伏电站", "--set", "来由=光伏扶贫", "--set", "暂估=是",
    )  # fmt: skip
    for year, count in ((None, "152"), (2017, "71"), (2018, "81")):
        of_year = ("--year", str(year)) if year else ()
        place = ("--area", "安远县", "--as-of", "2019-07-31", *of_year)
        here.program.ok(
            "figure", "add", "registered", f"{count}个", *place, "--doc", "安远县2019年7月", "--date", "2019-07-31"
        )
    answer = here.program.json("report", "discrepancies", "--area", "360726", "--as-of", "2019-07-31")
    assert [(row["published"], row["recomputed"], row["verdict"]) for row in answer["rows"]] == [
        (count, count, "match") for count in ("152", "71", "81")
    ]


def test_the_register_of_operating_contracts_goes_in_with_its_rent_and_instalments(
    county: Callable[[str, int], County],
) -> None:
    here = county("653224", 2022)
    stock = "资产编号 日期 资产名称 地区代码 形成年度 资产类别 原值(万元) 来由"
    here.files("stocktake", stock, ["PARK 2022-02-10 特色面食产业园 653224 2022 经营性 1840 衔接资金项目"])
    own(here, "PARK", "村集体")
    terms = ["H1", "洛浦县特色面食产业园", "2022-07-01", "2025-06-30", "8%", "06-30、12-30", "1840"]
    file = form(
        here, "洛浦", ("合同编号", "资产", "起始时间", "终止时间", "年收益率", "付款日", "决算审定投资"), [terms]
    )
    said_once(
        here, file, "洛浦合同", "--kind", "contracts", "--map", "资产编号=资产",
        "--word", "资产编号:洛浦县特色面食产业园=PARK", "--map", "收益比例=年收益率", "--map", "分期应收日=付款日",
        "--map", "基数=决算审定投资", "--set", "类型=签订", "--set", "日期=2022-06-20", "--set", "经营方式=租赁",
        "--set", "经营者编号=FOOD", "--set", "经营者类别=企业", "--set", "收益方式=按基数比例",
        "--set", "基数说明=决算审定的固定资产投资",
    )  # fmt: skip
    dues = here.program.json("contract", "show", "H1")["dues"]
    assert [(each["on"][5:], each["amount_fen"]) for each in dues[:2]] == [
        ("12-30", wan(1840) * 4 // 100),
        ("06-30", wan(1840) * 4 // 100),
    ]
    assert sum(each["amount_fen"] for each in dues) == wan(1840) * 24 // 100


def test_the_register_of_debt_investments_goes_in_with_interest_and_principal(
    county: Callable[[str, int], County],
) -> None:
    here = county("520323", 2022)
    lent = (
        ("JYH", "金银花一二三产融合", 300, "2022-07-01", "2027-06-30"),
        ("LJ", "2022年辣椒产业", 331, "2022-03-01", "2027-02-28"),
    )
    stock = "资产编号 日期 资产名称 地区代码 形成年度 资产类别 资产形态 原值(万元) 来由"
    here.files(
        "stocktake",
        stock,
        [f"{code} 2022-02-11 {name} 520323 2022 经营性 债权 {amount} 衔接资金项目" for code, name, amount, *_ in lent],
    )
    for code, *_ in lent:
        own(here, code, "国有单位", reason="省资产收益扶贫办法准许")
    heads = ("合同编号", "投资项目", "起始时间", "终止时间", "年收益率", "付息日", "本金返还", "投资本金")
    rows = [
        [f"H{code}", name, begin, end, "5%", end[5:], f"{end}:{amount}万元:本金", str(amount)]
        for code, name, amount, begin, end in lent
    ]
    file = form(here, "绥阳", heads, rows)
    said_once(
        here, file, "绥阳债权", "--kind", "contracts", "--map", "资产编号=投资项目",
        "--word", "资产编号:金银花一二三产融合=JYH", "--word", "资产编号:2022年辣椒产业=LJ",
        "--map", "收益比例=年收益率", "--map", "分期应收日=付息日", "--map", "应收计划=本金返还",
        "--map", "基数=投资本金",
        "--set", "类型=签订", "--set", "日期=2022-02-25", "--set", "经营方式=债权投资", "--set", "经营者编号=QY",
        "--set", "经营者类别=企业", "--set", "收益方式=按基数比例", "--set", "基数说明=本金",
        "--set", "已约定条款=风险承担、退出、本金返还", "--set", "文号=绥农发〔2022〕1号",
    )  # fmt: skip
    for code, _, amount, *_ in lent:
        dues = here.program.json("contract", "show", f"H{code}")["dues"]
        assert [each["amount_fen"] for each in dues if each["what"] == "rent"] == [wan(amount) // 20] * 5
        assert [each["amount_fen"] for each in dues if each["what"] == "principal"] == [wan(amount)]


def own(here: County, asset: str, holder: str, reason: str = "") -> None:
    """Let one holder own an asset, so that it can be let."""
    here.does(
        "2022-02-11", f"asset notice {asset} --holder V1:{holder} --from 2022-02-11 --to 2022-02-20", reason=reason
    )
    here.does("2022-02-21", f"asset confirm {asset}")
