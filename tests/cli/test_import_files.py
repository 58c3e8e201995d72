"""Files of offices: template, fill, check, apply, again; and everything that is wrong with them, located."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from cli.intake.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.cli.conftest import Program

YEAR: dict[str, list[dict[str, Any]]] = {
    "tranches": [
        {"批次编号": "T8", "地区代码": 520203, "计划年度": 2022, "资金级次": "中央", "金额(元)": 1_000_000.55}
        | {"文号": "黔8号", "发文单位": "省财政厅", "下达日期": "2022年2月1日"},
    ],
    "projects": [
        {"项目编号": f"Q{n}", "项目名称": "大棚", "地区代码": "520203", "项目年度": "2022", "项目类型": "种植业基地"}
        | {"绩效目标": "建棚2座", "入库日期": "2022-02-02"}
        for n in range(2)
    ],
    "declarations": [
        {"项目编号": "Q2", "项目名称": "冷库", "地区代码": "520203", "项目年度": "2022", "项目类型": "仓储保鲜冷链"}
        | {"建设性质": "新建", "计划开工日期": "2022-03-01", "概算(元)": "60万元", "申报日期": "2022-02-02"}
        | {"资金筹措": "衔接资金:中央:50万元;自筹:其他:10万元", "受益户数": 30}
        | {"绩效指标": "库容:500:吨;受益户:30:户"},
    ],
    "amendments": [
        {
            "项目编号": "Q0",
            "建设内容": "大棚12座",
            "受益户数": "40",
            "变更日期": "2022-02-20",
            "文号": "六特批〔2022〕2号",
        },
    ],
    "allocations": [
        {"批次编号": "T8", "项目编号": f"Q{n}", "金额(元)": "10万元", "日期": "2022/2/3"} for n in range(2)
    ],
    "milestones": [
        {"项目编号": "Q0", "环节": stage, "日期": f"2022-0{month}-07", "金额(元)": money}
        for month, (stage, money) in enumerate(
            [
                ("批复", None),
                ("列入计划", 100000),
                ("开工", None),
                ("完成投资", 90000.5),
                ("完工", None),
                ("验收", None),
            ],
            3,
        )
    ]
    + [
        {"项目编号": "Q2", "环节": "乡镇审核", "日期": "2022-02-05"},
        {"项目编号": "Q2", "环节": "入库", "日期": "2022-02-06"},
        {"项目编号": "Q2", "环节": "批复", "日期": "2022-02-07"},
        {"项目编号": "Q2", "环节": "签订合同", "日期": "2022-02-08", "金额(元)": 580_000}
        | {"合同编号": "H1", "单位": "某建筑公司"},
        {"项目编号": "Q2", "环节": "列入计划", "日期": "2022-02-08"},
        {"项目编号": "Q2", "环节": "开工", "日期": "2022-03-01"},
        {"项目编号": "Q2", "环节": "完成投资", "日期": "2022-03-02", "形象进度": "30%"},
        {"项目编号": "Q2", "环节": "停工", "日期": "2022-03-03", "原因": "汛期"},
        {"项目编号": "Q2", "环节": "复工", "日期": "2022-03-04", "原因": "汛期已过"},
        {"项目编号": "Q2", "环节": "替换", "日期": "2022-03-05", "替换为": "Q1"}
        | {"原因": "土地未批", "文号": "六特批〔2022〕3号"},
        {"项目编号": "Q0", "环节": "决算审计", "日期": "2022-09-07", "金额(元)": "95,000", "单位": "县审计局"},
        {"项目编号": "Q0", "环节": "移交", "日期": "2022-09-08", "单位": "甲村经济合作社"},
    ],
    "payments": [
        {"类型": kind, "项目编号": "Q0", "金额(元)": "30,000.01", "日期": "2022-06-07"}
        for kind in ("核拨", "支付", "报账")
    ]
    + [
        {"类型": "退款", "项目编号": "Q0", "金额(元)": 1, "日期": "2022-06-08", "凭证号": "退-1"},
        {"类型": "退回核拨", "项目编号": "Q0", "金额(元)": 1, "日期": "2022-06-08", "凭证号": "退-2"},
        {"类型": "预留质保金", "项目编号": "Q0", "金额(元)": 3000, "日期": "2022-06-09"},
        {"类型": "质保金到期", "项目编号": "Q0", "金额(元)": 3000, "日期": "2023-09-09"},
    ],
    "recoveries": [
        {"类型": "收回未安排资金", "批次编号": "T8", "金额(元)": 0.55, "日期": "2022-06-10", "收回单位": "省财政厅"},
        {"类型": "收回项目资金", "项目编号": "Q1", "金额(元)": 10, "日期": "2022-06-10", "收回单位": "县财政局"},
        {"类型": "确认结余", "项目编号": "Q0", "金额(元)": 5000, "日期": "2022-09-08", "文号": "县审〔2022〕8号"},
    ],
    "adjustments": [
        {"调出项目编号": "Q1", "调入项目编号": "Q0", "批次编号": "T8", "金额(元)": 7, "日期": "2022-06-11"}
        | {"调整原因": "计划调整", "文号": "县批〔2022〕8号"},
    ],
    "assets": [
        {"步骤": "登记", "资产编号": "A8", "日期": "2022-09-01", "项目编号": "Q0", "资产名称": "棚"}
        | {"资产类别": "经营性", "原值(元)": 95000},
        {"步骤": "公示", "资产编号": "A8", "日期": "2022-09-01", "所有权人": "V1:村集体:1/3;V2:村集体:2/3"}
        | {"公示起始日": "2022-09-01", "公示截止日": "2022-09-09"},
        {"步骤": "确权", "资产编号": "A8", "日期": "2022-09-10"},
        {"步骤": "移交", "资产编号": "A8", "日期": "2022-09-11", "移交单位": "甲", "接收单位": "乙", "监交单位": "丙"},
    ],
    "stocktake": [
        {"资产编号": "S1", "日期": "2022-09-13", "资产名称": "灌溉渠", "地区代码": "520203", "形成年度": 2013}
        | {"资产类别": "公益性", "原值(元)": "9万元", "来由": "2013年整村推进项目", "细类": "农田水利"}
        | {"资金来源": "社会帮扶:其他:8万元;自筹:其他:1万元"},
    ],
    "rights": [
        {
            "资产编号": "A8",
            "权利": "收益权",
            "起始日期": "2022-09-12",
            "权利人编号": code,
            "权利人类别": "村集体",
            "份额": share,
        }
        for code, share in (("V1", "1/3"), ("V2", "2/3"))
    ],
    "contracts": [
        {"类型": "签订", "合同编号": "H8", "日期": "2022-09-13", "资产编号": "A8", "经营方式": "租赁"}
        | {"经营者编号": "C8", "经营者类别": "企业", "起始日期": "2022-10-01", "截止日期": "2025-09-30"}
        | {"收益方式": "按基数比例", "收益比例": "8%", "基数(元)": "10万元", "基数说明": "决算价", "押金(元)": 500}
        | {"分期应收日": "6-30、12-31", "应收计划": "2025-09-30:1万元:回购款", "已约定条款": "保险、维修"}
        | {"登记经营权": "否"},
        {"类型": "变更", "合同编号": "H8", "日期": "2022-09-14", "担保": "法人保证", "文号": "补充协议1号"},
    ],
    "receipts": [
        {"类型": "收款", "合同编号": "H8", "日期": "2022-12-30", "金额(元)": 4000, "凭证号": "记-9"},
        {"类型": "收款", "合同编号": "H8", "日期": "2022-12-30", "金额(元)": 500, "款项": "押金"},
        {"类型": "终止", "合同编号": "H8", "日期": "2025-09-30", "终止缘由": "到期终止"},
    ],
    "care": [
        {"环节": "落实管护", "资产编号": "A8", "日期": "2022-09-14", "管护单位": "甲村", "责任岗位": "公益岗位"}
        | {"每年巡查次数": 4, "金额(元)": "6000"},
        {"环节": "巡查", "资产编号": "A8", "日期": "2022-10-14", "缺陷": "漏水", "维修情况": "补漏", "金额(元)": 50},
        {"环节": "运行状况", "资产编号": "A8", "日期": "2022-12-01", "运行状况": "良好", "说明": "在产"},
        {"环节": "四个一批", "资产编号": "A8", "日期": "2022-12-01", "年度": 2022, "四个一批": "巩固一批"},
        {"环节": "清查", "资产编号": "A8", "日期": "2022-12-15", "年度": 2022, "清查结果": "有差异", "盘亏(元)": 1},
    ],
    "income": [
        {"类型": "设立账户", "账户编号": "S8", "日期": "2022-09-20", "账户名称": "棚收益", "账户资产": "A8"},
        {"类型": "收益", "账户编号": "S8", "日期": "2022-12-30", "期间": "2022Q4", "金额(元)": 8000, "资产编号": "A8"},
        {"类型": "成本", "账户编号": "S8", "日期": "2022-12-30", "期间": "2022-12", "金额(元)": "500.5"}
        | {"成本类别": "om"},
    ],
    "income_rules": [
        {"账户编号": "S8", "版本": "2022-1", "起始日期": "2022-09-20", "基数": "净收益", "扣除的成本": "om、site"}
        | {"审批环节": "village_vote", "受益方编号": payee, "受益方名称": name, "份额": share, "为下限": floor}
        for payee, name, share, floor in (("posts", "公益岗位", "80%", "是"), ("village", "村集体", "1/5", None))
    ],
    "losses": [
        {
            "步骤": "发现",
            "资产编号": "A8",
            "损失编号": "SS8",
            "日期": "2023-01-05",
            "金额(元)": 300,
            "损失原因": "失盗",
        },
        {"步骤": "定责", "资产编号": "A8", "损失编号": "SS8", "日期": "2023-01-06", "责任岗位": "看护岗"}
        | {"定责依据": "看护协议"},
        {
            "步骤": "追回",
            "资产编号": "A8",
            "损失编号": "SS8",
            "日期": "2023-01-07",
            "金额(元)": "200",
            "凭证号": "记-11",
        },
        {
            "步骤": "核销",
            "资产编号": "A8",
            "损失编号": "SS8",
            "日期": "2023-01-08",
            "金额(元)": 100,
            "批准单位": "县政府",
        }
        | {"文号": "县批〔2023〕1号"},
    ],
    "disposals": [
        {"步骤": "提出", "资产编号": "A8", "日期": "2026-01-05", "处置编号": "CZ8", "处置原因": "低效转换"}
        | {"处置方式": "转让"},
        {"步骤": "表决", "资产编号": "A8", "日期": "2026-01-20", "所有权人": "V2", "表决主体": "成员大会"}
        | {"应到人数": 300, "实到人数": 250, "同意人数": 200, "公示天数": 10, "经党组织讨论": "是"},
        {"步骤": "评估", "资产编号": "A8", "日期": "2026-01-21", "评估价(元)": "9万元", "评估机构": "某评估公司"}
        | {"公示起始日": "2026-01-21", "公示截止日": "2026-02-04"},
        {"步骤": "审批", "资产编号": "A8", "日期": "2026-02-05", "审批单位": "县农业农村局", "文号": "县批〔2026〕2号"},
        {"步骤": "处置", "资产编号": "A8", "日期": "2026-02-06", "价款(元)": "9.1万元", "受让方类别": "企业"},
        {"步骤": "价款入账", "资产编号": "A8", "日期": "2026-02-07", "入账金额(元)": "91000", "去向": "集体"}
        | {"凭证号": "记-12"},
    ],
    "notices": [
        {"公示编号": "N8", "种类": "资产", "标题": "资产公告", "地区代码": "520203", "公开内容": "A8、Q0"}
        | {"渠道": "政府网站", "起始日": "2022-09-20"},
    ],
    "distributions": [
        {"批次编号": "T1", "下级批次编号": "T8-1", "下级地区代码": "520281", "金额(元)": 1, "日期": "2022-02-09"},
    ],
    "documents": [
        {"类型": "登记", "文号": "黔财农〔2022〕9号", "发文单位": "省财政厅", "发文日期": "2022-02-01"}
        | {"种类": "资金指标文件", "标题": "关于下达资金的通知"},
        {"类型": "更正", "文号": "黔8号", "发文单位": "省财政厅", "发文日期": "2022-02-01", "种类": "资金指标文件"}
        | {"标题": "补登标题", "原因": "首次使用时未登记标题"},
    ],
    "findings": [
        {"环节": "登记", "问题编号": "W8", "日期": "2022-05-01", "地区代码": "520203", "来源层级": "省级"}
        | {"问题来源": "审计", "责任单位": "县水务局", "整改期限": "2022-08-31", "问题": "管护不到位"},
        {"环节": "进展", "问题编号": "W8", "日期": "2022-06-01", "说明": "已落实管护员"},
        {"环节": "申请销号", "问题编号": "W8", "日期": "2022-07-01", "说明": "已整改", "佐证散列": "ab" * 32},
    ],
    "arrears": [
        {"类型": "登记", "拖欠编号": "K8", "日期": "2022-05-01", "金额(元)": "10万元", "地区代码": "520203"}
        | {"欠款单位": "甲公司", "债权人类别": "企业", "应付日期": "2022-01-31"},
        {"类型": "清偿", "拖欠编号": "K8", "日期": "2022-06-01", "金额(元)": 40000.5, "凭证号": "记-1"},
    ],
    "indicators": [
        {"指标": "labour_export_organised", "地区代码": "520203", "报告期": period, "数值": value, "日期": "2022-12-20"}
        for period, value in (("2022H1", 70.5), ("2022", "71"))
    ],
    "submissions": [
        {"报告": "quarterly", "地区代码": 520203, "报告期": "2022Q1", "报送单位": "县局", "日期": "2022-03-24"},
    ],
    "areas": [
        {"代码": "520300", "名称": "遵义市", "启用日期": "1990-01-01"},
        {"代码": "520302", "名称": "红花岗区", "启用日期": "1990-01-01"},
    ],
    "published": [
        {"地区": "520203", "截至日期": "2022-06-30", "计划年度": 2022, "指标": "kezhou-2021/start", "公布数": 97.9}
        | {"单位": "%", "小数位数": 2, "公布日期": "2022-07-05", "文号": "通报〔2022〕7号"},
    ],
    "published_table": [
        {"地区": "六枝特区", "计划项目数": 2, "开工项目数": 1, "开工率": "50.00%", "计划投资(元)": "0.40亿元"}
        | {"截至日期": "2022-06-30", "计划年度": 2022, "公布日期": "2022-07-05", "文号": "通报〔2022〕8号"},
    ],
}
TARGETS = Path(__file__).parents[2] / "examples" / "packs" / "liupanshui-2022-targets.toml"
ALLOCATION = {"批次编号": "T2", "项目编号": "P1", "金额(元)": "1", "日期": "2022-02-03"}


def fill_workbook(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row in rows:
        assert set(row) <= set(heads)
        sheet.append([row.get(str(head)) for head in heads])
    book.save(path)


def fill_csv(path: Path, rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8") -> None:
    heads = next(csv.reader([path.read_text("utf-8-sig")]))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, heads)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Where a file of a test goes."""
    return tmp_path / "office.csv"


