"""What precedes a tender: survey and reviews by who did not write it, intention, method, splitting, small firms, lots."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import shanghai
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.drafting.lawfulness import breaches, checklist
from procurement.drafting.preparation_checks import intention_of, preparation_lines, proposal_for, year_of_purchase
from procurement.drafting.record import frozen_record, readable
from procurement.models import Intention, Tender
from procurement.queries.preparation import requirement_of
from procurement.services.drafting import change_tender
from procurement.services.planning import draft_from_item
from procurement.services.preparation import IntentionEntry, PreparationEntry, announce, prepare
from procurement.services.publishing import publish_tender, submit_tender
from procurement.services.requirements import (
    Finding,
    Respondent,
    note_author,
    record_survey,
    review_requirement,
)
from procurement.states import (
    Category,
    KeyAspect,
    Method,
    RespondentKind,
    ReviewKind,
    SmeReservation,
    SurveyMeans,
    TenderState,
)
from tests.factories.bids import acting
from tests.factories.identity import make_user
from tests.factories.planning import approved_plan, entry
from tests.factories.procurement import draft_tender, published_tender
from tests.factories.projects import make_project
from tests.fixtures.browser import soup

ALL_PASS = {one: Finding(passed=True) for one in KeyAspect}
MARKET = [Respondent(f"评价机构{one}", RespondentKind.MARKET) for one in range(3)]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"


def levels(uow, tender: Tender, rule_id: str) -> list[str]:
    return [one.level for one in preparation_lines(uow, tender) if one.rule_id == rule_id]


def surveyed(uow, purchase, **values):
    return record_survey(
        acting(uow, purchase.officer),
        purchase.tender,
        **{
            "surveyed_on": uow.today - timedelta(days=10),
            "means": SurveyMeans.DISCUSSION,
            "respondents": MARKET,
            "findings": "市场供给充分，近两年同类成交价 15 万至 22 万元",
            **values,
        },
    )


def reviewer_of(uow, purchase):
    return make_user(uow, Role.QUALITY_OFFICER, organisation=purchase.officer.memberships[0].organisation)


def test_a_complex_purchase_is_not_published_without_survey_and_reviews(uow):
    """R-TENDER-19 blocks: survey, general review, key review."""
    purchase = draft_tender(uow, is_complex=True)
    tender, reviewer = purchase.tender, acting(uow, reviewer_of(uow, purchase))
    missing = [str(one.reason) for one in breaches(uow, tender) if one.rule_id == "R-TENDER-19"]
    assert len(missing) == 3
    with pytest.raises(Refused):
        submit_tender(acting(uow, purchase.officer), tender)
    surveyed(uow, purchase)
    review_requirement(reviewer, tender, ReviewKind.GENERAL, opinion="需求完整")
    review_requirement(reviewer, tender, ReviewKind.KEY, opinion="四项均通过", aspects=ALL_PASS)
    assert breaches(uow, tender) == []
    submit_tender(acting(uow, purchase.officer), tender)
    publish_tender(acting(uow, purchase.approver), tender)
    assert tender.state is TenderState.PUBLISHED


def test_nobody_who_helped_to_write_the_requirement_may_review_it(uow):
    """R-TENDER-19 as permission: drafter, whoever changed the draft, whoever is named."""
    purchase = draft_tender(uow)
    bureau = purchase.officer.memberships[0].organisation
    helper, named, stranger = (make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau) for _one in range(3))
    change_tender(acting(uow, helper), purchase.tender, requirement="改写的需求")
    note_author(acting(uow, purchase.officer), purchase.tender, named)
    assert {purchase.officer.id, helper.id, named.id} <= requirement_of(uow, purchase.tender).authors
    for author in (purchase.officer, helper, named):
        with pytest.raises(Forbidden):
            review_requirement(acting(uow, author), purchase.tender, ReviewKind.GENERAL, opinion="可以")
    assert review_requirement(acting(uow, stranger), purchase.tender, ReviewKind.GENERAL, opinion="可以").passed
    supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    with pytest.raises(Forbidden):
        review_requirement(acting(uow, supervisor), purchase.tender, ReviewKind.GENERAL, opinion="可以")


def test_a_change_after_the_review_asks_for_another_one(uow):
    purchase = draft_tender(uow, is_high_impact=True)
    reviewer = acting(uow, reviewer_of(uow, purchase))
    surveyed(uow, purchase)
    for kind in ReviewKind:
        review_requirement(reviewer, purchase.tender, kind, opinion="通过", aspects=ALL_PASS)
    assert levels(uow, purchase.tender, "R-TENDER-19") == ["ok"]
    change_tender(acting(uow, purchase.officer), purchase.tender, requirement="加写了新的要求")
    assert levels(uow, purchase.tender, "R-TENDER-19") == ["block", "block"]


def test_a_key_review_needs_all_four_aspects_and_fails_with_one(uow):
    purchase = draft_tender(uow, is_complex=True)
    reviewer = acting(uow, reviewer_of(uow, purchase))
    with pytest.raises(Refused) as raised:
        review_requirement(
            reviewer, purchase.tender, ReviewKind.KEY, opinion="", aspects={KeyAspect.RISK: Finding(passed=False)}
        )
    assert {one.field for one in raised.value.refusals} == {
        "non-discrimination",
        "competition",
        "policy",
        "risk-remark",
        "opinion",
    }
    failed = {**ALL_PASS, KeyAspect.COMPETITION: Finding(passed=False, remark="仅一家可满足")}
    assert not review_requirement(reviewer, purchase.tender, ReviewKind.KEY, opinion="退改", aspects=failed).passed
    assert "block" in levels(uow, purchase.tender, "R-TENDER-19")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"respondents": MARKET[:2]}, "至少 3 个"),
        ({"respondents": [*MARKET[:2], Respondent("区教育局", RespondentKind.USER)]}, "至少 3 个"),
        ({"respondents": [*MARKET[:2], MARKET[0]]}, "至少 3 个"),
        ({"age": 400}, "有效期至"),
    ],
)
def test_a_survey_must_ask_enough_of_the_market_and_be_less_than_a_year_old(uow, changes, words):
    purchase = draft_tender(uow, is_complex=True)
    if age := changes.pop("age", None):
        changes["surveyed_on"] = uow.today - timedelta(days=age)
    surveyed(uow, purchase, **changes)
    found = [str(one.words) for one in preparation_lines(uow, purchase.tender) if one.rule_id == "R-TENDER-19"]
    assert words in found[0]


def test_bad_surveys_are_refused_at_their_fields(uow):
    purchase = draft_tender(uow)
    with pytest.raises(Refused) as raised:
        surveyed(uow, purchase, surveyed_on=uow.today + timedelta(days=1), respondents=[], findings="")
    assert {one.field for one in raised.value.refusals} == {"surveyed_on", "respondents", "findings"}
    sent = published_tender(uow, projects=[make_project(uow)])
    with pytest.raises(Refused):
        surveyed(uow, sent)


def test_the_intention_is_public_thirty_days_before_or_there_is_an_urgent_reason(uow):
    """R-TENDER-20 warns, for purchases under procurement law."""
    small = draft_tender(uow)
    assert levels(uow, small.tender, "R-TENDER-20") == []
    purchase = draft_tender(uow, projects=[make_project(uow)], budget=Decimal(1_200_000))
    clerk, tender = acting(uow, purchase.officer), purchase.tender
    assert levels(uow, tender, "R-TENDER-20") == ["warn"]
    announce(clerk, IntentionEntry(tender.title, "评价三个项目", tender.budget, uow.today), tender)
    assert levels(uow, tender, "R-TENDER-20") == ["warn"]
    tender.notice_on = uow.today + timedelta(days=29)
    assert levels(uow, tender, "R-TENDER-20") == ["warn"]
    tender.notice_on = uow.today + timedelta(days=30)
    assert levels(uow, tender, "R-TENDER-20") == ["ok"]
    tender.notice_on = uow.today
    prepare(clerk, tender, PreparationEntry(urgent_reason="汛期抢险资金须立即评价"))
    assert levels(uow, tender, "R-TENDER-20") == ["ok"]
    with pytest.raises(Refused):
        announce(clerk, IntentionEntry(tender.title, "再来一次", tender.budget, uow.today), tender)


def test_an_intention_of_the_plan_counts_for_the_tender_drafted_from_it(uow):
    made = approved_plan(uow, entry(uow, amount=Decimal(1_200_000)))
    officer, item = acting(uow, made.officer), made.plan.items[0]
    announced = announce(officer, IntentionEntry(item.title, item.need, item.amount, uow.today), item)
    tender = draft_from_item(officer, item)
    assert tender.method is Method.CONSULTATION
    assert intention_of(uow, tender) is announced
    with pytest.raises(Refused) as raised:
        announce(officer, IntentionEntry("", "", Decimal(0), uow.today - timedelta(days=40)), item)
    assert {"title", "need", "budget", "starts_on"} <= {one.field for one in raised.value.refusals}


def test_departing_from_the_proposed_method_asks_for_a_reason(uow):
    """R-BELOW-01: an open tender below the limit only warns until the reason is given."""
    purchase = draft_tender(uow)
    clerk, tender = acting(uow, purchase.officer), purchase.tender
    assert proposal_for(uow, tender, year_of_purchase(uow, tender)).method is Method.BELOW_LIMIT
    assert levels(uow, tender, "R-BELOW-01") == ["warn"]
    prepare(clerk, tender, PreparationEntry(method_reason="首次开展，需广泛竞争"))
    assert levels(uow, tender, "R-BELOW-01") == ["ok"]
    assert breaches(uow, tender) == []


def test_the_panel_says_what_adds_up_over_the_year_and_an_approval_excuses_it(uow):
    """R-TENDER-15 with the year's other purchases by other methods."""
    values = {"budget": Decimal(2_100_000)}
    for _one in range(2):
        purchase = draft_tender(uow, projects=[make_project(uow, evaluation_fee=Decimal(2_100_000))], **values)
        purchase.tender.method = Method.CONSULTATION
    uow.session.flush()
    tender = purchase.tender
    assert year_of_purchase(uow, tender).total == Decimal(4_200_000)
    assert proposal_for(uow, tender, year_of_purchase(uow, tender)).rule_id == "R-TENDER-15"
    assert "warn" in levels(uow, tender, "R-TENDER-15")
    prepare(acting(uow, purchase.officer), tender, PreparationEntry(method_approval="澄财采〔2026〕18号"))
    assert not year_of_purchase(uow, tender).is_split
    prepare(acting(uow, purchase.officer), tender, PreparationEntry(category=Category.AUDIT))
    assert year_of_purchase(uow, tender).counted == 1


