"""The generated pages are those of this program: nobody forgot ``make docs``."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger import errors
from ledger.events import registry

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def docs() -> ModuleType:
    """The generator."""
    spec = importlib.util.spec_from_file_location("docs_generator", ROOT / "scripts" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_generated_page_is_current(docs: ModuleType) -> None:
    stale = [
        path.relative_to(ROOT).as_posix()
        for path, text in docs.pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make docs`"


def test_no_schema_is_left_of_a_topic_that_is_no_more(docs: ModuleType) -> None:
    assert set((ROOT / "docs" / "events").glob("*.json")) <= set(docs.pages())


def test_every_event_has_a_schema_and_a_row_in_the_index(docs: ModuleType) -> None:
    index = docs.pages()[ROOT / "docs" / "events" / "index.md"]
    assert {event.TOPIC for event in registry} == set(re.findall(r"^\| \[`([a-z_.]+)`\]", index, re.MULTILINE))


def test_every_error_is_listed_with_a_message_and_the_exit_code_of_its_class(docs: ModuleType) -> None:
    page = docs.pages()[ROOT / "docs" / "reference" / "errors.md"]
    rows = re.findall(r"^\| `([a-z_.]+)` \| (\d) \| (.*) \| (\w+) \| `(.+)` \|$", page, re.MULTILINE)
    assert len(rows) > 120
    assert [row for row in rows if not row[2].strip()] == []
    assert [row for row in rows if getattr(errors, row[3]).exit_code != int(row[1])] == []
    assert {"tranche.overdrawn", "money.finer_than_fen", "import.columns", "audit.findings"} <= {row[0] for row in rows}


def test_every_command_is_on_the_page_of_the_command_line(docs: ModuleType) -> None:
    page = docs.pages()[ROOT / "docs" / "reference" / "cli.md"]
    assert {"## xianjie fund issue", "## xianjie audit verify", "## xianjie import apply"} <= set(page.splitlines())
