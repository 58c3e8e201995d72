"""What a notice must show: the ``fields`` of the duties to publish, each held against the columns and the notes.

A field that the template has columns for is shown by them. Any other is shown by a note that begins with its name and a
colon (``补助标准:每棚补助2万元``). Who is responsible is an office and a post, never a person.

Source: the rule pack's ``[[disclosure]]``; 国开办发〔2018〕11号 for the annual plan (funds.md 5).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.scope import Question, open_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from ledger.rules.dated import Disclosure
    from projections.extracts.extract import Extract

__all__ = ["Missing", "missing_from"]

_TOWN_DIGITS: Final = 9


class _Shown(NamedTuple):
    """What shows a field: all of these columns, and a note for each of these names."""

    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


_FUNDED: Final = ("central_fen", "provincial_fen", "city_fen", "county_fen", "other_fen", "funded_fen")
_FIELDS: Final = {
    "资金来源和文号": _Shown(("fund_kind", "level", "source_document")),
    "资金总额": _Shown(("amount_fen",)),
    "分级次金额": _Shown(("level", "amount_fen")),  # the foot adds them up (``shown.by_level``)
    "项目明细": _Shown(("receiver", "receiver_name", "amount_fen")),
    "监督电话": _Shown(),  # the foot of every notice (``shown.FOOT``)
    "项目名称": _Shown(("name",)),
    "实施地点": _Shown(("place",)),
    "建设任务": _Shown(("content",)),
    "资金来源和规模": _Shown(_FUNDED),
    "实施期限": _Shown(("begin_on", "finish_on")),
    "实施单位": _Shown(("unit",)),
    "实施单位和责任人": _Shown(("unit",), ("责任人",)),
    "绩效目标": _Shown(("goal",)),
    "带贫减贫机制": _Shown(("linkage",)),
}
"""By field of the rule packs; a field that stands not here, as a county may ask for any, is shown by a note."""


class Missing(NamedTuple):
    """A field that a duty asks for and a notice does not show; ``note`` is the name with which a note would."""

    field: str
    note: str
    duty: str
    source: str


def missing_from(engine: Engine, extract: Extract) -> list[Missing]:
    """Return what a notice wants of the fields that the rules in force where it was cut ask for, in their order.

    Raises LedgerError as ``open_scope``.
    """
    about = extract.about
    as_of = date.fromisoformat(about["as_of"])
    question = Question(about["area"], about["year"], as_of=as_of, known_at=about["position"])
    with open_scope(engine, question) as scope:
        duties = () if scope.pack is None else scope.pack.disclosures_in(scope.area, as_of)
    by = _publisher(about["area"], about["place"])
    asked = [each for each in duties if each.template == extract.template and each.by == by]
    return [missing for duty in asked for missing in _missing(extract, duty)]


def _missing(extract: Extract, duty: Disclosure) -> Iterator[Missing]:
    columns = {each.key for each in extract.columns}
    for field in duty.fields:
        shown = _FIELDS.get(field, _Shown(notes=(field,)))
        names = shown.notes if columns.issuperset(shown.columns) else (field,)
        for name in names:
            if not any(_says(note, name) for note in extract.notes):
                yield Missing(field, name, duty.id, duty.source)


def _says(note: str, name: str) -> bool:
    """Say whether a note begins with the name and goes on after its colon."""
    head, _, text = note.strip().replace(":", ":", 1).partition(":")
    return head.strip() == name and bool(text.strip())


def _publisher(area: str, place: str) -> str:
    """Return who publishes: the level of the place, or of the area."""
    if place:
        return "town" if len(place) == _TOWN_DIGITS else "village"
    if area.endswith("0000"):
        return "province"
    return "city" if area.endswith("00") else "county"
