"""Red flags (疑点): what in the facts deserves a look, with both sides' numbers and the events it stands on.

A flag is computed from facts at a position and a day, changes nothing, and is the same for ever at that moment. Source:
funds.md 8.2 (R1-R34), assets.md 7 (RF01-RF37).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ledger.database import read_transaction
from ledger.errors import NotFoundError, ValueRefusedError
from ledger.log.reading import event_at
from ledger.rules.flags import FLAG_PARAMETERS, SEVERITIES
from projections.flags.every import Raised, checks_by_flag, raised, sorted_flags
from projections.flags.world import look
from projections.scope import Answer, Question, Scope, open_scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine

__all__ = ["FlagBy", "FlagFilter", "FlagRow", "explain_flag", "flags", "list_flags"]

FlagBy: TypeAlias = Literal["area", "id", "town"]
"""By what the flags are counted."""


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """Which flags are wanted: empty lets everything pass."""

    ids: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class FlagRow:
    """How many flags of each severity were raised in one part, or in total where ``part`` is None."""

    part: str | None
    name: str
    serious: int
    attention: int
    hint: int
    subjects: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return {
            "row": "total" if self.part is None else "part",
            "part": self.part,
            "name": self.name,
            **{name: getattr(self, name) for name in (*SEVERITIES, "subjects")},
        }


def flags(engine: Engine, question: Question, wanted: FlagFilter | None = None, by: FlagBy = "area") -> Answer[FlagRow]:
    """Return the flags of an area, counted by county, town or flag; ``question.year`` keeps subjects of one year.

    The answer's ``flags`` lists them, the gravest first. ``not_set`` names the flags that the rules in force do not
    have or switch off.

    Raises:
        NotFoundError: no rule pack was in force, or there is no such flag.
        ValueRefusedError: the question cannot be answered as put.
    """
    wanted = wanted or FlagFilter()
    _check_known(wanted.ids)
    with open_scope(engine, question) as scope:
        found = _raised(scope, wanted)
        parts: dict[str | None, list[Raised]] = {None: found}
        for each in found:
            parts.setdefault(_part(scope, each, by), []).append(each)
        if by == "area" and parts.keys() <= {None, scope.area}:
            parts = {None: found}  # a question about one county has only its total
        named = sorted((part for part in parts if part is not None), key=lambda part: (sorted_flags(part), part))
        rows = tuple(_row(scope, part, by, parts[part]) for part in (*named, None))
        off = [each for each in FLAG_PARAMETERS if (rule := scope.rules.flag(each, scope.area)) is None or not rule.on]
        more: dict[str, object] = {"by": by, "not_set": off, "flags": [_as_json(scope, each) for each in found]}
        return Answer("flags", scope, rows, more)


def explain_flag(engine: Engine, question: Question, flag: str, subject: str) -> Answer[FlagRow]:
    """Return one flag of one subject with its formula, parameters, rule, and every event it stands on.

    The answer's ``flags`` are the hits, each with ``events``: position, topic, stream and
    the moment it was recorded.

    Raises:
        NotFoundError: no such flag, or it is not raised for the subject.
    """
    answer = flags(engine, question, FlagFilter(frozenset({flag}), subject=subject), "id")
    hits: Any = answer.more["flags"]
    if not hits:
        raise NotFoundError(
            "flag.not_raised",
            f"疑点 {flag} 对“{subject}”没有成立(截至 {answer.scope.as_of},账本第 {answer.scope.position} 条记录)",
            hint=f"用 xianjie report flags --id {flag} 查看成立的对象;用 --year、--as-of 换一个时点",
        )
    with read_transaction(engine) as connection:
        for each in hits:
            each["events"] = [
                {"position": row.position, "topic": row.topic, "stream": row.stream, "recorded_at": row.recorded_at}
                for position in each["positions"]
                if (row := event_at(connection, position)) is not None
            ]
    return answer


def list_flags(engine: Engine, question: Question) -> Answer[FlagRow]:
    """Return every flag there is with its rule, parameters, formula and what would clear it: in ``catalogue``.

    Raises NotFoundError when no rule pack was in force.
    """
    with open_scope(engine, question) as scope:
        checks = checks_by_flag()
        catalogue = [_described(scope, flag, checks) for flag in FLAG_PARAMETERS]
        return Answer("flags", scope, (), {"by": "id", "catalogue": catalogue})


def _described(scope: Scope, flag: str, checks: dict[str, list[Any]]) -> dict[str, object]:
    rule = scope.rules.flag(flag, scope.area)
    return {
        "id": flag,
        "name": rule.name if rule else flag,
        "status": "not_set" if rule is None else "on" if rule.on else "off",
        "severity": rule.severity if rule else None,
        "version": f"{scope.rules.pack} {scope.rules.version}",
        "parameters": dict(rule.parameters) if rule else {},
        "source": rule.source if rule else None,
        "checks": [
            {"about": each.about, "formula": each.formula, "clear": each.clear, "uses": list(each.uses)}
            for each in checks[flag]
        ],
    }


def _raised(scope: Scope, wanted: FlagFilter) -> list[Raised]:
    known = checks_by_flag()
    checks = [each for flag, found in known.items() if not wanted.ids or flag in wanted.ids for each in found]
    found = [
        each
        for each in raised(scope, look(scope), checks)
        if (not wanted.severities or each.rule.severity in wanted.severities)
        and (not wanted.subject or each.hit.subject.code == wanted.subject)
        and (scope.year is None or each.hit.subject.year == scope.year)
    ]
    grave = {name: at for at, name in enumerate(SEVERITIES)}
    return sorted(
        found,
        key=lambda each: (
            grave[each.rule.severity],
            sorted_flags(each.rule.id),
            each.hit.subject.code,
            each.hit.positions,
        ),
    )


def _part(scope: Scope, each: Raised, by: FlagBy) -> str:
    if by == "id":
        return each.rule.id
    return each.hit.subject.town if by == "town" else scope.current(each.hit.subject.area)


def _row(scope: Scope, part: str | None, by: FlagBy, found: Collection[Raised]) -> FlagRow:
    counts = Counter(each.rule.severity for each in found)
    if part is None:
        name = scope.name(scope.area)
    elif by == "id":
        name = next(each.rule.name for each in found)
    else:
        name = scope.name(part) if part else "未落到乡镇"
    subjects = len({each.hit.subject[:2] for each in found})
    return FlagRow(part, name, counts["serious"], counts["attention"], counts["hint"], subjects)


def _as_json(scope: Scope, each: Raised) -> dict[str, object]:
    subject, left, right = each.hit.subject, each.hit.left, each.hit.right
    return {
        "id": each.rule.id,
        "name": each.rule.name,
        "severity": each.rule.severity,
        "version": f"{scope.rules.pack} {scope.rules.version}",
        "source": each.rule.source,
        "parameters": dict(each.rule.parameters),
        "subject_kind": subject.kind,
        "subject": subject.code,
        "subject_name": scope.name(subject.code) if subject.kind == "area" else subject.name,
        "area": subject.area,
        "town": subject.town,
        "year": subject.year,
        "left": left._asdict(),
        "relation": each.hit.relation,
        "right": right._asdict(),
        "formula": each.check.formula,
        "clear": each.check.clear,
        "uses": list(each.check.uses),
        "positions": list(each.hit.positions),
    }


def _check_known(ids: Collection[str]) -> None:
    for each in sorted(ids):
        if each not in FLAG_PARAMETERS:
            raise ValueRefusedError(
                "flag.unknown",
                f"没有疑点“{each}”",
                hint="可用 R1 至 R34、RF01 至 RF37;清单见 xianjie report flags --list",
            )
