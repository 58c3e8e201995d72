"""Who holds a right, and in which exact shares.

Source: assets.md 2.1, 2.2 and 9.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict

from ledger.codes import AssetClass, HolderKind, Right
from ledger.domain.command import Ident, Line, VillageRef, coded
from ledger.domain.subject import is_reference
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Holding
from ledger.rules.rights import NamedRight
from ledger.shares import check_whole, parse_share

__all__ = ["COLLECTIVES", "Holder", "check_holders", "check_household"]

COLLECTIVES: Final = frozenset(
    {
        HolderKind.TOWN_COLLECTIVE,
        HolderKind.VILLAGE_COLLECTIVE,
        HolderKind.GROUP_COLLECTIVE,
        HolderKind.VILLAGE_COMMITTEE,
    }
)
"""The kinds of holder that decide by a vote of their members."""

_OF_VILLAGE = frozenset({HolderKind.VILLAGE_COLLECTIVE, HolderKind.GROUP_COLLECTIVE, HolderKind.VILLAGE_COMMITTEE})
_WITH_VILLAGE = re.compile(r"[A-Za-z]{0,3}([0-9]{12})(?![0-9]).*")


class Holder(BaseModel):
    """One holder in a command: code, kind and share as people write it (1/3, 33.33%, 0.25).

    The share is empty where it follows from figures (``ledger.domain.sharing``). A collective whose code is or begins
    with its village's, as in V520203101201, belongs to that village unless ``village`` names another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    holder: Ident
    kind: Annotated[str, coded(HolderKind)]
    share: Line = ""
    name: Line = ""
    village: VillageRef = ""

    def holding(self) -> Holding:
        """Return the holding with the exact share.

        Raises ValueRefusedError when there is none, or a household is not named by its reference in the vault.
        """
        check_household(self.holder, self.kind)
        if not self.share:
            raise ValueRefusedError(
                "holder.no_share", f"权利人“{self.holder}”没有写份额", hint="请写成 编号:类别:份额[:名称]"
            )
        share = parse_share(self.share)
        return Holding(
            holder=self.holder,
            kind=self.kind,
            numerator=share.numerator,
            denominator=share.denominator,
            name="" if self.kind == HolderKind.HOUSEHOLD else self.name,
            village=self.village or self._village_in_code(),
        )

    def _village_in_code(self) -> str:
        found = _WITH_VILLAGE.fullmatch(self.holder) if self.kind in _OF_VILLAGE else None
        return found[1] if found else ""


def check_household(code: str, kind: str) -> None:
    """Refuse a household under a name, or under a number that can be counted through. Raises ValueRefusedError."""
    if kind == HolderKind.HOUSEHOLD and not is_reference(code):
        # What was typed is not repeated: it may well be a name.
        raise ValueRefusedError(
            "holder.not_a_reference",
            "农户只能用保密库的随机编号,不写姓名、户号或顺序编号",
            hint="先用 xianjie vault add 登记,再写它给出的编号(H- 加 26 个字母数字)",
        )


def check_holders(holders: Sequence[Holder], right: Right | NamedRight, asset_class: str) -> tuple[Holding, ...]:
    """Return the holdings: at least one holder, each once, shares summing to exactly 1.

    A household may own only a household asset (农村集体经济组织法 §36: collective property is not divided to members).

    Raises:
        RuleRefusedError: a rule about holders is broken.
        ValueRefusedError: shares do not sum to exactly 1.
    """
    holdings = tuple(each.holding() for each in holders)
    if not holdings:
        raise RuleRefusedError("right.no_holder", f"{right.zh}没有写明权利人", hint="请写明权利人和份额")
    codes = [each.holder for each in holdings]
    if len(set(codes)) < len(codes):
        raise RuleRefusedError("right.holder_doubled", f"{right.zh}的同一权利人写了两次", hint="请合并同一权利人的份额")
    if (
        right is Right.OWNERSHIP
        and asset_class != AssetClass.HOUSEHOLD
        and any(h.kind == HolderKind.HOUSEHOLD for h in holdings)
    ):
        raise RuleRefusedError(
            "right.household_owner",
            "集体资产不得分割到户:只有到户类资产可以由农户所有",
            hint="请改为村集体等所有;农户的收益用收益权登记",
            rule="农村集体经济组织法 第三十六条",
        )
    check_whole([Fraction(each.numerator, each.denominator) for each in holdings], right.zh)
    return holdings
