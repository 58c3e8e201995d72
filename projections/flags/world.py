"""Everything that the checks look at, read once: each kind of fact in one grouped select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from projections.assets import standing
from projections.flags.asset_pictures import look_at_assets
from projections.flags.money_pictures import look_at_money
from projections.flags.other_pictures import look_at_affairs
from projections.flags.pictures import World
from projections.tables import fact_asset

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["look"]


def look(scope: Scope) -> World:
    """Return what is known of the area at the scope's moment. Raises NotFoundError when no rule pack was in force."""
    world = World(scope.as_of.isoformat(), scope.plan_year)
    look_at_assets(scope, world)
    look_at_money(scope, world)  # after the assets: it adds their milestones, too
    _join(scope, world)
    tranches, projects = world.tranches.values(), world.projects.values()
    places = [(each.subject.area, each.subject.year) for each in (*tranches, *projects)]
    world.areas = frozenset(area for area, year in places if year == world.year)
    look_at_affairs(scope, world)
    return world


def _join(scope: Scope, world: World) -> None:
    """Tell projects of their assets, and assets of their projects and of each other."""
    into = {step.code for asset in world.assets.values() for step in asset.steps.get("reinvested", ())}
    if into:
        known = select(fact_asset.c.asset).where(fact_asset.c.asset.in_(sorted(into)), standing(scope, fact_asset))
        into -= set(scope.connection.execute(known).scalars())
    for asset in world.assets.values():
        asset.unknown = frozenset(into)
        if project := world.projects.get(asset.project):
            project.assets.append(asset.subject.code)
            project.confirmed = project.confirmed or "confirmed" in asset.reached
            project.formed_fen += asset.formed_fen
            project.formed_at += (asset.position,)
            asset.accepted = project.reached.get("accepted")
        for step in asset.steps.get("value_added", ()):
            if project := world.projects.get(step.code):
                project.formed_fen += step.fen
                project.formed_at += (step.position,)
