"""Changes of a record in the library: R-AGENCY-03 (30 working days), R-AGENCY.confirm."""

from __future__ import annotations

import dataclasses
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from agencies.models import LeadEvaluator, RecordChange, RecordItem
from agencies.queries.record import record_of
from agencies.services.changes import Report, note_change, question_change, report_change, verify_change
from agencies.services.duties import confirm_record, confirmation_due, ran_out_unreported, to_report
from agencies.states import ChangeDeed, RecordChangeState, RecordPart
from agencies.updating import days_late, months_later
from core.documents.accept import Upload, documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.work_calendar import work_calendar
from core.workdays import WorkCalendar
from tests.factories.agencies import basics_entries, make_agency, make_item, make_library_agency
from tests.factories.identity import make_organisation, make_user

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
CALENDAR = WorkCalendar({})


@pytest.fixture
def agency(uow):
    """An agency whose whole record is in force."""
    return make_library_agency(uow)


@pytest.fixture
def manager(uow, agency):
    return make_user(uow, Role.AGENCY_MANAGER, organisation=agency.organisation)


@pytest.fixture
def acting(uow_as, manager):
    """The manager's unit of work."""
    return uow_as(manager)


@pytest.fixture
def quality(uow):
    return make_user(uow, Role.QUALITY_OFFICER)


def basics_of(uow, agency) -> RecordItem:
    return record_of(uow, agency.organisation).basics


def moved(uow, agency, *, ago: int = 5, **changes) -> Report:
    """The report of a new address."""
    item = basics_of(uow, agency)
    typed = {**item.entries, "address": "澄湖区望江路9号", **changes}
    return Report(
        RecordPart.BASICS, ChangeDeed.CHANGE, uow.today - timedelta(days=ago), typed, item=item, is_public=True
    )


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


class TestReckoning:
    @given(DAYS, st.integers(-40, 60))
    def test_lateness_counts_working_days_after_the_last_one(self, last, after):
        reported = last + timedelta(days=after)
        late = days_late(last, reported, CALENDAR)
        assert (late > 0) is (reported > last)
        assert late <= max(0, after)
        assert days_late(last, reported + timedelta(days=1), CALENDAR) >= late

    def test_a_report_on_the_weekend_after_is_one_day_late(self):
        assert days_late(date(2026, 11, 20), date(2026, 11, 22), CALENDAR) == 1
        assert days_late(date(2026, 11, 20), date(2026, 11, 24), CALENDAR) == 2

    @given(DAYS, st.integers(0, 40))
    def test_months_later_stays_in_its_month(self, day, months):
        found = months_later(day, months)
        assert (found.year - day.year) * 12 + found.month - day.month == months
        assert found.day <= day.day
        assert (found.day == day.day) or (found + timedelta(days=1)).day == 1


