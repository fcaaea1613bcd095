from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from agencies.comparison import Facts, Work, YearOf, compare, only_differences
from agencies.models import CreditRecord, Milestone
from agencies.services.grades import record_grade
from agencies.states import AgencyKind, Grade, MilestoneKind, Standing
from core.identity.roles import OrganisationKind, Role
from core.rules import Words
from projects.states import Sector
from tests.agencies.test_register import RECORD
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project


def facts(name="甲", **values) -> Facts:
    return Facts(
        **{
            "id": name,
            "name": name,
            "kind": AgencyKind.CONSULTING,
            "fields": [Sector.EDUCATION],
            "district": "闵行区",
            "founded_on": date(2010, 1, 1),
            "staff": 20,
            "leads": 2,
            "admitted_on": date(2020, 1, 1),
            "standing": Standing.IN_LIBRARY,
            **values,
        }
    )


def row(groups, title):
    return next(one for group in groups for one in group.rows if str(one.title) == title)


def test_equal_agencies_differ_in_nothing_and_have_no_best():
    groups = compare([facts(), facts("乙", work=None)])
    assert only_differences(groups) == []
    assert not any(cell.best for group in groups for one in group.rows for cell in one.cells)


def test_the_better_grade_and_the_fewer_losses_are_marked():
    good = facts(grades={2025: YearOf(Grade.A, Decimal(92))}, work=Work(in_time=3, done=4))
    poor = facts(
        "乙",
        grades={2025: YearOf(Grade.C, Decimal(66)), 2024: YearOf(Grade.UNGRADED, None)},
        work=Work(in_time=1, done=2, losses=1, points=Decimal(10)),
    )
    groups = compare([good, poor])
    assert [cell.best for cell in row(groups, "2025 年度").cells] == [True, False]
    assert [cell.value for cell in row(groups, "2024 年度").cells] == [None, Grade.UNGRADED]
    assert [cell.value for cell in row(groups, "按时完成的节点").cells] == [Decimal("75.0"), Decimal("50.0")]
    assert [cell.best for cell in row(groups, "有效的诚信扣分").cells] == [True, False]


def test_elements_of_different_rule_sets_are_compared_as_shares_of_their_full_points():
    one = facts(elements={"report": (Words("报告质量", "Report"), Decimal(28), Decimal(35))})
    other = facts("乙", elements={"report": (Words("报告质量", "Report"), Decimal(24), Decimal(40))})
    (group,) = [group for group in compare([one, other]) if "任务得分" in str(group.title)]
    assert [cell.value for cell in group.rows[0].cells] == [Decimal("80.0"), Decimal("60.0")]


def test_work_is_left_out_where_the_reader_may_not_see_it():
    assert not any("委托" in str(group.title) for group in compare([facts(), facts("乙", work=Work())]))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5)), min_size=2, max_size=6))
def test_only_differences_keeps_exactly_the_rows_that_differ(numbers):
    groups = compare([facts(str(place), staff=staff, leads=leads) for place, (staff, leads) in enumerate(numbers)])
    kept = {str(one.title) for group in only_differences(groups) for one in group.rows}
    assert ("从业人员" in kept) == (len({staff for staff, _leads in numbers}) > 1)
    assert ("主评人" in kept) == (len({leads for _staff, leads in numbers}) > 1)
    assert all(len(one.cells) == len(numbers) for group in groups for one in group.rows)
    assert only_differences(compare([facts(), replace(facts(), id="乙")])) == []


def named(uow, name, **values):
    agency = make_agency(uow, make_organisation(uow, OrganisationKind.AGENCY, name=name), **values)
    record_grade(uow, agency, year=2025, grade=Grade.A, score=Decimal(91), tasks=3, record=RECORD)
    return agency


def address(*agencies, **more):
    return "/agencies/compare?" + "&".join(
        [*(f"id={one.id}" for one in agencies), *(f"{key}={value}" for key, value in more.items())]
    )


