"""Fees paid together: drawn up with the tax withheld, approved by somebody else, exported for the finance office.

R-EXP.fee, R-EXP.tax, R-EXP.month, R-EXP-02, R-EXP-05, R-SEC-02.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import selectinload

from core.clock import SHANGHAI
from core.deadlines import derive
from core.errors import Forbidden, Refusal, Refused
from core.i18n import Language, _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.permissions import policy
from core.spreadsheets import Column, export_xlsx
from core.spreadsheets.columns import Cell
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from experts.addresses import payment_page
from experts.models import Expert, ExpertDuty, PayAccount, PaymentItem, PaymentLine, PaymentList
from experts.notifications import PAYMENT_TO_APPROVE
from experts.permissions import PaymentPermission
from experts.pool_rules import tax_scale
from experts.services.numbers import LOCK, next_number
from experts.services.pay_accounts import opened
from experts.states import PaymentState
from experts.withholding import Withheld, withhold
from experts.workflow.payment import PAYMENT


@dataclass(frozen=True)
class DueFee:
    """A fee that is on no list yet: until when it is to be paid, and whether an account is known."""

    duty: ExpertDuty
    due_at: datetime
    has_account: bool


def due_fees(uow: UnitOfWork) -> list[DueFee]:
    """Return the fees that are on no list, oldest first."""
    listed = select(PaymentItem.id).where(PaymentItem.duty_id == ExpertDuty.id).exists()
    duties = uow.session.scalars(
        select(ExpertDuty)
        .where(ExpertDuty.fee > 0, ~listed)
        .options(selectinload(ExpertDuty.expert))
        .order_by(ExpertDuty.held_on, ExpertDuty.number, ExpertDuty.id)
    ).all()
    known = set(uow.session.scalars(select(PayAccount.expert_id)))
    calendar, local = work_calendar(uow), overrides(uow)

    def until(duty: ExpertDuty) -> datetime:
        rules = uow.house.rules
        return derive("R-EXP-02", duty.held_on, calendar, rules, name="pay_days", overrides=local).ends_at

    return [DueFee(one, until(one), one.expert_id in known) for one in duties]


def draw_up(uow: UnitOfWork, duty_ids: Sequence[uuid.UUID], month: date) -> PaymentList:
    """Draw up a list of these fees, each person's together, with the tax withheld for the month of payment.

    Raises `Refused`: nothing chosen, a fee already on a list, an account missing.
    """
    decision = policy.decide(uow.actor, PaymentPermission.PREPARE)
    if not decision:
        raise Forbidden(decision.reason)
    uow.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    due = {one.duty.id: one for one in due_fees(uow)}
    chosen = [due[one] for one in duty_ids if one in due]
    refusals = []
    if not duty_ids:
        refusals.append(Refusal(_l("请先选择要支付的评审费"), rule_id="R-EXP.fee"))
    if len(chosen) < len(set(duty_ids)):
        refusals.append(Refusal(_l("有的评审费已列入别的清单，请重新选择"), rule_id="R-EXP.fee"))
    missing = sorted({one.duty.expert.user.name for one in chosen if not one.has_account})
    if missing:
        words = _l("还没有收款账户：%(names)s", names="、".join(missing))
        refusals.append(Refusal(words, rule_id="R-EXP.fee"))
    if refusals:
        raise Refused(*refusals)
    first = month.replace(day=1)
    row = uow.add(
        PaymentList(
            number=next_number(uow, PaymentList.number, "评审费"),
            month=first,
            state=PaymentState.DRAFTED,
            prepared_at=uow.now,
            prepared_by_id=uow.actor.user_id,
            approved_at=None,
            approved_by_id=None,
            paid_on=None,
        )
    )
    by_expert: dict[uuid.UUID, list[ExpertDuty]] = defaultdict(list)
    for one in chosen:
        by_expert[one.duty.expert_id].append(one.duty)
    scale, earlier = tax_scale(uow), _earlier(uow, list(by_expert), first)
    for expert_id, duties in by_expert.items():
        gross = sum((one.fee for one in duties), Decimal(0))
        before, taken = earlier.get(expert_id, (Decimal(0), Decimal(0)))
        row.lines.append(_line(uow, expert_id, duties, withhold(gross, scale, earlier=before, withheld=taken)))
    uow.session.flush()
    uow.record("payment_list.draw_up", row, after={"gross": row.gross, "tax": row.tax, "people": len(row.lines)})
    approvers = user_ids_with(uow, Role.PROCUREMENT_APPROVER)
    notify(uow, PAYMENT_TO_APPROVE, approvers, url=payment_page(row.id), params={"number": row.number}, by_mail=False)
    return row


def _line(uow: UnitOfWork, expert_id: uuid.UUID, duties: Sequence[ExpertDuty], withheld: Withheld) -> PaymentLine:
    return PaymentLine(
        id=uow.ids.new(),
        expert_id=expert_id,
        gross=withheld.gross,
        earlier=withheld.earlier,
        taxable=withheld.taxable,
        rate=withheld.rate,
        tax=withheld.tax,
        items=[PaymentItem(id=uow.ids.new(), duty_id=one.id, fee=one.fee) for one in duties],
    )


def _earlier(uow: UnitOfWork, ids: Sequence[uuid.UUID], month: date) -> dict[uuid.UUID, tuple[Decimal, Decimal]]:
    """Return what lists of the same month already pay these people, and the tax withheld."""
    rows = (
        select(PaymentLine.expert_id, func.sum(PaymentLine.gross), func.sum(PaymentLine.tax))
        .join(PaymentList, PaymentList.id == PaymentLine.list_id)
        .where(PaymentList.month == month, PaymentList.state != PaymentState.CANCELLED, PaymentLine.expert_id.in_(ids))
        .group_by(PaymentLine.expert_id)
    )
    return {row[0]: (row[1], row[2]) for row in uow.session.execute(rows)}


def approve(uow: UnitOfWork, row: PaymentList) -> None:
    """Approve a list that somebody else drew up (R-SEC-02)."""
    PAYMENT.fire(uow, row, "approve", assign={"approved_by_id": uow.actor.user_id})


def mark_paid(uow: UnitOfWork, row: PaymentList, paid_on: date) -> None:
    """Note that the finance office has paid. Raises `Refused` for a day to come or before the approval."""
    approved = row.approved_at.astimezone(SHANGHAI).date() if row.approved_at else None
    if paid_on > uow.today or (approved is not None and paid_on < approved):
        raise Refused(Refusal(_l("支付日期须在审批之后、今天之前"), field="paid_on"))
    PAYMENT.fire(uow, row, "pay", assign={"paid_on": paid_on})


def cancel(uow: UnitOfWork, row: PaymentList, reason: str) -> None:
    """Cancel a list; its fees may go on another. Not while a later list of the month withheld tax on top of it."""
    later = uow.session.scalar(
        select(PaymentList.number)
        .join(PaymentLine, PaymentLine.list_id == PaymentList.id)
        .where(
            PaymentList.month == row.month,
            PaymentList.state != PaymentState.CANCELLED,
            PaymentList.id != row.id,
            PaymentLine.earlier > 0,
            PaymentList.prepared_at >= row.prepared_at,
            PaymentLine.expert_id.in_([one.expert_id for one in row.lines]),
        )
        .limit(1)
    )
    if later:
        words = _l("%(number)s 已按本清单合并计税，请先作废那一份", number=later)
        raise Refused(Refusal(words, rule_id="R-EXP.month"))
    PAYMENT.fire(uow, row, "cancel", reason=reason)
    uow.session.execute(delete(PaymentItem).where(PaymentItem.line_id.in_([one.id for one in row.lines])))
    for one in row.lines:
        uow.session.expire(one, ["items"])


COLUMNS = (
    Column("number", "序号", "No.", kind="number", width=6),
    Column("name", "姓名", "Name", width=12),
    Column("identity", "身份证号", "Identity number", width=22),
    Column("bank", "开户银行", "Bank", width=28),
    Column("account", "银行账号", "Account", width=24),
    Column("gross", "应发（元）", "Gross (yuan)", kind="amount", width=14),
    Column("earlier", "本月此前已发（元）", "Earlier this month (yuan)", kind="amount", width=16),
    Column("taxable", "应纳税所得额（元）", "Taxable (yuan)", kind="amount", width=16),
    Column("rate", "预扣率（%）", "Rate (%)", kind="number", width=10),
    Column("tax", "代扣个税（元）", "Tax withheld (yuan)", kind="amount", width=14),
    Column("net", "实发（元）", "Net (yuan)", kind="amount", width=14),
    Column("items", "评审", "Reviews", width=40),
)


def payment_sheet(uow: UnitOfWork, row: PaymentList, language: Language) -> bytes:
    """Return an approved list as XLSX for the finance office, with accounts decrypted; that it was read is logged.

    Raises `Refused` before the approval and where an account can no longer be read.
    """
    if row.state not in (PaymentState.APPROVED, PaymentState.PAID):
        raise Refused(Refusal(_l("审批后才能导出支付清单"), rule_id="R-SEC-02"))
    lines = lines_of(uow, row)
    accounts = {
        one.expert_id: one
        for one in uow.session.scalars(
            select(PayAccount).where(PayAccount.expert_id.in_([line.expert_id for line in lines]))
        )
    }
    rows: list[dict[str, Cell]] = []
    unreadable = []
    for number, line in enumerate(lines, start=1):
        account = accounts.get(line.expert_id)
        data = opened(uow, line.expert, account) if account is not None else None
        if data is None:
            unreadable.append(line.expert.user.name)
            continue
        rows.append(
            {
                "number": number,
                "name": line.expert.user.name,
                "identity": data.identity,
                "bank": data.bank,
                "account": data.account,
                "gross": line.gross,
                "earlier": line.earlier,
                "taxable": line.taxable,
                "rate": line.rate,
                "tax": line.tax,
                "net": line.net,
                "items": "；".join(f"{one.duty.number} {one.fee}" for one in line.items),
            }
        )
    if unreadable:
        raise Refused(Refusal(_l("读不出收款账户：%(names)s，请本人重新填写", names="、".join(unreadable))))
    uow.record("payment_list.export", row, detail={"people": len(rows)})
    return export_xlsx(COLUMNS, rows, title=row.number, language=language)


def lines_of(uow: UnitOfWork, row: PaymentList) -> Sequence[PaymentLine]:
    """Return a list's lines with people and fees, by name."""
    rows = (
        select(PaymentLine)
        .where(PaymentLine.list_id == row.id)
        .options(selectinload(PaymentLine.expert), selectinload(PaymentLine.items).selectinload(PaymentItem.duty))
    )
    return sorted(uow.session.scalars(rows).unique(), key=lambda one: (one.expert.user.name, str(one.id)))


def payments_of(uow: UnitOfWork, expert: Expert) -> Sequence[PaymentLine]:
    """Return what an expert was and will be paid, newest first; cancelled lists left out."""
    rows = (
        select(PaymentLine)
        .join(PaymentList, PaymentList.id == PaymentLine.list_id)
        .where(PaymentLine.expert_id == expert.id, PaymentList.state != PaymentState.CANCELLED)
        .options(selectinload(PaymentLine.payment_list), selectinload(PaymentLine.items).selectinload(PaymentItem.duty))
        .order_by(PaymentList.prepared_at.desc())
    )
    return uow.session.scalars(rows).unique().all()
