"""The files of the site: the same twice, complete without scripts, without a request, and without a person."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ledger import events as e
from ledger.codes import NoticeTemplate
from ledger.signing import SeedSigner
from ledger.transparency.note import Key
from ledger.transparency.proof_file import EntryProof
from projections.extracts.linter import leaks_in
from projections.scope import Question
from projections.site.build import build, known_codes
from projections.site.charts import Bar, Flow, bars, sankey
from projections.site.pages import file_name
from tests.projections.small_year import publish, year

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def site(history: History, area: str = "520201", known_at: int | None = None) -> dict[str, bytes]:
    return dict(build(history.engine, Question(area, 2024, as_of=END, known_at=known_at)))


@pytest.fixture
def files(sqlite_history: History) -> dict[str, bytes]:
    return site(year(sqlite_history))


class Page(HTMLParser):
    """Collects what a page links to, its inline texts and its identifiers."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: dict[str, list[str]] = {"style": [], "script": []}
        self.policy = ""
        self._in = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if name in given]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag in self.inline and given.get("type") != "application/json":
            self._in = tag
        assert not any(name.startswith("on") or name == "style" for name in given), given

    def handle_data(self, data: str) -> None:
        if self._in:
            self.inline[self._in].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""


def test_the_same_position_gives_the_same_bytes_and_a_later_entry_changes_none_of_them(
    sqlite_history: History,
) -> None:
    first = site(year(sqlite_history))
    at = json.loads(first["index.json"])["position"]
    assert site(sqlite_history) == first
    sqlite_history.spend(e.MoneyPaid, "T", "P", 1_000, date(2024, 9, 1))
    assert site(sqlite_history, known_at=at) == first
    assert site(sqlite_history) != first


def test_every_link_leads_to_a_file_of_the_site_and_nothing_to_anywhere_else(files: dict[str, bytes]) -> None:
    for path, data in files.items():
        if path.endswith(".html"):
            for link in Page(data).links:
                assert not re.match(r"[a-z]+:|//", link), (path, link)
                if not link.startswith("#"):
                    assert normpath(join(dirname(path), link)) in files, (path, link)


def test_a_page_runs_its_own_scripts_and_no_other(files: dict[str, bytes]) -> None:
    for path, data in files.items():
        if path.endswith(".html"):
            page = Page(data)
            assert page.policy.startswith("default-src 'none'; ")
            for kind, texts in page.inline.items():
                allowed = re.search(rf"{kind}-src ([^;]*)", page.policy)
                assert allowed is not None
                hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
                assert allowed[1] == (" ".join(f"'sha256-{each}'" for each in hashes) or "'none'"), path


def test_every_figure_of_a_chart_stands_in_a_table_too(files: dict[str, bytes]) -> None:
    front = files["index.html"].decode()
    assert front.count("<svg") == 3
    assert front.count("<table") == 3
    assert "产业占比" in front
    assert "500.00" in front


def test_each_proof_file_holds_under_the_root_that_every_page_shows(files: dict[str, bytes]) -> None:
    root = json.loads(files["index.json"])["root"]
    proofs = [data for path, data in files.items() if path.startswith("proofs/")]
    assert proofs
    for data in proofs:
        checkpoint = EntryProof.parse(data.decode()).verify()
        assert base64.b64encode(checkpoint.root).decode() == root
    assert all(root in data.decode() for path, data in files.items() if path.endswith(".html"))


def test_the_archive_is_a_page_a_feed_and_a_list(sqlite_history: History) -> None:
    year(sqlite_history)
    subject = e.Subject(kind="project", code="P", area="520201", year=2024, type="crop_base")
    shown = {"template": "plan", "title": "计划公告", "channel": "website", "area": "520201", "subjects": (subject,)}
    published = {"effective_on": date(2024, 3, 9), "from_on": date(2024, 3, 9), "notice": "N1", "position": 1}
    sqlite_history.record(e.NoticePublished.model_validate({**shown, **published}))
    sqlite_history.record(e.NoticeWithdrawn(effective_on=date(2024, 4, 1), notice="N1", area="520201", why="有错"))
    made = site(sqlite_history)
    (listed,) = json.loads(made["index.json"])["notices"]
    assert (listed["notice"], listed["from_on"], listed["withdrawn_on"]) == ("N1", "2024-03-09", "2024-04-01")
    feed = ET.fromstring(made["feed.atom"])  # noqa: S314 - our own bytes
    atom = "{http://www.w3.org/2005/Atom}"
    assert [each.findtext(f"{atom}title") for each in feed.findall(f"{atom}entry")] == ["计划公告"]
    assert "2024-04-01" in made["archive.html"].decode()


