"""Amending a published tender: drafted by one, approved by another, published as a new version (R-TENDER-05, R-SEC-02).

An amendment reaches neither the object of the purchase nor the qualifications; one that may affect bids and comes too
late moves the deadline by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.clock import SHANGHAI
from core.errors import Forbidden, Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.identity.models import Membership
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.records import plain
from core.unit_of_work import UnitOfWork
from procurement.clarifying.entries import forces_material, forces_resealing, real_changes
from procurement.clarifying.windows import Move, must_move
from procurement.events import TenderAmended
from procurement.models import Amendment, Bid, Question, Tender, TenderVersion
from procurement.permissions import ClarificationPermission
from procurement.queries.amendments import under_way
from procurement.queries.clarifications import audience, people_of, suppliers_named
from procurement.services.questions import put_out
from procurement.services.receiving import present
from procurement.services.versions import apply, first_version, new_breaches, next_version
from procurement.states import AmendmentState, BidState, Consequence, QuestionState
from procurement.workflow import AMENDMENT

SUBMITTED = NotificationKind(
    "amendment.submitted",
    _l("待审批的更正：%(tender)s"),
    _l("《%(tender)s》的更正公告已提交审批，请核对后批准发布或退回修改。"),
)
AMENDED = NotificationKind(
    "tender.amended",
    _l("更正公告：%(tender)s"),
    _l("《%(tender)s》发布了第 %(number)s 版采购文件。投标截止时间：%(deadline)s（北京时间）。更正理由：%(reason)s"),
)
CONFIRM_WANTED = NotificationKind(
    "bid.confirm-wanted",
    _l("请确认投标：%(tender)s"),
    _l("《%(tender)s》已更正，贵单位的密封投标对应旧版。请在 %(deadline)s（北京时间）前确认或者替换，否则不予开启。"),
)
RESEAL_WANTED = NotificationKind(
    "bid.reseal-wanted",
    _l("请重新递交投标：%(tender)s"),
    _l("《%(tender)s》已更正，贵单位的密封投标对应旧版，须在 %(deadline)s（北京时间）前重新密封递交，否则不予开启。"),
)


@dataclass(frozen=True)
class Outlook:
    """What an amendment would do if it went out now: the changes with the deadline it needs, and what is in its way.

    `move` is why the deadline moves; `deadline` the one that will stand.
    """

    changes: dict[str, Any]
    deadline: datetime
    move: Move | None
    is_material: bool
    consequence: Consequence
    problems: tuple[Refusal, ...]


def start_amendment(uow: UnitOfWork, tender: Tender, *, reason: str = "") -> Amendment:
    """Begin an amendment of a tender still open for bids, with its reason where it is known.

    Raises `Refused` while another one is under way.
    """
    decision = policy.decide(uow.actor, ClarificationPermission.DRAFT_AMENDMENT, tender)
    if not decision or uow.actor.user_id is None:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    _ensure_open(uow, tender)
    if under_way(uow, tender) is not None:
        raise Refused(Refusal(_l("已有一份更正正在起草或审批，请先完成或放弃"), rule_id="R-TENDER-05"))
    first_version(uow, tender)
    amendment = uow.add(
        Amendment(
            tender_id=tender.id,
            drafted_by_id=uow.actor.user_id,
            drafted_at=uow.now,
            approved_by_id=None,
            published_at=None,
            changes={},
            reason=reason,
            questions=[],
            version_id=None,
        )
    )
    amendment.tender = tender
    uow.session.flush()
    uow.record("amendment.draft", amendment, about=(tender,))
    return amendment


def change_amendment(
    uow: UnitOfWork,
    amendment: Amendment,
    changes: Mapping[str, Any],
    *,
    reason: str,
    is_material: bool,
    consequence: Consequence,
    questions: Sequence[Question] | None = None,
) -> None:
    """Change a draft: new values by entry as such (dates, amounts …); what is not named keeps what the draft said.

    Values equal to the record's are no changes. What affects every bid by its nature is material whatever is said, and
    other keyholders always ask for new envelopes. Raises `Refused` for an earlier deadline, and for a named supplier.
    """
    _ensure_draft(amendment)
    tender = amendment.tender
    wanted = {**amendment.changes, **{name: plain(value) for name, value in changes.items()}}
    kept = real_changes(tender.record or {}, wanted)
    deadline = changes.get("deadline")
    refusals = []
    if deadline is not None and tender.deadline is not None and deadline < tender.deadline:
        refusals.append(Refusal(_l("投标截止时间只能顺延，不能提前"), rule_id="R-TENDER-05", field="deadline"))
    texts = [reason, *(str(value) for value in kept.values() if isinstance(value, str))]
    if named := suppliers_named(uow, *texts):
        words = _l("更正公告不得出现供应商名称：%(names)s", names="、".join(named))
        refusals.append(Refusal(words, rule_id="R-SEC-03", field="reason"))
    if refusals:
        raise Refused(*refusals)
    before = sorted(amendment.changes)
    amendment.changes, amendment.reason = kept, reason.strip()
    amendment.is_material = is_material or forces_material(kept)
    amendment.consequence = Consequence.RESEAL if forces_resealing(kept) else consequence
    if questions is not None:
        amendment.questions = [str(one.id) for one in questions]
    uow.session.flush()
    uow.record("amendment.change", amendment, before={"entries": before}, after={"entries": sorted(kept)})


def outlook(uow: UnitOfWork, amendment: Amendment) -> Outlook:
    """Return what the amendment would do if it were published now, with everything that is in its way."""
    tender = amendment.tender
    changes = dict(amendment.changes)
    standing = _known(tender.deadline)
    chosen = datetime.fromisoformat(changes["deadline"]) if "deadline" in changes else standing
    move = must_move(uow, tender, chosen, is_material=amendment.is_material)
    if move is not None:
        changes["deadline"] = plain(max(chosen, move.at))
    deadline = datetime.fromisoformat(changes["deadline"]) if "deadline" in changes else standing
    problems = []
    if not amendment.changes:
        problems.append(Refusal(_l("没有任何改动"), field="requirement"))
    if not amendment.reason:
        problems.append(Refusal(_l("请填写更正理由，它会写进更正公告"), rule_id="R-TENDER-05", field="reason"))
    waiting = "、".join(one.user.name for one in amendment.keyholders if not one.public_key)
    if waiting:
        words = _l("尚未登记开标公钥：%(names)s", names=waiting)
        problems.append(Refusal(words, rule_id="R-KEY-01", field="keyholders"))
    elif amendment.changes:
        problems += new_breaches(uow, amendment, changes, deadline)
    return Outlook(changes, deadline, move, amendment.is_material, amendment.consequence, tuple(problems))


def submit_amendment(uow: UnitOfWork, amendment: Amendment) -> None:
    """Submit the draft for approval. Raises `Refused` with everything that is in its way."""
    if amendment.state is AmendmentState.DRAFT and (problems := outlook(uow, amendment).problems):
        raise Refused(*problems)
    AMENDMENT.fire(uow, amendment, "submit")
    approvers = uow.session.scalars(
        select(Membership.user_id).where(
            Membership.role == Role.PROCUREMENT_APPROVER,
            Membership.ended_at.is_(None),
            Membership.user_id != amendment.drafted_by_id,
        )
    )
    url = f"/amendments/{amendment.id}"
    notify(uow, SUBMITTED, approvers, url=url, params={"tender": amendment.tender.title})


def publish_amendment(uow: UnitOfWork, amendment: Amendment) -> TenderVersion:
    """Approve and publish: the tender's record becomes a new version, the deadline moves as the rule asks.

    The tender's row is locked against those who bid: a bid is either in before, for the older version, or refused for
    naming it. Raises `Forbidden` for the drafter or without the permission, `Refused` after the deadline and with
    every rule broken.
    """
    tender = amendment.tender
    uow.lock(tender)
    decision = policy.decide(uow.actor, ClarificationPermission.APPROVE_AMENDMENT, amendment)
    if not decision:
        raise Forbidden(decision.reason)
    _ensure_open(uow, tender)
    uow.lock(amendment)
    barred = AMENDMENT.refusals(uow, amendment, AMENDMENT["publish"])
    found = outlook(uow, amendment)
    if barred or found.problems:
        raise Refused(*barred, *found.problems)
    version = next_version(uow, amendment, found.changes, found.deadline)
    assigned = {"approved_by_id": uow.actor.user_id, "version_id": version.id, "changes": found.changes}
    detail = {"number": version.number, "record_hash": version.record_hash}
    AMENDMENT.fire(uow, amendment, "publish", assign=assigned, detail=detail)
    tender.record, tender.record_hash = version.record, version.record_hash
    apply(uow, amendment, found.changes)
    uow.record("tender.amend", tender, detail={**detail, "deadline": plain(found.deadline)}, reason=version.reason)
    _answer_with(uow, amendment, version)
    _announce(uow, tender, version)
    publish(uow, TenderAmended(tender, version))
    return version


def _answer_with(uow: UnitOfWork, amendment: Amendment, version: TenderVersion) -> None:
    """Close the questions that the amendment answers; one withdrawn meanwhile needs no answer."""
    wanted = [uuid.UUID(one) for one in amendment.questions]
    asked = uow.session.scalars(
        select(Question)
        .where(Question.id.in_(wanted), Question.state == QuestionState.OPEN)
        .order_by(Question.asked_at)
    ).all()
    if asked:
        question = "\n".join(one.text for one in asked)
        put_out(uow, amendment.tender, asked, question=question, answer=version.reason, version=version)


def _announce(uow: UnitOfWork, tender: Tender, version: TenderVersion) -> None:
    deadline = f"{version.deadline.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    words = {"tender": tender.title, "number": str(version.number), "deadline": deadline, "reason": version.reason}
    holders = {one.user_id for one in tender.keyholders}
    url = f"/notices/{tender.id}/versions/{version.number}"
    notify(uow, AMENDED, {*audience(uow, tender), tender.drafted_by_id, *holders}, url=url, params=words)
    kind = RESEAL_WANTED if version.consequence is Consequence.RESEAL else CONFIRM_WANTED
    bids = uow.session.scalars(select(Bid).where(Bid.tender_id == tender.id, Bid.state == BidState.SEALED))
    for bid in bids:
        told = {bid.submitted_by_id, *people_of(uow, Membership.organisation_id == bid.bidder_id)}
        notify(uow, kind, told, url=f"/bids/{bid.id}", params={"tender": tender.title, "deadline": deadline})


def _ensure_open(uow: UnitOfWork, tender: Tender) -> None:
    if not tender.is_open_at(present(uow)):
        raise Refused(Refusal(_l("投标已截止或采购已结束，不能再更正采购文件"), rule_id="R-TENDER-05"))


def _ensure_draft(amendment: Amendment) -> None:
    if amendment.state is not AmendmentState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的更正可以修改；请先退回"), rule_id="R-SEC-02"))


def _known(deadline: datetime | None) -> datetime:
    if deadline is None:
        raise RuntimeError("a published tender has a deadline")
    return deadline
