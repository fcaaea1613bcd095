"""Public notices in the application: published once, registered outside, listed, fed, printed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from core.clock import SHANGHAI
from core.deadlines import derive
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.work_calendar import work_calendar
from procurement.drafting.dates import notice_day, periods
from procurement.drafting.direct_lawfulness import purchase_of
from procurement.models import AwardProcedure, Intention, PublicNotice
from procurement.queries.public_notices import notices_of, runs_from
from procurement.queries.remedies import milestones
from procurement.services.complaints import decide_complaint, serve_copies
from procurement.services.direct import authorise, prepare, proposing_refusals
from procurement.services.public_notices import publish_complaint, register_external
from procurement.services.publishing import register_external_notice, submit_tender
from procurement.states import DismissalGround, Method, NoticeKind
from procurement.tasks.publication import notice_part, notice_tasks
from procurement.workflow import COMPLAINT, TENDER
from tests.factories.awards import awarded_tender
from tests.factories.bids import acting
from tests.factories.direct import drafted_sole
from tests.factories.identity import make_user
from tests.factories.procurement import published_tender
from tests.factories.remedies import complained
from tests.procurement.test_open_data import publish

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def purchase(uow):
    made = published_tender(uow)
    publish(uow, made.tender)
    return made


def notice_of(uow, tender, kind=NoticeKind.TENDER) -> PublicNotice:
    return next(one for one in notices_of(uow, tender) if one.kind is kind)


def test_the_notice_stands_as_page_text_and_paper(uow, client, purchase):
    notice = notice_of(uow, purchase.tender)
    page = client.page(f"/announcements/{notice.id}")
    assert purchase.tender.title in page.h1.get_text()
    text = client.get(f"/announcements/{notice.id}/notice.txt")
    assert text.content_type.startswith("text/plain")
    assert purchase.tender.number in text.get_data(as_text=True)
    for heading in page.select(".official h2"):
        assert heading.get_text() in text.get_data(as_text=True)
    paper = client.get(f"/announcements/{notice.id}/notice.pdf")
    assert paper.get_data().startswith(b"%PDF")
    again = client.get(f"/announcements/{notice.id}/notice.pdf", headers={"If-None-Match": paper.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/announcements/{notice.id}?lang=en").status_code == 200


def test_an_unknown_notice_is_not_found(client):
    assert client.get("/announcements/00000000-0000-0000-0000-000000000001").status_code in (302, 404)


def test_periods_run_from_the_registered_time(uow, uow_as, clock, purchase):
    """R-NOTICE-01: the day in the designated medium counts, not that of the bureau's own page."""
    clock.advance(days=2)
    officer, tender = uow_as(purchase.officer), purchase.tender
    before = periods(officer, tender, notice_day(officer, tender))
    notice = notice_of(uow, tender)
    register_external(officer, notice, "https://zfcg.example/1", officer.now)
    assert notice.runs_from == tender.external_notice_at == officer.now
    assert notice_day(officer, tender) == officer.now.astimezone(SHANGHAI).date()
    after = periods(officer, tender, notice_day(officer, tender))
    assert after.deadline_at_least == before.deadline_at_least + timedelta(days=2)
    assert runs_from(uow, tender, NoticeKind.TENDER) == officer.now


@pytest.mark.parametrize("wrong", [("notice", 0, "url"), ("ftp://x", 0, "url"), ("https://x", 1, "at")])
def test_a_wrong_address_or_a_time_to_come_is_refused(uow, uow_as, purchase, wrong):
    url, hours, field = wrong
    officer = uow_as(purchase.officer)
    with pytest.raises(Refused) as refused:
        register_external(officer, notice_of(uow, purchase.tender), url, officer.now + timedelta(hours=hours))
    assert [(one.field, one.rule_id) for one in refused.value.refusals] == [(field, "R-NOTICE-01")]


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR, Role.AGENCY_MANAGER, Role.EXPERT])
def test_only_who_buys_registers_a_notice(uow, uow_as, client_as, purchase, role):
    """R-SEC-01: supervision takes no part."""
    stranger = make_user(uow, role)
    notice = notice_of(uow, purchase.tender)
    actor = uow_as(stranger)
    with pytest.raises(Forbidden):
        register_external(actor, notice, "https://zfcg.example/1", actor.now)
    browser = client_as(stranger)
    assert not browser.page(f"/announcements/{notice.id}").select("input[name=url]")
    assert browser.post(f"/announcements/{notice.id}/register", data={"url": "https://x"}).status_code == 403


