"""Arrears (两拖欠): what is owed to enterprises and to workers and overdue, and how much of it was settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, select

from ledger.dates import days_between
from ledger.money import percent
from projections.parts import no_types, part_of
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_arrear

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Engine

__all__ = ["ArrearRow", "arrears"]

_MEASURES: Final = ("recorded", "settled")


@dataclass(frozen=True, slots=True)
class ArrearRow:
    """What is owed in one place to one kind of creditor, or to all where it is None, in fen.

    ``left_fen`` is recorded less settled; ``percent`` is settled / recorded; ``arrears_left`` counts debts not settled.
    """

    place: Place
    creditor_kind: str | None
    arrears: int
    arrears_left: int
    recorded_fen: int
    settled_fen: int
    left_fen: int
    percent: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def arrears(engine: Engine, question: Question) -> Answer[ArrearRow]:
    """Return the arrears of an area by kind of creditor, by county or town, and in total: recorded in one year or ever.

    The answer's ``arrears`` lists them one by one. No rule pack is needed. Raises ValueRefusedError where the question
    cannot be answered as put; arrears have no types.
    """
    with open_scope(engine, question) as scope:
        no_types(scope)
        debts = _debts(scope)
        parts: dict[str | None, list[dict[str, Any]]] = {None: debts}
        for debt in debts:
            parts.setdefault(part_of(scope, debt["area"], debt["town"]), []).append(debt)
        rows = tuple(
            row
            for key, place in scope.places((part for part in parts if part is not None), str)
            for row in _rows(place, parts[key])
        )
        return Answer("arrears", scope, rows, {"arrears": debts})


def _rows(place: Place, debts: list[dict[str, Any]]) -> list[ArrearRow]:
    kinds = sorted({debt["creditor_kind"] for debt in debts})
    return [
        *(_row(place, kind, [debt for debt in debts if debt["creditor_kind"] == kind]) for kind in kinds),
        _row(place, None, debts),
    ]


def _row(place: Place, kind: str | None, debts: list[dict[str, Any]]) -> ArrearRow:
    recorded, settled, left = (sum(debt[f"{name}_fen"] for debt in debts) for name in (*_MEASURES, "left"))
    open_debts = sum(debt["left_fen"] > 0 for debt in debts)
    return ArrearRow(place, kind, len(debts), open_debts, recorded, settled, left, percent(settled, recorded))


def _debts(scope: Scope) -> list[dict[str, Any]]:
    """Return every debt that stands, with its money in fen and the days it is overdue, by code."""
    facts = fact_arrear.c
    recorded = facts.measure == "recorded"

    def of_the_record(column: ColumnElement[str]) -> ColumnElement[str]:
        return func.max(case((recorded, column), else_="")).label(column.key)

    sums = [
        func.sum(case((facts.measure == name, facts.amount_fen), else_=0)).label(f"{name}_fen") for name in _MEASURES
    ]
    words = (facts.arrear, facts.area, facts.town, facts.project, facts.creditor_kind)
    said = [of_the_record(column) for column in (facts.effective_on, facts.debtor, facts.due_on)]
    # The record and its reversal make nothing of a debt: what is left are those whose recorded sum is not zero.
    wanted = select(*words, *said, *sums).where(scope.within(fact_arrear)).group_by(*words).order_by(facts.arrear)
    found = (_debt(scope, row) for row in scope.connection.execute(wanted).mappings())
    return [debt for debt in found if debt["recorded_fen"] and scope.year in {None, int(debt["since"][:4])}]


def _debt(scope: Scope, row: Mapping[Any, Any]) -> dict[str, Any]:
    fen = {f"{name}_fen": int(row[f"{name}_fen"]) for name in _MEASURES}
    left = fen["recorded_fen"] - fen["settled_fen"]
    owed_since = row["due_on"] or row["effective_on"]
    overdue = max(0, days_between(date.fromisoformat(owed_since), scope.as_of)) if left > 0 else 0
    names: Iterable[str] = ("arrear", "area", "town", "project", "creditor_kind", "debtor")
    return {
        **{name: row[name] for name in names},
        "since": row["effective_on"],
        "due_on": row["due_on"] or None,
        **fen,
        "left_fen": left,
        "days_overdue": overdue,
    }
