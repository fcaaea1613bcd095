"""Lists of the experts' fees: drawn up, approved by somebody else, exported, paid (R-EXP.fee, R-SEC-02)."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.audit.timeline import timeline
from core.errors import Refused
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import listing
from core.i18n import Language, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.forms.file import CancelForm, PaidForm
from experts.models import PaymentList
from experts.permissions import PaymentPermission
from experts.services.payments import approve, cancel, draw_up, due_fees, lines_of, mark_paid, payment_sheet
from experts.states import PaymentState

payments = Blueprint("expert_payments", __name__, url_prefix="/expert-payments")


def load_list(uow: UnitOfWork, list_id: uuid.UUID) -> PaymentList | None:
    """Return the list with this id."""
    return uow.get(PaymentList, list_id)


@payments.get("")
@requires(PaymentPermission.READ)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the lists, with the fees that wait for one."""
    page = listing(
        uow,
        select(PaymentList).options(selectinload(PaymentList.lines)),
        sortable={"prepared": PaymentList.prepared_at},
        default="-prepared",
    )
    may_prepare = policy.allows(uow.actor, PaymentPermission.PREPARE)
    return render_template(
        "experts/payment/index.html",
        page=page,
        due=due_fees(uow) if may_prepare else [],
        may_prepare=may_prepare,
        crumbs=[(_("专家评审费"), None)],
    )


@payments.route("/new", methods=["GET", "POST"])
@requires(PaymentPermission.PREPARE)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Draw up a list of the fees ticked."""
    form, made = Form(), list[PaymentList]()
    ticked = request.form.getlist("duty")
    answer = acted(
        uow,
        form,
        lambda: made.append(draw_up(uow, _ids(ticked), uow.today)),
        lambda: url_for("expert_payments.show", list_id=made[0].id),
        _l("清单已编制，个人所得税已代扣，等待审批"),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/payment/new.html",
        form=form,
        due=due_fees(uow),
        ticked=ticked,
        crumbs=[(_("专家评审费"), url_for("expert_payments.index")), (_("编制清单"), None)],
    )
    return page, 422 if form.is_submitted() else 200


def _ids(words: list[str]) -> list[uuid.UUID]:
    found = []
    for word in words:
        try:
            found.append(uuid.UUID(word))
        except ValueError:
            continue
    return found


@payments.get("/<uuid:list_id>")
@requires(PaymentPermission.READ, load_list, see=PaymentPermission.READ)
def show(uow: UnitOfWork, row: PaymentList) -> ResponseReturnValue:
    """Show a list with each person's reckoning; accounts are not shown."""
    return _page(uow, row)


def _page(uow: UnitOfWork, row: PaymentList, form: Form | None = None, status: int = 200) -> ResponseReturnValue:
    prepares = policy.allows(uow.actor, PaymentPermission.PREPARE, row)
    decision = policy.decide(uow.actor, PaymentPermission.APPROVE, row)
    page = render_template(
        "experts/payment/show.html",
        row=row,
        lines=lines_of(uow, row),
        form=form or Form(),
        paid=form if isinstance(form, PaidForm) else PaidForm(formdata=None, prefix="paid"),
        cancelling=form if isinstance(form, CancelForm) else CancelForm(formdata=None, prefix="cancel"),
        may_approve=row.state is PaymentState.DRAFTED and bool(decision),
        why_not=decision.reason if prepares and row.state is PaymentState.DRAFTED and not decision else "",
        may_export=prepares and row.state in (PaymentState.APPROVED, PaymentState.PAID),
        may_pay=prepares and row.state is PaymentState.APPROVED,
        may_cancel=prepares and row.state in (PaymentState.DRAFTED, PaymentState.APPROVED),
        entries=timeline(uow, row),
        crumbs=[(_("专家评审费"), url_for("expert_payments.index")), (row.number, None)],
    )
    return page, status


def _location(row: PaymentList) -> str:
    return url_for("expert_payments.show", list_id=row.id)


@payments.post("/<uuid:list_id>/approve")
@requires(PaymentPermission.APPROVE, load_list, see=PaymentPermission.READ)
def agree(uow: UnitOfWork, row: PaymentList) -> ResponseReturnValue:
    """Approve."""
    form = Form()
    answer = acted(uow, form, lambda: approve(uow, row), _location(row), _l("已审批，可以导出交财务支付"))
    return answer if answer is not None else _page(uow, row, form, 422)


@payments.post("/<uuid:list_id>/paid")
@requires(PaymentPermission.PREPARE, load_list, see=PaymentPermission.READ)
def paid(uow: UnitOfWork, row: PaymentList) -> ResponseReturnValue:
    """Note that it was paid."""
    form = PaidForm(prefix="paid")
    answer = acted(uow, form, lambda: mark_paid(uow, row, form["paid_on"].data), _location(row), _l("已登记支付"))
    return answer if answer is not None else _page(uow, row, form, 422)


@payments.post("/<uuid:list_id>/cancel")
@requires(PaymentPermission.PREPARE, load_list, see=PaymentPermission.READ)
def call_off(uow: UnitOfWork, row: PaymentList) -> ResponseReturnValue:
    """Cancel; the fees may go on another list."""
    form = CancelForm(prefix="cancel")
    answer = acted(
        uow, form, lambda: cancel(uow, row, form.text("reason")), _location(row), _l("清单已作废，评审费可以另列")
    )
    return answer if answer is not None else _page(uow, row, form, 422)


@payments.get("/<uuid:list_id>/list.xlsx")
@requires(PaymentPermission.PREPARE, load_list, see=PaymentPermission.READ)
def export(uow: UnitOfWork, row: PaymentList) -> ResponseReturnValue:
    """Download the list with the accounts, for the finance office; that it was read is logged."""
    language: Language = "zh" if get_locale().language == "zh" else "en"
    try:
        data = payment_sheet(uow, row, language)
    except Refused as refused:
        form = Form(formdata=None)
        form.refuse(refused)
        return _page(uow, row, form, 422)
    answer = send_file(io.BytesIO(data), download_name=f"{row.number}.xlsx", as_attachment=True)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
