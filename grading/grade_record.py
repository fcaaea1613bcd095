"""The record of an agency's yearly grade, full and public, and its verification from the record alone (R-GRADE).

The public form shows the tasks' scores and weights and the year's score and grade; who rated and what each rater gave,
and the grounds of vetoes and honesty losses, stand as commitments that the agency and the raters can open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from core.records import Fault, NotRecordable, Record, check_seal, is_sealed, redact, salts_for, seal
from grading.scale import (
    BadRating,
    Combined,
    Grade,
    GradeRules,
    HonestyLoss,
    Loss,
    TaskScore,
    YearGrade,
    YearTask,
    combine,
    task_score,
    year_score,
)

PUBLIC_PATHS = ("/tasks/*/ratings", "/tasks/*/veto_reason", "/losses/*/reason", "/losses/*/source")
"""What the public form hides: ratings by rater, and grounds."""


@dataclass(frozen=True)
class GradedTask:
    """One assignment: by element the scores (0-100) that each kind of rater gave, its weight, a veto's reason.

    An element that only one kind rates (for instance 时效, computed) simply has that kind alone.
    """

    id: str
    ratings: Mapping[str, Mapping[str, Sequence[Decimal]]]
    weight: Decimal
    veto_reason: str | None = None


@dataclass(frozen=True)
class RecordedLoss:
    """A loss of honesty with its reason and where it was found."""

    loss: Loss
    reason: str
    source: str


def rater_weights(element: str, rules: GradeRules) -> Mapping[str, Decimal]:
    """Return the weights by which an element's raters are combined: 过程与沟通 has its own (unit 60, bureau 40)."""
    return rules.process if element == "process" else rules.raters


def combined(task: GradedTask, rules: GradeRules) -> dict[str, Combined]:
    """Return what each element's raters come to, with the redistribution of missing weights."""
    return {
        element: combine(given, rater_weights(element, rules), rules.spread) for element, given in task.ratings.items()
    }


def scored(task: GradedTask, rules: GradeRules) -> TaskScore:
    """Return the task's score from its raters."""
    ratings = {element: one.score for element, one in combined(task, rules).items()}
    return task_score(ratings, rules, vetoed=task.veto_reason is not None)


def grade(tasks: Sequence[GradedTask], losses: Sequence[RecordedLoss], rules: GradeRules) -> YearGrade:
    """Return the agency's year from its tasks' raters."""
    years = [YearTask(t.id, scored(t, rules).total, t.weight, t.veto_reason is not None) for t in tasks]
    return year_score(years, [one.loss for one in losses], rules)


def grade_record(
    agency: str,
    year: int,
    tasks: Sequence[GradedTask],
    losses: Sequence[RecordedLoss],
    rules: GradeRules,
    *,
    master_salt: str,
) -> Record:
    """Return the full record of a grade, sealed. Raises BadRating for ratings that cannot be combined."""
    result = grade(tasks, losses, rules)
    full: Record = {
        "kind": "grade",
        "version": 1,
        "form": "full",
        "agency": agency,
        "year": year,
        "rules": _rules_body(rules),
        "tasks": [
            {
                "id": task.id,
                "weight": task.weight,
                "ratings": task.ratings,
                "vetoed": task.veto_reason is not None,
                "veto_reason": task.veto_reason,
                "points": dict(scored(task, rules).points),
                "score": scored(task, rules).total,
            }
            for task in tasks
        ],
        "losses": [
            {
                "id": one.loss.id,
                "kind": one.loss.kind,
                "repeated": one.loss.repeated,
                "reason": one.reason,
                "source": one.source,
            }
            for one in losses
        ],
        "result": _result_body(result),
    }
    full["salts"] = salts_for(full, PUBLIC_PATHS, master_salt)
    return seal(full)


def public_grade_record(full: Record) -> Record:
    """Return the public form of a full grade record, sealed."""
    return seal(redact(full, PUBLIC_PATHS, full["salts"]))


def _rules_body(rules: GradeRules) -> dict[str, Any]:
    return {
        "version": rules.version,
        "elements": rules.elements,
        "process": rules.process,
        "raters": rules.raters,
        "bands": {grade.value: value for grade, value in rules.bands.items()},
        "losses": {kind.value: value for kind, value in rules.losses.items()},
        "repeat_factor": rules.repeat_factor,
        "minimum_sample": rules.minimum_sample,
        "spread": rules.spread,
        "places": rules.places,
    }


