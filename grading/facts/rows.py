"""What the rows of a score table are: indicators, groups of them, and the table that holds both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from grading.facts.columns import Columns
from grading.facts.figures import NUMBER, Figure
from grading.reading.document import Table
from grading.reading.splicing import squeeze

TOTAL = re.compile(
    r"^(?:合计|总计|总分|总得分|综合得分|总评分|评价总分|合计得分|总体得分|总\s*分值?)(?:[（(].*[）)])?$"
)
CATEGORY = re.compile(r"^(?:项目)?(?:决策|投入|过程|产出|效益|效果|满意度)(?:类|指标|情况)*$")
SUBTOTAL = re.compile(r"小计|(?:指标|类|决策|过程|产出|效益|投入|效果|成本|满意度)(?:合计|得分合计)$")
ANNOTATED = re.compile(
    rf"^(?P<name>.*?)\s*[（(\[]?\s*(?:权重|分值|共|满分)?[:：]?\s*(?P<weight>{NUMBER})\s*(?P<unit>分|%)\s*[）)\]]?$"
)
BRACKETED = re.compile(rf"^(?P<name>.*?[一-鿿])\s*[（(\[]\s*(?P<weight>{NUMBER})\s*[）)\]]$")
CODE = re.compile(r"^[A-Z]{0,2}\d*(?:[.\-－]\d+)*[.、．]?\s*|^[（(]?[一二三四五六七八九十\d]+[）)、.．]\s*")
NOTED = re.compile(
    rf"(?:(?:该|本|此)项?(?:[一二三四]级)?指标|综上|因此|故)[^。；得]{{0,14}}(?:得分?为?|计)\s*({NUMBER})\s*分"
)


@dataclass
class Group:
    """A first- or second-level indicator, a subtotal or the total: what is stated of several indicators together.

    `level` is 0 for the total, 1 or 2; `members` are positions in `IndicatorTable.leaves`.
    """

    name: str
    level: int
    row: int
    weight: Figure | None = None
    score: Figure | None = None
    rate: Figure | None = None
    members: list[int] = field(default_factory=list)


@dataclass
class Indicator:
    """One indicator of the lowest level."""

    name: str
    level1: str
    level2: str
    row: int
    page: int | None
    weight: Figure | None
    score: Figure | None
    rate: Figure | None = None
    target: str = ""
    actual: str = ""
    note: str = ""
    inferred: bool = False


@dataclass
class IndicatorTable:
    """One table of indicators. `turned` says that indicators stand in its columns, not its rows."""

    table: Table
    columns: Columns
    leaves: list[Indicator]
    groups: list[Group]
    total: Group | None
    turned: bool = False

    @property
    def scored(self) -> int:
        """Indicators with a weight and a score."""
        return sum(leaf.weight is not None and leaf.score is not None for leaf in self.leaves)


def bare_name(text: str) -> str:
    """An indicator's name without code, weight and blanks."""
    name = squeeze(text)
    found = ANNOTATED.match(name) or BRACKETED.match(name)
    if found:
        name = found["name"]
    return CODE.sub("", name, count=1).strip("：:（(") or name


def nest(weights: list[Decimal], start: int = 0) -> list[tuple[int, list[int]]] | None:
    """Split a list into parents, each followed by the children whose weights add to its own.

    None where that cannot be.
    """
    if start == len(weights):
        return []
    total = Decimal(0)
    for end in range(start + 1, len(weights)):
        total += weights[end]
        if total > weights[start]:
            return None
        if total == weights[start]:
            rest = nest(weights, end + 1)
            if rest is not None:
                return [(start, list(range(start + 1, end + 1))), *rest]
    return None


def scores_in(note: str) -> list[tuple[str, str]]:
    """Every score that a note states, as figure and wording."""
    return [(match.group(1), match.group(0)) for match in NOTED.finditer(note.replace("\n", ""))]
