"""Operation contracts: signed on terms that hold, amended on paper, renewed, received under, ended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commands.work import CONTRACT, RIGHTS
from ledger.domain.closing import CloseYear
from ledger.domain.contract import Terms
from ledger.domain.contracting import AmendContract, EndContract, SignContract
from ledger.domain.control import AdoptRules, ReverseEvent
from ledger.domain.dues import instalments
from ledger.domain.objection import FileObjection
from ledger.domain.rent import ReceiveRent
from ledger.domain.upkeep import AssessCondition
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import ContractAmended, ContractEnded, ContractSigned, RentReceived, RightSet
from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

BASE = 18_400_000_00
C2 = {"holder": "C2", "kind": "企业", "share": "1"}


def sign(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-08-25", "contract": "H1", "assets": ("A1",), "mode": "租赁", "operator": "C1"}
    told = {"operator_kind": "企业", "operator_name": "某公司", "from_on": "2022-09-01", "to_on": "2025-08-31"}
    paid = {"return_kind": "percent", "return_share": "8%", "base_fen": BASE, "base": "决算审定价"}
    return SignContract.of(**{**fields, **told, **paid, **changes})


def amend(day: str = "2022-12-01", **changes: Any) -> Command:  # noqa: ANN401 - field values
    return AmendContract.of(**{"on": day, "contract": "H1", "document": "补充协议1号", **changes})


def receive(fen: int, day: str = "2023-06-30", **changes: Any) -> Command:  # noqa: ANN401 - field values
    return ReceiveRent.of(**{"on": day, "contract": "H1", "amount_fen": fen, "voucher": "记-1", **changes})


def end(day: str, why: str, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return EndContract.of(**{"on": day, "contract": "H1", "why": why, **changes})


@pytest.fixture
def owned(book: Book) -> Book:
    """An asset confirmed to two villages."""
    return book.up_to("confirm")


def a_third(book: Book, code: str = "A2") -> Book:
    """Give the project another asset."""
    return book.given(book.like("identify", asset=code, name="冷库", value_fen=1_000_00))


def test_half_of_a_year_is_due_in_june_and_half_in_december(owned: Book) -> None:
    signed, right = owned.do(sign(instalments=("12-31", "6-30"), document="合同1号"))
    assert isinstance(signed, ContractSigned)
    assert (signed.area, signed.return_numerator, signed.return_denominator) == ("520203", 2, 25)
    assert [(str(due.on), due.amount_fen, due.what) for due in signed.dues] == [
        (day, BASE * 8 // 100 // 2, "rent")
        for day in ("2022-12-31", "2023-06-30", "2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30")
    ]
    assert isinstance(right, RightSet)
    assert (right.right, right.effective_on, right.document) == ("operation", date(2022, 9, 1), "合同1号")
    assert [(each.holder, each.kind, each.numerator, each.denominator) for each in right.holdings] == [
        ("C1", "company", 1, 1)
    ]
    assert right.note == "合同 H1"


def test_a_contract_that_conveys_nothing_leaves_the_operation_right_alone(owned: Book) -> None:
    (event,) = owned.do(sign(mode="委托经营", set_right=False))
    assert isinstance(event, ContractSigned)
    assert (event.link, owned.load(RIGHTS, "A1").at("operation", date(2024, 1, 1))) == ("", None)


def test_every_asset_of_a_contract_goes_to_its_operator(owned: Book) -> None:
    both = ("A1", "A2")
    signed, *rights = a_third(owned).do(sign(assets=both))
    assert [each.stream for each in rights] == ["right:A1", "right:A2"]
    assert {(each.link, each.contract) for each in rights if isinstance(each, RightSet)} == {(signed.link, "H1")}
    assert owned.load(RIGHTS, "A2").since == {"operation": date(2022, 9, 1)}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, True),
        ({"operator": "C2", "set_right": False}, True),
        ({"from_on": "2025-08-31", "to_on": "2026-08-30"}, True),
        ({"from_on": "2021-09-01", "to_on": "2022-09-01"}, True),
        ({"from_on": "2025-09-01", "to_on": "2026-08-31"}, False),
        ({"reason": "分时段使用"}, False),
        ({"renews": "H1", "from_on": "2024-09-01"}, False),
    ],
)
def test_what_is_let_is_not_let_again_in_the_same_time(owned: Book, changes: dict[str, Any], *, refused: bool) -> None:
    owned.given(sign())
    again = sign(contract="H2", **{"on": "2022-08-26", **changes})
    if refused:
        refusal = owned.refuses(again)
        assert (refusal.code, "“H1”" in refusal.message) == ("contract.already_let", True)
    else:
        owned.do(again)


def test_an_ended_contract_no_longer_stands_in_the_way(owned: Book) -> None:
    owned.given(sign(), end("2024-01-31", "early", reason="协商解除"))
    owned.do(sign(on="2024-01-31", contract="H2", operator="C2", from_on="2024-02-01", to_on="2026-01-31"))
    now = owned.load(RIGHTS, "A1").at("operation", date(2024, 2, 1))
    assert now is not None
    assert (now.status, now.holdings[0].holder, now.contract) == ("held", "C2", "H2")


def test_the_operation_right_ends_with_the_contract_and_waits_to_be_settled(owned: Book) -> None:
    a_third(owned).given(sign(assets=("A1", "A2")))
    ended, *rights = owned.do(end("2025-08-31", "expired"))
    assert isinstance(ended, ContractEnded)
    assert ended.freed == ("A1", "A2")
    for each in rights:
        assert isinstance(each, RightSet)
        assert (each.status, each.effective_on, each.due_on) == ("unsettled", date(2025, 9, 1), date(2025, 11, 30))
        assert each.link == ended.link


def test_an_end_leaves_a_right_alone_that_rests_on_something_else(owned: Book) -> None:
    owned.given(sign(), owned.like("set_right", on="2023-01-01", reason="转包", holders=(C2,)))
    (event,) = owned.do(end("2025-08-31", "expired"))
    assert isinstance(event, ContractEnded)
    assert (event.freed, event.link) == ((), "")


def test_an_amendment_moves_the_operation_right_with_the_operator_and_the_assets(owned: Book) -> None:
    a_third(owned).given(sign(assets=("A1", "A2")))
    owned.do(amend("2023-01-01", operator="C2", assets=("A1",)))
    kept = owned.load(RIGHTS, "A1").at("operation", date(2023, 1, 1))
    gone = owned.load(RIGHTS, "A2").at("operation", date(2023, 1, 2))
    assert kept is not None
    assert gone is not None
    assert (kept.holdings[0].holder, kept.contract, gone.status) == ("C2", "H1", "unsettled")


def test_a_renewal_without_an_asset_lets_it_go(owned: Book) -> None:
    a_third(owned).given(sign(assets=("A1", "A2")))
    owned.do(sign(on="2024-08-01", contract="H2", renews="H1", from_on="2024-09-01", to_on="2027-08-31"))
    kept, gone = (owned.load(RIGHTS, code).at("operation", date(2024, 9, 1)) for code in ("A1", "A2"))
    assert kept is not None
    assert gone is not None
    assert (kept.contract, gone.status, gone.contract) == ("H2", "unsettled", "H1")


def undo(book: Book, topic: str) -> ReverseEvent:
    return ReverseEvent.of(on="2026-01-01", position=book.last(topic), reason="录入有误", document="函1号")


@pytest.mark.parametrize("topic", ["contract.signed", "right.set"])
def test_reversing_a_contract_or_its_right_undoes_both(owned: Book, topic: str) -> None:
    a_third(owned).given(sign(assets=("A1", "A2")))
    assert len(owned.do(undo(owned, topic))) == 3
    assert not owned.load(CONTRACT, "H1").exists
    assert [owned.load(RIGHTS, code).at("operation", date(2024, 1, 1)) for code in ("A1", "A2")] == [None, None]


def test_reversing_an_end_gives_the_operation_right_back(owned: Book) -> None:
    owned.given(sign(), end("2025-08-31", "expired"))
    refusal = owned.refuses(undo(owned, "contract.signed"))
    assert (refusal.code, "终止仍在账上" in refusal.message) == ("correction.needed_later", True)
    owned.do(undo(owned, "contract.ended"))
    now = owned.load(RIGHTS, "A1").at("operation", date(2026, 1, 1))
    assert now is not None
    assert (now.status, now.contract, owned.load(CONTRACT, "H1").ended_on) == ("held", "H1", None)


def test_reversing_a_renewal_lets_the_old_contract_run_again(owned: Book) -> None:
    owned.given(sign(), sign(on="2024-08-01", contract="H2", renews="H1", from_on="2024-09-01", to_on="2027-08-31"))
    assert len(owned.do(undo(owned, "contract.ended"))) == 3
    now = owned.load(RIGHTS, "A1").at("operation", date(2024, 10, 1))
    assert now is not None
    assert (now.contract, owned.load(CONTRACT, "H1").ended_on, owned.load(CONTRACT, "H2").exists) == ("H1", None, False)


def test_the_operation_right_is_not_set_by_hand_against_a_running_contract(owned: Book) -> None:
    owned.given(sign())
    by_hand = owned.like("set_right", on="2023-01-01", holders=(C2,))
    refusal = owned.refuses(by_hand)
    assert (refusal.code, "“H1”" in refusal.message) == ("right.under_contract", True)
    owned.given(owned.like("set_right", on="2023-01-01", holders=(C2,), reason="经同意转包"))


def test_what_is_let_is_not_idle_and_what_is_idle_pays_no_rent_without_a_reason(owned: Book) -> None:
    owned.given(sign(instalments=("06-30",)))
    idle = {"on": "2024-07-01", "asset": "A1", "condition": "闲置", "note": "空置"}
    refusal = owned.refuses(AssessCondition.of(**idle))
    assert (refusal.code, refusal.rule[:4]) == ("condition.idle_but_let", "RF37")
    owned.given(AssessCondition.of(**idle, reason="承租人停产"))
    refusal = owned.refuses(receive(1, "2024-07-02"))
    assert (refusal.code, "闲置" in refusal.message) == ("contract.rent_of_idle", True)
    owned.given(receive(1, "2024-07-02", reason="补收欠租"))


def test_a_state_unit_invests_only_on_a_legal_basis(owned: Book) -> None:
    a_third(owned)
    unit = ({"holder": "NYJ", "kind": "国有单位", "share": "1"},)
    owned.given(owned.like("notice", asset="A2", owners=unit), owned.like("confirm", asset="A2"))
    invest = {"assets": ("A2",), "mode": "入股", "return_kind": "profit"}
    refusal = owned.refuses(sign(**invest))
    assert (refusal.code, refusal.rule[:4], "第十二条" in refusal.rule) == ("contract.state_invests", "RF35", True)
    owned.do(sign(**invest, reason="省政府令准许"))


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"assets": ("没有",)}, NotFoundError, "asset.unknown"),
        ({"assets": ("A1", "A1")}, ValueRefusedError, "contract.asset_doubled"),
        ({"mode": "自主经营"}, RuleRefusedError, "contract.self_run"),
        ({"to_on": "2042-09-02"}, RuleRefusedError, "contract.lease_too_long"),
        ({"to_on": "2022-08-31"}, ValueRefusedError, "contract.period"),
        ({"return_share": None}, ValueRefusedError, "contract.return_missing"),
        ({"return_share": "108%"}, ValueRefusedError, "share.out_of_range"),
        ({"base_fen": 0, "base": ""}, ValueRefusedError, "contract.return_missing"),
        ({"return_kind": "fixed"}, ValueRefusedError, "contract.return_missing"),
        ({"return_kind": "per_unit", "return_fen": 500_00, "base": ""}, ValueRefusedError, "contract.return_missing"),
        ({"return_kind": "profit", "instalments": ("06-30",)}, RuleRefusedError, "contract.return_unknown"),
        ({"to_on": "2025-12-31", "instalments": ("06-30",)}, RuleRefusedError, "contract.part_year"),
        ({"instalments": ("06-30", "6-30")}, ValueRefusedError, "contract.instalment_doubled"),
        ({"renews": "没有"}, NotFoundError, "contract.unknown"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    owned: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    refusal = owned.refuses(sign(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"assets": ()}, "command.field"),
        ({"instalments": ("02-29",)}, "contract.month_day"),
        ({"instalments": ("6月30日",)}, "contract.month_day"),
        ({"clauses": ("好运",)}, "code.unknown"),
        ({"dues": ({"on": "2023-06-30", "amount_fen": 0},)}, "command.field"),
    ],
)
def test_terms_that_cannot_be_read_are_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        sign(**changes)
    assert caught.value.code == code


def test_a_lease_may_run_for_twenty_years_to_the_day_and_other_modes_longer(owned: Book) -> None:
    owned.do(sign(to_on="2042-09-01", set_right=False))
    refusal = owned.refuses(sign(contract="H2", to_on="2042-09-02", reason="特批"))
    assert (refusal.code, "民法典 第七百零五条" in refusal.rule) == ("contract.lease_too_long", True)
    owned.do(sign(contract="H2", mode="承包", to_on="2052-09-01"))


def test_a_county_may_set_a_shorter_limit_for_every_mode(owned: Book) -> None:
    limit = '\n[[parameter]]\nname = "contract_years_limit"\nvalue = 2\nunit = "年"\njurisdiction = "520203"\n'
    owned.given(AdoptRules.of(on="2022-01-01", text=shipped_packs()["base"] + limit + 'source = "县办法"\n'))
    refusal = owned.refuses(sign(mode="委托经营"))
    assert (refusal.code, "县办法" in refusal.rule) == ("contract.beyond_limit", True)
    owned.do(sign(mode="委托经营", reason="县政府批准"))


def test_nobody_makes_a_contract_with_himself(owned: Book) -> None:
    owned.do(sign(operator="V1", operator_kind="村集体"))  # one of two owners may lease from both
    alone = (
        owned.like("identify", asset="A2", name="冷库", value_fen=1_000_00),
        owned.like("notice", asset="A2", owners=({"holder": "V1", "kind": "村集体", "share": "1"},)),
    )
    owned.given(*alone, owned.like("confirm", asset="A2"))
    refusal = owned.refuses(sign(contract="H2", assets=("A2",), operator="V1", operator_kind="村集体"))
    assert refusal.code == "contract.operator_owns"


def test_a_public_asset_is_let_only_for_a_reason(owned: Book) -> None:
    owned.given(owned.like("identify", asset="A2", name="道路", asset_class="公益性", value_fen=1_000_00))
    refusal = owned.refuses(sign(assets=("A2",)))
    assert (refusal.code, refusal.rule[:4]) == ("contract.not_operating", "RF37")
    owned.do(sign(assets=("A2",), reason="县政府同意委托"))


def test_an_asset_in_dispute_is_let_only_by_somebodys_decision(owned: Book) -> None:
    owned.given(FileObjection.of(on="2022-08-01", asset="A1", objection="Y1", content="份额有误"))
    refusal = owned.refuses(sign())
    assert (refusal.code, "Y1" in refusal.message) == ("contract.disputed", True)
    owned.do(sign(reason="乡镇政府决定先行出租"))


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"mode": "入股"}, True),
        ({"mode": "债权投资", "return_kind": "fixed", "return_fen": 100}, True),
        ({"mode": "入股", "clauses": ("风险承担", "退出")}, True),
        ({"mode": "入股", "clauses": ("风险承担", "退出", "本金返还")}, False),
        ({"mode": "入股", "reason": "补充协议另签"}, False),
        ({"mode": "入股", "return_kind": "profit"}, False),
        ({"mode": "租赁"}, False),
    ],
)
def test_a_guaranteed_dividend_says_who_bears_the_risk(owned: Book, changes: dict[str, Any], *, refused: bool) -> None:
    if refused:
        refusal = owned.refuses(sign(**changes))
        assert (refusal.code, refusal.rule[:4]) == ("contract.clauses_missing", "RF14")
        assert "本金返还" in refusal.message
    else:
        owned.do(sign(**changes))


@pytest.mark.parametrize(
    ("due", "code"),
    [
        ({"on": "2022-08-24", "amount_fen": 1}, "contract.due_early"),
        ({"on": "2025-09-01", "amount_fen": 1}, "contract.due_late"),
    ],
)
def test_dues_lie_in_the_term_or_follow_it_as_principal(owned: Book, due: dict[str, Any], code: str) -> None:
    assert owned.refuses(sign(dues=(due,))).code == code
    assert owned.refuses(sign(dues=({"on": "2023-01-01", "amount_fen": 1},) * 2)).code == "contract.due_doubled"
    owned.do(sign(dues=({"on": "2025-09-01", "amount_fen": 1, "what": "principal"},)))


def test_buy_back_steps_stand_beside_the_instalments(owned: Book) -> None:
    steps = tuple({"on": f"{year}-09-01", "amount_fen": BASE // 2, "what": "buy_back"} for year in (2025, 2026))
    owned.do(sign(instalments=("06-30",), dues=steps))
    terms = owned.load(CONTRACT, "H1").must_exist("H1")
    assert (terms.due_fen("buy_back"), terms.due_fen("rent")) == (BASE, 3 * BASE * 8 // 100)


@given(
    base=st.integers(10, 10**12),
    begin=st.dates(date(2013, 1, 1), date(2030, 12, 31)),
    years=st.integers(1, 20),
    days=st.sets(st.dates(date(2023, 1, 1), date(2023, 12, 31)), min_size=1, max_size=4),
)
def test_instalments_of_each_year_add_up_to_the_return_of_the_year(
    base: int, begin: date, years: int, days: set[date]
) -> None:
    begin = begin.replace(day=min(begin.day, 28))
    end_on = begin.replace(year=begin.year + years)
    terms = Terms(("A",), "lease", "C", "company", begin, end_on, "percent", "", 0, 1, 3, base)
    dues = instalments(terms, [f"{day:%m-%d}" for day in days])
    yearly = terms.yearly_fen or 0
    assert abs(3 * yearly - base) * 2 <= 3
    assert sum(due.amount_fen for due in dues) == yearly * years
    assert len({due.on for due in dues}) == len(dues)
    assert all(begin <= due.on < end_on for due in dues)
    assert max(due.amount_fen for due in dues) - min(due.amount_fen for due in dues) <= 1


def test_a_contract_number_is_used_once(owned: Book) -> None:
    owned.given(sign())
    assert owned.refuses(sign()).code == "contract.exists"


def test_an_amendment_states_all_terms_and_recomputes_what_is_due(owned: Book) -> None:
    owned.given(sign(instalments=("06-30", "12-31"), clauses=("保险",)))
    refusal = owned.refuses(amend(base_fen=20_000_000_00))
    assert (refusal.code, refusal.rule[:4]) == ("contract.dues_stale", "RF12")
    (event,) = owned.do(amend(base_fen=20_000_000_00, instalments=("06-30", "12-31")))
    assert isinstance(event, ContractAmended)
    assert (event.mode, event.operator, event.clauses) == ("lease", "C1", ("insurance",))
    assert {due.amount_fen for due in event.dues} == {800_000_00}
    (event,) = owned.do(amend(guarantee="法人保证"))
    assert isinstance(event, ContractAmended)
    assert len(event.dues) == 6


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"guarantee": "保证", "document": ""}, "contract.amendment_unfounded"),
        ({}, "contract.unchanged"),
        ({"to_on": "2043-01-01"}, "contract.lease_too_long"),
        ({"return_kind": "fixed"}, "contract.return_missing"),
        ({"contract": "没有", "guarantee": "保证"}, "contract.unknown"),
    ],
)
def test_an_amendment_is_founded_and_keeps_to_the_rules(owned: Book, changes: dict[str, Any], code: str) -> None:
    assert owned.given(sign()).refuses(amend(**changes)).code == code


def test_a_renewal_ends_the_old_contract_the_day_before(owned: Book) -> None:
    owned.given(sign())
    refusal = owned.refuses(sign(contract="H2", renews="H1"))
    assert refusal.code == "contract.renewal_early"
    ended, signed, *_ = owned.do(
        sign(on="2024-08-01", contract="H2", renews="H1", from_on="2024-09-01", to_on="2027-08-31")
    )
    assert isinstance(ended, ContractEnded)
    assert isinstance(signed, ContractSigned)
    assert (ended.contract, ended.why, ended.effective_on) == ("H1", "renewed", date(2024, 8, 31))
    assert signed.renews == "H1"
    again = sign(contract="H3", renews="H1", from_on="2025-09-01", to_on="2027-08-31")
    assert owned.refuses(again).code == "contract.ended_already"


def test_no_money_comes_without_a_contract(owned: Book) -> None:
    refusal = owned.refuses(receive(100))
    assert (refusal.code, "RF08" in refusal.rule) == ("contract.unknown", True)


def test_more_than_is_due_needs_a_reason_for_each_kind_of_money(owned: Book) -> None:
    owned.given(sign(dues=({"on": "2023-06-30", "amount_fen": 1000},), deposit_fen=500))
    owned.given(receive(600), receive(400), receive(500, what="deposit"))
    refusal = owned.refuses(receive(1))
    assert (refusal.code, "应收租金或收益共 10.00 元,已收 10.00 元" in refusal.message) == (
        "contract.receipt_exceeds",
        True,
    )
    assert owned.refuses(receive(1, what="principal")).code == "contract.receipt_exceeds"
    (event,) = owned.do(receive(1, reason="违约金"))
    assert isinstance(event, RentReceived)
    assert owned.load(CONTRACT, "H1").received == {"rent": 1001, "deposit": 500}


def test_a_share_of_the_profit_is_received_without_a_plan(owned: Book) -> None:
    owned.given(sign(return_kind="profit"), receive(123))
    assert owned.refuses(receive(1, what="principal")).code == "contract.receipt_exceeds"


def test_money_after_the_end_needs_a_reason(owned: Book) -> None:
    owned.given(sign(instalments=("06-30",)))
    refusal = owned.refuses(receive(1, "2025-09-01"))
    assert (refusal.code, refusal.rule[:4]) == ("contract.receipt_after_end", "RF09")
    owned.given(receive(1, "2025-08-31"), end("2024-08-31", "early", reason="协商解除"))
    assert owned.refuses(receive(1, "2024-09-01")).code == "contract.receipt_after_end"
    owned.do(receive(1, "2024-09-01", reason="补交欠租"))


def test_principal_may_come_back_after_the_term_on_its_day(owned: Book) -> None:
    owned.given(sign(dues=({"on": "2025-12-31", "amount_fen": 10, "what": "principal"},)))
    owned.do(receive(10, "2025-12-31", what="principal"))


def test_closed_books_take_no_receipt_without_a_reason(owned: Book) -> None:
    owned.given(sign(instalments=("12-31",)), CloseYear.of(on="2023-01-10", area="520203", year=2022))
    assert owned.refuses(receive(1, "2022-12-31")).code == "year.closed"


@pytest.mark.parametrize(
    ("day", "why", "reason", "code"),
    [
        ("2024-01-01", "expired", "", "contract.ending_differs"),
        ("2025-08-31", "early", "协商", "contract.ending_differs"),
        ("2024-01-01", "early", "", "contract.ending_reason"),
        ("2024-01-01", "void", "", "contract.ending_reason"),
    ],
)
def test_an_ending_is_called_what_it_is(owned: Book, day: str, why: str, reason: str, code: str) -> None:
    assert owned.given(sign()).refuses(end(day, why, reason=reason)).code == code


def test_a_contract_ends_once_and_takes_no_more_changes(owned: Book) -> None:
    owned.given(sign())
    event, _ = owned.do(end("2025-08-31", "expired"))
    assert isinstance(event, ContractEnded)
    assert owned.refuses(end("2025-09-01", "expired")).code == "contract.ended_already"
    assert owned.refuses(amend(guarantee="x")).code == "contract.ended_already"


def test_a_signature_is_not_reversed_while_money_rests_on_it(owned: Book) -> None:
    owned.given(sign(instalments=("06-30",)), receive(1))
    undo = ReverseEvent.of(on="2024-01-01", position=owned.last("contract.signed"), reason="错", document="函1号")
    refusal = owned.refuses(undo)
    assert (refusal.code, "已收款" in refusal.message) == ("correction.needed_later", True)
    receipt = ReverseEvent.of(on="2024-01-01", position=owned.last("contract.received"), reason="错", document="函1号")
    owned.given(receipt, undo)
    assert not owned.load(CONTRACT, "H1").exists
