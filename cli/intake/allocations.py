"""Allocations in a file: read to be tried out, written to be imported."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from cli.intake.kinds import KINDS
from cli.intake.reading import Defaults, Reading
from cli.intake.source import read_source
from cli.intake.template import write_new
from ledger.characters import quoted
from ledger.dates import format_date
from ledger.errors import LedgerError, ValueRefusedError
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from cli.intake.problems import Problem
    from ledger.domain.allocation import AllocateMoney

__all__ = ["read_allocations", "write_allocations"]

_KIND = KINDS["allocations"]


def read_allocations(path: Path, on: date) -> Iterator[tuple[AllocateMoney, str]]:
    """Yield the allocations of a CSV or XLSX sheet, each with its row; a row without a day is of the day ``on``.

    Raises:
        StorageError, ValueRefusedError: the file, its heads or a cell cannot be read.
    """
    columns = tuple(replace(each, required=each.required and each.field != "on") for each in _KIND.columns)
    reading = Reading(read_source(path), replace(_KIND, columns=columns), None, Defaults(on), _raise)
    for command in reading.commands():
        yield cast("AllocateMoney", command), reading.where


def write_allocations(path: Path, moves: Iterable[tuple[str, str, int]], on: date) -> None:
    """Write allocations (tranche, project, fen) as a CSV that ``xianjie import`` takes in.

    Raises:
        StorageError: the file exists already or cannot be written.
        ValueRefusedError: the name does not end in .csv.
    """
    if path.suffix.lower() != ".csv":
        message = f"文件名{quoted(path.name)}应以 .csv 结尾"
        raise ValueRefusedError("report.out_name", message, hint="例如 --out 拟安排.csv")
    heads = {column.field: column.template_head for column in _KIND.columns}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([heads[field] for field in ("tranche", "project", "amount_fen", "on")])
    for tranche, project, fen in moves:
        writer.writerow([tranche, project, format_yuan(fen).replace(",", ""), format_date(on)])
    write_new(path, buffer.getvalue().encode("utf-8-sig"))  # with the mark by which spreadsheets recognise UTF-8


def _raise(problem: Problem, error: LedgerError) -> None:
    raise ValueRefusedError(
        problem.code, problem.message, hint=problem.hint, where=problem.where, rule=problem.rule
    ) from error
