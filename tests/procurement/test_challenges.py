"""Inquiries and challenges through the services: who, when, in which order, and what waits for them."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Mail, Notification
from procurement.queries.remedies import clocks_of, may_read_challenge_document
from procurement.services.challenges import (
    carry_out,
    draft_answer,
    file_challenge,
    issue_answer,
    judge_effect,
    register_letter,
)
from procurement.services.holding import take_documents
from procurement.services.inquiries import answer_inquiry, judge_inquiry
from procurement.states import ChallengeBasis, ChallengeState, InquiryState, Measure, ProcessStep, Verdict
from procurement.suspensions import contract_not_suspended, suspension_refusals, suspensions
from procurement.workflow import CHALLENGE, INQUIRY
from tests.factories.awards import awarded_tender, opened_by_rows
from tests.factories.bids import open_for_bids
from tests.factories.identity import make_user
from tests.factories.remedies import asked, bidder_of, challenged, entry_for


def a_pdf() -> io.BytesIO:
    """The smallest PDF a reader opens."""
    data = io.BytesIO()
    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(200, 200)
    pdf.save(data)
    pdf.close()
    data.seek(0)
    return data


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


def mails_of(uow) -> str:
    return "\n".join(f"{one.subject}\n{one.body}" for one in uow.session.scalars(select(Mail)))


def test_a_challenge_of_the_result_starts_the_answer_clock_and_stops_the_contract(uow):
    tender = awarded_tender(uow)
    assert contract_not_suspended(uow, tender) is None
    challenge = challenged(uow, tender)
    (clock,) = clocks_of(uow, challenge)
    assert (clock.rule_id, clock.name, clock.stopped_at) == ("R-REMEDY-02", "answer_days", None)
    assert clock.starts_on == uow.today
    (one,) = suspensions(uow, tender)
    assert one.rule_id == "R-SUSP-01"
    assert challenge.organisation.name not in str(one.reason)
    assert contract_not_suspended(uow, tender).rule_id == "R-SUSP-01"
    assert [one.tender_id for one in suspensions(uow)] == [tender.id]


def test_the_answer_is_drafted_by_one_and_issued_by_another_and_lifts_the_suspension(uow, uow_as):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    draft_answer(uow_as(tender.drafted_by), challenge, Verdict.DISMISSED, "经核实，业绩合同真实有效。")
    both = make_user(uow, Role.PROCUREMENT_APPROVER, Role.PROCUREMENT_OFFICER, organisation=tender.purchaser)
    draft_answer(uow_as(both), challenge, Verdict.DISMISSED, "经核实，业绩合同真实有效。")
    with pytest.raises(Forbidden):
        issue_answer(uow_as(both), challenge)
    with pytest.raises(Forbidden):
        issue_answer(uow_as(tender.drafted_by), challenge)
    issue_answer(uow_as(tender.approved_by), challenge)
    assert challenge.state is ChallengeState.DISMISSED
    assert clocks_of(uow, challenge)[0].stopped_at is not None
    assert suspension_refusals(uow, tender) == []
    (letter,) = documents_of(uow, challenge, "answer-letter")
    assert letter.media_type == "application/pdf"
    assert "质疑不成立" in mails_of(uow)


def test_an_upheld_challenge_holds_the_contract_until_its_measure_is_carried_out(uow, uow_as):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    officer, approver = uow_as(tender.drafted_by), uow_as(tender.approved_by)
    with pytest.raises(Refused) as refused:
        draft_answer(officer, challenge, Verdict.UPHELD, "质疑成立。", Measure.AMEND_DOCUMENTS)
    assert rules_of(refused) == {"R-REMEDY-02"}
    draft_answer(officer, challenge, Verdict.UPHELD, "质疑成立。", Measure.OTHER_WINNER)
    issue_answer(approver, challenge)
    assert challenge.state is ChallengeState.UPHELD
    assert "尚未落实" in str(suspensions(uow, tender)[0].reason)
    with pytest.raises(Refused):
        carry_out(officer, challenge, " ")
    carry_out(officer, challenge, "已另行确定中标人并书面报告财政部门（澄财采报〔2026〕3号）")
    assert challenge.state is ChallengeState.REMEDIED
    assert suspensions(uow, tender) == []


def test_that_it_cannot_affect_the_result_needs_an_approver_and_a_reason(uow, uow_as):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    with pytest.raises(Forbidden):
        judge_effect(uow_as(tender.drafted_by), challenge, affects=False, reason="不影响")
    with pytest.raises(Refused) as refused:
        judge_effect(uow_as(tender.approved_by), challenge, affects=False, reason="")
    assert rules_of(refused) == {"R-SUSP-01"}
    judge_effect(uow_as(tender.approved_by), challenge, affects=False, reason="仅涉及公告错别字")
    assert suspensions(uow, tender) == []


def test_only_who_took_part_challenges_the_result_and_only_once(uow, uow_as):
    tender = awarded_tender(uow)
    stranger = uow_as(make_user(uow, Role.AGENCY_MANAGER))
    (own,) = stranger.actor.organisations_as(Role.AGENCY_MANAGER)
    with pytest.raises(Refused) as refused:
        file_challenge(stranger, tender, own, entry_for())
    assert rules_of(refused) == {"R-REMEDY-02"}
    challenge = challenged(uow, tender)
    with pytest.raises(Refused):
        file_challenge(uow_as(challenge.filed_by), tender, challenge.organisation_id, entry_for())
    with pytest.raises(Forbidden):
        file_challenge(stranger, tender, challenge.organisation_id, entry_for())
    file_challenge(
        uow_as(challenge.filed_by),
        tender,
        challenge.organisation_id,
        entry_for(ChallengeBasis.PROCESS, ProcessStep.EVALUATION),
    )


def test_what_is_withdrawn_stops_its_clock_and_may_be_filed_again(uow, uow_as):
    tender = awarded_tender(uow)
    challenge = challenged(uow, tender)
    CHALLENGE.fire(uow_as(challenge.filed_by), challenge, "withdraw")
    assert clocks_of(uow, challenge)[0].stopped_at is not None
    assert suspensions(uow, tender) == []
    again = file_challenge(uow_as(challenge.filed_by), tender, challenge.organisation_id, entry_for())
    assert again.number != challenge.number


def test_the_last_day_counts_and_the_day_after_is_too_late(uow, uow_as, clock):
    tender = awarded_tender(uow)
    user = bidder_of(uow, tender)
    own = user.memberships[0].organisation_id
    tender.awarded_at = uow.now - timedelta(days=30)
    uow.session.flush()
    with pytest.raises(Refused) as refused:
        file_challenge(uow_as(user), tender, own, entry_for())
    assert rules_of(refused) == {"R-REMEDY-02"}
    assert "交邮" in str(refused.value.refusals[0].reason)


def test_a_letter_posted_in_time_is_registered_and_a_late_one_is_rejected_in_writing(uow, uow_as):
    tender = awarded_tender(uow)
    tender.awarded_at = uow.now - timedelta(days=30)
    uow.session.flush()
    bidders = [bidder_of(uow, tender, place).memberships[0].organisation_id for place in (1, 2)]
    officer = uow_as(tender.drafted_by)
    posted = (uow.now - timedelta(days=25)).date()
    in_time = register_letter(officer, tender, bidders[0], entry_for(), posted_on=posted)
    assert not in_time.is_late
    late = register_letter(officer, tender, bidders[1], entry_for(), posted_on=uow.today)
    assert late.is_late
    assert clocks_of(uow, late)[0].starts_on == uow.today
    draft_answer(officer, late, Verdict.REJECTED, "超过法定质疑期限，不予受理。")
    issue_answer(uow_as(tender.approved_by), late)
    assert late.state is ChallengeState.REJECTED
    with pytest.raises(Refused) as refused:
        register_letter(officer, tender, bidders[1], entry_for(), posted_on=uow.today + timedelta(days=1))
    assert {"R-REMEDY-05", "R-REMEDY-02"} <= rules_of(refused)
    with pytest.raises(Forbidden):
        register_letter(uow_as(tender.approved_by), tender, bidders[1], entry_for(), posted_on=uow.today)


def test_an_incomplete_challenge_names_everything_that_is_missing(uow, uow_as):
    tender = awarded_tender(uow)
    user = bidder_of(uow, tender)
    own = user.memberships[0].organisation_id
    with pytest.raises(Refused) as refused:
        file_challenge(uow_as(user), tender, own, entry_for(matter=" ", facts="", request="", contact_name=""))
    fields = {one.field for one in refused.value.refusals}
    assert fields == {"matter", "facts", "request", "contact_name"}


def test_a_step_that_has_not_ended_cannot_be_challenged(uow, uow_as):
    tender = opened_by_rows(uow)
    user = bidder_of(uow, tender)
    own = user.memberships[0].organisation_id
    with pytest.raises(Refused):
        file_challenge(uow_as(user), tender, own, entry_for())
    opening = file_challenge(uow_as(user), tender, own, entry_for(ChallengeBasis.PROCESS, ProcessStep.OPENING))
    assert opening.may_affect_result


def test_before_the_opening_nothing_tells_staff_who_asks_or_challenges(uow, uow_as):
    scene = open_for_bids(uow)
    supplier = make_user(uow, Role.AGENCY_MANAGER, name="甄别名")
    organisation = supplier.memberships[0].organisation
    organisation.name = "隐身评价咨询有限公司"
    asked(uow, scene.tender, supplier)
    take_documents(uow_as(supplier), scene.tender, organisation.id)
    file = FileStorage(a_pdf(), filename="质疑函.pdf")
    challenge = file_challenge(
        uow_as(supplier), scene.tender, organisation.id, entry_for(ChallengeBasis.DOCUMENTS), [file]
    )
    officer = uow_as(scene.officer)
    (evidence,) = documents_of(uow, challenge, "evidence")
    assert not may_read_challenge_document(officer, evidence)
    assert may_read_challenge_document(uow_as(supplier), evidence)
    told = [
        (one.kind, str(one.params))
        for one in uow.session.scalars(select(Notification).where(Notification.user_id == scene.officer.id))
    ]
    assert {kind for kind, _params in told} == {"inquiry.asked", "challenge.filed"}
    assert all(organisation.name not in params and supplier.name not in params for _kind, params in told)
    with pytest.raises(Refused) as refused:
        register_letter(
            officer, scene.tender, organisation.id, entry_for(ChallengeBasis.DOCUMENTS), posted_on=uow.today
        )
    assert "R-SEC-03" in rules_of(refused)


def test_an_inquiry_is_answered_with_a_letter_and_may_hold_the_contract(uow, uow_as):
    tender = awarded_tender(uow)
    inquiry = asked(uow, tender)
    officer = uow_as(tender.drafted_by)
    assert clocks_of(uow, inquiry)[0].rule_id == "R-REMEDY-01"
    assert suspensions(uow, tender) == []
    judge_inquiry(officer, inquiry, affects=True)
    assert suspensions(uow, tender)[0].rule_id == "R-SUSP-01"
    with pytest.raises(Refused):
        answer_inquiry(officer, inquiry, "  ")
    answer_inquiry(officer, inquiry, "以第三章第二条为准。")
    assert inquiry.state is InquiryState.ANSWERED
    assert suspensions(uow, tender) == []
    assert documents_of(uow, inquiry, "answer-letter")
    with pytest.raises(Refused):
        judge_inquiry(officer, inquiry, affects=True)


def test_supervision_neither_answers_nor_issues(uow, uow_as):
    tender = awarded_tender(uow)
    challenge, inquiry = challenged(uow, tender), asked(uow, tender)
    supervisor = uow_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    with pytest.raises(Forbidden):
        draft_answer(supervisor, challenge, Verdict.DISMISSED, "不成立")
    with pytest.raises(Forbidden):
        judge_effect(supervisor, challenge, affects=False, reason="无")
    with pytest.raises(Forbidden):
        answer_inquiry(supervisor, inquiry, "答复")
    with pytest.raises(Forbidden):
        INQUIRY.fire(supervisor, inquiry, "withdraw")
