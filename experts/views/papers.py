"""Papers of an expert as PDF, and reported changes at the bureau's desk."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.forms.file import RemarkOnChangeForm
from experts.models import Appointment, Expert, ParticularsChange
from experts.permissions import ExpertPermission
from experts.pool_rules import pool_rules
from experts.queries import load_expert
from experts.services.changes import FIELDS, confirm_change, particulars, reject_change, was_late
from experts.services.papers import certificate_pdf, record_pdf
from experts.states import ChangeState

papers = Blueprint("expert_papers", __name__, url_prefix="/experts")


@papers.get("/<uuid:expert_id>/certificates/<uuid:appointment_id>.pdf")
@requires(ExpertPermission.READ, load_expert, see=ExpertPermission.READ)
def certificate(uow: UnitOfWork, expert: Expert, appointment_id: uuid.UUID) -> ResponseReturnValue:
    """Download the certificate of one term."""
    appointment = uow.get(Appointment, appointment_id)
    if appointment is None or appointment.expert_id != expert.id:
        raise NotVisible
    name = _("聘书") + f"-{appointment.number}.pdf"
    return send_file(io.BytesIO(certificate_pdf(uow, appointment)), download_name=name, mimetype="application/pdf")


@papers.get("/<uuid:expert_id>/record.pdf")
@requires(ExpertPermission.READ, load_expert, see=ExpertPermission.READ)
def record(uow: UnitOfWork, expert: Expert) -> ResponseReturnValue:
    """Download the record of service."""
    name = _("履职记录") + f"-{expert.user.name}.pdf"
    return send_file(io.BytesIO(record_pdf(uow, expert)), download_name=name, mimetype="application/pdf")


def load_change(uow: UnitOfWork, change_id: uuid.UUID) -> ParticularsChange | None:
    """Return the reported change with this id."""
    return uow.get(ParticularsChange, change_id)


@papers.route("/changes/<uuid:change_id>", methods=["GET", "POST"])
@requires(ExpertPermission.EDIT, load_change)
def change(uow: UnitOfWork, row: ParticularsChange) -> ResponseReturnValue:
    """Check a reported change: take it over or not."""
    form = RemarkOnChangeForm()
    remark = form.text("remark")
    accepts = request.form.get("deed") == "confirm"
    answer = acted(
        uow,
        form,
        lambda: confirm_change(uow, row, remark) if accepts else reject_change(uow, row, remark),
        url_for("experts.show", expert_id=row.expert_id),
        _l("已变更，利害关系重新核对") if accepts else _l("没有采纳，本人会收到通知"),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/file/check.html",
        form=form,
        row=row,
        before=particulars(row.expert),
        fields=FIELDS,
        is_open=row.state is ChangeState.REPORTED,
        is_late=was_late(uow, row),
        days=pool_rules(uow).change_days,
        crumbs=[
            (_("专家库"), url_for("experts.index")),
            (row.expert.user.name, url_for("experts.show", expert_id=row.expert_id)),
            (_("信息变更"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200
