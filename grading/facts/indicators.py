"""The rows of a score table: indicators of three levels with weight, target, actual value, score and note.

Rows split at page ends are put together, merged and repeated group names are read alike, subtotal and total rows
are told apart.
"""

from __future__ import annotations

from decimal import Decimal

from grading.facts.columns import Columns, Grid, find_columns
from grading.facts.figures import Figure, Place, number_in_cell
from grading.facts.forms import EXECUTION, execution_row
from grading.facts.rows import (
    ANNOTATED,
    BRACKETED,
    CATEGORY,
    SUBTOTAL,
    TOTAL,
    Group,
    Indicator,
    IndicatorTable,
    bare_name,
    nest,
    scores_in,
)
from grading.reading.document import Cell, Table
from grading.reading.splicing import is_number, squeeze


class Reader:
    """Reads the rows below one header."""

    def __init__(self, table: Table, grid: Grid, columns: Columns, *, turned: bool) -> None:
        self.table, self.grid, self.columns, self.turned = table, grid, columns, turned
        self.leaves: list[Indicator] = []
        self.notes: list[list[tuple[str, bool]]] = []
        self.groups: list[Group] = []
        self.total: Group | None = None
        self.known: dict[int, Group] = {}
        self.current: dict[int, Group | None] = {1: None, 2: None}
        self.since = 0
        self.last_cells: tuple[int, int] = (0, 0)
        self.parents: list[Group] = []

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, None where there is none."""
        return self.grid[row][column] if 0 <= column < len(self.grid[row]) else None

    def text(self, row: int, column: int) -> str:
        """The text at a place."""
        cell = self.cell(row, column)
        return cell.text.strip() if cell else ""

    def place(self, row: int, column: int) -> Place:
        """The place for evidence, in the table as it stands in the document."""
        cell = self.cell(row, column)
        at, across = (cell.row, cell.column) if cell else (row, column)
        rows = self.table.rows
        return Place(rows[at].page if at < len(rows) else self.table.page, None, self.table.index, at, across)

    def number(self, row: int, column: int) -> Figure | None:
        """The figure at a place, None where there is none or where a cell merged down from the row above is meant."""
        if column < 0 or (row > self.columns.first and self.cell(row, column) is self.cell(row - 1, column)):
            return None
        return number_in_cell(self.text(row, column), self.place(row, column))

    def run(self) -> IndicatorTable | None:
        """Read all rows."""
        header = self.columns.titles
        breaks = set() if self.turned else set(self.table.breaks)
        resumed = False
        self.funds_above()
        for row in range(self.columns.first, len(self.grid)):
            texts = [squeeze(cell.text) if cell else "" for cell in self.grid[row]]
            if not any(texts) or sum(a == b for a, b in zip(texts, header, strict=False) if a) >= 3:
                resumed = resumed or any(texts)
                continue
            self.row(row, at_break=resumed or row in breaks)
            resumed = False
        self.settle()
        if not self.leaves:
            return None
        return IndicatorTable(self.table, self.columns, self.leaves, self.groups, self.total, self.turned)

    def funds_above(self) -> None:
        """Take in the points for the execution rate that stand above the indicators."""
        found = execution_row(self.grid, self.columns.first, self.place)
        if found is not None:
            row, weight, score = found
            page = self.place(row, 0).page
            self.leaves.append(Indicator(EXECUTION, EXECUTION, "", row, page, weight, score))
            self.notes.append([])

    def without_funds(self) -> None:
        """Leave the execution rate out again where the total row counts without it."""
        total = self.total
        if not self.leaves or self.leaves[0].name != EXECUTION or total is None or total.weight is None:
            return
        weights = [leaf.weight.value for leaf in self.leaves if leaf.weight]
        if sum(weights, Decimal(0)) != total.weight.value == sum(weights[1:], Decimal(0)):
            self.leaves, self.notes = self.leaves[1:], self.notes[1:]
            for group in (*self.groups, *self.parents, total):
                group.members = [member - 1 for member in group.members if member]

    def row(self, row: int, *, at_break: bool) -> None:
        """Take in one row."""
        columns = self.columns
        weight, score = self.number(row, columns.weight), self.number(row, columns.score)
        labels = [squeeze(self.text(row, column)) for column in columns.labels]
        first = next((squeeze(cell.text) for cell in self.grid[row] if cell and cell.text.strip()), "")
        if TOTAL.match(first) or any(TOTAL.match(label) for label in labels):
            self.close(row, weight, score, total=True)
            return
        if any(SUBTOTAL.search(label) for label in labels):
            self.close(row, weight, score, total=False)
            return
        mark = (id(self.cell(row, columns.labels[-1])), id(self.cell(row, columns.weight)))
        if self.joins(row, weight, score, at_break=at_break):
            return
        if self.belongs(row, labels, weight, score, mark):
            self.add_to_last(row, score, at_break=False)
            return
        if weight is None and score is None:
            weight, score = self.shifted(row)
        if weight is not None or score is not None:
            self.add(row, labels, weight, score, at_break=at_break)
            self.last_cells = mark

    def belongs(
        self, row: int, labels: list[str], weight: Figure | None, score: Figure | None, mark: tuple[int, int]
    ) -> bool:
        """Whether a row is a further line of the indicator above: the same merged name, or no name and no weight."""
        if not self.leaves:
            return False
        name = self.cell(row, self.columns.labels[-1])
        if name is not None and name.rowspan > 1 and mark == self.last_cells:
            return True
        nameless = not any(labels[1:] if len(labels) > 1 else labels) and weight is None
        return nameless and (score is None or self.leaves[-1].score is None)

    def add(self, row: int, labels: list[str], weight: Figure | None, score: Figure | None, *, at_break: bool) -> None:
        """Take in a row as a new indicator, or as a parent of those that follow."""
        columns = self.columns
        self.open_groups(row)
        name = labels[-1]
        spans_all = len(labels) > 1 and len({id(self.cell(row, column)) for column in columns.labels}) == 1
        lone = len(labels) > 1 and bool(labels[0]) and not any(labels[1:]) and not at_break
        if (spans_all or lone) and labels[0]:
            self.parents.append(Group(bare_name(labels[0]), 1, row, weight, score, self.number(row, columns.rate)))
            self.parents[-1].members = [len(self.leaves)]
        first_level, second_level = self.current[1], self.current[2]
        self.leaves.append(
            Indicator(
                bare_name(name or next((label for label in reversed(labels) if label), "")),
                first_level.name if first_level else "",
                second_level.name if second_level else "",
                row,
                self.place(row, columns.labels[-1]).page,
                weight,
                score,
                self.number(row, columns.rate),
                self.text(row, columns.target),
                self.text(row, columns.actual),
            )
        )
        self.notes.append([(self.note(row), at_break)])
        for group in (first_level, second_level):
            if group:
                group.members.append(len(self.leaves) - 1)

    def note(self, row: int) -> str:
        """The notes of a row together."""
        return "；".join(text for column in self.columns.notes if (text := self.text(row, column)))

    def joins(self, row: int, weight: Figure | None, score: Figure | None, *, at_break: bool) -> bool:
        """Whether a row only carries on the row before the page end; then it is taken in there."""
        if not at_break or not self.leaves:
            return False
        last = self.leaves[-1]
        again = weight is not None and last.weight is not None and weight.value == last.weight.value and score is None
        rest = weight is None and (score is None or last.score is None) and self.shifted(row) == (None, None)
        if not (again and last.score is not None) and not rest:
            return False
        for depth in (1, 2):
            column = self.columns.levels[depth - 1]
            cell = self.cell(row, column) if column >= 0 else None
            group = self.current[depth]
            if cell and cell.text.strip() and group and id(cell) not in self.known:
                self.known[id(cell)] = group
                self.annotate(group, group.name + squeeze(cell.text), self.place(row, column), cell.text)
        self.add_to_last(row, score, at_break=True)
        return True

    def add_to_last(self, row: int, score: Figure | None, *, at_break: bool) -> None:
        """Add a row's words to the indicator above."""
        last = self.leaves[-1]
        label = self.columns.labels[-1]
        if at_break:
            last.name = bare_name(last.name + squeeze(self.text(row, label)))
            last.target += self.text(row, self.columns.target)
            last.actual += self.text(row, self.columns.actual)
        last.score = last.score or score
        last.rate = last.rate or self.number(row, self.columns.rate)
        self.notes[-1].append((self.note(row), at_break))

    def shifted(self, row: int) -> tuple[Figure | None, Figure | None]:
        """Weight and score of a row whose cells stand one column off: the lone figures right of its name."""
        label = self.columns.labels[-1]
        if not self.text(row, label) or is_number(self.text(row, label)):
            return None, None
        skip = {self.columns.target, self.columns.actual, self.columns.rate}
        found = [
            figure
            for column in range(label + 1, len(self.grid[row]))
            if column not in skip
            and (figure := self.number(row, column)) is not None
            and figure.kind in {"number", "score"}
            and (column == label + 1 or self.cell(row, column) is not self.cell(row, column - 1))
        ]
        if not found or self.columns.score < 0 or len(found) > 2:
            return None, None
        return (found[0] if len(found) == 2 else None), found[-1]

    def open_groups(self, row: int) -> None:
        """Follow the first- and second-level names of a row."""
        levels = self.columns.levels
        for depth in (1, 2):
            column = levels[depth - 1]
            if column < 0 or column == self.columns.labels[-1]:
                continue
            cell = self.cell(row, column)
            text = squeeze(cell.text) if cell else ""
            current = self.current[depth]
            if cell is None or not text:
                continue
            if id(cell) in self.known:
                self.current[depth] = self.known[id(cell)]
                continue
            only_weight = ANNOTATED.match(text)
            if current and (
                (only_weight and not only_weight["name"]) or (current.name == bare_name(text) and cell.rowspan == 1)
            ):
                self.known[id(cell)] = current
                self.annotate(current, text, self.place(row, column), cell.text)
                continue
            group = Group(bare_name(text), depth, row)
            self.annotate(group, text, self.place(row, column), cell.text)
            own = self.columns.group_weights.get(depth - 1)
            if own is not None:
                group.weight = self.number(row, own) or group.weight
            self.groups.append(group)
            self.known[id(cell)] = group
            self.current[depth] = group
            if depth == 1:
                self.current[2] = None

    def annotate(self, group: Group, text: str, place: Place, quote: str) -> None:
        """Read the weight that stands in a group's own cell: 决策（20分）."""
        found = ANNOTATED.match(text) or BRACKETED.match(text)
        if found and group.weight is None:
            number = found["weight"]
            figure = number_in_cell(number, place)
            if figure:
                group.weight = Figure(figure.value, "分", "score", figure.decimals, quote, place)
        if found and found["name"]:
            group.name = bare_name(text)

    def close(self, row: int, weight: Figure | None, score: Figure | None, *, total: bool) -> None:
        """Take in a subtotal or total row."""
        rate = self.number(row, self.columns.rate)
        if total:
            inner = row + 1 < len(self.grid) and any(
                self.number(below, self.columns.score) is not None for below in range(row + 1, len(self.grid))
            )
            if self.total is None or not inner:
                self.total = Group("合计", 0, row, weight, score, rate, list(range(len(self.leaves))))
            return
        members = list(range(self.since, len(self.leaves)))
        self.since = len(self.leaves)
        if members:
            self.groups.append(Group(f"{self.leaves[members[0]].level1}小计", 1, row, weight, score, rate, members))

    def settle(self) -> None:
        """Finish: parent rows, notes, scores and weights that stand elsewhere."""
        self.without_funds()
        self.sort_parents()
        if not self.parents and len(self.columns.labels) == 1:
            self.sort_nested()
        for position, leaf in enumerate(self.leaves):
            leaf.note = "".join(text for text, _ in self.notes[position])
            if leaf.score is None and self.columns.score >= 0:
                leaf.score = self.noted(position)
        for group in self.groups:
            missing = [i for i in group.members if self.leaves[i].weight is None]
            if len(missing) == 1 and group.weight is not None:
                leaf = self.leaves[missing[0]]
                given = sum((w.value for i in group.members if (w := self.leaves[i].weight)), Decimal(0))
                rest = group.weight.value - given
                if rest > 0:
                    place = group.weight.place
                    leaf.weight = Figure(
                        rest, "分", "score", group.weight.decimals, group.weight.text, place, confidence=0.5
                    )
                    leaf.inferred = True

    def noted(self, position: int) -> Figure | None:
        """The score that a note states (该指标得2.00分).

        Its own or the part that slipped into the row after the page end.
        """
        found = scores_in("".join(text for text, _ in self.notes[position]))
        if not found and position + 1 < len(self.leaves):
            after = self.leaves[position + 1].score
            slipped = scores_in("".join(text for text, _ in self.notes[position + 1]))
            if after is not None and len(slipped) > 1 and Decimal(slipped[-1][0]) == after.value:
                found = slipped[:1]
        if not found:
            return None
        number, quote = found[-1]
        figure = number_in_cell(number, self.place(self.leaves[position].row, self.columns.score))
        return figure and Figure(figure.value, "分", "score", figure.decimals, quote, figure.place, confidence=0.7)

    def sort_parents(self) -> None:
        """Tell rows that sum up the rows below them from indicators that merely have no finer level."""
        for number, parent in enumerate(self.parents):
            start = parent.members[0]
            end = self.parents[number + 1].members[0] if number + 1 < len(self.parents) else len(self.leaves)
            children = [i for i in range(start + 1, end) if self.leaves[i].level1 in {parent.name, ""}]
            parent.members = children if end - start > 1 else []
            for child in parent.members:
                self.leaves[child].level1 = self.leaves[child].level1 or parent.name
        drop = {parent.row for parent in self.parents if parent.members}
        if not drop:
            return
        kept = [i for i, leaf in enumerate(self.leaves) if leaf.row not in drop]
        moved = {old: new for new, old in enumerate(kept)}
        for group in (*self.groups, *self.parents, *([self.total] if self.total else [])):
            group.members = [moved[i] for i in group.members if i in moved]
        self.leaves = [self.leaves[i] for i in kept]
        self.notes = [self.notes[i] for i in kept]
        self.groups = [g for g in self.groups if g.row not in drop] + [
            p for p in self.parents if p.row in drop and p.members
        ]

    def sort_nested(self) -> None:
        """In a table of one name column.

        Tell parents from children by the categories' names, or by weights that fit no other way.
        """
        if self.total is None or self.total.weight is None:
            return
        heads = [i for i, leaf in enumerate(self.leaves) if CATEGORY.match(leaf.name)]
        if len(heads) > 2 and heads[0] == 0 and len(self.leaves) >= 2 * len(heads) and 1 not in heads:
            ends = [*heads[1:], len(self.leaves)]
            families: list[tuple[int, list[int]]] | None = [
                (head, list(range(head + 1, end))) for head, end in zip(heads, ends, strict=True)
            ]
        else:
            weights = [leaf.weight.value for leaf in self.leaves if leaf.weight]
            double = len(weights) == len(self.leaves) and sum(weights, Decimal(0)) == 2 * self.total.weight.value
            families = nest(weights) if double else None
        if families is None or any(not children for _, children in families):
            return
        for parent, children in families:
            leaf = self.leaves[parent]
            self.parents.append(Group(leaf.name, 1, leaf.row, leaf.weight, leaf.score, leaf.rate, children))
            for child in children:
                self.leaves[child].level1 = self.leaves[child].level1 or leaf.name
        kept = [child for _, children in families for child in children]
        moved = {old: new for new, old in enumerate(kept)}
        for group in self.parents:
            group.members = [moved[child] for child in group.members]
        self.groups = list(self.parents)
        self.total.members = list(range(len(kept)))
        self.leaves = [self.leaves[i] for i in kept]
        self.notes = [self.notes[i] for i in kept]


def turned(table: Table) -> Grid | None:
    """The grid with rows and columns exchanged, for tables whose indicators stand side by side; None for tall ones."""
    if len(table.rows) > 8 or table.width < 3:
        return None
    return [list(column) for column in zip(*table.grid, strict=True)]


def read_indicators(table: Table) -> IndicatorTable | None:
    """The indicators of a table, or None where it is no indicator table."""
    grid: Grid = table.grid
    columns = find_columns(grid)
    if columns is not None:
        return Reader(table, grid, columns, turned=False).run()
    other = turned(table)
    if other is None:
        return None
    columns = find_columns(other)
    return Reader(table, other, columns, turned=True).run() if columns is not None else None
