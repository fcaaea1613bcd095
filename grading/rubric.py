"""The rubric of report quality and conduct, as data with versions (reports.md §7; R-GRADE.task).

The points are design values of the bureau (confidence D), not law. A sheet keeps the version under which it was
filled, so that a later rubric changes no earlier score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.i18n import Text, _l
from grading.states import RaterKind


@dataclass(frozen=True)
class Line:
    """A line of the sheet: its key, title, what to look at, full points, and who fills it."""

    key: str
    title: Text
    hint: Text
    full: Decimal
    kinds: frozenset[RaterKind] = frozenset(RaterKind)
    classes: tuple[str, ...] = ()
    """Classes of upheld findings that lead to a proposed deduction; only the first three lines have any."""


@dataclass(frozen=True)
class Rubric:
    """One version: lines of report quality that add to 100, lines of conduct of 100 each, and the deductions.

    `per_finding` are the points proposed off for one upheld error or warning, `deduct_most` the largest share of a
    line that proposals may take, `late_day` the points of timeliness for each day after the contract's end.
    """

    version: str
    quality: tuple[Line, ...]
    conduct: tuple[Line, ...]
    per_finding: Mapping[str, Decimal] = field(default_factory=lambda: {"error": Decimal(1), "warning": Decimal("0.5")})
    deduct_most: Decimal = Decimal("0.6")
    late_day: Decimal = Decimal(5)

    def lines_for(self, kind: RaterKind, *, plan_is_known: bool) -> list[Line]:
        """Return the lines this rater fills; the plan's line falls away where a panel has scored the indicators."""
        return [
            line
            for line in (*self.quality, *self.conduct)
            if kind in line.kinds and not (line.key == "plan" and plan_is_known)
        ]

    def line(self, key: str) -> Line:
        """Return a line by its key."""
        return next(line for line in (*self.quality, *self.conduct) if line.key == key)


_bureau = frozenset({RaterKind.BUREAU})
_both = frozenset({RaterKind.BUREAU, RaterKind.UNIT})

RUBRIC_2026 = Rubric(
    version="2026",
    quality=(
        Line(
            "form",
            _l("格式与要素"),
            _l("封面、摘要、正文、附件是否齐全规范，计分、评级表述是否符合要求"),
            Decimal(10),
            classes=("grade-missing", "malformed-number", "wrong-category", "grade-band"),
        ),
        Line(
            "content",
            _l("内容完整"),
            _l("基本情况、评价结论、指标分析、问题与建议等部分是否完整（R-PERF-11）"),
            Decimal(15),
            classes=("missing-section",),
        ),
        Line(
            "data",
            _l("数据准确与一致"),
            _l("前后数据是否一致，计算是否正确，依据是否可查"),
            Decimal(25),
            classes=(
                "score-sum",
                "weight-sum",
                "score-over-weight",
                "execution-rate",
                "money-sum",
                "score-rate",
                "count-sum",
            ),
        ),
        Line("indicators", _l("指标与评分合理"), _l("评分依据是否充分，扣分理由是否清楚"), Decimal(15)),
        Line("problems", _l("问题分析"), _l("问题是否真实具体，原因分析是否到位"), Decimal(15)),
        Line("advice", _l("建议可行"), _l("建议是否针对问题、可操作"), Decimal(10)),
        Line("service", _l("及时与配合"), _l("沟通是否及时，意见是否逐条回应"), Decimal(10)),
    ),
    conduct=(
        Line("plan", _l("方案与指标质量"), _l("没有专家组评分时由财政局评定"), Decimal(100), _bureau),
        Line("team", _l("团队与稳定"), _l("主评人与团队是否按约定到位、保持稳定"), Decimal(100), _bureau),
        Line("process", _l("过程与沟通"), _l("调研、取证、沟通是否规范及时"), Decimal(100), _both),
        Line("archive", _l("档案与保密"), _l("底稿是否完整归档，保密要求是否落实"), Decimal(100), _bureau),
    ),
)

RUBRICS: Mapping[str, Rubric] = {RUBRIC_2026.version: RUBRIC_2026}
"""Every version that was ever in force."""

PRESENT = RUBRIC_2026
"""The version for sheets begun today."""


def proposal(rubric: Rubric, line: Line, upheld: Mapping[str, tuple[int, int]]) -> Decimal | None:
    """Return the points proposed for a line from upheld findings, or None where none are proposed.

    `upheld` gives for each class how many errors and warnings were upheld. A proposal decides nothing.
    """
    if not line.classes:
        return None
    loss = sum(
        (
            rubric.per_finding["error"] * upheld[code][0] + rubric.per_finding["warning"] * upheld[code][1]
            for code in line.classes
            if code in upheld
        ),
        Decimal(0),
    )
    return line.full - min(loss, line.full * rubric.deduct_most)
