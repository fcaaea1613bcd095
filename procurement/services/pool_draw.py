"""Drawing committee members from the bureau's own pool: wanted, screened, locked, drawn (R-POOL-01, R-COMM-04/05/07).

Lawful below the limits; above them only as the purchaser's own selection with the consent of its competent unit. The
draw itself is the one of indicator reviews (`experts.services.draw_steps`).
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.draw import Candidate, DrawPlan, DrawResult, Infeasible, Pool, Quota, plan_draw
from experts.draw.pool import EMPLOYER, BadPool
from experts.exclusions import Exclusion
from experts.models import Draw, Expert
from experts.permissions import PURCHASE_ENTROPY_ROLES
from experts.ports import Occasion
from experts.review_rules import review_rules
from experts.services.conflicts import Screened
from experts.services.draw_steps import commit_plan
from procurement.drafting.requirement import is_statutory
from procurement.methods import rules_of
from procurement.models import CommitteeCall, CommitteeDraw, CommitteeInvitee, Tender
from procurement.permissions import PoolDrawPermission
from procurement.queries.pool_draw import YES, invitees_of, next_number, quota_titles, running_call
from procurement.services.committee import SEATING_STATES, too_early
from procurement.services.pool_invitations import invite, unseat_conflicted
from procurement.services.pool_screening import features, held_for, new_invitee, screened_for
from procurement.states import CallState, InviteeState, SeatSource
from procurement.workflow import CALL

CONSENT = ("pdf", "png", "jpg", "docx")
ORGANISERS = (Role.PROCUREMENT_OFFICER, Role.AGENT_OFFICER)


@dataclass(frozen=True)
class CallEntry:
    """What the officer wants: seats, reserves, least numbers by field; when and where, the fee, hours to answer."""

    size: int
    reserves: int
    minimums: Mapping[str, int]
    starts_at: datetime
    place: str
    fee: Decimal
    answer_hours: int
    ground: str = ""
    consenting: str = ""


@dataclass(frozen=True)
class PoolOutlook:
    """What the pool allows for a call: everybody screened, and the plan or why there is none."""

    screened: Sequence[Screened]
    plan: DrawPlan | None
    infeasible: Infeasible | None = None


def plan_call(uow: UnitOfWork, tender: Tender, entry: CallEntry, consent: FileStorage | None = None) -> CommitteeCall:
    """Say which experts are wanted. Raises `Forbidden`, or `Refused` at the fields and where the law forbids it."""
    decision = policy.decide(uow.actor, PoolDrawPermission.PLAN, tender)
    if not decision or uow.actor.user_id is None:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    refusals = [*_unlawful(uow, tender), *_entry_refusals(uow, entry)]
    has_consent = consent is not None and bool(consent.filename)
    if is_statutory(uow, tender):
        refusals += _without_consent(entry, has_file=has_consent)
    if refusals:
        raise Refused(*refusals)
    call = uow.add(
        CommitteeCall(
            tender_id=tender.id,
            tender=tender,
            number=next_number(uow, tender),
            size=entry.size,
            reserves=entry.reserves,
            quotas=[{"key": key, "minimum": least} for key, least in entry.minimums.items() if least],
            starts_at=entry.starts_at,
            place=entry.place.strip()[:120],
            fee=entry.fee,
            answer_hours=entry.answer_hours,
            ground=entry.ground.strip()[:500] if is_statutory(uow, tender) else "",
            consenting=entry.consenting.strip()[:120] if is_statutory(uow, tender) else "",
            called_by_id=uow.actor.user_id,
            called_at=uow.now,
            register_id=None,
        )
    )
    uow.session.flush()
    if has_consent and call.ground:
        accept_file(uow, consent, owner=call, purpose="consent", kinds=CONSENT, field="consent")
    uow.record("committee_call.plan", call, about=(tender,), after={"size": call.size, "quotas": call.quotas})
    return call


def _unlawful(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    found = []
    if tender.state not in SEATING_STATES or rules_of(tender).committee is None:
        found.append(Refusal(_l("公告发布之后、评标结束之前，设评标委员会的采购才能抽取评审专家"), rule_id="R-COMM-04"))
    if running_call(uow, tender) is not None:
        found.append(Refusal(_l("已有一次抽取正在进行，请先完成或者取消"), rule_id="R-POOL-01"))
    return found


def _entry_refusals(uow: UnitOfWork, entry: CallEntry) -> list[Refusal]:
    found = []
    if not 1 <= entry.size <= 15:
        found.append(Refusal(_l("抽取人数为 1 至 15 人"), rule_id="R-COMM-01", field="size"))
    if not 0 <= entry.reserves <= 30:
        found.append(Refusal(_l("候补为 0 至 30 人"), field="reserves"))
    for key, least in entry.minimums.items():
        if key not in quota_titles() or not 0 <= least <= entry.size:
            found.append(Refusal(_l("各专业至少人数不能超过抽取人数"), field=f"least-{key}"))
    if entry.starts_at <= uow.now:
        found.append(Refusal(_l("评审开始时间须在以后"), rule_id="R-COMM-05", field="starts_at"))
    if not entry.place.strip():
        found.append(Refusal(_l("请填写评标地点"), field="place"))
    if entry.fee < 0:
        found.append(Refusal(_l("评审费不能是负数"), rule_id="R-COMM-15", field="fee"))
    if not 1 <= entry.answer_hours <= 72:
        found.append(Refusal(_l("答复时限为 1 至 72 小时"), rule_id="R-EXP-02", field="answer_hours"))
    return found


def _without_consent(entry: CallEntry, *, has_file: bool) -> list[Refusal]:
    """Above the limits the own pool serves only a lawful selection by the purchaser itself (R-COMM-04, R-POOL-01)."""
    found = []
    if not entry.ground.strip():
        words = _l("限额标准以上的采购须从省级以上专家库抽取；自行选定的，写明专业性强、随机抽取难以确定合适专家的理由")
        found.append(Refusal(words, rule_id="R-COMM-04", field="ground"))
    if not entry.consenting.strip():
        found.append(Refusal(_l("请填写同意的主管预算单位"), rule_id="R-COMM-04", field="consenting"))
    if not has_file:
        found.append(Refusal(_l("请附上主管预算单位同意的文件"), rule_id="R-COMM-04", field="consent"))
    return found


def outlook_of(uow: UnitOfWork, call: CommitteeCall) -> PoolOutlook:
    """Work out each expert's chance of a seat, or which wanted fields block."""
    screened = screened_for(uow, call.tender)
    quotas = [Quota(one["key"], YES, int(one["minimum"]), call.size) for one in call.quotas]
    try:
        pool = Pool(
            [
                Candidate(
                    str(one.expert.id),
                    features(one.expert, call.tender),
                    one.expert.employer,
                    one.exclusion.value if one.exclusion else None,
                )
                for one in screened
            ]
        )
        caps = {} if call.ground else {EMPLOYER: review_rules(uow).per_employer}
        plan = plan_draw(pool, call.size, quotas, call.reserves, caps=caps, purpose=call.number)
    except Infeasible as infeasible:
        return PoolOutlook(screened, None, infeasible)
    except BadPool:
        return PoolOutlook(screened, None)
    return PoolOutlook(screened, plan)


