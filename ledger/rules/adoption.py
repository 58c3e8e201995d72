"""Which of the adopted rule packs are in force for an area on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.errors import NotFoundError
from ledger.rules.dated import Indicator
from ledger.rules.model import RulePack, covers, specificity

__all__ = ["Adoption", "in_force", "replaced_by", "targets_in_force"]


@dataclass(frozen=True, slots=True)
class Adoption:
    """A pack as adopted: in force from a day, recorded at a position."""

    pack: RulePack
    effective_on: date
    position: int

    @property
    def age(self) -> tuple[date, int]:
        """The order in which packs replace one another: by their first day, then by the record."""
        return self.effective_on, self.position


def in_force(adoptions: Iterable[Adoption], area: str, on: date) -> RulePack:
    """Return the pack in force: the most specific jurisdiction, then the latest day, then the latest record.

    Raises:
        NotFoundError: no adopted pack covers the area on that day.
    """
    candidates = [each for each in adoptions if each.pack.purpose == "rules" and _reaches(each, area, on)]
    if not candidates:
        raise NotFoundError(
            "rule.none_in_force",
            f"{area} 在 {on} 没有生效的规则包",
            hint="请先用 xianjie rule adopt base 采用规则包",
        )
    return max(candidates, key=lambda each: (specificity(each.pack.jurisdiction), each.age)).pack


def targets_in_force(adoptions: Iterable[Adoption], area: str, on: date) -> dict[str, Indicator]:
    """Return the indicators asked of the area, by id: those of the latest adoption of each pack of targets.

    Where packs share an id, the narrowest jurisdiction of the indicator wins, then the latest adoption.
    """
    latest: dict[str, Adoption] = {}
    for each in sorted(adoptions, key=lambda each: each.age):
        if each.pack.purpose == "targets" and _reaches(each, area, on):
            latest[each.pack.pack] = each
    asked = [
        (specificity(indicator.jurisdiction), each.age, indicator)
        for each in latest.values()
        for indicator in each.pack.indicators
        if covers(indicator.jurisdiction, area)
    ]
    return {indicator.id: indicator for *_, indicator in sorted(asked, key=lambda each: each[:2])}


def replaced_by(adoption: Adoption, earlier: Iterable[Adoption]) -> RulePack | None:
    """Return the pack that was in force where and from when this one is, of those adopted earlier; None without one.

    A pack of targets replaces only an earlier one of its own name.
    """
    area, on = adoption.pack.jurisdiction, adoption.effective_on
    if adoption.pack.purpose == "rules":
        try:
            return in_force(earlier, area, on)
        except NotFoundError:
            return None
    same = [each for each in earlier if each.pack.pack == adoption.pack.pack and _reaches(each, area, on)]
    return max(same, key=lambda each: each.age).pack if same else None


def _reaches(adoption: Adoption, area: str, on: date) -> bool:
    return adoption.effective_on <= on and covers(adoption.pack.jurisdiction, area)
