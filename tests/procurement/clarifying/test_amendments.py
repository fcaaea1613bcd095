"""Amendments: by two people, within what may change, moving the deadline; versions stay and bids answer one of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import current_app
from sqlalchemy import func, select

from core.clock import SHANGHAI, shanghai
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import digest
from core.work_calendar import work_calendar
from procurement.models import Amendment, TenderVersion
from procurement.queries.amendments import version_with, versions_of
from procurement.services.amending import (
    change_amendment,
    outlook,
    publish_amendment,
    start_amendment,
    submit_amendment,
)
from procurement.states import AmendmentState, Consequence, QuestionState
from procurement.tasks.clarifications import clarification_tasks
from procurement.workflow import AMENDMENT
from tests.factories.bids import acting, add_bid
from tests.factories.clarifications import (
    amended_tender,
    asked,
    drafted_amendment,
    holder_of,
    published_tender,
    scene_of,
)
from tests.factories.identity import make_user

PLACE = {"opening_place": "区行政中心五楼开标室"}


def rules_of(raised) -> list[str | None]:
    return [one.rule_id for one in raised.value.refusals]


def tasks_of(uow, user) -> list[str]:
    with current_app.test_request_context():
        return [str(one.title) for one in clarification_tasks(acting(uow, user))]


def test_the_notice_as_published_is_version_one(uow):
    tender = published_tender(uow).tender
    (first,) = versions_of(uow, tender)
    assert (first.number, first.record_hash, first.consequence) == (1, tender.record_hash, None)
    assert digest(first.record) == first.record_hash


def test_an_amendment_is_a_new_version_and_the_old_one_stays_under_its_hash(uow):
    purchase = published_tender(uow)
    tender, old = purchase.tender, purchase.tender.record_hash
    version = amended_tender(uow, purchase, {**PLACE, "contact_name": "顾经办"})
    assert (version.number, tender.record_hash, tender.opening_place) == (
        2,
        version.record_hash,
        PLACE["opening_place"],
    )
    assert digest(tender.record) == tender.record_hash != old
    assert tender.record["version"] == {"number": 2, "previous": old}
    assert version_with(uow, tender, old).record["opening_place"] == "区行政中心三楼开标室"
    third = amended_tender(uow, purchase, {"contact_name": "沈经办"})
    assert [one.number for one in versions_of(uow, tender)] == [1, 2, 3]
    assert third.record["version"]["previous"] == version.record_hash


def test_the_drafter_cannot_approve_and_a_stranger_cannot_draft(uow):
    """R-SEC-02."""
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, PLACE)
    both = make_user(uow, Role.PROCUREMENT_APPROVER, organisation=purchase.officer.memberships[0].organisation)
    submit_amendment(acting(uow, purchase.officer), amendment)
    with pytest.raises(Forbidden):
        publish_amendment(acting(uow, purchase.officer), amendment)
    amendment.drafted_by_id = both.id
    with pytest.raises(Forbidden):
        publish_amendment(acting(uow, both), amendment)
    with pytest.raises(Forbidden):
        start_amendment(acting(uow, make_user(uow, Role.AGENCY_MANAGER)), purchase.tender)
    with pytest.raises(Forbidden):
        start_amendment(acting(uow, make_user(uow, Role.PROCUREMENT_SUPERVISOR)), purchase.tender)


def test_object_and_qualifications_cannot_be_reached(uow):
    """R-TENDER-05."""
    purchase = published_tender(uow)
    clerk = acting(uow, purchase.officer)
    amendment = start_amendment(clerk, purchase.tender)
    for name in ("qualifications", "title", "budget", "lots"):
        with pytest.raises(KeyError):
            change_amendment(
                clerk,
                amendment,
                {name: "x"},
                reason="改",
                is_material=False,
                consequence=Consequence.CONFIRM,
            )


def test_a_material_amendment_inside_fifteen_days_moves_the_deadline_by_itself(uow, clock):
    """R-TENDER-05: 15 days, on a working day, at the same clock time; nothing moves one day earlier."""
    purchase = published_tender(uow)
    tender = purchase.tender
    closing = tender.deadline.astimezone(SHANGHAI).date()
    material = {"requirement": tender.requirement + "另提交问卷底稿。"}
    clock.set_to(shanghai(closing - timedelta(days=15), 16))
    amendment = drafted_amendment(uow, purchase, material, is_material=True)
    assert outlook(acting(uow, purchase.officer), amendment).move is None
    clock.advance(days=1)
    found = outlook(acting(uow, purchase.officer), amendment)
    assert found.move.rule_id == "R-TENDER-05"
    expected = work_calendar(uow).roll(closing + timedelta(days=1))
    assert found.deadline == shanghai(expected, 9, 30)
    submit_amendment(acting(uow, purchase.officer), amendment)
    version = publish_amendment(acting(uow, purchase.approver), amendment)
    assert tender.deadline == version.deadline == found.deadline
    assert tender.record["deadline"].startswith(expected.isoformat())


def test_an_amendment_that_affects_nobody_leaves_time_to_confirm(uow, clock):
    """R-CLARIFY-01."""
    purchase = published_tender(uow)
    tender = purchase.tender
    clock.set_to(tender.deadline - timedelta(hours=20))
    version = amended_tender(uow, purchase, PLACE)
    least = work_calendar(uow).add_working_days(acting(uow, purchase.officer).today, 3).date
    assert version.deadline.astimezone(SHANGHAI).date() == least
    assert version.is_material is False


def test_a_chosen_later_deadline_stands_and_an_earlier_one_is_refused(uow):
    purchase = published_tender(uow)
    later = purchase.tender.deadline + timedelta(days=30)
    with pytest.raises(Refused) as refused:
        drafted_amendment(uow, purchase, {"deadline": purchase.tender.deadline - timedelta(days=1)})
    assert rules_of(refused) == ["R-TENDER-05"]
    amendment = uow.session.scalars(select(Amendment)).one()
    change_amendment(
        acting(uow, purchase.officer),
        amendment,
        {"deadline": later, "requirement": "新的要求"},
        reason="补充要求",
        is_material=True,
        consequence=Consequence.CONFIRM,
    )
    assert outlook(acting(uow, purchase.officer), amendment).deadline == later


def test_what_would_break_a_rule_is_named_before_it_is_submitted(uow):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, {"deposit": Decimal("9000.00"), "ceiling": Decimal("999999.00")})
    with pytest.raises(Refused) as refused:
        submit_amendment(acting(uow, purchase.officer), amendment)
    assert {"R-TENDER-08", "R-TENDER-02"} <= set(rules_of(refused))
    assert purchase.tender.deposit == Decimal(0)
    assert amendment.is_material


def test_an_empty_amendment_or_one_without_reason_is_not_submitted(uow):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, {"contact_name": purchase.tender.contact_name}, reason="")
    with pytest.raises(Refused) as refused:
        submit_amendment(acting(uow, purchase.officer), amendment)
    assert len(refused.value.refusals) == 2


def test_criteria_change_only_by_amendment_and_must_still_add_up(uow):
    """R-TENDER-07: the scheme is fixed but for a formal amendment; R-EVAL-02 holds for it too."""
    purchase = published_tender(uow)
    tender = purchase.tender
    rows = [dict(one) for one in tender.record["criteria"]]
    rows[2]["maximum"] = "15.00"
    amendment = drafted_amendment(uow, purchase, {"criteria": rows})
    with pytest.raises(Refused):
        submit_amendment(acting(uow, purchase.officer), amendment)
    kept = [one.id for one in tender.criteria]
    rows[2]["maximum"], rows[2]["description"] = "10.00", "以证书和社保记录为准"
    change_amendment(
        acting(uow, purchase.officer),
        amendment,
        {"criteria": rows},
        reason="写明证明材料",
        is_material=False,
        consequence=Consequence.CONFIRM,
    )
    submit_amendment(acting(uow, purchase.officer), amendment)
    version = publish_amendment(acting(uow, purchase.approver), amendment)
    uow.session.expire(tender)
    assert [one.id for one in tender.criteria] == kept
    assert tender.criteria[2].description == "以证书和社保记录为准"
    assert version.is_material


def test_only_one_amendment_is_under_way_and_it_can_be_sent_back_or_discarded(uow):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, PLACE)
    with pytest.raises(Refused):
        start_amendment(acting(uow, purchase.officer), purchase.tender)
    submit_amendment(acting(uow, purchase.officer), amendment)
    with pytest.raises(Refused):
        change_amendment(
            acting(uow, purchase.officer),
            amendment,
            PLACE,
            reason="改",
            is_material=False,
            consequence=Consequence.CONFIRM,
        )
    assert "审批并发布更正公告" in tasks_of(uow, purchase.approver)
    AMENDMENT.fire(acting(uow, purchase.approver), amendment, "send_back", reason="理由不清")
    assert "完成更正并提交审批" in tasks_of(uow, purchase.officer)
    AMENDMENT.fire(acting(uow, purchase.officer), amendment, "discard")
    uow.session.flush()
    assert start_amendment(acting(uow, purchase.officer), purchase.tender).state is AmendmentState.DRAFT


def test_nothing_is_amended_after_the_deadline(uow, clock):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, PLACE)
    submit_amendment(acting(uow, purchase.officer), amendment)
    clock.set_to(purchase.tender.deadline)
    with pytest.raises(Refused):
        publish_amendment(acting(uow, purchase.approver), amendment)
    with pytest.raises(Refused):
        start_amendment(acting(uow, purchase.officer), purchase.tender)
    assert uow.session.scalar(select(func.count()).select_from(TenderVersion)) == 1


def test_holders_and_bidders_are_told_and_an_amendment_answers_questions(uow):
    purchase = published_tender(uow)
    question = asked(uow, purchase.tender)
    _holder, reader = holder_of(uow, purchase.tender)
    add_bid(uow, scene_of(purchase), "150000.00")
    version = amended_tender(uow, purchase, PLACE, questions=[question])
    assert question.state is QuestionState.ANSWERED
    assert question.answer.version_id == version.id
    told = set(uow.session.scalars(select(Notification.user_id).where(Notification.kind == "tender.amended")))
    assert {question.asked_by_id, reader.id, purchase.officer.id} <= told
    assert uow.session.scalar(select(func.count()).where(Notification.kind == "bid.confirm-wanted")) == 1
