"""Figures that offices published or reported, each beside the one that comes out of the ledger: evidence, never mended.

The recomputed figure is of the area and the day that the published one speaks of, under the rules of the question, with
what is known now; where a figure claims to have been taken from a position of this ledger, with what was known there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from ledger.codes import FigureUnit
from ledger.money import Unit
from ledger.rules.measures import find_measure
from ledger.rules.model import Rate
from projections.counting import Counting
from projections.printed import compared
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Engine

    from ledger.rules.measures import Measure
    from ledger.rules.model import RulePack

__all__ = ["DiscrepancyRow", "discrepancies"]

_FEN: Final = {FigureUnit.YUAN.value: Unit.YUAN, FigureUnit.WAN.value: Unit.WAN, FigureUnit.YI.value: Unit.YI}
_VERDICTS: Final = ("match", "rounded", "truncated", "inconsistent", "no_base", "undefined")


@dataclass(frozen=True, slots=True)
class DiscrepancyRow:
    """One figure as printed, and what the ledger says instead of it; ``figure`` is the position of its entry.

    ``recomputed`` is rounded half up to the decimals printed, ``difference`` is published less recomputed; both are
    None where the denominator is 0 (``verdict`` no_base). The two integers are those of the exact number,
    ``counted_in`` fen or things; a quantity has no denominator. All are None where the rules measure no such thing
    (undefined).
    """

    place: Place
    figure: int
    year: int | None
    kind: str
    measure: str
    name: str
    as_of: str
    unit: str
    published: str
    recomputed: str | None
    difference: str | None
    verdict: str
    recomputed_numerator: int | None
    recomputed_denominator: int | None
    counted_in: str | None
    published_on: str
    document: str
    issuer: str
    channel: str
    cut_from: int | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Figure(NamedTuple):
    origin: int
    effective_on: str
    area: str
    year: int | None
    kind: str
    measure: str
    value: str
    unit: str
    as_of: str
    issuer: str
    channel: str
    cut_from: int | None
    document: str


def discrepancies(engine: Engine, question: Question) -> Answer[DiscrepancyRow]:
    """Return every figure published of the area by the day asked about, of one plan year or of all, beside its own.

    ``verdicts`` counts them; ``definitions`` says what each measure is. Raises ValueRefusedError where the question
    cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        figures = _figures(scope)
        measures = _measures(scope.pack, figures)
        moments: dict[tuple[str, int | None, str, int], list[_Figure]] = {}
        for figure in figures:
            moments.setdefault((figure.area, figure.year, figure.as_of, _known_at(scope, figure)), []).append(figure)
        rows = [row for same in moments.values() for row in _rows(scope, same, measures)]
        rows.sort(key=lambda row: row.figure)
        verdicts = Counter(row.verdict for row in rows)
        more: dict[str, object] = {
            "definitions": [_definition(each) for each in measures.values()],
            "verdicts": {verdict: verdicts[verdict] for verdict in _VERDICTS},
        }
        return Answer("discrepancies", scope, tuple(rows), more)


def _figures(scope: Scope) -> list[_Figure]:
    facts = fact_figure.c
    columns = [facts[name] for name in _Figure._fields]
    wanted = (
        select(*columns)
        .where(scope.within(fact_figure), *([] if scope.year is None else [facts.year == scope.year]))
        .group_by(*columns)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.origin)
    )
    return [_Figure(*row) for row in scope.connection.execute(wanted)]


def _known_at(scope: Scope, figure: _Figure) -> int:
    return scope.position if figure.cut_from is None else min(figure.cut_from, scope.position)


def _measures(pack: RulePack | None, figures: Iterable[_Figure]) -> dict[tuple[str, str], Measure]:
    """Return what the rules measure of that which figures speak of."""
    if pack is None:
        return {}
    asked = dict.fromkeys((figure.kind, figure.measure) for figure in figures)
    found = {each: find_measure(pack, *each) for each in asked}
    return {each: measure for each, measure in found.items() if measure is not None}


def _rows(
    scope: Scope, figures: Sequence[_Figure], measures: dict[tuple[str, str], Measure]
) -> Iterator[DiscrepancyRow]:
    """Yield the rows of figures of one area, year, day and position: what they speak of is counted once."""
    first = figures[0]
    then = replace(
        scope,
        area=first.area,
        year=first.year,
        by="area",
        as_of=date.fromisoformat(first.as_of),
        position=_known_at(scope, first),
    )
    spoken_of = {(each.kind, each.measure) for each in figures}
    asked = {key: _as_rate(measure) for key, measure in measures.items() if key in spoken_of}
    counting = Counting(then, list(asked.values()), stock=first.year is None) if asked else None
    for figure in figures:
        row, measure = _as_printed(scope, figure), measures.get((figure.kind, figure.measure))
        if measure is None or counting is None:
            yield row
            continue
        numerator, denominator, _ = counting.of(asked[figure.kind, figure.measure], None)
        exact = _exact(measure, figure.unit, numerator, denominator)
        found = None if exact is None else compared(figure.value, exact)
        yield replace(
            row,
            name=measure.name,
            recomputed=found.recomputed if found else None,
            difference=found.difference if found else None,
            verdict=found.verdict if found else "no_base",
            recomputed_numerator=numerator,
            recomputed_denominator=denominator if measure.denominator else None,
            counted_in=measure.counted_in,
        )


def _as_rate(measure: Measure) -> Rate:
    """Return the measure as something that is counted: what has no denominator is its own."""
    return Rate(
        set=measure.kind,
        id=measure.id,
        name=measure.name,
        unit="fen",
        numerator=measure.numerator,
        denominator=measure.denominator or measure.numerator,
        rounding="half_up",
        digits=2,
        source=measure.source,
    )


def _exact(measure: Measure, unit: str, numerator: int, denominator: int) -> Fraction | None:
    """Return the number in the unit of the figure, or None over a zero denominator."""
    if measure.unit == "percent":
        return Fraction(100 * numerator, denominator) if denominator else None
    number = denominator - numerator if measure.kind == "rest" else numerator
    return Fraction(number, _FEN.get(unit, 1))


def _as_printed(scope: Scope, figure: _Figure) -> DiscrepancyRow:
    """Return the row of a figure of which nothing is known but what was printed."""
    return DiscrepancyRow(
        place=Place("part", figure.area, scope.name(figure.area)),
        figure=figure.origin,
        year=figure.year,
        kind=figure.kind,
        measure=figure.measure,
        name=figure.measure,
        as_of=figure.as_of,
        unit=figure.unit,
        published=figure.value,
        recomputed=None,
        difference=None,
        verdict="undefined",
        recomputed_numerator=None,
        recomputed_denominator=None,
        counted_in=None,
        published_on=figure.effective_on,
        document=figure.document,
        issuer=figure.issuer,
        channel=figure.channel,
        cut_from=figure.cut_from,
    )


def _definition(measure: Measure) -> dict[str, object]:
    sides = {"numerator": measure.numerator, "denominator": measure.denominator}
    return {
        "kind": measure.kind,
        "measure": measure.id,
        "name": measure.name,
        "source": measure.source,
        **{
            side: None if each is None else {"id": each.id, "name": each.name, "source": each.source}
            for side, each in sides.items()
        },
    }
