"""Project types by name: people write 种植业基地, the ledger stores ``crop_base``."""

from __future__ import annotations

from functools import cache

from ledger.characters import half_width

__all__ = ["project_type_code", "project_type_name", "shipped_types"]


def project_type_code(text: str) -> str:
    """Return the code of a type that is named by the shipped pack; other text as it is, for the rules to judge."""
    plain = half_width(text)
    return shipped_types().get(plain, plain)


def project_type_name(code: str) -> str:
    """Return the name of a type of the shipped pack, or the code itself."""
    return next((name for name, known in shipped_types().items() if known == code), code)


@cache
def shipped_types() -> dict[str, str]:
    """Return the codes of the project types of the shipped base pack, by name."""
    from ledger.rules.pack import parse_pack, shipped_packs

    return {kind.name: kind.code for kind in parse_pack(shipped_packs()["base"]).project_types}
