"""Touching locked scores again: before the totals by return, after them by re-review, on four grounds only."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import CommitteeSeat, EvaluationCorrection, Tender
from procurement.permissions import TenderPermission
from procurement.queries.standings import seats_of
from procurement.services.concluding import ranking_of, results_of
from procurement.services.outcome_orders import committee_orders
from procurement.states import CorrectionGround, SeatState, TenderState
from procurement.workflow import SEAT, TENDER

REOPENED = NotificationKind(
    "evaluation.reopened",
    _l("评分退回更正"),
    _l("《%(tender)s》的评分因“%(ground)s”退回更正：%(reason)s。更正后请重新锁定（R-EVAL-05）。"),
)


def reopen_sheets(uow: UnitOfWork, tender: Tender, ground: CorrectionGround, reason: str) -> None:
    """Return every locked sheet for correction on one of the four lawful grounds, before the totals (R-EVAL-05).

    Raises `Forbidden` without the permission to conclude, `Refused` without a reason or outside the evaluation.
    """
    decision = policy.decide(uow.actor, TenderPermission.CONCLUDE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    locked = _locked(uow, tender)
    if tender.state is not TenderState.UNDER_EVALUATION or not locked:
        raise Refused(Refusal(_l("评标期间且有已锁定的评分时才能退回更正"), rule_id="R-EVAL-05"))
    if orders := committee_orders(reason):
        raise Refused(*orders)
    _reopen(uow, tender, locked, ground, reason)
    uow.record("tender.reopen_sheets", tender, detail={"ground": str(ground), "sheets": len(locked)}, reason=reason)


def request_re_review(uow: UnitOfWork, tender: Tender, ground: CorrectionGround, reason: str) -> EvaluationCorrection:
    """Have the original committee review again after the totals were made, before the award (R-EVAL-06).

    The ranking that stands is kept beside the one that follows. Raises `Forbidden`, or `Refused` without a reason, on
    any other state, and where the committee is no longer the one that signed.
    """
    reason = reason.strip()
    uow.lock(tender)
    locked = _locked(uow, tender)
    if tender.state is TenderState.EVALUATED and len(locked) < len(seats_of(uow, tender)):
        raise Refused(Refusal(_l("须由原评标委员会重新评审"), rule_id="R-EVAL-06"))
    if orders := committee_orders(reason):
        raise Refused(*orders)
    before = ranking_of(results_of(uow, tender)) if tender.state is TenderState.EVALUATED else {}
    TENDER.fire(uow, tender, "re_review", reason=reason, detail={"ground": str(ground)})
    row = uow.add(
        EvaluationCorrection(
            tender_id=tender.id,
            ground=ground,
            reason=reason,
            requested_at=uow.now,
            before=before,
            after=None,
            closed_at=None,
        )
    )
    if uow.actor.user_id is not None:
        row.requested_by_id = uow.actor.user_id
    row.tender = tender
    uow.session.flush()
    _reopen(uow, tender, locked, ground, reason)
    return row


def _locked(uow: UnitOfWork, tender: Tender) -> list[CommitteeSeat]:
    return [seat for seat in seats_of(uow, tender) if seat.state is SeatState.LOCKED]


def _reopen(
    uow: UnitOfWork, tender: Tender, locked: Sequence[CommitteeSeat], ground: CorrectionGround, reason: str
) -> None:
    params = {"tender": tender.title, "ground": str(ground.label), "reason": reason}
    for seat in locked:
        SEAT.fire(
            uow,
            seat,
            "reopen",
            reason=reason,
            as_system=True,
            detail={"ground": str(ground)},
            assign={"signed_at": None},
        )
        notify(uow, REOPENED, [seat.user_id], url=f"/evaluations/{seat.id}", params=params)
