"""How long agencies take to answer and to correct, with those still open counted as what they are; and lateness."""

from __future__ import annotations

import dataclasses

from core.i18n import _
from core.plots import Picture, Tone
from core.plots.charts import Mark, Range, ranges, steps
from grading.addresses import analysis_letters
from grading.analysis.durations import Waiting, waiting_of
from grading.analysis.estimates import share_of
from grading.queries.analysis_letters import (
    Lateness,
    answer_spans,
    correction_spans,
    lateness,
    lateness_by_agency,
)
from grading.services.analysis_exhibits import Exhibit, Head, Row, Value
from grading.services.analysis_rules import RULE, AnalysisRules
from grading.services.analysis_sources import Sources

MOST = 20


def answers(sources: Sources) -> Exhibit:
    """Return how long agencies take to answer a letter."""
    uow, rules = sources.uow, sources.rules
    return _curve(
        "answers",
        str(_("从发出询问函到答复")),
        waiting_of(answer_spans(uow, sources.scope, sources.today), rules.level),
        rules,
        str(_("答复是机构书面答复或者提交修改版，以先到的为准；尚未答复的按至今仍未答复计入，不丢弃。")),
    )


def corrections(sources: Sources) -> Exhibit:
    """Return how long corrected versions take."""
    uow, rules = sources.uow, sources.rules
    return _curve(
        "corrections",
        str(_("从发出询问函到提交修改版")),
        waiting_of(correction_spans(uow, sources.scope, sources.today), rules.level),
        rules,
        str(_("逐条都只作说明的询问函不要求修改，不计入；尚未修改的按至今仍未修改计入。")),
    )


def _days(value: int | None) -> str:
    return str(_("未达到")) if value is None else str(value)


def _curve(key: str, title: str, found: Waiting, rules: AnalysisRules, note: str) -> Exhibit:
    letters = found.done + found.still_open
    if not letters:
        says = str(_("这些年度没有发出询问函。"))
    elif found.median is None:
        says = str(
            _(
                "%(letters)s 封中 %(open)s 封仍未完成，不到一半完成，中位数未达到。",
                letters=letters,
                open=found.still_open,
            )
        )
    else:
        says = str(
            _(
                "一半在 %(days)s 天内完成（%(level)s 区间 %(low)s 至 %(high)s）；%(letters)s 封中 %(open)s 封未完成。",
                days=found.median,
                level=rules.percent,
                low=_days(found.median_low),
                high=_days(found.median_high),
                letters=letters,
                open=found.still_open,
            )
        )

    def draw(width: float) -> Picture:
        last = float(max(found.steps[-1].day + 1, 7))
        path = [(float(one.day), one.open) for one in found.steps]
        low = [(float(one.day), one.low) for one in found.steps]
        high = [(float(one.day), one.high) for one in found.steps]
        unit = str(_("天"))
        whole = [(at, f"{at:.0f} {unit}") for at in (0.0, round(last / 2), last)]
        marks = (
            [Mark(found.median, str(_("中位数 %(days)s 天", days=found.median)))] if found.median is not None else []
        )
        curves: list[tuple[str, list[tuple[float, float]], Tone, bool]] = [
            ("", low, "muted", True),
            ("", high, "muted", True),
            (str(_("未完成")), path, "blue", False),
        ]
        return steps(title, says, curves, width, last=last, ticks=whole, marks=marks)

    return Exhibit(
        key,
        title,
        says,
        [
            Head("day", _("第几天"), "days"),
            Head("risk", _("此前未完成"), "count"),
            Head("open", _("此后未完成的比例"), "share"),
            Head("low", _("下限"), "share"),
            Head("high", _("上限"), "share"),
        ],
        [
            Row({"day": one.day, "risk": one.at_risk, "open": one.open, "low": one.low, "high": one.high})
            for one in found.steps
        ],
        draw if found.steps else None,
        [note, _("卡普兰—迈耶估计；天数是日历日。")],
        [RULE, "R-GRADE.reply"],
        "" if letters >= rules.common_least else str(_("只有 %(count)s 封询问函，样本少，只供参考。", count=letters)),
    )


def _late_values(one: Lateness, rules: AnalysisRules) -> dict[str, Value]:
    return {
        "letters": one.letters,
        "late": one.late,
        "share": share_of(one.late + one.overdue, one.answered + one.overdue, rules.level),
        "open": one.open,
        "overdue": one.overdue,
    }


def _late_heads() -> list[Head]:
    return [
        Head("letters", _("询问函"), "count"),
        Head("late", _("逾期答复"), "count"),
        Head("open", _("尚未答复"), "count"),
        Head("overdue", _("其中已逾期"), "count"),
        Head("share", _("逾期率（区间）"), "share", spread=True),
    ]


def years(sources: Sources) -> Exhibit:
    """Return year by year how many letters were answered late."""
    uow, scope, rules = sources.uow, sources.scope, sources.rules
    title = str(_("各年度答复与逾期"))
    rows, drawn, whole = [], [], [0, 0]
    for year in scope.years:
        one = dataclasses.replace(scope, first=year, last=year)
        counts = lateness(uow, one, sources.today)
        if not counts.letters:
            continue
        found = waiting_of(answer_spans(uow, one, sources.today), rules.level)
        values = _late_values(counts, rules)
        whole = [whole[0] + counts.late + counts.overdue, whole[1] + counts.answered + counts.overdue]
        share = share_of(counts.late + counts.overdue, counts.answered + counts.overdue, rules.level)
        if share is not None:
            drawn.append(Range(str(year), share.value, share.low, share.high, f"{share.value * 100:.0f}%", "blue"))
        in_year = {**sources.within, "from": year, "to": year}
        links = {only: analysis_letters(only=only, **in_year) for only in ("late", "open", "overdue") if values[only]}
        links["letters"] = analysis_letters(**in_year)
        median = _days(found.median)
        rows.append(Row({"year": str(year), **values, "median": median}, links))
    says = str(_("这些年度没有发出询问函。"))
    if rows:
        says = str(
            _(
                "已到期或已答复的 %(whole)s 封询问函中，逾期的 %(late)s 封。",
                whole=whole[1],
                late=whole[0],
            )
        )

    def draw(width: float) -> Picture:
        return ranges(title, says, drawn, width, low=0, high=1, ticks=[(0, "0%"), (0.5, "50%"), (1, "100%")])

    return Exhibit(
        "letters",
        title,
        says,
        [Head("year", _("年度")), *_late_heads(), Head("median", _("答复中位天数"), "text")],
        rows,
        draw if drawn else None,
        [_("期限是询问函上的答复期限；逾期率的分母是已答复的和已过期限的。区间是威尔逊区间。")],
        ["R-GRADE.reply", RULE],
    )


def late_agencies(sources: Sources) -> Exhibit:
    """Return who answers late."""
    uow, scope, rules = sources.uow, sources.scope, sources.rules
    found = lateness_by_agency(uow, scope, sources.today, MOST)
    return Exhibit(
        "late-agencies",
        str(_("各机构的答复与逾期")),
        str(_("逾期多的在前，最多列 %(count)s 家。", count=MOST)),
        [Head("agency", _("机构")), *_late_heads()],
        [
            Row(
                {"agency": name, **_late_values(one, rules)},
                {"letters": analysis_letters(agency=agency, **sources.within)},
            )
            for agency, name, one in found
        ],
        None,
        [_("封数少的机构，逾期率的区间很宽，不作结论。")],
        ["R-GRADE.reply"],
    )
