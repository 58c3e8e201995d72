"""Assets that stand, each with the steps of its use in the order in which they happened."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from projections.assets import assets_at, standing
from projections.tables import fact_asset_step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from projections.scope import Scope

__all__ = ["AssetInUse", "Step", "assets_in_use", "part_of_asset"]


class AssetInUse(NamedTuple):
    """An asset as it stands; its original value in fen."""

    asset: str
    name: str
    area: str
    town: str
    asset_class: str
    value_fen: int
    registered_on: date


class Step(NamedTuple):
    """One step in the words of its event: what each column holds, ``projections.tables.fact_asset_step`` says."""

    step: str
    on: date
    code: str
    what: str
    unit: str
    by: str
    deadline: str
    number: int


def assets_in_use(scope: Scope, steps: Collection[str]) -> Iterator[tuple[AssetInUse, list[Step]]]:
    """Yield the assets of the area by code, of one year formed or of all, each with its steps of these names."""
    assets, facts = assets_at(scope), fact_asset_step.c
    columns = (facts.step, facts.effective_on, facts.code, facts.what, facts.unit, facts.by, facts.deadline)
    taken = (
        select(facts.asset, *columns, facts.number)
        .where(facts.step.in_(sorted(steps)), standing(scope, fact_asset_step))
        .order_by(facts.effective_on, facts.origin)
    )
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for asset, step, on, *words in scope.connection.execute(taken):
        found[asset].append(Step(step, date.fromisoformat(on), *words))
    named = (assets.c[name] for name in ("asset", "name", "area", "town", "asset_class", "value_fen", "effective_on"))
    wanted = select(*named).order_by(assets.c.asset)
    if scope.year is not None:
        wanted = wanted.where(assets.c.year == scope.year)
    for asset, name, area, town, asset_class, value_fen, on in scope.connection.execute(wanted):
        about = AssetInUse(asset, name, area, town, asset_class, int(value_fen), date.fromisoformat(on))
        yield about, found.get(asset, [])


def part_of_asset(scope: Scope, asset: AssetInUse) -> str:
    """Return the part under which the asset is shown."""
    return {"area": scope.current(asset.area), "town": asset.town, "type": asset.asset_class}[scope.by]
