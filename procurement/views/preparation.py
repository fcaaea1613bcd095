"""What precedes a tender, on one page: method, the year's sum, intention, survey, reviews, and entries about them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.documents.accept import documents_of
from core.documents.models import Document
from core.errors import Refused
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.preparation_checks import (
    intention_of,
    preparation_lines,
    proposal_for,
    year_of_purchase,
)
from procurement.drafting.requirement import (
    asks_for_intention,
    counts,
    needs_survey,
    records_of,
    valid_until,
)
from procurement.forms.preparation import AuthorForm, PreparationForm
from procurement.models import RequirementReview, RequirementSurvey
from procurement.permissions import PreparationPermission, Requirement, TenderPermission
from procurement.planning.purchases import preparation_of
from procurement.planning.thresholds import thresholds
from procurement.queries.preparation import load_requirement, people, possible_authors
from procurement.services.preparation import SAID, TERMS, PreparationEntry, prepare
from procurement.services.requirements import OPEN_STATES
from procurement.states import Category, KeyAspect, ReviewKind, SmeReservation, TenderState

preparation = Blueprint("preparation", __name__, url_prefix="/tenders/<uuid:tender_id>/preparation")


@preparation.get("")
@requires(PreparationPermission.READ, load_requirement, see=PreparationPermission.READ)
def show(uow: UnitOfWork, requirement: Requirement) -> ResponseReturnValue:
    """Show how the purchase is prepared: what is on record, what is missing, who may add it."""
    tender = requirement.tender
    records, bought = records_of(uow, tender), year_of_purchase(uow, tender)
    is_open = tender.state in OPEN_STATES
    may_edit = policy.allows(uow.actor, PreparationPermission.EDIT, requirement)
    author_form = AuthorForm(formdata=None)
    author_form.user_id.choices = author_choices(uow, requirement)
    return render_template(
        "procurement/preparation/show.html",
        tender=tender,
        prepared=preparation_of(uow, tender),
        lines=preparation_lines(uow, tender),
        proposal=proposal_for(uow, tender, bought),
        thresholds=thresholds(uow, bought.year),
        sums=[(preparation_of(uow, tender).category.label, bought)],
        intention=intention_of(uow, tender),
        asks_for_intention=asks_for_intention(uow, tender),
        needs_survey=needs_survey(uow, tender),
        records=records,
        surveys=[(one, counts(uow, tender, one), valid_until(uow, one), papers(uow, one)) for one in records.surveys],
        reviews=[
            (kind, records.reviews.get(kind), papers(uow, records.reviews[kind]) if kind in records.reviews else [])
            for kind in ReviewKind
        ],
        aspects=list(KeyAspect),
        authors=people(uow, requirement.authors),
        author_form=author_form,
        may_edit=may_edit and tender.state is TenderState.DRAFT,
        may_record=may_edit and is_open,
        may_review=is_open and policy.allows(uow.actor, PreparationPermission.REVIEW, requirement),
        why_not_review=policy.decide(uow.actor, PreparationPermission.REVIEW, requirement).reason,
        may_announce=is_open and policy.allows(uow.actor, PreparationPermission.PUBLISH_INTENTION, requirement),
        crumbs=crumbs(uow, requirement),
    )


@preparation.route("/edit", methods=["GET", "POST"])
@requires(PreparationPermission.EDIT, load_requirement, see=PreparationPermission.READ)
def edit(uow: UnitOfWork, requirement: Requirement) -> ResponseReturnValue:
    """Change what is said of the purchase; a form that somebody else overtook is refused with what was typed."""
    tender = requirement.tender
    prepared, bought = preparation_of(uow, tender), year_of_purchase(uow, tender)
    stored: dict[str, Any] = {name: getattr(prepared, name) for name in SAID}
    stored |= {name: getattr(tender, name) for name in TERMS}
    form = PreparationForm(data=stored)
    if not form.is_submitted():
        form.revision.data = str(tender.revision)
    if form.validate_on_submit():
        form.check_revision(tender)
        try:
            prepare(uow, tender, _entry(form))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存采购准备"), "success")
            return redirect(location(requirement))
    page = render_template(
        "procurement/preparation/edit.html",
        form=form,
        tender=tender,
        proposal=proposal_for(uow, tender, bought),
        thresholds=thresholds(uow, bought.year),
        sums=[(prepared.category.label, bought)],
        crumbs=crumbs(uow, requirement, _("采购方式和条款")),
    )
    return page, 422 if form.is_submitted() else 200


def location(requirement: Requirement) -> str:
    """Return the address of the page."""
    return url_for("preparation.show", tender_id=requirement.tender.id)


def crumbs(uow: UnitOfWork, requirement: Requirement, here: str | None = None) -> list[tuple[str, str | None]]:
    """Return the way here; a reviewer who may not see the tender's own page gets no link to it."""
    tender, title = requirement.tender, _("采购准备")
    sees = policy.allows(uow.actor, TenderPermission.READ, tender)
    found: list[tuple[str, str | None]] = [
        (tender.number, url_for("tenders.show", tender_id=tender.id) if sees else None),
        (title, location(requirement) if here else None),
    ]
    return [*found, (here, None)] if here else found


def papers(uow: UnitOfWork, owner: RequirementSurvey | RequirementReview) -> list[dict[str, Any]]:
    """Return an owner's files as the list of documents shows them."""
    return [_paper(one) for one in documents_of(uow, owner)]


def author_choices(uow: UnitOfWork, requirement: Requirement) -> Any:
    """Return who may still be named as an author."""
    return choices((str(one.id), one.name) for one in possible_authors(uow, requirement.authors))


def _paper(document: Document) -> dict[str, Any]:
    url = url_for("documents.download", document_id=document.id)
    return {"name": document.name, "url": url, "size": document.size, "at": document.added_at}


def _entry(form: PreparationForm) -> PreparationEntry:
    return PreparationEntry(
        category=Category(form.category.data),
        in_catalogue=bool(form.in_catalogue.data),
        method_reason=form.text("method_reason"),
        method_approval=form.text("method_approval"),
        urgent_reason=form.text("urgent_reason"),
        wording_reason=form.text("wording_reason"),
        sme_reservation=SmeReservation(form.sme_reservation.data),
        sme_reason=form.text("sme_reason"),
        lots_per_bidder=form.lots_per_bidder.data,
    )
