"""A review's meeting: who is invited, who signs in and when, what is frozen, minuted, signed, answered and closed."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from agencies.models import CreditRecord
from core.errors import Refused
from core.identity.roles import OrganisationKind, Role
from core.notifications.models import Notification
from experts.models import IndicatorComment
from experts.queries import all_comments
from experts.queries.meeting import attendance_of, minutes_of
from experts.seats import panel_of
from experts.services.conclusions import Answer, answer_comments, consent, rework_due, unanswered
from experts.services.conflicts import declare_conflict
from experts.services.draws import call_earlier_panel
from experts.services.meetings import (
    Guest,
    add_guest,
    change_meeting,
    drop_guest,
    missing_capacities,
    proposed_guests,
    proposed_times,
)
from experts.services.minutes import drafted_course, drafted_opinion, sign_opinion, write_minutes
from experts.services.review_papers import minutes_pdf, opinion_pdf, review_digest
from experts.services.reviews import convene_review
from experts.services.sheets import Remark, comment_as_observer, lock_sheet, verdict_of
from experts.services.sign_in import (
    code_fits,
    meeting_code,
    meeting_with_code,
    record_sign_in,
    sign_in_expert,
    sign_in_guest,
    undo_sign_in,
)
from experts.states import Adoption, Capacity, ConflictKind, Presence, ReviewState, SeatState
from experts.terms import terms_of
from projects.services.systems import submit_system
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.experts import (
    CONFIRMED,
    Hall,
    accept_seat,
    as_user,
    full_marks,
    meeting,
    review_in,
    submitted_engagement,
)
from tests.factories.identity import make_organisation, make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def fields_of(refused) -> set[str | None]:
    return {refusal.field for refusal in refused.value.refusals}


# Convening


def test_the_proposal_is_a_working_morning_and_invites_the_usual_bodies(uow):
    """R-IND.meeting, R-IND-02: three working days on at half past nine; the observers' bodies by their names."""
    from core.clock import SHANGHAI
    from core.work_calendar import work_calendar

    for name in ("澄湖区审计局", "澄湖区纪委监委"):
        make_organisation(uow, OrganisationKind.SUPERVISION, name=name)
    make_organisation(uow, OrganisationKind.CONGRESS, name="澄湖区人大财经委员会")
    engagement, _manager = submitted_engagement(uow)
    officer = as_user(uow, make_user(uow, Role.QUALITY_OFFICER))
    meets_at, answer_by = proposed_times(officer)
    local = meets_at.astimezone(SHANGHAI)
    assert (local.hour, local.minute) == (9, 30)
    assert work_calendar(uow).is_workday(local.date())
    assert uow.now < answer_by < meets_at
    guests = {one.capacity: one.body for one in proposed_guests(officer, engagement.system)}
    assert guests[Capacity.AUDIT] == "澄湖区审计局"
    assert guests[Capacity.AGENCY] == engagement.agency.name
    assert missing_capacities(proposed_guests(officer, engagement.system)) == [Capacity.CPPCC]


def test_a_review_without_the_principals_representative_is_not_convened(uow):
    """R-IND-03: the principal's and the agency's representatives belong to the panel."""
    engagement, _manager = submitted_engagement(uow)
    officer = as_user(uow, make_user(uow, Role.QUALITY_OFFICER))
    nobody = [Guest(Capacity.FINANCE, "澄湖区财政局"), Guest(Capacity.UNIT, "澄湖区教育局")]
    with pytest.raises(Refused) as refused:
        convene_review(officer, engagement.system, meeting(uow, guests=nobody, place="", online=" "))
    assert rules_of(refused) == {"R-IND-03", None}
    assert fields_of(refused) == {"finance_person", "place", None}
    online = convene_review(officer, engagement.system, meeting(uow, place="", online="会议号 771 204"))
    assert online.online == "会议号 771 204"


