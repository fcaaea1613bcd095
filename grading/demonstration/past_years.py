"""The grades of past years: published cycles whose records verify."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from agencies.models import Agency
from agencies.services.grades import record_grade
from core.records import plain
from core.unit_of_work import UnitOfWork
from grading.demonstration.stage import World
from grading.entry_records import salt_of
from grading.grade_record import GradedTask, RecordedLoss, grade_record
from grading.grade_rules import grade_rules
from grading.models import CycleEntry, GradingCycle
from grading.rule_sets import body
from grading.scale import GradeRules, HonestyLoss, Misconduct
from grading.services.grading_cycle import entry_values
from grading.states import CycleState

PAST_YEARS = 3


def publish_past(uow: UnitOfWork, world: World) -> None:
    """Record three published years for every agency, from drawn ratings, weighed and sealed as any other year."""
    rules = grade_rules(uow)
    for year in range(uow.today.year - PAST_YEARS, uow.today.year):
        at = world.now.replace(year=year + 1, month=3, day=10)
        at = min(at, world.now - timedelta(days=30))
        cycle = uow.add(
            GradingCycle(
                year=year,
                rule_set=rules.key,
                rules=plain(body(rules)),
                salt=secrets.token_hex(32),
                state=CycleState.PUBLISHED,
                computed_at=at - timedelta(days=22),
                computed_by_id=None,
                dropped_at=None,
                announced_at=at - timedelta(days=20),
                announced_by_id=None,
                appeals_due_on=(at - timedelta(days=9)).date(),
                published_at=at,
                published_by_id=None,
            )
        )
        uow.session.flush()
        for number, agency in enumerate(world.agencies):
            tasks = tasks_of_year(world, agency, number, year)
            values = kept_year(cycle, agency, tasks, rules)
            uow.add(CycleEntry(cycle_id=cycle.id, agency_id=agency.id, corrections=[], **values))
            given = {key: values[key] for key in ("grade", "score", "tasks")}
            row = record_grade(uow, agency, year=year, record=values["kept"]["record"], **given)
            row.published_at = at
    uow.session.flush()


def kept_year(
    cycle: GradingCycle, agency: Agency, tasks: Sequence[GradedTask], rules: GradeRules, judges: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what an entry holds whose tasks are drawn: its record is kept with it."""
    name, losses = agency.organisation.name, _losses(agency, rules)
    record = grade_record(name, cycle.year, tasks, losses, rules, master_salt=salt_of(cycle, agency))
    kept = {"record": record, "judges": list(judges)}
    return {"name": name, "losses": [], "kept": kept, **entry_values(name, cycle.year, tasks, losses, rules)}


def _losses(agency: Agency, rules: GradeRules) -> list[RecordedLoss]:
    """Return the credit record as the reckoning takes it; what counts for a year follows from the dates."""
    return [
        RecordedLoss(
            Misconduct(
                str(one.id),
                HonestyLoss.MAJOR if one.points >= rules.losses[HonestyLoss.MAJOR] else HonestyLoss.MINOR,
                one.happened_on,
                one.expires_on,
            ),
            one.description,
            one.happened_on.isoformat(),
        )
        for one in sorted(agency.credit, key=lambda record: (record.happened_on, str(record.id)))
        if one.points > 0
    ]


def tasks_of_year(world: World, agency: Agency, number: int, year: int) -> list[GradedTask]:
    """Draw an agency's tasks of a past year: good, middling and weak agencies stay roughly what they are."""
    strength = (95, 92, 88, 86, 84, 82, 78, 74, 68, 57)[number % 10]
    count = world.random.choice((0, 1, 2, 2, 3, 3, 4)) if number > 3 else 3
    return [
        GradedTask(
            f"评委〔{year}〕{number + 1:02d}-{task + 1}号",
            {
                "plan": {"experts": _around(world, strength, 3)},
                "team": {"bureau": _around(world, strength, 1)},
                "process": {"unit": _around(world, strength, 1), "bureau": _around(world, strength, 1)},
                "report": {
                    "unit": _around(world, strength, 1),
                    "bureau": _around(world, strength, 1),
                    "experts": _around(world, strength, 3),
                },
                **{
                    line: {"unit": _around(world, strength, 1), "bureau": _around(world, strength, 1)}
                    for line in ("data", "problems", "advice")
                },
                "timeliness": {"bureau": [Decimal(world.random.choice((100, 100, 100, 95, 80)))]},
                "archive": {"bureau": _around(world, strength, 1)},
            },
            Decimal(world.random.randrange(80, 360)) * 1000,
            difficulty=world.random.choice(("simple", "usual", "usual", "complex")),
            sector=world.random.choice(agency.fields or [""]),
        )
        for task in range(count)
    ]


def _around(world: World, strength: int, count: int) -> list[Decimal]:
    return [Decimal(min(100, max(0, strength + world.random.randint(-4, 4)))) for _ in range(count)]
