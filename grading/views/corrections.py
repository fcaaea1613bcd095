"""Putting a published grade right: proposed by one, confirmed by another, public with its reason."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.models import AgencyGrade
from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.documents.models import Document
from core.errors import NotVisible
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import ReasonForm
from grading.forms.correction import LINES, amendments_in, correction_form
from grading.models import GradeCorrection
from grading.permissions import GradePermission
from grading.queries import entry_of_grade, load_grade
from grading.queries.corrections import load_correction
from grading.services.grade_corrections import (
    NOTICE,
    confirm_correction,
    decline_correction,
    expected,
    propose_correction,
)
from grading.sheet_words import correction_words, grade_words
from grading.states import CorrectionKind, CorrectionState

corrections = Blueprint("corrections", __name__, url_prefix="/grades")


def may_read_notice(uow: UnitOfWork, document: Document) -> bool:
    """The notice of a confirmed correction is for everybody."""
    row = uow.get(GradeCorrection, document.owner_id)
    return row is not None and policy.allows(uow.actor, GradePermission.READ_CORRECTION, row)


def _crumbs(grade: AgencyGrade) -> list[tuple[str, str | None]]:
    return [
        (_("年度评级公告"), url_for("grades.index")),
        (grade.record["agency"], url_for("grades.show", grade_id=grade.id)),
        (_("更正"), None),
    ]


def _location(row: GradeCorrection) -> str:
    return url_for("corrections.show", correction_id=row.id)


@corrections.route("/<uuid:grade_id>/correct", methods=["GET", "POST"])
@requires(GradePermission.CORRECT, load_grade, see=GradePermission.READ_GRADE)
def new(uow: UnitOfWork, grade: AgencyGrade) -> ResponseReturnValue:
    """Propose to correct or to withdraw a grade."""
    entry = entry_of_grade(uow, grade)
    if entry is None:
        raise NotVisible
    form = correction_form(entry.record)
    made: list[GradeCorrection] = []
    done = acted(
        uow,
        form,
        lambda: made.append(
            propose_correction(
                uow,
                grade,
                CorrectionKind(form.text("kind")),
                amendments_in(form),
                basis=form.text("basis"),
                reason=form.text("reason"),
            )
        ),
        lambda: _location(made[0]),
        lambda: _("更正已提出，由没有参与评分的另一位人员复核"),
    )
    if done:
        return done
    shown = render_template(
        "grading/correction/new.html", grade=grade, form=form, lines=range(1, LINES + 1), crumbs=_crumbs(grade)
    )
    return shown, 422 if form.is_submitted() else 200


@corrections.get("/corrections/<uuid:correction_id>")
@requires(GradePermission.READ_CORRECTION, load_correction, see=GradePermission.READ_CORRECTION)
def show(uow: UnitOfWork, row: GradeCorrection) -> ResponseReturnValue:
    """Show a correction: what, on what ground, before and after."""
    return _show(uow, row, Form(formdata=None))


def _show(
    uow: UnitOfWork, row: GradeCorrection, form: Form, *, decline: ReasonForm | None = None, status: int = 200
) -> ResponseReturnValue:
    waits = row.state is CorrectionState.PROPOSED
    staff = policy.allows(uow.actor, GradePermission.READ, row.entry.cycle)
    decision, record = policy.decide(uow.actor, GradePermission.CONFIRM_CORRECTION, row), row.entry.record
    shown = render_template(
        "grading/correction/show.html",
        row=row,
        grade=row.grade,
        form=form,
        lines=[(correction_words(record, one), one["reason"]) for one in row.corrections],
        grade_words=grade_words,
        expected=expected(row) if waits else None,
        papers=documents_of(uow, row, NOTICE),
        may_decide=waits and decision.allowed,
        decline=(decline or ReasonForm(formdata=None, prefix="decline")) if waits and decision else None,
        why_not=decision.reason if waits and staff and not decision else None,
        entries=timeline(uow, row) if staff else [],
        staff=staff,
        crumbs=_crumbs(row.grade),
    )
    return shown, status


@corrections.post("/corrections/<uuid:correction_id>/confirm")
@requires(GradePermission.CONFIRM_CORRECTION, load_correction, see=GradePermission.READ_CORRECTION)
def confirm(uow: UnitOfWork, row: GradeCorrection) -> ResponseReturnValue:
    """Confirm: the grade is recorded anew and the notice is public."""
    form = Form()
    done = acted(
        uow,
        form,
        lambda: confirm_correction(uow, row),
        _location(row),
        lambda: _("已更正并公告，机构收到通知，原证书失效"),
    )
    return done or _show(uow, row, form, status=422)


@corrections.post("/corrections/<uuid:correction_id>/decline")
@requires(GradePermission.CONFIRM_CORRECTION, load_correction, see=GradePermission.READ_CORRECTION)
def decline(uow: UnitOfWork, row: GradeCorrection) -> ResponseReturnValue:
    """Decline, with the reason: the grade stands."""
    form = ReasonForm(prefix="decline")
    done = acted(
        uow,
        form,
        lambda: decline_correction(uow, row, form.text("reason")),
        _location(row),
        lambda: _("不予更正，等级不变"),
    )
    return done or _show(uow, row, Form(formdata=None), decline=form, status=422)
