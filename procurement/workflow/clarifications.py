"""The state machines of a question and of an amendment."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.models import Amendment, Question
from procurement.permissions import ClarificationPermission
from procurement.states import AmendmentState, QuestionState

Q, A = QuestionState, AmendmentState


def can_still_amend(uow: UnitOfWork, amendment: Amendment) -> Refusal | None:
    """Nothing is amended once bids may no longer arrive."""
    if amendment.tender.is_open_at(uow.now):
        return None
    return Refusal(_l("投标已截止或采购已结束，不能再更正采购文件"), rule_id="R-TENDER-05")


QUESTION: Workflow[Question] = Workflow(
    noun="question",
    title=_l("提问"),
    initial=Q.OPEN,
    transitions=(
        Transition(
            "withdraw",
            frozenset({Q.OPEN}),
            Q.WITHDRAWN,
            ClarificationPermission.WITHDRAW_QUESTION,
            _l("撤回提问"),
            stamp="closed_at",
            confirm=_l("撤回后采购人不再答复这个问题。确定撤回吗？"),
        ),
        Transition(
            "answer",
            frozenset({Q.OPEN}),
            Q.ANSWERED,
            ClarificationPermission.ANSWER,
            _l("发布答复"),
            stamp="closed_at",
            is_manual=False,
        ),
        Transition(
            "decline",
            frozenset({Q.OPEN}),
            Q.DECLINED,
            ClarificationPermission.DECLINE,
            _l("不予答复"),
            stamp="closed_at",
            needs_reason=True,
            is_manual=False,
        ),
    ),
)
AMENDMENT: Workflow[Amendment] = Workflow(
    noun="amendment",
    title=_l("更正公告"),
    initial=A.DRAFT,
    transitions=(
        Transition(
            "submit",
            frozenset({A.DRAFT}),
            A.IN_APPROVAL,
            ClarificationPermission.EDIT_AMENDMENT,
            _l("提交审批"),
            guards=(can_still_amend,),
            primary=True,
            is_manual=False,
        ),
        Transition(
            "send_back",
            frozenset({A.IN_APPROVAL}),
            A.DRAFT,
            ClarificationPermission.APPROVE_AMENDMENT,
            _l("退回修改"),
            needs_reason=True,
        ),
        Transition(
            "publish",
            frozenset({A.IN_APPROVAL}),
            A.PUBLISHED,
            ClarificationPermission.APPROVE_AMENDMENT,
            _l("批准并发布更正公告"),
            guards=(can_still_amend,),
            stamp="published_at",
            primary=True,
            is_manual=False,
        ),
        Transition(
            "discard",
            frozenset({A.DRAFT, A.IN_APPROVAL}),
            A.DISCARDED,
            ClarificationPermission.EDIT_AMENDMENT,
            _l("放弃更正"),
            confirm=_l("放弃后须重新起草。确定放弃吗？"),
        ),
    ),
)