class TestReporting:
    def test_the_old_entry_stands_until_the_bureau_has_checked(self, uow, client_as, agency, manager, quality):
        item = basics_of(uow, agency)
        browser = client_as(manager)
        data = {key: value for key, value in item.entries.items() if value is not None}
        data |= {"address": "澄湖区望江路9号", "happened_on": uow.today.isoformat(), "note": "搬迁", "shown": "y"}
        data["evidence_licence"] = [(io.BytesIO(PNG), "新执照.png")]
        answer = browser.post(f"/my-agency/items/{item.id}", data=data, content_type="multipart/form-data")
        assert answer.status_code == 302
        change = uow.session.scalars(select(RecordChange)).one()
        assert (change.state, change.days_late, change.rule_id) == (RecordChangeState.REPORTED, 0, "R-AGENCY-03")
        assert change.title == "基本情况：注册地址"
        public = client_as(make_user(uow, Role.UNIT_OFFICER)).get(f"/agencies/{agency.id}/record").text
        assert "澄湖区景明路107号" in public
        assert "已申报变化，核对前以下列内容为准" in public
        assert "望江路" not in public
        officer = client_as(quality)
        assert "核对机构申报的变化" in officer.get("/home").text
        desk = f"/agencies/changes/{change.id}"
        shown = officer.get(desk).text
        assert "澄湖区望江路9号" in shown
        assert "新执照.png" in shown
        assert officer.post(f"{desk}/check", data={"deed": "verify", "reason": ""}).status_code == 302
        assert agency.organisation.address == "澄湖区望江路9号"
        assert change.replaced["address"] == "澄湖区景明路107号"
        assert {one.name for one in documents_of(uow, item, "licence")} == {"证明.pdf", "新执照.png"}
        shown = client_as(manager).get(f"/agencies/{agency.id}/record").text
        assert "澄湖区望江路9号" in shown
        assert "历次变化 1 次" in shown
        public = client_as(make_user(uow, Role.UNIT_OFFICER)).get(f"/agencies/{agency.id}/record").text
        assert "历次变化" not in public

    def test_a_late_report_is_taken_and_marked_with_its_days(self, uow, uow_as, agency, manager):
        change = report_change(uow_as(manager), agency.organisation, moved(uow, agency, ago=90))
        assert change.due_on == work_calendar(uow).add_working_days(change.happened_on, 30).date
        assert change.days_late == work_calendar(uow).working_days_between(change.due_on, uow.today)
        assert change.days_late > 0

    def test_an_entry_is_added_and_ended_and_its_lead_with_it(self, uow, uow_as, agency, manager, quality):
        (item,) = record_of(uow, agency.organisation).of(RecordPart.LEADS)
        added = Report(RecordPart.LEADS, ChangeDeed.ADD, uow.today, {**item.entries, "name": "罗志远"}, is_public=True)
        with pytest.raises(Refused) as refused:
            report_change(uow_as(manager), agency.organisation, added)
        assert {one.field for one in refused.value.refusals} == {"evidence_certificate", "evidence_degree"}
        papers = {one: [Upload(io.BytesIO(PNG), filename=f"{one}.png")] for one in ("certificate", "degree")}
        change = report_change(uow_as(manager), agency.organisation, dataclasses.replace(added, files=papers))
        assert len(agency.leads) == 1
        verify_change(uow_as(quality), change)
        uow.session.expire(agency, ["leads"])
        assert {one.name for one in agency.leads} == {"吴佳宁", "罗志远"}
        ended = Report(RecordPart.LEADS, ChangeDeed.END, uow.today, {}, item=item, note="离职")
        verify_change(uow_as(quality), report_change(uow_as(manager), agency.organisation, ended))
        uow.session.expire(agency, ["leads"])
        assert [one.name for one in agency.leads] == ["罗志远"]
        assert (item.ended_on, item.end_reason) == (uow.today, "离职")
        former = uow.session.scalars(select(LeadEvaluator).where(LeadEvaluator.item_id == item.id)).one()
        assert former.ended_on == uow.today

    def test_an_agency_that_came_in_by_import_reports_its_first_part(self, uow, uow_as, quality):
        imported = make_agency(uow)
        organisation = imported.organisation
        acting = uow_as(make_user(uow, Role.AGENCY_MANAGER, organisation=organisation))
        typed = basics_entries(organisation, legal_representative="温如玉")
        papers = {"licence": [Upload(io.BytesIO(PNG), filename="执照.png")]}
        first = Report(RecordPart.BASICS, ChangeDeed.ADD, uow.today, typed, is_public=True, files=papers)
        verify_change(uow_as(quality), report_change(acting, organisation, first))
        assert imported.legal_representative == "温如玉"
        again = dataclasses.replace(first, files={"licence": [Upload(io.BytesIO(PNG), filename="执照.png")]})
        with pytest.raises(Refused):
            report_change(acting, organisation, again)

    def test_what_was_asked_about_is_reported_again_and_keeps_its_first_day(
        self, uow, uow_as, client_as, agency, manager
    ):
        quality = make_user(uow, Role.QUALITY_OFFICER)
        change = report_change(uow_as(manager), agency.organisation, moved(uow, agency))
        with pytest.raises(Refused):
            question_change(uow_as(quality), change, " ")
        question_change(uow_as(quality), change, "请附租赁合同")
        browser = client_as(manager)
        assert "说明申报的变化" in browser.get("/home").text
        page = browser.get(f"/my-agency/items/{change.item_id}?change={change.id}").text
        assert "请附租赁合同" in page
        assert "澄湖区望江路9号" in page
        first = change.reported_at
        report_change(uow_as(manager), agency.organisation, moved(uow, agency, ago=90), noted=change)
        assert (change.state, change.reported_at, change.days_late) == (RecordChangeState.REPORTED, first, 0)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"address": "澄湖区景明路107号"}, "没有与登记不同的内容"),
            ({"uscc": "91310199HP000026XA"}, "另一家单位已经登记"),
            ({"staff": -1}, "不小于零"),
        ],
    )
    def test_what_is_wrong_is_refused(self, uow, acting, agency, changes, words):
        make_organisation(uow, uscc="91310199HP000026XA")
        with pytest.raises(Refused) as refused:
            report_change(acting, agency.organisation, moved(uow, agency, **changes))
        assert any(words in str(one.reason) for one in refused.value.refusals)
        assert uow.session.scalar(select(RecordChange)) is None

    def test_one_report_at_a_time_none_ahead_and_the_first_part_never_ends(self, uow, uow_as, agency, manager):
        acting = uow_as(manager)
        with pytest.raises(Refused):
            report_change(acting, agency.organisation, moved(uow, agency, ago=-1))
        report_change(acting, agency.organisation, moved(uow, agency))
        with pytest.raises(Refused) as refused:
            report_change(acting, agency.organisation, moved(uow, agency, telephone="021-1"))
        assert rules_of(refused) == {"R-AGENCY-03"}
        ends = Report(RecordPart.BASICS, ChangeDeed.END, uow.today, {}, item=basics_of(uow, agency))
        with pytest.raises(Refused):
            report_change(acting, agency.organisation, ends)

    def test_nobody_else_reports_or_checks(self, uow, uow_as, client_as, agency, manager):
        change = report_change(uow_as(manager), agency.organisation, moved(uow, agency))
        path = f"/agencies/changes/{change.id}"
        for role in (Role.OBSERVER, Role.PROCUREMENT_OFFICER, Role.PROCUREMENT_SUPERVISOR):
            assert client_as(make_user(uow, role)).post(f"{path}/check", data={"deed": "verify"}).status_code == 403
        assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(path).status_code == 404
        with pytest.raises(Forbidden):
            verify_change(uow_as(manager), change)

    def test_two_presses_verify_once(self, uow, uow_as, client_as, agency, manager):
        change = report_change(uow_as(manager), agency.organisation, moved(uow, agency))
        officer = client_as(make_user(uow, Role.QUALITY_OFFICER))
        data = {"deed": "verify", "once": "5f0c6d0c-6d0c-4d0c-8d0c-5f0c6d0c6d0c"}
        path = f"/agencies/changes/{change.id}/check"
        assert [officer.post(path, data=data).status_code for _press in range(2)] == [302, 302]
        assert officer.post(path, data={"deed": "question", "reason": "再看"}).status_code == 422