def test_those_invited_with_an_account_are_told_and_may_read_and_comment(uow, uow_as, client_as):
    hall = Hall(uow)
    urls = uow.session.scalars(select(Notification.url).where(Notification.user_id == hall.manager.id)).all()
    assert f"/reviews/{hall.review.id}/meeting" in urls
    department = make_organisation(uow, OrganisationKind.BUDGET_UNIT, name="澄湖区发展改革委")
    stranger = make_user(uow, Role.UNIT_OFFICER, organisation=department)
    browser = client_as(stranger)
    assert browser.get(f"/reviews/{hall.review.id}").status_code == 404
    assert hall.review.number not in browser.get("/reviews").text
    secretary = as_user(uow, hall.quality)
    added = add_guest(secretary, hall.review, Guest(Capacity.DEPARTMENT, department.name))
    assert browser.get(f"/reviews/{hall.review.id}/meeting").status_code == 200
    assert hall.review.number in browser.get("/reviews").text
    with pytest.raises(Refused):
        add_guest(secretary, hall.review, Guest(Capacity.DEPARTMENT, department.name))
    drop_guest(secretary, hall.review, added)
    agency = next(one for one in hall.review.attendees if one.capacity is Capacity.AGENCY)
    with pytest.raises(Refused) as refused:
        drop_guest(secretary, hall.review, agency)
    assert rules_of(refused) == {"R-IND-03"}


def test_moving_the_meeting_needs_a_reason_and_tells_everybody(uow):
    hall = review_in(uow, ReviewState.INVITING)
    secretary, expert = as_user(uow, hall.quality), hall.panel[0].expert.user_id
    later = hall.review.meets_at + timedelta(days=2)
    code = meeting_code(uow, hall.review)
    with pytest.raises(Refused) as refused:
        change_meeting(secretary, hall.review, meets_at=later, place="", online="", agenda="", reason=" ")
    assert fields_of(refused) == {"place", "reason"}
    change_meeting(secretary, hall.review, meets_at=later, place="二楼", online="", agenda="", reason="会场冲突")
    kinds = uow.session.scalars(select(Notification.kind).where(Notification.user_id == expert)).all()
    assert "review.meeting-changed" in kinds
    assert meeting_code(uow, hall.review) != code


# Signing in


@pytest.fixture
def hall(uow) -> Hall:
    """A review whose experts have accepted, half an hour before it meets; nobody has come yet."""
    hall = review_in(uow, ReviewState.INVITING)
    hall.accept_all()
    hall.review.meets_at = uow.now + timedelta(minutes=30)
    uow.session.flush()
    return hall


def test_nobody_signs_in_before_the_hour_or_with_another_code(uow, hall):
    """R-IND.signin: from 60 minutes before, by the code of this room."""
    seat = hall.panel[0]
    expert = hall.as_expert(seat)
    with pytest.raises(Refused) as refused:
        sign_in_expert(expert, seat, "ABCD-EFGH")
    assert fields_of(refused) == {"code"}
    hall.review.meets_at = uow.now + timedelta(hours=3)
    uow.session.flush()
    code = meeting_code(uow, hall.review)
    assert meeting_with_code(uow, code) is None
    with pytest.raises(Refused) as refused:
        sign_in_expert(expert, seat, code)
    assert rules_of(refused) == {"R-IND.signin"}


def test_an_expert_signs_in_once_and_hands_in_only_afterwards(uow, hall):
    seat, code = hall.panel[0], meeting_code(uow, hall.review)
    expert = hall.as_expert(seat)
    with pytest.raises(Refused) as refused:
        lock_sheet(expert, seat, full_marks(uow))
    assert rules_of(refused) == {"R-IND.signin"}
    assert code_fits(uow, hall.review, f" {code.lower().replace('-', ' ')} ")
    assert sign_in_expert(expert, seat, code)
    assert sign_in_expert(expert, seat, code)
    assert attendance_of(uow, hall.review).experts_present == 1
    lock_sheet(expert, seat, full_marks(uow))
    with pytest.raises(Refused):
        undo_sign_in(as_user(uow, hall.quality), hall.review, seat)


def test_a_conflict_that_shows_at_the_door_unseats_and_the_next_one_is_asked(uow, hall):
    """R-COMM-06: checked at the draw, at acceptance and again before scoring."""
    seat = hall.panel[0]
    declare_conflict(uow, seat.expert, hall.engagement.agency, kind=ConflictKind.KINSHIP, reason="配偶新近任职")
    assert not record_sign_in(as_user(uow, hall.quality), hall.review, seat)
    assert seat.state is SeatState.RECUSED
    follower = next(one for one in hall.panel if one.state is SeatState.INVITED)
    accept_seat(hall.as_expert(follower), follower, CONFIRMED)
    assert record_sign_in(as_user(uow, hall.quality), hall.review, follower)
    assert len(hall.panel) == 5


