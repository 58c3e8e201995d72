"""Notices as they are cut: only allowed columns, each line with its events, the same bytes from the same position."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from docx import Document

from ledger import events as e
from ledger.codes import NoticeTemplate
from ledger.errors import TamperedError, ValueRefusedError
from ledger.vault.values import FIELDS, LABELS
from projections.extracts.document import document
from projections.extracts.extract import Line, canonical
from projections.extracts.package import package
from projections.extracts.templates import TEMPLATES, cut
from projections.extracts.workbook import workbook
from projections.scope import Question
from tests.projections.small_year import year

if TYPE_CHECKING:
    from projections.extracts.extract import Extract
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def of(history: History, template: str, area: str = "520201", known_at: int | None = None) -> Extract:
    return cut(history.engine, template, Question(area, 2024, as_of=END, known_at=known_at))


def test_the_allocation_shows_what_was_handed_down_and_what_was_given_to_projects(history: History) -> None:
    year(history)
    city = of(history, "allocation", area="520200")
    shown = [(line.values["kind"], line.values["receiver"], line.values["amount_fen"]) for line in city.lines]
    assert shown == [
        ("分解下达", "520201", 80_000),
        ("安排到项目", "P", 50_000),
        ("安排到项目", "Q", 20_000),
        ("从项目调出", "Q", -20_000),
    ]
    assert {line.values["source_document"] for line in city.lines} == {"文C"}
    assert city.totals == {"amount_fen": 130_000}
    county = of(history, "allocation")
    assert [line.values["kind"] for line in county.lines] == ["安排到项目", "安排到项目", "从项目调出"]


def test_the_plan_leaves_out_what_was_taken_out_and_the_adjustment_shows_it(history: History) -> None:
    year(history)
    assert [(line.subject, line.values["central_fen"]) for line in of(history, "plan").lines] == [("P", 50_000)]
    changes = [(line.values["change"], line.values["amount_fen"]) for line in of(history, "adjustment").lines]
    assert changes == [("资金调出", 20_000), ("取消", 0)]
    assert [line.subject for line in of(history, "library").lines] == ["P"]
    assert of(history, "before_start").lines == []


def test_completion_and_results_show_how_far_project_and_money_got(history: History) -> None:
    year(history)
    (done,) = of(history, "completion").lines
    assert (done.values["completed_on"], done.values["paid_fen"], done.values["funded_fen"]) == (
        "2024-07-01",
        30_000,
        50_000,
    )
    states = {line.subject: line.values["state"] for line in of(history, "plan_completion").lines}
    assert states == {"P": "已完工", "Q": "已取消"}


def test_a_household_is_a_number_and_never_a_holder(history: History) -> None:
    year(history)
    lines = of(history, "rights").lines
    assert [(line.values["right"], line.values["holder"], line.values["share"]) for line in lines] == [
        ("所有权", "村集体(H0)", "1/2"),
        ("所有权", "农户 2 户", "1/2"),
    ]
    assert of(history, "asset").lines[0].values["owner"] == "村集体(H0)(1/2)、农户 2 户(1/2)"
    # Without the root, which is base64 and may spell anything.
    spelled = b"".join(canonical({**of(history, each).as_json(), "root": ""}) for each in ("rights", "asset"))
    assert b"H1" not in spelled
    assert b"H2" not in spelled


def test_every_line_names_the_events_that_it_stands_on(history: History) -> None:
    year(history)
    for template in TEMPLATES:
        for line in of(history, template).lines:
            assert template == "income" or (line.positions and list(line.positions) == sorted(set(line.positions)))


def test_a_notice_of_a_town_shows_that_town_only(history: History) -> None:
    year(history)
    question = Question("520201", 2024, as_of=END)
    there = cut(history.engine, "plan_completion", question, place="520201100")
    assert [line.subject for line in there.lines] == ["P"]
    with pytest.raises(ValueRefusedError, match="520203100 不在 520201 之内"):
        cut(history.engine, "plan", question, place="520203100")


def test_no_column_of_any_notice_is_of_a_person() -> None:
    # The only names are those of projects, assets and accounts: what a person has, the vault has.
    columns = [column for template in TEMPLATES.values() for column in template.columns]
    assert {column.name for column in columns if column.key == "name"} == {"项目名称", "资产名称", "名称"}
    assert [each.key for each in columns if each.key != "name" and each.key in FIELDS] == []
    assert [each.name for each in columns if any(label in each.name for label in LABELS.values())] == []


def test_a_field_that_the_template_does_not_allow_stops_the_notice(history: History) -> None:
    year(history)
    plan = of(history, "plan")
    slipped = Line({**plan.lines[0].values, "responsible_person": "张某"}, (1,))
    with pytest.raises(TamperedError, match="responsible_person"):
        replace(plan, lines=[slipped])


def test_a_notice_of_an_earlier_position_is_cut_again_byte_by_byte_on_both_databases(
    both_histories: tuple[History, History],
) -> None:
    spelled = []
    for history in both_histories:
        year(history)
        first = {name: canonical(of(history, name).as_json()) for name in TEMPLATES}
        before = of(history, "plan").about["position"]
        history.spend(e.MoneyPaid, "T", "P", 10_000, date(2024, 8, 1))
        history.project("R")
        assert {name: canonical(of(history, name, known_at=before).as_json()) for name in TEMPLATES} == first
        assert canonical(of(history, "plan_completion").as_json()) != first[NoticeTemplate.PLAN_COMPLETION]
        spelled.append({name: of(history, name, known_at=before).lines for name in TEMPLATES})
    assert spelled[0] == spelled[1]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_writers_give_the_same_bytes_twice_and_the_same_figures(sqlite_history: History, template: str) -> None:
    year(sqlite_history)
    made = of(sqlite_history, template)
    book, paper = workbook(made), document(made)
    assert (workbook(made), document(made)) == (book, paper)
    sheet = openpyxl.load_workbook(io.BytesIO(book))["公告"]
    assert sheet["A1"].value == made.title
    assert [cell.value for cell in sheet[2]] == [column.name for column in made.columns]
    for row, line in enumerate(made.lines, start=3):
        for at, column in enumerate(made.columns, start=1):
            found: Any = sheet.cell(row, at).value
            expected = line.values[column.key]
            if column.kind == "fen":
                assert round(found * 100) == expected
            else:
                assert ("" if found is None else found) == expected
    (grid,) = Document(io.BytesIO(paper)).tables
    assert len(grid.rows) == 1 + len(made.lines) + bool(made.totals)
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        assert b"2024-12-31" in archive.read("docProps/core.xml")


def test_the_data_package_describes_its_file_by_hash_type_and_title(sqlite_history: History) -> None:
    year(sqlite_history)
    made = of(sqlite_history, "plan_completion")
    files = package([("plan_completion", made)])
    assert files["plan_completion.csv"].startswith(b"\xef\xbb\xbfproject,name,")
    assert "300.00" in files["plan_completion.csv"].decode()
    described = files["datapackage.json"].decode()
    assert '"plan_completion.csv"' in described
    assert '"已支付(元)"' in described
