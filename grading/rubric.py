"""The rubric of report quality and conduct, as data with versions (reports.md §7; R-GRADE.task, R-GRADE.rubric).

Points are design values of the bureau (confidence D), not law. A sheet keeps the version it was begun with, so that a
later rubric changes no earlier score. The automatic part proposes deductions from upheld findings where a dimension
allows it; it names findings and line, is capped, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from flask_babel import LazyString, get_locale

from core.i18n import Text, _l
from core.rules import Words
from grading.states import PartState, RaterKind

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def said(words: Words) -> Text:
    """Return the words so that they appear in the reader's language."""
    return LazyString(lambda: words.in_language("en" if str(get_locale()).startswith("en") else "zh"))


class NotApplicable(StrEnum):
    """What becomes of the points of a part that does not apply: given in full, or spread over the other parts."""

    FULL = "full"
    SPREAD = "spread"


@dataclass(frozen=True)
class Level:
    """A level of a dimension: its described anchor, from how many points on it lies, and what a click gives."""

    title: Words
    anchor: Words
    begins: Decimal
    fill: Decimal


@dataclass(frozen=True)
class ErrorLine:
    """Points off for each error of a kind; `codes` are the classes of upheld findings that propose it.

    `severity` narrows to errors or to warnings, "" takes both; `shown` is False where the source does not show it.
    """

    key: str
    title: Words
    points: Decimal
    codes: tuple[str, ...] = ()
    severity: str = ""
    shown: bool = True


@dataclass(frozen=True)
class RequiredPart:
    """Content that must be there, and the points it costs when absent.

    `section` is the part of the outline by which the reader looks for it; "" where only a person can look.
    """

    key: str
    title: Words
    points: Decimal
    section: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Dimension:
    """A line of the sheet: title, what to look at, full points, who fills it, and how points are found.

    `proposes` lets the automatic part propose deductions; `fine` lets points lie between the levels' own; `feeds` are
    the measures of rule sets that this line gives (its key where empty); `seen` is False for what the source lacks.
    """

    key: str
    name: Words
    note: Words
    full: Decimal
    kinds: frozenset[RaterKind] = frozenset(RaterKind)
    group: Words | None = None
    levels: tuple[Level, ...] = ()
    errors: tuple[ErrorLine, ...] = ()
    parts: tuple[RequiredPart, ...] = ()
    proposes: bool = False
    not_applicable: NotApplicable = NotApplicable.FULL
    fine: bool = True
    feeds: tuple[str, ...] = ()
    seen: bool = True

    @property
    def title(self) -> Text:
        """The line's name in the reader's language."""
        return said(self.name)

    @property
    def hint(self) -> Text:
        """What to look at, in the reader's language."""
        return said(self.note)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of rule sets that this line gives."""
        return self.feeds or (self.key,)

    def level_at(self, points: Decimal) -> int | None:
        """Return the place of the level in which points lie: half-open, the highest first; None without levels."""
        return next((place for place, one in enumerate(self.levels) if points >= one.begins), None)

    def points_for(self, level: int | None, typed: Decimal | None, before: Decimal | None) -> Decimal | None:
        """Return what a choice of level and typed points come to.

        Typed points count; the level's own fill in where nothing was typed, where another level was chosen and the
        points were left as they stood, and always where no fine adjustment is allowed.
        """
        chosen = self.levels[level] if level is not None and level < len(self.levels) else None
        if chosen is None:
            return typed
        if typed is None or not self.fine:
            return chosen.fill
        return chosen.fill if typed == before and self.level_at(typed) != level else typed

    def allows(self, points: Decimal) -> bool:
        """Whether a rater may give so many points: within the line, and where levels alone count one of theirs."""
        if not 0 <= points <= self.full:
            return False
        return self.fine or not self.levels or points in {one.fill for one in self.levels}


@dataclass(frozen=True)
class Rubric:
    """One version: dimensions of report quality that add to 100, lines of conduct of 100 each, and the limits.

    `deduct_most` is the largest share of a dimension that proposals may take, `late_day` the points of timeliness for
    each day after the contract's end.
    """

    version: str
    name: Words
    says: Words
    quality: tuple[Dimension, ...]
    conduct: tuple[Dimension, ...]
    deduct_most: Decimal = Decimal("0.6")
    late_day: Decimal = Decimal(5)

    @property
    def title(self) -> Text:
        """The rubric's name in the reader's language."""
        return said(self.name)

    @property
    def total(self) -> Decimal:
        """The points of all dimensions together: 100 in a rubric that may be used."""
        return sum((one.full for one in self.quality), Decimal(0))

    def lines_for(self, kind: RaterKind, *, plan_is_known: bool) -> list[Dimension]:
        """Return the lines this rater fills; the plan's line falls away where a panel has scored the indicators."""
        return [
            line
            for line in (*self.quality, *self.conduct)
            if kind in line.kinds and not (line.key == "plan" and plan_is_known)
        ]

    def line(self, key: str) -> Dimension:
        """Return a line by its key."""
        return next(line for line in (*self.quality, *self.conduct) if line.key == key)


