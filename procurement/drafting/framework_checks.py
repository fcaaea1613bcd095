"""Whether a framework call is lawful: term, elimination, second stage, survey, no admission by qualifying alone.

R-FRAME-01 blocks its numbers, R-FRAME-02 warns, R-FRAME-03 says how the second stage may choose.
"""

from __future__ import annotations

import re
from typing import Any

from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lines import RuleLine, broken, kept, warning
from procurement.drafting.requirement import records_of
from procurement.methods import ways_named
from procurement.models import FrameworkTerms, RequirementSurvey, Tender
from procurement.states import Evaluation, Method, RespondentKind

QUALIFYING_ALONE = re.compile(
    r"(符合|满足|具备)[^。；，]{0,12}(条件|资格|要求)[^。；，]{0,6}(即|均|都|全部|一律)[^。；]{0,4}入围"
)
"""Words that admit whoever qualifies, which R-FRAME-02 forbids."""
MONTHS = 12


def most_months(uow: UnitOfWork) -> int:
    """Return the longest lawful term of a framework of services in months (R-FRAME-01)."""
    return uow.house.rules.whole("R-FRAME-01", "services_years_max", on=uow.today) * MONTHS


def terms_in_record(uow: UnitOfWork, tender: Tender) -> dict[str, Any] | None:
    """Return what the frozen record says of the framework; None for any other purchase."""
    terms = uow.session.get(FrameworkTerms, tender.id)
    if terms is None:
        return None
    return {
        "months": terms.months,
        "elimination": terms.elimination,
        "eliminated_min": uow.house.rules.whole("R-FRAME-01", "eliminated_min", on=uow.today),
        "most_admitted": terms.most_admitted,
        "ways": list(terms.ways),
        "top_up_foreseen": terms.top_up_foreseen,
        "exit_rules": terms.exit_rules,
        "top_up_of": terms.top_up_of.tender.number if terms.top_up_of is not None else None,
    }


def framework_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return the panel's lines about a framework call; none for any other purchase."""
    if tender.method is not Method.FRAMEWORK:
        return []
    terms = uow.session.get(FrameworkTerms, tender.id)
    if terms is None:
        return [broken(uow, "R-FRAME-01", _l("尚未填写框架协议的期限、入围办法和第二阶段方式"), "framework")]
    return [
        *_types(uow, tender),
        *_term(uow, terms),
        *_elimination(uow, terms),
        *_second_stage(uow, tender, terms),
        *_quality(tender, terms),
        *_surveyed(uow, tender),
        *_competition(tender, terms),
    ]


