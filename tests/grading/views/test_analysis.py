"""The analysis in the browser's eyes: who sees what, numbers, files, rows behind numbers, and how many queries."""

from __future__ import annotations

import io

import pytest
from lxml import etree
from openpyxl import load_workbook

from core.identity.roles import Role
from grading.services.analysis import SECTIONS
from tests.factories.analysis import Past, day, some_years
from tests.factories.identity import make_user

HOME = "/grading/analysis"


@pytest.fixture
def past(uow):
    return some_years(uow)


@pytest.fixture
def officer(uow, client_as):
    return client_as(make_user(uow, Role.QUALITY_OFFICER))


@pytest.fixture
def observer(uow, client_as):
    return client_as(make_user(uow, Role.OBSERVER))


def table(page, key):
    """The rows of an exhibit's table, as texts."""
    rows = page.select(f"section[aria-labelledby=exhibit-{key}] tbody tr")
    return [[cell.get_text(strip=True) for cell in row.select("td")] for row in rows]


def test_every_part_shows_its_exhibits_with_plot_table_and_files(past, officer):
    assert len(officer.page(HOME).select("svg.picture-wide")) == len(SECTIONS)
    for section in SECTIONS.values():
        page = officer.page(f"{HOME}/{section.key}")
        for key in section.exhibits:
            part = page.select_one(f"section[aria-labelledby=exhibit-{key}]")
            assert part is not None, key
            assert part.select("tbody tr") or key == "fallers", key
            assert all(svg["aria-label"] for svg in part.select("svg.picture"))


def test_the_distribution_counts_published_grades_and_opens_the_agencies_behind(uow, past, officer):
    last = uow.today.year - 1
    past.grade("尚未公布的机构", last, 99, published=False)
    rows = table(officer.page(f"{HOME}/grades"), "grades")
    assert [row[:7] for row in rows] == [
        [str(last - 2), "1", "2", "2", "0", "5", "1"],
        [str(last - 1), "1", "2", "2", "0", "5", "1"],
        [str(last), "1", "2", "2", "0", "5", "1"],
    ]
    link = officer.page(f"{HOME}/grades").select_one("section[aria-labelledby=exhibit-grades] tbody a")["href"]
    assert [one.get_text(strip=True) for one in officer.page(link).select("tbody a")] == ["第1评价机构"]


def test_the_trend_of_the_same_agencies_is_told_with_its_interval(past, officer):
    """R-GRADE.analysis: every agency rose by one point a year."""
    said = officer.page(f"{HOME}/grades").select_one("section[aria-labelledby=exhibit-drift] p").get_text()
    assert "5 家机构的得分每年变化 +1.00 分（95% 区间 +1.00 至 +1.00）：上升可以认定" in said


def test_a_finding_that_versions_carry_counts_once_and_in_its_first_year(uow, officer):
    past, year = Past(uow), uow.today.year - 1
    first = past.report("甲机构", day(year - 1, 12, 20), ["survey", "score-sum"], dismissed=("unit",))
    past.version(first.engagement, day(year, 1, 10), ["survey"], number=2, follows=first)
    rows = table(officer.page(f"{HOME}/findings?from={year - 1}&to={year - 1}"), "classes")
    assert sorted(row[:3] for row in rows) == [["得分合计", "1", "1"], ["问卷数据", "1", "1"]]
    assert not table(officer.page(f"{HOME}/findings?from={year}&to={year}"), "classes")


def test_what_comes_again_after_a_letter_is_counted_in_later_reports_alone(uow, officer):
    past, year = Past(uow), uow.today.year - 1
    first = past.report("甲机构", day(year, 3, 1), ["survey"])
    past.letter(first, day(year, 3, 5), 2)
    past.report("甲机构", day(year, 6, 1), ["survey"])
    past.report("甲机构", day(year, 7, 1), ["unit"])
    past.report("乙机构", day(year, 8, 1), ["survey"])
    page = officer.page(f"{HOME}/findings")
    assert table(page, "again")[0][:4] == ["问卷数据", "1", "2", "1"]
    assert "样本少" in page.select_one("section[aria-labelledby=exhibit-again] .exhibit-few").get_text()


def test_open_letters_count_as_open_and_lateness_against_the_day_due(uow, officer):
    """R-GRADE.reply: late after the day named in the letter; an open one past its day is overdue."""
    past, year = Past(uow), uow.today.year - 1
    for place, days in enumerate((2, 4, 9, None)):
        past.letter(past.report(f"第{place}机构", day(year, 3, 1), ["survey"]), day(year, 3, 5), days)
    page = officer.page(f"{HOME}/letters")
    assert table(page, "letters")[0] == [str(year), "4", "1", "1", "1", "50.0%（15.0% 至 85.0%）", "4"]
    assert [row[:3] for row in table(page, "answers")] == [
        ["2", "4", "75.0%"],
        ["4", "3", "50.0%"],
        ["9", "2", "25.0%"],
    ]
    overdue = page.select('section[aria-labelledby=exhibit-letters] a[href*="only=overdue"]')
    assert len(officer.page(overdue[0]["href"]).select("tbody tr")) == 1


