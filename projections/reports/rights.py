"""The split of the rights to assets: one panel for each right over one population, by kind of holder.

The population is the register of the day: what an asset is, is worth and where it lies as it stands then; what ended
has left it. What nobody decided is a row, not a gap. Source: assets.md 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, case, cast, func, or_, select, true

from ledger.codes import AssetClass, Right
from ledger.errors import NotFoundError
from ledger.money import apportion, percent
from projections.assets import assets_at
from projections.cuts import Cut, Piece, cut_of, part_name
from projections.holdings import Held, assets_of_holder, held, held_at, newest_settings, one_holder, rights_of_day
from projections.panels import KIND_NAMES, NONE, Panels, nobody
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine, Subquery

    from ledger.rules.rights import NamedRight

__all__ = ["RightRow", "rights"]

_CLASSES: Final = {str(code): code.zh for code in AssetClass}


@dataclass(frozen=True, slots=True)
class RightRow:
    """What one kind of holder has of one right in one place; ``part`` is the code of the part, None in the total.

    ``assets`` counts an asset once, with its main holder; ``assets_touched`` with every kind that has a share in it.
    ``whole_assets`` and ``whole_value_fen`` are the population; ``percent`` is the share of value.
    """

    place: Place
    right: str
    right_name: str
    holder_kind: str
    holder_kind_name: str
    assets: int
    assets_touched: int
    value_fen: int
    whole_assets: int
    whole_value_fen: int
    percent: str | None
    part: str | None
    part_name: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


@dataclass(frozen=True, slots=True)
class _Register:
    """The assets asked about: each with its part, and whether it is looked at by itself instead of summed up."""

    scope: Scope
    assets: Subquery
    settings: Subquery
    cut: Cut


def rights(
    engine: Engine, question: Question, *, holder: str | None = None, asset: str | None = None
) -> Answer[RightRow]:
    """Return the split of every right over the assets of an area, by part and in total.

    ``question.year`` limits the population to assets formed in one year, ``asset`` to one asset; ``holder`` limits the
    rows to what this one holds. With either, the answer's ``holdings`` lists every single holding. No rule pack is
    needed.

    Raises:
        NotFoundError: the asset does not stand in the area on that day.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        named = rights_of_day(scope)
        register = _register(scope, holder, asset)
        panels = Panels([right.code for right in named], only=holder)
        _count(register, panels)
        if holder is None and asset is None:
            _sum_up(register, panels)
        singly = list(_look_at(register, panels, named if holder or asset else ()))
        if asset is not None and not panels.population:
            raise NotFoundError(
                "report.asset_not_standing",
                f"截至 {scope.as_of},{scope.name(scope.area)}没有在册的资产“{asset}”",
                hint="请核对资产编号、--area 和 --as-of;已处置的资产用 xianjie report card 查看",
            )
        more: dict[str, object] = {"supervision": "coverage", "holder": holder, "asset": asset, "holdings": singly}
        return Answer("rights", scope, tuple(_rows(scope, panels.finish(), named)), more)


def _rows(scope: Scope, panels: Panels, named: tuple[NamedRight, ...]) -> Iterator[RightRow]:
    found = (part for part in panels.population if part is not None)
    for part, place in scope.places(found, lambda code: _CLASSES.get(code, code)):
        whole = panels.population[part]
        for right in named:
            for kind, kind_name in KIND_NAMES.items():
                if (part, right.code, kind) in panels.cells:
                    has = panels.cells[part, right.code, kind]
                    yield RightRow(
                        place=place,
                        right=right.code,
                        right_name=right.zh,
                        holder_kind=kind,
                        holder_kind_name=kind_name,
                        assets=has.assets,
                        assets_touched=has.touched,
                        value_fen=has.fen,
                        whole_assets=whole.assets,
                        whole_value_fen=whole.fen,
                        percent=percent(has.fen, whole.fen),
                        part=part,
                        part_name=None if part is None else part_name(scope, part),
                    )


