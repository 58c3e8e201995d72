"""What a check says: fine, worth knowing, or to be put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Level", "Symptom", "bad", "fine", "odd"]

Level: TypeAlias = Literal["ok", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class Symptom:
    """One result: what was looked at (``check`` for programs, ``title`` for people), what was seen, and what to do."""

    check: str
    title: str
    level: Level
    message: str
    hint: str = ""


def fine(check: str, title: str, message: str) -> Symptom:
    """Return that all is well."""
    return Symptom(check, title, "ok", message)


def odd(check: str, title: str, message: str, hint: str) -> Symptom:
    """Return what is worth knowing and does not stop anybody."""
    return Symptom(check, title, "warning", message, hint)


def bad(check: str, title: str, message: str, hint: str) -> Symptom:
    """Return what must be put right."""
    return Symptom(check, title, "failure", message, hint)
