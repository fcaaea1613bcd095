"""States of an agency's application to enter the library."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class AdmissionState(State):
    """Where the application stands. Being in the library is never a condition of bidding (R-GRADE.scope)."""

    FILLING = "filling", _l("填写中"), "active"
    SUBMITTED = "submitted", _l("已提交待审核"), "waiting"
    RETURNED = "returned", _l("退回补正"), "active"
    ADMITTED = "admitted", _l("已入机构库"), "good"
    REJECTED = "rejected", _l("未予入库"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"


class PointVerdict(Titled):
    """What the officer says of one part of the record."""

    CONFIRMED = "confirmed", _l("核实无误")
    OBJECTED = "objected", _l("需要补正")
