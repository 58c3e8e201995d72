"""Let atheris try one target, guided by which code it reaches.

    python -m tests.fuzzing.run NAME FOLDER [options of libFuzzer, such as -max_total_time=120]

The folder keeps whatever reached new code; it begins with good examples.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ledger"], enable_loader_override=False):
    from tests.fuzzing.targets import TARGETS, examples


def main() -> None:
    """Run until libFuzzer has had enough time, or dies of what it found."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, example in enumerate(examples(name)):
        (folder / f"example-{number}").write_bytes(example)
    atheris.Setup([sys.argv[0], str(folder), *sys.argv[3:]], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
