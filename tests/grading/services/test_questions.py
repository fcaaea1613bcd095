"""Asking the agency, its answers one by one, and the corrected version that answers all."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pypdfium2
import pytest

from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.work_calendar import work_calendar
from grading.queries import findings_of
from grading.services.disposal import dismiss
from grading.services.following import followed, version_before
from grading.services.questions import (
    Answer,
    answers_of,
    ask_agency,
    due_day,
    keep_answers,
    open_letter,
    send_answers,
)
from grading.states import DismissalGround, LetterState, Stance
from tests.factories.grading import checked_submission, report_bytes


@pytest.fixture
def asked(uow):
    """A checked report whose first two findings were put to the agency."""
    desk = checked_submission(uow)
    ids = [one.id for one in findings_of(uow, desk.submission)[:2]]
    desk.letter = ask_agency(desk.acting(desk.quality), desk.submission, ids, words="请附依据。")
    return desk


def test_a_letter_has_number_due_day_and_paper_and_reaches_the_agency(uow, asked):
    """R-GRADE.reply: five working days."""
    letter = asked.letter
    assert letter.number.startswith(f"询函〔{uow.today.year}〕")
    assert letter.due_on == due_day(uow) == work_calendar(uow).add_working_days(uow.today, 5).date
    (paper,) = documents_of(uow, letter)
    with uow.house.store.open(paper.sha256) as file:
        text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
    assert letter.number in text
    assert "请附依据" in text


def test_what_cannot_be_asked_is_refused(uow, asked):
    officer, one = asked.acting(asked.quality), [findings_of(uow, asked.submission)[0].id]
    with pytest.raises(Refused, match="还在等机构答复"):
        ask_agency(officer, asked.submission, one)
    other = checked_submission(uow)
    with pytest.raises(Refused, match="至少"):
        ask_agency(other.acting(other.quality), other.submission, [uuid.uuid4()])
    ids = [findings_of(uow, other.submission)[0].id]
    with pytest.raises(Refused) as caught:
        ask_agency(other.acting(other.quality), other.submission, ids, due_on=uow.today + timedelta(days=1))
    assert caught.value.refusals[0].rule_id == "R-GRADE.reply"


def test_every_finding_is_answered_with_its_reason_before_the_answer_goes_out(uow, asked):
    """R-AGENCY-11: adopted or not, item by item, with the reason."""
    agency = asked.acting(asked.manager)
    with pytest.raises(Refused) as caught:
        send_answers(agency, asked.letter, {1: Answer(Stance.AGREES)})
    assert caught.value.refusals[0].rule_id == "R-AGENCY-11"
    assert caught.value.refusals[0].field == "stance_2"
    with pytest.raises(Refused, match="写明情况"):
        keep_answers(agency, asked.letter, {2: Answer(Stance.EXPLAINS, " ")})
    send_answers(agency, asked.letter, {1: Answer(Stance.AGREES), 2: Answer(Stance.EXPLAINS, "按调整后预算计算")})
    assert asked.letter.state is LetterState.ANSWERED
    found = answers_of(uow, asked.submission)
    assert {one.stance for one in found.values()} == {Stance.AGREES, Stance.EXPLAINS}
    assert open_letter(uow, asked.submission) is None
    with pytest.raises(Refused, match="已经答复"):
        keep_answers(agency, asked.letter, {})


def test_a_draft_is_the_agencys_own(uow, asked):
    keep_answers(asked.acting(asked.manager), asked.letter, {1: Answer(Stance.AGREES)})
    assert answers_of(uow, asked.submission) == {}


def test_the_bureau_does_not_answer_for_the_agency(asked):
    both = {1: Answer(Stance.AGREES), 2: Answer(Stance.AGREES)}
    with pytest.raises(Forbidden):
        send_answers(asked.acting(asked.quality), asked.letter, both)


def test_a_corrected_version_answers_the_letter_and_its_findings_are_followed(uow):
    desk = checked_submission(uow, "score-sum")
    first = desk.submission
    rows = findings_of(uow, first)
    officer = desk.acting(desk.quality)
    mismatch = next(one for one in rows if one.code == "indicator-mismatch")
    dismiss(officer, mismatch, "", DismissalGround.RULE)
    letter = ask_agency(officer, first, [one.id for one in rows if one.code == "score-sum"])
    desk.deliver(report_bytes(), "修改稿.docx", note="已改正得分合计")
    assert letter.state is LetterState.CORRECTED
    desk.check()
    now = findings_of(uow, desk.submission)
    kept = next(one for one in now if one.code == "indicator-mismatch")
    assert (kept.follows_id, kept.unchanged) == (mismatch.id, True)
    assert version_before(uow, desk.submission).id == first.id
    found = followed(rows, now)
    assert "score-sum" in {one.code for one in found.fixed}
    assert mismatch in {old for old, _new in found.still}
