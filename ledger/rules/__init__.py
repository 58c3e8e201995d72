"""Rules as data: thresholds, quantities, share pairs, rates, parameters and project types, each with its source."""

from __future__ import annotations

from ledger.rules.adoption import Adoption, in_force
from ledger.rules.model import ProjectType, RulePack, covers
from ledger.rules.pack import parse_pack, shipped_packs

__all__ = ["Adoption", "ProjectType", "RulePack", "covers", "in_force", "parse_pack", "shipped_packs"]