def test_a_large_purchase_by_another_method_asks_for_its_approval(uow):
    """R-THR-01 warns; it is not confirmed."""
    purchase = draft_tender(uow, budget=Decimal(5_000_000))
    purchase.tender.method = Method.CONSULTATION
    assert "warn" in levels(uow, purchase.tender, "R-THR-01")
    prepare(acting(uow, purchase.officer), purchase.tender, PreparationEntry(method_approval="沪财采〔2026〕7号"))
    assert "warn" in levels(uow, purchase.tender, "R-THR-01")  # still not the proposed method, and no reason


def test_small_firms_are_reserved_for_or_there_is_a_reason(uow):
    """R-PRICE-06 warns from the procurement limit on; what is chosen stands in the record."""
    purchase = draft_tender(uow, budget=Decimal(1_500_000))
    clerk, tender = acting(uow, purchase.officer), purchase.tender
    assert levels(uow, tender, "R-PRICE-06") == ["warn"]
    prepare(clerk, tender, PreparationEntry(sme_reservation=SmeReservation.PART))
    assert levels(uow, tender, "R-PRICE-06") == ["warn"]
    prepare(clerk, tender, PreparationEntry(sme_reason="市场上仅大型机构具备资质"))
    assert levels(uow, tender, "R-PRICE-06") == ["ok"]
    prepare(clerk, tender, PreparationEntry(sme_reservation=SmeReservation.WHOLE))
    assert levels(uow, tender, "R-PRICE-06") == ["ok"]
    record = frozen_record(uow, tender)
    assert record["small_firms"]["reservation"] == "whole"
    old = {name: value for name, value in record.items() if name not in ("small_firms", "lots_per_bidder")}
    assert readable(old)["small_firms"]["reservation"] is SmeReservation.NONE