def write(path: Path, *rows: Mapping[str, Any], heads: Sequence[str] = ()) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, heads or list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return str(path)


def problems(program: Program, file: str, kind: str) -> list[dict[str, Any]]:
    before = program.position()
    done = program.run("-f", "json", "import", "check", file, "--kind", kind)
    assert done.exit_code == 1, done.output
    assert json.loads(done.stderr)["code"] == "import.refused"
    assert program.position() == before
    found: list[dict[str, Any]] = json.loads(done.stdout)["problems"]
    return found


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_year_goes_in_by_templates_and_a_second_time_records_nothing(
    funded: Program, tmp_path: Path, suffix: str
) -> None:
    assert set(YEAR) == set(KINDS)
    funded.ok("rule", "adopt", str(TARGETS), "--date", "2022-04-08")
    for kind, rows in YEAR.items():
        path = tmp_path / f"{kind}.{suffix}"
        funded.ok("import", "template", kind, "-o", str(path))
        fill_workbook(path, rows) if suffix == "xlsx" else fill_csv(path, rows)
        before = funded.position()
        checked = funded.json("import", "check", str(path), "--kind", kind)
        assert (checked["ok"], checked["rows"], funded.position()) == (True, len(rows), before)
        applied = funded.json("import", "apply", str(path), "--kind", kind)
        assert (applied["first"], applied["repeated"]) == (before + 1, False)
        again = funded.json("import", "apply", str(path), "--kind", kind)
        assert (again["last"], again["repeated"], again["events"]) == (applied["last"], True, [])
        assert funded.json("import", "check", str(path), "--kind", kind)["already_applied"]
    assert funded.json("project", "show", "Q0")["funding"][0]["paid_fen"] == 29_999_01
    rights = funded.json("right", "list", "--asset", "A8")
    assert [row["denominator"] for row in rights if row["status"] == "held"] == [3] * 4
    assert funded.json("audit", "verify")["ok"]


