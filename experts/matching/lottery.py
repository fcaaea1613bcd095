"""One assignment drawn from probabilities so that every pair keeps its own and every demand and load is kept.

Dependent rounding along cycles and paths of the pairs that are still open (Gandhi, Khuller, Parthasarathy and
Srinivasan, 2006): each step makes at least one pair certain, up or down, and no probability changes on average.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experts.matching.problem import Floats, Ints

CERTAIN = 1e-9


def draw_pairs(left: Ints, right: Ints, chances: Floats, rng: np.random.Generator) -> Ints:
    """Return the places of the pairs that are drawn; `left` and `right` name each pair's ends."""
    return np.flatnonzero(_Rounding(left, right, chances, rng).run() > 0.5)


class _Rounding:
    def __init__(self, left: Ints, right: Ints, chances: Floats, rng: np.random.Generator) -> None:
        self.chance = np.clip(np.where(chances > 1 - CERTAIN, 1.0, np.where(chances < CERTAIN, 0.0, chances)), 0, 1)
        self.rng = rng
        self.ends = list(zip((f"l{one}" for one in left), (f"r{one}" for one in right), strict=True))
        self.open: dict[str, dict[int, None]] = {}
        for edge, ends in enumerate(self.ends):
            if 0 < self.chance[edge] < 1:
                for end in ends:
                    self.open.setdefault(end, {})[edge] = None

    def run(self) -> Floats:
        """Round until every pair is certain."""
        for start in list(self.open):
            while self.open.get(start):
                edges, end = self._walk(start)
                if end is not None:  # from a dead end the walk goes round a cycle or to another dead end
                    edges, _end = self._walk(end)
                self._step(edges)
        return self.chance

    def _walk(self, start: str) -> tuple[list[int], str | None]:
        """Walk along open pairs: return the edges of a cycle and None, or of the path and the node it cannot leave."""
        edges: list[int] = []
        nodes, node, came = [start], start, -1
        while True:
            onward = next((edge for edge in self.open[node] if edge != came), None)
            if onward is None:
                return edges, node
            edges.append(onward)
            node, came = self._other(onward, node), onward
            if node in nodes:
                return edges[nodes.index(node) :], None
            nodes.append(node)

    def _other(self, edge: int, node: str) -> str:
        one, two = self.ends[edge]
        return two if node == one else one

    def _step(self, edges: Sequence[int]) -> None:
        even, odd = list(edges[0::2]), list(edges[1::2])
        up = min([1 - self.chance[edge] for edge in even] + [self.chance[edge] for edge in odd])
        down = min([self.chance[edge] for edge in even] + [1 - self.chance[edge] for edge in odd])
        change = up if self.rng.random() * (up + down) < down else -down
        for edge in even:
            self._settle(edge, self.chance[edge] + change)
        for edge in odd:
            self._settle(edge, self.chance[edge] - change)

    def _settle(self, edge: int, chance: float) -> None:
        if chance < CERTAIN or chance > 1 - CERTAIN:
            chance = float(chance > 0.5)
            for end in self.ends[edge]:
                self.open[end].pop(edge, None)
        self.chance[edge] = chance
