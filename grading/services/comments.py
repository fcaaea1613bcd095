"""Written comments on a draft, and the agency's answers item by item (R-AGENCY-11, R-AGENCY.comments)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from agencies.services.milestones import reached, reopened
from agencies.states import MilestoneKind
from core.deadlines import derive
from core.documents.accept import keep_bytes
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from experts.states import Adoption
from grading.addresses import comments_page
from grading.models import CommentLetter, CommentRound, InternalReview, ReportComment, Submission
from grading.notifications import COMMENTED, COMMENTS_ANSWERED, DRAFT_DELIVERED
from grading.permissions import CommentPermission
from grading.queries.comment import last_round, letter_of, sent_comments
from grading.services.comment_sheet import comment_paper
from grading.states import LetterStand, Party, RoundState
from grading.workflow import COMMENTS, ROUND, commented

MOST_COMMENTS = 100
PAPER = "comment-sheet"


@dataclass(frozen=True)
class Comment:
    """One comment as typed: where in the draft, and what."""

    body: str
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """The agency's answer to one comment; `words` say where it was changed, or why not."""

    adoption: Adoption | None
    words: str = ""


def due_day(uow: UnitOfWork) -> date:
    """Return the last day to comment on a draft delivered today."""
    rules, local = uow.house.rules, overrides(uow)
    return derive("R-AGENCY.comments", uow.today, work_calendar(uow), rules, overrides=local).last_day


def open_round(uow: UnitOfWork, submission: Submission) -> CommentRound:
    """Send a new draft out for comments; the round before it, still without comments, is replaced."""
    engagement = submission.engagement
    before = last_round(uow, engagement.id)
    if before is not None and before.state is RoundState.ASKING:
        ROUND.fire(uow, before, "replace", as_system=True)
        uow.session.flush()
    last = uow.session.scalar(select(func.max(CommentRound.number)).where(CommentRound.engagement_id == engagement.id))
    row = uow.add(
        CommentRound(
            engagement_id=engagement.id,
            engagement=engagement,
            submission_id=submission.id,
            submission=submission,
            number=(last or 0) + 1,
            state=RoundState.ASKING,
            asked_at=uow.now,
            due_on=due_day(uow),
            answered_at=None,
            answered_by_id=None,
        )
    )
    uow.session.flush()
    for kind in (MilestoneKind.COMMENTS, MilestoneKind.REVIEW):
        reopened(uow, engagement, kind)
    reached(uow, engagement, MilestoneKind.DRAFT)
    uow.record("comment_round.ask", row, after={"number": row.number, "due_on": row.due_on})
    people = {
        *user_ids_with(uow, Role.QUALITY_OFFICER),
        *user_ids_with(uow, Role.UNIT_OFFICER, organisation_id=engagement.project.unit_id),
    }
    words = {"project": engagement.project.name, "agency": engagement.agency.name, "due": row.due_on.isoformat()}
    notify(uow, DRAFT_DELIVERED, people, url=comments_page(engagement.id), params=words)
    return row


def party_of(uow: UnitOfWork, row: CommentRound) -> Party | None:
    """Return for whom the actor comments, or None."""
    if not policy.allows(uow.actor, CommentPermission.COMMENT, row):
        return None
    unit = row.engagement.project.unit_id in uow.actor.organisations_as(Role.UNIT_OFFICER)
    return Party.UNIT if unit and not uow.actor.has(Role.QUALITY_OFFICER) else Party.BUREAU


def keep_comments(uow: UnitOfWork, row: CommentRound, comments: Sequence[Comment]) -> CommentLetter:
    """Keep the actor's comments as a draft of their party; rows without words are left out.

    Raises `Refused` once they were sent (comments are not edited after sending) or answered.
    """
    party = party_of(uow, row)
    if party is None:
        decision = policy.decide(uow.actor, CommentPermission.COMMENT, row)
        raise Forbidden(decision.reason)
    uow.lock(row)
    written = [one for one in comments if one.body.strip()]
    if row.state is not RoundState.ASKING:
        raise Refused(Refusal(_l("征求意见已经结束"), rule_id="R-AGENCY-11"))
    if len(written) > MOST_COMMENTS:
        raise Refused(Refusal(_l("一次最多提 %(count)s 条意见", count=MOST_COMMENTS)))
    letter = letter_of(uow, row, party)
    if letter is not None and letter.state is LetterStand.SENT:
        raise Refused(Refusal(_l("意见已经发出，不能再修改"), rule_id="R-AGENCY-11"))
    if letter is None:
        letter = uow.add(CommentLetter(round_id=row.id, round=row, party=party, state=LetterStand.DRAFT, sent_at=None))
    letter.written_by_id = uow.actor.user_id
    letter.comments.clear()
    uow.session.flush()  # the old rows must be gone before rows of the same place come
    for position, one in enumerate(written, start=1):
        letter.comments.append(
            ReportComment(
                id=uow.ids.new(),
                round_id=row.id,
                position=position,
                number=None,
                place=one.place.strip(),
                body=one.body.strip(),
                adoption=None,
                answered_at=None,
            )
        )
    uow.session.flush()
    return letter


