"""Rounds with each supplier separately and equally, requirements changed for all, final offers called (R-NEG-01)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.methods import fewest_bidders, fewest_rule, rules_of, usual_bidders
from procurement.models import Bid, FinalCall, NegotiationRound, RequirementChange, Tender
from procurement.permissions import RoundPermission
from procurement.queries.rounds import call_of, changes_of, rounds_held
from procurement.queries.standings import standings_of
from procurement.states import Outcome, TenderState

CHANGED = NotificationKind(
    "round.changed",
    _l("采购要求已书面修改：%(tender)s"),
    _l("《%(tender)s》的要求已修改，同时书面通知全部供应商：%(words)s"),
)
CALLED = NotificationKind(
    "final.called",
    _l("请提交最后报价：%(tender)s"),
    _l("《%(tender)s》：请在截止时间前提交密封的最后报价；不提交的视为退出。"),
)


def talking_with(uow: UnitOfWork, tender: Tender) -> list[Bid]:
    """Return the bids whose suppliers the group talks with: those that conform, in order of arrival."""
    standings = standings_of(uow, tender)
    if not standings.conformity_closed:
        return []
    fallen = (Outcome.CORRUPT, Outcome.DISQUALIFIED, Outcome.NONCONFORMING)
    return [one.bid for one in standings.bids if one.outcome not in fallen]


def talk_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return why no round can be held now."""
    if not rules_of(tender).rounds:
        return [Refusal(_l("%(method)s没有磋商谈判环节", method=tender.method.label), rule_id="R-OPEN-07")]
    if tender.state is not TenderState.UNDER_EVALUATION:
        return [Refusal(_l("评审开始之后、汇总结果之前才能磋商谈判"), rule_id=fewest_rule(tender))]
    if not standings_of(uow, tender).conformity_closed:
        return [Refusal(_l("小组全体成员完成符合性审查后才能磋商谈判"), rule_id=fewest_rule(tender))]
    if call_of(uow, tender) is not None:
        return [Refusal(_l("已通知提交最后报价，不再磋商谈判"), rule_id=fewest_rule(tender))]
    return []


def record_round(uow: UnitOfWork, bid: Bid, minutes: str) -> NegotiationRound:
    """Record a round with one supplier; nobody gets a further round before all have had the last one (R-NEG-01).

    Raises `Forbidden`, or `Refused` when no round can be held, minutes are missing, or others would have less.
    """
    tender = bid.tender
    _begin(uow, tender)
    talking = talking_with(uow, tender)
    held = rounds_held(uow, tender)
    number = held.get(bid.id, 0) + 1
    if bid.id not in {one.id for one in talking}:
        raise Refused(Refusal(_l("该供应商没有通过审查，不参加磋商谈判"), rule_id=fewest_rule(tender)))
    if not minutes.strip():
        raise Refused(Refusal(_l("请填写本轮磋商谈判的内容"), field="minutes"))
    if any(held.get(one.id, 0) < number - 1 for one in talking):
        words = _l("应当给予所有供应商平等的机会：请先完成其他供应商的第 %(number)s 轮", number=number - 1)
        raise Refused(Refusal(words, rule_id=fewest_rule(tender)))
    row = uow.add(
        NegotiationRound(
            tender_id=tender.id,
            bid_id=bid.id,
            number=number,
            minutes=minutes.strip(),
            held_at=uow.now,
            recorded_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record("round.record", row, about=(tender,), detail={"number": number})
    return row


def change_requirement(uow: UnitOfWork, tender: Tender, words: str) -> RequirementChange:
    """Change the requirements in writing and tell all suppliers at once (R-NEG-01)."""
    _begin(uow, tender)
    if not words.strip():
        raise Refused(Refusal(_l("请写明修改的内容"), field="words"))
    row = uow.add(
        RequirementChange(
            tender_id=tender.id,
            number=len(changes_of(uow, tender)) + 1,
            words=words.strip(),
            made_at=uow.now,
            made_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record("round.change", tender, after={"number": row.number})
    _tell(uow, CHANGED, tender, talking_with(uow, tender), words=row.words)
    return row


def call_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return why final offers cannot be asked for yet: rounds missing or unequal, too few suppliers left."""
    found = talk_refusals(uow, tender)
    if found:
        return found
    talking, held = talking_with(uow, tender), rounds_held(uow, tender)
    fewest = fewest_bidders(uow, tender)
    if len(talking) < fewest:
        words = _l("符合要求的供应商只剩 %(now)s 家，应当终止采购", now=len(talking))
        return [Refusal(words, rule_id=fewest_rule(tender))]
    if len({held.get(one.id, 0) for one in talking}) != 1 or not held:
        return [Refusal(_l("须与每一家供应商进行相同轮次的磋商谈判"), rule_id=fewest_rule(tender))]
    return []


def call_final(uow: UnitOfWork, tender: Tender, deadline: datetime, *, few_ground: str = "") -> FinalCall:
    """Ask every supplier at once for a sealed final offer until the deadline.

    Raises `Forbidden`, or `Refused`; two are enough only where the law says so and the ground is written down.
    """
    _begin(uow, tender)
    refusals = call_refusals(uow, tender)
    talking, usual = talking_with(uow, tender), usual_bidders(uow, tender)
    if deadline <= uow.now:
        refusals.append(Refusal(_l("最后报价截止时间须晚于现在"), field="deadline"))
    if not refusals and len(talking) < usual and not few_ground.strip():
        words = _l(
            "最后报价的供应商一般不少于 %(usual)s 家；现有 %(now)s 家，须写明依据", usual=usual, now=len(talking)
        )
        refusals.append(Refusal(words, rule_id=fewest_rule(tender), field="few_ground"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        FinalCall(
            tender_id=tender.id,
            called_at=uow.now,
            called_by_id=uow.actor.user_id,
            deadline=deadline,
            begun_at=None,
            finished_at=None,
            few_ground=few_ground.strip(),
        )
    )
    row.tender = tender
    uow.session.flush()
    uow.record("final.call", row, about=(tender,), after={"deadline": deadline.isoformat()})
    _tell(uow, CALLED, tender, talking)
    return row


def _begin(uow: UnitOfWork, tender: Tender) -> None:
    decision = policy.decide(uow.actor, RoundPermission.RECORD, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if refusals := talk_refusals(uow, tender):
        raise Refused(*refusals)


def _tell(uow: UnitOfWork, kind: NotificationKind, tender: Tender, bids: Sequence[Bid], **words: str) -> None:
    params = {"tender": tender.title, **words}
    for bid in bids:
        notify(uow, kind, [bid.submitted_by_id], url=f"/bids/{bid.id}/final", params=params)
