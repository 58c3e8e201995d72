"""What the operating system answers reaches an operator in the operator's language."""

from __future__ import annotations

import errno

import pytest

from ledger.errors import system_reason


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "没有这个文件或目录"),
        (IsADirectoryError(errno.EISDIR, "Is a directory"), "是目录,不是文件"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (OSError(9999, "Something"), "系统错误 9999"),
        (OSError("nothing known"), "系统错误 不明"),
    ],
)
def test_what_the_system_answers_is_told_in_chinese(error: OSError, told: str) -> None:
    assert system_reason(error) == told
