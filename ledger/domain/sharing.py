"""Shares that follow from figures: by contribution, by capacity, or equal.

阳山 counts installed capacity as shares; co-owners without an agreement share by contribution, and equally where
that is unknown (民法典 第三百零九条). Source: assets.md 2.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from ledger.characters import half_width, quoted
from ledger.codes import ShareBasis
from ledger.domain.holders import Holder
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.money import parse_positive_money
from ledger.shares import equal_shares, format_share, parse_share, shares_by_contribution

__all__ = ["share_out"]

_FIGURE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([^0-9]{0,10})")


def share_out(holders: Sequence[Holder], basis: str, inputs: Sequence[str]) -> tuple[tuple[Holder, ...], str]:
    """Return the holders with the shares that follow from the basis and its figures, and the basis.

    Contributions are amounts of money, capacities numbers of one unit (kW, mu, heads), one for each holder. Without a
    basis shares that are given count as agreed; where none is, co-owners share by contribution, and equally where that
    is unknown (民法典 §309).

    Raises:
        ValueRefusedError: figures that are missing, too many, unreadable or of different units.
        RuleRefusedError: a share that is given and not the one that follows.
    """
    if not basis:
        given = any(each.share for each in holders)
        basis = "agreed" if given and not inputs else "contribution" if inputs else "equal"
    if basis in {ShareBasis.AGREED, ShareBasis.STATUTORY}:
        return tuple(holders), basis
    computed = _computed(len(holders), ShareBasis(basis), inputs)
    for each, share in zip(holders, computed, strict=True):
        if each.share and parse_share(each.share) != share:
            raise RuleRefusedError(
                "right.share_differs",
                f"权利人“{each.holder}”的份额写为 {format_share(parse_share(each.share))},"
                f"{ShareBasis(basis).zh}应为 {format_share(share)}",
                hint="请核对份额和依据数;另有约定的,写 --basis agreed",
                rule="共有人没有约定的,按出资额确定份额;不能确定出资额的,视为等额享有;民法典 第三百零九条",
            )
    return tuple(each.model_copy(update={"share": str(of)}) for each, of in zip(holders, computed, strict=True)), basis


def _computed(count: int, basis: ShareBasis, inputs: Sequence[str]) -> list[Fraction]:
    if basis is ShareBasis.EQUAL:
        return equal_shares(count) if count else []
    if len(inputs) != count:
        raise ValueRefusedError(
            "right.inputs_missing",
            f"{basis.zh}计算份额须每个权利人一个数:权利人 {count} 个,依据数 {len(inputs)} 个",
            hint="请按权利人的先后用 --input 逐个写明,如 --input 30万元 --input 20万元",
        )
    if basis is ShareBasis.CONTRIBUTION:
        return shares_by_contribution([parse_positive_money(text) for text in inputs])
    figures = [_FIGURE.fullmatch(half_width(text)) for text in inputs]
    read = [figure for figure in figures if figure is not None]
    if len(read) < len(figures) or len({figure[2] for figure in read}) > 1:
        raise ValueRefusedError(
            "right.inputs_unreadable",
            f"容量{'、'.join(quoted(text) for text in inputs)}无法一起计算",
            hint="请写数和同一个单位,如 --input 60千瓦 --input 40千瓦",
        )
    exact = [Fraction(figure[1]) for figure in read]
    scale = lcm(*(each.denominator for each in exact))
    return shares_by_contribution([int(each * scale) for each in exact])
