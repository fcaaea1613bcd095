"""Pages of documents, questions, amendments and confirmations: who sees what, one effect, messages at fields."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.identity.roles import Role
from procurement.models import Amendment, BidConfirmation, DocumentHolder, PublishedAnswer, Question
from procurement.queries.amendments import versions_of
from procurement.services.amending import submit_amendment
from procurement.services.questions import publish_answer
from procurement.states import AmendmentState, QuestionState
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
from tests.fixtures.browser import soup

PLACE = {"opening_place": "区行政中心五楼开标室"}


def fields_of(answer, where: str) -> dict:
    """What the form with this action (or id) would send."""
    tree = soup(answer)
    form = tree.find("form", id=where) or tree.find("form", action=where)
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


def test_a_supplier_takes_the_documents_downloads_and_asks_pressing_twice(client_as, uow):
    purchase = published_tender(uow)
    browser = client_as(make_user(uow, Role.AGENCY_STAFF))
    page = f"/notices/{purchase.tender.id}/documents"
    assert "领取文件、提问" in browser.get(f"/notices/{purchase.tender.id}").text
    assert browser.get(f"{page}/paper.pdf").status_code == 302
    fields = fields_of(browser.get(page), page)
    for _press in range(2):
        assert browser.post(page, data=fields).status_code == 302
    assert uow.session.scalar(select(func.count()).select_from(DocumentHolder)) == 1
    paper = browser.get(f"{page}/paper.pdf")
    assert (paper.mimetype, paper.data[:4]) == ("application/pdf", b"%PDF")
    fields = fields_of(browser.get(page), "ask") | {"question": "服务期限能否延长？"}
    for _press in range(2):
        assert browser.post(f"{page}/ask", data=fields).status_code == 302
    assert uow.session.scalar(select(func.count()).select_from(Question)) == 1
    assert "服务期限能否延长？" in browser.get(page).text
    (question,) = uow.session.scalars(select(Question))
    assert browser.post(f"/questions/{question.id}/do/withdraw").status_code == 302
    assert question.state is QuestionState.WITHDRAWN


def test_a_telling_or_empty_question_is_named_at_its_field_and_kept(client_as, uow):
    purchase = published_tender(uow)
    holder, user = holder_of(uow, purchase.tender)
    browser, page = client_as(user), f"/notices/{purchase.tender.id}/documents"
    fields = fields_of(browser.get(page), "ask")
    assert browser.post(f"{page}/ask", data=fields).status_code == 422
    told = f"{holder.organisation.name}想问期限"
    answer = browser.post(f"{page}/ask", data=fields | {"question": told})
    assert answer.status_code == 422
    assert soup(answer).find(id="question").text.strip() == told
    assert "R-SEC-03" in answer.text


def test_the_officer_answers_several_at_once_and_never_sees_who_asks(client_as, client, uow):
    purchase = published_tender(uow)
    one, two = asked(uow, purchase.tender, "能否延期？"), asked(uow, purchase.tender, "期限多长？")
    names = [one.holder.organisation.name, two.holder.organisation.name]
    browser, page = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/questions"
    shown = browser.get(f"{page}?question={one.id}")
    assert all(name not in shown.text for name in names)
    assert one.holder.pseudonym in shown.text
    assert "不能开标" in browser.get(f"/tenders/{purchase.tender.id}").text
    fields = fields_of(shown, "reply")
    assert fields["questions"] == [str(one.id)]
    fields |= {"questions": [str(one.id), str(two.id)], "answer": "不能延期，期限见公告。"}
    assert browser.post(page, data=fields).status_code == 422
    fields["explains_only"] = "y"
    for _press in range(2):
        assert browser.post(page, data=fields).status_code == 302
    assert uow.session.scalar(select(func.count()).select_from(PublishedAnswer)) == 1
    public = client.get(f"/notices/{purchase.tender.id}/clarifications")
    assert "不能延期，期限见公告。" in public.text
    assert all(name not in public.text for name in names)
    assert "第 1 号答疑" in client.get(f"/notices/{purchase.tender.id}").text


def test_a_question_is_declined_with_a_reason(client_as, uow):
    purchase = published_tender(uow)
    question = asked(uow, purchase.tender)
    browser, page = client_as(purchase.officer), f"/questions/{question.id}/decline"
    fields = fields_of(browser.get(page), "form")
    assert browser.post(page, data=fields).status_code == 422
    assert browser.post(page, data=fields | {"reason": "与采购无关"}).status_code == 302
    assert question.state is QuestionState.DECLINED
    assert "与采购无关" in browser.get(f"/tenders/{purchase.tender.id}/questions").text


def test_an_amendment_goes_from_draft_to_public_difference_by_two_people(client_as, client, uow):
    purchase = published_tender(uow)
    tender, officer, approver = purchase.tender, client_as(purchase.officer), client_as(purchase.approver)
    listing = f"/tenders/{tender.id}/amendments"
    old = tender.record_hash
    started = officer.post(listing, data=fields_of(officer.get(listing), listing))
    fields = fields_of(officer.get(started.location), "form")
    fields |= {"requirement": tender.requirement + "另提交问卷底稿。", "reason": "补充成果要求", "is_material": "y"}
    saved = officer.post(started.location, data=fields)
    assert saved.status_code == 302
    shown = officer.get(saved.location)
    assert soup(shown).find("ins").text.endswith("另提交问卷底稿。")
    submit = f"{saved.location}/submit"
    assert officer.post(submit, data=fields_of(shown, submit)).status_code == 302
    assert f"{saved.location}/publish" not in officer.get(saved.location).text
    publish = f"{saved.location}/publish"
    assert officer.post(publish).status_code == 403
    press = fields_of(approver.get(saved.location), publish)
    for _press in range(2):
        assert approver.post(publish, data=press).status_code == 302
    assert len(versions_of(uow, tender)) == 2
    public = client.get(f"/notices/{tender.id}/versions/2")
    assert "补充成果要求" in public.text
    assert soup(public).find_all("ins")[-1].text.endswith("另提交问卷底稿。")
    for digest in (old, tender.record_hash):
        record = client.get(f"/notices/{tender.id}/records/{digest}.json")
        assert hashlib.sha256(record.data).hexdigest() == digest
    assert "更正公告" in client.get(f"/notices/{tender.id}").text
    assert client.get(f"/notices/{tender.id}/versions/3").status_code == 404
    assert client.get(f"/notices/{tender.id}/records/{'0' * 64}.json").status_code == 404
    assert "发布更正公告" in officer.get(f"/tenders/{tender.id}").text


def test_two_officers_at_once_the_second_is_refused_with_the_text_kept(client_as, uow):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, PLACE)
    other = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=purchase.officer.memberships[0].organisation)
    first, second = client_as(purchase.officer), client_as(other)
    page = f"/amendments/{amendment.id}/edit"
    stale = fields_of(second.get(page), "form") | {"reason": "后改的理由"}
    assert first.post(page, data=fields_of(first.get(page), "form") | {"reason": "先改的理由"}).status_code == 302
    answer = second.post(page, data=stale)
    assert answer.status_code == 409
    assert soup(answer).find(id="reason").text.strip() == "后改的理由"
    assert amendment.reason == "先改的理由"
    assert second.post(page, data=fields_of(answer, "form")).status_code == 302
    assert amendment.reason == "后改的理由"


def test_bad_entries_of_an_amendment_are_named_and_what_breaks_a_rule_is_shown(client_as, uow):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, PLACE)
    browser, page = client_as(purchase.officer), f"/amendments/{amendment.id}/edit"
    fields = fields_of(browser.get(page), "form")
    answer = browser.post(page, data=fields | {"ceiling": "many", "deadline": ""})
    assert answer.status_code == 422
    assert all(soup(answer).find(id=f"{name}-error") for name in ("ceiling", "deadline"))
    earlier = (purchase.tender.deadline - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = browser.post(page, data=fields | {"deadline": earlier})
    assert answer.status_code == 422
    assert "R-TENDER-05" in answer.text
    assert browser.post(page, data=fields | {"deposit": "9000"}).status_code == 302
    shown = browser.get(f"/amendments/{amendment.id}").text
    assert "R-TENDER-08" in shown
    assert "提交审批" not in [one.text for one in soup(browser.get(f"/amendments/{amendment.id}")).find_all("button")]


def test_criteria_and_keyholders_are_amended_on_pages_of_their_own(client_as, uow):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, PLACE)
    browser, own = client_as(purchase.officer), f"/amendments/{amendment.id}"
    answer = browser.get(f"{own}/criteria")
    fields = {}
    form = soup(answer).find("form", {"data-guard": True})
    for one in form.find_all(["input", "textarea", "select"]):
        if one.get("name"):
            value = (
                (one.find("option", selected=True) or one.find("option"))["value"]
                if one.name == "select"
                else (one.text.removeprefix("\n") if one.name == "textarea" else one.get("value", ""))
            )
            fields.setdefault(one["name"], []).append(value)
    fields["description"][2] = "以证书和社保记录为准"
    assert browser.post(f"{own}/criteria", data=fields).status_code == 302
    assert amendment.changes["criteria"][2]["description"] == "以证书和社保记录为准"
    assert amendment.is_material
    fresh = make_user(uow, Role.KEYHOLDER, organisation=purchase.officer.memberships[0].organisation)
    fields = fields_of(browser.get(f"{own}/keyholders"), "form")
    fields["keyholders"] = [*fields["keyholders"][:2], str(fresh.id)]
    assert browser.post(f"{own}/keyholders", data=fields).status_code == 302
    assert [one.user_id for one in amendment.keyholders][2] == fresh.id
    assert "生成密钥" in client_as(fresh).get(f"{own}/key").text
    assert client_as(purchase.holders[2]).get(f"{own}/key").status_code in (403, 404)


def test_a_bidder_confirms_on_its_bid_s_page_once(client_as, uow):
    purchase = published_tender(uow)
    scene = scene_of(purchase)
    bid = add_bid(uow, scene, "150000.00")
    amended_tender(uow, purchase, PLACE)
    browser, page = client_as(scene.bidders[0]), f"/bids/{bid.id}"
    shown = browser.get(page)
    assert "采购文件已更正为第 2 版" in shown.text
    assert "确认或者替换投标" in browser.get("/home").text
    fields = fields_of(shown, f"{page}/confirm")
    for _press in range(2):
        assert browser.post(f"{page}/confirm", data=fields).status_code == 302
    assert uow.session.scalar(select(func.count()).select_from(BidConfirmation)) == 1
    assert "已确认第 2 版采购文件" in browser.get(page).text
    assert browser.get(f"{page}/confirmation.json").get_json()["kind"] == "confirmation"
    assert client_as(purchase.officer).post(f"{page}/confirm").status_code == 404


@pytest.mark.parametrize(
    "role", [Role.PROCUREMENT_SUPERVISOR, Role.AGENCY_MANAGER, Role.EXPERT, Role.QUALITY_OFFICER, Role.KEYHOLDER]
)
def test_drafts_and_open_questions_are_the_purchaser_s_alone(client_as, uow, role):
    purchase = published_tender(uow)
    question = asked(uow, purchase.tender)
    amendment = drafted_amendment(uow, purchase, PLACE)
    browser = client_as(make_user(uow, role))
    for path in (
        f"/tenders/{purchase.tender.id}/questions",
        f"/questions/{question.id}/decline",
        f"/tenders/{purchase.tender.id}/amendments",
        f"/amendments/{amendment.id}",
        f"/amendments/{amendment.id}/edit",
    ):
        assert browser.get(path).status_code in (403, 404), path


def test_an_approver_reads_but_does_not_answer_or_draft(client_as, uow):
    purchase = published_tender(uow)
    asked(uow, purchase.tender)
    browser = client_as(purchase.approver)
    assert "公开答复并通知" not in browser.get(f"/tenders/{purchase.tender.id}/questions").text
    assert browser.post(f"/tenders/{purchase.tender.id}/questions").status_code == 403
    assert browser.post(f"/tenders/{purchase.tender.id}/amendments").status_code == 403


def test_an_amendment_sent_back_is_a_draft_again_with_its_reason(client_as, uow):
    purchase = published_tender(uow)
    amendment = drafted_amendment(uow, purchase, PLACE)
    submit_amendment(acting(uow, purchase.officer), amendment)
    page = f"/amendments/{amendment.id}"
    assert client_as(purchase.approver).post(f"{page}/do/send_back", data={"reason": "写清楚"}).status_code == 302
    assert amendment.state is AmendmentState.DRAFT
    assert "写清楚" in client_as(purchase.officer).get(page).text
    assert uow.session.scalar(select(func.count()).select_from(Amendment)) == 1


def test_a_closed_tender_s_pages_say_so(client_as, clock, uow):
    purchase = published_tender(uow)
    _holder, user = holder_of(uow, purchase.tender)
    clock.set_to(purchase.tender.deadline + timedelta(minutes=1))
    assert "提问截止时间已过" in client_as(user).get(f"/notices/{purchase.tender.id}/documents").text
    late = client_as(make_user(uow, Role.AGENCY_MANAGER)).get(f"/notices/{purchase.tender.id}/documents")
    assert "R-TENDER-03" in late.text
    assert "起草更正" not in client_as(purchase.officer).get(f"/tenders/{purchase.tender.id}/amendments").text


def test_lists_ask_the_database_equally_often_however_long_they_are(client_as, client, uow, count_queries):
    purchase = published_tender(uow)
    paths = [f"/tenders/{purchase.tender.id}/questions", f"/notices/{purchase.tender.id}/clarifications"]
    officer = client_as(purchase.officer)

    def counted() -> list[int]:
        found = []
        for browser, path in ((officer, paths[0]), (client, paths[1])):
            browser.get(path)
            with count_queries() as statements:
                browser.get(path)
            found.append(len(statements))
        return found

    one = asked(uow, purchase.tender)
    publish_answer(acting(uow, purchase.officer), purchase.tender, [one], question="问", answer="答")
    asked(uow, purchase.tender)
    few = counted()
    for number in range(4):
        question = asked(uow, purchase.tender, f"问题{number}？")
        publish_answer(acting(uow, purchase.officer), purchase.tender, [question], question="问", answer="答")
        asked(uow, purchase.tender, f"另一问题{number}？")
    assert counted() == few
