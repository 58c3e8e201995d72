"""Performance (绩效) of a project: monitored in the course of the year, evaluated with a score afterwards.

Source: seed clause (六) 项目资金绩效评价; funds.md 6.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from ledger.characters import half_width, quoted
from ledger.domain.command import Command, Filled, Flag, Ident, Line
from ledger.domain.history import not_before
from ledger.domain.project import Project
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Event, PerformanceEvaluated, PerformanceMonitored

__all__ = ["EvaluateProject", "MonitorProject", "decide_evaluate", "decide_monitor", "parse_score"]

_SCORE = re.compile(r"(?P<points>[0-9]{1,3})(?:\.(?P<decimals>[0-9]{1,2}))?")
_MOST_HUNDREDTHS = 100_00


def parse_score(text: object) -> int:
    """Return the score that ``text`` states, exactly, in hundredths of a point: ``91.25`` is 9125.

    Raises:
        ValueRefusedError: not a number from 0 to 100 with at most two decimals.
    """
    plain = half_width(text).removesuffix("分") if isinstance(text, str) else ""
    read = _SCORE.fullmatch(plain)
    hundredths = int(read["points"] + (read["decimals"] or "").ljust(2, "0")) if read else -1
    if not 0 <= hundredths <= _MOST_HUNDREDTHS:
        raise ValueRefusedError(
            "performance.score", f"得分{quoted(text)}不在 0 至 100 之间,或多于两位小数", hint="请填写得分,如 91.25"
        )
    return hundredths


class MonitorProject(Command):
    """Record whether the project is on the way to its performance targets, and what was found."""

    project: Ident
    on_track: Flag
    note: Filled


class EvaluateProject(Command):
    """Record the evaluation of a project; the score is given as text, ``91.25``."""

    project: Ident
    score_hundredths: Annotated[int, BeforeValidator(parse_score), Field(strict=True)]
    grade: Line = ""
    evaluator: Line = ""


def decide_monitor(project: Project, command: MonitorProject) -> list[Event]:
    """Record a check of the performance targets.

    Raises:
        NotFoundError: the project is not in the library.
        RuleRefusedError: it is no longer alive.
    """
    project.must_exist(command.project)
    project.must_live()
    return [
        PerformanceMonitored(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **project.dimensions(),
            on_track=command.on_track,
            note=command.note,
        )
    ]


def decide_evaluate(project: Project, command: EvaluateProject) -> list[Event]:
    """Record an evaluation of a project that was started.

    Raises:
        NotFoundError: the project is not in the library.
        RuleRefusedError: it is no longer alive or was never started, or the day lies before its start.
    """
    project.must_exist(command.project)
    project.must_live()
    if "started" not in project.reached:
        raise RuleRefusedError(
            "performance.not_started",
            f"项目“{command.project}”还没有开工,不能登记 {command.on} 的绩效评价",
            hint="请先用 xianjie project start 登记开工",
            rule="绩效评价在项目实施之后;出处:六盘水 2022-04-08 实施意见(六)",
        )
    not_before(command.on, project.reached["started"], what="绩效评价", cause="开工", reason=command.reason)
    return [
        PerformanceEvaluated(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **project.dimensions(),
            score_hundredths=command.score_hundredths,
            grade=command.grade,
            evaluator=command.evaluator,
        )
    ]
