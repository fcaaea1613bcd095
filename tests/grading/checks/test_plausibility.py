"""Scores that the words of their row contradict: what the score model must tell, and where it must be silent."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grading.check_report import check_document
from grading.checks.priors import PLAUSIBLE
from grading.triage import model, score_model
from grading.triage.model import ModelRefused
from tests.grading.conftest import report_of, table_of

OTHERS = (
    ("立项依据充分性", "4", "充分", "充分", "立项依据齐全，得满分", "4.00"),
    ("资金使用合规性", "4", "合规", "合规", "抽查凭证手续完整，未发现违规支出", "4.00"),
    ("完成及时性", "4", "及时", "及时", "按计划时限完成", "4.00"),
    ("制度执行有效性", "4", "有效", "基本有效", "抽查的台账中有3份记录不完整，扣1.00分", "3.00"),
    ("工程验收合格率", "4", "≥95%", "97.20%", "达到目标，得满分", "4.00"),
)


def table(row):
    head = ["一级指标", "三级指标", "分值", "目标值", "实际值", "评分说明", "得分"]
    return table_of([head, *(["产出", *one] for one in (*OTHERS, row))])


@pytest.mark.parametrize(
    "row",
    [
        ("管理制度健全性", "5", "健全", "基本健全", "尚未制定资金核拨细则，扣1.00分", "5.00"),
        ("立项程序规范性", "4", "规范", "部分规范", "2个子项缺少论证材料，审批手续不齐全", "4.00"),
        ("设施管护机制", "5", "健全", "责任未落实到人", "管护人员未明确，扣2.00分", "5.00"),
        ("服务能力提升", "4", "明显", "部分达成", "服务人员配备不足，部分设备闲置", "4.00"),
        ("管理制度健全性", "5", "健全", "健全", "业务和财务管理制度健全，得满分", "3.00"),
    ],
)
def test_a_score_that_its_own_note_contradicts_is_found(findings_of, row):
    (found,) = findings_of(["说明。"], [table(row)], code="target-score")
    assert row[0] in found.message["zh"]
    assert found.message["en"]
    assert found.stated == row[-1]
    assert {one.quote for one in found.evidence} == {row[-1], row[4], row[3], row[2]}


@pytest.mark.parametrize(
    "row",
    [
        ("管理制度健全性", "5", "", "", "尚未制定资金核拨细则", "5.00"),  # no target
        ("管理制度健全性", "5", "健全", "基本健全", "尚未制定资金核拨细则，扣1.00分", "4.00"),
        ("管理制度健全性", "5", "健全", "健全", "管理制度健全，未发现缺失", "5.00"),
        ("资金使用合规性", "5", "合规", "合规", "抽查凭证102份，未见异常", "5.00"),
        ("管理制度健全性", "5", "健全", "基本健全", "细则未印发，经批准延至下年，不予扣分", "5.00"),  # excused
        ("完成及时性", "5", "及时", "基本及时", "受疫情影响延误10天，视同按期", "5.00"),
        ("巡检次数", "5", "1200次", "3600次", "超额完成", "5.00"),  # over-fulfilled
        ("巡检次数", "5", "≥1200次", "3600次", "目标设置过低，扣1分", "4.00"),
        ("单位处理成本", "5", "≤5.00元/吨", "4.63元/吨", "低于控制标准", "5.00"),  # less is better
        ("人均筛查成本", "5", "宫颈癌≤98元、乳腺癌≤79元", "98元、79元", "", "5.00"),
        ("投诉减少情况", "5", "减少", "减少", "投诉较上年减少12件，问题得到解决", "5.00"),
        ("社会效益", "5", "明显", "明显", "访谈和现场核查表明效果明显", "5.00"),
        ("社会效益", "5", "明显", "明显", "综合评定", "4.00"),
        ("设备使用率", "5", "≥90%", "72.00%", "平均使用率72.00%", "4.00"),
        ("维护质量加分", "5", "规范", "部分规范", "资料不齐全", "5.00"),
    ],
)
def test_look_alikes_are_silent(findings_of, row):
    assert findings_of(["说明。"], [table(row)], code="target-score") == []


def test_a_finding_of_the_score_model_keeps_its_documented_probability():
    row = ("设施管护机制", "5", "健全", "责任未落实到人", "管护人员未明确，扣2.00分", "5.00")
    found = [one for one in check_document(report_of(["说明。"], [table(row)])).findings if one.code == "target-score"]
    assert [one.probability for one in found] == [PLAUSIBLE]


def test_without_the_score_model_the_rules_stand_alone(findings_of, monkeypatch, tmp_path):
    row = ("设施管护机制", "5", "健全", "责任未落实到人", "管护人员未明确，扣2.00分", "5.00")
    score_model._loaded.cache_clear()
    monkeypatch.setattr(score_model, "MODEL", tmp_path / "absent.skops")
    with pytest.raises(ModelRefused, match="absent"):
        score_model._loaded()
    assert findings_of(["说明。"], [table(row)], code="target-score") == []
    score_model._loaded.cache_clear()


def test_the_checks_load_without_the_model_and_its_libraries():
    code = "import sys; from grading.checks.registry import load; load(); print('sklearn' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_changed_score_model_is_refused(monkeypatch, tmp_path):
    changed = tmp_path / "score_model.skops"
    changed.write_bytes(score_model.MODEL.read_bytes() + b" ")
    score_model._loaded.cache_clear()
    monkeypatch.setattr(score_model, "MODEL", changed)
    with pytest.raises(ModelRefused, match="not the file that was trained"):
        score_model._loaded()
    score_model._loaded.cache_clear()
    assert model.MODEL != score_model.MODEL
