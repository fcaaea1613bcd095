"""What a rule set of grading says, as it stands today or as a cycle froze it."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import requires
from core.http.lists import asked
from core.i18n import Text, _, _l
from core.rules import Words
from core.unit_of_work import UnitOfWork
from grading.grade_rules import grade_rules
from grading.models import GradingCycle
from grading.permissions import GradePermission
from grading.queries import load_cycle
from grading.rule_sets import RuleSet, from_body, rule_sets
from grading.scale import GradeRules
from grading.sheet_words import MEASURES
from grading.views.scores import RATER_TITLES

grading_rules = Blueprint("grading_rules", __name__, url_prefix="/grading/rules")

WEIGHING: dict[str, Text] = {"amount": _l("按合同金额"), "difficulty": _l("按任务难度"), "equal": _l("各任务相等")}


def load_rule_set(_uow: UnitOfWork, key: str) -> RuleSet | None:
    """Return the rule set that ships under this key."""
    return rule_sets().get(key)


def titles_of(rules: GradeRules) -> dict[str, Words]:
    """Return the names of elements and grades under a rule set."""
    return {key: Words(*pair) for key, pair in rules.titles.items()}


@grading_rules.get("/<key>")
@requires(GradePermission.BROWSE, load_rule_set)
def show(uow: UnitOfWork, rule_set: RuleSet) -> ResponseReturnValue:
    """Show the elements, raters, bands and ladder; with `?cycle=` as they were frozen with that cycle."""
    cycle = _cycle(uow)
    frozen = cycle is not None and cycle.rule_set == rule_set.key and bool(cycle.rules)
    rules = from_body(cycle.rules) if cycle is not None and frozen else grade_rules(uow, rule_set.key)
    references: dict[str, list[str]] = {}
    for rule, name in rule_set.references():
        references.setdefault(rule, []).append(name)
    return render_template(
        "grading/rules/show.html",
        rule_set=rule_set,
        rules=rules,
        titles=titles_of(rules),
        measures=MEASURES,
        raters=RATER_TITLES,
        weighing=WEIGHING,
        cycle=cycle if frozen else None,
        references=sorted(references),
        crumbs=[(_("机构评级"), url_for("cycles.index")), (_("评级规则"), None)],
    )


def _cycle(uow: UnitOfWork) -> GradingCycle | None:
    try:
        return load_cycle(uow, uuid.UUID(asked("cycle")))
    except ValueError:
        return None
