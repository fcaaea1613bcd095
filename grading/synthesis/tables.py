"""The score table in each house's form, the table of one indicator, and the annex of the questionnaire."""

from __future__ import annotations

from grading.synthesis.blocks import mark
from grading.synthesis.chance import percent
from grading.synthesis.facts import CATEGORIES, Leaf
from grading.synthesis.writer import Writer

Merges = list[tuple[int, int, int, int]]


def _score(leaf: Leaf) -> str:
    return mark(f"leaf.{leaf.code}.score", f"{leaf.score:.2f}")


def _target(leaf: Leaf) -> str:
    return mark(f"leaf.{leaf.code}.target", leaf.target)


def _actual(leaf: Leaf) -> str:
    return mark(f"leaf.{leaf.code}.actual", leaf.actual)


def _sums(w: Writer) -> tuple[str, str]:
    return mark("all.weight", "100" if "." not in w.points("x.weight", w.facts.weight(0)) else "100.00"), mark(
        "total.annex", f"{w.facts.total:.2f}"
    )


def indicator_table(w: Writer) -> None:
    """The whole indicator system with scores, in the form of the house's layout."""
    {"four": _four, "seven": _seven, "parts": _parts, "merged": _merged, "landscape": _broad, "provincial": _broad}[
        w.house.layout
    ](w)


def _four(w: Writer) -> None:
    rows = [["指标名称", "分值", "得分", "评价说明"]]
    for place, name in enumerate(CATEGORIES):
        weight = w.points(f"cat.{place}.weight", w.facts.weight(place))
        rows.append([name, weight, mark(f"cat.{place}.score", f"{w.facts.score(place):.2f}"), ""])
        rows += [
            [leaf.name, w.points(f"leaf.{leaf.code}.weight", leaf.weight), _score(leaf), leaf.note]
            for leaf in w.facts.of(place)
        ]
    weight, total = _sums(w)
    rows.append(["合计", weight, total, ""])
    w.grid(rows)


def _seven(w: Writer) -> None:
    rows = [["一级指标", "三级指标", "分值", "目标值", "实际完成值", "得分", "评分说明"]]
    rows += [
        [
            CATEGORIES[leaf.category],
            leaf.name,
            w.points(f"leaf.{leaf.code}.weight", leaf.weight),
            _target(leaf),
            _actual(leaf),
            _score(leaf),
            leaf.note,
        ]
        for leaf in w.facts.leaves
    ]
    weight, total = _sums(w)
    rows.append(["合计", "", weight, "", "", total, ""])
    w.grid(rows)


def _parts(w: Writer) -> None:
    for place, name in enumerate(CATEGORIES):
        rows = [["二级指标", "三级指标", "分值", "得分", "得分率"]]
        for leaf in w.facts.of(place):
            share = w.rate(f"leaf.{leaf.code}.rate", percent(leaf.score, leaf.weight))
            rows.append([leaf.group, leaf.name, w.points(f"leaf.{leaf.code}.weight", leaf.weight), _score(leaf), share])
        score, weight = w.facts.score(place), w.facts.weight(place)
        rows.append(
            [
                "小计",
                "",
                w.points(f"cat.{place}.weight", weight),
                mark(f"cat.{place}.score", f"{score:.2f}"),
                w.rate(f"cat.{place}.rate", percent(score, weight)),
            ]
        )
        w.grid(rows, caption=f"附表1-{place + 1}  {name}指标评分表")


def _spans(names: list[str], column: int) -> Merges:
    merges, start = [], 0
    for end in range(1, len(names) + 1):
        if end == len(names) or names[end] != names[start]:
            if end - start > 1:
                merges.append((start + 1, column, end - start, 1))
            start = end
    return merges


def _merged(w: Writer) -> None:
    rows = [["一级指标", "二级指标", "三级指标", "分值", "评分标准", "评价情况", "得分"]]
    merges: Merges = []
    for place, name in enumerate(CATEGORIES):
        leaves = w.facts.of(place)
        label = f"{name}（{w.points(f'cat.{place}.weight', w.facts.weight(place))}分）"
        first = len(rows)
        for number, leaf in enumerate(leaves):
            before = leaves[number - 1].group if number else ""
            rows.append(
                [
                    label if not number else "",
                    leaf.group if leaf.group != before else "",
                    leaf.name,
                    w.points(f"leaf.{leaf.code}.weight", leaf.weight),
                    leaf.rule,
                    leaf.note,
                    _score(leaf),
                ]
            )
        merges.append((first, 0, len(leaves), 1))
        merges += [(r + first - 1, c, n, 1) for r, c, n, _ in _spans([leaf.group for leaf in leaves], 1)]
        weight = w.points(f"cat.{place}.weight", w.facts.weight(place))
        rows.append(["小计", "", "", weight, "", "", mark(f"cat.{place}.score", f"{w.facts.score(place):.2f}")])
        merges.append((len(rows) - 1, 0, 1, 3))
    weight, total = _sums(w)
    rows.append(["合计", "", "", weight, "", "", total])
    merges.append((len(rows) - 1, 0, 1, 3))
    w.grid(rows, merges)