def _register(scope: Scope, holder: str | None, asset: str | None) -> _Register:
    every = assets_at(scope)
    cut = cut_of(scope, every)
    listed = true() if asset is not None else cut.spread
    if holder is not None:
        listed = or_(listed, every.c.asset.in_(assets_of_holder(scope, holder)))
    wanted = select(
        every.c.asset,
        every.c.name,
        every.c.value_fen,
        cut.part.label("part"),
        cast(cut.spread, Integer).label("spread"),
        cast(listed, Integer).label("listed"),
    )
    if scope.year is not None:
        wanted = wanted.where(every.c.year == scope.year)
    if asset is not None:
        wanted = wanted.where(every.c.asset == asset)
    return _Register(scope, wanted.subquery(), newest_settings(scope), cut)


def _count(register: _Register, panels: Panels) -> None:
    assets = register.assets.c
    counted = select(assets.part, func.count(), func.sum(assets.value_fen)).where(assets.listed == 0)
    for part, number, fen in register.scope.connection.execute(counted.group_by(assets.part)):
        panels.count(register.scope.current(part), int(number), int(fen))


def _sum_up(register: _Register, panels: Panels) -> None:
    """Add the rights of which one holder has the whole, or nobody, in sums, and those that are shared one by one."""
    scope, assets, settings = register.scope, register.assets, register.settings
    alone = one_holder(settings)
    keys = (assets.c.part, settings.c.right, settings.c.status, settings.c.holder_kind)
    position = case((alone, 0), else_=settings.c.position).label("position")
    summed = (
        select(*keys, position, func.count(), func.sum(assets.c.value_fen))
        .join_from(assets, settings, settings.c.asset == assets.c.asset)
        .where(assets.c.listed == 0, settings.c.right.in_(panels.rights))
        .group_by(*keys, position)
    )
    shared: list[tuple[int, str, str, int]] = []
    for part, right, status, kind, set_at, number, fen in scope.connection.execute(summed):
        if set_at:
            shared.append((set_at, scope.current(part), right, int(fen)))
        else:
            state = NONE if status == NONE and right != Right.SUPERVISION else nobody(right)
            panels.hold(scope.current(part), right, kind if status == "held" else state, int(number), int(fen))
    for (_, part, right, fen), holdings in zip(shared, held_at(scope, [each[0] for each in shared]), strict=True):
        panels.share(part, right, fen, holdings)


def _look_at(register: _Register, panels: Panels, named: Sequence[NamedRight]) -> Iterator[dict[str, object]]:
    """Add the assets that are looked at one by one, and yield each holding of the ``named`` rights."""
    scope = register.scope
    listed = select(register.assets).where(register.assets.c.listed == 1).subquery()
    for about, found in held(scope, listed, register.settings):
        part, fen = scope.current(about.part), int(about.value_fen)
        holdings = [each._replace(village=each.village or part) for each in found]
        pieces = [Piece(part, fen, by_owner=False)]
        if about.spread:
            owners = [(each.village, each.share) for each in holdings if each.right == Right.OWNERSHIP]
            pieces = register.cut.pieces(about.asset, part, fen, owners)
        panels.spread(pieces, holdings)
        for right in named:
            own = [each for each in found if each.right == right.code]
            yield from _listed(about, right, own, panels) if own else ()


def _listed(about: Any, right: NamedRight, holdings: list[Held], panels: Panels) -> Iterator[dict[str, object]]:  # noqa: ANN401 - a row of ``_Register.assets``
    """Yield one right of an asset, holder by holder; each supervisor has the whole of it."""
    fen = int(about.value_fen)
    shared = right.code != Right.SUPERVISION and holdings[0].status == "held"
    values = apportion(fen, [each.share for each in holdings]) if shared else [fen] * len(holdings)
    named = {"asset": about.asset, "asset_name": about.name, "right": right.code, "right_name": right.zh}
    for each, value in zip(holdings, values, strict=True):
        if panels.only in {None, each.holder}:
            yield {**named, **each.as_json(), "value_fen": value}
