"""What a rule pack measures, under the names that people print: quantities, rates, shares, and what a rate leaves over.

A figure that an office publishes says one of these. Which is meant is settled when it is taken in; what it comes to is
computed from the facts each time it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError
from ledger.rules.model import CountQuantity, Quantity, Rate, RulePack

__all__ = ["Measure", "find_measure", "measure_named"]

_REST = "rest:"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be measured; ``rest`` is the denominator of a rate less its numerator (not started, unpaid).

    ``unit`` is what its value is: per cent, fen, or a number of things. A ``quantity`` has no denominator.
    """

    kind: Literal["quantity", "rate", "rest", "share"]
    id: str
    name: str
    unit: Literal["percent", "fen", "count"]
    numerator: Quantity
    denominator: Quantity | None
    source: str

    @property
    def written(self) -> str:
        """How it is named in a sheet and on the command line."""
        return f"{_REST}{self.id}" if self.kind == "rest" else self.id

    @property
    def counted_in(self) -> Literal["fen", "count"]:
        """What its integers are: fen, or numbers of things."""
        return _counted_in(self.numerator)


def find_measure(pack: RulePack, kind: str, measure: str) -> Measure | None:
    """Return the measure of this kind and id, or None where the pack has none."""
    return next((each for each in _measures(pack) if (each.kind, each.id) == (kind, measure)), None)


def measure_named(pack: RulePack, text: str, rate_set: str = "") -> Measure:
    """Return what ``text`` names: an id (``paid``, ``N1/D1``, ``kezhou-2021/start``), a name, a rate without its set.

    ``rest:`` before a rate is what it leaves over. Of rates that are named alike, those of ``rate_set`` are meant, or
    of the default set, or the only one.

    Raises:
        ValueRefusedError: nothing is named so, or several are.
    """
    plain = half_width(text)
    every = [
        each for each in _measures(pack) if not rate_set or each.kind in {"quantity", "share"} or _in(each, rate_set)
    ]
    for named in (_by_id, _by_name, _without_set):
        found = [each for each in every if named(each, plain)]
        default = next((each.id for each in pack.rate_sets if each.default), "")
        found = [each for each in found if _in(each, default)] or found
        if len(found) == 1:
            return found[0]
        if found:
            several = "、".join(each.written for each in found)
            raise ValueRefusedError(
                "figure.measure_unclear",
                f"{quoted(text)}在规则包“{pack.pack}”里不止一个:{several}",
                hint="请写其中一个,或写明比率组",
                rule=f"{pack.pack} {pack.version}",
            )
    raise ValueRefusedError(
        "figure.measure_unknown",
        f"规则包“{pack.pack}”{pack.version} 里没有叫{quoted(text)}的数量、比率或口径",
        hint="用 xianjie rule show 看其中的名称;比率写作 组/编号,如 kezhou-2021/start",
        rule=f"{pack.pack} {pack.version}",
    )


def _measures(pack: RulePack) -> Iterator[Measure]:
    for quantity in pack.quantities:
        unit = _counted_in(quantity)
        yield Measure("quantity", quantity.id, quantity.name, unit, quantity, None, quantity.source)
    for pair in pack.share_pairs:
        yield Measure("share", pair.id, pair.name, "percent", pair.numerator, pair.denominator, pair.source)
    for rate in pack.all_rates:
        code = f"{rate.set}/{rate.id}"
        yield Measure("rate", code, rate.name, "percent", rate.numerator, rate.denominator, rate.source)
        yield _rest(rate, code)


def _rest(rate: Rate, code: str) -> Measure:
    name = f"{rate.denominator.name} 减 {rate.numerator.name}"
    return Measure("rest", code, name, _counted_in(rate.numerator), rate.numerator, rate.denominator, rate.source)


def _counted_in(quantity: Quantity) -> Literal["fen", "count"]:
    return "count" if isinstance(quantity, CountQuantity) and not quantity.sum else "fen"


def _in(measure: Measure, rate_set: str) -> bool:
    return measure.kind in {"rate", "rest"} and measure.id.startswith(f"{rate_set}/")


def _by_id(measure: Measure, text: str) -> bool:
    return measure.written == text


def _by_name(measure: Measure, text: str) -> bool:
    return half_width(measure.name) == text


def _without_set(measure: Measure, text: str) -> bool:
    if measure.kind not in {"rate", "rest"}:
        return False
    code = measure.id.partition("/")[2]
    return text == (f"{_REST}{code}" if measure.kind == "rest" else code)
