"""Rendering: one environment that escapes everything, one page frame, and a policy that lets nothing in or out.

Style and scripts are written into each page and named by hash in its Content-Security-Policy: a page works from a
folder, from any server, without any request, and nothing that is added to it later runs.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.money import format_wan, format_yuan

if TYPE_CHECKING:
    from jinja2 import Environment

    from projections.extracts.extract import Told

__all__ = ["Cell", "Head", "Summed", "file_name", "render"]

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SCRIPTS: Final = {"replay": "replay.js", "search": "search.js", "verify": "verify.js"}


class Head(NamedTuple):
    """The head of a column; numbers stand to the right."""

    name: str
    numeric: bool = False


class Summed(NamedTuple):
    """What an amount is a sum of: the measure, the level where it is of one, the thing, and the entries of it."""

    measure: str
    level: str
    of: str
    parts: tuple[int, ...]


class Cell(NamedTuple):
    """A cell of a table: the page that it leads to, and what a reader can compare it with.

    That is what an entry tells, or the sum over several entries, or nothing: such a cell is marked on a page that
    proves itself. ``name`` makes it the name of its row.
    """

    text: str
    href: str = ""
    told: Told | None = None
    sum: Summed | None = None
    name: bool = False


def file_name(code: str) -> str:
    """Return a file name for a code, whatever a bureau writes in codes: never a path, never hidden, never too long."""
    return code if _PLAIN.fullmatch(code) else f"x{sha256(code.encode()).hexdigest()[:24]}"


def render(
    template: str,
    *,
    scripts: tuple[str, ...] = (),
    proofs: str = "",
    **values: Any,  # noqa: ANN401 - for the template
) -> bytes:
    """Return a page as UTF-8. ``scripts`` names those that it uses; every page is complete without them.

    ``proofs`` is JSON without "<", so it can stand in a script element.
    """
    style = _text("style.css")
    scripts = (*scripts, "verify") if proofs else scripts
    used = [_text(_SCRIPTS[name]) for name in scripts]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{_hash(style)}'",
            "script-src " + (" ".join(f"'sha256-{_hash(each)}'" for each in used) or "'none'"),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    page = _environment().get_template(template)
    return (page.render(style=style, scripts=used, policy=policy, proofs=proofs, **values).rstrip() + "\n").encode()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only where pages are made

    made = Environment(
        loader=PackageLoader("projections.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["yuan"] = format_yuan
    made.filters["wan"] = format_wan
    return made


@cache
def _text(name: str) -> str:
    return resources.files("projections.site").joinpath("templates", name).read_text("utf-8")


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
