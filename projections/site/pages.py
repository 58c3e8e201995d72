"""Rendering: one environment that escapes everything, one page frame, and a policy that lets nothing in or out.

Style and scripts are written into each page and named by hash in its Content-Security-Policy: a page works from a
folder, from any server, without any request, and nothing that is added to it later runs.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from ledger.money import format_wan, format_yuan

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render"]

_SCRIPTS: Final = {"search": "search.js", "verify": "verify.js", "replay": "replay.js"}


def render(template: str, *, scripts: tuple[str, ...] = (), **values: Any) -> bytes:  # noqa: ANN401 - for the template
    """Return a page as UTF-8. ``scripts`` names those that it uses; every page is complete without them."""
    style = _text("style.css")
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
    return (page.render(style=style, scripts=used, policy=policy, **values).rstrip() + "\n").encode()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - the extra ``publish``

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
