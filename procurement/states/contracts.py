"""States of contracts, supplements, acceptances and payments, and the kinds of things in them."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class ContractState(State):
    """Where a contract stands. Whether it is suspended is asked of open cases, never stored (R-SUSP-01)."""

    DRAFT = "draft", _l("起草中"), "active"
    IN_REVIEW = "in-review", _l("待复核"), "waiting"
    READY = "ready", _l("待签订"), "waiting"
    SIGNED = "signed", _l("履行中"), "active"
    ACCEPTED = "accepted", _l("已验收"), "active"
    COMPLETED = "completed", _l("已办结"), "good"
    REFUSED = "refused", _l("中标人放弃"), "bad"
    TERMINATED = "terminated", _l("已解除"), "bad"


class SupplementState(State):
    """Where a supplement or alteration stands; it counts from its approval (R-CONTRACT-01)."""

    PROPOSED = "proposed", _l("待审批"), "waiting"
    APPROVED = "approved", _l("已生效"), "good"
    REJECTED = "rejected", _l("未同意"), "bad"


class SupplementKind(Titled):
    """What is agreed after signing: more of the same, or a change without a price."""

    SUPPLEMENT = "supplement", _l("补充合同（追加服务）")
    ALTERATION = "alteration", _l("合同变更（不增加金额）")


class AcceptanceState(State):
    """Where an acceptance stands (R-CONTRACT-02)."""

    OPEN = "open", _l("验收中"), "active"
    PASSED = "passed", _l("验收合格"), "good"
    FAILED = "failed", _l("验收不合格"), "bad"


class StandardKind(Titled):
    """The kinds of standards that an acceptance sheet must cover one by one (R-CONTRACT-02)."""

    TECHNICAL = "technical", _l("技术标准")
    SERVICE = "service", _l("服务标准")
    SAFETY = "safety", _l("安全标准")


class PaymentState(State):
    """Where a payment stands; who asks for it never approves it (R-SEC-02)."""

    REQUESTED = "requested", _l("待审批"), "waiting"
    APPROVED = "approved", _l("待支付"), "waiting"
    PAID = "paid", _l("已支付"), "good"
    REJECTED = "rejected", _l("已退回"), "bad"


class DepartureGround(Titled):
    """Why a lower rank may win; samples tested and visits made are never a ground (R-AWARD-01, R-AWARD-04)."""

    DECLINED = "declined", _l("排序在前的候选人书面放弃中标")
    UNABLE = "unable", _l("排序在前的候选人因不可抗力不能履行合同")
    UNLAWFUL = "unlawful", _l("排序在前的候选人经查实存在影响中标结果的违法行为")
    REMEDY = "remedy", _l("质疑或者投诉事项成立，排序在前的候选人不得中标")
