"""What published grades lead to, with grade and rule of each (R-GRADE.A, .C, .D1, .DY, .exit, .scope). Pure.

Consequences are derived whenever they are asked for and never stored. They act in purchases below the limits and in the
direct selection of a framework, never in a statutory tender: a grade bars nobody from bidding (R-GRADE.scope); bars
come from legal sanctions alone.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agencies.library_standing import Decided, StandingOn
from agencies.states import Grade, StandingKind
from core.i18n import _l
from core.states import Titled


class Route(enum.Enum):
    """Where grades act (R-GRADE.scope): every other purchase has no route."""

    BELOW_LIMIT = "below-limit"
    DIRECT_SELECTION = "direct-selection"


class ConsequenceKind(Titled):
    """What a grade leads to."""

    TWO_LOTS = "two-lots", _l("可以承接多个包")
    PREFERRED = "preferred", _l("直接选定时优先")
    LOT_LIMIT = "lot-limit", _l("限制同时承接的包数")
    COACHED = "coached", _l("列入辅导名单")
    SKIP_ROUND = "skip-round", _l("暂停下一轮委托")
    SKIP_YEAR = "skip-year", _l("暂停下一年度委托")
    EXIT = "exit", _l("退出机构库")


@dataclass(frozen=True)
class YearGrade:
    """A published grade of a year."""

    id: str
    year: int
    grade: Grade
    published_on: date


@dataclass(frozen=True)
class PoorTask:
    """A task that by itself is D: by its score, or by a veto."""

    task: str
    decided_on: date


@dataclass(frozen=True)
class Numbers:
    """The rules' numbers (R-GRADE.A, .C, .D1, .DY, .exit)."""

    lots_a: int
    lots_c: int
    rounds: int
    pause_years: int
    poor_years: int
    exit_years: int


@dataclass(frozen=True)
class Consequence:
    """One consequence: its rule, what it rests on (a grade's year or a task's number), its days, and its number."""

    kind: ConsequenceKind
    rule_id: str
    basis: str
    begins_on: date
    ends_on: date | None = None
    number: int | None = None
    grade_id: str | None = None


@dataclass(frozen=True)
class Restriction:
    """Why an agency is not chosen in a purchase where grades act, or what is to be looked at."""

    rule_id: str
    cause: Consequence | StandingOn


def latest(grades: Sequence[YearGrade], day: date) -> YearGrade | None:
    """Return the newest year's grade that is published by a day."""
    known = [one for one in grades if one.published_on <= day]
    return max(known, key=lambda one: one.year, default=None)


def consequences(
    grades: Sequence[YearGrade],
    poor: Sequence[PoorTask],
    numbers: Numbers,
    day: date,
    *,
    returned_on: date | None = None,
    rounds: Sequence[date] = (),
) -> list[Consequence]:
    """Return what follows on a day from the grades published by then and from single tasks that were D.

    What led to an exit counts no more once the agency has returned (`returned_on`). A task's D is used up once enough
    rounds were begun after it: `rounds` are the days on which purchases began in which grades act.
    """
    found: list[Consequence] = []
    newest = latest(grades, day)
    if newest is not None:
        found += _of_grade(newest, numbers)
    found += [one for one in paused_years(grades, numbers, returned_on) if one.begins_on <= day <= (one.ends_on or day)]
    exit_ = exit_of(grades, numbers, day, returned_on)
    if exit_ is not None:
        found.append(exit_)
    found += [
        Consequence(ConsequenceKind.SKIP_ROUND, "R-GRADE.D1", one.task, one.decided_on, number=numbers.rounds)
        for one in sorted(poor, key=lambda one: (one.decided_on, one.task))
        if one.decided_on <= day and sum(one.decided_on < begun <= day for begun in rounds) < numbers.rounds
    ]
    return found


def _of_grade(grade: YearGrade, numbers: Numbers) -> list[Consequence]:
    def one(kind: ConsequenceKind, number: int | None = None) -> Consequence:
        rule_id = "R-GRADE.A" if grade.grade is Grade.A else "R-GRADE.C"
        return Consequence(kind, rule_id, str(grade.year), grade.published_on, number=number, grade_id=grade.id)

    if grade.grade is Grade.A:
        return [one(ConsequenceKind.TWO_LOTS, numbers.lots_a), one(ConsequenceKind.PREFERRED)]
    if grade.grade is Grade.C:
        return [one(ConsequenceKind.LOT_LIMIT, numbers.lots_c), one(ConsequenceKind.COACHED)]
    return []


def paused_years(grades: Sequence[YearGrade], numbers: Numbers, returned_on: date | None = None) -> list[Consequence]:
    """Return the pauses after each yearly D: from its publication to the end of the year that follows (R-GRADE.DY)."""
    return [
        Consequence(
            ConsequenceKind.SKIP_YEAR,
            "R-GRADE.DY",
            str(one.year),
            one.published_on,
            date(one.year + numbers.pause_years, 12, 31),
            numbers.pause_years,
            one.id,
        )
        for one in sorted(grades, key=lambda one: one.year)
        if one.grade is Grade.D and (returned_on is None or one.published_on > returned_on)
    ]


def exit_of(
    grades: Sequence[YearGrade], numbers: Numbers, day: date, returned_on: date | None = None
) -> Consequence | None:
    """Return the exit that so many yearly D lead to, with the last day on which nobody may apply to return."""
    poor = sorted(
        (
            one
            for one in grades
            if one.grade is Grade.D
            and one.published_on <= day
            and (returned_on is None or one.published_on > returned_on)
        ),
        key=lambda one: (one.published_on, one.year),
    )
    if len(poor) < numbers.poor_years:
        return None
    last = poor[numbers.poor_years - 1]
    years = "、".join(str(one.year) for one in sorted(poor[: numbers.poor_years], key=lambda one: one.year))
    until = _years_later(last.published_on, numbers.exit_years)
    return Consequence(
        ConsequenceKind.EXIT, "R-GRADE.exit", years, last.published_on, until, numbers.exit_years, last.id
    )


def as_decision(exit_: Consequence) -> Decided:
    """Return the exit as what holds in the library: a removal until the agency has returned."""
    return Decided(
        f"grade:{exit_.grade_id}", StandingKind.REMOVAL, exit_.begins_on, exit_.ends_on, exit_.rule_id, exit_.basis
    )


def restrictions(
    standing: StandingOn,
    found: Sequence[Consequence],
    route: Route | None,
    *,
    running: int,
) -> list[Restriction]:
    """Return why the agency is not chosen on this route; never anything where there is none (R-GRADE.scope).

    `running` is how many lots it already holds from such purchases.
    """
    if route is None:
        return []
    barred = []
    if standing.cause is not None:
        barred.append(Restriction(standing.cause.rule_id, standing))
    for one in found:
        number = one.number or 0
        if (
            one.kind is ConsequenceKind.SKIP_YEAR
            or one.kind is ConsequenceKind.SKIP_ROUND
            or (one.kind is ConsequenceKind.LOT_LIMIT and running >= number)
        ):
            barred.append(Restriction(one.rule_id, one))
    return barred


def is_preferred(found: Sequence[Consequence], route: Route | None, *, running: int) -> bool:
    """Whether the agency is preferred on this route: grade A, while it holds fewer lots than A may take (R-GRADE.A)."""
    if route is not Route.DIRECT_SELECTION:
        return False
    most = next((one.number or 0 for one in found if one.kind is ConsequenceKind.TWO_LOTS), 0)
    return any(one.kind is ConsequenceKind.PREFERRED for one in found) and running < most


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
