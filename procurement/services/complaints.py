"""Complaints from filing to decision, with every clock of R-REMEDY-03; only procurement supervision handles them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import force_locale
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file, keep_bytes
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.models import Award, Bid, Challenge, Complaint, ComplaintParty
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, ComplaintPermission
from procurement.queries.remedies import ANSWER_OUT, reckoner
from procurement.remedy_periods import COMPLAINT as RULE
from procurement.services.challenges import KINDS
from procurement.services.complaint_papers import decision_letter, refusal_letter
from procurement.services.complaint_pauses import begin_pause, end_pause
from procurement.services.complaint_people import own_party, people_of, supervisors
from procurement.services.remedy_clocks import find_clock, keep_clock, start_clock, stop_clock
from procurement.states import ChallengeState, ComplaintState, DismissalGround, Measure
from procurement.workflow import COMPLAINT

FILED = NotificationKind(
    "complaint.filed", _l("收到投诉：%(number)s"), _l("收到投诉 %(number)s，请在 %(due)s 前完成审查（R-REMEDY-03）。")
)
NEWS = NotificationKind(
    "complaint.news", _l("投诉进展：%(number)s"), _l("贵单位提起的投诉 %(number)s：%(state)s。%(reason)s")
)
SERVED = NotificationKind(
    "complaint.served",
    _l("投诉答复通知书：%(tender)s"),
    _l("就《%(tender)s》收到投诉 %(number)s 的副本，请在 %(due)s 前提交说明和证据（R-REMEDY-03）。"),
)
STATED = NotificationKind(
    "complaint.stated", _l("投诉案卷有新材料：%(number)s"), _l("投诉 %(number)s 的当事人提交了说明、补正或者撤回。")
)
SUSPENDED = NotificationKind(
    "complaint.suspended",
    _l("暂停采购活动通知：%(tender)s"),
    _l("因投诉处理需要，《%(tender)s》的采购活动自即日起暂停，至 %(until)s（R-REMEDY-03）。"),
)
RESUMED = NotificationKind(
    "complaint.resumed", _l("恢复采购活动通知：%(tender)s"), _l("《%(tender)s》的采购活动不再因投诉暂停。")
)
DECIDED = NotificationKind(
    "complaint.decided",
    _l("投诉处理决定：%(number)s"),
    _l("就《%(tender)s》的投诉 %(number)s 已作出处理决定：%(state)s。决定书已公告。"),
)

CARRIED_OUT = NotificationKind(
    "complaint.carried-out",
    _l("投诉处理决定已执行：%(number)s"),
    _l("采购人报告：《%(tender)s》投诉 %(number)s 的处理决定已执行，详见案卷。"),
)


@dataclass(frozen=True)
class ComplaintEntry:
    """What a complaint must hold beside the challenge it follows."""

    matter: str
    facts: str
    request: str
    legal_basis: str = ""


def complaint_refusals(uow: UnitOfWork, challenge: Challenge) -> list[Refusal]:
    """Return why this challenge cannot be followed by a complaint now: too early, too late, or once already."""
    if challenge.state is ChallengeState.WITHDRAWN:
        return [Refusal(_l("质疑已撤回，不能就此投诉"), rule_id=RULE)]
    clock = find_clock(uow, challenge, "answer_days")
    due = clock.last_day if clock else challenge.received_on
    if challenge.state not in ANSWER_OUT and uow.today <= due:
        words = _l("质疑答复期未满（至 %(due)s），尚未答复的，期满后可以投诉", due=due.isoformat())
        return [Refusal(words, rule_id=RULE)]
    last = reckoner(uow).complaint_until(due).last_day
    found = []
    if uow.today > last:
        found.append(Refusal(_l("投诉期限已于 %(last)s 届满", last=last.isoformat()), rule_id=RULE))
    if _running(uow, challenge) is not None:
        found.append(Refusal(_l("已就同一质疑提起投诉"), rule_id=RULE))
    return found


def file_complaint(
    uow: UnitOfWork, challenge: Challenge, entry: ComplaintEntry, files: Sequence[FileStorage] = ()
) -> Complaint:
    """Complain about a challenge's answer, or that there was none; only supervision is told (R-SEC-01).

    Raises `Forbidden` for another's challenge, `Refused` when incomplete, too early, too late or filed before.
    """
    decision = policy.decide(uow.actor, ComplaintPermission.FILE, challenge)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(challenge)
    wanted = (
        ("matter", _l("请写明投诉事项，不得超出质疑事项的范围")),
        ("facts", _l("请写明事实依据")),
        ("request", _l("请写明与投诉事项相关的请求")),
    )
    refusals = [Refusal(words, RULE, name) for name, words in wanted if not getattr(entry, name).strip()]
    refusals += complaint_refusals(uow, challenge)
    if refusals:
        raise Refused(*refusals)
    complaint = uow.add(
        Complaint(
            number=_next_number(uow),
            tender_id=challenge.tender_id,
            challenge_id=challenge.id,
            organisation_id=challenge.organisation_id,
            filed_by_id=uow.actor.user_id,
            filed_at=uow.now,
            **vars(entry),
            accepted_at=None,
            served_at=None,
            suspended_on=None,
            suspended_until=None,
            ground=None,
            measure=None,
            decided_by_id=None,
            decided_at=None,
            carried_out_by_id=None,
            carried_out_at=None,
        )
    )
    uow.session.flush()
    for name in ("review_days", "copy_days", "decision_days"):
        start_clock(uow, complaint, RULE, name, uow.today)
    uow.record("complaint.file", complaint, after={"number": complaint.number})
    for file in files:
        if file.filename:
            accept_file(uow, file, owner=complaint, purpose="evidence", kinds=KINDS, field="files")
    due = find_clock(uow, complaint, "review_days")
    words = {"number": complaint.number, "due": due.last_day.isoformat() if due else ""}
    notify(uow, FILED, supervisors(uow), url=page_of(complaint), params=words)
    return complaint


def supplement(uow: UnitOfWork, complaint: Complaint, words: str, files: Sequence[FileStorage] = ()) -> None:
    """Complete a complaint that was returned; the days of completing do not count (R-REMEDY-03)."""
    if complaint.state is ComplaintState.CORRECTING and not words.strip():
        raise Refused(Refusal(_l("请写明补正的内容"), rule_id=RULE, field="words"))
    COMPLAINT.fire(uow, complaint, "supplement", assign={"supplement": words.strip()})
    for file in files:
        if file.filename:
            accept_file(uow, file, owner=complaint, purpose="evidence", kinds=KINDS, field="files")
    period = reckoner(uow).period(RULE, uow.today, "review_days")
    keep_clock(uow, complaint, "review_days", uow.today, period).stopped_at = None
    end_pause(uow, complaint)
    notify(uow, STATED, supervisors(uow), url=page_of(complaint), params={"number": complaint.number})


def serve_copies(uow: UnitOfWork, complaint: Complaint) -> list[ComplaintParty]:
    """Send the copy to the purchaser and to the suppliers concerned; from now on they may read it and state theirs.

    Raises `Forbidden` for anybody but supervision, `Refused` before acceptance or twice.
    """
    _handle(uow, complaint)
    if complaint.state is not ComplaintState.ACCEPTED or complaint.served_at is not None:
        raise Refused(Refusal(_l("受理后一次发送副本"), rule_id=RULE))
    winners = uow.session.scalars(
        select(Bid.bidder_id)
        .join(Award, Award.bid_id == Bid.id)
        .where(Award.tender_id == complaint.tender_id, Award.superseded_at.is_(None))
    )
    concerned = [(complaint.tender.purchaser_id, True)]
    concerned += [(one, False) for one in dict.fromkeys(winners) if one != complaint.organisation_id]
    complaint.served_at = uow.now
    parties = []
    for organisation_id, is_purchaser in concerned:
        party = uow.add(
            ComplaintParty(
                complaint_id=complaint.id,
                organisation_id=organisation_id,
                is_purchaser=is_purchaser,
                served_at=uow.now,
                stated_by_id=None,
                stated_at=None,
            )
        )
        uow.session.flush()
        clock = start_clock(uow, party, RULE, "statement_days", uow.today)
        told = people_of(uow, organisation_id, PURCHASER_SIDE if is_purchaser else BIDDER_SIDE)
        words = {**_words(complaint), "due": clock.last_day.isoformat()}
        notify(uow, SERVED, told, url=page_of(complaint), params=words)
        parties.append(party)
    stop_clock(uow, complaint, "copy_days")
    uow.session.expire(complaint, ["parties"])
    uow.record("complaint.serve", complaint, detail={"parties": len(parties)})
    return parties


def state_position(uow: UnitOfWork, complaint: Complaint, words: str, files: Sequence[FileStorage] = ()) -> None:
    """State one's position on a complaint one was sent. Raises `Forbidden` for others, `Refused` without words."""
    decision = policy.decide(uow.actor, ComplaintPermission.STATE, complaint)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(complaint)
    if complaint.state is not ComplaintState.ACCEPTED:
        raise Refused(Refusal(_l("投诉已经办结，不再接收说明"), rule_id=RULE))
    if not words.strip():
        raise Refused(Refusal(_l("请写明对投诉事项的说明"), rule_id=RULE, field="words"))
    party = own_party(uow, complaint)
    if party is None:
        raise Forbidden(_l("不是本投诉的当事人"))
    party.statement, party.stated_at, party.stated_by_id = words.strip(), uow.now, uow.actor.user_id
    stop_clock(uow, party, "statement_days")
    for file in files:
        if file.filename:
            accept_file(uow, file, owner=complaint, purpose="statement", kinds=KINDS, field="files")
    uow.record("complaint.state", complaint)
    notify(uow, STATED, supervisors(uow), url=page_of(complaint), params={"number": complaint.number})


