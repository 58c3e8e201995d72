"""The synthetic county-year: repeatable from its seed, accepted by the ledger whole, and of the promised shape."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.checks import contradictions
from cli.demo.batches import Batch, Correction, record
from cli.demo.county.chance import Chance
from cli.demo.county.year import ORIGIN, county_year
from ledger.application import Ledger
from ledger.database import open_database, read_transaction
from ledger.domain.allocation import AllocateMoney
from ledger.domain.confirmation import NoticeOwnership
from ledger.domain.payment import PayMoney
from ledger.domain.right import SetRight
from ledger.domain.stages import CancelProject, CompleteProject, ListProject
from ledger.domain.tranche import DistributeTranche, IssueTranche, RecoverTranche
from ledger.log.reading import read_page
from ledger.log.schema import create_log
from ledger.log.verify import verify
from ledger.shares import parse_share
from projections.catch_up import catch_up, compare, create_projections
from projections.reports.rates import rates
from projections.reports.rights import rights
from projections.reports.share import share
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from ledger.domain.command import Command

WHOLE_CITY = Question("520200", 2022)


def recorded(folder: Path, seed: int, count: int) -> Engine:
    engine = open_database(str(folder / "liupanshui.db"), create=True)
    create_log(engine, ORIGIN)
    create_projections(engine)
    ledger = Ledger(str(engine.url.database))
    record(ledger, county_year(seed, count))
    ledger.close()
    catch_up(engine)
    return engine


_ROOT = re.compile(rb',"root":"[0-9a-f]{64}"')


def payloads(engine: Engine) -> list[tuple[str, str, bytes]]:
    with read_transaction(engine) as connection:
        rows = read_page(connection, 0, 100_000)
    engine.dispose()
    # A publication names the root of the ledger that it was cut from, and that pins the moments of recording.
    return [(row.stream, row.topic, _ROOT.sub(b"", row.state)) for row in rows]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = recorded(tmp_path_factory.mktemp("small"), 2022, 12)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def commands() -> list[Command]:
    """Everything that the default size submits, without recording it."""
    return [command for each in county_year(2022, 300) if isinstance(each, Batch) for command in each.commands]


def test_the_recorded_year_verifies_and_its_facts_are_what_the_log_says(small: Engine) -> None:
    assert verify(small).ok
    assert compare(small) == []
    assert list(contradictions(small)) == []


def test_the_three_reports_have_something_to_say(small: Engine) -> None:
    totals = [row for row in share(small, WHOLE_CITY).rows if row.place.row == "total"]
    assert [row.pair for row in totals] == ["N1/D1", "N1/D2", "N1/D3", "N2/D1"]
    assert all(0 < row.numerator_fen < row.denominator_fen for row in totals)
    counted = {row.rate: row.numerator for row in rates(small, WHOLE_CITY).rows if row.place.row == "total"}
    assert set(counted) == {"start", "completion", "spending", "reimbursement"}
    assert all(counted.values())
    panels = {row.right for row in rights(small, WHOLE_CITY).rows}
    assert panels == {"ownership", "operation", "income", "supervision", "disposal"}


def test_the_city_is_the_sum_of_its_counties(small: Engine) -> None:
    rows = [row for row in share(small, WHOLE_CITY).rows if row.default]
    total = rows.pop()
    assert total.place.row == "total"
    assert sum(row.numerator_fen for row in rows) == total.numerator_fen
    assert sum(row.denominator_fen for row in rows) == total.denominator_fen


def test_mistakes_were_entered_and_reversed(small: Engine) -> None:
    topics = Counter(topic for _, topic, _ in payloads(small))
    assert topics["event.reversed"] >= 3


def test_the_same_seed_gives_the_same_events(small: Engine, tmp_path: Path) -> None:
    assert payloads(recorded(tmp_path, 2022, 12)) == payloads(small)


def test_another_seed_gives_another_year() -> None:
    assert county_year(2022, 12) == county_year(2022, 12)
    assert county_year(2022, 12) != county_year(2023, 12)


@pytest.mark.parametrize(("seed", "count"), [(1, 1), (2, 2), (3, 5)])
def test_any_size_is_accepted_by_the_ledger(tmp_path: Path, seed: int, count: int) -> None:
    engine = recorded(tmp_path, seed, count)
    assert len(payloads(engine)) > 10 * count


def test_the_default_size_has_the_promised_shape(commands: list[Command]) -> None:
    kinds = Counter(type(command) for command in commands)
    assert 9_000 <= len(commands) <= 11_000
    assert kinds[ListProject] == 304  # with one management fee for each county
    assert 38 <= kinds[IssueTranche] + kinds[DistributeTranche] <= 42
    assert kinds[CancelProject] > 0
    assert kinds[RecoverTranche] > 0
    issued = [command for command in commands if isinstance(command, IssueTranche)]
    assert {each.level for each in issued} == {"central", "provincial", "city", "county"}
    assert {each.on.year for each in issued if each.advance} == {2021}
    assert {each.direction for each in issued if each.level == "central"} == {
        "consolidation",
        "work_relief",
        "ethnic",
        "state_farm",
    }


def test_money_is_what_counties_really_have_and_every_project_gets_exactly_its_cost(commands: list[Command]) -> None:
    costs = {
        each.project: each.estimate_fen or 0
        for each in commands
        if isinstance(each, ListProject) and each.project_type != "management_fee"
    }
    assert min(costs.values()) >= 2_500_000
    assert max(costs.values()) <= 2_000_000_000
    assert sum(fen % 100 != 0 for fen in costs.values()) > 290
    allocated: Counter[str] = Counter()
    mistaken = {
        command.model_dump_json()
        for each in county_year(2022, 300)
        if isinstance(each, Batch) and each.key.startswith("mistake-")
        for command in each.commands
    }
    for each in commands:
        if isinstance(each, AllocateMoney) and each.project in costs and each.model_dump_json() not in mistaken:
            allocated[each.project] += each.amount_fen
    assert {project: costs[project] for project in allocated} == dict(allocated)
    assert 3 <= len([each for each in commands if isinstance(each, PayMoney)]) / len(allocated) <= 6


def test_things_happen_in_their_season(commands: list[Command]) -> None:
    listed = [each.on for each in commands if isinstance(each, ListProject)]
    assert min(listed) == date(2021, 9, 28)
    assert max(command.on for command in commands) <= date(2023, 3, 31)
    completed = [each.on for each in commands if isinstance(each, CompleteProject)]
    assert sum(day > date(2022, 12, 31) for day in completed) > 0


def test_rights_show_joint_owners_none_by_nature_and_unsettled(commands: list[Command]) -> None:
    owners = [each.owners for each in commands if isinstance(each, NoticeOwnership)]
    joint = [each for each in owners if len(each) > 1]
    assert joint
    assert all(sum(parse_share(holder.share) for holder in each) == Fraction(1) for each in owners)
    settings = {(each.right, each.status) for each in commands if isinstance(each, SetRight)}
    assert {("income", "none"), ("operation", "unsettled"), ("disposal", "unsettled")} <= settings


def test_corrections_come_after_what_they_correct() -> None:
    keys: list[str] = []
    for each in county_year(2022, 300):
        if isinstance(each, Correction):
            assert each.mistaken in keys
        assert each.key not in keys
        keys.append(each.key)


@given(st.integers(0, 2**32), st.integers(1, 10**12), st.integers(1, 9))
def test_chance_depends_on_nothing_but_its_seed(seed: int, total: int, parts: int) -> None:
    first, second = Chance(seed), Chance(seed)
    assert first.amount_fen() == second.amount_fen()
    assert first.split(total, parts) == second.split(total, parts)
    assert sum(first.split(total, parts)) == total
    assert 2_500_000 <= first.amount_fen() <= 2_000_000_000
