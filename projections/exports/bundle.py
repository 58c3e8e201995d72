"""Everything an auditor takes away, in one zip: events, batches, facts, reports, documents, checkpoint, and a verifier.

The same ledger, position and day give the same bytes. The verifier is a plain program of the standard library, so the
bundle can be checked where this program is not installed: the hash of each file, then the hash tree over the events.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from ledger.errors import LedgerError
from ledger.log.reading import root_at
from ledger.log.schema import origin_of
from ledger.transparency.checkpoint import Checkpoint
from projections.catalogue import REPORTS, report_named
from projections.catch_up import FACT_TABLES
from projections.exports.archive import Archive
from projections.exports.events import batch_lines, event_lines
from projections.latest import latest, written_by
from projections.tables import fact_document, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Select, Table

    from projections.scope import Question, Scope

__all__ = ["write_bundle"]

_README: Final = """\
审计包:{name}
================================

账本:{origin}
截至:{as_of},账本第 {position} 号
检查点见 checkpoint.txt;请与手中另存的检查点、公告上印的校验值对照。

内容
----
events.jsonl     全部流水,每行一条;state 是所存的原文,逐字参与校验
batches.jsonl    批次:经办、命令、文号、记账时间、每批之后的检查点
facts/*.csv      报表数据,由流水一条一条映射而来,可随时重建
reports/年度/    各张报表(JSON),键的含义见程序文档 reference/json.md
documents.csv    登记的文件清单
checkpoint.txt   检查点:账本名、条数、根值
manifest.json    每个文件的 SHA-256
verify.py        核验程序,只用 Python 标准库

怎么核验
--------
解压后在本目录运行:python3 verify.py
它先核对每个文件的 SHA-256,再由 events.jsonl 和 batches.jsonl 逐条重算散列,得到根值,
与 checkpoint.txt 和每一批的检查点比较。全部相符时退出码为 0,否则逐项列出,退出码为 1。

说明
----
流水中没有个人信息;batches.jsonl 中的“经办”是登录名,因为它也参与校验。本包供审计使用,不是公开件。
"""


def write_bundle(scope: Scope, question: Question, years: list[int], path: Path) -> dict[str, str]:
    """Write the zip and return the SHA-256 of each file in it. Raises LedgerError."""
    connection, position = scope.connection, scope.position
    origin = origin_of(connection)
    checkpoint = str(Checkpoint(origin, position, root_at(connection, position)))
    with Archive(path) as archive:
        words = {"name": scope.name(scope.area), "origin": origin, "as_of": scope.as_of, "position": position}
        archive.add("README.md", [_README.format(**words)])
        archive.add("checkpoint.txt", [checkpoint])
        archive.add("events.jsonl", event_lines(connection, position))
        archive.add("batches.jsonl", batch_lines(connection, position))
        for name in FACT_TABLES:
            archive.add(f"facts/{name}.csv", _csv(scope, metadata.tables[name]))
        for year in years:
            for report in REPORTS:
                text = _report(replace(scope, year=year), replace(question, year=year), report)
                archive.add(f"reports/{year}/{report}.json", [text])
        archive.add("documents.csv", _documents(scope))
        archive.add("verify.py", [files("projections.exports").joinpath("verify_bundle.py").read_text("utf-8")])
        listed = {name: archive.hashes[name] for name in sorted(archive.hashes)}
        manifest = {"origin": origin, "position": position, "as_of": scope.as_of.isoformat(), "files": listed}
        archive.add("manifest.json", [_json(manifest)])
        return archive.hashes


def _report(scope: Scope, question: Question, name: str) -> str:
    try:
        return _json(report_named(name)(scope, question).as_json())
    except LedgerError as error:
        return _json({"report": name, "refused": error.code, "message": error.message})


def _csv(scope: Scope, table: Table) -> Iterator[str]:
    wanted = select(table).where(table.c.position <= scope.position).order_by(table.c.position, table.c.line)
    return _lines(scope, [column.name for column in table.columns], wanted)


def _documents(scope: Scope) -> Iterator[str]:
    facts = fact_document.c
    newest = latest(scope, fact_document, ("number",))
    columns = (facts.number, facts.issuer, facts.dated, facts.kind, facts.title, facts.file_hash)
    wanted = select(*columns).join(newest, written_by(newest, fact_document)).order_by(facts.number)
    return _lines(scope, [column.name for column in columns], wanted)


def _lines(scope: Scope, heads: list[str], wanted: Select[Any]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    for row in (heads, *scope.connection.execute(wanted)):
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _json(data: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
