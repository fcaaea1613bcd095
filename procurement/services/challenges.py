"""Challenges: filing in time, drafting and issuing the answer, and what follows (质疑, R-REMEDY-02)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file, keep_bytes
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, Organisation
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.models import Award, Bid, Challenge, Tender
from procurement.permissions import BIDDER_SIDE, RemedyPermission
from procurement.queries.remedies import challenge_periods, may_challenge_documents, took_part
from procurement.remedy_periods import CHALLENGE as RULE
from procurement.remedy_periods import MEASURES, ChallengePeriod
from procurement.services.inquiries import handlers, next_number
from procurement.services.remedy_clocks import start_clock, stop_clock
from procurement.services.remedy_papers import challenge_letter
from procurement.states import ChallengeBasis, ChallengeState, Measure, ProcessStep, Verdict
from procurement.workflow import CHALLENGE

KINDS = ("pdf", "docx", "xlsx", "jpg", "png")
FILED = NotificationKind(
    "challenge.filed",
    _l("收到质疑：%(number)s"),
    _l("采购项目《%(tender)s》收到质疑 %(number)s，请在 %(due)s 前答复；答复前合同暂停签订（R-SUSP-01）。"),
)
TO_ISSUE = NotificationKind(
    "challenge.to-issue", _l("待签发质疑答复：%(number)s"), _l("《%(tender)s》质疑 %(number)s 的答复稿待签发。")
)
ANSWERED = NotificationKind(
    "challenge.answered",
    _l("质疑已答复：%(number)s"),
    _l("就《%(tender)s》提出的质疑 %(number)s 已作出答复：%(verdict)s。"),
)
SUSPENDED = NotificationKind(
    "challenge.suspends",
    _l("合同暂停：%(tender)s"),
    _l("《%(tender)s》有质疑尚未办结，在此期间暂停签订合同；已经签订的，中止履行（R-SUSP-01）。"),
)
LIFTED = NotificationKind(
    "challenge.lifts", _l("质疑已办结：%(tender)s"), _l("《%(tender)s》的质疑 %(number)s 已办结，不再因此暂停合同。")
)
FIRED = {Verdict.REJECTED: "reject", Verdict.DISMISSED: "dismiss", Verdict.UPHELD: "uphold"}


@dataclass(frozen=True)
class ChallengeEntry:
    """What a challenge must hold (94号令): the matter, facts, request, law, and where to reach the supplier."""

    basis: ChallengeBasis
    step: ProcessStep | None
    matter: str
    facts: str
    request: str
    legal_basis: str
    contact_name: str
    contact_telephone: str
    contact_address: str


def filing_refusals(
    uow: UnitOfWork, tender: Tender, organisation_id: uuid.UUID, basis: ChallengeBasis, step: ProcessStep | None
) -> list[Refusal]:
    """Return why this supplier cannot (any longer) challenge this: not its to challenge, not yet, too late, twice."""
    period = period_of(challenge_periods(uow, tender, [organisation_id]), basis, step)
    if period is None:
        return [Refusal(_l("这一环节还没有结束，不能提出质疑"), rule_id=RULE, field="target")]
    found = []
    if basis is ChallengeBasis.DOCUMENTS and not may_challenge_documents(uow, tender, organisation_id):
        words = _l("只有依法获取采购文件的供应商可以对采购文件提出质疑")
        found.append(Refusal(words, rule_id=RULE, field="target"))
    if basis is not ChallengeBasis.DOCUMENTS and not took_part(uow, tender, organisation_id):
        words = _l("只有参加本项目采购活动的供应商可以对过程和结果提出质疑")
        found.append(Refusal(words, rule_id=RULE, field="target"))
    if not period.is_open(uow.today):
        words = _l(
            "质疑期限已于 %(last)s 届满；届满前交邮的书面质疑函仍在期限内，由采购人登记",
            last=period.deadline.last_day.isoformat(),
        )
        found.append(Refusal(words, rule_id=RULE, field="target"))
    if _earlier(uow, tender, organisation_id, basis, step) is not None:
        words = _l("针对同一环节的质疑须一次提出，贵单位已经提出过")
        found.append(Refusal(words, rule_id=RULE, field="target"))
    return found


def file_challenge(
    uow: UnitOfWork,
    tender: Tender,
    organisation_id: uuid.UUID,
    entry: ChallengeEntry,
    files: Sequence[FileStorage] = (),
) -> Challenge:
    """File a challenge for one's own organisation; the answer's clock starts, contracts wait (R-SUSP-01).

    Raises `Forbidden` for another's organisation, `Refused` when incomplete, late, or not its to challenge.
    """
    decision = policy.decide(uow.actor, RemedyPermission.FILE, tender)
    if not decision:
        raise Forbidden(decision.reason)
    if organisation_id not in uow.actor.organisations_as(*BIDDER_SIDE):
        raise Forbidden(_l("只能以本单位名义提出"))
    uow.lock(tender)
    refusals = [*_missing(entry), *filing_refusals(uow, tender, organisation_id, entry.basis, entry.step)]
    if refusals:
        raise Refused(*refusals)
    return _receive(uow, tender, organisation_id, entry, received_on=uow.today, is_letter=False, files=files)


def register_letter(
    uow: UnitOfWork,
    tender: Tender,
    organisation_id: uuid.UUID,
    entry: ChallengeEntry,
    *,
    posted_on: date,
    files: Sequence[FileStorage] = (),
) -> Challenge:
    """Register a challenge that came on paper; the day of posting decides whether it is in time (R-REMEDY-05).

    A late one is registered too: it is rejected in writing with its reason, never silently. The answer's clock starts
    on the day of receipt. Raises `Forbidden`, or `Refused` when incomplete or for a day to come.
    """
    decision = policy.decide(uow.actor, RemedyPermission.REGISTER, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    refusals = _missing(entry)
    if tender.opened_at is None:
        words = _l("开标前的质疑由供应商在平台提出，以免透露参加的供应商")
        refusals.append(Refusal(words, rule_id="R-SEC-03", field="organisation_id"))
    if posted_on > uow.today:
        refusals.append(Refusal(_l("交邮日期不能晚于今天"), rule_id="R-REMEDY-05", field="posted_on"))
    if period_of(challenge_periods(uow, tender), entry.basis, entry.step) is None:
        refusals.append(Refusal(_l("这一环节还没有结束，不能提出质疑"), rule_id=RULE, field="target"))
    if _earlier(uow, tender, organisation_id, entry.basis, entry.step) is not None:
        refusals.append(Refusal(_l("该供应商对同一环节的质疑已经登记过"), rule_id=RULE, field="target"))
    if refusals:
        raise Refused(*refusals)
    return _receive(uow, tender, organisation_id, entry, received_on=posted_on, is_letter=True, files=files)


def draft_answer(
    uow: UnitOfWork, challenge: Challenge, verdict: Verdict, answer: str, measure: Measure | None = None
) -> None:
    """Propose the answer; an approver issues it. Raises `Forbidden`, or `Refused` for an incomplete or unlawful one."""
    refusals = []
    if not answer.strip():
        refusals.append(Refusal(_l("请写明答复的内容、事实和法律依据"), rule_id=RULE, field="answer"))
    if verdict is Verdict.UPHELD and measure not in MEASURES[challenge.basis]:
        refusals.append(Refusal(_l("质疑成立的，请选择与质疑事项相应的处理措施"), rule_id=RULE, field="measure"))
    if refusals:
        raise Refused(*refusals)
    kept = measure if verdict is Verdict.UPHELD else None
    values = {"verdict": verdict, "measure": kept, "answer": answer.strip(), "drafted_by_id": uow.actor.user_id}
    CHALLENGE.fire(uow, challenge, "draft", assign=values, detail={"verdict": str(verdict)})
    approvers = uow.session.scalars(
        select(Membership.user_id).where(
            Membership.role == Role.PROCUREMENT_APPROVER,
            Membership.ended_at.is_(None),
            Membership.user_id != uow.actor.user_id,
        )
    )
    notify(uow, TO_ISSUE, approvers, url=page_of(challenge), params=_words(challenge))


def issue_answer(uow: UnitOfWork, challenge: Challenge) -> None:
    """Issue the drafted answer: letter, notices to the challenger and to whom it concerns.

    Raises `Forbidden` for the drafter, `Refused` when no draft waits.
    """
    uow.lock(challenge)
    step = FIRED[challenge.verdict or Verdict.REJECTED]
    CHALLENGE.fire(uow, challenge, step, assign={"issued_by_id": uow.actor.user_id})
    stop_clock(uow, challenge, "answer_days")
    if challenge.verdict is not Verdict.UPHELD or challenge.measure is Measure.CONTINUE:
        challenge.may_affect_result = False
    uow.session.flush()
    with force_locale("zh"):
        data, name = challenge_letter(uow, challenge), f"质疑答复函-{challenge.number}.pdf"
        keep_bytes(uow, data, owner=challenge, purpose="answer-letter", name=name, media_type="application/pdf")
        verdict = str(challenge.verdict.label) if challenge.verdict else ""
    words = {**_words(challenge), "verdict": verdict}
    notify(uow, ANSWERED, [challenge.filed_by_id], url=page_of(challenge), params=words)
    notify(uow, ANSWERED, handlers(uow, challenge.tender), url=page_of(challenge), params=words)
    if not challenge.may_affect_result:
        _tell_winners(uow, challenge, LIFTED)


def carry_out(uow: UnitOfWork, challenge: Challenge, note: str) -> None:
    """Note that what the answer promised was done; contracts no longer wait for it. Raises `Refused` without a note."""
    if challenge.state is ChallengeState.UPHELD and not note.strip():
        words = _l("请写明处理措施如何落实，如更正公告、重新评审的结论或者新的采购编号")
        raise Refused(Refusal(words, rule_id=RULE, field="note"))
    CHALLENGE.fire(uow, challenge, "remedy", assign={"remedy_note": note.strip()}, reason=note.strip())
    _tell_winners(uow, challenge, LIFTED)


def after_withdrawal(uow: UnitOfWork, event: TransitionFired) -> None:
    """Stop the clocks of what its supplier took back, and tell whoever waited for it."""
    if event.name != "withdraw" or event.workflow not in ("inquiry", "challenge"):
        return
    stop_clock(uow, event.subject, "days", "answer_days")
    if event.workflow == "challenge":
        _tell_winners(uow, event.subject, LIFTED)


def judge_effect(uow: UnitOfWork, challenge: Challenge, *, affects: bool, reason: str) -> None:
    """Say whether an open challenge may affect the result (R-SUSP-01); that it may not needs a reason, by an approver.

    Raises `Forbidden` for the drafter of its answer, `Refused` without a reason or once it is answered.
    """
    decision = policy.decide(uow.actor, RemedyPermission.ISSUE, challenge)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(challenge)
    if challenge.state not in (ChallengeState.FILED, ChallengeState.DRAFTED):
        raise Refused(Refusal(_l("质疑已经答复"), rule_id="R-SUSP-01"))
    if not affects and not reason.strip():
        words = _l("认定质疑事项不影响中标结果的，须写明理由")
        raise Refused(Refusal(words, rule_id="R-SUSP-01", field="reason"))
    before, challenge.may_affect_result = challenge.may_affect_result, affects
    uow.record(
        "challenge.judge", challenge, before={"affects": before}, after={"affects": affects}, reason=reason.strip()
    )


def period_of(
    periods: Sequence[ChallengePeriod], basis: ChallengeBasis, step: ProcessStep | None
) -> ChallengePeriod | None:
    """Return the period of one thing that may be challenged, or None when it has not begun."""
    return next((one for one in periods if one.basis is basis and one.step is step), None)


def suppliers_of(uow: UnitOfWork, tender: Tender) -> list[Organisation]:
    """Return the suppliers whose letters an officer may register: the bidders, once the bids are opened."""
    if tender.opened_at is None:
        return []
    bidders = select(Bid.bidder_id).where(Bid.tender_id == tender.id, Bid.opened_at.is_not(None))
    return list(
        uow.session.scalars(select(Organisation).where(Organisation.id.in_(bidders)).order_by(Organisation.name))
    )


def page_of(challenge: Challenge) -> str:
    """Return the path of a challenge's page."""
    return f"/challenges/{challenge.id}"


