"""Published grades in a line each, read from their records, for the agencies' register and comparisons."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from agencies.models import AgencyGrade
from agencies.ports import GradeLine
from core.rules import Words
from core.unit_of_work import UnitOfWork
from grading.rule_sets import rule_sets
from grading.scale import printed


def grade_lines(uow: UnitOfWork, grades: Collection[uuid.UUID]) -> Mapping[uuid.UUID, GradeLine]:
    """Return a line for each of these grades that is published and has a record; one query."""
    parts = (AgencyGrade.record["rules"], AgencyGrade.record["result"], AgencyGrade.record["tasks"])
    rows = uow.session.execute(
        select(AgencyGrade.id, *parts).where(AgencyGrade.id.in_(grades), AgencyGrade.published_at.is_not(None))
    )
    return {key: grade_line(rules, result, tasks or ()) for key, rules, result, tasks in rows if rules and result}


def grade_line(rules: Mapping[str, Any], result: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]]) -> GradeLine:
    """Return the line of a record; its public parts suffice."""
    shipped = rule_sets().get(rules["key"])
    return GradeLine(
        method=shipped.title if shipped else Words(rules["key"], rules["key"]),
        version=str(rules["version"]),
        mean=_number(result.get("mean")) if tasks else None,
        deducted=_number(result.get("deducted")) or Decimal(0),
        sample=int(result["sample"]),
        minimum=int(rules["minimum_sample"]),
        elements=_elements(rules, tasks),
    )


def _elements(
    rules: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]]
) -> list[tuple[str, Words, Decimal, Decimal]]:
    """Return each element's mean points over the tasks that were rated in it."""
    found = []
    for key, full in rules["elements"].items():
        given = [Fraction(task["points"][key]) for task in tasks if key in task["points"]]
        if given:
            title = Words(*rules.get("titles", {}).get(key, (key, key)))
            found.append((key, title, printed(sum(given, Fraction(0)) / len(given), 2), Decimal(full)))
    return found


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