def test_a_wording_that_is_no_size_condition_is_excused_with_a_reason(uow):
    """R-TENDER-13 blocks those words unless overridden with a reason."""
    purchase = draft_tender(uow, qualifications=["说明被评价单位从业人员数量变化的分析思路"])
    assert "R-TENDER-13" in {one.rule_id for one in breaches(uow, purchase.tender)}
    reason = "指被评价单位的人员数量，不是投标人的规模"
    prepare(acting(uow, purchase.officer), purchase.tender, PreparationEntry(wording_reason=reason))
    assert breaches(uow, purchase.tender) == []
    assert any(reason in str(one.words) for one in checklist(uow, purchase.tender) if one.rule_id == "R-TENDER-13")


@pytest.mark.parametrize(
    ("condition", "rule_id"),
    [
        ("实缴资本不低于300万元", "R-TENDER-13"),
        ("资产规模行业领先", "R-TENDER-13"),
        ("在职人数50人以上", "R-TENDER-13"),
        ("成立时间满五年", "R-TENDER-13"),
        ("注册地须在上海市", "R-TENDER-12"),
        ("设有常驻分支机构", "R-TENDER-12"),
        ("列入本区评价机构库", "R-TENDER-12"),
        ("具有某品牌软件", "R-TENDER-12"),
        ("市评价协会会员单位", "R-TENDER-12"),
        ("具有法人资格", "R-TENDER-12"),
        ("具有两个同类业务合同", "R-TENDER-14"),
    ],
)
def test_forbidden_and_doubtful_wordings_are_found(uow, condition, rule_id):
    purchase = draft_tender(uow, qualifications=[condition])
    assert rule_id in {one.rule_id for one in checklist(uow, purchase.tender) if one.level != "ok"}


