"""A winner who refuses to sign: the next candidate, or a new purchase (R-AWARD-01, R-CONTRACT-01)."""

from __future__ import annotations

from flask_babel import force_locale

from agencies.services.engagements import engagements_from, terminate_engagement
from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.contracting.departure import barred_basis
from procurement.models import Award
from procurement.permissions import ContractPermission
from procurement.queries.award_procedure import procedure_of, replaced_awards
from procurement.queries.contracts import contract_of
from procurement.queries.standings import standings_of
from procurement.services.awarding import Choice, commission, issue_papers, record_award, tell_bidders
from procurement.services.concluding import Ranked, results_of
from procurement.services.contracts import ensure
from procurement.states import ContractState, DepartureGround, TenderState
from procurement.workflow import CONTRACT

SIGNED = (ContractState.SIGNED, ContractState.ACCEPTED, ContractState.COMPLETED, ContractState.TERMINATED)


def candidates_after(uow: UnitOfWork, award: Award) -> list[Ranked]:
    """Return who is ranked below this winner and has not fallen away, in rank order.

    Where no committee scored, as in a selection below the limits or a call-off, there is no ranking and nobody follows.
    """
    standings = standings_of(uow, award.tender)
    if not standings.seats:
        return []
    fallen = {one.bid_id for one in replaced_awards(uow, award.tender)} | {award.bid_id}
    result = next(one for one in results_of(uow, award.tender, standings) if one.lot.id == award.lot_id)
    return [one for one in result.ranked if one.bid.id not in fallen]


def replace_winner(
    uow: UnitOfWork, award: Award, ground: DepartureGround, reason: str, *, take_next: bool
) -> Award | None:
    """Note that the winner will not sign, and take the next candidate or leave the lot to be bought anew.

    The old award, its record and its letter stay as they were; the new one gets its own record, notice and letters.
    Raises `Refused` for a reason that rests on tests or visits (R-AWARD-04), once the contract is signed, or where no
    single next candidate is left.
    """
    ensure(uow, ContractPermission.REPLACE, award)
    uow.lock(award.tender)
    uow.lock(award)
    contract = contract_of(uow, award)
    following = candidates_after(uow, award) if take_next else []
    refusals = []
    if award.superseded_at is not None or award.tender.state is not TenderState.AWARDED:
        refusals.append(Refusal(_l("这个中标结果已经不再有效"), rule_id="R-AWARD-01"))
    if contract is not None and contract.state in SIGNED:
        refusals.append(Refusal(_l("合同已经签订，不能再另定中标人"), rule_id="R-CONTRACT-01"))
    if not reason.strip():
        refusals.append(Refusal(_l("请写明中标人放弃或者不能签订合同的事实"), rule_id="R-AWARD-01", field="reason"))
    if (words := barred_basis(reason)) is not None:
        said = _l("不得以“%(words)s”等方式改变评审结果：检测样品、考察供应商都不是另定中标人的理由", words=words)
        refusals.append(Refusal(said, rule_id="R-AWARD-04", field="reason"))
    if take_next and (not following or len([one for one in following if _is_next(one, following)]) > 1):
        refusals.append(Refusal(_l("没有唯一的下一候选人，须重新采购"), rule_id="R-AWARD-01", field="then"))
    if refusals:
        raise Refused(*refusals)
    with force_locale("zh"):
        said_reason = f"{ground.label}：{reason.strip()}"
    if contract is not None:
        CONTRACT.fire(uow, contract, "refuse", reason=said_reason)
    award.superseded_at, award.superseded_reason = uow.now, said_reason
    uow.session.flush()
    uow.record("award.supersede", award, about=(award.tender, award.bid), reason=said_reason)
    projects = {project.id for project in award.lot.projects}
    for engagement in engagements_from(uow, f"tender:{award.tender_id}", award.bid.bidder_id):
        if engagement.project_id in projects:
            terminate_engagement(uow, engagement, said_reason)
    return _take(uow, award, following[0], ground, reason) if take_next else None


def _take(uow: UnitOfWork, award: Award, chosen: Ranked, ground: DepartureGround, reason: str) -> Award:
    tender = award.tender
    standings = standings_of(uow, tender)
    result = next(one for one in results_of(uow, tender, standings) if one.lot.id == award.lot_id)
    new = record_award(uow, tender, result, Choice(chosen.bid.id, reason, ground), standings)
    uow.session.flush()
    row = procedure_of(uow, tender)
    if row is not None:  # the changed result is noticed anew, and its periods run from that notice
        row.notice_url, row.notice_at = "", None
    issue_papers(uow, tender, [new], standings)
    commission(uow, tender, new)
    tell_bidders(uow, tender, [new], standings)
    return new


def _is_next(one: Ranked, following: list[Ranked]) -> bool:
    return one.score.rank == following[0].score.rank
