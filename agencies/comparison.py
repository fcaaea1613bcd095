"""Agencies side by side: what is compared, in rows, and in which of them they differ. Pure.

Figures are compared as they stand; a row marks the best where more or fewer is plainly better, and nothing where it is
a matter of what one needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from agencies.states import AgencyKind, Grade, Standing
from core.i18n import Text, _l
from core.rules import Words
from projects.states import Sector

Form = Literal["text", "whole", "score", "percent", "day", "grade", "standing", "words"]
FEWEST, MOST = 2, 6
"""How many agencies stand side by side."""


@dataclass(frozen=True)
class YearOf:
    """A published grade of a year."""

    grade: Grade
    score: Decimal | None


@dataclass(frozen=True)
class Facts:
    """What is known of one agency; `work` is None for readers who only see what is public."""

    id: str
    name: str
    kind: AgencyKind
    fields: Sequence[Sector]
    district: str
    founded_on: date | None
    staff: int
    leads: int
    admitted_on: date
    standing: Standing
    grades: Mapping[int, YearOf] = field(default_factory=dict)
    elements: Mapping[str, tuple[Words, Decimal, Decimal]] = field(default_factory=dict)
    """Mean points of the latest grade's tasks by element, with the element's name and its full points."""
    work: Work | None = None


@dataclass(frozen=True)
class Work:
    """What the bureau knows beside: engagements by field, milestones done in time of those done, honesty points."""

    engagements: Mapping[Sector, int] = field(default_factory=dict)
    running: int = 0
    in_time: int = 0
    done: int = 0
    losses: int = 0
    points: Decimal = Decimal(0)


@dataclass(frozen=True)
class Cell:
    """One agency's part of a row: a figure, a day, words or a member of an enum; None where nothing is known."""

    value: object = None
    note: Text = ""
    best: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the comparison; `form` is how its cells are written."""

    title: Text | Words
    form: Form
    cells: Sequence[Cell]
    rule_id: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the agencies differ in it."""
        return len({str(one.value) for one in self.cells}) > 1


@dataclass(frozen=True)
class Group:
    """Rows that belong together."""

    title: Text
    rows: Sequence[Row]


def compare(agencies: Sequence[Facts]) -> list[Group]:
    """Return the groups of rows for these agencies, in the order of the agencies."""
    groups = [
        Group(_l("基本情况"), _basic_rows(agencies)),
        Group(_l("评级"), _grade_rows(agencies)),
        Group(_l("任务得分（最近评级各任务的平均）"), _element_rows(agencies)),
        Group(_l("委托、准时和诚信"), _work_rows(agencies)),
    ]
    return [one for one in groups if one.rows]


def only_differences(groups: Sequence[Group]) -> list[Group]:
    """Return the same without the rows in which all agree."""
    kept = [replace(one, rows=[row for row in one.rows if row.differs]) for one in groups]
    return [one for one in kept if one.rows]


def _basic_rows(agencies: Sequence[Facts]) -> list[Row]:
    def row(title: Text, form: Form, values: Sequence[object], rule_id: str | None = None) -> Row:
        return Row(title, form, [Cell(one) for one in values], rule_id)

    return [
        row(_l("在库状态"), "standing", [one.standing for one in agencies], "R-GRADE.scope"),
        row(_l("机构类型"), "words", [[one.kind] for one in agencies], "R-AGENCY-01"),
        row(_l("擅长领域"), "words", [sorted(one.fields) for one in agencies]),
        row(_l("所在区"), "text", [one.district or None for one in agencies]),
        row(_l("成立日期"), "day", [one.founded_on for one in agencies]),
        row(_l("入库日期"), "day", [one.admitted_on for one in agencies]),
        row(_l("从业人员"), "whole", [one.staff or None for one in agencies]),
        row(_l("主评人"), "whole", [one.leads for one in agencies], "R-LEAD-01"),
    ]


def _grade_rows(agencies: Sequence[Facts]) -> list[Row]:
    years = sorted({year for one in agencies for year in one.grades}, reverse=True)[:5]
    rows = []
    for year in years:
        given = [one.grades.get(year) for one in agencies]
        cells = [Cell(None) if one is None else Cell(one.grade, note=_score(one.score)) for one in given]
        best = _best([one.score if one is not None else None for one in given])
        cells = [replace(cell, best=place in best) for place, cell in enumerate(cells)]
        rows.append(Row(_l("%(year)s 年度", year=year), "grade", cells, "R-GRADE.bands"))
    return rows


def _score(score: Decimal | None) -> str:
    return "" if score is None else str(score)


def _element_rows(agencies: Sequence[Facts]) -> list[Row]:
    titles = {key: title for one in agencies for key, (title, _points, _full) in one.elements.items()}
    rows = []
    for key, title in titles.items():
        shares = [_share(one, key) for one in agencies]
        best = _best(shares)
        cells = [Cell(share, best=place in best) for place, share in enumerate(shares)]
        rows.append(Row(title, "percent", cells, "R-GRADE.task"))
    return rows


def _share(one: Facts, key: str) -> Decimal | None:
    """Return the mean points of an element as per cent of its full points, so that rule sets can be compared."""
    if key not in one.elements:
        return None
    _title, points, full = one.elements[key]
    return (points * 100 / full).quantize(Decimal("0.1")) if full else None


def _work_rows(agencies: Sequence[Facts]) -> list[Row]:
    known = [one.work for one in agencies if one.work is not None]
    if len(known) != len(agencies):
        return []
    rows = [
        Row(_l("%(field)s的委托", field=sector.label), "whole", [Cell(one.engagements.get(sector, 0)) for one in known])
        for sector in Sector
        if any(one.engagements.get(sector) for one in known)
    ]
    rows.append(Row(_l("正在办理的委托"), "whole", [Cell(one.running) for one in known]))
    shares = [(Decimal(one.in_time) * 100 / one.done).quantize(Decimal("0.1")) if one.done else None for one in known]
    best = _best(shares)
    cells = [
        Cell(
            share,
            _l("%(in_time)s / %(done)s 个节点", in_time=one.in_time, done=one.done) if one.done else "",
            place in best,
        )
        for place, (share, one) in enumerate(zip(shares, known, strict=True))
    ]
    rows.append(Row(_l("按时完成的节点"), "percent", cells, "R-PERF-09"))
    least = _best([-one.points for one in known])
    rows.append(
        Row(
            _l("有效的诚信扣分"),
            "score",
            [
                Cell(one.points, _l("%(count)s 条记录", count=one.losses) if one.losses else "", place in least)
                for place, one in enumerate(known)
            ],
            "R-GRADE.year",
        )
    )
    return rows


def _best(values: Sequence[Decimal | None]) -> set[int]:
    """Return the places of the highest figure; none where all that are known are equal."""
    known = {one for one in values if one is not None}
    return {place for place, one in enumerate(values) if one == max(known)} if len(known) > 1 else set()
