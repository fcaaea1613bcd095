"""The panel's lines about what precedes a tender: method, splitting, survey and reviews, intention, small firms, lots.

R-THR-01 and R-BELOW-01 are not confirmed and only warn; R-TENDER-19 blocks; the others warn as the rule book says.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import or_, select

from core.clock import SHANGHAI
from core.deadlines import derive
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.drafting.dates import notice_day
from procurement.drafting.lines import RuleLine, broken, kept, warning
from procurement.drafting.requirement import (
    Records,
    asks_for_intention,
    counts,
    is_statutory,
    lineage,
    market_asked,
    needs_survey,
    records_of,
    valid_until,
)
from procurement.models import Intention, Tender
from procurement.planning.proposal import Proposal, propose
from procurement.planning.purchases import preparation_of, purchase_day, purchases_of_year
from procurement.planning.splitting import YearSum
from procurement.planning.thresholds import thresholds
from procurement.states import Category, Method, ReviewKind, SmeReservation


def preparation_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return the lines in the order of the preparation page."""
    bought = year_of_purchase(uow, tender)
    return [
        *_method(uow, tender, bought),
        *_splitting(uow, tender, bought),
        *_intention(uow, tender),
        *_survey(uow, tender),
        *_small_firms(uow, tender),
        *same_brand_lines(uow, tender),
        *_lots(tender),
    ]


def year_of_purchase(uow: UnitOfWork, tender: Tender) -> YearSum:
    """Return what adds up in the tender's category and fiscal year, itself among them."""
    return purchases_of_year(uow, preparation_of(uow, tender).category, purchase_day(tender).year, beside=tender)


def proposal_for(uow: UnitOfWork, tender: Tender, bought: YearSum) -> Proposal:
    """Return the method proposed for the tender as it stands beside the year's other purchases."""
    others = sum((one.amount for one in bought.purchases if one.counts and one.key != str(tender.id)), Decimal(0))
    return propose(
        tender.budget,
        in_catalogue=preparation_of(uow, tender).in_catalogue,
        thresholds=thresholds(uow, bought.year),
        already=others,
    )


def first_proposal(uow: UnitOfWork, amount: Decimal) -> Proposal:
    """Return the method proposed for an evaluation of this amount (yuan) before it is drafted."""
    bought = purchases_of_year(uow, Category.EVALUATION, uow.today.year)
    return propose(amount, in_catalogue=False, thresholds=thresholds(uow), already=bought.total)


def intention_of(uow: UnitOfWork, tender: Tender) -> Intention | None:
    """Return the first intention made public for this purchase or for its item of the plan."""
    item = preparation_of(uow, tender).plan_item_id
    its_own = Intention.tender_id.in_(lineage(uow, tender))
    query = select(Intention).where(or_(its_own, Intention.plan_item_id == item) if item else its_own)
    return uow.session.scalar(query.order_by(Intention.published_at).limit(1))


def _method(uow: UnitOfWork, tender: Tender, bought: YearSum) -> list[RuleLine]:
    prepared, proposed = preparation_of(uow, tender), proposal_for(uow, tender, bought)
    lines = []
    if tender.budget >= bought.threshold and tender.method is not Method.OPEN_TENDER and not prepared.method_approval:
        words = _l("达到公开招标数额标准 %(amount)s 元，采用其他方式须登记批准文号", amount=f"{bought.threshold:,.0f}")
        lines.append(warning("R-THR-01", words, "method_approval"))
    if tender.method is proposed.method:
        words = _l("采用%(method)s：%(reason)s", method=proposed.method.label, reason=proposed.reason)
        lines.append(kept(proposed.rule_id, words))
    elif prepared.method_reason:
        words = _l(
            "未按建议采用%(method)s，理由：%(reason)s", method=proposed.method.label, reason=prepared.method_reason
        )
        lines.append(kept(proposed.rule_id, words))
    else:
        words = _l(
            "建议采用%(method)s（%(reason)s）；采用其他方式请写明理由",
            method=proposed.method.label,
            reason=proposed.reason,
        )
        lines.append(warning(proposed.rule_id, words, "method_reason"))
    return lines


def _splitting(uow: UnitOfWork, tender: Tender, found: YearSum) -> list[RuleLine]:
    if tender.method is Method.OPEN_TENDER:
        return [kept("R-TENDER-15", _l("公开招标，不计入化整为零检查"))]
    amounts = {"count": found.counted, "total": f"{found.total:,.2f}", "limit": f"{found.threshold:,.0f}"}
    if found.is_split and not preparation_of(uow, tender).method_approval:
        words = _l("同类采购本年 %(count)s 项合计 %(total)s 元，超过公开招标数额标准 %(limit)s 元", **amounts)
        return [broken(uow, "R-TENDER-15", words, "method_approval")]
    words = _l("同类采购本年 %(count)s 项合计 %(total)s 元，公开招标数额标准 %(limit)s 元", **amounts)
    return [kept("R-TENDER-15", words)]


