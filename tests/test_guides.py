"""The guides are walked through, command by command, as a reader would; what they show must be what is printed.

The conventions of a guide, which the reader sees as ordinary text:

* every line of a ``sh`` block is typed as it stands, in order, in one folder: ``xianjie …``, or ``cp FROM TO``;
* a remark line that says ``退出码 N`` announces how the next command ends; without one it ends with 0;
* a ``csv NAME`` or ``toml NAME`` block is what the reader saves as file NAME;
* a ``text`` block shows what the commands of the ``sh`` block before it print; ``…`` stands for anything;
* blocks of other kinds (``bat``, ``console``, ``json``) are only read;
* inline code that begins with ``错误:`` is a message that a command of this page, or of one before it, printed;
* a page that says ``接着[…](PAGE)`` goes on where PAGE ends, in a copy of its folder; others begin in an empty one.

The commands of the demonstration's guide are followed by ``tests/cli/test_demo.py``.
"""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from cli.main import xianjie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = DOCS / "guides"
PAGES = [*sorted(GUIDES.glob("*/*.md")), DOCS / "concepts.md", DOCS / "index.md"]

WALKED = [
    page for page in sorted(GUIDES.glob("*/*.md")) if page.name != "demo.md" and "```sh" in page.read_text("utf-8")
]

_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<name>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT_CODE = re.compile(r"退出码 (\d+)")
_MESSAGE = re.compile(r"`(错误:[^`]+)`")
_COMMAND = re.compile(r"\bxianjie ([^`\n|]*)")
_GOES_ON = re.compile(r"接着\[[^]]*\]\((?P<page>[^)#]+)\)")
_LINK = re.compile(r"\]\((?P<target>[^)#:]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a guide, and the line it stands on."""

    kind: str
    name: str
    body: str
    line: int


@dataclass
class Walk:
    """One reader in one folder: what the last block printed, and every message so far."""

    folder: Path
    printed: str = ""
    messages: list[str] = field(default_factory=list)

    def follow(self, page: Path) -> None:
        """Do everything that a guide tells its reader to do."""
        for block in blocks(page):
            at = f"{page.relative_to(DOCS)}:{block.line}"
            match block.kind:
                case "csv" | "toml":
                    (self.folder / block.name).write_text(block.body, encoding="utf-8")
                case "sh":
                    self.printed = "".join(self.type(line, code, at) for line, code in commands(block))
                case "text" if not matches(block.body, self.printed):
                    pytest.fail(f"{at} shows something else than\n{self.printed}", pytrace=False)
        for message in _MESSAGE.findall(page.read_text("utf-8")):
            if not any(matches(message, line) for line in self.messages):
                pytest.fail(f"{page.relative_to(DOCS)}: no command printed {message}", pytrace=False)

    def type(self, line: str, expected: int, at: str) -> str:
        """Run one line, check how it ends, and return what it printed."""
        program, *arguments = shlex.split(line)
        if program == "cp":
            source, target = (self.folder / name for name in arguments)
            shutil.copyfile(source, target)
            return ""
        result = CliRunner().invoke(xianjie, arguments)
        if program != "xianjie" or result.exit_code != expected:
            pytest.fail(f"{at}: {line}\nended with {result.exit_code}\n{result.output}", pytrace=False)
        if expected:
            self.messages += result.output.splitlines()
        return result.output


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(found["kind"], found["name"] or "", found["body"], text.count("\n", 0, found.start()) + 1)
        for found in _BLOCK.finditer(text)
    ]


def commands(block: Block) -> Iterator[tuple[str, int]]:
    """Yield each line that is typed with the exit code it is announced to have."""
    code = 0
    for line in filter(str.strip, block.body.splitlines()):
        if not line.startswith("#"):
            yield line, code
            code = 0
        elif announced := _EXIT_CODE.search(line):
            code = int(announced[1])


def matches(shown: str, printed: str) -> bool:
    parts = (re.escape(part) for part in trimmed(shown).split("…"))
    return re.fullmatch(".*".join(parts), trimmed(printed), re.DOTALL) is not None


def trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.fixture(scope="module", autouse=True)
def _clerk() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIANJIE_ACTOR", "李明")
        yield


@pytest.fixture(scope="module")
def follow(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Walk]:
    """Follow a page, after those that it goes on from; each is followed once."""
    done: dict[Path, Walk] = {}

    def followed(page: Path) -> Walk:
        if page not in done:
            walk = Walk(tmp_path_factory.mktemp(page.stem))
            if said := _GOES_ON.search(page.read_text("utf-8")):
                before = followed((page.parent / said["page"]).resolve())
                shutil.copytree(before.folder, walk.folder, dirs_exist_ok=True)
                walk.messages += before.messages
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(walk.folder)
                walk.follow(page)
            done[page] = walk
        return done[page]

    return followed


@pytest.mark.parametrize("page", WALKED, ids=lambda page: str(page.relative_to(GUIDES)))
def test_a_guide_can_be_followed_from_its_first_command_to_its_last(page: Path, follow: Callable[[Path], Walk]) -> None:
    assert (follow(page).folder / "xianjie.db").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_command_that_is_mentioned_exists_with_its_options(page: Path) -> None:
    for found in _COMMAND.finditer(page.read_text("utf-8")):
        command: click.Command = xianjie
        known = options_of(command)
        words = found[1].split()
        while words and isinstance(command, click.Group):
            word = words.pop(0)
            if word in known:
                words = words[1:] if known[word] else words
                continue
            inner = command.get_command(click.Context(command), word) if re.fullmatch("[a-z-]+", word) else None
            if inner is None:
                assert not re.match("[a-z-]", word), f"{page}: there is no `{found[0]}`"
                break
            command, known = inner, known | options_of(inner)
        unknown = [word for word in words if word.startswith("--") and word not in known]
        assert not unknown, f"{page}: `{found[0]}` has no {unknown}"


def options_of(command: click.Command) -> dict[str, bool]:
    """Return every flag of a command, and whether a value follows it."""
    found = {"-h": False, "--help": False}
    for param in command.params:
        if isinstance(param, click.Option):
            found |= dict.fromkeys(param.opts, not param.is_flag)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.finditer(page.read_text("utf-8")):
        assert (page.parent / link["target"]).exists(), f"{page}: {link['target']}"


def test_what_a_guide_shows_may_leave_out_parts_but_not_differ() -> None:
    assert matches("第 1 号,…,经办 李明", "第 1 号,2026-11-23 23:56:50,经办 李明  \n")
    assert not matches("第 1 号,…,经办 李明", "第 2 号,2026-11-23 23:56:50,经办 李明")
