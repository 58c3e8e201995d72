"""What ``verify`` has to say: findings are values, so one damaged place never hides another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["ADVICE", "Finding", "Findings", "Kind"]

Kind: TypeAlias = Literal[
    "content",
    "gap",
    "order",
    "batch",
    "checkpoint",
    "node",
    "schema",
    "truncation",
    "fork",
    "structure",
    "signature",
    "journal",
    "authority",
]

ADVICE: Final[dict[Kind, str]] = {
    "content": "有人改过记录或其批次:保留现状,从备份取出同一序号的记录对照,查明何时、由谁改动",
    "gap": "有记录被删去或插入:从备份取出缺号前后的记录对照",
    "order": "记录的次序或时间被动过:与备份逐条对照",
    "batch": "批次表被动过:它可以由记录重新推出,先查明改动的人,再从备份恢复",
    "checkpoint": "检查点与记录不符:与手中另存的检查点对照,较早仍相符的那个之前可以相信",
    "node": "树的缓存被动过,记录本身未必有事:从备份恢复,或导出记录后重建",
    "schema": "防改动的设置或表结构被动过:在查明之前不要再记账,已有记录是否被改看其他各项",
    "truncation": "账本变短了:多半是换上了旧备份或末尾被删,找出较长的那一份",
    "fork": "账本与已交给外人的检查点矛盾,历史被改写:封存账本,以外面的检查点为准追查",
    "structure": "数据库文件损坏:停止使用,检查磁盘,从备份恢复",
    "signature": "这一批不是所称的人签的:找本人核对凭证,重新确认或冲销",
    "journal": "第二记录与账本不同:两份都保留,由这一号起逐条对照,查明哪一份被改过",
    "authority": "这一批不是所称的人有权单独记的:找出经手的各人,按规定重新办理",
}
"""What to do about a finding, by its kind (Chinese, for the operator)."""

_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the log is not what it claims.

    ``position`` is the event concerned (None: the ledger as a whole); ``expected`` and ``found`` are for programs and
    may be empty; ``message`` is Chinese and complete.
    """

    position: int | None
    kind: Kind
    expected: str
    found: str
    message: str


class Findings:
    """Collects findings; keeps the first thousand of them, so that a destroyed ledger cannot fill the memory."""

    def __init__(self) -> None:
        self.total = 0
        self.first: int | None = None
        """The lowest position at which something is wrong."""
        self._kept: list[Finding] = []

    def add(self, kind: Kind, position: int | None, message: str, *, expected: object = "", found: object = "") -> None:
        """Note one finding."""
        self.total += 1
        if position is not None:
            self.doubt(position)
        if len(self._kept) < _KEPT:
            self._kept.append(Finding(position, kind, str(expected), str(found), message))

    def doubt(self, position: int) -> None:
        """Trust nothing from a position on, though what is wrong may be named at a later one."""
        self.first = position if self.first is None else min(self.first, position)

    def in_order(self) -> list[Finding]:
        """Return the kept findings, the lowest position first, those about no position last."""
        return sorted(self._kept, key=lambda one: (one.position is None, one.position or 0))
