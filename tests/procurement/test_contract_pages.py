"""Contracts, payments and acceptance on pages: right roles, wrong roles, bad input, double presses, lists."""

from __future__ import annotations

import io
import uuid

import pytest

from core.clock import SHANGHAI
from core.identity.models import User
from core.identity.roles import Role
from procurement.models import Contract
from procurement.queries.contracts import contract_of
from procurement.services.acceptances import open_acceptance
from procurement.services.awarding import awards_of
from procurement.services.contract_papers import contract_pdf
from procurement.services.contracts import publish_contract
from procurement.states import ContractState, PaymentState, SupplementState
from procurement.tasks.contracts import contract_tasks
from tests.factories.awards import acting, awarded_tender
from tests.factories.contracts import accepted, drafted, ready, signed
from tests.factories.identity import make_user


def edit_data(contract) -> dict:
    data = {"service_from": contract.service_from.isoformat(), "bond_amount": "8000"}
    for number, one in enumerate(contract.instalments, start=1):
        data |= {f"condition_{number}": one.condition, f"amount_{number}": one.amount, f"due_{number}": one.due_on}
    return data | {f"clause_{one['key']}": one["text"] for one in contract.clauses if not one["fixed"]}


def contractor(uow, deal) -> User:
    return uow.get(User, deal.contract.award.bid.submitted_by_id)


def test_a_contract_goes_from_award_to_signature_by_forms(uow, client_as):
    tender = awarded_tender(uow)
    from procurement.drafting.record import frozen_record

    tender.record = frozen_record(uow, tender)
    award, officer = awards_of(uow, tender)[0], client_as(tender.drafted_by)
    assert "起草合同" in officer.page(f"/tenders/{tender.id}/procedure").text
    once = str(uuid.uuid4())
    first = officer.post(f"/contracts/for/{award.id}", data={"once": once})
    again = officer.post(f"/contracts/for/{award.id}", data={"once": once})
    assert (first.status_code, first.location) == (302, again.location)
    contract = contract_of(uow, award)
    page = f"/contracts/{contract.id}"
    assert officer.get(f"{page}/edit").status_code == 200
    answer = officer.post(f"{page}/edit", data={**edit_data(contract), "amount_1": "1"})
    assert answer.status_code == 422
    assert "各期付款之和" in answer.get_data(as_text=True)
    assert officer.post(f"{page}/edit", data={**edit_data(contract), "condition_1": ""}).status_code == 422
    answer = officer.post(f"{page}/edit", data={**edit_data(contract), "bond_amount": "99999"})
    assert "R-TENDER-09" in answer.get_data(as_text=True)
    assert officer.post(f"{page}/edit", data=edit_data(contract)).status_code == 302
    assert officer.post(f"{page}/do/submit").status_code == 302
    approver = client_as(tender.approved_by)
    assert "复核" in approver.page(page).text
    assert approver.post(f"{page}/review", data={}).status_code == 422
    assert approver.post(f"{page}/review", data={"verdict": "back"}).status_code == 422
    assert approver.post(f"{page}/review", data={"verdict": "approve"}).status_code == 302
    uow.session.refresh(contract)
    copy = (io.BytesIO(contract_pdf(contract)), "签字页.pdf")
    today = uow.today.isoformat()
    assert officer.get(f"{page}/signature").status_code == 200
    assert officer.post(f"{page}/signature", data={"signed_on": today}).status_code == 422
    assert officer.post(f"{page}/signature", data={"signed_on": today, "file": copy}).status_code == 302
    uow.session.refresh(contract)
    assert contract.state is ContractState.SIGNED
    assert officer.get(page).status_code == 200


