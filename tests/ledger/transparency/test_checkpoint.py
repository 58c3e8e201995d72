"""Checkpoints are read back exactly, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import EMPTY_ROOT

GOOD = str(Checkpoint("520200.example/ledger", 1234, EMPTY_ROOT))


def test_the_text_is_three_lines() -> None:
    assert GOOD == "520200.example/ledger\n1234\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"


@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32))
def test_what_was_written_is_read_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("六盘水/账本", size, root)
    assert Checkpoint.parse(str(checkpoint)) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD + "extension\n",
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("1234", "01234"),
        GOOD.replace("1234", "-1"),
        GOOD.replace("1234", "1 234"),
        GOOD.replace("1234", "١٢٣٤"),
        GOOD.replace("1234", "1e3"),
        GOOD.replace("520200.example", "520200 example"),
        GOOD.replace("520200.example", "520200+example"),
        GOOD.replace("520200.example/ledger", ""),
        GOOD.replace("520200.example", "520200\udcd4example"),  # half a character: it could not be written again
        GOOD.replace("U=", "V="),  # the same bytes with stray bits in the last letter
        GOOD.replace("U=", ""),
        GOOD.replace("47DE", "47D*"),
        GOOD.replace("47DE", "47DEAAAA"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ProofError) as caught:
        Checkpoint.parse(text)
    assert caught.value.code in {"checkpoint.malformed", "note.malformed"}
    assert caught.value.hint
