"""What may go wrong in a review: a member missing or in breach, a stop with sealed files, unlawful acts reported."""

from __future__ import annotations

from sqlalchemy import select

from core.errors import Forbidden, Refusal, Refused
from core.i18n import Text, _l
from core.identity.models import Membership
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, CommitteeSeat, IrregularityReport, ReviewPause, Tender
from procurement.permissions import TenderPermission
from procurement.queries.standings import seats_of
from procurement.services.committee import composition_refusals
from procurement.services.outcome_orders import committee_orders
from procurement.services.scoring_sheets import ensure_evaluating
from procurement.states import DisciplineCode, PauseGround
from procurement.workflow import SEAT, TENDER

LONGEST = 2000
PAUSED = NotificationKind(
    "evaluation.paused",
    _l("评标中止"),
    _l("《%(tender)s》的评标已中止：%(reason)s。评审资料封存，恢复后另行通知。"),
)
RESUMED = NotificationKind("evaluation.resumed", _l("评标恢复"), _l("《%(tender)s》的评标已恢复，请继续评审。"))
VOIDED = NotificationKind(
    "evaluation.voided",
    _l("评审意见无效"),
    _l("您在《%(tender)s》的评审意见因“%(code)s”无效，不支付评审费（R-COMM-16）。"),
)
REPORTED = NotificationKind(
    "evaluation.irregularity",
    _l("评标委员会报告违法行为"),
    _l("《%(tender)s》的评标委员会在评审中发现供应商涉嫌违法行为，已书面报告，请财政部门依法处理。"),
)


def mark_absent(uow: UnitOfWork, seat: CommitteeSeat, reason: str) -> None:
    """Note that a member is missing: the judgements no longer count and a substitute is drawn (R-COMM-10)."""
    SEAT.fire(uow, seat, "absent", reason=reason, assign={"is_chair": False, "left_reason": reason.strip()[:LONGEST]})


def void_opinion(uow: UnitOfWork, seat: CommitteeSeat, code: DisciplineCode, reason: str) -> None:
    """Void a member's opinion for a breach of discipline: it does not count and no fee is paid (R-COMM-16)."""
    SEAT.fire(
        uow,
        seat,
        "void",
        reason=reason,
        detail={"code": str(code)},
        assign={"is_chair": False, "void_code": code, "left_reason": reason.strip()[:LONGEST]},
    )
    params = {"tender": seat.tender.title, "code": str(code.label)}
    notify(uow, VOIDED, [seat.user_id], url=f"/evaluations/{seat.id}", params=params)


def suspend_review(uow: UnitOfWork, tender: Tender, reason: str) -> ReviewPause:
    """Stop the review, as the purchaser, because a missing member cannot be replaced; files are sealed (R-COMM-10)."""
    return _pause(uow, tender, PauseGround.MEMBER_MISSING, reason)


def stop_for_breach(uow: UnitOfWork, seat: CommitteeSeat, reason: str) -> ReviewPause:
    """Stop the review, as chair, because the documents break mandatory rules; the purchaser is told (条例 art.41).

    The committee's common decision, recorded by its chair. Raises `Forbidden` for anybody else.
    """
    decision = policy.decide(uow.actor, TenderPermission.LEAD, seat)
    if not decision:
        raise Forbidden(decision.reason)
    return _pause(uow, seat.tender, PauseGround.DOCUMENT_BREACH, reason, as_system=True)


def resume_review(uow: UnitOfWork, tender: Tender, resolution: str) -> None:
    """Go on once the ground is gone and the committee is complete again; substitutes start from nothing (R-COMM-10).

    A breach in the documents cannot be healed in the review: such a purchase is only ever declared failed.
    """
    uow.lock(tender)
    pause = open_pause(uow, tender)
    refusals = [*composition_refusals(uow, tender), *committee_orders(resolution)]
    if pause is not None and pause.ground is PauseGround.DOCUMENT_BREACH:
        words = _l("采购文件违反强制性规定的，修改文件后重新组织采购，不能恢复评标")
        refusals.append(Refusal(words, rule_id="R-COMM-11"))
    if refusals:
        raise Refused(*refusals)
    TENDER.fire(uow, tender, "resume", reason=resolution)
    if pause is not None:
        pause.resumed_at, pause.resolution = uow.now, resolution.strip()[:LONGEST]
    uow.session.flush()
    for seat in seats_of(uow, tender):
        notify(uow, RESUMED, [seat.user_id], url=f"/evaluations/{seat.id}", params={"tender": tender.title})


def open_pause(uow: UnitOfWork, tender: Tender) -> ReviewPause | None:
    """Return the stop that is in force, if any."""
    return uow.session.scalar(
        select(ReviewPause).where(ReviewPause.tender_id == tender.id, ReviewPause.resumed_at.is_(None))
    )


def report_irregularity(uow: UnitOfWork, seat: CommitteeSeat, facts: str, bid: Bid | None = None) -> IrregularityReport:
    """Report, as chair, bribery, false material or collusion by a supplier to the finance authority (条例 art.40).

    Raises `Forbidden` for anybody but the chair, `Refused` without the facts.
    """
    decision = policy.decide(uow.actor, TenderPermission.LEAD, seat)
    if not decision:
        raise Forbidden(decision.reason)
    tender = seat.tender
    ensure_evaluating(tender)
    refusals: list[Refusal] = []
    if not facts.strip():
        refusals.append(Refusal(_l("请写明发现的事实和依据"), rule_id="R-COLL-03", field="facts"))
    if bid is not None and bid.tender_id != tender.id:
        refusals.append(Refusal(_l("这份投标不在评审之列"), rule_id="R-COLL-03", field="bid"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        IrregularityReport(
            tender_id=tender.id,
            bid_id=bid.id if bid else None,
            seat_id=seat.id,
            facts=facts.strip()[:LONGEST],
            reported_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("tender.report_irregularity", tender, after={"report": str(row.id)})
    supervisors = uow.session.scalars(
        select(Membership.user_id).where(Membership.role == Role.PROCUREMENT_SUPERVISOR, Membership.ended_at.is_(None))
    )
    told = {*supervisors, tender.drafted_by_id}
    notify(uow, REPORTED, told, url=f"/tenders/{tender.id}", params={"tender": tender.title})
    return row


def _pause(
    uow: UnitOfWork, tender: Tender, ground: PauseGround, reason: str, *, as_system: bool = False
) -> ReviewPause:
    TENDER.fire(uow, tender, "suspend", reason=reason, detail={"ground": str(ground)}, as_system=as_system)
    row = uow.add(
        ReviewPause(
            tender_id=tender.id,
            ground=ground,
            reason=reason.strip()[:LONGEST],
            paused_at=uow.now,
            resumed_at=None,
        )
    )
    if uow.actor.user_id is not None:
        row.paused_by_id = uow.actor.user_id
    uow.session.flush()
    told = {tender.drafted_by_id, *(seat.user_id for seat in seats_of(uow, tender))}
    words: Text = ground.label
    notify(uow, PAUSED, told, url=f"/tenders/{tender.id}", params={"tender": tender.title, "reason": str(words)})
    return row
