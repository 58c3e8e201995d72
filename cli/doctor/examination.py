"""``xianjie doctor``: everything that can be wrong around a ledger, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.doctor.symptom import bad
from cli.help import Verb
from cli.output import Table, show
from ledger.errors import LedgerError, RuleRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.doctor.symptom import Symptom

__all__ = ["doctor"]

_MARKS: Final = {"ok": "正常", "warning": "注意", "failure": "要处理"}


@click.command(cls=Verb, help="体检:数据库、磁盘、时钟、备份、权限、终端;有要处理的退出码为 1")
@answer_options
@with_settings
def doctor(settings: Settings) -> None:
    """Look at everything, list everything."""
    symptoms = list(_examine(settings))
    failures = [each for each in symptoms if each.level == "failure"]
    data = {
        "ok": not failures,
        "checks": [
            {"check": each.check, "level": each.level, "message": each.message, "hint": each.hint} for each in symptoms
        ],
    }
    rows = [[each.title, _MARKS[each.level], each.message] for each in symptoms]
    todo = [f"{each.title}:{each.hint}" for each in symptoms if each.hint]
    show(settings.format, data, Table(("项目", "结果", "情况"), rows, notes=["", "怎么办:", *todo] if todo else []))
    if failures:
        raise RuleRefusedError(
            "doctor.failures",
            f"有 {len(failures)} 项要处理:{'、'.join(each.title for each in failures)}",
            hint="逐项办法见上面的列表",
        )


def _examine(settings: Settings) -> Iterator[Symptom]:
    from cli.doctor.ledger_checks import examine_ledger
    from cli.doctor.machine_checks import examine_disk, examine_machine, examine_permissions
    from ledger.database import database_file

    try:
        with open_log(settings) as engine:
            yield from examine_ledger(engine)
            path = database_file(engine)
            if path is not None:
                yield from examine_disk(path)
                yield from examine_permissions(path)
    except LedgerError as error:
        yield bad("open", "打开账本", error.message, error.hint)
    yield from examine_machine()
