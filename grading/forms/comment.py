"""What is typed on a report's way from draft to final: comments, answers, the agency's own review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from core.http.choices import choices, choices_of
from core.http.forms import Asked, Form
from core.i18n import _l
from experts.states import Adoption
from grading.models import ReportComment
from grading.services.comments import MOST_COMMENTS, Answer, Comment

SPARE = 3
"""Empty rows beside those that are filled; saving brings new ones."""


def comments_form(kept: Sequence[ReportComment], rows: int | None = None, **kwargs: Any) -> Form:
    """Return a form with a row for each comment kept and a few empty ones."""
    count = min(rows if rows is not None else len(kept) + SPARE, MOST_COMMENTS)
    fields: dict[str, Any] = {}
    for number in range(1, count + 1):
        one = kept[number - 1] if number <= len(kept) else None
        fields[f"place_{number}"] = StringField(
            _l("第 %(number)s 条：报告中的位置", number=number),
            [Optional(), Length(max=100)],
            default=one.place if one else "",
        )
        fields[f"body_{number}"] = TextAreaField(
            _l("第 %(number)s 条：意见", number=number),
            [Optional(), Length(max=4000)],
            default=one.body if one else "",
        )
    made: type[Form] = type("CommentsForm", (Form,), fields)
    return made(**kwargs)


def comments_in(form: Form) -> list[Comment]:
    """Return what was typed, row by row."""
    numbers = sorted(int(name.removeprefix("body_")) for name in form._fields if name.startswith("body_"))
    return [Comment(form.text(f"body_{one}"), form.text(f"place_{one}")) for one in numbers]


def replies_form(comments: Sequence[ReportComment], **kwargs: Any) -> Form:
    """Return a form with the agency's answer to each comment, filled with what was answered so far."""
    fields: dict[str, Any] = {}
    for one in comments:
        fields[f"adoption_{one.number}"] = RadioField(
            _l("对第 %(number)s 条意见", number=one.number),
            [Optional()],
            choices=choices_of(Adoption),
            default=one.adoption.value if one.adoption else None,
        )
        fields[f"answer_{one.number}"] = TextAreaField(
            _l("第 %(number)s 条：采纳情况或者理由", number=one.number),
            [Optional(), Length(max=4000)],
            default=one.answer,
        )
    made: type[Form] = type("RepliesForm", (Form,), fields)
    return made(**kwargs)


def replies_in(form: Form, comments: Sequence[ReportComment]) -> dict[int, Answer]:
    """Return what was answered, by the comment's number."""
    known = {one.value for one in Adoption}
    found = {}
    for one in comments:
        chosen = form.text(f"adoption_{one.number}")
        adoption = Adoption(chosen) if chosen in known else None
        found[one.number or 0] = Answer(adoption, form.text(f"answer_{one.number}"))
    return found


class InternalReviewForm(Form):
    """The agency's own review, by a named department and person."""

    department = StringField(_l("审核部门"), [Asked(), Length(max=100)])
    reviewer = StringField(_l("审核人"), [Asked(), Length(max=40)])
    verdict = RadioField(
        _l("审核结论"),
        choices=choices([("pass", _l("审核通过")), ("revise", _l("修改后重新审核"))]),
        default="pass",
    )
    opinion = TextAreaField(_l("审核意见"), [Asked(), Length(max=4000)])
