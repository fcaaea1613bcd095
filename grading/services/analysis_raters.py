"""How far those who rate agree: by dimension, by kind of rater, and how reliable one rater and their mean are."""

from __future__ import annotations

import itertools
from statistics import fmean, stdev

from core.i18n import Text, _, _l
from core.plots import Picture
from core.plots.charts import Mark, Range, ranges
from grading.analysis.agreement import RELIABLE, TENTATIVE, Correlations, Ratings, alpha, correlations
from grading.analysis.estimates import Estimate, mean_of
from grading.rubric_files import shipped
from grading.services.analysis_exhibits import Exhibit, Head, Row, shown, signed
from grading.services.analysis_rules import RULE, AnalysisRules
from grading.services.analysis_sources import Sources

KINDS: dict[str, Text] = {"unit": _l("项目单位"), "bureau": _l("财政局"), "experts": _l("评审专家")}
WHOLE = "report"


def measure_titles() -> dict[str, str]:
    """Return the names of what is rated, in the order of the sheet; the whole report first."""
    lines = [line for rubric in shipped().values() for line in (*rubric.quality, *rubric.conduct)]
    titles = {WHOLE: str(_("报告质量（总分）"))}
    for line in lines:  # the bureau's own rubric comes first and names what several have
        titles.setdefault(line.key, str(line.title))
    return titles


def agreement(sources: Sources) -> Exhibit:
    """Return how far raters agree on the whole report and on each dimension."""
    rows, rules = sources.ratings, sources.rules
    title = str(_("评分一致性"))
    found: list[tuple[str, Ratings, Estimate | None, Correlations | None]] = []
    for measure, name in measure_titles().items():
        chosen = Ratings.of([(one.task, one.rater, one.value) for one in rows if one.measure == measure])
        if chosen.reports:
            found.append((name, chosen, alpha(chosen, rules.level), correlations(chosen, rules.level)))
    enough = {name: ratings.reports >= rules.common_least for name, ratings, _alpha, _icc in found}
    says = str(_("没有报告由两人以上评分，无从比较。"))
    if found:
        name, ratings, whole, _icc = found[0]
        says = _words(name, ratings, whole, rules)

    def draw(width: float) -> Picture:
        drawn = [
            Range(name, one.value, one.low, one.high, shown("rate", one.value), weak=not enough[name])
            for name, _ratings, one, _icc in found
            if one is not None
        ]
        low = -0.2 if min(one.low for one in drawn) < 0 else 0.0
        marks = [Mark(TENTATIVE, "0.667"), Mark(RELIABLE, "0.800")]
        return ranges(title, says, drawn, width, low=low, high=1, ticks=[(0, "0"), (1, "1")], marks=marks)

    return Exhibit(
        "agreement",
        title,
        says,
        [
            Head("measure", _("评分项")),
            Head("reports", _("共评报告"), "count"),
            Head("ratings", _("评分数"), "count"),
            Head("alpha", _("克里彭多夫 α"), "coefficient", spread=True),
            Head("single", "ICC(2,1)", "coefficient", spread=True),
            Head("average", "ICC(2,k)", "coefficient", spread=True),
            Head("each", _("每份平均评分人"), "rate"),
            Head("verdict", _("判断")),
        ],
        [
            Row(
                {
                    "measure": name,
                    "reports": ratings.reports,
                    "ratings": len(ratings.value),
                    "alpha": one,
                    "single": icc.single if icc else None,
                    "average": icc.average if icc else None,
                    "each": icc.raters_each if icc else None,
                    "verdict": _verdict(one) if enough[name] else str(_("样本少，不作结论")),
                }
            )
            for name, ratings, one, icc in found
        ],
        draw if any(one is not None for _name, _ratings, one, _icc in found) else None,
        [
            _("α 为 1 是完全一致，0 是与随意评分无异；0.800 以上可作结论，0.667 以上可作初步结论（Krippendorff）。"),
            _("ICC(2,1) 是单个评分人的可靠程度，ICC(2,k) 是各方平均的可靠程度；缺评不补。空心点是样本少。"),
            _("区间由重复抽取报告得到；只用两人以上评过的报告，评分人没有留名的不算 ICC。"),
        ],
        [RULE, "R-GRADE.raters", "R-GRADE.spread"],
        ""
        if found and enough[found[0][0]]
        else str(_("两人以上评过的报告不足 %(count)s 份。", count=rules.common_least)),
    )


