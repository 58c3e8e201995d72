"""Who may do what, as a pack writes it: read field by field, refused where it is wrong, and what follows from it."""

from __future__ import annotations

import pytest

from ledger.errors import ValueRefusedError
from ledger.rules.duties import Approval, Duty, Incompatible, Need
from ledger.rules.pack import RulePack, parse_pack

MOST = 10**15


def pack(*tables: str) -> RulePack:
    head = 'pack = "p"\nversion = "1"\ntitle = "t"\nsource = "s"\njurisdiction = "520200"\n'
    return parse_pack(head + "\n".join(tables))


def refused(table: str) -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as caught:
        pack(table)
    assert caught.value.hint
    return caught.value


DUTY = '[[duty]]\nrole = "{role}"\ntopics = {topics}\nsource = "文1号"\n'
PAIR = '[[incompatible]]\nid = "x"\nroles = {roles}\nwithin = "{within}"\nsource = "文1号"\n'
APPROVAL = '[[approval]]\nid = "x"\ntopics = ["tranche.issued"]\nsource = "文1号"\n'


def test_a_duty_is_read_and_covers_its_topics_and_no_others() -> None:
    [duty] = pack(DUTY.format(role="maker", topics='["tranche.", "project.listed"]')).duties
    assert duty == Duty("maker", ("tranche.", "project.listed"), "文1号")
    assert duty.id == "maker"
    assert [duty.covers(each) for each in ("tranche.issued", "tranche.", "project.listed")] == [True] * 3
    assert [duty.covers(each) for each in ("tranche", "project.listed2", "project.", "asset.tranche.")] == [False] * 4


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (DUTY.format(role="king", topics='["tranche."]'), "rule.unknown_word"),
        (DUTY.format(role="maker", topics="[]"), "rule.missing"),
        (DUTY.format(role="maker", topics='[" "]'), "rule.bad_value"),
        (DUTY.format(role="maker", topics='["tranche."]').replace("source", "sauce"), "rule.no_source"),
        (PAIR.format(roles='["maker"]', within="proposal"), "rule.bad_value"),
        (PAIR.format(roles='["maker", "maker"]', within="person"), "rule.bad_value"),
        (PAIR.format(roles='["maker", "checker", "admin"]', within="person"), "rule.bad_value"),
        (PAIR.format(roles='["maker", "king"]', within="person"), "rule.unknown_word"),
        (PAIR.format(roles='["maker", "checker"]', within="village"), "rule.unknown_word"),
        (PAIR.format(roles='["maker", "checker"]', within="notice"), "rule.bad_value"),
        (APPROVAL + 'by = "king"\n', "rule.unknown_word"),
        (APPROVAL + "from_fen = -1\n", "rule.bad_value"),
        (APPROVAL + f"from_fen = {MOST + 1}\n", "rule.bad_value"),
        (APPROVAL + "checked_from_fen = -1\n", "rule.bad_value"),
        (APPROVAL + f"checked_from_fen = {MOST + 1}\n", "rule.bad_value"),
        (APPROVAL + "from_fen = 1.0\n", "rule.bad_value"),
        (APPROVAL.replace('["tranche.issued"]', "[]"), "rule.missing"),
        (APPROVAL.replace("id", "name"), "rule.missing"),
    ],
)
def test_what_is_wrong_is_refused(table: str, code: str) -> None:
    assert refused(table).code == code


def test_a_pair_is_read() -> None:
    for within, roles in (("proposal", ("maker", "checker")), ("person", ("admin", "maker"))):
        [pair] = pack(PAIR.format(roles=str(list(roles)).replace("'", '"'), within=within)).incompatible
        assert pair == Incompatible("x", frozenset(roles), within, "文1号")  # type: ignore[arg-type] # as written above
    [pair] = pack(PAIR.format(roles='["publisher", "maker"]', within="notice")).incompatible
    assert pair.within == "notice"


def test_an_approval_is_read_with_what_it_says_or_the_usual() -> None:
    [usual] = pack(APPROVAL).approvals
    assert usual == Approval("x", ("tranche.issued",), "approver", 0, None, "文1号")
    [own] = pack(f'{APPROVAL}by = "admin"\nfrom_fen = {MOST}\nchecked_from_fen = 0\n').approvals
    assert own == Approval("x", ("tranche.issued",), "admin", MOST, 0, "文1号")
    [other] = pack(f"{APPROVAL}from_fen = 0\nchecked_from_fen = {MOST}\n").approvals
    assert (other.from_fen, other.checked_from_fen) == (0, MOST)


RULES = (
    Approval("money", ("tranche.",), "approver", 100, 500, "s"),
    Approval("people", ("person.enrolled",), "admin", 0, None, "s"),
)


def test_from_its_amount_on_money_needs_agreement_and_from_another_a_check() -> None:
    assert not Need.of({"tranche.issued": 99}, RULES)
    assert Need.of({"tranche.issued": 99}, RULES) == Need(frozenset(), checked=False, total_fen=0, rules=())
    for fen, checked in ((100, False), (499, False), (500, True), (501, True)):
        need = Need.of({"tranche.issued": fen}, RULES)
        assert need
        assert need == Need(frozenset({"approver"}), checked, fen, RULES[:1])


def test_what_a_batch_moves_counts_together_and_what_no_rule_asks_of_does_not() -> None:
    need = Need.of({"tranche.issued": 60, "tranche.recovered": 40, "project.paid": 1_000}, RULES)
    assert need == Need(frozenset({"approver"}), checked=False, total_fen=100, rules=RULES[:1])
    both = Need.of({"tranche.issued": 600, "person.enrolled": 0}, RULES)
    assert both == Need(frozenset({"approver", "admin"}), checked=True, total_fen=600, rules=RULES)
    assert Need.of({"person.enrolled": 0}, RULES) == Need(
        frozenset({"admin"}), checked=False, total_fen=0, rules=RULES[1:]
    )
    assert not Need.of({"project.paid": 1_000}, RULES)
    assert not Need.of({}, RULES)
