"""The page on which a draft is commented, answered, reviewed and signed: each party sees its own step."""

from __future__ import annotations

import pytest

from core.identity.roles import Role
from grading.queries import standing_submission
from grading.queries.comment import last_round, sent_comments
from grading.states import LetterStand, ReportKind, RoundState
from tests.factories.following import Course, seal_page
from tests.factories.grading import report_bytes, upload
from tests.factories.identity import make_user


@pytest.fixture
def course(uow):
    return Course(uow).begin()


def at(course, page: str = "") -> str:
    return f"/engagements/{course.engagement.id}" + (f"/{page}" if page else "")


def hidden(tree, action: str) -> dict[str, str]:
    """What the form with this address sends unseen."""
    form = next(one for one in tree.find_all("form") if (one.get("action") or "").endswith(action))
    return {one["name"]: one.get("value", "") for one in form.find_all("input", {"type": "hidden"})}


def sent(browser, page: str, action: str, **values):
    return browser.post(action, data={**hidden(browser.page(page), action), **values})


def test_each_party_sees_the_page_and_its_own_step(uow, client_as, course):
    row = course.draft()
    for reader, words in ((course.unit, "发出意见"), (course.quality, "发出意见"), (course.manager, "还在等待")):
        page = client_as(reader).get(at(course, "comments"))
        assert words in page.text, reader.memberships
        assert "R-AGENCY-11" in page.text
    for role in (Role.PROCUREMENT_SUPERVISOR, Role.EXPERT):
        assert client_as(make_user(uow, role)).get(at(course, "comments")).status_code == 404
    supervisor = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
    assert supervisor.post(f"/comment-rounds/{row.id}/letter").status_code == 404
    assert client_as(course.unit).post(f"/comment-rounds/{row.id}/answers").status_code == 403
    assert "对报告初稿反馈意见" in client_as(course.unit).get("/home").text
    assert "等待各方对报告初稿反馈" in client_as(course.manager).get("/home").text


def test_comments_are_kept_sent_answered_and_reviewed_in_the_browser(uow, client_as, course):
    row = course.draft()
    page, letter = at(course, "comments"), f"/comment-rounds/{row.id}/letter"
    unit, bureau, agency = client_as(course.unit), client_as(course.quality), client_as(course.manager)
    kept = sent(unit, page, letter, deed="save", body_1="资金到位率与决算不一致", place_1="第 8 页")
    assert kept.status_code == 302
    assert "资金到位率与决算不一致" not in agency.get(page).text, "a draft is nobody else's"
    form = hidden(unit.page(page), letter)
    values = {**form, "deed": "send", "body_1": "资金到位率与决算不一致", "place_1": "第 8 页", "body_2": "样本偏少"}
    first, second = unit.post(letter, data=values), unit.post(letter, data=values)
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(sent_comments(uow, row)) == 2, "a second press sends nothing twice"
    assert sent(bureau, page, letter, deed="none").status_code == 302
    answers = f"/comment-rounds/{row.id}/answers"
    bare = sent(agency, page, answers, deed="send", adoption_1="adopted", answer_1="", adoption_2="not", answer_2="够")
    assert bare.status_code == 422
    assert "请写明采纳后改在何处" in bare.text
    words = {"adoption_1": "adopted", "answer_1": "第 8 页已改", "adoption_2": "not", "answer_2": "误差在 5% 以内"}
    assert sent(agency, page, answers, deed="send", **words).status_code == 302
    assert last_round(uow, course.engagement.id).state is RoundState.ANSWERED
    assert "误差在 5% 以内" in unit.get(page).text
    for kind, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert unit.get(f"/comment-rounds/{row.id}/sheet.{kind}").data.startswith(start)
    review = f"/comment-rounds/{row.id}/review"
    empty = sent(agency, page, review, verdict="pass", department="", reviewer="", opinion="")
    assert empty.status_code == 422
    done = sent(agency, page, review, verdict="pass", department="质控部", reviewer="许静", opinion="同意报出")
    assert done.status_code == 302
    assert "提交正式报告" in agency.get(at(course)).text
    assert "签署并提交正式报告" in agency.get("/home").text


def test_draft_and_final_are_delivered_by_the_same_form(uow, client_as, course):
    agency, new = client_as(course.manager), f"/submissions/new/{course.engagement.id}"
    course.visit()
    tree = agency.page(new)
    assert tree.find("input", {"name": "kind", "value": "draft"}).has_attr("checked")
    assert "提交正式报告还缺" in tree.text
    once = hidden(tree, "")
    answer = agency.post(new, data={**once, "kind": "draft", "file": upload_part("初稿.docx")})
    assert answer.status_code == 302
    draft = standing_submission(uow, course.engagement.id)
    assert draft.kind is ReportKind.DRAFT
    assert "征求意见稿" in client_as(course.unit).get(f"/submissions/{draft.id}").text
    row = last_round(uow, course.engagement.id)
    course.comment(row, course.unit)
    course.comment(row, course.quality)
    course.answer(row)
    course.review(row)
    uow.session.flush()
    tree = agency.page(new)
    assert tree.find("input", {"name": "kind", "value": "final"}).has_attr("checked")
    bare = agency.post(new, data={**hidden(tree, ""), "kind": "final", "file": upload_part("报告.docx")})
    assert bare.status_code == 422
    assert "主评人须确认承诺" in bare.text
    seal = (upload(seal_page()).stream, "签字盖章页.pdf")
    values = {"kind": "final", "file": upload_part("报告.docx"), "scan": seal, "undertakes": "y"}
    done = agency.post(new, data={**hidden(agency.page(new), ""), **values, "lead": str(course.lead.id)})
    assert done.status_code == 302
    shown = client_as(course.quality).get(at(course, "comments")).text
    assert course.lead.name in shown
    assert "真实性和准确性" in shown


def upload_part(name: str):
    return (upload(report_bytes()).stream, name)


def test_letters_have_one_state_only(uow, course):
    row = course.draft()
    course.comment(row, course.unit, "一")
    assert [one.state for one in row.letters] == [LetterStand.SENT]
