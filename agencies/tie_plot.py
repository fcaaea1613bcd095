"""Where the ends of an agency's ties stand in the picture: people left, the agency in the middle, others right. Pure.

The picture shows the nearest and names how many more the table lists. A broken line is what follows from equal names or
numbers alone; every line carries the number of its first row in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agencies.ties import Node, NodeKind, Tie

NODE_WIDTH, NODE_HEIGHT, STEP, GAP, EDGE = 220, 40, 56, 110, 10
WIDTH = 3 * NODE_WIDTH + 2 * GAP + 2 * EDGE
NARROW = 2 * NODE_WIDTH + GAP + 2 * EDGE
"""The width where one side has nobody."""
MOST = 10
"""How many ends stand in a column."""
FITS = 14
"""How many characters of a name fit."""


@dataclass(frozen=True)
class Placed:
    """An end in the picture, by its upper left corner; `label` is as much of its name as fits."""

    node: Node
    x: int
    y: int
    label: str

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + NODE_HEIGHT // 2


@dataclass(frozen=True)
class Line:
    """A line of the picture: from where to where, the numbers of its rows, broken where all of it is inferred."""

    x1: int
    y1: int
    x2: int
    y2: int
    rows: Sequence[int]
    is_broken: bool

    @property
    def label(self) -> str:
        """The numbers, the first of many."""
        shown = ", ".join(str(one) for one in self.rows[:3])
        return f"{shown} …" if len(self.rows) > 3 else shown


@dataclass(frozen=True)
class Picture:
    """The picture: its size, the agency, the other ends, the lines, and how many ends only the table has."""

    width: int
    height: int
    centre: Placed
    ends: Sequence[Placed]
    lines: Sequence[Line]
    left_out: int


def place(centre: Node, ties: Sequence[Tie]) -> Picture:
    """Return the picture of ties as they are numbered in the table, from 1."""
    rows: dict[Node, list[int]] = {}
    inferred: dict[Node, bool] = {}
    for number, tie in enumerate(ties, start=1):
        other = tie.other if tie.one == centre else tie.one
        rows.setdefault(other, []).append(number)
        inferred[other] = inferred.get(other, True) and tie.inferred
    left = [one for one in rows if one.kind in (NodeKind.PERSON, NodeKind.AGENCY)]
    right = [one for one in rows if one.kind in (NodeKind.BODY, NodeKind.PROJECT)]
    shown = (left[:MOST], right[:MOST])
    height = max(1, *(len(one) for one in shown)) * STEP + 8
    ends, lines = [], []
    columns = {"left": EDGE, "middle": EDGE + (NODE_WIDTH + GAP if left else 0)}
    columns["right"] = columns["middle"] + NODE_WIDTH + GAP
    middle = Placed(centre, columns["middle"], (height - NODE_HEIGHT) // 2, shorten(centre.name))
    for side, nodes in zip(("left", "right"), shown, strict=True):
        top = (height - len(nodes) * STEP + STEP - NODE_HEIGHT) // 2
        for number, node in enumerate(nodes):
            end = Placed(node, columns[side], top + number * STEP, shorten(node.name))
            ends.append(end)
            edge = (end.x + NODE_WIDTH, middle.x) if side == "left" else (middle.x + NODE_WIDTH, end.x)
            heights = (end.middle, middle.middle) if side == "left" else (middle.middle, end.middle)
            lines.append(Line(edge[0], heights[0], edge[1], heights[1], tuple(rows[node]), inferred[node]))
    width = WIDTH if left and right else NARROW
    return Picture(width, height, middle, tuple(ends), tuple(lines), len(rows) - len(ends))


def shorten(name: str) -> str:
    """Return as much of a name as fits into its box."""
    return name if len(name) <= FITS else name[: FITS - 1] + "…"
