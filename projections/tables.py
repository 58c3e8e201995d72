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
    "fact_contract_end",
    "fact_document",
    "fact_due",
    "fact_figure",
    "fact_financing",
    "fact_finding",
    "fact_formed_none",
    "fact_goal",
    "fact_holding",
    "fact_income",
    "fact_income_rule",
    "fact_indicator",
    "fact_ledger",
    "fact_milestone",
    "fact_money",
    "fact_notice",
    "fact_notice_end",
    "fact_performance",
    "fact_progress",
    "fact_project",
    "fact_proposal",
    "fact_reason",
    "fact_rule",
    "fact_scheme",
    "fact_submission",
    "fact_tranche",
    "fact_vote",
    "fact_works_contract",
    "fact_year",
    "metadata",
]

REVISION: Final = 5
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
``projections.assets`` puts both together: what an asset is on a day.
"""

fact_asset_state = _table(
    "fact_asset_state",
    *_texts("asset", "aspect", "area", "town", "village", "asset_class", "asset_form", "subclass"),
    _whole("change_fen"),
    _whole("depreciation_fen"),
    *_texts("life", "document"),
)
"""What changed of an asset: ``aspect`` says which columns are news, the others show how it stood.

``class`` and ``place``: the latest row counts. ``value`` and ``final`` (no longer provisional): ``change_fen`` adds up
over all rows, so do those of ``depreciation``, which leave the value. ``life``: how it ended (``disposed``, ``merged``,
``closed``). Multiply both amounts by ``sign``.
"""

fact_asset_source = _table(
    "fact_asset_source", _whole("amount_fen"), *_texts("asset", "fund_kind", "level", "document")
)
"""So many fen, signed, of the asset's value came from this kind of fund and level; rows add up."""

fact_asset_step = _table(
    "fact_asset_step",
    *_texts("asset", "area", "town", "village", "asset_class"),
    *_texts("step", "code", "what", "detail", "note", "unit", "receiver", "by", "from_on", "deadline"),
    _whole("amount_fen"),
    _whole("number"),
    _whole("days"),
    *_texts("document"),
)
"""One step of something that befell the asset, in the words of its event; every event of an asset is one.

``step`` is the topic's verb (objection_filed, condition_assessed, batch_classified, upkeep_visited, disposal_voted, …),
``code`` the id of what it belongs to (objection, revival, disposal, loss) or of the other asset or project,
``what`` its coded value, ``detail`` and ``note`` its words, ``unit`` and ``receiver`` who acts and who gets, ``by``
the person or post. ``number`` is the year of a class or count, the visits owed in a year, the votes in favour, or the
step of an approval; ``deadline`` the last day of a notice, a warranty or a revival.
"""

fact_vote = _table(
    "fact_vote",
    *_texts("asset", "scheme", "area", "code", "step", "body", "owner"),
    *(_whole(name) for name in ("members", "present", "in_favour", "notice_days", "party_first")),
    *_texts("notice_to_on", "document"),
)
"""A body decided about ``code``: a disposal of an asset (``owner`` of several), or a scheme's plan of distribution."""

fact_works_contract = _table(
    "fact_works_contract",
    *_texts("area", "project", "contract", "contractor"),
    _whole("contract_fen"),
    *_texts("document"),
)
"""The project signed this contract with a firm or unit that carries out the work."""

fact_reason = _table("fact_reason", *_texts("topic", "kind", "subject", "reason", "document"))
"""An event about this thing states a reason: it departs from what the rule expects, or it came late."""

fact_formed_none = _table(
    "fact_formed_none",
    *_texts("area", "town", "village", "project"),
    _whole("project_year"),
    *_texts("project_type", "why", "document"),
)
"""It was decided that the project forms no asset."""

fact_contract = _table(
    "fact_contract",
    *_texts("contract", "asset", "area", "mode", "operator", "operator_kind", "operator_name", "from_on", "to_on"),
    *_texts("return_kind", "renews", "document"),
    _whole("return_fen"),
    _whole("return_numerator"),
    _whole("return_denominator"),
    _whole("base_fen"),
    _whole("deposit_fen"),
    *_texts("base", "guarantee", "procurement", "clauses"),
)
"""The contract reads so from this day, one row for each asset: the latest event of a ``contract`` counts.

``clauses`` are codes parted by blanks.
"""