def test_publication_filing_and_bond_are_noted_by_form(uow, client, client_as):
    deal = signed(uow)
    officer, page = client_as(deal.officer), f"/contracts/{deal.contract.id}"
    notice = f"/contract-notices/{deal.contract.id}"
    assert client.get(notice).status_code in (302, 404)
    at = uow.now.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    assert officer.get(f"{page}/keeping").status_code == 200
    assert officer.post(f"{page}/publication", data={"url": "x", "at": at}).status_code == 422
    assert officer.post(f"{page}/publication", data={"url": "https://a.example/1", "at": at}).status_code == 302
    assert officer.post(f"{page}/filing", data={"filed_on": "no day", "filing_number": ""}).status_code == 422
    assert (
        officer.post(f"{page}/filing", data={"filed_on": uow.today.isoformat(), "filing_number": "备-3"}).status_code
        == 302
    )
    assert officer.post(f"{page}/bond", data={"received_on": uow.today.isoformat()}).status_code == 422
    assert deal.contract.title in client.page(notice).text
    assert deal.contract.number in client.page("/contract-notices").text


def test_who_may_not_read_a_contract_does_not_learn_of_it(uow, client, client_as):
    deal, draft = signed(uow), drafted(uow)
    page = f"/contracts/{deal.contract.id}"
    assert client.get(page).status_code == 302
    assert client_as(make_user(uow, Role.UNIT_OFFICER)).get(page).status_code == 404
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(page).status_code == 404
    winner = client_as(contractor(uow, deal))
    assert winner.get(page).status_code == 200
    assert deal.contract.number in winner.page("/contracts").text
    assert client_as(contractor(uow, draft)).get(f"/contracts/{draft.contract.id}").status_code == 404
    for action in ("review", "publication", "filing", "bond", "termination"):
        assert winner.post(f"{page}/{action}").status_code == 403
    supervisor = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    assert supervisor.get(page).status_code == 200
    assert supervisor.post(f"{page}/filing").status_code == 403


def test_payments_are_asked_for_decided_and_noted_by_form(uow, client_as):
    deal = signed(uow)
    officer, approver = client_as(deal.officer), client_as(deal.approver)
    page, today = f"/contracts/{deal.contract.id}/payments", uow.today.isoformat()
    first = deal.contract.instalments[0]
    data = {"instalment": str(first.id), "amount": "48000", "invoice_number": "F-1", "invoice_on": today}
    assert officer.get(page).status_code == 200
    assert officer.post(page, data={**data, "amount": "48000.01"}).status_code == 422
    assert officer.post(page, data={**data, "instalment": str(uuid.uuid4())}).status_code == 422
    assert officer.post(page, data=data).status_code == 302
    payment = deal.contract.payments[0]
    address = f"/payments/{payment.id}"
    assert officer.post(f"{address}/decision", data={"verdict": "yes"}).status_code == 403
    assert "同意" in approver.page(page).text
    assert approver.post(f"{address}/decision", data={"verdict": "no"}).status_code in (409, 422)
    assert approver.post(f"{address}/decision", data={"verdict": "yes"}).status_code == 302
    assert officer.post(f"{address}/paid", data={"paid_on": "soon", "voucher": "v"}).status_code in (409, 422)
    assert officer.post(f"{address}/paid", data={"paid_on": today, "voucher": "国库-1"}).status_code == 302
    uow.session.refresh(payment)
    assert payment.state is PaymentState.PAID
    assert "48,000.00" in officer.page(f"/contracts/{deal.contract.id}").text


def test_supplements_are_proposed_and_decided_by_form(uow, client_as):
    deal = signed(uow)
    officer, approver = client_as(deal.officer), client_as(deal.approver)
    page = f"/contracts/{deal.contract.id}/supplements"
    data = {"kind": "supplement", "amount": "16000", "terms": "增加抽样", "reason": "样本不足"}
    assert officer.post(page, data={**data, "amount": "16000.01"}).status_code == 422
    assert officer.post(page, data=data).status_code == 302
    row = deal.contract.supplements[0]
    assert approver.get(page).status_code == 200
    assert approver.post(f"/supplements/{row.id}/decision", data={"verdict": "yes"}).status_code == 302
    uow.session.refresh(row)
    assert row.state is SupplementState.APPROVED


