"""What the library says of a project (项目库记录), and the checks that each declaration, listing and change passes.

Source: funds.md 4.2 (fields), 8.2 R21 (negative list).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from ledger.codes import BuildKind, FundKind, FundLevel, check_fund_kind
from ledger.domain.command import Command, Day, Fen, Filled, Ident, Line, Prose, coded
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Financing, Goal, ProjectAmended, ProjectDeclared, ProjectListed
from ledger.money import format_yuan
from ledger.rules import RulePack

__all__ = ["FinancingPart", "Record", "RecordCommand", "RecordEvent", "Target", "check_record"]

RecordEvent = ProjectDeclared | ProjectListed | ProjectAmended
"""Every event that states the whole record of a project."""

Count = Annotated[int, Field(ge=0, le=10**8, strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class FinancingPart(_Part):
    """Money that a project is meant to have from one kind of fund and one level."""

    fund_kind: Annotated[str, coded(FundKind)]
    level: Annotated[str, coded(FundLevel)]
    amount_fen: Fen


class Target(_Part):
    """One performance target: an indicator and the value to reach, as the document prints it."""

    indicator: Filled
    target: Filled
    unit: Line = ""


class RecordCommand(Command):
    """Fields of a project's record; one that is None is not given and stays what it was."""

    project: Ident
    name: Filled | None = None
    content: Prose | None = None
    unit: Line | None = None
    goal: Prose | None = None
    estimate_fen: Fen | None = None
    build_kind: Annotated[str, coded(BuildKind)] | None = None
    place: Line | None = None
    begin_on: Day | None = None
    finish_on: Day | None = None
    households: Count | None = None
    persons: Count | None = None
    poor_households: Count | None = None
    poor_persons: Count | None = None
    linkage: Prose | None = None
    participation: Prose | None = None
    financing: tuple[FinancingPart, ...] | None = None
    goals: tuple[Target, ...] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a project as it stands; the fields are those of the events that state it."""

    name: str = ""
    content: str = ""
    unit: str = ""
    goal: str = ""
    estimate_fen: int = 0
    build_kind: str = ""
    place: str = ""
    begin_on: date | None = None
    finish_on: date | None = None
    households: int = 0
    persons: int = 0
    poor_households: int = 0
    poor_persons: int = 0
    linkage: str = ""
    participation: str = ""
    financing: tuple[Financing, ...] = ()
    goals: tuple[Goal, ...] = ()

    @classmethod
    def of(cls, event: RecordEvent) -> Self:
        """Return the record that the event states."""
        return cls(**{each.name: getattr(event, each.name) for each in fields(cls)})

    def stated(self) -> dict[str, Any]:
        """Return the fields as an event writes them down."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def changed_by(self, command: RecordCommand) -> Record:
        """Return the record with what the command gives; an estimate never given is what the sources add up to."""
        given = {each.name: getattr(command, each.name) for each in fields(self)}
        given = {name: value for name, value in given.items() if value is not None}
        if command.financing is not None:
            given["financing"] = tuple(Financing(**part.model_dump()) for part in command.financing)
        if command.goals is not None:
            given["goals"] = tuple(Goal(**target.model_dump()) for target in command.goals)
        changed = replace(self, **given)
        return changed if changed.estimate_fen else replace(changed, estimate_fen=changed.financed_fen)

    @property
    def financed_fen(self) -> int:
        """Return what the sources of money add up to."""
        return sum(part.amount_fen for part in self.financing)


def check_record(record: Record, project_type: str, project_year: int, command: Command, rules: RulePack) -> None:
    """Refuse a record that contradicts itself or names what these funds must not pay for.

    Raises:
        ValueRefusedError: the term ends before it begins, more poor than all, a source named twice or not yet existing.
        RuleRefusedError: the type is on the negative list; or, without a reason, a word of the negative list, sources
            that do not add up to the estimate, a household project without beneficiary households.
    """
    _check_figures(record, project_year)
    _check_negative_list(record, project_type, command, rules)
    if command.reason:
        return
    if record.financing and record.financed_fen != record.estimate_fen:
        raise RuleRefusedError(
            "project.financing_differs",
            f"资金筹措合计 {format_yuan(record.financed_fen)} 元,与概算 {format_yuan(record.estimate_fen)} 元不等",
            hint="请核对 --financing 和 --estimate;确有出入的,用 --reason 说明原因",
            rule="资金规模与筹资方式相符;出处 funds.md 4.2 [S26][S31]",
        )
    kind = rules.project_type(project_type, command.on)
    if kind is not None and kind.to_household and not record.households:
        raise RuleRefusedError(
            "project.no_households",
            f"“{kind.name}”是到户类项目,受益户数为 0",
            hint="请用 --households 写明受益户数;确不能写明的,用 --reason 说明原因",
            rule=f"到户类项目须写明受益户;{rules.pack} {rules.version},出处 {kind.source}",
        )


def _check_figures(record: Record, project_year: int) -> None:
    if record.begin_on and record.finish_on and record.finish_on < record.begin_on:
        raise ValueRefusedError(
            "project.term_reversed",
            f"计划完工 {record.finish_on} 早于计划开工 {record.begin_on}",
            hint="请核对 --begin 和 --finish",
        )
    for what, poor, everyone in (
        ("户", record.poor_households, record.households),
        ("人", record.poor_persons, record.persons),
    ):
        if poor > everyone:
            raise ValueRefusedError(
                "project.poor_exceeds",
                f"脱贫和监测对象 {poor} {what},多于受益的 {everyone} {what}",
                hint="请核对受益户数、人数,其中数不能大于总数",
            )
    sources = [(part.fund_kind, part.level) for part in record.financing]
    for kind, level in sources:
        check_fund_kind(FundKind(kind), project_year)
        if sources.count((kind, level)) > 1:
            raise ValueRefusedError(
                "project.financing_repeated",
                f"资金筹措中{FundLevel(level).zh}的{FundKind(kind).zh}写了两次",
                hint="请合并为一项",
            )


def _check_negative_list(record: Record, project_type: str, command: Command, rules: RulePack) -> None:
    by_type = rules.forbids(project_type, "", command.on)
    if by_type is not None:
        raise RuleRefusedError(
            "project.forbidden_type",
            f"项目类型“{rules.type_name(project_type)}”属于负面清单“{by_type.name}”,资金不得用于此项",
            hint="请改列其他资金,或核对项目类型",
            rule=f"R21 负面清单“{by_type.name}”;出处 {by_type.source}",
        )
    words = f"{record.name}\n{record.content}"
    by_word = rules.forbids("", words, command.on)
    if by_word is not None and not command.reason:
        found = next(word for word in by_word.words if word in words)
        raise RuleRefusedError(
            "project.forbidden_word",
            f"项目名称或建设内容中有“{found}”,疑属负面清单“{by_word.name}”",
            hint="请核对建设内容;确不属于负面清单的,用 --reason 说明原因",
            rule=f"R21 负面清单“{by_word.name}”;出处 {by_word.source}",
        )
