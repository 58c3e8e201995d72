"""Today's desk: what ``xianjie`` shows when it is asked nothing. What is late, what is due, and where to look closer.

Each section asks one report and returns lines; a further one is a function more in ``_SECTIONS``. Nothing is judged
here: when something is late is the report's answer, under the rules in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.context import open_facts
from cli.output import Table, show
from ledger.dates import today
from ledger.errors import NotFoundError
from ledger.money import format_yuan

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cli.context import Settings
    from projections.scope import Question

__all__ = ["Line", "show_desk"]

_DAYS: Final = 30  # how far the desk looks ahead; `report contracts-due --days` looks further
_STATES: Final = {"late": "逾期", "due": "将到期", "open": "待办"}


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing that waits: how many, how much money, the most pressing of them, and the command to look."""

    state: str
    what: str
    count: int
    amount_fen: int | None
    first: str
    command: str


Section = Callable[["Engine", "Question"], Iterable[Line]]


def show_desk(settings: Settings) -> None:
    """Print what waits today; where there is no ledger yet, how to begin. Raises LedgerError."""
    if "://" not in settings.db and not Path(settings.db).exists():  # answered without the libraries of a database
        begin = {"ledger": None, "begin": ["xianjie init --area 520203", "xianjie demo", "xianjie --help"]}
        notes = [
            f"这里还没有账本({settings.db})。",
            "新建账本:xianjie init --area 六位地区代码,如 xianjie init --area 520203",
            "先看演示:xianjie demo --quick      全部命令:xianjie --help",
            "账本在别处:xianjie --db 文件 …,或设环境变量 XIANJIE_DB",
        ]
        show(settings.format, begin, Table((), (), notes=notes))
        return
    name, position, lines = _desk(settings)
    rows = [
        [
            _STATES[line.state],
            line.what,
            str(line.count),
            "" if line.amount_fen is None else format_yuan(line.amount_fen),
            line.first,
            line.command,
        ]
        for line in lines
    ]
    notes = ["连续录入:xianjie shell", "全部命令:xianjie --help"]
    data = {
        "area_name": name,
        "day": today().isoformat(),
        "position": position,
        "lines": [asdict(each) for each in lines],
    }
    heading = f"{name} 今日({today()},账本第 {position} 号)"
    if not rows:
        notes.insert(0, "没有逾期、将到期或待办的事项")
    show(settings.format, data, Table(("状态", "事项", ">件数", ">金额(元)", "最急的", "查看"), rows, heading, notes))


def _desk(settings: Settings) -> tuple[str, int, list[Line]]:
    from projections.scope import Question, home_area, open_scope

    with open_facts(settings) as engine:
        question = Question(home_area(engine) or "")
        with open_scope(engine, question) as scope:
            name, position = scope.name(scope.area), scope.position
        lines = [line for section in _SECTIONS for line in _asked(section, engine, question) if line.count]
    return name, position, sorted(lines, key=lambda line: list(_STATES).index(line.state))


def _asked(section: Section, engine: Engine, question: Question) -> Iterable[Line]:
    try:
        return list(section(engine, question))
    except NotFoundError:
        return []  # the ledger has no rules by which this could be late