def _types(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    high = [lot.title for lot in tender.lots if lot.budget >= tender.budget]
    if high:
        words = _l("“%(title)s”的最高限制单价须低于预计采购总额", title=high[0])
        return [broken(uow, "R-FRAME-01", words, "types")]
    return [kept("R-FRAME-01", _l("%(count)s 类评价已列明最高限制单价", count=len(tender.lots)))]


def _term(uow: UnitOfWork, terms: FrameworkTerms) -> list[RuleLine]:
    most = most_months(uow)
    if terms.months > most:
        words = _l("服务项目框架协议有效期不超过 %(most)s 个月，现为 %(now)s 个月", most=most, now=terms.months)
        return [broken(uow, "R-FRAME-01", words, "months")]
    return [kept("R-FRAME-01", _l("框架协议有效期 %(months)s 个月", months=terms.months))]


def _elimination(uow: UnitOfWork, terms: FrameworkTerms) -> list[RuleLine]:
    book, on = uow.house.rules, uow.today
    least = book.number("R-FRAME-01", "elimination_min", on=on)
    if terms.elimination < least:
        words = _l("淘汰比例不得低于 %(least)s%%，且至少淘汰一家", least=least)
        return [broken(uow, "R-FRAME-01", words, "elimination")]
    words = _l(
        "淘汰比例 %(share)s%%，至少淘汰 %(count)s 家",
        share=format(terms.elimination.normalize(), "f"),
        count=book.whole("R-FRAME-01", "eliminated_min", on=on),
    )
    return [kept("R-FRAME-01", words)]


def _second_stage(uow: UnitOfWork, tender: Tender, terms: FrameworkTerms) -> list[RuleLine]:
    found = []
    if not terms.ways:
        found.append(broken(uow, "R-FRAME-03", _l("请载明第二阶段确定成交供应商的方式"), "ways"))
    if Method.CALL_OFF_PRICES.value in terms.ways and tender.evaluation is not Evaluation.LOWEST_PRICE:
        found.append(warning("R-FRAME-03", _l("二次竞价一般适用于采用价格优先法的项目"), "ways"))
    if not terms.exit_rules:
        found.append(broken(uow, "R-FRAME-01", _l("请写明入围供应商的清退和补充规则"), "exit_rules"))
    if not terms.plan_filing:
        words = _l("采购方案应当在采购活动开始前报本级财政部门备案，请填写备案编号")
        found.append(warning("R-FRAME-01", words, "plan_filing"))
    if found:
        return found
    names = "、".join(str(one) for one in ways_named(terms.ways))
    return [kept("R-FRAME-03", _l("第二阶段：%(ways)s", ways=names))]


def _quality(tender: Tender, terms: FrameworkTerms) -> list[RuleLine]:
    if tender.evaluation is Evaluation.LOWEST_PRICE:
        return [kept("R-FRAME-01", _l("价格优先法：满足全部要求的，按响应报价由低到高入围"))]
    if not terms.quality_ground:
        words = _l("没有政府定价、政府指导价的项目一般采用价格优先法；采用质量优先法请写明依据")
        return [warning("R-FRAME-01", words, "quality_ground")]
    return [kept("R-FRAME-01", _l("质量优先法，依据：%(ground)s", ground=terms.quality_ground))]


def _surveyed(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Buyers and suppliers were asked, so many of each (R-FRAME-01)."""
    fewest = uow.house.rules.whole("R-FRAME-01", "surveyed_min", on=uow.today)
    surveys = records_of(uow, tender).surveys
    asked = max((_asked(one) for one in surveys), default=(0, 0), key=min)
    if min(asked) >= fewest:
        return [
            kept(
                "R-FRAME-01", _l("需求调查了 %(users)s 个采购人、%(market)s 家供应商", users=asked[0], market=asked[1])
            )
        ]
    words = _l(
        "框架协议的需求调查，采购人和供应商各不少于 %(fewest)s 个，现为 %(users)s 个和 %(market)s 个",
        fewest=fewest,
        users=asked[0],
        market=asked[1],
    )
    return [broken(uow, "R-FRAME-01", words, "survey")]


def _asked(survey: RequirementSurvey) -> tuple[int, int]:
    kinds = [(one["name"], one["kind"]) for one in survey.respondents]
    users = {name for name, kind in kinds if kind == RespondentKind.USER.value}
    market = {name for name, kind in kinds if kind == RespondentKind.MARKET.value}
    return len(users), len(market)


def _competition(tender: Tender, terms: FrameworkTerms) -> list[RuleLine]:
    """Nobody is admitted merely for qualifying (R-FRAME-02)."""
    texts = "\n".join((tender.requirement, terms.exit_rules, *tender.qualifications))
    said = QUALIFYING_ALONE.search(texts)
    if said:
        words = _l("“%(said)s”：不得采用供应商符合资格条件即入围的方法", said=said.group())
        return [warning("R-FRAME-02", words, "requirement")]
    if not terms.elimination:
        words = _l("没有淘汰比例，等于符合资格条件即入围")
        return [warning("R-FRAME-02", words, "elimination")]
    return [kept("R-FRAME-02", _l("入围由竞争产生，不是符合资格条件即入围"))]
