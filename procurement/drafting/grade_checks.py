"""The panel's lines about grades in a purchase's papers (R-GRADE.legal, R-GRADE.scope, R-GRADE.factor, R-GRADE.fee)."""

from __future__ import annotations

from decimal import Decimal

from core.i18n import _l
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from procurement.drafting.grade_factor import Factor, factor_of, follows_grades, is_about_grades
from procurement.drafting.lines import RuleLine, broken, kept, warning
from procurement.models import Criterion, Tender
from procurement.states import CriterionKind


def grade_factor(criterion: Criterion) -> Factor | None:
    """Return the criterion as a grade factor, or None."""
    if criterion.kind is CriterionKind.SUBSTANTIVE or criterion.maximum is None:
        return None
    texts = [criterion.description, *(str(one.get("text", "")) for one in criterion.bands)]
    return factor_of(criterion.title, criterion.maximum, texts)


def has_grade_factor(tender: Tender) -> bool:
    """Whether an agency's grade earns points, so that bidders are asked for equal evidence (R-GRADE.legal)."""
    return any(grade_factor(one) is not None for one in tender.criteria)


def cap(uow: UnitOfWork) -> Decimal:
    """Return how many points grades may earn together (R-GRADE.factor)."""
    return uow.house.rules.number("R-GRADE.factor", "points_max", on=uow.today, overrides=overrides(uow))


def grade_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return the lines: no entry gate, within the cap, open to equal evidence, fees in both papers."""
    return [*_gates(uow, tender), *_factors(uow, tender), *_fees(tender)]


def _gates(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    conditions = [(one, "qualifications") for one in tender.qualifications]
    conditions += [
        (f"{one.title}；{one.description}", "criteria")
        for one in tender.criteria
        if one.kind is CriterionKind.SUBSTANTIVE
    ]
    return [
        broken(uow, "R-GRADE.scope", _l("“%(words)s”：机构等级不得作为资格条件或者实质性要求", words=text[:40]), field)
        for text, field in conditions
        if is_about_grades([text])
    ]


def _factors(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    factors = [found for one in tender.criteria if (found := grade_factor(one)) is not None]
    if not factors:
        return []
    lines = []
    most, total = cap(uow), sum((one.maximum for one in factors), Decimal(0))
    if total > most:
        words = _l("机构等级因素合计 %(total)s 分，不得超过 %(most)s 分", total=f"{total:g}", most=f"{most:g}")
        lines.append(broken(uow, "R-GRADE.factor", words, "criteria"))
    for one in factors:
        if not (one.accepts_elsewhere and one.accepts_newcomers):
            words = _l("“%(title)s”应写明接受新进机构和其他地区的同等证明", title=one.title)
            lines.append(broken(uow, "R-GRADE.legal", words, "criteria"))
    return lines or [kept("R-GRADE.legal", _l("等级因素在限分之内，接受同等证明"))]


def _fees(tender: Tender) -> list[RuleLine]:
    documents, contract = follows_grades(tender.requirement), follows_grades(tender.contract_draft)
    if documents and contract:
        return [kept("R-GRADE.fee", _l("与等级挂钩的费用已写入采购需求和合同文本"))]
    if documents:
        words = _l("采购需求写有与等级挂钩的费用，合同文本没有写明，不能据此增减费用")
        return [warning("R-GRADE.fee", words, "contract_draft")]
    if contract:
        words = _l("合同文本写有与等级挂钩的费用，采购需求没有写明，不能据此增减费用")
        return [warning("R-GRADE.fee", words, "requirement")]
    return []
