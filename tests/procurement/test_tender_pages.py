"""Pages of tenders, notices and keys: who sees what, messages at fields, one effect for one form."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import func, select

from core.clock import SHANGHAI
from core.identity.roles import Role
from core.notifications.models import Notification
from core.permissions import policy
from procurement.drafting.criteria_table import TypedRow, read_rows
from procurement.models import Tender
from procurement.permissions import TenderPermission
from procurement.queries.tenders import visible_tenders
from procurement.services.publishing import submit_tender
from procurement.states import TenderState
from procurement.tasks.tenders import tender_tasks
from tests.factories.bids import acting
from tests.factories.identity import make_user
from tests.factories.procurement import draft_tender, published_tender
from tests.factories.projects import make_project
from tests.fixtures.browser import soup


def fields_of(answer) -> dict:
    """What the page's own form would send."""
    form = soup(answer).find("form", {"method": "post", "id": "form"}) or soup(answer).find(
        "form", {"method": "post", "data-guard": True}
    )
    values: dict = {}
    for one in form.find_all(["input", "textarea", "select"]):
        name = one.get("name")
        if not name or (one.get("type") in ("checkbox", "radio") and not one.has_attr("checked")):
            continue
        if one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            value = chosen["value"] if chosen else ""
        else:
            value = one.text.removeprefix("\n") if one.name == "textarea" else one.get("value", "")
        values.setdefault(name, []).append(value)
    return values


def tasks_of(uow, user) -> list[str]:
    """The titles of what this person has to do before a notice is out."""
    with current_app.test_request_context():
        return [str(one.title) for one in tender_tasks(acting(uow, user))]


def test_an_officer_drafts_from_a_project_once_even_when_pressing_twice(client_as, uow):
    officer, project = make_user(uow, Role.PROCUREMENT_OFFICER), make_project(uow)
    make_user(uow, Role.PROCUREMENT_APPROVER)
    officer_bureau = officer.memberships[0].organisation
    assert officer_bureau.is_active
    browser = client_as(officer)
    assert "发起采购" in browser.get(f"/projects/{project.id}").text
    fields = fields_of(browser.get(f"/tenders/new?project={project.id}"))
    first, second = (browser.post("/tenders/new", data=fields) for _press in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert uow.session.scalar(select(func.count()).select_from(Tender)) == 1
    assert "发起采购" not in browser.get(f"/projects/{project.id}").text


def test_bad_entries_are_named_at_their_fields_and_kept(client_as, uow):
    purchase = draft_tender(uow)
    browser, page = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/edit"
    fields = fields_of(browser.get(page)) | {"budget": "many", "deadline": "tomorrow", "title": ""}
    answer = browser.post(page, data=fields)
    assert answer.status_code == 422
    tree = soup(answer)
    assert tree.find(id="budget")["value"] == "many"
    assert all(tree.find(id=f"{name}-error") for name in ("budget", "deadline", "title"))


def test_entries_are_saved_with_shanghai_time_and_the_panel_answers(client_as, uow):
    purchase = draft_tender(uow)
    browser, page = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/edit"
    day = uow.today + timedelta(days=5)
    fields = fields_of(browser.get(page)) | {"deadline": f"{day}T09:30", "deposit": "9999"}
    assert browser.post(page, data=fields).status_code == 302
    assert purchase.tender.deadline.astimezone(SHANGHAI).isoformat() == f"{day}T09:30:00+08:00"
    shown = browser.get(f"/tenders/{purchase.tender.id}").text
    assert "R-TENDER-04" in shown
    assert "R-TENDER-08" in shown
    assert browser.post(f"/tenders/{purchase.tender.id}/do/submit").status_code in (409, 422)
    assert purchase.tender.state is TenderState.DRAFT


def test_a_stale_form_changes_nothing(client_as, uow):
    purchase = draft_tender(uow)
    browser, page = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/edit"
    stale = fields_of(browser.get(page))
    assert browser.post(page, data=fields_of(browser.get(page)) | {"title": "先改"}).status_code == 302
    assert browser.post(page, data=stale | {"title": "后改", "once": ""}).status_code == 409
    assert purchase.tender.title == "先改"


def test_criteria_are_edited_as_a_table(client_as, uow):
    purchase = draft_tender(uow)
    browser, page = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/criteria"
    fields = fields_of(browser.get(page))
    assert browser.post(page, data=fields).status_code == 302
    assert [one.title for one in purchase.tender.criteria][:1] == ["响应服务期限"]
    assert purchase.tender.criteria[4].bands[0] == {"points": "15-20", "text": "准确全面，重点突出"}
    wrong = fields_of(browser.get(page))
    wrong["maximum"][3] = "viel"
    answer = browser.post(page, data=wrong)
    assert answer.status_code == 422
    assert "至多两位小数" in answer.text
    assert 'value="viel"' in answer.text


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (TypedRow("objective", "", "10", "", "10：有"), "title"),
        (TypedRow("objective", "经验", "", "", ""), "maximum"),
        (TypedRow("objective", "经验", "NaN", "", ""), "maximum"),
        (TypedRow("objective", "经验", "1e1", "", "好"), "bands"),
        (TypedRow("objective", "经验", "101", "", ""), "maximum"),
        (TypedRow("substantive", "期限", "5", "", ""), "maximum"),
        (TypedRow("other", "期限", "5", "", ""), "kind"),
    ],
)
def test_a_wrong_row_is_named_at_its_cell(app, row, column):
    with app.test_request_context():
        assert (0, column) in read_rows([row])[1]


