"""Agencies over the years: who moved from which grade to which, who rose and fell most, and by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import get_locale

from agencies.models import AgencyGrade
from agencies.states import Grade
from core.i18n import Text, _, _l
from core.plots import Picture
from core.plots.charts import Mark, Panel, matrix, multiples
from grading.addresses import analysis_rows, grade_page
from grading.changes import changes
from grading.queries.analysis_grades import histories, movers, moves, names_of
from grading.services.analysis_exhibits import Exhibit, Head, Row, signed
from grading.services.analysis_sources import Sources

MOST = 12
ORDER = (Grade.A, Grade.B, Grade.C, Grade.D, Grade.UNGRADED)
REASONS: dict[str, Text] = {
    "honesty": _l("诚信扣分"),
    "rules": _l("评级规则变化"),
    "rest": _l("四舍五入和上下限"),
}


def _short(grade: Grade) -> str:
    return grade.value if grade is not Grade.UNGRADED else str(_("不参评"))


def changed_grades(sources: Sources) -> Exhibit:
    """Return from which grade to which the agencies went between the two last graded years."""
    uow, scope, now = sources.uow, sources.scope, sources.newest
    before = now - 1
    title = str(_("%(before)s→%(now)s 年度等级变化", before=before, now=now))
    counts = moves(uow, scope, before, now)
    table = [[counts.get((was, became), 0) for became in ORDER] for was in ORDER]
    graded = [(was, became, many) for (was, became), many in counts.items() if Grade.UNGRADED not in (was, became)]
    up = sum(many for was, became, many in graded if became.value < was.value)
    down = sum(many for was, became, many in graded if became.value > was.value)
    same = sum(many for was, became, many in graded if became is was)
    says = str(
        _(
            "两年都获得等级的 %(whole)s 家机构中，%(up)s 家升级、%(same)s 家不变、%(down)s 家降级。",
            whole=up + down + same,
            up=up,
            same=same,
            down=down,
        )
        if graded
        else _("这两个年度没有都获得等级的机构。")
    )
    labels = [_short(one) for one in ORDER]

    def draw(width: float) -> Picture:
        return matrix(title, says, labels, labels, table, width=min(width, 560))

    return Exhibit(
        "moves",
        title,
        says,
        [
            Head("was", _("%(year)s 年度", year=before)),
            *(Head(one.value, f"→ {_short(one)}", "count") for one in ORDER),
        ],
        [
            Row(
                {"was": _short(was), **{became.value: counts.get((was, became), 0) for became in ORDER}},
                {
                    became.value: analysis_rows(year=now, grade=became.value, before=was.value, **sources.narrowed)
                    for became in ORDER
                    if counts.get((was, became))
                },
            )
            for was in ORDER
        ],
        draw if counts else None,
        [_("行是上一年度的等级，列是本年度的等级；方块越大家数越多，蓝为升级，浅色为不变，红为降级或不再参评。")],
        ["R-GRADE.bands", "R-GRADE.min"],
    )


def risers(sources: Sources) -> Exhibit:
    """Return the agencies whose score rose most between the two last graded years."""
    return _movers(sources, up=True)


def fallers(sources: Sources) -> Exhibit:
    """Return the agencies whose score fell most."""
    return _movers(sources, up=False)


def _movers(sources: Sources, *, up: bool) -> Exhibit:
    uow, scope, rules = sources.uow, sources.scope, sources.rules
    pairs = movers(uow, scope, sources.newest - 1, sources.newest, up=up, most=MOST)
    title = str(_("上升最多的机构") if up else _("下降最多的机构"))
    ids = [now.agency_id for _then, now in pairs]
    names, years = names_of(uow, ids), histories(uow, ids, scope)
    rows = [_mover(names[now.agency_id], then, now) for then, now in pairs]
    says = str(_("没有这样的机构。"))
    if pairs:
        then, now = pairs[0]
        says = str(
            _(
                "变化最大的是%(agency)s：%(before)s 分 → %(now)s 分（%(moved)s）。",
                agency=names[now.agency_id],
                before=then.score,
                now=now.score,
                moved=signed((now.score or 0) - (then.score or 0)),
            )
        )

    def draw(width: float) -> Picture:
        known = {agency: years.get(agency, {}) for agency in ids}
        scores = [score for one in known.values() for score, _grade in one.values() if score is not None]
        panels = [
            Panel(
                names[agency],
                [_float(one.get(year, (None, None))[0]) for year in sources.counts],
                [one[year][1].value if year in one else "" for year in sources.counts],
            )
            for agency, one in known.items()
        ]
        lowest = float(min([*scores, Decimal(str(rules.lines[-1][1]))]))
        marks = [Mark(value, letter) for letter, value in rules.lines]
        ticks = [f"{year % 100:02d}" for year in sources.counts]
        return multiples(title, says, panels, ticks, width, low=lowest - 4, high=102, marks=marks)

    return Exhibit(
        "risers" if up else "fallers",
        title,
        says,
        [
            Head("agency", _("机构")),
            Head("before", _("上一年度得分"), "score"),
            Head("now", _("本年度得分"), "score"),
            Head("moved", _("变化"), "points"),
            Head("grades", _("等级")),
            Head("reasons", _("变化由来")),
        ],
        rows,
        draw if pairs else None,
        [_("变化由来逐项相加等于得分变化：先按上一年度的规则比较各要素，规则变化单列。")],
        ["R-GRADE.year", "R-GRADE.bands"],
    )


def _mover(name: str, then: AgencyGrade, now: AgencyGrade) -> Row:
    whole = all("result" in one.record and "rules" in one.record for one in (then, now))
    reasons = changes(then.record, now.record) if whole else None  # a grade taken over has no record of ours
    titles = now.record.get("rules", {}).get("titles", {}) if now.record else {}
    said = "；".join(
        f"{_reason(one.key, titles)} {signed(one.points)}"
        for one in sorted(reasons or [], key=lambda one: -abs(one.points))
    )
    values = {
        "agency": name,
        "before": then.score,
        "now": now.score,
        "moved": (now.score or Decimal(0)) - (then.score or Decimal(0)),
        "grades": f"{then.grade.value}\u00a0→\u00a0{now.grade.value}",
        "reasons": said,
    }
    return Row(values, {"agency": grade_page(now.id)})


def _reason(key: str, titles: Mapping[str, Sequence[str]]) -> str:
    if key in REASONS:
        return str(REASONS[key])
    locale = get_locale()
    english = locale is not None and locale.language == "en"
    return titles[key][1 if english else 0] if key in titles else key


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
