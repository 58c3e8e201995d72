"""Mutation testing of what must not be wrong: a test must fail when a line of it is changed.

    make mutants                                                   a sample of every group
    .venv/bin/python scripts/mutants.py money --sample 300         one group, a larger sample
    .venv/bin/python scripts/mutants.py money --report FOLDER      the figures of a run that is there

mutmut changes one thing at a time and runs the tests that reach it, in a clone of the last commit and with a throw-away
environment: it is not locked, and nothing of it stays. Mutants that change nothing but the words of a Chinese message
are set aside; what a message says is read by people.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
MUTMUT = "mutmut==3.8.1"
SEED = 5
KILLED, SURVIVED = 1, 0  # exit codes of pytest
UNREACHED = 33  # mutmut's own code for a mutant that no test reaches
COPIED = ("ledger", "cli", "projections", "docs", "verifier", "examples", "scripts", "README.md", "Makefile")


class Group(NamedTuple):
    """Which files are changed, and which tests must notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    sample: int


GROUPS = {
    "proofs": Group(("ledger/transparency/*.py",), ("tests/ledger/transparency",), 1_000),
    "verification": Group(
        tuple(
            f"ledger/log/{name}.py"
            for name in ("verify", "walk", "verify_head", "signatures", "schema_check", "finding")
        ),
        tuple(
            f"tests/ledger/log/test_{name}.py"
            for name in ("verify", "signatures", "proving", "flips", "signed_batches")
        ),
        120,
    ),
    "authorization": Group(
        (
            "ledger/domain/authority.py",
            "ledger/domain/people.py",
            "ledger/domain/proposal.py",
            "ledger/auditing.py",
            "ledger/rules/duties.py",
        ),
        tuple(
            f"tests/ledger/test_{name}.py"
            for name in ("four_eyes", "authority_attacks", "notice_makers", "notice_approval")
        ),
        120,
    ),
    "money": Group(
        (
            "ledger/money.py",
            "ledger/shares.py",
            *(f"ledger/domain/{name}.py" for name in ("allocation", "distribution", "payment", "funding", "division")),
        ),
        (
            "tests/ledger/test_money.py",
            "tests/ledger/test_shares.py",
            "tests/ledger/domain",
            "tests/ledger/test_money_movements.py",
        ),
        150,
    ),
}


def main() -> None:
    """Run the groups that are asked for, and print what became of their mutants."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("groups", nargs="*", choices=[[], *GROUPS], default=[])
    asked.add_argument("--sample", type=int)
    asked.add_argument("--report", type=Path)
    given = asked.parse_args()
    for name in given.groups or GROUPS:
        if given.report:
            report(name, given.report)
            continue
        with tempfile.TemporaryDirectory(prefix=f"xianjie-mutants-{name}-") as place:
            folder = prepare(GROUPS[name], Path(place))
            run(folder, given.sample or GROUPS[name].sample)
            report(name, folder)


def prepare(group: Group, place: Path) -> Path:
    """Clone the last commit, make an environment with mutmut beside it, and write mutmut's settings."""
    folder, environment, uv = place / "clone", place / "environment", str(ROOT / ".venv" / "bin" / "uv")
    _run(place, "git", "clone", "--quiet", str(ROOT), str(folder))
    _run(place, uv, "venv", "--quiet", "--python", sys.executable, str(environment))
    _run(place, uv, "pip", "install", "--quiet", "--python", str(environment / "bin" / "python"), MUTMUT)
    [packages] = (environment / "lib").glob("python3*/site-packages")
    [ours] = (ROOT / ".venv" / "lib").glob("python3*/site-packages")
    (packages / "ours.pth").write_text(f"{ours}\n", encoding="utf-8")
    settings = {
        "source_paths": ("ledger/",),
        "only_mutate": group.files,
        "also_copy": COPIED,
        "pytest_add_cli_args": ("-m", "not soak", "-p", "no:cacheprovider", "-q", "-k", "not postgres"),
        "pytest_add_cli_args_test_selection": group.tests,
    }
    lines = ["[mutmut]", *(f"{name}=\n    " + "\n    ".join(values) for name, values in settings.items())]
    (folder / "setup.cfg").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def run(folder: Path, sample: int) -> None:
    """Make all mutants, draw the sample with the seed, and run that."""
    mutmut = str(folder.parent / "environment" / "bin" / "mutmut")
    _run(folder, mutmut, "run", "no mutant has this name", check=False)
    names = sorted(name for _, codes in _verdicts(folder) for name in codes)
    drawn = random.Random(SEED).sample(names, min(sample, len(names)))  # noqa: S311 - a sample that can be repeated
    print(f"{len(names)} mutants, {len(drawn)} drawn with the seed {SEED}", flush=True)
    _run(folder, mutmut, "run", *drawn, check=False)


def report(name: str, folder: Path) -> None:
    """Print the score, and each survivor with what was changed."""
    counts, shown = Counter[str](), []
    for source, codes in _verdicts(folder):
        text = source.read_text(encoding="utf-8")
        for mutant, code in codes.items():
            if code is None:
                continue
            changed = _changed(text, mutant)
            if _is_wording(changed):
                counts["wording"] += 1
            elif code in {SURVIVED, UNREACHED}:
                counts["survived"] += 1
                shown += [mutant, *(f"    {line}" for line in changed)]
            else:
                counts["killed"] += 1
    judged = counts["killed"] + counts["survived"]
    print("\n".join(shown))
    print(f"{name}: {counts['killed']} of {judged} killed, {counts['wording']} of words only set aside", flush=True)


def _verdicts(folder: Path) -> list[tuple[Path, dict[str, int | None]]]:
    found = sorted((folder / "mutants" / "ledger").rglob("*.py.meta"))
    return [(path.with_suffix(""), json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]) for path in found]


def _changed(text: str, mutant: str) -> list[str]:
    """Return the lines that differ: mutmut keeps the original of a function beside its mutants."""
    name = mutant.rpartition(".")[2]
    original = re.sub(r"__mutmut_\d+$", "__mutmut_orig", name)
    before, after = (_body(text, each) for each in (original, name))
    return [
        line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:2] not in {"--", "++", "@@"}
    ]


def _body(text: str, name: str) -> list[str]:
    found = re.search(rf"(?ms)^( *)def {re.escape(name)}\(.*?(?=^\1(?:@|def |class )|^[^\s)]|\Z)", text)
    return found[0].replace(name, "it").splitlines() if found else []


def _is_wording(changed: list[str]) -> bool:
    """Tell whether only the words of a message differ: all else is equal once every Chinese text is the same."""
    before = [_without_words(line[1:]) for line in changed if line.startswith("-")]
    after = [_without_words(line[1:]) for line in changed if line.startswith("+")]
    words = any(re.search(r"[\u4e00-\u9fff]", line) for line in changed)
    old, new = "".join(before), "".join(after)
    return words and (old == new or re.sub(r"(hint=|rule=)?T,", "", old) == re.sub(r"(hint=|rule=)?T,", "", new))


def _without_words(line: str) -> str:
    line = re.sub(r"""f?"[^"]*[\u4e00-\u9fff][^"]*\"""", "T", line)
    return re.sub(r"\bNone\b", "T", line).replace(" ", "").rstrip(")")


def _run(folder: Path, *command: str, check: bool = True) -> None:
    subprocess.run(command, cwd=folder, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
