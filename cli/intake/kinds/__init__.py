"""The kinds of sheet that can be imported: which columns each has, and which command a row of it becomes."""

from __future__ import annotations

from typing import Final

from cli.intake.kinds.affairs import AFFAIRS
from cli.intake.kinds.assets import ASSETS
from cli.intake.kinds.contracts import CONTRACTS
from cli.intake.kinds.endings import ENDINGS
from cli.intake.kinds.income import INCOME
from cli.intake.kinds.money import MONEY
from cli.intake.kinds.projects import PROJECTS
from cli.intake.kinds.published import PUBLISHED

__all__ = ["KINDS"]

_EVERY: Final = (*MONEY, *PROJECTS, *ASSETS, *ENDINGS, *CONTRACTS, *INCOME, *AFFAIRS, *PUBLISHED)
KINDS: Final = {kind.name: kind for kind in _EVERY}
"""Every kind of sheet, by the name that ``--kind`` takes."""
