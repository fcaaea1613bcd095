"""Forms of the grading room: shape only; what the rules say is in the services."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField
from wtforms import DecimalField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.http.forms import Asked, Form
from core.i18n import _l
from grading.rubric import Line


class DeliverForm(Form):
    """The report's file."""

    file = FileField(_l("评价报告（DOCX 或带文字的 PDF，不超过 50 MB）"), [Asked()])


class DisposeForm(Form):
    """A person's answer to a finding."""

    reason = TextAreaField(_l("理由"), [Optional(), Length(max=500)])


class ScoreForm(Form):
    """Confirming a task score; a ground makes it a veto."""

    veto = StringField(_l("一票否决的依据"), [Optional(), Length(max=500)])


class YearForm(Form):
    """The year to compute."""

    year = IntegerField(_l("年度"), [InputRequired(_l("请填写四位年份"))])


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
