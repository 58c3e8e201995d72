"""The fact tables: few, wide, typed, append-only, and rebuildable from the log at any time.

Every row begins alike: ``position`` and ``line`` say which event wrote it, ``origin`` the position of the event whose
fact it is, ``sign`` whether it states (1) or cancels (-1) it, ``effective_on`` when it happened in the world,
``recorded_at`` when the ledger learned of it. A report is one select with ``position <= P`` and ``effective_on <= D``.

Days are ISO text in byte order: the same value, and the same answer to ``<=``, in both databases.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text

__all__ = [
    "REVISION",
    "STAMP",
    "fact_area",
    "fact_arrear",
    "fact_asset",
    "fact_asset_source",
    "fact_asset_state",
    "fact_asset_step",
    "fact_citation",
    "fact_contract",
    "fact_document",
    "fact_due",
    "fact_financing",
    "fact_finding",
    "fact_goal",
    "fact_holding",
    "fact_income",
    "fact_indicator",
    "fact_ledger",
    "fact_milestone",
    "fact_money",
    "fact_notice",
    "fact_performance",
    "fact_progress",
    "fact_project",
    "fact_rule",
    "fact_submission",
    "fact_tranche",
    "fact_year",
    "metadata",
]

REVISION: Final = 3
"""Raised whenever a table or the mapping changes; facts of another revision are refused until rebuilt."""

STAMP: Final = ("position", "line", "origin", "sign", "effective_on", "recorded_at")

metadata = MetaData()

_text = Text().with_variant(Text(collation="C"), "postgresql")
_big = BigInteger().with_variant(Integer(), "sqlite")


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, _text, nullable=False) for name in names]


def _whole(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, _big, nullable=nullable)


def _table(name: str, *columns: Column[int] | Column[str]) -> Table:
    return Table(
        name,
        metadata,
        *(_whole(stamp) for stamp in STAMP[:4]),
        *_texts(*STAMP[4:]),
        *columns,
        PrimaryKeyConstraint("position", "line"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _industry() -> Column[int]:
    return _whole("industry", nullable=True)  # NULL: the project does not override its type


fact_money = _table(
    "fact_money",
    _whole("amount_fen"),
    *_texts("measure", "area"),
    _whole("plan_year"),
    *_texts("level", "fund_kind", "direction", "tranche", "town", "village", "project"),
    _whole("project_year"),
    *_texts("project_type"),
    _industry(),
    *_texts("transfer_id", "document"),
)
"""So many fen of this measure, signed; money without a tranche has the project's year as ``plan_year``."""

fact_milestone = _table(
    "fact_milestone",
    *_texts("kind", "milestone", "subject", "area", "town", "village"),
    _whole("year"),
    *_texts("type", "document"),
)
"""This project, asset or tranche reached this milestone; ``type`` is a project type or an asset class."""

fact_tranche = _table(
    "fact_tranche",
    *_texts("area"),
    _whole("plan_year"),
    *_texts("level", "fund_kind", "direction", "tranche", "issuer", "parent", "document"),
    _whole("advance"),
    _whole("amount_fen"),
    _whole("direct"),
    _whole("incentive"),
    *_texts("project_code", "income_item", "expenditure_item", "town", "unit"),
)
"""The tranche got this money, from an issuer outside or from its parent tranche."""

fact_project = _table(
    "fact_project",
    *_texts("area", "town", "village", "project"),
    _whole("project_year"),
    *_texts("project_type"),
    _industry(),
    *_texts("name", "unit", "content", "goal"),
    _whole("estimate_fen"),
    *_texts("document", "state", "build_kind", "place", "begin_on", "finish_on"),
    *(_whole(name) for name in ("households", "persons", "poor_households", "poor_persons")),
    *_texts("linkage", "participation"),
)
"""The project is described so from this day: the latest row counts.

``state`` is ``declared`` while nobody has entered it in the library, else ``listed``.
"""

fact_financing = _table(
    "fact_financing", *_texts("area", "project", "fund_kind", "level"), _whole("planned_fen"), *_texts("document")
)
"""The project is meant to have so much of this money: all rows of one event together, as its ``fact_project``."""

fact_goal = _table("fact_goal", *_texts("area", "project", "indicator", "unit", "target"))
"""A performance target of the project: all rows of one event together, as its ``fact_project``."""

fact_progress = _table(
    "fact_progress",
    *_texts("area", "town", "village", "project"),
    _whole("project_year"),
    *_texts("project_type"),
    _whole("percent"),
    *_texts("document"),
)
"""So many per cent of the project's work were done on this day: the latest row counts."""

fact_performance = _table(
    "fact_performance",
    *_texts("area", "town", "village", "project"),
    _whole("project_year"),
    *_texts("project_type", "step"),
    _whole("on_track", nullable=True),
    _whole("score_hundredths", nullable=True),
    *_texts("grade", "evaluator", "note", "document"),
)
"""The project's performance was ``monitored`` (``on_track`` 0 or 1) or ``evaluated`` (a score in hundredths)."""

fact_asset = _table(
    "fact_asset",
    *_texts("asset", "project", "area", "town", "village"),
    _whole("year"),
    *_texts("asset_class"),
    _whole("value_fen"),
    *_texts("document", "asset_form", "name", "quantity"),
    _whole("provisional"),
    *_texts("place", "subclass", "source", "parent"),
)
"""The asset exists as described, with the value it had at first; what changed since is in ``fact_asset_state``.

``source`` is the origin of an asset older than the ledger in words, ``parent`` the asset it was split off.
"""

