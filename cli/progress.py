"""A bar for what takes longer than a second: on a terminal, on the stream beside the data, gone where nobody looks.

What works through a log or a file says how far it is, ``heard(done, of)``, with 0 for ``of`` where nobody can know; it
knows nothing of terminals.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from itertools import repeat
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["counted", "progress"]

T = TypeVar("T")

_PATIENCE: Final = 1.0  # seconds before anything is shown
_OFTEN: Final = 0.1  # seconds between two drawings
_WIDTH: Final = 30  # of the bar; with a label of six signs and the numbers it fits 80 columns


@contextmanager
def progress(label: str, *, what: str = "") -> Iterator[Callable[[int, int], None]]:
    """Give a listener that shows a bar under a Chinese label once a second has passed; ``what`` is counted.

    Nothing is shown where the other stream is no terminal, or one that cannot go back in its line.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _done, _of: None
        return
    shown = _Shown(label, what)
    try:
        yield shown.hear
    finally:
        shown.close()


def counted(label: str, what: str, things: Iterable[T]) -> Iterator[T]:
    """Yield the things, showing how many have passed."""
    with progress(label, what=what) as heard:
        for number, thing in enumerate(things, start=1):
            yield thing
            heard(number, 0)


class _Shown:
    """One bar, drawn no sooner and no more often than somebody can see."""

    def __init__(self, label: str, what: str) -> None:
        self._label, self._what = label, what
        self._bar: Any = None  # click's, which has no public type
        self._done = 0
        self._next = monotonic() + _PATIENCE

    def hear(self, done: int, of: int) -> None:
        self._done = done
        now = monotonic()
        if now >= self._next:
            self._next = now + _OFTEN
            self._bar = self._bar or self._begun(of)
            self._bar.update(done - self._bar.pos)

    def close(self) -> None:
        """Leave the last state in its line; what is printed next begins on one of its own."""
        if self._bar is not None:
            self._bar.update(self._done - self._bar.pos)
            self._bar.render_finish()

    def _begun(self, of: int) -> Any:  # noqa: ANN401 - as above
        how: dict[str, Any] = {"label": self._label, "file": sys.stderr, "width": _WIDTH, "show_eta": False}
        if of:
            return click.progressbar(length=of, **how)
        template = f"%(label)s  %(info)s {self._what}"  # a bar without an end says nothing
        return click.progressbar(repeat(None), show_pos=True, bar_template=template, **how)
