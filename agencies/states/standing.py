"""An agency's standing in the library, the decisions that change it, and coaching."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class Standing(State):
    """How an agency stands in the library on a day: computed, never stored."""

    IN_LIBRARY = "in-library", _l("在库"), "good"
    SUSPENDED = "suspended", _l("暂停"), "waiting"
    LEFT = "left", _l("已自愿退出"), "neutral"
    REMOVED = "removed", _l("已移出"), "bad"


class StandingKind(Titled):
    """What a decision does to the standing."""

    SUSPENSION = "suspension", _l("暂停")
    REMOVAL = "removal", _l("移出机构库")
    LEAVE = "leave", _l("自愿退出")
    RETURN = "return", _l("恢复在库")


class DecisionState(State):
    """Where a decision about the standing stands: one proposes or applies, another decides."""

    ASKED = "asked", _l("机构已申请"), "waiting"
    PROPOSED = "proposed", _l("待确认"), "waiting"
    DECIDED = "decided", _l("已决定"), "active"
    REFUSED = "refused", _l("未同意"), "neutral"
    REVOKED = "revoked", _l("已撤销"), "neutral"


class CoachingState(State):
    """Where the coaching of an agency stands (R-GRADE.C)."""

    RUNNING = "running", _l("辅导中"), "active"
    CLOSED = "closed", _l("辅导结束"), "good"