def test_agreement_says_when_there_are_too_few(past, officer):
    page = officer.page(f"{HOME}/raters")
    rows = table(page, "agreement")
    assert rows[0][:3] == ["报告质量（总分）", "12", "36"]
    assert table(page, "pairs")[0][:3] == ["项目单位 − 财政局", "12", "+4.50（+3.37 至 +5.63）"]
    kept = officer.page(f"{HOME}/raters?from={past.uow.today.year}")
    assert not table(kept, "agreement")
    assert "无从比较" in kept.get_text()


def test_filters_narrow_every_part(past, officer):
    for section in SECTIONS:
        page = officer.page(f"{HOME}/{section}?kind=law&field=education")
        rows = [row for one in page.select("section.exhibit tbody tr") for row in [one.get_text()] if "机构" in row]
        assert not [row for row in rows if "评价机构" in row]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_tables_are_files_with_numbers_and_intervals_in_columns_of_their_own(past, officer, ending):
    answer = officer.get(f"{HOME}/grades/levels.{ending}")
    if ending == "csv":
        lines = answer.get_data(as_text=True).splitlines()
        assert lines[0].lstrip("\ufeff") == (
            "年度,有得分的机构,平均（区间）,平均（区间） 下限,平均（区间） 上限,下四分位,中位数,上四分位,标准差"
        )
        assert len(lines[1].split(",")) == 9
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).active
        assert [cell.data_type for cell in sheet[2]][1:3] == ["n", "n"]


def test_plots_are_files_and_unknown_exhibits_are_none(past, officer):
    answer = officer.get(f"{HOME}/grades/grades.svg")
    assert answer.mimetype == "image/svg+xml"
    assert etree.fromstring(answer.data).tag.endswith("svg")
    assert officer.get(f"{HOME}/grades/nothing.svg").status_code == 404
    assert officer.get(f"{HOME}/letters/late-agencies.svg").status_code == 404
    assert officer.get(f"{HOME}/letters/late-agencies.csv").status_code == 200


def test_observers_see_the_whole_but_no_agencys_findings_or_delays(past, observer):
    """What was found stays between the bureau and the agency."""
    assert table(observer.page(f"{HOME}/findings"), "classes")
    for section, exhibit in (("findings", "agencies"), ("letters", "late-agencies")):
        page = observer.page(f"{HOME}/{section}")
        assert page.select_one(f"section[aria-labelledby=exhibit-{exhibit}]") is None
        assert not page.select('a[href*="/rows/reports"], a[href*="/rows/letters"]')
        assert observer.get(f"{HOME}/{section}/{exhibit}.csv").status_code == 404
    agency = next(iter(past.agencies.values()))
    page = observer.page(f"{HOME}/findings?agency={agency.id}")
    assert agency.organisation.name not in page.select_one("main").get_text()
    assert observer.get(f"{HOME}/rows/reports").status_code in (403, 404)
    assert observer.get(f"{HOME}/rows/agencies").status_code == 200


@pytest.mark.parametrize("role", [Role.AGENCY_MANAGER, Role.UNIT_OFFICER, Role.EXPERT, Role.ADMINISTRATOR])
def test_nobody_else_reads_the_analysis(uow, client_as, role):
    assert client_as(make_user(uow, role)).get(HOME).status_code in (403, 404)


def test_an_agencys_classes_stand_beside_the_houses(past, officer):
    agency = past.agencies["第2评价机构"]
    page = officer.page(f"{HOME}/findings?agency={agency.id}")
    assert page.select_one("h1").get_text(strip=True) == "第2评价机构"
    assert {row[0]: row[1] for row in table(page, "own")} == {"得分合计": "2", "问卷数据": "2"}
    assert all(row[4] == "样本少，不作结论" for row in table(page, "own"))
    assert officer.get(f"{HOME}/findings?agency=00000000-0000-0000-0000-000000000000").status_code == 404


@pytest.mark.parametrize(
    "asked", ["from=9999&to=1", "from=abc&to=xyz", "kind=none&field=none", "from=1&to=3000", "agency=none"]
)
def test_addresses_that_make_no_sense_fall_back(past, officer, asked):
    assert officer.get(f"{HOME}/grades?{asked}").status_code == 200
    assert officer.get(f"{HOME}/rows/agencies?{asked}&year=1&grade=Z").status_code == 200
    assert officer.get(f"{HOME}/rows/letters?{asked}&only=none").status_code == 200
    assert officer.get(f"{HOME}/rows/reports?{asked}&code=none").status_code == 200


def test_the_empty_house_says_what_will_stand_there(officer):
    page = officer.page(HOME)
    assert "还没有公布的评级" in page.get_text()
    assert not page.select("svg.picture")


def test_queries_do_not_grow_with_the_library(uow, officer, count_queries):
    some_years(uow)
    counted = {}
    for round_ in range(2):
        for section in ("", *(f"/{key}" for key in SECTIONS)):
            officer.get(HOME + section)
            with count_queries() as statements:
                officer.get(HOME + section)
            counted.setdefault(section, []).append(len(statements))
        if not round_:
            past = Past(uow)
            for number in range(8):
                for year in (uow.today.year - 2, uow.today.year - 1):
                    past.grade(f"更多机构{number}", year, 95 - number)
                first = past.report(f"更多机构{number}", day(uow.today.year - 1, 5, 2), ["unit"])
                past.letter(first, day(uow.today.year - 1, 5, 9), number)
                past.rated(f"更多机构{number}", uow.today.year - 1, unit1=70, experts2=72)
    assert all(first == second for first, second in counted.values()), counted
    assert max(first for first, _second in counted.values()) <= 45, counted
