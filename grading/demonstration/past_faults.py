"""Faults that reports of past years hold, as they stand there and as they are told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A fault as it stands in a report, and as it is told."""

    code: str
    severity: str
    text: str
    zh: str
    en: str


FAULTS = (
    Fault(
        "score-sum",
        "error",
        "综合得分 {score} 分，其中决策 17.5 分、过程 18.2 分、产出 27.6 分、效益 21.9 分。",
        "四个一级指标得分之和为 85.20 分，与综合得分不符。",
        "The four first-level scores add to 85.20, which is not the total.",
    ),
    Fault(
        "execution-rate",
        "error",
        "调整后预算 1,280.50 万元，实际支出 1,219.80 万元，预算执行率 96.34%。",
        "支出除以预算为 95.26%，与所写预算执行率不符。",
        "Spending over budget is 95.26 %, not the rate stated.",
    ),
    Fault(
        "money-sum",
        "error",
        "项目支出 1,219.80 万元，其中设备购置 486.20 万元、人员费用 512.00 万元、其他 211.60 万元。",
        "其中各项之和为 1,209.80 万元，与支出总额不符。",
        "The parts add to 12,098,000 yuan, which is not the total spent.",
    ),
    Fault(
        "survey",
        "error",
        "发放问卷 300 份，回收 286 份，有效问卷 291 份，满意度 91.2%。",
        "有效问卷多于回收问卷。",
        "There are more valid questionnaires than were returned.",
    ),
    Fault(
        "fact-conflict",
        "error",
        "全年服务 4,320 人次；附表三列示全年服务 4,230 人次。",
        "同一数据前后不一：服务人次 4,320 与 4,230。",
        "One figure has two values: 4,320 and 4,230 visits.",
    ),
    Fault(
        "target-score",
        "warning",
        "目标完成率 92%，未达到 100% 的目标值，该指标得满分。",
        "未完成目标值而得满分，没有说明理由。",
        "A missed target has full marks without a reason.",
    ),
    Fault(
        "problem-score",
        "warning",
        "存在的问题：部分设备闲置，使用率偏低。（设备使用指标未扣分）",
        "所述问题没有在相应指标扣分。",
        "A problem is described that its indicator does not deduct.",
    ),
    Fault(
        "vague-problem",
        "warning",
        "存在的问题：项目管理有待进一步加强。",
        "问题部分没有写出具体事实。",
        "The problems section says nothing specific.",
    ),
    Fault(
        "missing-section",
        "warning",
        "（报告没有“主要经验及做法”部分。）",
        "缺少“主要经验及做法”部分。",
        "The section on experience and practice is missing.",
    ),
)
