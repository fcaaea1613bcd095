from __future__ import annotations

import pytest
from sqlalchemy import select

from core.identity.roles import OrganisationKind, Role
from projects.models import CommonIndicator, Project
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project


def typed(unit, **changes) -> dict[str, str]:
    return {
        "code": "2026-JY-012",
        "name": "学龄前儿童托育服务补贴项目",
        "name_en": "Childcare subsidies",
        "unit_id": str(unit.id),
        "year": "2026",
        "sector": "education",
        "industry": "P",
        "budget": "5200000.00",
        "evaluation_fee": "180000",
        "objective": "新增托位 600 个",
        "content": "",
        **changes,
    }


@pytest.fixture
def officer(uow):
    return make_user(uow, Role.PROCUREMENT_OFFICER)


@pytest.fixture
def unit(uow):
    return make_organisation(uow, OrganisationKind.BUDGET_UNIT, name="澄湖区教育局")


def test_an_officer_puts_a_project_into_the_library(uow, client_as, officer, unit):
    answer = client_as(officer).post("/projects/new", data=typed(unit))
    assert answer.status_code == 302
    assert uow.session.scalar(select(Project).where(Project.code == "2026-JY-012")).unit_id == unit.id


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": ""}, "请填写项目编号"),
        ({"budget": "五百万"}, "不是有效的小数"),
        ({"budget": "-1"}, "金额须大于 0"),
        ({"year": "1999"}, "年份应在 2000 至 2100 之间"),
        ({"sector": "weather"}, "不是有效的选择"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field_and_the_rest_is_kept(client_as, officer, unit, changes, message):
    answer = client_as(officer).post("/projects/new", data=typed(unit, **changes))
    assert answer.status_code == 422
    assert message in answer.text
    assert "新增托位 600 个" in answer.text


def test_a_taken_code_names_the_project_that_has_it(uow, client_as, officer, unit):
    make_project(uow, code="2026-JY-012", name="中小学课后服务项目")
    answer = client_as(officer).post("/projects/new", data=typed(unit))
    assert answer.status_code == 422
    assert "中小学课后服务项目" in answer.text


def test_a_form_that_somebody_overtook_is_refused(uow, client_as, officer, unit):
    project = make_project(uow, unit=unit)
    stale = typed(unit, code=project.code, revision=str(project.revision))
    assert client_as(officer).post(f"/projects/{project.id}/edit", data=stale).status_code == 302
    assert client_as(officer).post(f"/projects/{project.id}/edit", data=stale | {"name": "晚了一步"}).status_code == 409


def test_pressing_twice_makes_one_project(uow, client_as, officer, unit):
    browser = client_as(officer)
    data = typed(unit, once="5f6d1cbe-0000-4000-8000-000000000001")
    first = browser.post("/projects/new", data=data)
    second = browser.post("/projects/new", data=data)
    assert first.status_code == second.status_code == 302
    assert first.location == second.location


@pytest.mark.parametrize("role", [Role.AGENCY_MANAGER, Role.EXPERT, Role.UNIT_OFFICER, Role.OBSERVER])
def test_others_read_but_do_not_edit(uow, client_as, role):
    project = make_project(uow)
    browser = client_as(make_user(uow, role))
    assert browser.get(f"/projects/{project.id}").status_code == 200
    assert browser.get(f"/projects/{project.id}/edit").status_code == 403


def test_the_list_finds_filters_sorts_and_pages(uow, client_as, officer):
    for number in range(30):
        make_project(uow, name=f"垃圾分类驿站运维{number:02d}")
    make_project(uow, name="公共就业服务平台")
    browser = client_as(officer)
    assert "公共就业服务平台" in browser.get("/projects?q=就业").text
    assert "垃圾分类" not in browser.get("/projects?q=就业").text
    page = browser.get("/projects?sort=name&page=2").text
    assert "垃圾分类驿站运维29" in page
    assert browser.get("/projects?sort=nonsense&page=999&year=x").status_code == 200


def test_a_list_costs_the_same_number_of_queries_however_long(uow, client_as, officer, count_queries):
    browser = client_as(officer)
    make_project(uow)
    with count_queries() as few:
        browser.get("/projects")
    for _number in range(24):
        make_project(uow)
    with count_queries() as many:
        browser.get("/projects")
    assert len(many) <= len(few) + 1


def test_quality_staff_keep_the_common_indicators(uow, client_as):
    quality = make_user(uow, Role.QUALITY_OFFICER)
    data = {
        "dimension": "output",
        "second": "产出时效",
        "third": "完成及时性",
        "explanation": "实际完成时间与计划完成时间的比较",
        "scoring": "按期完成得满分，每逾期一个月扣 20%",
        "formula": "",
    }
    assert client_as(quality).post("/indicators/new", data=data).status_code == 302
    added = uow.session.scalar(select(CommonIndicator).where(CommonIndicator.third == "完成及时性"))
    assert added.position == 1
    assert client_as(quality).post("/indicators/new", data=data).status_code == 422
    assert "完成及时性" in client_as(quality).get("/indicators").text
