"""What is typed about experts; shape only, what the rules say is in the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import Text, _l
from core.identity.models import Organisation
from experts.entries import ExpertEntry
from experts.models import Expert
from experts.states import (
    BudgetFunction,
    Category,
    ConflictKind,
    Division,
    Education,
    ExitKind,
    Gender,
)
from projects.states import Industry

UNSAID = SelectChoice(value="", label=_l("未填写"))


def several(label: Text, offered: Sequence[SelectChoice], *validators: Any, description: Text = "") -> Any:
    """Return a field of boxes to tick."""
    return SelectMultipleField(
        label,
        choices=offered,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=list(validators) or [Optional()],
        description=description,
    )


class ParticularsForm(Form):
    """An expert's entries, without a term."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=40)])
    email = StringField(
        _l("邮箱"), [DataRequired(_l("请填写邮箱")), Email(_l("请填写有效的邮箱地址"))], description=_l("邀请发到这里")
    )
    telephone = StringField(_l("电话"), [Optional(), Length(max=40)])
    gender = SelectField(_l("性别"), [Optional()], choices=[UNSAID, *choices_of(Gender)])
    birth_year = IntegerField(_l("出生年份"), [InputRequired(_l("请填写四位年份"))])
    is_retired = BooleanField(_l("已退休"))
    employer = StringField(
        _l("工作单位"),
        [DataRequired(_l("请填写工作单位")), Length(max=80)],
        description=_l("写全称；与机构或项目单位同名时自动回避"),
    )
    position = StringField(_l("职务"), [Optional(), Length(max=60)])
    professional_title = StringField(_l("职称"), [DataRequired(_l("请填写职称")), Length(max=60)])
    education = SelectField(_l("学历"), [Optional()], choices=[UNSAID, *choices_of(Education)])
    field_since = IntegerField(
        _l("从业起始年份"), [Optional()], description=_l("开始从事相关领域工作的年份；中级职称参加采购评审须满 8 年")
    )
    district = StringField(_l("所在区"), [Optional(), Length(max=40)])
    categories = several(_l("专家类别"), choices_of(Category), DataRequired(_l("请至少选择一个专家类别")))
    industries = several(_l("熟悉的行业（GB/T 4754）"), choices_of(Industry))
    divisions = several(_l("行业大类"), [], description=_l("勾选大类即包含所属门类"))
    functions = several(_l("熟悉的支出功能"), [])
    departments = several(_l("熟悉的部门"), [])
    speciality = TextAreaField(_l("专长"), [Optional(), Length(max=500)])

    def offer(self, units: Sequence[Organisation]) -> None:
        """Offer the classes with their codes, and these departments."""
        self.divisions.choices = choices((one.value, f"{one.value} {one.label}") for one in Division)
        self.functions.choices = choices((one.value, f"{one.value} {one.label}") for one in BudgetFunction)
        self.departments.choices = choices((one.name, one.name) for one in units)

    def fill(self, expert: Expert) -> None:
        """Show what is known of an expert, when nothing has been typed yet."""
        if not self.is_submitted():
            self.name.data, self.email.data = expert.user.name, expert.user.email
            self.telephone.data = expert.user.telephone
            self.departments.data = [one.name for one in expert.departments]

    def fill_from(self, values: dict[str, Any]) -> None:
        """Show the entries kept with an application, when nothing has been typed yet."""
        if not self.is_submitted():
            for name, value in values.items():
                self._fields[name].data = value

    def entry(self, appointed_on: date, appointed_until: date) -> ExpertEntry:
        """Return what was typed, for this term."""
        return ExpertEntry(
            name=self.text("name"),
            email=self.text("email"),
            employer=self.text("employer"),
            professional_title=self.text("professional_title"),
            birth_year=self["birth_year"].data,
            field_since=self["field_since"].data,
            gender=Gender(self.gender.data) if self.gender.data else None,
            education=Education(self.education.data) if self.education.data else None,
            is_retired=bool(self.is_retired.data),
            industries=tuple(Industry(one) for one in self.industries.data or ()),
            divisions=tuple(Division(one) for one in self.divisions.data or ()),
            functions=tuple(BudgetFunction(one) for one in self.functions.data or ()),
            departments=tuple(self.departments.data or ()),
            categories=tuple(Category(one) for one in self.categories.data or ()),
            appointed_on=appointed_on,
            appointed_until=appointed_until,
            telephone=self.telephone.data or "",
            position=self.position.data or "",
            district=self.district.data or "",
            speciality=self.speciality.data or "",
        )


class ExpertForm(ParticularsForm):
    """An expert's entries and the first term."""

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


class WithdrawForm(Form):
    """Why a relation was noted by mistake."""

    reason = TextAreaField(_l("撤销的理由"), [DataRequired(_l("请写明撤销的理由")), Length(max=500)])


class ExitForm(Form):
    """How and why somebody leaves the pool."""

    kind = SelectField(_l("退出原因"), choices=choices_of(ExitKind))
    reason = TextAreaField(_l("事实和依据"), [DataRequired(_l("请写明事实和依据")), Length(max=500)])


class SheetFileForm(Form):
    """A table to import."""

    file = FileField(_l("专家名单（XLSX 或 CSV，不超过 10 MB）"))
