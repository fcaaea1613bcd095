"""Forms of complaints: shape only."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.http.forms import Form
from core.i18n import _l


class ComplaintForm(Form):
    """What a complaint must hold."""

    matter = TextAreaField(
        _l("投诉事项"),
        [DataRequired(_l("请写明投诉事项，不得超出质疑事项的范围")), Length(max=4000)],
        description=_l("不得超出已质疑事项的范围；对质疑答复内容提出的除外"),
    )
    facts = TextAreaField(_l("事实依据"), [DataRequired(_l("请写明事实依据")), Length(max=8000)])
    legal_basis = TextAreaField(_l("法律依据"), [Optional(), Length(max=4000)])
    request = TextAreaField(_l("请求"), [DataRequired(_l("请写明与投诉事项相关的请求")), Length(max=2000)])
    files = MultipleFileField(_l("投诉书和证明材料"), [Optional()])


class WordsForm(Form):
    """A completion or a statement, with files."""

    words = TextAreaField(_l("内容"), [DataRequired(_l("请写明内容")), Length(max=8000)])
    files = MultipleFileField(_l("证据材料"), [Optional()])


class ServeForm(Form):
    """Sending the copies; acts once."""


class SuspendForm(Form):
    """How long the purchase stands still."""

    days = IntegerField(
        _l("暂停天数（自今天起）"), [InputRequired(_l("请填写天数")), NumberRange(1, 366, _l("至少一天"))]
    )


class PauseForm(Form):
    """Why the period stops counting."""

    pause_reason = TextAreaField(
        _l("检验、检测、鉴定或者专家评审的内容"), [DataRequired(_l("请写明内容")), Length(max=2000)]
    )


class CarriedOutForm(Form):
    """How an upheld decision was carried out."""

    note = TextAreaField(
        _l("执行情况"),
        [DataRequired(_l("请写明处理决定如何执行")), Length(max=4000)],
        description=_l("如更正公告、重新评审的结论或者新的采购编号；财政部门可以看到"),
    )


class DecisionForm(Form):
    """The decision."""

    outcome = SelectField(_l("处理决定"), [DataRequired(_l("请选择处理决定"))])
    decision_words = TextAreaField(
        _l("查明的事实、理由和法律依据"), [DataRequired(_l("请写明查明的事实、理由和法律依据")), Length(max=20000)]
    )
