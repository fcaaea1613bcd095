"""What is typed to enter the pool and to decide about it."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, Optional

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l
from experts.admission import DECLARATIONS
from experts.forms.pool import ParticularsForm, several


class StartForm(Form):
    """To whom the link of an application is mailed."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=40)])
    email = StringField(
        _l("邮箱"),
        [DataRequired(_l("请填写邮箱")), Email(_l("请填写有效的邮箱地址")), Length(max=120)],
        description=_l("申请链接发到这里"),
    )


class RecommendForm(StartForm):
    """Whom a unit recommends or the bureau invites, and why."""

    reason = TextAreaField(_l("理由"), [DataRequired(_l("请填写理由")), Length(max=500)])


class CandidateForm(ParticularsForm):
    """A candidate's application."""

    introduction = TextAreaField(_l("主要经历和成果"), [DataRequired(_l("请写明主要经历和成果")), Length(max=2000)])
    declared = several(_l("本人声明"), choices((key, words) for key, words, _rule in DECLARATIONS))
    files = MultipleFileField(
        _l("证明材料"), [Optional()], description=_l("职称证书、学历证书等，PDF、图片或 Word，每个不超过 20 MB")
    )


class DecisionForm(Form):
    """What the bureau says with its decision."""

    remark = TextAreaField(_l("审核意见"), [Optional(), Length(max=1000)])
