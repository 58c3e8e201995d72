"""A ledger in memory and a story to tell in it: given these steps, when a command comes, then events or a refusal."""

from __future__ import annotations

from datetime import date
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from ledger.areas import AreaList, shipped_areas
from ledger.commands import Kind, handle
from ledger.domain.allocation import AllocateMoney
from ledger.domain.confirmation import (
    BookAsset,
    CertifyAsset,
    ConfirmAsset,
    HandOverAsset,
    NoticeOwnership,
)
from ledger.domain.control import AdoptRules, OpenLedger, Recorded, areas_of
from ledger.domain.formation import IdentifyAsset
from ledger.domain.history import fold, live
from ledger.domain.notice import PublishNotice
from ledger.domain.payment import PayMoney, ReimburseMoney, ReleaseMoney
from ledger.domain.right import SetRight
from ledger.domain.stages import (
    AcceptProject,
    ApproveProject,
    CompleteProject,
    ListProject,
    PlanProject,
    ReportProgress,
    StartProject,
)
from ledger.domain.tranche import DistributeTranche, IssueTranche, RecoverTranche
from ledger.errors import LedgerError
from ledger.events import AreasListed, Event, RulePackAdopted, registry, streams
from ledger.rules import Adoption, RulePack, in_force, parse_pack, shipped_packs, targets_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.domain.command import Command
    from ledger.rules import Indicator

S = TypeVar("S")

_parsed = cache(parse_pack)

_OWNERS = (
    {"holder": "V1", "kind": "村集体", "share": "1/3"},
    {"holder": "V2", "kind": "村集体", "share": "2/3"},
)

_STORY: dict[str, tuple[type[Command], str, dict[str, Any]]] = {
    "open": (OpenLedger, "2012-01-01", {"area": "520200", "name": "六盘水市", "origin": "test.example/520200"}),
    "adopt": (AdoptRules, "2012-01-01", {"text": shipped_packs()["base"]}),
    "issue": (
        IssueTranche,
        "2022-01-05",
        {
            "document": "黔财农〔2022〕1号",
            "tranche": "T1",
            "area": "520200",
            "plan_year": 2022,
            "level": "中央",
            "amount_fen": 1_000_000_00,
            "issuer": "贵州省财政厅",
        },
    ),
    "distribute": (
        DistributeTranche,
        "2022-01-10",
        {"tranche": "T1", "child": "T1-1", "child_area": "520203", "amount_fen": 600_000_00},
    ),
    "recover": (RecoverTranche, "2022-11-30", {"tranche": "T1-1", "amount_fen": 50_000_00, "recovered_by": "市财政局"}),
    "list": (
        ListProject,
        "2022-01-15",
        {
            "project": "P1",
            "name": "食用菌基地",
            "area": "520203",
            "project_year": 2022,
            "project_type": "crop_base",
            "goal": "建成菌棚20座",
            "estimate_fen": 320_000_00,
        },
    ),
    "approve": (ApproveProject, "2022-01-20", {"project": "P1"}),
    "plan": (PlanProject, "2022-01-25", {"project": "P1", "planned_fen": 300_000_00}),
    "allocate": (AllocateMoney, "2022-02-01", {"tranche": "T1-1", "project": "P1", "amount_fen": 300_000_00}),
    "start": (StartProject, "2022-02-10", {"project": "P1"}),
    "progress": (ReportProgress, "2022-03-01", {"project": "P1", "invested_fen": 120_000_00}),
    "release": (ReleaseMoney, "2022-03-02", {"project": "P1", "amount_fen": 200_000_00}),
    "pay": (PayMoney, "2022-03-03", {"project": "P1", "amount_fen": 150_000_00}),
    "reimburse": (ReimburseMoney, "2022-03-04", {"project": "P1", "amount_fen": 100_000_00}),
    "complete": (CompleteProject, "2022-06-01", {"project": "P1"}),
    "accept": (AcceptProject, "2022-06-20", {"project": "P1"}),
    "identify": (
        IdentifyAsset,
        "2022-07-01",
        {"asset": "A1", "project": "P1", "name": "菌棚", "asset_class": "经营性", "value_fen": 280_000_00},
    ),
    "notice": (
        NoticeOwnership,
        "2022-07-02",
        {"asset": "A1", "from_on": "2022-07-02", "to_on": "2022-07-08", "owners": _OWNERS},
    ),
    "confirm": (ConfirmAsset, "2022-07-09", {"asset": "A1"}),
    "certify": (CertifyAsset, "2022-07-15", {"asset": "A1", "certificate": "黔六枝集资证第1号"}),
    "hand_over": (
        HandOverAsset,
        "2022-07-20",
        {"asset": "A1", "giver": "县农业农村局", "receiver": "甲村经济合作社", "supervisor": "县财政局"},
    ),
    "book": (BookAsset, "2022-07-25", {"asset": "A1", "books": "collective", "voucher": "记-7"}),
    "set_right": (
        SetRight,
        "2022-08-01",
        {"asset": "A1", "right": "经营权", "holders": ({"holder": "C1", "kind": "企业", "share": "1"},)},
    ),
    "publish": (
        PublishNotice,
        "2022-08-02",
        {
            "notice": "N1",
            "template": "allocation",
            "title": "资金分配结果公告",
            "area": "520203",
            "subjects": ("P1", "T1-1", "A1"),
            "channel": "政府网站",
            "from_on": "2022-08-02",
        },
    ),
}


