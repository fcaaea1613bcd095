"""Pages of below-limit selection and single source: few clicks, the right people, bad input."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa

from core.identity.roles import Role
from procurement.drafting.direct_lawfulness import purchase_of
from procurement.models import Award, Tender
from procurement.queries.direct import answer_files
from procurement.services.direct import authorise, prepare, propose
from procurement.services.direct_award import select
from procurement.services.publishing import submit_tender
from procurement.states import TenderState
from tests.factories.bids import acting, shift_clock
from tests.factories.direct import answered_selection, asked_selection, drafted_selection, drafted_sole, proposal_for
from tests.factories.identity import make_user
from tests.factories.projects import make_project
from tests.fixtures.forms import send
from tests.procurement.test_open_data import publish


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_below_limit_purchase_is_made_and_sent_in_two_forms(uow, client_as):
    scene = drafted_selection(uow)
    project = make_project(uow, evaluation_fee=Decimal(80000))
    client = client_as(scene.officer)
    made = send(client, "/tenders/new", {"project_id": str(project.id), "method": "below-limit"})
    assert made.status_code == 302
    tender_id = made.location.rstrip("/").split("/")[-2]
    edit = client.get(made.location).location
    sent = send(
        client,
        edit,
        {
            "suppliers": [str(one.id) for one in scene.suppliers],
            "deadline": (uow.now + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"),
            "service_until": (uow.today + timedelta(days=60)).isoformat(),
            "contact_telephone": "0512-60000001",
            "then": "send",
        },
    )
    assert sent.status_code == 302, sent.text
    assert uow.session.get(Tender, tender_id).state is TenderState.IN_SELECTION
    assert "答复截止或者全部答复之前" in page(client, f"/tenders/{tender_id}/direct")


def test_a_supplier_answers_on_its_own_page_and_others_do_not_see_it(uow, client_as):
    scene = asked_selection(uow)
    own, other = client_as(scene.people[0]), client_as(scene.people[1])
    address = f"/plan-requests/{scene.asked[0].id}"
    assert page(other, address, 404)
    assert "征询函" in page(own, "/plan-requests")
    bad = send(own, address, {"price": "-1", "plan": "三人"})
    assert bad.status_code == 422
    assert send(own, address, {"price": "86000", "plan": "三人，六周"}).status_code == 302
    assert scene.asked[0].price == Decimal(86000)
    staff = page(client_as(scene.officer), f"/tenders/{scene.tender.id}/direct")
    assert "86,000" not in staff


def test_the_comparison_names_what_is_missing_and_then_goes_to_the_approver(uow, client_as):
    scene = answered_selection(uow)
    client, address = client_as(scene.officer), f"/tenders/{scene.tender.id}/direct/propose"
    assert "请写明对工作方案的比较意见" in send(client, address, {"reason": "价格合理"}).text
    remarks = {f"remark-{one.id}": "方案可行" for one in scene.asked}
    assert send(client, address, {"reason": "价格最低且方案可行", **remarks}).status_code == 302
    assert client.post(f"/tenders/{scene.tender.id}/direct/select").status_code == 403
    assert scene.tender.state is TenderState.EVALUATED
    home = page(client_as(scene.approver), f"/tenders/{scene.tender.id}/direct")
    assert "确认选定" in home


def test_a_supplier_that_will_not_sign_has_no_successor_but_a_new_purchase(uow, client_as):  # R-AWARD-01
    scene = answered_selection(uow)
    propose(acting(uow, scene.officer), scene.tender, proposal_for(scene))
    select(acting(uow, scene.approver), scene.tender)
    (award,) = uow.session.scalars(sa.select(Award).where(Award.tender_id == scene.tender.id))
    client, address = client_as(scene.officer), f"/contracts/for/{award.id}/replacement"
    assert "没有其他候选人，只能重新采购" in page(client, address)
    form = {"ground": "declined", "reason": "供应商书面放弃成交。"}
    assert "没有唯一的下一候选人" in send(client, address, {**form, "then": "next"}).text
    assert send(client, address, {**form, "then": "anew"}).status_code == 302


def test_the_result_is_public_and_its_record_can_be_taken_away(uow, client_as, client):
    scene = answered_selection(uow)
    propose(acting(uow, scene.officer), scene.tender, proposal_for(scene))
    select(acting(uow, scene.approver), scene.tender)
    publish(uow, scene.tender)
    text = page(client, f"/award-notices/{scene.tender.id}")
    assert scene.asked[0].supplier.name in text
    assert "征询 3 家，3 家报价" in text
    assert "92,000" not in text
    assert client.get(f"/award-notices/{scene.tender.id}/notice.pdf", follow_redirects=True).data.startswith(b"%PDF")
    assert client.get(f"/award-notices/{scene.tender.id}/record-1.json").get_json()["kind"] == "selection"
    assert page(client_as(scene.people[0]), f"/plan-requests/{scene.asked[0].id}")


def test_a_single_source_is_announced_for_everybody(uow, client, client_as):
    scene = drafted_sole(uow, budget=Decimal(1_200_000))
    officer = acting(uow, scene.officer)
    prepare(officer, scene.tender, scene.suppliers, {"opinion": "三名专业人员论证意见一致"})
    submit_tender(officer, scene.tender)
    assert scene.tender.title not in page(client, "/single-sources")
    assert "批准单一来源采购" in page(client_as(scene.approver), f"/tenders/{scene.tender.id}/direct")
    authorise(acting(uow, scene.approver), scene.tender)
    purchase = purchase_of(uow, scene.tender)
    assert scene.tender.title in page(client, "/single-sources")
    (notice,) = publish(uow, scene.tender)
    assert client.get(f"/single-sources/{purchase.id}").location == f"/announcements/{notice.id}"
    text = page(client, f"/announcements/{notice.id}")
    assert "三名专业人员论证意见一致" in text
    assert "单一来源采购公示" in text
    assert "公示至" in page(client_as(scene.officer), f"/tenders/{scene.tender.id}/direct")


@pytest.mark.parametrize("role", [Role.AGENCY_MANAGER, Role.EXPERT, Role.KEYHOLDER])
def test_a_draft_is_unknown_to_others(uow, client_as, role):
    scene = drafted_selection(uow)
    other = make_user(uow, role)
    for path in ("", "/prepare", "/propose"):
        page(client_as(other), f"/tenders/{scene.tender.id}/direct{path}", 404)


def test_supervision_looks_at_a_running_selection_and_does_nothing(uow, client_as):
    scene, draft = asked_selection(uow), drafted_selection(uow)
    watcher = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    client = client_as(watcher)
    assert page(client, f"/tenders/{scene.tender.id}/direct")
    page(client, f"/tenders/{draft.tender.id}/direct", 404)
    page(client, f"/tenders/{scene.tender.id}/direct/propose", 403)
    assert scene.tender.title in page(client, "/tenders")
    assert draft.tender.title not in page(client, "/tenders?q=" + draft.tender.number)


def test_requests_and_announcements_ask_the_database_a_constant_number_of_times(uow, client_as, count_queries):
    person = asked_selection(uow).people[0]
    browser, reader = client_as(person), client_as(make_user(uow, Role.OBSERVER))
    counts = []
    for more in (1, 4):
        for _one in range(more):
            announced_request(uow, person)
        with count_queries() as requests:
            assert browser.get("/plan-requests").status_code == 200
        with count_queries() as announcements:
            assert reader.get("/single-sources").status_code == 200
        counts.append((len(requests), len(announcements)))
    assert counts[0] == counts[1]


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


def test_an_answer_may_be_a_proposal_file_that_stays_closed_until_the_deadline(uow, client_as):  # R-BELOW-01, R-SEC-03
    scene = asked_selection(uow)
    supplier, address = client_as(scene.people[0]), f"/plan-requests/{scene.asked[0].id}"
    wrong = {"price": "90000", "proposal": (BytesIO(b"MZ no paper"), "方案.pdf")}
    assert supplier.post(address, data=wrong).status_code == 422
    assert "上传工作方案文件" in supplier.post(address, data={"price": "90000"}).text
    assert "超过采购预算" in supplier.post(address, data={"price": "95000.01", "plan": "三人六周"}).text
    sent = {"price": "90000", "proposal": (BytesIO(PDF), "方案.pdf"), "price-sheet": (BytesIO(PDF), "报价单.pdf")}
    assert supplier.post(address, data=sent).status_code == 302
    assert "方案.pdf" in page(supplier, address)
    files = answer_files(uow, scene.asked)[scene.asked[0].id]
    assert [one.purpose for one in files] == ["proposal", "price-sheet"]
    officer, download = client_as(scene.officer), f"/documents/{files[0].id}"
    assert officer.get(download).status_code == 404
    assert "方案.pdf" not in page(officer, f"/tenders/{scene.tender.id}/direct")
    shift_clock(uow, timedelta(days=8))
    assert officer.get(download).data == PDF
    assert "方案.pdf" in page(officer, f"/tenders/{scene.tender.id}/direct/propose")
    assert client_as(scene.people[1]).get(download).status_code == 404


def announced_request(uow, person) -> None:
    """A single source above the limit that was approved: announced, and its supplier asked."""
    scene = drafted_sole(uow, budget=Decimal(1500000), suppliers=[person.memberships[0].organisation], opinion="唯一")
    submit_tender(acting(uow, scene.officer), scene.tender)
    authorise(acting(uow, scene.approver), scene.tender)
    assert purchase_of(uow, scene.tender).announced_on
