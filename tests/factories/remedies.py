"""Inquiries and challenges for tests."""

from __future__ import annotations

from core.identity.models import Membership, User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement.models import Challenge, Complaint, Inquiry, Tender
from procurement.services.challenges import ChallengeEntry, draft_answer, file_challenge, issue_answer
from procurement.services.complaints import ComplaintEntry, file_complaint
from procurement.services.inquiries import ask
from procurement.states import ChallengeBasis, ProcessStep, Verdict
from tests.factories.awards import acting, bids_of
from tests.factories.identity import make_user


def entry_for(
    basis: ChallengeBasis = ChallengeBasis.RESULT, step: ProcessStep | None = None, **values
) -> ChallengeEntry:
    """A complete challenge."""
    return ChallengeEntry(
        **{
            "basis": basis,
            "step": step,
            "matter": "中标人所列项目负责人的业绩不符合评审标准",
            "facts": "其业绩合同的委托方与公示信息不一致",
            "request": "对中标人业绩重新核实",
            "legal_basis": "《政府采购法》第五十二条",
            "contact_name": "沈经理",
            "contact_telephone": "021-55550000",
            "contact_address": "澄湖区春申路1号 200000",
            **values,
        }
    )


def bidder_of(uow: UnitOfWork, tender: Tender, place: int = 1) -> User:
    """Someone who works for the bidder at this place."""
    bid = bids_of(uow, tender)[place]
    user = make_user(uow)
    uow.add(
        Membership(user_id=user.id, organisation_id=bid.bidder_id, role=Role.AGENCY_MANAGER, position=0, ended_at=None)
    )
    uow.session.flush()
    return user


def challenged(uow: UnitOfWork, tender: Tender, *, place: int = 1, **values) -> Challenge:
    """A challenge of a bidder against the result, unless told otherwise."""
    user = bidder_of(uow, tender, place)
    member = acting(uow, user)
    (owner,) = member.actor.organisations_as(Role.AGENCY_MANAGER)
    return file_challenge(member, tender, owner, entry_for(**values))


def asked(uow: UnitOfWork, tender: Tender, user: User | None = None) -> Inquiry:
    """An inquiry of a supplier."""
    member = acting(uow, user or make_user(uow, Role.AGENCY_MANAGER))
    (owner,) = member.actor.organisations_as(Role.AGENCY_MANAGER)
    return ask(member, tender, owner, "采购文件第三章的服务期限以哪一处为准？")


def dismissed(uow: UnitOfWork, tender: Tender, **values) -> Challenge:
    """A challenge answered with “not upheld”."""
    challenge = challenged(uow, tender, **values)
    draft_answer(acting(uow, tender.drafted_by), challenge, Verdict.DISMISSED, "经核实，质疑事项不成立。")
    issue_answer(acting(uow, tender.approved_by), challenge)
    return challenge


def complained(uow: UnitOfWork, tender: Tender, **values) -> Complaint:
    """A complaint about a dismissed challenge, just filed."""
    challenge = dismissed(uow, tender, **values)
    entry = ComplaintEntry(matter=challenge.matter, facts="答复与合同原件不符", request="责令重新评审")
    return file_complaint(acting(uow, challenge.filed_by), challenge, entry)
