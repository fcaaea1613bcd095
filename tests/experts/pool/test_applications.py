"""The three ways into the pool, in the browser: R-EXP-01, R-EXP-02, R-EXP-04, R-EXP-06, R-EXP-08, R-EXP.age."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.identity.roles import OrganisationKind, Role
from core.notifications.models import Mail
from experts.admission import DECLARATIONS
from experts.models import Expert, ExpertApplication
from experts.services.leaving import leave_pool
from experts.states import ApplicationState, EntryRoute, ExitKind
from tests.factories.experts import make_expert
from tests.factories.identity import make_organisation, make_user

EMAIL = "candidate@test.example"
PDF = b"\x89PNG\r\n\x1a\n" + bytes(64)


def links(uow, email=EMAIL) -> list[str]:
    bodies = uow.session.scalars(select(Mail.body).where(Mail.to_address == email).order_by(Mail.created_at, Mail.id))
    return [one for body in bodies for one in re.findall(r"(/expert-applications/\S+)", body)]


def typed(uow, **changes):
    return {
        "name": "陆清和",
        "email": EMAIL,
        "employer": "澄湖财经大学",
        "professional_title": "教授",
        "education": "doctor",
        "birth_year": str(uow.today.year - 48),
        "field_since": str(uow.today.year - 22),
        "categories": ["scholar"],
        "industries": ["P"],
        "divisions": ["83"],
        "functions": ["205"],
        "introduction": "主持省级绩效评价课题两项",
        "declared": [key for key, _words, _rule in DECLARATIONS],
        "files": [(io.BytesIO(PDF), "教授证书.png")],
        **changes,
    }


@pytest.fixture
def page(uow, client):
    """The page that an own application's link opens."""
    assert client.post("/expert-applications/new", data={"name": "陆清和", "email": EMAIL}).status_code == 302
    (link,) = links(uow)
    return link


def the_application(uow) -> ExpertApplication:
    return uow.session.scalars(select(ExpertApplication)).one()


class TestACandidate:
    def test_applies_and_is_admitted_with_an_account_and_a_term(self, uow, client, client_as, quality, page):
        assert "填写专家入库申请" in client.get(page).text
        answer = client.post(page, data=typed(uow), content_type="multipart/form-data")
        assert answer.status_code == 302
        assert "已提交" in client.get(page).text
        application = the_application(uow)
        desk = f"/experts/applications/{application.id}"
        officer = client_as(quality)
        shown = officer.get(desk).text
        assert "条件都符合" in shown
        assert "教授证书.png" in shown
        assert officer.post(f"{desk}/decide", data={"deed": "admit", "remark": ""}).status_code == 302
        expert = uow.session.scalars(select(Expert)).one()
        assert (expert.route, expert.user.email, expert.divisions) == (EntryRoute.APPLICATION, EMAIL, ["83"])
        assert expert.appointed_until.year == uow.today.year + 3
        bodies = uow.session.scalars(select(Mail.body).where(Mail.to_address == EMAIL)).all()
        assert any("/account/invitation/" in one for one in bodies)
        assert "已同意入库" in client.get(page).text

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"declared": []}, "R-EXP-02"),
            ({"files": []}, "请附上"),
            ({"files": [(io.BytesIO(b"MZ"), "坏.exe")]}, "不接受这种文件"),
            ({"birth_year": "1950"}, "R-EXP.age"),
            ({"birth_year": "一九八零"}, "不是有效的"),
            ({"introduction": ""}, "请写明主要经历"),
            ({"categories": ["astrology"]}, "astrology"),
        ],
    )
    def test_is_told_what_is_wrong_and_nothing_is_lost(self, uow, client, page, changes, words):
        answer = client.post(page, data=typed(uow, **changes), content_type="multipart/form-data")
        assert answer.status_code == 422
        assert words in answer.text
        assert "澄湖财经大学" in answer.text
        assert the_application(uow).state is ApplicationState.INVITED

    def test_completes_what_was_sent_back_and_may_withdraw(self, uow, client, client_as, quality, page):
        client.post(page, data=typed(uow), content_type="multipart/form-data")
        application = the_application(uow)
        desk = f"/experts/applications/{application.id}/decide"
        assert client_as(quality).post(desk, data={"deed": "return", "remark": ""}).status_code == 422
        assert client_as(quality).post(desk, data={"deed": "return", "remark": "请补学历证书"}).status_code == 302
        assert client.get(page).status_code == 410
        fresh = next(one for one in links(uow) if one != page)
        shown = client.get(fresh).text
        assert "请补学历证书" in shown
        assert "主持省级绩效评价课题两项" in shown
        assert client.post(fresh, data=typed(uow, files=[]), content_type="multipart/form-data").status_code == 302
        assert client.post(f"{fresh}/withdraw").status_code == 302
        assert application.state is ApplicationState.WITHDRAWN
        assert client.post(fresh, data=typed(uow)).status_code == 302
        assert application.state is ApplicationState.WITHDRAWN

    def test_a_link_is_stored_hashed_expires_and_is_kept_private(self, uow, client, page, clock):
        token = page.rsplit("/", 1)[1]
        assert token not in the_application(uow).token_hash
        answer = client.get(page)
        assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
        clock.advance(days=61)
        assert client.get(page).status_code == 410
        assert client.get("/expert-applications/nonsense").status_code == 410

    def test_asking_twice_sends_one_mail_and_tells_nothing_of_the_pool(self, uow, client, page, clock):
        again = client.post("/expert-applications/new", data={"name": "陆清和", "email": EMAIL})
        assert len(links(uow)) == 1
        make_expert(uow, email="known@test.example")
        known = client.post("/expert-applications/new", data={"name": "某", "email": "known@test.example"})
        assert (again.status_code, again.location) == (known.status_code, known.location)
        clock.advance(minutes=11)
        client.post("/expert-applications/new", data={"name": "陆清和", "email": EMAIL})
        assert len(links(uow)) == 2
        assert uow.session.scalar(select(func.count()).select_from(ExpertApplication)) == 1


