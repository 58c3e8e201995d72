"""The dimensions that reports group by, lent to the event classes.

Every event writes down all of its dimensions, so that projecting it needs no other event (``design.md`` section 1).
"""

from __future__ import annotations

from ledger.events.base import AreaCode, Code, Event, Fen, Ident, ProjectCode, TownCode, VillageCode, Year

__all__ = ["AssetEvent", "FundEvent", "FundedProjectEvent", "ProjectEvent"]


class FundEvent(Event, abstract=True):
    """Where money of a tranche belongs: county, plan year, kind of fund, level it comes from, task direction."""

    tranche: Ident
    area: AreaCode
    plan_year: Year
    fund_kind: Code
    level: Code
    direction: Code


class ProjectEvent(Event, abstract=True):
    """Where a project belongs: place, year of its annual plan, type.

    ``industry`` overrides, with a stated reason, whether the type counts as industry; ``None`` leaves it to the rules.
    """

    project: Ident
    area: AreaCode
    town: TownCode = ""
    village: VillageCode = ""
    project_year: Year
    project_type: Code
    industry: bool | None = None


class FundedProjectEvent(ProjectEvent, abstract=True):
    """Money of one tranche in one project: both sets of dimensions and the amount."""

    tranche: Ident
    plan_year: Year
    fund_kind: Code
    level: Code
    direction: Code
    amount_fen: Fen


class AssetEvent(Event, abstract=True):
    """Where an asset belongs: the project it came from, place, class and form, original value in fen.

    ``project`` is empty for an asset older than the ledger; ``project_year`` is the year it was formed.
    """

    asset: Ident
    project: ProjectCode = ""
    area: AreaCode
    town: TownCode = ""
    village: VillageCode = ""
    project_year: Year
    asset_class: Code
    asset_form: Code
    value_fen: Fen
