"""The record of an agency's yearly grade, full and public, and its verification from the record alone (R-GRADE).

The public form shows the tasks' scores and weights and the year's score and grade; who rated and what each rater gave,
and the grounds of vetoes and honesty losses, stand as commitments that the agency and the raters can open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from core.records import Fault, NotRecordable, Record, check_seal, is_sealed, redact, salts_for, seal
from grading.moderated import Moderated, moderated_from
from grading.rule_sets import body, from_body
from grading.scale import (
    FULL,
    BadRating,
    Combined,
    GradeRules,
    HonestyLoss,
    Loss,
    Misconduct,
    TaskScore,
    YearGrade,
    YearTask,
    combine,
    counted,
    sector_grades,
    task_score,
    year_score,
)

PUBLIC_PATHS = (
    "/tasks/*/ratings",
    "/tasks/*/effects",
    "/tasks/*/moderation",
    "/tasks/*/veto_reason",
    "/losses/*/reason",
    "/losses/*/source",
)
"""What the public form hides: ratings by rater, and grounds."""
KINDS = ("unit", "bureau", "experts")
Given = Mapping[str, Mapping[str, Sequence[Decimal]]]
"""By measure and kind of rater, one number for each rater."""


@dataclass(frozen=True)
class Correction:
    """What an upheld appeal put in the place of a measure's ratings, and why."""

    rating: Decimal
    reason: str


@dataclass(frozen=True)
class GradedTask:
    """One assignment: by measure the scores (0-100) that each kind of rater gave, its amount, a veto's reason.

    A measure that only one kind rates (for instance 时效, computed) simply has that kind alone. `effects` are the
    raters' severities in the order of the ratings, taken off where the rules count adjusted ratings; `corrections`
    come from upheld appeals and replace a measure's ratings; `moderation` is what was locked and revised before the
    ratings came to count as they do.
    """

    id: str
    ratings: Given
    amount: Decimal
    veto_reason: str | None = None
    difficulty: str = "usual"
    urgent: bool = False
    sector: str = ""
    effects: Given = field(default_factory=dict)
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    moderation: Moderated | None = None


@dataclass(frozen=True)
class RecordedLoss:
    """An entry of the credit record with its reason and where it was found; `struck` says why it does not count."""

    loss: Misconduct
    reason: str
    source: str
    struck: str | None = None


def combined(task: GradedTask, rules: GradeRules) -> dict[str, Combined]:
    """Return what the raters of each measure come to, with the redistribution of missing weights.

    Kinds that the rule set does not ask are left out; a measure that none of the asked kinds rated is left out too.
    """
    found = {}
    for element in rules.elements:
        weights = rules.raters_of(element)
        for measure in rules.measures_of(element):
            given = {
                kind: _less(values, task, measure, kind, rules)
                for kind, values in task.ratings.get(measure, {}).items()
                if values and (kind in weights or kind not in KINDS)
            }
            if given:
                found[measure] = combine(given, weights, rules.spread)
    return found


def _less(values: Sequence[Decimal], task: GradedTask, measure: str, kind: str, rules: GradeRules) -> list[Decimal]:
    """Return the ratings as they count: less the raters' severities, never beyond 0 and 100."""
    effects = task.effects.get(measure, {}).get(kind, ())
    if rules.counts != "adjusted" or not effects:
        return list(values)
    return [min(FULL, max(Decimal(0), value - effect)) for value, effect in zip(values, effects, strict=True)]


def scored(task: GradedTask, rules: GradeRules) -> TaskScore:
    """Return the task's score from its raters and corrections."""
    exact = {measure: one.score for measure, one in combined(task, rules).items()}
    exact |= {measure: Fraction(one.rating) for measure, one in task.corrections.items()}
    ratings: dict[str, Decimal | Fraction] = {}
    for element in rules.elements:
        known = [exact[measure] for measure in rules.measures_of(element) if measure in exact]
        if known:
            ratings[element] = sum(known, Fraction(0)) / len(known)
    return task_score(ratings, rules, vetoed=task.veto_reason is not None, urgent=task.urgent)


