"""The state machines of inquiries and challenges."""

from __future__ import annotations

from core.i18n import _l
from core.workflow import Transition, Workflow
from procurement.models import Challenge, Inquiry
from procurement.permissions import RemedyPermission
from procurement.states import ChallengeState as S
from procurement.states import InquiryState

INQUIRY: Workflow[Inquiry] = Workflow(
    noun="inquiry",
    title=_l("询问"),
    initial=InquiryState.ASKED,
    transitions=(
        Transition(
            "answer",
            frozenset({InquiryState.ASKED}),
            InquiryState.ANSWERED,
            RemedyPermission.ANSWER_INQUIRY,
            _l("答复"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            frozenset({InquiryState.ASKED}),
            InquiryState.WITHDRAWN,
            RemedyPermission.WITHDRAW_INQUIRY,
            _l("撤回询问"),
            confirm=_l("撤回后采购人不再答复。确定撤回吗？"),
        ),
    ),
)

_OPEN = frozenset({S.FILED, S.DRAFTED})
CHALLENGE: Workflow[Challenge] = Workflow(
    noun="challenge",
    title=_l("质疑"),
    initial=S.FILED,
    transitions=(
        Transition("draft", _OPEN, S.DRAFTED, RemedyPermission.DRAFT, _l("提交答复稿"), is_manual=False),
        Transition(
            "send_back",
            frozenset({S.DRAFTED}),
            S.FILED,
            RemedyPermission.ISSUE,
            _l("退回重拟"),
            needs_reason=True,
        ),
        Transition(
            "reject",
            frozenset({S.DRAFTED}),
            S.REJECTED,
            RemedyPermission.ISSUE,
            _l("签发不予受理通知"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "dismiss",
            frozenset({S.DRAFTED}),
            S.DISMISSED,
            RemedyPermission.ISSUE,
            _l("签发答复：质疑不成立"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "uphold",
            frozenset({S.DRAFTED}),
            S.UPHELD,
            RemedyPermission.ISSUE,
            _l("签发答复：质疑成立"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "remedy",
            frozenset({S.UPHELD}),
            S.REMEDIED,
            RemedyPermission.REMEDY,
            _l("处理措施已落实"),
            stamp="remedied_at",
            is_manual=False,
        ),
        Transition(
            "withdraw",
            _OPEN,
            S.WITHDRAWN,
            RemedyPermission.WITHDRAW,
            _l("撤回质疑"),
            confirm=_l("撤回后同一事项在期限内可以再次提出。确定撤回吗？"),
        ),
    ),
)
