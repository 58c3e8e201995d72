"""The question before money moves, or something cannot be taken back: the amount in figures and words, then 是 or 否.

It is asked of a person only: never where the input is not a terminal, and not after ``--yes``. A script that pipes its
input has nobody to ask, and every command that writes can be previewed with ``--dry-run``.
"""

from __future__ import annotations

import sys
from typing import Final

import click

from ledger.characters import half_width

__all__ = ["ask", "can_ask"]

_YES: Final = frozenset({"是", "y", "yes"})
_NO: Final = frozenset({"否", "n", "no"})


def ask(question: str, *, typed: str = "") -> None:
    """Ask until the answer is clear; ``typed`` is a text to be typed instead of 是. Raises Abort when declined."""
    wanted = frozenset({typed}) if typed else _YES
    choices = f"[输入 {typed} 确认,否 放弃]" if typed else "[是/否]"
    while True:
        answer = half_width(click.prompt(f"{question} {choices}", prompt_suffix=" ", err=True)).strip().lower()
        if answer in wanted:
            return
        if answer in _NO:
            click.echo("没有记账", err=True)
            raise click.Abort
        click.echo(f"请输入{typed or '是'}或否", err=True)


def can_ask() -> bool:
    """Tell whether a person sits there."""
    return sys.stdin.isatty()