def test_the_archive_shows_each_content_under_the_fingerprint_that_was_recorded(sqlite_history: History) -> None:
    hashes = publish(year(sqlite_history))
    sqlite_history.project("Z", planned_fen=9_000)  # recorded after the notice was cut, for a day before it
    made = site(sqlite_history)
    assert hashes[0] != hashes[1]
    for content_hash in hashes:
        content = made[f"notices/{content_hash}.json"]
        assert hashlib.sha256(content).hexdigest() == content_hash
        assert [line["project"] for line in json.loads(content)["lines"]] == ["P"]
        assert f'href="notices/{content_hash}.json"' in made["archive.html"].decode()
        assert f"notices/{content_hash}.proofs.json" in made
    contents = {f"notices/{each}.json" for each in hashes}
    assert {each["content"] for each in json.loads(made["index.json"])["notices"]} == contents
    feed = ET.fromstring(made["feed.atom"])  # noqa: S314 - our own bytes
    assert {link.get("href") for link in feed.iter("{http://www.w3.org/2005/Atom}link")} == contents
    assert [line["project"] for line in json.loads(made["notices/plan.json"])["lines"]] == ["Z", "P"]


def test_what_was_taken_down_is_listed_and_its_content_no_longer_shown(sqlite_history: History) -> None:
    hashes = publish(year(sqlite_history))
    sqlite_history.record(e.NoticeWithdrawn(effective_on=END, notice="N1", area="520201", why="有错"))
    made = site(sqlite_history)
    assert all(each in made["archive.html"].decode() for each in hashes)
    assert not any(each in path for each in hashes for path in made)
    assert "另有 2 份没有定稿" in made["archive.html"].decode()


def test_a_content_that_is_not_what_was_recorded_is_not_shown_as_it(sqlite_history: History) -> None:
    year(sqlite_history)
    subject = e.Subject(kind="project", code="P", area="520201", year=2024, type="crop_base")
    how = {"as_of": date(2024, 12, 1), "year": 2024}
    shown = {"template": "plan", "title": "计划公告", "channel": "website", "area": "520201", "subjects": (subject,)}
    dates = {"effective_on": date(2024, 12, 2), "from_on": date(2024, 12, 2), "position": 5, "content_hash": "ab" * 32}
    for notice, cut in (("N1", how), ("N2", None), ("N3", {**how, "place": "110101001"})):
        sqlite_history.record(e.NoticePublished.model_validate({**shown, **dates, "notice": notice, "cut": cut}))
    made = site(sqlite_history)
    assert f"notices/{'ab' * 32}.json" not in made
    assert {each["content"] for each in json.loads(made["index.json"])["notices"]} == {""}
    assert "另有 3 份没有定稿" in made["archive.html"].decode()


def test_a_page_without_proofs_says_so_and_the_front_page_marks_its_figures(files: dict[str, bytes]) -> None:
    front = files["index.html"].decode()
    assert front.count('<table class="u"') == front.count("<table") == 3
    assert "本页没有附凭据" in front
    assert all("核验" in files[name].decode() for name in files if name.endswith(".html"))


def test_every_notice_leads_to_its_content_its_proofs_and_the_verifier(files: dict[str, bytes]) -> None:
    for code in NoticeTemplate:
        page = Page(files[f"{code.value}.html"])
        wanted = {f"notices/{code.value}.json", f"notices/{code.value}.proofs.json", "checkpoint.txt", "verify.py"}
        assert wanted <= set(page.links)
        assert json.loads(files[f"notices/{code.value}.json"])["template"] == code.value
    assert "keys.txt" not in files


