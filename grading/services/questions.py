"""Asking the agency about findings, and its answers one by one (R-AGENCY-11, R-GRADE.reply)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.deadlines import derive
from core.documents.accept import keep_bytes
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from grading.addresses import letter_page
from grading.models import QuestionItem, QuestionLetter, Submission
from grading.notifications import ANSWERED, ASKED
from grading.queries import findings_of
from grading.services.question_paper import question_paper
from grading.states import LetterState, Stance, SubmissionState
from grading.workflow import LETTER

PURPOSE = "question-letter"
NUMBERING = 0x515545


@dataclass(frozen=True)
class Answer:
    """An agency's answer to one finding of a letter."""

    stance: Stance
    words: str = ""


def due_day(uow: UnitOfWork) -> date:
    """Return the last day to answer a letter sent today (R-GRADE.reply)."""
    return derive("R-GRADE.reply", uow.today, work_calendar(uow), uow.house.rules).last_day


def ask_agency(
    uow: UnitOfWork, submission: Submission, chosen: Sequence[uuid.UUID], *, words: str = "", due_on: date | None = None
) -> QuestionLetter:
    """Put findings to the agency in a letter and tell it.

    `due_on` may be later than the rule's day, never earlier. Raises `Refused` without findings, while the report is
    not in disposal, and while an earlier letter of this version waits for its answer.
    """
    uow.lock(submission)
    least = due_day(uow)
    rows = [one for one in findings_of(uow, submission) if one.id in set(chosen)]
    refusals = []
    if submission.state is not SubmissionState.CHECKED:
        refusals.append(Refusal(_l("报告不在处置阶段，不能就疑点询问机构")))
    if open_letter(uow, submission) is not None:
        refusals.append(Refusal(_l("上一封询问函还在等机构答复")))
    if not rows:
        refusals.append(Refusal(_l("请至少选择一条疑点"), field="chosen"))
    if due_on is not None and due_on < least:
        refusals.append(
            Refusal(_l("答复期限不能早于 %(day)s", day=least.isoformat()), rule_id="R-GRADE.reply", field="due_on")
        )
    if refusals:
        raise Refused(*refusals)
    letter = uow.add(
        QuestionLetter(
            submission_id=submission.id,
            number=_next_number(uow),
            words=words.strip(),
            due_on=due_on or least,
            state=LetterState.SENT,
            sent_at=uow.now,
            sent_by_id=uow.actor.user_id,
            answered_at=None,
        )
    )
    uow.session.flush()
    for position, finding in enumerate(rows, start=1):
        uow.add(QuestionItem(letter_id=letter.id, finding_id=finding.id, position=position, stance=None))
    uow.session.flush()
    uow.record(
        "question_letter.send",
        letter,
        after={"number": letter.number, "due_on": letter.due_on, "findings": [one.position for one in rows]},
    )
    paper = question_paper(uow, letter)
    name = f"{letter.number}.pdf"
    keep_bytes(uow, paper, owner=letter, purpose=PURPOSE, name=name, media_type="application/pdf")
    engagement = submission.engagement
    notify(
        uow,
        ASKED,
        user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=engagement.agency_id),
        url=letter_page(letter.id),
        params={
            "project": engagement.project.name,
            "count": str(len(rows)),
            "number": letter.number,
            "due": letter.due_on.isoformat(),
        },
    )
    return letter


def keep_answers(uow: UnitOfWork, letter: QuestionLetter, answers: Mapping[int, Answer]) -> None:
    """Keep the agency's answers, by the item's number, as a draft; an explanation needs words.

    Raises `Refused` at each item that lacks them, and once the letter is answered.
    """
    uow.lock(letter)
    if letter.state is not LetterState.SENT:
        raise Refused(Refusal(_l("这封询问函已经答复")))
    wrong = [
        Refusal(_l("第 %(item)s 条：请写明情况", item=number), rule_id="R-AGENCY-11", field=f"answer_{number}")
        for number, answer in answers.items()
        if answer.stance is Stance.EXPLAINS and not answer.words.strip()
    ]
    if wrong:
        raise Refused(*wrong)
    for item in letter.items:
        answer = answers.get(item.position)
        if answer is not None:
            item.stance, item.answer = answer.stance, answer.words.strip()
    uow.session.flush()


def send_answers(uow: UnitOfWork, letter: QuestionLetter, answers: Mapping[int, Answer]) -> None:
    """Keep the answers and hand them in. Raises `Refused` while a finding has none (R-AGENCY-11)."""
    keep_answers(uow, letter, answers)
    LETTER.fire(uow, letter, "answer", detail={"late": uow.today > letter.due_on})
    notify(
        uow,
        ANSWERED,
        user_ids_with(uow, Role.QUALITY_OFFICER),
        url=letter_page(letter.id),
        params={
            "project": letter.engagement.project.name,
            "agency": letter.engagement.agency.name,
            "number": letter.number,
        },
    )


def letters_of(uow: UnitOfWork, submission: Submission) -> list[QuestionLetter]:
    """Return the letters about a version, newest first."""
    return list(
        uow.session.scalars(
            select(QuestionLetter)
            .where(QuestionLetter.submission_id == submission.id)
            .order_by(QuestionLetter.sent_at.desc())
        )
    )


def open_letter(uow: UnitOfWork, submission: Submission) -> QuestionLetter | None:
    """Return the letter that waits for its answer, or None."""
    return next((one for one in letters_of(uow, submission) if one.state is LetterState.SENT), None)


def answers_of(uow: UnitOfWork, submission: Submission) -> dict[uuid.UUID, QuestionItem]:
    """Return what the agency answered last to each finding of a version, by the finding's id; sent answers only."""
    rows = uow.session.scalars(
        select(QuestionItem)
        .join(QuestionLetter, QuestionLetter.id == QuestionItem.letter_id)
        .where(QuestionLetter.submission_id == submission.id, QuestionLetter.answered_at.is_not(None))
        .order_by(QuestionLetter.sent_at)
    )
    return {one.finding_id: one for one in rows if one.stance is not None}


def close_by_correction(uow: UnitOfWork, before: Submission) -> None:
    """A corrected version answers the letters about the version before it."""
    for letter in letters_of(uow, before):
        if letter.state is not LetterState.CORRECTED:
            LETTER.fire(uow, letter, "correct", as_system=True)


def _next_number(uow: UnitOfWork) -> str:
    """Return the next free number of the year, e.g. 询函〔2026〕7号."""
    # A lock for the numbering alone: two letters sent at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(NUMBERING)))
    year = uow.today.year
    taken = uow.session.scalar(select(func.count()).where(QuestionLetter.number.like(f"询函〔{year}〕%"))) or 0
    return f"询函〔{year}〕{taken + 1}号"
