"""Help pages in Chinese that fit 80 columns, broken and aligned by display width.

Click breaks lines and aligns lists by characters, of which a Chinese one takes two columns. Its own words come from
the catalogue of ``cli.locale``; ``cli.failures`` says the errors. Nothing of click is patched.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast
from unicodedata import east_asian_width

import click
from click.shell_completion import CompletionItem
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["LazyNoun", "Noun", "Verb", "display_width"]

_PARTS = re.compile(r"\[必填\]|[!-~]+|.")  # a line breaks between any two Chinese signs, and not within a Latin word
_WIDEST_NAME = 30
_HANGING = 3
_LINE = 76  # of 80 columns: room for the marks that must not begin a line


def display_width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


class _Chinese(click.Command):
    def __init__(self, *args: Any, **attributes: Any) -> None:  # noqa: ANN401 - handed on to click as they are
        attributes.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **attributes)

    @override
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法: ")

    @override
    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_text(formatter, self.help or "")

    @override
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_text(formatter, self.epilog or "")

    @override
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [(name, text.replace("[required]", "[必填]")) for name, text in filter(None, records)]
        _write_list(formatter, "选项", rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    @override
    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本帮助"
        return option


class Verb(_Chinese):
    """A command whose help is Chinese."""


class Noun(_Chinese, click.Group):
    """A group of verbs whose help is Chinese."""

    command_class = Verb

    def __init__(self, *args: Any, **attributes: Any) -> None:  # noqa: ANN401 - handed on to click as they are
        attributes.setdefault("subcommand_metavar", "命令 …")
        super().__init__(*args, **attributes)

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of work, not of the alphabet

    def summaries(self, ctx: click.Context) -> Iterable[tuple[str, str]]:
        """Return the name of each command and its one line."""
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None:
                yield name, command.short_help or (command.help or "").partition("\n")[0]

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_list(formatter, "命令", list(self.summaries(ctx)))


class LazyNoun(Noun):
    """A group whose commands are imported only when they are run: its help needs none of their modules.

    ``lazy`` maps a command's name to where it is (``module:attribute``) and its one line of help. Commands that were
    added in the usual way come first.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **attributes: Any) -> None:  # noqa: ANN401 - handed on
        super().__init__(*args, **attributes)
        self._lazy = lazy

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *self._lazy]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._lazy[cmd_name][0].partition(":")
        return cast("click.Command", getattr(import_module(module), name))

    @override
    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        # Not the group's own: that imports every command to ask it for its one line.
        named = [CompletionItem(name, help=line) for name, line in self.summaries(ctx) if name.startswith(incomplete)]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    @override
    def summaries(self, ctx: click.Context) -> Iterable[tuple[str, str]]:
        plain = ((name, command.help or "") for name, command in self.commands.items())
        return (*plain, *((name, line) for name, (_, line) in self._lazy.items()))


def _write_text(formatter: click.HelpFormatter, text: str) -> None:
    if text:
        formatter.write_paragraph()
        for line in _wrapped(text, _LINE - 2):
            formatter.write(f"  {line}\n")


def _write_list(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    names = [display_width(name) for name, _ in rows]
    column = max((width for width in names if width <= _WIDEST_NAME), default=0) + 4
    with formatter.section(heading):
        for (name, text), width in zip(rows, names, strict=True):
            lines = list(_wrapped(text, _LINE - column))
            if width <= _WIDEST_NAME:
                formatter.write(f"  {name}{' ' * (column - width - 2)}{lines.pop(0) if lines else ''}\n")
            else:
                formatter.write(f"  {name}\n")
            for line in lines:
                formatter.write(f"{' ' * column}{line}\n")


def _hangs(part: str) -> bool:
    """Tell whether a part must not begin a line; the few columns that it takes are kept free for it."""
    return part in ",。;:、)”" or (part[0] in ",;:.)" and len(part) <= _HANGING)


def _wrapped(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for part in _PARTS.findall(text):
        if used + display_width(part) > width and not _hangs(part):
            yield line.rstrip()
            line, used = "", 0
            if part == " ":
                continue
        line += part
        used += display_width(part)
    if line.strip():
        yield line.rstrip()
