"""A few entries that were wrong, and their approved reversal some days later: history keeps both."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cli.demo.batches import Batch, Correction
from ledger.domain.allocation import AllocateMoney
from ledger.domain.payment import ReleaseMoney
from ledger.domain.stages import StartProject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cli.demo.batches import Submitted
    from cli.demo.county.financing import Financed
    from cli.demo.county.funds import Tranches
    from ledger.domain.command import Command

__all__ = ["mistakes"]

_ONE_IN: Final = 90


def mistakes(under_way: Sequence[Financed], tranches: Tranches) -> Iterator[tuple[date, Submitted]]:
    """Yield wrong entries and their corrections with their days, all before the work begins.

    In turn: a release entered at its full amount too early, a start that was a site visit, an allocation entered twice.
    """
    for number, financed in enumerate(under_way[:: max(1, min(_ONE_IN, len(under_way) // 3))]):
        project = financed.project
        source, fen = financed.lines[0]
        tranche = source.tranche(project.county.code)
        on = max(line.allocated_on for line, _ in financed.lines) + timedelta(days=2)
        spare_fen = tranches.spare_fen[source.key, project.county.code]
        choices: list[tuple[str, Command]] = [
            ("核拨尚未发生,误录全额", ReleaseMoney.of(on=on, project=project.code, tranche=tranche, amount_fen=fen)),
            ("现场踏勘误录为开工", StartProject.of(on=on, project=project.code)),
        ]
        if spare_fen > 1:
            doubled = AllocateMoney.of(on=on, project=project.code, tranche=tranche, amount_fen=spare_fen // 2)
            choices.append(("资金安排重复录入", doubled))
        reason, wrong = choices[number % len(choices)]
        key = f"mistake-{number + 1}"
        yield on, Batch(key, "import", "", (wrong,))
        corrected_on = on + timedelta(days=3)
        document = f"演示更正审批〔2022〕{number + 1}号"
        yield corrected_on, Correction(f"{key}-corrected", key, corrected_on, document, reason)