def test_a_body_is_signed_in_by_its_person_or_by_the_secretary_once(uow, hall):
    secretary, code = as_user(uow, hall.quality), meeting_code(uow, hall.review)
    unit = next(one for one in hall.review.attendees if one.capacity is Capacity.UNIT)
    assert meeting_with_code(uow, code) == hall.review
    with pytest.raises(Refused) as refused:
        sign_in_guest(uow, unit, " ", code, how=Presence.CODE)
    assert fields_of(refused) == {"person"}
    sign_in_guest(uow, unit, "方敏", code, how=Presence.CODE)
    with pytest.raises(Refused):
        record_sign_in(secretary, hall.review, unit, "别人")
    undo_sign_in(secretary, hall.review, unit)
    record_sign_in(secretary, hall.review, unit, "别人")
    assert attendance_of(uow, hall.review).came[unit.id].how is Presence.SECRETARY


# Opinion, consent, answers


@pytest.fixture
def scored(uow) -> Hall:
    """Everybody came and scored; two said something, one of it major, and an observer spoke."""
    hall = review_in(uow, ReviewState.SCORING)
    secretary = as_user(uow, hall.quality)
    unit = next(one for one in hall.review.attendees if one.capacity is Capacity.UNIT)
    comment_as_observer(secretary, hall.review, Remark("", "项目已调整实施范围"), said_by=unit)
    remarks = (Remark("居民满意度", "样本量偏小"),), (Remark("预算执行率", "口径须写明", is_major=True),)
    for place, seat in enumerate(hall.panel):
        said = remarks[place] if place < 2 else ()
        lock_sheet(hall.as_expert(seat), seat, full_marks(uow, remarks=said))
    return hall


def written(hall: Hall):
    secretary = as_user(hall.uow, hall.quality)
    opinion = drafted_opinion(secretary, hall.review, all_comments(hall.uow, hall.review))
    return write_minutes(secretary, hall.review, drafted_course(secretary, hall.review), opinion)


def test_the_opinion_is_drafted_signed_with_dissent_and_then_stays(uow, scored):
    minutes = written(scored)
    assert "须修改后复审" in minutes.opinion
    assert "重大问题：1. 预算执行率：口径须写明" in minutes.opinion
    assert "项目已调整实施范围" not in minutes.opinion
    assert "实到5人" in minutes.course.replace(" ", "")
    seat, secretary = scored.panel[0], as_user(uow, scored.quality)
    write_minutes(secretary, scored.review, minutes.course, minutes.opinion + "请尽快修改。")
    sign_opinion(scored.as_expert(seat), seat, "样本方案应另报")
    with pytest.raises(Refused):
        sign_opinion(scored.as_expert(seat), seat)
    with pytest.raises(Refused) as refused:
        write_minutes(secretary, scored.review, minutes.course, "改了")
    assert fields_of(refused) == {"opinion"}
    write_minutes(secretary, scored.review, minutes.course + "（更正一处笔误）", minutes_of(uow, scored.review).opinion)
    finance, unit = (
        next(one for one in scored.review.attendees if one.capacity is kind)
        for kind in (Capacity.FINANCE, Capacity.UNIT)
    )
    sign_opinion(secretary, finance)
    with pytest.raises(Refused) as refused:
        sign_opinion(secretary, unit)
    assert rules_of(refused) == {"R-IND.observers"}


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def test_the_papers_name_the_panel_only_for_those_who_may_know_it(uow, scored):
    minutes = written(scored)
    seat = scored.panel[0]
    sign_opinion(scored.as_expert(seat), seat, "样本方案应另报")
    comments = all_comments(uow, scored.review)
    full = text_of(opinion_pdf(uow, scored.review, minutes, comments, issuer="澄湖区财政局", named=True))
    assert seat.expert.user.name in full
    assert "已电子签署（有不同意见）" in full
    assert "样本方案应另报" in full
    assert review_digest(uow, scored.review)[:16] in full
    for data in (
        opinion_pdf(uow, scored.review, minutes, comments, issuer="澄湖区财政局", named=False),
        minutes_pdf(uow, scored.review, minutes, issuer="澄湖区财政局", named=False),
    ):
        shown = text_of(data)
        assert not [one for one in scored.panel if one.expert.user.name in shown]
        assert "指标体系" in shown
    assert seat.expert.user.name in text_of(minutes_pdf(uow, scored.review, minutes, issuer="财政局", named=True))


