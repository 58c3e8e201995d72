"""Programs of others judge what leaves the house; each is looked for, and skipped, visibly, where it is absent.

frictionless (data package), check-jsonschema (OC4IDS), soffice (LibreOffice), vnu (the Nu HTML checker, a script that
starts its jar), and axe-core, whose file ``XIANJIE_AXE`` names. They are installed by hand, never with the project.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import HANDED_OVER, Program
from tests.projections.site.test_in_a_browser import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
AT = ("--area", "520203", "--year", "2022", "--as-of", "2022-12-31")
AXE = os.environ.get("XIANJIE_AXE", "")
TEXT, TABLE = "txt:Text (encoded):UTF8", "csv:Text - txt - csv (StarCalc):44,34,76,,,,,,,,,-1"
PAGES = ("index.html", "plan_completion.html", "rights.html", "months.html", "projects/P1.html", "archive.html")


def needs(program: str, how: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed here: {how}")


@pytest.fixture(scope="module")
def published(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a small ledger publishes: the site for the office, and a notice in each form."""
    folder = tmp_path_factory.mktemp("published")
    for suffix in ("", ".head"):
        shutil.copy(prepared / f"built.db{suffix}", folder / f"ledger.db{suffix}")
    program = Program(str(folder / "ledger.db"))
    for line in HANDED_OVER:
        program.ok(*line.split())
    program.ok("site", "build", "-o", str(folder / "site"), "--audience", "internal", *AT)
    for form in ("docx", "xlsx"):
        program.ok("notice", "draft", "plan_completion", *AT, "-o", str(folder / f"notice.{form}"))
    program.ok("export", "xlsx", "-o", str(folder / "export.xlsx"), *AT)
    program.ok("export", "oc4ids", "-o", str(folder / "oc4ids.json"), "--prefix", "oc4ids-abc123", *AT)
    return folder


def judged(command: Sequence[str | Path]) -> tuple[int, str]:
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, text=True)
    return done.returncode, done.stdout + done.stderr


@needs("frictionless", "pip install frictionless")
def test_frictionless_accepts_the_data_package_and_not_one_with_a_changed_line(published: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(published / "site" / "data", tmp_path / "data")
    code, said = judged(["frictionless", "validate", "--json", folder / "datapackage.json"])
    report = json.loads(said)
    assert (code, report["valid"]) == (0, True)
    assert {task["name"].replace("-", "_") for task in report["tasks"]} == {path.stem for path in folder.glob("*.csv")}
    assert sum(task["stats"].get("rows", 0) for task in report["tasks"]) > 5
    table = folder / "plan_completion.csv"
    table.write_bytes(table.read_bytes().replace(b".00,", b".0O,", 1))
    assert judged(["frictionless", "validate", folder / "datapackage.json"])[0] != 0


@needs("check-jsonschema", "pip install check-jsonschema")
def test_the_works_projects_are_oc4ids_and_a_wrong_status_is_not(published: Path, tmp_path: Path) -> None:
    schema = HERE / "oc4ids-0.9.5.json"
    given = json.loads((published / "oc4ids.json").read_text("utf-8"))
    assert judged(["check-jsonschema", "--schemafile", schema, published / "oc4ids.json"])[0] == 0
    assert {"budget", "transactions", "completion", "parties"} <= given["projects"][0].keys()
    given["projects"][0]["status"] = "building"
    (tmp_path / "wrong.json").write_text(json.dumps(given), encoding="utf-8")
    code, said = judged(["check-jsonschema", "--schemafile", schema, tmp_path / "wrong.json"])
    assert code != 0
    assert "building" in said


def test_what_oc4ids_asks_beyond_its_schema_holds(published: Path) -> None:
    """The additional and conformance checks of libcoveoc4ids 0.9.1: prefix, currencies, parties, nothing empty."""
    package = json.loads((published / "oc4ids.json").read_text("utf-8"))
    values: list[Any] = [package]
    for value in values:
        values += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    assert [value for value in values if isinstance(value, str | dict | list) and not value] == []
    assert all(
        "currency" in value
        for value in values
        if isinstance(value, dict) and isinstance(value.get("amount"), int | float)
    )
    for project in package["projects"]:
        roles = {party["id"]: party["roles"] for party in project["parties"]}
        lines = [line for group in project["budget"].get("budgetBreakdowns", ()) for line in group["budgetBreakdown"]]
        assert re.match(r"oc4ids-[a-z0-9]{6}-.", project["id"])
        assert project["publicAuthority"]["id"] in roles
        assert all("sourceParty" in roles[line["sourceParty"]["id"]] for line in lines)


@needs("soffice", "apt-get install libreoffice-calc-nogui libreoffice-writer-nogui")
@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("notice.docx", TEXT, "项目计划完成情况公告"),
        ("notice.xlsx", TABLE, "项目名称"),
        ("export.xlsx", TABLE, "P1"),
    ],
)
def test_libreoffice_opens_the_files_and_reads_their_words(
    published: Path, tmp_path: Path, name: str, form: str, words: str
) -> None:
    profile = f"-env:UserInstallation={(published / 'profile').as_uri()}"
    command: list[str | Path] = [
        "soffice",
        "--headless",
        profile,
        "--convert-to",
        form,
        "--outdir",
        tmp_path,
        published / name,
    ]
    code, said = judged(command)
    made = "".join(path.read_text("utf-8-sig") for path in tmp_path.iterdir() if path.is_file())
    assert (code, words in made) == (0, True), said


def test_a_file_of_ours_that_lost_its_end_is_not_whole(published: Path, tmp_path: Path) -> None:
    """What makes the judgement above mean something: these files are archives that can be damaged."""
    for name in ("notice.docx", "notice.xlsx", "export.xlsx"):
        cut = tmp_path / name
        cut.write_bytes((published / name).read_bytes()[:-100])
        assert not zipfile.is_zipfile(cut)


@needs("vnu", "the Nu HTML checker, https://validator.github.io/validator")
def test_the_nu_checker_finds_no_error_in_any_page(published: Path) -> None:
    pages = sorted((published / "site").rglob("*.html"))
    assert len(pages) > len(PAGES)
    code, said = judged(["vnu", "--errors-only", *pages])
    assert (code, said) == (0, "")


@pytest.mark.skipif(not (AXE and CHROMIUM), reason="no axe-core here: XIANJIE_AXE names its axe.min.js; and Chromium")
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_serious_obstacle(published: Path, width: int) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not where there is no browser

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # The page's own policy would keep the judge out: it is a guest in the page.
        page = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 800}).new_page()
        for path in PAGES:
            page.goto((published / "site" / path).as_uri())
            page.add_script_tag(path=AXE)
            found = page.evaluate("axe.run()")["violations"]
            assert [
                (each["id"], each["impact"]) for each in found if each["impact"] in {"serious", "critical"}
            ] == [], path
        browser.close()