def suspend_purchase(uow: UnitOfWork, complaint: Complaint, days: int) -> None:
    """Order the purchase to stand still for so many days, at most those of R-REMEDY-03 in all.

    Raises `Forbidden` for anybody but supervision, `Refused` before acceptance or beyond the limit.
    """
    _handle(uow, complaint)
    limit = uow.house.rules.whole(RULE, "suspension_days", on=uow.today)
    began = complaint.suspended_on or uow.today
    until = uow.today + timedelta(days=days)
    if complaint.state is not ComplaintState.ACCEPTED:
        raise Refused(Refusal(_l("受理投诉后方可通知暂停采购活动"), rule_id=RULE))
    if days < 1 or until > began + timedelta(days=limit):
        words = _l("暂停采购活动合计不得超过 %(days)s 日", days=limit)
        raise Refused(Refusal(words, rule_id=RULE, field="days"))
    complaint.suspended_on, complaint.suspended_until = began, until
    uow.record("complaint.suspend", complaint, about=(complaint.tender,), after={"until": until})
    words = {**_words(complaint), "until": until.isoformat()}
    notify(uow, SUSPENDED, _purchasers(uow, complaint), url=f"/tenders/{complaint.tender_id}", params=words)


def pause_clock(uow: UnitOfWork, complaint: Complaint, reason: str) -> None:
    """Stop counting for experts, inspection or a laboratory, from today. Raises `Refused` without a reason or twice."""
    _handle(uow, complaint)
    if not reason.strip():
        raise Refused(Refusal(_l("请写明检验、检测、鉴定或者专家评审的内容"), rule_id=RULE, field="reason"))
    if complaint.state is not ComplaintState.ACCEPTED or any(one.ends_on is None for one in complaint.pauses):
        raise Refused(Refusal(_l("期限已经暂停计算，或者投诉没有在办"), rule_id=RULE))
    begin_pause(uow, complaint, reason.strip())


