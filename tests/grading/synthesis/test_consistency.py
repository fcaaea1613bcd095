"""A generated report is right in every figure, computed again from its printed text alone."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from grading.synthesis import LAYOUTS, make_report
from grading.synthesis.decoys import add_decoys

SEEDS = range(25)
FIGURE = re.compile(r"[\d,]+\.?\d*")


def figure(text: str) -> Decimal:
    found = FIGURE.search(text)
    assert found, text
    return Decimal(found[0].replace(",", ""))


def rounded(part: Decimal, base: Decimal) -> Decimal:
    return (part * 100 / base).quantize(Decimal("0.01"), ROUND_HALF_UP)


def reports():
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        report = make_report(rng, pages=7)
        yield report
        yield add_decoys(rng, report, 5)


def tables(report, part):
    return [block.rows for block in report.blocks if block.form == "table" and block.part == part]


def score_rows(report):
    for rows in tables(report, "scores"):
        head = rows[0]
        name = head.index("三级指标") if "三级指标" in head else 0
        for row in rows[1:]:
            if row[0] in {"小计", "合计", "决策", "过程", "产出", "效益"} and (
                "三级指标" not in head or row[0] in {"小计", "合计"}
            ):
                continue
            yield row[name], figure(row[head.index("分值")]), figure(row[head.index("得分")])


def test_leaf_weights_add_to_100_and_leaf_scores_to_the_printed_total() -> None:
    for report in reports():
        rows = list(score_rows(report))
        printed = re.findall(
            r"(?:得分|得分为|总得分为)(\d+\.\d\d)分",
            "\n".join(block.text for block in report.blocks if block.part == "conclusion"),
        )
        assert sum(weight for _, weight, _ in rows) == 100
        assert len(printed) == 1
        assert sum(score for *_, score in rows) == Decimal(printed[0])
        assert all(0 <= score <= weight for _, weight, score in rows)


def test_category_table_adds_up_and_its_rates_are_score_over_weight() -> None:
    for report in reports():
        (rows,) = tables(report, "conclusion")
        weights, scores, rates = ([figure(cell) for cell in row[1:]] for row in rows[1:])
        assert sum(weights[:4]) == weights[4] == 100
        assert sum(scores[:4]) == scores[4]
        assert rates == [rounded(score, weight) for score, weight in zip(scores, weights, strict=True)]


def test_grade_is_that_of_the_total_under_the_printed_bands() -> None:
    for report in reports():
        text = "\n".join(block.text for block in report.blocks if block.part == "conclusion")
        bounds = [Decimal(bound) for bound in re.findall(r"(\d+)（含）", text)]
        total = Decimal(re.search(r"(\d+\.\d\d)分", text)[1])
        expected = next((name for name, bound in zip("优良中", bounds, strict=True) if total >= bound), "差")
        assert set(re.findall("“([优良中差])”", report.text)) == {expected}


def test_spending_table_adds_up_with_its_rates_and_shares() -> None:
    for report in reports():
        (rows,) = tables(report, "basics")
        plans, used = ([figure(row[column]) for row in rows[1:]] for column in (1, 2))
        assert sum(plans[:-1]) == plans[-1]
        assert sum(used[:-1]) == used[-1]
        assert [figure(row[3]) for row in rows[1:]] == [
            rounded(use, plan) for use, plan in zip(used, plans, strict=True)
        ]
        assert [figure(row[4]) for row in rows[1:]] == [rounded(use, used[-1]) for use in used]


def test_town_counts_in_the_text_add_to_their_total() -> None:
    for report in reports():
        (line,) = [block.text for block in report.blocks if block.text.startswith("2.项目内容")]
        figures = [
            Decimal(text.replace(",", "")) for text in FIGURE.findall(line.split("年全年")[1].replace("高标准", ""))
        ]
        assert figures[0] == sum(figures[1:])


def test_growth_and_retained_amount_follow_from_the_figures_beside_them() -> None:
    for report in reports():
        text = report.text.replace(" ", "")
        before, now, word, rate = re.search(
            r"年项目支出([\d,.]+)万元，\d+年支出([\d,.]+)万元，较上年(增长|下降)([\d.]+)%", text
        ).groups()
        change = figure(now) - figure(before)
        assert rounded(abs(change), figure(before)) == Decimal(rate)
        assert (change >= 0) == (word == "增长")
        base, share, amount = re.search(r"调整后预算([\d,.]+)万元的(\d+)%，即([\d,.]+)万元", text).groups()
        assert (figure(base) * Decimal(share) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) == figure(amount)


def test_survey_counts_are_ordered_and_satisfaction_is_their_weighted_mean() -> None:
    for report in reports():
        rows = tables(report, "survey")[0]
        rows = rows if rows[0][1] == "很满意" else list(zip(*rows, strict=True))
        counts = [figure(cell) for cell in rows[1][1:]]
        assert sum(counts[:4]) == counts[4]
        text = "\n".join(block.text for block in report.blocks if block.part == "survey").replace(" ", "")
        sent, returned = re.search(r"发放([\d,]+)份，收回([\d,]+)份", text).groups()
        assert figure(sent) >= figure(returned) >= counts[4]
        mean = (counts[0] * 100 + counts[1] * 80 + counts[2] * 60) / counts[4]
        assert f"满意度为{mean.quantize(Decimal('0.01'), ROUND_HALF_UP)}%" in text


def test_every_deduction_is_told_as_a_problem_with_a_suggestion() -> None:
    for report in reports():
        problems = "\n".join(block.text for block in report.blocks if block.part == "problems")
        suggestions = "\n".join(block.text for block in report.blocks if block.part == "suggestions")
        for name, weight, score in score_rows(report):
            bare = re.sub(r"^[A-D]\d\d", "", name)
            assert (f"“{bare}”指标因此扣{weight - score:.2f}分" in problems) == (score < weight)
            assert (f"“{bare}”" in suggestions) == (score < weight)


def test_phases_run_forward_and_end_before_the_report() -> None:
    for report in reports():
        days = [day for phase in report.facts.phases for day in phase]
        assert days == sorted(days)
        assert days[-1] < report.facts.finished


def test_no_long_paragraph_stands_twice() -> None:
    for report in reports():
        texts = [block.text for block in report.blocks if len(block.text) >= 40]
        assert len(texts) == len(set(texts))


def test_same_seed_gives_the_same_report_and_another_seed_another() -> None:
    first, again, other = (make_report(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert first == again
    assert first.text != other.text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_differ_in_their_score_table(layout: str) -> None:
    report = make_report(np.random.default_rng(3), layout, 6)
    heads = {
        name: tables(make_report(np.random.default_rng(3), name, 6), "scores")[0][0]
        for name in ("four", "seven", "parts", "merged")
    }
    assert tables(report, "scores")[0][0] not in [head for name, head in heads.items() if name != layout]


def test_provincial_layout_has_28_leaves_and_about_a_hundred_tables() -> None:
    report = make_report(np.random.default_rng(8), "provincial", 60)
    assert len(list(score_rows(report))) == 28
    assert 80 <= sum(block.form == "table" for block in report.blocks) <= 140
