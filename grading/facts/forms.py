"""The ministry's form (项目支出绩效自评表): the execution rate has its points above the indicators."""

from __future__ import annotations

import re
from collections.abc import Callable

from grading.facts.columns import Grid
from grading.facts.figures import Figure, Place, number_in_cell
from grading.reading.splicing import squeeze

EXECUTION = "预算执行率"
FORM_ROWS = 12
WEIGHT = re.compile(r"分值|权重|满分")
SCORE = re.compile(r"得分|自评得分|评价得分")


def execution_row(grid: Grid, first: int, place: Callable[[int, int], Place]) -> tuple[int, Figure, Figure] | None:
    """The row, weight and score of the execution rate above row `first`; None where the table is no such form."""
    for number in range(min(first - 1, FORM_ROWS)):
        titles = [squeeze(cell.text) if cell else "" for cell in grid[number]]
        weights = [column for column, title in enumerate(titles) if WEIGHT.fullmatch(title)]
        scores = [column for column, title in enumerate(titles) if SCORE.fullmatch(title)]
        if len(weights) != 1 or len(scores) != 1 or not any("执行" in title for title in titles):
            continue
        for row in range(number + 1, first):
            cells = (grid[row][weights[0]], grid[row][scores[0]])
            found = [number_in_cell(c.text, place(c.row, c.column)) if c else None for c in cells]
            if found[0] is not None and found[1] is not None:
                return row, found[0], found[1]
    return None
