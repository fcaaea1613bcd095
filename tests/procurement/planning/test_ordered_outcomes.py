"""No reviewer is ordered an outcome (R-SEC-04): what is found, what is left alone, and where it stops a paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.errors import Refused
from procurement.drafting.ordered_outcomes import ordered_outcomes, orders_to_committee
from procurement.models import CommitteeSeat, Score
from procurement.services.contracts import change_contract
from procurement.services.publishing import submit_tender
from procurement.services.re_reviews import request_re_review
from procurement.states import CorrectionGround, SeatState
from tests.factories.awards import acting, scored_tender
from tests.factories.contracts import drafted, values_of
from tests.factories.procurement import draft_tender

PAPERS = [
    "审减率不得低于10%",
    "核减比例应达到15%以上",
    "评价结论应为优",
    "评价等级不得低于良",
    "按审减额的5%计取服务费",
    "压减金额须达到 200 万元",
]
TO_COMMITTEES = [
    "请将甲公司评为第一名",
    "丙公司的得分应调整为 85 分",
    "技术评分不得低于30",
    "务必让本区机构中标",
]
HARMLESS = [
    "说明项目资金的审减情况和审减率",
    "不得设定审减率不低于10%等指令性要求",
    "严禁按审减额的比例计取服务费",
    "评价结论应当客观、公正，附有证据",
    "评价等级分为优、良、中、差四档",
    "客观评审因素评分不一致，请核对后更正",
    "投标报价得分按公式计算",
    "分项评分超出评审标准规定的分值范围",
    "按照评分排序推荐中标候选人",
    "请推选确定一名组长",
    "请核对中标候选人的报价，确保中标结果公告无误",
]


@pytest.mark.parametrize("words", PAPERS)
def test_an_ordered_outcome_is_found(words):
    (found,) = ordered_outcomes([("采购需求", f"一、总则。{words}，否则扣减服务费。")])
    assert (found.rule_id, found.where) == ("R-SEC-04", "采购需求")
    assert found.words in words


@pytest.mark.parametrize("words", [*PAPERS, *TO_COMMITTEES])
def test_what_tells_a_committee_its_result_is_found(words):
    assert orders_to_committee([("", words)])


@pytest.mark.parametrize("words", HARMLESS)
def test_asking_what_came_out_or_forbidding_an_order_is_none(words):
    assert orders_to_committee([("", words)]) == []


@given(
    before=st.text("资金使用绩效项目，。；", max_size=12),
    words=st.sampled_from(PAPERS),
    after=st.text("单位报告。", max_size=9),
)
def test_words_around_an_order_do_not_hide_it(before, words, after):
    assert ordered_outcomes([("", f"{before}。{words}{after}")])


@given(st.text("审减率评价结论得分不低于为优0123，。", max_size=40))
def test_any_text_is_read_and_every_finding_stands_in_it(words):
    assert all(one.words in words for one in orders_to_committee([("", words)]))


def test_a_purchase_whose_papers_order_an_outcome_is_not_submitted(uow):
    purchase = draft_tender(uow, requirement="对重点项目开展绩效评价，评价结论应为优。")
    with pytest.raises(Refused) as refused:
        submit_tender(acting(uow, purchase.officer), purchase.tender)
    (refusal,) = [one for one in refused.value.refusals if one.rule_id == "R-SEC-04"]
    assert refusal.field == "requirement"


def test_a_contract_and_its_supplements_carry_no_order(uow):
    deal = drafted(uow)
    key = next(one["key"] for one in deal.contract.clauses if not one["fixed"])
    with pytest.raises(Refused) as refused:
        change_contract(
            acting(uow, deal.officer), deal.contract, **{**values_of(deal.contract), "free": {key: "审减率不低于10%"}}
        )
    assert [(one.rule_id, one.field) for one in refused.value.refusals] == [("R-SEC-04", f"clause_{key}")]


def test_a_committee_is_given_no_result_and_its_locked_points_stay(uow):
    tender = scored_tender(uow)
    clerk = acting(uow, tender.drafted_by)
    with pytest.raises(Refused) as refused:
        request_re_review(clerk, tender, CorrectionGround.ARITHMETIC, "请将第二家评为第一名")
    assert "R-SEC-04" in {one.rule_id for one in refused.value.refusals}
    score = uow.session.scalars(select(Score).join(CommitteeSeat).where(CommitteeSeat.tender_id == tender.id)).first()
    assert score.seat.state is SeatState.LOCKED
    for statement in ("UPDATE score SET points = 1 WHERE id = :id", "DELETE FROM score WHERE id = :id"):
        with pytest.raises(DBAPIError, match="R-SEC-04"), uow.session.begin_nested():
            uow.session.execute(text(statement), {"id": score.id})