class TestDeciding:
    def submitted(self, uow, client, page, **changes) -> ExpertApplication:
        assert client.post(page, data=typed(uow, **changes), content_type="multipart/form-data").status_code == 302
        return the_application(uow)

    def test_what_asks_for_a_reason_is_admitted_only_with_one(self, uow, client, client_as, quality, page):
        application = self.submitted(uow, client, page, education="", professional_title="工程师", field_since="2021")
        desk = f"/experts/applications/{application.id}"
        officer = client_as(quality)
        shown = officer.get(desk).text
        assert "R-EXP-04" in shown
        assert "R-EXP-08" in shown
        refused = officer.post(f"{desk}/decide", data={"deed": "admit", "remark": ""})
        assert refused.status_code == 422
        assert uow.session.scalar(select(Expert)) is None
        assert officer.post(f"{desk}/decide", data={"deed": "admit", "remark": "本区急需此专业"}).status_code == 302

    def test_two_presses_admit_once(self, uow, client, client_as, quality, page):
        application = self.submitted(uow, client, page)
        data = {"deed": "admit", "remark": "", "once": "5f0c6d0c-6d0c-4d0c-8d0c-5f0c6d0c6d0c"}
        for _press in range(2):
            answer = client_as(quality).post(f"/experts/applications/{application.id}/decide", data=data)
            assert answer.status_code == 302
        late = client_as(quality).post(f"/experts/applications/{application.id}/decide", data={"deed": "admit"})
        assert late.status_code == 422
        assert uow.session.scalar(select(func.count()).select_from(Expert)) == 1

    def test_who_was_dismissed_for_false_material_never_returns_r_exp_02(self, uow, uow_as, client, quality):
        expert = make_expert(uow, email=EMAIL)
        leave_pool(uow_as(quality), expert, ExitKind.FALSE_MATERIAL, "职称证书系伪造")
        client.post("/expert-applications/new", data={"name": "陆清和", "email": EMAIL})
        answer = client.post(links(uow)[0], data=typed(uow), content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "不得再次入库" in answer.text

    @pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROCUREMENT_OFFICER, Role.AGENCY_MANAGER, Role.EXPERT])
    def test_nobody_else_decides(self, uow, client, client_as, page, role):
        application = self.submitted(uow, client, page)
        browser = client_as(make_user(uow, role))
        answer = browser.post(f"/experts/applications/{application.id}/decide", data={"deed": "admit"})
        assert answer.status_code in (403, 404)
        assert application.state is ApplicationState.SUBMITTED


class TestRecommendingAndInviting:
    def test_a_unit_recommends_and_sees_its_own_only(self, uow, client, client_as, quality):
        bureau = make_organisation(uow, OrganisationKind.BUDGET_UNIT, name="澄湖区教育局")
        own = client_as(make_user(uow, Role.UNIT_OFFICER, organisation=bureau))
        data = {"name": "陆清和", "email": EMAIL, "reason": "多年参与本局项目论证"}
        assert own.post("/experts/applications/new", data=data).status_code == 302
        application = the_application(uow)
        assert (application.route, application.recommended_by_id) == (EntryRoute.RECOMMENDATION, bureau.id)
        assert "陆清和" in own.get("/experts/applications").text
        assert "多年参与本局项目论证" in client_as(quality).get(f"/experts/applications/{application.id}").text
        other = client_as(make_user(uow, Role.UNIT_OFFICER))
        assert "陆清和" not in other.get("/experts/applications").text
        assert other.get(f"/experts/applications/{application.id}").status_code == 404
        again = own.post("/experts/applications/new", data=data)
        assert again.status_code == 422
        assert "已有正在办理的申请" in again.text

    def test_the_bureau_invites(self, uow, client, client_as, quality):
        data = {"name": "陆清和", "email": EMAIL, "reason": "市级预算绩效专家"}
        assert client_as(quality).post("/experts/applications/new", data=data).status_code == 302
        assert the_application(uow).route is EntryRoute.INVITATION
        assert "陆清和" in client.get(links(uow)[0]).text
        make_expert(uow, email="known@test.example")
        known = client_as(quality).post("/experts/applications/new", data={**data, "email": "known@test.example"})
        assert "此人已在专家库中" in known.text
        assert client_as(make_user(uow, Role.OBSERVER)).get("/experts/applications/new").status_code == 403

    def test_the_list_costs_the_same_number_of_queries_however_long(self, uow, client_as, quality, count_queries):
        def application(number: int) -> None:
            uow.add(
                ExpertApplication(
                    number=f"入库〔2026〕{number}号",
                    route=EntryRoute.APPLICATION,
                    state=ApplicationState.INVITED,
                    name=f"候选{number}",
                    email=f"c{number}@test.example",
                    entries={},
                    token_hash=str(number),
                    started_at=uow.now - timedelta(days=number),
                )
            )

        browser = client_as(quality)
        application(1)
        browser.get("/experts/applications")
        with count_queries() as few:
            browser.get("/experts/applications")
        for number in range(2, 16):
            application(number)
        with count_queries() as many:
            browser.get("/experts/applications")
        assert len(many) <= len(few) + 1
