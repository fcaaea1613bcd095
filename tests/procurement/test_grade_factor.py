"""A grade as a criterion: within the cap, open to equal evidence, never a condition (R-GRADE.legal, R-GRADE.factor)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agencies.states import Grade
from core.documents.accept import keep_bytes
from procurement.drafting.bid_form import asked_files, bid_form
from procurement.drafting.criteria_table import grade_row, read_rows
from procurement.drafting.grade_checks import cap, grade_lines, has_grade_factor
from procurement.drafting.grade_factor import factor_of, follows_grades, is_about_grades
from procurement.drafting.record import frozen_record
from procurement.queries.standings import seats_of
from procurement.services.drafting import CriterionEntry, set_criteria
from procurement.states import CriterionKind
from tests.factories.agencies import make_agency
from tests.factories.awards import bids_of, conforming
from tests.factories.bids import acting
from tests.factories.conduct import publish_grade
from tests.factories.procurement import draft_tender

OPEN = "新进机构和其他地区的机构可以提交同等证明"


def scored(title="机构等级", points="5", description=OPEN):
    bands = ((points, "A 级或者同等"), ("0", "未提供"))
    return CriterionEntry(CriterionKind.OBJECTIVE, title, Decimal(points), description, bands)


@pytest.mark.parametrize(
    "text", ["机构等级", "投标人的信用评级", "第三方机构年度考核结果", "分类评级结果", "供应商履约评级", "诚信等级"]
)
def test_a_grade_is_recognised(text):
    assert is_about_grades([text])


@pytest.mark.parametrize("text", ["主评人资格：高级职称", "同类评价经验", "项目等级为重点", "方案完整，评分合理"])
def test_other_criteria_are_left_alone(text):
    assert not is_about_grades([text])


def test_equal_evidence_means_newcomers_and_other_regions_alike():
    whole = factor_of("机构等级", Decimal(5), [OPEN])
    assert (whole.accepts_elsewhere, whole.accepts_newcomers) == (True, True)
    half = factor_of("机构等级", Decimal(5), ["其他地区的同等证明也可以"])
    assert (half.accepts_elsewhere, half.accepts_newcomers) == (True, False)
    bare = factor_of("机构等级", Decimal(5), ["其他地区、新进机构不得分"])
    assert (bare.accepts_elsewhere, bare.accepts_newcomers) == (False, False)
    assert factor_of("主评人资格", Decimal(5), ["高级职称"]) is None


@pytest.fixture
def purchase(uow):
    return draft_tender(uow, keyholders=0)


def lines(uow, purchase, *entries):
    set_criteria(acting(uow, purchase.officer), purchase.tender, entries)
    uow.session.expire(purchase.tender, ["criteria"])
    return {(one.rule_id, one.level) for one in grade_lines(uow, purchase.tender)}


def test_drafting_refuses_a_factor_above_the_cap_or_closed_to_others(uow, purchase):
    assert lines(uow, purchase, scored()) == {("R-GRADE.legal", "ok")}
    assert lines(uow, purchase, scored(points="3"), scored("履约评级", "3")) == {("R-GRADE.factor", "block")}
    assert lines(uow, purchase, scored(description="以本区公布的等级为准")) == {("R-GRADE.legal", "block")}
    assert lines(uow, purchase) == set()


def test_a_grade_is_never_a_condition(uow, purchase):  # R-GRADE.scope
    gate = CriterionEntry(CriterionKind.SUBSTANTIVE, "投标人信用等级须为 A", None)
    assert ("R-GRADE.scope", "block") in lines(uow, purchase, gate)
    purchase.tender.qualifications = ["机构等级 B 级以上"]
    assert ("R-GRADE.scope", "block") in {(one.rule_id, one.level) for one in grade_lines(uow, purchase.tender)}


def test_a_fee_that_follows_a_grade_stands_in_both_papers(uow, purchase):  # R-GRADE.fee
    clause = "年度评级为 A 级的，奖励合同价款的 5%。"
    tender = purchase.tender
    tender.requirement = clause
    (line,) = grade_lines(uow, tender)
    assert (line.rule_id, line.level, line.field) == ("R-GRADE.fee", "warn", "contract_draft")
    tender.contract_draft = clause
    assert [one.level for one in grade_lines(uow, tender)] == ["ok"]
    tender.requirement = "完成评价"
    assert [one.field for one in grade_lines(uow, tender)] == ["requirement"]
    assert not follows_grades("按合同约定分期支付")


def test_the_ready_row_is_lawful_and_asks_bidders_for_equal_evidence(uow, purchase):
    entries, errors = read_rows([grade_row(cap(uow))])
    assert errors == {}
    assert lines(uow, purchase, *entries) == {("R-GRADE.legal", "ok")}
    assert has_grade_factor(purchase.tender)
    record = frozen_record(uow, purchase.tender)
    assert "grade-evidence" in [purpose for purpose, _title, _needed in asked_files(record)]
    assert "grade-evidence" not in [purpose for purpose, _title, _needed in asked_files({"bid_form": bid_form()})]
    assert ("grade-evidence", False) in [(purpose, needed) for purpose, _title, needed in asked_files(record)]


def test_the_page_of_criteria_adds_the_ready_row(uow, purchase, client_as):
    page = f"/tenders/{purchase.tender.id}/criteria"
    browser = client_as(purchase.officer)
    assert "R-GRADE.legal" in browser.get(page).text
    assert "机构等级或者同等证明" in browser.post(page, data={"more": "grade"}).text


def test_the_committee_sees_the_library_s_grade_and_the_equal_evidence(uow, client_as):  # R-GRADE.legal
    tender = conforming(uow)
    criterion = next(one for one in tender.criteria if one.maximum is not None)
    criterion.title, criterion.description = "机构等级", OPEN
    local, newcomer = bids_of(uow, tender)[:2]
    publish_grade(uow, make_agency(uow, local.bidder), uow.today.year - 1, Grade.B)
    keep_bytes(
        uow,
        b"%PDF-1.4",
        owner=newcomer,
        purpose="bid-grade-evidence",
        name="邻区考核结果.pdf",
        media_type="application/pdf",
    )
    uow.session.flush()
    seat = seats_of(uow, tender)[0]
    page = client_as(seat.user).get(f"/evaluations/{seat.id}").text
    assert f"本库 {uow.today.year - 1} 年度：B 级" in page
    assert "本库没有等级，请按同等证明认定" in page
    assert "同等证明：邻区考核结果.pdf" in page
