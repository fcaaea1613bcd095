"""Inquiry, challenge and complaint (询问、质疑、投诉): where they stand and the words of law that decide them."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class InquiryState(State):
    """Where an inquiry stands (R-REMEDY-01)."""

    ASKED = "asked", _l("待答复"), "waiting"
    ANSWERED = "answered", _l("已答复"), "good"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"


class ChallengeState(State):
    """Where a challenge stands (R-REMEDY-02): an officer drafts the answer, somebody else issues it (R-SEC-02)."""

    FILED = "filed", _l("已收到，待答复"), "waiting"
    DRAFTED = "drafted", _l("答复待签发"), "waiting"
    REJECTED = "rejected", _l("不予受理"), "bad"
    DISMISSED = "dismissed", _l("质疑不成立"), "neutral"
    UPHELD = "upheld", _l("质疑成立，正在处理"), "active"
    REMEDIED = "remedied", _l("质疑成立，已处理"), "good"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"


class ChallengeBasis(Titled):
    """What is challenged; each has its own first day (条例 art. 53)."""

    DOCUMENTS = "documents", _l("采购文件")
    PROCESS = "process", _l("采购过程")
    RESULT = "result", _l("中标结果")


class ProcessStep(Titled):
    """The step of the process that is challenged; the period starts when it ended."""

    OPENING = "opening", _l("开标")
    EVALUATION = "evaluation", _l("资格审查和评标")


class Verdict(Titled):
    """What the answer to a challenge says."""

    REJECTED = "rejected", _l("不予受理")
    DISMISSED = "dismissed", _l("质疑不成立")
    UPHELD = "upheld", _l("质疑成立")


class Measure(Titled):
    """What follows from a challenge or complaint that is upheld."""

    CONTINUE = "continue", _l("不影响中标结果，继续采购活动")
    AMEND_DOCUMENTS = "amend-documents", _l("澄清或者修改采购文件后继续采购活动")
    RE_EVALUATE = "re-evaluate", _l("由原评标委员会依法重新评审")
    OTHER_WINNER = "other-winner", _l("从合格的中标候选人中另行确定中标人")
    RE_TENDER = "re-tender", _l("中标结果无效，重新开展采购活动")


class ComplaintState(State):
    """Where a complaint stands (R-REMEDY-03); only procurement supervision moves it on (R-SEC-01)."""

    FILED = "filed", _l("已收到，待审查"), "waiting"
    CORRECTING = "correcting", _l("待投诉人补正"), "waiting"
    REFUSED = "refused", _l("不予受理"), "bad"
    ACCEPTED = "accepted", _l("已受理，调查中"), "active"
    DISMISSED = "dismissed", _l("投诉驳回"), "neutral"
    UPHELD = "upheld", _l("投诉成立"), "bad"
    WITHDRAWN = "withdrawn", _l("投诉人撤回"), "neutral"


class DismissalGround(Titled):
    """Why a complaint is dismissed; the last three are unfounded in the sense of R-REMEDY-04."""

    NOT_ADMISSIBLE = "not-admissible", _l("受理后发现不符合法定受理条件")
    NOT_PROVEN = "not-proven", _l("缺乏事实依据，投诉事项不成立")
    FALSE = "false", _l("捏造事实或者提供虚假材料")
    UNLAWFUL_EVIDENCE = "unlawful-evidence", _l("以非法手段取得证明材料")

    @property
    def is_unfounded(self) -> bool:
        """Whether it counts as investigated without result (查无实据)."""
        return self is not DismissalGround.NOT_ADMISSIBLE
