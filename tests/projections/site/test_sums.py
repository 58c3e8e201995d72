"""An amount that is a sum carries its entries: whoever adds them up, entry by entry, gets what the page says."""

from __future__ import annotations

import base64
import json
import re
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ledger.events import registry
from ledger.money import format_yuan
from projections.extracts.summands import MEASURES
from projections.facts import facts_of
from projections.scope import Question
from projections.site import rows as paging
from projections.site.build import build
from projections.tables import metadata
from tests.ledger.events.test_samples import sample
from tests.projections.small_year import busy_year

if TYPE_CHECKING:
    from tests.projections.conftest import History

QUESTION = Question("520201", 2024, as_of=date(2024, 12, 31))
STREAM, FRAME = 16 + 16, 4
"""Where the names of a record begin (docs/reference/log-format.md), and how long the length before each part is."""


class Amount(NamedTuple):
    """A cell that says what it is a sum of."""

    text: str
    measure: str
    of: str
    level: str
    positions: tuple[int, ...]


class Amounts(HTMLParser):
    """Collects the cells of a page that are sums."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.found: list[Amount] = []
        self._open: dict[str, str | None] | None = None
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td" and "data-sum" in dict(attrs):
            self._open = dict(attrs)

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            given = {name: value or "" for name, value in self._open.items()}
            positions = tuple(map(int, given["data-sum"].split()))
            level = given.get("data-level", "")
            self.found.append(Amount(data, given["data-measure"], given["data-of"], level, positions))
            self._open = None


def entries(page: bytes) -> dict[int, tuple[str, dict[str, Any]]]:
    """The entries that a page carries: topic and fields by position."""
    embedded = re.search(r'id="proofs">(.*?)</script>', page.decode())
    found = {}
    for position, entry in json.loads(embedded[1])["entries"].items() if embedded else ():
        record, parts = base64.b64decode(entry["record"]), []
        at = STREAM
        while at < len(record):
            length = int.from_bytes(record[at : at + FRAME])
            parts.append(record[at + FRAME : at + FRAME + length])
            at += FRAME + length
        found[int(position)] = parts[1].decode(), json.loads(parts[3])
    return found


def contribution(topic: str, fields: dict[str, Any], amount: Amount) -> int:
    field, sign = MEASURES[amount.measure]["topics"][topic]
    name, _, inner = field.partition(".")
    value: Any = fields.get(name, 0)
    assert fields[MEASURES[amount.measure]["of"]] == amount.of
    assert amount.level in {"", fields.get("level")}
    return int(sign) * int(sum(each[inner] for each in value) if inner else value)


def test_every_sum_on_every_page_adds_up_from_the_entries_that_the_page_carries(sqlite_history: History) -> None:
    files = dict(build(busy_year(sqlite_history).engine, QUESTION))
    counted: dict[str, int] = {}
    for path, data in files.items():
        if path.endswith(".html"):
            carried, amounts = entries(data), Amounts(data).found
            for amount in amounts:
                total = sum(contribution(*carried[position], amount) for position in amount.positions)
                assert amount.text == format_yuan(total), (path, amount)
            counted[path] = sum(len(amount.positions) > 1 for amount in amounts)
    several = {path for path, count in counted.items() if count}
    pages = {"plan_completion.html", "completion.html", "plan.html", "asset.html", "income.html"}
    assert several == pages | {"projects/P.html", "projects/Q.html", "assets/A.html"}
    assert Amounts(files["adjustment.html"]).found
    assert any(amount.text.startswith("-") for amount in Amounts(files["allocation.html"]).found)


def test_an_entry_that_was_reversed_is_no_part_of_a_sum(sqlite_history: History) -> None:
    files = dict(build(busy_year(sqlite_history).engine, QUESTION))
    (paid,) = [each for each in Amounts(files["completion.html"]).found if each.measure == "paid"]
    topics = [entries(files["completion.html"])[position][0] for position in paid.positions]
    assert (paid.text, topics) == ("335.00", ["project.paid", "project.paid", "project.refunded"])


def test_a_notice_of_many_entries_has_several_pages_each_with_the_entries_of_its_lines(
    sqlite_history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_year(sqlite_history)
    whole = dict(build(sqlite_history.engine, QUESTION))
    monkeypatch.setattr(paging, "_ENTRIES", 12)
    files = dict(build(sqlite_history.engine, QUESTION))
    names = [path for path in files if re.fullmatch(r"plan_completion(-\d+)?\.html", path)]
    assert len(names) > 1
    shown = [amount for name in names for amount in Amounts(files[name]).found]
    assert shown == Amounts(whole["plan_completion.html"]).found
    for name in names:
        asked = {position for amount in Amounts(files[name]).found for position in amount.positions}
        assert asked <= entries(files[name]).keys()


FACTS = {"project": ("fact_money", "amount_fen"), "scheme": ("fact_income", "amount_fen")}
AS_FACTS = {"allotted": "planned", "given": "paid", "gross": "income", "undistributed": "undistributed"}


@pytest.mark.parametrize(
    ("measure", "topic"), [(measure, topic) for measure, spec in MEASURES.items() for topic in spec["topics"]]
)
def test_what_an_entry_adds_to_a_sum_is_what_its_facts_say(measure: str, topic: str) -> None:
    field = MEASURES[measure]["topics"][topic][0]
    event = registry.decode(topic, sample(topic))
    if "." not in field:
        event = event.model_copy(update={field: 77})
    rows = [
        (table, dict(zip(metadata.tables[table].c.keys(), values, strict=True)))
        for table, values in facts_of(event, 1, "")
    ]
    fields = json.loads(registry.encode(event))
    spec = MEASURES[measure]
    added = contribution(topic, fields, Amount("", measure, fields[spec["of"]], "", ()))
    if spec["of"] == "asset":
        first = [row["value_fen"] for table, row in rows if table == "fact_asset"]
        changes = [row["change_fen"] for table, row in rows if table == "fact_asset_state"]
        assert [added] == first + changes
        return
    wanted = {"withdrawn": {"adjusted", "surplus", "reclaimed"}}.get(measure, {AS_FACTS.get(measure, measure)})
    if measure == "undistributed" and topic != "income.distribution_planned":
        wanted, added = {"income", "cost"}, abs(added)
    table = FACTS[spec["of"]][0]
    amounts = [row["amount_fen"] for name, row in rows if name == table and row["measure"] in wanted]
    assert added == sum(amounts) != 0


def test_no_kind_of_entry_is_forgotten_that_has_facts_of_a_measure() -> None:
    for kind in registry:
        event = registry.decode(kind.TOPIC, sample(kind.TOPIC))
        for table, values in facts_of(event, 1, ""):
            row = dict(zip(metadata.tables[table].c.keys(), values, strict=True))
            measure = MEASURES.get(row.get("measure", "")) if table == "fact_money" and row["project"] else None
            if measure is not None and kind.TOPIC.startswith("project."):
                assert kind.TOPIC in measure["topics"], (kind.TOPIC, row["measure"])
            if table == "fact_asset_state" and row["change_fen"]:
                assert kind.TOPIC in MEASURES["value"]["topics"]
