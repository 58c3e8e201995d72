"""What ``xianjie import check`` shows: what a file would add, what the ledger has already, and every problem."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from cli.context import open_facts
from cli.inspections import seen_json, seen_notes
from cli.output import Table, fields_table, show
from cli.words import amount_words, code_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Settings
    from cli.intake.known import Comparison, Earlier
    from cli.intake.problem_book import Written
    from cli.intake.problems import Problems
    from cli.intake.reading import Reading
    from ledger.events import Event
    from projections.levels import LevelMeasure

__all__ = ["Found", "MoneyBefore", "show_check", "totals_words"]

_MEASURES: Final = {
    "issued": "下达",
    "received": "收到分解",
    "distributed": "分解",
    "recovered": "收回",
    "returned": "收回入账",
    "carried_over": "结转",
    "allocated": "安排",
    "funded": "项目收到安排",
    "released": "核拨",
    "paid": "支付",
    "reimbursed": "报账",
    "retained": "质保金",
    "surplus": "结余",
    "reclaimed": "收回项目资金",
    "adjusted": "调整",
    "planned": "计划",
    "estimated": "概算",
    "contracted": "合同",
    "invested": "完成投资",
    "settled": "决算",
}
_MOST_SHOWN: Final = 200
_MOST_NAMED: Final = 5


def totals_words(reading: Reading) -> str:
    """Return how many rows were read, what of them is to be recorded, and how many of the sheet's totals agreed."""
    sums = [f"{name}合计 {amount_words(fen)}" for name, fen in reading.amounts_fen.items() if fen]
    agreed = [f"与表内合计行的 {reading.totals.compared} 项金额相符"] if reading.totals.compared else []
    return ",".join([f"{reading.rows} 行", *sums, *agreed])


def _order(level: str, measure: str) -> tuple[str, int]:
    return level, list(_MEASURES).index(measure) if measure in _MEASURES else len(_MEASURES)


class MoneyBefore:
    """The money of the ledger by level and measure before an import, and what the events of the import would add."""

    def __init__(self, settings: Settings) -> None:
        """Read what there is. Raises StorageError, TamperedError."""
        from ledger.database import read_transaction
        from projections.levels import money_by_level

        with open_facts(settings) as engine, read_transaction(engine) as connection:
            self._before = money_by_level(connection)
        self._added: Counter[LevelMeasure] = Counter()

    def add(self, event: Event) -> None:
        """Count in one event."""
        from projections.levels import added_by

        for key, fen in added_by(event):
            self._added[key] += fen

    def rows(self) -> list[dict[str, str | int]]:
        """Return what changes: level, measure, fen before and after."""
        return [
            {
                "level": level,
                "measure": measure,
                "before_fen": self._before.get((level, measure), 0),
                "after_fen": self._before.get((level, measure), 0) + added,
            }
            for (level, measure), added in sorted(self._added.items(), key=lambda each: _order(*each[0]))
        ]

    def table(self) -> list[Table]:
        """Return it as people read it; nothing where no money moves."""
        rows = [
            [
                code_name("level", str(each["level"])) or "(不分级次)",
                _MEASURES.get(str(each["measure"]), str(each["measure"])),
                format_yuan(int(each["before_fen"])),
                format_yuan(int(each["after_fen"])),
            ]
            for each in self.rows()
        ]
        return [Table(("级次", "项目", ">导入前(元)", ">导入后(元)"), rows, "各级资金")] if rows else []


class Found(NamedTuple):
    """All that a check found out."""

    compared: Comparison
    problems: Problems
    money: MoneyBefore
    book: Written | None


def show_check(settings: Settings, reading: Reading, found: Found) -> None:
    """Show what was found, for people or as one JSON object."""
    compared, problems, money, book = found
    listed = problems.kept[:_MOST_SHOWN]
    known = bool(compared.same) and not compared.new and not problems.count
    data = {
        "file": reading.source.name,
        "kind": reading.kind.name,
        "rows": reading.rows,
        "amounts_fen": reading.amounts_fen,
        "totals_agreed": reading.totals.compared,
        "ok": not problems.count,
        "already_applied": known,
        "new": len(compared.new),
        "same": len(compared.same),
        "changed": [
            {"row": row.number, "key": row.key, "was": was._asdict()} for row, was in compared.changed[:_MOST_SHOWN]
        ],
        "missing": [each._asdict() for each in compared.missing[:_MOST_SHOWN]],
        "missing_count": len(compared.missing),
        "money": money.rows(),
        "problem_count": problems.count,
        "problems": [problem._asdict() for problem in listed],
        "problem_book": book and str(book.path),
        **seen_json(reading),
    }
    notes = seen_notes(reading)
    if problems.count:
        rows = [[str(each.row), each.column, each.message, each.hint] for each in listed]
        if problems.count > len(listed):
            notes = [f"…… 共 {problems.in_words},这里只列出前 {len(listed)} 处", *notes]
        if book:
            notes = [*notes, f"{'标明问题的表' if book.annotated else '问题清单'}:{book.path}"]
        title = f"{reading.source.name}:读到 {totals_words(reading)}"
        show(
            settings.format,
            data,
            Table(("行", "列", "问题", "怎么办"), rows, title, [*_counts(compared), *notes]),
            *money.table(),
        )
        return
    verdict = "此前已导入,再导入不会重复记账" if known else "可以导入"
    pairs = [("读到", totals_words(reading)), ("结论", verdict)]
    show(settings.format, data, fields_table(reading.source.name, pairs, [*_counts(compared), *notes]), *money.table())


def _counts(compared: Comparison) -> list[str]:
    """Return what of the file is new, known, changed or gone, where there is anything to compare with."""
    if not (compared.same or compared.changed or compared.missing):
        return []
    said = f"新增 {len(compared.new)} 行,已记过 {len(compared.same)} 行(不再记),内容有变 {len(compared.changed)} 行"
    if not compared.missing:
        return [said]
    return [said, f"上次有、这次没有的 {len(compared.missing)} 行(账上不动):{_named(compared.missing)}"]


def _named(rows: Sequence[Earlier]) -> str:
    named = "、".join(f"{each.file} 第 {each.number} 行({each.key})" for each in rows[:_MOST_NAMED])
    return named + (" 等" if len(rows) > _MOST_NAMED else "")
