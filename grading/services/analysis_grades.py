"""How the grades are distributed, and how they drift: by year, kind and field, with what the drift is made of."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from agencies.states import Grade
from core.i18n import _
from core.plots import Picture
from core.plots.charts import Mark, Range, Series, Share, lines, ranges, shares
from grading.addresses import analysis_rows
from grading.analysis.drift import Rating, leniency_of, parts_of, trend_of
from grading.analysis.estimates import Estimate, mean_of
from grading.queries.analysis_grades import (
    LETTERS,
    counts_by_kind,
    counts_by_sector,
    pair_sums,
    trend_sums,
)
from grading.services.analysis_exhibits import Exhibit, Head, Row, signed
from grading.services.analysis_rules import RULE, AnalysisRules
from grading.services.analysis_sources import Sources

NAMES = tuple(one.value for one in LETTERS)


def _counted(counts: Mapping[Grade, int]) -> dict[str, int]:
    whole = {one.value: counts.get(one, 0) for one in LETTERS}
    return {**whole, "graded": sum(whole.values()), "ungraded": counts.get(Grade.UNGRADED, 0)}


def _heads(key: str, title: str) -> list[Head]:
    return [
        Head(key, title),
        *(Head(name, _("%(letter)s 级", letter=name), "count") for name in NAMES),
        Head("graded", _("获得等级"), "count"),
        Head("ungraded", _("不参评"), "count"),
        Head("best", _("A 级占比"), "share"),
    ]


def _line(key: str, name: str, counts: Mapping[Grade, int], year: int, narrowed: Mapping[str, str]) -> Row:
    whole = _counted(counts)
    links = {letter: analysis_rows(year=year, grade=letter, **narrowed) for letter in NAMES if whole[letter]}
    if whole["ungraded"]:
        links["ungraded"] = analysis_rows(year=year, grade=Grade.UNGRADED.value, **narrowed)
    return Row({key: name, **whole, "best": whole["A"] / whole["graded"] if whole["graded"] else None}, links)


def _shares(title: str, rows: Sequence[tuple[str, Mapping[Grade, int]]], width: float) -> Picture:
    drawn = [
        Share(name, [counts.get(one, 0) for one in LETTERS], _("%(count)s 家", count=_counted(counts)["graded"]))
        for name, counts in rows
        if _counted(counts)["graded"]
    ]
    says = "；".join(
        f"{one.label}：" + "，".join(f"{letter} {part}" for letter, part in zip(NAMES, one.parts, strict=True))
        for one in drawn
    )
    return shares(title, says, drawn, NAMES, width)


def distribution(sources: Sources) -> Exhibit:
    """Return how many agencies have each grade, year by year."""
    counts = sources.counts
    title = _("各年度等级分布")
    rows = [(str(year), one) for year, one in counts.items()]
    says = _("这些年度还没有公布的评级。")
    if counts:
        newest = max(counts)
        whole = _counted(counts[newest])
        says = _(
            "%(year)s 年度 %(graded)s 家机构获得等级，其中 A 级 %(best)s 家、B 级 %(good)s 家、C 级 %(fair)s 家、"
            "D 级 %(poor)s 家；%(ungraded)s 家任务不足，不参评。",
            year=newest,
            graded=whole["graded"],
            best=whole["A"],
            good=whole["B"],
            fair=whole["C"],
            poor=whole["D"],
            ungraded=whole["ungraded"],
        )
    return Exhibit(
        "grades",
        title,
        says,
        _heads("year", _("年度")),
        [_line("year", str(year), one, year, sources.narrowed) for year, one in counts.items()],
        (lambda width: _shares(title, rows, width)) if counts else None,
        [_("只计已公布的评级；占比以获得等级的机构为分母。")],
        ["R-GRADE.bands", "R-GRADE.min"],
    )


def by_kind(sources: Sources) -> Exhibit:
    """Return the newest year's grades by kind of agency."""
    year = sources.newest
    title = _("%(year)s 年度各类机构的等级", year=year)
    counts = counts_by_kind(sources.uow, sources.scope, year)
    rows = [(str(kind.label), one) for kind, one in counts.items()]
    return Exhibit(
        "kinds",
        title,
        _("按机构类型比较；家数少的类型，占比随一两家机构就会大变。"),
        _heads("kind", _("机构类型")),
        [
            _line("kind", str(kind.label), one, year, {**sources.narrowed, "kind": kind.value})
            for kind, one in counts.items()
        ],
        (lambda width: _shares(title, rows, width)) if counts else None,
        rules=["R-AGENCY-01"],
    )


def by_sector(sources: Sources) -> Exhibit:
    """Return the newest year's grades by field."""
    year = sources.newest
    title = _("%(year)s 年度各领域机构的等级", year=year)
    counts = counts_by_sector(sources.uow, sources.scope, year)
    rows = [(str(one.label), counts[one]) for one in counts]
    return Exhibit(
        "fields",
        title,
        _("按机构登记的领域比较，等级是机构全年的等级。"),
        _heads("field", _("领域")),
        [_line("field", str(one.label), counts[one], year, {**sources.narrowed, "field": one.value}) for one in counts],
        (lambda width: _shares(title, rows, width)) if counts else None,
        [_("登记了两个领域的机构在两行都计入，各行相加大于总数。")],
    )


