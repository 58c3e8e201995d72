"""Take the pictures of the site in docs/images: `python scripts/screens.py PUBLIC INTERNAL`, two builds of one ledger.

The pictures are looked at by people after a change of the pages; nothing compares them. Needs Chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

_IMAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
_WIDTHS: Final = (1280, 375)
_HEIGHT: Final = 900


def main(public: Path, internal: Path) -> None:
    """Write one picture of every page and width."""
    pages = {
        "front": public / "index.html",
        "notice": public / "plan_completion.html",
        "project": min((public / "projects").glob("*.html")),
        "months": internal / "months.html",
    }
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width in _WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": _HEIGHT})
            for name, path in pages.items():
                page.goto(path.resolve().as_uri())
                page.wait_for_load_state("networkidle")
                if page.locator("#verdict").count():
                    page.wait_for_selector("#verdict.ok, #verdict.bad")
                page.screenshot(path=_IMAGES / f"site-{name}-{width}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
