"""States of a change of an agency's record (R-AGENCY-03)."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class RecordChangeState(State):
    """Where a change stands: known to have happened, reported, asked about, taken over, or given up."""

    NOTED = "noted", _l("待申报"), "active"
    REPORTED = "reported", _l("已申报待核对"), "waiting"
    QUESTIONED = "questioned", _l("待说明"), "active"
    VERIFIED = "verified", _l("已核对变更"), "good"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"


class ChangeDeed(Titled):
    """What a change does to the record."""

    ADD = "add", _l("新增")
    CHANGE = "change", _l("变更")
    END = "end", _l("不再有效")
