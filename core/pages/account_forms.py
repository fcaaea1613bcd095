"""Forms of signing in, the own account, invitations and registration."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField, TelField
from wtforms.validators import Email, EqualTo, InputRequired, Length, Optional, Regexp

from core.http.choices import choices
from core.http.forms import Form
from core.i18n import _l

NEEDED = _l("请填写")


class SignInForm(Form):
    """Email, password and, where switched on, a code."""

    email = EmailField(_l("邮箱"), [InputRequired(NEEDED), Length(max=254)])
    password = PasswordField(_l("密码"), [InputRequired(NEEDED), Length(max=200)])
    code = StringField(_l("动态验证码或恢复码"), [Optional(), Length(max=40)])
    next = HiddenField()


class ResetRequestForm(Form):
    """Where to send the link."""

    email = EmailField(_l("邮箱"), [InputRequired(NEEDED), Email(_l("邮箱格式不对")), Length(max=254)])


class NewPasswordForm(Form):
    """A new password, twice."""

    new_password = PasswordField(_l("新密码"), [InputRequired(NEEDED), Length(max=200)])
    repeat_password = PasswordField(
        _l("再输入一次"), [InputRequired(NEEDED), EqualTo("new_password", _l("两次输入的密码不同"))]
    )


class ChangePasswordForm(NewPasswordForm):
    """The same, with the present password."""

    password = PasswordField(_l("现在的密码"), [InputRequired(NEEDED), Length(max=200)])


class AcceptInvitationForm(NewPasswordForm):
    """Who accepts, and their password."""

    name = StringField(_l("姓名"), [InputRequired(NEEDED), Length(max=60)])
    telephone = TelField(_l("联系电话"), [Optional(), Length(max=30)])


class ProfileForm(Form):
    """What one may change about oneself."""

    name = StringField(_l("姓名"), [InputRequired(NEEDED), Length(max=60)])
    telephone = TelField(_l("联系电话"), [Optional(), Length(max=30)])
    language = SelectField(_l("语言"), choices=choices([("zh", "简体中文"), ("en", "English")]))


class CodeForm(Form):
    """One code from the authenticator."""

    code = StringField(_l("动态验证码"), [InputRequired(NEEDED), Length(max=40)])


class PasswordForm(Form):
    """The present password, to confirm a deed on the account."""

    password = PasswordField(_l("现在的密码"), [InputRequired(NEEDED), Length(max=200)])


class RegistrationForm(AcceptInvitationForm):
    """A supplier registers: the organisation and its first manager."""

    organisation = StringField(_l("单位名称"), [InputRequired(NEEDED), Length(max=120)])
    uscc = StringField(
        _l("统一社会信用代码"),
        [InputRequired(NEEDED), Regexp(r"^\s*[0-9A-Za-z]{18}\s*$", message=_l("应为 18 位数字或大写字母"))],
    )
    address = StringField(_l("地址"), [Optional(), Length(max=200)])
    email = EmailField(_l("邮箱"), [InputRequired(NEEDED), Email(_l("邮箱格式不对")), Length(max=254)])