@pytest.mark.parametrize(
    "condition",
    [
        "具有独立承担民事责任的能力",
        "近三年完成过两项预算绩效评价项目（同类业务指财政支出绩效评价）",
        "拟派主评人具有高级职称",
        "参加政府采购活动前三年内没有重大违法记录",
        "对本市绩效管理政策有准确把握",
    ],
)
def test_lawful_wordings_are_left_alone(uow, condition):
    purchase = draft_tender(uow, qualifications=[condition])
    found = {one.rule_id for one in checklist(uow, purchase.tender) if one.level != "ok"}
    assert found.isdisjoint({"R-TENDER-12", "R-TENDER-13", "R-TENDER-14"})


def test_the_preparation_of_a_published_tender_is_not_changed(uow):
    sent = published_tender(uow)
    with pytest.raises(Refused):
        prepare(acting(uow, sent.officer), sent.tender, PreparationEntry())
    with pytest.raises(Refused):
        announce(acting(uow, sent.officer), IntentionEntry("题", "需", Decimal(1), uow.today), sent.tender)


def fields_of(answer, form_id="form", **changes) -> dict:
    form = soup(answer).find("form", {"id": form_id})
    values = {}
    for one in form.find_all(["input", "textarea", "select"]):
        if not one.get("name") or one.get("type") == "file":
            continue
        if one.get("type") in ("checkbox", "radio") and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            values[one["name"]] = chosen["value"]
        else:
            values[one["name"]] = one.text.removeprefix("\n") if one.name == "textarea" else one.get("value", "")
    return values | changes


