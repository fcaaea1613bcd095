"""The pages on which an engagement is planned and followed: who sees and does what, once and with reasons."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from agencies.queries.following import followed, milestones_of, requests_of, team_of
from agencies.services.plans import TYPED
from agencies.states import MilestoneKind, PlanState, RequestState
from core.identity.roles import Role
from core.permissions import policy
from tests.factories.agencies import make_lead
from tests.factories.following import Course
from tests.factories.identity import make_user

K = MilestoneKind
PAGES = ("plan", "team", "milestones", "fieldwork", "requests")


@pytest.fixture
def course(uow):
    return Course(uow)


def hidden(tree) -> dict[str, str]:
    """What the page's forms send unseen; the key that makes a form act once is any form's own."""
    form = tree.find("input", {"name": "once"}).find_parent("form")
    return {one["name"]: one.get("value", "") for one in form.find_all("input", {"type": "hidden"})}


def sent(browser, page: str, *, to: str = "", **values):
    """Open a page and send one of its forms with these values."""
    return browser.post(to or page, data={**hidden(browser.page(page)), **values})


def at(course, page: str = "") -> str:
    return f"/engagements/{course.engagement.id}" + (f"/{page}" if page else "")


def test_the_parties_read_every_page_and_strangers_none(uow, client_as, course):
    course.submit()
    readers = [course.manager, course.unit, course.quality, make_user(uow, Role.PROCUREMENT_SUPERVISOR)]
    for reader in readers:
        browser = client_as(reader)
        for page in ("", *PAGES):
            assert browser.get(at(course, page)).status_code == 200, (page, reader.memberships)
    stranger = client_as(make_user(uow, Role.AGENCY_MANAGER))
    assert {stranger.get(at(course, page)).status_code for page in ("", *PAGES)} == {404}
    assert client_as(course.unit).post(at(course, "plan/approve")).status_code == 403
    assert client_as(course.unit).post(at(course, "team")).status_code == 403


def test_a_plan_is_written_handed_in_and_approved_in_the_browser(uow, client_as, course):
    agency = client_as(course.manager)
    page = agency.get(at(course, "plan"))
    assert "评价方案缺少" in page.text
    assert "R-AGENCY-08" in page.text
    answer = sent(agency, at(course, "team"), role="lead", lead=str(course.lead.id), name="", duty="总负责")
    assert answer.status_code == 302
    assert team_of(uow, course.engagement)[0].lead_id == course.lead.id
    course.hand_in_indicators()
    words = {f"body_{one.value}": f"{one.label}的内容" for one in TYPED}
    assert sent(agency, at(course, "plan/edit"), **words).status_code == 302
    assert sent(agency, at(course, "plan"), to=at(course, "plan/submit")).status_code == 302
    assert course.plan.state is PlanState.SUBMITTED
    assert "撤回修改" in agency.get(at(course, "plan")).text
    course.agree_on_indicators()
    assert "随指标评审经专家组评议" in agency.get(at(course)).text


def test_the_bureau_sends_a_plan_back_with_words_only(uow, client_as, course):
    course.submit()
    bureau = client_as(course.quality)
    empty = sent(bureau, at(course, "plan"), to=at(course, "plan/return"), opinion="")
    assert empty.status_code == 422
    assert "请写明退回理由" in empty.text
    done = sent(bureau, at(course, "plan"), to=at(course, "plan/return"), opinion="样本量不足")
    assert done.status_code == 302
    assert "样本量不足" in client_as(course.manager).get(at(course, "plan")).text


def test_a_stale_plan_form_is_refused_and_a_second_press_does_nothing_twice(uow, client_as, course):
    agency = client_as(course.manager)
    form = hidden(agency.page(at(course, "plan/edit")))
    course.write()
    uow.session.flush()
    stale = agency.post(at(course, "plan/edit"), data={**form, "body_purpose": "旧窗口"})
    assert stale.status_code == 409
    asked = hidden(agency.page(at(course, "team")))
    sent = {**asked, "role": "member", "name": "周可", "lead": "", "duty": ""}
    first, second = agency.post(at(course, "team"), data=sent), agency.post(at(course, "team"), data=sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert [one.name for one in team_of(uow, course.engagement)] == ["周可"]


def test_a_request_is_asked_and_answered_in_the_browser(uow, client_as, course):
    course.begin()
    make_lead(uow, course.agency.organisation, name="沈一鸣")
    agency, bureau = client_as(course.manager), client_as(course.quality)
    empty = sent(agency, at(course, "requests/new/team"), reason="", leaving="", lead="", name="", role="member")
    assert empty.status_code == 422
    assert "R-AGENCY-07" in empty.text
    new = at(course, "requests/new/extension")
    to = (milestones_of(uow, course.engagement)[-2].due_on + timedelta(days=9)).isoformat()
    assert sent(agency, new, milestone="final", due_on=to, reason="项目单位资料迟交").status_code == 302
    row = requests_of(uow, course.engagement)[0]
    shown = bureau.get(at(course, "requests")).text
    assert "项目单位资料迟交" in shown
    assert "补充协议" in shown
    decide = f"/engagement-requests/{row.id}/decide"
    assert sent(bureau, at(course, "requests"), to=decide, deed="refuse", words="").status_code == 422
    assert sent(bureau, at(course, "requests"), to=decide, deed="agree", words="").status_code == 302
    assert row.state is RequestState.AGREED
    assert agency.post(decide, data={"deed": "agree"}).status_code == 403
    assert "已延期" in agency.get(at(course, "milestones")).text


def test_the_list_shows_what_is_late_first_with_days_and_exports_it(uow, client_as, clock, count_queries):
    late, fresh = Course(uow), Course(uow).begin()
    dates = {one.kind: one for one in milestones_of(uow, late.engagement)}
    dates[K.PLAN].due_on = uow.today - timedelta(days=5)
    uow.session.flush()
    bureau = client_as(make_user(uow, Role.QUALITY_OFFICER))
    page = bureau.get("/engagements/following").text
    assert page.index(late.engagement.number) < page.index(fresh.engagement.number)
    assert "逾期 5 天" in page
    only = bureau.get("/engagements/following?late=1").text
    assert late.engagement.number in only
    assert fresh.engagement.number not in only
    step = bureau.get("/engagements/following?step=collection").text
    assert fresh.engagement.number in step
    assert late.engagement.number not in step
    book = load_workbook(io.BytesIO(bureau.get("/engagements/following.xlsx?late=1").data)).active
    row = next(one for one in book.iter_rows(values_only=True) if one[0] == late.engagement.number)
    assert row[7] == 5
    assert "逾期的评价委托" in bureau.get("/home").text
    with count_queries() as few:
        bureau.get("/engagements/following")
    for _number in range(3):
        Course(uow)
    with count_queries() as many:
        bureau.get("/engagements/following")
    assert len(many) == len(few)


def test_the_list_is_for_those_who_may_read_it(uow, uow_as, client_as):
    from agencies.permissions import AgencyPermission

    course = Course(uow)
    assert client_as(course.manager).get("/engagements/following").status_code == 403
    for role in Role:
        actor = uow_as(make_user(uow, role)).actor
        listed = course.engagement in uow.session.scalars(followed(actor, today=uow.today)).all()
        assert listed == policy.allows(actor, AgencyPermission.READ_ENGAGEMENT, course.engagement), role


def test_home_pages_tell_each_party_the_next_step(uow, client_as, course):
    assert "编制并提交评价方案" in client_as(course.manager).get("/home").text
    course.hand_in_indicators()
    course.agree_on_indicators()
    course.name_lead()
    course.write()
    from agencies.services.plans import submit_plan

    submit_plan(course.acting(course.manager), course.plan)
    assert "审核评价方案" in client_as(course.quality).get("/home").text
    course.approve()
    assert "采集资料" in client_as(course.manager).get("/home").text
