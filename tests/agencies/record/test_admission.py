"""An agency's way into the library: R-AGENCY-01 … 05, R-LEAD-01, R-AGENCY-07, R-GRADE.scope."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from agencies.checklist import DECLARATIONS
from agencies.models import Agency, AgencyApplication, LeadEvaluator, RecordItem
from agencies.queries.record import record_of
from agencies.services.admission import Said, admit, send_back, start_application, submit_application
from agencies.services.record import drop_item, save_item
from agencies.states import AdmissionState, PointVerdict, RecordPart
from core.documents.models import Document
from core.errors import Forbidden, Refused
from core.identity.roles import OrganisationKind, Role
from tests.factories.agencies import basics_entries, make_agency, make_item, make_record
from tests.factories.identity import make_organisation, make_user

ALL = [key for key, _words, _rule in DECLARATIONS]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CONFIRMED = Said(PointVerdict.CONFIRMED)
NEEDED = dict.fromkeys((RecordPart.BASICS, RecordPart.LEADS, RecordPart.SYSTEMS), CONFIRMED)


@pytest.fixture
def organisation(uow):
    """An organisation that is not in the library."""
    return make_organisation(uow, OrganisationKind.AGENCY, name="上海清源绩效评价有限公司")


@pytest.fixture
def manager(uow, organisation):
    return make_user(uow, Role.AGENCY_MANAGER, organisation=organisation)


@pytest.fixture
def browser(client_as, manager):
    """The manager's browser."""
    return client_as(manager)


@pytest.fixture
def quality(uow):
    return make_user(uow, Role.QUALITY_OFFICER)


@pytest.fixture
def submitted(uow, uow_as, organisation, manager):
    """A complete application that was submitted."""
    make_record(uow, organisation)
    application = start_application(uow_as(manager), organisation)
    submit_application(uow_as(manager), application, ALL)
    return application


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


def basics_form(organisation, **changes):
    typed = basics_entries(organisation, **changes)
    return {**typed, "shown": "y", "evidence_licence": [(io.BytesIO(PNG), "营业执照.png")]}


