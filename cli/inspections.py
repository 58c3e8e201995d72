"""What was seen in a file beside its entries, for people and as JSON: how it was understood, and what was not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output import Table, fields_table, show
from cli.reading_options import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cli.context import Settings
    from cli.intake.heads.profiles import Profile
    from cli.intake.inspection import Inspection
    from cli.intake.opening import Opened
    from cli.intake.reading import Reading
    from cli.intake.screening import Skipped

__all__ = ["profile_pairs", "seen_json", "seen_notes", "show_inspection"]

_MOST_NUMBERS = 12


def seen_json(reading: Reading) -> dict[str, Any]:
    """Return what was seen in a file that was read, for the JSON of a check."""
    opened = reading.open()
    return {
        "sheet": opened.sheet,
        "profile": opened.profile.name,
        "unread_sheets": list(opened.unread),
        "hidden_rows": _hidden(opened),
        "skipped": [each._asdict() for each in reading.skipped],
    }


def seen_notes(reading: Reading) -> list[str]:
    """Return the lines that say what of a file was no entry, hidden, or not read."""
    return _notes(reading.open(), reading.skipped)


def profile_pairs(profile: Profile) -> list[tuple[str, str]]:
    """Return the labels and values of a profile."""
    words = [f"{column}:{word}={value}" for column, table in profile.words.items() for word, value in table.items()]
    return [
        ("种类", KINDS.get(profile.kind, profile.kind)),
        ("工作表", profile.sheet),
        ("单位", profile.unit),
        ("表头", "、".join(profile.heads)),
        ("各列", "、".join(f"{column}={head}" for column, head in profile.columns.items())),
        ("定值", "、".join(f"{column}={value}" for column, value in profile.constants.items())),
        ("用词", "、".join(words)),
        ("不读入", "、".join(profile.ignore)),
    ]


def show_inspection(settings: Settings, file: str, opened: Opened, seen: Inspection, saved: Path | None) -> None:
    """Print how a sheet is understood."""
    head, layout = opened.head, opened.layout
    rows = f"第 {head.first} 行" if head.first == head.last else f"第 {head.first}-{head.last} 行"
    data = {
        "file": file,
        "form": opened.form,
        "sheet": opened.sheet,
        "unread_sheets": list(opened.unread),
        "kind": opened.kind.name,
        "profile": opened.profile.name,
        "saved": str(saved) if saved else None,
        "head_rows": [head.first, head.last],
        "signature": head.signature,
        "columns": [each._asdict() for each in seen.columns],
        "constants": {column.head: value for column, value in layout.constants},
        "missing": list(layout.missing),
        "rows": [each._asdict() for each in seen.rows],
        "hidden_rows": _hidden(opened),
        "skipped": [each._asdict() for each in seen.skipped],
    }
    about = fields_table(
        "识别结果",
        [
            ("文件", f"{file}({opened.form})"),
            ("工作表", opened.sheet),
            ("种类", opened.kind.zh),
            ("格式", opened.profile.name),
            ("表头", rows),
            ("定值", "、".join(f"{column.head}={value}" for column, value in layout.constants)),
            ("缺少的列", "、".join(layout.missing)),
            ("已保存", str(saved) if saved else ""),
        ],
        _notes(opened, seen.skipped),
    )
    columns = Table(("列", "表头", "识别为", "把握", "单位"), [list(each[:5]) for each in seen.columns], "各列")
    show(settings.format, data, about, columns, _first_rows(seen))


def _first_rows(seen: Inspection) -> Table:
    """Return the first rows as understood, one value a line: a county's sheet is wider than a screen."""
    lines = [
        [str(row.row) if first else "", column, value]
        for row in seen.rows
        for first, (column, value) in zip([True, *[False] * len(row.values)], row.values.items(), strict=False)
    ]
    problems = [f"第 {row.row} 行:{problem}" for row in seen.rows for problem in row.problems]
    return Table(("行", "列", "取值"), lines, "前几行", problems)


def _notes(opened: Opened, skipped: Iterable[Skipped]) -> list[str]:
    by_what: dict[str, list[int]] = {}
    for each in skipped:
        by_what.setdefault(each.what, []).append(each.row)
    notes = [f"没有作为记录读入:{what}行 {_numbers(rows)}" for what, rows in by_what.items()]
    if hidden := _hidden(opened):
        notes.append(f"隐藏的行也读入了:第 {_numbers(hidden)} 行")
    if opened.layout.ignored:
        notes.append(f"没有读入的列:{'、'.join(opened.layout.ignored.values())}")
    if opened.unread:
        notes.append(f"没有读入的工作表:{'、'.join(opened.unread)}")
    return notes


def _hidden(opened: Opened) -> list[int]:
    return sorted(row for row in opened.facts.hidden_rows if row > opened.head.last)


def _numbers(rows: list[int]) -> str:
    shown = "、".join(map(str, rows[:_MOST_NUMBERS]))
    return shown + (f" 等 {len(rows)} 行" if len(rows) > _MOST_NUMBERS else "")
