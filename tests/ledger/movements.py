"""A plain model of all movements of money: a list of what happened, and balances as sums over what was not reversed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

ISSUED = {
    "T0": ("520200", "transition", "central", 2_000),
    "T1": ("520203", "transition", "provincial", 200),
    "T2": ("520203", "east_west", "county", 200),
    "T3": ("520203", "integrated", "county", 0),
}
CHILDREN = {"C0": ("T0", "520203", ""), "C1": ("T0", "520201", ""), "U1": ("T1", "520203", "农业农村局")}
AREA_OF = {code: each[0] for code, each in ISSUED.items()} | {code: each[1] for code, each in CHILDREN.items()}
ROOT = {"C0": "T0", "C1": "T0", "U1": "T1"}
PROJECTS = {"P0": "520203", "P1": "520203", "P2": "520201", "FEE": "520203"}
DRAWN = {"surplus": "surplus", "reallocated": "recovered", "adjusted": "adjusted", "replaced": "replaced"}


@dataclass
class Fact:
    """One thing that happened: ``kind`` moved ``fen`` of a tranche (and of a project); a transfer names both ends."""

    kind: str
    tranche: str
    project: str = ""
    fen: int = 0
    cause: str = ""
    positions: tuple[int, ...] = ()
    counts: bool = True


@dataclass
class Model:
    """What should be true, as sums over the facts that count."""

    facts: list[Fact] = field(default_factory=list)
    settled: dict[str, int] = field(default_factory=dict)

    def sums(self) -> Sums:
        made = Sums()
        for each in self.facts:
            if each.counts:
                for place in ((each.tranche, each.project), (each.tranche, "*"), ("*", each.project)):
                    made.fen[each.kind, *place] += each.fen
                if each.project:
                    made.lines.add((each.tranche, each.project))
                made.happened[each.kind, each.tranche] += 1
                if each.kind == "withdraw":
                    made.regained[each.tranche, each.cause] += each.fen
                elif each.kind == "allocate" and each.cause:
                    made.regained[each.tranche, DRAWN[each.cause]] -= each.fen
        return made


@dataclass
class Sums:
    """The balances at one moment, in fen."""

    fen: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    happened: Counter[tuple[str, str]] = field(default_factory=Counter)
    regained: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: set[tuple[str, str]] = field(default_factory=set)

    def net(self, plus: str, minus: str, tranche: str, project: str) -> int:
        return self.fen[plus, tranche, project] - self.fen[minus, tranche, project]

    def arrived(self, code: str) -> bool:
        return self.happened["issue" if code in ISSUED else f"distribute {code}", ROOT.get(code, code)] > 0

    def kept(self, code: str) -> int:
        """Return what arrived at a tranche and was neither distributed nor recovered."""
        into = self.fen["issue", code, "*"] + self.fen[f"distribute {code}", ROOT.get(code, ""), "*"]
        below = [child for child, (parent, *_) in CHILDREN.items() if parent == code]
        given = sum(self.fen[f"distribute {child}", code, "*"] - self.fen["recover", child, "*"] for child in below)
        return into - given - self.fen["recover", code, "*"]

    def available(self, code: str) -> int:
        return self.kept(code) - self.net("allocate", "withdraw", code, "*")

    def line(self, tranche: str, project: str) -> Line:
        pairs = {"alc": ("allocate", "withdraw"), "rel": ("release", "return"), "paid": ("pay", "refund")}
        pairs |= {"rei": ("reimburse", ""), "held": ("hold", "free")}
        return Line(**{name: self.net(*pair, tranche, project) for name, pair in pairs.items()})

    def hold_together(self) -> bool:
        """Say whether every invariant of money holds."""
        return (
            all(self.available(code) >= 0 for code in AREA_OF)
            and all(fen >= 0 for fen in self.regained.values())
            and all(self.line(*line).is_sound for line in self.lines)
        )


@dataclass(frozen=True)
class Line:
    """Money of one tranche in one project, in fen."""

    alc: int
    rel: int
    paid: int
    rei: int
    held: int

    @property
    def is_sound(self) -> bool:
        return (
            0 <= self.paid <= self.rel <= self.alc
            and max(self.rei, self.paid + self.held) <= self.alc
            and self.held >= 0
        )

    def left(self, kind: str) -> int:
        """Return how much may still move."""
        free = self.alc - max(self.rei, self.paid + self.held)
        return {
            "release": self.alc - self.rel,
            "return": self.rel - self.paid,
            "pay": min(self.rel, self.alc - self.held) - self.paid,
            "refund": self.paid,
            "reimburse": self.alc - self.rei,
            "hold": self.alc - self.paid - self.held,
            "free": self.held,
            "recover": free,
            "withdraw": min(free, self.alc - self.rel),
        }[kind]
