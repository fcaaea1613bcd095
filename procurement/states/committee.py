"""States and capacities of the committee's members, how they came to sit, and what makes their opinion void."""

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
    ABSENT = "absent", _l("缺席"), "bad"
    VOIDED = "voided", _l("评审意见无效"), "bad"
    LOCKED = "locked", _l("评分已锁定"), "good"


GONE = frozenset({SeatState.RECUSED, SeatState.ABSENT, SeatState.VOIDED})
"""Whoever sits no longer: their judgements do not count, and a substitute starts from nothing (R-COMM-10)."""


class SeatSource(Titled):
    """How a member came to sit (R-COMM-04, R-POOL-01); self-selected experts are marked in the notice."""

    PROVINCIAL_DRAW = "provincial-draw", _l("省级专家库随机抽取")
    SELF_SELECTED = "self-selected", _l("自行选定")
    OWN_DRAW = "own-draw", _l("本局专家库随机抽取")
    AUTHORISED = "authorised", _l("采购人授权")


class DisciplineCode(Titled):
    """What voids a member's opinion and fee (R-COMM-16)."""

    CONTACT = "contact", _l("评标开始前后私下接触投标人")
    PREFERENCE = "preference", _l("征询采购人的倾向性意见")
    AGREED_SCORES = "agreed-scores", _l("对主观评审因素协商评分")
    LEFT = "left", _l("评标中擅离职守影响评标")
    TOOK_RECORDS = "took-records", _l("记录、复制或者带走评标资料")


class CorrectionGround(Titled):
    """The only grounds on which locked scores may be touched again (R-EVAL-05)."""

    ARITHMETIC = "arithmetic", _l("分值汇总计算错误")
    OUT_OF_RANGE = "out-of-range", _l("分项评分超出评分标准范围")
    OBJECTIVE_DIFFERS = "objective-differs", _l("客观评审因素评分不一致")
    EXTREME = "extreme", _l("评分畸高、畸低")
