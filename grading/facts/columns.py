"""Which column of an indicator table holds what, told from its header in whatever order it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grading.reading.document import Cell
from grading.reading.splicing import is_number, squeeze

LEVELS = (
    re.compile(r"一级指标|^一级$|^指标类别$|^评价维度$"),
    re.compile(r"二级指标|^二级$"),
    re.compile(r"三级指标|四级指标|^三级$"),
)
NAME = re.compile(
    r"^(?:序号)?(?:绩效|评价|考核|评分|具体)?(?:指标|项目|内容|要素)(?:名称|内容|类别|类型)?$|^(?:指标)?维度$|^类别$|^一级$"
)
RATE = re.compile(r"得分率|得分占比|得分比例")
SCORE = re.compile(r"得分|实得|^评分$|自评分|评价分(?!值)|考评分|打分|评定分|最终评分|核定分")
WEIGHT = re.compile(r"权重|分值|标准分|满分|参考分|^分数|赋分|总分值")
NOT_FIGURE = re.compile(r"标准|依据|说明|规则|细则|办法|方法|原因|要点|理由|情况说明")
TARGET = re.compile(r"目标值|指标值|计划值|目标$|年度目标|标杆值|计划完成|预期值|计划数|目标数|预期目标")
ACTUAL = re.compile(r"完成值|实际值|实际完成|完成情况|实现值|实际情况|实际$|业绩值|达成|实现情况|完成数|实绩|自评值")
NOTE = re.compile(r"说明|依据|原因|意见|评价情况|备注|分析|理由|扣分")


@dataclass
class Columns:
    """Column numbers of one indicator table; -1 where a column is absent. `first` is the first row of data."""

    first: int
    levels: list[int] = field(default_factory=lambda: [-1, -1, -1])
    weight: int = -1
    score: int = -1
    rate: int = -1
    target: int = -1
    actual: int = -1
    notes: list[int] = field(default_factory=list)
    group_weights: dict[int, int] = field(default_factory=dict)
    titles: tuple[str, ...] = ()

    @property
    def labels(self) -> list[int]:
        """The columns that name an indicator, from general to particular."""
        return [column for column in self.levels if column >= 0]


Grid = list[list[Cell | None]]


def find_columns(grid: Grid) -> Columns | None:
    """The columns of the indicator header in `grid`, or None where the table is no indicator table."""
    for number, row in enumerate(grid[:-1]):
        titles = [squeeze(cell.text) if cell else "" for cell in row]
        if sum(bool(title) for title in titles) < 2 or not could_head(titles):
            continue
        titles, first = titles_at(grid, number)
        columns = assign(titles, first)
        if columns:
            return columns
    return None


def titles_at(grid: Grid, number: int) -> tuple[list[str], int]:
    """The column titles of the header that begins in row `number`, sub-headings joined, and the first row of data."""
    row = grid[number]
    titles = [squeeze(cell.text) if cell else "" for cell in row]
    depth = max(
        (reach(grid, number, column) for column, cell in enumerate(row) if cell and cell.text.strip()), default=1
    )
    first = min(number + min(max(depth, 1), 3), len(grid) - 1)
    for below in range(number + 1, first):
        for column, cell in enumerate(grid[below]):
            if cell and cell is not row[column] and not is_number(cell.text):
                titles[column] += squeeze(cell.text)
    return titles, first


def reach(grid: Grid, row: int, column: int) -> int:
    """How many rows the cell at a place covers from there downwards."""
    cell, below = grid[row][column], row + 1
    while below < len(grid) and grid[below][column] is cell:
        below += 1
    return below - row


def could_head(titles: list[str]) -> bool:
    """Whether a row has both a name and a weight or score column among its titles."""
    named = any(pattern.search(title) for title in titles for pattern in (*LEVELS, NAME))
    return named and any((SCORE.search(title) or WEIGHT.search(title)) and len(title) <= 16 for title in titles)


def assign(titles: list[str], first: int) -> Columns | None:
    """Give every column its role."""
    columns = Columns(first, titles=tuple(titles))
    weights: list[int] = []
    for number, title in enumerate(titles):
        if title and not (number and titles[number - 1] == title and number - 1 in columns.levels):
            place(columns, weights, number, title)
    if not columns.labels or (not weights and columns.score < 0):
        return None
    if weights:
        deepest = max(columns.labels)
        after = [number for number in weights if number > deepest]
        columns.weight = after[0] if after else weights[-1]
        for number in weights:
            left = [depth for depth, column in enumerate(columns.levels) if 0 <= column < number]
            if number != columns.weight and left:
                columns.group_weights[max(left, key=lambda depth: columns.levels[depth])] = number
    return columns


def place(columns: Columns, weights: list[int], number: int, title: str) -> None:
    """Give one column its role by its title; weights are collected, for there may be one for each level."""
    described = bool(NOT_FIGURE.search(title))
    level = next((depth for depth, pattern in enumerate(LEVELS) if pattern.search(title)), None)
    if len(title) <= 16 and not described and (SCORE.search(title) or WEIGHT.search(title)):
        if RATE.search(title):
            columns.rate = number
        elif SCORE.search(title):
            columns.score = number
        else:
            weights.append(number)
    elif level is not None and not described:
        if columns.levels[level] < 0:
            columns.levels[level] = number
    elif NAME.search(title) and not columns.labels:
        columns.levels[2] = number
    else:
        describe(columns, number, title)


def describe(columns: Columns, number: int, title: str) -> None:
    """Give a column of words its role: target, actual value or note."""
    if TARGET.search(title) and columns.target < 0:
        columns.target = number
    elif ACTUAL.search(title) and columns.actual < 0:
        columns.actual = number
    elif NOTE.search(title):
        columns.notes.append(number)
