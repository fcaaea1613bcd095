"""What a report is about: its figures, before any sentence is written. Everything derived is computed here once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from grading.synthesis.chance import cents, percent
from grading.synthesis.domains import Domain

CATEGORIES = ("决策", "过程", "产出", "效益")
GRADES = ("优", "良", "中", "差")
LETTERS = "ABCD"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One third-level indicator.

    `category` counts in CATEGORIES; `completion` is done ÷ planned in per cent where that means something;
    `fault` names what
    was found, empty where full marks are right; `form` is quality, amount, rate, execution, place, cost or
    satisfaction.
    """

    code: str
    category: int
    group: str
    name: str
    form: str
    weight: Decimal
    score: Decimal
    rule: str
    target: str
    actual: str
    note: str
    completion: Decimal | None = None
    fault: str = ""
    remedy: str = ""

    @property
    def lost(self) -> Decimal:
        """Points deducted."""
        return self.weight - self.score


@dataclass(frozen=True, slots=True)
class Money:
    """The amounts in 万元.

    `initial` 年初预算, `adjusted` 调整后预算, `placed` 到位, `paid` 拨付, `spent` 支出, `before` last year's.
    """

    initial: Decimal
    adjusted: Decimal
    placed: Decimal
    paid: Decimal
    spent: Decimal
    before: Decimal
    sources: tuple[tuple[str, Decimal], ...]
    parts: tuple[tuple[str, Decimal, Decimal], ...]
    reserve: int

    @property
    def execution(self) -> Decimal:
        """预算执行率: spent ÷ placed (R-PERF-04)."""
        return percent(self.spent, self.placed)

    @property
    def growth(self) -> Decimal:
        """Growth over the year before, in per cent."""
        return percent(self.spent - self.before, self.before)


@dataclass(frozen=True, slots=True)
class Survey:
    """Questionnaires sent, returned, valid; answers 很满意, 满意, 基本满意, 不满意 weighted 100, 80, 60, 0."""

    sent: int
    returned: int
    valid: int
    counts: tuple[int, int, int, int]

    @property
    def satisfaction(self) -> Decimal:
        """Weighted satisfaction in per cent."""
        points = sum(count * weight for count, weight in zip(self.counts, (100, 80, 60, 0), strict=True))
        return cents(Decimal(points) / self.valid)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose project a report is about, where that is given: `domain` is the place in DOMAINS of what it resembles."""

    place: str
    project: str
    unit: str
    agency: str
    year: int
    domain: int


@dataclass(frozen=True, slots=True)
class Facts:
    """A whole evaluation; `bands` are the lower bounds of 优, 良 and 中."""

    year: int
    place: str
    project: str
    unit: str
    agency: str
    domain: Domain
    money: Money
    leaves: tuple[Leaf, ...]
    survey: Survey
    spread: tuple[tuple[str, int], ...]
    planned: int
    papers: tuple[str, ...]
    phases: tuple[tuple[date, date], ...]
    finished: date
    bands: tuple[Decimal, Decimal, Decimal] = (Decimal(90), Decimal(80), Decimal(60))
    graded: bool = True
    carried: bool = True

    @property
    def short(self) -> str:
        """The project's name without its year."""
        return self.domain.project

    @property
    def title(self) -> str:
        """The report's title."""
        return f"{self.project}绩效评价报告"

    def of(self, category: int) -> tuple[Leaf, ...]:
        """The leaves of a first-level indicator."""
        return tuple(leaf for leaf in self.leaves if leaf.category == category)

    def weight(self, category: int) -> Decimal:
        """Weight of a first-level indicator."""
        return sum((leaf.weight for leaf in self.of(category)), Decimal(0))

    def score(self, category: int) -> Decimal:
        """Score of a first-level indicator."""
        return sum((leaf.score for leaf in self.of(category)), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Total score."""
        return sum((leaf.score for leaf in self.leaves), Decimal(0))

    @property
    def grade(self) -> str:
        """The grade of the total under the report's own bands (R-PERF-08)."""
        return next((name for name, bound in zip(GRADES, self.bands, strict=False) if self.total >= bound), "差")

    def with_leaf(self, leaf: Leaf) -> Facts:
        """The same evaluation with one leaf replaced; every sum follows."""
        return replace(self, leaves=tuple(leaf if old.code == leaf.code else old for old in self.leaves))
