"""The pages of inquiries and challenges: forms, double presses, stale forms, wrong people, constant queries."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from core.identity.roles import Role
from procurement.models import Challenge
from procurement.services.challenges import draft_answer, issue_answer
from procurement.services.holding import take_documents
from procurement.states import ChallengeBasis, ChallengeState, InquiryState, Verdict
from procurement.tasks.remedies import remedy_tasks
from tests.factories.awards import acting, awarded_tender
from tests.factories.identity import make_user
from tests.factories.procurement import published_tender
from tests.factories.remedies import asked, bidder_of, challenged, entry_for


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def typed(organisation_id, **changes) -> dict[str, str]:
    entry = entry_for()
    names = ("matter", "facts", "legal_basis", "request", "contact_name", "contact_telephone", "contact_address")
    return {
        "organisation_id": str(organisation_id),
        "target": "result:",
        **{name: getattr(entry, name) for name in names},
        **changes,
    }


def test_everybody_sees_every_last_day_and_a_bidder_files_by_form_once(uow, client, client_as):
    tender = awarded_tender(uow)
    public = text_of(client.get(f"/tenders/{tender.id}/remedies"))
    assert "质疑期限" in public
    assert "R-REMEDY-02" in public
    assert "提出质疑</a>" not in public
    user = bidder_of(uow, tender)
    browser, own = client_as(user), user.memberships[0].organisation_id
    address = f"/tenders/{tender.id}/challenges/new"
    page = text_of(browser.get(f"{address}?target=result:"))
    assert '<option selected value="result:">' in page
    refused = browser.post(address, data=typed(own, facts=""))
    assert refused.status_code == 422
    assert "请写明事实依据" in text_of(refused)
    once = {"once": hidden(page, "once")}
    sent = browser.post(address, data=typed(own) | once)
    assert sent.status_code == 302
    assert browser.post(address, data=typed(own) | once).headers["Location"] == sent.headers["Location"]
    assert uow.session.scalar(select(func.count()).select_from(Challenge)) == 1
    assert "合同" in text_of(browser.get(sent.headers["Location"]))


def test_the_answer_goes_from_draft_to_letter_by_two_people(uow, client_as):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    officer, approver = client_as(tender.drafted_by), client_as(tender.approved_by)
    address = f"/challenges/{challenge.id}"
    page = text_of(officer.get(address))
    assert challenge.organisation.name in page
    data = {"verdict": "upheld", "measure": "", "answer": "质疑成立", "revision": hidden(page, "revision")}
    assert officer.post(f"{address}/draft", data=data).status_code == 422
    data["measure"] = "other-winner"
    assert officer.post(f"{address}/draft", data=data).status_code == 302
    stale = officer.post(f"{address}/draft", data=data | {"once": ""})
    assert stale.status_code == 409
    assert officer.post(f"{address}/issue", data={}).status_code == 403
    assert approver.post(f"{address}/issue", data={}).status_code == 302
    uow.session.refresh(challenge)
    assert challenge.state is ChallengeState.UPHELD
    supplier = text_of(client_as(challenge.filed_by).get(address))
    assert "答复函" in supplier
    assert "投诉" in supplier
    assert officer.post(f"{address}/carry-out", data={"note": ""}).status_code == 422
    assert officer.post(f"{address}/carry-out", data={"note": "已另行确定"}).status_code == 302


def test_the_letter_is_downloaded_by_both_sides_and_by_no_rival(uow, uow_as, client_as):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    draft_answer(uow_as(tender.drafted_by), challenge, Verdict.DISMISSED, "不成立。")
    issue_answer(uow_as(tender.approved_by), challenge)
    page = text_of(client_as(challenge.filed_by).get(f"/challenges/{challenge.id}"))
    (url,) = set(re.findall(r'href="(/documents/[^"]+)"', page))
    assert client_as(challenge.filed_by).get(url).status_code == 200
    assert client_as(tender.drafted_by).get(url).status_code == 200
    rival = client_as(bidder_of(uow, tender, 2))
    assert rival.get(url).status_code == 404
    assert rival.get(f"/challenges/{challenge.id}").status_code == 404


@pytest.mark.parametrize("role", [Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER, Role.AGENCY_MANAGER, Role.EXPERT])
def test_nobody_else_answers(uow, client_as, role):
    tender = awarded_tender(uow)
    challenge, inquiry = challenged(uow, tender), asked(uow, tender)
    browser = client_as(make_user(uow, role))
    for deed in ("draft", "issue", "carry-out", "effect"):
        assert browser.post(f"/challenges/{challenge.id}/{deed}", data={}).status_code in (403, 404)
    for deed in ("answer", "effect"):
        assert browser.post(f"/inquiries/{inquiry.id}/{deed}", data={}).status_code in (403, 404)
    assert browser.get(f"/tenders/{tender.id}/challenges/register").status_code in (403, 404)


def test_before_the_opening_pages_and_tasks_of_staff_name_no_supplier(uow, client_as, app):
    scene = published_tender(uow)
    supplier = make_user(uow, Role.AGENCY_MANAGER, name="甄别名")
    organisation = supplier.memberships[0].organisation
    organisation.name = "隐身评价咨询有限公司"
    inquiry = asked(uow, scene.tender, supplier)
    browser = client_as(supplier)
    take_documents(acting(uow, supplier), scene.tender, organisation.id)
    sent = browser.post(f"/tenders/{scene.tender.id}/challenges/new", data=typed(organisation.id, target="documents:"))
    assert sent.status_code == 302
    assert organisation.name in text_of(browser.get(sent.headers["Location"]))
    watchers = (scene.officer, scene.approver, make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    for user in watchers:
        staff = client_as(user)
        pages = (
            sent.headers["Location"],
            f"/inquiries/{inquiry.id}",
            "/challenges",
            "/inquiries",
            "/home",
            "/inbox/",
            f"/tenders/{scene.tender.id}",
            f"/tenders/{scene.tender.id}/remedies",
        )
        for address in pages:
            page = text_of(staff.get(address))
            assert organisation.name not in page, address
            assert supplier.name not in page, address


def test_an_inquiry_by_form(uow, client_as):
    tender = awarded_tender(uow)
    user = make_user(uow, Role.AGENCY_MANAGER)
    browser = client_as(user)
    address = f"/tenders/{tender.id}/inquiries/new"
    own = str(user.memberships[0].organisation_id)
    assert browser.get(address).status_code == 200
    assert browser.post(address, data={"organisation_id": own, "question": ""}).status_code == 422
    sent = browser.post(address, data={"organisation_id": own, "question": "服务期限以何处为准？"})
    assert sent.status_code == 302
    place = sent.headers["Location"]
    officer = client_as(tender.drafted_by)
    assert officer.post(f"{place}/effect", data={"affects": "y"}).status_code == 302
    assert "合同暂停" in text_of(officer.get(place))
    assert officer.post(f"{place}/answer", data={"answer": ""}).status_code == 422
    assert officer.post(f"{place}/answer", data={"answer": "以第二条为准。"}).status_code == 302
    assert "以第二条为准" in text_of(browser.get(place))
    other = asked(uow, tender, user)
    assert browser.post(f"/inquiries/{other.id}/do/withdraw").status_code == 302
    uow.session.refresh(other)
    assert other.state is InquiryState.WITHDRAWN


def test_tasks_lead_to_what_is_due(uow, uow_as, app):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    asked(uow, tender)
    with app.test_request_context():
        mine = list(remedy_tasks(uow_as(tender.drafted_by)))
        assert {str(one.title)[:4] for one in mine} == {"答复询问", "起草质疑"}
        assert all(one.due_at for one in mine)
        draft_answer(uow_as(tender.drafted_by), challenge, Verdict.DISMISSED, "不成立。")
        assert [str(one.title)[:4] for one in remedy_tasks(uow_as(tender.approved_by))] == ["签发质疑"]
        (waiting,) = remedy_tasks(uow_as(challenge.filed_by))
        assert waiting.group == "waiting"


def test_outcomes_are_public_and_name_no_supplier(uow, uow_as, client):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    assert challenge.number not in text_of(client.get("/remedy-decisions"))
    draft_answer(uow_as(tender.drafted_by), challenge, Verdict.DISMISSED, "不成立。")
    issue_answer(uow_as(tender.approved_by), challenge)
    page = text_of(client.get("/remedy-decisions"))
    assert challenge.number in page
    assert challenge.organisation.name not in page


def test_lists_ask_the_database_a_constant_number_of_times(uow, client_as, count_queries):
    tender = awarded_tender(uow)
    browser = client_as(tender.drafted_by)
    challenged(uow, tender, place=1)
    browser.get("/challenges")
    with count_queries() as one:
        browser.get("/challenges")
    challenged(uow, tender, place=2)
    challenged(uow, awarded_tender(uow), place=1)
    with count_queries() as three:
        browser.get("/challenges")
    assert len(three) <= len(one) + 1


def test_an_officer_registers_a_letter(uow, client_as):
    tender = awarded_tender(uow)
    bidder = bidder_of(uow, tender, 2).memberships[0].organisation_id
    browser = client_as(tender.drafted_by)
    address = f"/tenders/{tender.id}/challenges/register"
    assert "交邮或者送达日期" in text_of(browser.get(address))
    data = typed(bidder, posted_on=uow.today.isoformat())
    assert browser.post(address, data=data | {"posted_on": ""}).status_code == 422
    assert browser.post(address, data=data).status_code == 302
    assert acting(uow, tender.drafted_by).session.scalar(select(Challenge.is_letter)) is True
    assert ChallengeBasis.RESULT in uow.session.scalars(select(Challenge.basis)).all()
