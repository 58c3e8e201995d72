"""Which of the adopted rule packs is in force for an area on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.errors import NotFoundError
from ledger.rules.model import RulePack, covers, specificity

__all__ = ["Adoption", "in_force"]


@dataclass(frozen=True, slots=True)
class Adoption:
    """A pack as adopted: in force from a day, recorded at a position."""

    pack: RulePack
    effective_on: date
    position: int


def in_force(adoptions: Iterable[Adoption], area: str, on: date) -> RulePack:
    """Return the pack in force: the most specific jurisdiction, then the latest day, then the latest record.

    Raises:
        NotFoundError: no adopted pack covers the area on that day.
    """
    candidates = [each for each in adoptions if each.effective_on <= on and covers(each.pack.jurisdiction, area)]
    if not candidates:
        raise NotFoundError(
            "rule.none_in_force",
            f"{area} 在 {on} 没有生效的规则包",
            hint="请先用 xianjie rule adopt base 采用规则包",
        )
    best = max(candidates, key=lambda each: (specificity(each.pack.jurisdiction), each.effective_on, each.position))
    return best.pack