def test_acceptance_is_filled_and_concluded_by_form(uow, client_as):
    deal = signed(uow)
    browser = client_as(deal.acceptor)
    page = f"/contracts/{deal.contract.id}"
    assert "组织验收" in browser.page(page).text
    begun = browser.post(f"{page}/acceptance")
    assert begun.status_code == 302
    acceptance = deal.contract.acceptances[0]
    assert browser.get(begun.location).status_code == 200
    data = {f"met-{item.id}": "met" for item in acceptance.items}
    assert browser.post(begun.location, data={**data, "verdict": "pass"}).status_code == 422
    assert acceptance.items[0].met is None
    data |= {"held_on": uow.today.isoformat(), "members": "顾清和\n陆明", "conclusion": "符合约定"}
    assert browser.post(begun.location, data=data).status_code == 302
    assert browser.post(begun.location, data={**data, "verdict": "pass"}).status_code == 302
    uow.session.refresh(deal.contract)
    assert deal.contract.state is ContractState.ACCEPTED
    assert "PDF" in browser.page(page).text
    assert client_as(deal.officer).get(f"/acceptances/{acceptance.id}").status_code == 403


def test_the_winner_who_refuses_is_replaced_by_form(uow, client_as):
    deal = ready(uow)
    officer = client_as(deal.officer)
    address = f"/contracts/for/{deal.contract.award_id}/replacement"
    assert officer.get(address).status_code == 200
    assert officer.post(address, data={"ground": "declined", "reason": "考察", "then": "next"}).status_code == 422
    assert officer.post(address, data={"ground": "declined", "reason": "来函", "then": "next"}).status_code == 302
    page = officer.page(f"/tenders/{deal.tender.id}/procedure")
    assert "不再中标" in page.text
    assert client_as(deal.approver).get(address).status_code == 404


def test_a_published_acceptance_is_public_with_every_standard(uow, client, client_as):
    deal = accepted(uow, is_public_service=False)
    publish_contract(acting(uow, deal.officer), deal.contract, "https://a.example/1", uow.now)
    acceptance = deal.contract.acceptances[0]
    address = f"/acceptances/{acceptance.id}/publication"
    assert client_as(deal.acceptor).post(address).status_code == 403
    assert client_as(deal.officer).post(address).status_code == 302
    words = client.page(f"/contract-notices/{deal.contract.id}").text
    assert all(item.standard in words for item in acceptance.items)


def test_a_contract_is_terminated_by_the_approver(uow, client_as):
    deal = signed(uow)
    address = f"/contracts/{deal.contract.id}/termination"
    assert client_as(deal.officer).get(address).status_code == 403
    approver = client_as(deal.approver)
    assert approver.get(address).status_code == 200
    assert approver.post(address, data={"reason": ""}).status_code == 422
    assert approver.post(address, data={"reason": "乙方丧失履约能力"}).status_code == 302


def test_each_person_has_the_tasks_that_wait_for_them(app, uow, uow_as):
    deal = signed(uow)

    def titles(user, contract=None):
        wanted = (contract or deal.contract).title
        with app.test_request_context():
            return {str(task.title) for task in contract_tasks(uow_as(user)) if task.subject == wanted}

    assert titles(deal.officer) == {"公告采购合同", "合同副本备案"}
    assert titles(deal.acceptor) == {"组织履约验收"}
    open_acceptance(acting(uow, deal.acceptor), deal.contract)
    assert titles(deal.acceptor) == {"完成履约验收"}
    assert titles(deal.approver) == set()
    waiting = ready(uow)
    assert titles(contractor(uow, waiting), waiting.contract) == {"签订采购合同"}


def test_the_engagements_page_shows_the_contract_and_what_was_paid(uow, client_as):
    deal = signed(uow)
    from procurement.services.contracts import engagements_of

    engagement = engagements_of(uow, deal.contract)[0]
    words = client_as(deal.officer).page(f"/engagements/{engagement.id}").text
    assert deal.contract.number in words


@pytest.mark.parametrize("count", [2, 4])
def test_the_list_asks_the_same_few_questions_however_long_it_is(uow, client_as, count_queries, count):
    deals = [drafted(uow) for _one in range(count)]
    browser = client_as(deals[0].officer)
    browser.get("/contracts")
    with count_queries() as statements:
        assert browser.get("/contracts").status_code == 200
    assert len(statements) <= 22
    assert uow.session.query(Contract).count() >= count
