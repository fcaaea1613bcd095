"""The terms of the evaluation that the tender document fixes (R-ALP-01, R-PRICE-05, R-EVAL-07)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.fault_words import refusal_of
from procurement.models import EvaluationTerms, Tender
from procurement.permissions import TenderPermission
from procurement.queries.price_matters import Terms
from procurement.scoring import SmallBusiness, check_deduction
from procurement.states import TenderState, TieMethod


def set_terms(uow: UnitOfWork, tender: Tender, terms: Terms) -> EvaluationTerms:
    """Fix the terms while the document is drafted; they are frozen with the notice.

    Raises `Forbidden`, or `Refused` for a trigger outside its lawful range, an unlawful deduction, a minimum out of
    reach, and a tie rule left unsaid.
    """
    decision = policy.decide(uow.actor, TenderPermission.EDIT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("采购文件已提交或者已发布，评审办法不能再改"), rule_id="R-EVAL-02"))
    refusals = [Refusal(refusal_of(one).reason, one.code, one.path) for one in terms.thresholds.check()]
    for ground, name in ((SmallBusiness.SMALL_OR_MICRO, "small_percent"), (SmallBusiness.PARTNER, "partner_percent")):
        faults = check_deduction(ground, terms.percents[ground], partner_share=Decimal(100))
        refusals += [Refusal(refusal_of(one).reason, one.code, name) for one in faults]
    reachable = Decimal(100) - tender.price_weight
    if terms.minimum is not None and not 0 < terms.minimum <= reachable:
        words = _l("最低分应大于0，且不超过商务技术分的满分%(points)s分", points=format(reachable, "f"))
        refusals.append(Refusal(words, rule_id="R-EVAL-02", field="minimum"))
    if terms.tie_method is TieMethod.DOCUMENT and not terms.tie_rule.strip():
        refusals.append(Refusal(_l("请写明并列时的确定方式"), rule_id="R-EVAL-07", field="tie_rule"))
    if refusals:
        raise Refused(*refusals)
    row = uow.session.scalar(select(EvaluationTerms).where(EvaluationTerms.tender_id == tender.id))
    values = {
        "mean": terms.thresholds.mean,
        "next_lowest": terms.thresholds.next_lowest,
        "ceiling": terms.thresholds.ceiling,
        "small_percent": terms.percents[SmallBusiness.SMALL_OR_MICRO],
        "partner_percent": terms.percents[SmallBusiness.PARTNER],
        "minimum_merit": terms.minimum,
        "tie_method": terms.tie_method,
        "tie_rule": terms.tie_rule.strip()[:500],
    }
    if row is None:
        row = uow.add(EvaluationTerms(tender_id=tender.id, **values))
    for name, value in values.items():
        setattr(row, name, value)
    uow.session.flush()
    uow.record("tender.set_terms", tender, after={name: str(value) for name, value in values.items()})
    return row