def _result_body(result: YearGrade) -> dict[str, Any]:
    return {
        "score": result.score,
        "grade": result.grade,
        "mean": result.mean,
        "deducted": result.deducted,
        "sample": result.sample,
    }


def verify_grade(record: Record) -> list[Fault]:
    """Return every fault of a grade's record, full or public; an empty list means that all of it fits.

    Checked: digests, each task's points and score from the ratings (full form) or its score from the points (public
    form), and the year's mean, deductions, score and grade under the rules that the record states.
    """
    faults = check_seal(record)
    try:
        faults += _recomputed(record)
    except BadRating as error:
        faults.append(Fault("rating", "/tasks", error.zh, error.en))
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, NotRecordable) as error:
        faults.append(
            Fault(
                "malformed",
                "",
                f"记录缺少内容或格式不对:{error!r}。",
                f"The record lacks a part or is malformed: {error!r}.",
            )
        )
    return faults


def _rules(body: Mapping[str, Any]) -> GradeRules:
    def table(name: str) -> dict[str, Decimal]:
        return {key: Decimal(value) for key, value in body[name].items()}

    return GradeRules(
        body["version"],
        table("elements"),
        table("process"),
        table("raters"),
        {Grade(key): value for key, value in table("bands").items()},
        {HonestyLoss(key): value for key, value in table("losses").items()},
        Decimal(body["repeat_factor"]),
        body["minimum_sample"],
        Decimal(body["spread"]),
        body["places"],
    )


def _recomputed(record: Record) -> list[Fault]:
    rules = _rules(record["rules"])
    faults: list[Fault] = []
    for number, task in enumerate(record["tasks"]):
        at = f"/tasks/{number}"
        expected = _task(task, rules)
        points = {name: f"{value.numerator}/{value.denominator}" for name, value in expected.points.items()}
        if points != task["points"]:
            faults.append(_differs("points", f"{at}/points", "要素得分", "The points"))
        if str(expected.total) != task["score"]:
            faults.append(_differs("task-score", f"{at}/score", "任务得分", "The task score"))
        if not is_sealed(task["veto_reason"]) and (task["veto_reason"] is not None) != task["vetoed"]:
            faults.append(_differs("veto", f"{at}/vetoed", "一票否决的记载", "The veto"))
    tasks = [YearTask(t["id"], Decimal(t["score"]), Decimal(t["weight"]), t["vetoed"]) for t in record["tasks"]]
    losses = [Loss(one["id"], HonestyLoss(one["kind"]), one["repeated"]) for one in record["losses"]]
    if len({task.id for task in tasks}) != len(tasks) or len({loss.id for loss in losses}) != len(losses):
        faults.append(Fault("repeated", "/tasks", "任务或失信记录重复。", "A task or an honesty loss stands twice."))
    result = _result_body(year_score(tasks, losses, rules))
    for name, value in result.items():
        wanted = value if isinstance(value, int) else str(value)
        if record["result"].get(name) != wanted:
            faults.append(_differs(name, f"/result/{name}", "年度结果", "The year's result"))
    return faults


def _task(task: Mapping[str, Any], rules: GradeRules) -> TaskScore:
    """Return the task recomputed: from its ratings, or in the public form from its stated points."""
    ratings = task["ratings"]
    if is_sealed(ratings):
        shares = {
            name: Fraction(value) / Fraction(rules.elements[name]) * 100 for name, value in task["points"].items()
        }
        return task_score(shares, rules, vetoed=task["vetoed"])
    given = {
        element: {kind: [Decimal(one) for one in scores] for kind, scores in by_kind.items()}
        for element, by_kind in ratings.items()
    }
    exact = GradedTask(task["id"], given, Decimal(task["weight"]), "" if task["vetoed"] else None)
    return scored(exact, rules)


def _differs(code: str, path: str, zh: str, en: str) -> Fault:
    return Fault(code, path, f"{zh}与重新计算的结果不符。", f"{en} does not match the recomputation.")
