"""What other rules would make of a computed year: set-based for the tasks, exact for each agency; nothing is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select, text

from agencies.models import Agency
from core.unit_of_work import UnitOfWork
from grading.computing.statements import scores_query
from grading.entry_records import ADJUSTED, losses_in_entry, standing_run
from grading.models import CycleEntry, CycleRun, CycleTask, GradingCycle, TaskScore
from grading.rule_sets import from_body
from grading.scale import GradeRules, YearTask, counted, year_score
from grading.services.task_ratings import measure_numbers
from grading.what_if import Move, in_order, what_if

MOST = 1_000
"""How many agencies are tried at most; of more, these are drawn, which tells a share to three percentage points."""


@dataclass(frozen=True)
class Trial:
    """Who would move, of how many agencies tried and how many there are."""

    moves: Sequence[Move]
    tried: int
    agencies: int

    @property
    def moved(self) -> int:
        """How many would have another grade."""
        return sum(one.moves for one in self.moves)


def try_rules(uow: UnitOfWork, cycle: GradingCycle, rules: GradeRules) -> Trial:
    """Return what the rules would make of a cycle's data; of very many agencies, of a sample that is always the same.

    An entry's id follows from a secret and the agency, so the first of them are as good as drawn by lot.
    """
    of_cycle = CycleEntry.cycle_id == cycle.id
    agencies = uow.session.scalar(select(func.count()).where(of_cycle)) or 0
    rows = uow.session.execute(
        select(CycleEntry, Agency.organisation_id)
        .join(Agency, Agency.id == CycleEntry.agency_id)
        .where(of_cycle)
        .order_by(CycleEntry.id)
        .limit(MOST)
    )
    entries = {entry: organisation for entry, organisation in rows}  # noqa: C416 - rows, not pairs
    run = standing_run(uow.session, cycle)
    alone = [entry for entry in entries if run is None or entry.kept is not None or entry.corrections]
    moves = what_if((entry.record for entry in alone), rules)
    if run is not None:
        moves += _set_based(uow, run, {one: entries[one] for one in entries if one not in alone}, rules)
    return Trial(in_order(moves), len(entries), agencies)


def _set_based(
    uow: UnitOfWork,
    run: CycleRun,
    entries: Mapping[CycleEntry, uuid.UUID],
    rules: GradeRules,
) -> list[Move]:
    """Return the moves of entries whose tasks the database computes; the others of them are computed one by one."""
    frozen, year = from_body(run.cycle.rules), run.cycle.year
    rows = uow.session.execute(
        select(TaskScore, CycleTask.score)
        .join(CycleTask, (CycleTask.task == TaskScore.seq) & (CycleTask.run_id == run.id))
        .where(TaskScore.agency_id.in_(entries.values()))
        .order_by(TaskScore.seq)
    ).all()
    tried, many = _scores(uow, run, rules, [score.seq for score, _before in rows])
    by_agency: dict[uuid.UUID, list[tuple[TaskScore, Decimal]]] = {}
    for score, before in rows:
        by_agency.setdefault(score.agency_id, []).append((score, before))
    moves, by_hand = [], list[CycleEntry]()
    for entry, organisation in entries.items():
        tasks = by_agency.get(organisation, [])
        if any(score.seq in many for score, _before in tasks):
            by_hand.append(entry)
            continue
        losses = [one.loss for one in losses_in_entry(entry.losses)]
        stands = year_score(
            [_task(score, before, frozen) for score, before in tasks], counted(losses, year, frozen), frozen
        )
        others = [(score, tried[score.seq]) for score, _before in tasks]
        lacking = any(value is None for _score, value in others)
        other = None
        if not lacking:
            found = [_task(score, value, rules) for score, value in others if value is not None]
            other = year_score(found, counted(losses, year, rules), rules)
        moves.append(
            Move(
                entry.name,
                stands.grade,
                stands.score,
                other.grade if other else None,
                other.score if other else None,
            )
        )
    return moves + what_if((entry.record for entry in by_hand), rules)


def _task(score: TaskScore, value: Decimal, rules: GradeRules) -> YearTask:
    weight = rules.weight(score.amount, score.difficulty.value)
    return YearTask(str(score.seq), value, weight, score.veto is not None, score.sector.value)


def _scores(
    uow: UnitOfWork, run: CycleRun, rules: GradeRules, tasks: Iterable[int]
) -> tuple[dict[int, Decimal | None], set[int]]:
    """Return each task's score under the rules (None where a rating is lacking), and those with too many raters."""
    used = [measure for element in rules.elements for measure in rules.measures_of(element)]
    numbers = measure_numbers(uow, [*used, ADJUSTED], make=False)
    query = scores_query(rules, numbers, "{task} = ANY(:tasks)")
    values = {"tasks": list(tasks), "year": run.cycle.year, "run": run.id, "adjusted": numbers.get(ADJUSTED, 0)}
    uow.session.execute(text("SET LOCAL jit = off"))
    rows = uow.session.execute(text(query), values).all()
    scores = {row.task: None if row.score is None else Decimal(row.score).scaleb(-2) for row in rows}
    return scores, {row.task for row in rows if row.many and row.score is not None}
