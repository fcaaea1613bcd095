"""What an officer types about an invitation; shape only."""

from __future__ import annotations

from wtforms import BooleanField, DateTimeLocalField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.choices import choices_of
from core.http.forms import Form
from core.i18n import _l
from experts.states import ToldAnswer


class CallForm(Form):
    """An answer given by telephone."""

    answer = RadioField(_l("答复"), choices=choices_of(ToldAnswer), validators=[InputRequired(_l("请选择答复"))])
    spoke_at = DateTimeLocalField(_l("通话时间"), [InputRequired(_l("请填写通话时间"))])
    declaration_read = BooleanField(_l("我已逐项宣读声明问题，专家确认没有应当回避的情形"))
    reason = TextAreaField(_l("谢绝或回避的理由"), [Optional(), Length(max=500)])
    note = TextAreaField(_l("通话记录"), [DataRequired(_l("请记录通话情况，例如所拨号码和对方原话")), Length(max=500)])


class AgainForm(Form):
    """Why somebody is asked again."""

    reason = TextAreaField(_l("再次邀请的理由"), [DataRequired(_l("请写明再次邀请的理由")), Length(max=500)])
