"""Forms of sheets and of an engagement's score: shape only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DecimalField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from core.http.choices import choices_of
from core.http.forms import Form
from core.i18n import _l
from grading.rubric import Line
from grading.states import Difficulty


class ScoreForm(Form):
    """Confirming a task score; a ground makes it a veto."""

    difficulty = SelectField(_l("任务难度"), choices=choices_of(Difficulty), default=Difficulty.USUAL.value)
    urgent = BooleanField(_l("紧急任务"))
    veto = StringField(_l("一票否决的依据"), [Optional(), Length(max=500)])


def sheet_form(lines: Sequence[Line], **kwargs: Any) -> Form:
    """Return a form with points and reason for each line, and a comment."""
    fields: dict[str, Any] = {"comment": TextAreaField(_l("总体意见"), [Optional(), Length(max=2000)])}
    for line in lines:
        fields[f"points_{line.key}"] = DecimalField(line.title, [Optional()], places=2)
        fields[f"reason_{line.key}"] = StringField(
            _l("“%(line)s”的理由", line=line.title), [Optional(), Length(max=500)]
        )
    made: type[Form] = type("SheetForm", (Form,), fields)
    return made(**kwargs)


def points_in(form: Form, key: str) -> Decimal | None:
    """Return the points typed for a line, or None when nothing was."""
    value: Decimal | None = form[f"points_{key}"].data
    return value