def test_a_ledger_with_keys_hands_them_out_as_they_were_at_the_position(sqlite_history: History) -> None:
    year(sqlite_history)
    signer = SeedSigner("520201.test.xianjie.example/ledger/op/P-0001-1", "P-0001", bytes(32))
    key = str(Key(signer.name, signer.public_key))
    at = sqlite_history.record(e.KeyEnrolled(effective_on=END, person="P-0001", key=key))
    assert site(sqlite_history)["keys.txt"].decode() == f"{key}\n"
    assert "--keys keys.txt" in site(sqlite_history)["verify.html"].decode()
    assert "keys.txt" not in site(sqlite_history, known_at=at - 1)


def test_markup_in_a_name_is_text_and_a_code_is_never_a_path(sqlite_history: History) -> None:
    year(sqlite_history)
    sqlite_history.project("../../x", record={"name": "<script>alert(1)</script>"}, planned_fen=1)
    made = site(sqlite_history)
    assert not any(".." in path for path in made)
    assert f"projects/{file_name('../../x')}.html" in made
    assert "<script>alert" not in made["plan.html"].decode()
    assert "&lt;script&gt;alert" in made["plan.html"].decode()


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ("电话13800138000", "mobile_number"),
        ("138 0013 8000", "mobile_number"),
        ("1380013\u200b8000", "mobile_number"),
        ("520203198503124012", "identity_number"),
        ("520203 19850312 4012", "identity_number"),
        ("6222021234567890128", "bank_card"),
    ],
)
def test_a_person_in_the_ledger_is_found_in_the_files(sqlite_history: History, planted: str, kind: str) -> None:
    # The door refuses such a name; a ledger from elsewhere may have one all the same, and short codes beside it.
    year(sqlite_history)
    sqlite_history.project("R", record={"name": f"王某{planted}"}, planned_fen=1)
    for code in ("1", "3", "8", planted[-4:]):
        sqlite_history.project(code, planned_fen=1)
    codes = known_codes(sqlite_history.engine, Question("520201", 2024, as_of=END))
    assert {"1", "3", "8"} < set(codes)
    leaks = [leak for path, data in site(sqlite_history).items() for leak in leaks_in(path, data, codes)]
    found = {leak.where for leak in leaks if leak.kind == kind}
    assert {"plan.html", "data/plan.csv", "projects/R.html"} <= found
    assert any(where.startswith("data/plan.xlsx") for where in found)


def test_nothing_in_a_whole_site_looks_like_a_person(files: dict[str, bytes]) -> None:
    assert [leak for path, data in files.items() for leak in leaks_in(path, data)] == []


def test_pages_for_the_office_are_in_no_public_build(sqlite_history: History) -> None:
    year(sqlite_history)
    question = Question("520201", 2024, as_of=END)
    inside = dict(build(sqlite_history.engine, question, internal=True))
    outside = dict(build(sqlite_history.engine, question))
    assert inside.keys() - outside.keys() == {"months.html", "flags.html", "due.html"}
    assert "不得公开" in inside["index.html"].decode()
    assert "不得公开" not in outside["index.html"].decode()
    months = inside["months.html"].decode()
    assert months.count("12 月") >= 5
    assert "500.00" in months
    assert "未公开" in inside["due.html"].decode()
    assert re.search(r">R\d+<", inside["flags.html"].decode())


def test_a_bar_never_runs_over_its_edge_and_says_what_is_not_known() -> None:
    drawn = bars("率", [Bar("甲", 3, 2, "150.00", "55.5"), Bar("乙", 0, 0, None)])
    widths = [int(each) for each in re.findall(r'width="(\d+)" height="18" class="bar"', drawn)]
    assert widths == [400, 0]
    assert "150.00%" in drawn
    assert "—" in drawn


def test_a_name_that_has_no_room_is_cut_by_its_width() -> None:
    drawn = bars(
        "率",
        [Bar("产业占比(N1/D1)", 1, 2, "50.00"), Bar("九个字的名称正好有", 1, 2, "50.00"), Bar("十" * 10, 0, 1, "0")],
    )
    assert ">产业占比(N1/D1)<" in drawn
    assert ">九个字的名称正好有<" in drawn
    assert ">十十十十十十十十…<" in drawn


def test_bands_of_money_say_their_amount() -> None:
    drawn = sankey("去向", [Flow((0, "中央"), (1, "钟山区"), 1_000_000), Flow((1, "钟山区"), (2, "已支付"), 1_000_000)])
    assert "中央 → 钟山区 1.00万元" in drawn or "中央 → 钟山区 1万元" in drawn
    assert sankey("空", []) == ""
