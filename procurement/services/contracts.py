"""Contracts: drafted from the frozen record and the bid, checked by a second person, signed, published, filed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import force_locale
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from agencies.models import Engagement
from agencies.services.engagements import engagements_from, terminate_engagement
from core.documents.accept import accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.contract_basis import basis_of, standards_of
from procurement.contracting.amounts import equal_instalments, share_of
from procurement.contracting.clauses import assembled
from procurement.contracting.clocks import SIGNING
from procurement.models import Award, Contract, Instalment
from procurement.permissions import ContractPermission
from procurement.queries.award_procedure import contract_clocks, day_of, procedure_of
from procurement.services.award_procedure import check_address
from procurement.services.contract_papers import keep_contract_pdf
from procurement.services.outcome_orders import contract_orders
from procurement.states import ContractState, StandardKind
from procurement.workflow import CONTRACT

SHARES = (Decimal(30), Decimal(50), Decimal(20))
CONDITIONS = (
    "合同签订并收到发票",
    "指标体系经评审通过、财政部门同意并收到发票",
    "评价报告通过验收并收到发票",
)
SERVICE_DAYS = 90

TO_REVIEW = NotificationKind(
    "contract.to-review",
    _l("合同待复核：%(contract)s"),
    _l("采购合同 %(number)s“%(contract)s”已提交，请核对后通过或退回。"),
)
SENT_BACK = NotificationKind(
    "contract.sent-back", _l("合同退回修改：%(contract)s"), _l("采购合同 %(number)s“%(contract)s”被退回：%(reason)s")
)
TO_SIGN = NotificationKind(
    "contract.to-sign",
    _l("合同可以签订：%(contract)s"),
    _l("采购合同 %(number)s“%(contract)s”已复核通过，请在期限内签订。"),
)
SIGNED = NotificationKind(
    "contract.signed", _l("合同已签订：%(contract)s"), _l("采购合同 %(number)s“%(contract)s”已登记签订。")
)
ENDED = NotificationKind(
    "contract.terminated", _l("合同已解除：%(contract)s"), _l("采购合同 %(number)s“%(contract)s”已解除：%(reason)s")
)


@dataclass(frozen=True)
class InstalmentEntry:
    """One part of the price as typed: on what condition, how much (yuan), until when."""

    condition: str
    amount: Decimal
    due_on: date


def draft_contract(uow: UnitOfWork, award: Award) -> Contract:
    """Draft the contract of an award with everything the tender and the bid have decided, and usual instalments."""
    ensure(uow, ContractPermission.DRAFT, award)
    uow.lock(award)
    if award.superseded_at is not None:
        raise Refused(Refusal(_l("中标人已放弃，不能起草合同"), rule_id="R-AWARD-01"))
    if uow.session.scalar(select(Contract.id).where(Contract.award_id == award.id)) is not None:
        raise Refused(Refusal(_l("这个中标结果已经有合同")))
    begins = max(uow.today, day_of(award.decided_at) or uow.today)
    until = award.tender.service_until
    contract = Contract(
        tender_id=award.tender_id,
        award_id=award.id,
        agency_id=award.bid.bidder_id,
        number=_number(uow, award),
        title=f"{'、'.join(project.name for project in award.lot.projects)}绩效评价服务合同",
        amount=award.amount,
        service_from=begins,
        service_until=until if until and until >= begins else begins + timedelta(days=SERVICE_DAYS),
        clauses=[],
        standards=standards_of(award),
        bond_amount=Decimal(0),
        drafted_by_id=uow.actor.user_id,
        drafted_at=uow.now,
        **dict.fromkeys(
            ("bond_received_on", "bond_returned_on", "reviewed_by_id", "reviewed_at", "signed_on", "signed_by_id")
        ),
        **dict.fromkeys(("published_at", "filed_on", "accepted_at", "ended_at")),
    )
    contract.award, contract.tender, contract.agency = award, award.tender, award.bid.bidder
    uow.add(contract)
    days = ((contract.service_until - begins) // 3, (contract.service_until - begins) * 2 // 3)
    dues = (begins + timedelta(days=10), begins + max(days[0], timedelta(days=10)), contract.service_until)
    amounts = equal_instalments(award.amount, SHARES)
    _set_instalments(
        uow, contract, [InstalmentEntry(*one) for one in zip(CONDITIONS, amounts, sorted(dues), strict=True)]
    )
    contract.clauses = assembled(basis_of(contract, award), {})
    uow.session.flush()
    uow.record("contract.draft", contract, after={"amount": str(contract.amount)})
    return contract


def change_contract(
    uow: UnitOfWork,
    contract: Contract,
    *,
    service_from: date,
    bond_amount: Decimal,
    is_public_service: bool,
    instalments: Sequence[InstalmentEntry],
    free: Mapping[str, str],
    added_standards: Sequence[tuple[StandardKind, str]] = (),
) -> None:
    """Change a draft.

    Raises `Refused` for a bond above its share (R-TENDER-09), instalments that do not add up, or words that
    order what the evaluation shall find (R-SEC-04).
    """
    ensure(uow, ContractPermission.EDIT, contract)
    uow.lock(contract)
    if contract.state is not ContractState.DRAFT:
        raise Refused(Refusal(_l("合同已提交复核，不能修改")))
    most = share_of(contract.amount, uow.house.rules.number("R-TENDER-09", "max", on=uow.today))
    refusals = []
    if bond_amount > most:
        words = _l("履约保证金超过法定上限，最多%(most)s元", most=f"{most:,.2f}")
        refusals.append(Refusal(words, rule_id="R-TENDER-09", field="bond_amount"))
    if service_from > contract.service_until:
        refusals.append(Refusal(_l("开始日期不能晚于服务期限届满日"), field="service_from"))
    total = sum((one.amount for one in instalments), Decimal(0))
    if total != contract.amount:
        words = _l("各期付款之和为%(total)s元，应当等于合同金额", total=f"{total:,.2f}")
        refusals.append(Refusal(words, field="amount_1"))
    refusals += contract_orders((f"clause_{key}", text) for key, text in free.items())
    refusals += contract_orders(("more_standards", text) for _kind, text in added_standards)
    if refusals:
        raise Refused(*refusals)
    before = {"bond": str(contract.bond_amount), "service_from": contract.service_from}
    contract.service_from, contract.bond_amount = service_from, bond_amount
    contract.is_public_service = is_public_service
    contract.standards = standards_of(contract.award, added_standards)
    _set_instalments(uow, contract, instalments)
    contract.clauses = assembled(basis_of(contract, contract.award), free)
    uow.session.flush()
    after = {"bond": str(bond_amount), "service_from": service_from}
    uow.record("contract.change", contract, before=before, after=after)


def approve_contract(uow: UnitOfWork, contract: Contract) -> None:
    """Pass the check as a second person; the contract as it will be signed is kept as PDF (R-SEC-02)."""
    CONTRACT.fire(uow, contract, "approve", assign={"reviewed_by_id": uow.actor.user_id})
    with force_locale("zh"):
        keep_contract_pdf(uow, contract)
    _tell(uow, contract, TO_SIGN, agency=True)


def send_contract_back(uow: UnitOfWork, contract: Contract, reason: str) -> None:
    """Send a contract back to its drafter."""
    CONTRACT.fire(uow, contract, "send_back", reason=reason, assign={"reviewed_by_id": None, "reviewed_at": None})
    _tell(uow, contract, SENT_BACK, reason=reason)


def sign_contract(
    uow: UnitOfWork, contract: Contract, signed_on: date, upload: FileStorage | None, late_reason: str = ""
) -> None:
    """Note the signing with the signed copy. Later than the law's day needs a reason (R-CONTRACT-01).

    Raises `Refused` while an open case may affect the result, or inside the bureau's waiting period (R-SUSP-01).
    """
    refusals = _signing_refusals(uow, contract, signed_on, late_reason)
    if refusals:
        raise Refused(*refusals)
    accept_file(uow, upload, owner=contract, purpose="contract-signed", kinds={"pdf"})
    CONTRACT.fire(
        uow,
        contract,
        "sign",
        assign={"signed_on": signed_on, "signed_by_id": uow.actor.user_id, "late_reason": late_reason.strip()},
        reason=late_reason.strip() or None,
    )
    _tell(uow, contract, SIGNED, agency=True)


def publish_contract(uow: UnitOfWork, contract: Contract, url: str, at: datetime) -> None:
    """Note where and when the contract was published; from now on its page is open to everybody (R-CONTRACT-01)."""
    _ensure_signed(uow, contract)
    check_address(url, at, uow.now)
    if contract.signed_on and day_of(at) < contract.signed_on:  # type: ignore[operator]  # an instant has a day
        raise Refused(Refusal(_l("公告时间不能早于签订日期"), field="at"))
    contract.published_at, contract.publication_url = at, url
    uow.session.flush()
    uow.record("contract.publish", contract, after={"url": url, "at": at.isoformat()})


def file_contract(uow: UnitOfWork, contract: Contract, filed_on: date, number: str) -> None:
    """Note that a copy was filed with the finance authority (R-CONTRACT-01)."""
    _ensure_signed(uow, contract)
    _ensure_day(uow, contract, filed_on, "filed_on")
    if not number.strip():
        raise Refused(Refusal(_l("请填写备案编号"), field="filing_number"))
    contract.filed_on, contract.filing_number = filed_on, number.strip()
    uow.session.flush()
    uow.record("contract.file", contract, after={"filed_on": filed_on, "number": number.strip()})


def note_bond(uow: UnitOfWork, contract: Contract, *, received_on: date | None, returned_on: date | None) -> None:
    """Note that the performance bond came in, or went back after acceptance (R-TENDER-09)."""
    ensure(uow, ContractPermission.KEEP, contract)
    uow.lock(contract)
    if not contract.bond_amount:
        raise Refused(Refusal(_l("本合同不收取履约保证金"), rule_id="R-TENDER-09"))
    if returned_on is not None and received_on is None:
        raise Refused(Refusal(_l("还没有登记收到履约保证金"), rule_id="R-TENDER-09", field="received_on"))
    if returned_on is not None and contract.state not in (
        ContractState.ACCEPTED,
        ContractState.COMPLETED,
        ContractState.TERMINATED,
        ContractState.REFUSED,
    ):
        raise Refused(Refusal(_l("验收合格或者合同终止后才退还履约保证金"), rule_id="R-TENDER-09", field="returned_on"))
    days = [day for day in (received_on, returned_on) if day is not None]
    if any(day > uow.today for day in days) or days != sorted(days):
        raise Refused(Refusal(_l("日期不能晚于今天，退还不能早于收到"), field="received_on"))
    contract.bond_received_on, contract.bond_returned_on = received_on, returned_on
    uow.session.flush()
    uow.record("contract.note_bond", contract, after={"received_on": received_on, "returned_on": returned_on})


def terminate_contract(uow: UnitOfWork, contract: Contract, reason: str) -> None:
    """End a signed contract before its time, with the reason; its engagements end with it."""
    CONTRACT.fire(uow, contract, "terminate", reason=reason)
    for engagement in engagements_of(uow, contract):
        terminate_engagement(uow, engagement, reason)
    _tell(uow, contract, ENDED, agency=True, reason=reason)


def tell_reviewers(uow: UnitOfWork, event: TransitionFired) -> None:
    """Ask the approvers to check a contract that was submitted; never its own drafter."""
    if event.workflow != "contract" or event.name != "submit":
        return
    contract: Contract = event.subject
    reviewers = uow.session.scalars(
        select(Membership.user_id).where(
            Membership.organisation_id == contract.tender.purchaser_id,
            Membership.role == Role.PROCUREMENT_APPROVER,
            Membership.ended_at.is_(None),
            Membership.user_id != contract.drafted_by_id,
        )
    )
    params = {"contract": contract.title, "number": contract.number}
    notify(uow, TO_REVIEW, reviewers, url=f"/contracts/{contract.id}", params=params)


def engagements_of(uow: UnitOfWork, contract: Contract) -> list[Engagement]:
    """Return the standing engagements that the contract is about."""
    projects = {project.id for project in contract.award.lot.projects}
    found = engagements_from(uow, f"tender:{contract.tender_id}", contract.agency_id)
    return [one for one in found if one.project_id in projects]


def signing_refusals(uow: UnitOfWork, contract: Contract) -> list[Refusal]:
    """Return what keeps the contract from being signed now, before any form is filled."""
    return [*CONTRACT.refusals(uow, contract, CONTRACT["sign"]), *_waiting(uow, contract, uow.today)]


def ensure(uow: UnitOfWork, permission: ContractPermission, subject: object) -> None:
    """Raise `Forbidden` unless the actor may do this."""
    decision = policy.decide(uow.actor, permission, subject)
    if not decision:
        raise Forbidden(decision.reason)


def _signing_refusals(uow: UnitOfWork, contract: Contract, signed_on: date, late_reason: str) -> list[Refusal]:
    awarded = day_of(contract.award.decided_at)
    found = _waiting(uow, contract, signed_on)
    if signed_on > uow.today or (awarded and signed_on < awarded):
        found.append(Refusal(_l("签订日期应在中标通知书发出之后，且不晚于今天"), field="signed_on"))
    clock = next((one for one in contract_clocks(uow, contract.award, contract) if one.duty is SIGNING), None)
    if clock is not None and signed_on > clock.deadline.last_day and not late_reason.strip():
        words = _l("已超过签订期限%(day)s，请写明逾期签订的理由", day=clock.deadline.last_day.isoformat())
        found.append(Refusal(words, rule_id="R-CONTRACT-01", field="late_reason"))
    return found


def _waiting(uow: UnitOfWork, contract: Contract, on: date) -> list[Refusal]:
    """The bureau's own waiting period after the result notice; off unless the bureau sets it."""
    days = uow.house.rules.whole("R-SUSP-01", "waiting_days", on=uow.today, overrides=overrides(uow))
    row = procedure_of(uow, contract.tender)
    noticed = day_of((row.notice_at if row else None) or contract.award.decided_at)
    if not days or noticed is None or on > noticed + timedelta(days=days):
        return []
    words = _l("本局规定结果公告后等待%(days)s日才能签订合同", days=days)
    return [Refusal(words, rule_id="R-SUSP-01", field="signed_on")]