_bureau = frozenset({RaterKind.BUREAU})
_both = frozenset({RaterKind.BUREAU, RaterKind.UNIT})

CONDUCT = (
    Dimension(
        "plan",
        Words("方案与指标质量", "Plan and indicators"),
        Words("没有专家组评分时由财政局评定", "Rated by the bureau where no panel has scored it"),
        HUNDRED,
        _bureau,
    ),
    Dimension(
        "team",
        Words("团队与稳定", "Team and stability"),
        Words("主评人与团队是否按约定到位、保持稳定", "Whether lead evaluator and team came as agreed and stayed"),
        HUNDRED,
        _bureau,
    ),
    Dimension(
        "process",
        Words("过程与沟通", "Process and communication"),
        Words(
            "调研、取证、沟通是否规范及时",
            "Whether survey, evidence and contact were in order and prompt",
        ),
        HUNDRED,
        _both,
    ),
    Dimension(
        "archive",
        Words("档案与保密", "Archive and secrecy"),
        Words("底稿是否完整归档，保密要求是否落实", "Whether working papers are archived and secrecy was kept"),
        HUNDRED,
        _bureau,
    ),
)
"""What is rated beside the report in every version, each out of 100."""


@dataclass(frozen=True)
class Upheld:
    """A finding that a person upheld: its place in the report's list, class, severity, and the part it misses."""

    position: int
    code: str
    severity: str
    misses: str = ""


@dataclass(frozen=True)
class Proposal:
    """Points that upheld findings suggest to take off a dimension, by one line of it; nothing until a rater decides."""

    key: str
    dimension: str
    title: Words
    points: Decimal
    findings: tuple[int, ...]
    each: Decimal


def proposals_of(rubric: Rubric, upheld: Sequence[Upheld]) -> list[Proposal]:
    """Return the proposals, by dimension in the rubric's order; each finding is named once, by the first line.

    Together those of one dimension never exceed its cap: what lies beyond is cut from the last ones.
    """
    found: list[Proposal] = []
    used: set[int] = set()
    for dimension in rubric.quality:
        if not dimension.proposes:
            continue
        left = (dimension.full * rubric.deduct_most).quantize(CENT)
        for key, title, each, hits in _hits(dimension, [one for one in upheld if one.position not in used]):
            fresh = [one for one in hits if one not in used]
            points = min(left, each * (len(fresh) if not key.startswith("part-") else 1)).quantize(CENT)
            if not fresh or points <= 0:
                continue
            used |= set(fresh)
            left -= points
            found.append(Proposal(f"{dimension.key}-{key}", dimension.key, title, points, tuple(fresh), each))
    return found


def _hits(dimension: Dimension, upheld: Sequence[Upheld]) -> list[tuple[str, Words, Decimal, list[int]]]:
    rows: list[tuple[str, Words, Decimal, list[int]]] = []
    for part in dimension.parts:
        hits = [one.position for one in upheld if one.misses and one.misses == part.section]
        rows.append((f"part-{part.key}", part.title, part.points, hits))
    for line in dimension.errors:
        hits = [one.position for one in upheld if one.code in line.codes and line.severity in ("", one.severity)]
        rows.append((line.key, line.title, line.points, hits))
    return rows


@dataclass(frozen=True)
class PartCost:
    """What the required parts of a dimension cost, and what those that do not apply did to the others' worth."""

    points: Decimal
    factor: Fraction


