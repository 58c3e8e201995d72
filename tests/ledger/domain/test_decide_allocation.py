"""Money given to a project: only with a goal, within the town; a fee within its cap; again only what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import TRANCHE
from ledger.domain.adjustment import RecoverFromProject
from ledger.domain.allocation import ExtractFee
from ledger.domain.control import AdoptRules, ListAreas
from ledger.domain.stages import DeclareProject
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import MoneyAllocated

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

FEE = {"project": "FEE", "project_type": "management_fee", "goal": ""}
TOWN, OTHER_TOWN = "520203101", "520203102"


def rules(name: str, value: str) -> Command:
    """Adopt a county's own pack: the base with one parameter more; ``value`` is TOML."""
    head = (
        'pack = "county"\nversion = "1"\ntitle = "本县"\nsource = "县规"\njurisdiction = "520203"\nextends = "base"\n'
    )
    text = (
        f'{head}[[parameter]]\nname = "{name}"\nvalue = {value}\nunit = "%"\njurisdiction = "520203"\nsource = "县规"\n'
    )
    return AdoptRules.of(on="2012-01-02", text=text)


def fee(fen: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return ExtractFee.of(**{"on": "2022-02-01", "tranche": "T1-1", "project": "FEE", "amount_fen": fen, **changes})


def test_a_project_without_a_goal_gets_money_only_with_a_reason(book: Book) -> None:
    book.up_to("distribute").given(book.like("list", goal=""))
    refusal = book.refuses(book.like("allocate"))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "allocation.no_goal")
    assert refusal.rule.startswith("R15 ")
    assert "[S26]" in refusal.rule
    assert "300,000.00" in refusal.message
    book.given(book.like("allocate", reason="目标随实施方案补报"))


def test_a_county_may_ask_for_no_goal(book: Book) -> None:
    book.up_to("distribute").given(book.like("list", goal=""), rules("allocation_needs_goal", "0"))
    book.given("allocate")


def test_a_declared_project_that_is_not_in_the_library_gets_no_money(book: Book) -> None:
    declared = DeclareProject.of(**book.like("list").model_dump(exclude_none=True))
    book.up_to("distribute").given(declared)
    refusal = book.refuses(book.like("allocate", reason="急用"))
    assert isinstance(refusal, RuleRefusedError)
    assert refusal.rule.startswith("R15 ")


@pytest.mark.parametrize(("town", "fits"), [(TOWN, True), (OTHER_TOWN, False), ("", False)])
def test_money_of_a_town_is_for_projects_of_that_town(book: Book, town: str, fits: bool) -> None:  # noqa: FBT001
    towns = [{"code": code, "name": f"乡镇{code}", "valid_from": "2012-01-01"} for code in (TOWN, OTHER_TOWN)]
    inside = {"tranche": "T1-1", "child": "TT", "child_area": "520203", "child_town": TOWN}
    book.up_to("distribute").given(
        ListAreas.of(on="2022-01-01", areas=towns), book.like("distribute", **inside), book.like("list", town=town)
    )
    command = book.like("allocate", tranche="TT")
    if fits:
        book.given(command)
    else:
        refusal = book.refuses(command)
        assert (refusal.code, TOWN in refusal.message) == ("allocation.other_town", True)


def test_a_fee_up_to_its_cap_says_on_what_and_how_much(book: Book) -> None:
    book.up_to("distribute").given(book.like("list", **FEE), fee(4_000_00))
    out, _ = book.do(fee(2_000_00))
    assert isinstance(out, MoneyAllocated)
    assert (out.fee_base_fen, out.fee_percent, out.project_type) == (600_000_00, "1", "management_fee")

    refusal = book.refuses(fee(1))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "fee.above_cap")
    for number in ("6,000.01", "600,000.00", "1%", "6,000.00"):
        assert number in refusal.message
    assert refusal.rule.startswith("R22 ")
    assert "[S4]" in refusal.rule
    book.given(fee(1, reason="两个批次的管理费合并提取"))


def test_a_fee_goes_to_a_project_that_stands_for_one(book: Book) -> None:
    book.up_to("list")
    refusal = book.refuses(fee(1, project="NONE"))
    assert (type(refusal), "“NONE”" in refusal.message) == (NotFoundError, True)
    refusal = book.refuses(fee(1, project="P1"))
    assert (refusal.code, "“项目管理费”" in refusal.hint) == ("fee.other_type", True)


