"""Computing a year in the database, in chunks of tasks that as many workers as there are take part in (R-GRADE.year).

What is counted is fixed at the start; each chunk is one transaction; the agencies' years follow when all chunks are
done. A worker that is killed leaves whole chunks behind: the rest is computed again, with the same result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, text

from agencies.states import Grade
from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from grading.computing.statements import chunk_statement, entries_statement
from grading.entry_records import ADJUSTED, adjusts, graded_task
from grading.grade_record import scored
from grading.models import CycleChunk, CycleEntry, CycleRater, CycleRun, CycleTask, TaskScore
from grading.rating_rows import ratings_and_raters
from grading.rule_sets import from_body
from grading.scale import GradeRules
from grading.services.severity import severity_by_rater
from grading.services.task_ratings import measure_numbers

CHUNK = 50_000
"""Tasks in a chunk: a second or two of work, twenty chunks in a national year."""


class Lacking(Exception):
    """A task has no rating at all for something that the rule set asks for: nobody's year can be computed."""

    def __init__(self, agency: str, number: str) -> None:
        self.agency, self.number = agency, number
        super().__init__(f"{agency} {number}")

    @property
    def failure(self) -> dict[str, str]:
        """What the run keeps of it."""
        return {"kind": "lacking", "agency": self.agency, "number": self.number}

    @property
    def refused(self) -> Refused:
        """What a person is told."""
        return Refused(
            Refusal(
                _l(
                    "%(agency)s 的任务 %(number)s 缺少本套规则需要的评分，不能测算",
                    agency=self.agency,
                    number=self.number,
                ),
                rule_id="R-GRADE.raters",
            )
        )


@dataclass(frozen=True)
class Progress:
    """How far a run has come: tasks and chunks done, and how many there are."""

    done: int
    tasks: int
    chunks_done: int
    chunks: int


def progress(uow: UnitOfWork, run: CycleRun) -> Progress:
    """Return how far a run has come."""
    row = uow.session.execute(
        select(
            func.coalesce(func.sum(CycleChunk.tasks).filter(CycleChunk.done_at.is_not(None)), 0),
            func.coalesce(func.sum(CycleChunk.tasks), 0),
            func.count(CycleChunk.done_at),
            func.count(),
        ).where(CycleChunk.run_id == run.id)
    ).one()
    return Progress(*row)


def prepare(uow: UnitOfWork, run: CycleRun) -> bool:
    """Fix what a run counts, then, where the rules ask for it, how strict each rater is; return whether it is ready.

    False means: once more, in the next unit of work. The first step waits a moment for tasks that are just being
    decided and lets none come in between; it is not to be held while severities are estimated.
    """
    uow.lock(run)
    rules = from_body(run.cycle.rules)
    if run.finished_at is not None or run.ready_at is not None:
        return run.ready_at is not None
    if not run.tasks:
        _fix(uow, run)
        if adjusts(rules):
            return False
    if adjusts(rules):
        found = severity_by_rater(uow, tasks_within(run))
        rows = [{"run_id": run.id, "rater_id": who, "severity": value} for who, value in sorted(found.items(), key=str)]
        if rows:
            uow.session.execute(insert(CycleRater), rows)
    run.ready_at = run.moved_at = uow.now
    uow.session.flush()
    return True


def tasks_within(run: CycleRun) -> Any:
    """Return the condition that a task (`TaskScore`) is one of those that a run counts."""
    return (TaskScore.year == run.cycle.year) & TaskScore.seq.between(run.first, run.last)


def _fix(uow: UnitOfWork, run: CycleRun) -> None:
    """Write down which tasks are counted, in chunks. Raises `Refused` for a year without any."""
    uow.session.execute(text("LOCK TABLE task_score IN SHARE MODE"))
    numbered = (
        select(TaskScore.seq, (func.row_number().over(order_by=TaskScore.seq) - 1).label("place"))
        .where(TaskScore.year == run.cycle.year)
        .subquery()
    )
    number = func.div(numbered.c.place, CHUNK)
    rows = uow.session.execute(
        select(number, func.min(numbered.c.seq), func.max(numbered.c.seq), func.count())
        .group_by(number)
        .order_by(number)
    ).all()
    if not rows:
        raise Refused(no_tasks(run.cycle.year))
    uow.session.execute(
        insert(CycleChunk),
        [
            {"run_id": run.id, "number": int(at), "first": first, "last": last, "tasks": tasks, "done_at": None}
            for at, first, last, tasks in rows
        ],
    )
    run.tasks, run.first, run.last = sum(row[3] for row in rows), rows[0][1], rows[-1][2]
    run.moved_at = uow.now
    uow.session.flush()


def no_tasks(year: int) -> Refusal:
    """Return what is said of a year in which no task was scored: nobody is graded, least of all with full marks."""
    return Refusal(_l("%(year)s 年度没有任何任务得分，无从测算", year=year), rule_id="R-GRADE.min", field="year")


def being_computed(run: CycleRun) -> Refusal:
    """Return what a second person is told who asks for the same year: who is computing it, and since when."""
    return Refusal(
        _l(
            "%(name)s 正在测算本年度评级（%(at)s 开始），请等测算完成",
            name=run.asked_by.name if run.asked_by else "—",
            at=run.asked_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        ),
        rule_id="R-GRADE.year",
        field="year",
    )


