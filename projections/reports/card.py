"""The card of one asset on a day: what it is, where its money came from, who has it, what befell it, and since when.

Everything on it stands at a position and a day, so a card printed once can be printed again later, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, union

from ledger.errors import NotFoundError
from projections.asset_progress import Progress, progress_of_assets
from projections.assets import assets_at, standing
from projections.contracts import contracts_of
from projections.holdings import held, newest_settings, rights_of_day
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import (
    fact_asset,
    fact_asset_source,
    fact_asset_state,
    fact_asset_step,
    fact_holding,
    fact_income,
    fact_notice,
    fact_scheme,
    fact_vote,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, Select, Table

    from projections.holdings import Held

__all__ = ["StepRow", "card"]

_WORDS: Final = ("code", "what", "detail", "note", "unit", "receiver", "by", "from_on", "deadline")
_NUMBERS: Final = ("amount_fen", "number", "days")
_IDENTITY: Final = (
    *("asset", "name", "asset_class", "asset_form", "subclass", "quantity", "project", "year", "source", "parent"),
    *("value_fen", "depreciation_fen", "life"),
)
_VOTE: Final = ("code", "body", "owner", "members", "present", "in_favour", "notice_days", "party_first")
_NOTICE: Final = ("notice", "template", "title", "channel", "from_on", "to_on", "document")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing that befell the asset, in the words of ``fact_asset_step``, with its document and position."""

    place: Place
    on: str
    step: str
    code: str
    what: str
    detail: str
    note: str
    unit: str
    receiver: str
    by: str
    from_on: str | None
    deadline: str | None
    amount_fen: int
    number: int
    days: int
    document: str
    position: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def card(engine: Engine, question: Question, asset: str) -> Answer[StepRow]:
    """Return everything that is known of one asset; the rows are its steps in the order in which they happened.

    No rule pack is needed.

    Raises:
        NotFoundError: the area had no such asset on that day.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        every = assets_at(scope, ended=True)
        only = select(every).where(every.c.asset == asset).subquery()
        found = next(held(scope, only, newest_settings(scope)), None)
        if found is None:
            raise NotFoundError(
                "report.asset_unknown",
                f"截至 {scope.as_of}(账本第 {scope.position} 号),{scope.name(scope.area)}没有资产“{asset}”",
                hint="请核对资产编号、--area、--as-of 和 --known-at;列出资产用 xianjie asset list",
            )
        about, holdings = found
        known = progress_of_assets(scope, select(only.c.asset))[asset]
        place = Place("part", about.area, scope.name(about.area), about.town or None, scope.name(about.town) or None)
        more: dict[str, object] = {
            "identity": _identity(scope, about, known),
            "sources": _sources(scope, asset),
            "values": list(_values(scope, asset)),
            "rights": list(_rights(scope, holdings)),
            "settings": list(_settings(scope, asset)),
            "contracts": list(_contracts(scope, asset)),
            "batches": [{"year": year, "batch": known.batches[year]} for year in sorted(known.batches)],
            "income": list(_income(scope, asset)),
            "votes": _of_asset(scope, fact_vote, asset, _VOTE),
            "notices": _notices(scope, asset),
        }
        return Answer("card", scope, tuple(_steps(scope, asset, place)), more)


def _identity(scope: Scope, about: Any, known: Progress) -> dict[str, object]:  # noqa: ANN401 - a row of ``assets_at``
    return {
        **{name: getattr(about, name) for name in _IDENTITY},
        "area": about.area,
        "area_name": scope.name(about.area),
        "town": about.town,
        "town_name": scope.name(about.town),
        "village": about.village,
        "village_name": scope.name(about.village),
        "site": about.place,
        "provisional": bool(about.provisional),
        "net_fen": about.value_fen - about.depreciation_fen,
        "registered_on": about.effective_on,
        "document": about.document,
        "stage": known.stage,
        "disputed": bool(known.objections),
        "certificate": known.certificate,
        "condition": known.condition or None,
        "upkeep_unit": known.upkeep_unit,
        "upkeep_post": known.upkeep_post,
        "counted_year": known.counted_year,
    }


def _sources(scope: Scope, asset: str) -> list[dict[str, object]]:
    facts = fact_asset_source.c
    keys = (facts.level, facts.fund_kind)
    summed = (
        select(*keys, func.sum(facts.amount_fen))
        .where(facts.asset == asset, scope.happened(fact_asset_source))
        .group_by(*keys)
        .having(func.sum(facts.amount_fen) != 0)
        .order_by(*keys)
    )
    return [
        {"level": level, "fund_kind": kind, "amount_fen": int(fen)}
        for level, kind, fen in scope.connection.execute(summed)
    ]


def _values(scope: Scope, asset: str) -> Iterator[dict[str, object]]:
    """Yield how the value became what it is: each change, and the value with it."""
    first, since = fact_asset.c, fact_asset_state.c
    born = select(first.effective_on, first.origin, first.value_fen, first.document).where(
        first.asset == asset, standing(scope, fact_asset)
    )
    changed = select(since.effective_on, since.origin, since.change_fen, since.document).where(
        since.asset == asset, since.change_fen != 0, standing(scope, fact_asset_state)
    )
    value = 0
    for on, position, change, document in scope.connection.execute(
        union(born, changed).order_by("effective_on", "origin")
    ):
        value += int(change)
        yield {"on": on, "change_fen": int(change), "value_fen": value, "document": document, "position": position}


def _rights(scope: Scope, holdings: list[Held]) -> Iterator[dict[str, object]]:
    """Yield each right of the day with its holders; one that nobody ever set has none and no status."""
    for right in rights_of_day(scope):
        own = [each.as_json() for each in holdings if each.right == right.code]
        for each in own or [{"status": None}]:
            yield {"right": right.code, "right_name": right.zh, **each}


def _settings(scope: Scope, asset: str) -> Iterator[dict[str, object]]:
    """Yield every setting of the asset's rights that stands, the ones that others followed included."""
    facts = fact_holding.c
    names = ("right", "effective_on", "status", "holder", "holder_kind", "holder_name", "numerator", "denominator")
    wanted = (
        select(*(facts[name] for name in (*names, "document", "position")))
        .where(facts.asset == asset, standing(scope, fact_holding))
        .order_by(facts.effective_on, facts.position, facts.line)
    )
    for each in scope.connection.execute(wanted).mappings():
        yield {"on": each["effective_on"], **{name: each[name] for name in each if name != "effective_on"}}


