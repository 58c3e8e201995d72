"""What every asset is on a day: as it was registered, with what changed since.

Facts are append-only: a new class or place is one more row, of which the latest counts; changes of value add up. So a
correction of an old change leaves the later ones as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, and_, case, cast, func, select

from projections.tables import fact_asset, fact_asset_state

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Subquery, Table

    from projections.scope import Scope

__all__ = ["assets_at", "standing"]

_PLACE: Final = ("area", "town", "village")
_CLASS: Final = ("asset_class", "asset_form", "subclass")
_AS_REGISTERED: Final = ("project", "year", "name", "quantity", "place", "source", "parent", "document")


def assets_at(scope: Scope, *, ended: bool = False) -> Subquery:
    """Return a select of the assets that stand in the area, one row each; with ``ended`` of those that ended, too.

    Columns: ``asset``, ``project``, ``area``, ``town``, ``village``, ``year``, ``asset_class``, ``asset_form``,
    ``subclass``, ``name``, ``quantity``, ``place``, ``source``, ``parent``, ``document``, ``position`` and
    ``effective_on`` (of its registration), ``place_at`` and ``class_at`` (positions of what its place and class are
    told by), ``value_fen`` (original value as it stands), ``depreciation_fen``,
    ``provisional`` (0 or 1), ``life`` (``live``, ``disposed``, ``merged``, ``closed``).
    """
    first, since = fact_asset.c, _since(scope)
    found = (
        select(
            first.asset,
            first.position,
            *(first[name] for name in _AS_REGISTERED),
            first.effective_on,
            *(func.coalesce(since.c[name], first[name]).label(name) for name in (*_PLACE, *_CLASS)),
            (first.value_fen + func.coalesce(since.c.change_fen, 0)).label("value_fen"),
            func.coalesce(since.c.depreciation_fen, 0).label("depreciation_fen"),
            *(func.coalesce(since.c[name], first.position).label(name) for name in ("place_at", "class_at")),
            case((since.c.final > 0, 0), else_=first.provisional).label("provisional"),
            func.coalesce(since.c.life, "live").label("life"),
        )
        .select_from(fact_asset.outerjoin(since, since.c.asset == first.asset))
        .where(standing(scope, fact_asset))
    )
    everywhere = (found if ended else found.where(func.coalesce(since.c.life, "live") == "live")).subquery()
    return select(everywhere).where(scope.inside(everywhere)).subquery()


def standing(scope: Scope, facts: Table) -> ColumnElement[bool]:
    """Return the condition for facts, wherever they are, that were known, had happened, and were not taken back.

    Each fact is one row then: the one that its own event wrote.
    """
    again = facts.alias()
    taken_back = (
        select(again.c.origin)
        .where(again.c.position != again.c.origin, again.c.line == 0, scope.happened(again))
        .group_by(again.c.origin)
        .having(func.sum(again.c.sign) < 0)
    )
    return and_(facts.c.position == facts.c.origin, scope.happened(facts), facts.c.position.not_in(taken_back))


def _since(scope: Scope) -> Subquery:
    """Return a select of what changed of each asset: its latest class, place and life, and the sums of its amounts."""
    facts = fact_asset_state.c
    newest_first = (facts.effective_on.desc(), facts.origin.desc())
    order = func.row_number().over(partition_by=(facts.asset, facts.aspect), order_by=newest_first).label("nth")
    ranked = select(fact_asset_state, order).where(standing(scope, fact_asset_state)).subquery()
    change = ranked.c

    def newest(aspect: str, name: str, label: str = "") -> ColumnElement[Any]:
        return func.max(case((and_(change.aspect == aspect, change.nth == 1), change[name]))).label(label or name)

    # One join for everything: a database that does not know how few assets change would scan several for each asset.
    return (
        select(
            change.asset,
            *(newest("place", name) for name in _PLACE),
            *(newest("class", name) for name in _CLASS),
            *(newest(aspect, "position", f"{aspect}_at") for aspect in ("place", "class")),
            newest("life", "life"),
            *(cast(func.sum(change[name]), BigInteger).label(name) for name in ("change_fen", "depreciation_fen")),
            func.sum(case((change.aspect == "final", 1), else_=0)).label("final"),
        )
        .group_by(change.asset)
        .subquery()
    )
