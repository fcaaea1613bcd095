"""Keyholders who cannot come, and openings put off for want of them (R-KEY-01).

One of the purchaser's side reports, another confirms. With fewer than k keyholders left nothing is opened, not even in
part: the opening is put off with notice to the bidders, or the tender fails with its reason.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.clock import SHANGHAI
from core.errors import Forbidden, NotVisible, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Keyholder, KeyholderAbsence, Postponement, Tender
from procurement.permissions import TenderPermission
from procurement.queries.openings import STANDING, absences_of, bids_to_open, opening_of, postponements_of
from procurement.sealing.hall_check import ALL_FAILED
from procurement.services.receiving import present
from procurement.services.settling import settle
from procurement.states import BidState

REPORTED = NotificationKind(
    "opening.absence-reported",
    _l("请核实：密钥持有人不能参加开标"),
    _l("《%(tender)s》有密钥持有人被登记为不能参加开标，须由采购人一方的另一人核实确认。"),
)
POSTPONED = NotificationKind(
    "opening.postponed",
    _l("开标延期通知"),
    _l(
        "《%(tender)s》因密钥持有人不足，开标延期至 %(until)s（北京时间）。原因：%(reason)s。"
        "投标截止时间不变，已递交的投标保持密封，不能替换或者撤回。"
    ),
)


def report_absence(uow: UnitOfWork, tender: Tender, holder: Keyholder, reason: str) -> KeyholderAbsence:
    """Report that a keyholder cannot come; another of the purchaser's side has to confirm it.

    Raises `Forbidden`, or `Refused` outside an opening, without a reason, or for one who is reported already.
    """
    _ensure_at_opening(uow, tender)
    if holder.tender_id != tender.id:
        raise NotVisible
    reason = reason.strip()
    refusals = []
    if not reason:
        refusals.append(Refusal(_l("请写明不能到场的原因"), rule_id="R-KEY-01", field="reason"))
    if any(one.keyholder_id == holder.id for one in absences_of(uow, tender)):
        refusals.append(Refusal(_l("这位密钥持有人已经登记过"), rule_id="R-KEY-01", field="keyholder"))
    if refusals:
        raise Refused(*refusals)
    absence = uow.add(
        KeyholderAbsence(
            tender_id=tender.id,
            keyholder_id=holder.id,
            reason=reason,
            reported_by_id=uow.actor.user_id,
            reported_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("opening.report_absence", tender, detail={"keyholder": str(holder.id)}, reason=reason)
    told = {tender.drafted_by_id, tender.approved_by_id} - {uow.actor.user_id, None}
    url = f"/tenders/{tender.id}/opening"
    notify(uow, REPORTED, [one for one in told if one], url=url, params={"tender": tender.title})
    return absence


def confirm_absence(uow: UnitOfWork, tender: Tender, absence: KeyholderAbsence) -> None:
    """Confirm what another reported: from now on only subsets without this keyholder count as available.

    Envelopes that all of those have failed to open are recorded as corrupt, and with the last of them the sheets are
    read out. Raises `Forbidden` for the reporter and the keyholder concerned, `Refused` when it stands no longer.
    """
    _ensure_at_opening(uow, tender)
    uow.session.refresh(absence, with_for_update={"of": KeyholderAbsence})
    if absence.tender_id != tender.id:
        raise NotVisible
    if uow.actor.user_id in (absence.reported_by_id, absence.keyholder.user_id):
        raise Forbidden(_l("登记不能到场的人和密钥持有人本人都不能确认，须由采购人一方的另一人确认（R-KEY-01）"))
    if absence.ended_at is not None or absence.confirmed_at is not None:
        raise Refused(Refusal(_l("这项登记已经确认或者撤销"), rule_id="R-KEY-01"))
    absence.confirmed_by_id, absence.confirmed_at = uow.actor.user_id, uow.now
    uow.session.flush()
    uow.record("opening.confirm_absence", tender, detail={"keyholder": str(absence.keyholder_id)})
    opening = opening_of(uow, tender)
    if opening is not None:
        settle(uow, opening, tender)


def end_absence(uow: UnitOfWork, tender: Tender, absence: KeyholderAbsence) -> None:
    """Take a report back because the keyholder came after all.

    Raises `Refused` once an envelope was recorded as corrupt on the strength of it: that stays what it is.
    """
    _ensure_at_opening(uow, tender)
    uow.session.refresh(absence, with_for_update={"of": KeyholderAbsence})
    if absence.tender_id != tender.id or absence.ended_at is not None:
        raise NotVisible
    gone = [one for one in bids_to_open(uow, tender) if one.failure and one.failure.get("error") == ALL_FAILED]
    if absence.confirmed_at is not None and gone:
        raise Refused(Refusal(_l("已据此认定有投标无法开启，不能再撤销"), rule_id="R-KEY-01"))
    absence.ended_by_id, absence.ended_at = uow.actor.user_id, uow.now
    uow.session.flush()
    uow.record("opening.end_absence", tender, detail={"keyholder": str(absence.keyholder_id)})


def propose_postponement(uow: UnitOfWork, tender: Tender, until: datetime, reason: str) -> Postponement:
    """Propose to put the opening off; nothing is opened meanwhile. Another of the purchaser's side confirms.

    Raises `Refused` when an envelope is open already: an opening is never held in part and then put off.
    """
    _ensure_at_opening(uow, tender)
    reason = reason.strip()
    refusals = []
    if any(bid.state is not BidState.SEALED for bid in bids_to_open(uow, tender)):
        refusals.append(Refusal(_l("已有投标开启，不能再延期；请登记不能到场的密钥持有人"), rule_id="R-KEY-01"))
    if until <= uow.now:
        refusals.append(Refusal(_l("延期后的时间须晚于现在"), field="until"))
    if not reason:
        refusals.append(Refusal(_l("请写明延期的原因"), field="reason"))
    if any(one.confirmed_at is None for one in postponements_of(uow, tender)):
        refusals.append(Refusal(_l("已有一项延期等待确认")))
    if refusals:
        raise Refused(*refusals)
    postponement = uow.add(
        Postponement(
            tender_id=tender.id, until=until, reason=reason, proposed_by_id=uow.actor.user_id, proposed_at=uow.now
        )
    )
    uow.session.flush()
    uow.record("opening.propose_postponement", tender, after={"until": until.isoformat()}, reason=reason)
    return postponement


def confirm_postponement(uow: UnitOfWork, tender: Tender, postponement: Postponement) -> None:
    """Confirm that the opening is put off; bidders and keyholders are told. Raises `Forbidden` for the proposer."""
    _ensure_at_opening(uow, tender)
    uow.session.refresh(postponement, with_for_update={"of": Postponement})
    if postponement.tender_id != tender.id or postponement.confirmed_at is not None:
        raise NotVisible
    if postponement.proposed_by_id == uow.actor.user_id:
        raise Forbidden(_l("提出延期的人不能自己确认，须由采购人一方的另一人确认（R-KEY-01）"))
    if any(bid.state is not BidState.SEALED for bid in bids_to_open(uow, tender)):
        raise Refused(Refusal(_l("已有投标开启，不能再延期；请登记不能到场的密钥持有人"), rule_id="R-KEY-01"))
    if postponement.until <= uow.now:
        raise Refused(Refusal(_l("延期后的时间已经过去，请重新提出"), field="until"))
    postponement.confirmed_by_id, postponement.confirmed_at = uow.actor.user_id, uow.now
    uow.session.flush()
    uow.record("opening.postpone", tender, after={"until": postponement.until.isoformat()}, reason=postponement.reason)
    words = {
        "tender": tender.title,
        "until": postponement.until.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "reason": postponement.reason,
    }
    bidders = uow.session.execute(
        select(Bid.submitted_by_id, Bid.id).where(Bid.tender_id == tender.id, Bid.state.in_(STANDING))
    )
    for user_id, bid_id in bidders.all():
        notify(uow, POSTPONED, [user_id], url=f"/bids/{bid_id}", params=words)
    staff = {tender.drafted_by_id, *(holder.user_id for holder in tender.keyholders)}
    notify(uow, POSTPONED, staff, url=f"/tenders/{tender.id}/opening", params=words)


def drop_postponement(uow: UnitOfWork, tender: Tender, postponement: Postponement) -> None:
    """Take back a proposal that nobody has confirmed."""
    _ensure_at_opening(uow, tender)
    if postponement.tender_id != tender.id or postponement.confirmed_at is not None:
        raise NotVisible
    uow.record("opening.drop_postponement", tender, before={"until": postponement.until.isoformat()})
    uow.session.delete(postponement)
    uow.session.flush()


def _ensure_at_opening(uow: UnitOfWork, tender: Tender) -> None:
    decision = policy.decide(uow.actor, TenderPermission.NOTE_ABSENCE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if not tender.awaits_opening_at(present(uow)):
        raise Refused(Refusal(_l("只有在投标截止之后、投标开启之前可以办理"), rule_id="R-OPEN-01"))
