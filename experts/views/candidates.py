"""How a candidate applies: asks for a link, fills in the application, looks at it again; without an account.

The link is a capability for one application and nothing else; opening it changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.documents.accept import documents_of
from core.errors import Refused
from core.http.guard import public
from core.i18n import _
from core.identity.throttle import ensure_not_throttled
from core.unit_of_work import UnitOfWork
from experts.forms import CandidateForm, StartForm
from experts.models import ExpertApplication
from experts.queries import units
from experts.services.applications import (
    FILLABLE,
    OPEN,
    PURPOSE,
    application_by_token,
    start_application,
    submit_application,
    withdraw,
)
from experts.states import EntryRoute

candidates = Blueprint("candidates", __name__, url_prefix="/expert-applications")


@candidates.after_request
def keep_private(response: Response) -> Response:
    """Keep the token out of caches, of other sites' Referer and of search engines."""
    if request.endpoint != "candidates.start":
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@candidates.route("/new", methods=["GET", "POST"])
@public
def start(uow: UnitOfWork) -> ResponseReturnValue:
    """Ask for the link; the answer never says who is in the pool."""
    form = StartForm()
    if form.validate_on_submit():
        try:
            ensure_not_throttled(uow, form.text("email"), request.remote_addr or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            start_application(uow, name=form.text("name"), email=form.text("email"), route=EntryRoute.APPLICATION)
            return redirect(url_for("candidates.sent"))
    page = render_template("experts/candidate/start.html", form=form)
    return page, 422 if form.is_submitted() else 200


@candidates.get("/sent")
@public
def sent(_uow: UnitOfWork) -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("experts/candidate/sent.html")


@candidates.get("/<token>")
@public
def show(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Show the form, or what became of the application."""
    application = application_by_token(uow, token)
    return _gone() if application is None else _page(uow, token, application)


@candidates.post("/<token>")
@public
def submit(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Submit the application."""
    application = application_by_token(uow, token)
    if application is None:
        return _gone()
    if application.state not in FILLABLE:
        return redirect(url_for("candidates.show", token=token))
    form = CandidateForm()
    form.offer(units(uow))
    if form.validate():
        try:
            submit_application(
                uow,
                application,
                form.entry(uow.today, uow.today),
                declared=form.declared.data or (),
                introduction=form.text("introduction"),
                files=request.files.getlist("files"),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(url_for("candidates.show", token=token))
    return _page(uow, token, application, form)


@candidates.post("/<token>/withdraw")
@public
def take_back(uow: UnitOfWork, token: str) -> ResponseReturnValue:
    """Withdraw the application."""
    application = application_by_token(uow, token)
    if application is None:
        return _gone()
    if application.state in OPEN:
        withdraw(uow, application)
    return redirect(url_for("candidates.show", token=token))


def _gone() -> ResponseReturnValue:
    return render_template("experts/candidate/gone.html"), 410


def _page(
    uow: UnitOfWork, token: str, application: ExpertApplication, form: CandidateForm | None = None
) -> ResponseReturnValue:
    status = 422 if form is not None else 200
    if application.state not in FILLABLE:
        page = render_template(
            "experts/candidate/status.html",
            application=application,
            token=token,
            is_open=application.state in OPEN,
        )
        return page, status
    if form is None:
        form = CandidateForm(formdata=None)
        form.offer(units(uow))
        form.fill_from(application.entries or {"name": application.name})
        form.email.data = application.email
        if application.entries:
            form.introduction.data = application.introduction
            form.declared.data = list(application.declarations)
    title = _("填写专家入库申请")
    page = render_template(
        "experts/candidate/fill.html",
        form=form,
        title=title,
        token=token,
        application=application,
        documents=documents_of(uow, application, PURPOSE),
    )
    return page, status
