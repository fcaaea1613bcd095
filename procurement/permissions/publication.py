"""Who may read and register public notices."""

from __future__ import annotations

from core.i18n import _l
from core.permissions import Permission, anyone
from procurement.permissions.tenders import officer


class NoticePermission(Permission):
    """What one may do with a public notice."""

    READ = "public-notice:read", _l("查看各类公告")
    BROWSE = "public-notice:browse", _l("查看各类公告的登记情况")
    REGISTER = "public-notice:register", _l("登记公告在指定媒体的网址和时间")


NOTICE_POLICY = {
    NoticePermission.READ: ((anyone,),),
    NoticePermission.BROWSE: ((officer,),),
    NoticePermission.REGISTER: ((officer,),),
}