def test_consent_without_the_representatives_is_the_written_approval_and_needs_words(uow, hall):
    """R-IND-03: a panel with the principal and the agency, or the principal's written approval."""
    secretary = as_user(uow, hall.quality)
    for seat in hall.panel:
        record_sign_in(secretary, hall.review, seat)
        lock_sheet(hall.as_expert(seat), seat, full_marks(uow))
    with pytest.raises(Refused) as refused:
        consent(secretary, hall.review)
    assert rules_of(refused) == {"R-IND-03"}
    consent(secretary, hall.review, "书面同意按此实施")
    assert hall.review.state is ReviewState.PASSED


def test_a_second_review_waits_for_every_answer_and_closes_comments_one_by_one(uow, scored):
    """R-IND.rework: ten working days; the same panel; what each said is settled or not."""
    from experts.services.conclusions import send_back

    officer, agency, system = as_user(uow, scored.quality), as_user(uow, scored.manager), scored.engagement.system
    send_back(officer, scored.review, "请按意见修改")
    due = rework_due(uow, scored.review)
    assert due.rule_id == "R-IND.rework"
    assert due.ends_at > uow.now + timedelta(days=13)
    INDICATOR_SYSTEM.fire(agency, system, "revise")
    with pytest.raises(Refused) as refused:
        submit_system(agency, system)
    assert rules_of(refused) == {"R-IND.rework"}
    rows = uow.session.scalars(select(IndicatorComment)).all()
    mine = next(one for one in rows if one.body == "样本量偏小")
    with pytest.raises(Refused) as refused:
        answer_comments(agency, scored.review, {rows[0].id: Answer(Adoption.NOT, " ")})
    assert fields_of(refused) == {f"answer-{rows[0].id}"}
    said = {one.id: Answer(Adoption.ADOPTED) for one in rows} | {mine.id: Answer(Adoption.PARTLY, "先扩大到 3%")}
    assert answer_comments(agency, scored.review, said) == 3
    assert unanswered(uow, scored.review) == 0
    submit_system(agency, system)
    again = convene_review(officer, system, meeting(uow))
    call_earlier_panel(officer, again)
    scored.review = again
    scored.begin()
    author = next(one for one in panel_of(uow, again) if one.expert.user_id == mine.author_id)
    with pytest.raises(Refused) as refused:
        lock_sheet(scored.as_expert(author), author, full_marks(uow))
    assert rules_of(refused) == {"R-IND.rework"}
    lock_sheet(scored.as_expert(author), author, full_marks(uow, settled={mine.id: False}))
    assert (mine.is_settled, author.state) == (False, SeatState.SUBMITTED)


def test_the_third_return_stands_in_the_agencys_record_without_points(uow):
    """R-IND.third; here the bureau's local value makes the first return count."""
    from core.parameters import set_local_value
    from experts.services.conclusions import send_back

    hall = review_in(uow, ReviewState.SCORED)
    administrator = as_user(uow, make_user(uow, Role.ADMINISTRATOR))
    set_local_value(administrator, "R-IND.third", "failures", "1")
    send_back(as_user(uow, hall.quality), hall.review, "请修改")
    event = uow.session.scalars(select(CreditRecord)).one()
    assert event.points == 0
    assert hall.review.number in event.description


def test_numbers_that_change_after_convening_do_not_move_the_outcome(uow, scored):
    """R-IND.pass, R-IND-05: the bureau's marks; a review goes by those it was convened under."""
    before = verdict_of(uow, scored.review)
    scored.review.terms = {**scored.review.terms, "pass_from": "99"}
    uow.session.flush()
    assert verdict_of(uow, scored.review).average == before.average
    assert terms_of(uow, scored.review).pass_from == 99