def test_sums_are_told_by_what_they_are(funded: Program, sheet: Path) -> None:
    funded.ok("project", "start", "P1", "--date", "2022-02-01")
    payment = {"项目编号": "P1", "金额(万元)": "1.5", "日期": "2022-02-01"}
    file = write(sheet, {"类型": "核拨", **payment}, {"类型": "核拨", **payment}, {"类型": "支付", **payment})
    checked = funded.json("import", "check", file, "--kind", "payments")
    assert checked["amounts_fen"] == {"核拨": 30_000_00, "支付": 15_000_00}
    assert "核拨合计 30,000.00 元" in funded.ok("import", "check", file, "--kind", "payments")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_every_encoding_that_offices_use(program: Program, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "projects.csv"
    program.ok("import", "template", "projects", "-o", str(path))
    fill_csv(path, YEAR["projects"], encoding)
    program.ok("import", "apply", str(path), "--kind", "projects")
    assert [row["name"] for row in program.json("project", "list")] == ["大棚", "大棚"]


def test_rare_characters_of_names_come_through_gb18030_whole(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    program.ok("import", "template", "projects", "-o", str(path))
    names = ["𬱟家寨大棚", "㙍头村灌渠", "䶮溪路"]  # four bytes each, beyond GBK
    rows = [YEAR["projects"][0] | {"项目编号": f"Q{number}", "项目名称": name} for number, name in enumerate(names)]
    fill_csv(path, rows, "gb18030")
    with pytest.raises(UnicodeEncodeError):
        names[0].encode("gbk")
    program.ok("import", "apply", str(path), "--kind", "projects")
    assert [row["name"] for row in program.json("project", "list")] == names


def test_every_unreadable_value_is_listed_with_its_place(funded: Program, sheet: Path) -> None:
    file = write(
        sheet,
        ALLOCATION,
        ALLOCATION | {"金额(元)": "1.001", "日期": "2022-02-30"},
        ALLOCATION | {"批次编号": "", "金额(元)": "#N/A"},
        ALLOCATION | {"项目编号": "P 1"},
    )
    assert [(each["row"], each["column"], each["code"]) for each in problems(funded, file, "allocations")] == [
        (3, "C 列“金额(元)”", "money.finer_than_fen"),
        (3, "D 列“日期”", "date.no_such_day"),
        (4, "A 列“批次编号”", "cell.missing"),
        (4, "C 列“金额(元)”", "cell.error"),
        (5, "B 列“项目编号”", "ident.malformed"),
    ]


def test_a_row_that_a_rule_refuses_is_named_and_nothing_of_the_file_is_recorded(funded: Program, sheet: Path) -> None:
    file = write(sheet, ALLOCATION, ALLOCATION | {"金额(元)": "2000000"}, ALLOCATION)
    (problem,) = problems(funded, file, "allocations")
    assert (problem["row"], problem["code"]) == (3, "tranche.overdrawn")
    exit_code, error = funded.refused("import", "apply", file, "--kind", "allocations")
    assert (exit_code, error["code"], error["where"]) == (1, "tranche.overdrawn", "office.csv,第 3 行")


def test_a_step_with_a_cell_of_another_step_or_without_its_own_names_the_column(built: Program, sheet: Path) -> None:
    heads = ["步骤", "资产编号", "日期", "资产名称", "证书号"]
    confirm = {"步骤": "确权", "资产编号": "A1", "日期": "2022-06-11"}
    file = write(
        sheet, confirm | {"资产名称": "多余"}, {"步骤": "颁证", "资产编号": "A1", "日期": "2022-06-12"}, heads=heads
    )
    assert [(each["row"], each["column"], each["message"]) for each in problems(built, file, "assets")] == [
        (2, "D 列“资产名称”", "资产名称 不是这项登记的内容"),
        (3, "E 列“证书号”", "证书号 没有填写"),
    ]


def test_shares_of_one_split_must_be_whole_and_the_rows_are_named(built: Program, sheet: Path) -> None:
    built.ok(*["asset", "confirm", "A1", "--date", "2022-06-11"])
    row = {"资产编号": "A1", "权利": "经营权", "起始日期": "2022-06-12", "权利人类别": "企业"}
    file = write(sheet, row | {"权利人编号": "C1", "份额": "1/3"}, row | {"权利人编号": "C2", "份额": "33.33%"})
    exit_code, error = built.refused("import", "apply", file, "--kind", "rights")
    assert (exit_code, error["code"], error["where"]) == (1, "share.not_whole", "office.csv,第 2-3 行")


def test_unknown_and_missing_columns_are_named(funded: Program, sheet: Path) -> None:
    file = write(sheet, {"批次编号": "T2", "项目编号": "P1", "金额": "1", "经办": "x"})
    exit_code, error = funded.refused("import", "check", file, "--kind", "allocations")
    assert (exit_code, error["code"], error["where"]) == (1, "import.columns", "office.csv,第 1 行")
    assert error["message"] == "列名不对:缺少列:日期;不认识的列:D 列“经办”"


def test_a_doubled_column_and_a_value_under_no_head_are_refused(funded: Program, sheet: Path) -> None:
    sheet.write_text("批次编号,批次编号,项目编号,金额(元),日期\nT2,T2,P1,1,2022-02-03\n", encoding="utf-8")
    assert funded.refused("import", "check", str(sheet), "--kind", "allocations")[1]["code"] == "import.column_doubled"
    sheet.write_text("批次编号,项目编号,金额(元),日期\nT2,P1,1,2022-02-03,备注\n", encoding="utf-8")
    assert [each["code"] for each in problems(funded, str(sheet), "allocations")] == ["cell.no_column"]


def test_defaults_of_the_command_line_fill_what_rows_leave_empty(funded: Program, sheet: Path) -> None:
    file = write(sheet, ALLOCATION, ALLOCATION | {"文号": "自己的"}, heads=[*ALLOCATION, "文号"])
    events = funded.json("import", "apply", file, "--kind", "allocations", "--doc", "黔财农〔2022〕9号")["events"]
    assert [event["data"]["document"] for event in events[:-1:2]] == ["黔财农〔2022〕9号", "自己的"]


def test_a_preview_of_an_import_records_nothing(funded: Program, sheet: Path) -> None:
    before = funded.position()
    said = funded.json("import", "apply", write(sheet, ALLOCATION), "--kind", "allocations", "--dry-run")
    assert (said["dry_run"], len(said["events"]), funded.position()) == (True, 3, before)


def workbook(path: Path, *rows: Sequence[object], text_columns: str = "") -> str:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for letter in text_columns:
        sheet[f"{letter}2"].number_format = "@"
    book.save(path)
    return str(path)


HEADS = ("批次编号", "项目编号", "金额(元)", "日期")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("T2", 520203202200000001, 1, "2022-02-03"), "cell.long_number"),
        (("T2", 1.5, 1, "2022-02-03"), "cell.not_text"),
        (("T2", "P1", "=1/3", "2022-02-03"), "cell.not_computed"),
        (("T2", "P1", "#REF!", "2022-02-03"), "cell.error"),
        (("T2", "P1", 100 / 3, "2022-02-03"), "money.finer_than_fen"),
        (("T2", "P1", True, "2022-02-03"), "money.not_a_number"),
        (("T2", "P1", 1, 1844595), "date.not_a_date"),
    ],
)
def test_what_a_spreadsheet_changed_beyond_certainty_is_refused(
    funded: Program, tmp_path: Path, row: Sequence[object], code: str
) -> None:
    found = problems(funded, workbook(tmp_path / "office.xlsx", HEADS, (), row), "allocations")
    assert [(each["row"], each["sheet"], each["code"]) for each in found] == [(3, "Sheet", code)]


