"""Which handler decides which command: load what it needs, let the domain decide, record the events.

The modules of this package that are named after what they handle register their handlers here when they are imported.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar, cast

from ledger.commands.work import Work
from ledger.domain import control
from ledger.domain.command import Command
from ledger.errors import RuleRefusedError, TamperedError

__all__ = ["body_of", "commands_in", "handle", "handles", "transfer_id"]

C = TypeVar("C", bound=Command)
Handler = Callable[[Work, Command], None]

_HANDLERS: dict[type[Command], Handler] = {}


def handle(work: Work, command: Command) -> None:
    """Decide one command and record what follows from it.

    Raises:
        LedgerError: the command is refused; nothing of it was recorded.
    """
    if command.on > work.today and not command.reason and not isinstance(command, control.AdoptRules):
        raise RuleRefusedError(
            "date.future",
            f"业务日期 {command.on} 晚于今天 {work.today}",
            hint="请核对日期;确属预先登记的,用 --reason 说明原因",
        )
    _HANDLERS[type(command)](work, command)


def handles(kind: type[C]) -> Callable[[Callable[[Work, C], None]], Callable[[Work, C], None]]:
    """Make the function below the handler of a kind of command."""

    def register(handler: Callable[[Work, C], None]) -> Callable[[Work, C], None]:
        _HANDLERS[kind] = cast("Handler", handler)
        return handler

    return register


def body_of(command: Command) -> str:
    """Return a command as it is kept in a proposal: canonical JSON that ``commands_in`` reads back."""
    body = command.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"kind": type(command).__name__, "body": body}, ensure_ascii=False, separators=(",", ":"))


def commands_in(text: str) -> list[Command]:
    """Return the commands that a proposal keeps, checked again like everything that comes from outside.

    Raises:
        TamperedError: the text names no known kind of command, or what it holds is none.
    """
    kinds = {kind.__name__: kind for kind in _HANDLERS}
    try:
        return [kinds[each["kind"]](**each["body"]) for each in json.loads(text)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TamperedError(
            "proposal.unreadable", "提议中的内容不可读", hint="运行 xianjie audit verify 查明账本是否被改动"
        ) from error


def transfer_id(work: Work) -> str:
    """Return an id that no other movement has: the position that its first leg is about to take."""
    return f"M{work.position + 1}"
