"""How far each asset has come and how it stands, read off its steps: the last of each kind counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from projections.assets import standing
from projections.tables import fact_asset_step, fact_milestone

if TYPE_CHECKING:
    from sqlalchemy import Select

    from projections.scope import Scope

__all__ = ["STAGES", "Progress", "progress_of_assets"]

STAGES: Final = ("identified", "noticed", "confirmed", "certified", "handed_over", "booked")
"""The stages of an asset's way in their order."""

_TOLD: Final = (
    "certified",
    "objection_filed",
    "objection_resolved",
    "condition_assessed",
    "batch_classified",
    "upkeep_assigned",
    "counted",
)


@dataclass(slots=True)
class Progress:
    """What the steps of one asset come to; days in ISO text, texts empty where nothing was said.

    ``reached`` maps each stage to its day; ``batches`` each year to its four-batch class.
    """

    reached: dict[str, str] = field(default_factory=dict)
    certificate: str = ""
    objections: set[str] = field(default_factory=set)
    condition: str = ""
    batches: dict[int, str] = field(default_factory=dict)
    upkeep_unit: str = ""
    upkeep_post: str = ""
    counted_year: int | None = None

    @property
    def stage(self) -> str:
        """The furthest stage reached."""
        return next((stage for stage in reversed(STAGES) if stage in self.reached), "identified")

    def tell(self, told: Any) -> None:  # noqa: ANN401 - a row of ``fact_asset_step``
        """Take in one more step."""
        match told.step:
            case "certified":
                self.certificate = told.detail
            case "objection_filed":
                self.objections.add(told.code)
            case "objection_resolved":
                self.objections.discard(told.code)
            case "condition_assessed":
                self.condition = told.what
            case "batch_classified":
                self.batches[told.number] = told.what
            case "upkeep_assigned":
                self.upkeep_unit, self.upkeep_post = told.unit, told.by
            case "counted":
                self.counted_year = told.number
            case _:
                pass


def progress_of_assets(scope: Scope, only: Select[tuple[str]] | None = None) -> dict[str, Progress]:
    """Return what is known of every asset that took a step, wherever, or of ``only`` these."""
    steps, stages = fact_asset_step.c, fact_milestone.c
    columns = ("asset", "step", "code", "what", "detail", "unit", "by", "number")
    told = select(*(steps[name] for name in columns)).where(steps.step.in_(_TOLD), standing(scope, fact_asset_step))
    reached = select(stages.subject, stages.milestone, stages.effective_on).where(
        stages.kind == "asset", stages.milestone.in_(STAGES), standing(scope, fact_milestone)
    )
    if only is not None:
        told, reached = told.where(steps.asset.in_(only)), reached.where(stages.subject.in_(only))
    found: dict[str, Progress] = {}
    for each in scope.connection.execute(told.order_by(steps.effective_on, steps.origin)):
        found.setdefault(each.asset, Progress()).tell(each)
    for asset, stage, on in scope.connection.execute(reached.order_by(stages.effective_on, stages.origin)):
        found.setdefault(asset, Progress()).reached[stage] = on
    return found
