"""Forms of an agency's record, made from the parts as data; shape only, what the rules say is in the services."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from agencies.checklist import DECLARATIONS
from agencies.record_parts import PARTS, Entry, FieldKind, Part
from agencies.services.admission import Said
from agencies.services.record import evidence_field
from agencies.states import ChangeDeed, PointVerdict, RecordPart
from core.documents.accept import Upload
from core.http.choices import choices, choices_of
from core.http.forms import Asked, Form
from core.i18n import Text, _l

SPARE_ROWS = 1
"""Empty rows offered after those that are filled."""
MORE_ROWS = 3
"""How many empty rows the button for more brings."""


class RowForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """One row of a field of rows: no form of its own, but its errors speak the reader's language."""

    class Meta:
        """The token is the whole form's."""

        csrf = False


class RecordForm(Form):
    """One entry of a part. `read` gives what was typed, `papers` the files by purpose."""

    part: Part

    def fill(self, entries: Mapping[str, Any]) -> None:
        """Show an entry as it is kept."""
        for one in self.part.entries:
            field, value = self._fields[one.key], entries.get(one.key)
            if one.kind == "rows":
                while field.entries:
                    field.pop_entry()
                for row in value or ():
                    field.append_entry({key.key: _as_typed(key, row.get(key.key)) for key in one.columns})
            else:
                field.data = _as_typed(one, value)

    def offer(self, leads: Mapping[str, str], *, more: str = "") -> None:
        """Offer the lead evaluators and empty rows, more of them in the field whose button was pressed."""
        for one in self.part.entries:
            field = self._fields[one.key]
            if one.kind == "lead":
                offered = choices(leads.items())
                field.choices = [SelectChoice(value="", label=_l("请选择")), *offered]
            elif one.kind == "rows":
                filled = sum(any(cell.data for cell in row.form) for row in field.entries)
                while len(field.entries) < filled + (MORE_ROWS if more == one.key else SPARE_ROWS):
                    field.append_entry()

    def read(self) -> dict[str, Any]:
        """Return what was typed, by the part's keys."""
        return {one.key: self._fields[one.key].data for one in self.part.entries}

    def papers(self) -> dict[str, Sequence[Upload]]:
        """Return the chosen files by purpose."""
        return {
            one.purpose: [file for file in self._fields[evidence_field(one.purpose)].data or () if file]
            for one in self.part.evidence
        }

    @property
    def is_public(self) -> bool:
        """Whether the entry shall be public."""
        return bool(self._fields["shown"].data) if "shown" in self._fields else False


@functools.cache
def record_form(part: RecordPart, *, changing: bool) -> type[RecordForm]:
    """Return the form of a part; `changing` asks also when it changed, as a report must say."""
    spec = PARTS[part]
    fields: dict[str, Any] = {"part": spec}
    if changing:
        fields["happened_on"] = DateField(_l("变化日期"), [InputRequired(_l("请填写日期"))])
    fields |= {one.key: _field(one) for one in spec.entries}
    for paper in spec.evidence:
        hint = _l("PDF、图片或 Word，每个不超过 20 MB")
        fields[evidence_field(paper.purpose)] = MultipleFileField(
            paper.label, [Asked(), Optional()] if paper.required else [Optional()], description=hint
        )
    if spec.may_be_public:
        fields["shown"] = BooleanField(_l("在机构库中公开（标注“不公开”的栏目和材料除外）"))
    if changing:
        fields["note"] = TextAreaField(_l("说明"), [Optional(), Length(max=500)])
    return type(f"Form{part.name.title()}", (RecordForm,), fields)


INPUTS: Mapping[FieldKind, Any] = {
    "text": StringField,
    "long": TextAreaField,
    "day": DateField,
    "whole": IntegerField,
    "money": DecimalField,
}