def test_agencies_stand_side_by_side_with_what_the_reader_may_see(uow, client, client_as):
    one, other = named(uow, "上海甲方咨询有限公司", kind=AgencyKind.LAW), named(uow, "上海乙方咨询有限公司")
    engagement = make_engagement(uow, agency=one, project=make_project(uow, sector=Sector.EDUCATION))
    uow.add(
        CreditRecord(
            agency_id=one.id,
            happened_on=uow.today,
            description="问卷与底稿不符",
            points=Decimal(10),
            expires_on=uow.today + timedelta(days=90),
        )
    )
    milestone = (
        uow.session.query(Milestone).filter_by(engagement_id=engagement.id, kind=MilestoneKind.PLAN).one_or_none()
    )
    milestone = milestone or uow.add(
        Milestone(
            engagement_id=engagement.id, kind=MilestoneKind.PLAN, planned_on=uow.today, due_on=uow.today, done_on=None
        )
    )
    milestone.due_on = milestone.done_on = uow.today
    uow.session.flush()
    public = client.page(address(one, other))
    assert "律师事务所" in public.text
    assert "90.0%" in public.text  # 31.5 of 35
    assert "诚信扣分" not in public.text
    assert public.select_one("tr.is-different .compare-mark").text == "≠"
    inner = client_as(make_user(uow, Role.QUALITY_OFFICER)).page(address(one, other))
    assert "义务教育的委托" in inner.text
    assert "100.0%" in inner.text
    assert "1 条记录" in inner.text
    only = client.page(address(one, other, only="differences"))
    assert "律师事务所" in only.text
    assert "入库日期" not in only.text


def test_agencies_are_chosen_from_the_list_or_found_on_the_page(uow, client):
    one, other = named(uow, "上海甲方咨询有限公司"), named(uow, "上海乙方咨询有限公司")
    listed = client.page("/agencies")
    assert {box["value"] for box in listed.select('input[form="compare"]')} >= {str(one.id), str(other.id)}
    page = client.page(address(one, q="乙方"))
    (link,) = [found for found in page.select(".documents a") if "乙方" in found.text]
    assert client.get(link["href"]).text.count("上海乙方咨询有限公司") >= 1
    for path in (
        "/agencies/compare",
        "/agencies/compare?id=x",
        address(one),
        "/agencies/compare?id=00000000-0000-0000-0000-000000000001",
    ):
        assert client.get(path).status_code == 200, path


def test_more_than_six_are_not_shown_and_it_is_said(uow, client):
    many = [named(uow, f"上海第{number}咨询有限公司") for number in range(7)]
    page = client.page(address(*many))
    assert len(page.select("thead th")) == 7
    assert "一次最多比较 6 家" in page.text


def test_the_comparison_is_downloaded_without_formulas(uow, client):
    one, other = named(uow, "=甲方咨询有限公司"), named(uow, "上海乙方咨询有限公司")
    answer = client.get(address(one, other).replace("compare?", "compare/agencies.xlsx?"))
    sheet = load_workbook(io.BytesIO(answer.get_data())).active
    assert [cell.value for cell in sheet[1]] == [
        "类别",
        "项目",
        "是否不同",
        "'=甲方咨询有限公司",
        "上海乙方咨询有限公司",
    ]
    assert any("A 级 91" in str(cell.value) for line in sheet for cell in line)


def test_a_comparison_asks_the_database_as_often_for_two_as_for_six(uow, client_as, count_queries):
    browser = client_as(make_user(uow, Role.QUALITY_OFFICER))
    agencies = [named(uow, f"上海第{number}咨询有限公司") for number in range(6)]
    paths = [address(*agencies[:many]) for many in (2, 6)]
    counts = []
    for path in paths:
        browser.get(path)
        with count_queries() as statements:
            browser.get(path)
        counts.append(len(statements))
    assert counts[0] == counts[1]
