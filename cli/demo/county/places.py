"""Where it happens: the city and its counties as shipped, and made-up villages below their towns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ledger.areas import shipped_areas
from ledger.domain.control import ListAreas
from ledger.domain.holders import Holder
from ledger.events import AreaEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.demo.county.chance import Chance
    from ledger.domain.command import Command

__all__ = ["CITY", "County", "Village", "counties", "list_villages"]

CITY: Final = "520200"
_COUNTIES: Final = ("520201", "520203", "520204", "520281")
_SINCE: Final = date(2021, 1, 1)
_FIRST_VILLAGE: Final = 201


@dataclass(frozen=True)
class Village:
    """A made-up village of a real town; ``collective`` is its collective as a holder of rights."""

    code: str
    name: str
    town: str
    town_name: str

    @property
    def full_name(self) -> str:
        """Return the name with that of the town."""
        return f"{self.town_name}{self.name}"

    def collective(self, share: str = "1") -> Holder:
        """Return the village's collective as the holder of a share."""
        name = f"{self.full_name}股份经济合作社"
        return Holder(holder=f"V{self.code}", kind="village_collective", share=share, name=name)


@dataclass(frozen=True)
class County:
    """One of the city's counties."""

    code: str
    villages: tuple[Village, ...]

    @cached_property
    def name(self) -> str:
        """Return the county's name."""
        return shipped_areas().name(self.code)


def counties(chance: Chance) -> list[County]:
    """Return the four counties with two to four made-up villages in each town."""
    return [County(code, tuple(_villages(code, chance))) for code in _COUNTIES]


def list_villages(places: Sequence[County], on: date) -> Command:
    """Return the command that makes the villages known; their names say that they are made up."""
    villages = [village for county in places for village in county.villages]
    entries = tuple(AreaEntry(code=each.code, name=each.name, valid_from=_SINCE) for each in villages)
    return ListAreas.of(on=on, document="演示用村级区划(合成)", areas=entries)


def _villages(county: str, chance: Chance) -> list[Village]:
    return [
        Village(f"{town.code}{_FIRST_VILLAGE + number}", f"示范村{number + 1:02d}", town.code, town.name)
        for town in shipped_areas().children(county, _SINCE)
        for number in range(chance.between(2, 4))
    ]
