"""How two versions of a report differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grading.differences import differences


def paragraph(text, index=0):
    return {"kind": "paragraph", "index": index, "page": 1, "level": 0, "text": text}


def table(*rows, caption="表1 得分"):
    cells = [
        {"index": number, "cells": [{"text": text, "rowspan": 1, "colspan": 1} for text in row]}
        for number, row in enumerate(rows)
    ]
    return {"kind": "table", "index": 0, "page": 1, "caption": caption, "unit": "", "rows": cells}


HEAD = ("指标", "权重", "得分")


def test_a_changed_figure_is_named_with_the_words_before_it():
    found = differences([paragraph("预算执行率为96.34%，较好。")], [paragraph("预算执行率为95.27%，较好。")])
    (change,) = found.texts
    assert change.deed == "changed"
    (figure,) = found.figures
    assert (figure.where, figure.before, figure.after) == ("预算执行率为", "96.34%", "95.27%")


def test_a_changed_cell_is_named_by_row_and_column():
    before, after = table(HEAD, ("投诉处理", "5", "4.00")), table(HEAD, ("投诉处理", "5", "5.00"))
    found = differences([before], [after])
    (one,) = found.tables
    assert [(cell.row, cell.column, cell.before, cell.after) for cell in one.cells] == [
        ("投诉处理", "得分", "4.00", "5.00")
    ]
    assert found.figures[0].where == "表1 得分 · 投诉处理 · 得分"


def test_rows_tables_and_paragraphs_that_came_or_went_are_said():
    before = [table(HEAD, ("甲", "5", "4")), paragraph("这一段后来整段删去了。")]
    after = [table(HEAD, ("甲", "5", "4"), ("乙", "5", "3")), table(("问卷", "份数"), caption="表2 问卷")]
    found = differences(before, after)
    assert [(one.title, one.whole) for one in found.tables] == [("表1 得分", ""), ("表2 问卷", "added")]
    assert found.tables[0].cells[0].after == "乙 | 5 | 3"
    assert [change.deed for change in found.texts] == ["removed"]


def test_blanks_alone_are_no_difference():
    assert not differences([paragraph("甲 乙")], [paragraph("甲乙")])


texts = st.lists(st.text("甲乙丙0123.，。", min_size=1, max_size=12).filter(str.strip), max_size=6)


@given(texts)
def test_a_version_does_not_differ_from_itself(words):
    blocks = [paragraph(one) for one in words]
    assert not differences(blocks, blocks)


@given(texts, texts)
def test_nothing_that_is_new_or_gone_is_passed_over(before, after):
    found = differences([paragraph(one) for one in before], [paragraph(one) for one in after])
    old = "".join(part.text for change in found.texts for part in change.parts if part.deed != "added")
    new = "".join(part.text for change in found.texts for part in change.parts if part.deed != "removed")
    assert all(one in old for one in before if one not in after)
    assert all(one in new for one in after if one not in before)
