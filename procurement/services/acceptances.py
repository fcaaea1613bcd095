"""Acceptance: every standard of the contract judged by people who did not buy (R-CONTRACT-02, R-SEC-02)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import force_locale

from core.documents.accept import keep_bytes
from core.errors import Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from procurement.models import Acceptance, AcceptanceItem, Contract
from procurement.permissions import ContractPermission
from procurement.services.contract_papers import acceptance_pdf
from procurement.services.contracts import ensure
from procurement.states import AcceptanceState, ContractState, StandardKind, SupplementState
from procurement.workflow import ACCEPTANCE, CONTRACT

CONCLUDED = NotificationKind(
    "contract.acceptance",
    _l("履约验收已有结论：%(contract)s"),
    _l("采购合同 %(number)s“%(contract)s”的履约验收已有结论。"),
)


def open_acceptance(uow: UnitOfWork, contract: Contract) -> Acceptance:
    """Begin a round of acceptance: a checklist with every standard of the contract and its supplements."""
    ensure(uow, ContractPermission.ACCEPT, contract)
    uow.lock(contract)
    uow.session.expire(contract, ["acceptances"])
    if contract.state is not ContractState.SIGNED:
        raise Refused(Refusal(_l("只有履行中的合同可以验收"), rule_id="R-CONTRACT-02"))
    if any(one.state is not AcceptanceState.FAILED for one in contract.acceptances):
        raise Refused(Refusal(_l("已经有一次验收正在进行"), rule_id="R-CONTRACT-02"))
    row = uow.add(
        Acceptance(
            contract_id=contract.id,
            round=len(contract.acceptances) + 1,
            led_by_id=uow.actor.user_id,
            begun_at=uow.now,
            held_on=None,
            members=[],
            users=[],
            concluded_at=None,
            published_at=None,
        )
    )
    agreed = [one.terms for one in contract.supplements if one.state is SupplementState.APPROVED]
    listed = [(StandardKind(one["kind"]), str(one["text"])) for one in contract.standards]
    listed += [(StandardKind.SERVICE, terms) for terms in agreed]
    uow.session.flush()
    for position, (kind, standard) in enumerate(listed, start=1):
        uow.add(AcceptanceItem(acceptance_id=row.id, position=position, kind=kind, standard=standard, met=None))
    uow.session.flush()
    uow.session.expire(contract, ["acceptances"])
    uow.record("acceptance.open", row, after={"standards": len(listed)})
    return row


def save_acceptance(
    uow: UnitOfWork,
    acceptance: Acceptance,
    *,
    held_on: date | None,
    members: Sequence[str],
    users: Sequence[tuple[str, str]],
    findings: Mapping[uuid.UUID, tuple[bool | None, str]],
    conclusion: str,
) -> None:
    """Keep what was found so far; nothing is decided by it."""
    ensure(uow, ContractPermission.CONCLUDE, acceptance)
    uow.lock(acceptance)
    if acceptance.state is not AcceptanceState.OPEN:
        raise Refused(Refusal(_l("验收已有结论，不能修改"), rule_id="R-CONTRACT-02"))
    signed = acceptance.contract.signed_on
    if held_on is not None and (held_on > uow.today or (signed is not None and held_on < signed)):
        raise Refused(Refusal(_l("验收日期应在合同签订之后，且不晚于今天"), field="held_on"))
    acceptance.held_on = held_on
    acceptance.members = [one.strip() for one in members if one.strip()]
    acceptance.users = [{"name": name.strip(), "opinion": said.strip()} for name, said in users if name.strip()]
    acceptance.conclusion = conclusion.strip()
    for item in acceptance.items:
        if item.id in findings:
            met, finding = findings[item.id]
            item.met, item.finding = met, finding.strip()
    uow.session.flush()
    uow.record("acceptance.save", acceptance, detail={"judged": sum(one.met is not None for one in acceptance.items)})


def concluding_refusals(acceptance: Acceptance, *, passed: bool) -> list[Refusal]:
    """Return what is missing before a conclusion: every standard judged, the group, the users, the words."""
    items, found = acceptance.items, []
    unjudged = [str(one.position) for one in items if one.met is None]
    if unjudged:
        words = _l("还有标准没有逐项核对：第%(items)s项", items="、".join(unjudged))
        found.append(Refusal(words, rule_id="R-CONTRACT-02", field="items"))
    unexplained = [str(one.position) for one in items if one.met is False and not one.finding]
    if unexplained:
        words = _l("不符合的标准须写明情况：第%(items)s项", items="、".join(unexplained))
        found.append(Refusal(words, rule_id="R-CONTRACT-02", field="items"))
    if passed and any(one.met is False for one in items):
        found.append(Refusal(_l("有标准不符合，不能作出验收合格的结论"), rule_id="R-CONTRACT-02", field="items"))
    if not passed and items and all(one.met for one in items):
        found.append(Refusal(_l("各项标准均符合，不能作出验收不合格的结论"), rule_id="R-CONTRACT-02", field="items"))
    if acceptance.held_on is None:
        found.append(Refusal(_l("请填写验收日期"), field="held_on"))
    if not acceptance.members:
        found.append(Refusal(_l("请填写验收小组成员"), rule_id="R-CONTRACT-02", field="members"))
    if not acceptance.conclusion:
        found.append(Refusal(_l("请填写验收结论"), rule_id="R-CONTRACT-02", field="conclusion"))
    if acceptance.contract.is_public_service and not any(one["opinion"] for one in acceptance.users):
        words = _l("公共服务项目须邀请服务对象参与验收并记录其意见")
        found.append(Refusal(words, rule_id="R-CONTRACT-02", field="users"))
    return found


def conclude_acceptance(uow: UnitOfWork, acceptance: Acceptance, *, passed: bool) -> None:
    """Conclude the round; the sheet is kept as PDF, and a good one moves the contract on."""
    contract = acceptance.contract
    uow.lock(contract)
    if acceptance.state is AcceptanceState.OPEN and (missing := concluding_refusals(acceptance, passed=passed)):
        raise Refused(*missing)
    ACCEPTANCE.fire(uow, acceptance, "pass" if passed else "fail", detail={"round": acceptance.round})
    if passed:
        CONTRACT.fire(uow, contract, "accept", as_system=True)
    with force_locale("zh"):
        keep_bytes(
            uow,
            acceptance_pdf(uow, acceptance),
            owner=acceptance,
            purpose="acceptance-sheet",
            name=f"履约验收书-{contract.number}-{acceptance.round}.pdf",
            media_type="application/pdf",
        )
    told = {contract.drafted_by_id, contract.award.bid.submitted_by_id}
    params = {"contract": contract.title, "number": contract.number}
    notify(uow, CONCLUDED, told, url=f"/contracts/{contract.id}", params=params)


def publish_acceptance(uow: UnitOfWork, acceptance: Acceptance) -> None:
    """Publish the result on the contract's public page (R-CONTRACT-02)."""
    ensure(uow, ContractPermission.KEEP, acceptance.contract)
    uow.lock(acceptance)
    if acceptance.state is AcceptanceState.OPEN:
        raise Refused(Refusal(_l("验收还没有结论"), rule_id="R-CONTRACT-02"))
    if acceptance.contract.published_at is None:
        raise Refused(Refusal(_l("请先登记合同公告"), rule_id="R-CONTRACT-01"))
    if acceptance.published_at is not None:
        raise Refused(Refusal(_l("验收结果已经公告"), rule_id="R-CONTRACT-02"))
    acceptance.published_at = uow.now
    uow.session.flush()
    uow.record("acceptance.publish", acceptance)
