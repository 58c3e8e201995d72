"""The frame keeps its promises: what is shipped, what starts fast, what is declared, and how large things may grow."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hatchling.builders.wheel import WheelBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGES = ("ledger", "projections", "cli")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
EXACT_SOURCES = [path for path in SOURCES if path.relative_to(ROOT).parts[0] != "cli"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

MOST_LINES_OF_A_FILE = 450
MOST_LINES_OF_A_FUNCTION = 70
RELEASED_TOGETHER = {"pydantic-core": "pydantic"}  # pydantic pins it exactly
NAMED_OTHERWISE = {"chinese-calendar": "chinesecalendar", "docx": "python-docx"}  # its name on PyPI
SLOW_TO_IMPORT = ("eventsourcing", "openpyxl", "pydantic", "sqlalchemy", "tabulate")

HELP_AND_LIST_MODULES = """
import json, sys
sys.argv = ["xianjie", "--help"]
from cli.main import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def at(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def distribution_name(requirement: str) -> str:
    matched = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert matched, requirement
    return re.sub(r"[-_.]+", "-", matched[0]).lower()


def shipped_files() -> set[str]:
    return {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}


# What is shipped


@pytest.mark.parametrize("package", PACKAGES)
def test_an_import_package_comes_from_this_checkout(package: str) -> None:
    assert importlib.import_module(package).__file__ == str(ROOT / package / "__init__.py")


def test_the_installed_distribution_is_the_one_described_here() -> None:
    installed = metadata.distribution("xianjie-ledger")
    scripts = {entry.name: entry.value for entry in installed.entry_points.select(group="console_scripts")}
    assert (installed.version, scripts) == (PROJECT["version"], PROJECT["scripts"])


def test_the_wheel_carries_the_three_packages_and_nothing_else() -> None:
    assert {path.split("/")[0] for path in shipped_files()} == set(PACKAGES)


def test_the_wheel_carries_every_module_and_every_data_file() -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - shipped_files() == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_tells_type_checkers_that_it_is_typed(package: str) -> None:
    assert f"{package}/py.typed" in shipped_files()


# What starts fast


def test_help_answers_without_importing_what_is_slow() -> None:
    done = subprocess.run([sys.executable, "-c", HELP_AND_LIST_MODULES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr)}
    assert loaded & set(SLOW_TO_IMPORT) == set()
    assert "click" in loaded


# What is declared and locked


def imported_names(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_library_imported_is_declared_as_a_dependency_of_its_own() -> None:
    imported = {name for path in SOURCES for name in imported_names(tree(path))}
    names = {distribution_name(name) for name in imported - sys.stdlib_module_names - set(PACKAGES)}
    libraries = {(RELEASED_TOGETHER | NAMED_OTHERWISE).get(name, name) for name in names}
    declared = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]
    assert libraries - {distribution_name(requirement) for requirement in declared} == set()


def locked(name: str) -> dict[str, int]:
    """Return how many hashes each locked distribution has."""
    entries = re.split(r"\n(?=[a-z])", (ROOT / "requirements" / name).read_text("utf-8"))
    return {distribution_name(entry): entry.count("--hash=sha256:") for entry in entries if "==" in entry}


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("runtime.txt", PROJECT["dependencies"]),
        ("dev.txt", [*PROJECT["dependencies"], *EXTRAS["postgres"], *EXTRAS["dev"]]),
        ("soak.txt", [*PROJECT["dependencies"], *EXTRAS["soak"]]),
        ("build.txt", ["hatchling"]),
    ],
)
def test_the_lock_pins_every_requirement_by_hash(lock: str, requirements: list[str]) -> None:
    pinned = locked(lock)
    wanted = {distribution_name(requirement) for requirement in requirements} - {PROJECT["name"]}
    assert wanted - set(pinned) == set()
    assert [name for name, hashes in pinned.items() if hashes == 0] == []


def test_all_locks_agree_on_versions() -> None:
    pins: dict[str, set[str]] = {}
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE):
            pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}


# How large things may grow, and what stays out


def test_no_source_file_is_too_long_to_have_one_job() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_too_long_to_be_seen_at_once() -> None:
    lengths = {
        f"{at(path, node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {function: lines for function, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def floats(module: ast.Module) -> Iterator[ast.expr]:
    """Yield conversions to float and annotations with float; ``isinstance(value, float)``, which refuses, is fine."""
    for node in ast.walk(module):
        named: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            named = [node.func]
        elif isinstance(node, ast.AnnAssign | ast.arg):
            named = [node.annotation]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            named = [node.returns]
        for part in (part for expression in named if expression for part in ast.walk(expression)):
            if isinstance(part, ast.Name) and part.id == "float":
                yield part


def test_float_is_found_wherever_it_could_carry_money() -> None:
    source = (
        "x: float = 1\ndef f(a: float | None, *, b: list[float]) -> float:\n    return float(a)\nisinstance(x, float)"
    )
    assert len(list(floats(ast.parse(source)))) == 5


def test_no_float_comes_near_money_or_shares() -> None:
    assert [at(path, node) for path in EXACT_SOURCES for node in floats(tree(path))] == []


# What the pages point to


@pytest.mark.parametrize(
    "page", sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]), ids=lambda page: page.name
)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
