"""Income accounts by period: earned, cost, planned, paid, and the least parts that rules set."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import ValueRefusedError
from projections.reports.income import IncomeRow, income
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

DAY, END = date(2024, 3, 1), date(2024, 12, 31)
PV = (
    e.RuleLine(payee="posts", name="公益岗位和劳务", numerator=4, denominator=5, floor=True),
    e.RuleLine(payee="village", name="村集体", numerator=1, denominator=5),
)


def account(kind: type[e.Event], history: History, scheme: str = "S", on: date = DAY, **values: object) -> int:
    given: dict[str, Any] = {"effective_on": on, "area": "520201", "scheme": scheme, **values}
    return history.record(kind(**given))


def opened(history: History, scheme: str = "S", area: str = "520201") -> None:
    account(e.SchemeOpened, history, scheme, area=area, name=f"{scheme}电站", assets=("A",))


def plan(history: History, code: str, period: str, base: int, **lines: int) -> int:
    given = tuple(e.DistributionLine(payee=payee, amount_fen=fen) for payee, fen in lines.items())
    left = base - sum(lines.values())
    words: dict[str, Any] = {"plan": code, "period": period, "rule_version": "2020"}
    return account(e.DistributionPlanned, history, **words, base_fen=base, lines=given, undistributed_fen=left)


def rows(history: History, **question: object) -> list[IncomeRow]:
    asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
    return list(income(history.engine, Question(**asked)).rows)


def test_a_period_from_gross_to_what_is_not_paid_yet(history: History) -> None:
    opened(history)
    account(e.IncomeRuleSet, history, version="2020", base="net", costs=("om",), lines=PV)
    account(e.IncomePosted, history, period="2023", amount_fen=1000)
    account(e.CostPosted, history, period="2023", cost="om", amount_fen=100)
    account(e.CostPosted, history, period="2023", cost="insurance", amount_fen=40)
    plan(history, "P1", "2023", 900, posts=720, village=80)
    account(e.DistributionPaid, history, plan="P1", payee="posts", amount_fen=500)

    row, total = rows(history)
    assert (row.scheme, row.name, row.period, row.rules) == ("S", "S电站", "2023", ["2020"])
    assert (row.gross_fen, row.costs, row.cost_fen, row.net_fen) == (1000, {"insurance": 40, "om": 100}, 140, 860)
    assert (row.base_fen, row.planned_fen, row.undistributed_fen) == (900, 800, 100)
    assert (row.paid_fen, row.unpaid_fen, row.floors_met) == (500, 300, True)
    assert (total.scheme, total.net_fen, total.unpaid_fen, total.floors_met) == (None, 860, 300, True)


@pytest.mark.parametrize(("posts", "met"), [(800, True), (799, False)])
def test_the_floor_is_judged_by_integers(history: History, posts: int, *, met: bool) -> None:
    opened(history)
    account(e.IncomeRuleSet, history, version="2020", base="gross", lines=PV)
    account(e.IncomePosted, history, period="2023", amount_fen=1000)
    assert rows(history)[0].floors_met is None

    plan(history, "P1", "2023", 1000, posts=posts, village=0)
    row = rows(history)[0]
    assert row.floors_met is met
    assert [(each["payee"], each["planned_fen"], each["base_fen"]) for each in row.floors] == [("posts", posts, 1000)]


def test_months_are_shown_under_the_period_that_was_distributed(history: History) -> None:
    opened(history)
    for period, fen in (("2023-01", 10), ("2023-02", 20), ("2023-04", 40), ("2024-01", 5)):
        account(e.IncomePosted, history, period=period, amount_fen=fen)
    plan(history, "P1", "2023Q1", 30, village=30)

    shown = [(row.period, row.gross_fen, row.planned_fen, row.undistributed_fen) for row in rows(history)]
    assert shown == [("2023Q1", 30, 30, 0), ("2023-04", 40, 0, 40), ("2024-01", 5, 0, 5), (None, 75, 30, 45)]
    assert [row.period for row in rows(history, year=2024)] == ["2024-01", None]


def test_what_was_taken_back_counts_for_nothing(history: History) -> None:
    opened(history)
    account(e.IncomeRuleSet, history, version="2020", base="gross", lines=PV)
    account(e.IncomePosted, history, period="2023", amount_fen=1000)
    wrong = plan(history, "P1", "2023", 1000, posts=1, village=999)
    history.reverse(wrong)

    row = rows(history)[0]
    assert (row.base_fen, row.planned_fen, row.undistributed_fen, row.floors) == (None, 0, 1000, [])


def test_the_city_lists_accounts_under_their_counties_and_sums_them(history: History) -> None:
    opened(history)
    opened(history, "T", area="520203")
    account(e.IncomePosted, history, period="2023", amount_fen=10)
    account(e.IncomePosted, history, "T", area="520203", period="2023", amount_fen=5)

    shown = [(row.place.area, row.scheme, row.net_fen) for row in rows(history, area="520200")]
    assert shown == [
        *(("520201", "S", 10), ("520201", None, 10)),
        *(("520203", "T", 5), ("520203", None, 5), ("520200", None, 15)),
    ]
    with pytest.raises(ValueRefusedError) as refused:
        rows(history, by="town")
    assert refused.value.code == "report.only_areas"


def test_collection_sets_receipts_against_the_rent_of_the_year(history: History) -> None:
    dues = tuple(e.Due(on=date(year, 6, 30), amount_fen=100) for year in (2023, 2024, 2025))
    terms: dict[str, Any] = {"mode": "lease", "operator": "C1", "operator_kind": "company", "return_kind": "fixed"}
    term: dict[str, Any] = {"from_on": date(2023, 1, 1), "to_on": date(2025, 12, 31), "assets": ("A",)}
    contract: dict[str, Any] = {"contract": "K", "area": "520201"}
    history.record(e.ContractSigned(effective_on=date(2023, 1, 1), **contract, **terms, **term, dues=dues))
    history.record(e.RentReceived(effective_on=date(2024, 7, 1), **contract, amount_fen=130))

    def collected(year: int | None) -> tuple[int, int, str | None]:
        found: Any = income(history.engine, Question("520201", year, as_of=END)).more["collection"]
        return found[0]["due_fen"], found[0]["received_fen"], found[0]["percent"]

    assert collected(2023) == (100, 100, "100.00")
    assert collected(None) == (100, 30, "30.00")
    assert collected(2025) == (0, 0, None)
