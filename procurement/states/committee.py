"""States and capacities of the committee's members, and why locked scores may be touched again."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class SeatCategory(Titled):
    """In what capacity somebody sits on the committee (R-COMM-01, R-COMM-08)."""

    EXPERT = "expert", _l("评审专家")
    PURCHASER = "purchaser", _l("采购人代表")


class SeatState(State):
    """Where a member of the committee stands."""

    NAMED = "named", _l("待声明"), "waiting"
    DECLARED = "declared", _l("已声明无利害关系"), "active"
    RECUSED = "recused", _l("已回避"), "bad"
    LOCKED = "locked", _l("评分已锁定"), "good"


class CorrectionGround(Titled):
    """The only grounds on which locked scores may be touched again (R-EVAL-05)."""

    ARITHMETIC = "arithmetic", _l("分值汇总计算错误")
    OUT_OF_RANGE = "out-of-range", _l("分项评分超出评分标准范围")
    OBJECTIVE_DIFFERS = "objective-differs", _l("客观评审因素评分不一致")
    EXTREME = "extreme", _l("评分畸高、畸低")