def _field(entry: Entry) -> Any:
    """Return the input of a field; what is missing in it is said by the service, which knows the rule."""
    checks = [Asked(), Optional()] if entry.required else [Optional()]
    if entry.kind == "rows":
        columns = {one.key: _field(one) for one in entry.columns}
        return FieldList(FormField(type("Row", (RowForm,), columns)), entry.label, description=entry.hint)
    if entry.kind == "several":
        return boxes(entry.label, choices_of(entry.choices or ()), checks, entry.hint)
    if entry.kind in ("choice", "lead"):
        empty = SelectChoice(value="", label=_l("请选择"))
        offered = [empty, *choices_of(entry.choices or ())]
        return SelectField(entry.label, validators=checks, choices=offered, description=entry.hint)
    return INPUTS[entry.kind](entry.label, checks, description=entry.hint)


def boxes(label: Text, offered: Sequence[SelectChoice], checks: list[Any], hint: Text = "") -> Any:
    """Return a field of boxes to tick."""
    return SelectMultipleField(
        label,
        choices=offered,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=checks,
        description=hint,
    )


def _as_typed(entry: Entry, value: Any) -> Any:
    return date.fromisoformat(value) if entry.kind == "day" and value else value


class EndForm(Form):
    """Since when an entry no longer stands, and why."""

    happened_on = DateField(_l("变化日期"), [InputRequired(_l("请填写日期"))])
    note = TextAreaField(_l("原因"), [InputRequired(_l("请写明原因")), Length(max=500)])


class NoteForm(Form):
    """A change that is known and will be reported."""

    kind = SelectField(_l("哪一类信息"), choices=choices_of(RecordPart))
    title = StringField(_l("发生了什么变化"), [InputRequired(_l("请写明发生了什么变化")), Length(max=80)])
    happened_on = DateField(_l("变化日期"), [InputRequired(_l("请填写日期"))])


class ReasonForm(Form):
    """Why something is given up."""

    reason = TextAreaField(_l("理由"), [InputRequired(_l("请填写理由")), Length(max=500)])


class PressForm(Form):
    """A button of its own that acts once."""


class ApplyForm(Form):
    """What the manager declares, and a word to the bureau."""

    declared = boxes(
        _l("本机构声明"), choices((key, words) for key, words, _rule in DECLARATIONS), [Asked(), Optional()]
    )
    note = TextAreaField(_l("补充说明"), [Optional(), Length(max=1000)])


class CheckForm(Form):
    """What the bureau says with its decision about a change."""

    reason = TextAreaField(
        _l("核对意见"), [Optional(), Length(max=500)], description=_l("要求说明的必须写明需要说明什么")
    )


class ExamineForm(Form):
    """What the officer says of each part, and of the whole."""

    remark = TextAreaField(_l("审核意见"), [Optional(), Length(max=1000)])

    def said(self, parts: Sequence[RecordPart]) -> dict[RecordPart, Said]:
        """Return what is said of these parts."""
        found = {}
        for part in parts:
            verdict = self._fields[f"verdict_{part.value}"].data
            words = self.text(f"remark_{part.value}")
            found[part] = Said(PointVerdict(verdict) if verdict else None, words)
        return found


@functools.cache
def examine_form() -> type[ExamineForm]:
    """Return the form with a verdict and words for every part."""
    fields: dict[str, Any] = {}
    for part in RecordPart:
        offered = [SelectChoice(value="", label=_l("待核对")), *choices_of(PointVerdict)]
        fields[f"verdict_{part.value}"] = RadioField(part.label, choices=offered, default="", validators=[Optional()])
        fields[f"remark_{part.value}"] = StringField(
            _l("%(part)s需要补正的内容", part=part.label), [Optional(), Length(max=300)]
        )
    return type("FormOfParts", (ExamineForm,), fields)


DEEDS: Mapping[ChangeDeed, Text] = {
    ChangeDeed.ADD: _l("申报新增"),
    ChangeDeed.CHANGE: _l("申报变更"),
    ChangeDeed.END: _l("申报不再有效"),
}
"""The word on the button of a report."""
