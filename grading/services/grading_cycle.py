"""A year's grades as one person computes them, again and again until they are announced (R-GRADE.year, R-GRADE.min)."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from agencies.states import Grade
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.records import plain
from core.unit_of_work import UnitOfWork
from grading.addresses import cycle_page
from grading.corrections import corrected, struck_by
from grading.entry_records import inputs_of, salt_of
from grading.events import CycleAsked
from grading.grade_record import GradedTask, RecordedLoss, grade, grade_record, losses_in, tasks_in
from grading.grade_rules import grade_rules
from grading.models import CycleEntry, CycleRun, GradingCycle, TaskScore
from grading.notifications import COMPUTED, NOT_COMPUTED
from grading.queries.cycle_run import running
from grading.rule_sets import HOUSE, body, from_body, rule_sets
from grading.scale import BadRating, GradeRules
from grading.scale import Grade as ScaleGrade
from grading.services import cycle_runs
from grading.states import CycleState
from grading.workflow import CYCLE

AT_ONCE = 5_000
"""So many tasks are computed within a second, without waiting for a worker."""
BEGINNING = 0x4759
"""The lock under which a year's computation is begun."""
GRADES: Mapping[str, Grade] = {
    ScaleGrade.A.value: Grade.A,
    ScaleGrade.B.value: Grade.B,
    ScaleGrade.C.value: Grade.C,
    ScaleGrade.D.value: Grade.D,
    ScaleGrade.NONE.value: Grade.UNGRADED,
}


def ask_cycle(uow: UnitOfWork, year: int, rule_set: str | None = None) -> CycleRun:
    """Let every agency's grade of a year be computed as a preview, again and again until it is announced.

    A year of few tasks is computed here and now, a larger one by jobs. The first computation freezes the rule set;
    later ones go on by what was frozen, whatever became of the parameters since. Raises `Refused` for a year that lies
    ahead, is published already or has no scored task, while somebody else is computing it, and when another rule set
    is named for a cycle that has begun: that asks for a new one (`drop_cycle`).
    """
    run = _begun(uow, year, rule_set)
    scored = select(TaskScore.seq).where(TaskScore.year == year).limit(AT_ONCE + 1).subquery()
    if (uow.session.scalar(select(func.count()).select_from(scored)) or 0) <= AT_ONCE:
        _work_through(uow, run)
    else:
        publish(uow, CycleAsked(run))
    return run


def compute_cycle(uow: UnitOfWork, year: int, rule_set: str | None = None) -> GradingCycle:
    """Compute a year as `ask_cycle` does, whatever its size, in this very unit of work."""
    run = _begun(uow, year, rule_set)
    _work_through(uow, run)
    return run.cycle


def _work_through(uow: UnitOfWork, run: CycleRun) -> None:
    while not cycle_runs.prepare(uow, run):
        pass
    try:
        for number in cycle_runs.chunks_left(uow, run):
            cycle_runs.work_chunk(uow, run, number)
    except cycle_runs.Lacking as lacking:
        raise lacking.refused from lacking
    finish_run(uow, run, tell=False)


def resume_run(uow: UnitOfWork, run: CycleRun) -> None:
    """Let a computation that stands still go on; what is done is not done again."""
    if run.finished_at is not None:
        raise Refused(Refusal(_l("这次测算已经结束")))
    run.moved_at = uow.now
    publish(uow, CycleAsked(run))


def give_up_run(uow: UnitOfWork, run: CycleRun) -> None:
    """End a computation that somebody asked for by mistake; what stood before it stands."""
    if run.finished_at is not None:
        raise Refused(Refusal(_l("这次测算已经结束")))
    cycle_runs.fail(uow, run, {"kind": "given-up"})
    uow.record("grading_cycle.give-up", run.cycle)


def end_run(uow: UnitOfWork, run_id: int, cause: Refused | cycle_runs.Lacking) -> None:
    """End a computation without a result because of what was found, and tell whoever asked for it."""
    run = uow.session.get_one(CycleRun, run_id)
    failure = (
        {"kind": "refused", "rule": str(cause.refusals[0].rule_id)} if isinstance(cause, Refused) else cause.failure
    )
    cycle_runs.fail(uow, run, failure)
    _tell(uow, run, NOT_COMPUTED)


def finish_run(uow: UnitOfWork, run: CycleRun, *, tell: bool = True) -> None:
    """Compute the agencies' years of a run whose chunks are done, and tell whoever asked; once."""
    if run.finished_at is not None:
        return
    graded = cycle_runs.finish(uow, run)
    for entry in cycle_runs.corrected_entries(uow, run):
        refill(uow, entry)
    cycle = run.cycle
    uow.record("grading_cycle.compute", cycle, after={"year": cycle.year, "rules": cycle.rule_set, "graded": graded})
    if tell:
        _tell(uow, run, COMPUTED)


def _tell(uow: UnitOfWork, run: CycleRun, kind: NotificationKind) -> None:
    """Put the outcome into the inbox of whoever asked for a computation."""
    if run.asked_by_id is not None:
        params = {"year": str(run.cycle.year), "tasks": f"{run.tasks:,}"}
        notify(uow, kind, [run.asked_by_id], url=cycle_page(run.cycle_id), params=params, by_mail=False)


