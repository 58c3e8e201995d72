"""Asking for a passphrase: hidden at the terminal, or from an open file descriptor; never on the command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.signing import Signer

__all__ = ["ask_new_passphrase", "ask_passphrase", "unlock_file"]

_DESCRIPTOR: Final = "XIANJIE_PASSPHRASE_FD"
_LONGEST: Final = 4_096


def ask_passphrase(label: str = "口令") -> str:
    """Return a passphrase: the next line of the descriptor that ``XIANJIE_PASSPHRASE_FD`` names, or typed unseen.

    Raises ValueRefusedError ``key.no_passphrase``.
    """
    number = os.environ.get(_DESCRIPTOR)
    if number is None:
        return str(click.prompt(label, hide_input=True, err=True, prompt_suffix=":"))
    try:
        return _line_from(int(number))
    except (OSError, ValueError, OverflowError) as error:
        raise ValueRefusedError(
            "key.no_passphrase", f"从描述符 {number[:20]} 读不到口令", hint=f"请核对环境变量 {_DESCRIPTOR}。"
        ) from error


def ask_new_passphrase() -> str:
    """Return a passphrase for a new key, typed twice. Raises ValueRefusedError (too short, or not the same)."""
    from ledger.keyfile import check_passphrase

    first = ask_passphrase("新口令(至少 12 个字符)")
    check_passphrase(first)
    if _DESCRIPTOR not in os.environ and ask_passphrase("再输一遍") != first:
        raise ValueRefusedError("key.passphrases_differ", "两次输入的口令不同", hint="请重新运行,再输入一次。")
    return first


def unlock_file(path: Path) -> Signer:
    """Ask for the passphrase of a key file and open it. Raises as ``ledger.keyfile.unlock``."""
    from ledger.keyfile import read_key_header, unlock

    header = read_key_header(path)
    return unlock(path, ask_passphrase(f"{header.key.name} 的口令"))


def _line_from(descriptor: int) -> str:
    line = b""
    # Byte by byte: what follows the first line belongs to whoever reads next.
    while len(line) <= _LONGEST and (byte := os.read(descriptor, 1)) not in {b"", b"\n"}:
        line += byte
    return line.decode().removesuffix("\r")
