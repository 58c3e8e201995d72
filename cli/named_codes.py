"""Names of the coded lists of the shipped pack: cost codes and sub-classes of assets."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["listed_name", "name_in"]

_LISTS: Final = {
    "cost": ("cost_codes",),
    "subclass": ("subclasses_operating", "subclasses_public", "subclasses_household"),
}


def listed_name(field: str, code: str) -> str | None:
    """Return the name of a code of a field's list; None where the field has no list, the code itself if unknown."""
    return _names(field).get(code, code) if field in _LISTS else None


def name_in(scope: Scope, field: str, code: str) -> str:
    """Return the name of a code by the rules that a report stands on, a county's own codes among them."""
    from ledger.rules.named import named_codes

    if scope.pack is not None:
        for listed in _LISTS[field]:
            names = named_codes(scope.pack, listed, scope.area, scope.as_of)
            if code in names:
                return names[code]
    return listed_name(field, code) or code


@cache
def _names(field: str) -> dict[str, str]:
    from ledger.dates import today
    from ledger.rules.named import named_codes
    from ledger.rules.pack import parse_pack, shipped_packs

    base = parse_pack(shipped_packs()["base"])
    return {
        code: name
        for each in base.parameters
        if each.name in _LISTS[field]
        for code, name in named_codes(base, each.name, each.jurisdiction, each.valid_from or today()).items()
    }