def _intention(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    if not asks_for_intention(uow, tender):
        return []
    reason, found = preparation_of(uow, tender).urgent_reason, intention_of(uow, tender)
    if found is None:
        if reason:
            return [kept("R-TENDER-20", _l("因不可预见的原因急需开展：%(reason)s", reason=reason))]
        return [broken(uow, "R-TENDER-20", _l("尚未公开采购意向；确属急需的请写明原因"), "intention")]
    published = found.published_at.astimezone(SHANGHAI).date()
    earliest = derive("R-TENDER-20", published, work_calendar(uow), uow.house.rules).last_day
    if notice_day(uow, tender) >= earliest or reason:
        return [kept("R-TENDER-20", _l("采购意向已于 %(day)s 公开", day=published.isoformat()))]
    words = _l(
        "采购意向 %(day)s 才公开，最早可在 %(earliest)s 开展采购；确属急需的请写明原因",
        day=published.isoformat(),
        earliest=earliest.isoformat(),
    )
    return [broken(uow, "R-TENDER-20", words, "intention")]


def _survey(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    rule, records = "R-TENDER-19", records_of(uow, tender)
    if not needs_survey(uow, tender):
        if not is_statutory(uow, tender):
            return []
        general = records.reviews.get(ReviewKind.GENERAL)
        if general is None or not general.passed or not records.is_current(general):
            return [warning(rule, _l("尚无现行采购需求的一般性审查记录"), "review")]
        return [kept(rule, _l("采购需求已通过一般性审查"))]
    lines = _surveys(uow, tender, records)
    for kind in ReviewKind:
        review = records.reviews.get(kind)
        if review is None:
            lines.append(broken(uow, rule, _l("缺少采购需求的%(kind)s记录", kind=kind.label), "review"))
        elif not review.passed:
            lines.append(broken(uow, rule, _l("采购需求未通过%(kind)s，请修改后重新审查", kind=kind.label), "review"))
        elif not records.is_current(review):
            words = _l("采购需求在%(kind)s之后有修改，请重新审查", kind=kind.label)
            lines.append(broken(uow, rule, words, "review"))
    return lines or [kept(rule, _l("需求调查和审查记录齐全"))]


def _surveys(uow: UnitOfWork, tender: Tender, records: Records) -> list[RuleLine]:
    rule = "R-TENDER-19"
    if any(counts(uow, tender, one) for one in records.surveys):
        return []
    if not records.surveys:
        return [broken(uow, rule, _l("缺少需求调查记录"), "survey")]
    latest = records.surveys[0]
    fewest = uow.house.rules.whole(rule, "respondents_min", on=uow.today)
    if market_asked(latest) < fewest:
        words = _l("需求调查的市场主体至少 %(fewest)s 个，现有 %(now)s 个", fewest=fewest, now=market_asked(latest))
    else:
        words = _l("需求调查的有效期至 %(day)s，须在公告日仍然有效", day=valid_until(uow, latest).isoformat())
    return [broken(uow, rule, words, "survey")]


def same_brand_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Say whether bidders with the same brand of a core product would count as one (R-OPEN-06): services have none."""
    category = preparation_of(uow, tender).category
    if category.has_core_product:
        words = _l("核心产品品牌相同的不同供应商按一家计算，请在采购文件中写明核心产品")
        return [warning("R-OPEN-06", words, "category")]
    words = _l("%(category)s没有核心产品，同品牌供应商合并计算不适用", category=category.label)
    return [kept("R-OPEN-06", words)]


def _small_firms(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    rule, chosen = "R-PRICE-06", tender.sme_reservation
    book, on = uow.house.rules, uow.today
    whole_up_to = book.number(rule, "whole_up_to", on=on)
    if chosen is not SmeReservation.NONE and (chosen is SmeReservation.WHOLE or tender.budget > whole_up_to):
        return [kept(rule, chosen.label)]
    if not is_statutory(uow, tender):
        return []
    if tender.sme_reason:
        return [kept(rule, _l("未预留，理由：%(reason)s", reason=tender.sme_reason))]
    if tender.budget <= whole_up_to:
        words = _l(
            "预算不超过 %(amount)s 元，适宜的应整体预留给中小企业；不预留请写明理由", amount=f"{whole_up_to:,.0f}"
        )
    else:
        words = _l(
            "适宜由中小企业提供的部分应预留 %(part)s%% 以上，其中小微企业不低于 %(small)s%%；不预留请写明理由",
            part=book.number(rule, "reserve_min", on=on),
            small=book.number(rule, "small_min", on=on),
        )
    return [broken(uow, rule, words, "sme_reservation")]


def _lots(tender: Tender) -> list[RuleLine]:
    if tender.lots_per_bidder is None or len(tender.lots) < 2:
        return []
    if tender.lots_per_bidder >= len(tender.lots):
        return [warning("R-TENDER-07", _l("最多中标包数不小于包数，不起限制作用"), "lots_per_bidder")]
    words = _l("一家投标人最多中 %(count)s 个包，按包号顺序确定", count=tender.lots_per_bidder)
    return [kept("R-TENDER-07", words)]