def test_the_officer_registers_on_the_page_once_and_never_over_a_newer_entry(uow, client_as, clock, purchase):
    clock.advance(hours=3)
    browser = client_as(purchase.officer)
    notice = notice_of(uow, purchase.tender)
    page = browser.page(f"/announcements/{notice.id}")
    at = (clock.now - timedelta(minutes=5)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    fields = {one["name"]: one.get("value", "") for one in page.select(".notice-register input[name]")}
    sent = {**fields, "url": "https://zfcg.example/1", "at": at}
    path = f"/announcements/{notice.id}/register"
    assert browser.post(path, data={**sent, "url": "nowhere"}).status_code == 422
    first, second = browser.post(path, data=sent), browser.post(path, data=sent)
    assert first.location == second.location == f"/announcements/{notice.id}"
    notice = uow.session.get(PublicNotice, notice.id)
    assert notice.external_url == "https://zfcg.example/1"
    stale = {**sent, "once": "00000000-0000-4000-8000-000000000009", "url": "https://zfcg.example/2"}
    assert browser.post(path, data=stale).status_code == 409


def test_a_notice_that_stood_outside_too_late_says_that_the_deadline_must_move(uow, uow_as, client_as, clock, purchase):
    """R-NOTICE-01 with R-TENDER-04: counted from the designated medium, less than twenty days would be left."""
    clock.advance(days=5)
    officer = uow_as(purchase.officer)
    register_external(officer, notice_of(uow, purchase.tender), "https://zfcg.example/1", officer.now)
    for path in (
        f"/announcements/{notice_of(uow, purchase.tender).id}",
        f"/tenders/{purchase.tender.id}/announcements",
    ):
        warning = client_as(purchase.officer).page(path).select_one(".callout")
        assert "R-TENDER-04" in warning.get_text()
    clock.advance(days=-5)


def test_what_was_told_on_another_page_is_taken_over(uow, uow_as, purchase):
    officer = uow_as(purchase.officer)
    register_external_notice(officer, purchase.tender, "https://zfcg.example/7", officer.now)
    publish(uow, purchase.tender)
    assert notice_of(uow, purchase.tender).external_url == "https://zfcg.example/7"


def test_the_result_notice_and_the_awards_procedure_tell_each_other(uow, uow_as):
    tender = awarded_tender(uow)
    publish(uow, tender)
    procedure = uow.session.get(AwardProcedure, tender.id)
    if procedure is None:
        procedure = uow.add(
            AwardProcedure(
                tender_id=tender.id, by_agent=False, report_received_at=None, delayed_by_id=None, notice_at=None
            )
        )
        uow.session.flush()
    officer = uow_as(tender.drafted_by)
    register_external(officer, notice_of(uow, tender, NoticeKind.RESULT), "https://zfcg.example/9", officer.now)
    assert (procedure.notice_url, procedure.notice_at) == ("https://zfcg.example/9", officer.now)


def test_the_time_to_challenge_the_result_runs_from_where_its_notice_stood(uow, uow_as, clock):
    """R-NOTICE-01 with R-REMEDY-02: the result's notice period begins in the designated medium."""
    tender = awarded_tender(uow)
    publish(uow, tender)
    here = milestones(uow, tender).awarded_on
    clock.advance(days=3)
    officer = uow_as(tender.drafted_by)
    register_external(officer, notice_of(uow, tender, NoticeKind.RESULT), "https://zfcg.example/9", officer.now)
    assert milestones(uow, tender).awarded_on == here + timedelta(days=3)


def test_the_time_before_a_single_source_runs_from_where_it_was_announced(uow, uow_as, clock):
    """R-NOTICE-01 with R-NEG-03: nobody talks to a sole supplier before the announcement outside has stood its time."""
    scene = drafted_sole(uow, budget=Decimal(1_200_000))
    officer = acting(uow, scene.officer)
    prepare(officer, scene.tender, scene.suppliers, {"opinion": "三名专业人员论证意见一致"})
    submit_tender(officer, scene.tender)
    authorise(acting(uow, scene.approver), scene.tender)
    (notice,) = publish(uow, scene.tender)
    assert notice.kind is NoticeKind.SINGLE_SOURCE
    purchase = purchase_of(uow, scene.tender)
    before = purchase.announced_until
    clock.advance(days=3)
    officer = uow_as(scene.officer)
    register_external(officer, notice, "https://zfcg.example/11", officer.now)
    assert purchase.announced_on == officer.today
    assert purchase.announced_until == derive("R-NEG-03", officer.today, work_calendar(uow), uow.house.rules).last_day
    assert purchase.announced_until > before
    assert "R-NEG-03" in {one.rule_id for one in proposing_refusals(officer, scene.tender)}


def test_a_decided_complaint_has_a_notice_that_only_supervision_registers(app, uow, uow_as, client):
    """R-REMEDY-03 with R-SEC-01: the finance authority's own notice, frozen like every other."""
    tender = awarded_tender(uow)
    complaint = complained(uow, tender)
    assert publish_complaint(uow, complaint) is None
    supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    COMPLAINT.fire(uow_as(supervisor), complaint, "accept")
    serve_copies(uow_as(supervisor), complaint)
    deciding = uow_as(supervisor)
    decide_complaint(deciding, complaint, "经查，业绩合同真实。", ground=DismissalGround.NOT_PROVEN)
    deciding.commit()
    notice = notice_of(uow, tender, NoticeKind.COMPLAINT)
    assert publish_complaint(uow, complaint) is None
    page = client.page(f"/announcements/{notice.id}").get_text()
    for words in ("投诉处理结果公告", "经查，业绩合同真实。", complaint.organisation.name, "驳回投诉"):
        assert words in page
    assert notice.record["issuer"] == supervisor.memberships[0].organisation.name
    officer = uow_as(tender.drafted_by)
    with pytest.raises(Forbidden):
        register_external(officer, notice, "https://zfcg.example/12", officer.now)
    with app.test_request_context():
        assert [task.subject for task in notice_tasks(uow_as(supervisor))] == [notice.title]
        assert notice.title not in [task.subject for task in notice_tasks(officer)]
    register_external(uow_as(supervisor), notice, "https://zfcg.example/12", uow_as(supervisor).now)
    with app.test_request_context():
        assert list(notice_tasks(uow_as(supervisor))) == []


def test_a_purchases_page_says_which_notices_wait_for_their_address(app, uow, uow_as, client_as, purchase):
    with app.test_request_context():
        (part,) = notice_part(uow_as(purchase.officer), purchase.tender)
    assert "1 份尚未登记" in str(part.note)
    page = client_as(purchase.officer).page(f"/tenders/{purchase.tender.id}/announcements")
    assert page.select("table a")
    stranger = client_as(make_user(uow, Role.EXPERT))
    assert stranger.get(f"/tenders/{purchase.tender.id}/announcements").status_code == 404


def test_the_task_to_register_goes_away_once_done(app, uow, uow_as, purchase):
    TENDER.fire(uow_as(purchase.approver), purchase.tender, "cancel", reason="资金调整")
    officer = uow_as(purchase.officer)
    with app.test_request_context():
        assert [task.rule_id for task in notice_tasks(officer)] == ["R-NOTICE-01"]
    notice = notice_of(uow, purchase.tender, NoticeKind.TERMINATION)
    register_external(officer, notice, "https://zfcg.example/3", officer.now)
    with app.test_request_context():
        assert list(notice_tasks(officer)) == []


def test_the_list_is_narrowed_by_every_filter(uow, uow_as, client, purchase):
    other = published_tender(uow, title="养老服务绩效评价")
    publish(uow, other.tender)
    TENDER.fire(uow_as(other.approver), other.tender, "cancel", reason="资金调整")

    def titles(query: str) -> str:
        return " ".join(one.get_text() for one in client.page(f"/notices?{query}").select("tbody a"))

    year = other.tender.published_at.astimezone(SHANGHAI).year
    assert "终止公告" in titles("kind=termination")
    assert "社区卫生" not in titles("kind=termination")
    assert "养老服务" not in titles("state=open")
    assert "养老服务" in titles("state=ended")
    assert "养老服务" in titles("q=养老")
    assert titles(f"year={year - 1}") == ""
    assert "养老服务" in titles(f"year={year}&method={Method.OPEN_TENDER.value}")
    assert titles(f"method={Method.SINGLE_SOURCE.value}") == ""
    assert "社区卫生" in titles(f"purchaser={purchase.tender.purchaser_id}")
    assert titles("purchaser=nonsense") == ""
    assert "养老服务" in titles("kind=nonsense&state=nonsense&year=nonsense")


def test_the_list_takes_a_constant_number_of_queries(uow, client, count_queries, purchase):
    def counted() -> int:
        with count_queries() as statements:
            client.get("/notices")
        return len(statements)

    few = counted()
    for _number in range(4):
        publish(uow, published_tender(uow).tender)
    assert counted() == few


def feed_of(client, query: str = ""):
    answer = client.get(f"/feeds/notices.atom{query}")
    assert answer.content_type.startswith("application/atom+xml")
    return answer, ET.fromstring(answer.get_data())


def test_the_feed_is_valid_atom_with_stable_ids_and_absolute_links(uow, uow_as, client, clock, purchase):
    answer, feed = feed_of(client)
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"a:{name}", ATOM) is not None
    assert {link.get("rel") for link in feed.findall("a:link", ATOM)} == {"self", "alternate"}
    (entry,) = feed.findall("a:entry", ATOM)
    notice = notice_of(uow, purchase.tender)
    assert entry.findtext("a:id", None, ATOM) == f"urn:uuid:{notice.id}"
    assert entry.findtext("a:title", None, ATOM) == notice.title
    assert purchase.tender.number in entry.findtext("a:content", None, ATOM)
    base = uow.house.settings.public_address
    for link in feed.iter("{http://www.w3.org/2005/Atom}link"):
        assert link.get("href").startswith(base)
        parts = urlsplit(link.get("href"))
        assert client.get(f"{parts.path}?{parts.query}").status_code == 200
    assert client.get("/feeds/notices.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304

    clock.advance(hours=1)
    officer = uow_as(purchase.officer)
    register_external(officer, notice_of(uow, purchase.tender), "https://zfcg.example/1", officer.now)
    _answer, later = feed_of(client)
    (changed,) = later.findall("a:entry", ATOM)
    assert changed.findtext("a:id", None, ATOM) == entry.findtext("a:id", None, ATOM)
    assert changed.findtext("a:updated", None, ATOM) > entry.findtext("a:updated", None, ATOM)
    assert changed.findtext("a:published", None, ATOM) == entry.findtext("a:published", None, ATOM)


def test_the_feed_takes_the_lists_filters_and_is_valid_when_empty(client, purchase):
    assert purchase
    _answer, feed = feed_of(client, "?kind=result")
    assert feed.findall("a:entry", ATOM) == []
    assert feed.findtext("a:updated", None, ATOM)
    assert "kind=result" in feed.findtext("a:id", None, ATOM)
    _answer, feed = feed_of(client, "?kind=tender&method=open-tender")
    assert len(feed.findall("a:entry", ATOM)) == 1


def test_pages_name_their_feeds(client, purchase):
    assert purchase
    for path in ("/notices", "/award-notices", "/ocds", f"/notices/{purchase.tender.id}"):
        found = client.page(path).select('link[rel="alternate"][type="application/atom+xml"]')
        assert found
        assert client.get(found[0]["href"]).status_code == 200


def test_robots_read_what_is_public_alone(uow, client, purchase):
    robots = client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /\n" in robots
    assert "Allow: /notices" in robots
    tree = ET.fromstring(client.get("/sitemap.xml").get_data())
    addresses = [one.text for one in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{uow.house.settings.public_address}/announcements/{notice_of(uow, purchase.tender).id}" in addresses
    assert len(addresses) == len(set(addresses))
    for address in addresses:
        assert client.get(urlsplit(address).path or "/").status_code in (200, 302)


def test_the_intention_has_a_notice_of_its_own(uow, uow_as, client):
    purchase = published_tender(uow)
    officer = uow_as(purchase.officer)
    intention = officer.add(
        Intention(
            purchaser_id=purchase.tender.purchaser_id,
            plan_item_id=None,
            tender_id=purchase.tender.id,
            title="养老服务绩效评价",
            need="评价三个养老项目",
            budget=Decimal(180000),
            starts_on=date(2026, 12, 1),
            published_at=officer.now,
            published_by_id=purchase.officer.id,
        )
    )
    officer.session.flush()
    officer.record("purchase_intention.publish", intention)
    officer.commit()
    notice = uow.session.scalar(select(PublicNotice).where(PublicNotice.kind == NoticeKind.INTENTION))
    assert "评价三个养老项目" in client.get(f"/announcements/{notice.id}/notice.txt").get_data(as_text=True)
    publish(uow, purchase.tender)
    assert len(uow.session.scalars(select(PublicNotice)).all()) == 2
