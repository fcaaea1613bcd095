"""Forms of the opening hall."""

from __future__ import annotations

from wtforms import DateTimeLocalField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from core.http.forms import Form
from core.i18n import _l


class AbsenceForm(Form):
    """Which keyholder cannot come, and why."""

    keyholder = SelectField(_l("不能到场的密钥持有人"), [DataRequired(_l("请选择密钥持有人"))])
    reason = TextAreaField(_l("原因（记入开标记录）"), [DataRequired(_l("请写明不能到场的原因")), Length(max=500)])


class PostponeForm(Form):
    """To when the opening is put off, and why."""

    until = DateTimeLocalField(
        _l("延期至"), [InputRequired(_l("请填写时间"))], format="%Y-%m-%dT%H:%M", description=_l("北京时间")
    )
    reason = TextAreaField(_l("原因（将通知投标人）"), [DataRequired(_l("请写明延期的原因")), Length(max=500)])


class ObjectionForm(Form):
    """A bidder's objection at the opening."""

    words = TextAreaField(_l("异议"), [DataRequired(_l("请写明异议的内容")), Length(max=1000)])


class AnswerForm(Form):
    """The answer given on the spot."""

    answer = TextAreaField(_l("当场答复"), [DataRequired(_l("请写明答复")), Length(max=1000)])
