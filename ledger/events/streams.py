"""Names of the streams: one for each thing that has a history of its own."""

from __future__ import annotations

__all__ = ["AREAS", "LEDGER", "RULES", "asset", "document", "notice", "project", "right", "tranche"]

LEDGER = "ledger"
AREAS = "areas"
RULES = "rules"


def tranche(code: str) -> str:
    """Name the stream of a tranche."""
    return f"tranche:{code}"


def project(code: str) -> str:
    """Name the stream of a project."""
    return f"project:{code}"


def asset(code: str) -> str:
    """Name the stream of an asset."""
    return f"asset:{code}"


def right(code: str) -> str:
    """Name the stream of the rights of an asset."""
    return f"right:{code}"


def notice(code: str) -> str:
    """Name the stream of a notice."""
    return f"notice:{code}"


def document(number: str) -> str:
    """Name the stream of a document, so that its number can be registered only once."""
    return f"document:{number}"
