"""Before the opening nobody on the purchaser's side learns who holds the documents, asks, bids or confirms (R-SEC-03)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from core.identity.roles import Role
from core.notifications.models import Mail, Notification
from procurement.services.confirming import confirm_bid
from tests.factories.bids import acting, add_bid, pass_deadline
from tests.factories.clarifications import amended_tender, asked, holder_of, published_tender, scene_of
from tests.factories.identity import make_user
from tests.fixtures.browser import soup

STAFF = (
    Role.PROCUREMENT_OFFICER,
    Role.PROCUREMENT_APPROVER,
    Role.AGENT_OFFICER,
    Role.KEYHOLDER,
    Role.PROCUREMENT_SUPERVISOR,
    Role.OBSERVER,
    Role.ADMINISTRATOR,
)


def busy_tender(uow):
    """A tender with holders, a question and a bid confirmed for its second version; with the names to keep secret."""
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    question = asked(uow, purchase.tender)
    holder, _user = holder_of(uow, purchase.tender)
    bid = add_bid(uow, scene, "150000.00")
    amended_tender(uow, purchase, {"opening_place": "五楼开标室"})
    confirm_bid(acting(uow, scene.bidders[0]), bid)
    secret = [question.holder.organisation.name, holder.organisation.name, bid.bidder.name]
    return purchase, scene, secret


@pytest.mark.parametrize("role", STAFF)
def test_no_page_of_the_staff_names_them(client_as, uow, role):
    purchase, _scene, secret = busy_tender(uow)
    tender = purchase.tender
    own = {
        Role.PROCUREMENT_OFFICER: purchase.officer,
        Role.PROCUREMENT_APPROVER: purchase.approver,
        Role.KEYHOLDER: purchase.holders[0],
    }
    browser = client_as(own.get(role) or make_user(uow, role))
    seen = 0
    for path in (
        "/home",
        "/inbox",
        f"/tenders/{tender.id}",
        f"/tenders/{tender.id}/questions",
        f"/tenders/{tender.id}/amendments",
        f"/tenders/{tender.id}/opening",
        f"/notices/{tender.id}",
        f"/notices/{tender.id}/clarifications",
        f"/notices/{tender.id}/versions/2",
        f"/notices/{tender.id}/record.json",
    ):
        answer = browser.get(path)
        if answer.status_code == 200:
            seen += 1
            assert [name for name in secret if name in answer.text] == [], path
    assert seen >= 4


def test_no_mail_or_entry_to_the_staff_names_or_counts_them(uow):
    purchase, scene, secret = busy_tender(uow)
    suppliers = {one.id for one in scene.bidders}
    staff = {purchase.officer.id, purchase.approver.id, *(one.id for one in purchase.holders)}
    mails = uow.session.scalars(select(Mail).where(Mail.user_id.in_(staff))).all()
    entries = uow.session.scalars(select(Notification).where(Notification.user_id.in_(staff))).all()
    assert mails
    for text in [*(one.subject + one.body for one in mails), *(json.dumps(one.params) for one in entries)]:
        assert [name for name in secret if name in text] == []
    assert suppliers.isdisjoint(staff)


def test_after_the_opening_the_holders_are_known_to_the_purchaser(client_as, uow):
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    holder, _user = holder_of(uow, purchase.tender)
    for price in ("150000.00", "160000.00", "170000.00"):
        add_bid(uow, scene, price)
    page = f"/tenders/{purchase.tender.id}/questions"
    officer = client_as(purchase.officer)
    assert holder.organisation.name not in officer.get(page).text
    pass_deadline(uow, scene)
    from procurement.demonstration.bids import open_sealed

    turns = [(acting(uow, scene.holders[place]), scene.keys[place]) for place in (0, 1)]
    open_sealed(acting(uow, scene.officer), purchase.tender, turns)
    uow.session.expire_all()
    table = soup(officer.get(page)).find("table")
    assert holder.organisation.name in table.text