def year_task(task: GradedTask, score: TaskScore, rules: GradeRules) -> YearTask:
    """Return a task with its score and its weight in the year under the rules."""
    weight = rules.weight(task.amount, task.difficulty)
    return YearTask(task.id, score.total, weight, task.veto_reason is not None, task.sector)


def grade(tasks: Sequence[GradedTask], losses: Sequence[RecordedLoss], rules: GradeRules, year: int) -> YearGrade:
    """Return the agency's year from its tasks' raters and its credit record."""
    standing = counted([one.loss for one in losses if one.struck is None], year, rules)
    return year_score([year_task(task, scored(task, rules), rules) for task in tasks], standing, rules)


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
    standing = counted([one.loss for one in losses if one.struck is None], year, rules)
    repeated = {one.id: one.repeated for one in standing}
    scores = [scored(task, rules) for task in tasks]
    years = [year_task(task, score, rules) for task, score in zip(tasks, scores, strict=True)]
    full: Record = {
        "kind": "grade",
        "version": 1,
        "form": "full",
        "agency": agency,
        "year": year,
        "rules": body(rules),
        "tasks": [
            {
                "id": task.id,
                "amount": task.amount,
                "difficulty": task.difficulty,
                "urgent": task.urgent,
                "sector": task.sector,
                "weight": one.weight,
                "ratings": task.ratings,
                "effects": task.effects,
                "moderation": task.moderation.body() if task.moderation else None,
                "corrections": {
                    measure: {"rating": correction.rating, "reason": correction.reason}
                    for measure, correction in task.corrections.items()
                },
                "vetoed": task.veto_reason is not None,
                "veto_reason": task.veto_reason,
                "points": dict(score.points),
                "score": one.score,
            }
            for task, score, one in zip(tasks, scores, years, strict=True)
        ],
        "losses": [
            {
                "id": one.loss.id,
                "kind": one.loss.kind,
                "happened_on": one.loss.happened_on,
                "expires_on": one.loss.expires_on,
                "struck": one.struck,
                "counts": one.loss.id in repeated,
                "repeated": repeated.get(one.loss.id, False),
                "reason": one.reason,
                "source": one.source,
            }
            for one in losses
        ],
        "sectors": {name: _result_body(one) for name, one in sector_grades(years, standing, rules).items()},
        "result": _result_body(year_score(years, standing, rules)),
    }
    full["salts"] = salts_for(full, PUBLIC_PATHS, master_salt)
    return seal(full)


def public_grade_record(full: Record) -> Record:
    """Return the public form of a full grade record, sealed."""
    return seal(redact(full, PUBLIC_PATHS, full["salts"]))


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
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        InvalidOperation,
        NotRecordable,
        ZeroDivisionError,
    ) as error:
        faults.append(
            Fault(
                "malformed",
                "",
                f"记录缺少内容或格式不对:{error!r}。",
                f"The record lacks a part or is malformed: {error!r}.",
            )
        )
    return faults


def tasks_in(record: Record) -> list[GradedTask]:
    """Return the tasks that a full record holds."""
    return [_graded(task) for task in record["tasks"]]


def losses_in(record: Record) -> list[RecordedLoss]:
    """Return the credit entries that a record holds, in the public form with sealed grounds."""
    return [
        RecordedLoss(
            Misconduct(
                one["id"],
                HonestyLoss(one["kind"]),
                date.fromisoformat(one["happened_on"]),
                date.fromisoformat(one["expires_on"]),
            ),
            str(one["reason"]),
            str(one["source"]),
            one["struck"],
        )
        for one in record["losses"]
    ]


def _recomputed(record: Record) -> list[Fault]:
    rules = from_body(record["rules"])
    faults = _task_faults(record, rules)
    tasks = [
        YearTask(t["id"], Decimal(t["score"]), Decimal(t["weight"]), t["vetoed"], t["sector"]) for t in record["tasks"]
    ]
    known = losses_in(record)
    losses = counted([one.loss for one in known if one.struck is None], record["year"], rules)
    faults += _loss_faults(record, losses)
    if len({task.id for task in tasks}) != len(tasks) or len({one.loss.id for one in known}) != len(known):
        faults.append(Fault("repeated", "/tasks", "任务或失信记录重复。", "A task or an honesty loss stands twice."))
    faults += _result(record["result"], year_score(tasks, losses, rules), "/result")
    sectors = sector_grades(tasks, losses, rules)
    if set(sectors) != set(record["sectors"]):
        faults.append(_differs("sectors", "/sectors", "分领域结果", "The result by field"))
    for name in sorted(set(sectors) & set(record["sectors"])):
        faults += _result(record["sectors"][name], sectors[name], f"/sectors/{name}")
    return faults


