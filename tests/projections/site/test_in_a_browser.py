"""The site in a real browser: found, proved, and red after one changed byte; also on a phone and without scripts."""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.database import open_database
from ledger.log.schema import create_log
from projections.scope import Question
from projections.site.build import build
from tests.projections.conftest import History
from tests.projections.small_year import busy_year, publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small year as the office sees it: every public page, and those for itself."""
    base = tmp_path_factory.mktemp("site")
    engine = open_database(str(base / "ledger.db"), create=True)
    create_log(engine, "520201.test.xianjie.example/ledger")
    history = busy_year(History(engine))
    publish(history)
    gone: dict[str, Any] = {"notice": "N1", "area": "520201", "why": "有错"}
    history.record(e.NoticeWithdrawn(effective_on=date(2024, 12, 30), **gone))
    for path, data in build(history.engine, Question("520201", 2024, as_of=date(2024, 12, 31)), internal=True):
        place = base / "site" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    engine.dispose()
    return base / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not where there is no browser

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.mark.parametrize(
    "path",
    [
        "allocation.html",
        "adjustment.html",
        "plan.html",
        "plan_completion.html",
        "completion.html",
        "income.html",
        "asset.html",
        "projects/P.html",
        "assets/A.html",
    ],
)
def test_a_page_proves_itself_and_asks_nobody(browser: Browser, folder: Path, path: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / path).as_uri())
    page.wait_for_selector("#verdict.ok")
    assert re.search("核验相符.*[1-9] 个金额由记录逐条相加得出", page.text_content("#verdict") or "")
    assert asked == [(folder / path).as_uri()]
    page.close()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("allocation.html", 'data-of="P">500.00<', 'data-of="P">500.01<'),
        ("allocation.html", '<td class="n">540.00<', '<td class="n">540.01<'),
        ("plan_completion.html", ">335.00<", ">335.01<"),
        ("plan.html", 'data-level="central">', 'data-level="city">'),
        ("income.html", ">10.00<", ">10.01<"),
        ("asset.html", ">535.00<", ">535.10<"),
        (
            "projects/P.html",
            'data-measure="paid" data-of="P" data-level',
            'data-measure="released" data-of="P" data-level',
        ),
        ("projects/P.html", 'data-of="P"', 'data-of="Q"'),
        ("completion.html", 'data-sum="', 'data-sum="1 '),
        ("plan_completion.html", ">产业路<", ">产业蹊<"),
        ("projects/P.html", ">2024-04-01<", ">2024-04-02<"),
        ("projects/P.html", '"path":[0', '"path":[1'),
        ("plan_completion.html", '"record":"', '"record":"AAAA'),
        ("plan_completion.html", '"root":"', '"root":"A'),
    ],
    ids=[
        *("amount", "total", "sum", "level", "income", "value", "measure", "thing", "one entry more"),
        *("name", "date", "way", "record", "root"),
    ],
)
def test_one_changed_byte_turns_it_red(browser: Browser, folder: Path, path: str, old: str, new: str) -> None:
    original = (folder / path).read_text("utf-8")
    at = original.index(old)
    changed = folder / path.replace(".html", "-changed.html")
    changed.write_text(original[:at] + new + original[at + len(old) :], "utf-8")
    page = browser.new_page()
    page.goto(changed.as_uri())
    page.wait_for_selector("#verdict.bad")
    assert "核验不符" in (page.text_content("#verdict") or "")
    page.close()
    changed.unlink()


PROVED = [
    *("allocation.html", "plan.html", "adjustment.html", "completion.html", "library.html", "plan_completion.html"),
    *("asset.html", "rights.html", "income.html", "archive.html", "projects/P.html", "projects/Q.html"),
    "assets/A.html",
]

# Runs the page's own script again after each change of what a page shows, and returns the changes it did not see. A
# cell that says of itself that it is not proved ("u") may be changed.
ALTERED = """async () => {
  const script = [...document.scripts].map((each) => each.textContent).find((each) => each.includes("rootAbove"));
  const verdict = document.getElementById("verdict");
  const main = document.getElementById("main");
  const block = document.getElementById("proofs");
  const [shown, carried] = [main.innerHTML, block.textContent];
  const unseen = [];
  let tried = 0;
  async function judged(words, alter) {
    alter();
    document.getElementById("verdict").className = "";
    new Function(script)();
    while (!document.getElementById("verdict").className) await new Promise((done) => setTimeout(done, 0));
    if (document.getElementById("verdict").className !== "bad") unseen.push(words);
    [main.innerHTML, block.textContent] = [shown, carried];
    tried += 1;
  }
  async function each(selector, words, alter) {
    const count = main.querySelectorAll(selector).length;
    for (let at = 0; at < count; at += 1) {
      const found = main.querySelectorAll(selector)[at];
      const where = `${words} ${at}: ${found.outerHTML.slice(0, 160)}`;
      await judged(where, () => alter(main.querySelectorAll(selector)[at]));
    }
    return count;
  }
  const digit = (text, at) => text.slice(0, at) + ((Number(text[at]) + 1) % 10) + text.slice(at + 1);
  await each("tbody td:not(.u), tbody td[data-sum], tfoot td.n:not(.u)", "text", (cell) => {
    if (cell.matches("tfoot td") && !cell.textContent) cell.dataset.at = "0";
    cell.textContent = cell.textContent === "9.99" ? "8.88" : "9.99";
  });
  await each(".timeline time, .timeline span, h1[data-at]", "text", (cell) => { cell.textContent += "1"; });
  await each("[data-at]", "at", (cell) => { cell.dataset.at = digit(cell.dataset.at, cell.dataset.at.length - 1); });
  await each("[data-sum]:not([data-sum=''])", "sum", (cell) => { cell.dataset.sum = digit(cell.dataset.sum, 0); });
  await each("[data-sum]:not([data-sum=''])", "twice", (cell) => { cell.dataset.sum += " " + cell.dataset.sum; });
  await each("[data-via]", "via", (cell) => { cell.dataset.via = digit(cell.dataset.via, 0); });
  await each("[data-at], [data-sum]:not(.u)", "bare", (cell) => {
    if (!cell.matches("td")) cell.dataset.at = "0";
    for (const name of Object.keys(cell.dataset)) if (cell.matches("td")) delete cell.dataset[name];
    if (!cell.textContent) cell.textContent = "9.99";
  });
  await each("tbody tr, .timeline li", "gone", (row) => row.remove());
  await each("tbody tr, .timeline li", "again", (row) => row.after(row.cloneNode(true)));
  await each("[data-thing]", "thing", (row) => {
    row.dataset.thing += "1";
    if (!row.querySelector("[data-at]") && !row.matches("[data-at]")) row.remove();
  });
  await judged("no entries", () => { block.textContent = carried.replace(/"entries":{.*}/, '"entries":{}}'); });
  await judged("no lines", () => { block.textContent = carried.replace(/"lines":\\d+/, '"lines":0'); });
  return [tried, unseen];
}"""


@pytest.mark.parametrize("path", PROVED)
def test_whatever_is_changed_on_a_page_turns_it_red_or_says_that_it_is_not_proved(
    browser: Browser, folder: Path, path: str
) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto((folder / path).as_uri())
    page.wait_for_selector("#verdict.ok")
    tried, unseen = page.evaluate(ALTERED)
    assert unseen == []
    assert tried > page.locator("tbody td").count()
    context.close()


def test_search_leaves_the_lines_that_have_all_words(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "plan_completion.html").as_uri())
    assert page.locator("tbody tr:visible").count() == 2
    page.fill("input[type=search]", "产业路 已完工")
    assert page.locator("tbody tr:visible").count() == 1
    assert "1 行" in (page.text_content("[data-count]") or "")
    page.close()


def test_without_scripts_everything_is_there(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "plan_completion.html").as_uri())
    assert page.locator("tbody tr").count() == 2
    assert "verify.py" in (page.text_content("#verdict") or "")
    context.close()


@pytest.mark.parametrize(
    "path", ["index.html", "allocation.html", "rights.html", "projects/P.html", "archive.html", "months.html"]
)
def test_a_narrow_phone_scrolls_tables_and_never_the_page(browser: Browser, folder: Path, path: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto((folder / path).as_uri())
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.evaluate(wider) is False
    page.close()


def test_the_year_is_replayed_by_the_keyboard(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    page.goto((folder / "months.html").as_uri())
    moments, slider = page.locator("[data-moment]"), page.locator("input[type=range]")
    assert (moments.count(), slider.input_value()) == (12, "11")
    assert [each.get_attribute("id") for each in moments.all() if each.is_visible()] == ["m-2024-12-31"]
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.text_content("output") == slider.get_attribute("aria-valuetext") == "2024-10-31"
    page.keyboard.press("Home")
    assert [each.get_attribute("id") for each in moments.all() if each.is_visible()] == ["m-2024-01-31"]
    spent = page.locator("[data-moment='2024-01-31'] tbody tr", has_text="支出率")
    assert "0.00" in (spent.text_content() or "")
    assert refused == []
    page.close()


def test_a_month_is_reached_by_its_link_and_by_its_address(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "months.html").as_uri() + "#m-2024-06-30")
    assert page.locator("[data-moment='2024-06-30']").is_visible()
    page.click("a[href='#m-2024-03-31']")
    page.locator("input[type=range]").fill("0")
    page.click("a[href='#m-2024-03-31']")
    shown = page.locator("[data-moment]:visible")
    assert (shown.count(), shown.get_attribute("data-moment")) == (1, "2024-03-31")
    assert page.locator("input[type=range]").input_value() == "2"
    page.close()


def test_the_months_stand_one_below_the_other_where_no_script_runs(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "months.html").as_uri())
    assert page.locator("[data-moment]:visible").count() == 12
    assert page.locator("form[data-for=replay]").is_hidden()
    assert page.locator("nav[aria-label=月末] a").count() == 12
    context.close()


def test_the_keyboard_reaches_the_text_first_and_then_every_table(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    assert page.locator(".wide[tabindex='0'][role=region][aria-label]").count() == page.locator("table").count()
    page.close()
