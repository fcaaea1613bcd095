"""Finding people, their table out and in, terms and leaving: R-EXP.term, R-EXP.age, R-EXP.exit, R-EXP-02, R-EXP-06."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select

from core.errors import Refused
from core.identity.roles import OrganisationKind, Role
from experts.admission import Limits
from experts.expert_sheet import COLUMNS
from experts.models import Appointment, Expert, PastEmployment
from experts.pool_rules import pool_rules, tax_scale
from experts.services.appointments import renew, renewables, term_from
from experts.services.leaving import leave_pool
from experts.services.pool import admit_expert, change_expert
from experts.states import (
    AppointmentKind,
    BudgetFunction,
    Category,
    Division,
    Education,
    EntryRoute,
    ExitKind,
    ExpertState,
    Gender,
    ReviewState,
    SeatState,
)
from projects.states import Industry
from tests.factories.experts import entry, make_expert, review_in, submitted_engagement
from tests.factories.identity import make_organisation, make_user


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


@pytest.fixture
def unit(uow):
    return make_organisation(uow, OrganisationKind.BUDGET_UNIT, name="澄湖区教育局")


def full(uow, **changes) -> Expert:
    """An expert with everything filled in."""
    values = {
        "name": "沈知行",
        "employer": "澄湖师范大学",
        "gender": Gender.WOMAN,
        "education": Education.DOCTOR,
        "is_retired": True,
        "birth_year": uow.today.year - 66,
        "field_since": 1990,
        "industries": (Industry.P,),
        "divisions": (Division("83"), Division("84")),
        "functions": (BudgetFunction.EDUCATION,),
        "departments": ("澄湖区教育局",),
        "categories": (Category.SCHOLAR, Category.PERFORMANCE),
        "speciality": "义务教育经费",
        "route": EntryRoute.RECOMMENDATION,
        "position": "教师",
        "district": "澄湖区",
        "telephone": "021-55550000",
    }
    return make_expert(uow, **{**values, **changes})


def test_the_numbers_come_from_the_rule_data(uow):
    assert pool_rules(uow).limits == Limits(65, 70, 65, 8, 10, 3, 3, 1)
    assert [one.rate for one in tax_scale(uow).brackets] == [20, 30, 40]


class TestFinding:
    @pytest.mark.parametrize(
        "asked",
        [
            "q=沈知行",
            "q=师范大学",
            "q=义务教育经费",
            "q=教育局",
            "q=卫生",
            "q=社会保障 行业专家 nobody",
            "q=沈 教育局 高校学者",
            "category=scholar",
            "industry=Q",
            "function=205",
            "state=active",
        ],
    )
    def test_by_any_of_these(self, uow, client_as, quality, unit, asked):
        full(uow)
        make_expert(uow, name="梁无关", industries=(Industry.A,), categories=(Category.COST,))
        page = client_as(quality).get(f"/experts?{asked}").text
        assert ("沈知行" in page) is ("nobody" not in asked)
        assert "梁无关" not in page or asked == "state=active"

    def test_by_department_and_a_percent_sign_is_no_wildcard(self, uow, client_as, quality, unit):
        full(uow)
        browser = client_as(quality)
        assert "沈知行" in browser.get(f"/experts?department={unit.id}").text
        assert "沈知行" not in browser.get("/experts?q=%25").text
        assert "沈知行" in browser.get("/experts?department=nonsense").text

    def test_choosing_shows_conflicts_repetition_and_history(self, uow, client_as, quality):
        hall = review_in(uow, ReviewState.PASSED)
        engagement = hall.engagement
        tied = make_expert(uow, name="关有联", employer=engagement.agency.name)
        page = client_as(quality).get(f"/experts?agency={engagement.agency_id}&q=关有联").text
        assert "与有关单位有劳动关系" in page
        assert f"/experts/{tied.id}/conflicts" in page
        member = hall.panel[0].expert
        unit = engagement.project.unit_id
        page = client_as(quality).get(f"/experts?unit={unit}&q={member.user.name}").text
        assert "间隔未满" in page
        assert "1 / 1" in page

    def test_choosing_costs_the_same_number_of_queries_however_long(self, uow, client_as, quality, count_queries):
        engagement, _manager = submitted_engagement(uow)
        address = f"/experts?agency={engagement.agency_id}&unit={engagement.project.unit_id}"
        browser = client_as(quality)
        make_expert(uow)
        browser.get(address)
        with count_queries() as few:
            browser.get(address)
        for _number in range(15):
            make_expert(uow)
        with count_queries() as many:
            browser.get(address)
        assert len(many) <= len(few) + 1


class TestTheTable:
    def test_what_goes_out_comes_back_the_same(self, uow, client_as, quality, unit):
        expert = full(uow)
        make_expert(uow)
        browser = client_as(quality)
        table = browser.get("/experts/experts.xlsx").data
        before = uow.session.scalar(select(func.count()).select_from(Expert))
        answer = browser.post(
            "/experts/import", data={"file": (io.BytesIO(table), "experts.xlsx")}, follow_redirects=True
        )
        assert "新入库 0 位，更新 0 位" in answer.text
        assert uow.session.scalar(select(func.count()).select_from(Expert)) == before
        uow.session.refresh(expert)
        assert (expert.divisions, expert.functions, expert.industries) == (["83", "84"], ["205"], ["P", "Q"])

    def test_a_changed_row_updates_and_a_new_one_admits(self, uow, client_as, quality, unit):
        expert = full(uow)
        book = openpyxl.load_workbook(io.BytesIO(client_as(quality).get("/experts/experts.xlsx").data))
        sheet = book.active
        sheet["D2"] = "澄湖区审计局"
        sheet.append([*(cell.value for cell in sheet[2])])
        sheet["A3"], sheet["B3"] = "新来者", "new@test.example"
        target = io.BytesIO()
        book.save(target)
        target.seek(0)
        answer = client_as(quality).post(
            "/experts/import", data={"file": (target, "experts.xlsx")}, follow_redirects=True
        )
        assert "新入库 1 位，更新 1 位" in answer.text
        assert expert.employer == "澄湖区审计局"
        assert uow.session.scalar(select(PastEmployment.employer)) == "澄湖师范大学"

    def test_a_broken_rule_names_its_cell_and_writes_nobody(self, uow, client_as, quality):
        good, old = entry(uow), entry(uow, birth_year=uow.today.year - 68)
        rows = [[getattr(one, key) for key in ("name", "email", "employer")] for one in (good, old)]
        book = openpyxl.Workbook()
        heads = {column.key: column.zh for column in COLUMNS}
        keys = ("name", "email", "employer", "birth_year", "professional_title", "categories", "departments")
        book.active.append([heads[key] for key in (*keys, "appointed_on", "appointed_until")])
        for row, born in zip(rows, (1980, old.birth_year), strict=True):
            book.active.append([*row, born, "教授", "绩效管理", "", "2026-01-01", "2028-12-31"])
        target = io.BytesIO()
        book.save(target)
        target.seek(0)
        answer = client_as(quality).post("/experts/import", data={"file": (target, "experts.xlsx")})
        assert answer.status_code == 422
        assert "D3" in answer.text
        assert "R-EXP.age" in answer.text
        assert uow.session.scalar(select(func.count()).select_from(Expert)) == 0

    def test_an_unknown_department_or_class_is_refused(self, uow):
        with pytest.raises(Refused) as refused:
            full(uow)
        assert [one.field for one in refused.value.refusals] == ["departments"]


class TestTerms:
    def test_admission_gives_a_numbered_term_r_exp_06(self, uow):
        first, second = make_expert(uow), make_expert(uow)
        rows = uow.session.scalars(select(Appointment).order_by(Appointment.number)).all()
        assert [(one.expert_id, one.kind) for one in rows] == [
            (first.id, AppointmentKind.FIRST),
            (second.id, AppointmentKind.FIRST),
        ]
        assert rows[0].number == f"聘〔{uow.today.year}〕1号"

    def test_a_renewal_follows_on_for_three_years_r_exp_term(self, uow, uow_as, quality):
        ending = uow.today + timedelta(days=30)
        soon, later = make_expert(uow, appointed_until=ending), make_expert(uow)
        acting = uow_as(quality)
        assert [one.expert for one in renewables(acting)] == [soon]
        renew(acting, [soon])
        assert soon.appointed_until == term_from(ending + timedelta(days=1), 3)
        assert soon.appointed_on < uow.today
        with pytest.raises(Refused) as refused:
            renew(acting, [later])
        assert rules_of(refused) == {"R-EXP.term"}

    def test_who_is_too_old_or_suspended_is_not_renewed(self, uow, client_as, quality):
        ending = uow.today + timedelta(days=30)
        old = make_expert(uow, appointed_until=ending, birth_year=uow.today.year - 65)
        old.birth_year -= 1
        browser = client_as(quality)
        page = browser.get("/experts/renewals").text
        assert "R-EXP.age" in page
        assert f'value="{old.id}"' not in page
        answer = browser.post("/experts/renewals", data={"expert": [str(old.id)]})
        assert answer.status_code == 422
        assert old.appointed_until == ending
        assert browser.post("/experts/renewals", data={}).status_code == 422

    def test_two_presses_renew_once(self, uow, client_as, quality):
        soon = make_expert(uow, appointed_until=uow.today + timedelta(days=30))
        browser = client_as(quality)
        data = {"expert": [str(soon.id)], "once": "5f0c6d0c-6d0c-4d0c-8d0c-5f0c6d0c6d0c"}
        for _press in range(2):
            assert browser.post("/experts/renewals", data=data).status_code == 302
        assert uow.session.scalar(select(func.count()).where(Appointment.expert_id == soon.id)) == 2

    def test_in_post_and_retired_have_their_own_age_limit_r_exp_age(self, uow):
        born = uow.today.year - 68
        assert make_expert(uow, birth_year=born, is_retired=True).is_retired
        with pytest.raises(Refused) as refused:
            make_expert(uow, birth_year=born)
        assert rules_of(refused) == {"R-EXP.age"}


class TestLeaving:
    def test_leaving_gives_up_seats_and_the_role(self, uow, uow_as):
        hall = review_in(uow, ReviewState.INVITING)
        seat = hall.panel[0]
        leave_pool(uow_as(hall.quality), seat.expert, ExitKind.REQUEST, "本人工作繁忙")
        assert (seat.state, seat.expert.state) == (SeatState.RECUSED, ExpertState.LEFT)
        assert len([one for one in hall.panel if one.state is SeatState.INVITED]) == hall.review.size
        assert all(one.ended_at is not None for one in seat.expert.user.memberships)

    def test_dismissal_for_ratings_needs_the_ratings_r_exp_exit(self, uow, client_as, quality):
        expert = make_expert(uow)
        browser = client_as(quality)
        answer = browser.post(f"/experts/{expert.id}/exit", data={"kind": "score", "reason": "评审敷衍"})
        assert answer.status_code == 422
        assert "R-EXP.exit" in answer.text
        assert "评审敷衍" in answer.text
        assert (
            browser.post(f"/experts/{expert.id}/exit", data={"kind": "request", "reason": "本人申请"}).status_code
            == 302
        )
        assert expert.exit_kind is ExitKind.REQUEST
        assert "本人申请退出" in browser.get(f"/experts/{expert.id}").text

    def test_leaving_needs_facts_r_exp_09(self, uow, uow_as, quality):
        with pytest.raises(Refused) as refused:
            leave_pool(uow_as(quality), make_expert(uow), ExitKind.REQUEST, " ")
        assert rules_of(refused) == {"R-EXP-09"}

    def test_who_left_may_come_back_with_a_new_term(self, uow, uow_as, quality):
        expert = make_expert(uow)
        acting = uow_as(quality)
        leave_pool(acting, expert, ExitKind.REQUEST, "出国一年")
        back = admit_expert(acting, entry(uow, email=expert.user.email, employer="新单位"))
        assert back is expert
        assert (expert.state, expert.exit_kind, expert.employer) == (ExpertState.ACTIVE, None, "新单位")

    def test_others_may_not(self, uow, client_as):
        expert = make_expert(uow)
        for role in (Role.OBSERVER, Role.PROCUREMENT_OFFICER, Role.AGENCY_MANAGER):
            browser = client_as(make_user(uow, role))
            assert browser.get("/experts/renewals").status_code == 403
            assert browser.post(f"/experts/{expert.id}/exit", data={}).status_code in (403, 404)


def test_a_new_employer_keeps_the_old_one_among_the_ties(uow, uow_as, quality):
    expert = make_expert(uow, employer="旧单位")
    assert change_expert(uow_as(quality), expert, entry(uow, email=expert.user.email, employer="新单位"))
    past = uow.session.scalars(select(PastEmployment)).one()
    assert (past.employer, past.ended_on) == ("旧单位", uow.today)
