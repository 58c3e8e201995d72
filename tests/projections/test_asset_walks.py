"""Whatever befalls assets, in whatever order: owners hold exactly the whole, value is conserved, panels reconcile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.codes import Right
from ledger.commands import handle
from ledger.commands.work import ASSET, RIGHTS
from ledger.domain.confirmation import ConfirmAsset, NoticeOwnership
from ledger.domain.control import AdoptRules, ReverseEvent
from ledger.domain.disposal import ApproveDisposal, DisposeAsset, ProposeDisposal, VoteDisposal
from ledger.domain.formation import TakeStock
from ledger.domain.reshaping import MergeAsset, SplitAsset
from ledger.domain.right import SetRight
from ledger.domain.valuation import ClassifyAsset, FinaliseValue
from ledger.errors import LedgerError
from ledger.rules import shipped_packs
from projections.reports.rights import rights
from projections.scope import By, Question
from tests.ledger.domain.conftest import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.domain.asset import Asset
    from ledger.domain.command import Command
    from tests.projections.conftest import History

AREA, BEGIN = "520203", date(2022, 1, 1)
NOTICE = timedelta(days=11)
CUTS = get_args(By)
VILLAGES = ("V520203101201", "V520203101202", "V520203102201")
TURNS = st.tuples(
    st.sampled_from(("stock", "confirm", "split", "merge", "set", "classify", "finalise", "dispose", "reverse")),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(1, 10**9),
)


@dataclass
class Walk:
    """A history of assets in the making: what was tried, and what stood in the register after each turn."""

    book: Book = field(default_factory=Book)
    codes: list[str] = field(default_factory=list)
    registers: list[tuple[date, int, int, int]] = field(default_factory=list)
    """Day, position, number and fen of the live assets."""

    def take(self, turn: tuple[str, int, int, int]) -> None:
        day = BEGIN + timedelta(days=25 * (len(self.registers) + 1))
        kind, *figures = turn
        fen = self.fen
        for command in self._commands(kind, day, *figures):
            kept = list(self.book.log)
            try:
                handle(self.book, command)
            except LedgerError:
                self.book.log = kept
        assert kind not in {"split", "merge", "confirm", "set", "classify"} or self.fen == fen
        evening = day + NOTICE
        self._check_owners(evening)
        live = self.live
        self.registers.append((evening, self.book.position, len(live), sum(each.value_fen for each in live)))

    @property
    def live(self) -> list[Asset]:
        known = [self.book.load(ASSET, code) for code in self.codes]
        return [each for each in known if each.exists and each.life == "live"]

    @property
    def fen(self) -> int:
        return sum(each.value_fen for each in self.live)

    def _check_owners(self, day: date) -> None:
        for asset in self.live:
            setting = self.book.load(RIGHTS, asset.asset).at(Right.OWNERSHIP, day)
            if "confirmed" in asset.reached:
                assert setting is not None
                assert sum(Fraction(each.numerator, each.denominator) for each in setting.holdings) == 1
            else:
                assert setting is None or setting.status != "held"

    def _commands(self, kind: str, day: date, i: int, j: int, n: int) -> Iterable[Command]:
        if kind == "stock" or not self.codes:
            yield self._stocked(day, j, n)
            return
        code, other = self.codes[i % len(self.codes)], self.codes[j % len(self.codes)]
        owners = shared(n)
        match kind:
            case "confirm":
                end = day + NOTICE
                yield NoticeOwnership.of(on=day, asset=code, owners=owners, from_on=day, to_on=end - timedelta(days=1))
                yield ConfirmAsset.of(on=end, asset=code)
            case "split":
                self.codes.append(f"A{len(self.codes)}")
                yield SplitAsset.of(on=day, asset=code, part=self.codes[-1], name="分出", value_fen=n)
            case "merge":
                yield MergeAsset.of(on=day, asset=code, whole=other, reason="合并")
            case "set":
                right = list(Right)[j % len(Right)]
                yield SetRight.of(on=day, asset=code, right=right.zh, holders=owners, reason="重新约定")
            case "classify":
                chosen = ("operating", "public")[n % 2]
                yield ClassifyAsset.of(on=day, asset=code, asset_class=chosen, authority="县政府", reason="更正")
            case "finalise":
                yield FinaliseValue.of(on=day, asset=code, value_fen=n, reason="决算")
            case "dispose":
                yield from self._disposed(code, day)
            case _:
                yield ReverseEvent.of(on=day, position=max(self.book.position - j, 1), document="批复", reason="有误")

    def _stocked(self, day: date, j: int, n: int) -> Command:
        self.codes.append(f"A{len(self.codes)}")
        fixed = {"name": "资产", "origin": "清查", "area": AREA, "asset_class": "operating", "provisional": j == 0}
        sources: tuple[dict[str, Any], ...] = ()
        if j % 2:
            paid = {"衔接资金": n - n // 3, "自筹": n // 3}
            sources = tuple(
                {"fund_kind": kind, "level": "其他", "amount_fen": fen} for kind, fen in paid.items() if fen
            )
        return TakeStock.of(
            on=day, asset=self.codes[-1], project_year=2021 - j % 2 * 8, value_fen=n, sources=sources, **fixed
        )

    def _disposed(self, code: str, day: date) -> Iterable[Command]:
        about = {"on": day, "asset": code, "reason": "如实登记"}
        yield ProposeDisposal.of(**about, disposal="CZ", why="消耗灭失", way="核销")
        vote = {"body": "members", "members": 3, "present": 3, "in_favour": 3}
        for owner in self.book.load(RIGHTS, code).owners:
            yield VoteDisposal.of(**about, owner=owner.holder, **vote)
        yield ApproveDisposal.of(**about, authority="县政府")
        yield DisposeAsset.of(**about)


def shared(n: int) -> tuple[dict[str, str], ...]:
    """Return one to three villages with shares that follow from the digits of ``n``."""
    weights = [int(digit) + 1 for digit in str(n)[: 1 + n % 3]]
    return tuple(
        {"holder": village, "kind": "村集体", "share": f"{weight}/{sum(weights)}"}
        for village, weight in zip(VILLAGES, weights, strict=False)
    )


def walked(turns: list[tuple[str, int, int, int]]) -> Walk:
    walk = Walk()
    handle(walk.book, AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"]))
    for number in (1_000_003, 77):
        walk.take(("stock", 0, 2, number))
        walk.take(("confirm", number % 2, 0, 123))
    for turn in turns:
        walk.take(turn)
    return walk


@settings(max_examples=40, deadline=None)
@given(turns=st.lists(TURNS, min_size=5, max_size=25))
def test_owners_hold_exactly_the_whole_and_reshaping_conserves_value(turns: list[tuple[str, int, int, int]]) -> None:
    walk = walked(turns)
    assert walk.registers[-1][2] == len(walk.live)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(TURNS, min_size=8, max_size=25), by=st.sampled_from(CUTS))
def test_every_panel_reconciles_to_the_register_of_its_day_to_the_fen(
    new_history: Callable[[], History], turns: list[tuple[str, int, int, int]], by: By
) -> None:
    walk = walked(turns)
    history = new_history()
    assert history.record(*(each.event for each in walk.book.log)) == walk.book.position
    for day, position, number, fen in walk.registers[-4:]:
        question = Question("520200", by=by, as_of=day, known_at=position)
        values: defaultdict[tuple[str, str], int] = defaultdict(int)
        for row in rights(history.engine, question).rows:
            values[row.place.row, row.right] += row.value_fen
            if row.place.row == "total":
                assert (row.whole_assets, row.whole_value_fen) == (number, fen)
        for right in set(Right) - {Right.SUPERVISION}:
            assert (values["part", right], values["total", right]) == (fen, fen)
