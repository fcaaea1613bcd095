from __future__ import annotations

import io

import openpyxl
import pdfplumber
import pytest

from core.identity.roles import Role
from procurement.queries.standings import seats_of, standings_of
from procurement.services.comparison import compare
from procurement.services.concluding import results_of
from procurement.services.evaluation_report import evaluation_report_pdf, report_parts, report_warnings
from procurement.services.scoring_sheets import sign_report
from tests.factories.awards import acting, conforming, opened_by_rows, scored_tender, under_evaluation
from tests.factories.identity import make_user


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def comparison_of(uow, tender, *, scored=True):
    standings = standings_of(uow, tender)
    results = results_of(uow, tender, standings) if scored else []
    return compare(uow, tender, standings, results[0] if results else None, tender.lots[0])


def row_of(comparison, title):
    return next(row for group in comparison.groups for row in group.rows if str(row.title) == title)


@pytest.fixture
def scored(uow):
    return scored_tender(uow)


def test_columns_follow_the_ranking_and_the_best_of_each_row_is_marked(uow, scored):
    found = comparison_of(uow, scored)
    assert [str(one.price) for one in found.bids] == ["160000.00", "150000.00", "171000.00"]
    assert [cell.best for cell in row_of(found, "投标报价（元）").cells] == [False, True, False]
    assert [cell.best for cell in row_of(found, "价格分").cells] == [False, True, False]
    assert [cell.best for cell in row_of(found, "总分").cells] == [True, False, False]
    assert [cell.number for cell in row_of(found, "排序").cells] == [1, 2, 3]


def test_a_row_in_which_all_are_equal_has_no_best_and_falls_away_among_differences(uow, scored):
    found = comparison_of(uow, scored)
    equal = row_of(found, "同类业绩")
    assert not equal.differs
    assert not any(cell.best for cell in equal.cells)
    titles = {str(row.title) for group in found.only_differences().groups for row in group.rows}
    assert "同类业绩" not in titles
    assert "实施方案" in titles


def test_members_points_and_the_price_formula_stand_behind_a_click(uow, scored):
    found = comparison_of(uow, scored)
    cell = row_of(found, "实施方案").cells[0]
    assert [str(one.points) for one in cell.members] == ["50.00", "51.00", "52.00", "53.00", "54.00"]
    assert row_of(found, "价格分").cells[0].formula == "150,000.00 ÷ 160,000.00 × 10"


def test_before_the_totals_nobody_sees_a_point(uow, client_as):
    tender = conforming(uow)
    found = comparison_of(uow, tender, scored=False)
    assert [str(group.title) for group in found.groups] == ["开标一览表", "资格审查和符合性审查"]
    page = text_of(client_as(tender.drafted_by).get(f"/tenders/{tender.id}/comparison"))
    assert "成员的评分互不可见" in page
    assert "实施方案" not in page


def test_the_page_and_the_sheet_say_the_same(uow, scored, client_as):
    browser = client_as(scored.drafted_by)
    page = browser.get(f"/tenders/{scored.id}/comparison")
    assert page.status_code == 200
    assert "最优" in text_of(page)
    narrowed = browser.get(f"/tenders/{scored.id}/comparison?only=differences")
    assert "同类业绩" not in text_of(narrowed)
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"/tenders/{scored.id}/comparison.xlsx?lot=1").data)).active
    rows = {row[1]: row[3:] for row in sheet.iter_rows(values_only=True)}
    assert rows["总分"] == (81.38, 78, 72.77)
    assert rows["实施方案 · 专家1"] == (50, 46, 42)


def test_the_number_of_statements_does_not_grow_with_the_bids(uow, client_as, count_queries):
    counts = []
    for prices in (("160000", "150000", "171000"), ("160000", "150000", "171000", "165000", "155000", "170000")):
        tender = scored_tender(uow, under_evaluation(uow, opened_by_rows(uow, prices=prices)))
        browser = client_as(tender.drafted_by)
        uow.session.expire_all()
        with count_queries() as statements:
            assert browser.get(f"/tenders/{tender.id}/comparison").status_code == 200
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 2


def test_a_member_compares_offers_and_a_stranger_nothing(uow, client_as):
    tender = conforming(uow)
    seat = seats_of(uow, tender)[0]
    assert client_as(seat.user).get(f"/evaluations/{seat.id}/comparison").status_code == 200
    assert client_as(seat.user).get(f"/evaluations/{seat.id}/comparison.xlsx").status_code == 200
    stranger = client_as(make_user(uow, Role.EXPERT))
    assert stranger.get(f"/evaluations/{seat.id}/comparison").status_code == 404
    assert stranger.get(f"/tenders/{tender.id}/comparison").status_code in (403, 404)


class TestReport:
    def test_it_has_every_part_and_says_which_is_missing_r_eval_08(self, uow, scored):
        parts = report_parts(uow, scored)
        assert [str(one.title) for one in parts] == [
            "公告和开标情况",
            "投标人和评标委员会名单",
            "评标方法和标准",
            "开标记录",
            "评审情况和无效投标原因",
            "评标结果和中标候选人排序",
            "其他需要说明的情况",
            "评标委员会成员签字和不同意见",
        ]
        assert [one.rule_id for one in report_warnings(uow, scored)] == ["R-EVAL-08"] * 2
        for seat in seats_of(uow, scored):
            sign_report(acting(uow, seat.user), seat)
        scored.external_notice_url, scored.opening_place = "https://zfcg.example/1", "三楼开标室"
        assert report_warnings(uow, scored) == []

    def test_the_pdf_is_for_the_purchaser_once_the_totals_are_made(self, uow, scored, client_as):
        browser = client_as(scored.drafted_by)
        page = text_of(browser.get(f"/tenders/{scored.id}/results"))
        assert "下列必备内容还缺" in page
        answer = browser.get(f"/tenders/{scored.id}/evaluation-report.pdf")
        assert answer.data.startswith(b"%PDF")
        running = conforming(uow)
        early = client_as(running.drafted_by).get(f"/tenders/{running.id}/evaluation-report.pdf")
        assert early.status_code == 302
        member = client_as(seats_of(uow, scored)[0].user)
        assert member.get(f"/tenders/{scored.id}/evaluation-report.pdf").status_code in (403, 404)

    def test_it_reads_in_chinese_for_every_reader(self, uow, scored):
        with pdfplumber.open(io.BytesIO(evaluation_report_pdf(uow, scored))) as pdf:
            text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
        assert "评标报告" in text
        assert "视为同意评审报告" in text