class TestDuties:
    def test_a_noted_change_is_a_task_with_its_last_day_and_is_fulfilled_by_the_report(
        self, uow, uow_as, client_as, agency, manager
    ):
        browser = client_as(manager)
        data = {"kind": "basics", "title": "注册地址变更", "happened_on": uow.today.isoformat()}
        assert browser.post("/my-agency/changes/new", data=data).status_code == 302
        change = uow.session.scalars(select(RecordChange)).one()
        assert "申报登记信息的变化" in browser.get("/home").text
        assert change.title in browser.get(f"/agencies/changes/{change.id}").text
        report_change(uow_as(manager), agency.organisation, moved(uow, agency), noted=change)
        assert change.state is RecordChangeState.REPORTED
        assert to_report(uow, agency) == []

    def test_the_bureau_demands_a_report_and_the_agency_may_say_that_nothing_changed(
        self, uow, client_as, agency, manager
    ):
        officer = client_as(make_user(uow, Role.QUALITY_OFFICER))
        data = {"kind": "basics", "title": "公示地址已变更", "happened_on": uow.today.isoformat()}
        assert officer.post(f"/agencies/{agency.id}/record/demand", data=data).status_code == 302
        change = uow.session.scalars(select(RecordChange)).one()
        assert change.is_demanded
        browser = client_as(manager)
        assert "财政局要求申报" in browser.get("/my-agency").text
        path = f"/agencies/changes/{change.id}/withdraw"
        assert browser.post(path, data={"end-reason": ""}).status_code == 422
        assert officer.post(path, data={"end-reason": "误会"}).status_code == 403
        assert browser.post(path, data={"end-reason": "地址没有变更，系旧照"}).status_code == 302
        assert change.state is RecordChangeState.WITHDRAWN

    def test_a_certificate_that_ran_out_is_a_duty_from_its_last_day(self, uow, uow_as, client_as, agency, manager):
        (item,) = record_of(uow, agency.organisation).of(RecordPart.LEADS)
        ended = uow.today - timedelta(days=10)
        (one,) = item.entries["certificates"]
        item.entries = {**item.entries, "certificates": [{**one, "expires_on": ended.isoformat()}]}
        (duty,) = ran_out_unreported(uow, agency)
        assert (duty.ended_on, duty.due_on) == (ended, work_calendar(uow).add_working_days(ended, 30).date)
        assert "更新到期的证书或者合同" in client_as(manager).get("/home").text
        assert "未更新" in client_as(make_user(uow, Role.QUALITY_OFFICER)).get(f"/agencies/{agency.id}/record").text
        typed = {**item.entries, "certificates": [{**one, "expires_on": None}]}
        report = Report(RecordPart.LEADS, ChangeDeed.CHANGE, ended, typed, item=item, is_public=True)
        report_change(uow_as(manager), agency.organisation, report)
        assert ran_out_unreported(uow, agency) == []

    def test_once_a_year_the_manager_confirms_r_agency_confirm(self, uow, uow_as, client_as, agency, manager):
        assert confirmation_due(uow, agency) == months_later(agency.admitted_on, 12)
        noted = note_change(
            uow_as(manager), agency.organisation, part=RecordPart.BASICS, title="更名", happened_on=uow.today
        )
        browser = client_as(manager)
        refused = browser.post("/my-agency/confirm")
        assert refused.status_code == 422
        assert "“更名”还没有申报" in refused.text
        report_change(uow_as(manager), agency.organisation, moved(uow, agency), noted=noted)
        assert browser.post("/my-agency/confirm").status_code == 302
        assert confirmation_due(uow, agency) == months_later(uow.today, 12)
        with pytest.raises(Refused) as again:
            confirm_record(uow_as(manager), agency)
        assert rules_of(again) == {"R-AGENCY.confirm"}
        with pytest.raises(Forbidden):
            confirm_record(uow_as(make_user(uow, Role.AGENCY_MANAGER)), agency)

    def test_an_organisation_outside_the_library_owes_nothing(self, uow, uow_as):
        outside = make_organisation(uow)
        acting = uow_as(make_user(uow, Role.AGENCY_MANAGER, organisation=outside))
        with pytest.raises(Refused):
            note_change(acting, outside, part=RecordPart.BASICS, title="搬迁", happened_on=uow.today)


