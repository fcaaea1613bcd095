"""What is typed about experts; shape only, what the rules say is in the services."""

from __future__ import annotations

from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices_of
from core.http.forms import Form
from core.i18n import _l
from experts.states import Category, ConflictKind
from projects.states import Industry


class ExpertForm(Form):
    """An expert's entries."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=40)])
    email = StringField(
        _l("邮箱"), [DataRequired(_l("请填写邮箱")), Email(_l("请填写有效的邮箱地址"))], description=_l("邀请发到这里")
    )
    telephone = StringField(_l("电话"), [Optional(), Length(max=40)])
    employer = StringField(
        _l("工作单位"),
        [DataRequired(_l("请填写工作单位")), Length(max=80)],
        description=_l("写全称；与机构或项目单位同名时自动回避"),
    )
    position = StringField(_l("职务"), [Optional(), Length(max=60)])
    professional_title = StringField(_l("职称"), [DataRequired(_l("请填写职称")), Length(max=60)])
    birth_year = IntegerField(_l("出生年份"), [InputRequired(_l("请填写四位年份"))])
    field_since = IntegerField(
        _l("从业起始年份"), [Optional()], description=_l("开始从事相关领域工作的年份；中级职称参加采购评审须满 8 年")
    )
    district = StringField(_l("所在区"), [Optional(), Length(max=40)])
    categories = SelectMultipleField(
        _l("专家类别"),
        choices=choices_of(Category),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("请至少选择一个专家类别"))],
    )
    industries = SelectMultipleField(
        _l("熟悉的行业（GB/T 4754）"),
        choices=choices_of(Industry),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    speciality = TextAreaField(_l("专长"), [Optional(), Length(max=500)])
    appointed_on = DateField(_l("聘期开始"), [InputRequired(_l("请填写日期"))])
    appointed_until = DateField(_l("聘期结束"), [InputRequired(_l("请填写日期"))])


class ConflictForm(Form):
    """A relation that keeps an expert from judging an organisation."""

    organisation_id = SelectField(_l("单位"), [DataRequired(_l("请选择单位"))])
    kind = SelectField(_l("关系"), choices=choices_of(ConflictKind))
    reason = TextAreaField(_l("具体情况"), [DataRequired(_l("请写明关系的具体情况")), Length(max=500)])
    expires_on = DateField(
        _l("有效期至"), [Optional()], description=_l("已终止的关系填终止后满三年的日期；仍在持续的留空")
    )
