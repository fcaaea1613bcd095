"""States of questions and amendments, and what an amendment asks of bids that answered an older version."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class QuestionState(State):
    """Where a question about the documents stands; an open one blocks the opening."""

    OPEN = "open", _l("待答复"), "waiting"
    ANSWERED = "answered", _l("已答复"), "good"
    DECLINED = "declined", _l("不予答复"), "neutral"
    WITHDRAWN = "withdrawn", _l("已撤回"), "neutral"


class QuestionSubject(Titled):
    """What a question is about."""

    TENDER = "tender", _l("整个采购项目")
    LOT = "lot", _l("采购包")
    CRITERION = "criterion", _l("评审因素")


class AmendmentState(State):
    """Where an amendment stands, from draft to a published version."""

    DRAFT = "draft", _l("起草中"), "active"
    IN_APPROVAL = "in-approval", _l("待审批"), "waiting"
    PUBLISHED = "published", _l("已发布"), "good"
    DISCARDED = "discarded", _l("已放弃"), "neutral"


class Consequence(Titled):
    """What an amendment asks of the bids that were sealed for an older version."""

    CONFIRM = "confirm", _l("投标人确认即可，不必重新密封")
    RESEAL = "reseal", _l("须按新版重新密封递交")