def _task_faults(record: Record, rules: GradeRules) -> list[Fault]:
    faults: list[Fault] = []
    for number, task in enumerate(record["tasks"]):
        at = f"/tasks/{number}"
        expected = _task(task, rules)
        points = {name: f"{value.numerator}/{value.denominator}" for name, value in expected.points.items()}
        if points != task["points"]:
            faults.append(_differs("points", f"{at}/points", "要素得分", "The points"))
        if str(expected.total) != task["score"]:
            faults.append(_differs("task-score", f"{at}/score", "任务得分", "The task score"))
        if str(rules.weight(Decimal(task["amount"]), task["difficulty"])) != task["weight"]:
            faults.append(_differs("weight", f"{at}/weight", "任务权重", "The task's weight"))
        if not is_sealed(task["ratings"]) and not _moderation_fits(task):
            faults.append(_differs("moderation", f"{at}/moderation", "合议记载", "The moderation"))
        if not is_sealed(task["veto_reason"]) and (task["veto_reason"] is not None) != task["vetoed"]:
            faults.append(_differs("veto", f"{at}/vetoed", "一票否决的记载", "The veto"))
    return faults


def _moderation_fits(task: Mapping[str, Any]) -> bool:
    """Whether the ratings that count are what the moderation left; records from before moderations have none."""
    graded = _graded(task)
    return graded.moderation is None or graded.moderation.fits(graded.ratings)


def _loss_faults(record: Record, losses: Sequence[Loss]) -> list[Fault]:
    repeated = {one.id: one.repeated for one in losses}
    return [
        _differs("loss", f"/losses/{number}", "诚信扣分是否计入、是否加倍", "Whether the loss counts")
        for number, one in enumerate(record["losses"])
        if (one["counts"], one["repeated"]) != (one["id"] in repeated, repeated.get(one["id"], False))
    ]


def _result(stated: Mapping[str, Any], computed: YearGrade, path: str) -> list[Fault]:
    faults = []
    for name, value in _result_body(computed).items():
        wanted = value if isinstance(value, int) else str(value)
        if stated.get(name) != wanted:
            faults.append(_differs(name, f"{path}/{name}", "年度结果", "The year's result"))
    return faults


def _task(task: Mapping[str, Any], rules: GradeRules) -> TaskScore:
    """Return the task recomputed: from its ratings, or in the public form from its stated points."""
    if is_sealed(task["ratings"]):
        shares = {
            name: Fraction(value) / Fraction(rules.elements[name]) * 100 for name, value in task["points"].items()
        }
        return task_score(shares, rules, vetoed=task["vetoed"], urgent=task["urgent"])
    return scored(_graded(task), rules)


def _graded(task: Mapping[str, Any]) -> GradedTask:
    def table(given: Mapping[str, Any]) -> dict[str, dict[str, list[Decimal]]]:
        return {
            measure: {kind: [Decimal(one) for one in values] for kind, values in by_kind.items()}
            for measure, by_kind in given.items()
        }

    return GradedTask(
        task["id"],
        table(task["ratings"]),
        Decimal(task["amount"]),
        (task["veto_reason"] or "") if task["vetoed"] else None,
        task["difficulty"],
        task["urgent"],
        task["sector"],
        table(task["effects"]),
        {name: Correction(Decimal(one["rating"]), one["reason"]) for name, one in task["corrections"].items()},
        moderated_from(task.get("moderation")),
    )


def _differs(code: str, path: str, zh: str, en: str) -> Fault:
    return Fault(code, path, f"{zh}与重新计算的结果不符。", f"{en} does not match the recomputation.")
