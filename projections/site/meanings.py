"""What the codes in the entries mean on a page: whoever reads an entry needs the words to compare a cell with it.

A page carries the words of the codes that its own entries have, no more.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from ledger.codes import AssetClass, AssetForm, BuildKind, FundKind, FundLevel, HolderKind, TaskDirection
from projections.extracts.lines_of_assets import STATES
from projections.extracts.lines_of_projects import GONE, KINDS, STAGES, WITHDRAWN
from projections.holdings import rights_of_day
from projections.mapping.money import CAUSES
from projections.site.words import MILESTONES, STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.codes import Code
    from projections.extracts.extract import Told
    from projections.scope import Scope

__all__ = ["Meanings", "Words"]

Words = dict[str, dict[str, str]]
"""By field, then by code: the words for it."""

_STEPS: Final = {
    "project.funded": MILESTONES["allocated"],
    "notice.published": MILESTONES["published"],
    "notice.amended": MILESTONES["published"],
    **{f"project.{name}": words for name, words in MILESTONES.items()},
    "asset.split_off": STEPS["identified"],
    **{f"asset.{name}": words for name, words in STEPS.items()},
}
_BY_TOPIC: Final[dict[str, dict[str, str]]] = {
    "@kind": KINDS,
    "@state": {f"project.{name}": words for name, words in STAGES.items()},
    "@change": {f"project.{name}": words for name, words in GONE.items()},
    "@step": _STEPS,
}
_OF_HOLDERS: Final = frozenset({"@owners", "@holder", "@share"})


class Meanings:
    """The words for codes, as the rules and the area list of one scope have them."""

    def __init__(self, scope: Scope) -> None:
        rights = dict(rights_of_day(scope))
        self._of: dict[str, Callable[[str], str]] = {
            **dict.fromkeys(("town", "village", "child_area"), lambda code: scope.name(code) if code else ""),
            "project_type": scope.pack.type_name if scope.pack else str,
            "right": lambda code: rights.get(code, code),
            "cause": lambda code: WITHDRAWN[CAUSES[code]] if code in CAUSES else "",
            "to_on": lambda day: day or "长期",
            **{name: _words_of(kind) for name, kind in _CODED.items()},
        }

    def of(self, told: Iterable[tuple[Told, str, dict[str, Any]]]) -> Words:
        """Return the words that the cells need, each given with the topic and the fields of the entry that tells it."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for one, topic, fields in told:
            for name in one.field.split():
                if name in _OF_HOLDERS:
                    found["status"].update(STATES)
                    kinds = {holding["kind"] for holding in fields.get("holdings", ())}
                    found["holder_kind"].update((kind, HolderKind(kind).zh) for kind in kinds)
                elif name in _BY_TOPIC:
                    found[name][topic] = _BY_TOPIC[name].get(topic, "")
                elif name in self._of:
                    code = str(fields.get(name) or "")
                    found[name][code] = self._of[name](code)
        return {name: dict(sorted(found[name].items())) for name in sorted(found)}


_CODED: Final[dict[str, type[Code]]] = {
    "fund_kind": FundKind,
    "level": FundLevel,
    "direction": TaskDirection,
    "build_kind": BuildKind,
    "asset_class": AssetClass,
    "asset_form": AssetForm,
}


def _words_of(kind: type[Code]) -> Callable[[str], str]:
    return lambda code: kind(code).zh if code else ""
