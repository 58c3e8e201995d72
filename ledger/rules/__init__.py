"""Rules as data: thresholds, rates, targets, deadlines, parameters and project types, each with its source."""

from __future__ import annotations

from ledger.rules.adoption import Adoption, in_force, replaced_by, targets_in_force
from ledger.rules.dated import Indicator
from ledger.rules.model import ProjectType, RulePack, covers
from ledger.rules.pack import base_text, parse_pack, shipped_packs

__all__ = [
    "Adoption",
    "Indicator",
    "ProjectType",
    "RulePack",
    "base_text",
    "covers",
    "in_force",
    "parse_pack",
    "replaced_by",
    "shipped_packs",
    "targets_in_force",
]
