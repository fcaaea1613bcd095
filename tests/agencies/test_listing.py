from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from agencies.models import AgencyListing, LeadEvaluator, RecordItem
from agencies.queries import Wanted, agencies_matching, best_agencies, engagements_matching, library
from agencies.queries import engagement as engagement_queries
from agencies.services.grades import record_grade
from agencies.states import AgencyKind, Grade, RecordPart
from core.http import lists
from core.identity.actor import ANONYMOUS, SYSTEM
from core.identity.roles import OrganisationKind, Role
from projects.queries import projects_matching
from projects.states import Sector
from tests.factories.agencies import make_agency, make_engagement
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project


def named(uow, name, **values):
    body = make_organisation(
        uow, OrganisationKind.AGENCY, name=name, uscc=values.pop("uscc", None), address=values.pop("address", "")
    )
    return make_agency(uow, body, **values)


def found(uow, words="", *, actor=SYSTEM, **filters):
    wanted = Wanted(words, **filters)
    best = best_agencies(actor, wanted)
    return [
        one.name
        for one in uow.session.scalars(best.top(AgencyListing, 50) if best else agencies_matching(actor, wanted))
    ]


def listed(uow, agency):
    return uow.session.scalar(
        select(AgencyListing).where(AgencyListing.agency_id == agency.id).execution_options(populate_existing=True)
    )


def lead(uow, agency, name):
    row = uow.add(
        LeadEvaluator(
            organisation_id=agency.organisation_id,
            item_id=None,
            ended_on=None,
            name=name,
            qualification="注册会计师",
            working_since=uow.today,
            evaluating_since=uow.today,
        )
    )
    uow.session.flush()
    return row


def test_an_agency_is_found_by_name_code_address_lead_kind_and_field(uow):
    agency = named(
        uow,
        "上海衡信绩效评价咨询有限公司",
        uscc="91310112MA1GBX3C4Y",
        address="上海市闵行区都市路8号",
        kind=AgencyKind.LAW,
        fields=[Sector.FARMERS.value],
    )
    lead(uow, agency, "欧阳修文")
    named(uow, "江苏立德会计师事务所")
    for words in ("衡信", "信绩效", "咨询 上海", "ma1gbx3c4y", "91310112", "都市路", "阳修", "律师", "农民增收 衡信"):
        assert found(uow, words) == ["上海衡信绩效评价咨询有限公司"], words
    assert found(uow, "衡信 立德") == []
    assert listed(uow, agency).district == "闵行区"


def test_lead_evaluators_whose_entry_is_not_public_are_found_by_the_bureau_only(uow):
    agency = named(uow, "上海衡信绩效评价咨询有限公司")
    item = uow.add(
        RecordItem(
            organisation_id=agency.organisation_id, part=RecordPart.LEADS, name="欧阳修文", entries={}, added_at=uow.now
        )
    )
    uow.session.flush()
    person = lead(uow, agency, "欧阳修文")
    person.item_id = item.id
    uow.session.flush()
    for words in ("欧阳修文", "欧", "阳修 衡信"):
        assert found(uow, words) == ["上海衡信绩效评价咨询有限公司"], words
        assert found(uow, words, actor=ANONYMOUS) == [], words
    item.is_public = True
    uow.session.flush()
    assert found(uow, "欧阳修文", actor=ANONYMOUS) == ["上海衡信绩效评价咨询有限公司"]


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("上海市闵行区沪闵路6258号", "闵行区"),
        ("上海市浦东新区世纪大道100号", "浦东新区"),
        ("江苏省苏州市吴中区东环路1号", "吴中区"),
        ("澄湖区文澜路107号", "澄湖区"),
        ("浙江省杭州市桐庐县迎春路1号", "桐庐县"),
        ("世纪大道100号", ""),
        ("", ""),
    ],
)
def test_the_district_is_read_from_the_address(uow, address, district):
    assert uow.session.scalar(text("SELECT district_in(:address)"), {"address": address}) == district


def test_what_matches_best_comes_first(uow):
    names = ["嘉诚", "嘉诚会计师事务所", "上海嘉诚评估有限公司", "上海众诚智库有限责任公司"]
    for name in reversed(names[:3]):
        named(uow, name)
    other = named(uow, names[3])
    lead(uow, other, "陆嘉诚")
    assert found(uow, "嘉诚") == names


def test_a_listing_follows_whatever_is_written(uow):
    agency = named(uow, "上海旧名咨询有限公司")
    gone = lead(uow, agency, "洪子安")
    assert listed(uow, agency).leads == 1
    agency.organisation.name = "上海新名咨询有限公司"
    agency.kind = AgencyKind.RESEARCH
    uow.session.flush()
    assert (listed(uow, agency).name, listed(uow, agency).kind) == ("上海新名咨询有限公司", AgencyKind.RESEARCH)
    assert found(uow, "旧名") == []
    assert found(uow, "新名 洪子") == ["上海新名咨询有限公司"]
    uow.session.delete(gone)
    uow.session.flush()
    assert listed(uow, agency).leads == 0
    assert found(uow, "洪子") == []


