"""Before money moves a person sees the amount in words and is asked; a script is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.terminal import at_a_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

RELEASE = ("payment", "release", "P1", "--amount", "5万元", "--date", "2022-03-01")


def allocations(folder: Path, *amounts: str) -> tuple[str, ...]:
    path = folder / "安排.csv"
    rows = "".join(f"T2,P1,{amount},2022-02-03\n" for amount in amounts)
    path.write_text(f"批次编号,项目编号,金额(元),日期\n{rows}", encoding="utf-8")
    return "import", "apply", str(path), "--kind", "allocations"


def test_a_payment_is_asked_for_with_its_amount_in_words(funded: Program) -> None:
    before = funded.position()
    exit_code, shown = at_a_terminal(funded, "否\n", *RELEASE)
    assert "50,000.00 元(人民币伍万元整)" in shown
    assert "确认登记核拨? [是/否]" in shown
    assert (exit_code, funded.position()) == (130, before)
    exit_code, shown = at_a_terminal(funded, "是\n", *RELEASE)
    assert (exit_code, funded.position()) == (0, before + 1), shown


def test_a_payment_that_is_recorded_already_is_not_asked_for_again(funded: Program) -> None:
    keyed = (*RELEASE[:4], "10万元", *RELEASE[5:], "--key", "K1")
    funded.ok(*keyed)
    exit_code, shown = at_a_terminal(funded, "", *keyed)
    assert (exit_code, "[是/否]" in shown, "本次未重复记账" in shown) == (0, False, True), shown


def test_a_payment_that_is_refused_is_not_asked_for(funded: Program) -> None:
    exit_code, shown = at_a_terminal(funded, "", *RELEASE[:4], "9亿元")
    assert (exit_code, "[是/否]" in shown, "怎么办:" in shown) == (1, False, True), shown


def test_a_file_is_asked_for_with_its_sum_in_words(funded: Program, tmp_path: Path) -> None:
    before, file = funded.position(), allocations(tmp_path, "100.5", "0.01")
    exit_code, shown = at_a_terminal(funded, "否\n", *file)
    assert "安排.csv:2 行,金额合计 100.51 元(人民币壹佰元伍角壹分)" in shown
    assert "导入后记 2 行。确认导入? [是/否]" in shown
    assert (exit_code, funded.position()) == (130, before)
    exit_code, shown = at_a_terminal(funded, "是\n", *file)
    assert exit_code == 0, shown
    exit_code, shown = at_a_terminal(funded, "", *file)
    assert (exit_code, "[是/否]" in shown, "没有重复记账" in shown or "本次未重复记账" in shown) == (0, False, True), (
        shown
    )


def test_a_file_in_part_is_asked_for_with_what_is_left_out(funded: Program, tmp_path: Path) -> None:
    funded.ok(*allocations(tmp_path, "1"))
    before, file = funded.position(), allocations(tmp_path, "1", "2", "许多")
    exit_code, shown = at_a_terminal(funded, "否\n", *file, "--partial")
    assert "不记的:1 行此前已导入、1 处问题" in shown
    assert "导入后记 1 行。确认导入? [是/否]" in shown
    assert (exit_code, funded.position(), list(tmp_path.glob("*问题*"))) == (130, before, [])


def test_a_file_is_not_asked_for_after_yes_nor_in_a_script(funded: Program, tmp_path: Path) -> None:
    exit_code, shown = at_a_terminal(funded, "", *allocations(tmp_path, "1"), "--yes")
    assert (exit_code, "[是/否]" in shown) == (0, False), shown
    assert "[是/否]" not in funded.ok(*allocations(tmp_path, "1", "2"))