def levels(sources: Sources) -> Exhibit:
    """Return how the scores lie, year by year."""
    sums, rules = sources.sums, sources.rules
    title = _("各年度得分水平")
    means = {year: mean_of(one.scored, one.mean, one.deviation, rules.level) for year, one in sums.items()}
    says = _("这些年度还没有公布的得分。")
    if sums:
        newest = max(sums)
        one = sums[newest]
        says = _(
            "%(year)s 年度 %(count)s 家机构的得分平均 %(mean)s 分，中位数 %(median)s 分，中间一半机构在 %(lower)s 至 "
            "%(upper)s 分之间。",
            year=newest,
            count=one.scored,
            mean=f"{one.mean:.2f}",
            median=f"{one.median:.2f}",
            lower=f"{one.lower:.2f}",
            upper=f"{one.upper:.2f}",
        )

    def draw(width: float) -> Picture:
        ticks = [str(year) for year in sums]
        spans = [(one.low, one.high) if one else None for one in means.values()]
        lowest = min([one.lower or 0 for one in sums.values()] + [rules.lines[-1][1]])
        return lines(
            title,
            says,
            [
                Series(_("平均"), [one.mean for one in sums.values()], spans),
                Series(_("中位数"), [one.median for one in sums.values()], tone="muted", weak=True),
            ],
            ticks,
            width,
            low=float(int(lowest / 5) * 5),
            high=100,
            marks=[Mark(value, letter) for letter, value in rules.lines],
        )

    return Exhibit(
        "levels",
        title,
        says,
        [
            Head("year", _("年度")),
            Head("scored", _("有得分的机构"), "count"),
            Head("mean", _("平均（区间）"), "score", spread=True),
            Head("lower", _("下四分位"), "score"),
            Head("median", _("中位数"), "score"),
            Head("upper", _("上四分位"), "score"),
            Head("deviation", _("标准差"), "score"),
        ],
        [
            Row(
                {
                    "year": str(year),
                    "scored": one.scored,
                    "mean": means[year] or one.mean,
                    "lower": one.lower,
                    "median": one.median,
                    "upper": one.upper,
                    "deviation": one.deviation,
                },
                {"scored": analysis_rows(year=year, **sources.narrowed)},
            )
            for year, one in sums.items()
        ],
        draw if sums else None,
        [_("横虚线是今天规则的等级分数线；以前年度按当年冻结的规则定级。")],
        ["R-GRADE.bands", RULE],
    )


def drift(sources: Sources) -> Exhibit:
    """Return how the mean moved from year to year, and by what: who came and left, who stayed, who rated."""
    uow, scope, rules, sums = sources.uow, sources.scope, sources.rules, sources.sums
    title = _("得分为什么变化")
    rows = []
    ratings = [
        Rating(one.task, one.rater, one.year, one.value)
        for one in sources.ratings
        if one.measure == "report" and one.rater is not None
    ]
    years = sorted(sums)
    stayed: dict[str, Estimate | None] = {}
    for before, now in itertools.pairwise(years):
        pair = pair_sums(uow, scope, before, now)
        part = parts_of(sums[before].mean or 0, sums[now].mean or 0, pair.before, pair.now)
        name = f"{before}→{now}"
        stayed[name] = mean_of(pair.agencies, pair.moved, pair.deviation, rules.level)
        raters = leniency_of(ratings, before, now, rules.level)
        rows.append(
            Row(
                {
                    "years": name,
                    "whole": part.whole if part else (sums[now].mean or 0) - (sums[before].mean or 0),
                    "both": pair.agencies,
                    "stayed": stayed[name] or (part.stayed if part else None),
                    "came": part.came if part else None,
                    "left": part.left if part else None,
                    "raters": raters.raters if raters else None,
                }
            )
        )
    trend = trend_of(trend_sums(uow, scope), rules.level)

    def draw(width: float) -> Picture:
        known = [(name, one) for name, one in stayed.items() if one is not None]
        far = max([abs(end) for _name, one in known for end in (one.low, one.high)] + [1.0])
        far = float(int(far) + 1)
        return ranges(
            title,
            _trend_words(trend, rules),
            [Range(name, one.value, one.low, one.high, signed(one.value)) for name, one in known],
            width,
            low=-far,
            high=far,
            ticks=[(-far, f"−{far:g}"), (far, f"+{far:g}")],
            marks=[Mark(0, _("不变"))],
        )

    drawn = any(one is not None for one in stayed.values())
    return Exhibit(
        "drift",
        title,
        _trend_words(trend, rules),
        [
            Head("years", _("年度")),
            Head("whole", _("平均分变化"), "points"),
            Head("both", _("两年都有得分的机构"), "count"),
            Head("stayed", _("其中：留下的机构自身变化（区间）"), "points", spread=True),
            Head("came", _("新进机构带来"), "points"),
            Head("left", _("离开机构带走"), "points"),
            Head("raters", _("评分人不同造成（仅报告质量评分）"), "points", spread=True),
        ],
        rows,
        draw if drawn else None,
        [
            _("图中是两年都有得分的机构自身变化的平均值和区间；三项相加等于平均分变化。"),
            _("评分人一列由两年共同的评分人推断，没有共同评分人的年度写“—”；所有评分人一起变宽，无法与报告变好区分。"),
        ],
        [RULE, "R-GRADE.spread"],
    )


def _trend_words(trend: Estimate | None, rules: AnalysisRules) -> str:
    if trend is None:
        return str(_("两年都有得分的机构不足 3 家，不能判断得分是否逐年上升。"))
    value, low, high = (signed(one) for one in (trend.value, trend.low, trend.high))
    said = _(
        "同一批 %(count)s 家机构的得分每年变化 %(value)s 分（%(level)s 区间 %(low)s 至 %(high)s）",
        count=trend.cases,
        value=value,
        level=rules.percent,
        low=low,
        high=high,
    )
    verdicts = {1: _("：上升可以认定。"), -1: _("：下降可以认定。"), 0: _("：区间含零，不能认定上升或下降。")}
    return f"{said}{verdicts[trend.side_of(0)]}"
