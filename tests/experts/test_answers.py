"""Invitations by link, text and telephone, reserves asked beside the panel, undertakings, reminders, calendars."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.clock import SHANGHAI
from core.errors import Refused
from core.identity.credentials import SignInSession
from core.identity.roles import Role
from core.notifications.models import Mail, Notification, TextMessage
from core.notifications.texting import mobile_of, queue_text, send_text
from core.secret_addresses import MaskingFilter, masked
from core.unit_of_work import UnitOfWork
from experts.addresses import calendar_address, seat_desk_page
from experts.models import InvitationLink, Seat, TelephoneAnswer, Undertaking
from experts.seats import seats_of
from experts.services.invitations import accept_seat, decline_seat, lapse_overdue
from experts.services.inviting import invite
from experts.services.reminding import remind
from experts.services.told import Call, ask_again, record_call
from experts.services.undertakings import may_score, undertaking_of
from experts.states import ReviewState, SeatState, ToldAnswer
from experts.undertaking import digest
from experts.workflow import REVIEW
from tests.factories.experts import CONFIRMED, as_user, review_in
from tests.factories.identity import make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def fields_of(refused) -> set[str | None]:
    return {refusal.field for refusal in refused.value.refusals}


def tokens(uow, user) -> list[str]:
    bodies = uow.session.scalars(select(Mail.body).where(Mail.user_id == user.id).order_by(Mail.created_at))
    return [one for body in bodies for one in re.findall(r"/invitations/([\w-]{30,})", body)]


def kinds_for(uow, user) -> list[str]:
    return list(uow.session.scalars(select(Notification.kind).where(Notification.user_id == user.id)))


@pytest.fixture
def hall(uow):
    return review_in(uow, ReviewState.INVITING, reserves=5)


class TestLinks:
    def test_on_a_phone_the_link_shows_time_place_and_field_and_neither_papers_nor_fellows(self, uow, hall, client):
        seat, other = hall.panel[:2]
        page = client.page(f"/invitations/{tokens(uow, seat.expert.user)[0]}")
        words = page.get_text()
        assert hall.review.place in words
        assert str(hall.engagement.project.industry.label) in words
        assert hall.engagement.project.name not in words
        assert other.expert.user.name not in words
        assert "独立、客观、公正" in words, "the undertaking stands beside the answer"

    def test_it_stays_out_of_caches_and_referers_and_signs_nobody_in(self, uow, hall, client):
        address = f"/invitations/{tokens(uow, hall.panel[0].expert.user)[0]}"
        headers = client.get(address).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert client.get("/my-reviews").status_code == 302

    def test_a_second_answer_is_told_what_the_first_one_was(self, uow, hall, client):
        seat = hall.panel[0]
        address = f"/invitations/{tokens(uow, seat.expert.user)[0]}"
        assert client.post(f"{address}/accept", data={"confirmed": "y"}).status_code == 302
        again = client.post(f"{address}/decline", data={"no-reason": "改主意"})
        assert again.status_code == 410
        assert "您已接受这次邀请" in again.get_data(as_text=True)
        assert seat.state is SeatState.ACCEPTED

    def test_an_answer_after_the_date_is_told_so(self, uow, hall, client, clock):
        address = f"/invitations/{tokens(uow, hall.panel[0].expert.user)[0]}"
        clock.advance(days=3)
        late = client.post(f"{address}/accept", data={"confirmed": "y"})
        assert late.status_code == 410
        assert "答复期限已过" in late.get_data(as_text=True)

    def test_a_link_of_a_cancelled_review_says_that_it_was_withdrawn(self, uow, hall, client):
        seat = hall.panel[0]
        approver = make_user(uow, Role.PROCUREMENT_APPROVER)
        REVIEW.fire(as_user(uow, approver), hall.review, "cancel", reason="项目终止")
        page = client.get(f"/invitations/{tokens(uow, seat.expert.user)[0]}")
        assert page.status_code == 410
        assert "seat.called-off" in kinds_for(uow, seat.expert.user)

    def test_a_newer_link_ends_the_older_one_of_the_same_invitation(self, uow, hall, client, clock):
        seat = hall.panel[0]
        clock.advance(days=1, hours=21)
        remind(uow)
        old, new = tokens(uow, seat.expert.user)
        assert client.get(f"/invitations/{old}").status_code == 410
        assert client.get(f"/invitations/{new}").status_code == 200

    def test_a_reason_typed_before_the_session_ended_is_kept(self, uow, hall, client_as):
        seat = hall.panel[0]
        browser = client_as(seat.expert.user)
        page = f"/my-reviews/{seat.id}"
        uow.session.execute(update(SignInSession).values(seen_at=uow.now - timedelta(days=1)))
        sent = browser.post(
            f"{page}/decline",
            data={"no-reason": "当日在外地开会"},
            headers={"Referer": f"http://localhost{page}"},
        )
        assert sent.status_code == 302
        assert seat.state is SeatState.INVITED
        with browser.session_transaction() as session:
            kept = session["kept_form"]
        browser.become(seat.expert.user)
        with browser.session_transaction() as session:
            session["kept_form"] = kept
        again = browser.page(page)
        assert again.select_one("textarea[name=no-reason]").text.strip() == "当日在外地开会"

    def test_secrets_stay_out_of_logs_and_of_mails_that_have_left(self):
        line = "Exception on /invitations/abcdefghijklmnopqrstuvwxyz0123456789 [POST]"
        record = logging.LogRecord("app", logging.ERROR, "", 1, "%s", (line,), None)
        assert MaskingFilter().filter(record)
        assert record.getMessage() == "Exception on /invitations/… [POST]"
        assert masked("http://h/invitations/ics/abcdefghijklmnopqrstuvwxyz.ics") == "http://h/invitations/ics/….ics"


class TestTexts:
    def test_only_a_mobile_number_gets_a_text_and_it_names_no_agency(self, uow, hall):
        seat = next(one for one in seats_of(uow, hall.review) if one.state is SeatState.RESERVE)
        user = seat.expert.user
        user.telephone = "+86 139-1234-5678"
        assert mobile_of(user) == "13912345678"
        invite(uow, seat, answer_by=hall.review.answer_by)
        row = uow.session.scalars(select(TextMessage).where(TextMessage.user_id == user.id)).one()
        assert hall.engagement.agency.name not in row.body
        assert hall.engagement.project.name not in row.body
        assert uow.house.settings.public_address in row.body
        assert row.masked_number == "139****5678"
        user.telephone = "021-61234567"
        assert queue_text(uow, user, "x") is None

    def test_sending_twice_sends_once_and_the_gateway_gets_number_and_text(self, uow, monkeypatch):
        user = make_user(uow, Role.EXPERT)
        user.telephone = "13912345678"
        row = queue_text(uow, user, "see /invitations/abcdefghijklmnopqrstuvwxyz")
        sent = []
        monkeypatch.setattr(
            "core.notifications.texting._deliver", lambda address, _token, one: sent.append((address, one.to_number))
        )
        settings = replace(uow.house.settings, sms_url="http://gateway.example/send")
        sending = UnitOfWork(uow.session, uow.actor, replace(uow.house, settings=settings))
        for _twice in range(2):
            send_text.run(sending, message_id=str(row.id))
        assert sent == [("http://gateway.example/send", "13912345678")]
        assert row.body == "see /invitations/…"

    def test_an_administrator_sees_that_texts_left_but_not_to_whom(self, uow, client_as):
        user = make_user(uow, Role.EXPERT)
        user.telephone = "13912345678"
        queue_text(uow, user, "请答复：http://h/invitations/abcdefghijklmnopqrstuvwxyz")
        words = client_as(make_user(uow, Role.ADMINISTRATOR)).page("/administration/texts").get_text()
        assert "139****5678" in words
        assert "abcdefghij" not in words
        assert user.name not in words
        assert client_as(make_user(uow, Role.QUALITY_OFFICER)).get("/administration/texts").status_code == 403


def call(uow, answer=ToldAnswer.ACCEPT, **changes) -> Call:
    return Call(
        **{"answer": answer, "spoke_at": uow.now, "note": "拨打手机，本人接听", "declaration_read": True, **changes}
    )


class TestTelephone:
    def test_an_answer_by_telephone_counts_and_the_undertaking_is_signed_at_the_next_sign_in(
        self, uow, hall, client_as
    ):
        seat = hall.panel[0]
        record_call(as_user(uow, hall.quality), seat, call(uow))
        assert seat.state is SeatState.ACCEPTED
        assert undertaking_of(uow, seat) is None
        for one in hall.panel[1:]:
            accept_seat(hall.as_expert(one), one, CONFIRMED)
        assert hall.review.state is ReviewState.SCORING
        browser = client_as(seat.expert.user)
        assert browser.get(f"/my-reviews/{seat.id}/sheet").status_code == 302, "no papers before the undertaking"
        assert browser.post(f"/my-reviews/{seat.id}/undertaking").status_code == 302
        assert may_score(uow, seat)
        row = uow.session.scalars(select(Undertaking).where(Undertaking.user_id == seat.expert.user_id)).one()
        assert (row.digest, row.by_link) == (digest(), False)
        assert browser.get(f"/my-reviews/{seat.id}/sheet").status_code == 200

    def test_what_is_missing_is_said_at_its_field(self, uow, hall):
        seat, officer = hall.panel[0], as_user(uow, hall.quality)
        with pytest.raises(Refused) as refused:
            record_call(
                officer, seat, call(uow, note=" ", spoke_at=uow.now + timedelta(hours=1), declaration_read=False)
            )
        assert fields_of(refused) == {"note", "spoke_at", "declaration_read"}
        with pytest.raises(Refused) as refused:
            record_call(officer, seat, call(uow, ToldAnswer.DECLINE, spoke_at=seat.invited_at - timedelta(hours=1)))
        assert fields_of(refused) == {"reason", "spoke_at"}

    def test_the_time_of_the_call_is_the_time_of_the_answer(self, uow, hall, clock):
        seat, officer = hall.panel[0], as_user(uow, hall.quality)
        in_time = seat.answer_by - timedelta(minutes=5)
        clock.advance(days=2, hours=1)
        with pytest.raises(Refused) as refused:
            record_call(officer, seat, call(uow))
        assert rules_of(refused) == {"R-EXP-02"}
        record_call(officer, seat, call(uow, ToldAnswer.DECLINE, spoke_at=in_time, reason="出差"))
        assert seat.state is SeatState.DECLINED
        assert len(hall.panel) == 5, "the next one was asked"
        with pytest.raises(Refused):
            record_call(officer, seat, call(uow, spoke_at=in_time))

    def test_the_page_notes_it_once_however_often_the_button_is_pressed(self, uow, hall, client_as):
        seat = hall.panel[0]
        browser, page = client_as(hall.quality), seat_desk_page(hall.review.id, seat.id)
        form = browser.page(page).select_one("form#call")
        spoke = uow.now.astimezone(SHANGHAI).replace(second=0, microsecond=0, tzinfo=None).isoformat(timespec="minutes")
        data = {"call-answer": "recuse", "call-spoke_at": spoke, "call-reason": "任该机构顾问", "call-note": "本人接听"}
        data["call-once"] = form.select_one("input[name=call-once]")["value"]
        for _twice in range(2):
            assert browser.post(f"{page}/call", data=data).status_code == 302
        assert seat.state is SeatState.RECUSED
        assert uow.session.scalar(select(func.count()).select_from(TelephoneAnswer)) == 1
        assert browser.post(f"{page}/call", data={"call-answer": "decline"}).status_code == 422

    @pytest.mark.parametrize("role", [Role.PROCUREMENT_SUPERVISOR, Role.EXPERT, Role.AGENCY_MANAGER, Role.OBSERVER])
    def test_only_the_quality_officer_notes_answers(self, uow, hall, client_as, role):
        answer = client_as(make_user(uow, role)).post(
            f"{seat_desk_page(hall.review.id, hall.panel[0].id)}/call", data={"call-answer": "accept"}
        )
        assert answer.status_code in (403, 404)


class TestAskingAgain:
    def exhausted(self, uow):
        hall = review_in(uow, ReviewState.INVITING, pool=8)
        for _turn in range(4):
            seat = next((one for one in hall.panel if one.state is SeatState.INVITED), None)
            if seat is not None and len(hall.panel) == 5:
                decline_seat(uow, seat, "不便")
        while len(hall.panel) == 5:
            decline_seat(uow, next(one for one in hall.panel if one.state is SeatState.INVITED), "不便")
        return hall, next(one for one in seats_of(uow, hall.review) if one.state is SeatState.DECLINED)

    def test_it_is_a_new_request_with_its_own_limit_and_the_first_answer_stays(self, uow):
        hall, seat = self.exhausted(uow)
        again = ask_again(as_user(uow, hall.quality), seat, "改到下午，本人表示可以参加")
        assert (seat.state, again.state) == (SeatState.DECLINED, SeatState.INVITED)
        assert again.id != seat.id
        assert abs(again.answer_by - uow.now - timedelta(hours=24)) < timedelta(minutes=1)
        accept_seat(hall.as_expert(again), again, CONFIRMED)
        assert again.state is SeatState.ACCEPTED
        with pytest.raises(Refused):
            ask_again(as_user(uow, hall.quality), seat, "再问一次")

    def test_whoever_was_asked_again_and_declines_once_more_leaves_the_seat_to_reserves_or_nobody(self, uow):
        hall, seat = self.exhausted(uow)
        again = ask_again(as_user(uow, hall.quality), seat, "改到下午")
        decline_seat(hall.as_expert(again), again, "还是不行")
        assert again.state is SeatState.DECLINED
        assert "seat.no-reserve" in kinds_for(uow, hall.quality)

    def test_nobody_is_asked_again_while_the_panel_is_full_or_after_stepping_down(self, uow, hall):
        officer, seat = as_user(uow, hall.quality), hall.panel[0]
        decline_seat(hall.as_expert(seat), seat, "出差")
        with pytest.raises(Refused) as refused:
            ask_again(officer, seat, "还是想请")
        assert rules_of(refused) == {"R-EXP-09"}
        with pytest.raises(Refused):
            ask_again(officer, hall.panel[1], "还没答复")


class TestReminders:
    def test_each_reminder_goes_out_once_r_exp_answer(self, uow, hall, clock):
        seat = hall.panel[0]
        assert remind(uow) == 0
        clock.advance(days=1, hours=21)
        assert remind(uow) == 5
        assert remind(uow) == 0
        assert "seat.reminded" in kinds_for(uow, seat.expert.user)
        for one in hall.panel:
            accept_seat(hall.as_expert(one), one, CONFIRMED)
        clock.advance(days=2, hours=8)
        assert remind(uow) == 5
        assert "seat.meeting-soon" in kinds_for(uow, seat.expert.user)
        clock.advance(days=2)
        assert remind(uow) == 5, "the sheets are asked for a day after the meeting"
        assert remind(uow) == 0

    def test_silence_is_told_to_the_expert_as_well(self, uow, hall, clock):
        seat = hall.panel[0]
        clock.advance(days=2, minutes=1)
        lapse_overdue(uow)
        assert "seat.lapsed" in kinds_for(uow, seat.expert.user)


class TestCalendars:
    def test_accepting_mails_an_address_that_ends_when_it_is_revoked(self, uow, hall, client, client_as):
        seat = hall.panel[0]
        accept_seat(hall.as_expert(seat), seat, CONFIRMED)
        body = uow.session.scalars(
            select(Mail.body).where(Mail.user_id == seat.expert.user_id).order_by(Mail.created_at.desc())
        ).first()
        path = re.search(r"/invitations/ics/[\w-]+\.ics", body)[0]
        read = client.get(path)
        assert read.mimetype == "text/calendar"
        words = read.get_data(as_text=True)
        assert "STATUS:CONFIRMED" in words
        assert hall.review.place in words
        assert hall.engagement.agency.name not in words
        browser = client_as(seat.expert.user)
        assert browser.get(f"/my-reviews/{seat.id}/invitation.ics").mimetype == "text/calendar"
        shown = browser.post(f"/my-reviews/{seat.id}/calendar").get_data(as_text=True)
        assert calendar_address("")[:17] in shown
        assert client.get(path).status_code == 404, "a new address ends the one before"
        assert browser.post(f"/my-reviews/{seat.id}/calendar/end").status_code == 302
        live = select(func.count()).where(InvitationLink.used_at.is_(None), InvitationLink.purpose == "calendar")
        assert uow.session.scalar(live) == 0


def test_a_worker_killed_between_draw_and_invitations_leaves_neither(uow, monkeypatch):
    """The pick, the seats, the mails and their jobs are one unit of work: all of it or nothing."""
    hall = review_in(uow, ReviewState.DRAWING)
    uow.session.flush()
    savepoint = uow.session.begin_nested()

    def killed(*_given, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("experts.services.draws.invite", killed)
        with pytest.raises(KeyboardInterrupt):
            hall.draw()
    savepoint.rollback()
    uow.session.expire_all()
    assert hall.review.state is ReviewState.DRAWING
    assert uow.session.scalar(select(func.count()).where(Seat.review_id == hall.review.id)) == 0
    hall.draw()
    assert [seat.state for seat in hall.panel] == [SeatState.INVITED] * 5
