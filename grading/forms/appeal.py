"""Forms of appeals: what an agency contests line by line, what the graders say, what is decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import _l
from core.records import Record
from grading.corrections import OTHER, targets_in
from grading.models import GradeAppeal
from grading.services.appeals import Contested, LineDecision
from grading.sheet_words import value_words, words_of_target
from grading.states import LineOutcome

ROWS, MOST_ROWS = 3, 30


class StatementForm(Form):
    """What the officers who graded say to an appeal."""

    statement = TextAreaField(_l("评分和测算情况的说明"), [InputRequired(_l("请写明情况")), Length(max=4000)])


def target_choices(record: Record, *, other: bool = True) -> list[tuple[str, str]]:
    """Return everything of a sheet that may be contested, with what it says of it."""
    found = []
    for one in targets_in(record):
        stated = value_words(one.part, one.stated)
        found.append((one.key, f"{words_of_target(one)}（{stated}）" if stated else words_of_target(one)))
    return [("", "—"), *found, *([(OTHER, str(_l("其他")))] if other else [])]


def appeal_form(record: Record, rows: int, **kwargs: Any) -> Form:
    """Return the form of an appeal with so many lines; lines left empty do not count."""
    listed = target_choices(record)
    fields: dict[str, Any] = {
        "ground": TextAreaField(_l("总的说明"), [Optional(), Length(max=2000)]),
        "files": MultipleFileField(_l("证明材料（PDF、DOCX、XLSX、图片，可多选）")),
    }
    for number in range(1, rows + 1):
        fields[f"target_{number}"] = SelectField(
            _l("第 %(number)s 项：对哪一项有异议", number=number),
            choices=choices(listed),
            validate_choice=False,
            default="",
        )
        fields[f"ground_{number}"] = TextAreaField(
            _l("第 %(number)s 项的事实和理由", number=number), [Optional(), Length(max=2000)]
        )
    made: type[Form] = type("AppealForm", (Form,), fields)
    return made(**kwargs)


def contested_in(form: Form, rows: int) -> list[Contested]:
    """Return the lines that were filled, in their order and closed up."""
    typed = [(form.text(f"target_{one}"), form.text(f"ground_{one}")) for one in range(1, rows + 1)]
    return [Contested(target, ground) for target, ground in typed if target or ground]


def decision_form(appeal: GradeAppeal, **kwargs: Any) -> Form:
    """Return the form of a decision: for each line the outcome, what is put right, its figure and the reason."""
    listed = target_choices(appeal.entry.record, other=False)
    fields: dict[str, Any] = {"answer": TextAreaField(_l("总的说明"), [Optional(), Length(max=2000)])}
    for line in appeal.lines:
        number = line.position
        fields[f"outcome_{number}"] = RadioField(
            _l("第 %(number)s 项的处理", number=number), [Optional()], choices=choices_of(LineOutcome)
        )
        fields[f"correct_{number}"] = SelectField(
            _l("更正的项目"),
            choices=choices(listed),
            validate_choice=False,
            default="" if line.target == OTHER else line.target,
        )
        fields[f"value_{number}"] = StringField(_l("更正后的数值"), [Optional(), Length(max=40)])
        fields[f"reason_{number}"] = TextAreaField(_l("处理理由"), [Optional(), Length(max=2000)])
    made: type[Form] = type("DecisionForm", (Form,), fields)
    return made(**kwargs)


def decisions_in(form: Form, lines: Sequence[Any]) -> dict[int, LineDecision]:
    """Return what was decided, by the line's number; a line without an outcome is left out."""
    found = {}
    for line in lines:
        number = line.position
        outcome = form.text(f"outcome_{number}")
        if outcome in {one.value for one in LineOutcome}:
            found[number] = LineDecision(
                LineOutcome(outcome),
                form.text(f"reason_{number}"),
                form.text(f"correct_{number}"),
                form.text(f"value_{number}"),
            )
    return found
