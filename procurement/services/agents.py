"""Appointing a procurement agent by a written agreement, and ending the appointment (政府采购法 arts. 19-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind, Role
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import AgentAppointment, Tender
from procurement.permissions import AgentPermission
from procurement.services.complaint_people import people_of
from procurement.states import AgentStep, TenderState

AGREEMENT = "agency-agreement"
MOST_BYTES = 20 * 1024 * 1024
APPOINTED = NotificationKind(
    "agent.appointed",
    _l("贵机构受托代理采购：%(tender)s"),
    _l("《%(tender)s》已委托贵机构代理，范围以委托代理协议为准，请在本项目中办理受托的环节。"),
)
ENDED = NotificationKind(
    "agent.ended",
    _l("委托代理已终止：%(tender)s"),
    _l("《%(tender)s》的委托代理已终止：%(reason)s。"),
)
OVER = (TenderState.AWARDED, TenderState.FAILED, TenderState.CANCELLED)


@dataclass(frozen=True)
class AgreementEntry:
    """What the agency agreement says, as entered."""

    agency: Organisation
    number: str
    agreed_on: date
    steps: Sequence[AgentStep]
    valid_until: date | None = None
    fee: str = ""
    contact_name: str = ""
    contact_telephone: str = ""


def appointment_refusals(tender: Tender) -> list[Refusal]:
    """Return why no agent can be appointed now: the notice names the agent, so that it is done before."""
    if tender.state is TenderState.DRAFT:
        return []
    return [Refusal(_l("公告须载明采购代理机构：只能在起草阶段委托或者修改委托"), rule_id="R-TENDER-02")]


def appoint_agent(
    uow: UnitOfWork, tender: Tender, entry: AgreementEntry, agreement: FileStorage | None = None
) -> AgentAppointment:
    """Appoint an agent within the scope of a signed agreement, or change what is on file of it while drafting.

    Raises `Forbidden` for anybody but the bureau's officer, `Refused` after the draft, for an organisation that is no
    procurement agency, an agreement without number, scope or paper, or one dated ahead.
    """
    _ensure(uow, tender)
    uow.lock(tender)
    row = tender.agent
    refusals = [*appointment_refusals(tender), *_faults(uow, entry)]
    if row is None and (agreement is None or not agreement.filename):
        refusals.append(Refusal(_l("请上传双方签订的委托代理协议"), field="agreement"))
    if refusals or uow.actor.user_id is None:
        raise Refused(*refusals)
    before = None if row is None else {"agency": str(row.agency_id), "scope": row.scope}
    if row is None:
        row = AgentAppointment(id=uow.ids.new(), tender=tender, ended_at=None)
        uow.add(row)
    row.agency, row.agency_id = entry.agency, entry.agency.id
    row.agreement_number, row.agreed_on, row.valid_until = entry.number.strip(), entry.agreed_on, entry.valid_until
    row.scope = [one.value for one in AgentStep if one in entry.steps]
    row.fee, row.contact_name, row.contact_telephone = entry.fee, entry.contact_name, entry.contact_telephone
    row.appointed_by_id, row.appointed_at = uow.actor.user_id, uow.now
    row.ended_at, row.ended_reason = None, ""
    uow.session.flush()
    if agreement is not None and agreement.filename:
        accept_file(
            uow, agreement, owner=row, purpose=AGREEMENT, kinds=("pdf",), max_bytes=MOST_BYTES, field="agreement"
        )
    after = {"agency": str(row.agency_id), "number": row.agreement_number, "scope": row.scope}
    uow.record("tender.appoint_agent", tender, before=before, after=after)
    _tell(uow, APPOINTED, row)
    return row


def end_appointment(uow: UnitOfWork, tender: Tender, reason: str) -> None:
    """End the appointment: from now on the agent's officers act no more in this purchase; what they did stands."""
    _ensure(uow, tender)
    uow.lock(tender)
    row = tender.agent
    if row is None or not row.stands:
        raise Refused(Refusal(_l("本项目现在没有委托采购代理机构")))
    if not reason.strip():
        raise Refused(Refusal(_l("请写明终止委托的原因"), field="reason"))
    row.ended_at, row.ended_reason = uow.now, reason.strip()
    uow.session.flush()
    uow.record("tender.end_agent", tender, after={"agency": str(row.agency_id)}, reason=row.ended_reason)
    _tell(uow, ENDED, row, reason=row.ended_reason)


def _faults(uow: UnitOfWork, entry: AgreementEntry) -> list[Refusal]:
    found = []
    if entry.agency.kind is not OrganisationKind.PROCUREMENT_AGENT or not entry.agency.is_active:
        found.append(Refusal(_l("只能委托登记为采购代理机构的单位"), field="agency"))
    if not entry.number.strip():
        found.append(Refusal(_l("请填写委托代理协议编号"), field="number"))
    if not entry.steps:
        found.append(Refusal(_l("委托代理协议须明确代理的范围，请至少选择一项"), field="steps"))
    if entry.agreed_on > uow.today:
        found.append(Refusal(_l("协议签订日期不能晚于今天"), field="agreed_on"))
    if entry.valid_until is not None and entry.valid_until < max(entry.agreed_on, uow.today):
        found.append(Refusal(_l("协议期限已经届满"), field="valid_until"))
    return found


def _ensure(uow: UnitOfWork, tender: Tender) -> None:
    decision = policy.decide(uow.actor, AgentPermission.APPOINT, tender)
    if not decision:
        raise Forbidden(decision.reason)


def _tell(uow: UnitOfWork, kind: NotificationKind, row: AgentAppointment, **words: str) -> None:
    told = people_of(uow, row.agency_id, (Role.AGENT_OFFICER,))
    notify(uow, kind, told, url=f"/tenders/{row.tender_id}", params={"tender": row.tender.title, **words})
