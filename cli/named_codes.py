"""Names of coded lists that rules hold: cost codes and sub-classes of assets, a county's own among them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.rules import RulePack
    from projections.scope import Scope

__all__ = ["listed_name", "name_in"]

_LISTS: Final = {
    "cost": ("cost_codes",),
    "costs": ("cost_codes",),
    "subclass": ("subclasses_operating", "subclasses_public", "subclasses_household"),
}
_META_KEY: Final = "cli.named_codes"


def listed_name(field: str, code: str) -> str | None:
    """Return the name of a code of a field's list; None where the field has no list, the code itself if unknown.

    A code that the shipped pack does not know is looked for in the packs that the ledger has adopted.
    """
    if field not in _LISTS:
        return None
    return _shipped(field).get(code) or _adopted(field).get(code, code)


def name_in(scope: Scope, field: str, code: str) -> str:
    """Return the name of a code by the rules that a report stands on, else as everywhere."""
    from ledger.rules.named import named_codes

    if scope.pack is not None:
        for listed in _LISTS[field]:
            names = named_codes(scope.pack, listed, scope.area, scope.as_of)
            if code in names:
                return names[code]
    return listed_name(field, code) or code


@cache
def _shipped(field: str) -> dict[str, str]:
    from ledger.rules.pack import parse_pack, shipped_packs

    return _agreed(field, [parse_pack(shipped_packs()["base"])])


def _adopted(field: str) -> dict[str, str]:
    """Return what the adopted packs call their codes, read once in a run, and only when a code is met that needs it."""
    ctx = click.get_current_context(silent=True)
    if ctx is None:
        return {}
    read: dict[str, dict[str, str]] = ctx.meta.setdefault(_META_KEY, {})
    if field not in read:
        read[field] = _agreed(field, _packs(ctx))
    return read[field]


def _packs(ctx: click.Context) -> Iterator[RulePack]:
    from cli.context import Settings, open_log
    from cli.histories import history_of
    from ledger.domain.history import live
    from ledger.errors import LedgerError
    from ledger.events import RulePackAdopted, streams
    from ledger.rules.pack import parse_pack

    try:
        with open_log(ctx.ensure_object(Settings)) as engine:
            events = live([each.event for each in history_of(engine, streams.RULES).recorded])
        yield from (parse_pack(event.text, event.base) for event in events if isinstance(event, RulePackAdopted))
    except LedgerError:
        return  # a name is a courtesy: what is wrong with the ledger is told by what was asked of it


def _agreed(field: str, packs: Iterator[RulePack] | list[RulePack]) -> dict[str, str]:
    """Return the name of each code by the latest pack of a place; a code that places call otherwise keeps none."""
    from ledger.dates import today
    from ledger.rules.named import named_codes

    found: dict[str, dict[str, str]] = {}
    for pack in packs:
        for parameter in pack.parameters:
            listed = parameter.name.removeprefix("more_")
            if listed in _LISTS[field]:
                names = named_codes(pack, listed, parameter.jurisdiction, parameter.valid_from or today())
                for code, name in names.items():
                    found.setdefault(code, {})[parameter.jurisdiction] = name
    called = {code: set(by_place.values()) for code, by_place in found.items()}
    return {code: names.pop() for code, names in called.items() if len(names) == 1}
