"""Who may record what, what one person may not be twice, and what a second person must approve: rules as data.

Topics are those of events. A topic that ends with a dot stands for all that begin so. Amounts are what the events of
one batch and one rule add up to, so that a sum cannot be split over the rows of one file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args

from ledger.codes import Role
from ledger.rules.table import Table

__all__ = ["Approval", "Duty", "Incompatible", "Need", "read_approval", "read_duty", "read_incompatible"]

Within: TypeAlias = Literal["proposal", "person", "notice"]

_MOST_FEN = 10**15
_OF_NOTICES = frozenset({Role.MAKER, Role.PUBLISHER})


@dataclass(frozen=True, slots=True)
class Duty:
    """The topics that holders of a role may record."""

    role: str
    topics: tuple[str, ...]
    source: str

    @property
    def id(self) -> str:
        """What tells it apart from the others of a pack: there is one for each role."""
        return self.role

    def covers(self, topic: str) -> bool:
        """Say whether the role may record the topic."""
        return _matches(self.topics, topic)


@dataclass(frozen=True, slots=True)
class Incompatible:
    """Two roles that exclude each other: in one proposal, at all in one person, or in a notice and what it shows.

    The last is about maker and publisher only: who made an entry of a subject does not publish it.
    """

    id: str
    roles: frozenset[str]
    within: Within
    source: str

    def forbids(self, roles: Collection[str]) -> bool:
        """Say whether one person may not have all these roles, whatever they are about."""
        return self.within == "person" and self.roles <= frozenset(roles)


@dataclass(frozen=True, slots=True)
class Approval:
    """Events that count only once a holder of ``by`` approved them; ``*_fen`` are amounts from which that holds.

    ``checked_from_fen`` None: no checker stands between maker and approver.
    """

    id: str
    topics: tuple[str, ...]
    by: str
    from_fen: int
    checked_from_fen: int | None
    source: str

    def covers(self, topic: str) -> bool:
        """Say whether the rule is about the topic."""
        return _matches(self.topics, topic)


@dataclass(frozen=True, slots=True)
class Need:
    """What a batch needs: holders of these roles must approve it, after a checker where ``checked``."""

    by: frozenset[str]
    checked: bool
    total_fen: int
    rules: tuple[Approval, ...]

    @classmethod
    def of(cls, sums: Mapping[str, int], approvals: Iterable[Approval]) -> Need:
        """Return what events need whose topics move these sums (0 where a topic moves no money)."""
        asked = []
        for rule in approvals:
            moved = [fen for topic, fen in sums.items() if rule.covers(topic)]
            if moved and sum(moved) >= rule.from_fen:
                asked.append((rule, sum(moved)))
        return cls(
            frozenset(rule.by for rule, _ in asked),
            any(rule.checked_from_fen is not None and fen >= rule.checked_from_fen for rule, fen in asked),
            sum(fen for topic, fen in sums.items() if any(rule.covers(topic) for rule, _ in asked)),
            tuple(rule for rule, _ in asked),
        )

    def __bool__(self) -> bool:
        """Say whether anybody else is needed at all."""
        return bool(self.rules)


def read_duty(table: Table) -> Duty:
    """Read what a role may record."""
    return Duty(table.choice("role", list(Role)), _topics(table), table.text("source"))


def read_incompatible(table: Table) -> Incompatible:
    """Read a pair of roles that exclude each other."""
    pair = Incompatible(
        id=table.text("id"),
        roles=table.codes("roles", Role),
        within=cast("Within", table.choice("within", get_args(Within))),
        source=table.text("source"),
    )
    if len(pair.roles) != 2:  # noqa: PLR2004 - a pair is two
        raise table.refused("rule.bad_value", "的 roles 应恰为两个不同的岗位")
    if pair.within == "notice" and pair.roles != _OF_NOTICES:
        raise table.refused("rule.bad_value", "的 within 为 notice 时,roles 只能是 maker 和 publisher")
    return pair


def read_approval(table: Table) -> Approval:
    """Read what must be approved."""
    return Approval(
        id=table.text("id"),
        topics=_topics(table),
        by=table.choice("by", list(Role), "approver"),
        from_fen=table.whole("from_fen", 0, _MOST_FEN, 0),
        checked_from_fen=table.whole("checked_from_fen", 0, _MOST_FEN) if table.has("checked_from_fen") else None,
        source=table.text("source"),
    )


def _topics(table: Table) -> tuple[str, ...]:
    topics = table.texts("topics")
    if not topics:
        raise table.refused("rule.missing", "缺少 topics(事件类型)")
    return topics


def _matches(topics: tuple[str, ...], topic: str) -> bool:
    return any(topic.startswith(each) if each.endswith(".") else topic == each for each in topics)
