"""What a person or a program is told when something goes wrong: one message, and the exit code that goes with it.

1 refused   2 wrong usage   3 not found   4 conflict   5 integrity broken   6 storage   70 a bug   130 interrupted
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from ledger.errors import LedgerError, system_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["INTERRUPTED", "Failure", "failure_of", "tell", "wants_json"]

INTERRUPTED = 130
_USAGE, _STORAGE, _BUG = 2, 6, 70


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as ``-f json`` prints it, and the exit code."""

    exit_code: int
    code: str
    message: str
    hint: str = ""
    where: str = ""
    rule: str = ""

    def as_json(self) -> str:
        """Return the one JSON object that goes to stderr."""
        fields = {name: getattr(self, name) for name in ("code", "message", "hint", "where", "rule")}
        return json.dumps(fields, ensure_ascii=False)

    def as_text(self) -> str:
        """Return the lines that a person reads."""
        labelled = (("错误", self.message), ("位置", self.where), ("依据", self.rule), ("怎么办", self.hint))
        return "\n".join(f"{label}:{text}" for label, text in labelled if text)


def failure_of(error: Exception) -> Failure:
    """Return what to tell about an exception, whatever it is."""
    if isinstance(error, LedgerError):
        from cli.topics import in_words

        said = error.as_dict()
        return Failure(error.exit_code, **said | {"message": in_words(said["message"])})
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "xianjie"
        return Failure(_USAGE, "usage", _usage_message(error), hint=f"运行 {path} --help 查看用法")
    if _is_of_database(error):
        first_line = str(error).partition("\n")[0][:200]
        hint = "什么也没有记入;请把这句话告诉管理员"
        return Failure(_STORAGE, "storage.failed", f"数据库出错:{first_line}", hint)
    if isinstance(error, OSError):
        message = f"文件读写失败:{error.filename or ''} {system_reason(error)}"
        return Failure(_STORAGE, "storage.file", message, hint="请核对路径、权限和磁盘空间")
    name = type(error).__name__
    return Failure(_BUG, "internal", f"程序内部错误:{name}", hint="请加 --debug 重试,并把输出告诉开发者")


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Print one message about the exception on stderr and return the exit code."""
    if "--debug" in arguments:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.message, err=True)
        return _USAGE
    failure = failure_of(error)
    click.echo(failure.as_json() if wants_json(arguments) else _coloured(failure.as_text(), arguments), err=True)
    return failure.exit_code


def _coloured(text: str, arguments: Sequence[str]) -> str:
    """Return the message with its first word in red on a terminal; the word says it without the colour too."""
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR") or "--no-color" in arguments:
        return text
    label, colon, rest = text.partition(":")
    return click.style(label, fg="red", bold=True) + colon + rest


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether JSON was asked for, from the bare arguments: an error may come before they are understood."""
    for number, argument in enumerate(arguments):
        if argument in {"-fjson", "--format=json", "-fjsonl", "--format=jsonl"}:
            return True
        if argument in {"-f", "--format"} and list(arguments[number + 1 : number + 2]) in (["json"], ["jsonl"]):
            return True
    return False


def _usage_message(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter(param=param) if param is not None:
            kind = "参数" if isinstance(param, click.Argument) else "选项"
            return f"缺少{kind} {_name_of(param)}"
        case click.BadParameter(param=param) if param is not None:
            return f"{_name_of(param)} {error.message}"
        case click.NoSuchOption():
            near = f"(是否想用 {'、'.join(error.possibilities)})" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.exceptions.NoSuchCommand():
            return f"没有命令 {error.command_name}"
        case _ if not error.message.isascii():
            return error.message  # a rule of ours between several options; click's own words are English
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 的用法不对:它后面要有一个值,或不应有值"
        case _:
            return "命令不完整,或参数多了、少了"


def _name_of(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.human_readable_name)


def _is_of_database(error: Exception) -> bool:
    # An error of a library cannot occur before the library was imported, and importing it here would cost every start.
    sqlite, alchemy = sys.modules.get("sqlite3"), sys.modules.get("sqlalchemy.exc")
    return (sqlite is not None and isinstance(error, sqlite.Error)) or (
        alchemy is not None and isinstance(error, alchemy.SQLAlchemyError)
    )
