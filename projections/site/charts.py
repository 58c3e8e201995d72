"""Charts as SVG text, each with the same numbers in a table beside it: bars against a line, and one Sankey.

Whole coordinates and integer arithmetic only, so that a chart is the same on every machine. Colour is never the only
difference: every band and bar carries its words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from ledger.money import format_wan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Bar", "Flow", "bars", "sankey"]

_WIDTH: Final = 640
_LABELS: Final = 168
_ROW: Final = 28
_HEIGHT: Final = 420
_NODE: Final = 14
_GAP: Final = 10
_LEAST: Final = 2
_TINTS: Final = ("#1b5e8c", "#8c4a1b", "#2d6b3f", "#6b2d62", "#5c5c14", "#2d5f6b", "#7a2e2e", "#40407a")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, its two integers, its printed percentage, and the percentage it should reach."""

    name: str
    numerator: int
    denominator: int
    percent: str | None
    threshold: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """So many fen between two things in neighbouring columns; a name alone does not tell its column."""

    source: tuple[int, str]
    target: tuple[int, str]
    fen: int


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """Return bars of percentages, each with a line at its threshold. Rates above 100 run to the edge and say so."""
    height = _ROW * len(rows) + 8
    span = _WIDTH - _LABELS - 72
    parts = [_open(title, _WIDTH, height)]
    for number, row in enumerate(rows):
        top = 6 + number * _ROW
        length = min(span, span * row.numerator // row.denominator) if row.denominator > 0 else 0
        words = "—" if row.percent is None else f"{row.percent}%"
        parts += [
            f'<text x="{_LABELS - 8}" y="{top + 14}" text-anchor="end">{escape(_short(row.name, 18))}</text>',
            f'<rect x="{_LABELS}" y="{top}" width="{span}" height="18" class="track"/>',
            f'<rect x="{_LABELS}" y="{top}" width="{max(0, length)}" height="18" class="bar"/>',
            f'<text x="{_LABELS + span + 6}" y="{top + 14}">{words}</text>',
        ]
        if row.threshold is not None:
            whole, _, part = row.threshold.partition(".")
            hundredths = int(whole) * 100 + int((part + "00")[:2])
            at = _LABELS + span * hundredths // 10_000
            parts.append(
                f'<line x1="{at}" y1="{top - 3}" x2="{at}" y2="{top + 21}" class="mark">'
                f"<title>应达到 {escape(row.threshold)}%</title></line>"
            )
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every text in it was escaped above


def sankey(title: str, flows: Sequence[Flow]) -> Markup:
    """Return where money went, column by column. Bands are as wide as their money; a title on each says how much."""
    into: Counter[tuple[int, str]] = Counter()
    out: Counter[tuple[int, str]] = Counter()
    for each in flows:
        out[each.source] += each.fen
        into[each.target] += each.fen
    sizes = {node: max(into[node], out[node]) for node in dict.fromkeys([*out, *into])}
    columns: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for node in sizes:
        columns[node[0]].append(node)
    if not columns:
        return Markup("")
    tallest = max(len(nodes) for nodes in columns.values())
    room = _HEIGHT - _GAP * (tallest + 1)
    whole = max(sum(sizes[node] for node in nodes) for nodes in columns.values())
    tops = {node: top for nodes in columns.values() for node, top in _stacked(nodes, sizes, room, whole)}
    step = (_WIDTH - _NODE - 96) // max(1, *columns)
    parts = [_open(title, _WIDTH, _HEIGHT)]
    leaving, arriving = dict(tops), dict(tops)
    tints = {node: _TINTS[number % len(_TINTS)] for number, node in enumerate(sizes)}
    for each in flows:
        width = max(_LEAST, room * each.fen // whole)
        x1, x2 = each.source[0] * step + _NODE, each.target[0] * step
        y1, y2 = leaving[each.source] + width // 2, arriving[each.target] + width // 2
        leaving[each.source] += width
        arriving[each.target] += width
        middle = (x1 + x2) // 2
        words = f"{each.source[1]} → {each.target[1]} {format_wan(each.fen)}万元"
        parts.append(
            f'<path d="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}" stroke="{tints[each.source]}"'
            f' stroke-width="{width}" class="band"><title>{escape(words)}</title></path>'
        )
    for node, size in sizes.items():
        x, y, height = node[0] * step, tops[node], max(_LEAST, room * size // whole)
        parts += [
            f'<rect x="{x}" y="{y}" width="{_NODE}" height="{height}" fill="{tints[node]}">',
            f"<title>{escape(node[1])} {format_wan(size)}万元</title></rect>",
            f'<text x="{x + _NODE + 4}" y="{y + height // 2 + 5}">{escape(_short(node[1], 16))}</text>',
        ]
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - as above


def _stacked(
    nodes: Sequence[tuple[int, str]], sizes: Mapping[tuple[int, str], int], room: int, whole: int
) -> list[tuple[tuple[int, str], int]]:
    found, top = [], _GAP
    for node in nodes:
        found.append((node, top))
        top += max(_LEAST, room * sizes[node] // whole) + _GAP
    return found


def _short(name: str, most: int) -> str:
    """Return a name that has room, ``most`` Latin letters wide; the whole of it stands in the table."""
    widths = list(accumulate(1 if letter.isascii() else 2 for letter in name))
    if not widths or widths[-1] <= most:
        return name
    return f"{name[: sum(width <= most - 2 for width in widths)]}…"


def _open(title: str, width: int, height: int) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
