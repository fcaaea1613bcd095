"""The state machines of a round of comments and of one party's letter (R-AGENCY-11)."""

from __future__ import annotations

from sqlalchemy import func, select

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from grading.models import CommentLetter, CommentRound, ReportComment
from grading.permissions import CommentPermission
from grading.states import LetterStand, Party, RoundState


def parties_waited_for(uow: UnitOfWork, row: CommentRound) -> list[Party]:
    """Return the parties that were not heard while their time to comment still runs."""
    if uow.today > row.due_on:
        return []
    heard = set(
        uow.session.scalars(
            select(CommentLetter.party).where(CommentLetter.round_id == row.id, CommentLetter.state == LetterStand.SENT)
        )
    )
    return [one for one in Party if one not in heard]


def numbers_unanswered(uow: UnitOfWork, row: CommentRound) -> list[int]:
    """Return the numbers of the sent comments that have no answer."""
    return list(
        uow.session.scalars(
            select(ReportComment.number)
            .where(
                ReportComment.round_id == row.id, ReportComment.number.is_not(None), ReportComment.adoption.is_(None)
            )
            .order_by(ReportComment.number)
        )
    )


def parties_were_heard(uow: UnitOfWork, row: CommentRound) -> Refusal | None:
    """Both parties answered, or their time is over."""
    if not parties_waited_for(uow, row):
        return None
    return Refusal(_l("各方意见尚未收齐，征求意见截止 %(day)s", day=row.due_on.isoformat()), rule_id="R-AGENCY-11")


def comments_are_answered(uow: UnitOfWork, row: CommentRound) -> Refusal | None:
    """Every comment has its answer with a reason."""
    left = numbers_unanswered(uow, row)
    if not left:
        return None
    numbers = "、".join(str(one) for one in left)
    return Refusal(
        _l("请逐条答复，尚缺第 %(items)s 条", items=numbers), rule_id="R-AGENCY-11", field=f"adoption_{left[0]}"
    )


def round_is_open(uow: UnitOfWork, letter: CommentLetter) -> Refusal | None:
    """Comments are taken until the agency has answered."""
    state = uow.session.scalar(select(CommentRound.state).where(CommentRound.id == letter.round_id))
    return None if state is RoundState.ASKING else Refusal(_l("征求意见已经结束"), rule_id="R-AGENCY-11")


def commented(uow: UnitOfWork, row: CommentRound) -> int:
    """Return how many comments were sent."""
    return (
        uow.session.scalar(
            select(func.count()).where(ReportComment.round_id == row.id, ReportComment.number.is_not(None))
        )
        or 0
    )


ROUND: Workflow[CommentRound] = Workflow(
    noun="comment_round",
    title=_l("征求意见"),
    initial=RoundState.ASKING,
    transitions=(
        Transition(
            "answer",
            frozenset({RoundState.ASKING}),
            RoundState.ANSWERED,
            CommentPermission.ANSWER,
            _l("提交答复"),
            guards=(parties_were_heard, comments_are_answered),
            stamp="answered_at",
            is_manual=False,
        ),
        Transition(
            "replace",
            frozenset({RoundState.ASKING}),
            RoundState.REPLACED,
            CommentPermission.ANSWER,
            _l("由新的征求意见稿取代"),
            is_manual=False,
        ),
    ),
)

COMMENTS: Workflow[CommentLetter] = Workflow(
    noun="comment_letter",
    title=_l("书面意见"),
    initial=LetterStand.DRAFT,
    transitions=(
        Transition(
            "send",
            frozenset({LetterStand.DRAFT}),
            LetterStand.SENT,
            CommentPermission.COMMENT,
            _l("发出意见"),
            guards=(round_is_open,),
            stamp="sent_at",
            is_manual=False,
        ),
    ),
)
