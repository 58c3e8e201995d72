"""The register of assets (资产台账): one row for each that stands, with who has which right of it, and the totals.

The columns are those of assets.md 5.1; a right is shown by the names of its holders, or as none or unsettled.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from ledger.codes import AssetClass
from projections.asset_progress import Progress, progress_of_assets
from projections.assets import assets_at
from projections.contracts import Contract, contracts_of
from projections.holdings import held, newest_settings, rights_of_day
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from projections.holdings import Held

__all__ = ["AssetRow", "TotalRow", "assets"]

_DIMENSIONS: Final = (
    *("asset", "name", "project", "year", "asset_class", "asset_form", "subclass", "quantity", "village", "parent"),
    *("value_fen", "depreciation_fen"),
)


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset as it stands; days in ISO text, money in fen, ``net_fen`` what depreciation leaves of the value.

    ``rights`` has for each right its ``status`` (None: never set) and its holders with their shares. ``contract`` is
    the one in force, with its operator and last day. ``batch`` is the newest four-batch class, of ``batch_year``.
    """

    place: Place
    asset: str
    name: str
    project: str
    year: int
    asset_class: str
    asset_form: str
    subclass: str
    quantity: str
    village: str
    village_name: str
    site: str
    parent: str
    value_fen: int
    depreciation_fen: int
    net_fen: int
    provisional: bool
    life: str
    stage: str
    registered_on: str
    confirmed_on: str | None
    certificate: str
    handed_over_on: str | None
    booked_on: str | None
    disputed: bool
    rights: dict[str, dict[str, object]]
    contract: str | None
    operator: str | None
    contract_to_on: str | None
    upkeep_unit: str
    upkeep_post: str
    condition: str | None
    batch: str | None
    batch_year: int | None
    counted_year: int | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """The sums of one asset class, or of all where that is None, in fen."""

    asset_class: str | None
    assets: int = 0
    value_fen: int = 0
    depreciation_fen: int = 0
    net_fen: int = 0

    def plus(self, row: AssetRow) -> TotalRow:
        """Return the sums with one more asset."""
        return replace(
            self,
            assets=self.assets + 1,
            value_fen=self.value_fen + row.value_fen,
            depreciation_fen=self.depreciation_fen + row.depreciation_fen,
            net_fen=self.net_fen + row.net_fen,
        )

    def as_json(self) -> dict[str, object]:
        """Return the sums as ``docs/reference/json.md`` says."""
        return {name: getattr(self, name) for name in self.__slots__}


def assets(engine: Engine, question: Question, *, ended: bool = False) -> Answer[AssetRow]:
    """Return the register of an area by code; with ``ended`` assets that were disposed of, merged or closed, too.

    ``question.year`` is the year formed. The answer's ``totals`` sum the rows by class, the whole last. No rule pack is
    needed. Raises ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        every = assets_at(scope, ended=ended)
        if scope.year is not None:
            every = select(every).where(every.c.year == scope.year).subquery()
        known, let, codes = progress_of_assets(scope), _in_force(scope), [right.code for right in rights_of_day(scope)]
        rows: list[AssetRow] = []
        totals = {code: TotalRow(code) for code in (*map(str, AssetClass), None)}
        for about, holdings in held(scope, every, newest_settings(scope)):
            row = _row(
                scope, about, known.get(about.asset, Progress()), let.get(about.asset), _by_right(codes, holdings)
            )
            rows.append(row)
            for code in (row.asset_class, None):
                totals[code] = totals[code].plus(row)
        sums = [total.as_json() for total in totals.values() if total.assets or total.asset_class is None]
        return Answer("assets", scope, tuple(rows), {"totals": sums})


def _row(
    scope: Scope,
    about: Any,  # noqa: ANN401 - a row of ``assets_at``
    known: Progress,
    contract: Contract | None,
    rights: dict[str, dict[str, object]],
) -> AssetRow:
    batch_year = max(known.batches, default=None)
    return AssetRow(
        place=Place("part", about.area, scope.name(about.area), about.town, scope.name(about.town)),
        **{name: getattr(about, name) for name in _DIMENSIONS},
        village_name=scope.name(about.village),
        site=about.place,
        net_fen=about.value_fen - about.depreciation_fen,
        provisional=bool(about.provisional),
        life=about.life,
        stage=known.stage,
        registered_on=about.effective_on,
        confirmed_on=known.reached.get("confirmed"),
        certificate=known.certificate,
        handed_over_on=known.reached.get("handed_over"),
        booked_on=known.reached.get("booked"),
        disputed=bool(known.objections),
        rights=rights,
        contract=contract.contract if contract else None,
        operator=(contract.operator_name or contract.operator) if contract else None,
        contract_to_on=contract.to_on.isoformat() if contract else None,
        upkeep_unit=known.upkeep_unit,
        upkeep_post=known.upkeep_post,
        condition=known.condition or None,
        batch=known.batches[batch_year] if batch_year else None,
        batch_year=batch_year,
        counted_year=known.counted_year,
    )


def _by_right(codes: Iterable[str], holdings: list[Held]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {code: {"status": None, "holders": []} for code in codes}
    by_right: defaultdict[str, list[Held]] = defaultdict(list)
    for each in holdings:
        by_right[each.right].append(each)
    for right, own in by_right.items():
        if right in found:
            holders = [
                {
                    "holder": each.holder,
                    "kind": each.kind,
                    "name": each.name,
                    "numerator": each.share.numerator,
                    "denominator": each.share.denominator,
                }
                for each in own
                if each.holder
            ]
            found[right] = {"status": own[0].status, "holders": holders}
    return found


def _in_force(scope: Scope) -> dict[str, Contract]:
    """Return the contract under which each asset is run on the day, the one that began last."""
    running = [
        each for each in contracts_of(scope) if each.ended_on is None and each.from_on <= scope.as_of <= each.to_on
    ]
    return {asset: each for each in sorted(running, key=lambda each: each.from_on) for asset in each.assets}
