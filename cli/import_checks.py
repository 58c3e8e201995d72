"""What ``xianjie import check`` shows: what a file would add, what the ledger has already, and every problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.inspections import seen_json, seen_notes
from cli.output import Table, fields_table, show
from cli.words import amount_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Settings
    from cli.intake.known import Comparison, Earlier
    from cli.intake.problem_book import Written
    from cli.intake.problems import Problems
    from cli.intake.reading import Reading

__all__ = ["show_check", "totals_words"]

_MOST_SHOWN: Final = 200
_MOST_NAMED: Final = 5


def totals_words(reading: Reading) -> str:
    """Return how many rows were read, what of them is to be recorded, and how many of the sheet's totals agreed."""
    sums = [f"{name}合计 {amount_words(fen)}" for name, fen in reading.amounts_fen.items() if fen]
    agreed = [f"与表内合计行的 {reading.totals.compared} 项金额相符"] if reading.totals.compared else []
    return ",".join([f"{reading.rows} 行", *sums, *agreed])


def show_check(
    settings: Settings, reading: Reading, compared: Comparison, problems: Problems, book: Written | None
) -> None:
    """Show what was found, for people or as one JSON object."""
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
        show(settings.format, data, Table(("行", "列", "问题", "怎么办"), rows, title, [*_counts(compared), *notes]))
        return
    verdict = "此前已导入,再导入不会重复记账" if known else "可以导入"
    pairs = [("读到", totals_words(reading)), ("结论", verdict)]
    show(settings.format, data, fields_table(reading.source.name, pairs, [*_counts(compared), *notes]))


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