def _set_instalments(uow: UnitOfWork, contract: Contract, entries: Sequence[InstalmentEntry]) -> None:
    contract.instalments.clear()
    uow.session.flush()
    for position, one in enumerate(entries, start=1):
        row = Instalment(id=uow.ids.new(), contract_id=contract.id, position=position, **vars(one))
        contract.instalments.append(row)
    uow.session.flush()


def _number(uow: UnitOfWork, award: Award) -> str:
    """Return the contract's number: the tender's, the lot's, and a count where a winner was replaced."""
    earlier = uow.session.scalar(
        select(func.count()).select_from(Award).where(Award.lot_id == award.lot_id, Award.superseded_at.is_not(None))
    )
    base = f"{award.tender.number}-HT{award.lot.position}"
    return f"{base}-{earlier + 1}" if earlier else base


def _ensure_signed(uow: UnitOfWork, contract: Contract) -> None:
    ensure(uow, ContractPermission.KEEP, contract)
    uow.lock(contract)
    if contract.signed_on is None:
        raise Refused(Refusal(_l("合同尚未签订"), rule_id="R-CONTRACT-01"))


def _ensure_day(uow: UnitOfWork, contract: Contract, day: date, field: str) -> None:
    if day > uow.today or (contract.signed_on and day < contract.signed_on):
        raise Refused(Refusal(_l("日期应在合同签订之后，且不晚于今天"), field=field))


def _tell(
    uow: UnitOfWork, contract: Contract, kind: NotificationKind, *, agency: bool = False, reason: str = ""
) -> None:
    told = {contract.drafted_by_id} | ({contract.award.bid.submitted_by_id} if agency else set())
    params = {"contract": contract.title, "number": contract.number, "reason": reason}
    notify(uow, kind, told, url=f"/contracts/{contract.id}", params=params)
