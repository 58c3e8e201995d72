"""The agent: a process of one's own that keeps an unlocked key for a while, and signs for this user only.

It listens on a socket in ``XIANJIE_HOME`` that only its owner can open (0600 in a folder of 0700), answers one line of
JSON with one line of JSON, never gives the key away, and ends when nobody has asked for 15 minutes. The passphrase
reaches it through its standard input; it stands on no command line and in no environment.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ledger.errors import LedgerError, StorageError, ValueRefusedError

__all__ = ["AgentSigner", "running_agent", "start_agent", "stop_agent"]

_IDLE_SECONDS: Final = 15 * 60
_ANSWER_SECONDS: Final = 10
_LONGEST: Final = 65_536


class AgentSigner:
    """Signs through the agent (``ledger.signing.Signer``)."""

    def __init__(self, path: Path, name: str, person: str, public_key: bytes) -> None:
        from ledger.transparency.note import key_id_of

        self._path = path
        self.name = name
        self.person = person
        self.public_key = public_key
        self.key_id = key_id_of(name, public_key)

    def sign(self, message: bytes) -> bytes:
        """Return the signature. Raises StorageError when the agent has gone."""
        answer = _ask(self._path, {"do": "sign", "message": message.hex()})
        if answer is None or "signature" not in answer:
            raise StorageError(
                "key.agent_gone", "登录已失效,没有签名,什么也没有记入", hint="请重新运行 xianjie login,再试一次"
            )
        return bytes.fromhex(answer["signature"])


def running_agent() -> AgentSigner | None:
    """Return the key that is logged in, or None."""
    path = _socket_path()
    answer = _ask(path, {"do": "who"}) if path.exists() else None
    if answer is None:
        return None
    return AgentSigner(path, answer["name"], answer["person"], bytes.fromhex(answer["public_key"]))


def start_agent(key_file: Path, passphrase: str) -> AgentSigner:
    """Start the agent with a key. Raises LedgerError: wrong passphrase, unusable file, no such thing on this system."""
    if not hasattr(socket, "AF_UNIX"):
        raise ValueRefusedError(
            "key.no_agent", "这台电脑的系统不支持登录", hint="每次记账用 --sign 密钥文件,输入一次口令"
        )
    stop_agent()
    path = _socket_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    child = subprocess.Popen(  # noqa: S603 - this very program, its own module, no shell
        [sys.executable, "-m", "cli.agent", str(path), str(key_file.absolute())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if child.stdin is None or child.stdout is None:
        message = "the pipes were asked for"
        raise AssertionError(message)
    child.stdin.write(passphrase.encode(errors="surrogatepass"))
    child.stdin.close()
    line = child.stdout.readline()
    child.stdout.close()
    answer = json.loads(line or b"{}")
    agent = running_agent() if answer.get("ready") else None
    if agent is None:
        child.wait()
        raise ValueRefusedError(
            answer.get("code", "key.agent_failed"),
            answer.get("message", "登录没有成功"),
            hint=answer.get("hint", "请再试一次;或每次记账用 --sign 密钥文件"),
        )
    child.returncode = 0  # it goes on without us: nobody waits for it
    return agent


def stop_agent() -> bool:
    """Make the agent forget the key; say whether there was one."""
    path = _socket_path()
    there = path.exists() and _ask(path, {"do": "stop"}) is not None
    path.unlink(missing_ok=True)
    return there


def _socket_path() -> Path:
    home = os.environ.get("XIANJIE_HOME")
    return (Path(home) if home else Path.home() / ".xianjie") / "agent.sock"


def _ask(path: Path, question: dict[str, str]) -> dict[str, Any] | None:
    """Return the agent's answer, or None where nobody answers."""
    if not hasattr(socket, "AF_UNIX"):
        return None
    with socket.socket(socket.AF_UNIX) as line, suppress(OSError, ValueError):
        line.settimeout(_ANSWER_SECONDS)
        line.connect(str(path))
        with line.makefile("rwb") as talk:
            talk.write(json.dumps(question).encode() + b"\n")
            talk.flush()
            answer = json.loads(talk.readline(_LONGEST))
            return answer if isinstance(answer, dict) else None
    return None


def _serve(path: Path, key_file: Path, passphrase: str) -> None:
    """Unlock the key, say so on standard output, and answer until told to stop or left alone."""
    from ledger.keyfile import unlock

    try:
        signer = unlock(key_file, passphrase)
    except LedgerError as error:
        _tell(error.as_dict())
        return
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as door:
        os.umask(0o177)
        door.bind(str(path))
        door.listen()
        door.settimeout(_IDLE_SECONDS)
        _tell({"ready": True})
        with suppress(TimeoutError):
            while _answer_one(door, signer):
                pass
    path.unlink(missing_ok=True)


def _answer_one(door: socket.socket, signer: Any) -> bool:  # noqa: ANN401 - ledger.signing.Signer, imported when used
    line, _ = door.accept()
    with line, suppress(OSError, ValueError, KeyError, TypeError):
        line.settimeout(_ANSWER_SECONDS)
        with line.makefile("rwb") as talk:
            question = json.loads(talk.readline(_LONGEST))
            answer = {"name": signer.name, "person": signer.person, "public_key": signer.public_key.hex()}
            if question["do"] == "sign":
                answer = {"signature": signer.sign(bytes.fromhex(question["message"])).hex()}
            talk.write(json.dumps(answer).encode() + b"\n")
            return bool(question["do"] != "stop")
    return True


def _tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    # Whoever started us reads one line; nothing else may ever be written to a pipe that is gone.
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.buffer.read().decode(errors="surrogatepass"))
