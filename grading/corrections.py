"""What may be put right on an agency's sheet, and what becomes of a task once it is. Pure.

A *target* names one thing of a sheet: `task|<number>|<measure>` a rating, `task|<number>|<fact>` a fact the task is
reckoned with, `loss|<id>` an honesty loss, `other` what has no line of its own. A *correction* is kept with the entry:
the measure with the rating that takes the place of its ratings, the fact with its value, or the loss, and the reason.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from core.i18n import Text, _l
from core.records import Record
from grading.grade_record import Correction, GradedTask, combined, tasks_in
from grading.rule_sets import from_body
from grading.scale import GradeRules, HonestyLoss, Loss, loss_points, printed

OTHER = "other"
VETO = "veto|"
DIFFICULTIES = ("simple", "usual", "complex")
HIGHEST_AMOUNT = Decimal(10) ** 14


class Fact(enum.StrEnum):
    """Facts of a task that its score or its weight follows from."""

    AMOUNT = "amount"
    DIFFICULTY = "difficulty"
    URGENT = "urgent"
    VETO = "veto"


@dataclass(frozen=True)
class Target:
    """One thing of a sheet: its key, the task it belongs to (empty for a loss), the measure or fact, what is stated."""

    key: str
    task: str
    part: str
    stated: str
    words: str = ""
    """What a loss was for."""

    @property
    def is_loss(self) -> bool:
        """Whether it is an honesty loss."""
        return self.key.startswith("loss|")

    @property
    def is_rating(self) -> bool:
        """Whether a rating takes its place."""
        return bool(self.task) and self.part not in set(Fact)


class NotACorrection(Exception):
    """The value cannot take the place of what is stated; the sentence says what is asked for."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(str(reason))


def targets_in(record: Record) -> list[Target]:
    """Return everything of a sheet that may be contested and put right, task by task, then the losses that count."""
    rules = from_body(record["rules"])
    found: list[Target] = []
    for task, graded in zip(record["tasks"], tasks_in(record), strict=True):
        stand = {measure: printed(one.score, 2) for measure, one in combined(graded, rules).items()}
        stand |= {measure: one.rating for measure, one in graded.corrections.items()}
        found += [
            Target(f"task|{graded.id}|{measure}", graded.id, measure, f"{stand[measure]:f}")
            for element in rules.elements
            for measure in rules.measures_of(element)
            if measure in stand
        ]
        found += _facts(task, rules)
    for one in record["losses"]:
        if one["counts"]:
            points = loss_points([Loss(one["id"], HonestyLoss(one["kind"]), one["repeated"])], rules)
            found.append(Target(f"loss|{one['id']}", "", "", f"−{points:f}", f"{one['source']} {one['reason']}"))
    return found


def _facts(task: Mapping[str, Any], rules: GradeRules) -> list[Target]:
    """Return the facts of a task that matter under the rules."""
    matters = {
        Fact.AMOUNT: rules.weigh_by == "amount",
        Fact.DIFFICULTY: rules.weigh_by == "difficulty",
        Fact.URGENT: rules.urgent > 0,
        Fact.VETO: task["vetoed"],
    }
    stated = {
        Fact.AMOUNT: str(task["amount"]),
        Fact.DIFFICULTY: task["difficulty"],
        Fact.URGENT: "yes" if task["urgent"] else "no",
        Fact.VETO: task["veto_reason"] or "",
    }
    return [Target(f"task|{task['id']}|{fact}", task["id"], fact.value, stated[fact]) for fact in Fact if matters[fact]]


def correction_of(record: Record, key: str, value: str, reason: str) -> dict[str, str]:
    """Return the correction that puts a target right with a value. Raises NotACorrection, LookupError if it is none.

    A rating lies between 0 and 100, an amount is positive, a difficulty one of the three; a veto or a loss that no
    longer counts needs no value.
    """
    target = next((one for one in targets_in(record) if one.key == key), None)
    if target is None:
        raise LookupError(key)
    if target.is_loss:
        return {"loss": key.removeprefix("loss|"), "reason": reason}
    if target.is_rating:
        rating = _number(value, Decimal(100))
        return {"task": target.task, "measure": target.part, "rating": f"{rating:.2f}", "reason": reason}
    return {"task": target.task, "fact": target.part, "value": _fact(target, value), "reason": reason}


def _fact(target: Target, value: str) -> str:
    fact = Fact(target.part)
    if fact is Fact.VETO:
        return ""
    if fact is Fact.AMOUNT:
        amount = _number(value, HIGHEST_AMOUNT)
        if amount <= 0:
            raise NotACorrection(_l("合同金额应为正数"))
        return f"{amount:.2f}"
    if fact is Fact.URGENT:
        return "no" if target.stated == "yes" else "yes"
    if value not in DIFFICULTIES:
        raise NotACorrection(_l("请填写更正后的难度：simple、usual 或 complex"))
    return value


def _number(value: str, highest: Decimal) -> Decimal:
    try:
        number = Decimal(value.replace(",", "").strip())
    except InvalidOperation as error:
        raise NotACorrection(_l("请填写更正后的数值")) from error
    if not number.is_finite() or not 0 <= number <= highest:
        raise NotACorrection(_l("更正后的数值应在 0 至 %(highest)s 之间", highest=f"{highest:,}"))
    return number


def veto_of(number: str, ground: str) -> dict[str, str]:
    """Return the correction that vetoes a task after the fact (R-GRADE.veto): it counts 0 and the year is D."""
    return {"task": number, "fact": Fact.VETO.value, "value": ground, "reason": ground}


def amendment_of(record: Record, key: str, value: str, reason: str) -> dict[str, str]:
    """Return the correction that the bureau itself makes of a target; `veto|<number>` vetoes a task after the fact.

    Raises NotACorrection and LookupError as `correction_of` does.
    """
    if key.startswith(VETO):
        number = key.removeprefix(VETO)
        if number not in {task["id"] for task in record["tasks"] if not task["vetoed"]}:
            raise LookupError(key)
        return veto_of(number, reason)
    return correction_of(record, key, value, reason)


def corrected(task: GradedTask, corrections: Sequence[Mapping[str, Any]]) -> GradedTask:
    """Return the task as it is reckoned with what was put right; a later correction of the same thing replaces it."""
    measures = dict(task.corrections)
    changes: dict[str, Any] = {}
    for one in corrections:
        if one.get("task") != task.id:
            continue
        if "measure" in one:
            measures[one["measure"]] = Correction(Decimal(one["rating"]), one["reason"])
            continue
        fact, value = Fact(one["fact"]), one["value"]
        if fact is Fact.AMOUNT:
            changes["amount"] = Decimal(value)
        elif fact is Fact.DIFFICULTY:
            changes["difficulty"] = value
        elif fact is Fact.URGENT:
            changes["urgent"] = value == "yes"
        else:
            changes["veto_reason"] = value or None
    return dataclasses.replace(task, corrections=measures, **changes)


def struck_by(corrections: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return which honesty losses no longer count, with the reason."""
    return {one["loss"]: one["reason"] for one in corrections if "loss" in one}
