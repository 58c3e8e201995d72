"""A published figure beside the one that comes out of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ledger.database import read_transaction
from projections.tables import fact_money

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["Check", "Verdict", "project_sums"]


class Verdict(Enum):
    """How a published figure and the recomputed one stand to each other."""

    EQUAL = "一致"
    ROUNDING = "四舍五入之差"
    DIFFERENT = "不一致,照录未改"


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison; ``published`` and ``recomputed`` are decimal texts in ``unit``.

    ``rounded`` says that the publisher computed the figure before rounding what we had to start from, so that its last
    digit may differ by one. ``note`` says what a reader must know; a figure that the publisher contradicts himself has
    ``must_agree`` False.
    """

    place: str
    what: str
    unit: str
    published: str
    recomputed: str
    note: str = ""
    rounded: bool = False
    must_agree: bool = True

    @property
    def difference(self) -> Decimal:
        """Return recomputed less published."""
        return Decimal(self.recomputed) - Decimal(self.published)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict."""
        if not self.difference:
            return Verdict.EQUAL
        last_digit = Decimal(1).scaleb(int(Decimal(self.published).as_tuple().exponent))
        if self.rounded and abs(self.difference) <= last_digit:
            return Verdict.ROUNDING
        return Verdict.DIFFERENT

    @property
    def failed(self) -> bool:
        """Say whether a figure that must agree does not."""
        return self.must_agree and self.verdict is Verdict.DIFFERENT


def project_sums(engine: Engine, measure: str, area: str) -> dict[str, int]:
    """Return the recorded money of one measure in one county, in fen, project by project."""
    facts = fact_money.c
    sums = (
        select(facts.project, func.sum(facts.amount_fen))
        .where(facts.measure == measure, facts.area == area)
        .group_by(facts.project)
    )
    with read_transaction(engine) as connection:
        return {project: int(fen) for project, fen in connection.execute(sums)}