def chunks_left(uow: UnitOfWork, run: CycleRun) -> list[int]:
    """Return the numbers of the chunks that are not done."""
    rows = select(CycleChunk.number).where(CycleChunk.run_id == run.id, CycleChunk.done_at.is_(None))
    return list(uow.session.scalars(rows.order_by(CycleChunk.number)))


def work_chunk(uow: UnitOfWork, run: CycleRun, number: int) -> bool:
    """Compute a chunk's task scores; return whether it was the last one that was not done.

    One that is done is left alone, so that a job that ran twice changes nothing. Raises `Lacking`.
    """
    chunk = uow.session.get_one(CycleChunk, (run.id, number), with_for_update=True, populate_existing=True)
    if chunk.done_at is not None or run.finished_at is not None:
        return False
    rules = from_body(run.cycle.rules)
    used = [measure for element in rules.elements for measure in rules.measures_of(element)]
    numbers = measure_numbers(uow, [*used, ADJUSTED], make=False)
    uow.session.execute(text("SET LOCAL jit = off"))  # compiling each chunk costs as much as computing it
    values = {"run": run.id, "year": run.cycle.year, "first": chunk.first, "last": chunk.last}
    counted, many, lacking = uow.session.execute(
        text(chunk_statement(rules, numbers)), {**values, "adjusted": numbers.get(ADJUSTED, 0)}
    ).one()
    if lacking is not None:
        raise _lacking(uow, lacking)
    if many:
        _by_hand(uow, run, rules, many)
    chunk.tasks, chunk.done_at = counted, uow.now
    uow.session.flush()
    uow.lock(run)  # the last two chunks at once: the second of them sees the first
    run.moved_at = uow.now
    uow.session.flush()
    return not chunks_left(uow, run)


def _by_hand(uow: UnitOfWork, run: CycleRun, rules: GradeRules, tasks: Iterable[int]) -> None:
    """Compute tasks that more people rated than the statement is written for."""
    chosen = sorted(tasks)
    kept = ratings_and_raters(uow.session, chosen)
    taken_off = select(CycleRater.rater_id, CycleRater.severity).where(CycleRater.run_id == run.id)
    severity = {rater: value for rater, value in uow.session.execute(taken_off)}  # noqa: C416 - rows, not pairs
    for score in uow.session.scalars(select(TaskScore).where(TaskScore.seq.in_(chosen)).order_by(TaskScore.seq)):
        found = scored(graded_task(score, "", kept[score.seq], severity), rules)
        uow.session.add(CycleTask(task=score.seq, run_id=run.id, score=found.total))
    uow.session.flush()


def _lacking(uow: UnitOfWork, task: int) -> Lacking:
    score = uow.session.scalars(select(TaskScore).where(TaskScore.seq == task)).one()
    return Lacking(score.engagement.agency.name, score.engagement.number)


def finish(uow: UnitOfWork, run: CycleRun) -> int:
    """Compute every agency's year from the tasks' scores and let the run stand; return how many are graded.

    A second time it changes nothing. Whoever was right in an appeal stays so: such entries are computed with their
    corrections.
    """
    uow.lock(run)
    if run.finished_at is not None or chunks_left(uow, run):
        return 0
    cycle, rules = run.cycle, from_body(run.cycle.rules)
    uow.lock(cycle)
    uow.session.execute(text("SET LOCAL jit = off"))
    # The planner knows nothing yet of what was just written: told so, it hashes a million rows instead of seeking each.
    for setting in ("work_mem = '64MB'", "enable_nestloop = off", "enable_sort = off"):
        uow.session.execute(text(f"SET LOCAL {setting}"))
    values = {"run": run.id, "cycle": cycle.id, "first": run.first, "last": run.last, "salt": cycle.salt}
    uow.session.execute(text(entries_statement(rules, cycle.year)), values)
    for setting in ("enable_nestloop", "enable_sort"):
        uow.session.execute(text(f"SET LOCAL {setting} = on"))
    for before in uow.session.scalars(select(CycleRun).where(CycleRun.cycle_id == cycle.id, CycleRun.stands)).all():
        before.stands = False
        uow.session.flush()
        counted = CycleTask.task.between(before.first, before.last), CycleTask.run_id == before.id
        uow.session.execute(delete(CycleTask).where(*counted))
        uow.session.execute(delete(CycleRater).where(CycleRater.run_id == before.id))
    run.stands, run.finished_at, run.moved_at = True, uow.now, uow.now
    cycle.computed_at, cycle.computed_by_id = uow.now, run.asked_by_id
    uow.session.flush()
    uow.session.expire_all()
    graded = uow.session.scalar(
        select(func.count()).where(CycleEntry.cycle_id == cycle.id, CycleEntry.grade != Grade.UNGRADED)
    )
    return graded or 0


def corrected_entries(uow: UnitOfWork, run: CycleRun) -> list[CycleEntry]:
    """Return the entries that upheld appeals put right."""
    chosen = CycleEntry.cycle_id == run.cycle_id, func.jsonb_array_length(CycleEntry.corrections) > 0
    return list(uow.session.scalars(select(CycleEntry).where(*chosen).order_by(CycleEntry.id)))


def fail(uow: UnitOfWork, run: CycleRun, failure: dict[str, str]) -> None:
    """End a run without a result; what stood before it stands."""
    uow.lock(run)
    if run.finished_at is not None:
        return
    counted = CycleTask.run_id == run.id, CycleTask.task.between(run.first, run.last)
    uow.session.execute(delete(CycleTask).where(*counted))
    run.failure, run.finished_at = failure, uow.now
    uow.session.flush()
