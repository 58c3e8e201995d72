"""Figures that offices publish: kept as printed, of something that the rules measure, with their source."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pytest

from ledger.commands.work import FIGURES
from ledger.domain.control import ReverseEvent
from ledger.domain.figure import ReportFigures, parse_printed, split_printed
from ledger.errors import ValueRefusedError
from ledger.events import FigureReported

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def figures(*printed: tuple[str, str, str], **changes: Any) -> Command:  # noqa: ANN401 - field values
    """Return the command for figures, each a measure, its digits and its unit."""
    fields = {"on": "2022-05-11", "area": "520203", "as_of": "2022-04-30", "year": 2022, "document": "通报1号"}
    entries = [{"measure": measure, "value": value, "unit": unit} for measure, value, unit in printed]
    return ReportFigures.of(**{**fields, "figures": entries, **changes})


@pytest.fixture
def ruled(book: Book) -> Book:
    """A ledger with the base rules."""
    return book.given("open", "adopt")


def test_each_figure_is_kept_digit_for_digit_with_what_it_says_where_it_stood_and_when(ruled: Book) -> None:
    printed = (("kezhou-2021/start", "97.90", "%"), ("paid", "5,220.0", "万元"), ("N1/D1", "56.77", "percent"))
    command = figures(*printed, issuer="县乡村振兴局", channel="政府网站", cut_from=7)
    said: tuple[tuple[Literal["rate", "quantity", "share"], str, str, str], ...] = (
        ("rate", "kezhou-2021/start", "97.90", "percent"),
        ("quantity", "paid", "5220.0", "wan"),
        ("share", "N1/D1", "56.77", "percent"),
    )
    assert ruled.do(command) == [
        FigureReported(
            effective_on=date(2022, 5, 11),
            document="通报1号",
            area="520203",
            kind=kind,
            measure=measure,
            value=value,
            unit=unit,
            as_of=date(2022, 4, 30),
            year=2022,
            issuer="县乡村振兴局",
            channel="website",
            cut_from=7,
        )
        for kind, measure, value, unit in said
    ]


def test_an_area_is_known_by_its_name_too(ruled: Book) -> None:
    (event,) = ruled.do(figures(("paid", "1", "元"), area="六枝特区"))
    assert event.stream == "figure:520203"
    assert ruled.refuses(figures(("paid", "1", "元"), area="无此县")).code == "area.unknown_name"


@pytest.mark.parametrize(
    ("named", "rate_set", "kind", "measure"),
    [
        ("paid", "", "quantity", "paid"),
        ("已支付的衔接资金", "", "quantity", "paid"),
        ("idle", "", "quantity", "idle"),
        ("assets/idle", "", "rate", "assets/idle"),
        ("start", "", "rate", "gz-silv-default/start"),  # of the default set, where nothing else is said
        ("start", "kezhou-2021", "rate", "kezhou-2021/start"),
        ("rest:start", "kezhou-2021", "rest", "kezhou-2021/start"),
        ("investment", "", "rate", "kezhou-2021/investment"),  # only one set has it
        ("投资完成率", "", "rate", "kezhou-2021/investment"),
        ("完工率", "lifecycle", "rate", "lifecycle/completion"),
    ],
)
def test_what_a_figure_says_is_named_by_id_or_name(
    ruled: Book, named: str, rate_set: str, kind: str, measure: str
) -> None:
    unit = {"paid": "元", "idle": "个", "kezhou-2021/start": "个"}.get(measure, "%") if kind != "rate" else "%"
    (event,) = ruled.do(figures((named, "12", unit), rate_set=rate_set))
    assert isinstance(event, FigureReported)
    assert (event.kind, event.measure) == (kind, measure)


@pytest.mark.parametrize(
    ("printed", "changes", "code", "said"),
    [
        (("无此指标", "1", "个"), {}, "figure.measure_unknown", "无此指标"),
        (("完工率", "90", "%"), {}, "figure.measure_unclear", "kezhou-2021/completion、lifecycle/completion"),
        (("paid", "90", "%"), {}, "figure.unit", "已支付的衔接资金"),
        (("start", "97.93", "亿元"), {}, "figure.unit", "亿元"),
        (("start", "0.9793", "%"), {}, "figure.maybe_hundredfold", "0.9793%"),
        (("paid", "1", "元"), {"document": ""}, "figure.no_document", "出处"),
        (("paid", "1", "元"), {"on": "2022-04-29"}, "date.before_cause", "2022-04-29"),
    ],
)
def test_what_cannot_be_compared_or_found_again_is_refused(
    ruled: Book, printed: tuple[str, str, str], changes: dict[str, str], code: str, said: str
) -> None:
    refusal = ruled.refuses(figures(printed, **changes))
    assert refusal.code == code
    assert said in refusal.message


def test_nothing_published_is_nothing_to_record(ruled: Book) -> None:
    assert ruled.refuses(figures()).code == "figure.none"


def test_a_small_percentage_goes_in_with_a_reason(ruled: Book) -> None:
    (event,) = ruled.do(figures(("start", "0.97", "%"), reason="刚开工"))
    assert isinstance(event, FigureReported)
    assert event.value == "0.97"


def test_the_same_figure_of_the_same_document_is_taken_in_once_unless_reversed_or_explained(ruled: Book) -> None:
    ruled.do(figures(("paid", "5.22", "亿元")))
    refusal = ruled.refuses(figures(("paid", "5.23", "亿元")))
    assert (refusal.code, "5.22亿元" in refusal.message) == ("figure.repeated", True)
    assert ruled.refuses(figures(("start", "97", "%"), ("start", "98", "%"))).code == "figure.repeated"
    ruled.do(figures(("paid", "5.23", "亿元"), reason="第二页另有一处"))
    ruled.do(figures(("paid", "5.22", "亿元"), document="通报2号"))

    last = ruled.last("figure.reported")
    ruled.do(ReverseEvent.of(on="2022-06-01", document="更正", reason="抄错", position=last))
    ruled.do(figures(("paid", "5.32", "亿元"), document="通报2号"))
    assert sorted(ruled.load(FIGURES, "520203").figures.values()) == [("5.23", "yi"), ("5.32", "yi")]


@pytest.mark.parametrize(
    ("value", "decimals", "kept"), [("43.1", 2, "43.10"), ("100", 2, "100.00"), ("43.10", 2, "43.10"), ("7", 0, "7")]
)
def test_zeros_that_a_sheet_has_lost_are_put_back(ruled: Book, value: str, decimals: int, kept: str) -> None:
    entry = {"measure": "start", "value": value, "unit": "%", "decimals": decimals}
    (event,) = ruled.do(figures(figures=[entry]))
    assert isinstance(event, FigureReported)
    assert event.value == kept


def test_more_decimals_than_the_document_prints_are_no_figure_of_it(ruled: Book) -> None:
    entry = {"measure": "start", "value": "97.931", "unit": "%", "decimals": 2}
    assert ruled.refuses(figures(figures=[entry])).code == "figure.decimals"


def test_things_are_counted_without_decimals(ruled: Book) -> None:
    (event,) = ruled.do(figures(figures=[{"measure": "projects_planned", "value": "29", "unit": "个", "decimals": 2}]))
    assert isinstance(event, FigureReported)
    assert event.value == "29"


@pytest.mark.parametrize(
    ("text", "digits"),
    [("97.93", "97.93"), ("１２．５０", "12.50"), ("1,234.5", "1234.5"), ("007", "7"), ("-0.5", "-0.5"), ("0", "0")],
)
def test_a_printed_number_keeps_its_decimals(text: str, digits: str) -> None:
    assert parse_printed(text) == digits


@pytest.mark.parametrize("text", ["", "约7", "1.2.3", "12,34", "1e3", "97.93%", "1.12345678901", "—", "9" * 19])
def test_what_is_no_number_is_no_figure(text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_printed(text)
    assert caught.value.code == "figure.not_a_number"


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("5.22亿元", ("5.22", "yi")),
        ("8,126.73 万元", ("8,126.73", "wan")),
        ("3元", ("3", "yuan")),
        ("97.93％", ("97.93", "percent")),
        ("142个", ("142", "count")),
        ("142", ("142", None)),
    ],
)
def test_the_unit_stands_behind_the_number(text: str, split: tuple[str, str | None]) -> None:
    assert split_printed(text) == split