def test_a_fee_that_went_back_may_be_taken_again(book: Book) -> None:
    back = {"project": "FEE", "amount_fen": 1_000_00, "recovered_by": "县财政局"}
    book.up_to("distribute").given(book.like("list", **FEE), fee(6_000_00))
    book.given(RecoverFromProject.of(on="2022-03-01", **back), fee(1_000_00))
    assert book.refuses(fee(1)).code == "fee.above_cap"


def test_recovered_money_is_no_base_of_a_fee(book: Book) -> None:
    book.up_to("distribute").given(book.like("list", **FEE), book.like("recover", amount_fen=100_000_00))
    book.given(fee(5_000_00))
    assert book.refuses(fee(1)).code == "fee.above_cap"


def test_only_the_main_task_is_a_base_of_the_central_fee(book: Book) -> None:
    book.given("open", "adopt", book.like("issue", area="520203", direction="以工代赈"), book.like("list", **FEE))
    refusal = book.refuses(fee(1, tranche="T1"))
    assert (refusal.code, "基数 0.00 元" in refusal.message) == ("fee.above_cap", True)


def test_money_for_which_no_cap_is_known_gives_no_fee_even_with_a_reason(book: Book) -> None:
    book.given("open", "adopt", book.like("issue", area="520203", level="省级"), book.like("list", **FEE))
    refusal = book.refuses(fee(1, tranche="T1", reason="惯例"))
    assert (refusal.code, "fee_cap_percent_provincial" in refusal.hint) == ("fee.no_cap", True)

    book.given(rules("fee_cap_percent_provincial", '"1.5"'), fee(15_000_00, tranche="T1"))
    assert book.refuses(fee(1, tranche="T1")).code == "fee.above_cap"


def test_a_cap_that_is_no_number_is_refused_in_words(book: Book) -> None:
    book.given("open", "adopt", book.like("issue", area="520203", level="省级"), book.like("list", **FEE))
    book.given(rules("fee_cap_percent_provincial", '"一成"'))
    refusal = book.refuses(fee(1, tranche="T1"))
    assert (refusal.code, "一成" in refusal.message) == ("rule.not_a_number", True)


def test_an_ordinary_project_is_no_fee(book: Book) -> None:
    book.up_to("list")
    refusal = book.refuses(fee(1, project="P1"))
    assert (refusal.code, "种植业基地" in refusal.message) == ("fee.other_type", True)


def test_a_plain_allocation_to_the_fee_keeps_to_the_cap_too(book: Book) -> None:
    book.up_to("distribute").given(book.like("list", **FEE))
    assert book.refuses(book.like("allocate", project="FEE", amount_fen=6_000_01)).code == "fee.above_cap"


def test_money_is_given_out_again_only_as_far_as_it_came_back(book: Book) -> None:
    recover = RecoverFromProject.of(on="2022-03-01", project="P1", amount_fen=30_000_00, recovered_by="县财政局")
    book.up_to("allocate").given(recover)
    again = {"on": "2022-03-02", "cause": "收回后再安排"}
    refusal = book.refuses(book.like("allocate", **again, amount_fen=30_000_01))
    assert refusal.code == "allocation.cause_exceeds"
    assert "30,000.01" in refusal.message
    assert "30,000.00" in refusal.message
    surplus = book.refuses(book.like("allocate", on="2022-03-02", cause="结余", amount_fen=1))
    assert surplus.code == "allocation.cause_exceeds"
    out, _ = book.do(book.like("allocate", **again, amount_fen=10_000_00))
    assert isinstance(out, MoneyAllocated)
    assert out.cause == "reallocated"
    assert book.load(TRANCHE, "T1-1").regained == {"recovered": 20_000_00}


@pytest.mark.parametrize("cause", ["计划调整", "项目替换", "收回"])
def test_an_allocation_has_no_cause_that_belongs_to_an_adjustment(book: Book, cause: str) -> None:
    book.up_to("plan")
    assert book.refuses(book.like("allocate", cause=cause)).code == "allocation.cause"


def test_an_unknown_cause_is_refused(book: Book) -> None:
    with pytest.raises(ValueRefusedError):
        book.like("allocate", cause="随便")
