"""Who may not sit on a committee: ties, duties kept apart, preparation, conditions (R-COMM-06/07/14)."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from core.errors import Refusal
from core.i18n import _l
from core.identity.models import Organisation, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from experts.services.duty import shortcomings
from procurement.models import Bid, CommitteeSeat, Tender
from procurement.states import BidState, SeatCategory

TOOK_PART = _l("参加过采购需求的编制、调查、审查或者论证，不得参加评审")


def seat_refusals(uow: UnitOfWork, tender: Tender, user: User, category: SeatCategory, employer: str) -> list[Refusal]:
    """Return why this person may not sit: relations, duties kept apart, conditions (R-COMM-06, R-OPEN-01)."""
    present = [one for one in user.memberships if one.ended_at is None]
    organisations = {one.organisation_id for one in present}
    found = []
    if uow.session.scalar(
        select(CommitteeSeat.id).where(CommitteeSeat.tender_id == tender.id, CommitteeSeat.user_id == user.id)
    ):
        found.append(Refusal(_l("此人已在评标委员会名单中"), rule_id="R-COMM-01", field="email"))
    if any(one.role is Role.PROCUREMENT_SUPERVISOR for one in present):
        found.append(Refusal(_l("采购监管人员不得作为评审专家"), rule_id="R-COMM-06", field="email"))
    if any(holder.user_id == user.id for holder in tender.keyholders):
        found.append(Refusal(_l("参加开标活动的密钥持有人不得进入评标委员会"), rule_id="R-OPEN-01", field="email"))
    belongs = tender.purchaser_id in organisations
    if category is SeatCategory.EXPERT and belongs:
        found.append(Refusal(_l("采购人员工不得以专家身份参加本单位项目评审"), rule_id="R-COMM-06", field="email"))
    if category is SeatCategory.PURCHASER and not belongs:
        found.append(Refusal(_l("采购人代表须是采购人单位的人员"), rule_id="R-COMM-08", field="email"))
    if tender.opened_at is not None and is_tied_to_a_bidder(uow, tender, organisations, employer):
        found.append(Refusal(_l("此人与投标人有劳动关系等利害关系，应当回避"), rule_id="R-COMM-06", field="employer"))
    if category is SeatCategory.EXPERT:
        found += _unfit(uow, user)
    return found


def _unfit(uow: UnitOfWork, user: User) -> list[Refusal]:
    """Whoever is in the pool meets the conditions for experts (R-COMM-14); of others only the province knows."""
    expert = uow.session.scalar(select(Expert).where(Expert.user_id == user.id))
    if expert is None:
        return []
    reason = shortcomings(uow, [expert]).get(expert.id)
    if reason is None:
        return []
    return [Refusal(_l("不符合评审专家条件：%(reason)s", reason=reason), rule_id="R-COMM-14", field="email")]


def is_tied_to_a_bidder(uow: UnitOfWork, tender: Tender, organisations: set[uuid.UUID], employer: str) -> bool:
    """Whether somebody belongs to, or by name works for, one whose bid was opened (R-COMM-06)."""
    bidders = uow.session.execute(
        select(Organisation.id, Organisation.name)
        .join(Bid, Bid.bidder_id == Organisation.id)
        .where(Bid.tender_id == tender.id, Bid.state.in_((BidState.OPENED, BidState.CORRUPT)))
    ).all()
    return any(one in organisations or name == employer.strip() for one, name in bidders)
