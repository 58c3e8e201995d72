"""Handlers of documents, findings, arrears, performance and reports handed in."""

from __future__ import annotations
