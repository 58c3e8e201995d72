"""Documents, findings, arrears, performance, targets and reports handed in, as an office types them."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.documents import plain_number
from cli.main import xianjie

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.cli.conftest import Program

NUMBER = "黔财农〔2022〕1号"
CONTENT = "--issuer 省财政厅 --dated 2022-01-05 --kind 资金指标文件 --title 关于下达衔接资金的通知"
OPEN = (
    "finding open W1 --area 520203 --source 中央 --kind 考核评估 --unit 县财政局 --deadline 2022-08-31"
    " --title 资金拨付慢 --project P1 --date 2022-05-01"
)
OWE = "arrear add Q1 --area 520203 --debtor 甲公司 --creditor 农民工 --amount 10万元 --due 2022-01-31 --date 2022-05-01"
TARGETS = """
pack = "targets"
version = "2022"
title = "目标"
purpose = "targets"
jurisdiction = "520200"
source = "六盘水 2022-04-08"

[[indicator]]
id = "water"
name = "农村自来水普及率"
unit = "%"
direction = "at_least"
target = "98.3"
by = 2025-12-31
jurisdiction = "520200"
clause = "(十)"
source = "六盘水 2022-04-08 (十)"
"""


def typed(line: str) -> list[str]:
    return line.split()


def by(program: Program, name: str, command: str) -> Result:
    return CliRunner().invoke(xianjie, ["--db", program.url, "--as", name, *typed(command)])


def table(program: Program, *arguments: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(program.ok(*arguments, "-f", "csv"))))


# Documents


def test_a_document_is_amended_with_its_file_and_the_file_is_only_hashed(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "通知.pdf"
    file.write_bytes("正文".encode() * 1000)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    amend = ["doc", "amend", NUMBER, *typed(CONTENT), "--reason", "补登", "--file", str(file)]
    said = funded.ok(*amend)
    assert "“通知.pdf”" in said
    assert digest in said
    shown = funded.json("doc", "show", NUMBER)
    assert (shown["file_hash"], shown["kind"], shown["registered"]) == (digest, "indicator", True)
    assert "通知.pdf" not in str(shown)


@pytest.mark.parametrize("name", ["没有这个文件.pdf", "."])
def test_a_file_that_cannot_be_read_is_refused(funded: Program, name: str) -> None:
    exit_code, error = funded.refused("doc", "add", "新1号", *typed(CONTENT), "--file", name)
    assert (exit_code, error["code"], error["where"]) == (6, "document.file_unreadable", "--file")


def test_an_empty_file_is_no_evidence(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "空.pdf"
    file.touch()
    exit_code, error = funded.refused("doc", "add", "新1号", *typed(CONTENT), "--file", str(file))
    assert (exit_code, error["code"]) == (1, "document.file_empty")


def test_a_document_shows_every_entry_that_stands_on_it(funded: Program) -> None:
    funded.ok(*typed(f"doc attach {NUMBER} --to P1 --as 实施方案 --date 2022-02-01"))
    shown = funded.json("doc", "show", NUMBER)
    assert [(each["topic"], each["subject"], each["amount_fen"], each["role"]) for each in shown["citations"]] == [
        ("tranche.issued", "T1", 1_000_000_000, ""),
        ("document.attached", "P1", None, "实施方案"),
    ]
    said = funded.ok("doc", "show", NUMBER)
    assert "资金批次 T1" in said
    assert "10,000,000.00" in said


def test_what_was_reversed_cites_no_more_but_its_reversal_does(funded: Program) -> None:
    citing = "fund allocate --tranche T2 --project P1 --amount 1 --doc 市函1号 --date 2022-02-01"
    position = funded.json(*typed(citing))["first"]
    funded.ok("correct", "undo", str(position), "--reason", "记错", "--doc", "更正1号")
    assert funded.run("doc", "show", "市函1号").exit_code == 3
    topics = [each["topic"] for each in funded.json("doc", "show", "更正1号")["citations"]]
    assert topics == ["event.reversed", "event.reversed"]


def test_numbers_that_are_cited_and_not_registered_are_listed(funded: Program) -> None:
    funded.ok(*typed("project start P1 --doc 开工令1号 --date 2022-02-01"))
    assert [row[:1] + row[4:] for row in table(funded, "doc", "list", "--unregistered")[1:]] == [
        ["市财农〔2022〕1号", "(未登记)", "2"],
        ["开工令1号", "(未登记)", "1"],
    ]
    funded.ok("doc", "add", "开工令1号", *typed(CONTENT.replace("资金指标文件", "其他")), "--date", "2022-02-01")
    rows = {record["number"]: record for record in funded.json("doc", "list")}
    assert (rows["开工令1号"]["registered"], rows["开工令1号"]["citations"]) == (True, 1)


def test_documents_are_listed_by_kind_issuer_and_year(funded: Program) -> None:
    funded.ok("doc", "add", "市函〔2023〕2号", *typed("--issuer 市财政局 --dated 2023-05-01 --kind 批复 --title 甲"))
    for options, numbers in (
        (["--kind", "批复"], ["市函〔2023〕2号"]),
        (["--issuer", "省财政"], [NUMBER]),
        (["--year", "2022"], [NUMBER]),
        (["--year", "2023", "--kind", "approval"], ["市函〔2023〕2号"]),
        (["--kind", "合同"], []),
    ):
        assert [record["number"] for record in funded.json("doc", "list", *options)] == numbers
    assert funded.refused("doc", "list", "--kind", "没有")[1]["code"] == "code.unknown"


@pytest.mark.parametrize("text", ["〔2022〕1号", "[2022]1号", "(2022)1号", "(2022) 1号", "黔财农【２０２２】１号"])
def test_a_document_is_found_however_its_number_is_written(funded: Program, text: str) -> None:
    found = [record["number"] for record in funded.json("doc", "find", text)]
    assert NUMBER in found
    assert {plain_number(text) in plain_number(number) for number in found} == {True}


def test_a_document_is_found_by_title_and_issuer(funded: Program) -> None:
    funded.ok("doc", "add", "市函〔2023〕2号", *typed("--issuer 市财政局 --dated 2023-05-01 --kind 批复 --title 甲村"))
    for text in ("甲村", "市财政局"):
        assert [record["number"] for record in funded.json("doc", "find", text)] == ["市函〔2023〕2号"]
    assert funded.json("doc", "find", "乙村") == []


# Findings


def test_a_finding_is_followed_until_a_second_person_strikes_it_off(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "整改报告.docx"
    file.write_bytes(b"evidence")
    funded.ok(*typed(OPEN))
    funded.ok(*typed("finding progress W1 --note 已拨付一半 --date 2022-06-01"))
    funded.ok(*typed(f"finding submit W1 --note 已整改 --date 2022-07-01 --file {file}"))
    exit_code, error = funded.refused(*typed("finding close W1 --note 已核实 --date 2022-07-02"))
    assert (exit_code, error["code"]) == (1, "finding.same_person")
    assert "由 张三 申请销号" in error["message"]
    assert "--as" in error["hint"]
    assert by(funded, "李四", "finding close W1 --note 已核实 --date 2022-07-02").exit_code == 0
    shown = funded.json("finding", "show", "W1")
    assert (shown["state"], shown["closed_by"], shown["submitters"]) == ("closed", "李四", ["张三"])
    steps = table(funded, "finding", "list", "--area", "520203")
    assert steps[1] == ["W1", "资金拨付慢", "中央考核评估", "县财政局", "2022-08-31", "已销号", ""]


def test_a_finding_shows_its_steps_with_who_took_them(funded: Program) -> None:
    funded.ok(*typed(OPEN))
    funded.ok(*typed("finding submit W1 --note 已整改 --doc 整改1号 --date 2022-07-01"))
    said = funded.ok("finding", "show", "W1")
    for word in ("问题登记", "申请销号", "张三", "整改1号", "待销号"):
        assert word in said


def test_findings_are_counted_by_who_answers_and_what_is_overdue(funded: Program) -> None:
    funded.ok(*typed(OPEN))
    funded.ok(*typed(OPEN.replace("W1", "W2").replace("2022-08-31", "2099-12-31")))
    funded.ok(*typed(OPEN.replace("W1", "W3").replace("县财政局", "县水务局").replace("中央", "省级")))
    assert [record["finding"] for record in funded.json("finding", "list", "--overdue")] == ["W1", "W3"]
    assert table(funded, "finding", "list", "--by", "unit")[1:] == [
        ["县水务局", "1", "0", "1", "1"],
        ["县财政局", "2", "0", "2", "1"],
    ]
    assert [row[0] for row in table(funded, "finding", "list", "--by", "source", "--open")[1:]] == ["中央", "省级"]


def test_a_kind_of_finding_is_told_in_chinese_where_a_holder_has_another_kind(funded: Program) -> None:
    position = funded.json(*typed(OPEN))["first"]
    assert "考核评估" in funded.ok("audit", "show", str(position))


# Arrears


def test_a_debt_is_settled_and_what_is_left_is_listed(funded: Program) -> None:
    funded.ok(*typed(OWE))
    funded.ok(*typed("arrear settle Q1 --amount 4 --unit wan --voucher 记-1 --date 2022-06-01"))
    assert funded.refused(*typed("arrear settle Q1 --amount 60000.01 --date 2022-06-02"))[1]["code"] == "arrear.exceeds"
    assert table(funded, "arrear", "list")[1] == [
        *("Q1", "甲公司", "农民工", "", "2022-05-01"),
        *("100,000.00", "40,000.00", "60,000.00"),
    ]
    shown = funded.json("arrear", "show", "Q1")
    assert (shown["recorded_fen"], shown["settled_fen"], shown["left_fen"]) == (10_000_000, 4_000_000, 6_000_000)


# Performance, targets, reports handed in


def test_performance_is_monitored_and_evaluated_with_an_exact_score(built: Program) -> None:
    built.ok(*typed("performance monitor P1 --on-track 否 --note 滞后 --date 2022-03-01"))
    (event,) = built.json(*typed("performance evaluate P1 --score 91.25 --grade 优 --evaluator 财政局"))["events"]
    assert (event["topic"], event["data"]["score_hundredths"]) == ("project.evaluated", 9125)
    exit_code, error = built.refused(*typed("performance evaluate P1 --score 91.255"))
    assert (exit_code, error["code"]) == (1, "performance.score")


def test_a_target_is_reported_once_for_a_period(program: Program, tmp_path: Path) -> None:
    pack = tmp_path / "targets.toml"
    pack.write_text(TARGETS, encoding="utf-8")
    program.ok("rule", "adopt", str(pack), "--date", "2022-04-08")
    report = "target report water --area 520203 --period 2022H1 --value 98.3 --date 2022-07-05"
    program.ok(*typed(report))
    for changed, code in (
        (report, "indicator.repeated"),
        (report.replace("2022H1", "2022X"), "period.malformed"),
        (report.replace("98.3", "98.3%"), "indicator.not_a_number"),
        (f"{report} --unit 户", "indicator.unit"),
        (report.replace("water", "air"), "indicator.unknown"),
    ):
        assert program.refused(*typed(changed))[1]["code"] == code
    program.ok(*typed(report), "--reason", "核实")


def test_a_report_is_handed_in_and_listed(program: Program) -> None:
    program.ok(*typed("submission add quarterly --area 520203 --period 2022q1 --unit 县乡村振兴局 --date 2022-03-24"))
    again = "submission add quarterly --area 520203 --period 2022Q1 --unit 县乡村振兴局 --date 2022-03-25"
    assert program.refused(*typed(again))[1]["code"] == "submission.repeated"
    assert table(program, "submission", "list", "--year", "2022")[1:] == [
        ["quarterly", "六枝特区", "2022Q1", "县乡村振兴局", "2022-03-24", ""]
    ]
    assert program.json("submission", "list", "--area", "520281") == []


@pytest.mark.parametrize(
    ("command", "exit_code", "code"),
    [
        ("doc show 没有1号", 3, "document.unknown"),
        ("doc attach 没有1号 --to P1 --as 方案", 3, "document.unknown"),
        (f"doc attach {NUMBER} --to P9 --as 方案", 3, "document.unknown_subject"),
        (f"doc add {NUMBER} {CONTENT}", 1, "document.other_content"),
        (f"doc amend {NUMBER} {CONTENT}", 1, "document.amend_reason"),
        ("finding show W9", 3, "finding.unknown"),
        ("finding submit W9 --note x", 3, "finding.unknown"),
        (f"{OPEN} --deadline 2022-04-01", 1, "finding.deadline"),
        (f"{OPEN} --source 镇级", 1, "code.unknown"),
        ("arrear show Q9", 3, "arrear.unknown"),
        (f"{OWE} --amount 0", 1, "money.zero"),
        ("performance evaluate P1 --score 90", 1, "performance.not_started"),
        ("submission add nothing --area 520203 --period 2022Q1 --unit x", 1, "submission.unknown_report"),
    ],
)
def test_a_refusal_has_its_code_and_exit_code(funded: Program, command: str, exit_code: int, code: str) -> None:
    told = funded.refused(*typed(command))
    assert (told[0], told[1]["code"]) == (exit_code, code)


def test_the_registers_say_the_same_on_every_database(year: Program) -> None:
    for command in (
        f"doc attach {NUMBER} --to A1 --as 权属依据 --date 2022-07-01",
        OPEN,
        "finding submit W1 --note 已整改 --doc 整改1号 --date 2022-07-01",
        OWE,
        "arrear settle Q1 --amount 100000 --date 2022-06-01",
        "submission add quarterly --area 520203 --period 2022Q2 --unit 县局 --date 2022-06-24",
    ):
        year.ok(*typed(command))
    cited = {record["number"]: record["citations"] for record in year.json("doc", "list")}
    assert cited == {NUMBER: 2, "市财农〔2022〕1号": 2, "整改1号": 1}
    assert [each["topic"] for each in year.json("doc", "show", "市财农〔2022〕1号")["citations"]] == [
        "tranche.distributed",
        "tranche.received",
    ]
    assert [(each["finding"], each["state"]) for each in year.json("finding", "list")] == [("W1", "submitted")]
    assert [each["left_fen"] for each in year.json("arrear", "list")] == [0]
    assert [each["period"] for each in year.json("submission", "list")] == ["2022Q2"]
