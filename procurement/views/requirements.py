"""Surveys and reviews of a requirement, and who helped to write it (R-TENDER-19)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from core.errors import Refusal, Refused
from core.http.forms import FormError
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.drafting.record import frozen_record, readable
from procurement.forms.preparation import AuthorForm, GeneralReviewForm, KeyReviewForm, SurveyForm
from procurement.permissions import PreparationPermission, Requirement
from procurement.queries.preparation import load_requirement, possible_authors
from procurement.services.requirements import (
    Finding,
    Respondent,
    note_author,
    record_survey,
    review_requirement,
)
from procurement.states import KeyAspect, RespondentKind, ReviewKind, SurveyMeans
from procurement.views.preparation import crumbs, location

requirements = Blueprint("requirements", __name__, url_prefix="/tenders/<uuid:tender_id>/preparation")


@requirements.route("/survey", methods=["GET", "POST"])
@requires(PreparationPermission.EDIT, load_requirement, see=PreparationPermission.READ)
def survey(uow: UnitOfWork, requirement: Requirement) -> ResponseReturnValue:
    """Put a survey on record."""
    form = SurveyForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit() and form.surveyed_on.data is not None:
        try:
            record_survey(
                uow,
                requirement.tender,
                surveyed_on=form.surveyed_on.data,
                means=SurveyMeans(form.means.data),
                respondents=_respondents(form),
                findings=form.text("findings"),
                files=_files(),
            )
        except Refused as refused:
            form.refuse(_at(refused, {"respondents": "market"}))
        else:
            form.mark_used(uow, location(requirement))
            flash(_("已记录需求调查"), "success")
            return redirect(location(requirement))
    page = render_template(
        "procurement/preparation/survey.html",
        form=form,
        tender=requirement.tender,
        crumbs=crumbs(uow, requirement, _("需求调查")),
    )
    return page, 422 if form.is_submitted() else 200


@requirements.route("/review/<kind>", methods=["GET", "POST"])
@requires(PreparationPermission.REVIEW, load_requirement, see=PreparationPermission.READ)
def review(uow: UnitOfWork, requirement: Requirement, kind: str) -> ResponseReturnValue:
    """Review the requirement as it stands: in general, or its four key aspects."""
    if kind not in {one.value for one in ReviewKind}:
        abort(404)
    chosen, tender = ReviewKind(kind), requirement.tender
    form: Any = GeneralReviewForm() if chosen is ReviewKind.GENERAL else KeyReviewForm()
    if not form.is_submitted():
        form.revision.data = str(tender.revision)
    elif earlier := form.earlier_use(uow):
        return redirect(earlier)
    aspects = _aspects() if chosen is ReviewKind.KEY else {}
    wrong: dict[str, FormError] = {}
    if form.validate_on_submit():
        form.check_revision(tender)
        try:
            review_requirement(
                uow,
                tender,
                chosen,
                opinion=form.text("opinion"),
                passed=chosen is ReviewKind.KEY or form.verdict.data == "pass",
                aspects=aspects,
                files=_files(),
            )
        except Refused as refused:
            wrong = {one.field: FormError(str(one.reason), one.rule_id) for one in refused.refusals if one.field}
            form.refuse(refused)
        else:
            form.mark_used(uow, location(requirement))
            flash(_("已记录%(kind)s", kind=chosen.label), "success")
            return redirect(location(requirement))
    page = render_template(
        "procurement/preparation/review.html",
        form=form,
        kind=chosen,
        tender=tender,
        notice=readable(tender.record or frozen_record(uow, tender)),
        aspects=[(one, aspects.get(one)) for one in KeyAspect] if chosen is ReviewKind.KEY else [],
        wrong=wrong,
        crumbs=crumbs(uow, requirement, str(chosen.label)),
    )
    return page, 422 if form.is_submitted() else 200


@requirements.post("/authors")
@requires(PreparationPermission.EDIT, load_requirement, see=PreparationPermission.READ)
def name_author(uow: UnitOfWork, requirement: Requirement) -> ResponseReturnValue:
    """Name somebody who helped to write the requirement; from then on they may not review it."""
    form = AuthorForm()
    found = next((one for one in possible_authors(uow, requirement.authors) if str(one.id) == form.user_id.data), None)
    if found is None:
        abort(404)
    note_author(uow, requirement.tender, found)
    flash(_("%(name)s 参与编制需求，不再参与审查", name=found.name), "success")
    return redirect(location(requirement))


def _respondents(form: SurveyForm) -> list[Respondent]:
    return [
        Respondent(line.strip()[:120], kind)
        for kind in RespondentKind
        for line in form.text(kind.value).splitlines()
        if line.strip()
    ]


def _aspects() -> dict[KeyAspect, Finding]:
    """Return what was chosen for each aspect; one without a choice is missing."""
    found = {}
    for one in KeyAspect:
        verdict = request.form.get(one.value)
        if verdict in ("pass", "fail"):
            remark = (request.form.get(f"{one.value}-remark") or "").strip()[:1000]
            found[one] = Finding(verdict == "pass", remark)
    return found


def _files() -> list[FileStorage]:
    return [one for one in request.files.getlist("files") if one.filename][:10]


def _at(refused: Refused, fields: dict[str, str]) -> Refused:
    """Put refusals at the fields of this form."""
    return Refused(
        *(Refusal(one.reason, one.rule_id, fields.get(one.field or "", one.field)) for one in refused.refusals)
    )