class TestThePublic:
    def test_sees_what_was_opened_and_checked_and_no_papers(self, uow, client, client_as, agency):
        make_item(uow, agency.organisation, RecordPart.OTHER, {"name": "未核对", "content": "甲"})
        make_item(
            uow,
            agency.organisation,
            RecordPart.OTHER,
            {"name": "不公开", "content": "乙"},
            is_public=False,
            verified_at=uow.now,
        )
        page = client.get(f"/agencies/{agency.id}/record").text
        assert "沈嘉禾" in page
        assert "13900002031" not in page
        other = client.get(f"/agencies/{agency.id}/record?part=other").text
        assert "未核对" not in other
        assert "不公开" not in other.split("<main")[1].replace("机构选择公开", "")
        paper = documents_of(uow, basics_of(uow, agency))[0]
        assert client_as(make_user(uow, Role.UNIT_OFFICER)).get(f"/documents/{paper.id}").status_code == 404
        assert client_as(make_user(uow, Role.OBSERVER)).get(f"/documents/{paper.id}").status_code == 200
        assert "证明.pdf" in client_as(make_user(uow, Role.OBSERVER)).get(f"/agencies/{agency.id}/record").text

    def test_lists_take_as_many_queries_however_long(self, uow, uow_as, client_as, count_queries):
        def report_some(count: int) -> int:
            for _number in range(count):
                agency = make_library_agency(uow)
                acting = uow_as(make_user(uow, Role.AGENCY_MANAGER, organisation=agency.organisation))
                note_change(acting, agency.organisation, part=RecordPart.BASICS, title="搬迁", happened_on=uow.today)
            uow.session.flush()
            uow.session.expire_all()
            with count_queries() as queries:
                assert officer.get("/agencies/changes").status_code == 200
            return len(queries)

        officer = client_as(make_user(uow, Role.QUALITY_OFFICER))
        assert report_some(1) == report_some(3)
