"""The report of red flags: both databases, any past moment, filters, explanation, switches, every check."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import NotFoundError, ValueRefusedError
from ledger.rules import shipped_packs
from ledger.rules.flags import FLAG_PARAMETERS
from ledger.rules.pack import parse_pack
from projections.flags.every import checks_by_flag
from projections.reports.flags import FlagFilter, explain_flag, flags, list_flags
from projections.scope import Question
from tests.projections.flags.scenes import END, RECORD, build, contract, fund, hits, own, pay, register, says

if TYPE_CHECKING:
    from tests.projections.conftest import History

ASKED = Question("520201", as_of=END)
R10 = 'id = "R10", name = "x", severity = "hint", jurisdiction = "520200", source = "x"'
JSON_DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "json.md"


def everything(history: History, question: Question = ASKED) -> dict[str, Any]:
    found = flags(history.engine, question).as_json()
    del found["root"]
    return found


def much(history: History) -> None:
    """Write a history that raises flags of every kind of subject."""
    build(history)
    history.of_project(e.ProjectContracted, "P", contract="HT", contractor="甲", contract_fen=100, on=date(2024, 2, 1))
    pay(history, 990, date(2024, 2, 1))
    history.of_project(e.ProjectSettled, "P", date(2024, 4, 1), settled_fen=900)
    history.finding("F")
    register(history, about={"name": "大棚"})
    own(history, kind="household")
    contract(history, base_fen=20_000_000, dues=(e.Due(on=date(2024, 6, 1), amount_fen=100),))
    scheme: dict[str, Any] = {"scheme": "S", "area": "520201"}
    posted: dict[str, Any] = {"period": "2024", "amount_fen": 100, "voucher": "个人账户"}
    on = date(2024, 6, 1)
    history.record(
        e.SchemeOpened(effective_on=on, **scheme, name="大棚", assets=("A",)),
        e.IncomePosted(effective_on=on, **scheme, **posted),
    )


def test_every_flag_has_a_check_and_a_rule_of_its_own() -> None:
    rules = {each.id: each for each in parse_pack(shipped_packs()["base"]).flags}
    assert len(FLAG_PARAMETERS) == 72
    assert list(checks_by_flag()) == list(FLAG_PARAMETERS) == list(rules)
    assert all(each.source.strip() and each.name.strip() for each in rules.values())
    assert all(each.formula and each.clear for checks in checks_by_flag().values() for each in checks)


def test_every_flag_has_a_test_that_names_it() -> None:
    named: set[str] = set()
    for file in Path(__file__).parent.glob("test_*_flags.py"):
        tree = ast.parse(file.read_text("utf-8"))
        names = [each.name for each in tree.body if isinstance(each, ast.FunctionDef)]
        named.update(name.split("_")[1].upper() for name in names if name.startswith("test_r"))
    assert named == set(FLAG_PARAMETERS)


def test_both_databases_raise_the_same_flags(both_histories: tuple[History, History]) -> None:
    for history in both_histories:
        much(history)
    one, other = map(everything, both_histories)
    assert one == other
    kinds = {each["subject_kind"] for each in one["flags"]}
    assert kinds == {"tranche", "project", "asset", "contract", "scheme", "finding", "area"} - {"tranche"}


def test_a_flag_of_a_past_moment_is_the_same_for_ever(sqlite_history: History) -> None:
    much(sqlite_history)
    then = sqlite_history.issue("U", 1)
    before = everything(sqlite_history)
    sqlite_history.of_project(e.ProjectHandedOver, "P", receiver="村")
    late = pay(sqlite_history, 5, date(2024, 5, 1))
    assert everything(sqlite_history, Question("520201", as_of=END, known_at=then)) == before
    assert everything(sqlite_history) != before
    sqlite_history.reverse(late)
    sqlite_history.reverse(late - 1)
    (above,) = hits(sqlite_history, "R11")
    assert says(above) == (990, "多于", 900), "what was reversed counts no longer"


def test_a_hit_names_exactly_the_events_it_stands_on(sqlite_history: History) -> None:
    build(sqlite_history)
    settled = sqlite_history.of_project(e.ProjectSettled, "P", date(2024, 4, 1), settled_fen=900)
    paid = [pay(sqlite_history, fen, date(2024, 4, 2)) for fen in (500, 401)]
    answer: Any = explain_flag(sqlite_history.engine, ASKED, "R11", "P").more["flags"]
    (hit,) = answer
    assert hit["positions"] == [settled, *paid]
    assert [event["topic"] for event in hit["events"]] == ["project.settled", "project.paid", "project.paid"]
    assert (hit["left"]["value"], hit["right"]["value"]) == (901, 900)
    assert hit["source"].startswith("松阳 2023")


def test_flags_are_filtered_by_flag_severity_subject_and_year(sqlite_history: History) -> None:
    much(sqlite_history)

    def found(**wanted: Any) -> set[tuple[str, str, str]]:  # noqa: ANN401 - whatever a filter takes
        listed: Any = flags(sqlite_history.engine, ASKED, FlagFilter(**wanted)).more["flags"]
        return {(each["id"], each["severity"], each["subject"]) for each in listed}

    everyone = found()
    assert found(ids=frozenset({"R11"})) == {each for each in everyone if each[0] == "R11"} != set()
    assert found(severities=frozenset({"hint"})) == {each for each in everyone if each[1] == "hint"} != set()
    assert found(subject="A") == {each for each in everyone if each[2] == "A"} != set()
    other_year: Any = flags(sqlite_history.engine, Question("520201", 2023, as_of=END)).more["flags"]
    assert other_year == []


def test_counts_by_flag_add_up_to_the_total(sqlite_history: History) -> None:
    much(sqlite_history)
    *parts, total = flags(sqlite_history.engine, ASKED, by="id").rows
    assert total.part is None
    for name in ("serious", "attention", "hint"):
        assert sum(getattr(each, name) for each in parts) == getattr(total, name) > 0
    towns = flags(sqlite_history.engine, ASKED, by="town").rows
    assert {each.part for each in towns} == {None, "", "520201101"}


def test_what_is_not_raised_cannot_be_explained(sqlite_history: History) -> None:
    fund(sqlite_history)
    with pytest.raises(NotFoundError, match="没有成立"):
        explain_flag(sqlite_history.engine, ASKED, "R11", "P")
    with pytest.raises(ValueRefusedError, match="没有疑点“R99”"):
        flags(sqlite_history.engine, ASKED, FlagFilter(frozenset({"R99"})))


@pytest.mark.parametrize(
    ("change", "raised"),
    [
        ('parameters = { percent = 90 }, jurisdiction = "520201"', False),
        ('parameters = { percent = 70 }, jurisdiction = "520201"', True),
        ('on = false, parameters = { percent = 70 }, jurisdiction = "520201"', False),
        ('parameters = { percent = 90 }, jurisdiction = "520203"', True),
    ],
)
def test_a_county_sets_a_flag_for_itself(sqlite_history: History, change: str, *, raised: bool) -> None:
    build(sqlite_history)
    signed: dict[str, Any] = {"contract": "HT", "contractor": "甲", "contract_fen": 1000}
    sqlite_history.of_project(e.ProjectContracted, "P", date(2024, 2, 1), **signed)
    pay(sqlite_history, 850, date(2024, 4, 1))
    own_rule = f'flag = [\n  {{ id = "R10", name = "超限", severity = "hint", {change}, source = "本县" }},\n'
    sqlite_history.adopt(shipped_packs()["base"].replace("flag = [\n", own_rule, 1), date(2021, 1, 2))
    assert bool(hits(sqlite_history, "R10")) is raised


def test_a_county_of_a_city_keeps_its_own_numbers_in_checks_of_the_whole(sqlite_history: History) -> None:
    fund(sqlite_history)
    pay(sqlite_history, 500, date(2024, 6, 1))
    pay(sqlite_history, 500, date(2024, 12, 1))
    assert [each["area"] for each in hits(sqlite_history, "R34", area="520200")] == ["520201"]
    for percent, raised in ((50, []), (49, ["520201"])):
        told = f"parameters = {{ percent = {percent}, whole_payments = 5 }}"
        rule = f'{{ id = "R34", name = "突击", severity = "hint", {told}, jurisdiction = "520201", source = "本县" }}'
        text = shipped_packs()["base"].replace("flag = [\n", f"flag = [\n  {rule},\n", 1)
        sqlite_history.adopt(text, date(2021, 1, percent % 10 + 2))
        assert [each["area"] for each in hits(sqlite_history, "R34", area="520200")] == raised
        sqlite_history.adopt(on=date(2021, 1, percent % 10 + 2))


def test_a_pack_without_flags_raises_none_and_says_so(sqlite_history: History) -> None:
    much(sqlite_history)
    base = shipped_packs()["base"]
    start = base.index("flag = [\n")
    sqlite_history.adopt(base[:start] + base[base.index("\n]\n", start) + 3 :], date(2021, 1, 2))
    answer = everything(sqlite_history)
    assert answer["flags"] == []
    assert answer["not_set"] == list(FLAG_PARAMETERS)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ('{ id = "R99", name = "x", severity = "hint", jurisdiction = "000000", source = "x" }', "rule.unknown_word"),
        ('{ id = "R1", name = "x", severity = "grave", jurisdiction = "520200", source = "x" }', "rule.unknown_word"),
        (f"{{ {R10} }}", "rule.missing"),
        (f"{{ {R10}, parameters = {{ percent = 1, days = 2 }} }}", "rule.unknown_key"),
        (f"{{ {R10}, parameters = {{ percent = -1 }} }}", "rule.bad_value"),
        ('{ id = "R1", name = "x", severity = "hint", jurisdiction = "520200" }', "rule.no_source"),
        ('{ id = "R1", name = "x", severity = "hint", jurisdiction = "000000", source = "x" }', "rule.repeated"),
    ],
)
def test_a_wrong_flag_is_refused_with_its_line(wrong: str, code: str) -> None:
    text = shipped_packs()["base"].replace("flag = [\n", f"flag = [\n  {wrong},\n", 1)
    with pytest.raises(ValueRefusedError) as caught:
        parse_pack(text)
    assert caught.value.code == code
    assert "[[flag]]" in caught.value.message


def test_every_key_of_the_json_is_described(sqlite_history: History) -> None:
    much(sqlite_history)
    told = JSON_DOCUMENT.read_text("utf-8")
    answers = [flags(sqlite_history.engine, ASKED), explain_flag(sqlite_history.engine, ASKED, "R11", "P")]
    keys: set[str] = set()
    for answer in [*answers, list_flags(sqlite_history.engine, ASKED)]:
        _collect(answer.as_json(), keys)
    assert [key for key in sorted(keys) if f"`{key}`" not in told] == []


def _collect(value: object, keys: set[str]) -> None:
    if isinstance(value, dict):
        keys.update(key for key in value if key not in {name for own in FLAG_PARAMETERS.values() for name in own})
        for each in value.values():
            _collect(each, keys)
    elif isinstance(value, list):
        for each in value:
            _collect(each, keys)


def test_the_list_shows_every_flag_with_its_rule(sqlite_history: History) -> None:
    fund(sqlite_history, record=RECORD)
    catalogue: Any = list_flags(sqlite_history.engine, ASKED).more["catalogue"]
    assert [each["id"] for each in catalogue] == list(FLAG_PARAMETERS)
    assert {each["status"] for each in catalogue} == {"on"}
