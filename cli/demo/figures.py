"""The published figures as files: where they are, and how their cells are read."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.areas import load_areas
from ledger.domain.control import ListAreas
from ledger.domain.figure import ReportFigures
from ledger.errors import StorageError
from ledger.events import AreaEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ledger.domain.command import Command
    from ledger.money import Unit

__all__ = ["amount_in", "list_areas", "published_folder", "read_figures", "reported"]

_HERE = Path(__file__).parent


def published_folder() -> Path:
    """Return the folder of the published figures: inside the installed package, else ``examples`` of the checkout."""
    for folder in (_HERE / "examples", _HERE.parents[1] / "examples" / "published"):
        if folder.is_dir():
            return folder
    raise StorageError(
        "demo.no_figures",
        "找不到公布数字的文件(examples/published)",
        hint="请重新安装 xianjie-ledger,或在完整的源码目录中运行",
    )


def read_figures(name: str) -> list[dict[str, str]]:
    """Return the rows of one file, cells as printed; a cell that was not readable is an empty text."""
    with (published_folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def list_areas(on: date) -> Command:
    """Return the command that makes the areas of the published figures known."""
    areas = load_areas(published_folder() / "areas.csv")
    return ListAreas.of(on=on, areas=tuple(AreaEntry(**area._asdict()) for area in areas))


def reported(area: str, year: int, as_of: date, printed: Sequence[tuple[str, str, str]], **origin: object) -> Command:
    """Return the command that takes in what a table prints of an area: measures with their digits and unit.

    A cell that was not readable is no figure. ``origin`` says where and when it was printed.
    """
    figures = [{"measure": measure, "value": value, "unit": unit} for measure, value, unit in printed if value]
    return ReportFigures.of(area=area, year=year, as_of=as_of, figures=figures, **origin)


def amount_in(unit: Unit, fen: int) -> str:
    """Return an amount in 元, 万元 or 亿元, exact, with no more decimals than it needs."""
    digits = len(str(int(unit))) - 1
    text = f"{Decimal(fen).scaleb(-digits):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
