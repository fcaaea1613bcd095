"""What an agency asks the bureau's consent for."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class RequestKind(Titled):
    """What needs the principal's consent during an engagement."""

    TEAM = "team", _l("调整评价工作组")
    EXTENSION = "extension", _l("延期")
    OFF_SITE = "off-site", _l("采用非现场评价")
    RELEASE = "release", _l("对外提供或者发布")


class RequestState(State):
    """Where a request stands."""

    ASKED = "asked", _l("待财政局答复"), "waiting"
    AGREED = "agreed", _l("已同意"), "good"
    REFUSED = "refused", _l("不同意"), "bad"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"