def _begun(uow: UnitOfWork, year: int, rule_set: str | None) -> CycleRun:
    """Begin a computation, and the cycle with it where the year has none."""
    if not 2000 <= year <= uow.today.year:
        raise Refused(Refusal(_l("年度应在 2000 年至今年之间"), field="year"))
    uow.session.execute(select(func.pg_advisory_xact_lock(BEGINNING, year)))  # the second of two sees the first
    cycle = uow.session.scalar(
        select(GradingCycle)
        .where(GradingCycle.year == year, GradingCycle.state != CycleState.DROPPED)
        .with_for_update(of=GradingCycle)
    )
    if cycle is not None and cycle.state is CycleState.PUBLISHED:
        raise Refused(Refusal(_l("%(year)s 年度评级已公布，不能重新测算", year=year), field="year"))
    if cycle is not None and cycle.state is CycleState.ANNOUNCED:
        raise Refused(
            Refusal(
                _l("%(year)s 年度评级正在征求意见，不能重新测算；确需重新测算的，先撤回征求意见", year=year),
                rule_id="R-GRADE.publish",
                field="year",
            )
        )
    if cycle is not None and rule_set not in (None, cycle.rule_set):
        raise Refused(
            Refusal(
                _l("本年度已按另一套规则开始测算，中途不能更换；如须更换，请先作废本轮测算"),
                rule_id="R-GRADE.year",
                field="rule_set",
            )
        )
    going = cycle and running(uow, cycle)
    if going:
        raise Refused(cycle_runs.being_computed(going))
    if uow.session.scalar(select(TaskScore.seq).where(TaskScore.year == year).limit(1)) is None:
        raise Refused(cycle_runs.no_tasks(year))
    if cycle is None:
        rules = grade_rules(uow, rule_set or HOUSE)
        cycle = uow.add(
            GradingCycle(
                year=year,
                rule_set=rules.key,
                rules=plain(body(rules)),
                salt=secrets.token_hex(32),
                state=CycleState.PREVIEW,
                computed_at=uow.now,
                computed_by_id=uow.actor.user_id,
                dropped_at=None,
                announced_at=None,
                announced_by_id=None,
                appeals_due_on=None,
                published_at=None,
                published_by_id=None,
            )
        )
        uow.session.flush()
    run = CycleRun(
        cycle_id=cycle.id,
        asked_by_id=uow.actor.user_id,
        asked_at=uow.now,
        moved_at=uow.now,
        ready_at=None,
        finished_at=None,
        failure=None,
    )
    uow.session.add(run)
    uow.session.flush()
    return run


def drop_cycle(uow: UnitOfWork, cycle: GradingCycle, reason: str) -> None:
    """Give up a previewed cycle, with its reason: the year may then be computed by another rule set."""
    CYCLE.fire(uow, cycle, "drop", reason=reason)


def refill(uow: UnitOfWork, entry: CycleEntry) -> None:
    """Compute one entry anew under its cycle's frozen rules, with its corrections, from what its cycle counted."""
    if entry.kept is not None:
        _refill_kept(entry)
    else:
        rules = from_body(entry.cycle.rules)
        tasks, losses = inputs_of(entry, rules)
        for name, value in entry_values(entry.name, entry.cycle.year, tasks, losses, rules).items():
            setattr(entry, name, value)
    uow.session.flush()


def _refill_kept(entry: CycleEntry) -> None:
    """Compute an entry anew that was not computed from rows of ratings: its record holds what it follows from."""
    record = entry.record
    rules = from_body(record["rules"])
    tasks = [corrected(task, entry.corrections) for task in tasks_in(record)]
    struck = struck_by(entry.corrections)
    losses = [dataclasses.replace(one, struck=one.struck or struck.get(one.loss.id)) for one in losses_in(record)]
    year, salt = entry.cycle.year, salt_of(entry.cycle, entry.agency)
    for name, value in entry_values(entry.name, year, tasks, losses, rules).items():
        setattr(entry, name, value)
    made = grade_record(entry.name, year, tasks, losses, rules, master_salt=salt)
    entry.kept = {"record": made, "judges": entry.judges}


def moved_since(uow: UnitOfWork, cycle: GradingCycle) -> list[str]:
    """Return which parts of the rule set have other numbers today than were frozen with the cycle."""
    if not cycle.rules or cycle.rule_set not in rule_sets():
        return []
    present = plain(body(grade_rules(uow, cycle.rule_set)))
    return sorted(key for key in present if key not in ("version", "titles") and present[key] != cycle.rules.get(key))


def entry_values(
    agency: str, year: int, tasks: Sequence[GradedTask], losses: Sequence[RecordedLoss], rules: GradeRules
) -> dict[str, Any]:
    """Return the figures of an agency's year as an entry keeps them.

    Raises `Refused` naming the agency whose ratings cannot be combined under the rule set.
    """
    try:
        result = grade(tasks, losses, rules, year)
    except BadRating as error:
        raise Refused(
            Refusal(_l("%(agency)s 的任务缺少本套规则需要的评分，不能测算", agency=agency), rule_id="R-GRADE.raters")
        ) from error
    given = GRADES[result.grade.value]
    return {
        "grade": given,
        "score": None if given is Grade.UNGRADED else result.score,
        "tasks": result.sample,
        "mean": result.mean if tasks else None,
        "deducted": result.deducted,
    }
