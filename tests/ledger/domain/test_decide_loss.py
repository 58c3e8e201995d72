"""A loss is found, assigned, and ends as money paid back or written off: never more than was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET
from ledger.domain.control import ReverseEvent
from ledger.domain.loss import AssignLoss, FindLoss, RecoverLoss, WriteOffLoss

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

ASSIGNED = AssignLoss.of(on="2023-02-01", asset="A1", loss="SS-1", post="站所负责人", basis="审计报告")


def found(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2023-01-01", "asset": "A1", "loss": "SS-1", "amount_fen": 2_500_00, "cause": "保管不善"}
    return FindLoss.of(**{**fields, **changes})


def recovered(fen: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return RecoverLoss.of(**{"on": "2023-03-01", "asset": "A1", "loss": "SS-1", "amount_fen": fen, **changes})


def written_off(fen: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2023-04-01", "asset": "A1", "loss": "SS-1", "amount_fen": fen, "authority": "县政府"}
    return WriteOffLoss.of(**{"document": "批复1号", **fields, **changes})


def test_a_loss_runs_out_exactly(book: Book) -> None:
    book.up_to("identify").given(found(), ASSIGNED, recovered(1_500_00), written_off(1_000_00))
    known = book.load(ASSET, "A1").change.losses["SS-1"]
    assert (known.recovered_fen, known.written_off_fen, known.left_fen) == (1_500_00, 1_000_00, 0)
    refusal = book.refuses(recovered(1))
    assert (refusal.code, "0.00" in refusal.message) == ("loss.exceeds", True)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (found(), "loss.exists"),
        (found(loss="SS-2", amount_fen=280_000_00), "loss.above_value"),
        (found(loss="SS-2", on="2022-06-30"), "date.before_cause"),
        (found(asset="A9"), "asset.unknown"),
        (recovered(2_500_01), "loss.exceeds"),
        (recovered(1), "loss.unassigned"),
        (recovered(1, loss="SS-9"), "loss.unknown"),
        (written_off(1), "loss.unassigned"),
        (written_off(1, reason="急", document=""), "loss.unapproved"),
        (ASSIGNED.model_copy(update={"on": found().on.replace(year=2022)}), "date.before_cause"),
    ],
)
def test_what_does_not_follow_is_refused(book: Book, command: Command, code: str) -> None:
    assert book.up_to("identify").given(found()).refuses(command).code == code


def test_a_loss_is_not_reversed_under_what_rests_on_it(book: Book) -> None:
    book.up_to("identify").given(found(), recovered(1_500_00, reason="当场退回"))
    command = ReverseEvent.of(
        on="2023-06-01", position=book.last("asset.loss_found"), reason="误记", document="更正1号"
    )
    refusal = book.refuses(command)
    assert (refusal.code, "1,500.00" in refusal.message) == ("correction.needed_later", True)
