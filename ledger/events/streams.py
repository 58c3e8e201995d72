"""Names of the streams: one for each thing that has a history of its own."""

from __future__ import annotations

__all__ = [
    "AREAS",
    "BACKUPS",
    "LEDGER",
    "PEOPLE",
    "RULES",
    "arrear",
    "asset",
    "contract",
    "document",
    "figure",
    "finding",
    "imports",
    "indicator",
    "notice",
    "project",
    "proposal",
    "right",
    "scheme",
    "subject",
    "submission",
    "tranche",
    "year",
]

LEDGER = "ledger"
PEOPLE = "people"
AREAS = "areas"
RULES = "rules"
BACKUPS = "backups"


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


def finding(code: str) -> str:
    """Name the stream of a finding."""
    return f"finding:{code}"


def arrear(code: str) -> str:
    """Name the stream of a debt in arrears."""
    return f"arrear:{code}"


def indicator(area: str, code: str) -> str:
    """Name the stream of an indicator's values in an area."""
    return f"indicator:{area}:{code}"


def figure(area: str) -> str:
    """Name the stream of the figures that were reported of an area."""
    return f"figure:{area}"


def submission(area: str, report: str) -> str:
    """Name the stream of the reports of one kind that an area handed in."""
    return f"submission:{area}:{report}"


def year(area: str, number: int) -> str:
    """Name the stream of a calendar year's books in an area."""
    return f"year:{area}:{number}"


def contract(code: str) -> str:
    """Name the stream of an operation contract."""
    return f"contract:{code}"


def scheme(code: str) -> str:
    """Name the stream of an income account."""
    return f"scheme:{code}"


def subject(reference: str) -> str:
    """Name the stream of a subject of personal data."""
    return f"subject:{reference}"


def proposal(code: str) -> str:
    """Name the stream of a proposal that waits for others."""
    return f"proposal:{code}"


def imports(kind: str) -> str:
    """Name the stream of the imports of one kind of file."""
    return f"imports:{kind}"
