"""Before the deadline nobody on the staff side learns how many bid or who, from any page, mail, task, feed or figure."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import select, text, update

from core.identity.roles import Role
from core.notifications.models import Mail, Notification
from procurement.demonstration.bids import PlainFile, submit_sealed
from procurement.models import Tender
from procurement.states import TenderState
from tests.factories.bids import acting, open_for_bids
from tests.factories.identity import make_user
from tests.factories.procurement import published_tender
from tests.policies.test_routes import example_paths

WATCHERS = [Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER, Role.ADMINISTRATOR]
STAFF = [role for role in Role if role not in (Role.AGENCY_MANAGER, Role.AGENCY_STAFF)]
CHANGING = (
    (r"<time[^>]*>.*?</time>", ""),
    (r'(name="(csrf_token|csrf-token|once)"[^>]*(value|content)=)"[^"]*"', r"\1"),
    (r'content="[^"]*" name="csrf-token"|name="csrf-token" content="[^"]*"', ""),
    (r'value="[0-9A-Za-z._-]{40,}"|value="[0-9a-f-]{36}"', ""),
    (r'data-countdown="[^"]*">[^<]*<', "<"),
    (r"\d{4}-\d\d-\d\dT[\d:.+Z-]+|\d{1,2}:\d\d(:\d\d)?", ""),
)
NOT_COMPARED = (
    *("account.", "demo.", "static", "health.", "documents.", "uploads."),
    "house.audit",
)
"""One's own account, and the log, which also grows by who looks at it: what it leaves out has a test of its own."""


def pages_of(app, tender_id):
    """Every page that takes no id or a tender's, without what belongs to the reader's account."""
    nobody = str(uuid.UUID(int=1))
    for method, path, endpoint in example_paths(app):
        own = re.sub(f"/(tenders|notices)/{nobody}", rf"/\1/{tender_id}", path)
        if method == "GET" and nobody not in own and not endpoint.startswith(NOT_COMPARED):
            yield own


def seen(app, browser, tender_id):
    """What each page says, without clock times and the form's own keys."""
    found = {}
    for path in pages_of(app, tender_id):
        answer = browser.open(path)
        if answer.status_code == 200 and answer.mimetype.startswith(("text/", "application/json", "application/atom")):
            page = answer.get_data().decode(errors="replace")
            for pattern, instead in CHANGING:
                page = re.sub(pattern, instead, page, flags=re.DOTALL)
            found[path] = page
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("roles", [WATCHERS, pytest.param(STAFF, marks=pytest.mark.proof)], ids=["some", "all"])
def test_no_staff_page_changes_or_names_anybody_when_bids_arrive(app, uow, client_as, roles):
    scene = published_tender(uow)
    people = [scene.officer, scene.holders[0], *(make_user(uow, role) for role in roles)]
    browsers = [client_as(one) for one in people]
    bidders = [make_user(uow, Role.AGENCY_MANAGER) for _number in range(3)]
    organisations = [one.memberships[0].organisation for one in bidders]
    for number, organisation in enumerate(organisations):
        organisation.name = f"隐名投标机构第{number}"
    before = [seen(app, one, scene.tender.id) for one in browsers]
    before_told = uow.session.scalars(select(Notification.id)).all()
    before_mailed = uow.session.scalars(select(Mail.id)).all()
    for number, (bidder, organisation) in enumerate(zip(bidders, organisations, strict=True)):
        submit_sealed(acting(uow, bidder), scene.tender.lots[0], organisation, price=Decimal(100_000 + number))
    told = uow.session.scalars(select(Notification.user_id).where(Notification.id.not_in(before_told))).all()
    mailed = uow.session.scalars(select(Mail.user_id).where(Mail.id.not_in(before_mailed))).all()
    assert told
    assert not {one.id for one in people} & {*told, *mailed}
    for browser, known in zip(browsers, before, strict=True):
        now = seen(app, browser, scene.tender.id)
        assert len(now) > 3
        for path, page in now.items():
            assert page == known.get(path), f"{path} changed when bids arrived, or names a bidder"


def test_the_log_s_page_leaves_out_what_suppliers_do_until_the_opening(uow, client_as):
    scene = published_tender(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    page = client_as(make_user(uow, Role.ADMINISTRATOR))
    organisation = bidder.memberships[0].organisation
    work = acting(uow, bidder)
    submit_sealed(work, scene.tender.lots[0], organisation, price=Decimal(100_000))
    work.record("document.read", scene.tender)
    work.commit()
    uow.record("tender.note", scene.tender)
    uow.commit()
    listed = page.get("/administration/audit").text
    assert "tender.note" in listed
    assert "R-SEC-03" in listed
    assert not [one for one in ("bid.submit", "document.read", bidder.name) if one in listed]
    uow.session.execute(update(Tender).values(state=TenderState.OPENED))
    listed = page.get("/administration/audit").text
    assert "bid.submit" in listed
    assert bidder.name in listed


def test_no_table_and_no_stored_file_holds_what_is_inside_a_bid(uow, house):
    scene = open_for_bids(uow)
    bidder = make_user(uow, Role.AGENCY_MANAGER)
    planted = ["173942.17", "藏在条款里的话", "藏在文件里的话", "藏名文件"]
    file = PlainFile("藏名文件.pdf", "technical", "藏在文件里的话".encode() * 50)
    organisation = bidder.memberships[0].organisation
    bid = submit_sealed(
        acting(uow, bidder), scene.lot, organisation, price=Decimal("173942.17"), files=[file], terms="藏在条款里的话"
    )
    uow.session.flush()
    planted += [key.secret for key in scene.keys]
    found_hash = False
    tables = uow.session.scalars(
        text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    )
    for table in tables.all():
        for row in uow.session.scalars(text(f'SELECT one::text FROM "{table}" AS one')):
            assert not [one for one in planted if one in row], f"{table} holds what is sealed"
            found_hash = found_hash or bid.sha256 in row
    assert found_hash, "the search finds what is there"
    with house.store.open(bid.sha256) as stream:
        stored = stream.read()
    assert not [one for one in planted if one.encode() in stored]
