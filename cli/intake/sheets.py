"""Names of the sheets that the program itself writes into workbooks: they are never read as anybody's rows."""

from __future__ import annotations

from typing import Final

__all__ = ["CHOICES_SHEET", "EXAMPLE_SHEET", "NOTES_SHEET", "OWN_SHEETS", "PROBLEMS_SHEET"]

NOTES_SHEET: Final = "填写说明"
EXAMPLE_SHEET: Final = "示例"
_NOTES_BEFORE: Final = "说明"  # as templates of earlier versions call it
CHOICES_SHEET: Final = "选项"
PROBLEMS_SHEET: Final = "问题清单"
OWN_SHEETS: Final = frozenset({NOTES_SHEET, _NOTES_BEFORE, EXAMPLE_SHEET, CHOICES_SHEET, PROBLEMS_SHEET})
