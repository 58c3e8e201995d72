"""Readers of what strangers hand in, under a fuzzer that looks at which code it reaches (atheris, a long run)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzzing.targets import TARGETS, examples

ROOT = Path(__file__).parents[2]
SECONDS = int(os.environ.get("XIANJIE_FUZZ_SECONDS", "120"))


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_takes_good_examples_and_what_is_left_of_them(name: str) -> None:
    found = list(examples(name))
    assert found
    for example in found:
        for end in {len(example), len(example) // 2, 1, 0}:
            TARGETS[name](example[:end])


@pytest.mark.soak
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed here: make soak installs it")
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_the_declared_error_comes_out_whatever_goes_in(name: str, tmp_path: Path) -> None:
    limits = [f"-max_total_time={SECONDS}", "-timeout=5", "-rss_limit_mb=1024", "-max_len=8192"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzzing.run", name, str(tmp_path), *limits, f"-artifact_prefix={tmp_path}/"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
    tried = re.search(r"Done (\d+) runs", done.stderr)
    assert tried is not None, done.stderr[-1_000:]
    assert int(tried[1]) > 1_000
    print(f"{name}: {tried[1]} inputs in {SECONDS} s")  # noqa: T201 - what a long run is for
