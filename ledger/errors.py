"""Everything that can go wrong, drawn first.

    LedgerError                     one clear message: what, where, why, what to do next
    ├── ValueRefusedError      1    a value that cannot be read or accepted as it stands (money, date, code, share)
    ├── RuleRefusedError       1    a rule or an invariant says no; nothing was recorded
    │   └── NeededLaterError   1    an entry cannot be reversed: later ones rest on it, and it names them
    ├── NotFoundError          3    the thing named does not exist in this ledger
    ├── ConflictError          4    same key with other input, or someone else wrote first
    ├── TamperedError          5    stored bytes do not match their hashes, or history was shortened
    │   └── ProofError         5    a note, signature, checkpoint or proof that is malformed or does not hold
    └── StorageError           6    the database or a file: not ours, newer, read-only, locked, full

The number is the exit code of the command line (2 belongs to wrong usage of the command line itself).
Messages and hints are Chinese because operators read them; ``code`` is a stable English identifier that programs
and ``docs/reference/errors.md`` use.
"""

from __future__ import annotations

import copyreg
import errno
from typing import Any, ClassVar, Final

__all__ = [
    "ConflictError",
    "LedgerError",
    "NeededLaterError",
    "NotFoundError",
    "ProofError",
    "RuleRefusedError",
    "StorageError",
    "TamperedError",
    "ValueRefusedError",
    "system_reason",
]

_REASONS: Final = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许",
    errno.EISDIR: "是目录,不是文件",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "已经存在",
    errno.ENOTEMPTY: "目录不是空的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过了磁盘配额",
    errno.EROFS: "磁盘是只读的",
    errno.EFBIG: "文件太大",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "系统打开的文件太多",
    errno.ENODEV: "设备不在",
    errno.ENXIO: "设备不在",
    errno.ELOOP: "链接绕成了圈",
    errno.EXDEV: "不在同一块磁盘上",
    errno.EPIPE: "接收的一方已经关闭",
}
"""What the operating system answers, in the operator's language."""


class LedgerError(Exception):
    """A refusal or failure that a person can act on.

    ``code`` is stable and dotted (``tranche.overdrawn``); ``message`` says what is wrong and with which numbers;
    ``hint`` says what to do next; ``where`` names file, sheet, row or field; ``rule`` names the rule and its source;
    ``number`` counts the command of a batch that was refused (0 where there is only one).
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str, *, hint: str = "", where: str = "", rule: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = where
        self.rule = rule
        self.number = 0

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process gets the same error: whole, and not made again from its message alone."""
        return copyreg.__newobj__, (type(self), self.message), self.__dict__  # type: ignore[attr-defined] # as object's own

    def at(self, where: str) -> LedgerError:
        """Return the same error, located more precisely (a row of a file, a field of a command)."""
        self.where = f"{where} {self.where}".strip() if self.where else where
        return self

    def as_dict(self) -> dict[str, str]:
        """Return the error as the JSON object that ``-f json`` prints."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "where": self.where,
            "rule": self.rule,
        }


class ValueRefusedError(LedgerError):
    """A value that cannot be read or accepted as it stands."""


class RuleRefusedError(LedgerError):
    """A rule or an invariant says no."""


class NeededLaterError(RuleRefusedError):
    """An entry cannot be reversed while later ones rest on it.

    ``later`` holds their positions in the order in which to reverse them; it is empty where they cannot be told.
    """

    later: tuple[int, ...] = ()


class NotFoundError(LedgerError):
    """The thing named does not exist in this ledger."""

    exit_code = 3


class ConflictError(LedgerError):
    """The same key came with other input, or someone else wrote first."""

    exit_code = 4


class TamperedError(LedgerError):
    """Stored bytes do not match their hashes, or history was shortened."""

    exit_code = 5


class ProofError(TamperedError):
    """A signed note, signature, checkpoint or proof is malformed or does not hold."""


class StorageError(LedgerError):
    """The database or a file cannot be used."""

    exit_code = 6


def system_reason(error: OSError) -> str:
    """Return in Chinese why the system refused a file, and its number where it is none of the usual reasons."""
    return _REASONS.get(error.errno or 0) or f"系统错误 {error.errno or '不明'}"
