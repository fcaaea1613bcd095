"""Drafting and publishing: what a tender must hold, who may do what, what is frozen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.clock import shanghai
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.drafting.dates import ruler
from procurement.drafting.lawfulness import breaches, checklist
from procurement.drafting.record import frozen_record, record_hash
from procurement.models import Tender
from procurement.sealing import new_key
from procurement.services.drafting import CriterionEntry, change_tender, set_criteria, set_keyholders
from procurement.services.drafting import draft_tender as draft
from procurement.services.keys import register_key
from procurement.services.publishing import publish_tender, register_external_notice, submit_tender
from procurement.states import CriterionKind, TenderState
from procurement.workflow import TENDER
from tests.factories.bids import acting
from tests.factories.identity import make_user
from tests.factories.procurement import draft_tender, lawful_values, published_tender
from tests.factories.projects import make_project


def test_a_complete_draft_breaks_no_rule(uow):
    purchase = draft_tender(uow)
    assert breaches(uow, purchase.tender) == []
    assert {line.rule_id for line in checklist(uow, purchase.tender)} >= {
        *(f"R-TENDER-0{number}" for number in (1, 2, 3, 4, 6, 7, 8)),
        "R-TENDER-12",
        "R-TENDER-13",
        "R-PRICE-02",
        "R-ALP-01",
        "R-COMM-01",
        "R-KEY-01",
    }


BROKEN = [
    ({"opening_place": ""}, "R-TENDER-02", "opening_place"),
    ({"contact_telephone": ""}, "R-TENDER-02", "contact_name"),
    ({"qualifications": []}, "R-TENDER-02", "qualifications"),
    ({"ceiling": Decimal("180000.01")}, "R-TENDER-02", "ceiling"),
    ({"documents_until": 0}, "R-TENDER-03", "documents_until"),
    ({"deadline": 19}, "R-TENDER-04", "deadline"),
    ({"deadline": None}, "R-TENDER-04", "deadline"),
    ({"deadline": 3}, "R-TENDER-01", "deadline"),
    ({"budget": Decimal("180000.01")}, "R-TENDER-06", "budget"),
    ({"contract_draft": ""}, "R-TENDER-07", "contract_draft"),
    ({"service_until": 21}, "R-TENDER-07", "service_until"),
    ({"deposit": Decimal("3600.01")}, "R-TENDER-08", "deposit"),
    ({"price_weight": Decimal("9.99")}, "R-PRICE-02", "price_weight"),
    ({"price_weight": Decimal(20)}, "R-TENDER-07", "criteria"),
    ({"keyholders_needed": 1}, "R-KEY-01", "keyholders_needed"),
]


@pytest.mark.parametrize(("changes", "rule_id", "field"), BROKEN, ids=[f"{one[1]}-{one[2]}" for one in BROKEN])
def test_a_broken_rule_is_named_with_its_field_and_refuses_submission(uow, changes, rule_id, field):
    purchase = draft_tender(uow)
    today = uow.today
    for name, value in list(changes.items()):
        if name == "deadline" and isinstance(value, int):
            changes = {name: shanghai(today + timedelta(days=value), 9)}
        elif name.endswith("_until"):
            changes = {name: today + timedelta(days=value)}
    officer = acting(uow, purchase.officer)
    change_tender(officer, purchase.tender, **changes)
    assert (rule_id, field) in {(one.rule_id, one.field) for one in breaches(officer, purchase.tender)}
    with pytest.raises(Refused) as refused:
        submit_tender(officer, purchase.tender)
    assert rule_id in {one.rule_id for one in refused.value.refusals}
    assert purchase.tender.state is TenderState.DRAFT


def test_the_last_lawful_values_pass(uow):
    today = uow.today
    changes = {"deadline": shanghai(today + timedelta(days=20), 9), "deposit": Decimal("3600.00")}
    purchase = draft_tender(uow, **changes)
    assert breaches(uow, purchase.tender) == []


@pytest.mark.parametrize(
    ("words", "rule_id", "level"),
    [
        ("注册资本不低于500万元", "R-TENDER-13", "block"),
        ("上年度营业收入排名", "R-TENDER-13", "block"),
        ("获得市级以上奖项加分", "R-TENDER-12", "warn"),
        ("在本市设有分支机构", "R-TENDER-12", "warn"),
    ],
)
def test_criteria_are_read_for_forbidden_words(uow, words, rule_id, level):
    purchase = draft_tender(uow)
    officer = acting(uow, purchase.officer)
    set_criteria(
        officer,
        purchase.tender,
        [CriterionEntry(CriterionKind.OBJECTIVE, words, Decimal(90), bands=(("90", "满足"), ("0", "不满足")))],
    )
    assert (rule_id, level) in {(one.rule_id, one.level) for one in checklist(uow, purchase.tender)}


def test_more_than_two_similar_contracts_only_warn(uow):
    purchase = draft_tender(uow, qualifications=["近三年具有三个以上同类业务合同"])
    lines = [one for one in checklist(uow, purchase.tender) if one.rule_id == "R-TENDER-14"]
    assert [one.level for one in lines] == ["warn", "warn"]  # too many, and of a kind that is not defined
    assert breaches(uow, purchase.tender) == []


def test_seven_members_are_asked_for_where_the_matter_is_complex(uow):
    purchase = draft_tender(uow, is_complex=True)
    assert {"R-COMM-02", "R-TENDER-19"} <= {one.rule_id for one in checklist(uow, purchase.tender)}


def test_keyholders_must_be_three_and_registered(uow):
    purchase = draft_tender(uow, keyed=False, keyholders=2)
    words = " ".join(str(one.reason) for one in breaches(uow, purchase.tender) if one.rule_id == "R-KEY-01")
    assert "至少指定 3 名" in words
    assert "尚未登记开标公钥" in words


def test_only_people_with_the_role_hold_keys(uow):
    purchase = draft_tender(uow)
    stranger = make_user(uow, Role.OBSERVER)
    with pytest.raises(Refused, match="密钥持有人"):
        set_keyholders(acting(uow, purchase.officer), purchase.tender, [*purchase.holders, stranger])


def test_who_stays_a_keyholder_keeps_the_registered_key(uow):
    purchase = draft_tender(uow)
    tender, holders = purchase.tender, purchase.holders
    newcomer = make_user(uow, Role.KEYHOLDER)
    set_keyholders(acting(uow, purchase.officer), tender, [holders[2], newcomer, holders[0]])
    assert [one.user_id for one in tender.keyholders] == [holders[2].id, newcomer.id, holders[0].id]
    expected = [purchase.keys[2].recipient, None, purchase.keys[0].recipient]
    assert [one.public_key for one in tender.keyholders] == expected


@pytest.mark.parametrize("text", ["", "age1nonsense", "AGE-SECRET-KEY-1"])
def test_only_a_real_public_key_is_registered(uow, text):
    purchase = draft_tender(uow, keyed=False)
    with pytest.raises(Refused) as refused:
        register_key(acting(uow, purchase.holders[0]), purchase.tender, text)
    assert refused.value.refusals[0].field == "public_key"


def test_two_holders_never_share_a_key_and_strangers_register_none(uow):
    purchase = draft_tender(uow)
    with pytest.raises(Refused, match="另一位"):
        register_key(acting(uow, purchase.holders[0]), purchase.tender, purchase.keys[1].recipient)
    with pytest.raises(Refused, match="不是本项目"):
        register_key(acting(uow, purchase.officer), purchase.tender, new_key().recipient)


def test_a_key_is_not_replaced_after_the_notice(uow):
    purchase = published_tender(uow)
    with pytest.raises(Refused, match="不能再更换"):
        register_key(acting(uow, purchase.holders[0]), purchase.tender, new_key().recipient)


def test_publication_freezes_a_hashed_record_with_the_keys_fingerprints(uow):
    purchase = published_tender(uow)
    tender = purchase.tender
    assert tender.state is TenderState.PUBLISHED
    assert tender.published_at is not None
    assert tender.approved_by_id == purchase.approver.id
    assert tender.record_hash == record_hash(tender.record)
    assert tender.record == frozen_record(uow, tender)
    assert [one["fingerprint"] for one in tender.record["keyholders"]] == [o.fingerprint for o in tender.keyholders]
    assert tender.record["budget"] == "180000.00"


def test_the_drafter_never_approves_even_as_approver(uow):
    purchase = draft_tender(uow)
    both = make_user(uow, Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_APPROVER)
    tender = draft(acting(uow, both), [make_project(uow)], **lawful_values(uow.today))
    set_keyholders(acting(uow, both), tender, purchase.holders, 2)
    for user, key in zip(purchase.holders, purchase.keys, strict=True):
        register_key(acting(uow, user), tender, key.recipient)
    submit_tender(acting(uow, both), tender)
    with pytest.raises(Forbidden):
        publish_tender(acting(uow, both), tender)
    with pytest.raises(Forbidden):
        publish_tender(acting(uow, purchase.officer), tender)
    assert tender.state is TenderState.IN_APPROVAL


def test_publication_is_refused_when_the_dates_have_meanwhile_become_unlawful(uow):
    purchase = draft_tender(uow)
    submit_tender(acting(uow, purchase.officer), purchase.tender)
    purchase.tender.deadline = shanghai(uow.today + timedelta(days=19), 9)
    with pytest.raises(Refused) as refused:
        publish_tender(acting(uow, purchase.approver), purchase.tender)
    assert "R-TENDER-04" in {one.rule_id for one in refused.value.refusals}


def test_a_returned_draft_needs_a_reason_and_can_be_changed(uow):
    purchase = draft_tender(uow)
    submit_tender(acting(uow, purchase.officer), purchase.tender)
    with pytest.raises(Refused, match="理由"):
        TENDER.fire(acting(uow, purchase.approver), purchase.tender, "send_back")
    with pytest.raises(Refused, match="起草中"):
        change_tender(acting(uow, purchase.officer), purchase.tender, title="改名")
    TENDER.fire(acting(uow, purchase.approver), purchase.tender, "send_back", reason="补充合同文本")
    change_tender(acting(uow, purchase.officer), purchase.tender, title="改名")
    assert purchase.tender.title == "改名"


def test_a_published_tender_is_never_changed(uow):
    purchase = published_tender(uow)
    with pytest.raises(Refused) as refused:
        change_tender(acting(uow, purchase.officer), purchase.tender, title="改名")
    assert refused.value.refusals[0].rule_id == "R-TENDER-05"


def test_a_project_is_bought_once_at_a_time(uow):
    purchase = draft_tender(uow)
    project = purchase.tender.lots[0].projects[0]
    with pytest.raises(Refused, match="已在采购项目"):
        draft(acting(uow, purchase.officer), [project])
    TENDER.fire(acting(uow, purchase.approver), purchase.tender, "cancel", reason="计划调整")
    again = draft(acting(uow, purchase.officer), [project])
    assert again.number != purchase.tender.number


def test_a_draft_without_budget_or_project_is_refused(uow):
    officer = acting(uow, draft_tender(uow).officer)
    with pytest.raises(Refused, match="预算"):
        draft(officer, [make_project(uow, evaluation_fee=None)])
    with pytest.raises(Refused, match="项目"):
        draft(officer, [])


def test_the_ruler_is_in_order_and_holds_chosen_and_derived_dates(uow):
    dates = ruler(uow, draft_tender(uow).tender)
    assert [one.day for one in dates] == sorted(one.day for one in dates)
    assert {"R-TENDER-01", "R-TENDER-03", "R-TENDER-04", "R-TENDER-05", "R-AWARD-01"} <= {one.rule_id for one in dates}
    assert any(one.chosen for one in dates)


@pytest.mark.parametrize(("seconds", "is_open"), [(-1, True), (0, False), (1, False)])
def test_open_for_bids_is_the_same_in_python_and_sql_to_the_second(uow, seconds, is_open):
    tender = published_tender(uow).tender
    instant = tender.deadline + timedelta(seconds=seconds)
    in_sql = uow.session.scalar(select(Tender.is_open_at(instant)).where(Tender.id == tender.id))
    waits = uow.session.scalar(select(Tender.awaits_opening_at(instant)).where(Tender.id == tender.id))
    assert (tender.is_open_at(instant), tender.awaits_opening_at(instant)) == (is_open, not is_open)
    assert (in_sql, waits) == (is_open, not is_open)


def test_the_external_notice_is_registered_with_address_and_time(uow):
    purchase = published_tender(uow)
    officer = acting(uow, purchase.officer)
    register_external_notice(officer, purchase.tender, "https://example.org/notice/1", officer.now)
    assert purchase.tender.external_notice_url == "https://example.org/notice/1"
    with pytest.raises(Refused, match="网址"):
        register_external_notice(officer, purchase.tender, "notice", officer.now)
    with pytest.raises(Refused, match="晚于现在"):
        register_external_notice(officer, purchase.tender, "https://example.org/", officer.now + timedelta(minutes=1))
