"""The parts under which assets are shown, and how one that belongs to several is split between them.

An asset of which several villages own shares belongs to each by them; one paid from several sources to each, by
its money. The pieces of an asset add up to its value to the fen, so every cut adds up to the same whole.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Text, cast, false, func, select

from ledger.codes import AssetClass, FundKind, FundLevel
from ledger.money import apportion
from projections.holdings import assets_of_villages
from projections.tables import fact_asset_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Subquery

    from projections.scope import Scope

__all__ = ["Cut", "Piece", "cut_of", "part_name"]

_UNKNOWN: Final = {"town": "未落到乡镇", "village": "未落到村", "source": "未记来源"}
_CLASSES, _LEVELS, _FUNDS = ({str(code): code.zh for code in codes} for codes in (AssetClass, FundLevel, FundKind))


class Piece(NamedTuple):
    """So many fen of an asset's value belong to this part; ``by_owner``: it is that of the owners who belong there."""

    part: str
    fen: int
    by_owner: bool


class Cut(NamedTuple):
    """How assets fall into parts: ``part`` of each asset, and the condition for those that are ``spread`` over several.

    ``weights`` are the fen of each source behind a spread asset, none where it is spread by its owners.
    """

    part: ColumnElement[str]
    spread: ColumnElement[bool]
    weights: dict[str, dict[str, int]]

    def pieces(self, asset: str, part: str, fen: int, owners: Sequence[tuple[str, Fraction]]) -> list[Piece]:
        """Return the pieces of a spread asset, in the order of their parts.

        ``owners`` are villages, each with its share; what nobody owns stands in the asset's own ``part``.
        """
        weights: defaultdict[str, Fraction] = defaultdict(Fraction)
        sources = self.weights.get(asset)
        if sources is None:
            for village, share in owners:
                weights[village] += share
            weights[part] += 1 - sum(share for _, share in owners)
        else:
            for source, paid in sources.items():
                weights[source] += paid
            weights[""] += max(fen - sum(sources.values()), 0)
        parts = sorted(each for each in weights if weights[each])
        values = apportion(fen, [weights[each] for each in parts])
        return [Piece(each, value, sources is None) for each, value in zip(parts, values, strict=True)]


def cut_of(scope: Scope, assets: Subquery) -> Cut:
    """Return how the assets of ``assets_at`` fall into the parts that the question asks for."""
    match scope.by:
        case "year":
            return Cut(cast(assets.c.year, Text), false(), {})
        case "village":
            return Cut(assets.c.village, assets.c.asset.in_(assets_of_villages(scope)), {})
        case "source":
            return _by_source(scope, assets)
        case "type":
            return Cut(assets.c.asset_class, false(), {})
        case by:
            return Cut(assets.c[by], false(), {})


def part_name(scope: Scope, part: str) -> str:
    """Return what a part is called, in a breakdown by the question's ``by``."""
    if not part:
        return _UNKNOWN[scope.by]
    match scope.by:
        case "type":
            return _CLASSES.get(part, part)
        case "year":
            return f"{part} 年"
        case "source":
            level, _, kind = part.partition(":")
            return f"{_LEVELS.get(level, level)}{_FUNDS.get(kind, kind)}"
        case by:
            own = "本级" if by == "area" and part == scope.area else ""
            return f"{scope.name(part)}{own}"


def _by_source(scope: Scope, assets: Subquery) -> Cut:
    """Return the cut by the level and kind of money: one source for all of an asset's value, or each by its fen."""
    facts = fact_asset_source.c
    source = (facts.level + ":" + facts.fund_kind).label("source")
    paid = (
        select(facts.asset, source, func.sum(facts.amount_fen).label("fen"))
        .where(scope.happened(fact_asset_source))
        .group_by(facts.asset, facts.level, facts.fund_kind)
        .having(func.sum(facts.amount_fen) > 0)
        .subquery()
    )
    only = (
        select(paid.c.asset, func.min(paid.c.source).label("source"), func.sum(paid.c.fen).label("fen"))
        .group_by(paid.c.asset)
        .having(func.count() == 1)
        .subquery()
    )
    whole = select(only.c.asset).join(assets, assets.c.asset == only.c.asset).where(only.c.fen >= assets.c.value_fen)
    spread = assets.c.asset.in_(select(paid.c.asset)) & assets.c.asset.not_in(whole)
    part = select(only.c.source).where(only.c.asset == assets.c.asset).scalar_subquery()
    weights: defaultdict[str, dict[str, int]] = defaultdict(dict)
    wanted = select(paid).where(paid.c.asset.not_in(whole)).order_by(paid.c.asset, paid.c.source)
    for asset, each, fen in scope.connection.execute(wanted):
        weights[asset][each] = int(fen)
    return Cut(func.coalesce(part, ""), spread, weights)
