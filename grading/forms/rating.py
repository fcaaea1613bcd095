"""Forms of sheets, moderations and of an engagement's score: shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DecimalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import _l
from grading.rubric import Dimension, Proposal, said
from grading.services.rating import Decision, Mark
from grading.states import DeductionState, Difficulty, PartState

SAID_OF_PARTS = (PartState.PRESENT, PartState.ABSENT, PartState.NOT_APPLICABLE)
DECISIONS = {
    "accept": DeductionState.ACCEPTED,
    "decline": DeductionState.DECLINED,
    "change": DeductionState.CHANGED,
}


class ScoreForm(Form):
    """Confirming a task score; a ground makes it a veto."""

    difficulty = SelectField(_l("任务难度"), choices=choices_of(Difficulty), default=Difficulty.USUAL.value)
    urgent = BooleanField(_l("紧急任务"))
    veto = StringField(_l("一票否决的依据"), [Optional(), Length(max=500)])
    spread_note = StringField(_l("评分相差较大如何核实"), [Optional(), Length(max=500)])


class ExplainForm(Form):
    """Why the own rating lies far from the others'."""

    reason = TextAreaField(_l("相差较大的理由"), [Optional(), Length(max=2000)])


class GroundForm(Form):
    """Why ratings should be moderated."""

    ground = TextAreaField(_l("合议的理由"), [Optional(), Length(max=1000)])


class DissentForm(Form):
    """What a rater keeps apart from the result of a moderation."""

    dissent = TextAreaField(_l("保留意见"), [Optional(), Length(max=1000)])


class DeclineForm(Form):
    """Why a moderation that was asked for is not held."""

    reason = TextAreaField(_l("不予合议的理由"), [Optional(), Length(max=1000)])


def sheet_form(lines: Sequence[Dimension], proposals: Sequence[Proposal] = (), **kwargs: Any) -> Form:
    """Return a form with level, points and reason for each line, its parts, the proposals' answers, and a comment."""
    fields: dict[str, Any] = {"comment": TextAreaField(_l("总体意见"), [Optional(), Length(max=2000)])}
    for line in lines:
        fields[f"points_{line.key}"] = DecimalField(line.title, [Optional()], places=2)
        fields[f"reason_{line.key}"] = StringField(
            _l("“%(line)s”的理由", line=line.title), [Optional(), Length(max=500)]
        )
        if line.levels:
            fields[f"level_{line.key}"] = RadioField(
                _l("“%(line)s”的档位", line=line.title),
                [Optional()],
                choices=choices((str(place), said(level.title)) for place, level in enumerate(line.levels)),
                validate_choice=False,
            )
        for part in line.parts:
            fields[f"part_{line.key}-{part.key}"] = SelectField(
                said(part.title),
                [Optional()],
                choices=choices([("", _l("请查看后选择")), *((one.value, one.label) for one in SAID_OF_PARTS)]),
                validate_choice=False,
            )
    for one in proposals:
        fields[f"take_{one.key}"] = DecimalField(_l("改为扣"), [Optional()], places=2)
        fields[f"why_{one.key}"] = StringField(_l("不采纳或者改动的理由"), [Optional(), Length(max=500)])
    made: type[Form] = type("SheetForm", (Form,), fields)
    return made(**kwargs)


def marks_in(form: Form, lines: Sequence[Dimension], before: Mapping[str, Decimal]) -> dict[str, Mark]:
    """Return what was given for each line, from points and level; lines without either are left out.

    `before` are the points as the page showed them: a level chosen anew fills in where those were left alone.
    """
    found = {}
    for line in lines:
        typed: Decimal | None = form[f"points_{line.key}"].data
        chosen = form.text(f"level_{line.key}") if line.levels else ""
        level = int(chosen) if chosen.isdecimal() and len(chosen) < 3 else None
        points = line.points_for(level, typed, before.get(line.key))
        if points is not None:
            found[line.key] = Mark(points, form.text(f"reason_{line.key}"))
    return found


def parts_in(form: Form, lines: Sequence[Dimension]) -> dict[str, PartState]:
    """Return what was said of the required parts, by `<dimension>-<part>`; those not looked at are left out."""
    allowed = {one.value for one in SAID_OF_PARTS}
    return {
        key: PartState(chosen)
        for line in lines
        for part in line.parts
        if (chosen := form.text(f"part_{(key := f'{line.key}-{part.key}')}")) in allowed
    }


def decisions_in(form: Form, deed: str, proposals: Sequence[Proposal]) -> dict[str, Decision]:
    """Return the decision of the one proposal whose button was pressed (`accept:<key>`)."""
    verb, _colon, key = deed.partition(":")
    if verb not in DECISIONS or key not in {one.key for one in proposals}:
        return {}
    return {key: Decision(DECISIONS[verb], form[f"take_{key}"].data, form.text(f"why_{key}"))}


def points_form(lines: Sequence[Dimension], stem: str, words: str, **kwargs: Any) -> Form:
    """Return a form with points for each dimension, named `<stem>_<key>`, and a text named `words`."""
    titles = {"reason": _l("修改的理由"), "note": _l("合议情况和结论")}
    fields: dict[str, Any] = {words: TextAreaField(titles[words], [Optional(), Length(max=2000)])}
    for line in lines:
        fields[f"{stem}_{line.key}"] = DecimalField(line.title, [Optional()], places=2)
    made: type[Form] = type("PointsForm", (Form,), fields)
    return made(**kwargs)


def points_of(form: Form, lines: Sequence[Dimension], stem: str) -> dict[str, Decimal]:
    """Return the points that were typed, by dimension."""
    typed = {line.key: form[f"{stem}_{line.key}"].data for line in lines}
    return {key: value for key, value in typed.items() if value is not None}
