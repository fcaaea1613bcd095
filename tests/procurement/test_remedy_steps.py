"""What an upheld challenge or complaint orders leads to the step that does it, with its reason filled in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from procurement.models import Amendment, DocumentHolder
from procurement.queries.remedies import challenge_periods, documents_received_on
from procurement.remedy_steps import case_named, reason_of, steps_of
from procurement.services.challenges import draft_answer, file_challenge, issue_answer, register_letter
from procurement.services.complaints import decide_complaint, report_carried_out, serve_copies
from procurement.services.holding import take_documents
from procurement.states import ChallengeBasis, Measure, ProcessStep, Verdict
from procurement.suspensions import suspension_refusals
from procurement.tasks.complaints import complaint_tasks
from procurement.workflow import COMPLAINT
from tests.factories.awards import acting, awarded_tender, opened_by_rows, scored_tender
from tests.factories.bids import shift_clock
from tests.factories.clarifications import holder_of
from tests.factories.identity import make_user
from tests.factories.procurement import published_tender
from tests.factories.remedies import bidder_of, challenged, complained, entry_for


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture(autouse=True)
def _addresses_can_be_made(app):
    with app.test_request_context():
        yield


def upheld(uow, tender, measure, challenge=None, **values):
    """A challenge answered with “upheld” and this measure."""
    challenge = challenge or challenged(uow, tender, **values)
    draft_answer(acting(uow, tender.drafted_by), challenge, Verdict.UPHELD, "质疑成立。", measure)
    issue_answer(acting(uow, tender.approved_by), challenge)
    return challenge


def addresses(uow, user, case) -> list[str]:
    return [one.url.partition("?")[0] for one in steps_of(acting(uow, user), case)]


def test_the_day_a_supplier_took_the_documents_moves_its_own_last_day_only(uow, uow_as):
    tender = published_tender(uow).tender
    early, _first = holder_of(uow, tender)
    shift_clock(uow, timedelta(days=13))
    late, latecomer = holder_of(uow, tender)
    later = acting(uow, latecomer)
    period = challenge_periods(later, tender, [late.organisation_id])[0]
    assert period.basis is ChallengeBasis.DOCUMENTS
    assert period.starts_on == later.today  # R-REMEDY-02: from the receipt, where that is later than the notice
    general = challenge_periods(later, tender)[0]
    assert challenge_periods(later, tender, [early.organisation_id])[0] == general
    assert general.deadline.last_day < period.deadline.last_day
    challenge = file_challenge(later, tender, late.organisation_id, entry_for(ChallengeBasis.DOCUMENTS))
    assert challenge.last_day == period.deadline.last_day


def test_who_never_took_the_documents_cannot_challenge_them(uow, client_as):
    tender = published_tender(uow).tender
    stranger = make_user(uow, Role.AGENCY_MANAGER)
    own = stranger.memberships[0].organisation_id
    member = acting(uow, stranger)
    with pytest.raises(Refused) as refused:
        file_challenge(member, tender, own, entry_for(ChallengeBasis.DOCUMENTS))
    assert {one.rule_id for one in refused.value.refusals} == {"R-REMEDY-02"}
    assert "须先依法获取采购文件" in text_of(client_as(stranger).get(f"/tenders/{tender.id}/remedies"))
    take_documents(member, tender, own)
    page = text_of(client_as(stranger).get(f"/tenders/{tender.id}/remedies"))
    assert "须先依法获取采购文件" not in page
    assert "贵单位于" in page
    assert file_challenge(member, tender, own, entry_for(ChallengeBasis.DOCUMENTS)).number
    assert documents_received_on(member, tender, []) is None
    assert len(uow.session.scalars(select(DocumentHolder)).all()) == 1


def test_an_ordered_amendment_begins_with_its_reason_by_one_press(uow, client_as):
    purchase = published_tender(uow)
    tender = purchase.tender
    holder, user = holder_of(uow, tender)
    filed = file_challenge(acting(uow, user), tender, holder.organisation_id, entry_for(ChallengeBasis.DOCUMENTS))
    challenge = upheld(uow, tender, Measure.AMEND_DOCUMENTS, filed)
    officer = client_as(purchase.officer)
    page = text_of(officer.get(f"/challenges/{challenge.id}"))
    assert "起草更正公告" in page
    address = re.search(r'action="(/tenders/[^"]*/amendments\?because=[^"]*)"', page)[1]
    once = re.search(r'name="once" value="([^"]*)"', page)[1]
    sent = officer.post(address, data={"once": once})
    assert sent.status_code == 302
    assert officer.post(address, data={"once": once}).headers["Location"] == sent.headers["Location"]
    amendment = uow.session.scalars(select(Amendment)).one()
    assert challenge.number in amendment.reason
    assert holder.organisation.name not in amendment.reason
    assert challenge.number in text_of(officer.get(sent.headers["Location"]))
    assert addresses(uow, purchase.officer, challenge) == [f"/amendments/{amendment.id}"]
    assert steps_of(acting(uow, user), challenge) == []


def test_what_can_no_longer_be_amended_is_bought_anew(uow, client_as):
    tender = opened_by_rows(uow)
    bidder = bidder_of(uow, tender).memberships[0].organisation_id
    officer, entry = acting(uow, tender.drafted_by), entry_for(ChallengeBasis.DOCUMENTS)
    letter = register_letter(officer, tender, bidder, entry, posted_on=uow.today)
    challenge = upheld(uow, tender, Measure.AMEND_DOCUMENTS, letter)
    assert addresses(uow, tender.approved_by, challenge) == [f"/tenders/{tender.id}/failure"]
    address = steps_of(acting(uow, tender.approved_by), challenge)[0].url
    page = text_of(client_as(tender.approved_by).get(address))
    assert challenge.number in page
    assert '<option selected value="unlawful-act">' in page
    elsewhere = opened_by_rows(uow)
    foreign = address.replace(str(tender.id), str(elsewhere.id))
    assert challenge.number not in text_of(client_as(elsewhere.approved_by).get(foreign))


def test_a_result_that_falls_leads_to_the_next_winner_or_a_new_purchase(uow, client_as):
    for measure, then in ((Measure.OTHER_WINNER, "next"), (Measure.RE_TENDER, "anew")):
        tender = awarded_tender(uow)
        challenge = upheld(uow, tender, measure)
        (step,) = steps_of(acting(uow, tender.drafted_by), challenge)
        page = text_of(client_as(tender.drafted_by).get(step.url))
        assert challenge.number in page
        assert '<option selected value="remedy">' in page
        assert re.search(rf'<input[^>]*checked[^>]*value="{then}"', page)


@pytest.mark.parametrize(
    ("measure", "page"), [(Measure.RE_EVALUATE, "results/re-review"), (Measure.OTHER_WINNER, "award")]
)
def test_before_the_award_the_original_committee_or_the_purchaser_acts(uow, client_as, measure, page):
    tender = scored_tender(uow)
    challenge = challenged(uow, tender, basis=ChallengeBasis.PROCESS, step=ProcessStep.EVALUATION)
    upheld(uow, tender, measure, challenge)
    (step,) = steps_of(acting(uow, tender.drafted_by), challenge)
    assert step.url.startswith(f"/tenders/{tender.id}/{page}?because=challenge:")
    assert challenge.number in text_of(client_as(tender.drafted_by).get(step.url))


def test_an_address_names_only_an_upheld_case_its_reader_may_see(uow):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    reference = f"challenge:{challenge.id}"
    officer = acting(uow, tender.drafted_by)
    assert case_named(officer, reference) is None  # not answered yet
    upheld(uow, tender, Measure.OTHER_WINNER, challenge)
    assert case_named(acting(uow, tender.drafted_by), reference) is challenge
    assert case_named(acting(uow, bidder_of(uow, tender, 2)), reference) is None
    for wrong in (None, "", "challenge:", "challenge:7", f"tender:{tender.id}", f"complaint:{challenge.id}"):
        assert case_named(officer, wrong) is None


def test_an_upheld_complaint_holds_the_contract_until_the_purchaser_reports(uow, uow_as, client_as):
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    COMPLAINT.fire(uow_as(supervisor), complaint, "accept")
    serve_copies(uow_as(supervisor), complaint)
    officer = uow_as(tender.drafted_by)
    with pytest.raises(Refused):
        report_carried_out(officer, complaint, "已另行确定")
    decide_complaint(uow_as(supervisor), complaint, "经查属实。", measure=Measure.OTHER_WINNER)
    assert [one.rule_id for one in suspension_refusals(uow, tender)] == ["R-SUSP-01"]
    assert "财政部门投诉处理决定" in reason_of(complaint)
    for user in (supervisor, tender.approved_by, complaint.filed_by):
        with pytest.raises(Forbidden):
            report_carried_out(uow_as(user), complaint, "已另行确定")
    officer = uow_as(tender.drafted_by)
    (task,) = complaint_tasks(officer)
    assert complaint.number in str(task.title)
    browser = client_as(tender.drafted_by)
    page = text_of(browser.get(f"/complaints/{complaint.id}"))
    assert "because=complaint:" in page
    assert browser.post(f"/complaints/{complaint.id}/carry-out", data={"note": " "}).status_code == 422
    assert browser.post(f"/complaints/{complaint.id}/carry-out", data={"note": "已另行确定中标人"}).status_code == 302
    uow.session.refresh(complaint)
    assert suspension_refusals(uow, tender) == []
    assert list(complaint_tasks(uow_as(tender.drafted_by))) == []
    assert steps_of(uow_as(tender.drafted_by), complaint) == []
    told = uow.session.scalars(select(Notification.kind).where(Notification.user_id == supervisor.id)).all()
    assert "complaint.carried-out" in told
    assert "已另行确定中标人" in text_of(client_as(supervisor).get(f"/complaints/{complaint.id}"))
    with pytest.raises(Refused):
        report_carried_out(uow_as(tender.drafted_by), complaint, "再报一次")