fact_asset_state = _table(
    "fact_asset_state",
    *_texts("asset", "project", "area", "town", "village"),
    _whole("year"),
    *_texts("asset_class", "asset_form", "subclass"),
    _whole("value_fen"),
    *_texts("life", "document"),
)
"""The asset is classed, placed and valued so from this day: the latest row counts.

``life`` is ``live``, or how it ended: ``disposed``, ``merged``, ``closed``.
"""

fact_asset_source = _table(
    "fact_asset_source", *_texts("asset", "fund_kind", "level"), _whole("amount_fen"), *_texts("document")
)
"""So many fen of the asset's value came from this kind of fund and level; rows add up."""

fact_asset_step = _table(
    "fact_asset_step",
    *_texts("asset", "area", "town", "village", "asset_class"),
    *_texts("step", "code", "what", "detail", "unit", "by", "deadline"),
    _whole("amount_fen"),
    _whole("number"),
    *_texts("document"),
)
"""One step of something that befell the asset, in the words of its event.

``step`` is the topic's verb (objection_filed, condition_assessed, batch_classified, upkeep_visited, disposal_voted, …),
``code`` the id of what it belongs to (objection, revival, disposal, loss), ``what`` its coded value.
"""

fact_contract = _table(
    "fact_contract",
    *_texts("contract", "asset", "area", "mode", "operator", "operator_kind", "operator_name", "from_on", "to_on"),
    *_texts("return_kind", "state", "renews", "document"),
    _whole("return_fen"),
    _whole("return_numerator"),
    _whole("return_denominator"),
    _whole("base_fen"),
    _whole("deposit_fen"),
)
"""The contract reads so from this day, one row for each asset: the latest event counts; ``state`` signed or ended."""

fact_due = _table("fact_due", *_texts("contract", "area", "due_on", "what"), _whole("amount_fen"))
"""So much is due on a day: all rows of one event together, as its ``fact_contract``."""

fact_income = _table(
    "fact_income",
    _whole("amount_fen"),
    *_texts("measure", "scheme", "asset", "area", "period", "contract", "cost", "plan", "payee", "document"),
)
"""So many fen were ``received`` under a contract, ``income``, a ``cost``, ``planned`` or ``paid`` to a payee."""

fact_holding = _table(
    "fact_holding",
    *_texts("asset", "project", "area", "town", "village"),
    _whole("year"),
    *_texts("asset_class"),
    _whole("value_fen"),
    *_texts("document", "right", "status", "basis", "due_on", "holder", "holder_kind", "holder_name"),
    _whole("numerator"),
    _whole("denominator"),
)
"""This right is held so from this day: all rows of one event together, one row without a holder for other states."""

fact_notice = _table(
    "fact_notice",
    *_texts("kind", "subject", "area", "town", "village"),
    _whole("year"),
    *_texts("type", "document", "notice", "template", "title", "channel", "from_on", "to_on", "content_hash"),
    _whole("cut_from"),
)
"""One subject of one publication; ``cut_from`` is the position of the ledger that was published."""

fact_document = _table("fact_document", *_texts("number", "issuer", "dated", "kind", "title", "file_hash"))
"""The document's number stands for this: the latest row counts."""

fact_citation = _table("fact_citation", *_texts("document", "topic", "kind", "subject", "role"))
"""An event about this thing cites the document; ``role`` says why where it was attached and not cited."""

fact_finding = _table(
    "fact_finding",
    *_texts("finding", "step", "area", "town", "source", "kind", "unit", "deadline"),
    *_texts("title", "project", "note", "evidence", "by", "document"),
)
"""One step of a finding: opened, progressed, submitted, closed or reopened; ``deadline`` as it stands since."""

fact_arrear = _table(
    "fact_arrear",
    _whole("amount_fen"),
    *_texts("measure", "arrear", "area", "town", "project", "creditor_kind", "debtor", "due_on", "document"),
)
"""So many fen were ``recorded`` as owed, or ``settled``."""

fact_indicator = _table("fact_indicator", *_texts("indicator", "area", "period", "value", "unit", "document"))
"""The area reported this value of an indicator for the period: the latest row counts."""

fact_submission = _table(
    "fact_submission", *_texts("report", "area"), _whole("year"), *_texts("period", "unit", "document")
)
"""A report was handed in on this day."""

fact_year = _table("fact_year", *_texts("area"), _whole("year"), *_texts("document"))
"""The books of this calendar year are closed for the area."""

fact_area = _table("fact_area", *_texts("code", "name", "valid_from", "valid_to", "successor"))
"""The area code means this between these days, both included; an empty ``valid_to`` is open."""

fact_rule = _table("fact_rule", *_texts("pack", "version", "text", "base"))
"""The rule pack is in force from this day, with its whole text and that of the pack it extends."""

fact_ledger = _table("fact_ledger", *_texts("area", "name", "log_origin"))
"""The ledger is kept for this area under this name."""

facts_info = Table("facts_info", metadata, Column("revision", Integer, nullable=False), sqlite_strict=True)
"""One row: the revision by which the facts were mapped."""

# Share, rates and balance read only this index: sorted as the share groups, with both filters and the amount inside.
Index(
    "fact_money_cells",
    *(fact_money.c[name] for name in ("plan_year", "measure", "area", "level", "fund_kind", "direction")),
    *(fact_money.c[name] for name in ("project_type", "industry", "effective_on", "position", "amount_fen", "tranche")),
)
Index(
    "fact_milestone_counts",
    *(fact_milestone.c[name] for name in ("kind", "year", "area", "subject", "type", "milestone")),
    *(fact_milestone.c[name] for name in ("effective_on", "position", "sign")),
)
Index("fact_citation_documents", *(fact_citation.c[name] for name in ("document", "kind", "subject")))
Index(
    "fact_holding_settings",
    *(fact_holding.c[name] for name in ("area", "asset", "right", "effective_on", "origin", "position", "sign")),
)