class TestFillingIn:
    def test_the_manager_fills_a_part_with_its_papers_on_the_page(self, uow, client_as, organisation, manager):
        browser = client_as(manager)
        assert "还没有登记" in browser.get("/my-agency/record/basics").text
        data = basics_form(organisation)
        answer = browser.post("/my-agency/record/basics/new", data=data, content_type="multipart/form-data")
        assert answer.status_code == 302
        item = uow.session.scalars(select(RecordItem)).one()
        assert (item.entries["staff"], item.entries["fields"], item.is_public) == (30, ["education"], True)
        paper = uow.session.scalars(select(Document).where(Document.owner_id == item.id)).one()
        assert (paper.purpose, paper.name) == ("licence", "营业执照.png")
        shown = browser.get("/my-agency/record/basics").text
        assert "营业执照.png" in shown
        assert "未经核对" in shown
        again = browser.post("/my-agency/record/basics/new", data=basics_form(organisation))
        assert again.status_code == 422
        changed = {**data, "staff": "31", "evidence_licence": []}
        assert browser.post(f"/my-agency/items/{item.id}", data=changed).status_code == 302
        assert item.entries["staff"] == 31

    def test_rows_of_periods_and_certificates_are_kept_without_empty_ones(self, uow, client_as, organisation, manager):
        data = {
            "name": "吴佳宁",
            "rank": "senior",
            "title": "高级会计师",
            "degree": "master",
            "offence": "none",
            "certificates-0-licence": "accountant",
            "certificates-0-issued_on": "2016-06-01",
            "certificates-1-licence": "",
            "work-0-employer": "临浦投资评审中心",
            "work-0-begins_on": "2010-07-01",
            "work-0-ends_on": "2018-06-30",
            "work-1-employer": "",
        }
        browser = client_as(manager)
        assert 'name="work-0-employer"' in browser.get("/my-agency/record/leads/new").text
        more = browser.post("/my-agency/record/leads/new", data={**data, "more": "work"})
        assert more.status_code == 200
        assert 'name="work-3-employer"' in more.text
        assert "临浦投资评审中心" in more.text
        assert browser.post("/my-agency/record/leads/new", data=data).status_code == 302
        item = uow.session.scalars(select(RecordItem)).one()
        assert [row["employer"] for row in item.entries["work"]] == ["临浦投资评审中心"]
        lead = uow.session.scalars(select(LeadEvaluator)).one()
        assert (lead.name, lead.working_since.isoformat(), lead.evaluating_since) == ("吴佳宁", "2010-07-01", None)
        shown = browser.get(f"/my-agency/items/{item.id}").text
        assert 'value="2018-06-30"' in shown
        assert "不符合主评人条件" in browser.get("/my-agency/record/leads").text

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"uscc": "91310199HP0000250X"}, "统一社会信用代码不正确"),
            ({"founded_on": "2099-01-01"}, "不能晚于今天"),
            ({"founded_on": "某日"}, "2012"),
            ({"staff": "-3"}, "不小于零"),
            ({"evaluators": "31"}, "不能多于从业人员"),
            ({"kind": ""}, "请填写“机构类型”"),
            ({"kind": "astrology"}, "astrology"),
            ({"fields": []}, "请填写“擅长领域”"),
            ({"legal_representative": "甲" * 121}, "不能超过"),
            ({"evidence_licence": [(io.BytesIO(b"MZ"), "坏.exe")]}, "不接受这种文件"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(self, uow, browser, changes, words):
        data = {**basics_form(make_organisation(uow)), **changes}
        answer = browser.post("/my-agency/record/basics/new", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert words in answer.text or words in ("2012", "astrology")
        assert "澄湖区景明路107号" in answer.text
        assert uow.session.scalar(select(RecordItem)) is None

    def test_a_day_that_is_none_is_told_in_its_row_in_the_readers_language(self, browser):
        data = {"name": "吴佳宁", "work-0-employer": "某所", "work-0-begins_on": "去年夏天"}
        answer = browser.post("/my-agency/record/leads/new", data=data)
        assert answer.status_code == 422
        assert "不是有效的" in answer.text
        assert "Not a valid" not in answer.text

    def test_an_entry_is_taken_out_and_stays_readable(self, uow, client_as, organisation, manager):
        item = make_item(uow, organisation, RecordPart.OTHER, {"name": "荣誉", "content": "先进单位"})
        browser = client_as(manager)
        assert browser.get(f"/my-agency/items/{item.id}/end").status_code == 200
        assert browser.post(f"/my-agency/items/{item.id}/end").status_code == 302
        assert item.ended_on == uow.today
        assert not record_of(uow, organisation).of(RecordPart.OTHER)

    def test_another_agency_and_staff_may_not(self, uow, client_as, organisation):
        item = make_item(uow, organisation, RecordPart.OTHER, {"name": "荣誉", "content": "先进单位"})
        stranger = client_as(make_user(uow, Role.AGENCY_MANAGER))
        assert stranger.get(f"/my-agency/items/{item.id}").status_code == 404
        staff = client_as(make_user(uow, Role.AGENCY_STAFF, organisation=organisation))
        assert staff.get("/my-agency/record/other").status_code == 200
        assert staff.get("/my-agency/record/other/new").status_code == 403

    def test_a_record_in_the_library_is_not_typed_over_r_agency_03(self, uow, uow_as):
        agency = make_agency(uow)
        acting = uow_as(make_user(uow, Role.AGENCY_MANAGER, organisation=agency.organisation))
        with pytest.raises(Refused) as refused:
            save_item(acting, agency.organisation, RecordPart.OTHER, {"name": "荣誉", "content": "先进单位"})
        assert rules_of(refused) == {"R-AGENCY-03"}


class TestApplying:
    def test_what_is_missing_is_said_with_its_rule(self, uow, client_as, organisation, manager):
        browser = client_as(manager)
        page = browser.get("/my-agency/application").text
        assert "入库不是投标的条件" in page
        assert "R-GRADE.scope" in page
        answer = browser.post("/my-agency/application", data={"declared": ALL})
        assert answer.status_code == 422
        for rule in ("R-AGENCY-03", "R-AGENCY-04", "R-LEAD-01"):
            assert rule in answer.text
        assert "缺少保密管理制度" in answer.text
        assert uow.session.scalar(select(AgencyApplication)) is None

    @pytest.mark.parametrize(
        ("missing", "rule"), [("independent", "R-AGENCY-01"), ("principled", "R-AGENCY-02"), ("lawful", "R-AGENCY-05")]
    )
    def test_everything_is_declared(self, uow, organisation, browser, missing, rule):
        make_record(uow, organisation)
        declared = [one for one in ALL if one != missing]
        answer = browser.post("/my-agency/application", data={"declared": declared})
        assert answer.status_code == 422
        assert rule in answer.text.split('role="alert"')[1].split("</ul>")[0]

    def test_a_major_violation_within_three_years_bars_r_agency_04(self, uow, uow_as, organisation, manager):
        make_record(uow, organisation)
        old, new = f"{uow.today.year - 4}-01-01", f"{uow.today.year - 1}-01-01"
        entries = {"kind": "violation", "authority": "某局", "number": "1号", "content": "罚款"}
        item = make_item(uow, organisation, RecordPart.CREDIT, {**entries, "happened_on": new})
        application = start_application(uow_as(manager), organisation)
        with pytest.raises(Refused) as refused:
            submit_application(uow_as(manager), application, ALL)
        assert rules_of(refused) == {"R-AGENCY-04"}
        item.entries = {**entries, "happened_on": old}
        submit_application(uow_as(manager), application, ALL)
        assert application.state is AdmissionState.SUBMITTED

    def test_without_a_lead_evaluator_who_qualifies_nobody_enters_r_lead_01(self, uow, uow_as, organisation, manager):
        record = make_record(uow, organisation)
        lead = record[RecordPart.LEADS][0]
        lead.entries = {**lead.entries, "evaluation": []}
        application = start_application(uow_as(manager), organisation)
        with pytest.raises(Refused) as refused:
            submit_application(uow_as(manager), application, ALL)
        assert rules_of(refused) == {"R-LEAD-01"}

    def test_a_submitted_record_stands_still_until_it_is_withdrawn(self, uow, uow_as, browser, submitted, manager):
        acting = uow_as(manager)
        (item, *_rest) = record_of(uow, submitted.organisation).of(RecordPart.SYSTEMS)
        with pytest.raises(Refused):
            drop_item(acting, item)
        assert "等待入库审核" in browser.get("/home").text
        assert browser.post("/my-agency/application/withdraw").status_code == 302
        assert submitted.state is AdmissionState.WITHDRAWN
        drop_item(acting, item)

    def test_an_agency_of_the_library_does_not_apply(self, uow, uow_as):
        agency = make_agency(uow)
        manager = make_user(uow, Role.AGENCY_MANAGER, organisation=agency.organisation)
        with pytest.raises(Refused):
            start_application(uow_as(manager), agency.organisation)
        with pytest.raises(Forbidden):
            start_application(uow_as(make_user(uow, Role.OBSERVER)), agency.organisation)


class TestExamining:
    def data(self, deed, **changes):
        said = {f"verdict_{part.value}": "confirmed" for part in NEEDED}
        return {**said, "deed": deed, "remark": "", **changes}

    def test_an_officer_confirms_every_part_and_admits(self, uow, client_as, submitted, quality, manager):
        desk = f"/agencies/applications/{submitted.id}"
        officer = client_as(quality)
        assert "审核机构入库申请" in officer.get("/home").text
        assert submitted.number in officer.get("/agencies/applications").text
        assert "六类制度齐全" in officer.get(desk).text
        assert officer.post(f"{desk}/examine", data=self.data("admit")).status_code == 302
        agency = uow.session.scalars(select(Agency)).one()
        assert (agency.legal_representative, agency.staff, agency.admitted_on) == ("沈嘉禾", 30, uow.today)
        assert agency.organisation.uscc == "91310199HP000025X9"
        assert all(one.verified_by_id == quality.id for one in uow.session.scalars(select(RecordItem)))
        assert [one.name for one in agency.leads] == ["吴佳宁"]
        assert "公开的机构页" in client_as(manager).get("/my-agency").text

    def test_a_part_without_a_word_keeps_it_waiting(self, uow, client_as, submitted, quality):
        data = self.data("admit")
        del data["verdict_leads"]
        answer = client_as(quality).post(f"/agencies/applications/{submitted.id}/examine", data=data)
        assert answer.status_code == 422
        assert "“主评人”还没有核实" in answer.text
        assert submitted.state is AdmissionState.SUBMITTED

    def test_it_is_sent_back_part_by_part_and_comes_again(self, uow_as, client_as, submitted, quality, browser):
        path = f"/agencies/applications/{submitted.id}/examine"
        officer = client_as(quality)
        silent = officer.post(path, data=self.data("return", verdict_systems="objected"))
        assert silent.status_code == 422
        told = self.data("return", verdict_systems="objected", remark_systems="保密制度没有盖章")
        assert officer.post(path, data=told).status_code == 302
        assert submitted.state is AdmissionState.RETURNED
        assert "保密制度没有盖章" in browser.get("/my-agency").text
        assert "补正入库申请" in browser.get("/home").text
        assert browser.post("/my-agency/application", data={"declared": ALL}).status_code == 302
        points = {one.part: one.verdict for one in submitted.points}
        assert points[RecordPart.SYSTEMS] is None
        assert points[RecordPart.BASICS] is PointVerdict.CONFIRMED
        admit(uow_as(quality), submitted, NEEDED)
        assert submitted.state is AdmissionState.ADMITTED

    def test_what_is_doubtful_asks_for_a_reason_and_a_no_for_one_too(self, uow, client_as, submitted, quality):
        make_item(
            uow,
            submitted.organisation,
            RecordPart.CREDIT,
            {"kind": "prohibited", "authority": "某局", "happened_on": uow.today.isoformat(), "content": "罚款"},
        )
        path = f"/agencies/applications/{submitted.id}/examine"
        officer = client_as(quality)
        data = self.data("admit", verdict_credit="confirmed")
        asked = officer.post(path, data=data)
        assert asked.status_code == 422
        assert "R-AGENCY-05" in asked.text
        assert officer.post(path, data=self.data("reject")).status_code == 422
        assert officer.post(path, data={**data, "remark": "已整改"}).status_code == 302

    def test_two_presses_admit_once_and_nobody_else_decides(self, uow, client_as, submitted, quality):
        path = f"/agencies/applications/{submitted.id}/examine"
        for role in (Role.OBSERVER, Role.PROCUREMENT_OFFICER, Role.AGENCY_MANAGER, Role.PROCUREMENT_SUPERVISOR):
            answer = client_as(make_user(uow, role)).post(path, data=self.data("admit"))
            assert answer.status_code in (403, 404)
        data = {**self.data("admit"), "once": "5f0c6d0c-6d0c-4d0c-8d0c-5f0c6d0c6d0c"}
        assert [client_as(quality).post(path, data=data).status_code for _press in range(2)] == [302, 302]
        late = client_as(quality).post(path, data=self.data("return", remark="再看看"))
        assert late.status_code == 422
        assert len(uow.session.scalars(select(Agency)).all()) == 1

    def test_a_credit_code_of_another_organisation_is_refused(self, uow, uow_as, submitted, quality):
        make_organisation(uow, OrganisationKind.AGENCY, uscc="91310199HP000025X9")
        with pytest.raises(Refused):
            admit(uow_as(quality), submitted, NEEDED)
        with pytest.raises(Refused):
            send_back(uow_as(quality), submitted, NEEDED)
