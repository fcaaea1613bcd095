"""Reminders mailed once, and the calendar behind its secret address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select, text

from core.errors import Refused
from core.identity.roles import Role
from core.identity.sessions import hashed
from core.notifications.models import Mail
from core.ports import CalendarEvent, Task, registry
from core.reminders.feeds import days_of, make_feed, owner_of, set_days
from core.reminders.models import CalendarFeed, ReminderSent
from core.reminders.sending import look, send_to
from tests.factories.identity import make_user


@pytest.fixture
def tasks(monkeypatch):
    """The to-do list as one source: `tasks.append(task)` for everybody."""
    listed: list[Task] = []
    monkeypatch.setattr(registry, "task_sources", [lambda _uow: listed])
    monkeypatch.setattr(registry, "calendar_sources", [])
    return listed


def due(uow, **by) -> Task:
    return Task("签订采购合同", "社区卫生服务", "/contracts/1", uow.now + timedelta(**by), rule_id="R-CONTRACT-01")


def mails(uow, user) -> list[Mail]:
    return list(uow.session.scalars(select(Mail).where(Mail.user_id == user.id)))


def test_a_deadline_is_mailed_once_and_again_nearer(uow, tasks, clock):
    user = make_user(uow, Role.PROCUREMENT_OFFICER)
    tasks.append(due(uow, days=2, hours=12))
    for _time in range(3):
        send_to.run(uow, str(user.id))
    assert len(mails(uow, user)) == 1
    assert "签订采购合同（社区卫生服务），截止" in mails(uow, user)[0].body
    clock.advance(days=2)
    for _time in range(2):
        send_to.run(uow, str(user.id))
    assert len(mails(uow, user)) == 2
    assert uow.session.query(ReminderSent).filter_by(user_id=user.id).count() == 2


def test_a_person_chooses_when_and_whether(uow, tasks):
    user = make_user(uow, Role.PROCUREMENT_OFFICER)
    tasks.append(due(uow, hours=5))
    set_days(uow, user, 0, 0)
    send_to.run(uow, str(user.id))
    assert mails(uow, user) == []
    set_days(uow, user, 7, 0)
    send_to.run(uow, str(user.id))
    assert len(mails(uow, user)) == 1
    for wrong in (-1, 31):
        with pytest.raises(Refused):
            set_days(uow, user, wrong, 0)


def test_an_english_reader_is_reminded_in_english(uow, tasks):
    user = make_user(uow, Role.EXPERT, language="en")
    tasks.append(due(uow, hours=5))
    send_to.run(uow, str(user.id))
    assert "due" in mails(uow, user)[0].body


def test_every_active_person_gets_a_job_of_their_own(uow, tasks):
    user, gone = make_user(uow, Role.EXPERT), make_user(uow, Role.EXPERT, is_active=False)
    silent = make_user(uow, Role.EXPERT)
    set_days(uow, silent, 0, 0)
    look.run(uow)
    queued = uow.session.execute(
        text("SELECT args->>'user_id' FROM procrastinate_jobs WHERE task_name = 'reminders.send'")
    )
    ids = {row[0] for row in queued}
    assert str(user.id) in ids
    assert not {str(gone.id), str(silent.id)} & ids
    send_to.run(uow, str(gone.id))
    assert mails(uow, gone) == []


def test_the_calendar_holds_deadlines_and_meetings_behind_a_secret(uow, tasks, client, monkeypatch):
    user = make_user(uow, Role.EXPERT)
    tasks.append(due(uow, days=4))
    meeting = CalendarEvent("review-1", "指标评审会", "社区卫生服务", "/my-reviews", uow.now + timedelta(days=2))
    monkeypatch.setattr(registry, "calendar_sources", [lambda _uow: [meeting]])
    token = make_feed(uow, user)
    assert uow.get(CalendarFeed, user.id).token_hash == hashed(token)
    answer = client.get(f"/calendar/{token}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert "no-store" in answer.headers["Cache-Control"]
    events = list(Calendar.from_ical(answer.get_data()).walk("VEVENT"))
    assert {str(one["summary"]) for one in events} == {"截止：签订采购合同 社区卫生服务", "指标评审会 社区卫生服务"}
    assert len({str(one["uid"]) for one in events}) == 2
    again = Calendar.from_ical(client.get(f"/calendar/{token}.ics").get_data()).walk("VEVENT")
    assert {str(one["uid"]) for one in again} == {str(one["uid"]) for one in events}


def test_a_new_address_ends_the_old_one_and_a_person_who_left_has_none(uow, tasks, client):
    user = make_user(uow, Role.EXPERT)
    old, new = make_feed(uow, user), make_feed(uow, user)
    assert client.get(f"/calendar/{old}.ics").status_code == 404
    assert client.get(f"/calendar/{new}.ics").status_code == 200
    assert client.get("/calendar/guess.ics").status_code == 404
    user.is_active = False
    uow.session.flush()
    assert owner_of(uow, new) is None


def test_the_page_makes_shows_once_and_ends_the_address(uow, client_as):
    user = make_user(uow, Role.EXPERT)
    browser = client_as(user)
    assert browser.get("/account/reminders").status_code == 200
    shown = browser.post("/account/calendar").get_data(as_text=True)
    assert "/calendar/" in shown
    assert ".ics" not in browser.get("/account/reminders").get_data(as_text=True)
    assert browser.post("/account/reminders", data={"days_before": "7", "again_days_before": "0"}).status_code == 302
    assert days_of(uow, user.id) == (7, 0)
    assert browser.post("/account/reminders", data={"days_before": "99"}).status_code == 422
    assert browser.post("/account/calendar/end").status_code == 302
    assert uow.get(CalendarFeed, user.id) is None
    assert "提醒和日历" in browser.page("/account/").text
