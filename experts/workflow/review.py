"""The state machines of a review, its draw and a seat (R-IND-01)."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from experts.models import Draw, Review, Seat
from experts.outcome import is_quorum
from experts.permissions import ReviewPermission, SeatPermission
from experts.seats import locked_count
from experts.states import DrawState, Outcome, ReviewState, SeatState
from experts.terms import terms_of


def quorum_locked(uow: UnitOfWork, review: Review) -> Refusal | None:
    """Two thirds of the panel have locked their sheets (R-IND.quorum)."""
    locked = locked_count(uow, review)
    if is_quorum(locked, review.size, terms_of(uow, review)):
        return None
    return Refusal(
        _l("已提交 %(locked)s 份评审表，须达到全部 %(size)s 席的三分之二", locked=locked, size=review.size),
        rule_id="R-IND.quorum",
    )


def panel_passed(_uow: UnitOfWork, review: Review) -> Refusal | None:
    """The bureau's consent follows the panel's; anything else goes back to the agency (R-IND.pass)."""
    if review.outcome is Outcome.PASS:
        return None
    return Refusal(_l("专家组结论不是“通过”，只能退回修改"), rule_id="R-IND.pass")


def a_reveal_is_missing(_uow: UnitOfWork, draw: Draw) -> Refusal | None:
    """Only a draw in which somebody withholds the reveal may be void."""
    if any(share.value is None for share in draw.shares):
        return None
    return Refusal(_l("各方均已揭示，抽取有效，不能作废"))


def is_spare(_uow: UnitOfWork, seat: Seat) -> Refusal | None:
    """Only a reserve who was asked beside the panel is released; a member declines, recuses or submits."""
    return None if seat.is_spare else Refusal(_l("只有同时询问的候补才能结束候补"), rule_id="R-EXP.wave")


RUNNING = (ReviewState.CONVENED, ReviewState.DRAWING, ReviewState.INVITING, ReviewState.SCORING)

REVIEW: Workflow[Review] = Workflow(
    noun="review",
    title=_l("指标评审"),
    initial=ReviewState.CONVENED,
    transitions=(
        Transition(
            "draw",
            frozenset({ReviewState.CONVENED}),
            ReviewState.DRAWING,
            ReviewPermission.PREPARE_DRAW,
            _l("锁定抽取方案"),
            is_manual=False,
        ),
        Transition(
            "invite",
            frozenset({ReviewState.CONVENED, ReviewState.DRAWING}),
            ReviewState.INVITING,
            ReviewPermission.ADVANCE,
            _l("邀请专家"),
            is_manual=False,
        ),
        Transition(
            "score",
            frozenset({ReviewState.INVITING}),
            ReviewState.SCORING,
            ReviewPermission.ADVANCE,
            _l("开始评分"),
            is_manual=False,
        ),
        Transition(
            "close_scoring",
            frozenset({ReviewState.SCORING}),
            ReviewState.SCORED,
            ReviewPermission.CLOSE_SCORING,
            _l("结束评分"),
            guards=(quorum_locked,),
            is_manual=False,
        ),
        Transition(
            "pass",
            frozenset({ReviewState.SCORED}),
            ReviewState.PASSED,
            ReviewPermission.CONCLUDE,
            _l("同意指标体系"),
            guards=(panel_passed,),
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "return",
            frozenset({ReviewState.SCORED}),
            ReviewState.RETURNED,
            ReviewPermission.CONCLUDE,
            _l("退回修改"),
            needs_reason=True,
            stamp="decided_at",
            is_manual=False,
        ),
        Transition(
            "cancel",
            frozenset(RUNNING),
            ReviewState.CANCELLED,
            ReviewPermission.CANCEL,
            _l("取消评审"),
            needs_reason=True,
        ),
    ),
)

DRAW: Workflow[Draw] = Workflow(
    noun="draw",
    title=_l("专家抽取"),
    initial=DrawState.COMMITTED,
    transitions=(
        Transition(
            "collect",
            frozenset({DrawState.COMMITTED}),
            DrawState.REVEALING,
            ReviewPermission.ADVANCE,
            _l("等待揭示"),
            is_manual=False,
        ),
        Transition(
            "finish",
            frozenset({DrawState.REVEALING}),
            DrawState.DONE,
            ReviewPermission.ADVANCE,
            _l("完成抽取"),
            stamp="done_at",
            is_manual=False,
        ),
        Transition(
            "void",
            frozenset({DrawState.REVEALING}),
            DrawState.VOID,
            ReviewPermission.VOID_DRAW,
            _l("宣布作废"),
            guards=(a_reveal_is_missing,),
            is_manual=False,
        ),
    ),
)

ANSWERABLE = frozenset({SeatState.INVITED})

SEAT: Workflow[Seat] = Workflow(
    noun="seat",
    title=_l("专家席位"),
    initial=SeatState.RESERVE,
    transitions=(
        Transition(
            "invite",
            frozenset({SeatState.RESERVE}),
            SeatState.INVITED,
            SeatPermission.REPLACE,
            _l("邀请"),
            stamp="invited_at",
            is_manual=False,
        ),
        Transition(
            "accept",
            ANSWERABLE,
            SeatState.ACCEPTED,
            SeatPermission.ANSWER,
            _l("接受邀请"),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "decline",
            ANSWERABLE,
            SeatState.DECLINED,
            SeatPermission.ANSWER,
            _l("谢绝邀请"),
            stamp="answered_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "recuse",
            frozenset({SeatState.RESERVE, SeatState.INVITED, SeatState.ACCEPTED}),
            SeatState.RECUSED,
            SeatPermission.ANSWER,
            _l("申请回避"),
            stamp="answered_at",
            needs_reason=True,
            is_manual=False,
        ),
        Transition(
            "lapse",
            ANSWERABLE,
            SeatState.LAPSED,
            SeatPermission.REPLACE,
            _l("视为不能参加"),
            is_manual=False,
        ),
        Transition(
            "release",
            frozenset({SeatState.INVITED, SeatState.ACCEPTED}),
            SeatState.RELEASED,
            SeatPermission.REPLACE,
            _l("候补结束"),
            guards=(is_spare,),
            is_manual=False,
        ),
        Transition(
            "submit",
            frozenset({SeatState.ACCEPTED}),
            SeatState.SUBMITTED,
            SeatPermission.SCORE,
            _l("提交评审表"),
            is_manual=False,
        ),
    ),
)
