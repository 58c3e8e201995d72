"""Corrections on the command line: looked at first, made in one batch, listed with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.topics import TOPICS
from tests.cli.terminal import at_a_terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Program

WHY = ("--reason", "录错", "--doc", "市财更〔2022〕3号")
PAID, REIMBURSED = "14", "15"


def test_a_preview_shows_entry_facts_and_balances_and_records_nothing(built: Program) -> None:
    before = built.position()
    seen = built.json("correct", "preview", REIMBURSED)
    assert [each["position"] for each in seen["reverses"]] == [int(REIMBURSED)]
    assert {
        "table": "fact_money",
        "sign": -1,
        "stream": "project:P1",
        "measure": "reimbursed",
        "amount_fen": -(10**8),
    } in (seen["facts"])
    changed = {each["balance"]: (each["before_fen"], each["after_fen"]) for each in seen["balances"]}
    assert changed["reimbursed_fen"] == (1_000_000_00, 0)
    assert changed["paid_fen"] == (1_500_000_01, 1_500_000_01)
    assert built.position() == before


def test_a_preview_of_what_others_rest_on_names_them_in_order_with_topic_and_date(built: Program) -> None:
    exit_code, error = built.refused("correct", "preview", "11")
    assert (exit_code, error["code"]) == (1, "correction.needed_later")
    order = "第 15 号 资金报账(2022-02-04)、第 14 号 资金支付(2022-02-03)、第 13 号 资金核拨(2022-02-02)"
    assert order in error["hint"]
    assert built.refused("correct", "undo", "11", *WHY) == (exit_code, error)


def test_an_amendment_reverses_and_records_anew_in_one_batch(built: Program) -> None:
    done = built.json("correct", "amend", PAID, "--set", "金额=120万元", "--set", "凭证号=记-9", *WHY)
    reversal, anew = done["events"]
    assert (reversal["topic"], reversal["data"]["reversed_position"]) == ("event.reversed", int(PAID))
    assert (anew["topic"], anew["data"]["amount_fen"], anew["data"]["voucher"]) == (
        "project.paid",
        1_200_000_00,
        "记-9",
    )
    assert anew["data"]["effective_on"] == "2022-02-03"
    assert built.json("project", "show", "P1")["funding"][0]["paid_fen"] == 1_200_000_00


def test_an_amendment_that_the_rules_refuse_leaves_the_old_entry(built: Program) -> None:
    exit_code, error = built.refused("correct", "amend", PAID, "--set", "amount=900万元", *WHY)
    assert (exit_code, error["code"]) == (1, "payment.exceeds")


def test_an_amendment_says_which_fields_there_are(built: Program) -> None:
    exit_code, error = built.refused("correct", "amend", PAID, "--set", "颜色=红", *WHY)
    assert (exit_code, error["code"], error["where"]) == (1, "correction.field", "--set")
    assert "金额" in error["hint"]


def test_what_cannot_be_made_anew_is_refused_with_the_way_that_works(built: Program) -> None:
    exit_code, error = built.refused("correct", "amend", "21", "--set", "业务日期=2022-06-03", *WHY)
    assert (exit_code, error["code"]) == (1, "correction.not_amendable")
    assert "correct undo" in error["hint"]


def test_corrections_are_listed_with_reason_document_and_what_they_reversed(built: Program) -> None:
    assert built.json("correct", "list") == []
    built.ok("correct", "undo", REIMBURSED, *WHY)
    built.ok("correct", "amend", PAID, "--set", "金额=120万元", *WHY)
    listed = built.json("correct", "list")
    assert [(each["reverses"], each["command"]) for each in listed] == [(15, "correct undo"), (14, "correct amend")]
    assert {(each["reason"], each["document"], each["actor"]) for each in listed} == {("录错", WHY[3], "张三")}


# A person is asked, a script is not


def test_a_person_is_asked_with_the_amount_in_words_and_no_means_no(built: Program) -> None:
    before = built.position()
    exit_code, shown = at_a_terminal(built, "也许\n否\n", "correct", "undo", REIMBURSED, *WHY)
    assert "资金报账 1,000,000.00 元(人民币壹佰万元整)" in shown
    assert "请输入是或否" in shown
    assert "没有记账" in shown
    assert (exit_code, built.position()) == (130, before)


def test_a_preview_of_an_undoing_says_how_much_money_is_taken_back(built: Program) -> None:
    [row] = [each for each in preview_of(built).splitlines() if "冲销 " in each]
    assert "冲销 1,000,000.00 元(人民币壹佰万元整)" in row


def preview_of(built: Program) -> str:
    return at_a_terminal(built, "否\n", "correct", "undo", REIMBURSED, *WHY)[1]


def test_what_cannot_be_undone_is_named_in_chinese(built: Program) -> None:
    opened = built.run("-f", "json", "correct", "undo", "1", *WHY)
    assert opened.exit_code == 1
    assert "ledger.opened" not in opened.output
    assert TOPICS["ledger.opened"] in opened.output


def test_a_person_who_says_yes_has_it_recorded(built: Program) -> None:
    before = built.position()
    exit_code, shown = at_a_terminal(built, "是\n", "correct", "undo", REIMBURSED, *WHY)
    assert (exit_code, built.position()) == (0, before + 1), shown


def test_nobody_is_asked_after_yes(built: Program) -> None:
    exit_code, shown = at_a_terminal(built, "", "correct", "undo", REIMBURSED, *WHY, "--yes")
    assert (exit_code, "[是/否]" in shown) == (0, False)


def test_a_year_is_closed_by_typing_it(built: Program) -> None:
    exit_code, shown = at_a_terminal(built, "是\n2022\n", "fund", "close-year", "--area", "520200", "--year", "2022")
    assert "输入 2022 确认" in shown
    assert exit_code == 0, shown
