"""What the members of an evaluation team are in it."""

from __future__ import annotations

from core.i18n import _l
from core.states import Titled


class TeamRole(Titled):
    """What somebody is in an evaluation team; at least one is a lead evaluator (R-AGENCY-07)."""

    LEAD = "lead", _l("主评人")
    MEMBER = "member", _l("评价人员")
    ADVISER = "adviser", _l("外聘专家")
    SURVEYOR = "surveyor", _l("调查人员")
