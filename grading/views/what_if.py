"""Trying other weights or another rule set on a year's data; the address holds what is tried, nothing is changed."""

from __future__ import annotations

import dataclasses
from decimal import Decimal, InvalidOperation

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refused
from core.http.guard import requires
from core.http.lists import asked
from core.i18n import _
from core.unit_of_work import UnitOfWork
from grading.grade_rules import grade_rules
from grading.models import GradingCycle
from grading.permissions import GradePermission
from grading.queries import load_cycle
from grading.rule_sets import from_body, rule_sets
from grading.scale import BadRating, GradeRules
from grading.services.grading_cycle import GRADES
from grading.services.trials import Trial, try_rules
from grading.views.rules import titles_of

SHOWN = 200
trials = Blueprint("trials", __name__, url_prefix="/grading")


@trials.get("/<uuid:cycle_id>/what-if")
@requires(GradePermission.READ, load_cycle, see=GradePermission.READ)
def show(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Show who would move under the weights or the rule set that the address asks for."""
    rules = _rules(uow, cycle)
    tried, wrong = rules, False
    try:
        if rules is not None and any(asked(key) for key in rules.elements):
            weights = {key: Decimal(asked(key) or str(worth)) for key, worth in rules.elements.items()}
            tried = dataclasses.replace(rules, elements=weights)
    except (BadRating, InvalidOperation, TypeError):
        wrong = True
    trial = Trial([], 0, 0)
    if tried is not None and not wrong:
        trial = try_rules(uow, cycle, tried)
    return render_template(
        "grading/cycle/what_if.html",
        cycle=cycle,
        sets=rule_sets(),
        chosen=rules.key if rules else "",
        rules=rules,
        typed={key: asked(key) or f"{worth:f}" for key, worth in rules.elements.items()} if rules else {},
        titles=titles_of(rules) if rules else {},
        trial=trial,
        moves=trial.moves[:SHOWN],
        grades=GRADES,
        wrong=wrong,
        crumbs=[
            (_("机构评级"), url_for("cycles.index")),
            (str(cycle.year), url_for("cycles.show", cycle_id=cycle.id)),
            (_("试算"), None),
        ],
    )


def _rules(uow: UnitOfWork, cycle: GradingCycle) -> GradeRules | None:
    """Return the rule set to start from: the one asked for as it stands today, else the one frozen with the cycle."""
    key = asked("rule_set")
    if key in rule_sets() and key != cycle.rule_set:
        try:
            return grade_rules(uow, key)
        except Refused:
            return None
    return from_body(cycle.rules) if cycle.rules else None