def lock_call(uow: UnitOfWork, call: CommitteeCall) -> Draw:
    """Lock the plan, which begins the draw: not earlier than the working days before the review (R-COMM-05).

    Raises `Refused` then, and where no combination of experts fits.
    """
    tender = call.tender
    uow.lock(tender)
    refusals = too_early(uow, tender, uow.now)
    if tender.state not in SEATING_STATES:
        refusals.append(Refusal(_l("评标已经结束或者采购已经终止，不能再抽取"), rule_id="R-COMM-04"))
    seen = outlook_of(uow, call)
    if seen.plan is None:
        refusals.append(Refusal(_l("没有符合全部要求的专家组合，请先调整专业要求或者补充专家"), rule_id="R-COMM-04"))
    if refusals or seen.plan is None:
        raise Refused(*refusals)
    CALL.fire(uow, call, "lock")
    return commit_plan(uow, seen.plan, held_for(call))


def cancel_call(uow: UnitOfWork, call: CommitteeCall, reason: str) -> None:
    """Call a draw off that has not drawn anybody; its commitments stay on record."""
    CALL.fire(uow, call, "cancel", reason=reason)


def call_occasion(uow: UnitOfWork, call_id: uuid.UUID) -> Occasion:
    """Return a call as what its draw is held for; whoever organises gives one share, approver and observer others."""
    call = uow.session.get_one(CommitteeCall, call_id)
    others = tuple((one,) for one in PURCHASE_ENTROPY_ROLES if one not in ORGANISERS)
    asked = (Role.OBSERVER, Role.PROCUREMENT_APPROVER, Role.PROCUREMENT_OFFICER)
    return Occasion(call, call.number, f"/committee-calls/{call.id}", (ORGANISERS, *others), asked, _settle)


def _settle(uow: UnitOfWork, draw: Draw, result: DrawResult) -> None:
    """Register the draw with the committee's papers, and invite those drawn."""
    call = uow.session.get_one(CommitteeCall, uuid.UUID(draw.held_for.partition(":")[2]))
    passed_over = Counter(one["excluded"] for one in draw.plan["candidates"] if one["excluded"])
    words = [f"{Exclusion(reason).label}{count}人" for reason, count in sorted(passed_over.items())]
    source = SeatSource.SELF_SELECTED if call.ground else SeatSource.OWN_DRAW
    register = uow.add(
        CommitteeDraw(
            tender_id=call.tender_id,
            source=source,
            number=call.number,
            drawn_at=uow.now,
            ground=call.ground,
            consenting=call.consenting,
            excluded="；".join(words)[:1000],
            record=draw.record if source is SeatSource.OWN_DRAW else None,
            registered_by_id=call.called_by_id,
            registered_at=uow.now,
        )
    )
    uow.session.flush()
    CALL.fire(uow, call, "invite", as_system=True, assign={"register_id": register.id})
    names = [*result.seats, *result.reserves]
    found = {str(one.id): one for one in uow.session.scalars(select(Expert).where(Expert.id.in_(names))).unique()}
    for position, name in enumerate(names, start=1):
        uow.add(new_invitee(uow, call, found[name], position))
    uow.session.flush()
    for invitee in invitees_of(uow, call)[: len(result.seats)]:
        invite(uow, invitee)
    unseat_conflicted(uow, call)


def still_wanted(call: CommitteeCall, invitees: Sequence[CommitteeInvitee]) -> int:
    """Return how many of the call's seats nobody has accepted or been asked for."""
    if call.state is not CallState.INVITING:
        return 0
    active = sum(one.state in (InviteeState.INVITED, InviteeState.ACCEPTED) for one in invitees)
    return max(0, call.size - active)
