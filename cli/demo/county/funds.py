"""The money of the year: from which sources it comes, and how it reaches the counties."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cli.demo.county.places import CITY
from cli.demo.county.projects import YEAR
from ledger.domain.tranche import DistributeTranche, IssueTranche, RecoverTranche

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cli.demo.county.chance import Chance
    from ledger.domain.command import Command

__all__ = ["SOURCES", "Source", "Tranches", "tranches_for"]

_PROVINCE, _CITY_FINANCE = "省财政厅(演示)", "市财政局(演示)"
_RECOVERED_ON: Final = date(2022, 11, 25)


@dataclass(frozen=True, slots=True)
class Source:
    """One indicator document: the money it brings, and when it reaches the counties and their projects."""

    key: str
    level: str
    direction: str
    document: str
    issuer: str
    issued_on: date
    distributed_on: date
    allocated_on: date
    advance: bool = False

    def tranche(self, county: str) -> str:
        """Return the code of a county's tranche."""
        return f"{YEAR}-{self.key}-{county}"


SOURCES: Final = {
    source.key: source
    for source in (
        Source(
            *("C1", "central", "consolidation", "演示省财农〔2021〕1号", _PROVINCE),
            *(date(2021, 11, 26), date(2021, 12, 20), date(2022, 1, 25)),
            advance=True,
        ),
        Source(
            *("C2", "central", "consolidation", "演示省财农〔2022〕4号", _PROVINCE),
            *(date(2022, 4, 12), date(2022, 4, 28), date(2022, 5, 16)),
        ),
        Source(
            *("C3", "central", "work_relief", "演示省财农〔2022〕1号", _PROVINCE),
            *(date(2022, 1, 12), date(2022, 2, 8), date(2022, 4, 18)),
        ),
        Source(
            *("C4", "central", "ethnic", "演示省财农〔2022〕2号", _PROVINCE),
            *(date(2022, 3, 18), date(2022, 4, 6), date(2022, 4, 20)),
        ),
        Source(
            *("C5", "central", "state_farm", "演示省财农〔2022〕3号", _PROVINCE),
            *(date(2022, 3, 30), date(2022, 4, 8), date(2022, 4, 25)),
        ),
        Source(
            *("S1", "provincial", "unspecified", "演示省财农〔2021〕2号", _PROVINCE),
            *(date(2021, 12, 15), date(2022, 1, 10), date(2022, 2, 15)),
            advance=True,
        ),
        Source(
            *("S2", "provincial", "unspecified", "演示省财农〔2022〕5号", _PROVINCE),
            *(date(2022, 5, 6), date(2022, 5, 20), date(2022, 6, 6)),
        ),
        Source(
            *("M1", "city", "unspecified", "演示市财农〔2022〕1号", _CITY_FINANCE),
            *(date(2022, 2, 28), date(2022, 3, 10), date(2022, 4, 13)),
        ),
        Source(
            *("X1", "county", "unspecified", "演示县财农〔2022〕1号", "县(市、区)财政局(演示)"),
            *(date(2022, 1, 20), date(2022, 1, 20), date(2022, 4, 15)),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Tranches:
    """The money as issued: by source and county, in fen, and what of it stays unallocated."""

    received_fen: Mapping[tuple[str, str], int]
    spare_fen: Mapping[tuple[str, str], int]

    def issue(self, source: Source) -> Iterator[Command]:
        """Yield the issue of a source: to the city, or to each county for its own money."""
        shares = self._of(source)
        if source.level == "county":
            for county, fen in shares.items():
                yield _issue(source, county, source.tranche(county), fen)
        elif shares:
            kept = sum(shares.values()) // 200  # the city keeps half a per cent back
            yield _issue(source, CITY, source.tranche(CITY), sum(shares.values()) + kept)

    def distribute(self, source: Source) -> Iterator[Command]:
        """Yield the distribution of a source from the city to its counties."""
        if source.level != "county":
            for county, fen in self._of(source).items():
                yield DistributeTranche.of(
                    on=source.distributed_on,
                    document=source.document.replace("省财农", "市分解"),
                    tranche=source.tranche(CITY),
                    child=source.tranche(county),
                    child_area=county,
                    amount_fen=fen,
                )

    def recover(self) -> Iterator[Command]:
        """Yield the recovery of most of what the advance money left unused, by the city."""
        for (key, county), fen in self.spare_fen.items():
            if key == "C1" and fen > 1:
                yield RecoverTranche.of(
                    on=_RECOVERED_ON,
                    document="演示市财农〔2022〕9号",
                    reason="年底前未安排到项目,收回统筹",
                    tranche=SOURCES[key].tranche(county),
                    amount_fen=fen // 2,
                    recovered_by="六盘水市财政局(演示)",
                )

    def _of(self, source: Source) -> dict[str, int]:
        return {county: fen for (key, county), fen in self.received_fen.items() if key == source.key}


def tranches_for(chance: Chance, wanted: Mapping[tuple[str, str], int]) -> Tranches:
    """Return tranches that cover what each county's projects want of each source, and a little more."""
    spare: dict[tuple[str, str], int] = defaultdict(int)
    for cell, fen in wanted.items():
        spare[cell] = fen * chance.between(4, 30) // 1000
    return Tranches({cell: fen + spare[cell] for cell, fen in wanted.items()}, spare)


def _issue(source: Source, area: str, tranche: str, fen: int) -> Command:
    document, issuer = source.document, source.issuer
    if source.level == "county":
        document = f"{document}({area})"
    return IssueTranche.of(
        on=source.issued_on,
        document=document,
        tranche=tranche,
        area=area,
        plan_year=YEAR,
        level=source.level,
        direction=source.direction,
        amount_fen=fen,
        issuer=issuer,
        advance=source.advance,
    )