def test_the_pages_take_survey_review_and_terms_with_files(uow, client_as):
    purchase = draft_tender(uow, is_complex=True)
    reviewer = reviewer_of(uow, purchase)
    page, browser = f"/tenders/{purchase.tender.id}/preparation", client_as(purchase.officer)
    sent = fields_of(browser.get(f"{page}/survey"), surveyed_on=uow.today.isoformat(), findings="充分")
    wrong = browser.post(f"{page}/survey", data=sent | {"market": ""})
    assert wrong.status_code == 422
    assert "R-TENDER-19" in wrong.text
    sent |= {"market": "甲机构\n乙机构\n丙机构", "once": fields_of(browser.get(f"{page}/survey"))["once"]}
    presses = [
        browser.post(
            f"{page}/survey",
            data=sent | {"files": (io.BytesIO(PDF), "座谈记录.pdf")},
            content_type="multipart/form-data",
        )
        for _press in range(2)
    ]
    assert [one.status_code for one in presses] == [302, 302]
    shown = browser.get(page)
    assert "座谈记录.pdf" in shown.text
    paper = soup(shown).find("a", string="座谈记录.pdf")["href"]
    assert client_as(reviewer).get(paper).status_code == 200
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(paper).status_code == 404
    assert browser.get(f"{page}/review/key").status_code == 403
    desk = client_as(reviewer)
    assert "审查采购需求" in desk.get("/home").text
    asked = fields_of(desk.get(f"{page}/review/key"), opinion="通过")
    unfinished = desk.post(f"{page}/review/key", data=asked | {"risk": "fail"})
    assert unfinished.status_code == 422
    assert "请作出审查结论" in unfinished.text
    passed = asked | {one.value: "pass" for one in KeyAspect}
    stale = desk.post(f"{page}/review/key", data=passed | {"revision": "0"})
    assert stale.status_code == 409
    assert desk.post(f"{page}/review/key", data=passed).status_code == 302
    general = fields_of(desk.get(f"{page}/review/general"), opinion="完整", verdict="pass")
    assert desk.post(f"{page}/review/general", data=general).status_code == 302
    assert desk.get(f"{page}/review/magic").status_code == 404
    terms = fields_of(browser.get(f"{page}/edit"), sme_reservation="whole", lots_per_bidder="9")
    assert browser.post(f"{page}/edit", data=terms).status_code == 422
    assert browser.post(f"{page}/edit", data=terms | {"lots_per_bidder": ""}).status_code == 302
    assert browser.post(f"{page}/edit", data=terms | {"lots_per_bidder": ""}).status_code == 409
    assert purchase.tender.sme_reservation is SmeReservation.WHOLE
    assert "专门面向中小企业" in browser.get(f"/tenders/{purchase.tender.id}").text
    named = browser.post(f"{page}/authors", data={"user_id": str(purchase.approver.id)})
    assert named.status_code == 302
    assert client_as(purchase.approver).get(f"{page}/review/general").status_code == 403
    assert browser.post(f"{page}/authors", data={"user_id": "nobody"}).status_code == 404


def test_an_intention_is_published_from_the_plan_and_read_by_everybody(uow, client_as, client):
    made = approved_plan(uow)
    item = made.plan.items[0]
    page, browser = f"/plans/{made.plan.id}/items/{item.id}/intention", client_as(made.officer)
    sent = fields_of(browser.get(page), starts_on=uow.today.replace(day=1).isoformat())
    assert browser.post(page, data=sent | {"need": ""}).status_code == 422
    presses = [browser.post(page, data=sent) for _press in range(2)]
    assert [one.status_code for one in presses] == [302, 302]
    assert uow.session.query(Intention).count() == 1
    listed = client.get("/intentions")
    assert item.title in listed.text
    shown = client.get(soup(listed).find("a", string=item.title)["href"])
    assert item.need in shown.text
    assert "意向" in browser.get(f"/plans/{made.plan.id}").text
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(page).status_code == 404
    assert client_as(made.approver).get(page).status_code == 403


def test_who_may_see_how_a_purchase_is_prepared(uow, client_as):
    draft = draft_tender(uow)
    sent = published_tender(uow, projects=[make_project(uow)], deadline=shanghai(uow.today + timedelta(days=25), 9, 30))
    watcher = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    assert watcher.get(f"/tenders/{draft.tender.id}/preparation").status_code == 404
    assert watcher.get(f"/tenders/{sent.tender.id}/preparation").status_code == 200
    assert (
        client_as(make_user(uow, Role.AGENCY_MANAGER)).get(f"/tenders/{sent.tender.id}/preparation").status_code == 404
    )