class Book:
    """The ledger in memory: what ``ledger.commands.Work`` asks for, and the words of a specification."""

    today = date(2026, 11, 23)
    actor = "经办甲"

    def __init__(self) -> None:
        self.log: list[Recorded] = []

    def like(self, step: str, **changes: Any) -> Command:  # noqa: ANN401 - field values
        """Return the command of the story, with changes."""
        kind, day, values = _STORY[step]
        return kind.of(**{"on": day, **values, **changes})

    def given(self, *steps: str | Command) -> Book:
        """Record steps of the story as they stand, or commands."""
        for step in steps:
            self.do(self.like(step) if isinstance(step, str) else step)
        return self

    def up_to(self, last: str, *, without: str = "") -> Book:
        """Record the story up to a step, that one included; money is not recovered on the way."""
        names = [name for name in _STORY if name not in {"recover", *without.split()}]
        return self.given(*names[: names.index(last) + 1])

    def do(self, command: Command) -> list[Event]:
        """Return the events that follow from the command."""
        before = len(self.log)
        handle(self, command)
        return [each.event for each in self.log[before:]]

    def refuses(self, command: Command) -> LedgerError:
        """Return the refusal; what the command had recorded is undone, as the log undoes it."""
        before = list(self.log)
        with pytest.raises(LedgerError) as caught:
            handle(self, command)
        self.log = before
        return caught.value

    def last(self, topic: str) -> int:
        """Return the position of the last event of a topic."""
        return max(each.position for each in self.log if each.topic == topic)

    @property
    def position(self) -> int:
        return len(self.log)

    def load(self, kind: Kind[S], code: str) -> S:
        events = [each.event for each in self.recorded_in(kind.stream(code))]
        return fold(kind.evolve, kind.start, live(events))

    def record(self, events: Iterable[Event]) -> None:
        for event in events:
            version = len(self.recorded_in(event.stream)) + 1
            state = registry.encode(event)
            self.log.append(Recorded(self.position + 1, event.stream, version, event.TOPIC, state, event))

    def root_at(self, position: int) -> str:
        return sha256(str(position).encode()).hexdigest()

    def areas(self) -> AreaList:
        listed = [each.event for each in self.recorded_in(streams.AREAS)]
        entries = [entry for event in listed if isinstance(event, AreasListed) for entry in event.areas]
        return shipped_areas().with_areas(areas_of(entries))

    def rules(self, area: str, on: date) -> RulePack:
        return in_force(self._adopted(), area, on)

    def indicators(self, area: str, on: date) -> Mapping[str, Indicator]:
        return targets_in_force(self._adopted(), area, on)

    def _adopted(self) -> list[Adoption]:
        return [
            Adoption(_parsed(each.event.text, each.event.base), each.event.effective_on, each.position)
            for each in self.recorded_in(streams.RULES)
            if isinstance(each.event, RulePackAdopted)
        ]

    def recorded_at(self, position: int) -> Recorded | None:
        return self.log[position - 1] if 0 < position <= len(self.log) else None

    def recorded_in(self, stream: str) -> list[Recorded]:
        return [each for each in self.log if each.stream == stream]


@pytest.fixture
def book() -> Book:
    """An empty ledger in memory."""
    return Book()
