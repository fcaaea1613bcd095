"""From draft to signed final: every comment answered with a reason, reviewed, signed (R-AGENCY-11, R-AGENCY-10)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from agencies.queries.following import milestones_of
from agencies.states import EngagementState, MilestoneKind
from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from experts.states import Adoption
from grading.models import ReportComment, ReportFinding
from grading.queries import standing_submission
from grading.queries.comment import last_round, sent_comments, signature_of
from grading.services.checking import check_submission
from grading.services.comment_sheet import comment_table
from grading.services.comments import PAPER, Answer, Comment, keep_answers, keep_comments, send_answers, send_comments
from grading.services.report_path import Signing, final_refusals, next_step
from grading.states import LetterStand, Party, PathStep, ReportKind, RoundState
from grading.workflow import SUBMISSION
from tests.factories.following import Course, seal_page
from tests.factories.grading import Desk, report_bytes, upload
from tests.factories.identity import make_user

K = MilestoneKind


@pytest.fixture
def course(uow):
    return Course(uow).begin()


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


def fields_of(refused) -> set[str | None]:
    return {one.field for one in refused.value.refusals}


def test_a_draft_needs_work_on_site_and_opens_a_round_for_both_parties(uow, course):
    with pytest.raises(Refused) as refused:
        course.deliver(ReportKind.DRAFT)
    assert rules_of(refused) == {"R-AGENCY-10"}
    row = course.draft()
    assert (row.state, row.number) == (RoundState.ASKING, 1)
    assert row.due_on > uow.today
    assert course.engagement.state is EngagementState.EVALUATING, "a draft is not the report yet"
    done = {one.kind: one.done_on for one in milestones_of(uow, course.engagement)}
    assert done[K.DRAFT] == done[K.VISIT] == uow.today
    assert done[K.COMMENTS] is None


def test_a_final_is_refused_until_everything_is_there_and_each_gap_is_named(uow, course):
    course.visit()
    with pytest.raises(Refused) as refused:
        course.finish()
    assert "初稿" in str(refused.value.refusals[0].reason)
    row = course.draft()
    with pytest.raises(Refused) as refused:
        course.finish()
    said = "".join(str(one.reason) for one in refused.value.refusals)
    assert "项目单位、财政局" in said
    assert "内部审核" in said
    assert rules_of(refused) == {"R-AGENCY-11"}
    course.comment(row, course.unit, "到位率与决算不一致", "满意度样本偏少")
    course.comment(row, course.quality)
    with pytest.raises(Refused) as refused:
        course.finish()
    assert any("1、2" in str(one.reason) for one in refused.value.refusals)
    course.answer(row)
    with pytest.raises(Refused) as refused:
        course.finish()
    assert [("内部审核" in str(one.reason)) for one in refused.value.refusals] == [True]
    course.review(row, is_passed=False)
    assert next_step(uow, course.engagement) is PathStep.REVIEW
    course.review(row)
    assert final_refusals(uow, course.engagement) == []


def test_a_final_needs_a_lead_of_the_team_the_undertaking_and_the_sealed_page(uow, course):
    course.ready()
    with pytest.raises(Refused) as refused:
        course.deliver(ReportKind.FINAL)
    assert fields_of(refused) == {"lead", "undertakes", "scan"}
    assert rules_of(refused) == {"R-AGENCY-11"}
    final = course.finish()
    signed = signature_of(uow, final)
    assert (signed.name, signed.sha256) == (course.lead.name, final.document.sha256)
    assert "真实性和准确性" in signed.undertaking
    assert course.engagement.state is EngagementState.DELIVERED
    assert {one.kind for one in milestones_of(uow, course.engagement) if one.done_on is None} == {K.ARCHIVE}
    assert next_step(uow, course.engagement) is PathStep.DONE
    with pytest.raises(Refused):
        course.deliver(ReportKind.DRAFT)


def test_sent_comments_are_not_edited_and_drafts_are_nobody_elses(uow, course):
    row = course.draft()
    keep_comments(course.acting(course.unit), row, [Comment("先记一条"), Comment("   ")])
    assert sent_comments(uow, row) == []
    letter = send_comments(course.acting(course.unit), row, [Comment("资金到位率有误", "第 8 页"), Comment("用词")])
    assert (letter.party, letter.state, [one.number for one in letter.comments]) == (
        Party.UNIT,
        LetterStand.SENT,
        [1, 2],
    )
    with pytest.raises(Refused) as refused:
        keep_comments(course.acting(course.unit), row, [Comment("改一改")])
    assert rules_of(refused) == {"R-AGENCY-11"}
    course.comment(row, course.quality, "补充对比数据")
    assert [one.number for one in sent_comments(uow, row)] == [1, 2, 3], "numbers run through the round"
    for stranger in (course.manager, make_user(uow, Role.UNIT_OFFICER), make_user(uow, Role.PROCUREMENT_SUPERVISOR)):
        with pytest.raises(Forbidden):
            send_comments(course.acting(stranger), row, [Comment("我也说一句")])


def test_every_answer_has_its_reason_and_none_is_forgotten(uow, course):
    row = course.draft()
    course.comment(row, course.unit, "一", "二")
    agency = course.acting(course.manager)
    with pytest.raises(Refused) as refused:
        keep_answers(agency, row, {1: Answer(Adoption.ADOPTED, "  ")})
    assert fields_of(refused) == {"answer_1"}
    with pytest.raises(Refused) as refused:
        send_answers(agency, row, {1: Answer(Adoption.NOT, "与决算口径不同")})
    assert any("截止" in str(one.reason) for one in refused.value.refusals), "the bureau is not heard yet"
    course.comment(row, course.quality)
    with pytest.raises(Refused) as refused:
        send_answers(agency, row, {1: Answer(Adoption.NOT, "与决算口径不同")})
    assert any("尚缺第 2 条" in str(one.reason) for one in refused.value.refusals)
    send_answers(agency, row, {2: Answer(Adoption.PARTLY, "补充了说明")})
    assert row.state is RoundState.ANSWERED
    assert [one.adoption for one in sent_comments(uow, row)] == [Adoption.NOT, Adoption.PARTLY]
    assert len(documents_of(uow, row, PAPER)) == 1
    with pytest.raises(Refused):
        keep_answers(agency, row, {1: Answer(Adoption.ADOPTED, "改了主意")})
    table = load_workbook(io.BytesIO(comment_table(uow, row, "zh", title="意见"))).active
    assert [one.value for one in table["E"]] == ["是否采纳", "不采纳", "部分采纳"]


def test_silence_after_the_time_counts_as_no_comment(uow, course):
    row = course.draft()
    course.comment(row, course.unit, "一")
    row.due_on = uow.today - timedelta(days=1)
    uow.session.flush()
    course.answer(row)
    assert row.state is RoundState.ANSWERED
    with pytest.raises(Refused):
        course.comment(row, course.quality, "太迟了")


def test_a_new_draft_asks_anew_but_not_over_unanswered_comments(uow, course):
    first = course.draft()
    course.deliver(ReportKind.DRAFT)
    assert first.state is RoundState.REPLACED
    second = last_round(uow, course.engagement.id)
    course.comment(second, course.unit, "一")
    with pytest.raises(Refused) as refused:
        course.deliver(ReportKind.DRAFT)
    assert rules_of(refused) == {"R-AGENCY-11"}
    course.comment(second, course.quality)
    course.answer(second)
    course.review(second)
    course.deliver(ReportKind.DRAFT)
    assert next_step(uow, course.engagement) is PathStep.COMMENTS, "a new draft needs comments and review of its own"


def test_a_draft_is_checked_but_never_finished_or_rated(uow, course):
    course.draft()
    draft = standing_submission(uow, course.engagement.id)
    check_submission(uow, draft.id)
    with pytest.raises(Refused) as refused:
        SUBMISSION.fire(course.acting(course.quality), draft, "dispose")
    assert "R-AGENCY-11" in rules_of(refused)


def test_parts_missing_in_the_draft_are_accounted_for_in_the_final(uow, course):
    row = course.draft()
    draft = standing_submission(uow, course.engagement.id)
    check_submission(uow, draft.id)
    finding = uow.session.scalars(select(ReportFinding).where(ReportFinding.submission_id == draft.id)).first()
    if finding is None:
        pytest.fail("the generated report has no finding to stand for a missing part")
    finding.code = "missing-section"
    course.comment(row, course.unit)
    course.comment(row, course.quality)
    course.answer(row)
    course.review(row)
    with pytest.raises(Refused) as refused:
        course.finish()
    assert [(one.rule_id, one.field) for one in refused.value.refusals] == [("R-PERF-11", "note")]
    course.finish(note="“有关建议”已补在第六部分")


def test_work_taken_over_goes_straight_to_the_final(uow):
    desk = Desk(uow)
    with pytest.raises(Refused) as refused:
        desk.deliver(kind=ReportKind.DRAFT)
    assert fields_of(refused) == {"kind"}
    assert desk.deliver().kind is ReportKind.FINAL


def test_the_database_takes_no_answer_without_words(uow, course):
    from sqlalchemy.exc import IntegrityError

    row = course.draft()
    course.comment(row, course.unit, "一")
    comment = uow.session.scalars(select(ReportComment)).one()
    comment.adoption, comment.answered_at = Adoption.ADOPTED, uow.now
    with pytest.raises(IntegrityError), uow.session.begin_nested():
        uow.session.flush()


def test_the_sealed_page_may_be_an_electronic_signature_in_the_report(uow, course, monkeypatch):
    course.ready()
    monkeypatch.setattr("grading.services.delivery.has_signature", lambda _uow, _sha256: True)
    signing = Signing(course.lead, undertakes=True)
    final = course.deliver(ReportKind.FINAL, "评价报告.pdf", data=report_bytes(kind="pdf"), signing=signing)
    assert signature_of(uow, final) is not None


def test_an_unsigned_pdf_has_no_signature(uow, course):
    from grading.services.report_path import has_signature

    sha256, _size = uow.house.store.put(io.BytesIO(seal_page()))
    assert has_signature(uow, sha256) is False
    assert upload(seal_page()).filename