fact_contract_end = _table("fact_contract_end", *_texts("contract", "area", "why", "document"))
"""The contract ended on this day; its terms stay what they were."""

fact_due = _table("fact_due", *_texts("contract", "area", "due_on", "what"), _whole("amount_fen"))
"""So much is due on a day: all rows of one event together, as its ``fact_contract``."""

fact_scheme = _table("fact_scheme", *_texts("scheme", "area", "name", "asset", "document"))
"""The income account was opened for this asset: one row for each."""

fact_income_rule = _table(
    "fact_income_rule",
    *_texts("scheme", "area", "version", "base", "costs", "approvals", "payee", "name"),
    _whole("numerator"),
    _whole("denominator"),
    _whole("floor"),
    *_texts("document"),
)
"""From this day income is distributed so: all rows of one event together, one for each payee.

``costs`` and ``approvals`` are codes parted by blanks.
"""

fact_income = _table(
    "fact_income",
    _whole("amount_fen"),
    *_texts("measure", "scheme", "asset", "area", "period", "contract", "what", "plan", "payee", "rule_version"),
    *_texts("voucher", "document"),
)
"""So many fen, signed, were ``received`` under a contract, or in a scheme ``income``, a ``cost``, ``paid`` to a payee.

A plan has a ``base``, ``planned`` for each payee, and ``undistributed``. ``what`` is what was received, or the cost.
"""

fact_holding = _table(
    "fact_holding",
    *_texts("asset", "project", "area", "town", "village"),
    _whole("year"),
    *_texts("asset_class"),
    _whole("value_fen"),
    *_texts(
        "document",
        "right",
        "status",
        "basis",
        "due_on",
        "body",
        "holder",
        "holder_kind",
        "holder_name",
        "holder_village",
    ),
    _whole("numerator"),
    _whole("denominator"),
    _whole("holders"),
)
"""This right is held so from this day: all rows of one event together, one row without a holder for other states.

``holders`` is how many hold it together: 0 where nobody does. ``body`` is whose meeting decided it.
"""

fact_notice = _table(
    "fact_notice",
    *_texts("kind", "subject", "area", "town", "village"),
    _whole("year"),
    *_texts("type", "document", "notice", "template", "title", "channel", "from_on", "to_on", "content_hash"),
    _whole("cut_from"),
)
"""One subject of one publication; ``cut_from`` is the position of the ledger that was published."""

fact_notice_end = _table("fact_notice_end", *_texts("notice", "area", "why", "document"))
"""The notice was taken down on this day, before its last day; until then it was up as ``fact_notice`` says."""

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

fact_figure = _table(
    "fact_figure",
    *_texts("area", "kind", "measure", "value", "unit", "as_of", "issuer", "channel", "document"),
    _whole("year", nullable=True),
    _whole("cut_from", nullable=True),
)
"""An office published this figure of the area, as printed; ``year`` NULL speaks of all years.

``cut_from`` is the position of this ledger that it claims to be taken from.
"""

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

fact_ledger = _table("fact_ledger", *_texts("area", "name", "log_origin", "mode"))
"""The ledger is kept for this area under this name; ``mode`` is trial or signed."""

fact_proposal = _table(
    "fact_proposal",
    *_texts("proposal", "step", "person", "command", "subject"),
    *(_whole(name) for name in ("total_fen", "commands", "checked")),
    *_texts("seen_hash", "document", "reason"),
)
"""Somebody took this step of a proposal; only the step ``made`` says what it is about."""

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
# The register of a day: every asset once, then the few that changed, then each one's rights, without its table.
Index(
    "fact_asset_state_changes", *(fact_asset_state.c[name] for name in ("aspect", "asset", "effective_on", "position"))
)
Index("fact_asset_step_assets", *(fact_asset_step.c[name] for name in ("asset", "step", "effective_on", "position")))
Index("fact_asset_source_assets", *(fact_asset_source.c[name] for name in ("asset", "effective_on", "position")))
Index(
    "fact_holding_settings",
    *(fact_holding.c[name] for name in ("asset", "right")),
    *(fact_holding.c[name].desc() for name in ("effective_on", "origin")),
    *(
        fact_holding.c[name]
        for name in ("position", "line", "status", "holder_kind", "holders", "numerator", "denominator")
    ),
)
