"""Forms of administration."""

from __future__ import annotations

from wtforms import BooleanField, DateField, EmailField, RadioField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.i18n import _l
from core.identity.roles import OrganisationKind, Role
from core.pages.account_forms import NEEDED


class OrganisationForm(Form):
    """An organisation's particulars."""

    name = StringField(_l("单位名称"), [InputRequired(NEEDED), Length(max=120)])
    name_en = StringField(_l("英文名称"), [Optional(), Length(max=200)])
    kind = SelectField(_l("类别"), choices=choices_of(OrganisationKind))
    uscc = StringField(
        _l("统一社会信用代码"),
        [Optional(), Regexp(r"^\s*[0-9A-Za-z]{18}\s*$", message=_l("应为 18 位数字或大写字母"))],
    )
    address = StringField(_l("地址"), [Optional(), Length(max=200)])
    telephone = StringField(_l("联系电话"), [Optional(), Length(max=30)])
    is_active = BooleanField(_l("启用"), default=True)


class InviteForm(Form):
    """Whom to invite, and as what."""

    name = StringField(_l("姓名"), [InputRequired(NEEDED), Length(max=60)])
    email = EmailField(_l("邮箱"), [InputRequired(NEEDED), Email(_l("邮箱格式不对")), Length(max=254)])
    role = SelectField(_l("角色"), choices=choices_of(Role))


class RoleForm(Form):
    """A further role, in some organisation."""

    organisation_id = SelectField(_l("单位"))
    role = SelectField(_l("角色"), choices=choices_of(Role))


class WorkDayForm(Form):
    """One day of the work calendar."""

    day = DateField(_l("日期"), [InputRequired(_l("请填写日期，如 2027-01-01"))])
    standing = RadioField(
        _l("这一天"),
        [InputRequired(NEEDED)],
        choices=choices([("work", _l("工作日")), ("off", _l("休息日"))]),
        default="off",
    )
    official = BooleanField(_l("已有国务院办公厅通知"))
    note = StringField(_l("说明"), [Optional(), Length(max=100)])


class ParameterForm(Form):
    """A local value; empty gives the parameter back to the rule book."""

    value = StringField(_l("本地值"), [Optional(), Length(max=60)])
