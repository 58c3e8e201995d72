"""Sums of assets and rights, part by part: the population, and what each kind of holder has of each right.

Ownership, operation, income and disposal are additive: each asset's value is apportioned to its holders by their exact
shares, so that a panel adds up to the whole to the fen. Supervision is coverage: an asset under two supervisors counts
with each (assets.md 2.4).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Final

from ledger.codes import HolderKind, Right
from ledger.money import apportion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.cuts import Piece
    from projections.holdings import Held

__all__ = ["KIND_NAMES", "NONE", "Panels", "Sum", "nobody", "parts_of_right"]

NONE, UNSETTLED, UNCOVERED = "none", "unsettled", "uncovered"
KIND_NAMES: Final = {
    **{str(kind): kind.zh for kind in HolderKind},
    NONE: "无(依性质)",
    UNSETTLED: "未明确",
    UNCOVERED: "未覆盖",
}
"""Every kind of holder in the order of the rows, with what nobody holds at the end."""


@dataclass(slots=True)
class Sum:
    """So many assets, with their main holder or part, and touched at all; and so many fen."""

    assets: int = 0
    touched: int = 0
    fen: int = 0

    def add(self, assets: int, touched: int, fen: int) -> None:
        """Add to all three."""
        self.assets += assets
        self.touched += touched
        self.fen += fen


@dataclass(slots=True)
class Panels:
    """The sums of one report; part None is the total. ``rights`` are the codes of the panels in their order.

    With ``only`` the panels show what this one holder has, and nothing of what is unsettled.
    """

    rights: Sequence[str]
    only: str | None = None
    population: defaultdict[str | None, Sum] = field(default_factory=lambda: defaultdict(Sum))
    cells: defaultdict[tuple[str | None, str, str], Sum] = field(default_factory=lambda: defaultdict(Sum))
    _unset: defaultdict[tuple[str, str], Sum] = field(default_factory=lambda: defaultdict(Sum))

    def count(self, part: str, assets: int, fen: int) -> None:
        """Add assets that lie in one part; until ``hold`` or ``share`` say more, their rights are unsettled."""
        for key in (part, None):
            self.population[key].add(assets, assets, fen)
        for right in self.rights:
            self._unset[part, right].add(assets, assets, fen)

    def hold(self, part: str, right: str, kind: str, assets: int, fen: int) -> None:
        """Say that one holder has the whole right of each of so many assets that were counted."""
        self._unset[part, right].add(-assets, -assets, -fen)
        for key in (part, None):
            self.cells[key, right, kind].add(assets, assets, fen)

    def share(self, part: str, right: str, fen: int, holdings: Sequence[Held]) -> None:
        """Say who shares a right of one asset that was counted."""
        self._unset[part, right].add(-1, -1, -fen)
        self._split(right, [(part, fen, holdings)])

    def spread(self, pieces: Sequence[Piece], holdings: Sequence[Held]) -> None:
        """Add one asset that lies in several parts, with the holdings of all its rights."""
        main = max(range(len(pieces)), key=lambda index: pieces[index].fen)
        for index, (part, fen, _) in enumerate(pieces):
            self.population[part].add(int(index == main), 1, fen)
            self.population[None].add(int(index == main), int(index == main), fen)
        for right in self.rights:
            held = [each for each in holdings if each.right == right]
            self._split(right, [(each.part, each.fen, _owned(each, held)) for each in pieces])

    def finish(self) -> Panels:
        """Add the rights that nobody ever set, and return the panels."""
        for (part, right), rest in self._unset.items():
            if rest.assets and self.only is None:
                for key in (part, None):
                    self.cells[key, right, nobody(right)].add(rest.assets, rest.assets, rest.fen)
        self._unset.clear()
        return self

    def _split(self, right: str, pieces: Sequence[tuple[str, int, Sequence[Held]]]) -> None:
        main = max(range(len(pieces)), key=lambda index: pieces[index][1])
        touched: set[str] = set()
        for index, (part, fen, holdings) in enumerate(pieces):
            for kind, (is_main, value) in parts_of_right(right, fen, holdings, self.only).items():
                assets = int(is_main and index == main)
                self.cells[part, right, kind].add(assets, 1, value)
                self.cells[None, right, kind].add(assets, int(kind not in touched), value)
                touched.add(kind)


def nobody(right: str) -> str:
    """Return what counts as the holder of a right that nobody set."""
    return UNCOVERED if right == Right.SUPERVISION else UNSETTLED


def parts_of_right(
    right: str, fen: int, holdings: Sequence[Held], only: str | None = None
) -> dict[str, tuple[bool, int]]:
    """Return for each kind whether it is the main holder of so much value, and how many fen of it are its own."""
    holders = [each for each in holdings if each.status == "held"]
    if not holders:
        state = NONE if holdings and holdings[0].status == NONE and right != Right.SUPERVISION else nobody(right)
        return {} if only else {state: (True, fen)}
    if right == Right.SUPERVISION:
        return {each.kind: (True, fen) for each in holders if only in {None, each.holder}}
    # In whole units: a county has ten thousands of shared rights, and fractions are slow.
    common = lcm(*(each.share.denominator for each in holders))
    units = [each.share.numerator * (common // each.share.denominator) for each in holders]
    rest = common - sum(units)
    values = apportion(fen, [*units, max(rest, 0)])
    main = max(range(len(units)), key=units.__getitem__)
    found: dict[str, tuple[bool, int]] = {}
    for index, each in enumerate(holders):
        if only in {None, each.holder}:
            is_main, value = found.get(each.kind, (False, 0))
            found[each.kind] = (is_main or index == main, value + values[index])
    if rest > 0 and not only:
        found[UNSETTLED] = (rest > units[main], values[-1])
    return found


def _owned(piece: Piece, holdings: list[Held]) -> list[Held]:
    """Return the owners to whom a piece of the asset belongs, their shares being those of the piece."""
    if not piece.by_owner or not holdings or holdings[0].right != Right.OWNERSHIP:
        return holdings
    own = [each for each in holdings if each.village == piece.part]
    whole = sum((each.share for each in own), Fraction(0))
    return [each._replace(share=each.share / whole) for each in own]
