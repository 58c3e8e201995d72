"""A small year of one county, event by event: enough for every kind of notice to have something to show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.extracts.templates import cut
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

__all__ = ["busy_year", "publish", "year"]


def year(history: History) -> History:
    """Write a small year: money handed down and allotted, one project finished and one taken out, an asset held."""
    history.adopt()
    history.issue("C", 90_000, area="520200")
    history.distribute("C", "T", 80_000, "520201")
    history.project(
        "P", record={"name": "产业路", "unit": "交通局", "goal": "通车"}, planned_fen=50_000, town="520201100"
    )
    history.project("Q", record={"name": "水窖"})
    history.allocate("T", "P", 50_000)
    history.allocate("T", "Q", 20_000)
    history.withdraw("T", "Q", 20_000, date(2024, 5, 1))
    history.reach(e.ProjectStarted, "P", on=date(2024, 4, 1))
    history.of_project(e.ProjectCancelled, "Q", date(2024, 5, 2), reason="群众不同意")
    history.spend(e.MoneyPaid, "T", "P", 30_000, date(2024, 6, 1))
    history.reach(e.ProjectCompleted, "P", on=date(2024, 7, 1))
    history.asset("A", 50_000, about={"name": "产业路资产"})
    history.hold("A", "ownership", ("village_collective", 1, 2), ("household", 1, 4), ("household", 1, 4))
    return history


def busy_year(history: History) -> History:
    """Write the small year, and more: money of two levels, part of it back, an entry reversed, value added, income."""
    year(history)
    history.issue("N", 7_000, level="provincial", area="520201")
    history.allocate("N", "P", 5_000)
    history.withdraw("N", "P", 1_000, date(2024, 8, 1), cause="surplus")
    history.reverse(history.spend(e.MoneyPaid, "T", "P", 9_999, date(2024, 8, 2)))
    history.spend(e.MoneyPaid, "N", "P", 4_000, date(2024, 8, 3))
    history.spend(e.PaymentRefunded, "T", "P", 500, date(2024, 8, 4))
    history.of_project(e.ProjectSettled, "P", date(2024, 9, 1), settled_fen=53_500)
    history.of_asset(e.ValueAdded, "A", date(2024, 9, 2), added_by="R", value_fen=53_500, change_fen=3_500)
    of_account: dict[str, Any] = {"area": "520201", "scheme": "S", "effective_on": date(2024, 10, 1)}
    period: dict[str, Any] = {"period": "2024", **of_account}
    lines = (e.DistributionLine(payee="village", amount_fen=600), e.DistributionLine(payee="posts", amount_fen=100))
    history.record(
        e.SchemeOpened(name="产业路收益", assets=("A",), **of_account),
        e.IncomePosted(amount_fen=700, **period),
        e.IncomePosted(amount_fen=300, **period),
        e.CostPosted(amount_fen=200, cost="om", **period),
        e.DistributionPlanned(plan="F", base_fen=800, rule_version="1", lines=lines, undistributed_fen=100, **period),
        e.DistributionPaid(plan="F", payee="village", amount_fen=450, **of_account),
        e.IncomePosted(amount_fen=50, period="2023", **of_account),
    )
    return history


def publish(history: History) -> tuple[str, str]:
    """Cut the plan and publish it, then amend it by a note; return the fingerprints of both contents."""
    day, notes = date(2024, 12, 1), ("分配原则:突出产业",)
    question = Question("520201", 2024, as_of=day)
    first = cut(history.engine, "plan", question)
    second = cut(history.engine, "plan", question, notes=notes)
    subject = e.Subject(kind="project", code="P", area="520201", year=2024, type="crop_base")
    shown: dict[str, Any] = {
        "effective_on": date(2024, 12, 2),
        "from_on": date(2024, 12, 2),
        "document": "公告〔2024〕1号",
        "notice": "N1",
        "template": "plan",
        "title": "计划公告",
        "channel": "website",
        "area": "520201",
        "subjects": (subject,),
        "position": first.about["position"],
    }
    how: dict[str, Any] = {"as_of": day, "year": 2024}
    history.record(
        e.NoticePublished(content_hash=first.content_hash, cut=e.Cut(**how), **shown),
        e.NoticeAmended(
            content_hash=second.content_hash, replaces=first.content_hash, cut=e.Cut(notes=notes, **how), **shown
        ),
    )
    return first.content_hash, second.content_hash