def send_comments(uow: UnitOfWork, row: CommentRound, comments: Sequence[Comment]) -> CommentLetter:
    """Send the actor's comments, numbered through the round; none at all says that there are none."""
    letter = keep_comments(uow, row, comments)
    last = uow.session.scalar(select(func.max(ReportComment.number)).where(ReportComment.round_id == row.id)) or 0
    for number, one in enumerate(letter.comments, start=last + 1):
        one.number = number
    uow.session.flush()
    COMMENTS.fire(uow, letter, "send", detail={"party": letter.party.value, "comments": len(letter.comments)})
    engagement = row.engagement
    words = {
        "project": engagement.project.name,
        "party": str(letter.party.label),
        "count": str(len(letter.comments)),
    }
    agency = user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=engagement.agency_id)
    notify(uow, COMMENTED, agency, url=comments_page(engagement.id), params=words)
    return letter


def keep_answers(uow: UnitOfWork, row: CommentRound, answers: Mapping[int, Answer]) -> None:
    """Keep the agency's answers by the comments' numbers, as a draft.

    Raises `Refused` at each that was chosen without words: whether adopted or not, the reason is told (R-AGENCY-11).
    """
    uow.lock(row)
    if row.state is not RoundState.ASKING:
        raise Refused(Refusal(_l("意见已经答复，不能再修改"), rule_id="R-AGENCY-11"))
    bare = [
        Refusal(
            _l("第 %(number)s 条：请写明采纳后改在何处，或者不采纳的理由", number=number),
            rule_id="R-AGENCY-11",
            field=f"answer_{number}",
        )
        for number, one in answers.items()
        if one.adoption is not None and not one.words.strip()
    ]
    if bare:
        raise Refused(*bare)
    for comment in sent_comments(uow, row):
        said = answers.get(comment.number or 0)
        if said is None or said.adoption is None:
            continue
        if (said.adoption, said.words.strip()) != (comment.adoption, comment.answer):
            comment.adoption, comment.answer, comment.answered_at = said.adoption, said.words.strip(), uow.now
    uow.session.flush()


def send_answers(uow: UnitOfWork, row: CommentRound, answers: Mapping[int, Answer]) -> None:
    """Send the answers to all parties with their sheet as a paper.

    Raises `Refused` while a comment lacks its answer, and before all parties were heard or their time is over.
    """
    keep_answers(uow, row, answers)
    counted = {"comments": commented(uow, row)}
    ROUND.fire(uow, row, "answer", assign={"answered_by_id": uow.actor.user_id}, detail=counted)
    uow.session.flush()
    engagement = row.engagement
    reached(uow, engagement, MilestoneKind.COMMENTS)
    name = f"报告意见采纳情况表-{engagement.number}-{row.number}.pdf"
    paper = comment_paper(uow, row)
    keep_bytes(uow, paper, owner=row, purpose=PAPER, name=name, media_type="application/pdf")
    people = {
        *user_ids_with(uow, Role.QUALITY_OFFICER),
        *user_ids_with(uow, Role.UNIT_OFFICER, organisation_id=engagement.project.unit_id),
    }
    words = {"project": engagement.project.name, "agency": engagement.agency.name}
    notify(uow, COMMENTS_ANSWERED, people, url=comments_page(engagement.id), params=words, by_mail=False)


def record_review(
    uow: UnitOfWork, row: CommentRound, *, department: str, reviewer: str, opinion: str, is_passed: bool
) -> InternalReview:
    """Record the agency's own review of the report by a named department and person.

    Raises `Refused` before the comments are answered, and at each field that is empty.
    """
    decision = policy.decide(uow.actor, CommentPermission.REVIEW, row)
    if not decision:
        raise Forbidden(decision.reason)
    refusals = []
    if row.state is not RoundState.ANSWERED:
        refusals.append(Refusal(_l("逐条答复意见后才能内部审核"), rule_id="R-AGENCY-11"))
    for field, value, words in (
        ("department", department, _l("请填写审核部门")),
        ("reviewer", reviewer, _l("请填写审核人")),
        ("opinion", opinion, _l("请填写审核意见")),
    ):
        if not value.strip():
            refusals.append(Refusal(words, rule_id="R-AGENCY-11", field=field))
    if refusals:
        raise Refused(*refusals)
    review = uow.add(
        InternalReview(
            round_id=row.id,
            department=department.strip(),
            reviewer=reviewer.strip(),
            opinion=opinion.strip(),
            is_passed=is_passed,
            reviewed_at=uow.now,
            recorded_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    if is_passed:
        reached(uow, row.engagement, MilestoneKind.REVIEW)
    uow.record("comment_round.review", row, after={"passed": is_passed})
    return review
