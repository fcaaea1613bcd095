"""Who pays the agency and whose duty is whose (R-AGENCY-17); pure."""

from __future__ import annotations

import pytest

from procurement.drafting.entrusting import handed_over_duties, other_payers
from procurement.drafting.wording_checks import wording_lines
from tests.factories.procurement import draft_tender


@pytest.mark.parametrize("text", ["评价服务费由被评价单位承担评价费用", "交通食宿由项目单位负担相关费用"])
def test_another_payer_is_found(text):
    assert other_payers(text)


@pytest.mark.parametrize("text", ["费用由采购人按合同支付", "项目单位提供资料并配合现场核查"])
def test_the_principal_as_payer_is_left_alone(text):
    assert other_payers(text) == []


def test_a_unit_s_own_duty_is_not_handed_over():
    assert handed_over_duties("负责代编绩效目标申报")
    assert handed_over_duties("复核单位自评报告，编制评价报告") == []


def test_the_panel_asks_to_look_again(uow):  # R-AGENCY-17
    tender = draft_tender(uow, keyholders=0).tender
    assert not any(one.rule_id == "R-AGENCY-17" for one in wording_lines(uow, tender))
    tender.contract_draft = "调研食宿由项目单位负担费用。"
    (line,) = [one for one in wording_lines(uow, tender) if one.rule_id == "R-AGENCY-17"]
    assert (line.level, line.field) == ("warn", "contract_draft")
