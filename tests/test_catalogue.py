"""The Chinese of click's own words is complete, compiled, and spoken by the program."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import os
import string
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "cli" / "locale"


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    """The compiler."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "scripts" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words_of_click() -> Iterator[str]:
    """Yield every text that click asks gettext for, as the compiled catalogue keys it."""
    for path in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                texts = [
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ]
                if texts:
                    yield "\0".join(texts)


def test_the_compiled_catalogue_is_the_one_that_people_edit(catalogue: ModuleType) -> None:
    found = catalogue.messages(catalogue.CATALOGUE.read_text("utf-8"))
    assert catalogue.CATALOGUE.with_suffix(".mo").read_bytes() == catalogue.compiled(found), "run `make docs`"


def test_every_word_of_click_has_its_chinese(catalogue: ModuleType) -> None:
    found = catalogue.messages(catalogue.CATALOGUE.read_text("utf-8"))
    assert len(found) > 60
    assert set(words_of_click()) - set(found) == set()


def test_a_translation_fills_in_nothing_that_the_english_does_not_know(catalogue: ModuleType) -> None:
    found = catalogue.messages(catalogue.CATALOGUE.read_text("utf-8"))
    formatter = string.Formatter()
    for message, said in found.items():
        if message and "%(" not in message:
            known = {name for text in message.split("\0") for _, name, _, _ in formatter.parse(text) if name}
            assert {name for _, name, _, _ in formatter.parse(said) if name} <= known, message


def test_gettext_reads_what_was_compiled() -> None:
    read = gettext.translation("messages", LOCALE, ["zh_CN"])
    assert read.gettext("Repeat for confirmation") == "请再输入一次"
    assert read.ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 2) == (
        "多了参数:{args}"
    )


@pytest.mark.parametrize(("language", "said"), [(None, "请再输入一次"), ("en", "Repeat for confirmation")])
def test_the_program_makes_click_speak_chinese_unless_a_language_was_chosen(language: str | None, said: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "LANGUAGE"}
    if language:
        environment["LANGUAGE"] = language
    code = "import cli.main, gettext; print(gettext.gettext('Repeat for confirmation'))"
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == said
