"""Forms of a report's review: what is convened, opinions, the conclusion; shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import _l
from experts.quotas import TITLES
from experts.review_rules import SEATS
from experts.states import Capacity, DutyRating
from grading.models import ReportSeat
from grading.services.report_opinions import ServedExpert
from grading.services.report_reviews import GuestEntry
from grading.states import PanelWay

GUEST_ROWS = 7


class PanelForm(Form):
    """How the panel comes about, how large it is, until when it rates, and whether it meets; times are Shanghai's."""

    way = RadioField(_l("专家怎么产生"), choices=choices_of(PanelWay), default=PanelWay.DRAWN.value)
    size = IntegerField(_l("评审专家人数"), [InputRequired(_l("请填写人数"))])
    reserves = IntegerField(_l("候补人数"), [InputRequired(_l("请填写人数"))])
    performance = IntegerField(TITLES["performance"], [Optional()])
    trade = IntegerField(TITLES["trade"], [Optional()])
    finance = IntegerField(TITLES["finance"], [Optional()])
    scholar = IntegerField(TITLES["scholar"], [Optional()])
    due_on = DateField(_l("评分期限"), [InputRequired(_l("请填写评分期限"))])
    answer_hours = IntegerField(_l("答复时限（小时）"), [InputRequired(_l("请填写小时数"))])
    fee = DecimalField(_l("每人咨询费（元）"), [InputRequired(_l("请填写咨询费，没有时填 0"))], places=2)
    meets_at = DateTimeLocalField(_l("评审会时间"), [Optional()], description=_l("不开会、书面评审的留空"))
    place = StringField(_l("地点"), [Optional(), Length(max=120)])
    experts = SelectMultipleField(_l("直接邀请的专家"), validate_choice=False)
    ground = StringField(_l("直接邀请的理由"), [Optional(), Length(max=500)])

    def minimums(self) -> Mapping[str, int]:
        """Return the least seats of each kind; empty ones ask for none."""
        return {key: self[key].data or 0 for key in SEATS}


def panel_form(**kwargs: Any) -> PanelForm:
    """Return the form with some rows for representatives."""
    fields: dict[str, Any] = {}
    capacities = choices([("", "—"), *((one.value, one.label) for one in Capacity if one is not Capacity.AGENCY)])
    for row in range(GUEST_ROWS):
        fields[f"capacity_{row}"] = SelectField(_l("身份"), [Optional()], choices=capacities, validate_choice=False)
        fields[f"body_{row}"] = StringField(_l("单位"), [Optional(), Length(max=120)])
        fields[f"person_{row}"] = StringField(_l("代表姓名"), [Optional(), Length(max=60)])
    made: type[PanelForm] = type("PanelFormWithGuests", (PanelForm,), fields)
    return made(**kwargs)


def guests_in(form: PanelForm) -> list[GuestEntry]:
    """Return the representatives that were filled in."""
    known = {one.value for one in Capacity}
    return [
        GuestEntry(Capacity(chosen), form.text(f"body_{row}"), form.text(f"person_{row}"))
        for row in range(GUEST_ROWS)
        if (chosen := form.text(f"capacity_{row}")) in known and form.text(f"body_{row}")
    ]


class OpinionForm(Form):
    """A representative's opinion."""

    opinion = TextAreaField(_l("意见"), [DataRequired(_l("请填写意见")), Length(max=2000)])
    person = StringField(_l("代表姓名"), [Optional(), Length(max=60)])


class LeavingForm(Form):
    """Why somebody is followed, steps down, or the review is called off."""

    reason = TextAreaField(_l("原因"), [DataRequired(_l("请写明原因")), Length(max=500)])


def conclude_form(seats: Sequence[ReportSeat], **kwargs: Any) -> Form:
    """Return the form of the conclusion, with how each expert served."""
    fields: dict[str, Any] = {"opinion": TextAreaField(_l("评审意见"), [Optional(), Length(max=8000)])}
    for seat in seats:
        fields[f"rating_{seat.id}"] = SelectField(
            _l("履职情况"), choices=choices_of(DutyRating), default=DutyRating.GOOD.value, validate_choice=False
        )
        fields[f"remark_{seat.id}"] = StringField(_l("事实说明"), [Optional(), Length(max=500)])
    made: type[Form] = type("ConcludeForm", (Form,), fields)
    return made(**kwargs)


def served_in(form: Form, seats: Sequence[ReportSeat]) -> dict[str, ServedExpert]:
    """Return how each expert served, by seat id."""
    known = {one.value for one in DutyRating}
    return {
        str(seat.id): ServedExpert(
            DutyRating(chosen) if (chosen := form.text(f"rating_{seat.id}")) in known else DutyRating.GOOD,
            form.text(f"remark_{seat.id}"),
        )
        for seat in seats
    }