def test_amounts_of_a_spreadsheet_are_exact(funded: Program, tmp_path: Path) -> None:
    rows = [("T2", "P1", amount, "2022-02-03") for amount in (33.3, 1234.56, 0.07, 100000)]
    file = workbook(tmp_path / "office.xlsx", HEADS, *rows)
    assert funded.json("import", "check", file, "--kind", "allocations")["amounts_fen"] == {"金额": 10_126_793}


def test_another_sheet_can_be_chosen_and_a_missing_one_is_told(funded: Program, tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    book = Workbook()
    book.worksheets[0].append(["说明文字"])
    second = book.create_sheet("安排")
    second.append(HEADS)
    second.append(("T2", "P1", 1, "2022-02-03"))
    book.save(path)
    command = ("import", "check", str(path), "--kind", "allocations")
    assert funded.json(*command, "--sheet", "安排")["ok"]
    assert funded.refused(*command, "--sheet", "没有")[1]["code"] == "import.no_sheet"
    assert (funded.json(*command)["sheet"], funded.json(*command)["unread_sheets"]) == ("安排", ["Sheet"])


def test_a_book_without_a_sheet_to_read_says_what_can_be_done(funded: Program, tmp_path: Path) -> None:
    book = Workbook()
    for row in (HEADS, ("T2", "P1", 1, "2022-02-03")):
        book.worksheets[0].append(row)
    book.worksheets[0].title = "安排"
    book.create_sheet("填写说明")
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1
    book.save(tmp_path / "hidden.xlsx")
    file = (str(tmp_path / "hidden.xlsx"), "--kind", "allocations")
    book.remove(book.worksheets[0])
    book.save(tmp_path / "own.xlsx")
    _file(tmp_path / "text.csv", b"a,b\n1,2\n")
    told = funded.refused("import", "check", *file)[1]
    assert (told["code"], told["hint"]) == ("import.no_sheet", "工作表都是隐藏的;要导入的,用 --sheet 指明:安排")
    assert funded.json("import", "check", *file, "--sheet", "安排")["rows"] == 1
    hints = {"own.xlsx": "只有本程序写的填写说明", "text.csv": "这种文件不分工作表,请去掉 --sheet"}
    asked = {"own.xlsx": (), "text.csv": ("--sheet", "安排")}
    for name, hint in hints.items():
        _, error = funded.refused("import", "check", str(tmp_path / name), "--kind", "allocations", *asked[name])
        assert (error["code"], error["hint"].startswith(hint)) == ("import.no_sheet", True)


def test_a_missing_amount_is_asked_for_and_not_its_unit(funded: Program, tmp_path: Path) -> None:
    file = workbook(tmp_path / "office.xlsx", HEADS, ("T2", "P1", None, "2022-02-03"))
    _, error = funded.refused("import", "apply", file, "--kind", "allocations")
    assert (error["code"], error["hint"]) == ("cell.missing", "请按原件填写")


def zipped(path: Path, *entries: tuple[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return str(path)


def test_hostile_and_broken_files_are_refused_with_one_message(funded: Program, tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", HEADS, ("T2", "P1", 1, "2022-02-03"))
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    entities = parts | {"xl/worksheets/sheet1.xml": entity}
    files = {
        zipped(tmp_path / "bomb.xlsx", ("xl/workbook.xml", b"0" * 50_000_000)): "import.bomb",
        zipped(tmp_path / "empty.xlsx", ("readme.txt", b"x")): "import.damaged",
        zipped(tmp_path / "entity.xlsx", *entities.items()): "import.document_type",
        str(_file(tmp_path / "cut.xlsx", (tmp_path / "good.xlsx").read_bytes()[:2000])): "import.damaged",
        str(_file(tmp_path / "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600)): "import.damaged",
        str(_file(tmp_path / "blank.csv", b"  \n")): "import.empty",
        str(_file(tmp_path / "odd.csv", b"\xff\xff\x00\xff")): "import.encoding",
        str(_file(tmp_path / "quote.csv", '批次编号,"项目编号\n'.encode())): "import.bad_csv",
        str(_file(tmp_path / "large.csv", b"0" * (20 * 2**20 + 1))): "import.too_large",
        str(tmp_path / "none.csv"): "import.file_unreadable",
    }
    told = {file: funded.refused("import", "check", file, "--kind", "allocations")[1]["code"] for file in files}
    assert told == files


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_template_guides_who_fills_it_in(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    program.ok("import", "template", "projects", "-o", str(path))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert (sheet.title, sheet.freeze_panes, book.sheetnames[2]) == ("项目入库", "A2", "填写说明")
    assert sheet.column_dimensions["A"].number_format == "@"
    assert next(rule.formula1 for rule in sheet.data_validations.dataValidation).startswith("选项!$G$1:$G$")
    assert program.refused("import", "template", "projects", "-o", str(path))[1]["code"] == "import.file_exists"
    program.ok("import", "template", "projects", "-o", str(tmp_path / "again.xlsx"))
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    assert program.refused("import", "template", "projects", "-o", "x.doc")[1]["code"] == "import.template_name"