def resume_clock(uow: UnitOfWork, complaint: Complaint) -> None:
    """Go on counting from tomorrow; the decision's last day moves by the working days left out."""
    _handle(uow, complaint)
    end_pause(uow, complaint)


def decide_complaint(
    uow: UnitOfWork,
    complaint: Complaint,
    words: str,
    *,
    ground: DismissalGround | None = None,
    measure: Measure | None = None,
) -> None:
    """Decide: dismissed on a ground, or upheld with a measure; letter, public page, everybody concerned is told.

    Raises `Forbidden` for anybody but supervision, `Refused` without words, with both or neither of the two, or before
    the copy was sent.
    """
    refusals = []
    if not words.strip():
        refusals.append(Refusal(_l("请写明查明的事实、理由和法律依据"), rule_id=RULE, field="words"))
    if (ground is None) == (measure is None):
        refusals.append(Refusal(_l("请选择驳回的理由，或者成立的处理措施"), rule_id=RULE, field="outcome"))
    if complaint.state is ComplaintState.ACCEPTED and complaint.served_at is None:
        refusals.append(Refusal(_l("尚未向被投诉人和有关供应商发送副本"), rule_id=RULE))
    if refusals:
        raise Refused(*refusals)
    values = {"ground": ground, "measure": measure, "decision": words.strip(), "decided_by_id": uow.actor.user_id}
    COMPLAINT.fire(uow, complaint, "dismiss" if ground else "uphold", assign=values)


