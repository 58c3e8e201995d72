"""The agent that keeps a key unlocked forgets it when nobody has asked for a while, and answers its owner only."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cli.agent import AgentSigner, running_agent
from ledger.errors import StorageError
from tests.cli.office import ISSUE, MAKER, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.office import Office

IDLE_SECONDS = 1.5
# The very agent, but for how long it waits: a quarter of an hour is no time for a test.
AGENT = f"""
import sys
from pathlib import Path
from cli import agent
agent._IDLE_SECONDS = {IDLE_SECONDS}
agent._serve(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.read())
"""


@pytest.fixture
def agent(staffed: Office) -> Iterator[subprocess.Popen[str]]:
    """The agent of the maker, ready to sign."""
    socket = staffed.folder / "home" / "agent.sock"
    socket.parent.mkdir(mode=0o700, exist_ok=True)
    command = [sys.executable, "-c", AGENT, str(socket), str(staffed.key(MAKER))]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdin is not None
    assert started.stdout is not None
    started.stdin.write(WORDS)
    started.stdin.close()
    assert started.stdout.readline() == '{"ready": true}\n'
    yield started
    started.kill()
    started.wait()
    started.stdout.close()


def test_a_login_lasts_while_it_is_used_and_ends_when_it_is_not(staffed: Office, agent: subprocess.Popen[str]) -> None:
    signer = running_agent()
    assert isinstance(signer, AgentSigner)
    assert signer.person == MAKER
    begun = time.monotonic()
    while time.monotonic() - begun < 2 * IDLE_SECONDS:  # longer than it would wait for nobody
        assert len(signer.sign(b"text")) == 64
        time.sleep(0.05)
    assert "proposal" in staffed.json("", ISSUE.format("10万元"))

    assert agent.wait(timeout=60) == 0  # by itself
    assert running_agent() is None
    assert not (staffed.folder / "home" / "agent.sock").exists()
    with pytest.raises(StorageError) as caught:
        signer.sign(b"text")
    assert caught.value.code == "key.agent_gone"
    before = len(staffed.json("", "audit log"))
    refused = staffed.refused("", ISSUE.format("20万元").replace("T1", "T2"))
    assert (refused["exit"], refused["code"]) == (3, "key.not_logged_in")
    assert len(staffed.json("", "audit log")) == before


def test_the_socket_is_its_owners_alone(staffed: Office, agent: subprocess.Popen[str]) -> None:
    socket: Path = staffed.folder / "home" / "agent.sock"
    assert agent.poll() is None
    assert socket.stat().st_mode & 0o777 == 0o600
    assert socket.parent.stat().st_mode & 0o077 == 0
