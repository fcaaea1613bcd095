from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import select

from core.identity.roles import Role
from experts.expert_sheet import COLUMNS
from experts.models import Conflict, Expert
from experts.states import ExpertState
from tests.factories.experts import (
    make_expert,
    submitted_engagement,
)
from tests.factories.identity import make_user


def typed(**changes):
    return {
        "name": "顾明远",
        "email": "gu@test.example",
        "telephone": "",
        "employer": "澄湖大学",
        "position": "",
        "professional_title": "教授",
        "birth_year": "1975",
        "district": "",
        "categories": ["performance", "scholar"],
        "industries": ["P"],
        "speciality": "教育支出绩效",
        "appointed_on": "2026-01-01",
        "appointed_until": "2028-12-31",
        **changes,
    }


# The pool


def test_an_officer_takes_an_expert_into_the_pool_with_an_account(uow, client_as, quality):
    assert client_as(quality).post("/experts/new", data=typed()).status_code == 302
    expert = uow.session.scalar(select(Expert))
    assert (expert.user.email, expert.categories, expert.industries) == (
        "gu@test.example",
        ["performance", "scholar"],
        ["P"],
    )
    assert [one.role for one in expert.user.memberships] == [Role.EXPERT]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"birth_year": "1930"}, "R-EXP.age"),
        ({"birth_year": "七五"}, "不是有效的"),
        ({"appointed_until": "2025-01-01"}, "聘期结束不能早于开始"),
        ({"appointed_until": "2032-01-01"}, "R-EXP.term"),
        ({"categories": []}, "请至少选择一个专家类别"),
        ({"categories": ["industry"], "industries": []}, "行业专家须选择所属行业"),
        ({"email": "no"}, "请填写有效的邮箱地址"),
    ],
)
def test_a_wrong_entry_is_told_and_the_rest_is_kept(client_as, quality, changes, message):
    answer = client_as(quality).post("/experts/new", data=typed(**changes))
    assert answer.status_code == 422
    assert message in answer.text
    assert "教育支出绩效" in answer.text


def test_supervisors_cannot_be_experts(uow, client_as, quality):
    person = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    answer = client_as(quality).post("/experts/new", data=typed(email=person.email))
    assert answer.status_code == 422
    assert "R-COMM-06" in answer.text


def test_the_pool_is_found_by_text_category_industry_and_state(uow, client_as, quality):
    make_expert(uow, name="沈知行", speciality="养老服务")
    browser = client_as(quality)
    browser.post("/experts/new", data=typed())
    assert "沈知行" in browser.get("/experts?q=养老").text
    assert "沈知行" not in browser.get("/experts?category=scholar").text
    assert "顾明远" in browser.get("/experts?industry=P&state=active&sort=-until").text
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get("/experts").status_code == 403


def test_the_pool_costs_the_same_number_of_queries_however_long(uow, client_as, quality, count_queries):
    browser = client_as(quality)
    make_expert(uow)
    with count_queries() as few:
        browser.get("/experts")
    for _number in range(20):
        make_expert(uow)
    with count_queries() as many:
        browser.get("/experts")
    assert len(many) <= len(few) + 1


def table(*rows) -> io.BytesIO:
    book = openpyxl.Workbook()
    book.active.append([column.zh for column in COLUMNS])
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return target


GOOD = (
    "顾明远",
    "gu@test.example",
    "",
    "澄湖大学",
    "",
    "教授",
    1975,
    "绩效管理、高校学者",
    "P、Q",
    "",
    "",
    "2026-01-01",
    "2028-12-31",
)


def test_an_import_admits_everybody_and_the_export_reads_back(uow, client_as, quality):
    browser = client_as(quality)
    answer = browser.post("/experts/import", data={"file": (table(GOOD), "experts.xlsx")})
    assert answer.status_code == 302
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get("/experts/experts.xlsx").data)).active
    assert [cell.value for cell in sheet[2]][:2] == ["顾明远", "gu@test.example"]
    assert sheet["H2"].value == "绩效管理、高校学者"


def test_an_import_names_bad_cells_and_writes_nobody(uow, client_as, quality):
    bad = (*GOOD[:1], "other@test.example", *GOOD[2:7], "算命", *GOOD[8:])
    answer = client_as(quality).post("/experts/import", data={"file": (table(GOOD, bad), "experts.xlsx")})
    assert answer.status_code == 422
    assert "H3" in answer.text
    assert uow.session.scalar(select(Expert)) is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 no table", b"PK\x03\x04broken"])
def test_a_file_that_is_no_table_is_refused_in_words(client_as, quality, data):
    answer = client_as(quality).post("/experts/import", data={"file": (io.BytesIO(data), "experts.xlsx")})
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_an_expert_declares_a_relation_on_the_own_page_and_on_no_other(uow, client_as):
    engagement, _manager = submitted_engagement(uow)
    own, other = make_expert(uow), make_expert(uow)
    browser = client_as(own.user)
    data = {"organisation_id": str(engagement.agency_id), "kind": "kinship", "reason": "配偶任职", "expires_on": ""}
    assert browser.post(f"/experts/{own.id}/conflicts/new", data=data).status_code == 302
    assert browser.post(f"/experts/{other.id}/conflicts/new", data=data).status_code == 404
    assert uow.session.scalar(select(Conflict)).expert_id == own.id
    assert "配偶任职" in browser.get(f"/experts/{own.id}").text


def test_an_officer_suspends_with_a_reason(uow, client_as, quality):
    expert = make_expert(uow)
    browser = client_as(quality)
    browser.post(f"/experts/{expert.id}/do/suspend", data={"reason": ""})
    assert expert.state is ExpertState.ACTIVE
    browser.post(f"/experts/{expert.id}/do/suspend", data={"reason": "三次未答复"})
    assert expert.state is ExpertState.SUSPENDED


# Reviews
