"""Forms of supervision's desk: shape only."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.forms import Form
from core.i18n import _l


class CaseForm(Form):
    """What a case is about."""

    title = StringField(_l("案由"), [DataRequired(_l("请写明案由")), Length(max=200)])
    origin = SelectField(_l("线索来源"), [DataRequired(_l("请选择线索来源"))])
    tender_id = SelectField(_l("所涉采购项目"), [Optional()])
    organisation_id = SelectField(_l("所涉单位"), [Optional()])
    words = TextAreaField(_l("线索内容"), [Optional(), Length(max=8000)])


class NoteForm(Form):
    """A note with files."""

    words = TextAreaField(_l("记录内容"), [DataRequired(_l("请写明记录内容")), Length(max=8000)])
    files = MultipleFileField(_l("附件"), [Optional()])


class CloseForm(Form):
    """What a case ended in."""

    outcome = SelectField(_l("办理结果"), [DataRequired(_l("请选择办理结果"))])
    conclusion = TextAreaField(_l("办理结论"), [DataRequired(_l("请写明办理结论")), Length(max=8000)])


class ConductForm(Form):
    """A violation with its sanctions."""

    violator_id = SelectField(_l("违法违规单位"), [DataRequired(_l("请选择单位"))])
    code = SelectField(_l("违法违规情形"), [DataRequired(_l("请选择情形"))])
    facts = TextAreaField(_l("查明的事实"), [DataRequired(_l("请写明查明的事实")), Length(max=8000)])
    sanctions = SelectMultipleField(
        _l("处理处罚"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    ban_years = IntegerField(_l("禁止参加的年数"), [Optional(), NumberRange(0, 10, _l("请填写年数"))])
    fine = DecimalField(_l("罚款（元）"), [Optional(), NumberRange(0.01, 10**10, _l("金额须大于 0"))], places=2)
    is_major = BooleanField(_l("属于重大违法记录（R-TENDER-17，期限内不能投标）"))


class InspectionForm(Form):
    """A random inspection to be drawn."""

    title = StringField(_l("检查名称"), [DataRequired(_l("请写明检查名称")), Length(max=120)])
    count = IntegerField(_l("抽取机构数"), [InputRequired(_l("请填写数量")), NumberRange(1, 500, _l("至少一家"))])
    inspectors = SelectMultipleField(
        _l("检查人员名单"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class WitnessForm(Form):
    """The witness's own words."""

    words = StringField(
        _l("见证人写下的字句"),
        [DataRequired(_l("请写下字句")), Length(max=200)],
        description=_l("由您自行决定，不要告诉组织检查的人员；它与事先承诺的密值一起决定抽取结果"),
    )


class RectifyForm(Form):
    """How it was put right."""

    rectification = TextAreaField(_l("整改情况"), [DataRequired(_l("请写明整改情况")), Length(max=4000)])


class FindingsForm(Form):
    """The seven matters are read by the view; this carries the day by which problems are put right."""

    rectify_by = DateField(_l("整改期限"), [Optional()], description=_l("有问题时必填"))
