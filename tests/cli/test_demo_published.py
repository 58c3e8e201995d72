"""The published figures through the ledger: exact to the fen, and every verdict as it must be."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from cli.demo import published
from cli.demo.batches import record
from cli.demo.checks import Check, Verdict, project_sums
from cli.demo.figures import amount_in, read_figures
from ledger.application import Ledger
from ledger.database import open_database, read_transaction
from ledger.events import AreasListed, Event, EventReversed, LedgerOpened, RulePackAdopted, registry
from ledger.log.reading import read_page
from ledger.log.schema import create_log
from ledger.money import Unit, parse_money
from projections.catch_up import catch_up, create_projections
from projections.reports.balance import balance
from projections.reports.discrepancies import discrepancies
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = open_database(str(tmp_path_factory.mktemp("published") / "published.db"), create=True)
    create_log(made, published.ORIGIN)
    create_projections(made)
    ledger = Ledger(str(made.url.database))
    record(ledger, published.batches())
    ledger.close()
    catch_up(made)
    yield made
    made.dispose()


def events(engine: Engine) -> list[Event]:
    with read_transaction(engine) as connection:
        return [registry.decode(row.topic, row.state) for row in read_page(connection, 0, 10_000)]


def sum_of(name: str, column: str, unit: Unit, **where: str) -> int:
    rows = [row for row in read_figures(name) if all(row[key] == value for key, value in where.items())]
    return sum(parse_money(row[column], unit) for row in rows)


def test_what_differs_differs_by_rounding_or_is_the_publishers_own_contradiction(engine: Engine) -> None:
    found = [
        (each.place, each.what, each.published, each.recomputed, str(each.difference), each.verdict)
        for each in published.checks(engine)
        if each.verdict is not Verdict.EQUAL
    ]
    assert found == [
        ("克州 2022-04", "核拨资金", "5.31", "5.32", "0.01", Verdict.ROUNDING),
        ("克州 2022-04 阿图什市", "投资完成率", "46.69", "46.70", "0.01", Verdict.ROUNDING),
        ("克州 2022-04 阿合奇县", "投资完成率", "40.12", "40.13", "0.01", Verdict.ROUNDING),
        ("延津 2022", "已安排资金与计划合计", "8126.728603", "8500", "373.271397", Verdict.DIFFERENT),
    ]


def test_what_was_printed_stands_beside_what_comes_out_of_the_ledger(engine: Engine) -> None:
    found = {
        (row.place.area_name, row.measure): (row.published, row.recomputed, row.verdict)
        for area, year in (("653000", 2022), ("511703", 2024), ("410726", 2022), ("410704", 2022))
        for row in discrepancies(engine, Question(area, year)).rows
        if row.verdict not in {"match", "rounded"}
    }
    assert found == {
        ("克孜勒苏柯尔克孜自治州", "released"): ("5.31", "5.32", "inconsistent"),
        ("阿图什市", "kezhou-2021/investment"): ("46.69", "46.70", "truncated"),
        ("阿合奇县", "kezhou-2021/investment"): ("40.12", "40.13", "truncated"),
    }
    totals = {row.measure: row.verdict for row in discrepancies(engine, Question("511703", 2024)).rows}
    assert totals == dict.fromkeys(("arrived", "D1", "N1", "fees"), "match")


def test_no_figure_that_must_agree_fails(engine: Engine) -> None:
    assert [each for each in published.checks(engine) if each.failed] == []


def test_the_shares_of_dachuan_come_out_by_every_denominator(engine: Engine) -> None:
    shares = {each.what[:10]: each.recomputed for each in published.checks(engine) if "产业占比" in each.what}
    assert shares == {"产业占比 N1/D1": "56.77", "产业占比 N1/D2": "64.66", "产业占比 N1/D3": "65.31"}


def test_the_fee_of_dachuan_is_one_per_cent_of_the_main_task(engine: Engine) -> None:
    fees = {
        each.what: (each.published, each.recomputed) for each in published.checks(engine) if "管理费" in each.what[:11]
    }
    assert fees["中央资金项目管理费"] == ("46.3", "46.3")
    assert fees["省级资金项目管理费"] == ("55.09", "55.09")


def test_every_published_rate_of_kezhou_is_compared(engine: Engine) -> None:
    rates = [each for each in published.checks(engine) if each.place.startswith("克州") and each.unit == "%"]
    printed = [
        row[column]
        for row in read_figures("kezhou_2022_04_progress.csv")
        for column in ("start_rate_pct_published", "invest_rate_pct_published", "paid_of_arrived_pct_published")
    ]
    assert sorted(each.published for each in rates) == sorted(filter(None, printed))


def test_money_of_the_tables_equals_the_money_of_the_ledger_to_the_fen(engine: Engine) -> None:
    dachuan = sum_of("dachuan_2024_batch1.csv", "amount_wan", Unit.WAN, is_stated_total="0")
    fengquan = sum_of("fengquan_2022_projects.csv", "amount_wan", Unit.WAN)
    plan = sum_of("yanjin_2022_plan.csv", "amount_wan", Unit.WAN, row_kind="item")
    invested = sum_of("kezhou_2022_04_progress.csv", "invest_done_yi", Unit.YI, area_level="prefecture")
    assert sum(project_sums(engine, "allocated", "511703").values()) == dachuan == 10_782_000_000
    assert sum(project_sums(engine, "allocated", "410704").values()) == fengquan == 187_000_000
    assert sum(project_sums(engine, "planned", "410726").values()) == plan == 8_500_000_000
    counties = ("653001", "653022", "653023", "653024")
    spread = [fen for county in counties for fen in project_sums(engine, "invested", county).values()]
    assert sum(spread) == invested == 58_300_000_000
    assert len(spread) == 142


def test_the_plan_of_yanjin_exceeds_its_money_and_stays_as_it_is(engine: Engine) -> None:
    answer = balance(engine, Question("410726", 2022))
    assert answer.rows[0].issued_fen == 8_126_728_603
    assert answer.more["plans"] == [
        {
            "area": "410726",
            "area_name": "延津县",
            "year": 2022,
            "planned_fen": 8_500_000_000,
            "arrived_fen": 8_126_728_603,
            "over_fen": 373_271_397,
        }
    ]


def test_every_recorded_row_names_its_document_and_nothing_was_corrected(engine: Engine) -> None:
    recorded = events(engine)
    assert not any(isinstance(event, EventReversed) for event in recorded)
    own = (LedgerOpened, AreasListed, RulePackAdopted)
    assert [event for event in recorded if not isinstance(event, own) and not event.document] == []


def test_money_that_was_not_readable_is_marked_as_deduced(engine: Engine) -> None:
    deduced = {event.stream for event in events(engine) if "推算" in event.reason and event.TOPIC == "tranche.issued"}
    assert deduced == {"tranche:KZ2022-04-653023"}
    row = next(row for row in balance(engine, Question("653023", 2022)).rows)
    assert (row.issued_fen, row.released_fen, row.paid_fen) == (12_000_000_000, 5_700_000_000, 5_700_000_000)


@pytest.mark.parametrize(
    ("shown", "recomputed", "rounded", "verdict"),
    [
        ("46.69", "46.69", False, Verdict.EQUAL),
        ("46.69", "46.70", True, Verdict.ROUNDING),
        ("46.69", "46.68", True, Verdict.ROUNDING),
        ("46.69", "46.70", False, Verdict.DIFFERENT),
        ("46.69", "46.71", True, Verdict.DIFFERENT),
        ("100", "100.00", False, Verdict.EQUAL),
    ],
)
def test_only_the_last_printed_digit_may_differ_by_rounding(
    shown: str,
    recomputed: str,
    rounded: bool,  # noqa: FBT001
    verdict: Verdict,
) -> None:
    check = Check("某地", "某率", "%", shown, recomputed, rounded=rounded)
    assert check.verdict is verdict
    assert check.failed is (verdict is Verdict.DIFFERENT)


@pytest.mark.parametrize(
    ("unit", "fen", "text"),
    [
        (Unit.WAN, 8_126_728_603, "8126.728603"),
        (Unit.WAN, 46_300_000, "46.3"),
        (Unit.WAN, 100_000_000, "100"),
        (Unit.WAN, 0, "0"),
        (Unit.YI, 53_200_000_000, "5.32"),
        (Unit.YUAN, 100, "1"),
    ],
)
def test_an_amount_is_printed_in_its_unit_exactly(unit: Unit, fen: int, text: str) -> None:
    assert amount_in(unit, fen) == text
    assert Decimal(text) * int(unit) == fen