def parts_cost(dimension: Dimension, states: Mapping[str, PartState], proposed: frozenset[str]) -> PartCost:
    """Return what absent parts cost a dimension, those left out for which a proposal stands (it is decided by itself).

    Only what a person calls absent costs; what the reader did not find never does. The points of parts that do not
    apply are given in full, or spread: then each other part is worth more in proportion.
    """
    worth = sum((part.points for part in dimension.parts), Decimal(0))
    apart = sum(
        (part.points for part in dimension.parts if states.get(part.key) is PartState.NOT_APPLICABLE), Decimal(0)
    )
    spread = dimension.not_applicable is NotApplicable.SPREAD and 0 < apart < worth
    factor = Fraction(worth) / Fraction(worth - apart) if spread else Fraction(1)
    lost = sum(
        (
            part.points
            for part in dimension.parts
            if states.get(part.key) is PartState.ABSENT and part.key not in proposed
        ),
        Decimal(0),
    )
    exact = Fraction(lost) * factor
    points = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT)
    return PartCost(min(points, dimension.full), factor)


@dataclass(frozen=True)
class RubricFault:
    """What is wrong with a rubric: the field of the editor it belongs to, and a sentence."""

    field: str
    reason: Text


def faults_of(rubric: Rubric) -> list[RubricFault]:
    """Return everything that keeps a rubric from being used; fields are those of the editor (`d0_points`)."""
    found: list[RubricFault] = []
    if rubric.total != HUNDRED:
        words = _l("各项分值合计应为 100 分，现为 %(total)s 分", total=f"{rubric.total:f}")
        found.append(RubricFault(f"d{max(0, len(rubric.quality) - 1)}_points", words))
    if not rubric.name.zh.strip():
        found.append(RubricFault("title_zh", _l("请填写标准名称")))
    if not 0 <= rubric.deduct_most <= 1:
        found.append(RubricFault("deduct_most", _l("建议扣分的上限应在 0 至 1 之间")))
    keys = [one.key for one in rubric.quality]
    for place, dimension in enumerate(rubric.quality):
        at = f"d{place}"
        if keys.count(dimension.key) > 1:
            found.append(RubricFault(f"{at}_zh", _l("评分项重复")))
        if not dimension.name.zh.strip():
            found.append(RubricFault(f"{at}_zh", _l("请填写评分项名称")))
        if dimension.full <= 0:
            found.append(RubricFault(f"{at}_points", _l("分值应大于 0")))
        found += _level_faults(dimension, at)
        found += _deduction_faults(dimension, at)
    return found


def _level_faults(dimension: Dimension, at: str) -> list[RubricFault]:
    found: list[RubricFault] = []
    upper = dimension.full
    for place, level in enumerate(dimension.levels):
        begins = f"{at}_l{place}_begins"
        if level.begins < 0 or level.begins > upper or (place and level.begins >= upper):
            found.append(RubricFault(begins, _l("档位的起点应依次降低，且不超过本项分值")))
        elif not level.begins <= level.fill <= upper:
            found.append(RubricFault(f"{at}_l{place}_fill", _l("点选所得的分数应落在本档之内")))
        if not level.title.zh.strip() or not level.anchor.zh.strip():
            found.append(RubricFault(f"{at}_l{place}_zh", _l("每一档都要有名称和说明")))
        upper = level.begins
    if dimension.levels and dimension.levels[-1].begins != 0:
        last = len(dimension.levels) - 1
        found.append(RubricFault(f"{at}_l{last}_begins", _l("最低一档应从 0 分起")))
    return found


def _deduction_faults(dimension: Dimension, at: str) -> list[RubricFault]:
    found = [
        RubricFault(f"{at}_e{place}_points", _l("每处扣分应大于 0，且不超过本项分值"))
        for place, line in enumerate(dimension.errors)
        if not 0 < line.points <= dimension.full
    ]
    worth = sum((part.points for part in dimension.parts), Decimal(0))
    if worth > dimension.full:
        found.append(RubricFault(f"{at}_points", _l("必备内容的分值合计超过了本项分值")))
    return found


def unseen(rubric: Rubric) -> list[Dimension]:
    """Return the dimensions that the source does not show: a version with such is an example, never in force."""
    return [one for one in rubric.quality if not one.seen]
