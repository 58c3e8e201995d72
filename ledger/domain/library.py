"""Decisions on the project library: a project is declared, entered, changed.

Source: funds.md 4.1 (村申报、乡审核、县审定), 8.2 R28 (no change without approval).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ledger.areas import AreaList
from ledger.domain.history import not_before
from ledger.domain.project import STAGE_NAMES, Project
from ledger.domain.record import Record, check_record
from ledger.domain.stages import AmendProject, DeclareProject, ListProject, common_fields, must_follow
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Event, ProjectAmended, ProjectDeclared, ProjectListed
from ledger.rules import RulePack

__all__ = ["Entry", "decide_amend", "decide_declare", "decide_list", "entry_of"]

_REQUIRED: Final = {"name": "项目名称", "area": "地区", "project_year": "项目年度", "project_type": "项目类型"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A project as it is about to be declared or listed: where it belongs, and its record."""

    dimensions: dict[str, Any]
    record: Record

    @property
    def area(self) -> str:
        """Return the county."""
        return str(self.dimensions["area"])


def entry_of(state: Project, command: DeclareProject) -> Entry:
    """Return what the command says of a project; what it leaves out is as it was declared.

    Raises:
        ValueRefusedError: name, area, year or type are neither given nor declared.
    """
    declared = state.dimensions()
    given = {name: getattr(command, name) for name in declared}
    dimensions = {name: declared[name] if value is None else value for name, value in given.items()}
    record = state.record.changed_by(command)
    for name, zh in _REQUIRED.items():
        if not (record.name if name == "name" else dimensions[name]):
            raise ValueRefusedError(
                "project.incomplete",
                f"没有填写{zh}",
                hint="请用 --name --area --year --type 填写;只有已申报的项目入库时才可以不填",
            )
    return Entry(dimensions, record)


def decide_declare(
    state: Project, command: DeclareProject, entry: Entry, areas: AreaList, rules: RulePack
) -> list[Event]:
    """Declare a project: a new code, a known place, a known type, a sound record.

    Raises:
        RuleRefusedError: the code is taken, the industry mark is overridden without a reason, or the negative list.
        ValueRefusedError: unknown or expired area, unknown project type, a figure that contradicts another.
    """
    _check_entry(command, entry, areas, rules)
    _must_be_new(state, command.project)
    return [ProjectDeclared(**_fields(command, entry))]


def decide_list(state: Project, command: ListProject, entry: Entry, areas: AreaList, rules: RulePack) -> list[Event]:
    """Enter a project in the library; what the command leaves out is as it was declared.

    Raises:
        RuleRefusedError, ValueRefusedError: as ``decide_declare``; or declared and not reviewed, not appraised where
            the rules demand it, dated before its review, in another county than declared.
    """
    _check_entry(command, entry, areas, rules)
    if not state.is_known or state.exists:
        _must_be_new(state, command.project)
    elif entry.area != state.area:
        raise RuleRefusedError(
            "project.other_area",
            f"项目“{command.project}”在 {state.area} 申报,不能在 {entry.dimensions['area']} 入库",
            hint="请核对地区代码;申报有误的,先用 xianjie project remove 移出",
        )
    state.must_live()
    _must_be_examined(state, command, rules, entry.area)
    return [ProjectListed(**_fields(command, entry))]


def decide_amend(state: Project, command: AmendProject, rules: RulePack) -> list[Event]:
    """Change the record of a listed project with approval: the whole record is written down anew.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not listed, ended, without an approving document, nothing changed, or the negative list.
        ValueRefusedError: a figure that contradicts another.
    """
    must_follow(state, "amended", command)
    if not command.document:
        raise RuleRefusedError(
            "project.amend_unapproved",
            f"变更项目“{command.project}”没有写明批准文件",
            hint="请用 --doc 写明批准变更的文号",
            rule="R28 未经批准不得调整项目;出处 funds.md 8.2 [S9]",
        )
    record = state.record.changed_by(command)
    if record == state.record:
        raise RuleRefusedError(
            "project.amend_nothing",
            f"项目“{command.project}”的各项内容与现有登记相同,没有变更",
            hint="请写明要变更的内容;现有登记见 xianjie project show",
        )
    check_record(record, state.project_type, state.project_year, command, rules)
    change = record.estimate_fen - state.record.estimate_fen
    return [ProjectAmended(**common_fields(state, command), **record.stated(), estimate_change_fen=change)]


def _check_entry(command: DeclareProject, entry: Entry, areas: AreaList, rules: RulePack) -> None:
    dimensions = entry.dimensions
    _check_place(dimensions, areas, command)
    project_type = dimensions["project_type"]
    if rules.project_type(project_type, command.on) is None:
        raise ValueRefusedError(
            "project.unknown_type",
            f"没有代码为“{project_type}”的项目类型",
            hint="用 xianjie rule show base 查看项目类型",
        )
    if command.industry is not None and not command.reason:
        raise RuleRefusedError(
            "project.industry_reason", "另行认定是否属于产业项目,须说明原因", hint="请用 --reason 说明依据"
        )
    check_record(entry.record, project_type, dimensions["project_year"], command, rules)


def _check_place(dimensions: dict[str, Any], areas: AreaList, command: DeclareProject) -> None:
    area, town, village = (dimensions[name] for name in ("area", "town", "village"))
    for place in (area, town, village):
        if place:
            areas.get(place, command.on)
    for part, whole in ((town, area), (village, town or area)):
        if part and not part.startswith(whole):
            raise ValueRefusedError("area.outside", f"{part} 不在 {whole} 之内", hint="请核对乡镇、村的区划代码")


def _must_be_new(state: Project, code: str) -> None:
    if state.is_known:
        raise RuleRefusedError(
            "project.exists", f"项目编号“{code}”已用于“{state.name}”", hint="请换一个编号,或核对是否重复申报"
        )


def _must_be_examined(state: Project, command: ListProject, rules: RulePack, area: str) -> None:
    demanded = rules.find("library_needs_appraisal", area, command.on)
    needed = {
        "reviewed": "declared" in state.reached,
        "appraised": demanded is not None and demanded.value == 1,
    }
    sources = {"appraised": demanded.source if demanded else "", "reviewed": "funds.md 4.1(村申报、乡审核、县审定)"}
    verbs = {"reviewed": "review", "appraised": "appraise"}
    for stage, is_needed in needed.items():
        if is_needed and stage not in state.reached:
            raise RuleRefusedError(
                "project.not_examined",
                f"项目“{command.project}”尚未{STAGE_NAMES[stage]},不能入库",
                hint=f"请先登记{STAGE_NAMES[stage]}:xianjie project {verbs[stage]}",
                rule=f"入库前须{STAGE_NAMES[stage]};出处 {sources[stage]}",
            )
        if stage in state.reached:
            not_before(command.on, state.reached[stage], what="入库", cause=STAGE_NAMES[stage], reason=command.reason)


def _fields(command: DeclareProject, entry: Entry) -> dict[str, Any]:
    common = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    return {**common, **entry.dimensions, **entry.record.stated()}