def test_the_notice_goes_from_draft_to_public_page_by_two_people(client_as, client, uow):
    purchase = draft_tender(uow)
    tender = purchase.tender
    assert client.get(f"/notices/{tender.id}").status_code in (302, 404)
    officer, approver = client_as(purchase.officer), client_as(purchase.approver)
    assert officer.post(f"/tenders/{tender.id}/do/submit").status_code == 302
    assert officer.post(f"/tenders/{tender.id}/publish").status_code == 403
    page = soup(approver.get(f"/tenders/{tender.id}"))
    form = page.find("form", action=f"/tenders/{tender.id}/publish")
    fields = {one["name"]: one.get("value", "") for one in form.find_all("input")}
    first, second = (approver.post(f"/tenders/{tender.id}/publish", data=fields) for _press in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location == f"/notices/{tender.id}"
    notice = client.get(f"/notices/{tender.id}")
    assert notice.status_code == 200
    assert tender.number in notice.text
    assert tender.number in client.get("/notices").text
    assert client.get(f"/notices/{tender.id}?lang=en").status_code == 200


def test_the_downloaded_record_has_the_hash_of_the_notice(client, uow):
    tender = published_tender(uow).tender
    answer = client.get(f"/notices/{tender.id}/record.json")
    assert hashlib.sha256(answer.data).hexdigest() == tender.record_hash
    told = client.get(f"/notices/{tender.id}/sealing/1.json").get_json()
    assert told["notice"] == tender.record_hash
    assert told["needed"] == 2
    assert len(told["keyholders"]) == 3


def test_a_keyholder_registers_a_public_key_made_elsewhere(client_as, uow):
    purchase = draft_tender(uow, keyed=False)
    browser, page = client_as(purchase.holders[0]), f"/tenders/{purchase.tender.id}/key"
    assert browser.get(page).status_code == 200
    assert browser.post(page, data={"public_key": "age1x"}).status_code == 422
    assert browser.post(page, data={"public_key": purchase.keys[0].recipient}).status_code == 302
    assert purchase.tender.keyholders[0].fingerprint in browser.get(page).text.replace(" ", "")
    assert client_as(purchase.officer).get(page).status_code == 403


def test_keyholders_are_named_and_told(client_as, uow):
    purchase = draft_tender(uow, keyholders=0)
    people = [make_user(uow, Role.KEYHOLDER) for _one in range(3)]
    browser, page = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/keyholders"
    fields = fields_of(browser.get(page)) | {"keyholders": [str(one.id) for one in people], "keyholders_needed": "2"}
    assert browser.post(page, data=fields).status_code == 302
    told = uow.session.scalars(select(Notification.user_id).where(Notification.kind == "tender.key-wanted")).all()
    assert set(told) == {one.id for one in people}
    assert tasks_of(uow, people[0]) == ["生成并登记开标密钥"]


def test_the_approver_finds_it_among_the_tasks_and_may_return_it(client_as, uow):
    purchase = draft_tender(uow)
    submit_tender(acting(uow, purchase.officer), purchase.tender)
    approver = client_as(purchase.approver)
    assert tasks_of(uow, purchase.approver) == ["审批并发布公告"]
    assert tasks_of(uow, purchase.officer) == ["等待审批"]
    back = approver.post(f"/tenders/{purchase.tender.id}/do/send_back", data={"reason": "合同文本不完整"})
    assert back.status_code == 302
    assert "合同文本不完整" in client_as(purchase.officer).get("/inbox/").text


ROLES = (
    Role.PROCUREMENT_OFFICER,
    Role.PROCUREMENT_APPROVER,
    Role.AGENT_OFFICER,
    Role.KEYHOLDER,
    Role.OBSERVER,
    Role.PROCUREMENT_SUPERVISOR,
    Role.AGENCY_MANAGER,
    Role.EXPERT,
    Role.QUALITY_OFFICER,
)


@pytest.mark.parametrize("role", ROLES)
def test_the_list_says_the_same_as_the_permission(uow, uow_as, role):
    made = [draft_tender(uow).tender, published_tender(uow).tender]
    actor = uow_as(make_user(uow, role)).actor
    listed = set(uow.session.scalars(visible_tenders(actor)))
    assert listed == {one for one in made if policy.allows(actor, TenderPermission.READ, one)}


def test_a_keyholder_sees_only_own_tenders(uow, uow_as):
    mine, _other = draft_tender(uow), draft_tender(uow)
    actor = uow_as(mine.holders[1]).actor
    assert list(uow.session.scalars(visible_tenders(actor))) == [mine.tender]


@pytest.mark.parametrize("role", [Role.AGENCY_MANAGER, Role.EXPERT, Role.OBSERVER])
def test_a_draft_is_unknown_to_others(client_as, uow, role):
    tender = draft_tender(uow).tender
    assert client_as(make_user(uow, role)).get(f"/tenders/{tender.id}").status_code == 404


def test_lists_take_as_many_queries_for_many_as_for_few(client_as, uow, count_queries):
    purchase = published_tender(uow)
    browser = client_as(purchase.officer)
    counts = []
    for _round in range(2):
        for page in ("/tenders", "/notices"):
            browser.get(page)
            with count_queries() as statements:
                assert browser.get(page).status_code == 200
            counts.append(len(statements))
        for _more in range(3):
            published_tender(uow)
    assert counts[:2] == counts[2:]


def test_search_finds_tenders_for_the_purchaser_and_notices_for_others(client_as, uow):
    hidden, shown = draft_tender(uow, title="甲未发布采购"), published_tender(uow, title="甲已发布采购")
    officer = client_as(hidden.officer).get("/search?q=甲").text
    agency = client_as(make_user(uow, Role.AGENCY_MANAGER)).get("/search?q=甲").text
    assert hidden.tender.title in officer
    assert shown.tender.title in agency
    assert hidden.tender.title not in agency
