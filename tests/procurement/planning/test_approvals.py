"""Levels of approval: publishing within the level, substitutes for some days, pages of the administrator."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import current_app

from core.errors import Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from procurement.models import ApprovalSubstitute
from procurement.planning.authority import authority
from procurement.services.approvals import end_substitution, name_substitute, set_level
from procurement.services.publishing import publish_tender, submit_tender
from procurement.states import TenderState
from procurement.tasks.tenders import tender_tasks
from tests.factories.bids import acting
from tests.factories.identity import make_user
from tests.factories.procurement import draft_tender
from tests.factories.projects import make_project
from tests.fixtures.browser import soup


def approver(uow, purchase=None, level=None):
    place = purchase.officer.memberships[0].organisation if purchase else None
    user = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=place)
    if level:
        set_level(uow, user, level)
    return user


def test_a_tender_is_published_by_a_level_that_covers_its_budget(uow):
    """R-SEC-02.levels in publishing: tasks and notices go to those who may, others are refused with the rule."""
    project = make_project(uow, evaluation_fee=Decimal(600_000))
    purchase = draft_tender(uow, projects=[project], budget=Decimal(600_000))
    set_level(uow, purchase.approver, 1)
    chief = approver(uow, purchase, 2)
    submit_tender(acting(uow, purchase.officer), purchase.tender)
    told = {one.user_id for one in uow.session.query(Notification) if one.kind == "tender.submitted"}
    assert told == {chief.id}
    with current_app.test_request_context():
        assert [str(one.title) for one in tender_tasks(acting(uow, chief))] == ["审批并发布公告"]
        assert list(tender_tasks(acting(uow, purchase.approver))) == []
    with pytest.raises(Refused) as raised:
        publish_tender(acting(uow, purchase.approver), purchase.tender)
    assert [one.rule_id for one in raised.value.refusals] == ["R-SEC-02.levels"]
    publish_tender(acting(uow, chief), purchase.tender)
    assert purchase.tender.state is TenderState.PUBLISHED


def test_a_substitution_counts_on_its_days_and_can_be_ended(uow):
    chief, other = approver(uow, level=3), approver(uow)
    assert not authority(uow).covers(other.id, Decimal(1))
    row = name_substitute(uow, chief, other, first_on=uow.today, last_on=uow.today, reason="会议")
    assert authority(uow).covers(other.id, Decimal(9_000_000))
    told = uow.session.query(Notification).one()
    assert (told.kind, told.user_id) == ("approval.substitute-named", other.id)
    end_substitution(uow, row)
    end_substitution(uow, row)
    assert not authority(uow).covers(other.id, Decimal(1))
    future = uow.today + timedelta(days=1)
    name_substitute(uow, chief, other, first_on=future, last_on=future, reason="会议")
    assert not authority(uow).covers(other.id, Decimal(1))


def test_only_approvers_hold_levels_and_stand_in(uow):
    chief, officer = approver(uow, level=3), make_user(uow, Role.PROCUREMENT_OFFICER)
    with pytest.raises(Refused):
        set_level(uow, officer, 1)
    with pytest.raises(Refused):
        set_level(uow, chief, 4)
    yesterday = uow.today - timedelta(days=1)
    with pytest.raises(Refused) as raised:
        name_substitute(uow, officer, officer, first_on=uow.today, last_on=yesterday, reason="")
    assert {one.field for one in raised.value.refusals} == {"substitute_id", "absent_id", "last_on", "reason"}


def test_an_administrator_sets_levels_and_substitutes_on_the_page(uow, client_as):
    chief, other = approver(uow), approver(uow)
    browser = client_as(make_user(uow, Role.ADMINISTRATOR))
    assert "尚未设定级别" in browser.get("/approvals").text
    assert browser.post("/approvals/levels", data={"user_id": str(chief.id), "level": "3"}).status_code == 302
    assert browser.post("/approvals/levels", data={"user_id": str(chief.id), "level": "9"}).status_code == 422
    assert browser.post("/approvals/levels", data={"user_id": "x", "level": "1"}).status_code == 422
    once = soup(browser.get("/approvals")).find("form", {"id": "form"}).find("input", {"name": "once"})["value"]
    sent = {
        "absent_id": str(chief.id),
        "substitute_id": str(other.id),
        "first_on": uow.today.isoformat(),
        "last_on": uow.today.isoformat(),
        "reason": "出差",
        "once": once,
    }
    wrong = browser.post("/approvals/substitutes", data=sent | {"substitute_id": str(chief.id)})
    assert wrong.status_code == 422
    assert "代理人须是另一个人" in wrong.text
    assert [browser.post("/approvals/substitutes", data=sent).status_code for _press in range(2)] == [302, 302]
    row = uow.session.query(ApprovalSubstitute).one()
    assert f"代理 {chief.name}" in browser.get("/approvals").text
    seer = client_as(other)
    assert "登记代理人</" not in seer.get("/approvals").text
    assert seer.post(f"/approvals/substitutes/{row.id}/end").status_code == 403
    assert browser.post(f"/approvals/substitutes/{row.id}/end").status_code == 302
    assert client_as(make_user(uow, Role.EXPERT)).get("/approvals").status_code == 403
