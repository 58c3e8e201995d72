"""``xianjie audit bundle``: everything in one zip, with its own verifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.help import Verb
from cli.output import fields_table, show
from cli.params import FILE
from cli.reports.asking import Asked, answering, question_options
from cli.writing import written

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["bundle"]


@click.command(
    cls=Verb, help="审计包:流水原文、报表数据、各张报表、文件清单、检查点、校验清单和核验程序;同样的账本得到同样的字节"
)
@click.option("-o", "--out", type=FILE, required=True, help="写到哪个 zip 文件")
@click.option("--force", is_flag=True, help="文件已存在时覆盖")
@question_options
def bundle(asked: Asked, out: Path, *, force: bool) -> None:
    """Write the bundle."""
    import hashlib

    from projections.exports.bundle import write_bundle
    from projections.scope import money_years, open_scope

    with (
        answering(asked) as (engine, question),
        open_scope(engine, question) as scope,
        written(out, force=force) as path,
    ):
        years = [asked.year] if asked.year else money_years(engine)
        hashes = write_bundle(scope, question, years, path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    data = {
        "file": str(out),
        "sha256": digest,
        "as_of": scope.as_of.isoformat(),
        "position": scope.position,
        "root": scope.root,
        "files": dict(sorted(hashes.items())),
    }
    about = [
        ("文件", str(out)),
        ("SHA-256", digest),
        ("截至", f"{scope.as_of},账本第 {scope.position} 号"),
        ("根值", scope.root),
        ("内容", f"{len(hashes)} 个文件,{len(years)} 个年度的报表"),
        ("核验", "解压后运行 python3 verify.py"),
    ]
    show(asked.settings.format, data, fields_table("审计包", about))
