"""The steps of purchases without sealed bids, which the tender's state machine takes in (R-BELOW-01, R-NEG-03)."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition
from procurement.drafting.lawfulness import breaches
from procurement.methods import rules_of
from procurement.models import Tender
from procurement.permissions import DirectPermission
from procurement.planning.authority import beyond_authority
from procurement.states import Method, TenderState
from procurement.suspensions import suspensions


def is_lawful(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The draft breaks no rule that blocks (R-TENDER-01…08 and those beside); the page lists every one of them."""
    found = breaches(uow, tender)
    return found[0] if found else None


def not_ordered_to_stop(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """No step is taken while the finance authority has ordered the purchase to stand still (R-REMEDY-03)."""
    ordered = [one for one in suspensions(uow, tender) if one.stops_everything]
    return Refusal(ordered[0].reason, rule_id=ordered[0].rule_id) if ordered else None


def within_authority(uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """The approver's level, or that of the absent one they stand in for, covers the budget (R-SEC-02.levels)."""
    return beyond_authority(uow, tender.budget)


def is_by_envelope(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """Only a method with sealed bids is published as a notice."""
    if rules_of(tender).by_envelope:
        return None
    return Refusal(_l("%(method)s不发布采购公告", method=tender.method.label))


def asks_for_approval(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """A below-limit selection is approved once, when the result is (R-BELOW-01)."""
    if tender.method is not Method.BELOW_LIMIT:
        return None
    return Refusal(_l("限额以下选定不需事先审批，请直接发出征询"), rule_id="R-BELOW-01")


def is_below_limit(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """Suppliers are asked in a below-limit selection only."""
    if tender.method is Method.BELOW_LIMIT:
        return None
    return Refusal(_l("只有限额以下选定可以发出征询"), rule_id="R-BELOW-01")


def is_single_source(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """Only a single source is approved this way."""
    if tender.method is Method.SINGLE_SOURCE:
        return None
    return Refusal(_l("只有单一来源采购这样批准"), rule_id="R-NEG-03")


S = TenderState
DIRECT_TRANSITIONS = (
    Transition(
        "inquire",
        frozenset({S.DRAFT}),
        S.IN_SELECTION,
        DirectPermission.PREPARE,
        _l("发出征询"),
        guards=(is_below_limit, is_lawful),
        is_manual=False,
    ),
    Transition(
        "authorise",
        frozenset({S.IN_APPROVAL}),
        S.IN_SELECTION,
        DirectPermission.DECIDE,
        _l("批准单一来源采购"),
        guards=(is_single_source, is_lawful, within_authority),
        is_manual=False,
    ),
    Transition(
        "propose",
        frozenset({S.IN_SELECTION}),
        S.EVALUATED,
        DirectPermission.PROPOSE,
        _l("提出选定意见"),
        guards=(not_ordered_to_stop,),
        stamp="evaluated_at",
        is_manual=False,
    ),
    Transition(
        "return_proposal",
        frozenset({S.EVALUATED}),
        S.IN_SELECTION,
        DirectPermission.DECIDE,
        _l("退回选定意见"),
        needs_reason=True,
    ),
    Transition(
        "select",
        frozenset({S.EVALUATED}),
        S.AWARDED,
        DirectPermission.DECIDE,
        _l("确认选定"),
        guards=(not_ordered_to_stop, within_authority),
        stamp="awarded_at",
        is_manual=False,
    ),
)