def test_only_the_latest_published_grade_is_listed(uow):
    agency = make_agency(uow)
    assert listed(uow, agency).grade is None
    record_grade(uow, agency, year=2024, grade=Grade.A, score=91, tasks=3, record={})
    record_grade(uow, agency, year=2025, grade=Grade.C, score=66, tasks=2, record={}, publish_now=False)
    assert (listed(uow, agency).grade, listed(uow, agency).year) == (Grade.A, 2024)
    record_grade(uow, agency, year=2025, grade=Grade.C, score=66, tasks=2, record={})
    assert (listed(uow, agency).grade, listed(uow, agency).year, listed(uow, agency).points) == (Grade.C, 2025, 66)
    assert agency.organisation.name in found(uow, grade="C")
    assert agency.organisation.name not in found(uow, grade="A")


def test_engagements_and_projects_are_found_by_their_words_even_after_a_new_name(uow, uow_as):
    unit = make_organisation(uow, OrganisationKind.BUDGET_UNIT, name="澄湖区民政局")
    project = make_project(uow, unit, name="社区养老服务补贴项目")
    engagement = make_engagement(uow, project=project, agency=named(uow, "上海海川绩效评估有限公司"))
    officer = uow_as(make_user(uow, Role.QUALITY_OFFICER))

    def numbers(words):
        return [one.number for one in uow.session.scalars(engagements_matching(officer.actor, text=words)).unique()]

    for words in ("养老服务", "海川", "民政局 补贴", engagement.number):
        assert engagement.number in numbers(words), words
    project.name, unit.name = "居家照护补贴项目", "澄湖区社会局"
    uow.session.flush()
    assert numbers("养老服务") == numbers("民政局") == []
    assert engagement.number in numbers("居家照护 社会局")
    assert project in uow.session.scalars(projects_matching(text="照护 社会局")).all()
    assert uow.session.scalars(projects_matching(text="养老服务")).all() == []


@pytest.fixture
def long_lists(monkeypatch):
    """Lists count no further than three rows, and searches look at no more."""
    monkeypatch.setattr(lists, "COUNTED", 3)
    monkeypatch.setattr(library, "LOOKED_AT", 3)


def test_of_a_word_that_very_many_engagements_hold_the_newest_are_listed(uow, uow_as, client_as, monkeypatch):
    monkeypatch.setattr(engagement_queries, "MANY", 2)
    agency, user = named(uow, "上海海川绩效评估有限公司"), make_user(uow, Role.QUALITY_OFFICER)
    made = [make_engagement(uow, agency=agency) for _one in range(5)]
    for days, one in enumerate(made):
        one.opened_at = uow.now - timedelta(days=days)
    uow.session.flush()
    page = client_as(user).page("/engagements?q=海川")
    assert [row.text for row in page.select("tbody tr a")] == [one.number for one in made[:3]]
    assert "只列出最新的" in page.text
    make_engagement(uow, agency=agency, project=make_project(uow, name="绝无仅有"))
    assert "只列出最新的" not in client_as(user).page("/engagements?q=绝无仅有").text


def test_a_long_list_is_not_counted_and_its_pages_go_on(uow, client, long_lists):
    for number in range(60):
        named(uow, f"上海长名{number:02d}号咨询有限公司")
    first = client.page("/agencies?q=长名&sort=name")
    assert "超过 3 条" in first.text
    assert first.select_one("a[rel=next]")["href"].endswith("sort=name&page=2")
    assert "长名59号" in client.page("/agencies?q=长名&sort=name&page=3").text
    assert client.page("/agencies?q=长名&sort=name&page=3").select_one("a[rel=next]") is None
    assert "长名00号" in client.page("/agencies?q=长名&sort=name&page=99").text


def test_a_common_word_shows_the_best_of_those_looked_at(uow, client, long_lists):
    for number in range(6):
        named(uow, f"上海普通{number}号咨询有限公司")
    named(uow, "普通")
    page = client.page("/agencies?q=普通")
    rows = [row.text for row in page.select("tbody a")]
    assert rows[0] == "普通"
    assert "超过 3 条" in page.text
    assert "只列出最相符的" in page.text
    assert "q=普通&sort=name" in page.select_one("thead a")["href"].replace("%E6%99%AE%E9%80%9A", "普通")


@pytest.mark.parametrize(
    "path",
    [
        "/agencies",
        "/agencies?q=咨询",
        "/agencies?grade=A",
        "/agencies?sort=-score",
        "/engagements",
        "/engagements?q=项目",
        "/search?q=咨询",
    ],
)
def test_a_list_asks_the_database_as_often_at_any_size(uow, client_as, count_queries, path):
    browser = client_as(make_user(uow, Role.QUALITY_OFFICER))
    counts = []
    for _size in range(2):
        for _one in range(4):
            agency = named(uow, f"咨询{uow.ids.new()}", fields=[Sector.EDUCATION.value])
            record_grade(uow, agency, year=2025, grade=Grade.A, score=91, tasks=3, record={})
            make_engagement(uow, agency=agency)
        browser.get(path)
        with count_queries() as statements:
            assert browser.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
