"""Who signs what this command records: the key that is logged in, or a key file that is opened for this one batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import NotFoundError

if TYPE_CHECKING:
    from cli.context import Settings
    from ledger.signing import Signer

__all__ = ["signer_for"]


def signer_for(settings: Settings) -> Signer:
    """Return the key file that ``--sign`` names, unlocked, or the key that is logged in.

    Raises LedgerError: neither is there, or the passphrase is wrong.
    """
    if settings.sign:
        from cli.passphrases import unlock_file

        return unlock_file(Path(settings.sign))
    from cli.agent import running_agent

    agent = running_agent()
    if agent is None:
        raise NotFoundError(
            "key.not_logged_in",
            "这本账须签名才能记,还没有登录",
            hint="运行 xianjie login 密钥文件,或每次用 --sign 密钥文件(环境变量 XIANJIE_SIGN)",
        )
    return agent
