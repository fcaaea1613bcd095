"""States of a framework agreement and its admitted suppliers, why one is removed, and what happens in a turn."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class FrameworkState(State):
    """Where a framework agreement stands. Whether its term is over is computed from its last day, never stored."""

    FORMING = "forming", _l("签订框架协议中"), "waiting"
    IN_FORCE = "in-force", _l("已生效"), "good"
    ENDED = "ended", _l("已结束"), "neutral"


class MemberState(State):
    """Where an admitted supplier stands (R-FRAME-01)."""

    ADMITTED = "admitted", _l("已入围，待签协议"), "waiting"
    SIGNED = "signed", _l("协议有效"), "good"
    REMOVED = "removed", _l("已清退"), "bad"


class RemovalGround(Titled):
    """The only grounds on which an admission is cancelled or an agreement ended before its time (R-FRAME-01)."""

    COLLUSION = "collusion", _l("恶意串通谋取入围或者合同成交")
    FALSE_PAPERS = "false-papers", _l("提供虚假材料谋取入围或者合同成交")
    REFUSAL = "refusal", _l("无正当理由拒不接受合同授予或者不签订框架协议")
    BREACH = "breach", _l("不履行合同义务或者履行不符合约定，经请求后仍不改正")
    BARRED = "barred", _l("因违法行为被禁止或者限制参加政府采购活动")
    AGREED = "agreed", _l("框架协议约定的其他情形")


class TurnDeed(Titled):
    """What happened to a supplier's turn in the rotation; the list of these is the verifiable order (R-FRAME-03)."""

    OFFERED = "offered", _l("按顺序授予")
    ACCEPTED = "accepted", _l("已接受")
    DECLINED = "declined", _l("说明不能承接")
    EXCUSED = "excused", _l("有正当理由，保留本轮机会")
    FORFEITED = "forfeited", _l("无正当理由，本轮机会已用")
    RETURNED = "returned", _l("本次采购终止，退回机会")