def _contracts(scope: Scope, asset: str) -> Iterator[dict[str, object]]:
    for each in contracts_of(scope):
        if asset in each.assets:
            due = [line for line in each.dues if line.on <= scope.as_of]
            yield {
                "contract": each.contract,
                "assets": list(each.assets),
                "mode": each.mode,
                "operator": each.operator_name or each.operator,
                "from_on": each.from_on.isoformat(),
                "to_on": each.to_on.isoformat(),
                "ended_on": each.ended_on.isoformat() if each.ended_on else None,
                "why": each.why or None,
                "due_fen": sum(line.due_fen for line in due),
                "received_fen": sum(line.received_fen for line in due),
            }


def _income(scope: Scope, asset: str) -> Iterator[dict[str, object]]:
    """Yield income and costs by account and period: those of the asset itself, and those of an account it shares."""
    facts, accounts = fact_income.c, fact_scheme.c
    shared = select(accounts.scheme).where(accounts.asset == asset, standing(scope, fact_scheme))
    keys = (facts.scheme, facts.period, facts.measure, facts.what, facts.asset)
    summed = (
        select(*keys, func.sum(facts.amount_fen))
        .where(facts.measure.in_(("income", "cost")), facts.asset.in_((asset, "")), scope.happened(fact_income))
        .where(facts.scheme.in_(shared))
        .group_by(*keys)
        .having(func.sum(facts.sign) > 0)
        .order_by(*keys)
    )
    for scheme, period, measure, what, own, fen in scope.connection.execute(summed):
        cost = what if measure == "cost" else None
        yield {"scheme": scheme, "period": period, "cost": cost, "own": bool(own), "amount_fen": int(fen)}


def _notices(scope: Scope, asset: str) -> list[dict[str, object]]:
    facts = fact_notice.c
    keys = [facts[name] for name in _NOTICE]
    living = (
        select(*keys, facts.origin)
        .where(facts.kind == "asset", facts.subject == asset, scope.happened(fact_notice))
        .group_by(*keys, facts.origin)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.from_on, facts.origin)
    )
    return [dict(zip(_NOTICE, each, strict=False)) for each in scope.connection.execute(living)]


def _of_asset(scope: Scope, table: Table, asset: str, names: tuple[str, ...]) -> list[dict[str, object]]:
    facts = table.c
    columns = [facts[name] for name in names]
    wanted: Select[Any] = select(facts.effective_on, *columns, facts.document, facts.position)
    wanted = wanted.where(facts.asset == asset, standing(scope, table)).order_by(facts.effective_on, facts.position)
    heads = ("on", *names, "document", "position")
    return [dict(zip(heads, each, strict=True)) for each in scope.connection.execute(wanted)]


def _steps(scope: Scope, asset: str, place: Place) -> Iterator[StepRow]:
    facts = fact_asset_step.c
    names = ("step", *_WORDS, *_NUMBERS, "document", "position")
    wanted = (
        select(facts.effective_on.label("on"), *(facts[name] for name in names))
        .where(facts.asset == asset, standing(scope, fact_asset_step))
        .order_by(facts.effective_on, facts.position)
    )
    for each in scope.connection.execute(wanted).mappings():
        days = {name: each[name] or None for name in ("from_on", "deadline")}
        yield StepRow(place, **{**each, **days})
