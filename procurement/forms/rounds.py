"""Forms of invitations, rounds and final offers: shape only."""

from __future__ import annotations

from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import UUID, DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l
from procurement.states import InvitationOrigin, InvitationSource


class CandidatesForm(Form):
    """The qualified suppliers of one lawful source, and how many are drawn."""

    source = RadioField(
        _l("候选供应商来源"),
        [DataRequired(_l("请选择来源"))],
        choices=choices((one.value, one.label) for one in InvitationSource),
    )
    applications_from = DateField(_l("资格预审公告日期"), [Optional()])
    applications_until = DateField(_l("资格预审申请截止日期"), [Optional()])
    number = IntegerField(_l("抽取家数"), [InputRequired(_l("请填写家数")), NumberRange(1, 50)], default=3)
    suppliers = SelectMultipleField(
        _l("符合资格条件的供应商"),
        [DataRequired(_l("请选择供应商"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class RecommendForm(Form):
    """Suppliers recommended in writing, by the purchaser or by experts."""

    origin = RadioField(
        _l("推荐人"),
        [DataRequired(_l("请选择推荐人"))],
        choices=choices((one.value, one.label) for one in InvitationOrigin if one is not InvitationOrigin.DRAWN),
    )
    recommended = SelectMultipleField(
        _l("推荐的供应商"), [Optional()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class RoundForm(Form):
    """One round with one supplier."""

    bid = SelectField(_l("供应商"), [DataRequired(_l("请选择供应商"))])
    minutes = TextAreaField(_l("本轮内容"), [Optional(), Length(max=8000)], description=_l("不得透露其他供应商的信息"))


class ChangeForm(Form):
    """A changed requirement, written to all at once."""

    words = TextAreaField(
        _l("修改内容"), [Optional(), Length(max=4000)], description=_l("同时书面通知全部参加的供应商")
    )


class CallForm(Form):
    """The call for final offers."""

    deadline = DateTimeLocalField(
        _l("最后报价截止时间"),
        [InputRequired(_l("请填写截止时间"))],
        format="%Y-%m-%dT%H:%M",
        description=_l("北京时间"),
    )
    few_ground = StringField(_l("不足三家的依据"), [Optional(), Length(max=300)])


class FinalForm(Form):
    """What the browser hands in after sealing a final offer."""

    upload_id = HiddenField(validators=[DataRequired(_l("请先密封最后报价")), UUID()])
    sha256 = HiddenField(validators=[Regexp("^[0-9a-f]{64}$")])
