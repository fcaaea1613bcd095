"""Sheets with proposals and required parts, far-off raters, the unit beside its result (R-GRADE.rubric, .spread, .unit)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from grading.models import KeyFigures
from grading.queries import own_sheet, score_of
from grading.queries.rubric import rubric_for
from grading.services.rating import (
    Decision,
    Mark,
    explain_spread,
    lock_sheet,
    save_sheet,
    unexplained,
)
from grading.services.scoring import decide_score
from grading.services.sheet_content import most_of, proposed_for, read_parts
from grading.services.unit_rating import unit_beside_result
from grading.states import DeductionState, PartState, SheetState
from grading.tasks import rating_tasks
from tests.factories.grading import checked_submission
from tests.factories.identity import make_user

FAR = Decision(DeductionState.ACCEPTED)


@pytest.fixture
def desk(uow):
    """A report with an upheld slip of arithmetic."""
    desk = checked_submission(uow)
    desk.uphold_all()
    return desk


@pytest.fixture
def plain(uow):
    """A report without upheld findings."""
    desk = checked_submission(uow)
    desk.dispose()
    return desk


def proposals(desk):
    return proposed_for(desk.uow, desk.submission, rubric_for(desk.uow, desk.submission))


def answered(desk, state=DeductionState.ACCEPTED, **more):
    return {one.key: Decision(state, **more) for one in proposals(desk)}


def test_a_sheet_does_not_lock_before_every_proposal_is_answered(desk):
    assert proposals(desk)
    with pytest.raises(Refused) as caught:
        desk.rate(desk.quality, "0.5")
    assert {one.field for one in caught.value.refusals} == {f"why_{one.key}" for one in proposals(desk)}
    assert {one.rule_id for one in caught.value.refusals} == {"R-GRADE.rubric"}
    assert desk.rate(desk.quality, "0.5", decisions=answered(desk)).state is SheetState.LOCKED


def test_what_is_accepted_costs_and_what_is_declined_needs_a_reason(desk):
    officer, line = desk.acting(desk.quality), rubric_for(desk.uow, desk.submission).line("data")
    with pytest.raises(Refused) as caught:
        save_sheet(officer, desk.submission, {}, decisions=answered(desk, DeductionState.DECLINED))
    assert caught.value.refusals[0].field.startswith("why_")
    sheet = save_sheet(officer, desk.submission, {}, decisions=answered(desk))
    taken = sum(one.points for one in proposals(desk) if one.dimension == "data")
    assert most_of(line, sheet) == 25 - taken < 25
    save_sheet(officer, desk.submission, desk.marks(desk.quality, "1"))
    with pytest.raises(Refused, match="最多"):
        lock_sheet(officer, desk.submission)
    sheet = save_sheet(
        officer, desk.submission, {}, decisions=answered(desk, DeductionState.DECLINED, reason="印刷差错")
    )
    assert most_of(line, sheet) == 25


def test_a_proposal_may_be_changed_within_the_line(desk):
    officer, key = desk.acting(desk.quality), proposals(desk)[0].key
    with pytest.raises(Refused) as caught:
        save_sheet(officer, desk.submission, {}, decisions={key: Decision(DeductionState.CHANGED, Decimal(99))})
    assert caught.value.refusals[0].field == f"take_{key}"
    change = Decision(DeductionState.CHANGED, Decimal("0.2"), "影响很小")
    sheet = save_sheet(officer, desk.submission, {}, decisions={key: change})
    row = next(one for one in sheet.deductions if one.key == key)
    assert (row.state, row.points, row.reason) == (DeductionState.CHANGED, Decimal("0.2"), "影响很小")


def test_what_the_reader_did_not_find_costs_nothing_until_a_rater_says_absent(plain):
    officer, rubric = plain.acting(plain.quality), rubric_for(plain.uow, plain.submission)
    read = read_parts(plain.uow, plain.submission, rubric)
    assert read["form-cover"] is PartState.UNSEEN
    assert read["content-basics"] is PartState.PRESENT
    sheet = save_sheet(officer, plain.submission, {}, parts={"form-cover": PartState.UNSEEN})
    assert most_of(rubric.line("form"), sheet) == 10
    sheet = save_sheet(
        officer, plain.submission, {}, parts={"form-cover": PartState.ABSENT, "no-such": PartState.ABSENT}
    )
    assert most_of(rubric.line("form"), sheet) == 9
    assert sheet.parts == {"form-cover": "absent"}
    sheet = save_sheet(officer, plain.submission, {}, parts={"form-cover": PartState.NOT_APPLICABLE})
    assert most_of(rubric.line("form"), sheet) == 10


def test_a_missing_section_is_absent_only_once_a_person_upheld_it(uow):
    desk = checked_submission(uow, slip="missing-section")
    desk.uphold_all()
    rubric = rubric_for(uow, desk.submission)
    absent = {key for key, state in read_parts(uow, desk.submission, rubric).items() if state is PartState.ABSENT}
    assert absent
    assert {one.key for one in proposals(desk)} >= {key.replace("content-", "content-part-") for key in absent}


def test_a_rater_far_from_the_median_is_asked_after_locking_and_says_why_before_the_score(app, plain):
    plain.rate(plain.quality, "0.95")
    other = make_user(plain.uow, Role.QUALITY_OFFICER)
    far = plain.rate(plain.unit, "0.3")
    assert far.state is SheetState.LOCKED, "locking tells nothing of the others"
    plain.rate(other, "0.9")
    assert [one.rater_id for one in unexplained(plain.uow, plain.submission)] == [plain.unit.id]
    unit = plain.acting(plain.unit)
    with app.test_request_context():
        assert [task.rule_id for task in rating_tasks(unit)] == ["R-GRADE.spread"]
    officer = plain.acting(plain.quality)
    with pytest.raises(Refused) as caught:
        decide_score(officer, plain.submission)
    assert (caught.value.refusals[0].rule_id, caught.value.refusals[0].field) == ("R-GRADE.spread", "spread_note")
    with pytest.raises(Refused, match="理由"):
        explain_spread(unit, plain.submission, "  ")
    explain_spread(unit, plain.submission, "多次拒绝补充取证")
    with app.test_request_context():
        assert not list(rating_tasks(plain.acting(plain.unit)))
    decide_score(officer, plain.submission)
    with pytest.raises(Refused, match="已确认"):
        explain_spread(unit, plain.submission, "再说一遍")


def test_a_silent_far_off_rater_needs_a_note_of_whoever_confirms(plain):
    plain.rate(plain.quality, "0.95")
    plain.rate(make_user(plain.uow, Role.QUALITY_OFFICER), "0.9")
    plain.rate(plain.unit, "0.3")
    decide_score(plain.acting(plain.quality), plain.submission, spread_note="已电话核实，单位认为机构沟通不足")
    score = score_of(plain.uow, plain.engagement.id)
    assert score.parts["spread_note"].startswith("已电话核实")


def test_a_poor_rating_beside_a_poor_result_is_marked_for_whoever_confirms(plain):
    assert unit_beside_result(plain.uow, plain.submission) is None
    plain.rate(plain.quality, "0.9")
    plain.rate(plain.unit, "0.55")
    plain.uow.add(
        KeyFigures(
            submission_id=plain.submission.id,
            score=Decimal("71.5"),
            grade="中",
            **dict.fromkeys(
                ("initial", "adjusted", "allocated", "funded", "paid", "used", "sent", "returned", "valid")
            ),
        )
    )
    plain.uow.session.flush()
    plain.uow.session.expire(plain.submission)
    beside = unit_beside_result(plain.uow, plain.submission)
    assert (beside.rating, beside.result, beside.grade, beside.is_marked) == (55, Decimal("71.5"), "中", True)


def test_a_sheet_keeps_only_lines_of_its_rater(plain):
    unit = plain.acting(plain.unit)
    with pytest.raises(Refused, match="没有这一评分项"):
        save_sheet(unit, plain.submission, {"archive": Mark(Decimal(90))})
    assert own_sheet(unit, plain.submission) is None


def test_nobody_else_explains(plain):
    plain.rate(plain.quality, "0.9")
    with pytest.raises((Refused, Forbidden)):
        explain_spread(plain.acting(plain.unit), plain.submission, "因为")
