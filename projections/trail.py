"""The way of money as a tree, from the document of whoever gave it to the asset, its income, and back.

Amounts of one step that belong to one thing are one line, with the documents they stand on and the positions of their
events. What several tranches paid for together is shown under each of them with the money of that tranche.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from ledger.errors import NotFoundError
from projections.tables import fact_asset, fact_asset_step, fact_income, fact_money, fact_scheme, fact_tranche

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from projections.scope import Scope

__all__ = ["Node", "trail"]

_OF_PROJECT: Final = ("released", "paid", "reimbursed", "retained", "surplus", "reclaimed", "adjusted")
_INCOME: Final = {"received": "rent", "paid": "distributed"}
"""What measures of income are called here, where money of tranches is received and paid as well."""

_BACK: Final = frozenset({"proceeds_booked", "loss_recovered", "reinvested"})


@dataclass(slots=True)
class Node:
    """One step: ``kind`` says what moved, ``code`` the thing it moved to, ``amount_fen`` how much altogether."""

    kind: str
    code: str
    amount_fen: int = 0
    documents: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def add(self, fen: int, document: str, position: int) -> None:
        """Add one event to the step."""
        self.amount_fen += fen
        self.positions.append(position)
        if document and document not in self.documents:
            self.documents.append(document)

    def as_json(self) -> dict[str, object]:
        """Return the step and all below it, as ``docs/reference/json.md`` says."""
        return {
            "kind": self.kind,
            "code": self.code,
            "amount_fen": self.amount_fen,
            "documents": self.documents,
            "positions": self.positions,
            "children": [child.as_json() for child in self.children],
        }


def trail(scope: Scope, code: str) -> list[Node]:
    """Return the trees from the first tranches down that lead to, and on from, a tranche, project or asset.

    Raises NotFoundError: nothing of that kind has this code.
    """
    found = _Facts(scope)
    project = next((row["project"] for row in found.assets if row["asset"] == code), code)
    funded = sorted({row["tranche"] for row in found.money if row["project"] == project and row["measure"] == "funded"})
    only = None if code in found.tranches else project
    starts = [code] if code in found.tranches else funded
    if not starts:
        asset = found.asset_tree(code)
        if asset is None:
            raise NotFoundError(
                "trace.unknown", f"账本中没有编号为“{code[:60]}”的资金批次、项目或资产", hint="请核对编号"
            )
        return [asset]
    ways = [found.way_to(start) for start in starts]
    trees: dict[str, list[list[str]]] = {}
    for way in ways:
        trees.setdefault(way[0], []).append(way)
    return [found.tranche_tree(root, trees[root], only) for root in sorted(trees)]


class _Facts:
    """The facts that the tree is made of, read once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.money = list(self._rows(fact_money))
        self.assets = list(self._rows(fact_asset))
        self.tranches: dict[str, str] = {}
        self._given: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._rows(fact_tranche):
            self.tranches[row["tranche"]] = row["parent"]
            self._given[row["tranche"]].append(row)

    def way_to(self, tranche: str) -> list[str]:
        """Return the tranches from the first one down to this one."""
        way = [tranche]
        while (parent := self.tranches.get(way[0], "")) and parent not in way:
            way.insert(0, parent)
        return way

    def tranche_tree(self, tranche: str, ways: list[list[str]], only: str | None) -> Node:
        """Return a tranche with what lies on the ways below it, or everything where a way ends here."""
        given = self._given[tranche]
        node = Node("issued" if given and not given[0]["parent"] else "received", tranche)
        for row in given:
            node.add(row["sign"] * row["amount_fen"], row["document"], row["position"])
        below = sorted({way[1] for way in ways if len(way) > 1})
        if any(len(way) == 1 for way in ways):
            below = (
                sorted(child for child, parent in self.tranches.items() if parent == tranche) if only is None else below
            )
            node.children += self._projects_of(tranche, only)
        for child in below:
            rest = [way[1:] for way in ways if len(way) > 1 and way[1] == child] or [[child]]
            node.children.append(self.tranche_tree(child, rest, only))
        node.children += self._sums([row for row in self.money if row["tranche"] == tranche], ("recovered", "returned"))
        return node

    def asset_tree(self, asset: str) -> Node | None:
        """Return an asset with its income, who got it, and what came back; None where there is none."""
        rows = [row for row in self.assets if row["asset"] == asset]
        if not rows:
            return None
        node = Node("asset", asset)
        for row in rows:
            node.add(row["sign"] * row["value_fen"], row["document"], row["position"])
        node.children += self._income(asset)
        back: dict[str, Node] = {}
        for row in self._rows(fact_asset_step, asset=asset):
            if row["step"] in _BACK:
                step = back.setdefault(row["step"], Node(row["step"], asset))
                step.add(row["sign"] * row["amount_fen"], row["document"], row["position"])
        node.children += back.values()
        return node

    def _projects_of(self, tranche: str, only: str | None) -> list[Node]:
        rows = [row for row in self.money if row["tranche"] == tranche and only in {None, row["project"]}]
        nodes: list[Node] = []
        for project in sorted({row["project"] for row in rows if row["measure"] == "funded"}):
            mine = [row for row in rows if row["project"] == project]
            node = self._sums(mine, ("funded",), code=project)[0]
            node.children = self._sums(mine, _OF_PROJECT)
            formed = sorted({row["asset"] for row in self.assets if row["project"] == project})
            node.children += [tree for asset in formed if (tree := self.asset_tree(asset))]
            nodes.append(node)
        return nodes

    def _sums(self, rows: list[dict[str, Any]], measures: tuple[str, ...], code: str = "") -> list[Node]:
        nodes = {measure: Node(measure, code) for measure in measures}
        for row in rows:
            if row["measure"] in nodes and (code or not row["project"] or row["measure"] in _OF_PROJECT):
                nodes[row["measure"]].add(row["amount_fen"], row["document"], row["position"])
        return [node for node in nodes.values() if node.positions]

    def _income(self, asset: str) -> Iterator[Node]:
        schemes = [row["scheme"] for row in self._rows(fact_scheme, asset=asset)]
        facts = fact_income.c
        wanted = select(fact_income).where(
            self._scope.happened(fact_income), or_(facts.asset == asset, facts.scheme.in_(schemes))
        )
        found: dict[tuple[str, str], Node] = {}
        for row in self._scope.connection.execute(wanted.order_by(facts.position, facts.line)).mappings():
            if row["measure"] in {"received", "income", "cost", "paid"}:
                of = row["contract"] if row["measure"] == "received" else row["scheme"]
                kind = _INCOME.get(row["measure"], row["measure"])
                key = kind, f"{of}:{row['payee']}" if row["payee"] else of
                found.setdefault(key, Node(*key)).add(row["amount_fen"], row["document"], row["position"])
        yield from found.values()

    def _rows(self, table: Table, **equal: str) -> Iterator[dict[str, Any]]:
        wanted = select(table).where(
            self._scope.happened(table), *(table.c[name] == value for name, value in equal.items())
        )
        for row in self._scope.connection.execute(wanted.order_by(table.c.position, table.c.line)).mappings():
            yield dict(row)