def _words(name: str, ratings: Ratings, whole: Estimate | None, rules: AnalysisRules) -> str:
    if whole is None:
        return str(_("%(count)s 份报告由两人以上评分，分数没有差别，无从计算。", count=ratings.reports))
    return str(
        _(
            "%(measure)s：%(count)s 份报告由两人以上评分，α 为 %(alpha)s（%(level)s 区间 %(low)s 至 %(high)s）。",
            measure=name,
            count=ratings.reports,
            alpha=shown("rate", whole.value),
            level=rules.percent,
            low=shown("rate", whole.low),
            high=shown("rate", whole.high),
        )
    )


def _verdict(one: Estimate | None) -> str:
    if one is None:
        return "—"
    if one.value >= RELIABLE:
        return str(_("一致，可作结论"))
    return str(_("大体一致，可作初步结论") if one.value >= TENTATIVE else _("不够一致"))


def pairs(sources: Sources) -> Exhibit:
    """Return how far the kinds of raters differ from one another."""
    rows, rules = sources.ratings, sources.rules
    title = str(_("各方评分的差别"))
    means: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        given: dict[str, list[float]] = {}
        for one in rows:
            if one.measure == WHOLE and one.kind == kind:
                given.setdefault(one.task, []).append(one.value)
        means[kind] = {task: fmean(values) for task, values in given.items()}
    lines: list[tuple[str, int, Estimate | None, Estimate | None]] = []
    for left, right in itertools.combinations(KINDS, 2):
        both = [task for task in means[left] if task in means[right]]
        apart = [means[left][task] - means[right][task] for task in both]
        if not both:
            continue
        spread = stdev(apart) if len(apart) > 1 else None
        kinds = [(task, kind, means[kind][task]) for task in both for kind in (left, right)]
        name = f"{KINDS[left]} − {KINDS[right]}"
        lines.append(
            (
                name,
                len(both),
                mean_of(len(both), fmean(apart), spread, rules.level),
                alpha(Ratings.of(kinds), rules.level),
            )
        )
    says = str(_("没有报告由两方以上评分。"))
    if lines:
        name, count, first, _alpha = lines[0]
        says = str(
            _(
                "%(pair)s：%(count)s 份报告，平均相差 %(points)s 分。",
                pair=name,
                count=count,
                points=signed(first.value) if first else "—",
            )
        )

    def draw(width: float) -> Picture:
        known = [(name, one) for name, _count, one, _alpha in lines if one is not None]
        far = float(int(max([abs(end) for _name, one in known for end in (one.low, one.high)] + [4.0])) + 1)
        return ranges(
            title,
            says,
            [Range(name, one.value, one.low, one.high, signed(one.value)) for name, one in known],
            width,
            low=-far,
            high=far,
            ticks=[(-far, f"−{far:g}"), (far, f"+{far:g}")],
            marks=[Mark(0, str(_("没有差别")))],
        )

    return Exhibit(
        "pairs",
        title,
        says,
        [
            Head("pair", _("两方")),
            Head("reports", _("共评报告"), "count"),
            Head("apart", _("平均相差（区间）"), "points", spread=True),
            Head("alpha", _("两方的克里彭多夫 α"), "coefficient", spread=True),
        ],
        [Row({"pair": name, "reports": count, "apart": mean, "alpha": one}) for name, count, mean, one in lines],
        draw if any(mean for _name, _count, mean, _alpha in lines) else None,
        [_("每方先取自己的平均；正数表示前一方给分高。")],
        ["R-GRADE.raters", "R-GRADE.spread"],
        "" if lines and lines[0][1] >= rules.common_least else str(_("共评的报告少，只供参考。")),
    )
