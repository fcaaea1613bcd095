"""Moderation of ratings: asked, opened, revised, agreed or left; both ratings stand in the record (R-GRADE.moderation)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from grading.grade_record import public_grade_record, verify_grade
from grading.grade_rules import grade_rules
from grading.moderated import moderated_from
from grading.queries import own_sheet, score_of, sheets_of
from grading.queries.rubric import rubric_for
from grading.services.grading_cycle import compute_cycle
from grading.services.moderation import (
    agree,
    ask_moderation,
    decline_moderation,
    is_called_for,
    leave_mean,
    mean_of,
    note_dissent,
    open_moderation,
    revise_sheet,
)
from grading.services.rating import locked_total, quality_total, save_sheet
from grading.services.scoring import decide_score, ratings_of, reckon
from grading.services.task_ratings import stored_ratings
from grading.states import ModerationState
from grading.tasks import rating_tasks
from tests.factories.agencies import make_agency
from tests.factories.grading import checked_submission, scored_engagement
from tests.factories.identity import make_user


@pytest.fixture
def desk(uow):
    """A report that bureau and unit rated far apart."""
    desk = checked_submission(uow)
    desk.dispose()
    desk.rate(desk.quality, "0.9")
    desk.rate(desk.unit, "0.6")
    return desk


def agreed_points(desk, share="0.8"):
    return {line.key: line.full * Decimal(share) for line in rubric_for(desk.uow, desk.submission).quality}


def test_a_wide_spread_calls_for_a_moderation_and_one_rater_does_not(uow, desk):
    assert is_called_for(desk.uow, desk.submission)
    lonely = checked_submission(uow)
    lonely.dispose()
    lonely.rate(lonely.quality)
    with pytest.raises(Refused, match="至少两方"):
        open_moderation(lonely.acting(lonely.quality), lonely.submission, "看看")


def test_a_rater_asks_and_quality_staff_decide(app, desk):
    unit, officer = desk.acting(desk.unit), desk.acting(desk.quality)
    with pytest.raises(Refused) as caught:
        ask_moderation(unit, desk.submission, " ")
    assert caught.value.refusals[0].field == "ground"
    session = ask_moderation(unit, desk.submission, "对数据准确性的看法不同")
    with app.test_request_context():
        assert "R-GRADE.moderation" in {task.rule_id for task in rating_tasks(officer)}
    with pytest.raises(Refused, match="已经提出"):
        ask_moderation(unit, desk.submission, "再提一次")
    with pytest.raises(Forbidden):
        decline_moderation(unit, session, "不必")
    decline_moderation(officer, session, "分歧已由书面说明澄清")
    assert session.state is ModerationState.DECLINED
    again = open_moderation(officer, desk.submission, "单位补充了材料")
    assert (again.state, again.moderator_id) == (ModerationState.OPEN, desk.quality.id)


def test_who_has_not_locked_neither_asks_nor_rates_after_seeing_the_sheets(uow, desk):
    late = make_user(uow, Role.QUALITY_OFFICER)
    with pytest.raises(Forbidden):
        ask_moderation(desk.acting(late), desk.submission, "我想看看")
    open_moderation(desk.acting(late), desk.submission, "相差较大")
    with pytest.raises(Refused) as caught:
        save_sheet(desk.acting(late), desk.submission, desk.marks(late))
    assert caught.value.refusals[0].rule_id == "R-GRADE.moderation"


def test_a_revision_needs_a_reason_and_keeps_what_was_locked(desk):
    session = open_moderation(desk.acting(desk.quality), desk.submission, "相差较大")
    unit = desk.acting(desk.unit)
    with pytest.raises(Refused) as caught:
        revise_sheet(unit, session, {"data": Decimal(26)}, "")
    assert {one.field for one in caught.value.refusals} == {"revised_data", "reason"}
    sheet = revise_sheet(unit, session, {"data": Decimal(20)}, "核对附表后数据可以采信")
    assert (locked_total(sheet), quality_total(sheet)) == (60, 65)
    assert next(line for line in sheet.lines if line.key == "data").points == 15
    revise_sheet(unit, session, {"data": Decimal(15)}, "还是原来的看法")
    assert (sheet.revised_at, quality_total(sheet)) == (None, 60), "back to what was locked is no revision"


def test_no_score_is_confirmed_while_ratings_are_moderated(desk):
    session = open_moderation(desk.acting(desk.quality), desk.submission, "相差较大")
    with pytest.raises(Refused) as caught:
        decide_score(desk.acting(desk.quality), desk.submission)
    assert caught.value.refusals[0].rule_id == "R-GRADE.moderation"
    with pytest.raises(Refused, match="合议情况"):
        leave_mean(desk.acting(desk.quality), session, "")
    leave_mean(desk.acting(desk.quality), session, "各方坚持原评")
    decide_score(desk.acting(desk.quality), desk.submission)
    assert not moderated_from(score_of(desk.uow, desk.engagement.id).parts["moderation"]).is_agreed


def test_a_consensus_counts_in_the_place_of_the_mean_and_dissent_is_kept(desk):
    officer, unit = desk.acting(desk.quality), desk.acting(desk.unit)
    session = open_moderation(officer, desk.submission, "相差较大")
    means = mean_of(sheets_of(desk.uow, desk.submission))
    assert means["data"] == Decimal("18.75")
    with pytest.raises(Refused) as caught:
        agree(officer, session, {"data": Decimal(30)}, "一致")
    assert {"agreed_data", "agreed_form"} <= {one.field for one in caught.value.refusals}
    agree(officer, session, agreed_points(desk), "各方同意按八成计")
    note_dissent(unit, session, "仍认为问题分析不足")
    assert own_sheet(unit, desk.submission).dissent == "仍认为问题分析不足"
    with pytest.raises(Refused, match="已经结束"):
        revise_sheet(unit, session, {"data": Decimal(20)}, "太晚了")
    decide_score(officer, desk.submission)
    score = score_of(desk.uow, desk.engagement.id)
    kept = stored_ratings(desk.uow, score)
    assert kept["report"] == kept["data"] == {"unit": [80], "bureau": [80]}
    reckoning = reckon(ratings_of(desk.uow, desk.submission), grade_rules(desk.uow))
    report = next(one for one in reckoning.elements if one.key == "report")
    assert (report.rating, reckoning.total) == (80, score.score)
    assert str(desk.quality.id) in score.parts["moderators"]


def test_originals_and_revised_stand_in_the_record_and_the_grade_recomputes(uow):
    agency = make_agency(uow)
    desk = checked_submission(uow, agency=agency)
    desk.dispose()
    desk.rate(desk.quality, "0.9")
    desk.rate(desk.unit, "0.6")
    scored_engagement(uow, "0.8", agency=agency)
    session = open_moderation(desk.acting(desk.quality), desk.submission, "相差较大")
    revise_sheet(desk.acting(desk.unit), session, {"data": Decimal(20)}, "核对附表后数据可以采信")
    agree(desk.acting(desk.quality), session, agreed_points(desk), "各方同意按八成计")
    decide_score(desk.acting(desk.quality), desk.submission)
    left = moderated_from(score_of(uow, desk.engagement.id).parts["moderation"])
    assert (left.locked["report"]["unit"], left.revised["report"]["unit"]) == ([60], [65])
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    record = next(one.record for one in cycle.entries if one.agency_id == agency.id)
    task = next(one for one in record["tasks"] if one["id"] == desk.engagement.number)
    assert (task["moderation"]["locked"]["report"]["unit"], task["ratings"]["report"]["unit"]) == (["60.00"], ["80.00"])
    assert verify_grade(record) == []
    public = public_grade_record(record)
    assert verify_grade(public) == []
    assert "60.00" not in str(public["tasks"])
    task["ratings"]["report"]["unit"] = ["99.00"]
    assert {fault.code for fault in verify_grade(record)} >= {"points", "moderation"}


def test_a_record_from_before_moderation_still_verifies(uow):
    agency = make_agency(uow)
    desks = [scored_engagement(uow, "0.8", agency=agency) for _ in range(2)]
    cycle = compute_cycle(desks[0].acting(desks[0].quality), uow.today.year)
    record = next(one.record for one in cycle.entries if one.agency_id == agency.id)
    from core.records import DIGESTS, seal

    for task in record["tasks"]:
        del task["moderation"]
    old = seal({key: value for key, value in record.items() if key != DIGESTS})
    assert verify_grade(old) == []
