"""How the core's own audit tags read on a timeline."""

from __future__ import annotations

from core.i18n import _l
from core.ports import AuditTag

TAGS = (
    AuditTag("account.set_reminders", _l("更改提醒设置")),
    AuditTag("account.make_calendar", _l("生成日历地址")),
    AuditTag("account.end_calendar", _l("停用日历地址")),
    AuditTag("organisation.create", _l("登记单位")),
    AuditTag("organisation.change", _l("修改单位信息")),
    AuditTag("organisation.register", _l("供应商自行注册")),
    AuditTag("user.create", _l("建立账户")),
    AuditTag("user.invite", _l("发出邀请")),
    AuditTag("user.grant_role", _l("授予角色")),
    AuditTag("user.end_role", _l("取消角色")),
    AuditTag("user.activate", _l("启用账户")),
    AuditTag("user.deactivate", _l("停用账户")),
    AuditTag("account.sign_in", _l("登录")),
    AuditTag("account.reset", _l("重设密码")),
    AuditTag("account.invitation", _l("接受邀请")),
    AuditTag("account.change_password", _l("更改密码")),
    AuditTag("account.enable_totp", _l("启用二次验证")),
    AuditTag("account.disable_totp", _l("停用二次验证")),
    AuditTag("document.add", _l("加入文件")),
)
