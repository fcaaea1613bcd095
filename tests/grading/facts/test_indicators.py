"""Indicator rows: split at page ends, in parts, nested in one column, and where to find the total."""

from __future__ import annotations

from decimal import Decimal

from grading.facts.collect import gather
from grading.facts.indicators import read_indicators

HEAD = ["一级指标", "二级指标", "三级指标", "分值", "评价意见", "得分"]


def values(table):
    return [(leaf.level1, leaf.name, str(leaf.weight.value), str(leaf.score.value)) for leaf in table.leaves]


def test_a_row_cut_by_the_page_end_is_put_together(make_table):
    rows = [
        HEAD,
        ["A决策15分", "A1立项5分", "A101立项依据充分", "2", "依据充分，该指标得2.00分。", "2.00"],
        ["", "", "A102立项程序规", "3", "手续齐", ""],
        ["", "", "范性", "", "全，综上，该指标得2.50分。", ""],
        ["", "A2目标10分", "A201目标合理", "10", "合理", "9.00"],
    ]
    table = read_indicators(make_table(rows, breaks=(3,)))
    assert values(table) == [
        ("决策", "立项依据充分", "2", "2.00"),
        ("决策", "立项程序规范性", "3", "2.50"),
        ("决策", "目标合理", "10", "9.00"),
    ]
    assert [(g.name, str(g.weight.value), len(g.members)) for g in table.groups] == [
        ("决策", "15", 3),
        ("立项", "5", 2),
        ("目标", "10", 1),
    ]


def test_a_missing_weight_is_what_its_group_leaves_over_and_is_marked(make_table):
    rows = [HEAD, ["产出", "数量（13分）", "甲", "8", "", "8.00"], ["^", "^", "乙", "", "", "5.00"]]
    table = read_indicators(make_table(rows))
    assert [(str(leaf.weight.value), leaf.inferred) for leaf in table.leaves] == [("8", False), ("5", True)]


def test_group_names_repeated_in_every_row_make_one_group(make_table):
    rows = [
        HEAD,
        ["产出", "数量", "甲", "8", "", "8.00"],
        ["产出", "数量", "乙", "5", "", "5.00"],
        ["效益", "社会", "丙", "7", "", "7"],
    ]
    table = read_indicators(make_table(rows))
    assert [(g.name, g.level, g.members) for g in table.groups] == [
        ("产出", 1, [0, 1]),
        ("数量", 2, [0, 1]),
        ("效益", 1, [2]),
        ("社会", 2, [2]),
    ]


def test_parents_and_children_in_one_column_are_told_apart(make_table):
    rows = [
        ["指标名称", "分值", "得分"],
        ["产出数量", "13.00", "11.94"],
        ["甲", "8.00", "6.94"],
        ["乙", "5.00", "5.00"],
        ["产出时效", "2.00", "0.94"],
        ["丙", "2.00", "0.94"],
        ["合计", "15.00", "12.88"],
    ]
    table = read_indicators(make_table(rows))
    assert [leaf.name for leaf in table.leaves] == ["甲", "乙", "丙"]
    assert [(g.name, g.members) for g in table.groups] == [("产出数量", [0, 1]), ("产出时效", [2])]


def test_a_score_table_in_parts_is_read_as_one(make_report, make_table):
    head = ["二级指标", "三级指标", "分值", "得分"]
    parts = []
    for index, (name, weight) in enumerate([("决策", 40), ("产出", 60)]):
        rows = [
            head,
            ["甲组", f"{name}一", str(weight - 10), str(weight - 10)],
            ["乙组", f"{name}二", "10", "9"],
            ["小计", "", str(weight), str(weight - 1)],
        ]
        parts.append(make_table(rows, index=index, caption=f"附表{index + 1} {name}指标评分表"))
    facts = gather(make_report(["项目综合得分98.00分，评价等级为“优”。"], parts))
    assert [leaf.level1 for leaf in facts.main.leaves] == ["决策", "决策", "产出", "产出"]
    assert sum(leaf.weight.value for leaf in facts.main.leaves) == Decimal(100)
    assert (str(facts.headline.score.value), facts.headline.grade) == ("98.00", "优")


def test_a_table_of_other_things_is_no_indicator_table(make_table):
    assert read_indicators(make_table([["支出内容", "预算数", "实际支出"], ["补贴", "5.00", "4.00"]])) is None
    assert read_indicators(make_table([["评价", "份数", "占比"], ["满意", "8", "80%"], ["合计", "10", "100%"]])) is None
