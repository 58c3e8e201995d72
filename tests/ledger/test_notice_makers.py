"""Whoever made an entry about something does not publish it: asked when recording, and again by the audit."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.auditing import check_authority
from ledger.dates import today
from ledger.domain.control import AdoptRules
from ledger.domain.enrolment import EnrolKey, GrantRole
from ledger.domain.notice import PublishNotice
from ledger.domain.stages import ListProject
from ledger.errors import LedgerError, RuleRefusedError, ValueRefusedError
from ledger.events import Event, NoticePublished, registry
from ledger.log.appending import BatchHeader
from ledger.log.verify import verify
from ledger.rules import parse_pack, shipped_packs
from tests.ledger.signed import ADMIN, CHECKER, DAY, MAKER, PUBLISHER, County, issue, public, signer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.domain.command import Command


def _staffed(url: str) -> County:
    """Make a ledger in which the maker is a publisher too, and has proposed what was then agreed."""
    made = County(url).staffed()
    made.administer(GrantRole.of(on=today(), person=MAKER, role="publisher", area="520200"))
    made.agreed(issue("T1"))
    return made


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a ledger, closed, to copy."""
    folder = tmp_path_factory.mktemp("county")
    _staffed(str(folder / "ledger.db")).close()
    return folder


@pytest.fixture
def county(prepared: Path, tmp_path: Path) -> Iterator[County]:
    """That ledger, for one test."""
    made = County(str(shutil.copytree(prepared, tmp_path / "county") / "ledger.db"), exists=True)
    yield made
    made.close()


def notice(*subjects: str, code: str = "N1") -> Command:
    on = date(2011, 12, 1)  # on a board, from before there was this ledger
    return PublishNotice.of(
        on=on,
        notice=code,
        template="allocation",
        title="资金分配结果公告",
        area="520203",
        subjects=subjects,
        channel="政府网站",
        from_on=on,
    )


def project(code: str = "P1") -> Command:
    return ListProject.of(
        on=DAY, project=code, name="基地", area="520203", project_year=2022, project_type="crop_base", goal="20座"
    )


def refused(county: County, person: str, *commands: Command, device: int = 0) -> LedgerError:
    before = county.position()
    with pytest.raises(LedgerError) as caught:
        county.do(person, *commands, device=device)
    assert county.position() == before
    return caught.value


def audited(county: County) -> list[str]:
    engine = county.program(ADMIN).appender.engine
    assert verify(engine).ok
    return [each.message for each in check_authority(engine).findings]


def test_whoever_proposed_the_money_does_not_publish_it_and_the_refusal_names_the_rule(county: County) -> None:
    error = refused(county, MAKER, notice("T1"))
    assert (type(error), error.code) == (RuleRefusedError, "notice.same_person")
    assert f"{MAKER} 经办过“T1”" in error.message
    assert "maker-publisher" in error.rule
    assert "assumed" in error.rule


def test_another_publisher_does_and_the_audit_finds_nothing(county: County) -> None:
    county.do(PUBLISHER, notice("T1"))
    assert audited(county) == []


def test_whoever_only_checked_or_approved_it_did_not_make_it(county: County) -> None:
    county.administer(GrantRole.of(on=today(), person=CHECKER, role="publisher", area="520200"))
    county.do(CHECKER, notice("T1"))
    assert audited(county) == []


def test_another_key_of_the_same_person_changes_nothing(county: County) -> None:
    county.administer(EnrolKey.of(on=today(), person=MAKER, key=public(MAKER, 2)))
    assert refused(county, MAKER, notice("T1"), device=2).code == "notice.same_person"


def test_what_was_recorded_without_anybodys_approval_has_a_maker_too(county: County) -> None:
    county.do(MAKER, project())
    assert refused(county, MAKER, notice("P1")).code == "notice.same_person"
    error = refused(county, MAKER, notice("P1", "T1"))
    assert "“P1、T1”" in error.message


def test_one_batch_does_not_hide_its_maker(county: County) -> None:
    assert refused(county, MAKER, project(), notice("P1")).code == "notice.same_person"


def smuggle(county: County, *events: Event) -> None:
    """Append events that nobody decided, truly hashed and signed by the maker."""
    with county.program(ADMIN).appender.open(BatchHeader(None, "", MAKER, "x", ""), signer=signer(MAKER)) as append:
        append.write([(event.stream, None, event.TOPIC, registry.encode(event)) for event in events])


def test_the_audit_asks_again(county: County) -> None:
    [published] = county.do(PUBLISHER, notice("T1")).events
    assert isinstance(published, NoticePublished)
    smuggle(county, published.model_copy(update={"notice": "N2"}))
    [message] = [each for each in audited(county) if "经办过" in each]
    assert f"{MAKER} 经办过“T1”" in message
    assert "N2" in message


def test_a_pack_without_the_pair_allows_it(county: County) -> None:
    text = shipped_packs()["base"]
    [line] = [each for each in text.splitlines() if '"maker-publisher"' in each]
    quiet = text.replace(f"{line}\n", "").replace('version = "', 'version = "9', 1)
    county.agreed(AdoptRules.of(on=DAY, text=quiet))
    county.do(MAKER, notice("T1"))
    assert audited(county) == []


def test_it_is_the_same_on_postgresql(postgres_url: str) -> None:
    county = _staffed(postgres_url)
    county.do(MAKER, project())
    for batch in ([notice("T1")], [notice("P1")], [project("P2"), notice("P2")]):
        assert refused(county, MAKER, *batch).code == "notice.same_person"
    county.do(PUBLISHER, notice("T1", "P1"))
    assert audited(county) == []
    county.close()


def test_only_maker_and_publisher_exclude_each_other_for_a_notice() -> None:
    text = shipped_packs()["base"].replace(
        'roles = ["maker", "publisher"], within = "notice"', 'roles = ["maker", "admin"], within = "notice"'
    )
    with pytest.raises(ValueRefusedError) as caught:
        parse_pack(text, "")
    assert caught.value.code == "rule.bad_value"