def _receive(
    uow: UnitOfWork,
    tender: Tender,
    organisation_id: uuid.UUID,
    entry: ChallengeEntry,
    *,
    received_on: date,
    is_letter: bool,
    files: Sequence[FileStorage],
) -> Challenge:
    period = period_of(challenge_periods(uow, tender, [organisation_id]), entry.basis, entry.step)
    if period is None:  # the callers refused it before
        raise LookupError(entry.basis)
    challenge = uow.add(
        Challenge(
            number=next_number(uow, tender, Challenge, "ZY"),
            tender_id=tender.id,
            organisation_id=organisation_id,
            filed_by_id=uow.actor.user_id,
            filed_at=uow.now,
            received_on=received_on,
            is_letter=is_letter,
            last_day=period.deadline.last_day,
            **vars(entry),
            verdict=None,
            measure=None,
            drafted_by_id=None,
            issued_by_id=None,
            answered_at=None,
            remedied_at=None,
        )
    )
    challenge.tender, challenge.organisation = tender, uow.session.get_one(Organisation, organisation_id)
    uow.session.flush()
    clock = start_clock(uow, challenge, RULE, "answer_days", uow.today)
    uow.record(
        "challenge.register" if is_letter else "challenge.file",
        challenge,
        after={"number": challenge.number, "basis": str(entry.basis), "due": clock.last_day},
    )
    for file in files:
        if file.filename:
            accept_file(uow, file, owner=challenge, purpose="evidence", kinds=KINDS, field="files")
    words = {**_words(challenge), "due": clock.last_day.isoformat()}
    notify(uow, FILED, handlers(uow, tender), url=page_of(challenge), params=words)
    _tell_winners(uow, challenge, SUSPENDED)
    return challenge