def _broad(w: Writer) -> None:
    rows = [["一级指标", "二级指标", "三级指标", "分值", "指标解释", "目标值", "实际值", "评价意见", "得分"]]
    merges: Merges = []
    for place, name in enumerate(CATEGORIES):
        leaves, first = w.facts.of(place), len(rows)
        weight = w.points(f"cat.{place}.weight", w.facts.weight(place))
        for number, leaf in enumerate(leaves):
            before = leaves[number - 1].group if number else ""
            rows.append(
                [
                    f"{'ABCD'[place]}{name}{weight}分" if not number else "",
                    leaf.group if leaf.group != before else "",
                    f"{leaf.code}{leaf.name}",
                    w.points(f"leaf.{leaf.code}.weight", leaf.weight),
                    f"反映和考核{leaf.name}。{leaf.rule}",
                    _target(leaf),
                    _actual(leaf),
                    leaf.note,
                    _score(leaf),
                ]
            )
        merges.append((first, 0, len(leaves), 1))
        merges += [(r + first - 1, c, n, 1) for r, c, n, _ in _spans([leaf.group for leaf in leaves], 1)]
    weight, total = _sums(w)
    rows.append(["合计", "", "", weight, "", "", "", "", total])
    w.grid(rows, merges, wide=True)


def leaf_table(w: Writer, leaf: Leaf) -> None:
    """One indicator in a table of its own."""
    rows = [
        ["指标名称", leaf.name, "分值", w.points(f"leaf.{leaf.code}.weight", leaf.weight), "得分", _score(leaf)],
        [
            "目标值",
            _target(leaf),
            "实际值",
            _actual(leaf),
            "得分率",
            w.rate(f"leaf.{leaf.code}.rate", percent(leaf.score, leaf.weight)),
        ],
        ["评分规则", leaf.rule, "", "", "", ""],
    ]
    w.grid(rows, [(2, 1, 1, 5)])


def survey_annex(w: Writer) -> None:
    """The questionnaire: counts, shares, weighted satisfaction, and a question with several answers."""
    survey, group = w.facts.survey, w.facts.domain.group
    w.head(1, f"附件2：{group}问卷调查结果", "survey")
    w.say(
        f"问卷发放{w.number('survey.sent', survey.sent)}份，"
        f"收回{w.number('survey.returned', survey.returned)}份，回收率"
        f"{w.rate('survey.return', percent(survey.returned, survey.sent))}；"
        f"有效问卷{w.number('survey.valid', survey.valid)}份，有效率"
        f"{w.rate('survey.validity', percent(survey.valid, survey.returned))}。"
        + w.pick(
            "survey.weights",
            "满意度按很满意100分、满意80分、基本满意60分、不满意0分加权计算，",
            "满意度按很满意、满意、基本满意、不满意分别赋100分、80分、60分、0分加权平均，",
            "“很满意”“满意”“基本满意”“不满意”四档权重分别为1、0.8、0.6、0，",
        )
        + f"{group}满意度为{w.rate('survey.satisfaction', survey.satisfaction)}。"
    )
    counts = [w.cell(f"survey.count.{place}", count) for place, count in enumerate(survey.counts)]
    parts = [w.rate(f"survey.share.{place}", percent(count, survey.valid)) for place, count in enumerate(survey.counts)]
    names = ["很满意", "满意", "基本满意", "不满意", "合计"]
    rows = [
        ["选项", *names],
        ["份数", *counts, w.cell("survey.valid", survey.valid)],
        ["占比", *parts, "100.00%"],
    ]
    upright = w.pick("survey.table", "across", "down") == "down"
    w.grid([list(row) for row in zip(*rows, strict=True)] if upright else rows)
    few = survey.counts[2] + survey.counts[3]
    if few >= 10:
        first, second = few * 6 // 10, few * 5 // 10
        w.say(
            f"希望改进的方面（多选，{few}人作答）：服务时效{first}人，占{percent(first, few)}%；"
            f"沟通反馈{second}人，占{percent(second, few)}%；"
            f"设施条件{few // 3}人，占{percent(few // 3, few)}%。"
        )
