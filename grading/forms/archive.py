"""What is typed while an evaluation's archive is kept."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from core.http.choices import choices_of
from core.http.forms import Asked, Form
from core.i18n import _l
from grading.states import PaperKind


class PaperForm(Form):
    """A file to add: what it is and where it comes from."""

    kind = SelectField(_l("材料类别"), choices=choices_of(PaperKind), default=PaperKind.WORKING.value)
    file = FileField(_l("文件（PDF、DOCX、XLSX、图片，不超过 200 MB）"), [Asked()])
    origin = StringField(_l("来源"), [Optional(), Length(max=200)], description=_l("如：项目单位提供、现场访谈整理"))


class ExcuseForm(Form):
    """Why there are no questionnaires."""

    reason = StringField(_l("没有调查问卷的理由"), [Optional(), Length(max=300)])


class GiveBackForm(Form):
    """What is to be added to a filed archive."""

    opinion = TextAreaField(_l("需要补充的内容"), [Asked(), Length(max=1000)])
