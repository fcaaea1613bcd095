"""Which faults the reports hold, by class and by agency, and which come again after a letter asked about them."""

from __future__ import annotations

from agencies.models import Agency
from core.i18n import _
from core.plots import Picture, Tone
from core.plots.charts import Mark, Range, ranges
from grading.addresses import analysis_of, analysis_reports
from grading.analysis.estimates import Estimate, rate_of, share_of
from grading.analysis.rates import House, house_of, shrunk
from grading.finding_words import class_title
from grading.queries.analysis_findings import (
    agencies_by_rate,
    agency_groups,
    asked_again,
    class_groups,
    class_sums,
    reports_checked,
)
from grading.services.analysis_exhibits import Exhibit, Head, Row
from grading.services.analysis_rules import RULE, AnalysisRules
from grading.services.analysis_sources import Sources

DRAWN = 14
MOST = 30


def classes(sources: Sources) -> Exhibit:
    """Return the upheld findings by class."""
    uow, scope, rules = sources.uow, sources.scope, sources.rules
    title = str(_("成立疑点的类别"))
    reports, sums = reports_checked(uow, scope), class_sums(uow, scope)
    known = sorted(((code, one) for code, one in sums.items() if one.upheld), key=lambda pair: -pair[1].upheld)
    rates = {code: rate_of(one.upheld, reports, rules.level) for code, one in known}
    whole = sum(one.upheld for _code, one in known)
    says = str(_("%(reports)s 份报告已核查，没有成立的疑点。", reports=reports))
    if known:
        code, first = known[0]
        says = str(
            _(
                "%(reports)s 份报告成立疑点 %(count)s 条，每份 %(rate)s 条；最多的是“%(title)s”，%(part)s 份报告有。",
                reports=reports,
                count=whole,
                rate=f"{whole / reports:.2f}",
                title=class_title(code),
                part=first.reports,
            )
        )
    rows = [
        Row(
            {
                "class": str(class_title(code)),
                "upheld": one.upheld,
                "reports": one.reports,
                "errors": one.errors,
                "rate": rates[code],
                "dismissed": one.dismissed,
            },
            {"reports": analysis_reports(code=code, **sources.within)},
        )
        for code, one in known
    ]

    def draw(width: float) -> Picture:
        shown = [(code, rates[code]) for code, _one in known[:DRAWN]]
        return _ranges(title, says, [(str(class_title(code)), one) for code, one in shown if one], width)

    return Exhibit(
        "classes",
        title,
        says,
        [
            Head("class", _("疑点类别")),
            Head("upheld", _("成立"), "count"),
            Head("reports", _("涉及报告"), "count"),
            Head("errors", _("其中差错"), "count"),
            Head("rate", _("每份报告（区间）"), "rate", spread=True),
            Head("dismissed", _("认定不成立"), "count"),
        ],
        rows,
        draw if known else None,
        [_("一条疑点在几个版本中都有的只计一次；报告按第一版提交的年份计。区间是泊松分布的精确区间。")],
        [RULE, "R-PERF-11"],
        _few(reports, rules),
    )


def _ranges(
    title: str, says: str, rows: list[tuple[str, Estimate]], width: float, house: float | None = None
) -> Picture:
    highest = max([one.value for _name, one in rows] + [house or 0.0]) or 1.0
    farthest = min(max(one.high for _name, one in rows), 3 * highest)
    high = max(farthest, 0.5)
    return ranges(
        title,
        says,
        [Range(name, one.value, one.low, one.high, f"{one.value:.2f}", _tone(one, house)) for name, one in rows],
        width,
        low=0,
        high=high,
        ticks=[(0, "0"), (high / 2, f"{high / 2:.1f}"), (high, f"{high:.1f}")],
        marks=[] if house is None else [Mark(house, str(_("全部机构 %(rate)s", rate=f"{house:.2f}")))],
    )


def _tone(one: Estimate, house: float | None) -> Tone:
    tones: dict[int, Tone] = {1: "red", -1: "green", 0: "blue"}
    return "blue" if house is None else tones[one.side_of(house)]


def _verdict(one: Estimate, house: House) -> str:
    words = {1: _("高于全部机构"), -1: _("低于全部机构"), 0: _("看不出差别")}
    return str(words[one.side_of(house.rate)])


def _few(reports: int, rules: AnalysisRules) -> str:
    if reports >= rules.common_least:
        return ""
    return str(_("只有 %(count)s 份报告，样本少，只供参考。", count=reports))


def agencies(sources: Sources) -> Exhibit:
    """Return each agency's upheld findings for each report beside the house's."""
    uow, scope, rules = sources.uow, sources.scope, sources.rules
    title = str(_("各机构每份报告的成立疑点"))
    house = house_of(agency_groups(uow, scope))
    rows: list[Row] = []
    drawn: list[tuple[str, Estimate]] = []
    above = few = 0
    if house is not None and house.rate > 0:
        order = (house.shape, house.shape / house.rate)
        for agency, name, count, reports in agencies_by_rate(uow, scope, order, MOST):
            one = shrunk(count, reports, house, rules.level)
            above += one.side_of(house.rate) > 0
            few += reports < rules.reports_least
            drawn.append((name, one))
            rows.append(
                Row(
                    {
                        "agency": name,
                        "reports": reports,
                        "findings": count,
                        "raw": count / reports,
                        "rate": one,
                        "verdict": _verdict(one, house)
                        if reports >= rules.reports_least
                        else str(_("样本少，不作结论")),
                    },
                    {
                        "agency": analysis_of(agency=agency, **sources.within),
                        "reports": analysis_reports(agency=agency, **sources.within),
                    },
                )
            )
    says = str(_("还没有成立的疑点可以比较。"))
    if rows and house is not None:
        says = str(
            _(
                "全部机构平均每份报告 %(rate)s 条；所列 %(count)s 家中 %(above)s 家可以认定更多，%(few)s 家报告少。",
                rate=f"{house.rate:.2f}",
                count=len(rows),
                above=above,
                few=few,
            )
        )

    def draw(width: float) -> Picture:
        return _ranges(title, says, drawn[:DRAWN], width, house.rate if house else None)

    return Exhibit(
        "agencies",
        title,
        says,
        [
            Head("agency", _("机构")),
            Head("reports", _("报告"), "count"),
            Head("findings", _("成立疑点"), "count"),
            Head("raw", _("每份报告"), "rate"),
            Head("rate", _("向平均收缩后（区间）"), "rate", spread=True),
            Head("verdict", _("与平均相比")),
        ],
        rows,
        draw if rows else None,
        [
            _("报告少的机构，估计值向全部机构的平均收缩：一两份报告说明不了多少。"),
            _("同时比较许多机构，总会有几家只因偶然落在区间之外，不据此作出处理。"),
        ],
        [RULE, "R-GRADE.scope"],
    )