def _submissions(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.quarterly import quarterly

    answer = quarterly(engine, question)
    missing = [row for row in answer.rows if row.submission == "missing"]
    coming = [row for row in answer.rows if row.submission == "not_due"]
    due_on: Any = answer.more.get("due_on")
    command = "xianjie report quarterly"
    for state, rows in (("late", missing), ("due", coming)):
        first = f"{rows[0].place.area_name},{due_on} 前" if rows else ""
        yield Line(state, f"{answer.more['quarter']} 季度报告未报送", len(rows), None, first, command)


def _projects(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.progress import progress

    more: Any = progress(engine, question).more
    late = sorted({each["project"]: each for each in more["late"]}.values(), key=lambda each: each["due_on"])
    stalled = more["stalled"]
    for what, found, key in (("项目未按期(R4)", late, "days_late"), ("项目停滞(R5)", stalled, "days")):
        money = sum(each["allocated_fen"] - each["paid_fen"] for each in found)
        first = f"{found[0]['project']} {found[0]['name']},{found[0][key]} 天" if found else ""
        yield Line("late", what, len(found), money, first, "xianjie report progress")


def _findings(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.findings import findings

    more: Any = findings(engine, question).more
    opened = sorted((each for each in more["findings"] if each["state"] != "closed"), key=lambda each: each["deadline"])
    late = [each for each in opened if each["days_overdue"]]
    rest = [each for each in opened if not each["days_overdue"]]
    for state, what, found in (("late", "整改问题超期", late), ("open", "整改问题未销号", rest)):
        first = f"{found[0]['finding']},{found[0]['deadline']} 到期" if found else ""
        yield Line(state, what, len(found), None, first, "xianjie report findings")


def _contracts(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.contracts_due import contracts_due

    more: Any = contracts_due(engine, question, _DAYS).more
    late = [each for each in more["dues"] if each["days_late"]]
    coming = [each for each in more["dues"] if not each["days_late"]]
    for state, what, found in (("late", "合同应收款逾期", late), ("due", f"{_DAYS} 天内应收款", coming)):
        first = f"{found[0]['contract']},{found[0]['due_on']}" if found else ""
        yield Line(
            state, what, len(found), sum(each["left_fen"] for each in found), first, "xianjie report contracts-due"
        )
    ending = more["expiring"]
    first = f"{ending[0]['contract']},{ending[0]['to_on']}" if ending else ""
    yield Line("due", f"合同到期或 {_DAYS} 天内到期", len(ending), None, first, "xianjie report contracts-due")


def _upkeep(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.upkeep_due import upkeep_due

    more: Any = upkeep_due(engine, question).more
    wanting = more["assets"]
    first = f"{wanting[0]['asset']} {wanting[0]['name']}" if wanting else ""
    yield Line("open", "管护未落实或欠巡查", len(wanting), None, first, "xianjie report upkeep-due")


def _unused(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.idle import idle

    more: Any = idle(engine, question).more
    late = [each for each in more["assets"] if each["overdue"]]
    first = f"{late[0]['asset']} {late[0]['name']},{late[0]['days']} 天" if late else ""
    worth = sum(each["value_fen"] for each in late)
    yield Line("late", "闲置资产未盘活(RF18)", len(late), worth, first, "xianjie report idle")


def _idle_money(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.aging import aging

    rows = aging(engine, question).rows
    for state, what, found in (
        ("late", "逾年未用应收回资金(R6)", [row for row in rows if row.recoverable]),
        ("open", "滞留资金(未安排、未核拨、未支付)", [row for row in rows if not row.recoverable]),
    ):
        first = f"{found[0].tranche},{found[0].days} 天" if found else ""
        yield Line(state, what, len(found), sum(row.idle_fen for row in found), first, "xianjie report aging")


def _publications(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.reports.disclosure import disclosure

    owed = sorted(
        (row for row in disclosure(engine, question).rows if row.state == "missing"), key=lambda row: -row.days_late
    )
    first = f"{owed[0].subject},{owed[0].days_late} 天" if owed else ""
    yield Line("late", "应公开未公开(R26)", len(owed), None, first, "xianjie notice due")


def _proposals(engine: Engine, question: Question) -> Iterable[Line]:
    from projections.scope import open_scope

    with open_scope(engine, question) as scope:
        waiting = scope.pending
    yield Line("open", "待审核、审批的提议", waiting.proposals, waiting.total_fen, "", "xianjie inbox")


_SECTIONS: Final[tuple[Section, ...]] = (
    _submissions,
    _projects,
    _findings,
    _contracts,
    _upkeep,
    _unused,
    _idle_money,
    _publications,
    _proposals,
)