def _tell_winners(uow: UnitOfWork, challenge: Challenge, kind: NotificationKind) -> None:
    """Tell whoever won that the contract waits, or no longer does; never who challenged."""
    people = uow.session.scalars(
        select(Bid.submitted_by_id)
        .join(Award, Award.bid_id == Bid.id)
        .where(Award.tender_id == challenge.tender_id, Award.superseded_at.is_(None))
    )
    winners = [one for one in people if one != challenge.filed_by_id]
    notify(uow, kind, winners, url=f"/award-notices/{challenge.tender_id}", params=_words(challenge))


def _words(challenge: Challenge) -> dict[str, str]:
    return {"tender": challenge.tender.title, "number": challenge.number}


def _missing(entry: ChallengeEntry) -> list[Refusal]:
    wanted = (
        ("matter", _l("请写明具体、明确的质疑事项")),
        ("facts", _l("请写明事实依据")),
        ("request", _l("请写明与质疑事项相关的请求")),
        ("contact_name", _l("请填写联系人")),
        ("contact_telephone", _l("请填写联系电话")),
        ("contact_address", _l("请填写联系地址")),
    )
    return [Refusal(words, rule_id=RULE, field=name) for name, words in wanted if not str(getattr(entry, name)).strip()]


def _earlier(
    uow: UnitOfWork, tender: Tender, organisation_id: uuid.UUID, basis: ChallengeBasis, step: ProcessStep | None
) -> Challenge | None:
    same_step = Challenge.step.is_(None) if step is None else Challenge.step == step
    return uow.session.scalar(
        select(Challenge).where(
            Challenge.tender_id == tender.id,
            Challenge.organisation_id == organisation_id,
            Challenge.basis == basis,
            same_step,
            Challenge.state != ChallengeState.WITHDRAWN,
        )
    )
