"""Lines of the notices about assets: the register, who holds which right, and what was earned and given out.

Households never appear: a household that holds a right is "a household" and no more, whatever the ledger calls it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import select

from ledger.codes import AssetClass, AssetForm, HolderKind, Right
from projections.assets import assets_at
from projections.extracts.extract import Line, Told
from projections.extracts.summands import values_of
from projections.holdings import held, newest_settings, rights_of_day
from projections.schemes import accounts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.holdings import Held
    from projections.schemes import Account
    from projections.scope import Scope

__all__ = ["STATES", "assets", "income", "rights"]

_UNNAMED: Final = frozenset({HolderKind.HOUSEHOLD})
STATES: Final = {"none": "依性质不设", "unsettled": "尚未明确"}
"""What is said of a right that nobody holds, by its status."""


class _Shown(NamedTuple):
    """A holder as the public may see it; ``positions`` are the events that say so."""

    holder: str
    share: str
    since: str
    document: str
    positions: tuple[int, ...]


def assets(scope: Scope) -> list[Line]:
    """Return the assets that stand, each with its owners."""
    values = values_of(scope)
    return [
        Line(
            {
                "asset": asset.asset,
                "name": asset.name,
                "town": asset.town,
                "village": asset.village,
                "asset_class": AssetClass(asset.asset_class).zh,
                "asset_form": AssetForm(asset.asset_form).zh,
                "year": int(asset.year),
                "value_fen": int(asset.value_fen),
                "project": asset.project,
                "owner": "、".join(map(_owner, owners)) or "尚未确权",
            },
            tuple(sorted({int(asset.position), *(position for each in owners for position in each.positions)})),
            asset.asset,
            int(asset.position),
            {"value_fen": values[asset.asset]},
            {
                "town": Told(int(asset.place_at), "town"),
                "village": Told(int(asset.place_at), "village"),
                "asset_class": Told(int(asset.class_at), "asset_class"),
                "asset_form": Told(int(asset.class_at), "asset_form"),
                "owner": Told(owners[0].positions[0], "@owners") if owners else None,
            },
            ("asset", asset.asset),
        )
        for asset, holdings in _held(scope)
        for owners in [_without_households([each for each in holdings if each.right == Right.OWNERSHIP])]
    ]


def rights(scope: Scope) -> list[Line]:
    """Return every right of every asset that stands, a line for each holder."""
    names = dict(rights_of_day(scope))
    lines = []
    for asset, holdings in _held(scope):
        for right, name in names.items():
            for nth, shown in enumerate(_without_households([each for each in holdings if each.right == right])):
                values = {
                    "asset": asset.asset,
                    "name": asset.name,
                    "right": name,
                    "holder": shown.holder,
                    "share": shown.share,
                    "since": shown.since,
                    "document": shown.document,
                }
                main = shown.positions[0]
                told = {
                    "name": Told(int(asset.position), "name"),
                    "holder": Told(main, "@holder", nth),
                    "share": Told(main, "@share", nth),
                }
                positions = tuple(sorted({int(asset.position), *shown.positions}))
                lines.append(Line(values, positions, asset.asset, main, told=told, thing=("asset", asset.asset)))
    return lines


def income(scope: Scope) -> list[Line]:
    """Return each period of each income account of the year asked for: earned, spent, planned, paid out."""
    return [
        Line(
            {
                "scheme": account.scheme,
                "name": account.name,
                "period": account.period,
                "gross_fen": account.gross_fen,
                "cost_fen": account.costs.total(),
                "planned_fen": account.planned_fen,
                "paid_fen": account.paid_fen,
                "undistributed_fen": account.undistributed_fen
                if account.plans
                else account.gross_fen - account.costs.total(),
            },
            (),
            parts={
                "gross_fen": account.parts["gross"],
                "cost_fen": account.parts["cost"],
                "planned_fen": account.parts["planned"],
                "paid_fen": account.parts["paid"],
                "undistributed_fen": account.parts["planned"]
                if account.plans
                else [*account.parts["gross"], *account.parts["cost"]],
            },
            told=_told_account(account),
            thing=("scheme", account.scheme),
        )
        for account in accounts_of(scope)
    ]


def _told_account(account: Account) -> dict[str, Told | None]:
    """Return where an account and its period are told: by its plan, or else by the first that was posted."""
    first = next(iter([*account.parts["planned"], *account.parts["gross"], *account.parts["cost"]]), 0)
    return {
        "scheme": Told(first, "scheme") if first else None,
        "name": Told(account.opened, "name") if account.opened else None,
        "period": Told(first, "period") if first else None,
    }


def _held(scope: Scope) -> Iterator[tuple[Any, list[Held]]]:
    found = assets_at(scope)
    registered = select(found).order_by(found.c.asset)
    if scope.year is not None:
        registered = registered.where(found.c.year == scope.year)
    yield from held(scope, registered.subquery(), newest_settings(scope))


def _without_households(holdings: list[Held]) -> list[_Shown]:
    """Return the holders of one right as the public may see them: all households together, with their number."""
    named = [each for each in holdings if each.kind not in _UNNAMED]
    shown = [
        _Shown(_holder(each), _fraction(each.share) if each.status == "held" else "", *_since(each)) for each in named
    ]
    households = [each for each in holdings if each.kind in _UNNAMED]
    if households:
        together = sum((each.share for each in households), Fraction(0))
        first = min(households, key=lambda each: (each.since, each.position))
        name = f"{HolderKind.HOUSEHOLD.zh} {len(households)} 户"
        shown.append(_Shown(name, _fraction(together), first.since, first.document, *_since(first)[2:]))
    return shown


def _since(each: Held) -> tuple[str, str, tuple[int, ...]]:
    return each.since, each.document, (each.position,)


def _fraction(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


def _owner(each: _Shown) -> str:
    return each.holder if each.share in {"", "1/1"} else f"{each.holder}({each.share})"


def _holder(each: Held) -> str:
    if each.status != "held":
        return STATES.get(each.status, each.status)
    return each.name or f"{HolderKind(each.kind).zh}({each.holder})"
