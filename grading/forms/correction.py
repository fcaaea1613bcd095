"""The form with which the bureau proposes to put a published grade right."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from core.http.choices import choices, choices_of
from core.http.forms import Asked, Form
from core.i18n import _, _l
from core.records import Record
from grading.corrections import VETO
from grading.forms.appeal import target_choices
from grading.services.grade_corrections import Amendment
from grading.states import CorrectionKind

LINES = 2


def correction_form(record: Record, **kwargs: Any) -> Form:
    """Return the form of a correction: what becomes of the grade, on what ground, and what is put right."""
    vetoes = [
        (f"{VETO}{task['id']}", str(_("%(task)s · 一票否决成立", task=task["id"])))
        for task in record["tasks"]
        if not task["vetoed"]
    ]
    listed = choices([*target_choices(record, other=False), *vetoes])
    fields: dict[str, Any] = {
        "kind": RadioField(_l("怎样处理"), choices=choices_of(CorrectionKind), default=CorrectionKind.CORRECT.value),
        "basis": StringField(_l("依据（来函、审计发现、复议决定等）"), [Asked(), Length(max=300)]),
        "reason": TextAreaField(_l("理由（将对外公布）"), [Asked(), Length(max=2000)]),
    }
    for number in range(1, LINES + 1):
        fields[f"target_{number}"] = SelectField(
            _l("更正的项目 %(number)s", number=number), choices=listed, validate_choice=False, default=""
        )
        fields[f"value_{number}"] = StringField(_l("更正后的数值"), [Optional(), Length(max=40)])
        fields[f"ground_{number}"] = TextAreaField(_l("这一项的理由（将对外公布）"), [Optional(), Length(max=1000)])
    made: type[Form] = type("CorrectionForm", (Form,), fields)
    return made(**kwargs)


def amendments_in(form: Form) -> list[Amendment]:
    """Return the lines that were filled, closed up."""
    typed = [
        Amendment(form.text(f"target_{one}"), form.text(f"value_{one}"), form.text(f"ground_{one}"))
        for one in range(1, LINES + 1)
    ]
    return [one for one in typed if one.target or one.value or one.reason]
