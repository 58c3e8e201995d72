"""Columns that most sheets have."""

from __future__ import annotations

from typing import Final

from cli.intake.kind import line_column

__all__ = ["DOCUMENT", "REASON"]

DOCUMENT: Final = line_column("文号", "document", note="依据文件的文号")
REASON: Final = line_column("原因", "reason", note="补记、取消等须写明")
