"""Drafting a framework call: its types of evaluation with their greatest unit prices, and its terms (R-FRAME-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Framework, FrameworkMember, FrameworkTerms, Lot, Tender
from procurement.permissions import FrameworkPermission, TenderPermission
from procurement.queries.frameworks import framework_terms, members_of
from procurement.services.drafting import CriterionEntry, draft_tender, ensure_draft, set_criteria
from procurement.services.lots import MOST_LOTS
from procurement.services.requirements import note_author
from procurement.states import MemberState, Method, TenderState

USUAL_MONTHS = 12
USUAL_TYPE = "项目支出绩效评价"
USUAL_REQUIREMENT = (
    "按采购人每次下达的任务，对预算项目或者部门开展绩效评价：编制评价指标体系和工作方案，经评审并取得采购人同意后实施；"
    "开展资料核查、现场调研和满意度调查；按规定格式形成绩效评价报告，并附证据。以项为计量单位，协议价格为每项评价的固定单价。"
)
USUAL_EXIT_RULES = (
    "入围供应商有恶意串通、提供虚假材料、无正当理由拒不接受合同授予、不履行合同义务经请求仍不改正、被禁止或者限制参加政府采购活动"
    "等情形的，取消入围资格或者解除框架协议，且不得参加本框架协议的补充征集。封闭式框架协议入围供应商无正当理由不得退出。"
    "剩余入围供应商不足入围总数的 70% 且影响执行的，可以补充征集，"
    "条件、程序、评审方法和淘汰比例与本次相同，不延长有效期。"
)


@dataclass(frozen=True)
class TypeEntry:
    """A type of evaluation as entered, with its greatest unit price in yuan."""

    title: str
    ceiling: Decimal


@dataclass(frozen=True)
class TermsEntry:
    """The terms as entered; `ways` are methods of the second stage."""

    months: int
    elimination: Decimal
    most_admitted: int | None
    ways: Sequence[Method]
    quality_ground: str = ""
    top_up_foreseen: bool = False
    exit_rules: str = ""
    plan_filing: str = ""
    types: Sequence[TypeEntry] = field(default=())


def draft_framework(uow: UnitOfWork, *, title: str, budget: Decimal) -> Tender:
    """Draft a framework call; `budget` is what is expected to be bought in its term, in yuan.

    Raises `Refused` without a title or a positive amount.
    """
    refusals = []
    if not title.strip():
        refusals.append(Refusal(_l("请填写采购项目名称"), field="title"))
    if budget <= 0:
        refusals.append(Refusal(_l("请填写有效期内预计的采购总额"), rule_id="R-TENDER-06", field="budget"))
    if refusals:
        raise Refused(*refusals)
    tender = draft_tender(
        uow, [], method=Method.FRAMEWORK, title=title.strip(), budget=budget, requirement=USUAL_REQUIREMENT
    )
    least = uow.house.rules.number("R-FRAME-01", "elimination_min", on=uow.today)
    tender.lots[0].title = USUAL_TYPE
    uow.add(
        FrameworkTerms(
            tender_id=tender.id,
            months=USUAL_MONTHS,
            elimination=least,
            most_admitted=None,
            ways=[Method.CALL_OFF_DIRECT.value],
            exit_rules=USUAL_EXIT_RULES,
            top_up_of_id=None,
        )
    )
    uow.session.flush()
    return tender


def set_framework(uow: UnitOfWork, tender: Tender, entry: TermsEntry) -> None:
    """Fill in types and terms while the call is a draft; what the rules say of them is in the panel.

    Raises `Forbidden`, or `Refused` for a type without title or price; of a call that adds suppliers nothing but the
    filing may change: it repeats the first (R-FRAME-01).
    """
    decision = policy.decide(uow.actor, TenderPermission.EDIT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    ensure_draft(tender)
    uow.lock(tender)
    terms = uow.session.get(FrameworkTerms, tender.id)
    if terms is None:
        raise Refused(Refusal(_l("这不是框架协议征集"), rule_id="R-FRAME-01"))
    terms.plan_filing = entry.plan_filing.strip()
    if terms.top_up_of_id is None:
        if refusals := _faults(entry):
            raise Refused(*refusals)
        _set_types(uow, tender, entry.types)
        terms.months, terms.elimination, terms.most_admitted = entry.months, entry.elimination, entry.most_admitted
        terms.ways = [one.value for one in entry.ways]
        terms.quality_ground, terms.exit_rules = entry.quality_ground.strip(), entry.exit_rules.strip()
        terms.top_up_foreseen = entry.top_up_foreseen
    # Terms and types are rows of their own; the tender's revision must move too, or a stale form would overwrite them.
    flag_modified(tender, "title")
    uow.session.flush()
    note_author(uow, tender)
    after = {"months": terms.months, "elimination": str(terms.elimination), "types": [one.title for one in tender.lots]}
    uow.record("framework.set_terms", tender, after=after)


def top_up_refusals(uow: UnitOfWork, framework: Framework) -> list[Refusal]:
    """Return why suppliers cannot be added now: not foreseen, too many left, the term over, a call under way."""
    terms, members = framework_terms(uow, framework), members_of(uow, framework)
    below = uow.house.rules.number("R-FRAME-01", "top_up_below", on=uow.today)
    standing = [one for one in members if one.state is not MemberState.REMOVED]
    found = []
    if not terms.top_up_foreseen:
        found.append(Refusal(_l("框架协议没有约定补充征集"), rule_id="R-FRAME-01"))
    if not framework.is_open_on(uow.today):
        found.append(Refusal(_l("框架协议不在有效期内"), rule_id="R-FRAME-01"))
    if len(standing) * 100 >= below * len(members):
        words = _l(
            "剩余入围供应商 %(left)s/%(all)s，不低于 %(below)s%%，不得补充征集",
            left=len(standing),
            all=len(members),
            below=below,
        )
        found.append(Refusal(words, rule_id="R-FRAME-01"))
    over = (TenderState.AWARDED, TenderState.CANCELLED, TenderState.FAILED)
    running = uow.session.scalar(
        select(Tender.number)
        .join(FrameworkTerms, FrameworkTerms.tender_id == Tender.id)
        .where(FrameworkTerms.top_up_of_id == framework.id, Tender.state.not_in(over))
        .limit(1)
    )
    if running:
        found.append(Refusal(_l("补充征集 %(number)s 正在进行", number=running), rule_id="R-FRAME-01"))
    return found


def draft_top_up(uow: UnitOfWork, framework: Framework) -> Tender:
    """Draft the call that adds suppliers: conditions, method and elimination are those of the first (R-FRAME-01).

    Raises `Forbidden`, or `Refused` where suppliers may not be added.
    """
    decision = policy.decide(uow.actor, FrameworkPermission.CALL, framework)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(framework)
    if refusals := top_up_refusals(uow, framework):
        raise Refused(*refusals)
    first, terms = framework.tender, framework_terms(uow, framework)
    tender = draft_tender(
        uow,
        [],
        method=Method.FRAMEWORK,
        title=f"{first.title}（补充征集）",
        budget=first.budget,
        evaluation=first.evaluation,
        price_weight=first.price_weight,
        requirement=first.requirement,
        qualifications=list(first.qualifications),
        contract_draft=first.contract_draft,
        service_until=framework.ends_on,
        opening_place=first.opening_place,
        documents_place=first.documents_place,
        contact_name=first.contact_name,
        contact_telephone=first.contact_telephone,
    )
    set_criteria(
        uow,
        tender,
        [
            CriterionEntry(
                one.kind,
                one.title,
                one.maximum,
                one.description,
                tuple((str(band["points"]), str(band.get("text", ""))) for band in one.bands),
            )
            for one in first.criteria
        ],
        record=False,
    )
    _set_types(uow, tender, [TypeEntry(one.title, one.budget) for one in first.lots])
    _copy_terms(uow, terms, tender).top_up_of_id = framework.id
    uow.session.flush()
    uow.record("framework.top_up", framework, about=(tender,), after={"number": tender.number})
    return tender


def repeat_terms(uow: UnitOfWork, failed: Tender, tender: Tender) -> None:
    """Give a call that repeats a failed one its terms; nothing happens for any other purchase (R-OPEN-05)."""
    terms = uow.session.get(FrameworkTerms, failed.id)
    if terms is not None:
        _copy_terms(uow, terms, tender).top_up_of_id = terms.top_up_of_id


def _copy_terms(uow: UnitOfWork, terms: FrameworkTerms, tender: Tender) -> FrameworkTerms:
    return uow.add(
        FrameworkTerms(
            tender_id=tender.id,
            months=terms.months,
            elimination=terms.elimination,
            most_admitted=terms.most_admitted,
            ways=list(terms.ways),
            quality_ground=terms.quality_ground,
            top_up_foreseen=terms.top_up_foreseen,
            exit_rules=terms.exit_rules,
            plan_filing=terms.plan_filing,
            top_up_of_id=None,
        )
    )


def returning_refusals(uow: UnitOfWork, tender: Tender, supplier_id: object) -> list[Refusal]:
    """Return why a supplier may not answer a call that adds suppliers: it was removed, or is in already."""
    terms = uow.session.get(FrameworkTerms, tender.id)
    if terms is None or terms.top_up_of_id is None:
        return []
    member = uow.session.scalar(
        select(FrameworkMember)
        .where(FrameworkMember.framework_id == terms.top_up_of_id, FrameworkMember.supplier_id == supplier_id)
        .limit(1)
    )
    if member is None:
        return []
    if member.state is MemberState.REMOVED:
        words = _l("贵单位已被清退，不得参加同一框架协议的补充征集")
    else:
        words = _l("贵单位已经入围本框架协议，不必参加补充征集")
    return [Refusal(words, rule_id="R-FRAME-01", field="bidder")]


def _faults(entry: TermsEntry) -> list[Refusal]:
    found = []
    if entry.months <= 0:
        found.append(Refusal(_l("请填写有效期的月数"), rule_id="R-FRAME-01", field="months"))
    if not 0 <= entry.elimination < 100:
        found.append(Refusal(_l("淘汰比例应在 0 至 100 之间"), rule_id="R-FRAME-01", field="elimination"))
    if entry.most_admitted is not None and entry.most_admitted <= 0:
        found.append(Refusal(_l("入围家数上限须大于 0"), rule_id="R-FRAME-01", field="most_admitted"))
    if not 1 <= len(entry.types) <= MOST_LOTS:
        words = _l("请填写 1 至 %(most)s 类评价", most=MOST_LOTS)
        found.append(Refusal(words, rule_id="R-FRAME-01", field="types"))
    if any(not one.title or one.ceiling <= 0 for one in entry.types):
        words = _l("每类评价须有名称和大于 0 的最高限制单价")
        found.append(Refusal(words, rule_id="R-FRAME-01", field="types"))
    if len({one.title for one in entry.types}) < len(entry.types):
        found.append(Refusal(_l("评价类别的名称不能重复"), rule_id="R-FRAME-01", field="types"))
    return found


def _set_types(uow: UnitOfWork, tender: Tender, entries: Sequence[TypeEntry]) -> None:
    for place, entry in enumerate(entries, 1):
        if place > len(tender.lots):
            tender.lots.append(Lot(id=uow.ids.new(), position=place, title=entry.title, budget=entry.ceiling))
        lot = tender.lots[place - 1]
        lot.title, lot.budget = entry.title, entry.ceiling
    del tender.lots[len(entries) :]
    uow.session.flush()
