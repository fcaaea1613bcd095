"""Forms of inquiries and challenges: shape only; what the rules say is in the services."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.forms import Form
from core.i18n import _l


class InquiryForm(Form):
    """What a supplier asks."""

    organisation_id = SelectField(_l("提出单位"), [DataRequired(_l("请选择单位"))])
    question = TextAreaField(
        _l("询问事项"),
        [DataRequired(_l("请写明询问事项")), Length(max=4000)],
        description=_l("开标前采购人看不到贵单位名称，请不要在正文中写明"),
    )


class AnswerForm(Form):
    """The answer to an inquiry."""

    answer = TextAreaField(_l("答复内容"), [DataRequired(_l("请写明答复内容")), Length(max=8000)])


class EffectForm(Form):
    """Whether an open case may affect the result."""

    affects = BooleanField(_l("可能影响中标结果"))
    reason = TextAreaField(_l("理由"), [Optional(), Length(max=2000)])


class ChallengeForm(Form):
    """What a challenge must hold."""

    organisation_id = SelectField(_l("质疑供应商"), [DataRequired(_l("请选择单位"))])
    target = SelectField(_l("质疑的环节"), [DataRequired(_l("请选择质疑的环节"))])
    matter = TextAreaField(_l("质疑事项"), [DataRequired(_l("请写明具体、明确的质疑事项")), Length(max=4000)])
    facts = TextAreaField(_l("事实依据"), [DataRequired(_l("请写明事实依据")), Length(max=8000)])
    legal_basis = TextAreaField(_l("法律依据"), [Optional(), Length(max=4000)])
    request = TextAreaField(_l("请求"), [DataRequired(_l("请写明与质疑事项相关的请求")), Length(max=2000)])
    contact_name = StringField(_l("联系人"), [DataRequired(_l("请填写联系人")), Length(max=60)])
    contact_telephone = StringField(_l("联系电话"), [DataRequired(_l("请填写联系电话")), Length(max=40)])
    contact_address = StringField(_l("联系地址和邮编"), [DataRequired(_l("请填写联系地址")), Length(max=200)])
    files = MultipleFileField(
        _l("证明材料"),
        [Optional()],
        description=_l("盖章的质疑函和证明材料；开标前只有贵单位能看到附件和单位名称"),
    )


class LetterForm(ChallengeForm):
    """A challenge that came on paper."""

    posted_on = DateField(
        _l("交邮或者送达日期"),
        [InputRequired(_l("请填写日期"))],
        description=_l("届满前交邮的不算过期（R-REMEDY-05）；答复期限自今天收到起算"),
    )


class DraftAnswerForm(Form):
    """The proposed answer to a challenge."""

    verdict = SelectField(_l("答复结论"), [DataRequired(_l("请选择答复结论"))])
    measure = SelectField(_l("处理措施"), [Optional()], description=_l("质疑成立时选择"))
    answer = TextAreaField(
        _l("答复内容、事实依据和法律依据"), [DataRequired(_l("请写明答复的内容、事实和法律依据")), Length(max=8000)]
    )


class IssueForm(Form):
    """Issuing the drafted answer; acts once."""


class CarryOutForm(Form):
    """How what the answer promised was done."""

    note = TextAreaField(_l("落实情况"), [DataRequired(_l("请写明处理措施如何落实")), Length(max=4000)])