def own(sources: Sources, agency: Agency) -> Exhibit:
    """Return one agency's findings by class beside the house's."""
    uow, scope, rules = sources.uow, sources.scope, sources.rules
    name = agency.organisation.name
    title = str(_("%(agency)s：各类疑点与全部机构相比", agency=name))
    groups, mine = class_groups(uow, scope), class_sums(uow, scope, agency.id)
    reports = reports_checked(uow, scope, agency.id)
    rows, drawn = [], []
    for code in sorted(groups, key=lambda code: -(mine[code].upheld if code in mine else 0)):
        house = house_of(groups[code])
        if house is None:
            continue
        count = mine[code].upheld if code in mine else 0
        one = shrunk(count, reports, house, rules.level)
        if count:
            drawn.append((str(class_title(code)), one, house))
        rows.append(
            Row(
                {
                    "class": str(class_title(code)),
                    "upheld": count,
                    "rate": one,
                    "house": house.rate,
                    "verdict": _verdict(one, house) if reports >= rules.reports_least else str(_("样本少，不作结论")),
                },
                {"upheld": analysis_reports(code=code, agency=agency.id, **sources.within)} if count else {},
            )
        )
    says = str(
        _(
            "%(reports)s 份报告，成立疑点 %(count)s 条；高于全部机构的类别 %(above)s 个。",
            reports=reports,
            count=sum(one.upheld for one in mine.values()),
            above=sum(one.side_of(house.rate) > 0 for _title, one, house in drawn)
            if reports >= rules.reports_least
            else 0,
        )
    )

    def draw(width: float) -> Picture:
        ranged = [(f"{words}（{house.rate:.2f}）", one) for words, one, house in drawn[:DRAWN]]
        return _ranges(title, says, ranged, width)

    return Exhibit(
        "own",
        title,
        says,
        [
            Head("class", _("疑点类别")),
            Head("upheld", _("成立"), "count"),
            Head("rate", _("每份报告，收缩后（区间）"), "rate", spread=True),
            Head("house", _("全部机构每份报告"), "rate"),
            Head("verdict", _("与平均相比")),
        ],
        rows,
        draw if drawn else None,
        [_("图中类别后的括号是全部机构的平均。")],
        [RULE],
        "" if reports >= rules.reports_least else str(_("只有 %(count)s 份报告，样本少，不作结论。", count=reports)),
    )


def again(sources: Sources, agency: Agency | None = None) -> Exhibit:
    """Return what came again in reports delivered after the agency was asked about it."""
    uow, scope, rules = sources.uow, sources.scope, sources.rules
    title = str(_("询问之后是否再出现"))
    found = asked_again(uow, scope, agency.id if agency else None)
    known = sorted(found.items(), key=lambda pair: (-pair[1].again, -pair[1].later))
    shares = {code: share_of(one.again, one.later, rules.level) for code, one in known}
    later, repeated = sum(one.later for one in found.values()), sum(one.again for one in found.values())
    says = str(_("还没有机构在收到询问函之后又提交新的报告。"))
    if found:
        says = str(
            _(
                "机构被询问过某类疑点之后，新提交的报告同类疑点再次成立 %(again)s 次（可比 %(later)s 次）。",
                again=repeated,
                later=later,
            )
        )

    def draw(width: float) -> Picture:
        rows = [
            Range(
                str(class_title(code)),
                one.value,
                one.low,
                one.high,
                f"{found[code].again}/{found[code].later}",
            )
            for code, one in shares.items()
            if one is not None
        ]
        return ranges(title, says, rows[:DRAWN], width, low=0, high=1, ticks=[(0, "0%"), (0.5, "50%"), (1, "100%")])

    return Exhibit(
        "again",
        title,
        says,
        [
            Head("class", _("疑点类别")),
            Head("agencies", _("被询问过的机构"), "count"),
            Head("later", _("之后提交的报告"), "count"),
            Head("again", _("再次成立"), "count"),
            Head("share", _("再次出现的比例（区间）"), "share", spread=True),
        ],
        [
            Row(
                {
                    "class": str(class_title(code)),
                    "agencies": one.agencies,
                    "later": one.later,
                    "again": one.again,
                    "share": shares[code],
                }
            )
            for code, one in known
        ],
        draw if found else None,
        [_("只计第一次询问之后才首次提交的报告；同一报告的修改版不算。区间是威尔逊区间。")],
        [RULE, "R-AGENCY-11"],
        "" if later >= rules.common_least else str(_("可比的报告只有 %(count)s 份，样本少，不作结论。", count=later)),
    )