def report_carried_out(uow: UnitOfWork, complaint: Complaint, note: str) -> None:
    """Report to supervision how the purchaser carried out an upheld decision; contracts no longer wait for it.

    Raises `Forbidden` for anybody but the purchaser's officer who was sent the copy, `Refused` without words, for a
    complaint that ordered nothing, or twice.
    """
    decision = policy.decide(uow.actor, ComplaintPermission.CARRY_OUT, complaint)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(complaint)
    if complaint.state is not ComplaintState.UPHELD or complaint.carried_out_at is not None:
        raise Refused(Refusal(_l("没有待执行的处理决定"), rule_id=RULE))
    if not note.strip():
        raise Refused(Refusal(_l("请写明处理决定如何执行"), rule_id=RULE, field="note"))
    complaint.carried_out_at, complaint.carried_out_note = uow.now, note.strip()
    complaint.carried_out_by_id = uow.actor.user_id
    uow.session.flush()
    uow.record("complaint.carry_out", complaint, reason=note.strip())
    notify(uow, CARRIED_OUT, supervisors(uow), url=page_of(complaint), params=_words(complaint))


def after_transition(uow: UnitOfWork, event: TransitionFired) -> None:
    """Do what follows from each step: clocks, letters, notices, the end of a suspension."""
    if event.workflow != "complaint":
        return
    complaint: Complaint = event.subject
    uow.session.flush()
    if event.name in ("accept", "correct", "refuse"):
        stop_clock(uow, complaint, "review_days")
    if event.name == "correct":
        begin_pause(uow, complaint, str(_l("投诉人补正材料")))
    if event.name == "refuse":
        start_clock(uow, complaint, RULE, "refusal_days", uow.today)
        stop_clock(uow, complaint, "refusal_days", "copy_days", "decision_days")
        with force_locale("zh"):
            _keep_letter(
                uow, complaint, refusal_letter(uow, complaint, event.reason or ""), "refusal", "不予受理通知书"
            )
    if event.name in ("dismiss", "uphold", "withdraw"):
        end_pause(uow, complaint)
        stop_clock(uow, complaint, "review_days", "copy_days", "decision_days")
        _close(uow, complaint, event.name)
    if event.name == "withdraw":
        notify(uow, STATED, supervisors(uow), url=page_of(complaint), params={"number": complaint.number})
    if event.name not in ("supplement", "withdraw"):
        words = {**_words(complaint), "state": str(complaint.state.label), "reason": event.reason or ""}
        notify(uow, NEWS, [complaint.filed_by_id], url=page_of(complaint), params=words)


def page_of(complaint: Complaint) -> str:
    """Return the path of a complaint's page."""
    return f"/complaints/{complaint.id}"


def _handle(uow: UnitOfWork, complaint: Complaint) -> None:
    decision = policy.decide(uow.actor, ComplaintPermission.HANDLE, complaint)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(complaint)


def _close(uow: UnitOfWork, complaint: Complaint, name: str) -> None:
    if complaint.is_suspending(uow.today) or complaint.suspended_until is not None:
        words = _words(complaint)
        notify(uow, RESUMED, _purchasers(uow, complaint), url=f"/tenders/{complaint.tender_id}", params=words)
    for party in complaint.parties:
        stop_clock(uow, party, "statement_days")
    if name == "withdraw":
        return
    with force_locale("zh"):
        _keep_letter(uow, complaint, decision_letter(uow, complaint), "decision", "投诉处理决定书")
    told = {
        one
        for party in complaint.parties
        for one in people_of(uow, party.organisation_id, PURCHASER_SIDE if party.is_purchaser else BIDDER_SIDE)
    }
    words = {**_words(complaint), "state": str(complaint.state.label)}
    notify(uow, DECIDED, told, url=f"/complaint-decisions/{complaint.id}", params=words)


def _purchasers(uow: UnitOfWork, complaint: Complaint) -> list[uuid.UUID]:
    return people_of(uow, complaint.tender.purchaser_id, PURCHASER_SIDE)


def _keep_letter(uow: UnitOfWork, complaint: Complaint, data: bytes, purpose: str, title: str) -> None:
    name = f"{title}-{complaint.number}.pdf"
    keep_bytes(uow, data, owner=complaint, purpose=purpose, name=name, media_type="application/pdf")


def _running(uow: UnitOfWork, challenge: Challenge) -> Complaint | None:
    ended = (ComplaintState.WITHDRAWN, ComplaintState.REFUSED)
    return uow.session.scalar(
        select(Complaint).where(Complaint.challenge_id == challenge.id, Complaint.state.not_in(ended))
    )


def _next_number(uow: UnitOfWork) -> str:
    uow.session.execute(select(func.pg_advisory_xact_lock(0x48505453)))
    count = uow.session.scalar(
        select(func.count(Complaint.id)).where(Complaint.number.startswith(f"TS-{uow.today.year}-"))
    )
    return f"TS-{uow.today.year}-{(count or 0) + 1:03d}"


def _words(complaint: Complaint) -> dict[str, str]:
    return {"tender": complaint.tender.title, "number": complaint.number}
