"""The money behind an asset: which kinds of fund and levels its value came from, to the fen, whatever the value does.

Source: assets.md 2.4 and 5.1 (fund rows). A change of value that names no money of its own follows the money that is
there, in proportion, so that the parts always add up to what they added up to before, plus the change.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from ledger.domain.asset import Asset
from ledger.events import FundSource
from ledger.money import apportion

__all__ = ["share_of_change", "share_of_sources"]


def share_of_change(asset: Asset, change_fen: int) -> tuple[FundSource, ...]:
    """Return the parts of a gain or a loss (without its sign) by source; nothing where no source is known."""
    amounts = _by_source(asset)
    if not amounts or not change_fen:
        return ()
    return _parts(amounts, abs(change_fen))


def share_of_sources(asset: Asset, value_fen: int) -> tuple[FundSource, ...]:
    """Return the money behind a part of the asset, in proportion to its value; nothing where no source is known."""
    amounts = _by_source(asset)
    if not amounts:
        return ()
    total, _ = apportion(amounts.total(), [Fraction(value_fen), Fraction(asset.value_fen - value_fen)])
    return _parts(amounts, total)


def _by_source(asset: Asset) -> Counter[tuple[str, str]]:
    amounts: Counter[tuple[str, str]] = Counter()
    for each in asset.sources:
        amounts[each.fund_kind, each.level] += each.amount_fen
    return amounts


def _parts(amounts: Counter[tuple[str, str]], total: int) -> tuple[FundSource, ...]:
    shares = apportion(total, [Fraction(fen) for fen in amounts.values()])
    return tuple(
        FundSource(fund_kind=kind, level=level, amount_fen=fen)
        for (kind, level), fen in zip(amounts, shares, strict=True)
        if fen
    )
